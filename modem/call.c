#include "modem/call.h"

#include <stdlib.h>
#include <string.h>

#include "modem/call_rules.h"
#include "modem/call_words.h"
#include "modem/keys.h"
#include "modem/guard.h"

#define SEEN_ACTIVE    1u
#define SEEN_CONNECTED 2u
#define NO_ID          (-1)
#define KEYS           16

/* 24.008 table 10.5.123 */
#define CAUSE_BUSY      17
#define CAUSE_NO_ANSWER 19

struct call {
	enum call_state state;
	char number[17]; /* "+" and 15 digits; of an incoming call as the network says it */
	bool incoming;
	struct call_limits limits;
	int64_t ring_until, until; /* of the call, of the state */
	int64_t quick_until;
	int64_t answered_at;
	unsigned todo;     /* bit n: enum call_todo_kind n */
	unsigned seen;     /* signs of an answer */
	int64_t untold_at; /* mono_ms: blind if nothing was told of its state until then */
	bool taken, alerted;
	char keys[KEYS];
	size_t key_count;
	struct keys presses;
	int64_t poll_at;
	bool polling, poll_again;
	bool row_seen, listed; /* in this poll; in any poll */
	int absent, clear_polls;
	int64_t ids[CALL_DIALECTS];
	enum device_outcome dial_outcome;
	int dial_code, cause;
	int word_cause;   /* of BUSY or NO ANSWER that came behind the line that ended it */
	bool ended_early; /* by the far end or the network, before an answer */
	struct call_result result;
};

static void ask(struct call *call, enum call_todo_kind todo)
{
	call->todo |= 1u << todo;
}

/* The rows of a poll begun before the call ended prove nothing after it: then once more. */
static void ask_poll(struct call *call)
{
	if (call->polling) {
		call->poll_again = call->state == CALL_CLEARING;
		return;
	}
	call->polling = true;
	call->row_seen = false;
	call->poll_at = WHEN_NEVER;
	ask(call, CALL_POLL);
}

/* Until ATD has its result the port is busy with it. */
static int64_t poll_interval(const struct call *call)
{
	switch (call->state) {
	case CALL_DIALLING:
		return call->taken ? CALL_SETUP_POLL_MS : 0;
	case CALL_ALERTING:
	case CALL_CONFIRMING:
	case CALL_CLEARING:
		return CALL_SETUP_POLL_MS;
	case CALL_BLIND:
	case CALL_TALKING:
		return CALL_TALK_POLL_MS;
	case CALL_NONE:
	case CALL_IDLE:
	case CALL_PICKING_UP:
	case CALL_HANGING_UP:
	case CALL_OVER:
	case CALL_STATES:
		break;
	}
	return 0;
}

static void plan_poll(struct call *call, struct when now)
{
	int64_t interval = poll_interval(call);

	call->poll_at = call->polling || interval == 0 ? WHEN_NEVER : now.mono_ms + interval;
}

/* A better word for why it ended before it was answered. */
static void explain(struct call *call)
{
	const struct call_meaning *meaning =
		call_rules_meaning(call->cause >= 0 ? call->cause : call->word_cause);

	if (meaning == NULL || (call->alerted && meaning->end == DEVICE_CALL_REFUSED))
		return; /* it rang: whatever came later, nobody refused it */
	call->result.end = meaning->end;
	call->result.outcome = meaning->outcome;
}

static void conclude(struct call *call)
{
	struct call_result *result = &call->result;

	result->cause = call->cause >= 0 ? call->cause : call->dial_code;
	result->outcome = DEVICE_ACCEPTED;
	if (result->end == DEVICE_CALL_LOST)
		result->outcome = DEVICE_UNKNOWN;
	else if (result->end == DEVICE_CALL_REFUSED)
		result->outcome = call->dial_outcome;
	if (call->ended_early && result->end != DEVICE_CALL_BUSY)
		explain(call);
}

