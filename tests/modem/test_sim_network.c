/* What the simulated operators, their message centre and a second caller do. */
#include "modem/sim/sim.h"
#include "tests/modem/sim_bench.h"
#include "tests/support/unit.h"

#define SUBMIT                                                                                     \
	"0031000C914477000910320000A723D0E0B108A2DD62311051088B8188CFABD3059296E1EC3C28385C8268B7" \
	"580C\x1a"
#define ANN   "+447700900123"

#define START "modem alpha +15550009001 quectel data off\nphone ann " ANN " ignores"

static struct bench *up(const char *script)
{
	struct bench *b = bench_up(script);

	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+CNMI=2,1,0,1,0", "\r\nOK\r\n");
	return b;
}

/* Sends the page; what is said at once, the notices that come with it included, is in b->text. */
static void send(struct bench *b)
{
	bench_says(b, 0, "AT+CMGS=45", "\r\n> ");
	bench_raw(b, 0, SUBMIT);
}

static void test_sim_network_keeps_texts_back_and_lets_them_go(void **state)
{
	struct bench *b = up(START "\nphone bob +15550100002 ignores");

	(void)state;
	bench_line(b, "network holds texts to ann for 40m");
	send(b);
	send(b);
	bench_run(b, 0, 2399999);
	CHECK(bench_count(b, SIM_TEXTED) == 0);
	bench_run(b, 0, 1);
	CHECK(bench_count(b, SIM_TEXTED) == 2);
	bench_line(b, "network delivery 2s to 40s");
	send(b);
	bench_run(b, 0, 1999);
	CHECK(bench_count(b, SIM_TEXTED) == 2);
	bench_run(b, 0, 38001);
	CHECK(bench_count(b, SIM_TEXTED) == 3);
	bench_line(b, "network delivery 0s");
	bench_line(b, "network drops all texts for 1m");
	send(b);
	bench_run(b, 0, 60000);
	CHECK(bench_count(b, SIM_TEXTED) == 3);
	send(b);
	CHECK(bench_count(b, SIM_TEXTED) == 4);
	bench_down(b);
}

static void test_sim_held_texts_come_in_the_order_asked_for(void **state)
{
	struct bench *b = up(START "\nphone bob +15550100002 ignores");
	size_t first = 0;

	(void)state;
	bench_says(b, 0, "AT+CMGF=1", "\r\nOK\r\n");
	bench_line(b, "network holds texts");
	for (int i = 0; i < 2; i++) {
		bench_says(b, 0, "AT+CMGS=\"" ANN "\"", "\r\n> ");
		bench_raw(b, 0, i == 0 ? "one\x1a" : "two\x1a");
	}
	bench_line(b, "network releases texts reversed");
	bench_run(b, 0, 0);
	while (first < b->event_count && b->events[first].kind != SIM_TEXTED)
		first++;
	CHECK(strcmp(b->events[first].text, "two") == 0);
	CHECK(bench_count(b, SIM_TEXTED) == 2);
	bench_down(b);
}

