/* bed.h - the real programs in a directory of their own: tocsin-sim, tocsind, and tocsin as people type it.
 *
 * A bed is a process: bed_lanes forks one for each, so that many stories run side by side.  Whatever it starts dies with it.
 * The programs come from $B, as tests/run.sh sets it.
 */
#ifndef TESTS_SUPPORT_BED_H
#define TESTS_SUPPORT_BED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <jansson.h>

#include "base/buf.h"

struct bed_sight {  /* a line of tocsin-sim's transcript */
	int64_t ms; /* since tocsin-sim began */
	char *text;
};

struct bed {
	char name[64]; /* for messages */
	pid_t sim;
	pid_t daemon; /* -1: not running */
	int orders;   /* tocsin-sim's standard input */
	int log;      /* its transcript, being read */
	struct buf unfinished;
	struct bed_sight *sights;
	size_t sight_count, sight_cap;
	const char *preload; /* for the daemon; NULL none */
	char arm[40];        /* its TOCSIN_KILL_SYNC; "" none */
	int kills;           /* deaths of the daemon by SIGKILL */
	bool stopping;
	bool broken; /* it ended in any other way */
};

/* Makes build/…/interop/NAME anew, goes there, writes tocsin.cfg and starts tocsin-sim (ports sim/…).  False with a
 * message on standard error. */
bool bed_open(struct bed *bed, const char *name, const char *config, const char *script);
void bed_close(struct bed *bed); /* ends what was started */

bool bed_start(struct bed *bed); /* tocsind; does not wait */
bool bed_reap(struct bed *bed);  /* true: the daemon has ended since the last look */
bool bed_stop(struct bed *bed);  /* SIGTERM; true: it ended with status 0 within 12 s */

void bed_order(struct bed *bed, const char *line); /* to tocsin-sim */

/* Reads what is new in the transcript, then waits a few milliseconds. */
void bed_look(struct bed *bed);

/* The first sight at or behind `from` with both texts ("" any) in it, or -1. */
int64_t bed_find(const struct bed *bed, size_t from, const char *who, const char *what);

/* One request line over the socket, one answer; NULL when there is none.  The caller's to free. */
json_t *bed_ask(const char *line);

/* "ok", "state" of {"page":{…}} and so on: "" when it is not there. */
const char *bed_text(const json_t *answer, const char *member, const char *inner);

/* `tocsin ARG…` (NULL ends it), output into FILE; returns at once.  bed_exit: -1 while it runs, then its exit status. */
pid_t bed_command(const char *file, const char *const *args);
int bed_exit(pid_t pid);

bool bed_read(const char *file, struct buf *text);
int64_t bed_now(void); /* CLOCK_BOOTTIME in ms */
void bed_pause(int64_t ms);

/* Runs lane(0 … count-1, shared), each in a process of its own, and waits for all.  How many failed. */
int bed_lanes(size_t count, bool (*lane)(size_t index, void *shared), void *shared);
void *bed_shared(size_t size); /* zeroed memory that all lanes see */

#endif
