/* pdu_validity.h - TP-VP, how long the service centre keeps trying (23.040 9.2.3.12).
 *
 * For pdu_in.c and pdu_out.c only.
 */
#ifndef MODEM_PDU_VALIDITY_H
#define MODEM_PDU_VALIDITY_H

#include "modem/octets.h"
#include "modem/pdu.h"

/* Relative (9.2.3.12.1). */
int pdu_validity_minutes(unsigned octet);
unsigned char pdu_validity_octet(int minutes); /* rounded up; 63 weeks at most */

/* The field in the form that TP-VPF names: none, enhanced, relative, absolute.  0, or -1: ERR_INVALID. */
int pdu_validity_read(struct octets *in, unsigned format, struct pdu *out);

#endif
