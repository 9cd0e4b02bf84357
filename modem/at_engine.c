#include "modem/at_engine.h"

#include <assert.h>

#include "modem/at_urc.h"

#define ESC    "\x1b"
#define CTRL_Z "\x1a"

void at_engine_free(struct at_engine *engine)
{
	buf_free(&engine->out);
}

static void go(struct at_engine *engine, enum at_engine_state state, int64_t deadline)
{
	engine->state = state;
	engine->deadline = deadline;
	if (state == AT_IDLE) {
		at_lexer_expect_prompt(&engine->lexer, engine->late_prompt);
		engine->deadline = WHEN_NEVER;
	}
}

void at_engine_reset(struct at_engine *engine)
{
	at_lexer_reset(&engine->lexer);
	buf_clear(&engine->out);
	engine->out.limit = (size_t)64 << 10;
	engine->misses = 0;
	engine->late_send = false;
	engine->late_prompt = false;
	engine->skip_final = false;
	go(engine, AT_IDLE, WHEN_NEVER);
}

bool at_engine_idle(const struct at_engine *engine)
{
	return engine->state == AT_IDLE;
}

static void write_line(struct at_engine *engine, struct span text)
{
	at_lexer_expect_echo(&engine->lexer, text);
	buf_add(&engine->out, text);
	buf_add_char(&engine->out, '\r');
}

static void wait_for_line(struct at_engine *engine, struct when now)
{
	if (engine->command.line_ms > 0)
		engine->deadline =
			when_sooner(engine->limit, now.mono_ms + engine->command.line_ms);
}

static void begin(struct at_engine *engine, struct when now)
{
	const struct at_command *command = &engine->command;

	write_line(engine, command->text);
	if (command->body.len == 0) {
		go(engine, AT_WAITING, now.mono_ms + command->timeout_ms);
		engine->limit = engine->deadline;
		wait_for_line(engine, now);
		return;
	}
	at_lexer_expect_prompt(&engine->lexer, true);
	go(engine, AT_PROMPTED, now.mono_ms + command->prompt_ms);
}

/* Some sleep after a second or two without a word, and the first line only wakes them (MODEMS.md 8, row 45). */
void at_engine_start(struct at_engine *engine, const struct at_command *command, struct when now)
{
	bool quiet = now.mono_ms - engine->heard_ms >= AT_SLEEP_MS;

	assert(engine->state == AT_IDLE);
	engine->command = *command;
	engine->answered = false;
	engine->said_ms = quiet ? now.mono_ms : WHEN_NEVER;
	span_copy(command->body, engine->body, sizeof engine->body);
	if (!quiet || engine->slept < AT_SLEPT) {
		begin(engine, now);
		return;
	}
	write_line(engine, span_of("AT"));
	go(engine, AT_WAKING, now.mono_ms + AT_SYNC_MS);
}

void at_engine_write(struct at_engine *engine, struct span bytes)
{
	assert(engine->state == AT_IDLE);
	buf_add(&engine->out, bytes);
}

void at_engine_hurry(struct at_engine *engine, int64_t ms, struct when now)
{
	if (engine->state == AT_WAITING)
		engine->deadline = when_sooner(engine->deadline, now.mono_ms + ms);
}

void at_engine_limit(struct at_engine *engine, int64_t timeout_ms)
{
	int64_t less = engine->command.timeout_ms - timeout_ms;

	if (less <= 0 || (engine->state != AT_WAITING && engine->state != AT_PROMPTED))
		return;
	engine->command.timeout_ms = timeout_ms;
	if (engine->state == AT_WAITING)
		engine->deadline -= less;
}

/* In one piece, so that nothing can ever come between prompt and Ctrl-Z. */
static void on_prompt(struct at_engine *engine, struct when now)
{
	if (engine->state == AT_PROMPTED) {
		engine->late_send = false;
		engine->late_prompt = false;
		at_lexer_expect_echo(&engine->lexer, span_of(engine->body));
		buf_add_text(&engine->out, engine->body);
		buf_add_text(&engine->out, CTRL_Z);
		go(engine, AT_WAITING, now.mono_ms + engine->command.timeout_ms);
	} else if (engine->late_prompt) {
		/* It came after our ESC: leave it again, before anything else is taken for the text. */
		buf_add_text(&engine->out, ESC);
		at_lexer_expect_prompt(&engine->lexer, true);
		if (engine->state == AT_ESCAPING)
			engine->deadline = now.mono_ms + AT_ESCAPE_MS;
	}
}

/* A +CMGS or +CMS ERROR of a send that was given up, while something else is in flight. */
static bool is_late(struct at_engine *engine, struct at_final final)
{
	if (engine->skip_final) {
		engine->skip_final = false;
		return true;
	}
	if (engine->late_send && final.kind == AT_FINAL_CMS) {
		engine->late_send = false;
		return true;
	}
	return false;
}

/* OK, ERROR and their kin answer commands; the others (BUSY, NO CARRIER) come by themselves. */
static bool is_answer(struct at_final final)
{
	return final.kind == AT_FINAL_OK || final.kind == AT_FINAL_ERROR ||
	       final.kind == AT_FINAL_CME || final.kind == AT_FINAL_CMS;
}

