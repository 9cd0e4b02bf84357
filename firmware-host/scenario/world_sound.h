/* world_sound.h - the sound of the world's calls: real samples between the gateway's voices and simulated lines, in virtual time.
 *
 * The voice is one that simulated phones understand (audio/caption.h), and is made at once.
 */
#ifndef SCENARIO_WORLD_SOUND_H
#define SCENARIO_WORLD_SOUND_H

#include "audio/lines.h"
#include "scenario/world.h"
#include "voices.h"

struct world_sound;

/* For the world's gateway; it is lent.  After a restart of the gateway: a new one. */
int world_sound_new(struct world_sound **out, struct world *world, struct err *err);
void world_sound_free(struct world_sound *sound); /* NULL is fine */

/* What the modem's port for it is, as the gateway is to know it when the AT port opens. */
enum device_sound world_sound_found(const struct world *world, size_t modem);

void world_sound_tick(struct world_sound *sound); /* time has passed */
bool world_sound_turn(struct world_sound *sound); /* true: something moved */
int64_t world_sound_deadline(const struct world_sound *sound);

#endif
