/* prove.h - is somebody on call at every minute to come?  By the instants at which that may change. */
#ifndef CONFIG_PROVE_H
#define CONFIG_PROVE_H

#include "config/config.h"

#define PROVE_DAYS 400

/* Of the plan, with plan->rota when that is set, from utc_s on.  Holes are errors, what weakens paging is a warning, both lines of
 * "file:line: ..."; `report`, if not NULL, says what was proved: who has how much, what happens in the nights in which clocks
 * change. */
void prove_coverage(const struct config *config, const char *file, int64_t utc_s,
		    struct buf *errors, struct buf *warnings, struct buf *report);

#endif
