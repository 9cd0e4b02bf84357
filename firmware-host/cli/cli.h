/* cli.h - tocsin's command line: a table of commands, each with a table of options (DESIGN.md 8). */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define CLI_OPTIONS_MAX 20
#define CLI_WORDS_MAX   64

enum cli_exit {
	CLI_DONE = 0,
	CLI_FAILED = 1, /* refused, failed, or unknown */
	CLI_USAGE = 2,
	CLI_UNREACHABLE = 3,
	CLI_WAIT_OVER = 4,
};

enum cli_kind {
	CLI_VALUE, /* --x V or --x=V */
	CLI_FLAG,
	CLI_MAYBE, /* --x, --x=V, or --x V where V begins with a digit */
};

struct cli_option {
	const char *name;  /* NULL ends the table */
	const char *field; /* of the request; NULL: the command line's own */
	enum cli_kind kind;
	const char *value; /* as the help shows it */
	const char *help;  /* NULL: another spelling, not shown */
	bool needed;
};

enum cli_group {
	CLI_PAGING,
	CLI_ANSWERING,
	CLI_LOOKING,
	CLI_ROTA,
	CLI_SERVICE,
	CLI_TOOLS,
	CLI_GROUPS
};

struct cli_args;
struct json_t;

struct cli_command {
	const char *name;  /* one or two words; NULL ends the table */
	const char *words; /* as the help shows them: "ID TEXT..." */
	const char *help;  /* one line */
	enum cli_group group;
	const char *example; /* of the frequent ones; NULL: none */
	size_t words_min;
	size_t words_max;
	bool raw;            /* reads its own options: everything behind the name is a word */
	const char *request; /* the command in the request; NULL: asks no gateway by the table */
	const char *first;   /* field of the first word, or NULL */
	const char *rest;    /* field of the others, joined by blanks, or NULL */
	int64_t within_ms;   /* its answer takes so long at most; 0: as all do */
	const struct cli_option *options; /* NULL: none */
	int (*run)(const struct cli_args *args);
	void (*print)(const struct json_t *answer); /* for people; NULL: nothing to show */
};

struct cli_args {
	const struct cli_command *command;
	const char *values[CLI_OPTIONS_MAX]; /* by place in the table; NULL not given, "" a flag */
	char *words[CLI_WORDS_MAX];
	size_t word_count;
	const char *socket; /* --socket, $TOCSIN_SOCKET, or the default */
	bool json;
};

extern const struct cli_command cli_commands[];
extern const struct cli_option cli_everywhere[]; /* those that every command has */

#define CLI_HELP    1
#define CLI_VERSION 2

/* argv[0] is the program's name: called as page or incident, that is the first word.  0; CLI_HELP (args->command says of
 * what, NULL of all); CLI_VERSION; or -1: ERR_INVALID, what is wrong and the nearest thing that is right. */
int cli_parse(struct cli_args *args, int argc, char **argv, struct err *err);

/* The value of an option by its name; NULL when it was not given. */
const char *cli_value(const struct cli_args *args, const char *name);

void cli_help(const struct cli_command *command); /* NULL: the list of commands */

/* Prints "tocsin: …" on standard error and gives back status. */
int cli_fail(int status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

int cli_main(int argc, char **argv);

#endif
