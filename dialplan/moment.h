/* moment.h - when people mean: "2h", "until mon 09:00", and the next day on which business is done. */
#ifndef DIALPLAN_MOMENT_H
#define DIALPLAN_MOMENT_H

#include "dialplan/plan.h"

/* A time to come, as it is texted or typed: a length ("2h", "3 days"), or with or without "until" a weekday ("mon",
 * "friday 14:00"), a time of day ("22:00": today or else tomorrow), "tomorrow 09:00", a date ("2026-12-01", "2026-12-01 09:00")
 * or an instant in UTC ("2026-12-01T09:00:00Z").  Local times are of plan->zone; a day without a time begins at
 * plan->business.open_s.  False, and nothing changed: none of these, or not in the future. */
bool moment_read(const struct plan *plan, struct span text, int64_t now_utc_s, int64_t *utc_s);

/* When business opens on the next business day, today not counted. */
int64_t moment_next_business_day(const struct plan *plan, int64_t utc_s);

/* "first tue 10:30", "last fri 14:00".  False, and nothing changed, for anything else. */
bool moment_monthly_read(struct span text, struct plan_monthly *monthly);

/* The latest such moment that is not behind utc_s; monthly->week must not be 0. */
int64_t moment_monthly_before(const struct plan *plan, const struct plan_monthly *monthly,
			      int64_t utc_s);

#endif
