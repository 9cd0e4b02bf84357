/* pdu.h - SMS transfer-layer units (3GPP TS 23.040) as the AT commands carry them: hex, SMSC address first.
 *
 * Decoding is strict: a malformed unit is an error with a reason, never a guess.  All plain data.
 */
#ifndef MODEM_PDU_H
#define MODEM_PDU_H

#include "base/buf.h"
#include "base/err.h"

#define PDU_TEXT_MAX    1024 /* UTF-8 bytes of one part: 160 septets or 70 code units expand to less */
#define PDU_ADDRESS_MAX 48  /* UTF-8 bytes of an address: 20 digits with +, or 11 septets of text */
#define PDU_HEX_MAX     400 /* characters of one unit: 12 octets SMSC + 176 octets, as hex */

enum pdu_type { PDU_NONE, PDU_DELIVER, PDU_SUBMIT, PDU_STATUS_REPORT };
enum pdu_encoding { PDU_GSM7, PDU_UCS2, PDU_8BIT };

struct pdu_concat { /* 9.2.3.24.1 and .8; total 0: not concatenated */
	unsigned ref;
	unsigned total;
	unsigned seq; /* from 1 */
};

/* Something waits for the subscriber elsewhere (23.038 4, groups C to E; 9.2.3.24.2, which goes first). */
enum pdu_waiting_kind {
	PDU_WAITING_NONE,
	PDU_WAITING_VOICE,
	PDU_WAITING_FAX,
	PDU_WAITING_MAIL,
	PDU_WAITING_OTHER,
	PDU_WAITING_VIDEO
};

struct pdu_waiting {
	enum pdu_waiting_kind kind;
	int count; /* 0: no longer; -1: some, not told how many */
};

struct pdu {
	enum pdu_type type;
	char smsc[PDU_ADDRESS_MAX];    /* "+…" or national digits; empty: the SIM's own */
	char address[PDU_ADDRESS_MAX]; /* from, to or recipient */
	bool alphanumeric;             /* the address is a name (TON 5): never an identity */
	char text[PDU_TEXT_MAX];       /* UTF-8 */
	unsigned char data[140];       /* user data of an 8-bit message, header taken off */
	size_t data_len;
	enum pdu_encoding encoding;
	int message_class; /* 0 to 3, or -1 */
	struct pdu_concat concat;
	uint16_t half_first; /* low surrogate the text begins with, as U+FFFD; 0 none */
	uint16_t half_last;  /* high surrogate it ends with, as U+FFFD; 0 none */
	int port;            /* of the program it is for (9.2.3.24.3 and .4); 0: for people */
	struct pdu_waiting waiting;
	bool has_timestamp; /* SCTS, 9.2.3.11 */
	int64_t timestamp_utc_s;
	int timestamp_offset_min; /* zone east of UTC, quarter hours */
	bool has_discharge;       /* of a status report */
	int64_t discharge_utc_s;
	int discharge_offset_min;
	int message_ref; /* TP-MR; -1 in a DELIVER */
	int status;      /* TP-ST; -1 but in a status report */
	int pid;         /* TP-PID */
	int replaces; /* 1 to 7: the last one of this number, sender and service centre; 0: none */
	bool report_wanted; /* TP-SRR or TP-SRI */
	int validity_min;   /* of a SUBMIT with relative validity, rounded up; -1 otherwise */
	bool has_expiry;    /* of a SUBMIT with absolute validity */
	int64_t expiry_utc_s;
	int expiry_offset_min;
	bool single_shot; /* of a SUBMIT with enhanced validity: one attempt only */
};

/* hex: one unit, SMSC first, upper or lower case, nothing around it.  0 or -1 (ERR_INVALID): then *out is all zero.
 * Octets behind the user data may be padding (all FF or 00), nothing else; a timestamp without month and day is
 * absent, one that is no date an error.  A NUL in the text becomes a space, a lone surrogate U+FFFD.
 * National language tables (9.2.3.24.15 and .16) are applied; elements that are unknown, reserved or of
 * the wrong length are passed over, as 9.2.3.24 asks. */
int pdu_decode(struct span hex, struct pdu *out, struct err *err);

enum pdu_audience {
	PDU_FOR_PEOPLE, /* a text; flash (class 0) too */
	PDU_FOR_PORT,   /* a program: WAP push, MMS notice (port 2948), vCard */
	PDU_FOR_DEVICE, /* the SIM or the modem: settings, SIM download */
	PDU_FOR_NOBODY, /* short message type 0: a silent probe */
	PDU_FOR_NOTICE, /* says that voice mail and the like is waiting, or no longer */
};

/* Whom a DELIVER is for (TP-PID, 9.2.3.9, and the fields above).  Only what is for people can answer a page. */
enum pdu_audience pdu_audience(const struct pdu *pdu);

struct pdu_submit {
	struct span to;     /* "+" and digits (international), or digits */
	struct span text;   /* UTF-8, any bytes: bad ones become U+FFFD, NUL a space */
	struct span smsc;   /* empty: the SIM's own */
	int message_class;  /* -1 none */
	int validity_min;   /* relative validity, rounded up to what 9.2.3.12.1 can say; 0: none */
	bool status_report; /* TP-SRR */
	unsigned ref;       /* concatenation reference, taken modulo 256 */
};

struct pdu_part {
	char hex[PDU_HEX_MAX];
	size_t length; /* TPDU octets: what +CMGS takes */
};

#define PDU_PARTS_MAX 255

/* How many parts a text takes, and whether it needs UCS-2; 0 parts for more than PDU_PARTS_MAX. */
size_t pdu_parts_needed(struct span text, enum pdu_encoding *encoding);

/* Encodes part `index` (from 0) of `total` (from pdu_parts_needed).  No character, extension pair or
 * surrogate pair is ever split over two parts.  0, or -1: ERR_INVALID (the address). */
int pdu_encode(const struct pdu_submit *submit, size_t index, size_t total, struct pdu_part *out,
	       struct err *err);

/* Takes TP-VP out of a part: some service centres take none (TP-FCS C6 and C7, 23.040 9.2.3.22).  False: it has none. */
bool pdu_drop_validity(struct pdu_part *part);

/* What an encoded SUBMIT really is addressed to, read back out of the hex.  0 or -1. */
int pdu_destination(struct span hex, char to[PDU_ADDRESS_MAX], struct err *err);

#endif
