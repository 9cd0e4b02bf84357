/* parts.h - puts concatenated messages together again: any order, duplicates, missing parts.
 *
 * Texts, and the octets of 8-bit messages too.  Keyed by (sender, reference, total, port, text or data).  Bounded: the oldest incomplete message gives way.  The owner persists
 * the parts; after a restart it feeds them again.
 */
#ifndef MODEM_PARTS_H
#define MODEM_PARTS_H

#include "base/when.h"
#include "modem/pdu.h"

struct parts;

int parts_new(struct parts **out, struct err *err);
void parts_free(struct parts *parts);

/* Adds one received part.  1: the message is complete, *text holds it (the part's own text when it was not
 * concatenated; of an 8-bit message the octets, a NUL among them perhaps); 0: more to come; -1 with err (out of memory, or a part that contradicts its own header). */
int parts_add(struct parts *parts, const struct pdu *pdu, struct when now, struct buf *text,
	      struct err *err);

/* Takes out a message that stayed incomplete for longer than PARTS_WAIT_MS: what came of it, with "[…]" for gaps; of an
 * 8-bit message nothing, as octets with a gap are of no use.
 * False when there is none. */
#define PARTS_WAIT_MS ((int64_t)10 * 60 * 1000)
bool parts_expired(struct parts *parts, struct when now, char from[PDU_ADDRESS_MAX],
		   struct buf *text);

int64_t parts_deadline(const struct parts *parts);

#endif
