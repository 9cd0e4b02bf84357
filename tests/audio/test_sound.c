#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio/sound.h"
#include "base/buf.h"
#include "tests/support/unit.h"

#define PI 3.14159265358979

/* One second of a sine. */
static void sine(int16_t *to, unsigned rate, double hz, double amplitude)
{
	for (unsigned i = 0; i < rate; i++)
		to[i] = (int16_t)lrint(amplitude * sin(2 * PI * hz * i / rate));
}

/* How much of a frequency there is: the amplitude of the sine that fits best. */
static double amount(const int16_t *at, size_t count, double hz, double rate)
{
	double re = 0, im = 0;

	for (size_t i = 0; i < count; i++) {
		re += at[i] * cos(2 * PI * hz * (double)i / rate);
		im += at[i] * sin(2 * PI * hz * (double)i / rate);
	}
	return 2 * hypot(re, im) / (double)count;
}

static void add_wav(struct buf *out, unsigned rate, unsigned channels, unsigned bits,
		    const int16_t *samples, size_t count)
{
	unsigned char header[SOUND_WAV_HEADER];

	sound_wav_header(count * channels * bits / 16, header);
	header[22] = (unsigned char)channels;
	memcpy(header + 24, &rate, 4);
	header[34] = (unsigned char)bits;
	buf_add(out, (struct span){ (char *)header, sizeof header });
	for (size_t i = 0; i < count; i++)
		for (unsigned c = 0; c < channels; c++) {
			unsigned char low = (unsigned char)((samples[i] + 32768) >> 8);

			if (bits == 8)
				buf_add(out, (struct span){ (char *)&low, 1 });
			else
				buf_add(out, (struct span){ (const char *)&samples[i], 2 });
		}
}

