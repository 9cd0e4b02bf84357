/* keys.h - how the entries of the schema are written; for keys.c alone. */
#ifndef CONFIG_KEYS_H
#define CONFIG_KEYS_H

#include <stddef.h>

#include "config/walk.h"

#define IN(type, field) .at = offsetof(type, field), .size = sizeof(((type *)NULL)->field)
#define EACH(type, field, counter)                                     \
	.at = offsetof(type, field), .count = offsetof(type, counter), \
	.size = sizeof(((type *)NULL)->field[0])
#define BETWEEN(least, most)     .min = (least), .max = (most)
#define NAME_WANT                "1 to 31 of a-z 0-9 - _, a letter or digit first"
#define NAMES_WANT               "a list of names: [ \"ada\", \"bob\" ]"
#define TARGETS_WANT             "a list of 1 to 8 people, groups, rotations or slots: [ \"ada\" ]"
#define SEVERITY_WANT            "a severity: \"sev-1\""
#define E164_WANT                "+, country code and number, 8 to 16 characters"
#define GROUPS_WANT(least, most) "a list of " least " to " most " groups: ( { ... }, { ... } )"
#define ZONE_WANT                "a zone of the time zone database: \"Europe/Berlin\""

/* Those of a rotation itself and of each of its layers.  The readers of turns, shift, hours and days fill in the whole layer,
 * whose first member is the zone. */
#define LAYER_KEYS(path, type, in)                                                             \
	{ path ".zone",                                                                        \
	  "zone",                                                                              \
	  ZONE_WANT,                                                                           \
	  "",                                                                                  \
	  "in whose civil time its handovers and hours are; without it, that around it",       \
	  .at = offsetof(type, in zone) },                                                     \
		{ path ".members",                                                             \
		  "list of names",                                                             \
		  NAMES_WANT,                                                                  \
		  "",                                                                          \
		  "its people, in turn",                                                       \
		  EACH(type, in members, in member_count),                                     \
		  BETWEEN(1, 1000),                                                            \
		  .heap = true,                                                                \
		  .note = CONFIG_OF_PERSON },                                                  \
		{ path ".turns",                                                               \
		  "list of turns",                                                             \
		  "a list of equally long lists of names: ( [ \"ada\", \"bob\" ], [ \"bob\", " \
		  "\"cy\" ] )",                                                                \
		  "",                                                                          \
		  "instead of members: who has the slots in each shift, shift by shift",       \
		  .at = offsetof(type, in zone),                                               \
		  BETWEEN(1, 1000),                                                            \
		  .note = CONFIG_OF_PERSON },                                                  \
		{ path ".starts",                                                              \
		  "time",                                                                      \
		  "a time: \"2026-01-05 10:00\"",                                              \
		  "",                                                                          \
		  "a handover, in its zone: from then the first member has the first slot",    \
		  IN(type, in starts_s) },                                                     \
		{ path ".shift",                                                               \
		  "shift",                                                                     \
		  "\"1 h\" to \"366 days\", or \"1 month\" to \"24 months\"",                  \
		  "\"7 days\"",                                                                \
		  "time from one handover to the next, by the clock on the wall",              \
		  .at = offsetof(type, in zone),                                               \
		  BETWEEN(3600, 31622400) },                                                   \
		{ path ".hours",                                                               \
		  "hours",                                                                     \
		  "\"08:00-17:00\"; \"22:00-06:00\" ends on the next day",                     \
		  "",                                                                          \
		  "the hours of the day in which it counts; without it, all",                  \
		  .at = offsetof(type, in zone) },                                             \
	{                                                                                      \
		path ".days", "list of days", "a list of days: [ \"mon\", \"tue\" ]", "",      \
			"the days on which its hours begin; without it, all",                  \
			.at = offsetof(type, in zone), BETWEEN(1, 7)                           \
	}

#endif
