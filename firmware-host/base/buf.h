/* buf.h - a growing, bounded byte buffer with a sticky failure flag.
 *
 * Appending past the limit or out of memory changes nothing but `failed`, so a chain of appends needs
 * one check at its end.  Owned by whoever holds it; buf_free may be repeated.  The bytes are always
 * followed by a NUL that does not count, so buf_text can be printed.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/span.h"

struct buf {
	char *at;
	size_t len;
	size_t cap;
	size_t limit; /* most bytes it may hold; 0 means 16 MiB */
	bool failed;
};

void buf_free(struct buf *buf);  /* leaves an empty buffer with the same limit */
void buf_clear(struct buf *buf); /* keeps the memory, clears `failed` */
void buf_add(struct buf *buf, struct span bytes);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_char(struct buf *buf, char c);
void buf_addf(struct buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_drop(struct buf *buf, size_t n); /* forget the first n bytes */
struct span buf_span(const struct buf *buf);
const char *buf_text(const struct buf *buf); /* "" when empty */

/* Makes room for `need` elements of `size` bytes in *array (doubling).  0, or -1 out of memory with
 * nothing changed. */
int array_grow(void *array, size_t *cap, size_t need, size_t size);

#endif
