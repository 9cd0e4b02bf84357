/* No ack by text is lost, whatever the modem does to its notice, its place or its listing: found in time, counted once,
 * taken out.  Rows of MODEMS.md 8, FIELD.md B4, C3, C5, C11. */
#include "modem/sim/sim_world.h"
#include "tests/core/stage.h"

#define MINUTE_MS INT64_C(60000)

static const char config[] =
	"gateway = \"Tocsin\"; country = \"1\"; default_rotation = \"platform\";\n"
	"operators = [ \"carol\" ];\n"
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n"
	"  { name = \"carol\"; numbers = ( { number = \"+15550100003\"; } ); } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\", \"carol\" ];\n"
	"  starts = \"2026-01-05 10:00\"; } );\n"
	"policies = ( { name = \"calm\"; steps = ( { to = [ \"target\" ]; wait = \"30 min\"; } ); "
	"} );\n"
	"times = { call_after = \"10 min\"; };\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\"; } );\n";

static struct stage stage;

struct story {
	const char *row;     /* of MODEMS.md 8, or of FIELD.md */
	const char *family;  /* of the modem */
	const char *trouble; /* "modem alpha …", parted by newlines, once the page's text is out */
	int64_t within_ms;   /* from her answer to the ack */
	bool stays;          /* her text cannot be got out of the modem */
};

static const struct story stories[] = {
	{ "all well", "quectel", "", 1000, false },
	{ "13 lost", "quectel", "modem alpha loses 1 notice", 16000, false },
	{ "13 doubled", "simcom", "modem alpha notices doubled", 1000, false },
	{ "13 indexless", "quectel", "modem alpha notices indexless", 2000, false },
	{ "13 misplaced", "generic", "modem alpha notices misplaced", 16000, false },
	{ "14 late counters", "huawei", "modem alpha counters late 5s\nmodem alpha loses 1 notice",
	  16000, false },
	{ "15 joined", "quectel", "modem alpha listing joined\nmodem alpha loses 1 notice", 16000,
	  false },
	{ "15 miscounted", "quectel", "modem alpha listing miscounted\nmodem alpha loses 1 notice",
	  16000, false },
	{ "15 stateless", "quectel", "modem alpha listing stateless\nmodem alpha loses 1 notice",
	  16000, false },
	{ "24 on another port", "simcom", "modem alpha notices elsewhere", 16000, false },
	{ "24 Quectel", "quectel", "modem alpha notices elsewhere", 16000, false },
	{ "25, 28 a storm of notices", "huawei", "modem alpha noise every 5ms", 3000, false },
	{ "29 deaf, and says this and that", "huawei",
	  "modem alpha deaf for 20s\nmodem alpha noise every 100ms for 20s", 60000, false },
	{ "30 restarts by itself", "quectel", "modem alpha reboots", 40000, false },
	{ "30 and says nothing of it", "ublox", "modem alpha reboots", 40000, false },
	{ "33 junk before it", "simcom", "modem alpha storage ME full", 20000, false },
	{ "37 autobauding", "simcom", "modem alpha autobaud 5\nmodem alpha reboots", 60000, false },
	{ "45 sleeps", "generic", "modem alpha sleeps 2s", 31000, false },
	{ "B4 settings lost", "quectel", "modem alpha forgets settings", 31000, false },
	{ "B4 another family", "simcom", "modem alpha forgets settings", 31000, false },
	{ "C3 ten of ten", "generic", "modem alpha storage 10\nmodem alpha storage SM full", 31000,
	  false },
	{ "C5 deletes nothing", "simcom", "modem alpha deletes nothing", 1000, true },
	{ "C5 deletes nothing, unannounced", "quectel",
	  "modem alpha deletes nothing\nmodem alpha loses 1 notice", 16000, true },
	{ "places that shift", "huawei", "modem alpha indices shift", 1000, false },
};

static void order(const char *lines)
{
	struct span rest = span_of(lines);
	char line[80];

	while (rest.len > 0) {
		span_copy(span_cut(&rest, '\n'), line, sizeof line);
		stage_line(&stage, line);
	}
}

static bool acked(void)
{
	STAGE_ASK(&stage, "show", "id", "p1");
	return stage_says(&stage, "\"state\":\"acked\"");
}

static size_t left(void)
{
	const struct sim_modem *m = stage.world.sim->modems[0];

	return sim_sms_used(&m->stores[0]) + sim_sms_used(&m->stores[1]);
}

