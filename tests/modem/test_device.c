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

/* ---- SIM --------------------------------------------------------------- */

static void test_device_waits_for_a_busy_sim(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CPIN?", "\r\n+CME ERROR: 14\r\n", 5);
	rig_open(&rig);
	CHECK(device_status(rig.device)->state == DEVICE_INITIALISING);
	rig_run(&rig, 6000);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
}

static void with_pin(const char *tries)
{
	const struct device_config config = { .name = "one", .pin = "1234" };

	rig_free(&rig);
	rig_init(&rig, &config);
	far_answer(&rig.far, "AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n", 1);
	far_answer(&rig.far, "AT+QPINC", tries, 0);
}

#define TRIES(n) "\r\n+QPINC: \"SC\"," n ",10\r\n\r\nOK\r\n"

static enum device_outcome told_of_pin(size_t n)
{
	const struct device_event *event = rig_event(&rig, DEVICE_EVENT_PIN, n);

	CHECK(event != NULL);
	return event->outcome;
}

static void test_device_enters_the_pin_once_a_power_up(void **state)
{
	(void)state;
	with_pin(TRIES("3"));
	ready();
	CHECK(far_heard(&rig.far, "AT+CPIN=\"1234\"") == 1);
	CHECK(rig_events(&rig, DEVICE_EVENT_PIN) == 2);
	CHECK(told_of_pin(0) == DEVICE_OUTCOME_NONE && told_of_pin(1) == DEVICE_ACCEPTED);
	CHECK(strcmp(device_status(rig.device)->iccid, "8949000000000000017") == 0);
	rig_run(&rig, 3600000);
	CHECK(far_heard(&rig.far, "AT+CPIN=\"1234\"") == 1);
	/* The SIM is taken out and put in again. */
	far_answer(&rig.far, "AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n", 1);
	rig_say(&rig, "\r\n+CPIN: NOT READY\r\n");
	rig_run(&rig, 120000);
	CHECK(far_heard(&rig.far, "AT+CPIN=\"1234\"") == 2);
	CHECK(told_of_pin(3) == DEVICE_ACCEPTED);
}

/* Nothing without the owner's consent: it is asked anew each time, and its reason is what people read. */
static void test_device_enters_no_pin_unasked(void **state)
{
	(void)state;
	with_pin(TRIES("3"));
	rig.keep_pin = true;
	far_answer(&rig.far, "AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n", 0);
	rig_open(&rig);
	rig_run(&rig, 120000);
	CHECK(far_heard(&rig.far, "AT+CPIN=") == 0);
	CHECK(rig_events(&rig, DEVICE_EVENT_PIN) > 3);
	CHECK(device_status(rig.device)->sim == DEVICE_SIM_LOCKED);
	CHECK(strcmp(device_status(rig.device)->why, "the owner says no") == 0);
}

static void test_device_tells_a_pin_that_was_wrong(void **state)
{
	(void)state;
	with_pin(TRIES("3"));
	far_answer(&rig.far, "AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n", 0);
	far_answer(&rig.far, "AT+CPIN=", "\r\n+CME ERROR: 16\r\n", 0);
	rig_open(&rig);
	CHECK(told_of_pin(1) == DEVICE_REFUSED_MODEM);
	CHECK(strstr(device_status(rig.device)->why, "not tried twice") != NULL);
}

/* No answer to it is no leave to say it again: the SIM is asked how it stands. */
static void test_device_repeats_no_pin_after_silence(void **state)
{
	(void)state;
	with_pin(TRIES("3"));
	far_answer(&rig.far, "AT+CPIN=", "", 0);
	rig_open(&rig);
	rig_run(&rig, 60000);
	CHECK(far_heard(&rig.far, "AT+CPIN=") == 1);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
	CHECK(told_of_pin(1) == DEVICE_ACCEPTED);
}

