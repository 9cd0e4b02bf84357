/* at_final.h - which lines end a command, and what an error code means for a text or a call.
 *
 * V.250 6.2 table 1 (result codes), 27.007 9.2 (+CME ERROR), 27.005 3.2.5 (+CMS ERROR), and what vendors add.  Tables
 * and plain functions, no state.
 */
#ifndef MODEM_AT_FINAL_H
#define MODEM_AT_FINAL_H

#include "base/span.h"
#include "modem/device.h"

enum at_final_kind {
	AT_FINAL_NONE, /* not a final result of this command */
	AT_FINAL_OK,
	AT_FINAL_ERROR,       /* no reason given: ERROR, MODEM ERROR, NA, … */
	AT_FINAL_CME,         /* code */
	AT_FINAL_CMS,         /* code */
	AT_FINAL_UNSUPPORTED, /* COMMAND NOT SUPPORT */
	AT_FINAL_CONNECT,     /* these five for AT_FINAL_DIAL only */
	AT_FINAL_NO_CARRIER,
	AT_FINAL_BUSY,
	AT_FINAL_NO_ANSWER,
	AT_FINAL_NO_DIALTONE,
	AT_FINAL_KINDS
};

struct at_final {
	enum at_final_kind kind;
	int code; /* of +CME ERROR and +CMS ERROR, also when it came in words; -1 unknown or none */
};

/* What the command that waits is; flags to be or-ed. */
#define AT_FINAL_DIAL \
	1u /* an ATD: call results end it.  For all others they are unsolicited lines */
#define AT_FINAL_NUMERIC \
	2u /* "0", "4", … count too: before ATV1 was answered (factory setting ATV0) */

/* What `line` is to a command that waits.  kind AT_FINAL_NONE: information or an unsolicited line. */
struct at_final at_final_of(struct span line, unsigned flags);

/* Which vendor's meaning the +CMS codes of 512 and above have; they contradict each other. */
enum at_codes {
	AT_CODES_PLAIN,   /* nobody's: such a code leaves the outcome unknown */
	AT_CODES_MTK,     /* SIM800 and other MediaTek based modems */
	AT_CODES_SIEMENS, /* Siemens, Cinterion */
};

/* How the submit ended that got this final result (24.011, 23.040, 27.005 and vendors' lists).  +CMS ERROR: 197, a
 * duplicate for the service centre, is accepted; 332, 500, 224 to 226 and "network timeout" are unknown.  `code` goes
 * into the event's cause as it is. */
enum device_outcome at_final_sms(struct at_final final, enum at_codes codes);

/* Why an ATD was refused; DEVICE_ACCEPTED for OK, CONNECT and the call results but NO DIALTONE, which the call itself
 * explains; DEVICE_UNKNOWN for AT_FINAL_NONE. */
enum device_outcome at_final_dial(struct at_final final);

#endif
