/* spoken.h - how what engineers write is said aloud: "API" is A P I, "5xx" is 5 x x, "node7.eu" is node 7 dot E U.
 */
#ifndef DIALPLAN_SPOKEN_H
#define DIALPLAN_SPOKEN_H

#include "base/buf.h"

/* Appends ASCII text as a voice should read it.  What is plain English already comes out as it is, so saying it twice changes
 * nothing. */
void spoken_text(struct buf *out, struct span text);

#endif
