/* ports.h - the modems' serial ports between the loop and the gateway.
 *
 * Opens each by its configured name, carries bytes both ways, never blocks, and tries again with growing pauses
 * when one is missing or hangs up.  A port that is missing at the start is nothing special.
 */
#ifndef PORTS_H
#define PORTS_H

#include "config/config.h"
#include "core/gateway.h"
#include "loop.h"

struct ports;

/* Port i is the gateway's modem i.  loop and gateway are lent; the modems are copied. */
int ports_new(struct ports **out, struct loop *loop, struct gateway *gateway,
	      const struct config_modem *modems, size_t count, struct err *err);
void ports_free(struct ports *ports); /* closes them; NULL is fine */

/* Opens what is due, grants wishes to reopen, writes what the gateway has for each.  True when the gateway was told
 * something, so that it may have new outputs. */
bool ports_turn(struct ports *ports, struct when now);
int64_t
ports_deadline(const struct ports *ports); /* the next attempt to open, mono_ms, or WHEN_NEVER */

#endif
