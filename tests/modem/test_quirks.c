/* Behaviours that a driver must survive, each on a whole device: it gets ready, sends, receives, calls and hears a key in spite of
 * it.  What needs more than a line here has tests of its own. */
#include "modem/device.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <string.h>

#define ACK "0791447758100650040C9144770009103200006211027103504008C1E11244BBC562"
#define NAMED                                                                                      \
	"0791447758100650040ED04F78591EA6BFE500006211027103504013D9775D0E1287D961F7B80C4ACF41ECF7" \
	"1D"

static struct rig rig;

static int setup(void **state)
{
	(void)state;
	rig_init(&rig, NULL);
	rig.delete_read = true;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_free(&rig);
	return 0;
}

static bool is_ready(void)
{
	return device_status(rig.device)->state == DEVICE_READY;
}

static void get_ready(void)
{
	rig_open(&rig);
	rig_run(&rig, 20000);
	CHECK(is_ready());
}

/* The core of what a pager needs of a modem. */
static void serves(void)
{
	size_t sent = rig_events(&rig, DEVICE_EVENT_SENT);
	size_t received = rig_events(&rig, DEVICE_EVENT_RECEIVED);
	size_t keys = rig_events(&rig, DEVICE_EVENT_KEY);
	size_t ended = rig_events(&rig, DEVICE_EVENT_CALL_ENDED);

	CHECK(rig_send(&rig, "Page 4711") == 0);
	rig_run(&rig, 5000);
	CHECK(rig_events(&rig, DEVICE_EVENT_SENT) == sent + 1);
	CHECK(rig_event(&rig, DEVICE_EVENT_SENT, sent)->outcome == DEVICE_ACCEPTED);
	far_store(&rig.far, "ME", 3, ACK);
	rig_say(&rig, "\r\n+CMTI: \"ME\",3\r\n");
	rig_run(&rig, 5000);
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == received + 1);
	CHECK(!far_stored(&rig.far, "ME", 3));
	CHECK(rig_call(&rig) == 0);
	rig_run(&rig, 600);
	rig.far.call = 1;
	rig_run(&rig, 5000);
	rig_say(&rig, "\r\n+QTONEDET: 52\r\n");
	CHECK(rig_events(&rig, DEVICE_EVENT_KEY) == keys + 1);
	device_hang_up(rig.device, rig.now);
	rig_run(&rig, 10000);
	CHECK(rig_events(&rig, DEVICE_EVENT_CALL_ENDED) == ended + 1);
	CHECK(rig_event(&rig, DEVICE_EVENT_CALL_ENDED, ended)->end == DEVICE_CALL_STOPPED);
	CHECK(is_ready() && device_status(rig.device)->boots == 0);
}

static void test_02_notice_glued_before_the_echo(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CPIN?", "\r\n^SRVST:2\r\nAT+CPIN?\r\r\n+CPIN: READY\r\n\r\nOK\r\n",
		   0);
	get_ready();
	serves();
}

static void test_03_echo_on_again(void **state)
{
	(void)state;
	get_ready();
	rig.far.echo = true;
	serves();
	device_closed(rig.device, rig.now);
	get_ready();
	CHECK(far_heard(&rig.far, "ATE0\r") >= 2);
	serves();
}

static void test_04_result_without_a_line_before_it(void **state)
{
	(void)state;
	get_ready();
	CHECK(rig_call(&rig) == 0);
	rig_run(&rig, 600);
	rig.far.call = 0;
	rig_say(&rig, "NO CARRIER\r");
	rig_run(&rig, 5000);
	CHECK(rig_events(&rig, DEVICE_EVENT_CALL_ENDED) == 1);
	serves();
}

static void test_05_noise_at_power_up(void **state)
{
	static const char noise[] = "\0\0\xFF\xFE\xFF\0\x01\x7F\r\n\0RDY\r\n";

	(void)state;
	rig.far.deaf = true;
	rig_open(&rig);
	device_feed(rig.device, (struct span){ noise, sizeof noise - 1 }, rig.now);
	rig.far.deaf = false;
	rig_run(&rig, 20000);
	CHECK(is_ready());
	serves();
}

