/* accept4 and struct ucred */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier) */
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/jsonw.h"
#include "log.h"
#include "request_json.h"

#define READ_MAX 4096
#define OUT_MAX  ((size_t)8 * 1024 * 1024) /* a client that lets so much pile up is dropped */
#define PEER_MAX 48
#define QUIET_MS 1000
#define BACKLOG  128

struct client {
	struct control *control;
	int fd;
	struct watch *watch;
	char peer[PEER_MAX];
	struct buf in;
	struct buf out;
	int64_t quiet_since; /* mono_ms: when it came, or was last answered */
	uint64_t ticket;     /* of the command that is being worked on; 0 none */
	bool working; /* its commands are being gone through: an answer only joins the buffer */
	bool follows;
	bool ending; /* no more commands: close when everything is answered and sent */
};

struct control {
	struct loop *loop;
	struct control_calls calls;
	int fd;    /* -1 once stopped */
	int spare; /* given up for a moment when descriptors run out, to refuse politely */
	struct watch *watch;
	struct client *clients[CONTROL_CLIENTS_MAX]; /* the longest here first */
	size_t count;
	uint64_t last_ticket;
	struct sockaddr_un address;
};

static void client_close(struct client *client)
{
	struct control *control = client->control;
	size_t at = 0;

	while (at < control->count && control->clients[at] != client)
		at++;
	if (at < control->count) {
		control->count--;
		memmove(&control->clients[at], &control->clients[at + 1],
			(control->count - at) * sizeof(struct client *));
	}
	watch_free(client->watch);
	close(client->fd);
	buf_free(&client->in);
	buf_free(&client->out);
	free(client);
}

/* Who connected, as the kernel says (unix(7), SO_PEERCRED). */
static void name_peer(int fd, char peer[PEER_MAX])
{
	struct ucred who = { 0 };
	socklen_t len = sizeof who;
	const struct passwd *entry;

	snprintf(peer, PEER_MAX, "unknown");
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) < 0)
		return;
	entry = getpwuid(who.uid);
	if (entry != NULL)
		snprintf(peer, PEER_MAX, "%s", entry->pw_name);
	else
		snprintf(peer, PEER_MAX, "uid:%lu", (unsigned long)who.uid);
}

static bool client_done(const struct client *client)
{
	return client->ending && client->ticket == 0 && client->out.len == 0;
}

/* Sends what it can.  False when the client is gone and has been freed. */
static bool client_flush(struct client *client)
{
	while (client->out.len > 0) {
		ssize_t n = send(client->fd, client->out.at, client->out.len,
				 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0) {
			client_close(client);
			return false;
		}
		buf_drop(&client->out, (size_t)n);
	}
	if (client->out.failed || client_done(client)) {
		client_close(client);
		return false;
	}
	watch_write(client->watch, client->out.len > 0);
	return true;
}

static void client_say(struct client *client, int status, const char *error)
{
	struct jsonw json = { .out = &client->out };

	jsonw_object(&json, NULL);
	jsonw_bool(&json, "ok", status == 0);
	jsonw_int(&json, "status", status);
	if (error != NULL)
		jsonw_string(&json, "error", error);
	jsonw_end_object(&json);
	buf_add_char(&client->out, '\n');
}

static void take_command(struct client *client, struct span line)
{
	struct control *control = client->control;
	struct request request = { .peer = client->peer };
	struct request_json *parsed = NULL;
	struct err err = { 0 };

	if (request_json_parse(&parsed, line, &request, &err) < 0) {
		client_say(client, 2, err.text);
		return;
	}
	client->ticket = ++control->last_ticket;
	request.ticket = client->ticket;
	control->calls.request(control->calls.owner, &request);
	request_json_free(parsed);
}

static void client_command(struct client *client, struct span line)
{
	struct quarantine *quarantine = client->control->calls.quarantine;

	if (quarantine_holds(quarantine, line)) {
		client_say(client, 1,
			   "this request ended the daemon twice and is not taken again: word it "
			   "differently, and keep it for a report");
		return;
	}
	quarantine_begin(quarantine, span_of(""), line);
	take_command(client, line);
	quarantine_end(quarantine);
}

