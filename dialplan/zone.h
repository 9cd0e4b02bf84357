/* zone.h - civil time in a named zone, from an immutable table of its changes.
 *
 * The shell reads the C library's zone data (zoneinfo.h) and hands the bytes over; nothing here reads a file or a clock.
 * A local time is a count of seconds too: what a clock on the wall shows, counted as if it showed UTC.  NULL stands
 * for UTC wherever a zone is wanted.
 */
#ifndef DIALPLAN_ZONE_H
#define DIALPLAN_ZONE_H

#include "base/buf.h"
#include "base/civil.h"
#include "base/err.h"
#include "base/span.h"

#define ZONE_NAME   40
#define ZONE_ABBREV 8

#define ZONE_FROM_S INT64_C(1577836800) /* 2020-01-01: what a configuration's zones cover … */
#define ZONE_UNTIL_S \
	INT64_C(2840140800) /* … 2060-01-01; the offset at either end holds beyond it */

struct zone_change {
	int64_t utc_s;    /* from then on; of the first one: always */
	int64_t offset_s; /* local time less UTC */
	bool dst;
	char abbrev[ZONE_ABBREV]; /* "CEST" */
};

struct zone {
	char name[ZONE_NAME];        /* "Europe/Berlin" */
	struct zone_change *changes; /* ascending; at least one */
	size_t count;
};

/* The changes from `from` to `until` out of a TZif file (RFC 8536), those behind its last entry by its footer.
 * 0 and *out; -1: ERR_INVALID (not such a file), ERR_NOMEM. */
int zone_read(struct zone **out, const char *name, struct span tzif, int64_t from, int64_t until,
	      struct err *err);
void zone_free(struct zone *zone); /* NULL is fine */

const char *zone_name(const struct zone *zone); /* "UTC" for NULL */

/* What holds at an instant; the first change after it, or NULL. */
const struct zone_change *zone_at(const struct zone *zone, int64_t utc_s);
const struct zone_change *zone_next(const struct zone *zone, int64_t utc_s);

/* "Mon 2026-11-30 10:00 CET" */
void zone_write(const struct zone *zone, int64_t utc_s, struct buf *out);

int64_t zone_local(const struct zone *zone, int64_t utc_s);

/* When the clock on the wall first shows a local time; one that it never shows (the clock is put forward over it) means the
 * first instant after the gap. */
int64_t zone_utc(const struct zone *zone, int64_t local_s);

#endif
