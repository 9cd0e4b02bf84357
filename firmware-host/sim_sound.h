/* sim_sound.h - tocsin-sim's second port of each modem that has one: the sound of its calls, on a pseudo-terminal NAME-pcm.
 */
#ifndef SIM_SOUND_H
#define SIM_SOUND_H

#include <event2/event.h>

#include "base/err.h"
#include "base/when.h"
#include "modem/sim/sim.h"

struct sim_sounds;

/* base and sim are lent.  moved: a host has written, so that something may have happened. */
struct sim_sounds_calls {
	void (*moved)(void *owner);
	void *owner;
};
int sim_sounds_new(struct sim_sounds **out, struct sim *sim, struct event_base *base,
		   const char *dir, struct sim_sounds_calls calls, struct err *err);
void sim_sounds_free(struct sim_sounds *sounds); /* removes the links; NULL is fine */

/* Ports come and go with their modems, frames are carried.  0, or -1: a port cannot be made. */
int sim_sounds_turn(struct sim_sounds *sounds, struct when now, struct err *err);
int64_t sim_sounds_deadline(const struct sim_sounds *sounds); /* mono_ms, or WHEN_NEVER */

#endif
