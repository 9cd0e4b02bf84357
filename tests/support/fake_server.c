#include "tests/support/fake_server.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/jsonw.h"
#include "control.h"

#define SLOW_MS  300
#define SLOW_MAX 64

struct state {
	const struct fake_server *fake;
	struct loop *loop;
	struct control *control;
	uint64_t slow[SLOW_MAX]; /* tickets */
	size_t slow_count;
	int64_t slow_due;
	struct buf tell;
	int shows; /* answered since the page */
};

static const char *field(const struct request *request, const char *key)
{
	for (size_t i = 0; i < request->count; i++)
		if (strcmp(request->fields[i].key, key) == 0)
			return request->fields[i].value;
	return "";
}

static void echo(struct state *state, const struct request *request)
{
	struct buf out = { 0 };
	struct jsonw json = { .out = &out };

	jsonw_object(&json, NULL);
	jsonw_bool(&json, "ok", true);
	jsonw_int(&json, "status", 0);
	jsonw_string(&json, "text", field(request, "text"));
	jsonw_string(&json, "peer", request->peer);
	jsonw_end_object(&json);
	control_answer(state->control, request->ticket, buf_span(&out));
	buf_free(&out);
}

static void page(struct state *state, const struct request *request)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof path, "%s/requests", state->fake->directory);
	file = fopen(path, "a");
	if (file != NULL) {
		fprintf(file, "%s\n", field(request, "request"));
		fclose(file);
	}
	if (state->fake->dies_on_page)
		_exit(0);
	control_answer(
		state->control, request->ticket,
		span_of(state->fake->not_durable
				? "{\"ok\":false,\"status\":1,\"id\":\"p17\",\"code\":\"4711\","
				  "\"durable\":false,\"warnings\":[]}"
				: "{\"ok\":true,\"status\":0,\"id\":\"p17\",\"code\":\"4711\","
				  "\"durable\":true,\"warnings\":[\"no runbook link\"]}"));
}

/* The page is acked when it is looked at for the third time. */
static void show(struct state *state, const struct request *request)
{
	control_answer(
		state->control, request->ticket,
		span_of(++state->shows < 3
				? "{\"ok\":true,\"status\":0,\"page\":{\"id\":\"p17\","
				  "\"code\":\"4711\",\"state\":\"open\",\"owner\":null}}"
				: "{\"ok\":true,\"status\":0,\"page\":{\"id\":\"p17\","
				  "\"code\":\"4711\",\"state\":\"acked\",\"owner\":\"ada\"}}"));
}

static void serve(void *owner, const struct request *request)
{
	struct state *state = owner;

	if (strcmp(request->name, "echo") == 0) {
		echo(state, request);
	} else if (strcmp(request->name, "slow") == 0) {
		if (state->slow_count < SLOW_MAX)
			state->slow[state->slow_count++] = request->ticket;
		state->slow_due = loop_now(state->loop).mono_ms + SLOW_MS;
	} else if (strcmp(request->name, "tell") == 0) {
		buf_add_text(&state->tell, field(request, "text"));
		control_say(state->control, request->ticket, 0, NULL);
	} else if (strcmp(request->name, "events") == 0) {
		control_follow(state->control, request->ticket);
		control_say(state->control, request->ticket, 0, NULL);
	} else if (strcmp(request->name, "page") == 0) {
		page(state, request);
	} else if (strcmp(request->name, "show") == 0) {
		show(state, request);
	} else if (strcmp(request->name, "die") == 0) {
		_exit(0);
	} else if (strcmp(request->name, "never") != 0) {
		control_say(state->control, request->ticket, 1, "no such command");
	}
}

static int64_t turn(void *owner, struct when now)
{
	struct state *state = owner;

	if (state->tell.len > 0) {
		control_broadcast(state->control, buf_span(&state->tell));
		buf_clear(&state->tell);
	}
	if (state->slow_count == 0)
		return WHEN_NEVER;
	if (now.mono_ms < state->slow_due)
		return state->slow_due;
	for (size_t i = 0; i < state->slow_count; i++)
		control_say(state->control, state->slow[i], 0, NULL);
	state->slow_count = 0;
	return WHEN_NEVER;
}

static void run(const struct fake_server *fake, int ready)
{
	struct state state = { .fake = fake };
	struct err err = { 0 };

	if (loop_new(&state.loop, &err) < 0 ||
	    control_new(&state.control, state.loop, fake->socket,
			(struct control_calls){ serve, &state }, &err) < 0 ||
	    write(ready, "r", 1) != 1)
		_exit(1);
	loop_run(state.loop, turn, &state, &err);
	_exit(1);
}

void fake_directory(struct fake_server *fake)
{
	snprintf(fake->directory, sizeof fake->directory, "/tmp/tocsin-test-XXXXXX");
	if (mkdtemp(fake->directory) == NULL)
		abort();
	snprintf(fake->socket, sizeof fake->socket, "%s/sock", fake->directory);
}

void fake_start(struct fake_server *fake)
{
	int ready[2];
	char byte;

	if (pipe(ready) < 0)
		abort();
	fflush(NULL);
	fake->pid = fork();
	if (fake->pid == 0)
		run(fake, ready[1]);
	close(ready[1]);
	if (fake->pid < 0 || read(ready[0], &byte, 1) != 1)
		abort();
	close(ready[0]);
}

void fake_stop(struct fake_server *fake)
{
	kill(fake->pid, SIGKILL);
	waitpid(fake->pid, NULL, 0);
}

void fake_remove(struct fake_server *fake)
{
	char path[128];

	snprintf(path, sizeof path, "%s/requests", fake->directory);
	unlink(path);
	unlink(fake->socket);
	rmdir(fake->directory);
}

int fake_connect(const struct fake_server *fake)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s", fake->socket);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) < 0)
		abort();
	return fd;
}

const char *fake_ask(int fd, const char *text)
{
	static char line[65536];
	size_t used = 0;
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0 && *text != '\0')
		return "";
	while (used < sizeof line - 1 && (used == 0 || line[used - 1] != '\n') &&
	       poll(&ready, 1, 5000) == 1 && read(fd, line + used, 1) == 1)
		used++;
	line[used] = '\0';
	return line;
}
