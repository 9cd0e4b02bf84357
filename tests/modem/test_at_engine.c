#include "modem/at_engine.h"
#include "tests/support/unit.h"

#include <string.h>

static struct at_engine engine;
static struct when now;

static int setup(void **state)
{
	(void)state;
	memset(&engine, 0, sizeof engine);
	now = (struct when){ .mono_ms = 1000 };
	at_engine_reset(&engine);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	at_engine_free(&engine);
	return 0;
}

static void start(const char *text, const char *prefix, const char *body)
{
	const struct at_command command = {
		.text = span_of(text),
		.body = span_of(body),
		.prefix = prefix,
		.timeout_ms = 5000,
		.prompt_ms = 3000,
		.must_answer = prefix != NULL && prefix[0] == '\0',
	};

	at_engine_start(&engine, &command, now);
}

static bool output_is(const char *text)
{
	bool same = span_is(buf_span(&engine.out), text);

	buf_clear(&engine.out);
	return same;
}

/* Feeds text; the kinds of all events as letters: l line, r reply, f final. */
static const char *feed(const char *text)
{
	static char kinds[40];
	struct span bytes = span_of(text);
	struct at_event event;
	size_t n = 0;

	while (at_engine_next(&engine, &bytes, now, &event) && n + 1 < sizeof kinds)
		kinds[n++] = event.kind == AT_EVENT_FINAL   ? 'f'
			     : event.kind == AT_EVENT_STRAY ? 'x'
			     : event.reply                  ? 'r'
							    : 'l';
	kinds[n] = '\0';
	return kinds;
}

/* Lets time pass; the kinds of all events: s silent, p no prompt, d deaf. */
static const char *pass(int64_t ms)
{
	static char kinds[40];
	int64_t end = now.mono_ms + ms;
	struct at_event event;
	size_t n = 0;

	while (at_engine_deadline(&engine) <= end && n + 1 < sizeof kinds) {
		now.mono_ms = at_engine_deadline(&engine);
		while (at_engine_tick(&engine, now, &event))
			kinds[n++] = event.kind == AT_EVENT_SILENT      ? 's'
				     : event.kind == AT_EVENT_NO_PROMPT ? 'p'
									: 'd';
	}
	now.mono_ms = end;
	kinds[n] = '\0';
	return kinds;
}

static void test_engine_tells_answers_from_other_lines(void **state)
{
	(void)state;
	start("AT+CSQ", "+CSQ:", NULL);
	CHECK(output_is("AT+CSQ\r"));
	CHECK(strcmp(feed("AT+CSQ\r\r\n+CSQ: 20,99\r\n\r\nRING\r\n\r\nOK\r\n"), "rlf") == 0);
	CHECK(at_engine_idle(&engine));
	/* of somebody else's commands; BUSY and the like come by themselves */
	CHECK(strcmp(feed("\r\nOK\r\n\r\nERROR\r\n\r\nNO CARRIER\r\n"), "xxl") == 0);
	CHECK(output_is(""));
}

static void test_engine_any_line_answers_but_known_notices(void **state)
{
	(void)state;
	start("AT+CGMI", "", NULL);
	CHECK(strcmp(feed("\r\n^RSSI:14\r\n\r\nQuectel\r\n\r\nOK\r\n"), "lrf") == 0);
	/* An OK alone belongs to something earlier. */
	start("AT+CGMM", "", NULL);
	CHECK(strcmp(feed("\r\nOK\r\n"), "") == 0);
	CHECK(strcmp(feed("\r\nEC25\r\n\r\nOK\r\n"), "rf") == 0);
}

static void test_engine_writes_the_body_in_one_piece(void **state)
{
	(void)state;
	start("AT+CMGS=2", "+CMGS:", "0011");
	CHECK(output_is("AT+CMGS=2\r"));
	CHECK(strcmp(feed("\r\n+CMTI: \"SM\",1\r\n"), "l") == 0);
	CHECK(output_is(""));
	CHECK(strcmp(feed("\r\n>"), "") == 0);
	CHECK(output_is("0011\x1a"));
	CHECK(strcmp(feed(" \r\n> \r\n+CMGS: 1\r\n\r\nOK\r\n"), "rf") == 0);
	CHECK(output_is(""));
}

static void test_engine_without_a_prompt_escapes(void **state)
{
	(void)state;
	start("AT+CMGS=2", "+CMGS:", "0011");
	output_is("");
	CHECK(strcmp(pass(2999), "") == 0);
	CHECK(strcmp(pass(1), "p") == 0);
	CHECK(output_is("\x1b"));
	CHECK(!at_engine_idle(&engine));
	CHECK(strcmp(feed("\r\n> "), "") == 0);
	CHECK(output_is("\x1b"));
	CHECK(strcmp(feed("\r\nOK\r\n"), "") == 0);
	CHECK(at_engine_idle(&engine));
}

