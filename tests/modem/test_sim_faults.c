/* What the simulator's faults do, and when they end. */
#include "modem/sim/sim.h"
#include "tests/modem/sim_bench.h"
#include "tests/support/unit.h"

/* To +447700900123, "PAGE 4711 DB01 DOWN. Reply ACK 4711", report wanted, a day's validity. */
#define SUBMIT                                                                                     \
	"0031000C914477000910320000A723D0E0B108A2DD62311051088B8188CFABD3059296E1EC3C28385C8268B7" \
	"580C\x1a"
#define ANN         "+447700900123"

#define QUIET_START "modem alpha +15550009001 quectel\nphone ann " ANN " ignores"

static void send(struct bench *b, const char *answer)
{
	bench_says(b, 0, "AT+CMGS=45", "\r\n> ");
	bench_raw(b, 0, SUBMIT);
	if (strcmp(b->text, answer) != 0)
		print_error("got \"%s\", want \"%s\"\n", b->text, answer);
	CHECK(strcmp(b->text, answer) == 0);
}

static void test_sim_faults_hit_sends_as_they_say(void **state)
{
	struct bench *b = bench_up(QUIET_START);

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_line(b, "modem alpha refuses 2 sends with 500");
	send(b, "\r\n+CMS ERROR: 500\r\n");
	send(b, "\r\n+CMS ERROR: 500\r\n");
	send(b, "\r\n+CMGS: 1\r\n\r\nOK\r\n");
	CHECK(bench_count(b, SIM_TEXTED) == 1);
	bench_line(b, "modem alpha loses 1 result");
	send(b, ""); /* it goes out, and nobody says so */
	CHECK(bench_count(b, SIM_TEXTED) == 2);
	bench_says(b, 0, "AT", "\r\nOK\r\n");
	send(b, "\r\n+CMGS: 3\r\n\r\nOK\r\n");
	bench_line(b, "modem alpha registration denied for 20s");
	send(b, "\r\n+CMS ERROR: 331\r\n");
	bench_run(b, 0, 20000);
	bench_line(b, "modem alpha sms 2s");
	send(b, "");
	bench_run(b, 0, 1999);
	CHECK(strcmp(b->text, "") == 0);
	bench_run(b, 0, 1);
	CHECK(strcmp(b->text, "\r\n+CMGS: 4\r\n\r\nOK\r\n") == 0);
	bench_down(b);
}

static void test_sim_prompt_faults(void **state)
{
	struct bench *b = bench_up(QUIET_START);

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_line(b, "modem alpha prompt bare");
	bench_says(b, 0, "AT+CMGS=45", ">");
	bench_raw(b, 0, "\x1b");
	bench_line(b, "modem alpha prompt late 3s");
	bench_says(b, 0, "AT+CMGS=45", "");
	bench_run(b, 0, 3000);
	CHECK(strcmp(b->text, "\r\n> ") == 0);
	bench_raw(b, 0, "\x1b");
	bench_line(b, "modem alpha prompt missing");
	bench_says(b, 0, "AT+CMGS=45", "");
	bench_run(b, 0, 60000);
	CHECK(strcmp(b->text, "") == 0);
	bench_raw(b, 0, "\x1b");
	CHECK(strcmp(b->text, "\r\nOK\r\n") == 0);
	bench_down(b);
}

