/* help.c - what --help shows. */
#include <stdio.h>

#include "cli/cli.h"

static void print_options(const struct cli_option *options)
{
	for (size_t i = 0; options != NULL && options[i].name != NULL; i++) {
		char left[40];

		if (options[i].help == NULL)
			continue;
		snprintf(left, sizeof left, "--%s%s%s%s", options[i].name,
			 options[i].kind == CLI_MAYBE   ? "[="
			 : options[i].kind == CLI_VALUE ? " "
							: "",
			 options[i].value != NULL ? options[i].value : "",
			 options[i].kind == CLI_MAYBE ? "]" : "");
		printf("  %-22s %s\n", left, options[i].help);
	}
}

static void help_of(const struct cli_command *command)
{
	printf("usage: tocsin %s%s%s%s\n%s\n", command->name,
	       command->options != NULL ? " [options]" : "", command->words[0] != '\0' ? " " : "",
	       command->words, command->help);
	print_options(command->options);
	print_options(cli_everywhere);
	if (command->example != NULL)
		printf("example: %s\n", command->example);
}

void cli_help(const struct cli_command *command)
{
	static const char *const titles[CLI_GROUPS] = {
		[CLI_PAGING] = "Paging",       [CLI_ANSWERING] = "Answering a page",
		[CLI_LOOKING] = "Looking",     [CLI_ROTA] = "The rota",
		[CLI_SERVICE] = "The gateway", [CLI_TOOLS] = "Tools that need no gateway",
	};

	if (command != NULL) {
		help_of(command);
		return;
	}
	puts("usage: tocsin COMMAND [options] [words]");
	for (size_t group = 0; group < CLI_GROUPS; group++) {
		printf("\n%s:\n", titles[group]);
		for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
			if (c->group != (enum cli_group)group)
				continue;
			printf("  %-15s %s\n", c->name, c->help);
			if (c->example != NULL)
				printf("  %-15s   %s\n", "", c->example);
		}
	}
	puts("\nEvery command knows:");
	print_options(cli_everywhere);
	puts("\ntocsin --version says which version this is.");
	puts("\nExit status: 0 done, 1 refused or failed, 2 usage, 3 gateway not reachable, 4 "
	     "--wait ran out.");
}
