/* walk.h - reads a parsed file by the table of keys into the structs it names.
 *
 * Every mistake is recorded and the walk goes on, so that one run shows them all.  What needs to be
 * seen as a whole (names, numbers, references) is noted for check.h.
 */
#ifndef CONFIG_WALK_H
#define CONFIG_WALK_H

#include <libconfig.h>

#include "config/config.h"
#include "config/findings.h"

struct draft { /* the struct of the outermost group */
	struct config config;
	struct plan plan;
	char default_severity[PLAN_NAME];
};

struct note {
	enum config_note kind;
	int line;
	const struct config_key *key;
	const void *of; /* the struct of the group it stands in; of an element: the element's */
	const void
		*outer; /* the struct of the element of an outermost list it stands in, or NULL */
	char text[256]; /* as long as the longest that must be compared: a port */
};

struct walk {
	struct findings errors;
	struct findings warnings;
	struct draft draft;
	struct note *notes;
	size_t note_count;
	size_t note_cap;
	const void *outer;
	const struct config_source *source;
	int default_line; /* while a default is read: the line of the group that lacks the key */
};

/* One value to be read. */
struct place {
	struct walk *walk;
	const struct config_key *key;
	config_setting_t *setting;
	void *base; /* the struct of its group */
};

void walk_root(struct walk *walk, config_setting_t *root);

/* For the readers of values (value.h). */
void walk_groups(const struct place *place); /* a list of groups */
void walk_group(const struct place *place);  /* a group inside a group */
int walk_line(const struct walk *walk, const config_setting_t *setting);
void walk_note(const struct place *place, config_setting_t *at, const char *text);
void walk_wants(const struct place *place, config_setting_t *at, const char *want);

#endif
