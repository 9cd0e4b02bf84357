/* past.h - figures about a stretch of time, from the store's history: shifts held, pages taken, minutes worked. */
#ifndef PAST_H
#define PAST_H

#include "base/jsonw.h"
#include "dialplan/plan.h"
#include "store/history.h"

struct past {
	const struct plan *plan;
	int64_t from_utc_s, until_utc_s; /* half open */
};

/* "people": [{ person, title, shifts: [{ rotation, slot, shifts, seconds }], taken, worked_s, nights }].  worked_s: from an ack to the end
 * of that ownership, inside the stretch.  nights: nights (22:00 to 06:00, the plan's zone) in which they took a page of the
 * highest severity.  Drills do not count.  0 or -1. */
int past_report(struct history *history, const struct past *past, struct jsonw *json,
		struct err *err);

void past_page_id(int64_t page, char id[24]); /* "p17" */

#endif
