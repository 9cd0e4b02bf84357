#include <stdlib.h>
#include <string.h>

#include "audio/signal.h"
#include "audio/voice.h"
#include "tests/support/unit.h"

#define OCTETS (2 * SOUND_FRAME)

static struct voice *voice;
static struct when now;

static int setup(void **state)
{
	struct err err;

	(void)state;
	now = (struct when){ 1000, 0 };
	CHECK(voice_new(&voice, &err) == 0);
	voice_open(voice, now);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	voice_free(voice);
	return 0;
}

/* 20 ms go by: a frame comes in (a key, or silence), and everything that is there is taken out.  Samples of it. */
static size_t pass(char key, int16_t *out, size_t max)
{
	static uint64_t at;
	int16_t frame[SOUND_FRAME] = { 0 };
	struct span bytes;
	size_t len;

	now.mono_ms += 20;
	voice_tick(voice, now);
	signal_add_key(frame, SOUND_FRAME, key, -10, 0, at);
	at += SOUND_FRAME;
	voice_feed(voice, (struct span){ (const char *)frame, sizeof frame }, now);
	bytes = voice_output(voice);
	len = bytes.len < max * 2 ? bytes.len : max * 2;
	if (out != NULL)
		memcpy(out, bytes.at, len);
	len = bytes.len;
	voice_wrote(voice, len);
	return len / 2;
}

static struct voice_event next(void)
{
	struct voice_event event = { .kind = VOICE_NOTHING };

	voice_take(voice, &event);
	return event;
}

/* A sound of so many samples: 1, 2, 3, … */
static struct sound ramp(int16_t samples)
{
	struct sound sound = { 0 };

	for (int16_t i = 1; i <= samples; i++)
		CHECK(sound_add(&sound, &i, 1) == 0);
	return sound;
}

static void test_voice_gives_a_frame_for_each_it_reads(void **state)
{
	struct sound sound = ramp(400);
	int16_t out[SOUND_FRAME];
	int16_t last = 0;

	(void)state;
	CHECK(pass('\0', out, SOUND_FRAME) == SOUND_FRAME && out[0] == 0);
	CHECK(voice_say(voice, 7, &sound) == 0);
	for (int i = 0; i < 3; i++) {
		CHECK(next().kind == VOICE_NOTHING);
		CHECK(pass('\0', out, SOUND_FRAME) == SOUND_FRAME);
		for (size_t k = 0; k < SOUND_FRAME; k++) {
			int16_t want = last < 400 ? (int16_t)(last + 1) : 0;

			CHECK(out[k] == want);
			last = want > 0 ? want : last;
		}
	}
	CHECK(last == 400);
	CHECK(next().id == 7);
	CHECK(next().kind == VOICE_NOTHING);
	CHECK(pass('\0', out, SOUND_FRAME) == SOUND_FRAME && out[0] == 0);
	sound_free(&sound);
}

static void test_voice_takes_any_pieces(void **state)
{
	static const size_t pieces[] = { 1, 2, 3, 7, 319, 320, 321, 1000, 4096 };

	(void)state;
	for (size_t p = 0; p < COUNT_OF(pieces); p++) {
		static char zeroes[4096];
		size_t fed = 0;

		voice_wrote(voice, voice_output(voice).len);
		while (fed < (size_t)OCTETS * 8) {
			size_t n = pieces[p] < OCTETS * 8 - fed ? pieces[p] : OCTETS * 8 - fed;

			voice_feed(voice, (struct span){ zeroes, n }, now);
			fed += n;
		}
		CHECK(voice_output(voice).len == (size_t)OCTETS * 8);
	}
}

static void test_voice_hears_keys_while_it_speaks(void **state)
{
	struct sound sound = ramp(8000);
	struct voice_event event = { 0 };

	(void)state;
	CHECK(voice_say(voice, 1, &sound) == 0);
	for (int i = 0; i < 5; i++)
		pass('\0', NULL, 0);
	for (int i = 0; i < 5; i++)
		pass('4', NULL, 0);
	event = next();
	CHECK(event.kind == VOICE_TONE && event.tone.kind == TONE_KEY && event.tone.key == '4');
	CHECK(next().kind == VOICE_NOTHING);
	sound_free(&sound);
}

static void test_voice_stops_and_is_replaced_at_once(void **state)
{
	struct sound sound = ramp(4000);
	int16_t out[SOUND_FRAME];

	(void)state;
	CHECK(voice_say(voice, 1, &sound) == 0);
	pass('\0', out, SOUND_FRAME);
	CHECK(voice_say(voice, 2, &sound) == 0);
	pass('\0', out, SOUND_FRAME);
	CHECK(out[0] == 1);
	voice_stop(voice);
	pass('\0', out, SOUND_FRAME);
	CHECK(out[0] == 0 && next().kind == VOICE_NOTHING);
	sound_free(&sound);
}

