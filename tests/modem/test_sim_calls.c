/* Calls: what the modem says while it dials, what the owners of the phones do (MODEMS.md 9.1, 9.2, 9.6). */
#include "modem/sim/sim.h"
#include "tests/modem/sim_bench.h"
#include "tests/support/unit.h"

#define ANN "+447700900123"

/* "Press 4, then 7." as UCS-2: 16 characters, 1.44 s. */
#define SPEECH "0050007200650073007300200034002C0020007400680065006E00200037002E"

static void test_sim_call_on_quectel_is_answered_heard_and_keyed(void **state)
{
	struct bench *b = bench_up("modem alpha +15550009001 quectel\n"
				   "phone ann " ANN " answers after 6s presses challenge");

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+QINDCFG=\"ccinfo\",1,0", "\r\nOK\r\n");
	bench_says(b, 0, "AT+QTONEDET=1", "\r\nOK\r\n");
	bench_says(b, 0, "AT+QWTTS=1,1,1,\"" SPEECH "\"", "\r\n+CME ERROR: 903\r\n");
	bench_says(b, 0, "ATD" ANN ";",
		   "\r\nOK\r\n\r\n+QIND: \"ccinfo\",3,0,2,0,0,\"" ANN "\",145\r\n");
	CHECK(bench_event(b, SIM_DIALLED, ANN, NULL));
	bench_run(b, 0, 1000);
	CHECK(strcmp(b->text, "\r\n+QIND: \"ccinfo\",3,0,3,0,0,\"" ANN "\",145\r\n") == 0);
	CHECK(bench_event(b, SIM_RINGS, ANN, NULL));
	bench_says(b, 0, "AT+CLCC",
		   "\r\n+CLCC: 1,0,0,1,0,\"\",128\r\n\r\n+CLCC: 3,0,3,0,0,\"" ANN
		   "\",145\r\n\r\nOK\r\n");
	bench_run(b, 0, 5999);
	CHECK(strcmp(b->text, "") == 0);
	bench_run(b, 0, 1);
	CHECK(strcmp(b->text, "\r\n+QIND: \"ccinfo\",3,0,0,0,0,\"" ANN "\",145\r\n") == 0);
	bench_says(b, 0, "AT+QWTTS=1,1,1,\"" SPEECH "\"", "\r\nOK\r\n");
	bench_says(b, 0, "AT+QWTTS=1,1,1,\"" SPEECH "\"", "\r\n+CME ERROR: 904\r\n");
	bench_run(b, 0, 16 * 90 - 1);
	CHECK(strcmp(b->text, "") == 0);
	bench_run(b, 0, 1);
	CHECK(strcmp(b->text, "\r\n+QWTTS: 0\r\n") == 0);
	CHECK(bench_event(b, SIM_HEARD, ANN, "Press 4, then 7."));
	bench_run(b, 0, 4000);
	CHECK(strcmp(b->text, "\r\n+QTONEDET: 52\r\n\r\n+QTONEDET: 55\r\n") == 0);
	bench_says(b, 0, "AT+CHUP",
		   "\r\nOK\r\n\r\n+QIND: \"ccinfo\",3,0,-1,0,0,\"" ANN
		   "\",145\r\n\r\nNO CARRIER\r\n");
	CHECK(bench_event(b, SIM_HUNG_UP, ANN, "gateway hangs up"));
	CHECK(sim_deadline(b->sim) == WHEN_NEVER);
	bench_down(b);
}

static void test_sim_speech_cut_off_is_not_understood(void **state)
{
	struct bench *b = bench_up("modem alpha +15550009001 quectel\n"
				   "phone ann " ANN " answers presses challenge");

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_raw(b, 0, "ATD" ANN ";\r");
	bench_run(b, 0, 1000);
	bench_says(b, 0, "AT+QWTTS=1,1,1,\"" SPEECH "\"", "\r\nOK\r\n");
	bench_run(b, 0, 900);
	bench_says(b, 0, "AT+QWTTS=1,0,0", "\r\nOK\r\n");
	CHECK(bench_event(b, SIM_HEARD, ANN, "Press 4, t"));
	bench_run(b, 0, 10000);
	CHECK(bench_count(b, SIM_PRESSED) == 0);
	/* The rest completes what was heard. */
	bench_says(b, 0, "AT+QWTTS=1,1,2,\"I repeat: press one, then press nine\"", "\r\nOK\r\n");
	bench_run(b, 0, 10000);
	CHECK(bench_count(b, SIM_PRESSED) == 2);
	CHECK(bench_event(b, SIM_PRESSED, ANN, "1") && bench_event(b, SIM_PRESSED, ANN, "9"));
	bench_down(b);
}