static void enter(struct call *call, enum call_state next, struct when now)
{
	if (call_hears(call))
		call->result.talked_ms = now.mono_ms - call->answered_at;
	call->state = next;
	call->until = WHEN_NEVER;
	plan_poll(call, now);
	switch (next) {
	case CALL_DIALLING:
	case CALL_ALERTING:
		call->until = call->ring_until;
		call->seen = 0;
		call->alerted = call->alerted || next == CALL_ALERTING;
		break;
	case CALL_CONFIRMING:
		call->until = now.mono_ms + CALL_CONFIRM_MS;
		ask_poll(call);
		break;
	case CALL_TALKING:
		call->answered_at = now.mono_ms;
		call->until = now.mono_ms + call->limits.talk_ms;
		break;
	case CALL_BLIND:
		call->answered_at = now.mono_ms;
		call->until = call->ring_until + call->limits.talk_ms;
		break;
	case CALL_PICKING_UP:
		call->until = now.mono_ms + CALL_PICK_UP_MS;
		break;
	case CALL_HANGING_UP:
		call->until = now.mono_ms + CALL_HANG_UP_MS;
		break;
	case CALL_CLEARING:
		call->until = now.mono_ms + CALL_CLEAR_MS;
		ask_poll(call);
		break;
	case CALL_OVER:
		conclude(call);
		ask(call, CALL_REPORT_OVER);
		break;
	case CALL_NONE:
	case CALL_IDLE:
	case CALL_STATES:
		break;
	}
}

static void step(struct call *call, enum call_event event, struct when now)
{
	const struct call_rule *rule = call_rules_find(call->state, event);
	bool first_ring = !call->alerted;

	if (rule->next == CALL_NONE)
		return;
	if (call->result.end == DEVICE_CALL_END_NONE)
		call->result.end = rule->end;
	call->ended_early = call->ended_early || rule->todo == CALL_ASK_CAUSE;
	if (rule->next != call->state)
		enter(call, rule->next, now);
	if (rule->todo == CALL_TODO_NONE || (rule->todo == CALL_REPORT_ALERTING && !first_ring))
		return;
	ask(call, rule->todo);
}

static int make(struct call **out, struct span number, struct call_limits limits, struct err *err)
{
	struct call *call;

	if (limits.ring_ms <= 0 || limits.talk_ms <= 0)
		return err_set(err, ERR_INVALID, "call limits: want more than 0 ms");
	call = calloc(1, sizeof(*call));
	if (call == NULL)
		return err_nomem(err);
	span_copy(number, call->number, sizeof(call->number));
	call->state = CALL_IDLE;
	call->limits = limits;
	call->until = call->poll_at = call->untold_at = WHEN_NEVER;
	call->dial_outcome = DEVICE_REFUSED_NETWORK;
	call->dial_code = call->cause = call->word_cause = -1;
	for (size_t i = 0; i < CALL_DIALECTS; i++)
		call->ids[i] = NO_ID;
	*out = call;
	return 0;
}

int call_new(struct call **out, struct span number, struct call_limits limits, struct err *err)
{
	if (!guard_is_e164(number))
		return err_set(err, ERR_INVALID, "call to \"%.*s\": want + and 7 to 15 digits",
			       (int)number.len, number.at);
	return make(out, number, limits, err);
}

int call_new_incoming(struct call **out, struct span number, int64_t talk_ms, struct err *err)
{
	struct call_limits limits = { CALL_PICK_UP_MS, talk_ms };

	if (make(out, number, limits, err) < 0)
		return -1;
	(*out)->incoming = true;
	return 0;
}

void call_free(struct call *call)
{
	free(call);
}

void call_start(struct call *call, struct when now)
{
	if (call->state != CALL_IDLE)
		return;
	call->ring_until = now.mono_ms + call->limits.ring_ms;
	call->quick_until = now.mono_ms + CALL_QUICK_MS;
	step(call, call->incoming ? EV_PICK_UP : EV_START, now);
}

/* NO CARRIER, and "ended": cut off at once, without ever ringing, it was the network that refused. */
static void cut_off(struct call *call, struct when now)
{
	bool quick =
		call->state == CALL_DIALLING && !call->alerted && now.mono_ms < call->quick_until;

	step(call, quick ? EV_REFUSED : EV_CUT, now);
}

