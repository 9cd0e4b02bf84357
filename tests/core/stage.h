/* stage.h - the whole gateway on a stage: simulated modems and phones, a real database, a clock that runs as fast as it can.
 * For stories too long, or too much counted, for a scenario file. */
#ifndef TESTS_CORE_STAGE_H
#define TESTS_CORE_STAGE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenario/world.h"
#include "tests/support/unit.h"

#define STAGE_MONDAY 1767607200 /* 2026-01-05 10:00: ada is primary */

struct stage {
	struct world world;
	char path[64];
};

static inline void stage_must(bool good, const struct err *err)
{
	if (!good)
		print_error("%s\n", err->text);
	CHECK(good);
}

/* A line of the simulator: "modem alpha hangs". */
static inline void stage_line(struct stage *stage, const char *line)
{
	struct err err = { 0 };

	stage_must(sim_line(stage->world.sim, span_of(line), stage->world.now, &err) == 0, &err);
}

static inline void stage_run(struct stage *stage, int64_t ms)
{
	int64_t until = stage->world.now.mono_ms + ms;
	struct err err = { 0 };

	while (stage->world.now.mono_ms < until)
		stage_must(world_step(&stage->world, until, &err) == 0, &err);
}

/* lines: of the simulator, before the start; ends with NULL. */
static inline void stage_open(struct stage *stage, const char *config, int64_t utc_s,
			      const char *const *lines)
{
	struct err err = { 0 };
	int fd;

	*stage = (struct stage){ .path = "/tmp/tocsin-stage-XXXXXX" };
	fd = mkstemp(stage->path);
	CHECK(fd >= 0);
	close(fd);
	stage_must(world_init(&stage->world, stage->path, 7, utc_s, &err) == 0, &err);
	for (; *lines != NULL; lines++)
		stage_line(stage, *lines);
	stage_must(world_configure(&stage->world, span_of(config), "stage.cfg", &err) == 0, &err);
	stage_must(world_start(&stage->world, &err) == 0, &err);
	stage_run(stage, 10000);
}

#define STAGE_OPEN(stage, config, utc_s, ...) \
	stage_open(stage, config, utc_s, (const char *const[]){ __VA_ARGS__, NULL })

static inline void stage_close(struct stage *stage)
{
	world_deinit(&stage->world);
}

static inline void stage_restart(struct stage *stage)
{
	struct err err = { 0 };

	stage_must(world_restart(&stage->world, &err) == 0, &err);
}

/* "page", "message", "db1 down", NULL: a name, then keys and values. */
static inline void stage_ask(struct stage *stage, const char *const *words)
{
	struct request request = { .ticket = 1, .name = words[0], .peer = "ops" };

	for (size_t i = 1; words[i] != NULL; i += 2) {
		request.fields[request.count].key = words[i];
		request.fields[request.count++].value = words[i + 1];
	}
	world_request(&stage->world, &request);
}

#define STAGE_ASK(stage, ...) stage_ask(stage, (const char *const[]){ __VA_ARGS__, NULL })

static inline bool stage_says(const struct stage *stage, const char *words)
{
	return strstr(buf_text(&stage->world.answer.json), words) != NULL;
}

/* Sightings of this kind, with this phone and these words ("" any), from `since` (mono_ms) on. */
static inline size_t stage_seen(const struct stage *stage, enum sim_event_kind kind,
				const char *name, const char *words, int64_t since)
{
	size_t count = 0;

	for (size_t i = 0; i < stage->world.sighting_count; i++) {
		const struct sim_event *event = &stage->world.sightings[i].event;

		count += event->kind == kind && event->mono_ms >= since &&
			 (name[0] == '\0' || strcmp(event->name, name) == 0) &&
			 strstr(event->text, words) != NULL;
	}
	return count;
}

#endif