/* 27.005 3.3.1: the number is gone, at the start, by and by, or in front of a text. */
static void test_device_puts_the_centre_back(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CSCA?", "\r\n+CSCA: \"\",129\r\n\r\nOK\r\n", 2);
	ready();
	CHECK(rig_events(&rig, DEVICE_EVENT_CARD) == 1);
	CHECK(device_status(rig.device)->smsc[0] == '\0');
	device_centre(rig.device, "+491710760000", rig.now);
	rig_run(&rig, 0);
	CHECK(far_heard(&rig.far, "AT+CSCA=\"+491710760000\",145") == 1);
	CHECK(strcmp(device_status(rig.device)->smsc, "+491710760000") == 0);
	/* found out when idle */
	far_answer(&rig.far, "AT+CSCA?", "\r\n+CSCA: \"\",129\r\n\r\nOK\r\n", 1);
	rig_run(&rig, 900000);
	CHECK(far_heard(&rig.far, "AT+CSCA=\"+491710760000\",145") == 2);
	CHECK(rig_events(&rig, DEVICE_EVENT_CARD) == 2);
	/* found out by the text */
	rig.far.send_error = "+CMS ERROR: 330";
	CHECK(rig_send(&rig, "hello") == 0);
	rig_run(&rig, 0);
	CHECK(far_heard(&rig.far, "AT+CSCA=\"+491710760000\",145") == 3);
	CHECK(rig.far.prompts == 2); /* once more, and no more */
	CHECK(rig_event(&rig, DEVICE_EVENT_SENT, 0)->outcome == DEVICE_REFUSED_MODEM ||
	      rig_event(&rig, DEVICE_EVENT_SENT, 0)->outcome == DEVICE_REFUSED_NETWORK);
}

static void test_device_never_risks_the_last_pin_try(void **state)
{
	(void)state;
	with_pin("\r\n+QPINC: \"SC\",1,10\r\n\r\nOK\r\n");
	far_answer(&rig.far, "AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n", 0);
	rig_open(&rig);
	rig_run(&rig, 120000);
	CHECK(device_status(rig.device)->state == DEVICE_SICK);
	CHECK(strstr(device_status(rig.device)->why, "1 PIN tries left") != NULL);
	CHECK(far_heard(&rig.far, "AT+CPIN=") == 0);
}

