/* sim_pdu.h - the simulated network's own small SMS codec (3GPP TS 23.040), apart from modem/pdu.c on purpose.
 *
 * A codec that checks itself finds no mistake: what both sides get wrong together no test will see.  So this one
 * was written from the standard alone and shares only the alphabet table.  It does what a network needs: take a
 * SUBMIT apart, make DELIVERs and STATUS-REPORTs.  Plain data, nothing owned.
 */
#ifndef MODEM_SIM_SIM_PDU_H
#define MODEM_SIM_SIM_PDU_H

#include "base/buf.h"
#include "base/err.h"

#define SIM_NUMBER_MAX 24

/* TP-UD with what is needed to read it; travels unchanged from SUBMIT to DELIVER. */
struct sim_ud {
	bool header;    /* TP-UDHI */
	int pid;        /* TP-PID */
	int dcs;        /* TP-DCS, 23.038 4 */
	unsigned units; /* TP-UDL: septets, or octets */
	size_t len;     /* octets in bytes */
	unsigned char bytes[140];
};

struct sim_submit {
	char smsc[SIM_NUMBER_MAX]; /* "" when the SIM's own is meant */
	char to[SIM_NUMBER_MAX];   /* "+…" when international */
	bool report;               /* TP-SRR */
	int64_t validity_s;        /* relative validity; 0 none */
	struct sim_ud ud;
};

struct sim_concat {
	unsigned ref;
	unsigned total; /* 0: not concatenated */
	unsigned seq;
};

/* What a DELIVER or STATUS-REPORT carries beside the text. */
struct sim_envelope {
	const char *smsc;
	const char *party; /* "+digits", digits, or a name (sent as TON 5) */
	int64_t stamp_s;   /* SCTS */
	int64_t done_s;    /* discharge time of a report */
	int mr;            /* of a report */
	int status;        /* TP-ST of a report */
};

/* One SUBMIT as +CMGS takes it: hex, SMSC first.  `length` is what the command said; it must agree.
 * 0, or -1 (ERR_INVALID). */
int sim_pdu_submit(struct span hex, int64_t length, struct sim_submit *out, struct err *err);

/* Appends the text as UTF-8 and tells the concatenation.  False: 8-bit data or a broken header. */
bool sim_pdu_text(const struct sim_ud *ud, struct buf *text, struct sim_concat *concat);

/* Cuts a text into user data, GSM 7 bit when it fits the alphabet, else UCS-2.  How many parts, at most `max`. */
size_t sim_pdu_split(struct span text, unsigned ref, struct sim_ud *parts, size_t max);

/* Appends one unit as hex, SMSC first; returns the TPDU's octets. */
size_t sim_pdu_deliver(struct buf *hex, const struct sim_envelope *env, const struct sim_ud *ud);
size_t sim_pdu_report(struct buf *hex, const struct sim_envelope *env);

/* Hex digits to octets; the number of octets, or -1 (odd, not hex, more than `max`). */
int sim_pdu_unhex(struct span hex, unsigned char *out, size_t max);

#endif
