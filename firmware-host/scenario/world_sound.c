#include "scenario/world_sound.h"

#include <stdlib.h>

#include "audio/caption.h"

struct world_sound {
	struct world *world;
	struct lines *lines;
	struct voices *voices;
};

static int make(void *owner, int64_t ticket, struct span text)
{
	struct world_sound *sound = owner;
	struct sound made = { 0 };
	struct err err;

	if (caption_make(&made, text, &err) < 0) {
		sound_free(&made);
		return -1;
	}
	voices_made(sound->voices, ticket, &made, NULL, sound->world->now);
	return 0;
}

int world_sound_new(struct world_sound **out, struct world *world, struct err *err)
{
	struct world_sound *sound = calloc(1, sizeof *sound);
	struct voice_maker maker = { make, sound };

	if (sound == NULL)
		return err_nomem(err);
	sound->world = world;
	if (lines_new(&sound->lines, world->sim, world->seed, err) < 0 ||
	    voices_new(&sound->voices, world->gateway, world->modem_count, maker, err) < 0) {
		world_sound_free(sound);
		return -1;
	}
	*out = sound;
	return 0;
}

void world_sound_free(struct world_sound *sound)
{
	if (sound == NULL)
		return;
	voices_free(sound->voices);
	lines_free(sound->lines);
	free(sound);
}

enum device_sound world_sound_found(const struct world *world, size_t modem)
{
	if (world->config->modems[modem].audio[0] == '\0' ||
	    !sim_sound(world->sim, world->modems[modem], world->now).there)
		return DEVICE_SOUND_NONE;
	return DEVICE_SOUND_PORT;
}

void world_sound_tick(struct world_sound *sound)
{
	lines_tick(sound->lines, sound->world->now);
}

/* The frames of one modem, once each way. */
static bool carry(struct world_sound *sound, size_t modem)
{
	struct world *world = sound->world;
	struct voice *voice = voices_open(sound->voices, modem);
	size_t at = world->modems[modem];
	struct span in = lines_output(sound->lines, at);
	struct span out;
	bool moved = in.len > 0;

	if (voice != NULL && in.len > 0)
		voice_feed(voice, in, world->now);
	lines_took(sound->lines, at, in.len);
	if (voice == NULL)
		return false;
	out = voice_output(voice);
	if (out.len == 0)
		return moved;
	if (!lines_takes(sound->lines, at, world->now)) {
		voice_blocked(voice, world->now);
		return moved;
	}
	lines_feed(sound->lines, at, out, world->now);
	voice_wrote(voice, out.len);
	return true;
}

bool world_sound_turn(struct world_sound *sound)
{
	bool moved = false;

	for (size_t i = 0; i < sound->world->modem_count; i++)
		moved = carry(sound, i) || moved;
	return voices_turn(sound->voices, sound->world->now) || moved;
}

int64_t world_sound_deadline(const struct world_sound *sound)
{
	return when_sooner(lines_deadline(sound->lines), voices_deadline(sound->voices));
}
