/* execvpe, close_range, P_PIDFD */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier) */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

#define SAID_MAX  4096 /* of standard error; what comes later is read and forgotten */
#define NOT_FOUND 127
#define NOT_RUN   126

enum { IN, OUT, ERR, PIPES };

struct child {
	struct children *children;
	int64_t id;
	pid_t pid;
	int process; /* pidfd: readable when it has ended */
	int pipe[PIPES];
	struct watch *watch[PIPES];
	struct watch *end;
	struct buf input, output, said;
	size_t output_max;
	int64_t due;
	struct child_calls calls;
};

struct children {
	struct loop *loop;
	struct child **at;
	size_t count, cap;
	int64_t last_id;
};

static void close_pipe(struct child *child, int which)
{
	watch_free(child->watch[which]);
	child->watch[which] = NULL;
	if (child->pipe[which] >= 0)
		close(child->pipe[which]);
	child->pipe[which] = -1;
}

static void child_free(struct child *child)
{
	for (int i = 0; i < PIPES; i++)
		close_pipe(child, i);
	watch_free(child->end);
	if (child->process >= 0)
		close(child->process);
	buf_free(&child->input);
	buf_free(&child->output);
	buf_free(&child->said);
	free(child);
}

static void forget(struct child *child)
{
	struct children *all = child->children;

	for (size_t i = 0; i < all->count; i++)
		if (all->at[i] == child)
			all->at[i] = all->at[--all->count];
}

/* Its last line, for whoever reads the log. */
static struct span last_line(const struct buf *said)
{
	struct span text = span_trim(buf_span(said));
	size_t at = text.len;

	while (at > 0 && text.at[at - 1] != '\n')
		at--;
	return span_skip(text, at);
}

static void tell(struct child *child, int status, const char *why)
{
	struct child_result result = { .id = child->id,
				       .status = status,
				       .output = buf_span(&child->output) };
	struct span line = last_line(&child->said);

	snprintf(result.why, sizeof result.why, "%s%s%.*s", why,
		 why[0] != '\0' && line.len > 0 ? ": " : "", (int)(line.len < 150 ? line.len : 150),
		 line.at == NULL ? "" : line.at);
	forget(child);
	child->calls.ended(child->calls.owner, &result);
	child_free(child);
}

/* The process is killed and gone when this returns: SIGKILL does not leave time to wait for. */
static void kill_group(struct child *child)
{
	siginfo_t info;

	kill(-child->pid, SIGKILL);
	kill(child->pid, SIGKILL); /* before it could lead a group */
	waitid(P_PID, (id_t)child->pid, &info, WEXITED);
}

static void end_early(struct child *child, const char *why)
{
	kill_group(child);
	tell(child, -1, why);
}

/* All there is now.  False: there is no more, for ever. */
static bool drain(struct child *child, int which, struct buf *to, size_t max)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(child->pipe[which], bytes, sizeof bytes)) > 0)
		if (to->len <= max)
			buf_add(to, (struct span){ bytes, (size_t)n });
	return n < 0 && (errno == EAGAIN || errno == EINTR);
}

static void output_ready(void *owner)
{
	struct child *child = owner;

	if (!drain(child, OUT, &child->output, child->output_max))
		close_pipe(child, OUT);
	if (child->output.failed || child->output.len > child->output_max)
		end_early(child, "it wrote too much");
}

static void said_ready(void *owner)
{
	struct child *child = owner;

	if (!drain(child, ERR, &child->said, SAID_MAX))
		close_pipe(child, ERR);
	child->said.failed = false; /* the rest is not needed */
}

