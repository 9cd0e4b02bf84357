/* call_script.h - drives a call by words, for its two tests. */
#ifndef TESTS_MODEM_CALL_SCRIPT_H
#define TESTS_MODEM_CALL_SCRIPT_H

#include "modem/call.h"

#include <string.h>

#include "base/buf.h"
#include "tests/support/unit.h"

#define RING_MS 35000
#define TALK_MS 50000

static struct when at_ms(int64_t ms)
{
	return (struct when){ .mono_ms = 1000000 + ms, .utc_s = 1795219633 };
}

static struct call *fresh(void)
{
	struct call *call = NULL;
	struct err err;

	assert_int_equal(call_new(&call, span_of("+447700900123"),
				  (struct call_limits){ RING_MS, TALK_MS }, &err),
			 0);
	return call;
}

static struct call *fresh_incoming(void)
{
	struct call *call = NULL;
	struct err err;

	assert_int_equal(call_new_incoming(&call, span_of("+447700900123"), TALK_MS, &err), 0);
	return call;
}

/* One input, by name: what no name fits is a modem line. */
static void input(struct call *call, struct span text, struct when now)
{
	if (span_is(text, "start"))
		call_start(call, now);
	else if (span_is(text, "ATD none"))
		call_dialled(call, (struct at_final){ AT_FINAL_NONE, -1 }, now);
	else if (span_starts(text, "ATD "))
		call_dialled(call, at_final_of(span_skip(text, 4), AT_FINAL_DIAL), now);
	else if (span_is(text, "polled"))
		call_polled(call, true, now);
	else if (span_is(text, "poll failed"))
		call_polled(call, false, now);
	else if (span_is(text, "hung up"))
		call_hung_up(call, now);
	else if (span_is(text, "stop"))
		call_stop(call, now);
	else if (span_is(text, "lost"))
		call_lost(call, now);
	else if (span_is(text, "tick later"))
		call_tick(call, at_ms(now.mono_ms + CALL_BLIND_MS - at_ms(0).mono_ms));
	else if (span_is(text, "tick"))
		call_tick(call, now);
	else
		call_line(call, text, now);
}

/* Appends everything it asks for, as words: `first` before the first, `next` between them. */
static void drain(struct call *call, struct buf *out, char first, char next)
{
	static const char *const names[CALL_TODOS] = {
		"?",    "dialled", "alerting", "answered", "blind", "key",
		"dial", "pick-up", "hang-up",  "cause",    "poll",  "over",
	};
	struct call_todo todo;

	for (char sep = first; call_take(call, &todo); sep = next) {
		if (sep != '\0')
			buf_add_char(out, sep);
		buf_add_text(out, names[todo.kind]);
		if (todo.key != '\0')
			buf_add_char(out, todo.key);
	}
}

static void check_text(const char *got, struct span want, const char *where, const char *what)
{
	bool same =
		want.len == strlen(got) && (want.len == 0 || memcmp(got, want.at, want.len) == 0);

	if (!same)
		print_error("%s, \"%s\": got \"%s\"\n", where, what, got);
	CHECK(same);
}

#endif
