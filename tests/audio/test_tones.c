#include <math.h>
#include <string.h>

#include "audio/codec.h"
#include "audio/signal.h"
#include "audio/speech.h"
#include "audio/tones.h"
#include "tests/support/unit.h"

static struct sound line; /* what comes in */

static void silence(size_t ms)
{
	static const int16_t nothing[SOUND_FRAME];

	for (; ms >= 20; ms -= 20)
		CHECK(sound_add(&line, nothing, SOUND_FRAME) == 0);
	CHECK(sound_add(&line, nothing, SOUND_MS(ms)) == 0);
}

static void press(char key, size_t ms, double dbm0, double twist)
{
	size_t at = line.count;

	silence(ms);
	signal_add_key(line.at + at, SOUND_MS(ms), key, dbm0, twist, 0);
}

static void tone(double hz, size_t ms, double dbm0)
{
	size_t at = line.count;

	silence(ms);
	signal_add_tone(line.at + at, SOUND_MS(ms), hz, dbm0, 0);
}

static void noise(double dbm0)
{
	uint64_t random = 4711;

	signal_add_noise(line.at, line.count, dbm0, &random);
}

static void network(enum codec_kind kind)
{
	struct codec *codec;
	struct err err;

	CHECK(codec_new(&codec, kind, &err) == 0);
	for (size_t i = 0; i + SOUND_FRAME <= line.count; i += SOUND_FRAME)
		codec_pass(codec, line.at + i);
	codec_free(codec);
}

/* Everything heard, keys as they are, the rest by its letter: r b v. */
static const char *hear(void)
{
	static const char names[TONE_KINDS] = {
		[TONE_RINGING] = 'r', [TONE_BUSY] = 'b', [TONE_BEEP] = 'v'
	};
	static char all[200];
	struct tones *tones;
	size_t len = 0;
	struct err err;

	CHECK(tones_new(&tones, &err) == 0);
	for (size_t i = 0; i + SOUND_FRAME <= line.count; i += SOUND_FRAME) {
		struct tone heard[TONES_MAX];
		size_t n = tones_hear(tones, line.at + i, SOUND_FRAME, heard);

		for (size_t k = 0; k < n && len < sizeof all - 1; k++)
			all[len++] =
				heard[k].kind == TONE_KEY ? heard[k].key : names[heard[k].kind];
	}
	all[len] = '\0';
	tones_free(tones);
	sound_free(&line);
	return all;
}

static void test_tones_hears_every_key(void **state)
{
	(void)state;
	for (const char *key = "0123456789*#ABCD"; *key != '\0'; key++) {
		silence(60);
		press(*key, 80, -10, 0);
		silence(60);
	}
	CHECK(strcmp(hear(), "0123456789*#ABCD") == 0);
}

static void test_tones_hears_keys_as_networks_pass_them(void **state)
{
	static const struct {
		const char *name;
		size_t ms;
		double dbm0, twist, noise;
		enum codec_kind codec;
	} rows[] = {
		{ "short", 45, -10, 0, -90, CODEC_NONE },
		{ "quiet", 100, -32, 0, -90, CODEC_NONE },
		{ "loud", 100, -3, 0, -90, CODEC_NONE },
		{ "upper louder", 100, -12, 5, -90, CODEC_NONE },
		{ "lower louder", 100, -8, -5, -90, CODEC_NONE },
		{ "through GSM", 70, -10, 0, -90, CODEC_GSM },
		{ "through GSM with noise", 150, -10, 2, -22, CODEC_GSM },
		{ "through AMR", 70, -10, 0, -90, CODEC_AMR },
		{ "through AMR with noise", 100, -10, -2, -22, CODEC_AMR },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		for (const char *key = "1472583690"; *key != '\0'; key++) {
			silence(200);
			press(*key, rows[i].ms, rows[i].dbm0, rows[i].twist);
			silence(100);
		}
		noise(rows[i].noise);
		network(rows[i].codec);
		CHECK_ROW(strcmp(hear(), "1472583690") == 0, rows[i].name);
	}
}

