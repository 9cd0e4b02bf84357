/* The finer faults of a modem: the middle of an exchange, one command apart, the wire, the SIM, the ports. */
#include "modem/sim/sim.h"
#include "tests/modem/sim_bench.h"
#include "tests/support/unit.h"

/* To +447700900123, "PAGE 4711 DB01 DOWN. Reply ACK 4711", report wanted, a day's validity. */
#define SUBMIT                                                                                     \
	"0031000C914477000910320000A723D0E0B108A2DD62311051088B8188CFABD3059296E1EC3C28385C8268B7" \
	"580C\x1a"
#define ANN   "+447700900123"

#define START "modem alpha +15550009001 quectel data off\nphone ann " ANN " ignores"

static struct bench *up(const char *script)
{
	struct bench *b = bench_up(script);

	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	return b;
}

static void test_sim_a_fault_comes_at_its_byte(void **state)
{
	struct bench *b = up(START);

	(void)state;
	/* "AT+CSQ" and CR are seven; the third of the answer is behind it. */
	bench_line(b, "modem alpha says \"RING\" at byte 10 of +CSQ");
	bench_says(b, 0, "AT+CREG?", "\r\n+CREG: 0,1\r\n\r\nOK\r\n");
	bench_says(b, 0, "AT+CSQ", "\r\n+");
	bench_run(b, 0, 1);
	CHECK(strcmp(b->text, "\r\nRING\r\nCSQ: 20,99\r\n\r\nOK\r\n") == 0);
	bench_says(b, 0, "AT+CSQ", "\r\n+CSQ: 20,99\r\n\r\nOK\r\n"); /* once */
	/* Before the first byte, and in the middle of the body. */
	bench_line(b, "modem alpha says \"RING\" at byte 0 of +CSQ");
	bench_says(b, 0, "AT+CSQ", "");
	bench_run(b, 0, 1);
	CHECK(strcmp(b->text, "\r\nRING\r\n\r\n+CSQ: 20,99\r\n\r\nOK\r\n") == 0);
	bench_line(b, "modem alpha unplugged for 5s at byte 40 of +CMGS");
	bench_says(b, 0, "AT+CMGS=45", "\r\n> ");
	bench_raw(b, 0, SUBMIT);
	CHECK(sim_plugged(b->sim, 0));
	bench_run(b, 0, 1);
	CHECK(!sim_plugged(b->sim, 0) && bench_count(b, SIM_SUBMITTED) == 0);
	bench_run(b, 0, 5000);
	CHECK(sim_plugged(b->sim, 0));
	bench_down(b);
}