static void test_sim_call_on_simcom_busy_then_no_answer(void **state)
{
	struct bench *b = bench_up("modem beta +15550009002 simcom\n"
				   "phone ann +15550100006 busy\nphone bob +15550100001 ignores");

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+CLCC=1", "\r\nOK\r\n");
	bench_says(b, 0, "AT+MORING=1", "\r\nOK\r\n");
	bench_says(b, 0, "ATD0015550100006;",
		   "\r\nOK\r\n\r\n+CLCC: 1,0,2,0,0,\"0015550100006\",129,\"\"\r\n");
	bench_run(b, 0, 1000);
	CHECK(strcmp(b->text, "\r\n+CLCC: 1,0,6,0,0,\"0015550100006\",129,\"\"\r\n\r\nBUSY\r\n") ==
	      0);
	bench_says(b, 0, "AT+CEER", "\r\n+CEER: User busy\r\n\r\nOK\r\n");
	bench_raw(b, 0, "ATD+15550100001;\r");
	bench_run(b, 0, 35000);
	CHECK(strcmp(b->text,
		     "\r\n+CLCC: 1,0,3,0,0,\"+15550100001\",145,\"\"\r\n\r\nMO RING\r\n") == 0);
	bench_says(b, 0, "AT+CHUP",
		   "\r\nVOICE CALL: END: 000000\r\n\r\nOK\r\n\r\n+CLCC: "
		   "1,0,6,0,0,\"+15550100001\",145,\"\"\r\n\r\nNO CARRIER\r\n");
	/* Left alone, the network gives up after a minute. */
	bench_raw(b, 0, "ATD+15550100001;\r");
	bench_run(b, 0, 61000);
	CHECK(strcmp(b->text + b->len - 13, "\r\nNO ANSWER\r\n") == 0);
	bench_down(b);
}

static void test_sim_simcom_speaks_hex_and_hears_keys_with_two_returns(void **state)
{
	struct bench *b = bench_up("modem beta +15550009002 simcom\n"
				   "phone carol +15550100003 answers after 4s presses 1 2 #");

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+CDTAM=1", "\r\nOK\r\n");
	bench_raw(b, 0, "ATD+15550100003;\r");
	bench_run(b, 0, 5000);
	CHECK(strcmp(b->text, "\r\nVOICE CALL: BEGIN\r\n") == 0);
	bench_says(b, 0, "AT+CTTS=1,\"00480069\"", "\r\nOK\r\n");
	bench_run(b, 0, 180);
	CHECK(strcmp(b->text, "\r\n+CTTS: 0\r\n") == 0);
	CHECK(bench_event(b, SIM_HEARD, "+15550100003", "Hi"));
	bench_says(b, 0, "AT+CTTS=1,\"004\"", "\r\nERROR\r\n");
	bench_run(b, 0, 4000);
	CHECK(strcmp(b->text, "\r\r\n+RXDTMF: 1\r\r\n\r\r\n+RXDTMF: 2\r\r\n\r\r\n+RXDTMF: "
			      "#\r\r\n") == 0);
	bench_says(b, 0, "AT+CVHU=0;H",
		   "\r\nVOICE CALL: END: 000004\r\n\r\nOK\r\n\r\nNO CARRIER\r\n");
	bench_down(b);
}

