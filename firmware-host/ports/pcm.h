/* pcm.h - the ports that carry the sound of calls, between the loop and the voices.
 *
 * A port is open only while there is a call whose sound is wanted: some modems use it for something else the rest of the time.
 */
#ifndef PORTS_PCM_H
#define PORTS_PCM_H

#include "config/config.h"
#include "loop.h"
#include "voices.h"

struct pcm;

/* Is there something at this place ("modems.audio") now, and what? */
enum device_sound pcm_found(const char *audio);

/* Port i is the gateway's modem i.  Everything is lent; the modems are copied. */
int pcm_new(struct pcm **out, struct loop *loop, struct voices *voices,
	    const struct config_modem *modems, size_t count, struct err *err);
void pcm_free(struct pcm *pcm); /* NULL is fine */

/* Opens, closes and writes what is to be.  True when the gateway was told something. */
bool pcm_turn(struct pcm *pcm, struct when now);

#endif
