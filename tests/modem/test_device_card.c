/* What a device does about its SIM card, and until it has a network. */
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
