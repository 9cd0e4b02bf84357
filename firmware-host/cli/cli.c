#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/span.h"
#include "base/version.h"

#define SOCKET_PATH "/run/tocsin/tocsin.sock"

const struct cli_option cli_everywhere[] = {
	{ "json", NULL, CLI_FLAG, NULL, "print the answer as one JSON object" },
	{ "socket", NULL, CLI_VALUE, "PATH",
	  "the gateway's socket ($TOCSIN_SOCKET, " SOCKET_PATH ")" },
	{ "help", NULL, CLI_FLAG, NULL, "this text" },
	{ 0 },
};

enum { EVERYWHERE_JSON, EVERYWHERE_SOCKET, EVERYWHERE_HELP };

/* What is being parsed. */
struct scan {
	struct cli_args *args;
	int argc;
	char **argv;
	int at;
	const char *first; /* first word of a command of two */
	bool help, version;
	struct err *err;
};

int cli_fail(int status, const char *fmt, ...)
{
	va_list ap;

	fputs("tocsin: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return status;
}

const char *cli_value(const struct cli_args *args, const char *name)
{
	const struct cli_option *options = args->command->options;

	for (size_t i = 0; options != NULL && options[i].name != NULL; i++)
		if (strcmp(options[i].name, name) == 0)
			return args->values[i];
	return NULL;
}

/* ---- commands ---- */

static const struct cli_command *find_command(const char *first, const char *second)
{
	char name[64];

	snprintf(name, sizeof name, "%s%s%s", first, second != NULL ? " " : "",
		 second != NULL ? second : "");
	for (const struct cli_command *c = cli_commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

/* Is it the first of the command's two words? */
static bool begins(const struct cli_command *command, const char *first)
{
	return span_starts(span_of(command->name), first) && command->name[strlen(first)] == ' ';
}

static const struct cli_command *begun_command(const char *first)
{
	for (const struct cli_command *c = cli_commands; c->name != NULL; c++)
		if (begins(c, first))
			return c;
	return NULL;
}

static int unknown_command(struct err *err, const char *first, const char *second)
{
	char name[64];
	struct nearest nearest = { 0 };

	snprintf(name, sizeof name, "%s%s%s", first, second != NULL ? " " : "",
		 second != NULL ? second : "");
	if (strcmp(first, "help") == 0 || strcmp(first, "version") == 0)
		return err_set(err, ERR_INVALID, "unknown command \"%s\"; did you mean --%s?", name,
			       first);
	nearest.want = span_of(name);
	for (const struct cli_command *c = cli_commands; c->name != NULL; c++)
		nearest_try(&nearest, c->name);
	if (second == NULL && begun_command(first) != NULL)
		nearest.best = begun_command(first)->name;
	if (nearest.best != NULL)
		return err_set(err, ERR_INVALID, "unknown command \"%s\"; did you mean \"%s\"?",
			       name, nearest.best);
	return err_set(err, ERR_INVALID, "unknown command \"%s\"; see tocsin --help", name);
}

static int take_command(struct scan *scan, const char *word)
{
	const char *first = scan->first != NULL ? scan->first : word;
	const char *second = scan->first != NULL ? word : NULL;

	scan->args->command = find_command(first, second);
	if (scan->args->command != NULL)
		return 0;
	if (second == NULL && begun_command(word) != NULL) {
		scan->first = word;
		return 0;
	}
	return unknown_command(scan->err, first, second);
}

/* ---- options ---- */

static int find_option(const struct cli_option *options, struct span name)
{
	for (int i = 0; options != NULL && options[i].name != NULL; i++)
		if (span_is(name, options[i].name))
			return i;
	return -1;
}

static int unknown_option(const struct scan *scan, struct span name)
{
	const struct cli_command *command = scan->args->command;
	const struct cli_option *options = command != NULL ? command->options : NULL;
	struct nearest nearest = { .want = name };

	for (size_t i = 0; options != NULL && options[i].name != NULL; i++)
		nearest_try(&nearest, options[i].name);
	for (size_t i = 0; cli_everywhere[i].name != NULL; i++)
		nearest_try(&nearest, cli_everywhere[i].name);
	return err_set(scan->err, ERR_INVALID, "%s: unknown option --%.*s%s%s%s",
		       command != NULL ? command->name : "tocsin", (int)name.len, name.at,
		       nearest.best != NULL ? "; did you mean --" : "; see --help",
		       nearest.best != NULL ? nearest.best : "", nearest.best != NULL ? "?" : "");
}

/* The option's value, from behind "=" or from the next word. */
static int value_of(struct scan *scan, const struct cli_option *option, const char *inlined,
		    const char **value)
{
	const char *next = scan->at + 1 < scan->argc ? scan->argv[scan->at + 1] : NULL;
	bool digit = next != NULL && next[0] >= '0' && next[0] <= '9';

	*value = inlined != NULL ? inlined : "";
	if (option->kind == CLI_FLAG && inlined != NULL)
		return err_set(scan->err, ERR_INVALID, "--%s takes no value", option->name);
	if (inlined != NULL || option->kind == CLI_FLAG || (option->kind == CLI_MAYBE && !digit))
		return 0;
	if (next == NULL)
		return err_set(scan->err, ERR_INVALID, "--%s needs a value: %s", option->name,
			       option->value);
	*value = next;
	scan->at++;
	return 0;
}

static int take_everywhere(struct scan *scan, int which, const char *value)
{
	switch (which) {
	case EVERYWHERE_JSON:
		scan->args->json = true;
		break;
	case EVERYWHERE_SOCKET:
		scan->args->socket = value;
		break;
	default:
		scan->help = true;
		break;
	}
	return 0;
}

static int take_option(struct scan *scan, const char *arg)
{
	const struct cli_command *command = scan->args->command;
	const char *equals = strchr(arg, '=');
	struct span name = { arg + 2,
			     equals != NULL ? (size_t)(equals - arg) - 2 : strlen(arg + 2) };
	const char *inlined = equals != NULL ? equals + 1 : NULL;
	int own = command != NULL ? find_option(command->options, name) : -1;
	int general = find_option(cli_everywhere, name);
	const char *value;

	if (own < 0 && general < 0)
		return unknown_option(scan, name);
	if (value_of(scan, own >= 0 ? &command->options[own] : &cli_everywhere[general], inlined,
		     &value) < 0)
		return -1;
	if (own < 0)
		return take_everywhere(scan, general, value);
	if (scan->args->values[own] != NULL)
		return err_set(scan->err, ERR_INVALID, "--%.*s was given twice", (int)name.len,
			       name.at);
	scan->args->values[own] = value;
	return 0;
}

/* ---- the whole line ---- */

static int take_word(struct scan *scan, char *word)
{
	struct cli_args *args = scan->args;

	if (args->command == NULL)
		return take_command(scan, word);
	if (args->word_count == CLI_WORDS_MAX)
		return err_set(scan->err, ERR_INVALID, "more than %d words", CLI_WORDS_MAX);
	args->words[args->word_count++] = word;
	return 0;
}

static int take_argument(struct scan *scan, bool *only_words)
{
	char *arg = scan->argv[scan->at];
	const struct cli_command *command = scan->args->command;

	if (command != NULL && command->raw && strcmp(arg, "--json") != 0 &&
	    strcmp(arg, "--help") != 0)
		return take_word(scan, arg);
	if (*only_words || arg[0] != '-' || arg[1] == '\0')
		return take_word(scan, arg);
	if (strcmp(arg, "--") == 0) {
		*only_words = true;
		return 0;
	}
	if (command == NULL && strcmp(arg, "--version") == 0) {
		scan->version = true;
		return 0;
	}
	if (strcmp(arg, "-h") == 0) {
		scan->help = true;
		return 0;
	}
	if (arg[1] != '-')
		return err_set(scan->err, ERR_INVALID, "unknown option %s; see --help", arg);
	return take_option(scan, arg);
}

static int check_words(const struct cli_args *args, struct err *err)
{
	const struct cli_command *command = args->command;

	if (args->word_count < command->words_min)
		return err_set(err, ERR_INVALID, "%s: want %s", command->name, command->words);
	if (args->word_count > command->words_max)
		return err_set(err, ERR_INVALID, "%s: \"%s\" is too much: want %s", command->name,
			       args->words[command->words_max],
			       command->words[0] != '\0' ? command->words : "options only");
	return 0;
}

static int check_needed(const struct cli_args *args, struct err *err)
{
	const struct cli_option *options = args->command->options;

	for (size_t i = 0; options != NULL && options[i].name != NULL; i++)
		if (options[i].needed && args->values[i] == NULL)
			return err_set(err, ERR_INVALID, "%s: --%s %s is missing",
				       args->command->name, options[i].name, options[i].value);
	return 0;
}

static int finish(const struct scan *scan)
{
	if (scan->help && scan->args->command == NULL && scan->first != NULL)
		scan->args->command = begun_command(scan->first);
	if (scan->help)
		return CLI_HELP;
	if (scan->version)
		return CLI_VERSION;
	if (scan->args->command == NULL && scan->first != NULL)
		return unknown_command(scan->err, scan->first, NULL);
	if (scan->args->command == NULL)
		return err_set(scan->err, ERR_INVALID, "which command? see tocsin --help");
	return check_words(scan->args, scan->err) < 0 ? -1 : check_needed(scan->args, scan->err);
}

static const char *default_socket(void)
{
	const char *socket = getenv("TOCSIN_SOCKET");

	return socket != NULL && socket[0] != '\0' ? socket : SOCKET_PATH;
}

int cli_parse(struct cli_args *args, int argc, char **argv, struct err *err)
{
	struct scan scan = { .args = args, .argc = argc, .argv = argv, .at = 1, .err = err };
	const char *program = argc > 0 ? argv[0] : "tocsin";
	const char *slash = strrchr(program, '/');
	bool only_words = false;

	*args = (struct cli_args){ .socket = default_socket() };
	program = slash != NULL ? slash + 1 : program;
	if (strcmp(program, "page") == 0 || strcmp(program, "incident") == 0)
		if (take_command(&scan, program) < 0)
			return -1;
	for (; scan.at < argc; scan.at++)
		if (take_argument(&scan, &only_words) < 0)
			return -1;
	return finish(&scan);
}

int cli_main(int argc, char **argv)
{
	struct cli_args args;
	struct err err = { 0 };
	int rc = cli_parse(&args, argc, argv, &err);

	if (rc == 0 && args.command != NULL)
		return args.command->run(&args);
	if (rc < 0)
		return cli_fail(CLI_USAGE, "%s", err.text);
	if (rc == CLI_VERSION)
		puts("tocsin " TOCSIN_VERSION);
	else
		cli_help(args.command);
	return CLI_DONE;
}
