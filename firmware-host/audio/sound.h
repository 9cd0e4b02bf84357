/* sound.h - samples as telephones carry them: 8 kHz, 16 bit, one channel.
 *
 * Levels are dBm0: a full-scale sine is +3.14 dBm0 (ITU-T G.711), so 0 dBm0 is a mean of 16 142 a sample.
 */
#ifndef AUDIO_SOUND_H
#define AUDIO_SOUND_H

#include "base/err.h"
#include "base/span.h"

#define SOUND_RATE  8000
#define SOUND_FRAME 160 /* samples of 20 ms: what modems hand over at once */
#define SOUND_MS(n) ((size_t)(n) * (SOUND_RATE / 1000))

struct sound { /* owned; sound_free may be repeated */
	int16_t *at;
	size_t count;
	size_t cap;
};

void sound_free(struct sound *sound);
int sound_add(struct sound *sound, const int16_t *samples, size_t count); /* 0, or -1: no memory */

/* Appends what a program wrote: a WAV file (8 or 16 bit, any rate from 4 to 96 kHz, channels mixed), or without its header raw
 * samples of 8 kHz, 16 bit, little-endian.  0, or -1: ERR_INVALID, ERR_NOMEM. */
int sound_read(struct sound *sound, struct span bytes, struct err *err);

/* Appends samples of another rate, with what 8 kHz cannot carry taken out.  0, or -1: ERR_NOMEM. */
int sound_resample(struct sound *sound, const int16_t *samples, size_t count, unsigned rate,
		   struct err *err);

/* A WAV file's first 44 octets for so many samples. */
#define SOUND_WAV_HEADER 44
void sound_wav_header(size_t samples, unsigned char header[SOUND_WAV_HEADER]);

/* Makes it fit for a telephone: nothing below 300 Hz, speech at SOUND_SPEECH_DBM0, peaks bent and not cut.  Silence stays. */
#define SOUND_SPEECH_DBM0 (-16.0)
void sound_for_telephone(struct sound *sound);

/* Mean level while somebody speaks (pauses do not count), dBm0; -90 for silence. */
double sound_level(const int16_t *samples, size_t count);
double sound_mean_of_level(double dbm0); /* root mean square of such a level */

#endif
