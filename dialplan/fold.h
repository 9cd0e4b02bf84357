/* fold.h - foreign text made plain, and cut to what one message holds.
 *
 * Control characters become blanks, runs of blanks one; bytes that are no UTF-8 become "?".
 */
#ifndef DIALPLAN_FOLD_H
#define DIALPLAN_FOLD_H

#include "base/buf.h"

/* Appends the text with what GSM-7 lacks transliterated; what has no likeness there stays. */
void fold_sms(struct buf *out, struct span foreign);

/* Appends it in ASCII for a voice; what has no likeness there is left out. */
void fold_spoken(struct buf *out, struct span foreign);

struct fold_room {
	size_t septets; /* when all of it is GSM-7 (3GPP TS 23.038, 6.2.1) */
	size_t units;   /* else, in UCS-2 */
};
extern const struct fold_room fold_one; /* one segment: 3GPP TS 23.040, 9.2.3.16 */

bool fold_fits(struct span text, struct fold_room room);

/* Appends head, then the folded foreign text, cut ("...") so that both fit the room. */
void fold_fit(struct buf *out, struct span head, struct span foreign, struct fold_room room);

#endif
