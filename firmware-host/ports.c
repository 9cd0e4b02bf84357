#include "ports.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "pcm.h"
#include "serial.h"

#define READ_MAX 4096

/* Pauses before the next attempt to open.  A re-enumerating USB modem is back within a second or two; one that stays
 * away costs two wake-ups a minute. */
static const int64_t pauses_ms[] = { 200, 500, 1000, 2000, 5000, 10000, 20000, 30000 };

struct port {
	struct ports *ports;
	size_t index;
	struct config_modem modem;
	int fd; /* -1: closed */
	struct watch *watch;
	size_t failures; /* since bytes last came in */
	int64_t due;     /* of the next attempt to open, while closed */
	bool blocked;    /* its buffer is full */
	char reason[sizeof((struct err *)0)
			    ->text]; /* last logged, so that a port missing for weeks is one line */
};

struct ports {
	struct loop *loop;
	struct gateway *gateway;
	struct port *at;
	size_t count;
};

static void port_close(struct port *port)
{
	/* A hung-up descriptor stays readable for ever: out of the loop with it at once. */
	watch_free(port->watch);
	port->watch = NULL;
	if (port->fd >= 0)
		close(port->fd);
	port->fd = -1;
	port->blocked = false;
}

static void wait_longer(struct port *port, struct when now)
{
	size_t last = COUNT_OF(pauses_ms) - 1;

	port->due = now.mono_ms + pauses_ms[port->failures < last ? port->failures : last];
	port->failures++;
}

static void port_lost(struct port *port, const char *why, struct when now)
{
	char quoted[LOG_QUOTED];

	port_close(port);
	log_event(LOG_LEVEL_WARNING, "port.lost", "modem=%s why=%s", port->modem.name,
		  log_quote(why, quoted));
	gateway_port(port->ports->gateway, port->index, false, now);
	wait_longer(port, now);
}

static void port_readable(void *owner)
{
	struct port *port = owner;
	struct when now = loop_now(port->ports->loop);
	char bytes[READ_MAX];
	ssize_t n = read(port->fd, bytes, sizeof bytes);

	if (n > 0) {
		port->failures = 0;
		gateway_feed(port->ports->gateway, port->index, (struct span){ bytes, (size_t)n },
			     now);
	} else if (n == 0) {
		port_lost(port, "hung up", now);
	} else if (errno != EAGAIN && errno != EINTR) {
		port_lost(port, strerror(errno), now);
	}
}

static void port_writable(void *owner)
{
	struct port *port = owner;

	port->blocked = false;
	watch_write(port->watch, false);
}

static void not_opened(struct port *port, const struct err *err, struct when now)
{
	char quoted[LOG_QUOTED];

	if (strcmp(port->reason, err->text) != 0) {
		log_event(LOG_LEVEL_WARNING, "port.closed", "modem=%s why=%s", port->modem.name,
			  log_quote(err->text, quoted));
		memcpy(port->reason, err->text, sizeof port->reason);
	}
	wait_longer(port, now);
}

static bool port_open(struct port *port, struct when now)
{
	struct watch_calls calls = { port_readable, port_writable, port };
	struct err err = { 0 };

	port->fd = serial_open(port->modem.port, &err);
	if (port->fd < 0 ||
	    loop_watch(port->ports->loop, &port->watch, port->fd, calls, &err) < 0) {
		port_close(port);
		not_opened(port, &err, now);
		return false;
	}
	port->due = WHEN_NEVER;
	port->reason[0] = '\0';
	log_event(LOG_LEVEL_INFO, "port.opened", "modem=%s port=%s", port->modem.name,
		  port->modem.port);
	gateway_sound(port->ports->gateway, port->index, pcm_found(port->modem.audio));
	gateway_port(port->ports->gateway, port->index, true, now);
	return true;
}

/* Writes until there is nothing more, or the buffer is full. */
static bool port_write(struct port *port, struct when now)
{
	struct gateway *gateway = port->ports->gateway;
	bool moved = false;

	while (!port->blocked) {
		struct span out = gateway_output(gateway, port->index);
		ssize_t n = out.len > 0 ? write(port->fd, out.at, out.len) : 0;

		if (n > 0) {
			gateway_wrote(gateway, port->index, (size_t)n);
			moved = true;
		} else if (n < 0 && errno == EAGAIN) {
			port->blocked = true;
			watch_write(port->watch, true);
		} else if (n < 0 && errno != EINTR) {
			port_lost(port, strerror(errno), now);
			return true;
		} else if (n == 0) {
			break;
		}
	}
	return moved;
}

static bool port_turn(struct port *port, struct when now)
{
	bool moved = false;

	if (gateway_take_reopen(port->ports->gateway, port->index) && port->fd >= 0) {
		port_lost(port, "the modem is to be reset", now);
		moved = true;
	}
	if (port->fd < 0 && port->due <= now.mono_ms)
		moved |= port_open(port, now);
	if (port->fd >= 0)
		moved |= port_write(port, now);
	return moved;
}

int ports_new(struct ports **out, struct loop *loop, struct gateway *gateway,
	      const struct config_modem *modems, size_t count, struct err *err)
{
	struct ports *ports = calloc(1, sizeof *ports);

	if (ports == NULL)
		return err_nomem(err);
	ports->loop = loop;
	ports->gateway = gateway;
	ports->at = calloc(count > 0 ? count : 1, sizeof *ports->at);
	if (ports->at == NULL) {
		free(ports);
		return err_nomem(err);
	}
	ports->count = count;
	for (size_t i = 0; i < count; i++)
		ports->at[i] =
			(struct port){ .ports = ports, .index = i, .modem = modems[i], .fd = -1 };
	*out = ports;
	return 0;
}

void ports_free(struct ports *ports)
{
	if (ports == NULL)
		return;
	for (size_t i = 0; i < ports->count; i++)
		port_close(&ports->at[i]);
	free(ports->at);
	free(ports);
}

bool ports_turn(struct ports *ports, struct when now)
{
	bool moved = false;

	for (size_t i = 0; i < ports->count; i++)
		moved |= port_turn(&ports->at[i], now);
	return moved;
}

int64_t ports_deadline(const struct ports *ports)
{
	int64_t deadline = WHEN_NEVER;

	for (size_t i = 0; i < ports->count; i++)
		if (ports->at[i].fd < 0)
			deadline = when_sooner(deadline, ports->at[i].due);
	return deadline;
}
