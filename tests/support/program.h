/* program.h - the built programs as others run them: arguments in, output and exit status out. */
#ifndef TESTS_SUPPORT_PROGRAM_H
#define TESTS_SUPPORT_PROGRAM_H

#include <sys/types.h>

struct program {
	pid_t pid;
	int out; /* read ends */
	int err;
	char said[65536]; /* standard output, when it has ended */
	char cried[16384];
	int status; /* exit status; 128 + signal */
};

/* argv[0] is a program of the build ("tocsin"), found in $B, or build/debug; an absolute path is taken as it is.
 * TOCSIN_SOCKET is set to socket. */
void program_start(struct program *program, const char *socket, const char *const *argv);
void program_wait(struct program *program); /* until it ends; kill it yourself to hurry it */

/* Both in one; gives back the status. */
int program_run(struct program *program, const char *socket, const char *const *argv);

#endif