void call_dialled(struct call *call, struct at_final final, struct when now)
{
	switch (final.kind) {
	case AT_FINAL_OK:
	case AT_FINAL_CONNECT:
		if (call->taken)
			break;
		call->taken = true;
		call->quick_until = now.mono_ms + CALL_QUICK_MS;
		call->untold_at = now.mono_ms + CALL_BLIND_MS;
		step(call, EV_TAKEN, now);
		plan_poll(call, now);
		break;
	case AT_FINAL_NO_CARRIER:
		cut_off(call, now);
		break;
	case AT_FINAL_BUSY:
		step(call, EV_BUSY, now);
		break;
	case AT_FINAL_NO_ANSWER:
		step(call, EV_NO_ANSWER, now);
		break;
	case AT_FINAL_NO_DIALTONE:
		step(call, EV_REFUSED, now);
		break;
	case AT_FINAL_NONE:
	case AT_FINAL_ERROR:
	case AT_FINAL_CME:
	case AT_FINAL_CMS:
	case AT_FINAL_UNSUPPORTED:
	case AT_FINAL_KINDS:
		call->dial_outcome = at_final_dial(final);
		call->dial_code = final.code;
		step(call, final.kind == AT_FINAL_NONE ? EV_NO_RESULT : EV_DIAL_FAILED, now);
		break;
	}
}

/* Sign of an answer: a status and the modem's explicit notice together need no waiting. */
static void answer_sign(struct call *call, unsigned sign, struct when now)
{
	call->seen |= sign;
	step(call, call->seen == (SEEN_ACTIVE | SEEN_CONNECTED) ? EV_AGREED : EV_ACTIVE, now);
}

/* Who keys as the limit comes is not cut off. */
static void grant_time(struct call *call, struct when now)
{
	int64_t more = now.mono_ms + CALL_KEY_MORE_MS;
	int64_t last = call->answered_at + call->limits.talk_ms + CALL_KEY_LIMIT_MS;

	if (call->until < more)
		call->until = more < last ? more : last;
}

static void key_pressed(struct call *call, enum keys_source source, char key, struct when now)
{
	bool fresh = keys_press(&call->presses, source, key, now);

	if (!fresh || !call_hears(call) || call->key_count == KEYS)
		return;
	call->keys[call->key_count++] = key;
	step(call, EV_KEY, now);
	grant_time(call, now);
}

void call_key(struct call *call, char key, struct when now)
{
	key_pressed(call, KEYS_OF_TONES, key, now);
}

/* Is this notice about our call?  By number where it has one; else by the id that this dialect first gave it. */
static bool is_ours(struct call *call, const struct call_notice *notice)
{
	int64_t *id = notice->dialect < CALL_DIALECTS ? &call->ids[notice->dialect] : NULL;

	if (notice->dir >= 0 && (notice->dir == 1) != call->incoming)
		return false;
	if (notice->number.len > 0)
		return call_words_same(call->number, notice->number);
	if (id == NULL || notice->id < 0)
		return true;
	if (*id == NO_ID)
		*id = notice->id;
	return *id == notice->id;
}

/* SIMCom lists the call as disconnected first and says why in a word behind it. */
static void late_word(struct call *call, int cause)
{
	if (call->state == CALL_CLEARING && call->word_cause < 0)
		call->word_cause = cause;
}

static void move(struct call *call, const struct call_notice *notice, struct when now)
{
	switch (notice->news) {
	case CALL_NEWS_DIALLING:
		step(call, EV_PROGRESS, now);
		break;
	case CALL_NEWS_ALERTING:
		step(call, EV_ALERTING, now);
		break;
	case CALL_NEWS_ACTIVE:
		answer_sign(call, SEEN_ACTIVE, now);
		break;
	case CALL_NEWS_CONNECTED:
		answer_sign(call, SEEN_CONNECTED, now);
		break;
	case CALL_NEWS_ENDED:
	case CALL_NEWS_NO_CARRIER:
		cut_off(call, now);
		break;
	case CALL_NEWS_BUSY:
		late_word(call, CAUSE_BUSY);
		step(call, EV_BUSY, now);
		break;
	case CALL_NEWS_NO_ANSWER:
		late_word(call, CAUSE_NO_ANSWER);
		step(call, EV_NO_ANSWER, now);
		break;
	case CALL_NEWS_NO_DIALTONE:
		step(call, EV_REFUSED, now);
		break;
	case CALL_NEWS_KEY:
		key_pressed(call, KEYS_OF_MODEM, notice->key, now);
		break;
	case CALL_NEWS_NONE:
	case CALL_NEWS_CAUSE:
		break;
	}
}