static void test_sim_hang_and_unplug_begin_and_end_on_time(void **state)
{
	struct bench *b = bench_up(QUIET_START);

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_line(b, "modem alpha hangs for 60s in 10s");
	bench_run(b, 0, 9999);
	bench_says(b, 0, "AT", "\r\nOK\r\n");
	bench_run(b, 0, 1);
	bench_says(b, 0, "AT", "");
	bench_run(b, 0, 59999);
	bench_says(b, 0, "AT", "");
	bench_run(b, 0, 1);
	bench_says(b, 0, "AT", "\r\nOK\r\n");
	bench_line(b, "modem alpha unplugged for 5s");
	CHECK(!sim_plugged(b->sim, 0));
	bench_says(b, 0, "AT", "");
	bench_line(b, "phone ann texts \"kept\"");
	bench_run(b, 0, 5000);
	CHECK(sim_plugged(b->sim, 0));
	sim_opened(b->sim, 0, b->now);
	bench_run(b, 0, 2000); /* the kept text is in store: no notice before +CNMI */
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+CPMS=\"ME\"", "\r\n+CPMS: 1,50,1,50,1,50\r\n\r\nOK\r\n");
	CHECK(bench_event(b, SIM_FAULT, NULL, "hangs"));
	CHECK(bench_event(b, SIM_FAULT, NULL, "unplugged"));
	CHECK(bench_event(b, SIM_FAULT, NULL, "plugged"));
	bench_down(b);
}

static void test_sim_reboot_says_so_and_forgets(void **state)
{
	struct bench *b = bench_up(QUIET_START);

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+CNMI=2,1,0,1,0;+CREG=2", "\r\nOK\r\n");
	bench_line(b, "modem alpha reboots");
	bench_says(b, 0, "AT", "");
	bench_run(b, 0, 4000);
	CHECK(strcmp(b->text, "\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\n+QIND: SMS "
			      "DONE\r\n\r\n+QIND: PB DONE\r\n") == 0);
	bench_says(b, 0, "AT+CNMI?",
		   "AT+CNMI?\r\r\n+CNMI: 0,0,0,0,0\r\n\r\nOK\r\n"); /* echo is back, too */
	bench_down(b);
}

static void test_sim_noise_slow_chunks_and_echo(void **state)
{
	struct bench *b = bench_up(QUIET_START);

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_line(b, "modem alpha chunks 2");
	bench_says(b, 0, "AT", "\r\n");
	bench_run(b, 0, 1);
	CHECK(strcmp(b->text, "OK") == 0);
	bench_run(b, 0, 1);
	CHECK(strcmp(b->text, "\r\n") == 0);
	bench_line(b, "modem alpha chunks off");
	bench_line(b, "modem alpha slow 200ms for 1s");
	bench_says(b, 0, "AT", "");
	bench_run(b, 0, 200);
	CHECK(strcmp(b->text, "\r\nOK\r\n") == 0);
	bench_run(b, 0, 800);
	bench_line(b, "modem alpha echo on");
	bench_says(b, 0, "AT", "AT\r\r\nOK\r\n");
	bench_line(b, "modem alpha noise every 50ms for 1s");
	bench_run(b, 0, 1000);
	CHECK(b->len > 20 * 10);
	bench_run(b, 0, 1000);
	CHECK(b->len == 0);
	bench_down(b);
}

static void test_sim_storage_full_keeps_texts_in_the_network(void **state)
{
	struct bench *b = bench_up("modem alpha +15550009001 quectel storage 3\n"
				   "phone ann " ANN " ignores");

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+CNMI=2,1,0,1,0;+QINDCFG=\"smsfull\",1", "\r\nOK\r\n");
	bench_line(b, "modem alpha storage full");
	bench_line(b, "phone ann texts \"ACK 1234\"");
	bench_run(b, 0, 0);
	CHECK(strcmp(b->text, "\r\n+QIND: \"smsfull\",\"ME\"\r\n") == 0);
	bench_says(b, 0, "AT+CMGD=1", "\r\nOK\r\n\r\n+CMTI: \"ME\",1\r\n");
	bench_down(b);
}

