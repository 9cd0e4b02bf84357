/* What is wrong is said in plain words to whom it concerns: one path in waking hours and once a day, no path at once
 * (FIELD.md J4, W18). */
#include "tests/core/stage.h"

#define MINUTE_MS 60000
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

static const char config[] =
	"gateway = \"Tocsin\"; country = \"1\"; default_rotation = \"platform\";\n"
	"operators = [ \"carol\" ]; catch_all = [ \"dave\" ]; waking_hours = \"08:00-20:00\";\n"
	"last_resort_command = \"true\";\n"
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n"
	"  { name = \"bob\"; numbers = ( { number = \"+15550100002\"; } ); },\n"
	"  { name = \"carol\"; numbers = ( { number = \"+15550100003\"; } ); },\n"
	"  { name = \"dave\"; numbers = ( { number = \"+15550100004\"; } ); } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\", \"bob\" ];\n"
	"  starts = \"2026-01-05 10:00\"; } );\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\"; },\n"
	"  { name = \"beta\"; port = \"sim/beta\"; number = \"+15550009002\"; } );\n";

static struct stage stage;

static void open_at(int64_t utc_s)
{
	STAGE_OPEN(&stage, config, utc_s, "modem alpha +15550009001 quectel",
		   "modem beta +15550009002 simcom", "modem beta operator 00102",
		   "phone ada +15550100001 ignores", "phone bob +15550100002 ignores",
		   "phone carol +15550100003 ignores", "phone dave +15550100004 ignores");
}

static int set_up(void **state)
{
	(void)state;
	open_at(STAGE_MONDAY);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_close(&stage);
	return 0;
}

static size_t told(const char *words)
{
	return stage_seen(&stage, SIM_TEXTED, "carol", words, 0);
}

static size_t rung(const char *who)
{
	return stage_seen(&stage, SIM_RINGS, who, "", 0);
}

static void test_faults_one_path_is_a_text_by_day_and_again_the_next(void **state)
{
	(void)state;
	stage_line(&stage, "modem alpha unplugged");
	stage_run(&stage, 2 * MINUTE_MS);
	CHECK(told("") == 0); /* it may come back */
	stage_run(&stage, 2 * MINUTE_MS);
	CHECK(told("Modem alpha is not there") == 1);
	stage_run(&stage, 20 * HOUR_MS);
	CHECK(told("") == 1);
	stage_run(&stage, 5 * HOUR_MS);
	CHECK(told("Modem alpha is not there") == 2);
	stage_line(&stage, "modem alpha plugged");
	stage_run(&stage, 22 * HOUR_MS);
	CHECK(told("Over: ") == 0);
	stage_run(&stage, 2 * HOUR_MS);
	CHECK(told("Over: Modem alpha is not there") == 1);
	stage_run(&stage, 3 * DAY_MS);
	CHECK(told("") == 3);
	CHECK(rung("carol") == 0);
}

static void test_faults_one_path_at_night_waits_for_the_morning(void **state)
{
	(void)state;
	stage_close(&stage);
	open_at(STAGE_MONDAY + 12 * 3600); /* 22:00 */
	stage_line(&stage, "modem alpha registration denied");
	stage_run(&stage, 9 * HOUR_MS + 55 * MINUTE_MS);
	CHECK(told("") == 0);
	STAGE_ASK(&stage, "faults");
	CHECK(stage_says(&stage, "\"path.denied\"") && stage_says(&stage, "barred, expired or"));
	stage_run(&stage, 10 * MINUTE_MS);
	CHECK(told("The network refuses the SIM of modem alpha") == 1);
}

