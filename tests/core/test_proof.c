/* The gateway proves itself over the air (FIELD.md C2, C7, C8, J1, J2): each function of a path dead in turn, with all status
 * bits perfect, is found within the time of a round and said in the right words. */
#include "tests/core/stage.h"

#define MINUTE_MS 60000
#define HOUR_MS   (60 * MINUTE_MS)

#define PEOPLE                                                                            \
	"gateway = \"Tocsin\"; country = \"1\"; default_rotation = \"platform\";\n"       \
	"operators = [ \"dave\" ]; times = { bundle = \"0 s\"; };\n"                      \
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n" \
	"  { name = \"bob\"; numbers = ( { number = \"+15550100002\"; } ); },\n"          \
	"  { name = \"dave\"; numbers = ( { number = \"+15550100004\"; } ); } );\n"       \
	"rotations = ( { name = \"platform\"; members = [ \"ada\", \"bob\" ];\n"          \
	"  starts = \"2026-01-05 10:00\"; } );\n"

static const char two[] = PEOPLE
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\"; },\n"
	"  { name = \"beta\"; port = \"sim/beta\"; number = \"+15550009002\"; } );\n";

static const char one[] =
	PEOPLE "modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\"; } "
	       ");\n";

/* Nobody can text beta. */
static const char numberless[] = PEOPLE
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\"; },\n"
	"  { name = \"beta\"; port = \"sim/beta\"; } );\n";

static struct stage stage;

static void open_with(const char *config)
{
	STAGE_OPEN(&stage, config, STAGE_MONDAY, "modem alpha +15550009001 quectel",
		   "modem beta +15550009002 quectel", "modem beta operator 00102",
		   "phone ada +15550100001 ignores", "phone bob +15550100002 ignores",
		   "phone dave +15550100004 ignores");
}

static int set_up(void **state)
{
	(void)state;
	open_with(two);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_close(&stage);
	return 0;
}

static bool has_fault(const char *id, const char *modem)
{
	char words[80];

	STAGE_ASK(&stage, "faults");
	snprintf(words, sizeof words, "\"id\":\"%s\",\"modem\":\"%s\"", id, modem);
	return stage_says(&stage, words);
}

static void test_proof_all_is_well(void **state)
{
	(void)state;
	stage_run(&stage, 13 * HOUR_MS);
	STAGE_ASK(&stage, "faults");
	CHECK(stage_says(&stage, "\"faults\":[]"));
	STAGE_ASK(&stage, "proof");
	CHECK(stage_says(&stage, "\"sent\":3,\"lost\":0"));
	CHECK(!stage_says(&stage, "\"sms_out_age_s\":null"));
	CHECK(!stage_says(&stage, "\"report_age_s\":null"));
	CHECK(!stage_says(&stage, "\"sms_in_age_s\":null"));
	CHECK(!stage_says(&stage, "\"call_out_age_s\":null"));
	CHECK(!stage_says(&stage, "\"call_in_age_s\":null"));
	CHECK(stage_seen(&stage, SIM_TEXTED, "ada", "", 0) == 0);
}

/* Each function of alpha dead in turn; nothing else changes, and its modem says that all is well. */
static void test_proof_each_dead_function_is_red(void **state)
{
	static const struct {
		const char *breaks;
		const char *fault;
	} rows[] = {
		{ "modem alpha credit 0", "sms.refused" },
		{ "network drops all texts", "sms.lost" },
		{ "network reports off", "sms.reports" },
		{ "modem alpha unreachable", "sms.deaf" },
		{ "modem alpha voice off", "voice.dead" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		tear_down(NULL);
		set_up(NULL);
		stage_run(&stage, 30 * MINUTE_MS); /* the first round was good */
		STAGE_ASK(&stage, "faults");
		CHECK_ROW(stage_says(&stage, "\"faults\":[]"), rows[i].breaks);
		stage_line(&stage, rows[i].breaks);
		stage_run(&stage, strcmp(rows[i].fault, "voice.dead") == 0
					  ? 25 * HOUR_MS
					  : 6 * HOUR_MS + 30 * MINUTE_MS);
		CHECK_ROW(has_fault(rows[i].fault, "alpha"), rows[i].breaks);
	}
}

/* The fifth: keys.  No proof without a person, but five answered calls in a row without a key say it. */
static void test_proof_unheard_keys_are_red(void **state)
{
	(void)state;
	stage_line(&stage, "modem beta unplugged");
	stage_line(&stage, "modem alpha dtmf missing");
	stage_line(&stage, "phone ada answers after 4s presses challenge");
	stage_line(&stage, "phone bob answers after 4s presses challenge");
	STAGE_ASK(&stage, "page", "message", "db1 down");
	stage_run(&stage, 20 * MINUTE_MS);
	CHECK(has_fault("voice.keys", "alpha"));
	stage_line(&stage, "modem alpha dtmf on");
	stage_run(&stage, HOUR_MS);
	CHECK(!has_fault("voice.keys", "alpha"));
}

/* C7: what is withheld until the modem itself sends comes late, and says so; then it is registered anew, and well. */
static void test_proof_deaf_modem_is_repaired(void **state)
{
	(void)state;
	stage_run(&stage, 30 * MINUTE_MS);
	stage_line(&stage, "modem alpha unreachable");
	STAGE_ASK(&stage, "proof", "run", "run");
	stage_run(&stage, 15 * MINUTE_MS);
	CHECK(stage_seen(&stage, SIM_TEXTED, "dave", "alpha is registered but deaf", 0) == 1);
	STAGE_ASK(&stage, "faults");
	CHECK(stage_says(&stage, "\"faults\":[]"));
	STAGE_ASK(&stage, "proof");
	CHECK(stage_says(&stage, "\"lost\":1"));
}

static void test_proof_single_modem_texts_itself(void **state)
{
	(void)state;
	tear_down(NULL);
	open_with(one);
	stage_run(&stage, 30 * MINUTE_MS);
	STAGE_ASK(&stage, "proof");
	CHECK(stage_says(&stage, "\"sent\":1,\"lost\":0"));
	CHECK(!stage_says(&stage, "\"sms_in_age_s\":null"));
	stage_line(&stage, "network drops all texts");
	stage_run(&stage, 6 * HOUR_MS);
	CHECK(has_fault("sms.lost", "alpha"));
}

/* Nothing proves that it works: 7 h after the last proof that is said, whatever the reason. */
static void test_proof_too_old_is_a_fault(void **state)
{
	(void)state;
	tear_down(NULL);
	open_with(numberless);
	stage_run(&stage, 6 * HOUR_MS + 50 * MINUTE_MS);
	CHECK(!has_fault("proof.late", "alpha") && !has_fault("proof.late", "beta"));
	stage_run(&stage, 20 * MINUTE_MS);
	CHECK(has_fault("proof.late", "beta") && stage_says(&stage, "last success of sms_in"));
}

/* A page that comes while a proof is due, or under way, is not a second later for it. */
static void test_proof_never_goes_before_a_page(void **state)
{
	int64_t since;

	(void)state;
	stage_line(&stage, "phone ada answers after 6s presses challenge");
	for (int i = 0; i < 12; i++) {
		STAGE_ASK(&stage, "proof", "run", "run");
		stage_run(&stage, 200 * i);
		since = stage.world.now.mono_ms;
		STAGE_ASK(&stage, "page", "message", "db1 down", "to", "ada", "severity", "sev-1");
		stage_run(&stage, 5000);
		CHECK(stage_seen(&stage, SIM_TEXTED, "ada", "reply ACK", since) == 1);
		CHECK(stage_seen(&stage, SIM_RINGS, "ada", "", since) == 1);
		stage_run(&stage, 20 * MINUTE_MS);
	}
}

/* No text of a proof while a page waits for its owner's next call. */
static void test_proof_waits_for_quiet(void **state)
{
	int64_t since = stage.world.now.mono_ms;

	(void)state;
	STAGE_ASK(&stage, "page", "message", "db1 down");
	STAGE_ASK(&stage, "proof", "run", "run");
	stage_run(&stage, 2 * MINUTE_MS);
	CHECK(stage_seen(&stage, SIM_TEXTED, "", "Tocsin proof", since) == 0);
	stage_line(&stage, "phone ada texts \"ACK\" to alpha");
	stage_run(&stage, 5 * MINUTE_MS);
	CHECK(stage_seen(&stage, SIM_TEXTED, "", "Tocsin proof", since) == 2);
}

/* Pages go by the path that works, though its modem's status bits are as good as the other's (C2). */
static void test_proof_decides_where_pages_go(void **state)
{
	int64_t since;

	(void)state;
	stage_run(&stage, 30 * MINUTE_MS);
	stage_line(&stage, "modem alpha credit 0");
	stage_run(&stage, 6 * HOUR_MS + 30 * MINUTE_MS);
	since = stage.world.now.mono_ms;
	STAGE_ASK(&stage, "page", "message", "db1 down", "to", "bob");
	stage_run(&stage, 1000);
	CHECK(stage_seen(&stage, SIM_TEXTED, "bob", "db1 down", since) == 1);
	for (size_t i = 0; i < stage.world.sighting_count; i++)
		if (strstr(stage.world.sightings[i].event.text, "db1 down") != NULL)
			CHECK(stage.world.sightings[i].event.modem != 0);
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGED(test_proof_all_is_well),
		STAGED(test_proof_each_dead_function_is_red),
		STAGED(test_proof_unheard_keys_are_red),
		STAGED(test_proof_deaf_modem_is_repaired),
		STAGED(test_proof_single_modem_texts_itself),
		STAGED(test_proof_too_old_is_a_fault),
		STAGED(test_proof_never_goes_before_a_page),
		STAGED(test_proof_waits_for_quiet),
		STAGED(test_proof_decides_where_pages_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