static void test_sound_reads_what_programs_write(void **state)
{
	static const struct {
		const char *name;
		unsigned rate, channels, bits;
	} rows[] = {
		{ "the telephone's own", 8000, 1, 16 },
		{ "16 kHz", 16000, 1, 16 },
		{ "22.05 kHz", 22050, 1, 16 },
		{ "44.1 kHz stereo", 44100, 2, 16 },
		{ "48 kHz", 48000, 1, 16 },
		{ "11.025 kHz, 8 bit", 11025, 1, 8 },
		{ "lower than ours", 6000, 1, 16 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int16_t *made = calloc(rows[i].rate, sizeof *made);
		struct sound sound = { 0 };
		struct buf wav = { 0 };
		struct err err = { 0 };

		sine(made, rows[i].rate, 1000, 10000);
		add_wav(&wav, rows[i].rate, rows[i].channels, rows[i].bits, made, rows[i].rate);
		CHECK_ROW(sound_read(&sound, buf_span(&wav), &err) == 0, rows[i].name);
		CHECK_ROW(sound.count >= 7990 && sound.count <= 8000, rows[i].name);
		/* the ends, where the filter has nothing to go on, aside */
		CHECK_ROW(fabs(amount(sound.at + 400, 7000, 1000, 8000) - 10000) < 150,
			  rows[i].name);
		CHECK_ROW(amount(sound.at + 400, 7000, 1700, 8000) < 60, rows[i].name);
		sound_free(&sound);
		buf_free(&wav);
		free(made);
	}
}

/* What 8 kHz cannot carry would come back as another tone. */
static void test_sound_takes_out_what_would_fold_over(void **state)
{
	static int16_t made[44100];
	struct sound sound = { 0 };
	struct err err = { 0 };

	(void)state;
	sine(made, 44100, 5000, 10000);
	CHECK(sound_resample(&sound, made, 44100, 44100, &err) == 0);
	CHECK(amount(sound.at + 400, 7000, 3000, 8000) < 30);
	sound_free(&sound);
}

static void test_sound_raw_is_ours(void **state)
{
	const int16_t raw[] = { 1, -2, 300, -400 };
	struct sound sound = { 0 };
	struct err err = { 0 };

	(void)state;
	CHECK(sound_read(&sound, (struct span){ (const char *)raw, 7 }, &err) == 0);
	CHECK(sound.count == 3 && sound.at[1] == -2 && sound.at[2] == 300);
	sound_free(&sound);
}

static void test_sound_of_unknown_length_is_all_there_is(void **state)
{
	static const unsigned char lengths[][4] = { { 0xFF, 0xFF, 0xFF, 0xFF }, { 0, 0, 0, 0 } };
	const int16_t some[] = { 5, 6, 7 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		struct sound sound = { 0 };
		struct buf wav = { 0 };
		struct err err = { 0 };

		add_wav(&wav, 8000, 1, 16, some, 3);
		memcpy(wav.at + 40, lengths[i], 4);
		CHECK(sound_read(&sound, buf_span(&wav), &err) == 0 && sound.count == 3);
		sound_free(&sound);
		buf_free(&wav);
	}
}

static void test_sound_refuses_what_it_cannot_play(void **state)
{
	static const struct {
		const char *name;
		size_t at;
		unsigned char octet;
	} rows[] = {
		{ "compressed", 20, 6 },  { "24 bit", 34, 24 },    { "no channel", 22, 0 },
		{ "9 channels", 22, 9 },  { "too fast", 26, 2 },   { "too slow", 25, 1 },
		{ "no format", 12, 'x' }, { "no sound", 36, 'x' },
	};
	const int16_t some[] = { 5, 6, 7 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct sound sound = { 0 };
		struct buf wav = { 0 };
		struct err err = { 0 };

		add_wav(&wav, 8000, 1, 16, some, 3);
		wav.at[rows[i].at] = (char)rows[i].octet;
		CHECK_ROW(sound_read(&sound, buf_span(&wav), &err) < 0 && err.code == ERR_INVALID,
			  rows[i].name);
		CHECK_ROW(sound.count == 0, rows[i].name);
		buf_free(&wav);
	}
}

static void test_sound_level_is_of_the_speech_alone(void **state)
{
	static int16_t made[24000];

	(void)state;
	sine(made, 8000, 1000, 32767);
	CHECK(fabs(sound_level(made, 8000) - 3.14) < 0.02);
	CHECK(fabs(sound_level(made, 24000) - 3.14) < 0.02); /* two seconds of silence behind */
	CHECK(sound_level(made + 8000, 16000) == -90);
	CHECK(fabs(sound_mean_of_level(3.14) - 32767 / sqrt(2)) < 10);
}

static void test_sound_for_telephone_has_one_level_and_no_lows(void **state)
{
	static const double amplitudes[] = { 50, 1000, 32000 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(amplitudes); i++) {
		static int16_t made[8000], low[8000];
		struct sound sound = { 0 };
		double tone;

		sine(made, 8000, 1000, amplitudes[i] / 2);
		sine(low, 8000, 100, amplitudes[i] / 2);
		for (size_t k = 0; k < 8000; k++)
			made[k] = (int16_t)(made[k] + low[k]);
		CHECK(sound_add(&sound, made, 8000) == 0);
		sound_for_telephone(&sound);
		CHECK(fabs(sound_level(sound.at, sound.count) - SOUND_SPEECH_DBM0) < 0.3);
		tone = amount(sound.at + 800, 7000, 1000, 8000);
		CHECK(amount(sound.at + 800, 7000, 100, 8000) < tone / 50);
		sound_free(&sound);
	}
}

static void test_sound_for_telephone_leaves_silence(void **state)
{
	int16_t nothing[800] = { 0 };
	struct sound sound = { 0 };

	(void)state;
	sound_for_telephone(&sound);
	CHECK(sound_add(&sound, nothing, 800) == 0);
	sound_for_telephone(&sound);
	CHECK(sound.count == 800 && memcmp(sound.at, nothing, sizeof nothing) == 0);
	sound_free(&sound);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sound_reads_what_programs_write),
		cmocka_unit_test(test_sound_takes_out_what_would_fold_over),
		cmocka_unit_test(test_sound_raw_is_ours),
		cmocka_unit_test(test_sound_of_unknown_length_is_all_there_is),
		cmocka_unit_test(test_sound_refuses_what_it_cannot_play),
		cmocka_unit_test(test_sound_level_is_of_the_speech_alone),
		cmocka_unit_test(test_sound_for_telephone_has_one_level_and_no_lows),
		cmocka_unit_test(test_sound_for_telephone_leaves_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