static void test_sim_nothing_comes_in_until_it_sends(void **state)
{
	struct bench *b = up(START);

	(void)state;
	bench_line(b, "modem alpha unreachable");
	bench_line(b, "phone ann texts \"first\"");
	bench_run(b, 0, 60000);
	CHECK(b->len == 0);
	bench_line(b, "phone ann calls");
	bench_run(b, 0, 1000);
	CHECK(b->len == 0);
	bench_says(b, 0, "AT+CSQ", "\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
	send(b);
	CHECK(strstr(b->text, "+CMTI: \"ME\",0") != NULL);
	bench_run(b, 0, 31000);
	bench_line(b, "phone ann texts \"second\"");
	bench_run(b, 0, 1000);
	CHECK(b->len == 0);
	bench_says(b, 0, "AT+COPS=0", "\r\nOK\r\n\r\n+CMTI: \"ME\",1\r\n");
	bench_down(b);
}

static void test_sim_reports_late_failed_and_in_sequence(void **state)
{
	struct bench *b = up(START);

	(void)state;
	bench_line(b, "network reports late 150s");
	send(b);
	CHECK(strcmp(b->text, "\r\n+CMGS: 1\r\n\r\nOK\r\n") == 0);
	bench_run(b, 0, 149999);
	CHECK(b->len == 0);
	bench_run(b, 0, 1);
	CHECK(bench_begins(b, "\r\n+CDS: 25\r\n"));
	bench_line(b, "network reports failed");
	send(b);
	CHECK(strcmp(b->text + b->len - 4, "41\r\n") == 0);
	bench_line(b, "network reports in-sequence");
	send(b);
	CHECK(strcmp(b->text + b->len - 4, "22\r\n") == 0);
	bench_run(b, 0, 5000);
	CHECK(strcmp(b->text + b->len - 4, "22\r\n") == 0);
	bench_run(b, 0, 5000);
	CHECK(strcmp(b->text + b->len - 4, "00\r\n") == 0);
	bench_down(b);
}

static void test_sim_one_recipient_is_refused(void **state)
{
	struct bench *b = up(START);

	(void)state;
	bench_line(b, "network refuses texts to ann with 38 for 1m");
	send(b);
	CHECK(strcmp(b->text, "\r\n+CMS ERROR: 38\r\n") == 0);
	bench_run(b, 0, 60000);
	send(b);
	CHECK(bench_begins(b, "\r\n+CMGS: 1\r\n"));
	bench_down(b);
}

static void test_sim_filter_catches_what_a_machine_does(void **state)
{
	struct bench *b = up(START);

	(void)state;
	bench_line(b, "network filters on");
	send(b);
	bench_run(b, 0, 500);
	send(b);
	CHECK(bench_event(b, SIM_FAULT, NULL, "filtered: two texts in a second"));
	bench_run(b, 0, 5000);
	send(b);
	CHECK(bench_event(b, SIM_FAULT, NULL, "filtered: the same text twice in 10 s"));
	bench_run(b, 0, 15000);
	send(b);
	CHECK(bench_count(b, SIM_TEXTED) == 2);
	for (int i = 0; i < 40; i++) {
		bench_run(b, 0, 15000);
		send(b);
	}
	CHECK(bench_event(b, SIM_FAULT, NULL, "filtered: more than 3 texts out for one in"));
	bench_down(b);
}

static void test_sim_junk_is_delivered_as_what_it_is(void **state)
{
	static const struct {
		const char *line, *octets; /* TP-PID, TP-DCS somewhere in it */
	} rows[] = {
		{ "network sends flash \"Good evening\" to alpha", "0010" },
		{ "network sends silent to alpha", "4000" },
		{ "network sends waiting to alpha", "00C8" },
		{ "network sends wap to alpha", "0605040B8423F0010603AEAF84" },
		{ "network sends mms to alpha", "0605040B8423F0010603BEAF84" },
		{ "network sends part to alpha", "050003770302" },
	};
	struct bench *b = up(START);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		bench_line(b, rows[i].line);
		bench_run(b, 0, 0);
		CHECK_ROW(bench_begins(b, "\r\n+CMTI: "), rows[i].line);
	}
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char command[20];

		snprintf(command, sizeof command, "AT+CMGR=%zu\r", i);
		bench_raw(b, 0, command);
		CHECK_ROW(strstr(b->text, rows[i].octets) != NULL, b->text);
	}
	bench_down(b);
}

static void test_sim_stamps_are_the_centres_own(void **state)
{
	struct bench *b = up(START);

	(void)state;
	bench_says(b, 0, "AT+CMGF=1", "\r\nOK\r\n");
	bench_line(b, "network stamps stuck");
	bench_run(b, 0, 3600000);
	bench_line(b, "phone ann texts \"one\"");
	bench_line(b, "network stamps behind 3h");
	bench_line(b, "phone ann texts \"two\"");
	bench_run(b, 0, 0);
	bench_raw(b, 0, "AT+CMGR=0\r");
	CHECK(strstr(b->text, "27/01/15,08:00:00") != NULL);
	bench_raw(b, 0, "AT+CMGR=1\r");
	CHECK(strstr(b->text, "27/01/15,06:00:00") != NULL);
	bench_down(b);
}

