#include "audio/signal.h"

#include <math.h>
#include <string.h>

static int16_t sum(int16_t a, double b)
{
	return (int16_t)lrint(fmax(-32768, fmin(32767, a + b)));
}

void signal_add_tone(int16_t *samples, size_t count, double hz, double dbm0, uint64_t at)
{
	const double amplitude = sound_mean_of_level(dbm0) * M_SQRT2;

	for (size_t i = 0; i < count; i++)
		samples[i] = sum(samples[i],
				 amplitude * sin(2 * M_PI * hz * (double)(at + i) / SOUND_RATE));
}

void signal_add_key(int16_t *samples, size_t count, char key, double dbm0, double twist_db,
		    uint64_t at)
{
	static const char keys[] = "123A456B789C*0#D";
	static const double lower[] = { 697, 770, 852, 941 };
	static const double upper[] = { 1209, 1336, 1477, 1633 };
	const char *place = key == '\0' ? NULL : strchr(keys, key);

	if (place == NULL)
		return;
	signal_add_tone(samples, count, lower[(place - keys) / 4], dbm0, at);
	signal_add_tone(samples, count, upper[(place - keys) % 4], dbm0 + twist_db, at);
}

/* Four even numbers make a bell curve that is good enough, without a logarithm for each. */
void signal_add_noise(int16_t *samples, size_t count, double dbm0, uint64_t *random)
{
	const double scale = sound_mean_of_level(dbm0) * sqrt(3) / 65536;

	for (size_t i = 0; i < count; i++) {
		uint64_t r = *random = *random * 6364136223846793005u + 1442695040888963407u;
		double x = 0;

		r ^= r >> 29; /* the low bits of such a sequence hardly change */
		for (int k = 0; k < 4; k++, r >>= 16)
			x += (double)(r & 0xFFFF) - 32767.5;
		samples[i] = sum(samples[i], scale * x);
	}
}
