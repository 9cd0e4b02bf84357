/* The simulated modem over its AT commands: expectations from 27.005, 27.007, V.250 and MODEMS.md's transcripts. */
#include <string.h>

#include "base/buf.h"
#include "modem/sim/sim.h"
#include "tests/modem/sim_bench.h"
#include "tests/support/unit.h"

/* 45 octets to +447700900123, report wanted: the unit of 27.005's dialogue in the transcript of a send. */
#define SUBMIT                                                                                     \
	"0031000C914477000910320000A723D0E0B108A2DD62311051088B8188CFABD3059296E1EC3C28385C8268B7" \
	"580C"
#define SUBMIT_TEXT "PAGE 4711 DB01 DOWN. Reply ACK 4711"

static void test_sim_answers_identity_as_each_family_does(void **state)
{
	static const struct {
		const char *command, *answer;
	} rows[] = {
		{ "AT", "\r\nOK\r\n" },
		{ "AT+CGMI", "\r\nQuectel\r\n\r\nOK\r\n" },
		{ "ATI",
		  "\r\nQuectel\r\n\r\nEC25\r\n\r\nRevision: EC25EFAR02A09M4G\r\n\r\nOK\r\n" },
		{ "AT+QCCID", "\r\n+QCCID: 8901001000000000001F\r\n\r\nOK\r\n" },
		{ "AT+CGSN", "\r\n867123030000014\r\n\r\nOK\r\n" },
		{ "AT+CPIN?", "\r\n+CPIN: READY\r\n\r\nOK\r\n" },
		{ "AT+CREG?", "\r\n+CREG: 0,1\r\n\r\nOK\r\n" },
		{ "at+creg=2;+creg?", "\r\n+CREG: 2,1,\"1A2B\",\"01234567\",7\r\n\r\nOK\r\n" },
		{ "AT+COPS=3,2", "\r\nOK\r\n" },
		{ "AT+COPS?", "\r\n+COPS: 0,2,\"00101\",7\r\n\r\nOK\r\n" },
		{ "AT+CSQ", "\r\n+CSQ: 20,99\r\n\r\nOK\r\n" },
		{ "AT+CCLK?", "\r\n+CCLK: \"27/01/15,08:00:00+00\"\r\n\r\nOK\r\n" },
		{ "AT+NOSUCH", "\r\n+CME ERROR: 4\r\n" },
		{ "AT+CMEE=0;+NOSUCH", "\r\nERROR\r\n" },
		{ "AT+CMEE=2;+NOSUCH", "\r\n+CME ERROR: operation not supported\r\n" },
		{ "ATV0", "0\r" },
		{ "AT+NOSUCH", "4\r" },
		{ "ATV1E0", "\r\nOK\r\n" },
		{ "ATS0=2;S0?", "\r\n002\r\n\r\nOK\r\n" },
		{ "A/", "\r\n002\r\n\r\nOK\r\n" },
		{ "\x1b", "" },
		{ "noise", "" },
	};
	struct bench *b = bench_up("modem alpha +15550009001 quectel");

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		bench_says(b, 0, rows[i].command, rows[i].answer);
	bench_down(b);
}

static void test_sim_simcom_prefixes_and_boots_as_the_manual_says(void **state)
{
	struct bench *b = bench_up("modem beta +15550009002 simcom");

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+CGMR", "\r\n+CGMR: LE20B05SIM7600G22\r\n\r\nOK\r\n");
	bench_says(b, 0, "AT+CICCID", "\r\n+ICCID: 8901001000000000001\r\n\r\nOK\r\n");
	bench_says(b, 0, "AT+QCCID", "\r\nERROR\r\n"); /* +CMEE=0 */
	bench_says(b, 0, "AT+CRESET", "\r\nOK\r\n");
	bench_run(b, 0, 100);
	bench_says(b, 0, "AT", ""); /* down */
	CHECK(bench_run(b, 0, 3000) == 0);
	CHECK(strcmp(b->text, "\r\n*ATREADY: 1\r\n\r\n+CPIN: READY\r\n") == 0);
	bench_says(b, 0, "AT+CMGS=45", "AT+CMGS=45\r\r\n+CMS ERROR: 302\r\n"); /* echo is back */
	bench_run(b, 0, 1000);
	CHECK(strcmp(b->text, "\r\nSMS DONE\r\n\r\nPB DONE\r\n") == 0);
	bench_down(b);
}

