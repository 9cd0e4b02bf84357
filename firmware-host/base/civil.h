/* civil.h - seconds since 1970 to a proleptic Gregorian date and time of day in UTC, and back. */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include "base/span.h"

struct civil {
	int64_t year;
	int month; /* 1 to 12 */
	int day;   /* 1 to 31 */
	int hour;
	int minute;
	int second;
	int weekday; /* 0 Monday to 6 Sunday */
};

struct civil civil_of(int64_t utc_s);

/* Days from 1970-01-01 to a date; month and day must be in range. */
int64_t civil_days(int64_t year, int month, int day);

/* The inverse of civil_of (weekday is not looked at). */
int64_t civil_utc(const struct civil *civil);

/* "2026-11-21T05:07:13Z", "2026-11-21 05:07", "2026-11-21T06:07+01:00" or seconds since 1970; in UTC when it does not say.
 * False, and nothing changed, for anything else. */
bool civil_read(struct span text, int64_t *utc_s);

#endif
