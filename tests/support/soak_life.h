/* soak_life.h - the life that soak.c leads and soak_look.c looks at; for these two. */
#ifndef TESTS_SUPPORT_SOAK_LIFE_H
#define TESTS_SUPPORT_SOAK_LIFE_H

#include "scenario/world.h"
#include "tests/support/soak.h"

#define PEOPLE      4
#define PAGES_MAX   120
#define REPLIES_MAX 120
#define RECENT      64

struct asked { /* a page that was asked for */
	char word[8];
	int64_t at_ms;
	bool reached;
};

struct recent {
	char phone[24];
	uint64_t hash;
	int64_t at_ms;
};

struct life {
	struct world world;
	uint64_t random;
	uint64_t seed;
	bool tell;
	struct soak_figures *sum;
	char *why; /* "" while all holds */
	bool cut;
	bool forgetful; /* the disk has failed: what ended meanwhile may stand there as if it had not */
	char live[PEOPLE][24]; /* numbers in a call, or "" */
	int64_t works_due;     /* mono_ms at which the disk works again */
	struct asked pages[PAGES_MAX];
	size_t page_count;
	bool replied[REPLIES_MAX]; /* by its mark: it went out */
	int reply_count;
	size_t allowed; /* duplicates */
	size_t duplicates, faults;
	struct recent recent[RECENT];
	size_t recent_count;
};

extern struct life soak_life; /* the one that is led now */

/* Something does not hold: the life ends with these words, the first of them. */
void soak_broken(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void soak_tell(const char *what); /* when its schedule is told */
void soak_look(void);             /* at what phones have got since the last look */

int64_t soak_untaken(int64_t utc_s); /* pages that nobody took since then */
void soak_check_replies(void);
void soak_check_duplicates(void);
void soak_tell_history(void); /* what the gateway had to say of it */

#endif
