#include "cli/pin.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <sodium.h>

#include "core/pin.h"
#include "dialplan/plan.h"

#define OPS    2
#define MEMORY 1048576 /* octets */

/* One line of standard input, not shown when somebody types it.  False: there is none. */
static bool ask(const char *prompt, char *line, size_t size)
{
	struct termios before;
	bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
	bool got;

	if (terminal) {
		struct termios quiet = before;

		quiet.c_lflag &= (tcflag_t)~ECHO;
		fputs(prompt, stderr);
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	got = fgets(line, (int)size, stdin) != NULL;
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	}
	line[got ? strcspn(line, "\r\n") : 0] = '\0';
	return got;
}

int run_pin(const struct cli_args *args)
{
	char pin[40];
	char again[40];
	char hash[crypto_pwhash_STRBYTES];

	if (!ask("PIN: ", pin, sizeof pin) || !pin_is_one(span_of(pin)))
		return cli_fail(CLI_USAGE,
				"pin: want %d to %d digits on standard input, none "
				"twice in a row (a telephone line may swallow one)",
				PIN_MIN, PIN_MAX);
	if (isatty(STDIN_FILENO) &&
	    (!ask("The same again: ", again, sizeof again) || strcmp(pin, again) != 0))
		return cli_fail(CLI_USAGE, "pin: the two are not the same; repeat the command");
	if (sodium_init() < 0 || crypto_pwhash_str_alg(hash, pin, strlen(pin), OPS, MEMORY,
						       crypto_pwhash_ALG_ARGON2ID13) != 0)
		return cli_fail(CLI_FAILED, "pin: no memory for its hash; free some and repeat");
	sodium_memzero(pin, sizeof pin);
	sodium_memzero(again, sizeof again);
	if (args->json)
		printf("{\"pin_hash\":\"%s\"}\n", hash);
	else
		printf("pin_hash = \"%s\";\n", hash);
	return CLI_DONE;
}
