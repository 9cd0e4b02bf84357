/* signal.h - tones and noise, made: for simulated phones, for tests, and for the loopback call.
 */
#ifndef AUDIO_SIGNAL_H
#define AUDIO_SIGNAL_H

#include "audio/sound.h"

/* Adds a sine of this level to the samples; at: of its beginning, samples ago.  Sums are cut off at full scale. */
void signal_add_tone(int16_t *samples, size_t count, double hz, double dbm0, uint64_t at);

/* Adds the two tones of a key (ITU-T Q.23), the upper louder by twist_db.  Other characters: silence. */
void signal_add_key(int16_t *samples, size_t count, char key, double dbm0, double twist_db,
		    uint64_t at);

/* Adds white noise of this level; random is its state. */
void signal_add_noise(int16_t *samples, size_t count, double dbm0, uint64_t *random);

#endif
