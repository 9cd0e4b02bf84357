/* tocsin enrol: a text and a call to each phone of a person; with --wait until all is proven. */
#include <stdio.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/line.h"
#include "cli/print.h"
#include "cli/run.h"

#define LOOK_EVERY_MS 1000

/* How it stands: "under way", "proven", "not proven"; "" when nobody knows. */
static const char *state_of(const json_t *answer)
{
	const char *state = json_string_value(
		json_object_get(json_array_get(json_object_get(answer, "people"), 0), "enrolment"));

	return state != NULL ? state : "";
}

static bool ended(const json_t *answer)
{
	const char *state = state_of(answer);

	return state[0] != '\0' && strcmp(state, "under way") != 0;
}

static int wait_for_end(const struct cli_args *args, int64_t seconds)
{
	struct buf line = { 0 };
	struct buf raw = { 0 };
	struct answer_wait wait = { &line, ended, LOOK_EVERY_MS,
				    seconds > 0 ? seconds * 1000 : WHEN_NEVER };
	json_t *answer;
	const char *state;
	int status;

	line_simple(&line, "people", "person", args->words[0]);
	answer_wait(args, &wait, &answer, &raw);
	state = state_of(answer);
	if (answer != NULL && args->json)
		puts(buf_text(&raw));
	else if (answer != NULL)
		print_people(answer);
	fflush(stdout);
	if (strcmp(state, "proven") == 0)
		status = CLI_DONE;
	else if (strcmp(state, "not proven") == 0)
		status = cli_fail(CLI_FAILED, "enrol: %s has not proven what says \"never\"",
				  args->words[0]);
	else
		status = cli_fail(CLI_WAIT_OVER, "enrol: not proven yet; it goes on, see tocsin "
						 "people");
	json_decref(answer);
	buf_free(&line);
	buf_free(&raw);
	return status;
}

int run_enrol(const struct cli_args *args)
{
	const char *wait = cli_value(args, "wait");
	int64_t seconds = 0;
	struct buf line = { 0 };
	struct buf raw = { 0 };
	json_t *answer;
	int status;

	if (wait != NULL && wait[0] != '\0' && !run_duration(wait, &seconds))
		return cli_fail(CLI_USAGE, "enrol: --wait: want a time such as 90s, 10m or 1h");
	line_of_args(&line, args, "");
	status = answer_get(args, &line, false, &answer, &raw);
	if (answer != NULL &&
	    (wait == NULL || status != CLI_DONE || !json_is_true(json_object_get(answer, "ok"))))
		status = answer_show(args, answer, &raw);
	else if (answer != NULL)
		status = wait_for_end(args, seconds);
	json_decref(answer);
	buf_free(&line);
	buf_free(&raw);
	return status;
}
