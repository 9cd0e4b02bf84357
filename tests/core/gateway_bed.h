/* gateway_bed.h - a gateway and two simulated modems with a store in the test's hand: it says which batches are
 * committed, which fail, and which are still on their way. */
#ifndef TESTS_CORE_GATEWAY_BED_H
#define TESTS_CORE_GATEWAY_BED_H

#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "core/gateway.h"
#include "modem/sim/sim.h"
#include "tests/support/unit.h"

#define BED_MODEMS    2
#define BED_MONDAY    1767607200 /* 2026-01-05 10:00: ada is primary, bob secondary */
#define BED_BATCHES   2000
#define BED_SIGHTINGS 400
#define BED_TURNS_MAX 100000
#define BED_START_MS  5000

static const char bed_config[] =
	"gateway = \"Tocsin\"; country = \"1\"; default_rotation = \"platform\";\n"
	"operators = [ \"carol\" ]; catch_all = [ \"carol\" ]; proof = { every = \"0 s\"; };\n"
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n"
	"  { name = \"bob\"; numbers = ( { number = \"+15550100002\"; } ); },\n"
	"  { name = \"carol\"; numbers = ( { number = \"+15550100003\"; } ); } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\", \"bob\" ]; slots = [ "
	"\"primary\", "
	"\"secondary\" ]; starts = \"2026-01-05 10:00\"; } );\n"
	"policies = ( { name = \"default\"; steps = ( { to = [ \"target\" ]; wait = \"5 min\"; },\n"
	"  { to = [ \"target.secondary\" ]; wait = \"5 min\"; } ); } );\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\"; },\n"
	"  { name = \"beta\"; port = \"sim/beta\"; number = \"+15550009002\"; } );\n";

enum bed_store { BED_COMMITS, BED_FAILS, BED_HANGS };

struct bed {
	struct gateway *gateway;
	struct sim *sim;
	struct when now;
	int64_t clock_set_s; /* the wall clock was set by so much */
	enum bed_store store;
	struct batch batches[BED_BATCHES]; /* all, in order */
	size_t count;
	size_t decided;              /* of them, committed or failed */
	struct buf wire[BED_MODEMS]; /* what was written to each modem */
	struct answer answer;
	size_t answers;
	struct sim_event *seen;
	size_t seen_count;
};

static inline struct plan *bed_plan(const char *text)
{
	struct config *config = NULL;
	struct buf errors = { 0 };
	struct buf warnings = { 0 };
	const struct config_source source = { span_of(text), "bed.cfg", NULL };
	struct plan *plan;

	if (config_parse(&config, &source, &errors, &warnings) < 0)
		print_error("%s\n", buf_text(&errors));
	CHECK(config != NULL);
	plan = config->plan;
	config->plan = NULL;
	config_free(config);
	buf_free(&errors);
	buf_free(&warnings);
	return plan;
}

static inline void bed_line(struct bed *bed, const char *line)
{
	struct err err = { 0 };

	if (sim_line(bed->sim, span_of(line), bed->now, &err) < 0)
		print_error("%s\n", err.text);
	CHECK(err.code == ERR_NONE);
}

/* ---- the store ---- */

static inline void bed_forget_batches(struct bed *bed)
{
	for (size_t i = 0; i < bed->count; i++)
		batch_free(&bed->batches[i]);
	bed->count = 0;
	bed->decided = 0;
}

static inline void bed_decide(struct bed *bed, bool good)
{
	uint64_t number = bed->batches[bed->decided++].number;

	if (good)
		gateway_committed(bed->gateway, number, bed->now);
	else
		gateway_failed(bed->gateway, number, bed->now);
}

static inline bool bed_batches(struct bed *bed)
{
	struct batch batch = { 0 };

	if (!gateway_take_batch(bed->gateway, &batch))
		return false;
	CHECK(bed->count < BED_BATCHES);
	CHECK(bed->count == 0 || batch.number == bed->batches[bed->count - 1].number + 1);
	CHECK(batch.count > 0);
	bed->batches[bed->count++] = batch;
	if (bed->store != BED_HANGS)
		while (bed->decided < bed->count)
			bed_decide(bed, bed->store == BED_COMMITS);
	return true;
}

/* How many events of this name are in the batches from `from` on. */
static inline size_t bed_events(const struct bed *bed, size_t from, const char *name)
{
	size_t count = 0;

	for (size_t i = from; i < bed->count; i++)
		for (size_t k = 0; k < bed->batches[i].count; k++)
			count += bed->batches[i].rows[k].kind == ROW_EVENT &&
				 strcmp(bed->batches[i].rows[k].of.event->name, name) == 0;
	return count;
}

static inline size_t bed_rows(const struct bed *bed, size_t from, enum row_kind kind)
{
	size_t count = 0;

	for (size_t i = from; i < bed->count; i++)
		for (size_t k = 0; k < bed->batches[i].count; k++)
			count += bed->batches[i].rows[k].kind == kind;
	return count;
}

/* ---- time and cables ---- */

static inline bool bed_cables(struct bed *bed)
{
	bool moved = false;

	for (size_t i = 0; i < BED_MODEMS; i++) {
		struct span out = gateway_output(bed->gateway, i);
		struct span in;

		if (out.len > 0) {
			buf_add(&bed->wire[i], out);
			sim_feed(bed->sim, i, out, bed->now);
			gateway_wrote(bed->gateway, i, out.len);
			moved = true;
		}
		in = sim_output(bed->sim, i);
		if (in.len > 0) {
			gateway_feed(bed->gateway, i, in, bed->now);
			sim_took(bed->sim, i, in.len);
			moved = true;
		}
	}
	return moved;
}

