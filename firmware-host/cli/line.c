#include "cli/line.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/jsonw.h"

static void add_options(struct jsonw *json, const struct cli_args *args)
{
	const struct cli_option *options = args->command->options;

	for (size_t i = 0; options != NULL && options[i].name != NULL; i++)
		if (args->values[i] != NULL && options[i].field != NULL)
			jsonw_string(json, options[i].field,
				     options[i].kind == CLI_FLAG ? "true" : args->values[i]);
}

static void add_words(struct jsonw *json, const struct cli_args *args)
{
	const struct cli_command *command = args->command;
	struct buf rest = { 0 };

	if (args->word_count > 0 && command->first != NULL)
		jsonw_string(json, command->first, args->words[0]);
	for (size_t i = 1; i < args->word_count; i++)
		buf_addf(&rest, "%s%s", i > 1 ? " " : "", args->words[i]);
	if (rest.len > 0 && command->rest != NULL)
		jsonw_span(json, command->rest, buf_span(&rest));
	buf_free(&rest);
}

void line_of_args(struct buf *out, const struct cli_args *args, const char *request_id)
{
	struct jsonw json = { .out = out };

	jsonw_object(&json, NULL);
	jsonw_string(&json, "command", args->command->request);
	if (request_id[0] != '\0')
		jsonw_string(&json, "request", request_id);
	add_options(&json, args);
	add_words(&json, args);
	jsonw_end_object(&json);
}

void line_simple(struct buf *out, const char *command, const char *key, const char *value)
{
	struct jsonw json = { .out = out };

	jsonw_object(&json, NULL);
	jsonw_string(&json, "command", command);
	if (key != NULL)
		jsonw_string(&json, key, value);
	jsonw_end_object(&json);
}

static void add_lines(struct jsonw *json, const char *name, const struct buf *lines)
{
	struct span rest = buf_span(lines);

	jsonw_array(json, name);
	while (rest.len > 0)
		jsonw_span(json, NULL, span_cut(&rest, '\n'));
	jsonw_end_array(json);
}

void line_of_findings(struct buf *out, bool ok, const struct buf *errors,
		      const struct buf *warnings, const struct buf *report)
{
	struct jsonw json = { .out = out };

	jsonw_object(&json, NULL);
	jsonw_bool(&json, "ok", ok);
	add_lines(&json, "errors", errors);
	add_lines(&json, "warnings", warnings);
	add_lines(&json, "report", report);
	jsonw_end_object(&json);
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
