/* How sends end and what follows (DESIGN.md 5, MODEMS.md 3.5 and 3.6; FIELD.md B5, B6, C8, C9, D1). */
#include "tests/core/stage.h"

#define MINUTE_MS 60000

static const char config[] =
	"gateway = \"Tocsin\"; country = \"1\"; default_rotation = \"platform\";\n"
	"operators = [ \"dave\" ]; times = { bundle = \"0 s\"; };\n"
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n"
	"  { name = \"bob\"; numbers = ( { number = \"+15550100002\"; kinds = [ \"sms\" ]; } ); },\n"
	"  { name = \"carol\"; numbers = ( { number = \"+15550100003\"; } ); },\n"
	"  { name = \"dave\"; numbers = ( { number = \"+15550100004\"; } ); } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\", \"carol\" ];\n"
	"  starts = \"2026-01-05 10:00\"; } );\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\"; },\n"
	"  { name = \"beta\"; port = \"sim/beta\"; number = \"+15550009002\"; } );\n";

static struct stage stage;

static int set_up(void **state)
{
	(void)state;
	STAGE_OPEN(&stage, config, STAGE_MONDAY, "modem alpha +15550009001 quectel",
		   "modem beta +15550009002 quectel", "phone ada +15550100001 ignores",
		   "phone bob +15550100002 ignores", "phone carol +15550100003 ignores",
		   "phone dave +15550100004 ignores");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_close(&stage);
	return 0;
}

/* Texts that reached this phone from this modem since then. */
static size_t got(const char *who, const char *words, int modem, int64_t since)
{
	size_t count = 0;

	for (size_t i = 0; i < stage.world.sighting_count; i++) {
		const struct sim_event *event = &stage.world.sightings[i].event;

		count += event->kind == SIM_TEXTED && event->modem == modem &&
			 event->mono_ms >= since && strcmp(event->name, who) == 0 &&
			 strstr(event->text, words) != NULL;
	}
	return count;
}

/* Milliseconds from `since` to the first text with these words at this phone; -1: none. */
static int64_t first_at(const char *who, const char *words, int64_t since)
{
	for (size_t i = 0; i < stage.world.sighting_count; i++) {
		const struct sim_event *event = &stage.world.sightings[i].event;

		if (event->kind == SIM_TEXTED && event->mono_ms >= since &&
		    strcmp(event->name, who) == 0 && strstr(event->text, words) != NULL)
			return event->mono_ms - since;
	}
	return -1;
}

static void test_outcomes_unknown_ends_are_capped_and_spaced(void **state)
{
	int64_t since = stage.world.now.mono_ms;

	(void)state;
	stage_line(&stage, "modem alpha loses 99 results");
	stage_line(&stage, "modem beta loses 99 results");
	STAGE_ASK(&stage, "page", "message", "db1 down", "to", "bob");
	stage_run(&stage, 25000);
	CHECK(got("bob", "db1 down", 0, since) == 1 && got("bob", "db1 down", 1, since) == 1);
	stage_run(&stage, 4 * MINUTE_MS);
	CHECK(got("bob", "db1 down", 0, since) == 2 && got("bob", "db1 down", 1, since) == 2);
}

static void test_outcomes_one_bad_recipient_delays_nobody(void **state)
{
	int64_t since = stage.world.now.mono_ms;

	(void)state;
	stage_line(&stage, "modem beta unplugged");
	stage_line(&stage, "modem alpha refuses 99 sends with 38");
	STAGE_ASK(&stage, "page", "message", "to the one that fails", "to", "bob");
	stage_line(&stage, "modem alpha refuses 0 sends with 38");
	STAGE_ASK(&stage, "page", "message", "to the other", "to", "carol");
	stage_run(&stage, 10000);
	CHECK(first_at("carol", "to the other", since) >= 0);
	CHECK(first_at("carol", "to the other", since) < 10000);
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGED(test_outcomes_unknown_ends_are_capped_and_spaced),
		STAGED(test_outcomes_one_bad_recipient_delays_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
