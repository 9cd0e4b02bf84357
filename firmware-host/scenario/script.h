/* script.h - the lines of a scenario: what they say and whether it came true.  For scenario/ alone. */
#ifndef SCENARIO_SCRIPT_H
#define SCENARIO_SCRIPT_H

#include "scenario/scenario.h"
#include "scenario/world.h"

#define SCRIPT_LABELS_MAX 64

struct script {
	struct world world;
	const struct scenario_options *options;
	char directory[256]; /* of the scenario: configurations are looked for beside it */
	bool started;
	size_t told;     /* sightings that have been told */
	int64_t seen_ms; /* mono_ms of what the last expectation saw */
	struct {
		char name[32];
		char id[24];
		char code[12];
	} labels[SCRIPT_LABELS_MAX];
	size_t label_count;
	char allowed[16][32]; /* phones whose texts and calls need not be expected */
	size_t allowed_count;
};

/* One line.  0, or -1 with why it did not come true. */
int script_line(struct script *script, struct span line, struct err *err);

/* Nothing unexpected is left over.  0 or -1. */
int script_end(struct script *script, struct err *err);

/* ---- expect.c ---- */
int expect_line(struct script *script, struct span rest, struct err *err);
int expect_nothing_else(struct script *script, struct err *err);
void expect_forget_allowed(struct script *script); /* what came to allowed phones so far */

/* ---- shared ---- */
int script_advance(struct script *script, int64_t until, struct err *err); /* mono_ms */
void script_tell(struct script *script);
bool script_duration(struct span word, int64_t *ms); /* "5m", "90s", "1h30m", "200ms" */
/* The next word, or "quoted words" without the quotes; \" does not end them, and escapes stay as they are. */
struct span script_quoted(struct span *rest);
const char *script_id(const struct script *script, struct span label); /* the page's id, or NULL */
int script_show(struct script *script, struct span label,
		struct err *err); /* its JSON in world.answer */

#endif