static void play(const struct story *story)
{
	char modem[60];
	int64_t began;

	snprintf(modem, sizeof modem, "modem alpha +15550009001 %s", story->family);
	STAGE_OPEN(&stage, config, STAGE_MONDAY, modem, "phone ada +15550100001 ignores",
		   "phone carol +15550100003 ignores");
	stage_run(&stage, 2 * MINUTE_MS);
	STAGE_ASK(&stage, "page", "message", "db1 down");
	stage_run(&stage, 7000);
	CHECK_ROW(stage_seen(&stage, SIM_TEXTED, "ada", "db1 down", 0) == 1, story->row);
	order(story->trouble);
	stage_run(&stage, 1000);
	stage_line(&stage, "phone ada texts \"ACK\" to alpha");
	began = stage.world.now.mono_ms;
	while (!acked() && stage.world.now.mono_ms - began < 5 * MINUTE_MS)
		stage_run(&stage, 500);
	if (stage.world.now.mono_ms - began > story->within_ms)
		print_error("after %lld ms\n", (long long)(stage.world.now.mono_ms - began));
	CHECK_ROW(stage.world.now.mono_ms - began <= story->within_ms, story->row);
	/* once, and nothing stays behind */
	stage_run(&stage, 10 * MINUTE_MS);
	CHECK_ROW(stage_seen(&stage, SIM_TEXTED, "ada", "yours", 0) == 1, story->row);
	CHECK_ROW((left() == 0) != story->stays, story->row);
	STAGE_ASK(&stage, "faults");
	CHECK_ROW(stage_says(&stage, "storage.stuck") == story->stays, story->row);
	stage_close(&stage);
}

static void test_inbound_finds_every_ack(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(stories); i++)
		play(&stories[i]);
}

/* It does not hear what comes first after a pause: after two losses that is known, and costs a second. */
static void test_inbound_modem_that_sleeps_is_known(void **state)
{
	int64_t began;

	(void)state;
	STAGE_OPEN(&stage, config, STAGE_MONDAY, "modem alpha +15550009001 generic",
		   "phone ada +15550100001 ignores", "phone carol +15550100003 ignores");
	stage_line(&stage, "modem alpha sleeps 2s");
	stage_run(&stage, 10 * MINUTE_MS);
	began = stage.world.now.mono_ms;
	STAGE_ASK(&stage, "page", "message", "db1 down");
	stage_run(&stage, 2000);
	CHECK(stage_seen(&stage, SIM_TEXTED, "ada", "db1 down", began) == 1);
	stage_run(&stage, 20000);
	stage_line(&stage, "phone ada texts \"ACK\" to alpha");
	stage_run(&stage, 17000);
	CHECK(acked());
	stage_close(&stage);
}

/* ---- C11: a SIM that is not there at once -------------------------------- */

static void test_inbound_sim_that_takes_its_time(void **state)
{
	static const struct {
		const char *trouble;
		bool soon, ever;
	} rows[] = {
		{ "modem alpha sim busy for 5s\nmodem alpha reboots", true, true },
		{ "modem alpha sim busy for 90s\nmodem alpha reboots", false, true },
		{ "modem alpha sim failure for 40s\nmodem alpha reboots", false, true },
		{ "modem alpha sim absent for 60s\nmodem alpha reboots", false, true },
		{ "modem alpha sim failure\nmodem alpha reboots", false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		STAGE_OPEN(&stage, config, STAGE_MONDAY, "modem alpha +15550009001 quectel",
			   "phone ada +15550100001 ignores", "phone carol +15550100003 ignores");
		order(rows[i].trouble);
		stage_run(&stage, 30000);
		STAGE_ASK(&stage, "modems");
		CHECK_ROW(stage_says(&stage, "\"state\":\"ready\"") == rows[i].soon,
			  rows[i].trouble);
		stage_run(&stage, 90000);
		STAGE_ASK(&stage, "modems");
		CHECK_ROW(stage_says(&stage, "\"state\":\"ready\"") == rows[i].ever,
			  rows[i].trouble);
		CHECK_ROW(rows[i].ever || stage_says(&stage, "the SIM does not get ready"),
			  rows[i].trouble);
		stage_close(&stage);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inbound_finds_every_ack),
		cmocka_unit_test(test_inbound_modem_that_sleeps_is_known),
		cmocka_unit_test(test_inbound_sim_that_takes_its_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
