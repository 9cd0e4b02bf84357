/* years.h - an unattended gateway, week after week: a fault of one modem or of its network each, a page each, nobody who restarts
 * anything.  Used by tests/host/test_years.c (some months) and `make soak WEEKS=104`. */
#ifndef TESTS_SUPPORT_YEARS_H
#define TESTS_SUPPORT_YEARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct years_figures {
	int weeks;
	size_t faults, power_cuts;
	size_t pages;
	int64_t worst_ack_s; /* from a page to its ack */
	int worst_week;
	size_t texts, calls;   /* to people */
	size_t operator_texts; /* of these: about the gateway itself */
	size_t proofs;         /* texts from modem to modem */
	int64_t heap_growth;   /* bytes, in the second half */
	int64_t database_bytes;
	size_t by_hand; /* restarts by hand: there is no way to do one here */
};

#define YEARS_WHY 300

/* False: something did not hold; why says what and when. */
bool years_live(int weeks, uint64_t seed, bool tell, struct years_figures *sum,
		char why[YEARS_WHY]);

void years_print(const struct years_figures *sum, int64_t wall_ms);

#endif
