/* tocsin-sim - simulated modems on pseudo-terminals, and what their phones' owners see, live.
 *
 * A thin loop around modem/sim: it reads the clock, moves bytes, prints the transcript and takes script lines on standard
 * input.  Nothing is due, nothing wakes up.
 */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/version.h"
#include "modem/sim/sim.h"
#include "sim_pty.h"
#include "sim_say.h"
#include "sim_sound.h"

#define SCRIPT_MAX ((size_t)1 << 20)

struct program;

struct port {
	struct program *program;
	size_t modem;
	struct sim_pty pty;
	struct event *readable;
	struct event *writable;
};

struct program {
	struct sim *sim;
	struct event_base *base;
	struct event *timer;
	struct event *typed;
	struct event *stops[2];
	struct buf input; /* standard input's unfinished line */
	const char *dir;
	bool quiet, colour, failed;
	uint64_t seed;
	int64_t began_ms;
	size_t port_count;
	struct port **ports;
	struct sim_sounds *sounds;
};

static struct when clock_now(void)
{
	struct timespec boot;
	struct timespec utc;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	clock_gettime(CLOCK_REALTIME, &utc);
	return (struct when){ (int64_t)boot.tv_sec * 1000 + boot.tv_nsec / 1000000, utc.tv_sec };
}

/* ---- the transcript ---- */

static const char *colour_of(enum sim_event_kind kind)
{
	switch (kind) {
	case SIM_TEXTED:
	case SIM_HEARD:
		return "\x1b[36m";
	case SIM_RINGS:
	case SIM_ANSWERED:
		return "\x1b[33m";
	case SIM_PRESSED:
	case SIM_REPLIED:
		return "\x1b[32m";
	case SIM_FAULT:
		return "\x1b[31m";
	case SIM_EVENT_NONE:
	case SIM_SUBMITTED:
	case SIM_DIALLED:
	case SIM_HUNG_UP:
	case SIM_EVENT_KINDS:
		break;
	}
	return "\x1b[2m";
}

static void print_events(struct program *p)
{
	struct sim_event event;
	char line[2400];

	while (sim_take(p->sim, &event)) {
		int64_t ms = event.mono_ms - p->began_ms;

		if (p->quiet || event.kind == SIM_SUBMITTED) /* it is seen when it arrives */
			continue;
		sim_event_text(&event,
			       event.modem < 0 ? NULL : sim_modem_name(p->sim, (size_t)event.modem),
			       line, sizeof line);
		printf("%5lld.%03d  %s%s%s\n", (long long)(ms / 1000), (int)(ms % 1000),
		       p->colour ? colour_of(event.kind) : "", line, p->colour ? "\x1b[0m" : "");
	}
}

/* ---- ports ---- */

static void settle(struct program *p);

static void close_port(struct port *port)
{
	if (port->readable != NULL)
		event_free(port->readable);
	if (port->writable != NULL)
		event_free(port->writable);
	port->readable = port->writable = NULL;
	sim_pty_close(&port->pty);
}

static void write_port(struct port *port)
{
	struct span out = sim_output(port->program->sim, port->modem);

	while (out.len > 0) {
		ssize_t n = write(port->pty.master, out.at, out.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) { /* full: nobody reads at the other end */
			event_add(port->writable, NULL);
			return;
		}
		sim_took(port->program->sim, port->modem, (size_t)n);
		out = sim_output(port->program->sim, port->modem);
	}
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct port *port = arg;

	(void)fd, (void)what;
	settle(port->program);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct port *port = arg;
	char bytes[4096];
	ssize_t n = read(fd, bytes, sizeof bytes);

	(void)what;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) { /* our own slave is open, so this is the end of it: do not spin */
		event_del(port->readable);
		return;
	}
	sim_feed(port->program->sim, port->modem, (struct span){ bytes, (size_t)n }, clock_now());
	settle(port->program);
}

static int open_port(struct port *port)
{
	struct program *p = port->program;
	struct err err;

	if (sim_pty_open(&port->pty, p->dir, sim_port_name(p->sim, port->modem), &err) < 0) {
		fprintf(stderr, "tocsin-sim: %s\n", err.text);
		return -1;
	}
	port->readable =
		event_new(p->base, port->pty.master, EV_READ | EV_PERSIST, on_readable, port);
	port->writable = event_new(p->base, port->pty.master, EV_WRITE, on_writable, port);
	if (port->readable == NULL || port->writable == NULL ||
	    event_add(port->readable, NULL) < 0) {
		fprintf(stderr, "tocsin-sim: out of memory\n");
		close_port(port);
		return -1;
	}
	sim_opened(p->sim, port->modem, clock_now());
	return 0;
}

