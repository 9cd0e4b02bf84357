#include "cli/line.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/json.h"

static void add_options(struct json *json, const struct cli_args *args)
{
	const struct cli_option *options = args->command->options;

	for (size_t i = 0; options != NULL && options[i].name != NULL; i++)
		if (args->values[i] != NULL && options[i].field != NULL)
			json_string(json, options[i].field,
				    options[i].kind == CLI_FLAG ? "true" : args->values[i]);
}

static void add_words(struct json *json, const struct cli_args *args)
{
	const struct cli_command *command = args->command;
	struct buf rest = { 0 };

	if (args->word_count > 0 && command->first != NULL)
		json_string(json, command->first, args->words[0]);
	for (size_t i = 1; i < args->word_count; i++)
		buf_addf(&rest, "%s%s", i > 1 ? " " : "", args->words[i]);
	if (rest.len > 0 && command->rest != NULL)
		json_span(json, command->rest, buf_span(&rest));
	buf_free(&rest);
}

void line_of_args(struct buf *out, const struct cli_args *args, const char *request_id)
{
	struct json json = { .out = out };

	json_object(&json, NULL);
	json_string(&json, "command", args->command->request);
	if (request_id[0] != '\0')
		json_string(&json, "request", request_id);
	add_options(&json, args);
	add_words(&json, args);
	json_end_object(&json);
}

void line_simple(struct buf *out, const char *command, const char *key, const char *value)
{
	struct json json = { .out = out };

	json_object(&json, NULL);
	json_string(&json, "command", command);
	if (key != NULL)
		json_string(&json, key, value);
	json_end_object(&json);
}

static void add_lines(struct json *json, const char *name, const struct buf *lines)
{
	struct span rest = buf_span(lines);

	json_array(json, name);
	while (rest.len > 0)
		json_span(json, NULL, span_cut(&rest, '\n'));
	json_end_array(json);
}

void line_of_findings(struct buf *out, bool ok, const struct buf *errors,
		      const struct buf *warnings)
{
	struct json json = { .out = out };

	json_object(&json, NULL);
	json_bool(&json, "ok", ok);
	add_lines(&json, "errors", errors);
	add_lines(&json, "warnings", warnings);
	json_end_object(&json);
}

int line_request_id(char id[40], struct err *err)
{
	unsigned char bytes[16];

	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		return err_set(err, ERR_SYSTEM, "getrandom: %s", strerror(errno));
	for (size_t i = 0; i < sizeof bytes; i++)
		snprintf(id + 2 * i, 3, "%02x", bytes[i]);
	return 0;
}
