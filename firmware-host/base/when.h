/* when.h - an instant, on both clocks, as read once by the shell for a turn of its loop. */
#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include <stdint.h>

#define WHEN_NEVER INT64_MAX

struct when {
	int64_t mono_ms; /* CLOCK_BOOTTIME: for waits inside one run */
	int64_t utc_s;   /* for schedules, and for anything stored */
};

static inline int64_t when_sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

#endif