static void test_device_says_what_is_wrong_with_the_sim(void **state)
{
	static const struct {
		const char *answer, *why;
	} rows[] = {
		{ "\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n", "PUK" },
		{ "\r\n+CME ERROR: 12\r\n", "PUK" },
		{ "\r\n+CME ERROR: 10\r\n", "no SIM" },
		{ "\r\n+CPIN: NOT INSERTED\r\n\r\nOK\r\n", "no SIM" },
		{ "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n", "none is configured" },
		{ "\r\n+CME ERROR: 11\r\n", "none is configured" },
		{ "\r\n+CPIN: PH-NET PIN\r\n\r\nOK\r\n", "locked to" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		rig_free(&rig);
		rig_init(&rig, NULL);
		far_answer(&rig.far, "AT+CPIN?", rows[i].answer, 0);
		rig_open(&rig);
		CHECK_ROW(device_status(rig.device)->state == DEVICE_SICK, rows[i].why);
		CHECK_ROW(strstr(device_status(rig.device)->why, rows[i].why) != NULL, rows[i].why);
		far_answer(&rig.far, "AT+CPIN?", "\r\n+CPIN: READY\r\n\r\nOK\r\n", 0);
		rig_run(&rig, 20000);
		CHECK_ROW(device_status(rig.device)->state == DEVICE_READY, rows[i].why);
	}
}

/* ---- network ----------------------------------------------------------- */

static void test_device_is_ready_on_the_best_registration(void **state)
{
	static const struct {
		const char *creg, *cereg;
		bool ready, voice;
		int registration;
	} rows[] = {
		{ "0,1", "0,2", true, true, 1 },   { "2,3,\"0001\",\"02\"", "2,5", true, false, 5 },
		{ "0,2", "0,0", false, false, 2 }, { "0,6", "0,2", true, false, 6 },
		{ "0,3", "0,8", false, false, 8 }, { "0,2", "0,8", false, false, 8 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char creg[80], cereg[80];
		const struct device_status *status;

		rig_free(&rig);
		rig_init(&rig, NULL);
		status = device_status(rig.device);
		snprintf(creg, sizeof creg, "\r\n+CREG: %s\r\n\r\nOK\r\n", rows[i].creg);
		snprintf(cereg, sizeof cereg, "\r\n+CEREG: %s\r\n\r\nOK\r\n", rows[i].cereg);
		far_answer(&rig.far, "AT+CREG?", creg, 0);
		far_answer(&rig.far, "AT+CEREG?", cereg, 0);
		far_answer(&rig.far, "AT+CGREG?", "\r\nERROR\r\n", 0);
		rig_open(&rig);
		CHECK_ROW((status->state == DEVICE_READY) == rows[i].ready, rows[i].creg);
		CHECK_ROW(status->voice == rows[i].voice, rows[i].creg);
		CHECK_ROW(status->registration == rows[i].registration, rows[i].creg);
	}
}

static void test_device_follows_registration_lines(void **state)
{
	(void)state;
	ready();
	rig_say(&rig, "\r\n+CREG: 2\r\n\r\n+CGREG: 0\r\n\r\n+CEREG: 2\r\n");
	CHECK(device_status(rig.device)->state == DEVICE_REGISTERING);
	far_answer(&rig.far, "AT+C", "", 1);
	rig_say(&rig, "\r\n+CEREG: 5,\"1A2B\",\"01234567\",7\r\n");
	CHECK(device_status(rig.device)->state == DEVICE_READY);
	CHECK(device_status(rig.device)->registration == 5);
	CHECK(!device_status(rig.device)->voice);
	rig_say(&rig, "\r\n+CREG: 1,\"1A2B\",\"01234567\",7\r\n");
	CHECK(device_status(rig.device)->voice);
}

static void test_device_asks_on_until_there_is_a_network(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CREG?", "\r\n+CREG: 2,2\r\n\r\nOK\r\n", 3);
	far_answer(&rig.far, "AT+CGREG?", "\r\n+CGREG: 2,2\r\n\r\nOK\r\n", 3);
	far_answer(&rig.far, "AT+CEREG?", "\r\n+CEREG: 2,2\r\n\r\nOK\r\n", 3);
	rig_open(&rig);
	CHECK(device_status(rig.device)->state == DEVICE_REGISTERING);
	rig_run(&rig, 20000);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
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

/* ---- messages ---------------------------------------------------------- */

static void test_device_sweeps_both_stores_at_the_start(void **state)
{
	(void)state;
	rig.delete_read = true;
	far_store(&rig.far, "SM", 3, ACK);
	far_store(&rig.far, "ME", 0, ACK_UCS2);
	far_store(&rig.far, "ME", 7, REPORT);
	ready();
	rig_run(&rig, 1000);
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 2);
	CHECK(rig_events(&rig, DEVICE_EVENT_REPORT) == 1);
	CHECK(rig_event(&rig, DEVICE_EVENT_REPORT, 0)->pdu.message_ref == 0x2F);
	CHECK(!far_stored(&rig.far, "SM", 3));
	CHECK(!far_stored(&rig.far, "ME", 0));
	CHECK(!far_stored(&rig.far, "ME", 7));
	rig_run(&rig, 600000);
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 2);
}

static void test_device_reads_what_a_notice_names(void **state)
{
	int commands;

	(void)state;
	rig.delete_read = true;
	ready();
	commands = rig.far.commands;
	far_store(&rig.far, "ME", 4, ACK);
	rig_say(&rig, "\r\n+CMTI: \"ME\",4\r\n");
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 1);
	CHECK(strcmp(rig_event(&rig, DEVICE_EVENT_RECEIVED, 0)->pdu.text, "ACK 4711") == 0);
	CHECK(strcmp(rig_event(&rig, DEVICE_EVENT_RECEIVED, 0)->memory, "ME") == 0);
	CHECK(rig_event(&rig, DEVICE_EVENT_RECEIVED, 0)->index == 4);
	far_store(&rig.far, "SM", 4, ACK_UCS2);
	rig_say(&rig, "\r\n+CMTI: \"SM\",4\r\n");
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 2);
	CHECK(rig.far.commands - commands <= 6);
	rig_run(&rig, 1000);
	CHECK(!far_stored(&rig.far, "ME", 4) && !far_stored(&rig.far, "SM", 4));
}