/* A key held down is one, also when its tone is cut; pressed again it is two. */
static void test_tones_one_press_is_one_key(void **state)
{
	(void)state;
	silence(100);
	press('5', 1500, -10, 0);
	silence(100);
	press('5', 300, -10, 0);
	silence(300);
	press('5', 100, -10, 0);
	silence(60);
	press('6', 100, -10, 0);
	silence(100);
	CHECK(strcmp(hear(), "556") == 0);
}

static void test_tones_hears_ringing_and_busy_of_two_continents(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		tone(425, 1000, -15);
		silence(4000);
	}
	CHECK(strcmp(hear(), "r") == 0);
	for (int i = 0; i < 6; i++) {
		tone(425, 500, -15);
		silence(500);
	}
	CHECK(strcmp(hear(), "b") == 0);
	for (int i = 0; i < 3; i++) {
		size_t at = line.count;

		tone(440, 2000, -18);
		signal_add_tone(line.at + at, SOUND_MS(2000), 480, -18, 0);
		silence(4000);
	}
	CHECK(strcmp(hear(), "r") == 0);
	for (int i = 0; i < 6; i++) {
		size_t at = line.count;

		tone(480, 500, -24);
		signal_add_tone(line.at + at, SOUND_MS(500), 620, -24, 0);
		silence(500);
	}
	CHECK(strcmp(hear(), "b") == 0);
}

static void test_tones_hears_where_a_mailbox_begins(void **state)
{
	static const struct {
		const char *name;
		double hz, dbm0, noise;
		size_t ms;
		enum codec_kind codec;
		const char *heard;
	} rows[] = {
		{ "1 kHz", 1000, -15, -90, 400, CODEC_NONE, "v" },
		{ "520 Hz", 520, -12, -90, 800, CODEC_NONE, "v" },
		{ "a ringing tone", 440, -12, -90, 1000, CODEC_NONE, "" },
		{ "1.4 kHz through GSM", 1400, -15, -90, 500, CODEC_GSM, "v" },
		{ "850 Hz in noise through GSM", 850, -12, -35, 300, CODEC_GSM, "v" },
		{ "a click", 1000, -15, -90, 60, CODEC_NONE, "" },
		{ "a tone that stays", 1000, -15, -90, 3000, CODEC_NONE, "" },
		{ "too high", 2600, -15, -90, 400, CODEC_NONE, "" },
		{ "too quiet", 1000, -55, -90, 400, CODEC_NONE, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		silence(200);
		tone(rows[i].hz, rows[i].ms, rows[i].dbm0);
		silence(400);
		noise(rows[i].noise);
		network(rows[i].codec);
		CHECK_ROW(strcmp(hear(), rows[i].heard) == 0, rows[i].name);
	}
}

/* Half an hour of it runs in tests/bench/bench_tones.c. */
static void test_tones_takes_no_speech_for_a_key(void **state)
{
	static const char *const voices[] = { "kal", "slt" };
	static const double levels[] = { 0, 12, -10 };
	static const char text[] =
		"This is Tocsin, the pager, for Ada Ash. S E V 1: D B 1 in the northern data "
		"centre is down since three, and no replica has taken over. The worst: 5 X X at "
		"the A P I. To take it, press 4, then 7. To pass it on, press 5 first. Star "
		"repeats. Four hundred and twenty-nine requests were over the limit at 3 15.";

	(void)state;
	for (size_t v = 0; v < COUNT_OF(voices); v++)
		for (size_t l = 0; l < COUNT_OF(levels); l++) {
			struct err err = { 0 };

			CHECK(speech_make(&line, span_of(text), voices[v], &err) == 0);
			for (size_t i = 0; i < line.count; i++) {
				double x = line.at[i] * pow(10, levels[l] / 20);

				line.at[i] = (int16_t)fmax(-32768, fmin(32767, x));
			}
			silence(500);
			network(l == 0 ? CODEC_NONE : l == 1 ? CODEC_GSM : CODEC_AMR);
			CHECK_ROW(strcmp(hear(), "") == 0, voices[v]);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tones_hears_every_key),
		cmocka_unit_test(test_tones_hears_keys_as_networks_pass_them),
		cmocka_unit_test(test_tones_one_press_is_one_key),
		cmocka_unit_test(test_tones_hears_ringing_and_busy_of_two_continents),
		cmocka_unit_test(test_tones_hears_where_a_mailbox_begins),
		cmocka_unit_test(test_tones_takes_no_speech_for_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
