#include "modem/at_query.h"
#include "modem/device.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <string.h>

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

static int ask(const char *query)
{
	struct err err = { .code = ERR_NONE };

	return device_query(rig.device, 42, span_of(query), rig.now, &err);
}

static const struct device_event *queried(void)
{
	CHECK(rig_events(&rig, DEVICE_EVENT_QUERIED) == 1);
	CHECK(rig_event(&rig, DEVICE_EVENT_QUERIED, 0)->attempt == 42);
	return rig_event(&rig, DEVICE_EVENT_QUERIED, 0);
}

static bool answer_is(const char *text)
{
	return span_is(device_query_answer(rig.device), text);
}

/* ---- the list ---------------------------------------------------------- */

static void test_query_list_takes_what_tells(void **state)
{
	static const struct {
		const char *asked, *said, *prefix;
	} rows[] = {
		{ "AT+CSQ", "AT+CSQ", "+CSQ:" },
		{ "at+csq", "AT+CSQ", "+CSQ:" },
		{ " AT+COPS? ", "AT+COPS?", "+COPS:" },
		{ "AT", "AT", "" },
		{ "ATI", "ATI", "" },
		{ "AT+CNMI=?", "AT+CNMI=?", "+CNMI:" },
		{ "AT^HCSQ?", "AT^HCSQ?", "^HCSQ:" },
		{ "AT+CPMS?", "AT+CPMS?", "+CPMS:" },
		{ "AT+QENG=\"servingcell\"", "AT+QENG=\"servingcell\"", "+QENG:" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct at_query query;
		struct err err = { .code = ERR_NONE };

		CHECK_ROW(at_query_of(span_of(rows[i].asked), &query, &err) == 0, rows[i].asked);
		CHECK_ROW(strcmp(query.text, rows[i].said) == 0, rows[i].asked);
		CHECK_ROW(strcmp(query.prefix, rows[i].prefix) == 0, rows[i].asked);
	}
}

static void test_query_list_refuses_what_does(void **state)
{
	static const char *const rows[] = {
		"",
		"A/",
		"a/",
		"AT+CSQ;+CFUN=0",
		"AT+CSQ;",
		"ATD+447700900123;",
		"ATD112",
		"ATH",
		"ATA",
		"ATZ",
		"AT&F",
		"AT+CFUN=1,1",
		"AT+CFUN=?x",
		"AT+CMGS=20",
		"AT+CMGL=4",
		"AT+CMGR=1",
		"AT+CMGD=1",
		"AT+COPS=?",
		"AT+COPS=0",
		"AT+CPIN=\"1234\"",
		"AT+CPIN",
		"AT+CUSD=1,\"*100#\",15",
		"AT+CREG=0",
		"AT+CNMI=0,0,0,0,0",
		"AT+QENG=\"servingcell\",1",
		"AT+CSQ\rATD112;",
		"AT+CSQ\nATH",
		"AT+CSQ\x1a",
		"\x1b",
		"+CSQ",
		"hello",
		"AT+CSQAT+CSQAT+CSQAT+CSQAT+CSQAT+CSQAT+CSQ",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct at_query query;
		struct err err = { .code = ERR_NONE };

		CHECK_ROW(at_query_of(span_of(rows[i]), &query, &err) == -1, rows[i]);
		CHECK_ROW(err.code == ERR_REFUSED || err.code == ERR_INVALID, rows[i]);
		CHECK_ROW(err.text[0] != '\0', rows[i]);
	}
}

/* ---- at the modem ------------------------------------------------------ */

static void test_query_brings_the_lines_of_its_answer(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+COPS?", "\r\n+COPS: 0,2,\"26202\",7\r\n\r\nOK\r\n", 1);
	CHECK(ask("AT+COPS?") == 0);
	rig_run(&rig, 0);
	CHECK(queried()->outcome == DEVICE_ACCEPTED);
	CHECK(strcmp(queried()->text, "OK") == 0);
	CHECK(answer_is("+COPS: 0,2,\"26202\",7\n"));
	/* what somebody asked is known from now on */
	CHECK(strcmp(device_status(rig.device)->plmn, "26202") == 0);
}

static void test_query_of_the_message_store_is_not_swallowed(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CPMS?",
		   "\r\n+CPMS: \"ME\",1,23,\"SM\",2,10,\"ME\",1,23\r\n\r\nOK\r\n", 1);
	CHECK(ask("AT+CPMS?") == 0);
	rig_run(&rig, 0);
	CHECK(answer_is("+CPMS: \"ME\",1,23,\"SM\",2,10,\"ME\",1,23\n"));
}