bool call_line(struct call *call, struct span line, struct when now)
{
	struct call_notice notice = call_words_read(line);

	if (!call->incoming && call_words_stray(call->number, line, &notice))
		step(call, EV_NO_RESULT, now); /* hung up before it rings there */
	if (notice.news == CALL_NEWS_NONE || !is_ours(call, &notice))
		return false;
	if (notice.cause >= 0 && call->cause < 0)
		call->cause = notice.cause;
	if (notice.news != CALL_NEWS_KEY && notice.news != CALL_NEWS_CAUSE)
		call->untold_at = WHEN_NEVER;
	if (notice.row && notice.news != CALL_NEWS_ENDED)
		call->row_seen = true;
	move(call, &notice, now);
	return true;
}

/* After the end one poll without it is enough; a zombie entry is not waited for for ever. */
static void still_listed(struct call *call, bool listed, struct when now)
{
	if (!listed)
		step(call, EV_GONE, now);
	else if (++call->clear_polls >= CALL_CLEAR_POLLS)
		step(call, EV_STUCK, now);
}

void call_polled(struct call *call, bool ok, struct when now)
{
	bool again = call->poll_again && call->state == CALL_CLEARING;

	call->polling = call->poll_again = false;
	plan_poll(call, now);
	if (again) {
		ask_poll(call);
		return;
	}
	if (call->row_seen)
		call->listed = true;
	if (ok)
		call->absent = call->row_seen ? 0 : call->absent + 1;
	if (call->state == CALL_CLEARING)
		still_listed(call, !ok || call->row_seen, now);
	else if (call->listed && call->absent >= 2)
		step(call, EV_GONE, now);
	else if (call->state == CALL_CONFIRMING && call->listed && call->absent > 0)
		call->until = now.mono_ms + CALL_CONFIRM_MS; /* it did not hold */
}

void call_hung_up(struct call *call, struct when now)
{
	step(call, EV_HUNG_UP, now);
}

void call_stop(struct call *call, struct when now)
{
	step(call, EV_STOP, now);
}

void call_lost(struct call *call, struct when now)
{
	call->todo = 0;
	step(call, EV_LOST, now);
}

void call_tick(struct call *call, struct when now)
{
	if (now.mono_ms >= call->until)
		step(call, EV_LIMIT, now);
	if (now.mono_ms >= call->untold_at) {
		call->untold_at = WHEN_NEVER;
		step(call, EV_UNTOLD, now);
	}
	if (now.mono_ms >= call->poll_at)
		ask_poll(call);
}

bool call_take(struct call *call, struct call_todo *todo)
{
	*todo = (struct call_todo){ CALL_TODO_NONE, '\0' };
	for (unsigned kind = 1; kind < CALL_TODOS; kind++) {
		if ((call->todo & 1u << kind) == 0)
			continue;
		todo->kind = (enum call_todo_kind)kind;
		if (kind == CALL_REPORT_KEY) {
			todo->key = call->keys[0];
			memmove(call->keys, call->keys + 1, --call->key_count);
		}
		if (kind != CALL_REPORT_KEY || call->key_count == 0)
			call->todo &= ~(1u << kind);
		return true;
	}
	return false;
}

enum call_state call_state(const struct call *call)
{
	return call->state;
}

bool call_hears(const struct call *call)
{
	return call->state == CALL_TALKING || call->state == CALL_BLIND;
}

const char *call_number(const struct call *call)
{
	return call->number;
}

int64_t call_deadline(const struct call *call)
{
	return when_sooner(when_sooner(call->until, call->poll_at), call->untold_at);
}

struct call_result call_result(const struct call *call)
{
	return call->result;
}
