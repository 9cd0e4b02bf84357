#include "tests/support/bed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/span.h"

#define LOOK_MS      3
#define ANSWER_MS    2000
#define STOP_MS      12000
#define SOCKET       "tocsin.sock"
#define SIM_READY_MS 3000

static char programs[1024]; /* $B, absolute */

int64_t bed_now(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void bed_pause(int64_t ms)
{
	const struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

static void complain(const struct bed *bed, const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", bed->name, what, strerror(errno));
}

bool bed_read(const char *file, struct buf *text)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	char bytes[4096];
	ssize_t n = -1;

	while (fd >= 0 && (n = read(fd, bytes, sizeof bytes)) > 0)
		buf_add(text, (struct span){ bytes, (size_t)n });
	if (fd >= 0)
		close(fd);
	return n == 0 && !text->failed;
}

static bool write_file(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return written;
}

/* ---- processes ---- */

/* Descriptors of the child: -1 keeps ours.  The child dies when its lane does. */
static pid_t spawn(const char *const *argv, int in, int out)
{
	char *const *words; /* execv changes nothing of them: its type is older than const */
	char path[1100];
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(126);
	if (in >= 0)
		dup2(in, STDIN_FILENO);
	if (out >= 0) {
		dup2(out, STDOUT_FILENO);
		dup2(out, STDERR_FILENO);
	}
	snprintf(path, sizeof path, "%s/%s", programs, argv[0]);
	memcpy(&words, &argv, sizeof words);
	execv(path, words);
	_exit(127);
}

static int open_log(const char *file)
{
	return open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void end(pid_t *pid)
{
	if (*pid > 0) {
		kill(*pid, SIGKILL);
		waitpid(*pid, NULL, 0);
	}
	*pid = -1;
}

pid_t bed_command(const char *file, const char *const *args)
{
	const char *argv[40] = { "tocsin", "--socket", SOCKET };
	size_t count = 3;
	int out;
	pid_t pid;

	while (*args != NULL && count + 1 < COUNT_OF(argv))
		argv[count++] = *args++;
	unlink(file);
	out = open_log(file);
	pid = spawn(argv, -1, out);
	close(out);
	return pid;
}

int bed_exit(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, WNOHANG) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ---- the daemon ---- */

bool bed_start(struct bed *bed)
{
	const char *const argv[] = { "tocsind", "--config", "tocsin.cfg", NULL };
	int log = open_log("tocsind.log");

	/* A preloaded library stands in front of the sanitizers'. */
	setenv("ASAN_OPTIONS", "verify_asan_link_order=0:abort_on_error=0:exitcode=99", 1);
	if (bed->preload != NULL && bed->arm[0] != '\0') {
		setenv("LD_PRELOAD", bed->preload, 1);
		setenv("TOCSIN_KILL_SYNC", bed->arm, 1);
	}
	bed->daemon = spawn(argv, -1, log);
	unsetenv("LD_PRELOAD");
	unsetenv("TOCSIN_KILL_SYNC");
	close(log);
	return bed->daemon > 0;
}

bool bed_reap(struct bed *bed)
{
	int status;

	if (bed->daemon <= 0 || waitpid(bed->daemon, &status, WNOHANG) != bed->daemon)
		return false;
	bed->daemon = -1;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
		bed->kills++;
	} else if (bed->stopping && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM) {
		/* It was told before it could listen: early in its start. */
	} else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		bed->broken = true;
		fprintf(stderr, "%s: tocsind ended by itself, wait status %d\n", bed->name, status);
	}
	return true;
}

bool bed_stop(struct bed *bed)
{
	int64_t deadline = bed_now() + STOP_MS;

	bed->stopping = true;
	if (bed->daemon > 0)
		kill(bed->daemon, SIGTERM);
	while (bed->daemon > 0 && bed_now() < deadline && !bed_reap(bed))
		bed_look(bed);
	bed->stopping = false;
	if (bed->daemon <= 0)
		return !bed->broken;
	fprintf(stderr, "%s: tocsind does not stop\n", bed->name);
	bed->broken = true;
	return false;
}

/* ---- tocsin-sim ---- */

void bed_order(struct bed *bed, const char *line)
{
	dprintf(bed->orders, "%s\n", line);
}

/* "   12.345  +15550100002 (bob) receives SMS: …" */
static void add_sight(struct bed *bed, struct span line)
{
	struct bed_sight *sight;
	char text[2600];
	char *rest = NULL;
	int64_t s;

	span_copy(line, text, sizeof text);
	s = strtol(text, &rest, 10);
	if (*rest != '.' || array_grow(&bed->sights, &bed->sight_cap, bed->sight_count + 1,
				       sizeof *bed->sights) < 0)
		return;
	sight = &bed->sights[bed->sight_count];
	sight->ms = s * 1000 + strtol(rest + 1, &rest, 10);
	sight->text = strdup(rest);
	bed->sight_count += sight->text != NULL;
}

void bed_look(struct bed *bed)
{
	char bytes[4096];
	const char *newline;
	ssize_t n;

	while ((n = read(bed->log, bytes, sizeof bytes)) > 0)
		buf_add(&bed->unfinished, (struct span){ bytes, (size_t)n });
	while (bed->unfinished.len > 0 &&
	       (newline = memchr(bed->unfinished.at, '\n', bed->unfinished.len)) != NULL) {
		size_t len = (size_t)(newline - bed->unfinished.at);

		add_sight(bed, (struct span){ bed->unfinished.at, len });
		buf_drop(&bed->unfinished, len + 1);
	}
	bed_pause(LOOK_MS);
}

