/* calls_bench.h - a small world for tests that place many calls: one person's phone, modems as a test wants them. */
#ifndef TESTS_HOST_CALLS_BENCH_H
#define TESTS_HOST_CALLS_BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenario/world.h"
#include "tests/support/unit.h"

#define CALLS_MONDAY_UTC_S 1767607200 /* 2026-01-05 10:00 */
#define CALLS_ADA          "+15550100001"

static const char calls_config[] =
	"gateway = \"Tocsin\"; country = \"1\"; default_rotation = \"platform\";\n"
	"operators = [ \"bob\" ]; catch_all = [ \"bob\" ];\n"
	"severities = ( { name = \"sev-1\"; call_at_once = true; }, { name = \"sev-2\"; } );\n"
	"people = ( { name = \"ada\"; title = \"Ada Ash\"; numbers = ( { number = \"" CALLS_ADA
	"\"; } ); },\n"
	"  { name = \"bob\"; numbers = ( { number = \"+15550100002\"; } ); } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\" ]; slots = [ \"primary\" ]; "
	"starts = \"2026-01-05 10:00\"; } );\n"
	"policies = ( { name = \"default\"; steps = ( { to = [ \"target\" ]; wait = \"30 min\"; } "
	"); } );\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; audio = \"sim/alpha-pcm\"; number = "
	"\"+15550009001\"; } );\n";

static inline void calls_line(struct world *world, const char *line)
{
	struct err err = { 0 };

	if (sim_line(world->sim, span_of(line), world->now, &err) < 0)
		print_error("%s: %s\n", line, err.text);
	CHECK(err.code == ERR_NONE);
}

/* In memory where that is there: it is about calls, not about disks. */
static inline void calls_path(char *path, size_t size)
{
	snprintf(path, size, "%s/tocsin-calls-%d.db",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (int)getpid());
}

/* Modem alpha (of that family, with those words), and ada's phone, which behaves so. */
static inline __attribute__((unused)) void calls_begin(struct world *world, uint64_t seed,
						       const char *modem, const char *ada)
{
	struct err err = { 0 };
	char text[600];

	calls_path(text, sizeof text);
	CHECK(world_init(world, text, seed, CALLS_MONDAY_UTC_S, &err) == 0);
	CHECK(world_configure(world, span_of(calls_config), "calls.cfg", &err) == 0);
	snprintf(text, sizeof text, "modem alpha +15550009001 %s", modem);
	calls_line(world, text);
	snprintf(text, sizeof text, "phone ada " CALLS_ADA " %s", ada);
	calls_line(world, text);
	calls_line(world, "phone bob +15550100002 ignores");
	CHECK(world_start(world, &err) == 0);
}

static inline void calls_advance(struct world *world, int64_t ms)
{
	int64_t until = world->now.mono_ms + ms;
	struct err err = { 0 };

	while (world->now.mono_ms < until) {
		if (world_step(world, until, &err) < 0)
			print_error("%s\n", err.text);
		CHECK(err.code == ERR_NONE);
	}
}

static inline void calls_ask(struct world *world, const char *name, const char *key,
			     const char *value)
{
	struct request request = { .name = name, .peer = "test", .count = 1 };

	request.fields[0].key = key;
	request.fields[0].value = value;
	world_request(world, &request);
}

/* Everything, or a part: `all` when FULL is in the environment (make calls). */
static inline int calls_many(int some, int all)
{
	return getenv("FULL") != NULL ? all : some;
}

#endif
