/* soak.h - one life of a gateway with two modems under a random schedule of faults, from a seed; what must hold is looked at all along.
 *
 * Used by tests/host/test_soak.c (some hundred lives) and by `make soak` (as many as one likes).  The same seed is the same
 * life: a failure is told with the seed, and told again line by line with `tell`.
 */
#ifndef TESTS_SUPPORT_SOAK_H
#define TESTS_SUPPORT_SOAK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct soak_figures { /* sums over lives */
	size_t lives;
	size_t faults;     /* that happened to modems, network, phones, disk and power */
	size_t power_cuts; /* of these */
	size_t pages;      /* opened */
	size_t texts;      /* that phones got */
	size_t calls;      /* that were dialled */
	size_t replies;    /* texts that people sent; each stands in the store in the end */
	size_t lost;       /* of these: there is none */
	size_t duplicates; /* page texts that a phone had got already */
	int64_t worst_ms;  /* from a page to the first word of it on any phone */
	uint64_t worst_seed;
	size_t worst_duplicates; /* in one life, with … */
	size_t worst_faults;
};

#define SOAK_WHY 300

/* One life.  False: something did not hold; why says what and when.  tell: its schedule on standard output. */
bool soak_live(uint64_t seed, bool tell, struct soak_figures *sum, char why[SOAK_WHY]);

/* What this process holds now: descriptors, and bytes on the heap, without the database's page cache (which has a
 * bound of its own). */
struct soak_holdings {
	size_t descriptors;
	size_t bytes;
};
struct soak_holdings soak_holdings(void);

void soak_print(const struct soak_figures *sum, int64_t wall_ms);

#endif
