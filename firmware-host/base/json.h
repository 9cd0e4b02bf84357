/* json.h - writes JSON (RFC 8259) into a buffer, for answers made inside the pure cores.
 *
 * Reading foreign JSON is jansson's work, in the shell.  A writer keeps the commas: open, then name and value
 * pairs (or bare values inside an array), then close.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"

struct json {
	struct buf *out; /* not owned */
	bool comma;      /* something stands before the next value at this level */
};

/* In all of these `name` is the member's name, or NULL inside an array and at the top. */
void json_object(struct json *json, const char *name);
void json_end_object(struct json *json);
void json_array(struct json *json, const char *name);
void json_end_array(struct json *json);
void json_string(struct json *json, const char *name, const char *text); /* NULL text: null */
void json_span(struct json *json, const char *name, struct span text);   /* bad UTF-8: U+FFFD */
void json_int(struct json *json, const char *name, int64_t value);
void json_bool(struct json *json, const char *name, bool value);
void json_time(struct json *json, const char *name, int64_t utc_s); /* RFC 3339 in UTC; 0: null */

/* "2026-11-21T05:07:13Z" into text (at least 21 bytes). */
void json_rfc3339(int64_t utc_s, char text[32]);

#endif
