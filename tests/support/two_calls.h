/* two_calls.h - two calls at once with sound, by the real programs: what they cost, and what else the daemon gets done meanwhile. */
#ifndef TESTS_SUPPORT_TWO_CALLS_H
#define TESTS_SUPPORT_TWO_CALLS_H

#include <stdbool.h>

struct two_calls {
	double p99_ms, worst_ms; /* of a question on the socket, while both talk */
	int asked;
	double percent; /* of a core, the daemon's, for each call */
};

/* In a bed of this name.  True: both people acked by the tones of their keys. */
bool two_calls(const char *name, struct two_calls *figures);

#endif