/* A port for each modem that the script has made since the last look. */
static int add_ports(struct program *p)
{
	while (p->port_count < sim_modem_count(p->sim)) {
		struct port **grown =
			realloc(p->ports, (p->port_count + 1) * sizeof(struct port *));
		struct port *port = calloc(1, sizeof *port);

		if (grown != NULL)
			p->ports = grown;
		if (grown == NULL || port == NULL) {
			free(port);
			fprintf(stderr, "tocsin-sim: out of memory\n");
			return -1;
		}
		port->program = p;
		port->modem = p->port_count;
		port->pty = (struct sim_pty){ .master = -1, .slave = -1 };
		p->ports[p->port_count++] = port;
	}
	return 0;
}

static int match_ports(struct program *p)
{
	if (add_ports(p) < 0)
		return -1;
	for (size_t i = 0; i < p->port_count; i++) {
		struct port *port = p->ports[i];
		bool plugged = sim_plugged(p->sim, i);

		if (!plugged && port->pty.master >= 0)
			close_port(port);
		if (plugged && port->pty.master < 0 && open_port(port) < 0)
			return -1;
		if (plugged)
			write_port(port);
	}
	return 0;
}

/* After anything happened: cables, bytes, transcript, and when to wake up next. */
static void settle(struct program *p)
{
	struct err err = { 0 };
	int64_t next;
	int rc = match_ports(p);

	if (rc == 0 && sim_sounds_turn(p->sounds, clock_now(), &err) < 0) {
		fprintf(stderr, "tocsin-sim: %s\n", err.text);
		rc = -1;
	}
	if (rc < 0) {
		p->failed = true;
		event_base_loopbreak(p->base);
		return;
	}
	print_events(p);
	next = when_sooner(sim_deadline(p->sim), sim_sounds_deadline(p->sounds));
	if (next == WHEN_NEVER) {
		event_del(p->timer);
	} else {
		int64_t ms = next - clock_now().mono_ms;
		struct timeval wait = { 0, 0 };

		if (ms > 0)
			wait = (struct timeval){ ms / 1000, ms % 1000 * 1000 };
		event_add(p->timer, &wait);
	}
}

static void sound_moved(void *owner)
{
	settle(owner);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct program *p = arg;

	(void)fd, (void)what;
	sim_tick(p->sim, clock_now());
	settle(p);
}

/* ---- the script, and lines that are typed ---- */

static int script_line(struct program *p, struct span line, const char *where, int number)
{
	struct err err = { ERR_NONE, "" };

	if (sim_line(p->sim, line, clock_now(), &err) == 0)
		return 0;
	if (number > 0)
		fprintf(stderr, "tocsin-sim: %s:%d: %s\n", where, number, err.text);
	else
		fprintf(stderr, "tocsin-sim: %s\n", err.text);
	return -1;
}

static int load_script(struct program *p, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct buf text = { .limit = SCRIPT_MAX };
	struct span rest;
	char bytes[4096];
	int status = 0;
	ssize_t n = -1;

	while (fd >= 0 && (n = read(fd, bytes, sizeof bytes)) > 0)
		buf_add(&text, (struct span){ bytes, (size_t)n });
	if (n < 0 || text.failed) {
		fprintf(stderr, "tocsin-sim: %s: %s\n", path,
			text.failed ? "more than 1 MiB" : strerror(errno));
		status = -1;
	}
	rest = buf_span(&text);
	for (int number = 1; status == 0 && rest.len > 0; number++)
		status = script_line(p, span_cut(&rest, '\n'), path, number);
	if (fd >= 0)
		close(fd);
	buf_free(&text);
	return status;
}

static void on_typed(evutil_socket_t fd, short what, void *arg)
{
	struct program *p = arg;
	char bytes[1024];
	ssize_t n = read(fd, bytes, sizeof bytes);
	const char *end;

	(void)what;
	if (n <= 0) { /* no more orders; the modems go on */
		event_del(p->typed);
		return;
	}
	buf_add(&p->input, (struct span){ bytes, (size_t)n });
	while (p->input.len > 0 && (end = memchr(p->input.at, '\n', p->input.len)) != NULL) {
		size_t len = (size_t)(end - p->input.at);

		script_line(p, (struct span){ p->input.at, len }, "standard input", 0);
		buf_drop(&p->input, len + 1);
	}
	if (p->input.failed)
		buf_clear(&p->input);
	settle(p);
}

