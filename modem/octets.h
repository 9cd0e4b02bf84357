/* octets.h - a unit's octets: from and to hex, read in order, and the septets packed in them.
 *
 * The reader fails once and stays failed: after the first read past the end it gives zeros, and `err`
 * says which field was cut.
 */
#ifndef MODEM_OCTETS_H
#define MODEM_OCTETS_H

#include "base/err.h"
#include "base/span.h"

struct octets {
	const unsigned char *at; /* borrowed */
	size_t len;
	size_t pos;
	struct err *err; /* borrowed */
	bool failed;
};

/* Pairs of hex digits in either case into at most `size` octets.  0, or -1: ERR_INVALID. */
int octets_from_hex(struct span hex, unsigned char *to, size_t size, size_t *len, struct err *err);

/* Upper-case digits and a NUL: 2 * len + 1 characters. */
void octets_to_hex(const unsigned char *at, size_t len, char *to);

unsigned octets_byte(struct octets *in, const char *field);

/* The next n octets, or NULL. */
const unsigned char *octets_take(struct octets *in, size_t n, const char *field);

/* Septets are packed from the low bit of the first octet on (23.038 6.1.2.1). */
size_t octets_of_septets(size_t septets);
size_t octets_septets_covering(size_t octets); /* septets that n octets and their fill bits take */
unsigned char octets_septet(const unsigned char *at, size_t index);
void octets_put_septet(unsigned char *at, size_t index, unsigned char septet); /* onto zeros */

#endif
