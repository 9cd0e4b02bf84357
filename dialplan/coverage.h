/* coverage.h - proof that somebody is on call: by the instants at which that may change, not minute by minute. */
#ifndef DIALPLAN_COVERAGE_H
#define DIALPLAN_COVERAGE_H

#include "dialplan/schedule.h"

struct hole {
	int64_t from_utc_s, until_utc_s;
};

/* The first time from `from` on, before `until`, in which nobody holds the slot. */
bool coverage_hole(const struct plan *plan, const struct plan_rotation *rotation, size_t slot,
		   int64_t from, int64_t until, struct hole *hole);

/* The same of a list of targets: in which none of them means anybody who is there. */
bool coverage_targets_hole(const struct plan *plan, const struct plan_targets *targets,
			   int64_t from, int64_t until, struct hole *hole);

#endif
