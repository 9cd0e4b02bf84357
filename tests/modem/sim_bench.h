/* sim_bench.h - a simulator, a virtual clock and a typing host, for the tests of modem/sim. */
#ifndef TESTS_MODEM_SIM_BENCH_H
#define TESTS_MODEM_SIM_BENCH_H

#include <stdlib.h>
#include <string.h>

#include "modem/sim/sim.h"
#include "tests/support/unit.h"

#define BENCH_EVENTS 400

struct bench {
	struct sim *sim;
	struct when now;
	char text[40000]; /* what the modem said in the last step */
	size_t len;
	struct sim_event events[BENCH_EVENTS];
	size_t event_count;
};

static inline void bench_gather(struct bench *b, size_t modem)
{
	struct span out = sim_output(b->sim, modem);

	CHECK(b->len + out.len < sizeof b->text);
	if (out.len > 0)
		memcpy(b->text + b->len, out.at, out.len);
	b->len += out.len;
	b->text[b->len] = '\0';
	sim_took(b->sim, modem, out.len);
	while (b->event_count < BENCH_EVENTS && sim_take(b->sim, &b->events[b->event_count]))
		b->event_count++;
}

static inline void bench_line(struct bench *b, const char *line)
{
	struct err err = { ERR_NONE, "" };

	if (sim_line(b->sim, span_of(line), b->now, &err) < 0)
		print_error("%s: %s\n", line, err.text);
	CHECK(err.code == ERR_NONE);
}

/* script: lines parted by newlines.  Starts on 2027-01-15 08:00:00 UTC. */
static inline struct bench *bench_up(const char *script)
{
	struct bench *b = calloc(1, sizeof *b);
	struct err err;
	struct span rest = span_of(script);
	char line[300];

	CHECK(b != NULL);
	b->now = (struct when){ 1000, 1800000000 };
	CHECK(sim_new(&b->sim, 1, &err) == 0);
	while (rest.len > 0) {
		span_copy(span_cut(&rest, '\n'), line, sizeof line);
		bench_line(b, line);
	}
	for (size_t i = 0; i < sim_modem_count(b->sim); i++)
		sim_opened(b->sim, i, b->now);
	return b;
}

static inline void bench_down(struct bench *b)
{
	sim_free(b->sim);
	free(b);
}

static inline void bench_raw(struct bench *b, size_t modem, const char *bytes)
{
	b->len = 0;
	b->text[0] = '\0';
	sim_feed(b->sim, modem, span_of(bytes), b->now);
	bench_gather(b, modem);
}

/* Types a command line; what is said at once must be exactly `answer`. */
static inline void bench_says(struct bench *b, size_t modem, const char *command,
			      const char *answer)
{
	char line[300];

	snprintf(line, sizeof line, "%s\r", command);
	bench_raw(b, modem, line);
	if (strcmp(b->text, answer) != 0)
		print_error("%s: got \"%s\", want \"%s\"\n", command, b->text, answer);
	CHECK(strcmp(b->text, answer) == 0);
}

/* Lets time pass, from deadline to deadline; gathers what one modem says.  How many deadlines are left. */
static inline int bench_run(struct bench *b, size_t modem, int64_t ms)
{
	int64_t end = b->now.mono_ms + ms;

	b->len = 0;
	b->text[0] = '\0';
	for (;;) {
		int64_t next = sim_deadline(b->sim);
		int64_t to = next < end ? next : end;

		if (to > b->now.mono_ms) {
			b->now.utc_s += to / 1000 - b->now.mono_ms / 1000;
			b->now.mono_ms = to;
		}
		sim_tick(b->sim, b->now);
		bench_gather(b, modem);
		if (next > end)
			return 0;
	}
}

static inline bool bench_begins(const struct bench *b, const char *prefix)
{
	return strncmp(b->text, prefix, strlen(prefix)) == 0;
}

/* Whether this happened since the start; NULL for any phone or text. */
static inline bool bench_event(const struct bench *b, enum sim_event_kind kind, const char *phone,
			       const char *text)
{
	for (size_t i = 0; i < b->event_count; i++)
		if (b->events[i].kind == kind &&
		    (phone == NULL || strcmp(b->events[i].phone, phone) == 0) &&
		    (text == NULL || strcmp(b->events[i].text, text) == 0))
			return true;
	return false;
}

static inline size_t bench_count(const struct bench *b, enum sim_event_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < b->event_count; i++)
		n += b->events[i].kind == kind;
	return n;
}

static inline void bench_forget(struct bench *b)
{
	b->event_count = 0;
}

#endif