/* The modem takes nothing: what is kept is the newest 200 ms, and behind a half-written frame samples stay in step. */
static void test_voice_keeps_200_ms_at_most(void **state)
{
	struct sound sound = ramp(8000);
	int16_t frame[SOUND_FRAME] = { 0 };
	int16_t first, second;
	struct span out;

	(void)state;
	CHECK(voice_say(voice, 1, &sound) == 0);
	for (int i = 0; i < 5; i++)
		voice_feed(voice, (struct span){ (const char *)frame, sizeof frame }, now);
	voice_wrote(voice, 101); /* 50 samples and half of the 51st */
	for (int i = 0; i < 40; i++)
		voice_feed(voice, (struct span){ (const char *)frame, sizeof frame }, now);
	out = voice_output(voice);
	CHECK(out.len <= (VOICE_QUEUE_MS / 20 + 1) * OCTETS && out.len >= 9 * OCTETS);
	CHECK((unsigned char)out.at[0] == 0); /* the upper octet of sample 51 */
	memcpy(&first, out.at + 1, 2);
	CHECK(first == 52);
	memcpy(&first, out.at + out.len - 2, 2);
	CHECK(first == 45 * SOUND_FRAME);
	memcpy(&first, out.at + OCTETS - 101 - 2, 2);
	memcpy(&second, out.at + OCTETS - 101, 2);
	CHECK(first == SOUND_FRAME && second % SOUND_FRAME == 1 && second > SOUND_FRAME);
	sound_free(&sound);
}

static void test_voice_tells_when_sound_never_comes(void **state)
{
	(void)state;
	now.mono_ms = voice_deadline(voice) - 1;
	voice_tick(voice, now);
	CHECK(next().kind == VOICE_NOTHING);
	CHECK(now.mono_ms - 1000 >= 5000); /* late sound is not a fault */
	now.mono_ms++;
	voice_tick(voice, now);
	CHECK(next().kind == VOICE_STALLED);
	voice_tick(voice, now);
	CHECK(next().kind == VOICE_NOTHING && voice_deadline(voice) == WHEN_NEVER);
}

static void test_voice_tells_when_sound_stops(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++)
		pass('\0', NULL, 0);
	CHECK(next().kind == VOICE_NOTHING);
	now.mono_ms += VOICE_NEXT_MS;
	voice_tick(voice, now);
	CHECK(next().kind == VOICE_STALLED);
}

static void test_voice_tells_when_nothing_is_taken(void **state)
{
	int16_t frame[SOUND_FRAME] = { 0 };

	(void)state;
	for (int i = 0; i < 24; i++) {
		now.mono_ms += 20;
		voice_tick(voice, now);
		voice_feed(voice, (struct span){ (const char *)frame, sizeof frame }, now);
		voice_blocked(voice, now);
	}
	CHECK(next().kind == VOICE_NOTHING);
	voice_wrote(voice, 10); /* it takes a little: begins anew */
	voice_blocked(voice, now);
	now.mono_ms += VOICE_BLOCK_MS - 1;
	voice_tick(voice, now);
	CHECK(next().kind == VOICE_NOTHING);
	now.mono_ms++;
	voice_tick(voice, now);
	CHECK(next().kind == VOICE_STALLED);
}

static void test_voice_closed_takes_and_gives_nothing(void **state)
{
	int16_t frame[SOUND_FRAME] = { 0 };

	(void)state;
	pass('\0', NULL, 0);
	voice_close(voice);
	voice_feed(voice, (struct span){ (const char *)frame, sizeof frame }, now);
	now.mono_ms += 60000;
	voice_tick(voice, now);
	CHECK(voice_output(voice).len == 0 && next().kind == VOICE_NOTHING);
	CHECK(voice_deadline(voice) == WHEN_NEVER);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_voice_gives_a_frame_for_each_it_reads),
		TEST(test_voice_takes_any_pieces),
		TEST(test_voice_hears_keys_while_it_speaks),
		TEST(test_voice_stops_and_is_replaced_at_once),
		TEST(test_voice_keeps_200_ms_at_most),
		TEST(test_voice_tells_when_sound_never_comes),
		TEST(test_voice_tells_when_sound_stops),
		TEST(test_voice_tells_when_nothing_is_taken),
		TEST(test_voice_closed_takes_and_gives_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
