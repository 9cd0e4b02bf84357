/* Sound cards: what can be tested without one.  The card is ALSA's "null", which takes and gives silence. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audio/halve.h"
#include "audio/signal.h"
#include "ports/card.h"
#include "ports/pcm.h"
#include "tests/support/unit.h"

/* A tone comes through both ways as loud as it was; what 8 kHz cannot carry does not. */
static void test_halve_keeps_what_a_telephone_carries(void **state)
{
	static int16_t high[16000], low[8000], back[16000];
	struct halve down = { 0 }, up = { 0 };

	(void)state;
	for (size_t i = 0; i < 16000; i++)
		high[i] = (int16_t)lrint(8000 * sin(2 * M_PI * 1000 * (double)i / 16000));
	for (size_t i = 0; i < 16000; i += 320) { /* in pieces, as it flows */
		halve_down(&down, high + i, 320, low + i / 2);
		halve_up(&up, low + i / 2, 160, back + i);
	}
	CHECK(fabs(sound_level(low + 800, 7200) - sound_level(high, 8000)) < 0.2);
	CHECK(fabs(sound_level(back + 1600, 14400) - sound_level(high, 8000)) < 0.2);
	for (size_t i = 0; i < 16000; i++)
		high[i] = (int16_t)lrint(8000 * sin(2 * M_PI * 5500 * (double)i / 16000));
	halve_down(&down, high, 16000, low);
	CHECK(sound_level(low + 800, 7200) < -25);
}

static void test_card_is_named_by_its_prefix(void **state)
{
	(void)state;
	CHECK(card_is("alsa:hw:Android") && !card_is("/dev/ttyUSB1") && !card_is(""));
	CHECK(pcm_found("alsa:no such card") == DEVICE_SOUND_NONE);
	CHECK(pcm_found("") == DEVICE_SOUND_NONE && pcm_found("/nonexistent") == DEVICE_SOUND_NONE);
}

#ifdef WITH_ALSA

static void test_card_takes_and_gives_frames(void **state)
{
	struct card *card;
	struct err err = { 0 };
	int16_t frame[SOUND_FRAME];

	(void)state;
	CHECK(card_open(&card, "alsa:null", &err) == 0);
	CHECK(card_fd(card) >= 0 && card_rate(card) == SOUND_RATE);
	for (int i = 0; i < 50; i++) {
		memset(frame, 1, sizeof frame);
		CHECK(card_read(card, frame, sizeof frame) == sizeof frame);
		CHECK(frame[0] == 0 && frame[SOUND_FRAME - 1] == 0);
		CHECK(card_write(card, frame, sizeof frame) == sizeof frame);
	}
	card_close(card);
	CHECK(pcm_found("alsa:null") == DEVICE_SOUND_CARD);
}

static void test_card_that_is_not_there_is_told(void **state)
{
	struct card *card;
	struct err err = { 0 };

	(void)state;
	CHECK(card_open(&card, "alsa:hw:NoSuchCard", &err) < 0 && err.code == ERR_SYSTEM);
	CHECK(strstr(err.text, "NoSuchCard") != NULL);
}

#else

static void test_card_needs_another_build(void **state)
{
	struct card *card;
	struct err err = { 0 };

	(void)state;
	CHECK(card_open(&card, "alsa:null", &err) < 0);
	CHECK(strstr(err.text, "ALSA=1") != NULL);
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_halve_keeps_what_a_telephone_carries),
		cmocka_unit_test(test_card_is_named_by_its_prefix),
#ifdef WITH_ALSA
		cmocka_unit_test(test_card_takes_and_gives_frames),
		cmocka_unit_test(test_card_that_is_not_there_is_told),
#else
		cmocka_unit_test(test_card_needs_another_build),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