static void test_06_finals_of_its_own(void **state)
{
	static const char *const finals[] = {
		"COMMAND NOT SUPPORT",  "MODEM ERROR: 4",      "NA",
		"ERROR+CNUM:,\"\",129", "TOO MANY PARAMETERS", "+CME ERROR: 4"
	};
	static const char *const commands[] = { "AT+QSCLK", "AT+QURCCFG", "AT+QINDCFG",
						"AT^DSCI",  "AT+CVHU",    "AT+CCID" };
	char says[COUNT_OF(finals)][40];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(finals); i++) {
		snprintf(says[i], sizeof says[i], "\r\n%s\r\n", finals[i]);
		far_answer(&rig.far, commands[i], says[i], 0);
	}
	get_ready();
	serves();
}

static void test_07_several_ok(void **state)
{
	(void)state;
	rig.far.double_ok = true;
	get_ready();
	serves();
	CHECK(device_status(rig.device)->signal_dbm == -73);
	CHECK(strcmp(device_status(rig.device)->plmn, "26201") == 0);
}

static void test_08_no_result_at_all(void **state)
{
	(void)state;
	get_ready();
	far_answer(&rig.far, "AT+CSQ", "", 1);
	far_answer(&rig.far, "AT+CREG?", "\r\n+CREG: 2,1\r\n", 1);
	rig_run(&rig, 600000);
	CHECK(is_ready());
	serves();
}

/* Lost, said twice, or without a place: the message comes once. */
static void test_13_notice_lost_doubled_or_odd(void **state)
{
	static const char *const notices[] = {
		"",
		"\r\n+CMTI: \"ME\",3\r\n\r\n+CMTI: \"ME\",3\r\n",
		"\r\n+CMTI: \"\",-1\r\n",
		"\r\n+CMTI: ,2\r\n",
		"\r\n+CMTI: \"ME\"\r\n",
		"\r\n+CMTI:\r\n",
	};

	(void)state;
	get_ready();
	for (size_t i = 0; i < COUNT_OF(notices); i++) {
		far_store(&rig.far, "ME", 3, ACK);
		rig_say(&rig, notices[i]);
		rig_run(&rig, 120000);
		CHECK_ROW(rig_events(&rig, DEVICE_EVENT_RECEIVED) == i + 1, notices[i]);
		CHECK_ROW(!far_stored(&rig.far, "ME", 3), notices[i]);
		rig_run(&rig, 3600000); /* the same text again is another one by then */
	}
	serves();
}

static void test_14_counters_say_nothing_is_there(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CPMS?",
		   "\r\n+CPMS: \"ME\",0,20,\"SM\",0,20,\"ME\",0,20\r\n\r\nOK\r\n", 0);
	get_ready();
	far_store(&rig.far, "ME", 7, ACK);
	far_store(&rig.far, "SM", 8, NAMED);
	rig_run(&rig, 120000);
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 2);
	CHECK(!far_stored(&rig.far, "ME", 7) && !far_stored(&rig.far, "SM", 8));
	serves();
}

static void test_15_list_items_joined_and_miscounted(void **state)
{
	(void)state;
	get_ready();
	far_answer(&rig.far, "AT+CMGL=4",
		   "\r\n+CMGL: 1,1,,99\r\n" ACK "+CMGL: 2,,3\r\n" NAMED "\r\n\r\n\r\n\r\nOK\r\n",
		   1);
	rig_run(&rig, 120000);
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 2);
	CHECK(far_heard(&rig.far, "AT+CMGD=1\r") > 0 && far_heard(&rig.far, "AT+CMGD=2\r") > 0);
	serves();
}

/* Told as what it is, then removed: it must not fill the store. */
static void test_17_unit_cut_short(void **state)
{
	(void)state;
	get_ready();
	far_store(&rig.far, "ME", 5, "0791447758100650040C914477000910320000621102710350");
	rig_run(&rig, 300000);
	CHECK(rig_events(&rig, DEVICE_EVENT_UNREADABLE) == 1);
	CHECK(strncmp(rig_event(&rig, DEVICE_EVENT_UNREADABLE, 0)->raw, "0791447758100650040C",
		      20) == 0);
	CHECK(!far_stored(&rig.far, "ME", 5));
	serves();
}

