/* SIM cards over the life of a gateway: a PIN is tried once, whatever happens in between; a lost service centre costs no page;
 * a contract does not end unannounced.  FIELD.md C1, C2, C12. */
#include "modem/sim/sim_world.h"
#include "tests/core/stage.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

#define CONFIG(more)                                                                            \
	"gateway = \"Tocsin\"; country = \"1\"; default_rotation = \"platform\";\n"             \
	"operators = [ \"carol\" ]; proof = { every = \"0 s\"; };\n"                            \
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n"       \
	"  { name = \"carol\"; numbers = ( { number = \"+15550100003\"; } ); } );\n"            \
	"rotations = ( { name = \"platform\"; members = [ \"ada\", \"carol\" ];"                \
	" starts = \"2026-01-05 10:00\"; } );\n"                                                \
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\"; " more \
	" } );\n"

static struct stage stage;

static void open_with(const char *config, const char *card)
{
	const char *const lines[] = { "modem alpha +15550009001 quectel",
				      "phone ada +15550100001 ignores",
				      "phone carol +15550100003 ignores", card, NULL };

	stage_open(&stage, config, STAGE_MONDAY, lines);
}

static struct sim_modem *modem(void)
{
	return stage.world.sim->modems[0];
}

static bool ready(void)
{
	STAGE_ASK(&stage, "modems");
	return stage_says(&stage, "\"state\":\"ready\"");
}

static void restart(const char *config)
{
	struct err err = { 0 };

	stage_must(world_configure(&stage.world, span_of(config), "stage.cfg", &err) == 0, &err);
	stage_must(world_restart(&stage.world, &err) == 0, &err);
	stage_run(&stage, 3 * MINUTE_MS);
}

/* ---- C1 ---------------------------------------------------------------- */

#define WRONG CONFIG("pin = \"1111\";")
#define RIGHT CONFIG("pin = \"1234\";")

static void test_sims_wrong_pin_is_tried_once(void **state)
{
	static const struct {
		const char *card;
		int left, lost;
	} rows[] = { { "modem alpha sim pin 1234", 3, 1 },
		     { "modem alpha sim pin 1234 2 tries", 2, 1 },
		     { "modem alpha sim pin 1234 1 try", 1, 0 } };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		open_with(WRONG, rows[i].card);
		stage_run(&stage, 10 * MINUTE_MS);
		for (int k = 0; k < 3; k++)
			restart(WRONG);
		stage_line(&stage, "modem alpha reboots");
		stage_run(&stage, 3 * MINUTE_MS);
		stage_line(&stage, "modem alpha unplugged for 10s");
		stage_run(&stage, 3 * MINUTE_MS);
		CHECK_ROW(modem()->pin_tries == rows[i].left - rows[i].lost, rows[i].card);
		CHECK_ROW(!ready(), rows[i].card);
		CHECK_ROW(stage_says(&stage, rows[i].left == 3 ? "refused the configured PIN"
							       : "last one is not risked"),
			  rows[i].card);
		/* another card: the PIN is not meant for it */
		stage_line(&stage, "modem alpha sim swapped");
		stage_line(&stage, "modem alpha sim pin 9999 3 tries");
		stage_run(&stage, 3 * MINUTE_MS);
		restart(WRONG);
		CHECK_ROW(modem()->pin_tries == (rows[i].lost ? 3 : 2), rows[i].card);
		stage_close(&stage);
	}
}

static void test_sims_another_pin_is_a_new_try(void **state)
{
	(void)state;
	open_with(WRONG, "modem alpha sim pin 1234");
	stage_run(&stage, 3 * MINUTE_MS);
	CHECK(modem()->pin_tries == 2);
	STAGE_ASK(&stage, "faults");
	CHECK(stage_says(&stage, "\"sim.locked\""));
	restart(RIGHT);
	CHECK(ready());
	STAGE_ASK(&stage, "faults");
	CHECK(!stage_says(&stage, "\"sim.locked\""));
	stage_close(&stage);
}

static void test_sims_right_pin_opens_it_at_every_power_up(void **state)
{
	(void)state;
	open_with(RIGHT, "modem alpha sim pin 1234");
	for (int i = 0; i < 5; i++) {
		stage_run(&stage, 3 * MINUTE_MS);
		CHECK(ready());
		stage_line(&stage, "modem alpha reboots");
		if (i == 2)
			restart(RIGHT);
	}
	/* but into no other card */
	stage_line(&stage, "modem alpha sim swapped");
	stage_line(&stage, "modem alpha sim pin 9999 3 tries");
	stage_run(&stage, 3 * MINUTE_MS);
	CHECK(!ready() && modem()->pin_tries == 3);
	CHECK(stage_says(&stage, "not the SIM that the configured PIN"));
	stage_close(&stage);
}

/* The power goes at any commit, before or behind it. */
static void test_sims_power_cuts_cost_no_second_try(void **state)
{
	(void)state;
	for (uint64_t commit = 1; commit <= 12; commit++)
		for (int before = 0; before < 2; before++)
			for (int right = 0; right < 2; right++) {
				const char *config = right ? RIGHT : WRONG;

				open_with(config, "modem alpha sim pin 1234");
				stage.world.crash_commit = stage.world.commits + commit;
				stage.world.crash_before = before;
				stage_run(&stage, 3 * MINUTE_MS);
				stage.world.crash_commit = 0;
				restart(config);
				restart(config);
				CHECK(modem()->pin_tries == (right ? 3 : 2));
				CHECK(ready() == right);
				stage_close(&stage);
			}
}