/* It sleeps after a second without a word and does not hear what comes first: found out twice, then an AT goes in front. */
static void test_engine_wakes_one_that_sleeps(void **state)
{
	(void)state;
	for (int i = 0; i < AT_SLEPT; i++) {
		pass(2000);
		start("AT+CSQ", "+CSQ:", NULL);
		CHECK(output_is("AT+CSQ\r"));
		CHECK(strcmp(pass(5000), "s") == 0);
		CHECK(output_is("AT\r"));
		feed("\r\nOK\r\n");
		pass(AT_QUIET_MS);
		CHECK(at_engine_idle(&engine));
	}
	pass(2000);
	start("AT+CMGS=2", "+CMGS:", "0011");
	CHECK(output_is("AT\r"));
	CHECK(strcmp(pass(AT_SYNC_MS), "") == 0); /* it woke up, and says nothing to that */
	CHECK(output_is("AT+CMGS=2\r"));
	feed("\r\n> ");
	CHECK(output_is("0011\x1a"));
	CHECK(strcmp(feed("\r\n+CMGS: 1\r\n\r\nOK\r\n"), "rf") == 0);
	/* awake: nothing is put in front */
	start("AT+CSQ", "+CSQ:", NULL);
	CHECK(output_is("AT+CSQ\r"));
	CHECK(strcmp(feed("\r\n+CSQ: 20,99\r\n\r\nOK\r\n"), "rf") == 0);
	/* or it was awake after all: its OK is not the command's */
	pass(2000);
	start("AT+CSQ", "+CSQ:", NULL);
	CHECK(output_is("AT\r"));
	CHECK(strcmp(feed("\r\nOK\r\n"), "") == 0);
	CHECK(output_is("AT+CSQ\r"));
	CHECK(strcmp(feed("\r\n+CSQ: 20,99\r\n\r\nOK\r\n"), "rf") == 0);
}

/* The prompt comes seconds after the ESC, in the middle of another command: left at once, so that nothing is a text. */
static void test_engine_leaves_a_prompt_that_comes_very_late(void **state)
{
	(void)state;
	start("AT+CMGS=2", "+CMGS:", "0011");
	CHECK(strcmp(pass(3000 + AT_ESCAPE_MS), "p") == 0);
	CHECK(at_engine_idle(&engine));
	start("AT+CSQ", "+CSQ:", NULL);
	output_is("");
	CHECK(strcmp(feed("\r\n> "), "") == 0);
	CHECK(output_is("\x1b"));
	CHECK(strcmp(feed("\r\n+CSQ: 20,99\r\n\r\nOK\r\n"), "rf") == 0);
	/* and the next text has its own prompt */
	start("AT+CMGS=2", "+CMGS:", "0011");
	output_is("");
	feed("\r\n> ");
	CHECK(output_is("0011\x1a"));
}

static void test_engine_gets_into_step_after_silence(void **state)
{
	(void)state;
	start("AT+COPS?", "+COPS:", NULL);
	output_is("");
	CHECK(strcmp(pass(5000), "s") == 0);
	CHECK(output_is("AT\r"));
	/* Both answers come now; neither is taken for a later command's. */
	CHECK(strcmp(feed("\r\n+COPS: 0\r\n\r\nOK\r\n\r\nOK\r\n"), "l") == 0);
	CHECK(!at_engine_idle(&engine));
	CHECK(strcmp(pass(AT_QUIET_MS), "") == 0);
	CHECK(at_engine_idle(&engine));
}

static void test_engine_is_deaf_after_three(void **state)
{
	(void)state;
	start("AT+CSQ", "+CSQ:", NULL);
	CHECK(strcmp(pass(5000 + 2 * AT_SYNC_MS), "sd") == 0);
	CHECK(output_is("AT+CSQ\rAT\rAT\r"));
	CHECK(at_engine_idle(&engine));
	CHECK(at_engine_deadline(&engine) == WHEN_NEVER);
}

static void test_engine_knows_a_late_send(void **state)
{
	static const char *const late[] = { "\r\n+CMGS: 47\r\n\r\nOK\r\n",
					    "\r\n+CMS ERROR: 38\r\n" };

	for (size_t i = 0; i < COUNT_OF(late); i++) {
		teardown(state);
		setup(state);
		start("AT+CMGS=2", "+CMGS:", "0011");
		feed("\r\n> ");
		CHECK(strcmp(pass(5000), "s") == 0);
		feed("\r\nOK\r\n"); /* to our AT */
		pass(AT_QUIET_MS);
		CHECK(at_engine_idle(&engine));
		start("ATE0", NULL, NULL);
		feed(late[i]);
		CHECK_ROW(!at_engine_idle(&engine), late[i]);
		CHECK(strcmp(feed("\r\nOK\r\n"), "f") == 0);
	}
}

static void test_engine_limit_shortens_only(void **state)
{
	(void)state;
	start("AT+CMGS=2", "+CMGS:", "0011");
	feed("\r\n> ");
	at_engine_limit(&engine, 9000);
	CHECK(at_engine_deadline(&engine) == now.mono_ms + 5000);
	at_engine_limit(&engine, 2000);
	CHECK(at_engine_deadline(&engine) == now.mono_ms + 2000);
	at_engine_hurry(&engine, 10, now);
	CHECK(at_engine_deadline(&engine) == now.mono_ms + 10);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_engine_tells_answers_from_other_lines),
		TEST(test_engine_any_line_answers_but_known_notices),
		TEST(test_engine_writes_the_body_in_one_piece),
		TEST(test_engine_without_a_prompt_escapes),
		TEST(test_engine_wakes_one_that_sleeps),
		TEST(test_engine_leaves_a_prompt_that_comes_very_late),
		TEST(test_engine_leaves_a_prompt_that_comes_very_late),
		TEST(test_engine_gets_into_step_after_silence),
		TEST(test_engine_is_deaf_after_three),
		TEST(test_engine_knows_a_late_send),
		TEST(test_engine_limit_shortens_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
