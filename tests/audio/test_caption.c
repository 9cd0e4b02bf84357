#include <string.h>

#include "audio/caption.h"
#include "audio/signal.h"
#include "audio/tones.h"
#include "tests/support/unit.h"

static const char text[] =
	"This is Tocsin, the pager, for Ada Ash. To take it, press 4, then 7. *#?";

static struct sound line;

/* From this sample on. */
static const char *heard(size_t from, bool *ended)
{
	static char all[300];
	struct buf out = { 0 };
	struct caption_ear *ear;
	struct err err;

	CHECK(caption_ear_new(&ear, &err) == 0);
	*ended = false;
	for (size_t i = from; i + SOUND_FRAME <= line.count; i += SOUND_FRAME)
		*ended = caption_hear(ear, line.at + i, SOUND_FRAME, &out) || *ended;
	caption_ear_free(ear);
	span_copy(buf_span(&out), all, sizeof all);
	buf_free(&out);
	return all;
}

static int setup(void **state)
{
	static const int16_t nothing[4000];
	struct err err;

	(void)state;
	CHECK(sound_add(&line, nothing, 2000) == 0);
	CHECK(caption_make(&line, span_of(text), &err) == 0);
	CHECK(sound_add(&line, nothing, COUNT_OF(nothing)) == 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sound_free(&line);
	return 0;
}

static void test_caption_is_understood_and_takes_its_time(void **state)
{
	bool ended;

	(void)state;
	CHECK(strcmp(heard(0, &ended), text) == 0 && ended);
	CHECK(line.count > sizeof text * SOUND_MS(60) && line.count < sizeof text * SOUND_MS(120));
}

static void test_caption_is_understood_in_noise(void **state)
{
	uint64_t random = 1;
	bool ended;

	(void)state;
	signal_add_noise(line.at, line.count, -31, &random);
	CHECK(strcmp(heard(0, &ended), text) == 0);
}

/* Who comes in late misses the beginning, and understands the rest. */
static void test_caption_cut_off_is_not_heard(void **state)
{
	static const char rest[] = "take it, press 4, then 7. *#?";

	(void)state;
	for (size_t late = SOUND_MS(800); late < SOUND_MS(3000); late += SOUND_MS(137)) {
		bool ended;
		const char *all = heard(late, &ended);

		CHECK(strlen(all) < strlen(text));
		CHECK(strlen(all) > strlen(rest) &&
		      strcmp(all + strlen(all) - strlen(rest), rest) == 0);
	}
}

static void test_caption_is_no_key(void **state)
{
	struct tones *tones;
	struct tone heard_tones[TONES_MAX];
	struct err err;

	(void)state;
	CHECK(tones_new(&tones, &err) == 0);
	for (size_t i = 0; i + SOUND_FRAME <= line.count; i += SOUND_FRAME)
		CHECK(tones_hear(tones, line.at + i, SOUND_FRAME, heard_tones) == 0);
	tones_free(tones);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_caption_is_understood_and_takes_its_time),
		TEST(test_caption_is_understood_in_noise),
		TEST(test_caption_cut_off_is_not_heard),
		TEST(test_caption_is_no_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
