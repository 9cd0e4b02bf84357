/* feeds.h - the calendars of rotations: read from files or over HTTP again and again, made into shifts by tocsin-ics.
 *
 * The gateway keeps what was read last, on disk too, and pages from it while the source is away.
 */
#ifndef FEEDS_H
#define FEEDS_H

#include "child.h"
#include "core/gateway.h"
#include "loop.h"

struct feeds;

int feeds_new(struct feeds **out, struct loop *loop, struct children *children,
	      struct gateway *gateway, struct err *err);
void feeds_free(struct feeds *feeds); /* behind the children, before the gateway; NULL is fine */

void feeds_again(struct feeds *feeds); /* another configuration: all of them are due */

void feeds_tick(struct feeds *feeds, struct when now);
int64_t feeds_deadline(const struct feeds *feeds); /* mono_ms, or WHEN_NEVER */

#endif
