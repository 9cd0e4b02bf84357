#include "cli/run.h"

#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "cli/answer.h"
#include "cli/client.h"
#include "cli/line.h"
#include "cli/pdu.h"
#include "cli/print.h"
#include "scenario/scenario.h"
#include "setup.h"

int run_remote(const struct cli_args *args)
{
	struct buf line = { 0 };
	struct buf raw = { 0 };
	json_t *answer;
	int status;

	line_of_args(&line, args, "");
	status = answer_get(args, &line, false, &answer, &raw);
	if (answer != NULL)
		status = answer_show(args, answer, &raw);
	json_decref(answer);
	buf_free(&line);
	buf_free(&raw);
	return status;
}

static const struct {
	const char *name;
	void (*print)(const json_t *answer); /* NULL: the object itself */
} formats[] = {
	{ "text", print_timeline_text },
	{ "markdown", print_timeline_markdown },
	{ "json", NULL },
};

int run_timeline(const struct cli_args *args)
{
	const char *wanted = cli_value(args, "format");
	struct cli_command command = *args->command;
	struct cli_args formatted = *args;

	for (size_t i = 0; i < COUNT_OF(formats); i++) {
		if (strcmp(wanted != NULL ? wanted : "text", formats[i].name) != 0)
			continue;
		command.print = formats[i].print;
		formatted.command = &command;
		formatted.json = args->json || formats[i].print == NULL;
		return run_remote(&formatted);
	}
	return cli_fail(CLI_USAGE, "timeline: --format %s: want text, markdown or json", wanted);
}

/* The first line is the gateway's consent, the others are events. */
static void show_event(struct span text)
{
	json_error_t bad;
	json_t *event = json_loadb(text.at, text.len, 0, &bad);
	char time[PRINT_ROOM];
	char room[PRINT_ROOM];
	struct buf line = { 0 };

	if (json_object_get(event, "name") != NULL) {
		static const char *const keys[] = { "page", "person", "modem", "text" };

		buf_addf(&line, "%s  %-18s", print_member(event, "time", time),
			 print_member(event, "name", room));
		for (size_t i = 0; i < COUNT_OF(keys); i++) {
			const char *value = print_member(event, keys[i], room);

			buf_add_text(&line, value[0] != '\0' ? "  " : "");
			print_safe(&line, value);
		}
		puts(buf_text(&line));
		fflush(stdout);
	}
	buf_free(&line);
	json_decref(event);
}

static void show_raw(struct span text)
{
	printf("%.*s\n", (int)text.len, text.at);
	fflush(stdout);
}

int run_events(const struct cli_args *args)
{
	struct buf line = { 0 };
	struct err err = { 0 };
	int end;

	line_of_args(&line, args, "");
	end = client_follow(args->socket, buf_span(&line), args->json ? show_raw : show_event,
			    &err);
	buf_free(&line);
	if (end == CLIENT_UNREACHABLE)
		return cli_fail(CLI_UNREACHABLE, "gateway not reachable at %s: %s", args->socket,
				err.text);
	return cli_fail(CLI_FAILED, "events: %s", err.text);
}

int run_pdu(const struct cli_args *args)
{
	char *words[CLI_WORDS_MAX + 1] = { 0 };

	memcpy(words, args->words, args->word_count * sizeof *words);
	return cli_pdu((int)args->word_count, words, args->json);
}

int run_rehearse(const struct cli_args *args)
{
	char *files[CLI_WORDS_MAX + 1] = { 0 };

	memcpy(files, args->words, args->word_count * sizeof *files);
	return scenario_main((int)args->word_count, files, args->json);
}
