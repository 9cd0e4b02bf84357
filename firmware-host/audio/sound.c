#include "audio/sound.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define ZERO_DBM0  16142.0 /* root mean square: 32767 / sqrt 2, 3.14 dB lower */
#define SILENCE    (-90.0)
#define PAUSE_DB   30.0    /* this far under the loudest frame nobody speaks */
#define BENT_FROM  24000.0 /* peaks above come closer and closer to BENT_TO */
#define BENT_TO    32000.0
#define LOW_CUT_HZ 300.0

void sound_free(struct sound *sound)
{
	free(sound->at);
	*sound = (struct sound){ 0 };
}

int sound_add(struct sound *sound, const int16_t *samples, size_t count)
{
	if (count == 0)
		return 0;
	if (array_grow(&sound->at, &sound->cap, sound->count + count, sizeof *sound->at) < 0)
		return -1;
	memcpy(sound->at + sound->count, samples, count * sizeof *samples);
	sound->count += count;
	return 0;
}

/* ---- levels ---- */

double sound_mean_of_level(double dbm0)
{
	return ZERO_DBM0 * pow(10, dbm0 / 20);
}

static double frame_power(const int16_t *samples, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += (double)samples[i] * samples[i];
	return sum / (double)count;
}

double sound_level(const int16_t *samples, size_t count)
{
	double loudest = 0;
	double sum = 0;
	size_t frames = 0;

	for (size_t i = 0; i + SOUND_FRAME <= count; i += SOUND_FRAME)
		loudest = fmax(loudest, frame_power(samples + i, SOUND_FRAME));
	for (size_t i = 0; i + SOUND_FRAME <= count; i += SOUND_FRAME) {
		double power = frame_power(samples + i, SOUND_FRAME);

		if (power * pow(10, PAUSE_DB / 10) < loudest)
			continue;
		sum += power;
		frames++;
	}
	if (frames == 0 || sum < 1)
		return SILENCE;
	return 20 * log10(sqrt(sum / (double)frames) / ZERO_DBM0);
}

/* Two Butterworth sections of second order in a row: 24 dB an octave. */
static void cut_lows(struct sound *sound)
{
	static const double q[] = { 0.5412, 1.3066 }; /* of a fourth-order Butterworth */
	const double w = 2 * M_PI * LOW_CUT_HZ / SOUND_RATE;

	for (size_t s = 0; s < COUNT_OF(q); s++) {
		const double alpha = sin(w) / (2 * q[s]);
		const double a0 = 1 + alpha;
		const double b = (1 + cos(w)) / 2 / a0;
		double x1 = 0, x2 = 0, y1 = 0, y2 = 0;

		for (size_t i = 0; i < sound->count; i++) {
			double x = sound->at[i];
			double y = b * (x - 2 * x1 + x2) + 2 * cos(w) / a0 * y1 -
				   (1 - alpha) / a0 * y2;

			x2 = x1, x1 = x;
			y2 = y1, y1 = y;
			sound->at[i] = (int16_t)lrint(fmax(-32768, fmin(32767, y)));
		}
	}
}

static int16_t bent(double x)
{
	double size = fabs(x);

	if (size > BENT_FROM)
		size = BENT_FROM +
		       (BENT_TO - BENT_FROM) * tanh((size - BENT_FROM) / (BENT_TO - BENT_FROM));
	return (int16_t)lrint(copysign(size, x));
}

void sound_for_telephone(struct sound *sound)
{
	double level;
	double gain;

	cut_lows(sound);
	level = sound_level(sound->at, sound->count);
	if (level <= SILENCE)
		return;
	gain = pow(10, (SOUND_SPEECH_DBM0 - level) / 20);
	for (size_t i = 0; i < sound->count; i++)
		sound->at[i] = bent(gain * sound->at[i]);
}

/* ---- other rates ---- */

#define RATE_MIN   4000
#define RATE_MAX   96000
#define ZEROES     16   /* of the filter, on each side */
#define PASS_SHARE 0.92 /* of half the lower rate passes */

