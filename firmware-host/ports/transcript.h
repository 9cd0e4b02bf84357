/* transcript.h - the last things that were said on one modem's port, written to a file when it fails.
 *
 * A ring of a fixed size in memory.  Each dump is a file of its own, NAME-1.txt to NAME-4.txt: the first ones stay, the last
 * is written over, so that a fault that comes a million times leaves four files and the first of them.  A SIM PIN is
 * never kept.
 */
#ifndef PORTS_TRANSCRIPT_H
#define PORTS_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "base/when.h"

#define TRANSCRIPT_BYTES    8192
#define TRANSCRIPT_FILES    4
#define TRANSCRIPT_PAUSE_MS 600000 /* between two dumps */

struct transcript {
	char ring[TRANSCRIPT_BYTES];
	size_t at, len;
	char last;       /* whose bytes came last: '>' ours, '<' the modem's, 0 none */
	int64_t next_ms; /* no dump before */
	size_t pin;      /* how much of AT+CPIN= was just written: what follows is not kept */
};

void transcript_add(struct transcript *transcript, bool ours, struct span bytes, struct when now);

/* False: nothing was written, since it is too soon, nothing was said, or the directory takes no file. */
bool transcript_dump(struct transcript *transcript, const char *directory, const char *modem,
		     const char *why, struct when now);

#endif