static bool on_final(struct at_engine *engine, struct at_final final, struct when now,
		     struct at_event *event)
{
	if (is_late(engine, final))
		return false;
	switch (engine->state) {
	case AT_IDLE:
		*event = (struct at_event){ .kind = AT_EVENT_STRAY };
		return is_answer(final);
	case AT_WAKING:
		begin(engine, now);
		return false;
	case AT_SYNCING:
		if (engine->misses == 1 && engine->unheard && engine->slept < AT_SLEPT)
			engine->slept++;
		engine->misses = 0;
		go(engine, AT_QUIETING, now.mono_ms + AT_QUIET_MS);
		return false;
	case AT_QUIETING:
		engine->deadline = now.mono_ms + AT_QUIET_MS;
		return false;
	case AT_ESCAPING:
		go(engine, AT_IDLE, WHEN_NEVER);
		return false;
	case AT_PROMPTED:
		if (final.kind ==
		    AT_FINAL_OK) /* of something earlier: +CMGS has no OK before its prompt */
			return false;
		break;
	case AT_WAITING:
		if (final.kind == AT_FINAL_OK && engine->command.must_answer && !engine->answered) {
			engine->command.must_answer = false;
			at_engine_hurry(engine, AT_SYNC_MS, now);
			return false;
		}
		break;
	}
	*event = (struct at_event){ .kind = AT_EVENT_FINAL, .final = final };
	event->body_written = engine->state == AT_WAITING && engine->command.body.len > 0;
	engine->misses = 0;
	go(engine, AT_IDLE, WHEN_NEVER);
	return true;
}

/* Blanks aside: "^CVOICE:0" and "^CVOICE: 0" are one. */
static bool begins(struct span text, const char *prefix)
{
	for (; *prefix != '\0'; prefix++, text = span_skip(text, 1)) {
		while (text.len > 0 && text.at[0] == ' ' && *prefix != ' ')
			text = span_skip(text, 1);
		if (text.len == 0 || text.at[0] != *prefix)
			return false;
	}
	return true;
}

static bool is_reply(const struct at_engine *engine, struct span text)
{
	const char *prefix = engine->command.prefix;

	if (engine->state != AT_WAITING || prefix == NULL)
		return false;
	if (prefix[0] == '\0')
		return at_urc_of(text) == AT_URC_NONE;
	return begins(text, prefix);
}

static void on_line(struct at_engine *engine, struct span text, struct when now,
		    struct at_event *event)
{
	bool reply = is_reply(engine, text);

	if (reply) {
		engine->answered = true;
		wait_for_line(engine, now);
	} else if (engine->late_send && at_urc_of(text) == AT_URC_SENT) {
		engine->late_send = false;
		engine->skip_final = true;
	}
	*event = (struct at_event){ .kind = AT_EVENT_LINE, .text = text, .reply = reply };
}

bool at_engine_next(struct at_engine *engine, struct span *bytes, struct when now,
		    struct at_event *event)
{
	struct at_token token;

	if (bytes->len > 0)
		engine->heard_ms = now.mono_ms;
	while (at_lexer_next(&engine->lexer, bytes, &token)) {
		unsigned flags = engine->state == AT_WAITING ? engine->command.flags : 0;
		struct at_final final;

		if (token.kind == AT_PROMPT) {
			on_prompt(engine, now);
			continue;
		}
		final = at_final_of(token.text, flags);
		if (final.kind == AT_FINAL_NONE) {
			on_line(engine, token.text, now, event);
			return true;
		}
		if (on_final(engine, final, now, event)) {
			event->text = token.text;
			return true;
		}
	}
	return false;
}

static void start_sync(struct at_engine *engine, struct when now)
{
	engine->unheard = engine->heard_ms < engine->said_ms && engine->said_ms != WHEN_NEVER;
	write_line(engine, span_of("AT"));
	at_lexer_expect_prompt(&engine->lexer, engine->late_prompt);
	go(engine, AT_SYNCING, now.mono_ms + AT_SYNC_MS);
}

static bool missed(struct at_engine *engine, struct when now, enum at_event_kind kind,
		   struct at_event *event)
{
	*event = (struct at_event){ .kind = kind };
	engine->misses++;
	if (engine->misses < AT_MISSES) {
		start_sync(engine, now);
		return kind != AT_EVENT_NONE;
	}
	if (kind == AT_EVENT_SILENT) {
		/* The silence is told first, the deafness at the next call. */
		go(engine, AT_SYNCING, now.mono_ms);
		return true;
	}
	engine->misses = 0;
	go(engine, AT_IDLE, WHEN_NEVER);
	event->kind = AT_EVENT_DEAF;
	return true;
}

bool at_engine_tick(struct at_engine *engine, struct when now, struct at_event *event)
{
	if (now.mono_ms < engine->deadline)
		return false;
	switch (engine->state) {
	case AT_IDLE:
		return false;
	case AT_QUIETING:
	case AT_ESCAPING:
		go(engine, AT_IDLE, WHEN_NEVER);
		return false;
	case AT_PROMPTED:
		/* 27.005 3.5.1: ESC cancels.  Never Ctrl-Z, which would send what stands there. */
		buf_add_text(&engine->out, ESC);
		engine->late_prompt = true;
		go(engine, AT_ESCAPING, now.mono_ms + AT_ESCAPE_MS);
		at_lexer_expect_prompt(&engine->lexer, true);
		*event = (struct at_event){ .kind = AT_EVENT_NO_PROMPT };
		return true;
	case AT_WAKING:
		begin(engine, now);
		return false;
	case AT_SYNCING:
		return missed(engine, now, AT_EVENT_NONE, event);
	case AT_WAITING:
		if (engine->command.body.len > 0 && !engine->answered) {
			engine->late_send = true;
			buf_add_text(&engine->out, ESC);
		}
		return missed(engine, now, AT_EVENT_SILENT, event);
	}
	return false;
}

int64_t at_engine_deadline(const struct at_engine *engine)
{
	return engine->deadline;
}
