/* Any bytes as what a voice program wrote: sound or an error, never both, never more sound than there are bytes for. */
#include "audio/sound.h"

#include <assert.h>
#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sound sound = { 0 };
	struct err err = { ERR_NONE, "" };

	if (sound_read(&sound, (struct span){ (const char *)data, size }, &err) < 0) {
		assert(err.code != ERR_NONE && err.text[0] != '\0');
		assert(sound.count == 0);
	} else {
		assert(err.code == ERR_NONE);
		assert(sound.count <= 2 * size); /* 4 kHz, 8 bit */
		sound_for_telephone(&sound);
	}
	sound_free(&sound);
	return 0;
}
