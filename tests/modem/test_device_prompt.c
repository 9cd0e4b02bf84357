/* The wire between a device and a simulated modem that misbehaves, watched byte by byte: behind AT+CMGS nothing goes out
 * before the prompt, behind the prompt nothing but the unit and its Ctrl-Z, or an ESC; and ESC is the first byte of every
 * open. */
#include "modem/device.h"
#include "modem/sim/sim.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

#define NUMBER   "+15550100001"
#define RUNS     400
#define STEPS    80
#define LINE_MAX 2000

enum wire { WIRE_LINE, WIRE_ASKED, WIRE_BODY };

struct bench {
	struct sim *sim;
	struct device *device;
	struct guard *guard;
	struct when now;
	uint64_t random;
	bool open, fresh; /* fresh: nothing was written since the open */
	enum wire wire;
	char line[LINE_MAX];
	size_t len;
	long units, escapes, prompts, opens, seen_queries, seen_calls;
	char tail[6]; /* the modem's last bytes */
};

static uint64_t below(struct bench *b, uint64_t n)
{
	b->random = b->random * 6364136223846793005u + 1442695040888963407u;
	return (b->random >> 33) % n;
}

/* ---- the watch --------------------------------------------------------- */

static void host_says(struct bench *b, char c)
{
	bool hex = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');

	if (b->fresh)
		CHECK(c == '\x1b');
	b->fresh = false;
	if (c == '\x1b') {
		b->escapes++;
		b->wire = WIRE_LINE;
		b->len = 0;
		return;
	}
	CHECK(b->wire != WIRE_ASKED);
	if (b->wire == WIRE_BODY) {
		CHECK(hex || c == '\x1a');
		if (c == '\x1a') {
			b->units++;
			b->wire = WIRE_LINE;
			b->len = 0;
		}
		return;
	}
	CHECK(c != '\x1a');
	if (c != '\r') {
		CHECK(b->len + 1 < LINE_MAX);
		b->line[b->len++] = c;
		return;
	}
	b->line[b->len] = '\0';
	if (strncmp(b->line, "AT+CMGS=", 8) == 0)
		b->wire = WIRE_ASKED;
	b->seen_queries += strcmp(b->line, "AT+CESQ") == 0;
	b->seen_calls += strncmp(b->line, "ATD", 3) == 0;
	b->len = 0;
}

static bool ends_in(const struct bench *b, const char *word)
{
	return strcmp(b->tail + sizeof b->tail - 1 - strlen(word), word) == 0;
}

/* A line that begins with '>' is the prompt; an error instead, or a start anew, ends the command, in however many pieces. */
static void modem_says(struct bench *b, struct span said)
{
	for (size_t i = 0; i < said.len; i++) {
		memmove(b->tail, b->tail + 1, sizeof b->tail - 2);
		b->tail[sizeof b->tail - 2] = said.at[i];
		if (b->wire != WIRE_ASKED)
			continue;
		if (said.at[i] == '>') {
			b->wire = WIRE_BODY;
			b->prompts++;
		} else if (ends_in(b, "ERROR") || ends_in(b, "RDY")) {
			b->wire = WIRE_LINE;
		}
	}
}

/* ---- the bench --------------------------------------------------------- */

static void take_events(struct bench *b)
{
	struct device_event event;

	while (device_take(b->device, &event)) {
		if (event.kind == DEVICE_EVENT_RECEIVED || event.kind == DEVICE_EVENT_REPORT ||
		    event.kind == DEVICE_EVENT_UNREADABLE)
			device_delete(b->device, event.memory, event.index, b->now);
		if (event.kind == DEVICE_EVENT_ANSWERED)
			device_speak(b->device, span_of("> \x1a\x1b AT+CMGS=10"), b->now);
		if (event.kind != DEVICE_EVENT_REPAIR)
			continue;
		if (event.repair == DEVICE_REPAIR_REOPEN && b->open) {
			device_closed(b->device, b->now);
			sim_closed(b->sim, 0, b->now);
			b->open = false;
		}
		device_repaired(b->device, event.repair, event.repair <= DEVICE_REPAIR_RESTART,
				b->now);
	}
}

static void open_if_there(struct bench *b)
{
	if (b->open && !sim_plugged(b->sim, 0)) {
		device_closed(b->device, b->now);
		b->open = false;
	} else if (!b->open && sim_plugged(b->sim, 0)) {
		sim_opened(b->sim, 0, b->now);
		b->open = b->fresh = true;
		b->wire = WIRE_LINE;
		b->len = 0;
		b->opens++;
		device_opened(b->device, b->now);
	}
}

static void settle(struct bench *b)
{
	bool more = true;

	while (more) {
		struct span out = device_output(b->device);
		size_t n = out.len < 7 ? out.len : 1 + (size_t)below(b, 7); /* in pieces */
		struct span said;
		char copy[600];

		more = false;
		take_events(b);
		open_if_there(b);
		if (b->open && n > 0) {
			more = true;
			for (size_t i = 0; i < n; i++)
				host_says(b, out.at[i]);
			sim_feed(b->sim, 0, (struct span){ out.at, n }, b->now);
			device_wrote(b->device, n);
		}
		said = sim_output(b->sim, 0);
		if (b->open && said.len > 0) {
			more = true;
			said.len = said.len < sizeof copy ? said.len : sizeof copy;
			memcpy(copy, said.at, said.len);
			sim_took(b->sim, 0, said.len);
			modem_says(b, (struct span){ copy, said.len });
			device_feed(b->device, (struct span){ copy, said.len }, b->now);
		}
	}
}

