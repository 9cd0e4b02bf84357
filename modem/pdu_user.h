/* pdu_user.h - TP-UDL and TP-UD: the user data header and the text or data behind it (23.040 9.2.3.16, .24).
 *
 * For pdu_in.c only.
 */
#ifndef MODEM_PDU_USER_H
#define MODEM_PDU_USER_H

#include "modem/octets.h"
#include "modem/pdu.h"

/* Reads both fields into text or data, encoding, class, concat, port and waiting.  0, or -1: ERR_INVALID. */
int pdu_user_read(struct octets *in, bool has_header, unsigned dcs, struct pdu *out);

#endif
