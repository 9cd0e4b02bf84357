/* run_page.c - sending a page: once for certain, and waiting for somebody to take it. */
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "cli/answer.h"
#include "cli/line.h"
#include "cli/print.h"
#include "cli/run.h"

#define LOOK_EVERY_MS 500

bool run_duration(const char *text, int64_t *seconds)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 } };
	struct span s = span_of(text);
	int64_t factor = 1;
	int64_t count;

	for (size_t i = 0; i < COUNT_OF(units) && s.len > 0; i++) {
		if (s.at[s.len - 1] == units[i].unit) {
			factor = units[i].seconds;
			s.len--;
			break;
		}
	}
	if (!span_int(s, &count) || count < 0 || count > 1000000)
		return false;
	*seconds = count * factor;
	return true;
}

/* What is wrong with the options, or NULL. */
static const char *complaint(const struct cli_args *args)
{
	const char *to = cli_value(args, "to");
	const char *rotation = cli_value(args, "rotation");
	const char *wait = cli_value(args, "wait");
	int64_t seconds;

	if (strcmp(args->command->request, "page") == 0 && cli_value(args, "message") == NULL &&
	    cli_value(args, "test") == NULL)
		return "--message TEXT is missing";
	if (to != NULL && rotation != NULL)
		return "--to and --rotation are one thing: give one of them";
	if (wait != NULL && wait[0] != '\0' && !run_duration(wait, &seconds))
		return "--wait: want a time such as 90s, 10m or 1h";
	return NULL;
}

/* Somebody has it, or it is over. */
static bool taken(const json_t *answer)
{
	const char *state =
		json_string_value(json_object_get(json_object_get(answer, "page"), "state"));

	return state != NULL && (strcmp(state, "acked") == 0 || strcmp(state, "resolved") == 0);
}

static void print_taken(const json_t *answer)
{
	const json_t *page = json_object_get(answer, "page");
	struct buf line = { 0 };
	char room[PRINT_ROOM];

	print_safe(&line, print_member(page, "state", room));
	if (print_member(page, "owner", room)[0] != '\0') {
		buf_add_text(&line, " by ");
		print_safe(&line, print_member(page, "owner", room));
	}
	puts(buf_text(&line));
	buf_free(&line);
}

/* The gateway may be restarted meanwhile; the page is on its disk, so the wait goes on. */
static int wait_for_ack(const struct cli_args *args, const char *id)
{
	const char *text = cli_value(args, "wait");
	struct buf line = { 0 };
	struct buf raw = { 0 };
	struct answer_wait wait = { &line, taken, LOOK_EVERY_MS, WHEN_NEVER };
	json_t *answer;
	int64_t seconds = 0;
	bool done;

	if (run_duration(text, &seconds))
		wait.limit_ms = seconds * 1000;
	line_simple(&line, "show", "id", id);
	done = answer_wait(args, &wait, &answer, &raw);
	if (args->json && answer != NULL)
		puts(buf_text(&raw));
	else if (done)
		print_taken(answer);
	json_decref(answer);
	buf_free(&line);
	buf_free(&raw);
	if (done)
		return CLI_DONE;
	return cli_fail(CLI_WAIT_OVER, "%s: nobody has taken it within %s; paging goes on", id,
			text);
}

/* Paging from memory is better than not at all, but the sender must know. */
static int not_durable(const struct cli_args *args, const json_t *answer, const struct buf *raw)
{
	char id[PRINT_ROOM];
	char code[PRINT_ROOM];

	if (args->json)
		puts(buf_text(raw));
	return cli_fail(CLI_FAILED,
			"paging, NOT durable: %s code %s would not survive a restart of the "
			"gateway; see tocsin status",
			print_member(answer, "id", id), print_member(answer, "code", code));
}

static int after_answer(const struct cli_args *args, const json_t *answer, const struct buf *raw)
{
	const char *id = json_string_value(json_object_get(answer, "id"));
	int status;

	if (id != NULL && json_is_false(json_object_get(answer, "durable")))
		return not_durable(args, answer, raw);
	status = answer_show(args, answer, raw);
	if (status != CLI_DONE || id == NULL || cli_value(args, "wait") == NULL)
		return status;
	fflush(stdout);
	return wait_for_ack(args, id);
}

int run_page(const struct cli_args *args)
{
	const char *wrong = complaint(args);
	struct buf line = { 0 };
	struct buf raw = { 0 };
	struct err err = { 0 };
	json_t *answer;
	char id[40];
	int status;

	if (wrong != NULL)
		return cli_fail(CLI_USAGE, "%s: %s", args->command->name, wrong);
	if (line_request_id(id, &err) < 0)
		return cli_fail(CLI_FAILED, "%s: %s", args->command->name, err.text);
	line_of_args(&line, args, id);
	status = answer_get(args, &line, true, &answer, &raw);
	if (answer != NULL)
		status = after_answer(args, answer, &raw);
	json_decref(answer);
	buf_free(&line);
	buf_free(&raw);
	return status;
}
