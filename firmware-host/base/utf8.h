/* utf8.h - foreign text to Unicode code points and back (RFC 3629). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/buf.h"

#define UTF8_REPLACEMENT 0xFFFDu

/* Takes one code point from the front of *rest, which must not be empty.  A byte that starts no
 * valid sequence (overlong, surrogate, cut short, above 10FFFF) gives UTF8_REPLACEMENT and is
 * passed over alone. */
uint32_t utf8_next(struct span *rest);

/* Appends one code point; what is no scalar value becomes UTF8_REPLACEMENT. */
void utf8_add(struct buf *buf, uint32_t point);

#endif