static void test_faults_several_are_one_text(void **state)
{
	(void)state;
	stage_close(&stage);
	open_at(STAGE_MONDAY + 12 * 3600);
	stage_line(&stage, "modem alpha registration denied");
	stage_line(&stage, "modem alpha deletes nothing");
	stage_line(&stage, "modem alpha storage full");
	stage_run(&stage, 11 * HOUR_MS);
	CHECK(told("") == 1 && told("3 faults, see tocsin faults: ") == 1);
	CHECK(told("alpha path.denied") == 1 && told("alpha storage.half") == 1);
	CHECK(told("alpha storage.stuck") == 1);
}

static void test_faults_flapping_for_a_week_is_one_summary_a_day(void **state)
{
	(void)state;
	for (int day = 0; day < 7; day++)
		for (int flap = 0; flap < 24; flap++) {
			stage_line(&stage, flap % 3 == 0   ? "modem alpha unplugged for 1m"
					   : flap % 3 == 1 ? "modem alpha registration lost for 5m"
							   : "modem alpha hangs for 9m");
			stage_run(&stage, HOUR_MS);
		}
	CHECK(told("") >= 6 && told("") <= 8);
	CHECK(told(" times.") + told("faults, see") >= 6); /* it says that it flaps */
	CHECK(rung("carol") == 0);
}

static void test_faults_no_path_is_a_page_and_the_last_resort(void **state)
{
	(void)state;
	stage_line(&stage, "network down");
	stage_run(&stage, MINUTE_MS);
	STAGE_ASK(&stage, "list");
	CHECK(stage_says(&stage, "\"pages\":[]"));
	stage_run(&stage, 90000);
	STAGE_ASK(&stage, "list");
	CHECK(stage_says(&stage, "No path is left: nobody can be paged."));
	STAGE_ASK(&stage, "status");
	CHECK(stage_says(&stage, "\"state\":\"failing\"") && stage_says(&stage, "paths.none"));
	stage_run(&stage, 5 * MINUTE_MS);
	stage_line(&stage, "network up");
	stage_run(&stage, 2 * MINUTE_MS);
	STAGE_ASK(&stage, "list"); /* it is over, and so is the page */
	CHECK(stage_says(&stage, "\"pages\":[]"));
	CHECK(told("resolved by tocsin. No path is left") == 1);
	STAGE_ASK(&stage, "faults");
	CHECK(stage_says(&stage, "\"faults\":[]"));
}

static void test_faults_a_restart_tells_nothing_twice(void **state)
{
	(void)state;
	stage_line(&stage, "modem alpha unplugged");
	stage_run(&stage, 10 * MINUTE_MS);
	CHECK(told("") == 1);
	for (int i = 0; i < 5; i++) {
		stage_restart(&stage);
		stage_run(&stage, 10 * MINUTE_MS);
	}
	CHECK(told("") == 1);
	STAGE_ASK(&stage, "faults");
	CHECK(stage_says(&stage, "path.absent"));
}

static void test_faults_store_failing_is_a_page_once(void **state)
{
	(void)state;
	stage.world.store_broken = true;
	STAGE_ASK(&stage, "page", "message", "db1 down", "to", "ada");
	stage_run(&stage, 2 * MINUTE_MS);
	CHECK(told("reply ACK") == 1 && rung("carol") >= 1);
	stage_line(&stage, "phone carol texts \"ACK\"");
	stage_run(&stage, 10 * MINUTE_MS);
	CHECK(told("reply ACK") == 1);
	stage.world.store_broken = false;
	stage_run(&stage, MINUTE_MS);
	STAGE_ASK(&stage, "faults");
	CHECK(stage_says(&stage, "\"faults\":[]"));
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGED(test_faults_one_path_is_a_text_by_day_and_again_the_next),
		STAGED(test_faults_one_path_at_night_waits_for_the_morning),
		STAGED(test_faults_several_are_one_text),
		STAGED(test_faults_flapping_for_a_week_is_one_summary_a_day),
		STAGED(test_faults_no_path_is_a_page_and_the_last_resort),
		STAGED(test_faults_a_restart_tells_nothing_twice),
		STAGED(test_faults_store_failing_is_a_page_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
