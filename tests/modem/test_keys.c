#include <string.h>

#include "base/span.h"
#include "modem/keys.h"
#include "tests/support/unit.h"

/* What is told, and when: "m4@100 t4@150" is 4 by the modem, then by the host's tones. */
static const struct {
	const char *name, *told, *pressed;
} rows[] = {
	{ "one detector", "m4@0 m7@900", "47" },
	{ "the other", "t4@0 t7@900", "47" },
	{ "both, the host first", "t4@0 m4@90 t7@900 m7@1400", "47" },
	{ "both, the modem first", "m4@0 t4@30 m7@900 t7@930", "47" },
	{ "the modem lags behind the next key", "t4@0 t7@300 m4@400 m7@700", "47" },
	{ "too late to be the same", "t4@0 m4@601", "44" },
	{ "just in time", "t4@0 m4@600", "4" },
	{ "the modem says it twice", "m4@0 m4@180 m7@900 m7@1000", "47" },
	{ "a long tone, repeated all along", "m4@0 m4@200 m4@400 m4@600 t4@610", "4" },
	{ "pressed twice, both hear both", "t4@0 m4@60 t4@400 m4@460", "44" },
	{ "pressed twice, the modem hears one", "t4@0 t4@400 m4@460", "44" },
	{ "one misses the first, one the second", "t4@0 m7@700", "47" },
	{ "different keys at once", "m4@0 t7@0", "47" },
};

static void test_keys_one_press_counts_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct keys keys = { 0 };
		struct span rest = span_of(rows[i].told);
		struct span word;
		char pressed[20] = "";
		size_t count = 0;

		while ((word = span_word(&rest)).len > 0) {
			enum keys_source source = word.at[0] == 'm' ? KEYS_OF_MODEM : KEYS_OF_TONES;
			int64_t at;

			CHECK(span_int(span_skip(word, 3), &at));
			if (keys_press(&keys, source, word.at[1], (struct when){ 1000 + at, 0 }))
				pressed[count++] = word.at[1];
		}
		CHECK_ROW(strcmp(pressed, rows[i].pressed) == 0, rows[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_one_press_counts_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