/* The client with this ticket, or NULL. */
static struct client *by_ticket(const struct control *control, uint64_t ticket)
{
	for (size_t i = 0; i < control->count; i++)
		if (ticket != 0 && control->clients[i]->ticket == ticket)
			return control->clients[i];
	return NULL;
}

/* Carries out the next whole line of the buffer.  False when there is none. */
static bool next_command(struct client *client)
{
	const char *end = client->in.len > 0 ? memchr(client->in.at, '\n', client->in.len) : NULL;
	size_t len = end != NULL ? (size_t)(end - client->in.at) : 0;
	struct span line = { client->in.at, len };

	if (end == NULL || len > CONTROL_LINE_MAX)
		return false;
	/* Nothing is added to the buffer meanwhile, so the line stays where it is. */
	if (span_trim(line).len > 0)
		client_command(client, line);
	buf_drop(&client->in, len + 1);
	return true;
}

/* Goes through the whole lines in the buffer, up to the first that has no answer yet.  May free the client. */
static void client_work(struct client *client)
{
	client->working = true;
	while (client->ticket == 0 && next_command(client))
		;
	client->working = false;
	if (client->ticket == 0 && client->in.len > CONTROL_LINE_MAX) {
		client_say(client, 2, "line longer than 256 kB");
		client->ending = true;
		buf_clear(&client->in);
	}
	if (!client_flush(client))
		return;
	/* What comes behind an unanswered command waits in the kernel. */
	watch_read(client->watch, !client->ending && client->ticket == 0);
}

static void client_readable(void *owner)
{
	struct client *client = owner;
	char bytes[READ_MAX];
	ssize_t n = recv(client->fd, bytes, sizeof bytes, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0 || (n == 0 && client->follows)) {
		client_close(client);
		return;
	}
	/* End of input, perhaps only of one half (a pipe into nc): what was asked is still answered. */
	if (n == 0)
		client->ending = true;
	else
		buf_add(&client->in, (struct span){ bytes, (size_t)n });
	client_work(client);
}

static void client_writable(void *owner)
{
	client_flush(owner);
}

/* Room for one more: when all places are taken, one that has asked nothing for a while goes. */
static bool make_room(struct control *control)
{
	struct when now = loop_now(control->loop);

	if (control->count < CONTROL_CLIENTS_MAX)
		return true;
	for (size_t i = 0; i < control->count; i++) {
		struct client *client = control->clients[i];

		if (client->ticket == 0 && !client->follows && client->out.len == 0 &&
		    now.mono_ms - client->quiet_since >= QUIET_MS) {
			client_close(client);
			return true;
		}
	}
	return false;
}

static int client_new(struct control *control, int fd, struct err *err)
{
	struct watch_calls calls = { client_readable, client_writable, NULL };
	struct client *client = calloc(1, sizeof *client);

	if (client == NULL)
		return err_nomem(err);
	client->control = control;
	client->fd = fd;
	client->quiet_since = loop_now(control->loop).mono_ms;
	client->in.limit = CONTROL_LINE_MAX + READ_MAX;
	client->out.limit = OUT_MAX;
	name_peer(fd, client->peer);
	calls.owner = client;
	if (loop_watch(control->loop, &client->watch, fd, calls, err) < 0) {
		free(client);
		return -1;
	}
	control->clients[control->count++] = client;
	return 0;
}

static void refuse(int fd)
{
	static const char busy[] = "{\"ok\":false,\"status\":1,\"busy\":true,\"error\":\"too many "
				   "clients; try again\"}\n";

	if (send(fd, busy, sizeof busy - 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		log_event(LOG_LEVEL_WARNING, "control.refused", "why=\"too many clients\"");
	close(fd);
}

static void listener_readable(void *owner)
{
	struct control *control = owner;
	struct err err = { 0 };
	int fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0 && errno == EMFILE) {
		/* Left alone, the waiting client would wake the loop without end. */
		close(control->spare);
		fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			refuse(fd);
		control->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
		return;
	}
	if (fd < 0)
		return;
	if (!make_room(control)) {
		refuse(fd);
		return;
	}
	if (client_new(control, fd, &err) < 0) {
		log_event(LOG_LEVEL_ERROR, "control.refused", "why=\"%s\"", err.text);
		close(fd);
	}
}

/* True when a live process answers there. */
static bool is_served(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool served =
		fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) == 0;

	if (fd >= 0)
		close(fd);
	return served;
}

