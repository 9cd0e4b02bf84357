#include "cli/answer.h"

#include <string.h>
#include <time.h>

#include "cli/client.h"
#include "cli/print.h"

static int lost(const struct cli_args *args, int end, bool again, const struct err *err)
{
	if (end == CLIENT_UNREACHABLE)
		return cli_fail(CLI_UNREACHABLE, "gateway not reachable at %s: %s", args->socket,
				err->text);
	if (again)
		return cli_fail(CLI_FAILED,
				"%s: %s in 10 s: unknown, repeating is harmless (the page may be "
				"out already)",
				args->command->name, err->text);
	return cli_fail(CLI_FAILED, "%s: %s: unknown whether it was done; see tocsin list",
			args->command->name, err->text);
}

int answer_get(const struct cli_args *args, const struct buf *line, bool again, json_t **answer,
	       struct buf *raw)
{
	struct err err = { 0 };
	json_error_t bad;
	int end;

	*answer = NULL;
	if (line->failed)
		return cli_fail(CLI_USAGE, "%s: too much text", args->command->name);
	end = client_ask(args->socket, buf_span(line),
			 (struct client_wish){ again, args->command->within_ms }, raw, &err);
	if (end != 0)
		return lost(args, end, again, &err);
	*answer = json_loadb(raw->at, raw->len, JSON_REJECT_DUPLICATES, &bad);
	if (json_is_object(*answer))
		return 0;
	json_decref(*answer);
	*answer = NULL;
	return cli_fail(CLI_FAILED, "%s: the answer is not understood: is that tocsind at %s?",
			args->command->name, args->socket);
}

static int64_t mono_ms(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Once, and without a word when nobody answers. */
static json_t *look(const struct cli_args *args, const struct buf *line, struct buf *raw)
{
	struct err err = { 0 };
	json_error_t bad;

	if (client_ask(args->socket, buf_span(line), (struct client_wish){ false, 0 }, raw, &err) !=
	    0)
		return NULL;
	return json_loadb(raw->at, raw->len, JSON_REJECT_DUPLICATES, &bad);
}

bool answer_wait(const struct cli_args *args, const struct answer_wait *wait, json_t **answer,
		 struct buf *raw)
{
	const struct timespec pause = { .tv_sec = wait->every_ms / 1000,
					.tv_nsec = wait->every_ms % 1000 * 1000000 };
	int64_t deadline = wait->limit_ms == WHEN_NEVER ? WHEN_NEVER : mono_ms() + wait->limit_ms;

	for (;;) {
		*answer = look(args, wait->line, raw);
		if (*answer != NULL && wait->done(*answer))
			return true;
		if (mono_ms() >= deadline)
			return false;
		json_decref(*answer);
		nanosleep(&pause, NULL);
	}
}

int answer_status(const json_t *answer)
{
	const json_t *status = json_object_get(answer, "status");

	if (json_is_integer(status))
		return (int)json_integer_value(status);
	return json_is_true(json_object_get(answer, "ok")) ? CLI_DONE : CLI_FAILED;
}

/* A configuration's errors come together, one a line. */
static void show_error(const struct cli_args *args, const char *error, int status)
{
	struct span rest = span_of(error);

	do {
		struct buf line = { 0 };
		struct buf safe = { 0 };

		buf_add(&line, span_cut(&rest, '\n'));
		print_safe(&safe, buf_text(&line));
		cli_fail(status, "%s: %s", args->command->name, buf_text(&safe));
		buf_free(&line);
		buf_free(&safe);
	} while (rest.len > 0);
}

int answer_show(const struct cli_args *args, const json_t *answer, const struct buf *raw)
{
	const json_t *error = json_object_get(answer, "error");
	int status = answer_status(answer);

	if (args->json)
		puts(buf_text(raw));
	if (status == CLI_DONE) {
		if (!args->json && args->command->print != NULL)
			args->command->print(answer);
		return status;
	}
	if (!args->json)
		show_error(args, json_is_string(error) ? json_string_value(error) : "refused",
			   status);
	return status;
}