static inline void bed_answers(struct bed *bed)
{
	struct answer answer;

	while (gateway_take_answer(bed->gateway, &answer)) {
		buf_free(&bed->answer.json);
		bed->answer = answer;
		bed->answers++;
	}
}

static inline void bed_settle(struct bed *bed)
{
	bool moved = true;

	for (int turn = 0; moved; turn++) {
		CHECK(turn < BED_TURNS_MAX);
		moved = bed_cables(bed);
		moved = bed_batches(bed) || moved;
		bed_answers(bed);
	}
	while (bed->seen_count < BED_SIGHTINGS && sim_take(bed->sim, &bed->seen[bed->seen_count]))
		bed->seen_count++;
}

static inline void bed_advance(struct bed *bed, int64_t ms)
{
	int64_t until = bed->now.mono_ms + ms;

	bed_settle(bed);
	while (bed->now.mono_ms < until) {
		int64_t due = when_sooner(until, sim_deadline(bed->sim));

		due = when_sooner(due, gateway_deadline(bed->gateway));
		if (due <= bed->now.mono_ms)
			due = bed->now.mono_ms + 1;
		bed->now.mono_ms = due;
		bed->now.utc_s = BED_MONDAY + bed->clock_set_s + due / 1000;
		sim_tick(bed->sim, bed->now);
		gateway_tick(bed->gateway, bed->now);
		bed_settle(bed);
	}
}

/* ---- a bed ---- */

/* Takes the plan over. */
static inline void bed_init_with(struct bed *bed, struct plan *plan)
{
	struct gateway_modem modems[BED_MODEMS] = {
		{ .name = "alpha", .number = "+15550009001", .sms = true, .voice = true },
		{ .name = "beta", .number = "+15550009002", .sms = true, .voice = true }
	};
	struct gateway_config config = {
		.plan = plan, .modems = modems, .modem_count = BED_MODEMS, .seed = 3
	};
	struct err err = { 0 };

	for (size_t i = 0; i < BED_MODEMS; i++)
		modems[i].repairs = DEVICE_REPAIRS_USUAL;
	*bed = (struct bed){ .now = { 0, BED_MONDAY } };
	bed->seen = calloc(BED_SIGHTINGS, sizeof *bed->seen);
	CHECK(bed->seen != NULL);
	CHECK(sim_new(&bed->sim, 5, &err) == 0);
	CHECK(gateway_new(&bed->gateway, &config, &err) == 0);
	bed_line(bed, "modem alpha +15550009001 quectel");
	bed_line(bed, "modem beta +15550009002 simcom");
	bed_line(bed, "modem alpha clock wrong"); /* nobody but the test vouches for the clock */
	bed_line(bed, "modem beta clock wrong");
	bed_line(bed, "phone ada +15550100001 ignores");
	bed_line(bed, "phone bob +15550100002 ignores");
	bed_line(bed, "phone carol +15550100003 ignores");
	for (size_t i = 0; i < BED_MODEMS; i++) {
		sim_opened(bed->sim, i, bed->now);
		gateway_port(bed->gateway, i, true, bed->now);
	}
	bed_advance(bed, BED_START_MS);
}

static inline void bed_init(struct bed *bed)
{
	bed_init_with(bed, bed_plan(bed_config));
}

static inline void bed_deinit(struct bed *bed)
{
	bed_forget_batches(bed);
	for (size_t i = 0; i < BED_MODEMS; i++)
		buf_free(&bed->wire[i]);
	buf_free(&bed->answer.json);
	gateway_free(bed->gateway);
	sim_free(bed->sim);
	free(bed->seen);
}

/* ---- asking and looking ---- */

#define BED_FIELDS 8

/* "page", "message", "db1 down", NULL: a name, then keys and values. */
static inline void bed_ask(struct bed *bed, const char *const *words)
{
	struct request request = { .ticket = 1000 + bed->answers, .name = words[0], .peer = "ops" };

	for (size_t i = 1; words[i] != NULL; i += 2) {
		request.fields[request.count].key = words[i];
		request.fields[request.count++].value = words[i + 1];
	}
	gateway_request(bed->gateway, &request, bed->now);
	bed_settle(bed);
}

#define BED_ASK(bed, ...) bed_ask(bed, (const char *const[]){ __VA_ARGS__, NULL })

static inline bool bed_says(const struct bed *bed, const char *words)
{
	return strstr(buf_text(&bed->answer.json), words) != NULL;
}

static inline size_t bed_seen(const struct bed *bed, enum sim_event_kind kind, const char *name,
			      const char *words)
{
	size_t count = 0;

	for (size_t i = 0; i < bed->seen_count; i++)
		count += bed->seen[i].kind == kind &&
			 (name[0] == '\0' || strcmp(bed->seen[i].name, name) == 0) &&
			 strstr(bed->seen[i].text, words) != NULL;
	return count;
}

static inline size_t bed_wrote(const struct bed *bed, const char *words)
{
	size_t count = 0;

	for (size_t i = 0; i < BED_MODEMS; i++)
		for (const char *at = strstr(buf_text(&bed->wire[i]), words); at != NULL;
		     at = strstr(at + 1, words))
			count++;
	return count;
}

#endif