static void test_device_lists_after_an_odd_notice(void **state)
{
	static const char *const notices[] = { "\r\n+CMTI: \"\",-1\r\n", "\r\n+CMTI: ,2\r\n",
					       "\r\n+CMTI: \"ME\",-1\r\n", "\r\n+CMTI:\r\n",
					       "\r\n+CMTI: \"ME_P\",1\r\n" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(notices); i++) {
		rig_free(&rig);
		rig_init(&rig, NULL);
		ready();
		far_store(&rig.far, "SM", 9, ACK);
		rig_say(&rig, notices[i]);
		rig_run(&rig, 100);
		CHECK_ROW(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 1, notices[i]);
	}
}

static void test_device_finds_a_message_without_a_notice(void **state)
{
	(void)state;
	ready();
	far_store(&rig.far, "SM", 2, ACK);
	rig_run(&rig, 61000);
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 1);
	/* Nobody deletes it: told once, whatever is listed or noticed again. */
	rig_say(&rig, "\r\n+CMTI: \"SM\",2\r\n");
	rig_run(&rig, 3600000);
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 1);
	/* Another one in its place. */
	far_store(&rig.far, "SM", 2, ACK_UCS2);
	rig_say(&rig, "\r\n+CMTI: \"SM\",2\r\n");
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 2);
}

static void test_device_repeats_a_refused_delete(void **state)
{
	(void)state;
	rig.delete_read = true;
	ready();
	far_answer(&rig.far, "AT+CMGD", "\r\n+CMS ERROR: 500\r\n", 3);
	far_store(&rig.far, "ME", 1, ACK);
	rig_say(&rig, "\r\n+CMTI: \"ME\",1\r\n");
	rig_run(&rig, 120000);
	CHECK(!far_stored(&rig.far, "ME", 1));
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 1);
}

/* It says OK and keeps the message: nothing is told twice, and the modem is not asked without end. */
static void test_device_is_not_fooled_by_a_delete_that_does_nothing(void **state)
{
	int asked;

	(void)state;
	rig.delete_read = true;
	ready();
	far_answer(&rig.far, "AT+CMGD", "\r\nOK\r\n", 0);
	far_store(&rig.far, "ME", 1, ACK);
	rig_say(&rig, "\r\n+CMTI: \"ME\",1\r\n");
	rig_run(&rig, 3600000);
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 1);
	asked = far_heard(&rig.far, "AT+CMGD");
	CHECK(asked > 3 && asked <= 125);
	far_store(&rig.far, "ME", 1, ACK_UCS2);
	rig_say(&rig, "\r\n+CMTI: \"ME\",1\r\n");
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 2);
}

static void test_device_reads_broken_list_items_again(void **state)
{
	static const char *const lists[] = {
		/* The line's end is missing before the next item. */
		"\r\n+CMGL: 1,1,,26\r\n" ACK "+CMGL: 2,1,,29\r\n" ACK_UCS2 "\r\n\r\nOK\r\n",
		/* A cut unit, no <alpha>, blank lines. */
		"\r\n+CMGL: 1,1,26\r\n079144775810\r\n\r\n+CMGL: "
		"2,1,,26\r\n0791447758100650\r\n\r\n\r\n\r\nOK\r\n",
		/* A wrong length, another field more. */
		"\r\n+CMGL: 1,,99,0\r\n" ACK "\r\n+CMGL:2,1,\"a,b\",29\r\n" ACK_UCS2
		"\r\n\r\nOK\r\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		rig_free(&rig);
		rig_init(&rig, NULL);
		far_answer(&rig.far, "AT+CMGL", lists[i], 1);
		far_store(&rig.far, "ME", 1, ACK);
		far_store(&rig.far, "ME", 2, ACK_UCS2);
		ready();
		rig_run(&rig, 31000);
		CHECK_ROW(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 2, lists[i]);
		CHECK_ROW(rig_events(&rig, DEVICE_EVENT_UNREADABLE) == 0, lists[i]);
	}
}

static void test_device_tells_what_cannot_be_read(void **state)
{
	(void)state;
	rig.delete_read = true;
	far_store(&rig.far, "ME", 5, "0791447758100650FFFFFFFFFFFFFFFF");
	ready();
	rig_run(&rig, 1000);
	CHECK(rig_events(&rig, DEVICE_EVENT_UNREADABLE) == 1);
	CHECK(strncmp(rig_event(&rig, DEVICE_EVENT_UNREADABLE, 0)->raw, "0791447758100650FF", 18) ==
	      0);
	CHECK(!far_stored(&rig.far, "ME", 5));
}

