#include "modem/device.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <string.h>

#define ACK      "0791447758100650040C9144770009103200006211027103504008C1E11244BBC562"
#define ACK_UCS2 "0791447758100650040C914477000910320008621102710350400A00410043004B00202713"
#define REPORT   "0791447758100650062F0C91447700091032621102710350406211027103904000"

static struct rig rig;

static int setup(void **state)
{
	(void)state;
	rig_init(&rig, NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_free(&rig);
	return 0;
}

static void ready(void)
{
	rig_open(&rig);
	rig_run(&rig, 0);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
	rig_run(&rig, 100);
}

/* ---- start ------------------------------------------------------------- */

static void test_device_is_ready_at_once_with_a_quick_modem(void **state)
{
	const struct device_status *status = device_status(rig.device);

	(void)state;
	rig_open(&rig);
	CHECK(status->state == DEVICE_READY);
	CHECK(rig.ticks == 0);
	CHECK(strcmp(status->profile, "ec2x") == 0);
	CHECK(strcmp(status->maker, "Quectel") == 0);
	CHECK(strcmp(status->model, "EC25") == 0);
	CHECK(strcmp(status->imei, "867000000000017") == 0);
	CHECK(strcmp(status->imsi, "262010000000017") == 0);
	CHECK(strcmp(status->plmn, "26201") == 0);
	CHECK(strcmp(status->smsc, "+491710760000") == 0);
	CHECK(status->registration == 1);
	CHECK(status->signal_dbm == -73);
	CHECK(status->voice && status->speech);
	CHECK(far_heard(&rig.far, "AT+CMGL=4") == 2);
	CHECK(far_heard(&rig.far, "AT+CHUP") == 0);
	CHECK(rig.far.escapes == 1);
}

static void test_device_hangs_up_a_call_of_a_former_life(void **state)
{
	(void)state;
	rig.far.call = 1;
	ready();
	CHECK(rig.far.call == 0);
	CHECK(far_heard(&rig.far, "AT+CHUP") == 1);
}

static void test_device_leaves_a_prompt_that_was_open(void **state)
{
	(void)state;
	rig.far.in_prompt = true;
	ready();
	CHECK(rig.far.bodies.len == 0);
}

static void test_device_wakes_a_slow_modem(void **state)
{
	(void)state;
	rig.far.deaf = true;
	rig_open(&rig);
	rig_run(&rig, 3000);
	CHECK(far_heard(&rig.far, "AT\r") >= 3);
	rig.far.deaf = false;
	rig_run(&rig, 5000);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
}

/* ATV0 is the factory setting of some: digits for results until ATV1 was answered (V.250 6.2.6). */
static void test_device_understands_digits_at_first(void **state)
{
	(void)state;
	far_answer(&rig.far, "ATE0", "0\r", 1);
	far_answer(&rig.far, "ATV1", "0\r", 1);
	ready();
	CHECK(rig.ticks <= 3);
}

static void test_device_tolerates_a_modem_that_refuses_nearly_all(void **state)
{
	static const char *const commands[] = {
		"AT+CMEE", "AT+CLCC", "AT+CSCS", "AT+CREG=", "AT+CGREG", "AT+CEREG", "AT+COPS",
		"AT+CPMS", "AT+CNMI", "AT+CSCA", "AT+CRC",   "AT+Q",     "AT+CIMI",  "AT+CFUN",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		far_answer(&rig.far, commands[i], "\r\nERROR\r\n", 0);
	ready();
	CHECK(rig_send(&rig, "hello") == 0);
	rig_run(&rig, 0);
	CHECK(rig_event(&rig, DEVICE_EVENT_SENT, 0)->outcome == DEVICE_ACCEPTED);
}

static void test_device_is_sick_without_pdu_mode_and_says_why(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CMGF", "\r\nERROR\r\n", 0);
	rig_open(&rig);
	CHECK(strstr(device_status(rig.device)->why, "AT+CMGF=0") != NULL);
	rig_run(&rig, 300000);
	CHECK(rig_repairs(&rig, DEVICE_REPAIR_REOPEN) >= 1);
	CHECK(far_heard(&rig.far, "AT+CFUN=4") >= 1);
	CHECK(far_heard(&rig.far, "AT+CFUN=1,1") >= 1);
	far_answer(&rig.far, "AT+CMGF", "\r\nOK\r\n", 0);
	rig_run(&rig, 600000);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
}

static void test_device_is_sick_when_text_mode_stays(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CMGF?", "\r\n+CMGF: 1\r\n\r\nOK\r\n", 0);
	rig_open(&rig);
	CHECK(device_status(rig.device)->state == DEVICE_SICK);
	CHECK(strstr(device_status(rig.device)->why, "text mode") != NULL);
	far_answer(&rig.far, "AT+CMGF?", "\r\n+CMGF: 0\r\n\r\nOK\r\n", 0);
	rig_run(&rig, 120000);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
}

static void test_device_reads_the_notice_form_back(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CNMI?", "\r\n+CNMI: 2,2,0,1,0\r\n\r\nOK\r\n", 2);
	rig_open(&rig);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
	CHECK(far_heard(&rig.far, "AT+CNMI=") == 3);
	CHECK(far_heard(&rig.far, "AT+CNMI=2,1,0,2,0") == 1);
}

static void test_device_tries_the_notice_forms_in_turn(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CNMI=2", "\r\n+CMS ERROR: 303\r\n", 0);
	ready();
	CHECK(far_heard(&rig.far, "AT+CNMI=") == 2);
	CHECK(far_heard(&rig.far, "AT+CNMI=1,1,0,1,0") == 1);
}

/* Every memory refused with 302: the SIM's messages are not there yet (a modem that has just been plugged in). */
static void test_device_waits_for_the_message_store(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CPMS=", "\r\n+CMS ERROR: 302\r\n", 4);
	rig_open(&rig);
	CHECK(device_status(rig.device)->state == DEVICE_INITIALISING);
	rig_run(&rig, 2000);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
	CHECK(far_heard(&rig.far, "AT+CPMS=\"ME\",\"SM\"") == 2);
}

static void test_device_does_without_a_message_store_in_the_end(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CPMS=", "\r\n+CMS ERROR: 302\r\n", 0);
	rig_open(&rig);
	rig_run(&rig, 60000);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
}

static void test_device_takes_a_stale_answer_for_none(void **state)
{
	(void)state;
	/* The OK of something said before we came: all answers are one late. */
	far_say(&rig.far, "\r\nOK\r\n");
	ready();
	CHECK(strcmp(device_status(rig.device)->maker, "Quectel") == 0);
	CHECK(strcmp(device_status(rig.device)->model, "EC25") == 0);
}

/* ---- idle -------------------------------------------------------------- */

static void test_device_is_quiet_when_idle(void **state)
{
	int commands;
	long ticks;

	(void)state;
	ready();
	rig_run(&rig, 60000);
	commands = rig.far.commands;
	ticks = rig.ticks;
	rig_run(&rig, (int64_t)60 * 60000);
	CHECK(rig.far.commands - commands <= 4 * 60);
	CHECK(rig.far.commands - commands >= 2 * 60);
	CHECK(rig.ticks - ticks <= 4 * 60);
}

/* ---- boot and watchdog ------------------------------------------------- */

static void test_device_starts_over_after_a_boot_notice(void **state)
{
	static const char *const notices[] = { "RDY", "+CFUN: 1", "*ATREADY: 1" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(notices); i++) {
		char text[40];
		int before;

		rig_free(&rig);
		rig_init(&rig, NULL);
		ready();
		rig.far.no_final = true;
		CHECK(rig_send(&rig, "hello") == 0);
		rig_run(&rig, 10);
		before = far_heard(&rig.far, "AT+CMGF=0");
		snprintf(text, sizeof text, "\r\n%s\r\n", notices[i]);
		rig_say(&rig, text);
		CHECK_ROW(rig_event(&rig, DEVICE_EVENT_SENT, 0)->outcome == DEVICE_UNKNOWN,
			  notices[i]);
		CHECK_ROW(far_heard(&rig.far, "AT+CMGF=0") == before + 1, notices[i]);
		CHECK_ROW(device_status(rig.device)->state == DEVICE_READY, notices[i]);
		CHECK_ROW(device_status(rig.device)->boots == 1, notices[i]);
	}
}

static void test_device_takes_the_notices_of_one_start_for_one(void **state)
{
	(void)state;
	ready();
	rig_say(&rig, "\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n");
	rig_run(&rig, 1000);
	CHECK(device_status(rig.device)->boots == 1);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
	rig_run(&rig, 20000);
	rig_say(&rig, "\r\nRDY\r\n");
	CHECK(device_status(rig.device)->boots == 2);
}

static void test_device_notices_forgotten_settings(void **state)
{
	(void)state;
	ready();
	far_answer(&rig.far, "AT+CNMI?", "\r\n+CNMI: 0,0,0,0,0\r\n\r\nOK\r\n", 1);
	rig_run(&rig, 600000);
	CHECK(far_heard(&rig.far, "AT+CMGF=0") == 2);
	CHECK(device_status(rig.device)->boots == 1);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
}

static void test_device_climbs_the_ladder_and_never_gives_up(void **state)
{
	int reopened;

	(void)state;
	ready();
	rig.reopen = true;
	rig.far.deaf = true;
	rig_run(&rig, 60000);
	CHECK(device_status(rig.device)->state != DEVICE_READY);
	rig_run(&rig, 15000);
	CHECK(rig_repairs(&rig, DEVICE_REPAIR_REOPEN) == 1);
	CHECK(strstr(device_status(rig.device)->why, "radio off and on") != NULL);
	rig_run(&rig, 240000);
	CHECK(far_heard(&rig.far, "AT+CFUN=4") >= 1);
	CHECK(far_heard(&rig.far, "AT+CFUN=1,1") >= 1);
	rig_run(&rig, (int64_t)3600 * 1000);
	reopened = (int)rig_repairs(&rig, DEVICE_REPAIR_REOPEN);
	CHECK(reopened >= 3);
	rig_run(&rig, (int64_t)24 * 3600 * 1000);
	CHECK((int)rig_repairs(&rig, DEVICE_REPAIR_REOPEN) > reopened);
	rig.far.deaf = false;
	rig_run(&rig, 15000);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
}

static void test_device_is_not_fooled_by_bytes_without_answers(void **state)
{
	(void)state;
	ready();
	rig.far.deaf = true;
	for (int i = 0; i < 300; i++) {
		rig_say(&rig, "\r\n^RSSI:14\r\n");
		rig_run(&rig, 1000);
	}
	CHECK(device_status(rig.device)->state != DEVICE_READY);
}

static void test_device_survives_one_missed_answer(void **state)
{
	(void)state;
	ready();
	far_answer(&rig.far, "AT+CPMS?", "", 1);
	rig_run(&rig, 120000);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
	CHECK(rig_repairs(&rig, DEVICE_REPAIR_REOPEN) == 0);
}

static void test_device_sick_ends_the_send_at_once(void **state)
{
	(void)state;
	ready();
	rig.far.deaf = true;
	CHECK(rig_send(&rig, "hello") == 0);
	rig_run(&rig, 6000);
	CHECK(rig_events(&rig, DEVICE_EVENT_SENT) == 1);
	CHECK(rig_event(&rig, DEVICE_EVENT_SENT, 0)->outcome == DEVICE_REFUSED_MODEM);
}

static void test_device_closed_ends_send_and_call(void **state)
{
	(void)state;
	ready();
	rig.far.no_final = true;
	CHECK(rig_send(&rig, "hello") == 0);
	rig_run(&rig, 10);
	CHECK(rig_call(&rig) == 0);
	device_closed(rig.device, rig.now);
	rig_run(&rig, 10);
	CHECK(rig_event(&rig, DEVICE_EVENT_SENT, 0)->outcome == DEVICE_UNKNOWN);
	CHECK(rig_event(&rig, DEVICE_EVENT_CALL_ENDED, 0)->end == DEVICE_CALL_LOST);
	CHECK(device_deadline(rig.device) == WHEN_NEVER);
	CHECK(rig_send(&rig, "hello") < 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_device_is_ready_at_once_with_a_quick_modem),
		TEST(test_device_hangs_up_a_call_of_a_former_life),
		TEST(test_device_leaves_a_prompt_that_was_open),
		TEST(test_device_wakes_a_slow_modem),
		TEST(test_device_understands_digits_at_first),
		TEST(test_device_tolerates_a_modem_that_refuses_nearly_all),
		TEST(test_device_is_sick_without_pdu_mode_and_says_why),
		TEST(test_device_is_sick_when_text_mode_stays),
		TEST(test_device_reads_the_notice_form_back),
		TEST(test_device_tries_the_notice_forms_in_turn),
		TEST(test_device_waits_for_the_message_store),
		TEST(test_device_does_without_a_message_store_in_the_end),
		TEST(test_device_takes_a_stale_answer_for_none),
		TEST(test_device_is_quiet_when_idle),
		TEST(test_device_starts_over_after_a_boot_notice),
		TEST(test_device_takes_the_notices_of_one_start_for_one),
		TEST(test_device_notices_forgotten_settings),
		TEST(test_device_climbs_the_ladder_and_never_gives_up),
		TEST(test_device_is_not_fooled_by_bytes_without_answers),
		TEST(test_device_survives_one_missed_answer),
		TEST(test_device_sick_ends_the_send_at_once),
		TEST(test_device_closed_ends_send_and_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
