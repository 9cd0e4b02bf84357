/* The real programs: two people are called at once, hear the host's voice and key in tones that the host hears. */
#include <string.h>

#include "tests/support/bed.h"
#include "tests/support/two_calls.h"
#include "tests/support/unit.h"

#define LIMIT_MS 100 /* on a machine that is busy with other tests; make bench wants 10 */

static void test_two_calls_at_once_with_sound(void **state)
{
	struct two_calls figures;

	(void)state;
	CHECK(two_calls("sound", &figures));
	printf("# figures: two calls with sound: %d questions meanwhile, p99 %.1f ms; %.1f %% of a "
	       "core a call\n",
	       figures.asked, figures.p99_ms, figures.percent);
	CHECK(figures.p99_ms < LIMIT_MS);
}

/* ---- a voice of one's own that is of no use ---- */

static const char config[] =
	"country = \"1\"; socket = \"tocsin.sock\"; database = \"tocsin.db\";\n"
	"default_rotation = \"platform\"; operators = [ \"ada\" ];\n"
	"severities = ( { name = \"sev-1\"; call_at_once = true; } );\n"
	"default_severity = \"sev-1\";\n"
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\" ]; slots = [ \"primary\" ];\n"
	"  starts = \"2026-01-05 10:00\"; shift = \"366 days\"; } );\n"
	"policies = ( { name = \"one\"; steps = ( { to = [ \"target\" ]; } ); } );\n"
	"speech_command = \"echo no such voice >&2; exit 3\";\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; audio = \"sim/alpha-pcm\"; } );\n";

static const char world[] = "modem alpha +15550100090 quectel pcm on\n"
			    "phone ada +15550100001 answers after 1s\n";

static bool logged(struct bed *bed, const char *words)
{
	int64_t deadline = bed_now() + 30000;
	bool found = false;

	while (!found && bed_now() < deadline) {
		struct buf log = { 0 };

		found = bed_read("tocsind.log", &log) && strstr(buf_text(&log), words) != NULL;
		buf_free(&log);
		bed_look(bed);
	}
	if (!found)
		fprintf(stderr, "never logged: %s\n", words);
	return found;
}

static bool page_until_the_fallback(struct bed *bed)
{
	int64_t deadline = bed_now() + 30000;
	json_t *answer;

	while (!logged(bed, "modem.ready") && bed_now() < deadline)
		;
	answer = bed_ask("{\"command\":\"page\",\"message\":\"db1\",\"request\":\"r1\"}");
	json_decref(answer);
	return answer != NULL &&
	       logged(bed, "speech_command: it ended with status 3: no such voice; the built-in "
			   "voice speaks") &&
	       logged(bed, "call.answered");
}

static bool fallback(size_t index, void *shared)
{
	struct bed bed;
	bool good;

	(void)index, (void)shared;
	good = bed_open(&bed, "voice", config, world) && bed_start(&bed) &&
	       page_until_the_fallback(&bed);
	good = bed_stop(&bed) && good;
	bed_close(&bed);
	return good;
}

static void test_a_voice_that_fails_is_told_and_the_other_speaks(void **state)
{
	(void)state;
	CHECK(bed_lanes(1, fallback, NULL) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_voice_that_fails_is_told_and_the_other_speaks),
		cmocka_unit_test(test_two_calls_at_once_with_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
