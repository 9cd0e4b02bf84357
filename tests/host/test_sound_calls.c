/* People who key by real tones in a line as bad as mobile lines are: the host's ear alone hears them, and their page is acked in
 * that call. */
#include "tests/host/calls_bench.h"

struct line {
	const char *words; /* of the modem */
	int some, all;     /* calls */
	int least;         /* of 1000, when all of them are made */
};

static bool acked(struct world *world)
{
	calls_ask(world, "show", "id", "p1");
	return strstr(buf_text(&world->answer.json), "\"state\":\"acked\"") != NULL;
}

/* Is it acked by keys before the second call? */
static bool one(const char *words, uint64_t seed)
{
	static struct world world;
	char modem[120];
	bool good;

	snprintf(modem, sizeof modem, "quectel pcm on dtmf missing %s", words);
	calls_begin(&world, seed, modem, "answers after 4s presses challenge");
	calls_advance(&world, 5000);
	calls_ask(&world, "page", "message", "db1 is down");
	for (int s = 0; s < 70; s += 2) {
		calls_advance(&world, 2000);
		good = acked(&world);
		if (good)
			break;
	}
	world_deinit(&world);
	return good;
}

static void test_keys_in_bad_lines_ack(void **state)
{
	static const struct line lines[] = {
		{ "line gsm snr 15 tones 100ms", 12, 500, 990 },
		{ "line gsm snr 15 tones 60ms", 8, 500, 950 },
		{ "line amr snr 15 tones 100ms", 4, 100, 990 },
		{ "line amr-low snr 15 tones 150ms", 4, 100, 900 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		int calls = calls_many(lines[i].some, lines[i].all);
		int good = 0;

		for (int c = 0; c < calls; c++)
			good += one(lines[i].words, (uint64_t)c + 1);
		printf("# figures: %s: acked in %d of %d calls\n", lines[i].words, good, calls);
		/* of a few, one may fail that is one of hundreds */
		CHECK_ROW(good * 1000 >= lines[i].least * (calls - (calls < 100)), lines[i].words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_in_bad_lines_ack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
