/* loop.h - waits for descriptors, signals and one deadline, then runs one turn.
 *
 * Over libevent_core.  The only reader of clocks: once per wake-up, so everything in one turn sees one instant.
 * The deadline is a timerfd on CLOCK_BOOTTIME, the clock that deadlines are counted in: neither a
 * step of the wall clock nor a suspended machine moves one.
 */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>

#include "base/err.h"
#include "base/when.h"

struct loop;
struct watch;

int loop_new(struct loop **out, struct err *err); /* 0, or -1: ERR_NOMEM, ERR_SYSTEM */
void loop_free(struct loop *loop); /* after every watch has been freed; NULL is fine */

struct when loop_now(struct loop *loop);

struct watch_calls {
	void (*readable)(void *owner);
	void (*writable)(void *owner); /* NULL when watch_write is never used */
	void *owner;
};

/* Starts with reading on and writing off.  fd stays the caller's: free the watch, then close it.  A call may free
 * its own watch. */
int loop_watch(struct loop *loop, struct watch **out, int fd, struct watch_calls calls,
	       struct err *err);
void watch_read(struct watch *watch, bool on);
void watch_write(struct watch *watch, bool on);
void watch_free(struct watch *watch); /* NULL is fine */

/* Calls `raised` from the loop, not from a signal handler, as long as the loop lives. */
int loop_signal(struct loop *loop, int number, void (*raised)(void *owner), void *owner,
		struct err *err);

/* May be run again.  Runs a turn at once and after every wake-up, until loop_stop.  `turn` returns when it wants to run again at the latest
 * (mono_ms, or WHEN_NEVER). */
int loop_run(struct loop *loop, int64_t (*turn)(void *owner, struct when now), void *owner,
	     struct err *err);
void loop_stop(struct loop *loop); /* after the present turn */

#endif
