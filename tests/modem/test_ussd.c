/* What +CUSD says, in all the forms that are seen (MODEMS.md 7.3, 8 row 40), and a device that asks for it. */
#include "base/ussd.h"
#include "modem/device.h"
#include "modem/ussd.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <string.h>

static const struct {
	const char *answer;
	int mode;
	const char *text;
	bool open;
} answers[] = {
	{ "+CUSD: 0,\"Your balance is 12.34.\",15", 0, "Your balance is 12.34.", false },
	{ "+CUSD: 0,\"Your balance is 12.34.\r\nDial \"*100#\" again.\",15", 0,
	  "Your balance is 12.34.  Dial \"*100#\" again.", false },
	{ "+CUSD: 0,\"Your balance is 12.34.", 0, "", true },
	{ "+CUSD: 0,\"He said \"hi\" to", 0, "He said \"hi", true },
	{ "+CUSD:0,\"x\"", 0, "x", false },
	{ "+CUSD: 0,\"x\",", 0, "x", false },
	{ "+CUSD: 4", 4, "", false },
	{ "+CUSD: 2,,15", 2, "", false },
	{ "+CUSD: 1,\"1 Balance\n2 Offers\",15", 1, "1 Balance 2 Offers", false },
	/* UCS-2 in hex: by its coding group, or by its look alone */
	{ "+CUSD: 0,\"00420061006C003A00200035002E0035\",72", 0, "Bal: 5.5", false },
	{ "+CUSD: 0,\"00420061006C003A00200035002E0035\",15", 0, "Bal: 5.5", false },
	{ "+CUSD: 0,\"0411043004410430\",72", 0, "\xd0\x91\xd0\xb0\xd1\x81\xd0\xb0", false },
	/* packed septets */
	{ "+CUSD: 0,\"AA180C3602\",15", 0, "*100#", false },
	{ "+CUSD: 0,\"D9771D840EDBCBA09AAB0603B1CB663A\",15", 0, "You have 5.50 left", false },
	{ "+CUSD: 9,\"x\",15", -1, "", false },
	{ "+CUSD:", -1, "", false },
	{ "+CSQ: 20,99", -1, "", false },
};

static void test_ussd_answers_in_all_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		struct buf text = { 0 };

		CHECK_ROW(ussd_open(span_of(answers[i].answer)) == answers[i].open,
			  answers[i].answer);
		if (!answers[i].open) {
			CHECK_ROW(ussd_read(span_of(answers[i].answer), &text) == answers[i].mode,
				  answers[i].answer);
			CHECK_ROW(strcmp(buf_text(&text), answers[i].text) == 0, answers[i].answer);
		}
		buf_free(&text);
	}
}

static void test_ussd_codes_that_may_leave(void **state)
{
	static const char *const good[] = { "*100#", "*101*2#", "*123#", "*111*1*2#" };
	static const char *const bad[] = { "",
					   "*#",
					   "**21*+49#",
					   "*21*015550199#",
					   "*61#",
					   "*62*1#",
					   "*67#",
					   "*002*1#",
					   "*004#",
					   "*33*0000#",
					   "*43#",
					   "*31#",
					   "*#21#",
					   "##002#",
					   "*100",
					   "100#",
					   "*100#;ATD112;",
					   "*1\r0#",
					   "*100#\r",
					   "*03*330*1*2*2#",
					   "*05*12345678*1*1#",
					   "112",
					   "*1234567890123456789012345#" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++)
		CHECK_ROW(ussd_code_ok(span_of(good[i])), good[i]);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		CHECK_ROW(!ussd_code_ok(span_of(bad[i])), bad[i]);
}

static void test_ussd_packs_a_code(void **state)
{
	char hex[20];

	(void)state;
	CHECK(ussd_pack(span_of("*100#"), hex, sizeof hex));
	CHECK(strcmp(hex, "AA180C3602") == 0);
	CHECK(!ussd_pack(span_of("*100#"), hex, 10));
}

/* ---- a device that asks ------------------------------------------------- */

static struct rig rig;

static int setup(void **state)
{
	struct err err;

	(void)state;
	rig_init(&rig, NULL);
	CHECK(guard_allow_ussd(rig.guard, span_of("*100#"), &err) == 0);
	rig_open(&rig);
	rig_run(&rig, 1000);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_free(&rig);
	return 0;
}

