/* words.h - what the network's numbers mean, for people. */
#ifndef CORE_WORDS_H
#define CORE_WORDS_H

#include "modem/device.h"

#define WORDS_ROOM 120

/* A +CMS ERROR or a cause of 24.011 (3GPP TS 24.011 annex E-2, 27.005 3.2.5): "cause 38 (the network is out of order)". */
void words_refused(int cause, char text[WORDS_ROOM]);

/* TP-Status of a status report (3GPP TS 23.040, 9.2.3.15); "" when it was simply delivered. */
void words_report(int status, char text[WORDS_ROOM]);

/* How a call ended.  why: of our own ending it, or ""; ring_s: how long it may ring. */
void words_call(const struct device_event *ended, const char *why, int64_t ring_s,
		char text[WORDS_ROOM]);

#endif