static void test_sim_operators_fail_apart(void **state)
{
	struct bench *b = up(START "\nmodem beta +15550009002 quectel operator 00102\n"
				   "phone bob +15550100002 ignores operator 00102");

	(void)state;
	bench_raw(b, 1, "ATE0\r");
	bench_says(b, 1, "AT+COPS=3,2;+COPS?", "\r\n+COPS: 0,2,\"00102\",7\r\n\r\nOK\r\n");
	bench_line(b, "network operator 00102 down for 1h");
	bench_says(b, 0, "AT+CREG?", "\r\n+CREG: 0,1\r\n\r\nOK\r\n");
	bench_says(b, 1, "AT+CREG?", "\r\n+CREG: 0,2\r\n\r\nOK\r\n");
	bench_line(b, "phone bob texts \"not from here\"");
	bench_run(b, 0, 10000);
	CHECK(b->len == 0);
	bench_line(b, "network operator 00102 rejects 100%");
	bench_run(b, 1, 3600000);
	bench_says(b, 1, "AT+CREG?", "\r\n+CREG: 0,3\r\n\r\nOK\r\n");
	CHECK(bench_event(b, SIM_FAULT, NULL, "is rejected by the network"));
	bench_line(b, "network operator 00102 rejects 0%");
	bench_run(b, 1, 300000); /* it tries again by itself */
	bench_says(b, 1, "AT+CREG?", "\r\n+CREG: 0,1\r\n\r\nOK\r\n");
	bench_down(b);
}

static void test_sim_registrations_and_signal(void **state)
{
	struct bench *b = up(START);

	(void)state;
	bench_line(b, "modem alpha registration creg denied");
	bench_says(b, 0, "AT+CREG?;+CEREG?", "\r\n+CREG: 0,3\r\n\r\n+CEREG: 0,1\r\n\r\nOK\r\n");
	send(b);
	CHECK(bench_begins(b, "\r\n+CMGS: 1"));
	bench_line(b, "modem alpha registration true");
	bench_says(b, 0, "AT+CREG?", "\r\n+CREG: 0,1\r\n\r\nOK\r\n");
	bench_says(b, 0, "AT+CREG=2", "\r\nOK\r\n");
	bench_line(b, "modem alpha radio gsm");
	bench_run(b, 0, 0);
	CHECK(strcmp(b->text, "\r\n+CREG: 1,\"1A2B\",\"01234567\",0\r\n") == 0);
	bench_says(b, 0, "AT+CREG=0;+COPS?", "\r\n+COPS: 0,0,\"Test Network\",0\r\n\r\nOK\r\n");
	bench_line(b, "modem alpha signal 4");
	bench_says(b, 0, "AT+CSQ", "\r\n+CSQ: 4,99\r\n\r\nOK\r\n");
	bench_line(b, "modem alpha fades over 50s");
	bench_run(b, 0, 25000);
	bench_says(b, 0, "AT+CSQ", "\r\n+CSQ: 2,99\r\n\r\nOK\r\n");
	bench_run(b, 0, 60000);
	bench_says(b, 0, "AT+CREG?;+CSQ", "\r\n+CREG: 0,2\r\n\r\n+CSQ: 99,99\r\n\r\nOK\r\n");
	bench_line(b, "modem alpha clock ahead 3h");
	bench_raw(b, 0, "AT+CCLK?\r");
	CHECK(strstr(b->text, "27/01/15,11:01:") != NULL);
	bench_line(b, "modem alpha temperature 71");
	bench_says(b, 0, "AT+QTEMP", "\r\n+QTEMP: 71,31,32\r\n\r\nOK\r\n");
	bench_down(b);
}

