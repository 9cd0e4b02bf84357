#include "sim_sound.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "audio/lines.h"
#include "base/buf.h"
#include "sim_pty.h"

struct port {
	struct sim_sounds *sounds;
	size_t modem;
	struct sim_pty pty;
	struct event *readable;
	bool reading;
};

struct sim_sounds {
	struct sim *sim;
	struct event_base *base;
	const char *dir;
	struct sim_sounds_calls calls;
	struct lines *lines;
	struct port **ports;
	size_t count, cap;
	struct when now; /* of the last turn */
};

static void port_close(struct port *port)
{
	if (port->readable != NULL)
		event_free(port->readable);
	port->readable = NULL;
	sim_pty_close(&port->pty);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct port *port = arg;
	char bytes[4096];
	ssize_t n = read(fd, bytes, sizeof bytes);

	(void)what;
	if (n <= 0)
		return;
	lines_feed(port->sounds->lines, port->modem, (struct span){ bytes, (size_t)n },
		   port->sounds->now);
	port->sounds->calls.moved(port->sounds->calls.owner);
}

static int port_open(struct port *port, struct err *err)
{
	struct sim_sounds *sounds = port->sounds;
	char name[80];

	snprintf(name, sizeof name, "%s-pcm", sim_modem_name(sounds->sim, port->modem));
	if (sim_pty_open(&port->pty, sounds->dir, name, err) < 0)
		return -1;
	port->readable =
		event_new(sounds->base, port->pty.master, EV_READ | EV_PERSIST, on_readable, port);
	port->reading = false;
	if (port->readable != NULL)
		return 0;
	port_close(port);
	return err_nomem(err);
}

/* A host that does not read loses it, as with a real one. */
static void port_write(struct port *port)
{
	struct lines *lines = port->sounds->lines;
	struct span out = lines_output(lines, port->modem);
	ssize_t n = 0;

	while (out.len > 0 && n >= 0) {
		n = write(port->pty.master, out.at, out.len);
		if (n < 0 && errno == EINTR)
			n = 0;
		if (n > 0)
			lines_took(lines, port->modem, (size_t)n);
		out = lines_output(lines, port->modem);
	}
	lines_took(lines, port->modem, out.len);
}

static int port_turn(struct port *port, struct when now, struct err *err)
{
	struct sim_sounds *sounds = port->sounds;
	bool there = sim_plugged(sounds->sim, port->modem) &&
		     sim_sound(sounds->sim, port->modem, now).there;
	bool takes = lines_takes(sounds->lines, port->modem, now);

	if (!there && port->pty.master >= 0)
		port_close(port);
	if (!there)
		return 0;
	if (port->pty.master < 0 && port_open(port, err) < 0)
		return -1;
	if (takes && !port->reading)
		event_add(port->readable, NULL);
	else if (!takes && port->reading)
		event_del(port->readable);
	port->reading = takes;
	port_write(port);
	return 0;
}

static int add_ports(struct sim_sounds *sounds)
{
	size_t count = sim_modem_count(sounds->sim);

	if (array_grow(&sounds->ports, &sounds->cap, count, sizeof(void *)) < 0)
		return -1;
	while (sounds->count < count) {
		struct port *port = calloc(1, sizeof *port);

		if (port == NULL)
			return -1;
		*port = (struct port){ .sounds = sounds,
				       .modem = sounds->count,
				       .pty = { .master = -1, .slave = -1 } };
		sounds->ports[sounds->count++] = port;
	}
	return 0;
}

int sim_sounds_turn(struct sim_sounds *sounds, struct when now, struct err *err)
{
	sounds->now = now;
	if (add_ports(sounds) < 0)
		return err_nomem(err);
	lines_tick(sounds->lines, now);
	for (size_t i = 0; i < sounds->count; i++)
		if (port_turn(sounds->ports[i], now, err) < 0)
			return -1;
	return 0;
}

int64_t sim_sounds_deadline(const struct sim_sounds *sounds)
{
	return lines_deadline(sounds->lines);
}

int sim_sounds_new(struct sim_sounds **out, struct sim *sim, struct event_base *base,
		   const char *dir, struct sim_sounds_calls calls, struct err *err)
{
	struct sim_sounds *sounds = calloc(1, sizeof *sounds);

	if (sounds == NULL)
		return err_nomem(err);
	*sounds = (struct sim_sounds){ .sim = sim, .base = base, .dir = dir, .calls = calls };
	if (lines_new(&sounds->lines, sim, 1, err) < 0) {
		free(sounds);
		return -1;
	}
	*out = sounds;
	return 0;
}

void sim_sounds_free(struct sim_sounds *sounds)
{
	if (sounds == NULL)
		return;
	for (size_t i = 0; i < sounds->count; i++) {
		port_close(sounds->ports[i]);
		free(sounds->ports[i]);
	}
	free(sounds->ports);
	lines_free(sounds->lines);
	free(sounds);
}
