/* pdu_mms.h - the notice that a picture message waits: a WAP push to port 2948 (WAP-230-WSP 8.2.4.1) that holds an
 * m-notification-ind (OMA-TS-MMS_ENC 6.2).
 *
 * The picture itself is fetched over a data connection, which Tocsin does not have: the notice says only that, and who sent it.
 */
#ifndef MODEM_PDU_MMS_H
#define MODEM_PDU_MMS_H

#include "modem/pdu.h"

#define PDU_MMS_PORT 2948

/* data: the octets of the whole message, or of its first part.  True: it is such a notice; from is its sender as the notice
 * writes it, without "/TYPE=PLMN" ("+447700900123", "ann@example.org"), or empty when it does not say. */
bool pdu_mms_read(struct span data, char from[PDU_ADDRESS_MAX]);

#endif
