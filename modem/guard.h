/* guard.h - the dial guard: the last word before ATD and AT+CMGS (DESIGN.md 5).
 *
 * An exact list of E.164 numbers handed down by the host, and the day's counters of one SIM.  What is not on the list is
 * never dialled nor texted.  Owned by the host, lent to the device.
 */
#ifndef MODEM_GUARD_H
#define MODEM_GUARD_H

#include "base/err.h"
#include "base/span.h"
#include "base/when.h"

struct guard;

struct guard_limits { /* hard stops a UTC day; 0 means none */
	int64_t sms;
	int64_t calls;
	int64_t call_seconds;
};

struct guard_counts {
	int64_t day; /* days since 1970-01-01 UTC */
	int64_t sms; /* parts */
	int64_t calls;
	int64_t call_seconds;
};

int guard_new(struct guard **out, struct guard_limits limits, struct err *err);
void guard_free(struct guard *guard);

/* ^\+[1-9][0-9]{6,14}$ and nothing else. */
bool guard_is_e164(struct span number);

/* Replaces the list; numbers are copied.  -1 (ERR_INVALID) names the first bad one and changes nothing. */
int guard_allow(struct guard *guard, const char *const *numbers, size_t count, struct err *err);

/* 0 and counted, or -1 (ERR_REFUSED: not listed, malformed, or the day's hard stop).  `guard_sms` takes the
 * encoded unit and reads the destination back out of it. */
int guard_call(struct guard *guard, struct span number, struct when now, struct err *err);
int guard_sms(struct guard *guard, struct span pdu_hex, struct when now, struct err *err);
/* The one USSD code that the host has listed; "" or never said: none.  It asks what an account holds: ussd_code_ok. */
int guard_allow_ussd(struct guard *guard, struct span code, struct err *err);
int guard_ussd(const struct guard *guard, struct span code, struct err *err);
void guard_talked(struct guard *guard, int64_t seconds, struct when now);

struct guard_counts guard_counts(const struct guard *guard);
void guard_restore(struct guard *guard, struct guard_counts counts); /* after a restart */

#endif
