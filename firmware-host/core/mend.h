/* mend.h - what is done about a modem that is sick or gone: leave for its repairs, caps, what its failures have in common.
 *
 * The device asks, rung by rung; here it is decided, and the shell is given what only it can do.  Each end is an event of the
 * modem:
 *
 *	repair.helped, repair.failed    how a repair ended          repair.held      one that was not allowed, and why
 *	modem.absent, modem.returned    no port for a minute        modem.restarting its port vanished as a repair makes it do
 *
 * What failures have in common is a fault: weak power, another program on the port, what the shell sees.
 */
#ifndef CORE_MEND_H
#define CORE_MEND_H

#include "core/rows.h"

#define MEND_ABSENT_MS 60000  /* without a port: a fault */
#define MEND_POWER_MS  300000 /* …: its power is cut, where that is configured */

struct mend {
	enum device_repair wish;         /* the shell's to take */
	enum device_repair doing;        /* the last one begun; its end is not recorded yet */
	int used[DEVICE_REPAIRS];        /* since day_ms */
	int64_t next_ms[DEVICE_REPAIRS]; /* not again before */
	bool recalled;                   /* what an earlier run used of this day */
	int64_t day_ms;                  /* mono_ms at which the counting day began */
	unsigned told;                   /* bit n: repair n was refused and that was recorded */
	int64_t heard_ms;                /* bytes last came in */
	int64_t gone_ms; /* since when there is no port; WHEN_NEVER: there is one; 0: not known yet */
	int64_t power_ms;    /* the next look at its power while it is gone */
	bool absent;         /* recorded */
	char why[120];       /* it has no port, as the shell sees it; "" no word */
	int64_t expected_ms; /* until then its port may vanish: a repair made it */
	int64_t boots;       /* of the device, seen so far */
	int drops;           /* in a row, each just after it began to transmit */
	int64_t drop_ms;     /* the last one */
	int64_t seen_strays, strays,
		strays_since_ms; /* answers to others, and since when they are counted */
};

struct gateway;
struct path;

/* The device asks for a repair, or answers differently than it did (fleet.c). */
void mend_ask(struct gateway *g, struct path *path, const struct device_event *event,
	      struct when now);
/* The event's name for a port that is gone. */
const char *mend_closed_name(const struct path *path, struct when now);

void mend_port(struct gateway *g, struct path *path, bool open, struct when now);
/* Why it is not ready, in words: what it says itself, or what the shell knows of its port. */
const char *mend_why(const struct path *path);

void mend_tick(struct gateway *g, struct when now);
int64_t mend_deadline(const struct path *path);

#endif