static void test_query_tells_an_error_and_silence(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CPINR", "\r\n+CME ERROR: 13\r\n", 1);
	CHECK(ask("AT+CPINR") == 0);
	rig_run(&rig, 0);
	CHECK(queried()->outcome == DEVICE_REFUSED_MODEM);
	CHECK(strcmp(queried()->text, "+CME ERROR: 13") == 0);
	rig.count = 0;
	far_answer(&rig.far, "AT+CEER", "", 1);
	CHECK(ask("AT+CEER") == 0);
	rig_run(&rig, 8000);
	CHECK(queried()->outcome == DEVICE_UNKNOWN);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
}

static void test_query_lets_other_lines_pass(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CSQ",
		   "\r\n+CREG: 2\r\n\r\n+CSQ: 9,99\r\n\r\n+CMTI: \"ME\",4\r\n\r\nOK\r\n", 1);
	CHECK(ask("AT+CSQ") == 0);
	rig_run(&rig, 0);
	CHECK(answer_is("+CSQ: 9,99\n"));
	CHECK(far_heard(&rig.far, "AT+CMGR=4") >= 1);
	CHECK(device_status(rig.device)->signal_dbm == -95);
}

/* A text is in flight: nothing is said until its final result, and then the query is. */
static void test_query_waits_for_a_text(void **state)
{
	size_t heard;

	(void)state;
	rig.far.no_final = true;
	CHECK(rig_send(&rig, "hello") == 0);
	rig_run(&rig, 100);
	CHECK(rig.far.prompts == 1);
	heard = rig.far.heard.len;
	CHECK(ask("AT+CSQ") == 0);
	CHECK(ask("AT+CSQ") == DEVICE_BUSY);
	rig_run(&rig, 3000);
	CHECK(rig.far.heard.len == heard);
	rig_say(&rig, "\r\n+CMGS: 12\r\n\r\nOK\r\n");
	rig_run(&rig, 0);
	CHECK(queried()->outcome == DEVICE_ACCEPTED);
	CHECK(rig_event(&rig, DEVICE_EVENT_SENT, 0)->outcome == DEVICE_ACCEPTED);
}

static void test_query_gives_up_behind_a_long_text(void **state)
{
	(void)state;
	rig.far.no_final = true;
	CHECK(rig_send(&rig, "hello") == 0);
	rig_run(&rig, 100);
	CHECK(ask("AT+CSQ") == 0);
	rig_run(&rig, 6000);
	CHECK(queried()->outcome == DEVICE_REFUSED_MODEM);
	CHECK(strstr(queried()->text, "not free") != NULL);
	CHECK(rig_events(&rig, DEVICE_EVENT_SENT) == 0);
}

static void test_query_leaves_a_call_alone(void **state)
{
	(void)state;
	CHECK(rig_call(&rig) == 0);
	rig_run(&rig, 4000);
	CHECK(ask("AT+CSQ") == 0);
	rig_run(&rig, 0);
	CHECK(queried()->outcome == DEVICE_ACCEPTED);
	CHECK(device_status(rig.device)->call_busy);
	CHECK(far_heard(&rig.far, "AT+CHUP") == 0 && far_heard(&rig.far, "ATH") == 0);
	CHECK(rig_events(&rig, DEVICE_EVENT_CALL_ENDED) == 0);
}

static void test_query_ends_when_the_port_goes(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CSQ", "", 1);
	CHECK(ask("AT+CSQ") == 0);
	rig_run(&rig, 0);
	device_closed(rig.device, rig.now);
	rig_run(&rig, 0);
	CHECK(queried()->outcome == DEVICE_UNKNOWN);
	CHECK(ask("AT+CSQ") == -1);
}

/* A SIM that is locked is what people ask about. */
static void test_query_of_a_modem_without_sim(void **state)
{
	(void)state;
	rig_free(&rig);
	rig_init(&rig, NULL);
	far_answer(&rig.far, "AT+CPIN?", "\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n", 0);
	rig_open(&rig);
	CHECK(device_status(rig.device)->state == DEVICE_SICK);
	CHECK(ask("AT+CPIN?") == 0);
	rig_run(&rig, 0);
	CHECK(queried()->outcome == DEVICE_ACCEPTED);
	CHECK(answer_is("+CPIN: SIM PUK\n"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_query_list_takes_what_tells),
		TEST(test_query_list_refuses_what_does),
		TEST(test_query_brings_the_lines_of_its_answer),
		TEST(test_query_of_the_message_store_is_not_swallowed),
		TEST(test_query_tells_an_error_and_silence),
		TEST(test_query_lets_other_lines_pass),
		TEST(test_query_waits_for_a_text),
		TEST(test_query_gives_up_behind_a_long_text),
		TEST(test_query_leaves_a_call_alone),
		TEST(test_query_ends_when_the_port_goes),
		TEST(test_query_of_a_modem_without_sim),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