int64_t bed_find(const struct bed *bed, size_t from, const char *who, const char *what)
{
	for (size_t i = from; i < bed->sight_count; i++)
		if (strstr(bed->sights[i].text, who) != NULL &&
		    strstr(bed->sights[i].text, what) != NULL)
			return (int64_t)i;
	return -1;
}

/* Its modems' links are the last thing that it makes. */
static bool wait_for_ports(const struct bed *bed)
{
	int64_t deadline = bed_now() + SIM_READY_MS;

	while (access("sim/alpha", F_OK) != 0) {
		if (bed_now() > deadline || waitpid(bed->sim, NULL, WNOHANG) != 0) {
			complain(bed, "tocsin-sim does not start: sim.log says why");
			return false;
		}
		bed_pause(LOOK_MS);
	}
	return true;
}

static bool start_sim(struct bed *bed)
{
	const char *const argv[] = { "tocsin-sim", "--dir", "sim", "world.sim", NULL };
	int orders[2];
	int log = open_log("phones.log");

	bed->log = open("phones.log", O_RDONLY | O_CLOEXEC);
	if (log < 0 || bed->log < 0 || pipe(orders) < 0) {
		complain(bed, "phones.log");
		return false;
	}
	bed->orders = orders[1];
	fcntl(orders[1], F_SETFD, FD_CLOEXEC);
	bed->sim = spawn(argv, orders[0], log);
	close(orders[0]);
	close(log);
	return bed->sim > 0 && wait_for_ports(bed);
}

/* ---- all of it ---- */

static bool find_programs(void)
{
	const char *base = getenv("B");
	char *real = base == NULL ? NULL : realpath(base, NULL);
	bool found = real != NULL && span_copy(span_of(real), programs, sizeof programs);

	free(real);
	return found;
}

static bool make_place(const char *name)
{
	char place[1200];
	char command[2500];

	if (!find_programs())
		return false;
	snprintf(place, sizeof place, "%s/interop/%s", programs, name);
	snprintf(command, sizeof command, "rm -rf '%s' && mkdir -p '%s'", place, place);
	return system(command) == 0 && chdir(place) == 0;
}

bool bed_open(struct bed *bed, const char *name, const char *config, const char *script)
{
	*bed = (struct bed){ .sim = -1, .daemon = -1, .orders = -1, .log = -1 };
	snprintf(bed->name, sizeof bed->name, "%s", name);
	signal(SIGPIPE, SIG_IGN);
	if (!make_place(name) || !write_file("tocsin.cfg", config) ||
	    !write_file("world.sim", script)) {
		complain(bed, "its directory cannot be made ($B must name the build)");
		return false;
	}
	return start_sim(bed);
}

void bed_close(struct bed *bed)
{
	end(&bed->daemon);
	end(&bed->sim);
	if (bed->orders >= 0)
		close(bed->orders);
	if (bed->log >= 0)
		close(bed->log);
	for (size_t i = 0; i < bed->sight_count; i++)
		free(bed->sights[i].text);
	free(bed->sights);
	buf_free(&bed->unfinished);
}

/* ---- questions ---- */

static bool exchange(int fd, const char *line, struct buf *answer)
{
	int64_t deadline = bed_now() + ANSWER_MS;
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char bytes[4096];

	dprintf(fd, "%s\n", line);
	while (answer->len == 0 || answer->at[answer->len - 1] != '\n') {
		int64_t left = deadline - bed_now();
		ssize_t n;

		if (left <= 0 || poll(&ready, 1, (int)left) <= 0)
			return false;
		n = recv(fd, bytes, sizeof bytes, 0);
		if (n <= 0)
			return false;
		buf_add(answer, (struct span){ bytes, (size_t)n });
	}
	return true;
}

json_t *bed_ask(const char *line)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = SOCKET };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct buf answer = { 0 };
	json_t *json = NULL;
	json_error_t bad;

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
	    exchange(fd, line, &answer))
		json = json_loadb(answer.at, answer.len, 0, &bad);
	if (fd >= 0)
		close(fd);
	buf_free(&answer);
	return json;
}

const char *bed_text(const json_t *answer, const char *member, const char *inner)
{
	const json_t *value = json_object_get(answer, member);
	const char *text;

	if (inner != NULL)
		value = json_object_get(value, inner);
	text = json_string_value(value);
	return text == NULL ? "" : text;
}

/* ---- lanes ---- */

void *bed_shared(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

int bed_lanes(size_t count, bool (*lane)(size_t index, void *shared), void *shared)
{
	pid_t pids[64] = { 0 };
	int failed = 0;

	fflush(NULL);
	for (size_t i = 0; i < count && i < COUNT_OF(pids); i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(lane(i, shared) ? 0 : 1);
	}
	for (size_t i = 0; i < count && i < COUNT_OF(pids); i++) {
		int status = 1;

		failed += pids[i] < 0 || waitpid(pids[i], &status, 0) < 0 || status != 0;
	}
	return failed;
}