static void test_sim_calls_linger_drop_and_knock(void **state)
{
	struct bench *b = up("modem alpha +15550009001 quectel data off\nphone ann " ANN
			     " answers after 1s\nphone bob +15550100002 ignores");

	(void)state;
	bench_line(b, "modem alpha calls linger 3s");
	bench_raw(b, 0, "ATD" ANN ";\r");
	bench_run(b, 0, 3000);
	bench_line(b, "modem alpha calls wait");
	bench_says(b, 0, "AT+CCWA=1", "\r\nOK\r\n");
	bench_line(b, "phone bob calls to alpha");
	bench_run(b, 0, 0);
	CHECK(strcmp(b->text, "\r\n+CCWA: \"+15550100002\",145,1\r\n") == 0);
	bench_says(b, 0, "AT+CLCC",
		   "\r\n+CLCC: 1,0,0,0,0,\"" ANN "\",145\r\n"
		   "\r\n+CLCC: 2,1,5,0,0,\"+15550100002\",145\r\n\r\nOK\r\n");
	bench_says(b, 0, "AT+CHLD=0", "\r\nOK\r\n");
	bench_says(b, 0, "AT+CLCC", "\r\n+CLCC: 1,0,0,0,0,\"" ANN "\",145\r\n\r\nOK\r\n");
	bench_line(b, "modem alpha calls drop with texts");
	bench_line(b, "phone bob texts \"hello\"");
	bench_run(b, 0, 0);
	CHECK(bench_begins(b, "\r\nNO CARRIER\r\n"));
	bench_says(b, 0, "AT+CLCC", "\r\n+CLCC: 1,0,0,0,0,\"" ANN "\",145\r\n\r\nOK\r\n");
	bench_run(b, 0, 3000);
	bench_says(b, 0, "AT+CLCC", "\r\nOK\r\n");
	bench_line(b, "network congested 100%");
	bench_raw(b, 0, "ATD" ANN ";\r");
	bench_run(b, 0, 300);
	CHECK(strcmp(b->text, "\r\nNO CARRIER\r\n") == 0);
	bench_down(b);
}

static void test_sim_no_send_during_a_call(void **state)
{
	struct bench *b =
		up("modem alpha +15550009001 quectel data off\nphone ann " ANN " answers after 1s");

	(void)state;
	bench_line(b, "modem alpha texts refused in calls");
	bench_raw(b, 0, "ATD" ANN ";\r");
	bench_run(b, 0, 3000);
	send(b);
	CHECK(strcmp(b->text, "\r\n+CMS ERROR: 302\r\n") == 0);
	bench_raw(b, 0, "AT+CHUP\r");
	bench_run(b, 0, 1000);
	send(b);
	CHECK(bench_begins(b, "\r\n+CMGS: 1\r\n"));
	bench_down(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sim_network_keeps_texts_back_and_lets_them_go),
		cmocka_unit_test(test_sim_held_texts_come_in_the_order_asked_for),
		cmocka_unit_test(test_sim_nothing_comes_in_until_it_sends),
		cmocka_unit_test(test_sim_reports_late_failed_and_in_sequence),
		cmocka_unit_test(test_sim_one_recipient_is_refused),
		cmocka_unit_test(test_sim_filter_catches_what_a_machine_does),
		cmocka_unit_test(test_sim_junk_is_delivered_as_what_it_is),
		cmocka_unit_test(test_sim_stamps_are_the_centres_own),
		cmocka_unit_test(test_sim_operators_fail_apart),
		cmocka_unit_test(test_sim_registrations_and_signal),
		cmocka_unit_test(test_sim_calls_linger_drop_and_knock),
		cmocka_unit_test(test_sim_no_send_during_a_call),
	};

	return cmocka_run_group_tests_name("sim_network", tests, NULL, NULL);
}
