/* Signal and temperature, hour by hour: an antenna that fades is told against its own past, long before texts get lost
 * (FIELD.md J5). */
#include <sqlite3.h>

#include "tests/core/stage.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

static const char config[] =
	"gateway = \"Tocsin\"; country = \"1\"; default_rotation = \"platform\";\n"
	"operators = [ \"carol\" ];\n"
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n"
	"  { name = \"carol\"; numbers = ( { number = \"+15550100003\"; } ); } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\", \"carol\" ];\n"
	"  starts = \"2026-01-05 10:00\"; } );\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\"; } );\n";

static struct stage stage;

static int set_up(void **state)
{
	(void)state;
	STAGE_OPEN(&stage, config, STAGE_MONDAY, "modem alpha +15550009001 quectel signal 20",
		   "phone ada +15550100001 ignores", "phone carol +15550100003 ignores");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_close(&stage);
	return 0;
}

static bool shows(const char *request, const char *words)
{
	STAGE_ASK(&stage, request);
	return stage_says(&stage, words);
}

/* One answer about the whole table. */
static int64_t ask_store(const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	int64_t value;

	CHECK(sqlite3_open_v2(stage.path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK);
	CHECK(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK);
	CHECK(sqlite3_step(stmt) == SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return value;
}

static void test_radio_is_kept_hour_by_hour(void **state)
{
	(void)state;
	stage_line(&stage, "modem alpha temperature 41");
	stage_run(&stage, 5 * HOUR_MS);
	stage_line(&stage, "modem alpha signal 10");
	stage_run(&stage, 6 * HOUR_MS);
	CHECK(ask_store("SELECT count(*) FROM radio") >= 9);
	CHECK(ask_store("SELECT count(*) FROM radio") <= 11);
	CHECK(ask_store("SELECT max(signal_max) FROM radio") == -73);
	CHECK(ask_store("SELECT min(signal_min) FROM radio") == -93);
	CHECK(ask_store("SELECT min(signals) FROM radio WHERE hour > "
			"(SELECT min(hour) FROM radio)") >= 5);
	CHECK(ask_store("SELECT max(heat_max) FROM radio") == 41);
	CHECK(shows("modems", "\"temperature_c\":41"));
}

/* A decibel a day. */
static void test_radio_that_fades_is_told(void **state)
{
	char line[40];
	int lost_db = 0;

	(void)state;
	stage_run(&stage, 16 * DAY_MS);
	CHECK(shows("modems", "\"signal_usual_dbm\":-73,\"signal_trend_db\":0"));
	CHECK(!shows("faults", "signal.fading"));
	while (lost_db < 24 && !shows("faults", "signal.fading")) {
		lost_db += 2;
		snprintf(line, sizeof line, "modem alpha signal %d", 20 - lost_db / 2);
		stage_line(&stage, line);
		stage_run(&stage, 2 * DAY_MS);
	}
	CHECK(lost_db >= 6 && lost_db <= 12);
	CHECK(stage_seen(&stage, SIM_TEXTED, "carol", "much weaker than it used to be", 0) >= 1);
	/* what is usual is known over a restart */
	stage_restart(&stage);
	stage_run(&stage, HOUR_MS);
	CHECK(shows("faults", "signal.fading"));
	/* the antenna is put right */
	stage_line(&stage, "modem alpha signal 20");
	stage_run(&stage, 6 * HOUR_MS);
	CHECK(!shows("faults", "signal.fading"));
}

static void test_radio_antenna_that_comes_off_is_told_soon(void **state)
{
	(void)state;
	stage_run(&stage, 8 * DAY_MS);
	stage_line(&stage, "modem alpha signal 5");
	stage_run(&stage, 4 * HOUR_MS);
	CHECK(shows("faults", "signal.fading"));
}

/* A signal that goes up and down by the hour is no trend. */
static void test_radio_that_wavers_is_not_told(void **state)
{
	char line[40];

	(void)state;
	for (int hour = 0; hour < 24 * 20; hour++) {
		snprintf(line, sizeof line, "modem alpha signal %d", 17 + hour * 7 % 5);
		stage_line(&stage, line);
		stage_run(&stage, HOUR_MS);
		CHECK(!shows("faults", "signal.fading"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_radio_is_kept_hour_by_hour, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_radio_that_fades_is_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_radio_antenna_that_comes_off_is_told_soon,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_radio_that_wavers_is_not_told, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