static void test_18_sender_with_control_characters(void **state)
{
	(void)state;
	get_ready();
	far_store(&rig.far, "ME", 5,
		  "000404D08A06"
		  "0000"
		  "62110271035040"
		  "03C1E112"); /* LF, CR */
	rig_run(&rig, 120000);
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 1);
	CHECK(rig_event(&rig, DEVICE_EVENT_RECEIVED, 0)->pdu.alphanumeric);
	CHECK(strcmp(rig_event(&rig, DEVICE_EVENT_RECEIVED, 0)->pdu.address, "  ") == 0);
	serves();
}

static void test_20_the_call_list_fails_or_is_stale(void **state)
{
	(void)state;
	get_ready();
	far_answer(&rig.far, "AT+CLCC", "\r\n+CME ERROR: 3\r\n", 3);
	CHECK(rig_call(&rig) == 0);
	rig_run(&rig, 3000);
	rig.far.call = 1;
	rig_run(&rig, 5000);
	CHECK(rig_events(&rig, DEVICE_EVENT_ANSWERED) == 1);
	far_answer(&rig.far, "AT+CHUP", "\r\nOK\r\n", 1); /* and the row stays */
	device_hang_up(rig.device, rig.now);
	rig_run(&rig, 10000);
	CHECK(rig_events(&rig, DEVICE_EVENT_CALL_ENDED) == 1);
	rig.far.call = 0;
	rig_run(&rig, 10000);
	get_ready();
	CHECK(rig_send(&rig, "Page 4711") == 0);
}

static void test_21_call_lines_inside_an_answer(void **state)
{
	(void)state;
	get_ready();
	far_answer(&rig.far, "AT+CHUP", "\r\nVOICE CALL: END: 000017\r\n\r\nOK\r\n", 1);
	CHECK(rig_call(&rig) == 0);
	rig_run(&rig, 600);
	rig.far.call = 1;
	rig_run(&rig, 5000);
	CHECK(rig_events(&rig, DEVICE_EVENT_ANSWERED) == 1);
	rig.far.call = 0;
	device_hang_up(rig.device, rig.now);
	rig_run(&rig, 10000);
	CHECK(rig_events(&rig, DEVICE_EVENT_CALL_ENDED) == 1);
	CHECK(rig_event(&rig, DEVICE_EVENT_CALL_ENDED, 0)->end == DEVICE_CALL_STOPPED);
	serves();
}

static void test_22_two_carriage_returns(void **state)
{
	(void)state;
	rig.far.double_cr = true;
	get_ready();
	rig_say(&rig,
		"\r\r\n+CRING: VOICE\r\r\n\r\r\n+CLIP: \"+447700900999\",145,\"\",0,\"\",0\r\r\n");
	rig_run(&rig, 5000);
	CHECK(rig_events(&rig, DEVICE_EVENT_INCOMING) == 1);
	rig_run(&rig, 20000);
	serves();
}

static void test_28_a_storm_of_notices(void **state)
{
	static const char *const storm[] = {
		"\r\n^RSSI:17\r\n",
		"\r\n^HCSQ:\"LTE\",51,47,141,24\r\n",
		"\r\n^DSFLOWRPT:00000012,00000000,00000000,0000000000001234,0000000000005678,"
		"00000000,00000000\r\n",
		"\r\n^BOOT:27710117,0,0,0,75\r\n",
		"\r\n^MODE:5,4\r\n",
		"\r\n^NWTIME:26/11/20,17:30:05+04,00\r\n",
	};
	int commands;

	(void)state;
	get_ready();
	commands = rig.far.commands;
	for (int i = 0; i < 10000; i++)
		rig_say(&rig, storm[i % (int)COUNT_OF(storm)]);
	CHECK(rig.far.commands == commands); /* none of it is worth a question */
	serves();
}

