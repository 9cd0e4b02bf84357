#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/line.h"
#include "cli/run.h"
#include "tests/support/unit.h"

#define ARGS_MAX 20

/* Splits at blanks; "_" inside a word stands for one. */
static int parse(const char *line, struct cli_args *args, struct err *err)
{
	static char text[512];
	static char *argv[ARGS_MAX];
	int argc = 0;

	span_copy(span_of(line), text, sizeof text);
	for (char *word = text; word != NULL && argc < ARGS_MAX; argc++) {
		char *blank = strchr(word, ' ');

		argv[argc] = word;
		word = blank != NULL ? blank + 1 : NULL;
		if (blank != NULL)
			*blank = '\0';
		for (char *c = argv[argc]; *c != '\0'; c++)
			*c = *c == '_' ? ' ' : *c;
	}
	return cli_parse(args, argc, argv, err);
}

static void test_cli_turns_words_and_options_into_a_request(void **state)
{
	static const struct {
		const char *line;
		const char *request;
	} rows[] = {
		{ "tocsin page --rotation inference --severity sev-1 --message down",
		  "{\"command\":\"page\",\"rotation\":\"inference\",\"message\":\"down\","
		  "\"severity\":\"sev-1\"}" },
		{ "tocsin page --test --rotation inference",
		  "{\"command\":\"page\",\"rotation\":\"inference\",\"test\":\"true\"}" },
		{ "/usr/bin/page --to=ada --message=a_b --sev=1 --money",
		  "{\"command\":\"page\",\"to\":\"ada\",\"message\":\"a "
		  "b\",\"severity\":\"1\",\"money\":\"true\"}" },
		{ "page --message=--json --to ada",
		  "{\"command\":\"page\",\"to\":\"ada\",\"message\":\"--json\"}" },
		{ "page --message \"quoted\"",
		  "{\"command\":\"page\",\"message\":\"\\\"quoted\\\"\"}" },
		{ "page --wait 5m --message x", "{\"command\":\"page\",\"message\":\"x\"}" },
		{ "page --wait --message x", "{\"command\":\"page\",\"message\":\"x\"}" },
		{ "incident open --sev 2 --summary fire",
		  "{\"command\":\"incident\",\"severity\":\"2\",\"summary\":\"fire\"}" },
		{ "tocsin incident open --summary x --severity sev-1 --runbook /r.md",
		  "{\"command\":\"incident\",\"severity\":\"sev-1\",\"summary\":\"x\",\"runbook\":"
		  "\"/r.md\"}" },
		{ "tocsin --json ack 4711 --person ada",
		  "{\"command\":\"ack\",\"person\":\"ada\",\"id\":\"4711\"}" },
		{ "tocsin update p17 still investigating",
		  "{\"command\":\"update\",\"id\":\"p17\",\"text\":\"still investigating\"}" },
		{ "tocsin update p17 -- --not an option",
		  "{\"command\":\"update\",\"id\":\"p17\",\"text\":\"--not an option\"}" },
		{ "tocsin escalate p17 --reason stuck",
		  "{\"command\":\"escalate\",\"reason\":\"stuck\",\"id\":\"p17\"}" },
		{ "tocsin who --at 2026-11-21T05:00:00Z",
		  "{\"command\":\"who\",\"at\":\"2026-11-21T05:00:00Z\"}" },
		{ "tocsin status", "{\"command\":\"status\"}" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct cli_args args;
		struct buf line = { 0 };
		struct err err = { 0 };

		CHECK_ROW(parse(rows[i].line, &args, &err) == 0, rows[i].line);
		line_of_args(&line, &args, "");
		if (!span_is(buf_span(&line), rows[i].request))
			print_error("got %s\n", buf_text(&line));
		CHECK_ROW(span_is(buf_span(&line), rows[i].request), rows[i].line);
		buf_free(&line);
	}
}

static void test_cli_says_what_is_wrong_and_what_is_near(void **state)
{
	static const struct {
		const char *line;
		const char *want;
	} rows[] = {
		{ "tocsin", "which command?" },
		{ "tocsin pag", "did you mean \"page\"?" },
		{ "tocsin resolv p1", "did you mean \"resolve\"?" },
		{ "tocsin incident opem", "did you mean \"incident open\"?" },
		{ "tocsin incident", "unknown command \"incident\"" },
		{ "tocsin frobnicate", "see tocsin --help" },
		{ "page --mesage x", "did you mean --message?" },
		{ "page --message", "--message needs a value" },
		{ "page --message a --message b", "given twice" },
		{ "page --money=yes", "--money takes no value" },
		{ "page x --message a", "\"x\" is too much" },
		{ "page -m x", "unknown option -m" },
		{ "tocsin ack", "ack: want ID" },
		{ "tocsin ack p1 p2", "\"p2\" is too much" },
		{ "tocsin escalate p1", "--reason TEXT is missing" },
		{ "tocsin incident open --sev 1", "--summary TEXT is missing" },
		{ "tocsin list --sokcet /x", "did you mean --socket?" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct cli_args args;
		struct err err = { 0 };

		CHECK_ROW(parse(rows[i].line, &args, &err) == -1, rows[i].line);
		if (strstr(err.text, rows[i].want) == NULL)
			print_error("got %s\n", err.text);
		CHECK_ROW(strstr(err.text, rows[i].want) != NULL, rows[i].line);
	}
}

static void test_cli_knows_where_the_socket_is(void **state)
{
	struct cli_args args;
	struct err err = { 0 };

	(void)state;
	unsetenv("TOCSIN_SOCKET");
	CHECK(parse("tocsin list", &args, &err) == 0);
	CHECK(strcmp(args.socket, "/run/tocsin/tocsin.sock") == 0 && !args.json);
	setenv("TOCSIN_SOCKET", "/a", 1);
	CHECK(parse("tocsin list --json", &args, &err) == 0);
	CHECK(strcmp(args.socket, "/a") == 0 && args.json);
	CHECK(parse("tocsin --socket /b list", &args, &err) == 0);
	CHECK(strcmp(args.socket, "/b") == 0);
	unsetenv("TOCSIN_SOCKET");
}

static void test_cli_helps_with_everything_and_with_one_command(void **state)
{
	struct cli_args args;
	struct err err = { 0 };

	(void)state;
	CHECK(parse("tocsin --help", &args, &err) == CLI_HELP && args.command == NULL);
	CHECK(parse("tocsin page --help", &args, &err) == CLI_HELP);
	CHECK(strcmp(args.command->name, "page") == 0);
	CHECK(parse("tocsin ack -h", &args, &err) == CLI_HELP);
	CHECK(strcmp(args.command->name, "ack") == 0);
	CHECK(parse("tocsin incident --help", &args, &err) == CLI_HELP && args.command != NULL);
	CHECK(parse("tocsin --version", &args, &err) == CLI_VERSION);
	CHECK(parse("tocsin help page", &args, &err) == -1 && strstr(err.text, "--help?") != NULL);
	CHECK(parse("tocsin incident", &args, &err) == -1 &&
	      strstr(err.text, "\"incident open\"?") != NULL);
}

static void test_cli_leaves_raw_commands_their_options(void **state)
{
	struct cli_args args;
	struct err err = { 0 };

	(void)state;
	CHECK(parse("tocsin pdu encode --json --to +4917 --text=x", &args, &err) == 0);
	CHECK(args.json && args.word_count == 4);
	CHECK(strcmp(args.words[1], "--to") == 0 && strcmp(args.words[3], "--text=x") == 0);
}

static void test_cli_reads_durations(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t seconds;
	} rows[] = {
		{ "90", true, 90 },   { "90s", true, 90 },       { "5m", true, 300 },
		{ "2h", true, 7200 }, { "0", true, 0 },          { "m", false, -1 },
		{ "", false, -1 },    { "-1", false, -1 },       { "5d", false, -1 },
		{ "5 m", false, -1 }, { "9999999h", false, -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t seconds = -1;

		CHECK_ROW(run_duration(rows[i].text, &seconds) == rows[i].ok, rows[i].text);
		CHECK_ROW(seconds == rows[i].seconds, rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cli_turns_words_and_options_into_a_request),
		cmocka_unit_test(test_cli_says_what_is_wrong_and_what_is_near),
		cmocka_unit_test(test_cli_knows_where_the_socket_is),
		cmocka_unit_test(test_cli_helps_with_everything_and_with_one_command),
		cmocka_unit_test(test_cli_leaves_raw_commands_their_options),
		cmocka_unit_test(test_cli_reads_durations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
