/* quarantine.h - what the daemon was eating when it crashed is not eaten for ever.
 *
 * Each piece of foreign input (what a modem said, a request) is noted in a mapped file before it is taken and struck out
 * afterwards; the file is meant for a place that lives as long as the machine runs (/run), so it costs no writes to a disk.  A note
 * that is still there at the start was the last meal of a daemon that crashed.  Units that were in two of them are kept out:
 * a message on a modem (its line of hex digits) is fed as one that cannot be read, so that it is stored as such and deleted there; a
 * request is refused.  Once is not enough: a kill may come at any instant.
 */
#ifndef QUARANTINE_H
#define QUARANTINE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

struct quarantine;

/* 0, or -1: ERR_SYSTEM, ERR_NOMEM.  The caller may go on without one: NULL is fine everywhere. */
int quarantine_open(struct quarantine **out, const char *path, struct err *err);
void quarantine_close(struct quarantine *quarantine);

/* Around the taking of `head` and `bytes` together (neither is NULL): the beginning of a line that came before, and what came now. */
void quarantine_begin(struct quarantine *quarantine, struct span head, struct span bytes);
void quarantine_end(struct quarantine *quarantine);

/* Something was in a last meal: from now on one line at a time, so that the next crash blames the right one. */
bool quarantine_suspects(const struct quarantine *quarantine);
bool quarantine_empty(const struct quarantine *quarantine); /* nothing is kept out */
bool quarantine_holds(const struct quarantine *quarantine, struct span line);

/* Units kept out that were not before the last crash: for the log.  Each once; false: no more. */
bool quarantine_take_new(struct quarantine *quarantine, char text[80]);

/* One port's bytes on their way in: lines are seen whole, whatever the split. */
#define STRAINER_LINE 512
struct strainer {
	char line[STRAINER_LINE]; /* the beginning of the present one; len may be more than fits */
	size_t len;
	bool hex;         /* so far only hexadecimal digits, and it is held back */
	struct buf clean; /* what may be fed */
};

/* What came of the present line so far, for quarantine_begin. */
struct span strainer_head(const struct strainer *strainer);

/* What of `bytes` may be fed now, valid until the next call: all of it while nothing is kept out. */
struct span strainer_pass(struct strainer *strainer, const struct quarantine *quarantine,
			  struct span bytes);
void strainer_reset(struct strainer *strainer); /* the port was opened */
void strainer_free(struct strainer *strainer);

#endif