static void test_sims_pin_waits_for_the_store(void **state)
{
	(void)state;
	open_with(WRONG, "");
	stage.world.store_broken = true;
	stage_line(&stage, "modem alpha sim pin 1234");
	stage_line(&stage, "modem alpha reboots");
	stage_run(&stage, 3 * MINUTE_MS);
	CHECK(modem()->pin_tries == 3);
	CHECK(!ready() && stage_says(&stage, "the store cannot remember"));
	stage.world.store_broken = false;
	stage_run(&stage, 3 * MINUTE_MS);
	CHECK(modem()->pin_tries == 2);
	/* one that was right before is no risk */
	restart(RIGHT);
	CHECK(ready());
	stage.world.store_broken = true;
	stage_line(&stage, "modem alpha reboots");
	stage_run(&stage, 3 * MINUTE_MS);
	CHECK(ready());
	stage_close(&stage);
}

/* ---- C12 --------------------------------------------------------------- */

static bool page_arrives(const char *words)
{
	int64_t since = stage.world.now.mono_ms;
	char id[8];

	STAGE_ASK(&stage, "page", "to", "ada", "message", words);
	stage_run(&stage, 3000);
	snprintf(id, sizeof id, "p%c", words[2]);
	STAGE_ASK(&stage, "resolve", "id", id);
	stage_run(&stage, 3000);
	return stage_seen(&stage, SIM_TEXTED, "ada", words, since) > 0;
}

static void test_sims_lost_centre_costs_no_page(void **state)
{
	(void)state;
	open_with(CONFIG(""), "");
	stage_run(&stage, MINUTE_MS);
	CHECK(page_arrives("db1"));
	stage_line(&stage, "modem alpha smsc lost");
	CHECK(page_arrives("db2"));
	stage_line(&stage, "modem alpha smsc lost");
	stage_line(&stage, "modem alpha reboots");
	stage_run(&stage, MINUTE_MS);
	CHECK(page_arrives("db3"));
	stage_line(&stage, "modem alpha smsc lost");
	restart(CONFIG(""));
	CHECK(strcmp(modem()->smsc, "+15550000000") == 0);
	CHECK(page_arrives("db4"));
	stage_close(&stage);
}

static void test_sims_changed_centre_is_told_until_it_proves_good(void **state)
{
	(void)state;
	open_with(CONFIG(""), "");
	stage_run(&stage, MINUTE_MS);
	CHECK(page_arrives("db1"));
	stage_line(&stage, "modem alpha smsc +15550000077");
	stage_run(&stage, 10 * MINUTE_MS);
	STAGE_ASK(&stage, "faults");
	CHECK(stage_says(&stage, "\"sim.centre\"") && stage_says(&stage, "+15550000077 now"));
	CHECK(page_arrives("db2"));
	STAGE_ASK(&stage, "faults");
	CHECK(!stage_says(&stage, "\"sim.centre\""));
	/* this one is put back from now on */
	stage_line(&stage, "modem alpha smsc lost");
	restart(CONFIG(""));
	CHECK(strcmp(modem()->smsc, "+15550000077") == 0);
	stage_close(&stage);
}

/* ---- C2, W14 ----------------------------------------------------------- */

static size_t reminders(const char *words)
{
	return stage_seen(&stage, SIM_TEXTED, "carol", words, 0);
}

static void test_sims_expiry_is_counted_down(void **state)
{
	static const char config[] = CONFIG("expires = \"2026-03-10\";"); /* 64 days */
	static const char *const texts[] = { "expires in 60 days, on 2026-03-10",
					     "expires in 30 days",
					     "expires in 14 days",
					     "expires in 7 days",
					     "expires in 3 days",
					     "expires in 1 day,",
					     "expires today" };

	(void)state;
	open_with(config, "");
	stage_run(&stage, 3 * DAY_MS);
	CHECK(reminders("expires") == 0);
	for (int day = 3; day < 65; day++) {
		stage_run(&stage, DAY_MS);
		if (day % 9 == 0)
			restart(config); /* tells nothing twice */
	}
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		CHECK_ROW(reminders(texts[i]) == 1, texts[i]);
	CHECK(reminders("expires") == 7);
	stage_run(&stage, DAY_MS);
	STAGE_ASK(&stage, "faults");
	CHECK(stage_says(&stage, "\"sim.expired\""));
	/* renewed */
	restart(CONFIG("expires = \"2027-03-10\";"));
	STAGE_ASK(&stage, "faults");
	CHECK(!stage_says(&stage, "\"sim.expired\""));
	stage_close(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sims_wrong_pin_is_tried_once),
		cmocka_unit_test(test_sims_another_pin_is_a_new_try),
		cmocka_unit_test(test_sims_right_pin_opens_it_at_every_power_up),
		cmocka_unit_test(test_sims_power_cuts_cost_no_second_try),
		cmocka_unit_test(test_sims_pin_waits_for_the_store),
		cmocka_unit_test(test_sims_lost_centre_costs_no_page),
		cmocka_unit_test(test_sims_changed_centre_is_told_until_it_proves_good),
		cmocka_unit_test(test_sims_expiry_is_counted_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
