/* gsm7.h - the GSM 7-bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1).
 *
 * In base/ because the PDU codec packs with it and the message writer measures with it.
 */
#ifndef BASE_GSM7_H
#define BASE_GSM7_H

#include "base/span.h"

#define GSM7_ESCAPE 0x1B

/* Septets that a code point takes: 1, 2 (escape first), or 0 when the alphabet lacks it.
 * The septets are put into code[0..1]. */
size_t gsm7_from_unicode(uint32_t point, unsigned char code[2]);

/* The character of one septet; after an escape, of the extension table.  A septet that the extension
 * table lacks gives the default table's character, as 23.038 asks. */
uint32_t gsm7_to_unicode(unsigned char septet, bool escaped);

#endif
