/* scenario.h - stories about the whole gateway, told line by line under a virtual clock (docs/scenarios.md).
 *
 * Used by the tests and by `tocsin rehearse`.  A scenario fails on the first line that does not come true, and on any text or call that
 * no line expected.
 */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include <stdio.h>

#include "base/err.h"
#include "base/span.h"

struct scenario_options {
	const char *file;     /* the scenario */
	const char *database; /* path to use; NULL: one in a temporary directory */
	const char *family;   /* of the modems that the scenario does not describe; NULL: quectel */
	uint64_t seed;
	FILE *story;           /* what happens is told here; NULL: silence */
	uint64_t crash_commit; /* the power goes at this commit; 0 never */
	bool crash_before;     /* … before it is on disk */
	bool tolerant;         /* repeated texts and calls do not fail it (after a crash) */
};

struct scenario_result {
	bool passed;
	int line; /* at which it failed */
	char why[400];
	uint64_t commits;
	size_t texts;    /* that phones got */
	size_t calls;    /* that were dialled */
	size_t repeated; /* texts and calls nobody expected, in a tolerant run */
	int64_t seconds; /* virtual */
};

/* 0 when it could be run, passed or not; -1: the file cannot be read, or the world not be made. */
int scenario_run(const struct scenario_options *options, struct scenario_result *result,
		 struct err *err);

/* `tocsin rehearse FILE…`: 0 all passed, 1 not, 2 usage. */
int scenario_main(int argc, char **argv, bool json);

#endif
