/* jsonw.h - writes JSON (RFC 8259) into a buffer, for answers made inside the pure cores.
 *
 * Reading foreign JSON is jansson's work, in the shell; the names differ from its own.  A writer keeps the commas: open, then name and value
 * pairs (or bare values inside an array), then close.
 */
#ifndef BASE_JSONW_H
#define BASE_JSONW_H

#include "base/buf.h"

struct jsonw {
	struct buf *out; /* not owned */
	bool comma;      /* something stands before the next value at this level */
};

/* In all of these `name` is the member's name, or NULL inside an array and at the top. */
void jsonw_object(struct jsonw *json, const char *name);
void jsonw_end_object(struct jsonw *json);
void jsonw_array(struct jsonw *json, const char *name);
void jsonw_end_array(struct jsonw *json);
void jsonw_string(struct jsonw *json, const char *name, const char *text); /* NULL text: null */
void jsonw_span(struct jsonw *json, const char *name, struct span text);   /* bad UTF-8: U+FFFD */
void jsonw_int(struct jsonw *json, const char *name, int64_t value);
void jsonw_bool(struct jsonw *json, const char *name, bool value);
void jsonw_time(struct jsonw *json, const char *name, int64_t utc_s); /* RFC 3339 in UTC; 0: null */

/* "2026-11-21T05:07:13Z" into text (at least 21 bytes). */
void jsonw_rfc3339(int64_t utc_s, char text[32]);

#endif