static void test_sim_phones_that_are_off_get_their_texts_later(void **state)
{
	struct bench *b = bench_up(QUIET_START);

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_says(b, 0, "AT+CNMI=2,1,0,1,0", "\r\nOK\r\n");
	bench_line(b, "phone ann off");
	send(b, "\r\n+CMGS: 1\r\n\r\nOK\r\n");
	CHECK(bench_count(b, SIM_TEXTED) == 0);
	bench_line(b, "phone ann on");
	bench_run(b, 0, 0);
	CHECK(bench_count(b, SIM_TEXTED) == 1);
	CHECK(bench_begins(b, "\r\n+CDS: 25\r\n"));
	/* Off for longer than the day it was good for: ST 46. */
	bench_line(b, "phone ann off");
	send(b, "\r\n+CMGS: 2\r\n\r\nOK\r\n");
	bench_run(b, 0, 86400000);
	CHECK(strcmp(b->text + b->len - 4, "46\r\n") == 0);
	/* A network that lies: delivered, it says. */
	bench_line(b, "network reports false");
	bench_says(b, 0, "AT+CMGS=45", "\r\n> ");
	bench_raw(b, 0, SUBMIT);
	CHECK(strcmp(b->text + b->len - 4, "00\r\n") == 0);
	CHECK(bench_count(b, SIM_TEXTED) == 1);
	bench_down(b);
}

static void test_sim_phone_replies_with_the_code_it_was_sent(void **state)
{
	struct bench *b = bench_up("modem alpha +15550009001 quectel\n"
				   "phone ann " ANN " replies \"ack {code}!\" after 5s");

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	send(b, "\r\n+CMGS: 1\r\n\r\nOK\r\n");
	bench_run(b, 0, 4999);
	CHECK(bench_count(b, SIM_REPLIED) == 0);
	bench_run(b, 0, 1);
	CHECK(bench_event(b, SIM_REPLIED, ANN, "ack 4711!"));
	bench_line(b, "phone ann ignores");
	send(b, "\r\n+CMGS: 2\r\n\r\nOK\r\n");
	bench_run(b, 0, 60000);
	CHECK(bench_count(b, SIM_REPLIED) == 1);
	bench_down(b);
}

static void test_sim_network_faults(void **state)
{
	struct bench *b = bench_up(QUIET_START);

	(void)state;
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	bench_line(b, "network drops 1 text");
	send(b, "\r\n+CMGS: 1\r\n\r\nOK\r\n");
	CHECK(bench_count(b, SIM_SUBMITTED) == 1 && bench_count(b, SIM_TEXTED) == 0);
	bench_line(b, "network doubles 1 text");
	send(b, "\r\n+CMGS: 2\r\n\r\nOK\r\n");
	CHECK(bench_count(b, SIM_TEXTED) == 2);
	bench_line(b, "network delivery 2s");
	send(b, "\r\n+CMGS: 3\r\n\r\nOK\r\n");
	bench_run(b, 0, 1999);
	CHECK(bench_count(b, SIM_TEXTED) == 2);
	bench_run(b, 0, 1);
	CHECK(bench_count(b, SIM_TEXTED) == 3);
	bench_says(b, 0, "AT+CREG=1", "\r\nOK\r\n");
	bench_line(b, "network down for 10s");
	bench_run(b, 0, 0);
	CHECK(strcmp(b->text, "\r\n+CREG: 2\r\n") == 0);
	bench_says(b, 0, "ATD" ANN ";", "\r\n+CME ERROR: 30\r\n");
	bench_run(b, 0, 10000);
	CHECK(strcmp(b->text, "\r\n+CREG: 1\r\n") == 0);
	bench_down(b);
}

