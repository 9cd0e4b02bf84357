/* probes.h - asks the web what the gateway wants to know of it: watches, and the links of a drill. */
#ifndef PROBES_H
#define PROBES_H

#include "core/gateway.h"
#include "loop.h"

struct probes;

int probes_new(struct probes **out, struct loop *loop, struct gateway *gateway, struct err *err);
void probes_free(struct probes *probes); /* NULL is fine */

/* Begins what is wanted now; false: nothing was. */
bool probes_turn(struct probes *probes, struct when now);
int64_t probes_deadline(const struct probes *probes); /* mono_ms, or WHEN_NEVER */

/* The number in an answer: the answer itself, or, of a JSON object, the member that `path` leads to ("gateways.offline"; of the
 * elements of a list, "0" is the first).  A text of digits is a number too.  False: there is none. */
bool probes_number(struct span answer, const char *path, double *value);

#endif
