/* Any lines, results and clock steps: a call that began is over exactly once, with a reason, and in bounded time. */
#include "modem/call.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RING_MS 35000
#define TALK_MS 50000

struct play {
	struct call *call;
	struct when now;
	int64_t answered_at; /* 0: not yet */
	bool polling, over, answered;
};

static void check_todo(struct play *play, struct call_todo todo)
{
	assert(todo.kind > CALL_TODO_NONE && todo.kind < CALL_TODOS);
	assert(!play->over); /* nothing comes after the last one */
	assert((todo.key != '\0') == (todo.kind == CALL_REPORT_KEY));
	if (todo.kind == CALL_POLL) {
		assert(!play->polling);
		play->polling = true;
	}
	/* A modem that tells nothing is spoken into blindly; an answer may follow. */
	if (todo.kind == CALL_REPORT_BLIND)
		play->answered_at = play->now.mono_ms;
	if (todo.kind == CALL_REPORT_ANSWERED) {
		assert(!play->answered);
		play->answered = true;
		play->answered_at = play->now.mono_ms;
	}
	if (todo.kind == CALL_REPORT_KEY)
		assert(play->answered_at != 0);
	if (todo.kind == CALL_REPORT_OVER) {
		struct call_result result = call_result(play->call);

		assert(result.end > DEVICE_CALL_END_NONE && result.end < DEVICE_CALL_ENDS);
		assert(result.outcome > DEVICE_OUTCOME_NONE && result.outcome < DEVICE_OUTCOMES);
		assert(result.talked_ms >= 0);
		assert(play->answered_at != 0 || result.talked_ms == 0);
		assert(play->answered_at != 0 || result.end != DEVICE_CALL_HUNG_UP);
		play->over = true;
	}
}

static void drain(struct play *play)
{
	struct call_todo todo;

	while (call_take(play->call, &todo))
		check_todo(play, todo);
	assert(play->over == (call_state(play->call) == CALL_OVER));
}

/* The line's first byte: what it is. */
static void feed(struct play *play, struct span line)
{
	char kind = line.len > 0 ? line.at[0] : '.';
	struct span rest = span_skip(line, 1);

	play->now.mono_ms += kind & 0x0F;
	switch (kind) {
	case 'A':
		call_dialled(play->call, at_final_of(rest, AT_FINAL_DIAL), play->now);
		break;
	case 'P':
	case 'p':
		if (play->polling) {
			play->polling = false;
			call_polled(play->call, kind == 'P', play->now);
		}
		break;
	case 'H':
		call_hung_up(play->call, play->now);
		break;
	case 'S':
		call_stop(play->call, play->now);
		break;
	case 'L':
		call_lost(play->call, play->now);
		play->polling = false;
		break;
	case 'T':
		play->now.mono_ms += (int64_t)rest.len * 100;
		call_tick(play->call, play->now);
		break;
	default:
		call_line(play->call, line, play->now);
		break;
	}
	drain(play);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = { (const char *)data, size };
	struct play play = { .now = { 1000, 1000 } };
	struct call_limits limits = { RING_MS, TALK_MS };
	struct err err;
	int64_t begun;

	if (call_new(&play.call, span_of("+447700900123"), limits, &err) < 0)
		return 0;
	call_start(play.call, play.now);
	drain(&play);
	while (input.len > 0)
		feed(&play, span_cut(&input, '\n'));
	begun = play.now.mono_ms;
	while (!play.over) { /* from here on the modem is mute */
		assert(call_deadline(play.call) != WHEN_NEVER);
		if (play.now.mono_ms < call_deadline(play.call))
			play.now.mono_ms = call_deadline(play.call);
		call_tick(play.call, play.now);
		drain(&play);
	}
	assert(play.now.mono_ms - begun <=
	       RING_MS + CALL_CONFIRM_MS + TALK_MS + CALL_HANG_UP_MS + CALL_CLEAR_MS);
	call_free(play.call);
	return 0;
}
