/* watchdog.h - tells systemd that the daemon is ready, and then that it lives: sd_notify(3), by hand.
 *
 * A sign of life is given only when both the loop and the database's thread have made a step since the last one: a loop that
 * is stuck gives none, and one whose thread is stuck neither.  Without $NOTIFY_SOCKET all of it does nothing.
 */
#ifndef WATCHDOG_H
#define WATCHDOG_H

#include <stdbool.h>

#include "base/when.h"

struct watchdog {
	int fd;            /* -1: nobody listens */
	int64_t period_ms; /* between two signs of life; 0 none are wanted */
	int64_t due;
	bool asked; /* the thread was asked for a step at the last one */
};

/* Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, and takes them out of the environment: children are not asked. */
void watchdog_init(struct watchdog *watchdog);
void watchdog_deinit(struct watchdog *watchdog);

void watchdog_say(const struct watchdog *watchdog, const char *state); /* "READY=1" */

/* In each turn.  `stepped`: the thread has made a step since it was last asked.  True: it is to be asked for one now. */
bool watchdog_turn(struct watchdog *watchdog, bool stepped, struct when now);
int64_t watchdog_deadline(const struct watchdog *watchdog);

#endif
