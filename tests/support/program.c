#include "tests/support/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGS_MAX 24

static void become(const char *socket, const char *const *argv)
{
	const char *build = getenv("B");
	char path[256];
	char *copy[ARGS_MAX + 1] = { 0 };

	if (argv[0][0] == '/')
		snprintf(path, sizeof path, "%s", argv[0]);
	else
		snprintf(path, sizeof path, "%s/%s", build != NULL ? build : "build/debug",
			 argv[0]);
	for (int i = 0; i < ARGS_MAX && argv[i] != NULL; i++)
		copy[i] = strdup(argv[i]);
	setenv("TOCSIN_SOCKET", socket, 1);
	execv(path, copy);
	_exit(127);
}

void program_start(struct program *program, const char *socket, const char *const *argv)
{
	int out[2];
	int err[2];

	if (pipe(out) < 0 || pipe(err) < 0)
		abort();
	fflush(NULL);
	program->pid = fork();
	if (program->pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		close(out[0]);
		close(err[0]);
		close(out[1]);
		close(err[1]);
		become(socket, argv);
	}
	close(out[1]);
	close(err[1]);
	program->out = out[0];
	program->err = err[0];
}

static void read_all(int fd, char *text, size_t size)
{
	size_t used = 0;
	ssize_t n;

	while (used < size - 1 && (n = read(fd, text + used, size - 1 - used)) > 0)
		used += (size_t)n;
	text[used] = '\0';
	close(fd);
}

void program_wait(struct program *program)
{
	int status = 0;

	read_all(program->out, program->said, sizeof program->said);
	read_all(program->err, program->cried, sizeof program->cried);
	waitpid(program->pid, &status, 0);
	program->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int program_run(struct program *program, const char *socket, const char *const *argv)
{
	program_start(program, socket, argv);
	program_wait(program);
	return program->status;
}