static int ask(const char *code)
{
	struct err err;

	return device_ussd(rig.device, span_of(code), rig.now, &err);
}

static const struct device_event *told(void)
{
	CHECK(rig_events(&rig, DEVICE_EVENT_USSD) == 1);
	return rig_event(&rig, DEVICE_EVENT_USSD, 0);
}

static void test_ussd_is_asked_and_read_over_two_lines(void **state)
{
	(void)state;
	CHECK(ask("*100#") == 0);
	rig_run(&rig, 100);
	CHECK(far_heard(&rig.far, "AT+CUSD=1,\"*100#\",15") == 1);
	rig_say(&rig, "\r\n+CUSD: 0,\"Your balance is 12.34.\r\n");
	rig_say(&rig, "\r\n+CMTI: \"ME\",4\r\n"); /* in the middle of it */
	rig_say(&rig, "Dial \"*100#\" again.\",15\r\n");
	CHECK(told()->outcome == DEVICE_ACCEPTED);
	CHECK(strcmp(told()->text, "Your balance is 12.34. Dial \"*100#\" again.") == 0);
	CHECK(far_heard(&rig.far, "AT+CMGR=4") >= 1);
	CHECK(far_heard(&rig.far, "AT+CUSD=2") == 0);
}

static void test_ussd_that_nobody_listed_is_not_asked(void **state)
{
	(void)state;
	CHECK(ask("*101#") == -1);
	CHECK(ask("*21*015550199#") == -1);
	rig_run(&rig, 1000);
	CHECK(far_heard(&rig.far, "AT+CUSD") == 0);
}

static void test_ussd_that_is_not_answered_is_cancelled(void **state)
{
	(void)state;
	CHECK(ask("*100#") == 0);
	CHECK(ask("*100#") == DEVICE_BUSY);
	CHECK(rig_send(&rig, "hello") == 0); /* goes on meanwhile */
	rig_run(&rig, 1000);
	CHECK(rig_event(&rig, DEVICE_EVENT_SENT, 0)->outcome == DEVICE_ACCEPTED);
	rig_run(&rig, 75000);
	CHECK(told()->outcome == DEVICE_UNKNOWN);
	CHECK(far_heard(&rig.far, "AT+CUSD=2") == 1);
}

static void test_ussd_menu_is_left(void **state)
{
	(void)state;
	CHECK(ask("*100#") == 0);
	rig_run(&rig, 100);
	rig_say(&rig, "\r\n+CUSD: 1,\"Balance 5.00. 1 more\",15\r\n");
	CHECK(told()->outcome == DEVICE_ACCEPTED);
	CHECK(far_heard(&rig.far, "AT+CUSD=2") == 1);
}

static void test_ussd_refused_is_tried_packed(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CUSD=1,\"*100#\"", "\r\nERROR\r\n", 0);
	CHECK(ask("*100#") == 0);
	rig_run(&rig, 100);
	CHECK(far_heard(&rig.far, "AT+CUSD=1,\"AA180C3602\",15") == 1);
	rig_say(&rig, "\r\n+CUSD: 0,\"AA180C3602\",15\r\n");
	CHECK(strcmp(told()->text, "*100#") == 0);
	far_answer(&rig.far, "AT+CUSD=1,\"AA", "\r\nERROR\r\n", 0);
	rig.count = 0;
	CHECK(ask("*100#") == 0);
	rig_run(&rig, 100);
	CHECK(told()->outcome == DEVICE_REFUSED_NETWORK);
	CHECK(far_heard(&rig.far, "AT+CUSD=1,\"AA180C3602\",15") == 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ussd_answers_in_all_forms),
		cmocka_unit_test(test_ussd_codes_that_may_leave),
		cmocka_unit_test(test_ussd_packs_a_code),
		TEST(test_ussd_is_asked_and_read_over_two_lines),
		TEST(test_ussd_that_nobody_listed_is_not_asked),
		TEST(test_ussd_that_is_not_answered_is_cancelled),
		TEST(test_ussd_menu_is_left),
		TEST(test_ussd_refused_is_tried_packed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