static int listen_on(struct control *control, struct err *err)
{
	const struct sockaddr_un *address = &control->address;
	mode_t before;
	int bound;

	if (is_served(address))
		return err_set(err, ERR_REFUSED, "%s: another process answers there",
			       address->sun_path);
	control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (control->fd < 0)
		return err_set(err, ERR_SYSTEM, "socket: %s", strerror(errno));
	unlink(address->sun_path);
	before = umask(0117);
	bound = bind(control->fd, (const struct sockaddr *)address, sizeof *address);
	umask(before);
	if (bound < 0 || listen(control->fd, BACKLOG) < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", address->sun_path, strerror(errno));
	return 0;
}

int control_new(struct control **out, struct loop *loop, const char *path,
		struct control_calls calls, struct err *err)
{
	struct control *control = calloc(1, sizeof *control);
	struct watch_calls watch_calls = { listener_readable, NULL, control };

	if (control == NULL)
		return err_nomem(err);
	control->fd = -1;
	control->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	control->loop = loop;
	control->calls = calls;
	control->address.sun_family = AF_UNIX;
	if (!span_copy(span_of(path), control->address.sun_path,
		       sizeof control->address.sun_path)) {
		control_free(control);
		return err_set(err, ERR_INVALID, "%.80s…: a socket's path has at most %zu bytes",
			       path, sizeof control->address.sun_path - 1);
	}
	if (listen_on(control, err) < 0 ||
	    loop_watch(loop, &control->watch, control->fd, watch_calls, err) < 0) {
		if (control->fd >= 0)
			close(control->fd);
		control->fd = -1; /* so that nobody's socket is removed */
		control_free(control);
		return -1;
	}
	*out = control;
	return 0;
}

static void stop_listening(struct control *control)
{
	if (control->fd < 0)
		return;
	watch_free(control->watch);
	control->watch = NULL;
	close(control->fd);
	control->fd = -1;
	unlink(control->address.sun_path);
}

void control_stop(struct control *control)
{
	stop_listening(control);
	for (size_t i = control->count; i > 0; i--) {
		struct client *client = control->clients[i - 1];

		client->ending = true;
		buf_clear(&client->in);
		watch_read(client->watch, false);
		client_flush(client);
	}
}

bool control_idle(const struct control *control)
{
	for (size_t i = 0; i < control->count; i++)
		if (control->clients[i]->ticket != 0 || control->clients[i]->out.len > 0)
			return false;
	return true;
}

void control_free(struct control *control)
{
	if (control == NULL)
		return;
	stop_listening(control);
	while (control->count > 0)
		client_close(control->clients[0]);
	if (control->spare >= 0)
		close(control->spare);
	free(control);
}

/* The command is done: on with the client's next. */
static void answered(struct client *client)
{
	client->ticket = 0;
	client->quiet_since = loop_now(client->control->loop).mono_ms;
	if (!client->working)
		client_work(client);
}

void control_answer(struct control *control, uint64_t ticket, struct span json)
{
	struct client *client = by_ticket(control, ticket);

	if (client == NULL)
		return;
	buf_add(&client->out, json);
	buf_add_char(&client->out, '\n');
	answered(client);
}

void control_say(struct control *control, uint64_t ticket, int status, const char *error)
{
	struct client *client = by_ticket(control, ticket);

	if (client == NULL)
		return;
	client_say(client, status, error);
	answered(client);
}

void control_follow(struct control *control, uint64_t ticket)
{
	struct client *client = by_ticket(control, ticket);

	if (client != NULL)
		client->follows = true;
}

void control_broadcast(struct control *control, struct span json)
{
	for (size_t i = control->count; i > 0; i--) {
		struct client *client = control->clients[i - 1];

		if (!client->follows)
			continue;
		buf_add(&client->out, json);
		buf_add_char(&client->out, '\n');
		client_flush(client);
	}
}