static unsigned common(unsigned a, unsigned b)
{
	while (b != 0) {
		unsigned rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

struct rates {
	size_t up, down; /* 8000 / rate, reduced */
	double step;     /* input samples from one output sample to the next */
	size_t half;     /* taps on each side of an output sample */
	double *taps;    /* `up` rows of 2 * half */
};

/* A sinc under a Hann window for each of the places an output sample can have between two of the input. */
static int make_taps(struct rates *r)
{
	double cut = PASS_SHARE * fmin(1, 1 / r->step); /* of the input's half rate */

	r->half = (size_t)ceil(ZEROES * fmax(1, r->step));
	r->taps = calloc(r->up * 2 * r->half, sizeof *r->taps);
	if (r->taps == NULL)
		return -1;
	for (size_t p = 0; p < r->up; p++)
		for (size_t k = 0; k < 2 * r->half; k++) {
			double at = (double)k - (double)r->half + 1 - (double)p / (double)r->up;
			double x = M_PI * cut * at;
			double window = 0.5 + 0.5 * cos(M_PI * at / ((double)r->half + 1));

			r->taps[p * 2 * r->half + k] =
				cut * window * (fabs(x) < 1e-9 ? 1 : sin(x) / x);
		}
	return 0;
}

static int16_t one_sample(const struct rates *r, const int16_t *samples, size_t count, size_t n)
{
	uint64_t place = (uint64_t)n * r->down; /* in steps of 1 / up */
	size_t base = (size_t)(place / r->up);
	const double *taps = r->taps + (place % r->up) * 2 * r->half;
	double sum = 0;

	for (size_t k = 0; k < 2 * r->half; k++) {
		size_t at = base + k + 1; /* one tap further right than r->half on the left */

		if (at >= r->half && at - r->half < count)
			sum += taps[k] * samples[at - r->half];
	}
	return (int16_t)lrint(fmax(-32768, fmin(32767, sum)));
}

int sound_resample(struct sound *sound, const int16_t *samples, size_t count, unsigned rate,
		   struct err *err)
{
	unsigned shared = common(SOUND_RATE, rate);
	struct rates r = { .up = SOUND_RATE / shared,
			   .down = rate / shared,
			   .step = (double)rate / SOUND_RATE };
	size_t made = (size_t)((uint64_t)count * r.up / r.down);

	if (rate == SOUND_RATE)
		return sound_add(sound, samples, count) < 0 ? err_nomem(err) : 0;
	assert(r.up > 0);
	if (make_taps(&r) < 0)
		return err_nomem(err);
	if (array_grow(&sound->at, &sound->cap, sound->count + made + 1, sizeof *sound->at) < 0) {
		free(r.taps);
		return err_nomem(err);
	}
	for (size_t n = 0; n < made; n++)
		sound->at[sound->count + n] = one_sample(&r, samples, count, n);
	sound->count += made;
	free(r.taps);
	return 0;
}

/* ---- files ---- */

#define WAV_PCM          1
#define WAV_EXTENSIBLE   0xFFFE
#define WORD(a, b, c, d) ((size_t)(a) | (size_t)(b) << 8 | (size_t)(c) << 16 | (size_t)(d) << 24)

struct wav {
	unsigned format, channels, rate, bits;
	bool described;
	struct span data;
};

static unsigned number(struct span bytes, size_t at, size_t octets)
{
	unsigned value = 0;

	for (size_t i = octets; i-- > 0;)
		value = value << 8 | (unsigned char)bytes.at[at + i];
	return value;
}

static void describe(struct wav *wav, struct span chunk)
{
	if (chunk.len < 16)
		return;
	wav->format = number(chunk, 0, 2);
	wav->channels = number(chunk, 2, 2);
	wav->rate = number(chunk, 4, 4);
	wav->bits = number(chunk, 14, 2);
	if (wav->format == WAV_EXTENSIBLE && chunk.len >= 26)
		wav->format = number(chunk, 24, 2);
	wav->described = true;
}

/* A program that writes while it speaks does not know the length: whatever follows is meant then. */
static void find_chunks(struct wav *wav, struct span rest)
{
	while (rest.len >= 8) {
		size_t len = number(rest, 4, 4);
		struct span chunk = span_skip(rest, 8);

		if (len < chunk.len && !(len == 0 && memcmp(rest.at, "data", 4) == 0))
			chunk.len = len;
		if (memcmp(rest.at, "fmt ", 4) == 0)
			describe(wav, chunk);
		if (memcmp(rest.at, "data", 4) == 0) {
			wav->data = chunk;
			return;
		}
		rest = span_skip(rest, 8 + chunk.len + (chunk.len & 1));
	}
}

/* 8 bit samples have no sign, 16 bit ones have (RIFF, Multimedia Data Standards Update 1994). */
static int sample_at(const struct wav *wav, size_t n)
{
	if (wav->bits == 8)
		return ((int)(unsigned char)wav->data.at[n] - 128) * 256;
	return (int16_t)number(wav->data, 2 * n, 2);
}

static int mix(const struct wav *wav, struct sound *to, struct err *err)
{
	size_t frames = wav->data.len / (wav->bits / 8) / wav->channels;

	if (array_grow(&to->at, &to->cap, frames + 1, sizeof *to->at) < 0)
		return err_nomem(err);
	for (size_t i = 0; i < frames; i++) {
		int sum = 0;

		for (unsigned c = 0; c < wav->channels; c++)
			sum += sample_at(wav, i * wav->channels + c);
		to->at[i] = (int16_t)(sum / (int)wav->channels);
	}
	to->count = frames;
	return 0;
}

static int read_wav(const struct wav *wav, struct sound *sound, struct err *err)
{
	struct sound mixed = { 0 };
	int rc;

	if (!wav->described || wav->data.at == NULL)
		return err_set(err, ERR_INVALID, "a WAV file without a format or without sound");
	if (wav->format != WAV_PCM || (wav->bits != 8 && wav->bits != 16) || wav->channels < 1 ||
	    wav->channels > 8 || wav->rate < RATE_MIN || wav->rate > RATE_MAX)
		return err_set(err, ERR_INVALID,
			       "WAV of format %u, %u bit, %u channels, %u Hz: want PCM, 8 or 16 "
			       "bit, up to 8 channels, 4 to 96 kHz",
			       wav->format, wav->bits, wav->channels, wav->rate);
	rc = mix(wav, &mixed, err);
	if (rc == 0)
		rc = sound_resample(sound, mixed.at, mixed.count, wav->rate, err);
	sound_free(&mixed);
	return rc;
}

int sound_read(struct sound *sound, struct span bytes, struct err *err)
{
	struct wav wav = {
		.format = WAV_PCM, .channels = 1, .rate = SOUND_RATE, .bits = 16, .described = true
	};

	if (bytes.len >= 12 && memcmp(bytes.at, "RIFF", 4) == 0 &&
	    memcmp(bytes.at + 8, "WAVE", 4) == 0) {
		wav.described = false;
		find_chunks(&wav, span_skip(bytes, 12));
	} else {
		wav.data = bytes;
	}
	return read_wav(&wav, sound, err);
}

static void put(unsigned char *at, size_t octets, size_t value)
{
	for (size_t i = 0; i < octets; i++)
		at[i] = (unsigned char)(value >> (8 * i));
}

void sound_wav_header(size_t samples, unsigned char header[SOUND_WAV_HEADER])
{
	put(header, 4, WORD('R', 'I', 'F', 'F'));
	put(header + 4, 4, samples * 2 + SOUND_WAV_HEADER - 8);
	put(header + 8, 4, WORD('W', 'A', 'V', 'E'));
	put(header + 12, 4, WORD('f', 'm', 't', ' '));
	put(header + 16, 4, 16);
	put(header + 20, 2, WAV_PCM);
	put(header + 22, 2, 1);
	put(header + 24, 4, SOUND_RATE);
	put(header + 28, 4, (size_t)SOUND_RATE * 2);
	put(header + 32, 2, 2);
	put(header + 34, 2, 16);
	put(header + 36, 4, WORD('d', 'a', 't', 'a'));
	put(header + 40, 4, samples * 2);
}
