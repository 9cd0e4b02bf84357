/* pdu_header.h - the elements of a user data header (23.040 9.2.3.24).
 *
 * For pdu_user.c only.
 */
#ifndef MODEM_PDU_HEADER_H
#define MODEM_PDU_HEADER_H

#include "modem/national.h"
#include "modem/pdu.h"

/* Reads the elements behind the length octet into concat, port and waiting, and what the text is written in
 * into *shift.  0, or -1: ERR_INVALID, an element that runs past the end. */
int pdu_header_read(const unsigned char *at, size_t len, struct pdu *out,
		    struct national_shift *shift, struct err *err);

#endif