static void on_stop(evutil_socket_t fd, short what, void *arg)
{
	struct program *p = arg;

	(void)fd, (void)what;
	event_base_loopbreak(p->base);
}

/* ---- start and end ---- */

static int set_up(struct program *p)
{
	struct event_config *config = event_config_new();
	const int signals[] = { SIGINT, SIGTERM };

	if (config == NULL)
		return -1;
	event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
	/* Standard input may be a file, which epoll does not take. */
	event_config_require_features(config, EV_FEATURE_FDS);
	p->base = event_base_new_with_config(config);
	event_config_free(config);
	if (p->base == NULL)
		return -1;
	p->timer = event_new(p->base, -1, 0, on_timer, p);
	p->typed = event_new(p->base, STDIN_FILENO, EV_READ | EV_PERSIST, on_typed, p);
	if (p->timer == NULL || p->typed == NULL || event_add(p->typed, NULL) < 0)
		return -1;
	for (size_t i = 0; i < COUNT_OF(signals); i++) {
		p->stops[i] = evsignal_new(p->base, signals[i], on_stop, p);
		if (p->stops[i] == NULL || event_add(p->stops[i], NULL) < 0)
			return -1;
	}
	return 0;
}

static void tear_down(struct program *p)
{
	for (size_t i = 0; i < p->port_count; i++) {
		close_port(p->ports[i]);
		free(p->ports[i]);
	}
	free(p->ports);
	sim_sounds_free(p->sounds);
	for (size_t i = 0; i < COUNT_OF(p->stops); i++)
		if (p->stops[i] != NULL)
			event_free(p->stops[i]);
	if (p->typed != NULL)
		event_free(p->typed);
	if (p->timer != NULL)
		event_free(p->timer);
	if (p->base != NULL)
		event_base_free(p->base);
	buf_free(&p->input);
	sim_free(p->sim);
}

static int run(struct program *p, const char *script)
{
	struct err err;

	if (mkdir(p->dir, 0755) < 0 && errno != EEXIST) {
		fprintf(stderr, "tocsin-sim: %s: %s\n", p->dir, strerror(errno));
		return 1;
	}
	if (sim_new(&p->sim, p->seed, &err) < 0 || set_up(p) < 0 ||
	    sim_sounds_new(&p->sounds, p->sim, p->base, p->dir,
			   (struct sim_sounds_calls){ sound_moved, p }, &err) < 0) {
		fprintf(stderr, "tocsin-sim: the event loop does not start\n");
		return 1;
	}
	p->began_ms = clock_now().mono_ms;
	if (load_script(p, script) < 0)
		return 2;
	settle(p);
	if (!p->failed)
		event_base_dispatch(p->base);
	return p->failed ? 1 : 0;
}

static int usage(void)
{
	fputs("usage: tocsin-sim [--dir DIR] [--seed N] [--quiet] SCRIPT; see tocsin-sim --help\n",
	      stderr);
	return 2;
}

static int help(void)
{
	puts("usage: tocsin-sim [--dir DIR] [--seed N] [--quiet] SCRIPT | --say\n"
	     "Simulated modems on pseudo-terminals, with phones that answer as SCRIPT says.\n"
	     "  --dir DIR   where the modems' links are made (sim)\n"
	     "  --seed N    of everything that happens by chance (0)\n"
	     "  --quiet     no transcript\n"
	     "  --say       text from standard input to a WAV file on standard output, in the\n"
	     "              voice that the phones understand: a speech_command\n"
	     "  --help      this text\n"
	     "  --version   which version this is\n"
	     "Script lines may also be typed while it runs: see tocsin-sim(1).");
	return 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "dir", required_argument, NULL, 'd' },
		{ "seed", required_argument, NULL, 's' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "say", no_argument, NULL, 'y' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	struct program p = { .dir = "sim", .input = { .limit = 65536 } };
	int64_t seed;
	int status;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (c == 'd')
			p.dir = optarg;
		else if (c == 'q')
			p.quiet = true;
		else if (c == 'y')
			return sim_say();
		else if (c == 'v')
			return puts("tocsin-sim " TOCSIN_VERSION) < 0;
		else if (c == 's' && span_int(span_of(optarg), &seed))
			p.seed = (uint64_t)seed;
		else
			return c == 'h' ? help() : usage();
	}
	if (optind + 1 != argc)
		return usage();
	p.colour = isatty(STDOUT_FILENO) == 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);
	status = run(&p, argv[optind]);
	tear_down(&p);
	return status;
}