static void test_device_takes_direct_messages(void **state)
{
	(void)state;
	ready();
	rig_say(&rig, "\r\n+CMT: ,26\r\n" ACK "\r\n\r\n+CDS: 25\r\n" REPORT "\r\n");
	CHECK(rig_event(&rig, DEVICE_EVENT_RECEIVED, 0)->index == -1);
	CHECK(rig_event(&rig, DEVICE_EVENT_RECEIVED, 0)->memory[0] == '\0');
	CHECK(rig_event(&rig, DEVICE_EVENT_REPORT, 0)->index == -1);
	CHECK(rig_event(&rig, DEVICE_EVENT_REPORT, 0)->pdu.status == 0);
	CHECK(far_heard(&rig.far, "AT+CNMA") == 0);
}

static void test_device_acknowledges_where_the_modem_forces_it(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CSMS=0", "\r\n+CMS ERROR: 303\r\n", 0);
	far_answer(&rig.far, "AT+CSMS?", "\r\n+CSMS: 1,1,1,1\r\n\r\nOK\r\n", 0);
	ready();
	rig_say(&rig, "\r\n+CMT: ,26\r\n" ACK "\r\n");
	rig_run(&rig, 100);
	CHECK(far_heard(&rig.far, "AT+CNMA=0") == 0); /* not stored yet */
	device_delete(rig.device, "", -1, rig.now);
	rig_run(&rig, 0);
	CHECK(far_heard(&rig.far, "AT+CNMA=0") == 1);
	rig.delete_read = true;
	rig_say(&rig, "\r\n+CDS: 25\r\n" REPORT "\r\n");
	CHECK(far_heard(&rig.far, "AT+CNMA=0") == 2);
}

static void test_device_deletes_nothing_unseen_after_a_restart(void **state)
{
	(void)state;
	ready();
	far_store(&rig.far, "ME", 1, ACK);
	rig_say(&rig, "\r\n+CMTI: \"ME\",1\r\n");
	/* While the port is away another SIM comes, with another message there. */
	device_closed(rig.device, rig.now);
	device_delete(rig.device, "ME", 1, rig.now);
	far_store(&rig.far, "ME", 1, ACK_UCS2);
	rig_open(&rig);
	rig_run(&rig, 1000);
	CHECK(far_stored(&rig.far, "ME", 1));
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 2);
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
		TEST(test_device_waits_for_a_busy_sim),
		TEST(test_device_enters_the_pin_once_a_power_up),
		TEST(test_device_enters_no_pin_unasked),
		TEST(test_device_tells_a_pin_that_was_wrong),
		TEST(test_device_repeats_no_pin_after_silence),
		TEST(test_device_puts_the_centre_back),
		TEST(test_device_never_risks_the_last_pin_try),
		TEST(test_device_says_what_is_wrong_with_the_sim),
		TEST(test_device_is_ready_on_the_best_registration),
		TEST(test_device_follows_registration_lines),
		TEST(test_device_asks_on_until_there_is_a_network),
		TEST(test_device_is_quiet_when_idle),
		TEST(test_device_starts_over_after_a_boot_notice),
		TEST(test_device_takes_the_notices_of_one_start_for_one),
		TEST(test_device_notices_forgotten_settings),
		TEST(test_device_climbs_the_ladder_and_never_gives_up),
		TEST(test_device_is_not_fooled_by_bytes_without_answers),
		TEST(test_device_survives_one_missed_answer),
		TEST(test_device_sick_ends_the_send_at_once),
		TEST(test_device_closed_ends_send_and_call),
		TEST(test_device_sweeps_both_stores_at_the_start),
		TEST(test_device_reads_what_a_notice_names),
		TEST(test_device_lists_after_an_odd_notice),
		TEST(test_device_finds_a_message_without_a_notice),
		TEST(test_device_repeats_a_refused_delete),
		TEST(test_device_is_not_fooled_by_a_delete_that_does_nothing),
		TEST(test_device_reads_broken_list_items_again),
		TEST(test_device_tells_what_cannot_be_read),
		TEST(test_device_takes_direct_messages),
		TEST(test_device_acknowledges_where_the_modem_forces_it),
		TEST(test_device_deletes_nothing_unseen_after_a_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
