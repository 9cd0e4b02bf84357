/* request_json.h - one line of JSON into a request for the gateway, on jansson.
 *
 * The object's member "command" is the name; every other member a field: a string, or true ("true").  False is as
 * if it were not there; anything else, a repeated member and more than one object are errors.
 */
#ifndef REQUEST_JSON_H
#define REQUEST_JSON_H

#include "core/gateway.h"

struct request_json; /* what the request's texts live in */

/* Fills request->name, fields and count; they live until request_json_free.  0, or -1 with err and *out NULL. */
int request_json_parse(struct request_json **out, struct span line, struct request *request,
		       struct err *err);
void request_json_free(struct request_json *parsed); /* NULL is fine */

#endif
