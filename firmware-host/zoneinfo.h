/* zoneinfo.h - named time zones from the C library's zone data, as immutable tables. */
#ifndef ZONEINFO_H
#define ZONEINFO_H

#include "dialplan/zone.h"

/* The zone of that name ("Europe/Berlin") for 2020 to 2060; the caller frees it.  -1: ERR_INVALID (there is none; the text
 * names the nearest that there is), ERR_SYSTEM, ERR_NOMEM.  A config_zones function. */
int zoneinfo_load(struct zone **out, const char *name, struct err *err);

#endif
