/* Registration told apart and gently repaired (FIELD.md C6, C7, K1), and what the network says of the time. */
#include "modem/device.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <string.h>

#include "base/civil.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)

static struct rig rig;

static int setup(void **state)
{
	(void)state;
	rig_init(&rig, NULL);
	rig_open(&rig);
	rig_run(&rig, 1000);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_free(&rig);
	return 0;
}

static const struct device_status *status(void)
{
	return device_status(rig.device);
}

/* From now on every one of the three says this, by itself and when asked. */
static void registration(const char *stat)
{
	static char asked[3][40], said[60];
	static const char *const names[] = { "CREG", "CGREG", "CEREG" };

	rig.far.answer_count = 0;
	far_answer(&rig.far, "AT+CEER", "\r\n+CEER: 5,3 \"Illegal MS\"\r\n\r\nOK\r\n", 0);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		static char commands[3][20];

		snprintf(commands[i], sizeof commands[i], "AT+%s?", names[i]);
		snprintf(asked[i], sizeof asked[i], "\r\n+%s: 2,%s\r\n\r\nOK\r\n", names[i], stat);
		far_answer(&rig.far, commands[i], asked[i], 0);
		snprintf(said, sizeof said, "\r\n+%s: %s\r\n", names[i], stat);
		rig_say(&rig, said);
	}
}

static void registered(void)
{
	rig.far.answer_count = 0;
	rig_say(&rig, "\r\n+CREG: 1\r\n\r\n+CGREG: 1\r\n\r\n+CEREG: 1\r\n");
}

static int cycles(void)
{
	int off = far_heard(&rig.far, "AT+CFUN=4");

	CHECK(far_heard(&rig.far, "AT+CFUN=1\r") == off); /* never left off */
	return off;
}

static void test_network_states_are_told_apart(void **state)
{
	static const struct {
		const char *stat;
		enum device_network_state network;
		bool ready;
	} rows[] = {
		{ "1", DEVICE_NETWORK_HOME, true },       { "5", DEVICE_NETWORK_ROAMING, true },
		{ "6", DEVICE_NETWORK_TEXTS, true },      { "7", DEVICE_NETWORK_TEXTS, true },
		{ "9", DEVICE_NETWORK_HOME, true },       { "10", DEVICE_NETWORK_ROAMING, true },
		{ "0", DEVICE_NETWORK_SEARCHING, false }, { "2", DEVICE_NETWORK_SEARCHING, false },
		{ "3", DEVICE_NETWORK_DENIED, false },    { "4", DEVICE_NETWORK_SEARCHING, false },
		{ "8", DEVICE_NETWORK_EMERGENCY, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		registration(rows[i].stat);
		rig_run(&rig, 2000);
		CHECK_ROW(status()->network == rows[i].network, rows[i].stat);
		CHECK_ROW((status()->state == DEVICE_READY) == rows[i].ready, rows[i].stat);
	}
}

static void test_network_lost_is_repaired_gently(void **state)
{
	int first;

	(void)state;
	registration("2");
	rig_run(&rig, MINUTE_MS);
	CHECK(status()->network == DEVICE_NETWORK_SEARCHING);
	rig_run(&rig, MINUTE_MS + 30000);
	CHECK(cycles() == 0);
	rig_run(&rig, MINUTE_MS);
	CHECK(cycles() == 1);
	CHECK(status()->network == DEVICE_NETWORK_GONE);
	CHECK(strstr(status()->why, "its network, 26201, is gone") != NULL);
	rig_run(&rig, HOUR_MS);
	first = cycles();
	CHECK(first >= 4 && first <= 7);
	rig_run(&rig, 24 * HOUR_MS);
	CHECK(cycles() - first >= 20 && cycles() - first <= 30);
	CHECK(status()->boots == 0);
	/* back: nothing is repaired any more, and the next loss begins anew */
	registered();
	CHECK(status()->state == DEVICE_READY && status()->network == DEVICE_NETWORK_HOME);
	first = cycles();
	rig_run(&rig, 3 * HOUR_MS);
	CHECK(cycles() == first);
	registration("2");
	rig_run(&rig, 4 * MINUTE_MS);
	CHECK(cycles() == first + 1);
}

static void test_network_notice_of_the_cycle_is_no_restart(void **state)
{
	(void)state;
	registration("2");
	far_answer(&rig.far, "AT+CFUN=1", "\r\n+CFUN: 1\r\n\r\nOK\r\n", 0);
	rig_run(&rig, 5 * MINUTE_MS);
	CHECK(cycles() == 1);
	CHECK(status()->boots == 0);
}

static void test_network_that_comes_back_with_the_radio(void **state)
{
	(void)state;
	registration("0");
	rig_run(&rig, 2 * MINUTE_MS + 30000);
	rig.far.answer_count = 0; /* the radio being off and on is what helps */
	far_answer(&rig.far, "AT+CREG?", "\r\n+CREG: 2,0\r\n\r\nOK\r\n", 1);
	rig_run(&rig, 2 * MINUTE_MS);
	CHECK(status()->state == DEVICE_READY);
}

static void test_network_that_refuses_is_asked_seldom_and_why(void **state)
{
	(void)state;
	registration("3");
	rig_run(&rig, 2000);
	CHECK(far_heard(&rig.far, "AT+CEER") == 1);
	CHECK(strcmp(status()->cause, "5,3 \"Illegal MS\"") == 0);
	CHECK(strstr(status()->why, "refuses this SIM (5,3 \"Illegal MS\")") != NULL);
	rig_run(&rig, 13 * MINUTE_MS);
	CHECK(cycles() == 0);
	rig_run(&rig, 4 * MINUTE_MS);
	CHECK(cycles() == 1);
	rig_run(&rig, 24 * HOUR_MS);
	CHECK(cycles() >= 20 && cycles() <= 30);
	registered();
	CHECK(status()->state == DEVICE_READY && status()->cause[0] == '\0');
}

/* Two modems of one network: not in the same second. */
static void test_network_repairs_are_spread(void **state)
{
	int64_t at[8];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(at); i++) {
		const struct device_config config = { .name = "one", .seed = i * 7919 + 1 };

		rig_free(&rig);
		rig_init(&rig, &config);
		rig_open(&rig);
		rig_run(&rig, 1000);
		registration("2");
		while (far_heard(&rig.far, "AT+CFUN=4") == 0)
			rig_run(&rig, 1000);
		at[i] = rig.now.mono_ms;
		CHECK(at[i] > 150000 && at[i] < 220000);
	}
	for (size_t i = 1; i < COUNT_OF(at); i++)
		CHECK(at[i] != at[i - 1]);
}