static void pass(struct bench *b, int64_t ms)
{
	int64_t end = b->now.mono_ms + ms;

	for (;;) {
		int64_t next;

		settle(b);
		next = when_sooner(sim_deadline(b->sim),
				   b->open ? device_deadline(b->device) : WHEN_NEVER);
		if (next > end)
			break;
		if (next > b->now.mono_ms)
			b->now.mono_ms = next;
		sim_tick(b->sim, b->now);
		if (b->open)
			device_tick(b->device, b->now);
	}
	b->now.mono_ms = end;
	b->now.utc_s += ms / 1000;
}

static void order(struct bench *b, const char *line)
{
	struct err err = { .code = ERR_NONE };

	if (sim_line(b->sim, span_of(line), b->now, &err) < 0)
		print_error("%s: %s\n", line, err.text);
	CHECK(err.code == ERR_NONE);
}

static void host_wants(struct bench *b)
{
	const struct device_sms sms = { .attempt = 1,
					.to = NUMBER,
					.text = "db1 \x1a > AT\r down" };
	const struct device_call call = {
		.attempt = 2, .to = NUMBER, .ring_ms = 5000, .talk_ms = 5000
	};
	struct err err;

	switch (below(b, 4)) {
	case 0:
	case 1:
		device_send(b->device, &sms, b->now, &err);
		break;
	case 2:
		device_call(b->device, &call, b->now, &err);
		break;
	default:
		device_query(b->device, 3, span_of("AT+CESQ"), b->now, &err);
		break;
	}
}

static void modem_misbehaves(struct bench *b)
{
	static const char *const orders[] = {
		"modem alpha prompt missing for 20s",
		"modem alpha prompt late 3s for 20s",
		"modem alpha prompt late 9s for 30s",
		"modem alpha prompt bare",
		"modem alpha hangs for 4s",
		"modem alpha hangs for 30s",
		"modem alpha deaf for 6s",
		"modem alpha reboots",
		"modem alpha unplugged for 3s",
		"modem alpha forgets settings",
		"modem alpha loses 1 result",
		"modem alpha refuses 1 send with 500",
		"modem alpha refuses 1 send with 330",
		"modem alpha noise every 40ms for 10s",
		"modem alpha garbage",
		"modem alpha echo on",
		"modem alpha chunks 2",
		"modem alpha chunks off",
		"modem alpha slow 300ms for 20s",
		"modem alpha sms 4s for 40s",
		"modem alpha registration lost for 20s",
		"phone ada texts \"> ACK\"",
		"phone ada texts \"OK\"",
		"phone ada calls to alpha",
	};

	order(b, orders[below(b, COUNT_OF(orders))]);
}

static void up(struct bench *b, uint64_t seed)
{
	static const char *const families[] = { "generic", "simcom", "quectel",
						"huawei",  "ublox",  "telit" };
	static const char *const numbers[] = { NUMBER };
	struct device_config config = { .name = "alpha" };
	struct err err = { .code = ERR_NONE };
	char line[80];

	*b = (struct bench){ .now = { 1000, 1800000000 },
			     .random = seed * 2654435761u + 1,
			     .tail = "....." };
	CHECK(sim_new(&b->sim, seed, &err) == 0);
	snprintf(line, sizeof line, "modem alpha +15550009001 %s",
		 families[below(b, COUNT_OF(families))]);
	order(b, line);
	order(b, "phone ada +15550100001 answers after 2s presses 1 2");
	CHECK(guard_new(&b->guard, (struct guard_limits){ 0, 0, 0 }, &err) == 0);
	CHECK(guard_allow(b->guard, numbers, 1, &err) == 0);
	config.guard = b->guard;
	CHECK(device_new(&b->device, &config, &err) == 0);
}

static void down(struct bench *b)
{
	device_free(b->device);
	guard_free(b->guard);
	sim_free(b->sim);
}

static void test_prompt_is_never_disturbed(void **state)
{
	long units = 0, prompts = 0, opens = 0, escapes = 0, queries = 0, calls = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= RUNS; seed++) {
		struct bench b;

		up(&b, seed);
		pass(&b, 20000);
		for (int i = 0; i < STEPS; i++) {
			if (below(&b, 3) == 0)
				modem_misbehaves(&b);
			else
				host_wants(&b);
			pass(&b, (int64_t)(below(&b, 40) < 3 ? below(&b, 30000) : below(&b, 900)));
		}
		units += b.units;
		prompts += b.prompts;
		opens += b.opens;
		escapes += b.escapes;
		queries += b.seen_queries;
		calls += b.seen_calls;
		down(&b);
	}
	/* the watch saw what it is there for */
	CHECK(units > RUNS && prompts >= units && opens > RUNS && escapes > opens);
	CHECK(queries > RUNS / 2 && calls > RUNS / 2);
	print_message("%d runs: %ld prompts, %ld units, %ld opens, %ld queries, %ld calls\n", RUNS,
		      prompts, units, opens, queries, calls);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prompt_is_never_disturbed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