static void input_ready(void *owner)
{
	struct child *child = owner;
	ssize_t n = write(child->pipe[IN], child->input.at, child->input.len);

	if (n > 0)
		buf_drop(&child->input, (size_t)n);
	if (child->input.len == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_pipe(child, IN); /* a program that does not want to read all of it is fine */
}

static void has_ended(void *owner)
{
	struct child *child = owner;
	siginfo_t info = { 0 };
	char why[60];

	if (waitid(P_PIDFD, (id_t)child->process, &info, WEXITED | WNOHANG) < 0 || info.si_pid == 0)
		return;
	if (child->pipe[OUT] >= 0)
		drain(child, OUT, &child->output, child->output_max);
	if (child->pipe[ERR] >= 0)
		drain(child, ERR, &child->said, SAID_MAX);
	if (info.si_code != CLD_EXITED) {
		snprintf(why, sizeof why, "it was ended by signal %d", info.si_status);
		tell(child, -1, why);
	} else if (child->output.failed || child->output.len > child->output_max) {
		tell(child, -1, "it wrote too much");
	} else if (info.si_status != 0) {
		snprintf(why, sizeof why, "it ended with status %d", info.si_status);
		tell(child, info.si_status, why);
	} else {
		tell(child, 0, "");
	}
}

/* ---- in the child: only what may be called between fork and exec of a program with threads ---- */

struct start {
	const struct child_spec *spec;
	char **env;
	int ends[PIPES]; /* the child's */
};

static void limit(int which, rlim_t most)
{
	struct rlimit r = { most, most };

	setrlimit(which, &r);
}

static void become(const struct start *start)
{
	sigset_t none;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	limit(RLIMIT_CORE, 0);
	if (start->spec->cpu_s > 0)
		limit(RLIMIT_CPU, (rlim_t)start->spec->cpu_s);
	if (start->spec->memory_mb > 0)
		limit(RLIMIT_AS, (rlim_t)start->spec->memory_mb << 20);
	for (int i = 0; i < PIPES; i++)
		if (dup2(start->ends[i], i) < 0)
			_exit(NOT_RUN);
	close_range(PIPES, ~0U, CLOSE_RANGE_CLOEXEC);
	/* exec takes them as they are and changes nothing */
	execvpe(start->spec->argv[0], (char *const *)(uintptr_t)start->spec->argv, start->env);
	_exit(errno == ENOENT ? NOT_FOUND : NOT_RUN);
}

/* ---- starting ---- */

/* Is this one given anew? */
static bool named(const char *const *more, size_t count, const char *one)
{
	size_t len = strcspn(one, "=") + 1;

	for (size_t i = 0; i < count; i++)
		if (strncmp(more[i], one, len) == 0)
			return true;
	return false;
}

/* What is added, and the rest of ours.  The caller frees the array. */
static char **environment(const char *const *more)
{
	size_t ours = 0;
	size_t added = 0;
	size_t kept;
	char **env;

	while (environ[ours] != NULL)
		ours++;
	while (more != NULL && more[added] != NULL)
		added++;
	kept = added;
	env = calloc(ours + added + 1, sizeof *env);
	if (env == NULL)
		return NULL;
	for (size_t i = 0; i < added; i++)
		env[i] = (char *)(uintptr_t)more[i];
	for (size_t i = 0; i < ours; i++)
		if (!named(more, added, environ[i]))
			env[kept++] = environ[i];
	return env;
}

/* Ours is non-blocking; a descriptor below 3 would be overwritten when the child takes its places. */
static int make_pipe(struct child *child, int which, int *theirs)
{
	int fds[2];
	int ours = which == IN ? 1 : 0;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	child->pipe[which] = fds[ours];
	*theirs = fcntl(fds[1 - ours], F_DUPFD_CLOEXEC, PIPES);
	close(fds[1 - ours]);
	return *theirs < 0 || fcntl(fds[ours], F_SETFL, O_NONBLOCK) < 0 ? -1 : 0;
}

static int spawn(struct child *child, const struct child_spec *spec, struct err *err)
{
	struct start start = { .spec = spec,
			       .env = environment(spec->env),
			       .ends = { -1, -1, -1 } };
	bool ready = start.env != NULL;

	for (int i = 0; i < PIPES; i++)
		ready = ready && make_pipe(child, i, &start.ends[i]) == 0;
	if (ready)
		child->pid = fork();
	if (ready && child->pid == 0)
		become(&start);
	if (!ready || child->pid < 0)
		err_set(err, ERR_SYSTEM, "%s cannot be started: %s", spec->argv[0],
			strerror(errno));
	for (int i = 0; i < PIPES; i++)
		if (start.ends[i] >= 0)
			close(start.ends[i]);
	free(start.env);
	return ready && child->pid > 0 ? 0 : -1;
}

static int watch_all(struct child *child, struct err *err)
{
	struct loop *loop = child->children->loop;
	const struct watch_calls calls[PIPES] = {
		[IN] = { input_ready, input_ready, child },
		[OUT] = { output_ready, NULL, child },
		[ERR] = { said_ready, NULL, child },
	};

	child->process = pidfd_open(child->pid, 0);
	if (child->process < 0)
		return err_set(err, ERR_SYSTEM, "watching a child process: %s", strerror(errno));
	for (int i = 0; i < PIPES; i++)
		if (loop_watch(loop, &child->watch[i], child->pipe[i], calls[i], err) < 0)
			return -1;
	watch_read(child->watch[IN], false);
	watch_write(child->watch[IN], true);
	return loop_watch(loop, &child->end, child->process,
			  (struct watch_calls){ has_ended, NULL, child }, err);
}

int64_t children_start(struct children *children, const struct child_spec *spec,
		       struct child_calls calls, struct when now, struct err *err)
{
	struct child *child;

	if (array_grow(&children->at, &children->cap, children->count + 1, sizeof(void *)) < 0)
		return err_nomem(err);
	child = calloc(1, sizeof *child);
	if (child == NULL)
		return err_nomem(err);
	*child = (struct child){ .children = children,
				 .process = -1,
				 .pipe = { -1, -1, -1 },
				 .output_max = spec->output_max,
				 .due = now.mono_ms + spec->limit_ms,
				 .calls = calls };
	child->said.limit = SAID_MAX;
	buf_add(&child->input, spec->input);
	if (child->input.failed)
		err_nomem(err);
	if (child->input.failed || spawn(child, spec, err) < 0) {
		child_free(child);
		return -1;
	}
	if (watch_all(child, err) < 0) {
		kill_group(child);
		child_free(child);
		return -1;
	}
	child->id = ++children->last_id;
	children->at[children->count++] = child;
	return child->id;
}

/* ---- all of them ---- */

int children_new(struct children **out, struct loop *loop, struct err *err)
{
	struct children *children = calloc(1, sizeof *children);

	if (children == NULL)
		return err_nomem(err);
	children->loop = loop;
	*out = children;
	return 0;
}

static void end_unheard(struct child *child)
{
	kill_group(child);
	child_free(child);
}

void children_free(struct children *children)
{
	if (children == NULL)
		return;
	for (size_t i = 0; i < children->count; i++)
		end_unheard(children->at[i]);
	free(children->at);
	free(children);
}

void children_stop(struct children *children, int64_t id)
{
	for (size_t i = 0; i < children->count; i++) {
		struct child *child = children->at[i];

		if (child->id != id)
			continue;
		forget(child);
		end_unheard(child);
		return;
	}
}

static struct child *overdue(const struct children *children, struct when now)
{
	for (size_t i = 0; i < children->count; i++)
		if (children->at[i]->due <= now.mono_ms)
			return children->at[i];
	return NULL;
}

void children_tick(struct children *children, struct when now)
{
	struct child *child;

	while ((child = overdue(children, now)) != NULL)
		end_early(child, "it took too long");
}

int64_t children_deadline(const struct children *children)
{
	int64_t due = WHEN_NEVER;

	for (size_t i = 0; i < children->count; i++)
		due = when_sooner(due, children->at[i]->due);
	return due;
}
