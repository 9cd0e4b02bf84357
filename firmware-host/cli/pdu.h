/* pdu.h - tocsin pdu decode|encode: one SMS unit to JSON, a text to units.  Needs no daemon. */
#ifndef CLI_PDU_H
#define CLI_PDU_H

#include <stdbool.h>

/* argv[0] is "decode" or "encode".  Prints JSON whether asked to or not (DESIGN.md 8).  The exit status:
 * 0 done, 1 not a unit or not encodable (one line on standard error), 2 usage. */
int cli_pdu(int argc, char **argv, bool json);

#endif
