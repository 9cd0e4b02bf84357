/* span.h - a borrowed slice of bytes; never owns, never NUL-terminated. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	const char *at;
	size_t len;
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct span span_of(const char *text); /* NULL gives the empty span */
bool span_starts(struct span s, const char *prefix);
bool span_is(struct span s, const char *text);
bool span_is_nocase(struct span s, const char *text); /* ASCII case only */
struct span span_skip(struct span s, size_t n);       /* at most s.len */
struct span span_trim(struct span s);                 /* ASCII blanks, both ends */

/* Cuts and returns what stands before sep; rest keeps what follows it (empty when there was none). */
struct span span_cut(struct span *rest, char sep);

/* Cuts the next run of non-blank bytes, skipping blanks before it.  Empty at the end. */
struct span span_word(struct span *rest);

/* The whole span as a decimal integer with optional sign.  False, and *value untouched, if it is
 * empty, has any other byte, or does not fit. */
bool span_int(struct span s, int64_t *value);

/* Copies into a NUL-terminated array, cut to size - 1 bytes.  False if it was cut. */
bool span_copy(struct span s, char *to, size_t size);

/* A heap copy with a terminating NUL; NULL when out of memory.  The caller frees it. */
char *span_dup(struct span s);

#endif
