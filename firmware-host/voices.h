/* voices.h - the voices of all modems: what the gateway wants said is made, kept for the next time, and said; what is heard is told.
 *
 * It sits between the gateway, one struct voice a modem, and whoever turns text into sound: a child process in the daemon.
 * Whoever carries the frames (ports, or a simulated line) feeds and empties each open voice.
 */
#ifndef VOICES_H
#define VOICES_H

#include "audio/voice.h"
#include "core/gateway.h"

struct voices;

/* Begins to make the sound of this text; voices_made follows, perhaps at once.  0, or -1: it cannot. */
struct voice_maker {
	int (*make)(void *owner, int64_t ticket, struct span text);
	void *owner;
};

/* The gateway is lent; count: its modems. */
int voices_new(struct voices **out, struct gateway *gateway, size_t count, struct voice_maker maker,
	       struct err *err);
void voices_free(struct voices *voices); /* NULL is fine */

/* The sound of a ticket (taken over, also on failure), or why there is none. */
void voices_made(struct voices *voices, int64_t ticket, struct sound *sound, const char *why,
		 struct when now);

/* Takes what the gateway wants, tells it what happened.  True when the gateway was told something. */
bool voices_turn(struct voices *voices, struct when now);
int64_t voices_deadline(const struct voices *voices);

/* Is there a call whose sound is wanted?  Its voice, for the frames; NULL: no. */
struct voice *voices_open(struct voices *voices, size_t modem);

/* The way of its frames is broken. */
void voices_lost(struct voices *voices, size_t modem, const char *why, struct when now);

#endif
