/* pdu_field.h - the fields that units share: addresses, timestamps, coding scheme.
 *
 * For the other pdu_*.c only.
 */
#ifndef MODEM_PDU_FIELD_H
#define MODEM_PDU_FIELD_H

#include "modem/octets.h"
#include "modem/pdu.h"

#define PDU_FIELD_DIGITS_MAX 20 /* 9.1.2.5: an address field is at most 12 octets */

/* Service centre, length in octets (24.011 8.2.5.1). */
int pdu_field_smsc(struct octets *in, char out[PDU_ADDRESS_MAX]);

/* TP-OA, TP-DA, TP-RA, length in semi-octets (9.1.2.5). */
int pdu_field_address(struct octets *in, struct pdu *out);

struct pdu_stamp {
	bool known; /* false: day and month are zero */
	int64_t utc_s;
	int offset_min;
};

/* TP-SCTS and TP-DT (9.2.3.11).  0, or -1: ERR_INVALID. */
int pdu_field_stamp(struct octets *in, const char *field, struct pdu_stamp *out);

struct pdu_coding {
	enum pdu_encoding encoding;
	bool compressed;
	int message_class; /* -1 none */
	struct pdu_waiting waiting;
};

struct pdu_coding pdu_field_coding(unsigned dcs); /* TP-DCS, 23.038 4 */

/* Low two bits: voice, fax, mail, other (23.038 4; 9.2.3.24.2). */
enum pdu_waiting_kind pdu_field_waiting(unsigned bits);

/* Number ("+" and digits, or digits) to type of address and semi-octets.  `to` takes 11 octets; *octets is how
 * many it got.  Returns the digits, or -1: ERR_INVALID, naming `what`. */
int pdu_field_number(struct span number, const char *what, unsigned char *to, size_t *octets,
		     struct err *err);

#endif