static void test_sim_sends_with_prompt_reference_and_report(void **state)
{
	struct bench *b =
		bench_up("modem alpha +15550009001 quectel\nphone ann +447700900123 ignores");

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+CNMI=2,1,0,1,0", "\r\nOK\r\n");
	bench_says(b, 0, "AT+CMGS=45", "\r\n> ");
	bench_raw(b, 0, SUBMIT "\x1a");
	CHECK(bench_begins(b, "\r\n+CMGS: 1\r\n\r\nOK\r\n\r\n+CDS: 25\r\n"));
	/* FO 06, MR 01, recipient, two time stamps, ST 00. */
	CHECK(strstr(b->text, "06010C91447700091032") != NULL);
	CHECK(strcmp(b->text + strlen(b->text) - 4, "00\r\n") == 0);
	CHECK(bench_event(b, SIM_SUBMITTED, "+447700900123", SUBMIT_TEXT));
	CHECK(bench_event(b, SIM_TEXTED, "+447700900123", SUBMIT_TEXT));
	bench_down(b);
}

static void test_sim_refuses_a_wrong_length_and_honours_escape(void **state)
{
	struct bench *b =
		bench_up("modem alpha +15550009001 generic\nphone ann +447700900123 ignores");

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+CMGS=44", "\r\n> ");
	bench_raw(b, 0, SUBMIT "\x1a");
	CHECK(strcmp(b->text, "\r\n+CMS ERROR: 304\r\n") == 0);
	bench_says(b, 0, "AT+CMGS=45", "\r\n> ");
	bench_raw(b, 0, "0031\x1b");
	CHECK(strcmp(b->text, "\r\nOK\r\n") == 0);
	/* A command typed into the prompt is text: a second prompt, then an error. */
	bench_says(b, 0, "AT+CMGS=45", "\r\n> ");
	bench_says(b, 0, "AT+CSQ", "\r\n> ");
	bench_raw(b, 0, SUBMIT "\x1a");
	CHECK(strcmp(b->text, "\r\n+CMS ERROR: 304\r\n") == 0);
	CHECK(!bench_event(b, SIM_SUBMITTED, "+447700900123", SUBMIT_TEXT));
	bench_down(b);
}

static void test_sim_lists_reads_and_deletes_what_arrived(void **state)
{
	struct bench *b =
		bench_up("modem alpha +15550009001 quectel\nphone ann +447700900123 ignores");

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+CNMI=2,1,0,1,0", "\r\nOK\r\n");
	bench_line(b, "phone ann texts \"ACK 4711\"");
	bench_run(b, 0, 0);
	CHECK(strcmp(b->text, "\r\n+CMTI: \"ME\",0\r\n") == 0);
	/* OA, PID, DCS, SCTS 27/01/15 08:00:00, UDL 8, "ACK 4711" packed: as in the transcript of MODEMS.md 9.5 */
	bench_says(b, 0, "AT+CMGR=0",
		   "\r\n+CMGR: 0,,26\r\n07915155000000F0040C9144770009103200007210518000000008C1E1"
		   "1244BBC562\r\n\r\nOK\r\n");
	bench_says(b, 0, "AT+CPMS?",
		   "\r\n+CPMS: \"ME\",1,50,\"ME\",1,50,\"ME\",1,50\r\n\r\nOK\r\n");
	bench_says(b, 0, "AT+CMGL=0", "\r\nOK\r\n"); /* read by now */
	bench_says(b, 0, "AT+CMGL=4",
		   "\r\n+CMGL: 0,1,,26\r\n07915155000000F0040C914477000910320000721051800000000"
		   "8C1E11244BBC562\r\n\r\nOK\r\n");
	bench_says(b, 0, "AT+CMGF=1;+CMGR=0",
		   "\r\n+CMGR: \"REC READ\",\"+447700900123\",,\"27/01/15,08:00:00+00\"\r\nACK "
		   "4711\r\n\r\nOK\r\n");
	bench_says(b, 0, "AT+CMGD=0", "\r\nOK\r\n");
	bench_says(b, 0, "AT+CPMS=\"SM\"", "\r\n+CPMS: 0,20,0,50,0,50\r\n\r\nOK\r\n");
	bench_says(b, 0, "AT+CMGR=99", "\r\n+CMS ERROR: 321\r\n");
	bench_down(b);
}

