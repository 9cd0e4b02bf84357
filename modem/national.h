/* national.h - the national language tables of the 7-bit alphabet (3GPP TS 23.038, 6.2.1.2 and Annex A).
 *
 * For reading only: what we send stays in the default alphabet or UCS-2 (docs/decisions/0007).
 */
#ifndef MODEM_NATIONAL_H
#define MODEM_NATIONAL_H

#include <stdbool.h>
#include <stdint.h>

/* The National Language Identifier (6.2.1.2.4). */
enum national {
	NATIONAL_NONE, /* the default alphabet and its extension */
	NATIONAL_TURKISH,
	NATIONAL_SPANISH, /* has a single shift table only */
	NATIONAL_PORTUGUESE,
	NATIONAL_BENGALI,
	NATIONAL_GUJARATI,
	NATIONAL_HINDI,
	NATIONAL_KANNADA,
	NATIONAL_MALAYALAM,
	NATIONAL_ORIYA,
	NATIONAL_PUNJABI,
	NATIONAL_TAMIL,
	NATIONAL_TELUGU,
	NATIONAL_URDU,
	NATIONALS
};

/* Which tables a text is written in. */
struct national_shift {
	enum national locking; /* instead of the default alphabet */
	enum national single;  /* behind an escape, instead of the default extension */
};

/* Takes a language by the octet of its element.  False when there is no such table: the element is
 * to be passed over (23.040 9.2.3.24), and *shift stays as it is. */
bool national_set_locking(struct national_shift *shift, unsigned language);
bool national_set_single(struct national_shift *shift, unsigned language);

/* The character of one septet.  What the single shift table lacks is read in the table that it was
 * escaped from (6.2.1.2.2); what a locking table leaves empty, and an escape alone, is a space. */
uint32_t national_to_unicode(struct national_shift shift, unsigned char septet, bool escaped);

#endif