static void test_network_deaf_is_registered_anew_between_calls(void **state)
{
	(void)state;
	CHECK(rig_call(&rig) == 0);
	rig_run(&rig, 3000);
	device_deaf(rig.device, true, rig.now);
	rig_run(&rig, 5000);
	CHECK(status()->network == DEVICE_NETWORK_DEAF && status()->state == DEVICE_READY);
	CHECK(cycles() == 0); /* the call goes on */
	device_hang_up(rig.device, rig.now);
	rig_run(&rig, 10000);
	CHECK(cycles() == 1);
	CHECK(status()->state == DEVICE_READY && status()->network == DEVICE_NETWORK_DEAF);
	CHECK(rig_send(&rig, "hello") == 0); /* it is a path for texts all the same */
	rig_run(&rig, 3 * HOUR_MS);
	CHECK(cycles() >= 3 && cycles() <= 8);
	device_deaf(rig.device, false, rig.now);
	CHECK(status()->network == DEVICE_NETWORK_HOME);
	rig_run(&rig, 10 * HOUR_MS);
	CHECK(cycles() <= 8);
}

static void test_network_radio_is_left_alone_where_that_is_wanted(void **state)
{
	const struct device_config config = { .name = "one", .keep_radio = true };

	(void)state;
	rig_free(&rig);
	rig_init(&rig, &config);
	rig_open(&rig);
	rig_run(&rig, 1000);
	registration("2");
	rig_run(&rig, 3 * HOUR_MS);
	CHECK(cycles() == 0);
	registered();
	CHECK(status()->state == DEVICE_READY);
}

/* ---- the time ---------------------------------------------------------- */

static void test_network_time_in_all_its_forms(void **state)
{
	static const struct {
		const char *line;
		const char *plain, *zoned; /* NULL: not taken */
	} rows[] = {
		{ "+CTZV: +08,\"27/01/13,03:40:48\"", "2027-01-13T03:40:48Z",
		  "2027-01-13T01:40:48Z" },
		{ "+CTZV: -20", NULL, NULL },
		{ "+CTZE: \"-20\",0,\"2027/01/13,03:40:48\"", "2027-01-13T03:40:48Z",
		  "2027-01-13T08:40:48Z" },
		{ "*PSUTTZ: 2027,1,13,3,40,48,\"+8\",0", "2027-01-13T03:40:48Z",
		  "2027-01-13T01:40:48Z" },
		{ "^NWTIME: 27/01/13,03:40:48+32,00", "2027-01-13T03:40:48Z",
		  "2027-01-12T19:40:48Z" },
		{ "+CTZV: +08,\"80/01/06,00:00:00\"", NULL, NULL },
		{ "+CTZV: \"+08\",\"27/13/13,03:40:48\"", NULL, NULL },
		{ "*PSUTTZ: 2004,1,1,0,0,0,\"+0\",0", NULL, NULL },
		{ "+CTZV:", NULL, NULL },
		{ "^NWTIME: 99999999999999999999,,,,,", NULL, NULL },
		{ "+CTZV: +99999999999999999999,\"27/01/13,03:40:48\"", NULL, NULL },
		{ "^NWTIME: 27/01/13,03:40:48+97,00", "2027-01-13T03:40:48Z",
		  "2027-01-13T03:40:48Z" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char line[100];
		int64_t utc_s = 0;

		teardown(NULL);
		setup(NULL);
		snprintf(line, sizeof line, "\r\n%s\r\n", rows[i].line);
		rig_say(&rig, line);
		CHECK_ROW((status()->network_heard_ms != 0) == (rows[i].plain != NULL),
			  rows[i].line);
		if (rows[i].plain != NULL) {
			CHECK(civil_read(span_of(rows[i].plain), &utc_s));
			CHECK_ROW(status()->network_utc_s[0] == utc_s, rows[i].line);
		}
		if (rows[i].zoned != NULL) {
			CHECK(civil_read(span_of(rows[i].zoned), &utc_s));
			CHECK_ROW(status()->network_utc_s[1] == utc_s, rows[i].line);
		}
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_network_states_are_told_apart),
		TEST(test_network_lost_is_repaired_gently),
		TEST(test_network_notice_of_the_cycle_is_no_restart),
		TEST(test_network_that_comes_back_with_the_radio),
		TEST(test_network_that_refuses_is_asked_seldom_and_why),
		TEST(test_network_repairs_are_spread),
		TEST(test_network_deaf_is_registered_anew_between_calls),
		TEST(test_network_radio_is_left_alone_where_that_is_wanted),
		TEST(test_network_time_in_all_its_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