static void test_sim_one_command_is_answered_otherwise(void **state)
{
	struct bench *b = up(START);

	(void)state;
	bench_line(b, "modem alpha answers +CLCC with \"COMMAND NOT SUPPORT\" 1 time");
	bench_says(b, 0, "AT+CLCC", "\r\nCOMMAND NOT SUPPORT\r\n");
	bench_says(b, 0, "AT+CLCC", "\r\nOK\r\n");
	bench_line(b, "modem alpha answers +CREG? with \"+CREG: 2,5,\\\"0001\\\"\\nOK\"");
	bench_says(b, 0, "AT+CREG=2", "\r\nOK\r\n");
	bench_says(b, 0, "AT+CREG?", "\r\n+CREG: 2,5,\"0001\"\r\nOK\r\n");
	bench_line(b, "modem alpha answers +CREG? normally");
	bench_says(b, 0, "AT+CREG=0;+CREG?", "\r\n+CREG: 0,1\r\n\r\nOK\r\n");
	bench_line(b, "modem alpha silent on +CMGL 1 time");
	bench_says(b, 0, "AT+CMGL=4", "");
	bench_says(b, 0, "AT+CMGL=4", "\r\nOK\r\n");
	bench_line(b, "modem alpha slow 3s on +CPMS");
	bench_says(b, 0, "AT+CSQ", "\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
	bench_says(b, 0, "AT+CPMS?", "");
	bench_run(b, 0, 2999);
	CHECK(b->len == 0);
	bench_run(b, 0, 1);
	CHECK(bench_begins(b, "\r\n+CPMS: "));
	bench_line(b, "modem alpha slow 1s to 5s for 1m");
	bench_says(b, 0, "AT", "");
	bench_run(b, 0, 999);
	CHECK(b->len == 0);
	bench_run(b, 0, 4001);
	CHECK(strcmp(b->text, "\r\nOK\r\n") == 0);
	bench_down(b);
}

static void test_sim_lines_and_results_as_some_firmware_sets_them(void **state)
{
	struct bench *b = up(START);

	(void)state;
	bench_line(b, "modem alpha lines without-cr");
	bench_says(b, 0, "AT", "\nOK\r\n");
	bench_line(b, "modem alpha lines with-two-crs");
	bench_says(b, 0, "AT", "\r\r\nOK\r\r\n");
	bench_line(b, "modem alpha lines spaced");
	bench_says(b, 0, "AT", "\r\nOK\r\n\r\n");
	bench_line(b, "modem alpha lines normal");
	bench_line(b, "modem alpha results numeric");
	bench_says(b, 0, "AT", "0\r");
	bench_line(b, "modem alpha reboots");
	bench_run(b, 0, 5000);
	bench_says(b, 0, "ATE0", "ATE0\r0\r"); /* that is its nature */
	bench_says(b, 0, "ATV1", "\r\nOK\r\n");
	bench_down(b);
}

static void test_sim_wire_loses_doubles_sleeps_and_finds_its_speed(void **state)
{
	struct bench *b = up(START);

	(void)state;
	bench_line(b, "modem alpha bytes doubled 1 in 1");
	bench_says(b, 0, "AT", "\r\r\n\nEERRRROORR\r\r\n\n"); /* "AATT" */
	bench_line(b, "modem alpha bytes lost 1 in 1");
	bench_says(b, 0, "AT", "");
	bench_line(b, "modem alpha bytes whole");
	bench_says(b, 0, "AT", "\r\nOK\r\n");
	bench_line(b, "modem alpha sleeps 2s");
	bench_says(b, 0, "AT+CNMI=2,1", "\r\nOK\r\n");
	bench_run(b, 0, 2000);
	bench_line(b, "phone ann texts \"unheard\"");
	bench_run(b, 0, 0);
	CHECK(b->len == 0);
	bench_says(b, 0, "AT", "");
	bench_says(b, 0, "AT", "\r\nOK\r\n");
	bench_line(b, "modem alpha sleeps never");
	bench_line(b, "modem alpha autobaud 2");
	bench_says(b, 0, "AT", "");
	bench_says(b, 0, "AT", "");
	bench_says(b, 0, "AT", "\r\nOK\r\n");
	bench_line(b, "modem alpha chunks 1 every 10ms");
	bench_says(b, 0, "AT", "\r");
	bench_run(b, 0, 50);
	CHECK(strcmp(b->text, "\nOK\r\n") == 0);
	bench_down(b);
}

static void test_sim_another_program_at_the_port(void **state)
{
	struct bench *b = up(START);

	(void)state;
	bench_line(b, "modem alpha foreign types \"ATE1\"");
	bench_run(b, 0, 0);
	CHECK(strcmp(b->text, "\r\nOK\r\n") == 0);
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_line(b, "modem alpha foreign eats 1 reply");
	bench_says(b, 0, "AT+CSQ", "");
	bench_says(b, 0, "AT+CMGF=0", "\r\nOK\r\n");
	bench_line(b, "modem alpha foreign types \"AT+CMGF=1\" every 5s for 6s");
	bench_run(b, 0, 20000);
	CHECK(strcmp(b->text, "\r\nOK\r\n\r\nOK\r\n") == 0);
	bench_says(b, 0, "AT+CMGF?", "\r\n+CMGF: 1\r\n\r\nOK\r\n");
	bench_down(b);
}

static void test_sim_ports_come_back_under_other_names(void **state)
{
	struct bench *b = bench_up(START "\nmodem beta +15550009002 simcom\n"
					 "port gps of alpha nmea\nport diag of alpha diag\n"
					 "port second of alpha quiet");

	(void)state;
	CHECK(sim_port_find(b->sim, span_of("alpha")) == 0);
	bench_line(b, "modem alpha port beta");
	CHECK(!sim_plugged(b->sim, 0) && !sim_plugged(b->sim, 1) && !sim_plugged(b->sim, 2));
	bench_run(b, 0, 2000);
	CHECK(sim_plugged(b->sim, 0) && sim_plugged(b->sim, 1) && sim_plugged(b->sim, 2));
	CHECK(sim_port_find(b->sim, span_of("beta")) == 0);
	CHECK(sim_port_find(b->sim, span_of("alpha")) == 1);
	bench_line(b, "modem alpha disk");
	CHECK(!sim_plugged(b->sim, 0) && sim_is_disk(b->sim, 0) && !sim_is_disk(b->sim, 1));
	bench_line(b, "modem alpha plugged");
	CHECK(sim_plugged(b->sim, 0) && !sim_is_disk(b->sim, 0));
	for (size_t i = 0; i < 5; i++)
		sim_opened(b->sim, i, b->now);
	bench_run(b, 2, 1000);
	CHECK(bench_begins(b, "$GPGGA,"));
	bench_raw(b, 2, "AT\r");
	CHECK(b->len == 0);
	bench_raw(b, 3, "AT\r");
	CHECK(b->len == 0);
	CHECK(bench_event(b, SIM_FAULT, NULL, "is written to, and is a DIAG port"));
	bench_raw(b, 4, "ATE0\rAT+CGSN\r");
	CHECK(strstr(b->text, "867123030000014") != NULL);
	bench_raw(b, 0, "ATE0\rAT+CGSN\r");
	CHECK(strstr(b->text, "867123030000014") != NULL); /* the same modem's */
	bench_line(b, "port gps gone");
	CHECK(!sim_plugged(b->sim, 2) && sim_plugged(b->sim, 0));
	bench_down(b);
}

static void test_sim_resets_and_power_end_what_they_can(void **state)
{
	static const struct {
		const char *line;
		bool reset, power; /* ends it */
	} rows[] = {
		{ "modem alpha hangs", true, true },
		{ "modem alpha hangs hard", false, true },
		{ "modem alpha hangs dead", false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		for (int power = 0; power < 2; power++) {
			struct bench *b = up(START);

			bench_line(b, rows[i].line);
			sim_reset(b->sim, 0, power == 1, b->now);
			CHECK(!sim_plugged(b->sim, 0));
			bench_run(b, 0, 2000);
			CHECK(sim_plugged(b->sim, 0));
			sim_opened(b->sim, 0, b->now);
			bench_run(b, 0, 2000);
			bench_raw(b, 0, "AT\r");
			CHECK_ROW((b->len > 0) == (power == 1 ? rows[i].power : rows[i].reset),
				  rows[i].line);
			bench_down(b);
		}
	}
}

static void test_sim_stores_have_their_ways(void **state)
{
	struct bench *b = up(START "\nmodem alpha storage SM 10 storage ME 23");

	(void)state;
	bench_says(b, 0, "AT+CPMS=\"SM\",\"SM\",\"SM\"", "\r\n+CPMS: 0,10,0,10,0,10\r\n\r\nOK\r\n");
	bench_line(b, "modem alpha storage ME full");
	bench_says(b, 0, "AT+CPMS=\"ME\"", "\r\n+CPMS: 23,23,0,10,0,10\r\n\r\nOK\r\n");
	bench_says(b, 0, "AT+CPMS=\"SM\",\"SM\",\"SM\"", "\r\n+CPMS: 0,10,0,10,0,10\r\n\r\nOK\r\n");
	bench_line(b, "modem alpha counters late 500ms");
	bench_says(b, 0, "AT+CNMI=2,1", "\r\nOK\r\n");
	bench_line(b, "modem alpha notices doubled");
	bench_line(b, "phone ann texts \"one\"");
	bench_run(b, 0, 0);
	CHECK(strcmp(b->text, "\r\n+CMTI: \"SM\",0\r\n\r\n+CMTI: \"SM\",0\r\n") == 0);
	bench_says(b, 0, "AT+CPMS=\"SM\"", "\r\n+CPMS: 0,10,0,10,0,10\r\n\r\nOK\r\n");
	bench_run(b, 0, 500);
	bench_says(b, 0, "AT+CPMS=\"SM\"", "\r\n+CPMS: 1,10,1,10,1,10\r\n\r\nOK\r\n");
	bench_line(b, "modem alpha notices indexless");
	bench_line(b, "phone ann texts \"two\"");
	bench_run(b, 0, 0);
	CHECK(strcmp(b->text, "\r\n+CMTI: \"SM\",-1\r\n") == 0);
	bench_line(b, "modem alpha notices misplaced");
	bench_line(b, "phone ann texts \"three\"");
	bench_run(b, 0, 0);
	CHECK(strcmp(b->text, "\r\n+CMTI: \"ME\",2\r\n") == 0);
	bench_line(b, "modem alpha indices shift");
	bench_says(b, 0, "AT+CMGD=0;+CMGR=2", "\r\nOK\r\n"); /* the third is the second now */
	bench_line(b, "modem alpha listing joined");
	bench_raw(b, 0, "AT+CMGL=4\r");
	CHECK(bench_begins(b, "\r\n+CMGL: 0,0,,") && strstr(b->text, "+CMGL: 1,0,,") != NULL);
	CHECK(strstr(b->text, "\r\n+CMGL: 1") == NULL);
	bench_line(b, "modem alpha listing stateless");
	bench_raw(b, 0, "AT+CMGL=4\r");
	CHECK(bench_begins(b, "\r\n+CMGL: 0,,2"));
	bench_down(b);
}

static void test_sim_sends_with_half_an_answer(void **state)
{
	struct bench *b = up(START);

	(void)state;
	bench_line(b, "modem alpha loses 1 ok");
	bench_says(b, 0, "AT+CMGS=45", "\r\n> ");
	bench_raw(b, 0, SUBMIT);
	CHECK(strcmp(b->text, "\r\n+CMGS: 1\r\n") == 0);
	bench_line(b, "modem alpha prompt doubled");
	bench_says(b, 0, "AT+CMGS=45", "\r\n> \r\n> ");
	bench_raw(b, 0, "\x1b");
	bench_line(b, "modem alpha prompt normal");
	bench_line(b, "modem alpha texts need cgsms 1");
	bench_says(b, 0, "AT+CMGS=45", "\r\n> ");
	bench_raw(b, 0, SUBMIT);
	CHECK(strcmp(b->text, "\r\n+CMS ERROR: 500\r\n") == 0);
	bench_says(b, 0, "AT+CGSMS=1;+CMGS=45", "\r\n> ");
	bench_raw(b, 0, SUBMIT);
	CHECK(strcmp(b->text, "\r\n+CMGS: 2\r\n\r\nOK\r\n") == 0);
	bench_line(b, "modem alpha smsc lost");
	bench_says(b, 0, "AT+CMGS=45", "\r\n> ");
	bench_raw(b, 0, SUBMIT);
	CHECK(strcmp(b->text, "\r\n+CMS ERROR: 330\r\n") == 0);
	bench_line(b, "modem alpha smsc +15550000000");
	bench_line(b, "modem alpha credit 1");
	bench_says(b, 0, "AT+CMGS=45", "\r\n> ");
	bench_raw(b, 0, SUBMIT);
	CHECK(strcmp(b->text, "\r\n+CMGS: 3\r\n\r\nOK\r\n") == 0);
	bench_says(b, 0, "AT+CMGS=45", "\r\n> ");
	bench_raw(b, 0, SUBMIT);
	CHECK(strcmp(b->text, "\r\n+CMS ERROR: 50\r\n") == 0);
	bench_line(b, "modem alpha prompt open");
	bench_says(b, 0, "AT", "\r\n> ");
	bench_raw(b, 0, "\x1b");
	CHECK(strcmp(b->text, "\r\nOK\r\n") == 0);
	bench_down(b);
}

static void test_sim_card_counts_and_changes(void **state)
{
	struct bench *b = up(START);

	(void)state;
	bench_says(b, 0, "AT+QCCID", "\r\n+QCCID: 8901001000000000001F\r\n\r\nOK\r\n");
	bench_line(b, "modem alpha sim failure");
	bench_says(b, 0, "AT+CPIN?", "\r\n+CME ERROR: 13\r\n");
	bench_line(b, "modem alpha sim pin 1234 1 try");
	bench_says(b, 0, "AT+CPIN=0000", "\r\n+CME ERROR: 12\r\n");
	bench_line(b, "modem alpha sim ready");
	bench_line(b, "modem alpha sim swapped");
	bench_run(b, 0, 5000);
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+QCCID", "\r\n+QCCID: 8901001000000001001F\r\n\r\nOK\r\n");
	bench_down(b);
}

static void test_sim_balance_in_every_form(void **state)
{
	static const struct {
		const char *line, *answer;
	} rows[] = {
		{ "modem alpha balance \"Left: {credit}\\n\\\"bye\\\"\"",
		  "\r\n+CUSD: 0,\"Left: 7\r\n\"bye\"\",15\r\n" },
		{ "modem alpha balance \"7 e\" as hex", "\r\n+CUSD: 0,\"003700200065\",72\r\n" },
		{ "modem alpha balance \"7 eur\" as packed", "\r\n+CUSD: 0,\"3750B92E07\",15\r\n" },
		{ "modem alpha balance unsupported", "\r\n+CUSD: 4\r\n" },
		{ "modem alpha balance timeout", "\r\n+CUSD: 5\r\n" },
		{ "modem alpha balance silent", "" },
	};
	struct bench *b = up(START "\nmodem alpha credit 7");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		bench_line(b, rows[i].line);
		bench_says(b, 0, "AT+CUSD=1,\"*100#\",15", "\r\nOK\r\n");
		bench_run(b, 0, 1000);
		CHECK_ROW(strcmp(b->text, rows[i].answer) == 0, b->text);
	}
	bench_line(b, "modem alpha balance error");
	bench_says(b, 0, "AT+CUSD=1,\"*100#\",15", "\r\n+CME ERROR: 30\r\n");
	bench_down(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sim_a_fault_comes_at_its_byte),
		cmocka_unit_test(test_sim_one_command_is_answered_otherwise),
		cmocka_unit_test(test_sim_lines_and_results_as_some_firmware_sets_them),
		cmocka_unit_test(test_sim_wire_loses_doubles_sleeps_and_finds_its_speed),
		cmocka_unit_test(test_sim_another_program_at_the_port),
		cmocka_unit_test(test_sim_ports_come_back_under_other_names),
		cmocka_unit_test(test_sim_resets_and_power_end_what_they_can),
		cmocka_unit_test(test_sim_stores_have_their_ways),
		cmocka_unit_test(test_sim_sends_with_half_an_answer),
		cmocka_unit_test(test_sim_card_counts_and_changes),
		cmocka_unit_test(test_sim_balance_in_every_form),
	};

	return cmocka_run_group_tests_name("sim_knobs", tests, NULL, NULL);
}
