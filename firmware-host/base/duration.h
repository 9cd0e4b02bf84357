/* duration.h - "90 s", "5 min", "2h", "3 days": how people write lengths of time. */
#ifndef BASE_DURATION_H
#define BASE_DURATION_H

#include "base/span.h"

/* A whole number and a unit (s, m, min, h, d, day, days, w, week, weeks), blanks between or not, any case.  False, and
 * nothing changed, for anything else and for more than a hundred years. */
bool duration_read(struct span text, int64_t *seconds);

#endif