static void test_sim_dnd_lets_the_second_call_from_one_sim_through(void **state)
{
	static const struct {
		const char *name;
		size_t second; /* modem of the second call */
		int64_t gap_ms;
		bool rings;
	} rows[] = {
		{ "same SIM inside three minutes", 0, 60000, true },
		{ "same SIM, too late", 0, 180001, false },
		{ "another SIM", 1, 60000, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bench *b = bench_up(
			"modem alpha +15550009001 quectel\nmodem beta +15550009002 quectel\n"
			"phone grace +15550100007 dnd then answers after 5s presses challenge");

		bench_raw(b, 0, "ATD+15550100007;\r");
		bench_run(b, 0, 30000);
		CHECK_ROW(bench_count(b, SIM_RINGS) == 0, rows[i].name);
		bench_raw(b, 0, "AT+CHUP\r");
		bench_run(b, 0, rows[i].gap_ms - 30000);
		bench_raw(b, rows[i].second, "ATD+15550100007;\r");
		bench_run(b, 0, 6000);
		CHECK_ROW((bench_count(b, SIM_ANSWERED) == 1) == rows[i].rings, rows[i].name);
		CHECK_ROW((bench_count(b, SIM_RINGS) == 1) == rows[i].rings, rows[i].name);
		bench_down(b);
	}
}

static void test_sim_voicemail_answers_and_only_talks_off_when_told(void **state)
{
	static const struct {
		const char *script, *keys;
	} rows[] = {
		{ "phone erin " ANN " voicemail \"Hi, press 4 7 to leave a message\" after 12s",
		  "" },
		{ "phone erin " ANN " voicemail \"press 4\" with tones after 12s",
		  "\r\n+QTONEDET: 52\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bench *b = bench_up("modem alpha +15550009001 quectel");

		bench_line(b, rows[i].script);
		bench_raw(b, 0, "ATE0;+QTONEDET=1\rATD" ANN ";\r");
		bench_run(b, 0, 13000);
		CHECK_ROW(bench_event(b, SIM_ANSWERED, ANN, NULL), rows[i].script);
		bench_run(b, 0, 20000);
		CHECK_ROW(strcmp(b->text, rows[i].keys) == 0, rows[i].script);
		CHECK_ROW(bench_count(b, SIM_PRESSED) == 0, rows[i].script);
		bench_run(b, 0, 30000);
		CHECK_ROW(strcmp(b->text, "\r\nNO CARRIER\r\n") == 0, rows[i].script);
		CHECK_ROW(bench_event(b, SIM_HUNG_UP, ANN, "mailbox hangs up"), rows[i].script);
		bench_down(b);
	}
}

static void test_sim_call_ends_as_the_callee_has_it(void **state)
{
	static const struct {
		const char *phone, *said, *why;
	} rows[] = {
		{ "phone a " ANN " rejects", "\r\nBUSY\r\n", "rejected" },
		{ "phone a " ANN " off", "\r\nNO ANSWER\r\n", "phone is off" },
		{ "phone a " ANN " answers hangs up after 3s", "\r\nNO CARRIER\r\n",
		  "phone hangs up" },
		{ "phone a +15550100099", "\r\nNO CARRIER\r\n", "no such number" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bench *b = bench_up("modem alpha +15550009001 generic");

		bench_line(b, rows[i].phone);
		bench_raw(b, 0, "ATE0D" ANN ";\r");
		bench_run(b, 0, 10000);
		CHECK_ROW(strcmp(b->text, rows[i].said) == 0, rows[i].phone);
		CHECK_ROW(bench_event(b, SIM_HUNG_UP, ANN, rows[i].why), rows[i].phone);
		bench_down(b);
	}
}

static void test_sim_dials_whatever_it_is_told(void **state)
{
	static const char *const rows[] = { "112", "*#06#", "+19005550000", "911" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bench *b = bench_up("modem alpha +15550009001 quectel");
		char line[40];

		snprintf(line, sizeof line, "ATD%s;\r", rows[i]);
		bench_raw(b, 0, line);
		CHECK_ROW(bench_event(b, SIM_DIALLED, rows[i], NULL), rows[i]);
		bench_down(b);
	}
}

static void test_sim_colp_withholds_the_result_and_a_character_aborts(void **state)
{
	struct bench *b = bench_up("modem alpha +15550009001 generic\n"
				   "phone ann " ANN " answers after 2s");

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+COLP=1", "\r\nOK\r\n");
	bench_says(b, 0, "ATD" ANN ";", "");
	bench_run(b, 0, 3000);
	CHECK(strcmp(b->text, "\r\n+COLP: \"" ANN "\",145\r\n\r\nOK\r\n") == 0);
	bench_says(b, 0, "AT+CHUP", "\r\nOK\r\n");
	bench_says(b, 0, "ATD" ANN ";", "");
	bench_raw(b, 0, "\r");
	CHECK(strcmp(b->text, "\r\nNO CARRIER\r\n") == 0);
	bench_down(b);
}

static void test_sim_rings_when_a_phone_or_another_modem_calls(void **state)
{
	struct bench *b = bench_up("modem alpha +15550009001 quectel\n"
				   "modem beta +15550009002 simcom\nphone ann " ANN " ignores");

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+CLIP=1", "\r\nOK\r\n");
	bench_says(b, 0, "AT+QTONEDET=1", "\r\nOK\r\n");
	bench_line(b, "phone ann calls to alpha");
	bench_run(b, 0, 5000);
	CHECK(strcmp(b->text, "\r\nRING\r\n\r\n+CLIP: \"" ANN "\",145,\"\",0,\"\",0\r\n"
			      "\r\nRING\r\n\r\n+CLIP: \"" ANN "\",145,\"\",0,\"\",0\r\n") == 0);
	bench_raw(b, 0, "AT+CHUP\r");
	CHECK(bench_event(b, SIM_HUNG_UP, ANN, "gateway hangs up"));
	/* Modem to modem: beta dials, alpha answers, a tone travels. */
	bench_raw(b, 1, "ATD+15550009001;\r");
	bench_run(b, 0, 1000);
	CHECK(bench_begins(b, "\r\nRING\r\n\r\n+CLIP: \"+15550009002\""));
	bench_says(b, 0, "ATA", "\r\nOK\r\n");
	bench_raw(b, 1, "AT+VTS=7\r");
	bench_run(b, 0, 0);
	CHECK(strcmp(b->text, "\r\n+QTONEDET: 55\r\n") == 0);
	bench_down(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sim_call_on_quectel_is_answered_heard_and_keyed),
		cmocka_unit_test(test_sim_speech_cut_off_is_not_understood),
		cmocka_unit_test(test_sim_call_on_simcom_busy_then_no_answer),
		cmocka_unit_test(test_sim_simcom_speaks_hex_and_hears_keys_with_two_returns),
		cmocka_unit_test(test_sim_dnd_lets_the_second_call_from_one_sim_through),
		cmocka_unit_test(test_sim_voicemail_answers_and_only_talks_off_when_told),
		cmocka_unit_test(test_sim_call_ends_as_the_callee_has_it),
		cmocka_unit_test(test_sim_dials_whatever_it_is_told),
		cmocka_unit_test(test_sim_colp_withholds_the_result_and_a_character_aborts),
		cmocka_unit_test(test_sim_rings_when_a_phone_or_another_modem_calls),
	};

	return cmocka_run_group_tests_name("sim_calls", tests, NULL, NULL);
}
