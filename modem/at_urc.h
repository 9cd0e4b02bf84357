/* at_urc.h - which lines modems send unasked, by how they begin.
 *
 * A table and a plain function.  A line that answers the command in flight is told apart before this is asked: +CREG:, +CPIN:
 * and +CFUN: are both.
 */
#ifndef MODEM_AT_URC_H
#define MODEM_AT_URC_H

#include "base/span.h"

enum at_urc {
	AT_URC_NONE,  /* nothing that is known to come unasked */
	AT_URC_NOISE, /* signal, time, SIM toolkit, power: passed over */
	AT_URC_BOOT,  /* the modem has just started */
	AT_URC_SIM_GONE,
	AT_URC_READY, /* SIM or message store ready: look for messages */
	AT_URC_REGISTRATION,
	AT_URC_RING,
	AT_URC_CLIP,
	AT_URC_MESSAGE, /* +CMTI, +CMT, +CDS, +CDSI */
	AT_URC_CALL,    /* progress of a call, a key */
	AT_URC_SPOKEN,
	AT_URC_TIME, /* of the network */
	AT_URC_SENT, /* +CMGS: of a send that was given up */
};

enum at_urc at_urc_of(struct span line);

#endif