static void test_sim_notices_follow_cnmi(void **state)
{
	static const struct {
		const char *cnmi, *expect;
	} rows[] = {
		{ "AT+CNMI=2,0,0,0,0", "" },
		{ "AT+CNMI=2,1,0,0,0", "\r\n+CMTI: \"SM\",2\r\n" },
		{ "AT+CNMI=2,2,0,0,0",
		  "\r\n+CMT: ,20\r\n07915155000000F0040C91447700091032000072105180000000014"
		  "1\r\n" },
	};
	struct bench *b = bench_up("modem alpha +15550009001 generic cnmi ds 0,2\n"
				   "phone ann +447700900123 ignores");

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+CNMI=2,1,0,1,0", "\r\n+CMS ERROR: 303\r\n"); /* as many do */
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		bench_says(b, 0, rows[i].cnmi, "\r\nOK\r\n");
		bench_line(b, "phone ann texts \"A\"");
		bench_run(b, 0, 0);
		CHECK_ROW(strcmp(b->text, rows[i].expect) == 0, rows[i].cnmi);
	}
	/* Reports stored: +CDSI, then +CMGR gives the report. */
	bench_says(b, 0, "AT+CNMI=2,1,0,2,0", "\r\nOK\r\n");
	bench_says(b, 0, "AT+CMGS=45", "\r\n> ");
	bench_raw(b, 0, SUBMIT "\x1a");
	CHECK(strcmp(b->text, "\r\n+CMGS: 1\r\n\r\nOK\r\n\r\n+CDSI: \"SM\",3\r\n") == 0);
	bench_down(b);
}

static void test_sim_acks_direct_messages_under_csms_1_only(void **state)
{
	struct bench *b =
		bench_up("modem alpha +15550009001 quectel\nphone ann +447700900123 ignores");

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+CNMI=2,2,0,0,0", "\r\nOK\r\n");
	bench_says(b, 0, "AT+CNMA", "\r\n+CMS ERROR: 340\r\n");
	bench_says(b, 0, "AT+CSMS=1", "\r\n+CSMS: 1,1,1\r\n\r\nOK\r\n");
	bench_line(b, "phone ann texts \"one\"");
	bench_line(b, "phone ann texts \"two\"");
	bench_run(b, 0, 0);
	CHECK(strstr(b->text, "+CMT:") != NULL);
	CHECK(strstr(strstr(b->text, "+CMT:") + 1, "+CMT:") == NULL); /* the second waits */
	bench_says(b, 0, "AT+CMEE=1", "\r\nOK\r\n");
	bench_raw(b, 0, "AT+CNMA\r");
	CHECK(bench_begins(b, "\r\nOK\r\n") && strstr(b->text, "+CMT:") != NULL);
	bench_down(b);
}

static void test_sim_pin_is_counted_down(void **state)
{
	struct bench *b = bench_up("modem alpha +15550009001 quectel sim pin 1234");

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
	bench_says(b, 0, "AT+CIMI", "\r\n+CME ERROR: 11\r\n");
	bench_says(b, 0, "AT+CMGS=45", "\r\n+CMS ERROR: 311\r\n");
	bench_says(b, 0, "AT+CREG?", "\r\n+CREG: 0,0\r\n\r\nOK\r\n");
	bench_says(b, 0, "AT+CPIN=\"9999\"", "\r\n+CME ERROR: 16\r\n");
	bench_says(b, 0, "AT+QPINC", "\r\n+QPINC: \"SC\",2,10\r\n\r\nOK\r\n");
	bench_says(b, 0, "AT+CPIN=\"1234\"", "\r\nOK\r\n\r\n+CPIN: READY\r\n");
	bench_says(b, 0, "AT+CREG?", "\r\n+CREG: 0,1\r\n\r\nOK\r\n");
	bench_line(b, "modem alpha sim pin 1234");
	for (int i = 0; i < 2; i++)
		bench_says(b, 0, "AT+CPIN=0000", "\r\n+CME ERROR: 16\r\n");
	bench_says(b, 0, "AT+CPIN=0000", "\r\n+CME ERROR: 12\r\n");
	bench_says(b, 0, "AT+CPIN?", "\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n");
	bench_line(b, "modem alpha sim absent");
	bench_run(b, 0, 0);
	CHECK(strcmp(b->text, "\r\n+CPIN: NOT INSERTED\r\n") == 0);
	bench_says(b, 0, "AT+CPIN?", "\r\n+CME ERROR: 10\r\n");
	bench_line(b, "modem alpha sim busy for 2s");
	bench_says(b, 0, "AT+CPIN?", "\r\n+CME ERROR: 14\r\n");
	bench_run(b, 0, 2000);
	bench_says(b, 0, "AT+CPIN?", "\r\n+CPIN: READY\r\n\r\nOK\r\n");
	bench_down(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sim_answers_identity_as_each_family_does),
		cmocka_unit_test(test_sim_simcom_prefixes_and_boots_as_the_manual_says),
		cmocka_unit_test(test_sim_sends_with_prompt_reference_and_report),
		cmocka_unit_test(test_sim_refuses_a_wrong_length_and_honours_escape),
		cmocka_unit_test(test_sim_lists_reads_and_deletes_what_arrived),
		cmocka_unit_test(test_sim_notices_follow_cnmi),
		cmocka_unit_test(test_sim_acks_direct_messages_under_csms_1_only),
		cmocka_unit_test(test_sim_pin_is_counted_down),
	};

	return cmocka_run_group_tests_name("sim", tests, NULL, NULL);
}