/* Notices prove nothing: what counts is answers. */
static void test_29_alive_and_deaf(void **state)
{
	(void)state;
	get_ready();
	rig.far.deaf = true;
	for (int i = 0; i < 120 && is_ready(); i++) {
		rig_say(&rig, "\r\n^RSSI:17\r\n\r\n^BOOT:27710117,0,0,0,75\r\n");
		rig_run(&rig, 1000);
	}
	CHECK(device_status(rig.device)->state == DEVICE_SICK);
	rig.far.deaf = false;
	rig_run(&rig, 120000);
	CHECK(is_ready());
	serves();
}

static void test_32_sim_toolkit_noise(void **state)
{
	(void)state;
	get_ready();
	for (int i = 0; i < 50; i++)
		rig_say(&rig,
			"\r\n+STIN: 25\r\n\r\n+MSTK: 11, \"D081\"\r\n\r\n+CUSATP: \"D0\"\r\n");
	serves();
}

static void test_34_errors_in_words(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CPIN?", "\r\n+CME ERROR: SIM busy\r\n", 3);
	far_answer(&rig.far, "AT+CPMS=\"ME\",\"SM\",\"ME\"", "\r\n+CMS ERROR: \"SIM busy\"\r\n", 3);
	get_ready();
	CHECK(far_heard(&rig.far, "AT+CPIN?\r") == 4);
	serves();
}

static void test_36_numeric_results(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT", "0\r", 2); /* AT, ATE0 */
	far_answer(&rig.far, "ATV1", "\r\nOK\r\n", 0);
	get_ready();
	serves();
}

static void test_37_silence_until_a_few_at(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT", "", 4);
	get_ready();
	serves();
}

static void test_40_ussd_text_over_several_lines(void **state)
{
	(void)state;
	get_ready();
	rig_say(&rig, "\r\n+CUSD: 2,\"Balance: \"5.00\"\r\n\r\nOK\r\nERROR\r\n+CMTI: "
		      "soon\r\nRING\",15\r\n");
	rig_run(&rig, 20000);
	CHECK(is_ready());
	serves();
}

static void test_43_call_words_without_a_call(void **state)
{
	static const char *const words[] = { "NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE",
					     "CONNECT 9600" };
	char line[40];

	(void)state;
	get_ready();
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		snprintf(line, sizeof line, "\r\n%s\r\n", words[i]);
		rig_say(&rig, line);
		rig.far.inject = line; /* and in the answer to a question */
		rig.far.inject_at = 4;
		rig.far.said = 0;
		rig_run(&rig, 70000);
		rig.far.inject = NULL;
	}
	CHECK(rig_events(&rig, DEVICE_EVENT_CALL_ENDED) == 0);
	serves();
}

/* After a long time without a word the first command is lost. */
static void test_45_asleep_after_a_long_time(void **state)
{
	(void)state;
	get_ready();
	for (int i = 0; i < 20; i++) {
		far_answer(&rig.far, "AT+", "", 1);
		rig_run(&rig, 100000);
		CHECK(is_ready());
	}
	rig_run(&rig, 10000);
	serves();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_02_notice_glued_before_the_echo),
		TEST(test_03_echo_on_again),
		TEST(test_04_result_without_a_line_before_it),
		TEST(test_05_noise_at_power_up),
		TEST(test_06_finals_of_its_own),
		TEST(test_07_several_ok),
		TEST(test_08_no_result_at_all),
		TEST(test_13_notice_lost_doubled_or_odd),
		TEST(test_14_counters_say_nothing_is_there),
		TEST(test_15_list_items_joined_and_miscounted),
		TEST(test_17_unit_cut_short),
		TEST(test_18_sender_with_control_characters),
		TEST(test_20_the_call_list_fails_or_is_stale),
		TEST(test_21_call_lines_inside_an_answer),
		TEST(test_22_two_carriage_returns),
		TEST(test_28_a_storm_of_notices),
		TEST(test_29_alive_and_deaf),
		TEST(test_32_sim_toolkit_noise),
		TEST(test_34_errors_in_words),
		TEST(test_36_numeric_results),
		TEST(test_37_silence_until_a_few_at),
		TEST(test_40_ussd_text_over_several_lines),
		TEST(test_43_call_words_without_a_call),
		TEST(test_45_asleep_after_a_long_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