static void test_sim_modems_text_each_other(void **state)
{
	struct bench *b = bench_up("modem alpha +15550009001 quectel\n"
				   "modem beta +447700900123 generic");

	(void)state;
	bench_raw(b, 1, "ATE0;+CNMI=2,1\r");
	bench_says(b, 0, "ATE0", "ATE0\r\r\nOK\r\n");
	send(b, "\r\n+CMGS: 1\r\n\r\nOK\r\n");
	bench_run(b, 1, 0);
	CHECK(strcmp(b->text, "\r\n+CMTI: \"SM\",1\r\n") == 0);
	bench_says(b, 1, "AT+CMGF=1;+CMGR=1",
		   "\r\n+CMGR: \"REC UNREAD\",\"+15550009001\",,\"27/01/15,08:00:00+00\"\r\nPAGE "
		   "4711 DB01 DOWN. Reply ACK 4711\r\n\r\nOK\r\n");
	/* And back, in text mode. */
	bench_says(b, 1, "AT+CMGS=\"+15550009001\"", "\r\n> ");
	bench_raw(b, 1, "got it\x1a");
	CHECK(strcmp(b->text, "\r\n+CMGS: 1\r\n\r\nOK\r\n") == 0);
	CHECK(bench_event(b, SIM_TEXTED, "+15550009001", "got it"));
	bench_down(b);
}

static void test_sim_owner_acts_when_told(void **state)
{
	struct bench *b = bench_up(QUIET_START);

	(void)state;
	bench_says(b, 0, "ATE0;+QTONEDET=1", "ATE0;+QTONEDET=1\r\r\nOK\r\n");
	bench_raw(b, 0, "ATD" ANN ";\r");
	bench_run(b, 0, 3000);
	bench_line(b, "phone ann picks up");
	CHECK(bench_count(b, SIM_ANSWERED) == 0); /* gathered with the next step */
	bench_line(b, "phone ann presses 4 7 in 1s");
	bench_run(b, 0, 2000);
	CHECK(bench_count(b, SIM_ANSWERED) == 1);
	CHECK(strcmp(b->text, "\r\n+QTONEDET: 52\r\n\r\n+QTONEDET: 55\r\n") == 0);
	bench_line(b, "phone ann hangs up");
	bench_run(b, 0, 0);
	CHECK(strcmp(b->text, "\r\nNO CARRIER\r\n") == 0);
	bench_down(b);
}

static void test_sim_event_text_reads_like_a_transcript(void **state)
{
	static const struct {
		struct sim_event event;
		const char *line;
	} rows[] = {
		{ { SIM_TEXTED, 0, "+15550100002", "bob", "DB down\nACK 4711", 0 },
		  "+15550100002 (bob) receives SMS: DB down ACK 4711" },
		{ { SIM_PRESSED, 0, "+15550100002", "bob", "4", 0 },
		  "+15550100002 (bob) presses 4" },
		{ { SIM_DIALLED, 0, "112", "", "", 0 }, "112 is dialled by alpha" },
		{ { SIM_FAULT, 0, "", "", "hangs for 60s", 0 }, "modem alpha hangs for 60s" },
		{ { SIM_FAULT, -1, "", "", "reports off", 0 }, "network reports off" },
	};
	char line[200];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		size_t len = sim_event_text(&rows[i].event, "alpha", line, sizeof line);

		CHECK_ROW(strcmp(line, rows[i].line) == 0, rows[i].line);
		CHECK_ROW(len == strlen(line), rows[i].line);
	}
	CHECK(sim_event_text(&rows[0].event, "alpha", line, 8) == 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sim_faults_hit_sends_as_they_say),
		cmocka_unit_test(test_sim_prompt_faults),
		cmocka_unit_test(test_sim_hang_and_unplug_begin_and_end_on_time),
		cmocka_unit_test(test_sim_reboot_says_so_and_forgets),
		cmocka_unit_test(test_sim_noise_slow_chunks_and_echo),
		cmocka_unit_test(test_sim_storage_full_keeps_texts_in_the_network),
		cmocka_unit_test(test_sim_phones_that_are_off_get_their_texts_later),
		cmocka_unit_test(test_sim_phone_replies_with_the_code_it_was_sent),
		cmocka_unit_test(test_sim_network_faults),
		cmocka_unit_test(test_sim_modems_text_each_other),
		cmocka_unit_test(test_sim_owner_acts_when_told),
		cmocka_unit_test(test_sim_event_text_reads_like_a_transcript),
	};

	return cmocka_run_group_tests_name("sim_faults", tests, NULL, NULL);
}
