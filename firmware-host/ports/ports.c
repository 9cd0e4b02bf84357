#include "ports/ports.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "ports/pcm.h"
#include "ports/port_lock.h"
#include "ports/ports_int.h"
#include "ports/serial.h"

#define READ_MAX 4096
#define ASKED_MS 2000 /* the answer to the one AT */
#define NEWS_MS  100  /* udev goes on for a moment with what it made */

/* Pauses before the next attempt to open.  A re-enumerating USB modem is back within a second or two; one that stays
 * away costs two wake-ups a minute. */
static const int64_t pauses_ms[] = { 200, 500, 1000, 2000, 5000, 10000, 20000, 30000 };

/* ---- closing ---- */

static void port_close(struct port *port)
{
	/* A hung-up descriptor stays readable for ever: out of the loop with it at once. */
	watch_free(port->watch);
	port->watch = NULL;
	if (port->fd >= 0)
		close(port->fd);
	port->fd = -1;
	port->blocked = false;
	port->answered = false;
	if (port->locked[0] != '\0')
		port_unlock(port->ports->config.root, port->locked);
	port->locked[0] = '\0';
	seats_leave(&port->ports->seats, port->index);
}

static void wait_longer(struct port *port, struct when now)
{
	size_t last = COUNT_OF(pauses_ms) - 1;

	port->due = now.mono_ms + pauses_ms[port->failures < last ? port->failures : last];
	port->failures++;
}

void port_lost(struct port *port, const char *why, struct when now)
{
	char quoted[LOG_QUOTED];
	bool known = port->state == PORT_OPEN;

	port_close(port);
	port->state = PORT_CLOSED;
	wait_longer(port, now);
	if (!known)
		return;
	log_limited(&port->ports->limit, now, LOG_LEVEL_WARNING, "port.lost", "modem=%s why=%s",
		    port->modem->name, log_quote(why, quoted));
	transcript_dump(&port->transcript, port->ports->config.transcripts, port->modem->name, why,
			now);
	gateway_port(port->ports->gateway, port->index, false, now);
}

/* ---- bytes ---- */

static bool says(struct span bytes, const char *word)
{
	size_t len = strlen(word);

	for (; bytes.len >= len; bytes = span_skip(bytes, 1))
		if (span_starts(bytes, word))
			return true;
	return false;
}

static void port_opened(struct port *port, struct when now)
{
	port->state = PORT_OPEN;
	port->due = WHEN_NEVER;
	port->reason[0] = '\0';
	strainer_reset(&port->strainer);
	log_limited(&port->ports->limit, now, LOG_LEVEL_INFO, "port.opened", "modem=%s port=%s",
		    port->modem->name, port->choice.path);
	gateway_sound(port->ports->gateway, port->index, pcm_found(port->modem->audio));
	gateway_port(port->ports->gateway, port->index, true, now);
}

/* Only the end of what came is kept: an answer may be split, and a GPS talks all the time. */
static void asked_answer(struct port *port, struct span bytes, struct when now)
{
	size_t have = strlen(port->answer);

	for (size_t i = 0; i < bytes.len; i++) {
		if (have == sizeof port->answer - 1)
			memmove(port->answer, port->answer + 1, have--);
		port->answer[have] = bytes.at[i];
		if (port->answer[have] == '\0')
			port->answer[have] = ' ';
		port->answer[++have] = '\0';
	}
	if (!says(span_of(port->answer), "\nOK\r") && !says(span_of(port->answer), "\r0\r") &&
	    strcmp(port->answer, "0\r") != 0)
		return;
	seats_answered(&port->ports->seats, port->index);
	port_opened(port, now);
}

/* In one piece, or a line at a time while there is a suspect. */
static void feed(struct port *port, struct span bytes, struct when now)
{
	struct quarantine *quarantine = port->ports->config.quarantine;

	while (bytes.len > 0) {
		const char *end =
			quarantine_suspects(quarantine) ? memchr(bytes.at, '\n', bytes.len) : NULL;
		size_t len = end == NULL ? bytes.len : (size_t)(end - bytes.at) + 1;
		struct span piece = { bytes.at, len };

		bytes = span_skip(bytes, len);
		quarantine_begin(quarantine, strainer_head(&port->strainer), piece);
		piece = strainer_pass(&port->strainer, quarantine, piece);
		if (piece.len > 0)
			gateway_feed(port->ports->gateway, port->index, piece, now);
		quarantine_end(quarantine);
	}
}

static void took_bytes(struct port *port, struct span bytes, struct when now)
{
	if (port->state == PORT_ASKED) {
		asked_answer(port, bytes, now);
		return;
	}
	port->failures = 0;
	if (!port->answered && (says(bytes, "OK") || says(bytes, "ERROR"))) {
		port->answered = true;
		seats_answered(&port->ports->seats, port->index);
	}
	transcript_add(&port->transcript, false, bytes, now);
	feed(port, bytes, now);
}

static void port_readable(void *owner)
{
	struct port *port = owner;
	struct when now = loop_now(port->ports->loop);
	char bytes[READ_MAX];
	ssize_t n = read(port->fd, bytes, sizeof bytes);

	if (n > 0)
		took_bytes(port, (struct span){ bytes, (size_t)n }, now);
	else if (n == 0)
		port_lost(port, "hung up", now);
	else if (errno != EAGAIN && errno != EINTR)
		port_lost(port, strerror(errno), now);
}

static void port_writable(void *owner)
{
	struct port *port = owner;

	port->blocked = false;
	watch_write(port->watch, false);
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
			transcript_add(&port->transcript, true, (struct span){ out.at, (size_t)n },
				       now);
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

/* ---- opening ---- */

/* There is a stick, but no port: it is not a modem yet, or never. */
static void look_for_stick(struct port *port, struct when now)
{
	const struct usb_device *device = seats_no_modem(&port->ports->seats, port->index);
	char text[200];

	if (device == NULL)
		return;
	snprintf(text, sizeof text,
		 device->mode == USB_MODE_STORAGE ? "%04x:%04x at USB %s is its own driver disk"
						  : "%04x:%04x at USB %s has no port for commands",
		 device->vendor, device->product, device->path);
	gateway_observe(port->ports->gateway, port->index,
			device->mode == USB_MODE_STORAGE ? GATEWAY_STORAGE : GATEWAY_NETCARD, text,
			now);
}

static void not_opened(struct port *port, const struct err *err, struct when now)
{
	char quoted[LOG_QUOTED];

	port_close(port);
	port->state = PORT_CLOSED;
	if (strcmp(port->reason, err->text) != 0) {
		log_limited(&port->ports->limit, now, LOG_LEVEL_WARNING, "port.closed",
			    "modem=%s why=%s", port->modem->name, log_quote(err->text, quoted));
		if (err->code == ERR_REFUSED)
			gateway_observe(port->ports->gateway, port->index, GATEWAY_BUSY, err->text,
					now);
		memcpy(port->reason, err->text, sizeof port->reason);
	}
	gateway_port_why(port->ports->gateway, port->index, err->text);
	look_for_stick(port, now);
	wait_longer(port, now);
}

/* Of a port that is not on USB, when its path ends with it; "" of a pseudo-terminal. */
static const char *lock_name(const struct seat_choice *choice)
{
	const char *slash = strrchr(choice->path, '/');

	if (choice->port[0] != '\0' || slash == NULL)
		return choice->port;
	return strncmp(slash + 1, "tty", 3) == 0 && strlen(slash + 1) < sizeof choice->port
		       ? slash + 1
		       : "";
}

static int claim(struct port *port, struct err *err)
{
	struct watch_calls calls = { port_readable, port_writable, port };
	const char *name = lock_name(&port->choice);

	if (name[0] != '\0') {
		if (port_lock(port->ports->config.root, name, err) < 0)
			return -1;
		span_copy(span_of(name), port->locked, sizeof port->locked);
	}
	port->fd = serial_open(port->choice.path, err);
	if (port->fd < 0)
		return -1;
	return loop_watch(port->ports->loop, &port->watch, port->fd, calls, err);
}

/* A sleeping device loses notices, and ModemManager's questions spoil texts. */
static void look_at_device(struct port *port, struct when now)
{
	const struct usb_device *device = seats_device(&port->ports->seats, port->index);
	const char *root = port->ports->config.root;
	struct err err = { 0 };
	char text[200];

	if (port->choice.port[0] == '\0' || device == NULL)
		return;
	usb_keep_awake(root, device, &err);
	gateway_observe(port->ports->gateway, port->index, GATEWAY_SLEEPS,
			err.code == ERR_NONE ? NULL : err.text, now);
	snprintf(text, sizeof text, "it runs, and no udev rule keeps it off %s", port->choice.port);
	gateway_observe(port->ports->gateway, port->index, GATEWAY_CONTESTED,
			usb_contested(root, port->choice.port) ? text : NULL, now);
}

static void ask(struct port *port, struct when now)
{
	port->state = PORT_ASKED;
	port->due = now.mono_ms + ASKED_MS;
	port->answer[0] = '\0';
	if (write(port->fd, "AT\r", 3) < 0)
		port->due = now.mono_ms;
}

/* True: the gateway was told something. */
static bool port_open(struct port *port, struct when now)
{
	struct seats *seats = &port->ports->seats;
	struct err err = { 0 };

	if (seats_look(seats, &err) < 0 ||
	    seats_choose(seats, port->index, now, &port->choice, &err) < 0 ||
	    claim(port, &err) < 0) {
		not_opened(port, &err, now);
		return false;
	}
	seats_take(seats, port->index, &port->choice);
	look_at_device(port, now);
	if (port->choice.ask) {
		ask(port, now);
		return false;
	}
	port_opened(port, now);
	return true;
}

/* The one AT was not answered: the next port, at once. */
static void not_answered(struct port *port, struct when now)
{
	seats_mute(&port->ports->seats, port->index, now);
	port_close(port);
	port->state = PORT_CLOSED;
	port->due = now.mono_ms;
}

static bool port_turn(struct port *port, struct when now)
{
	bool moved = port_repair_turn(port, now);

	if (port->state == PORT_ASKED && port->due <= now.mono_ms)
		not_answered(port, now);
	if (port->state == PORT_CLOSED && port->due <= now.mono_ms)
		moved |= port_open(port, now);
	if (port->state == PORT_OPEN)
		moved |= port_write(port, now);
	return moved;
}

/* ---- what appears in /dev ---- */

/* Whoever waits for a port looks at once, and not only when its pause is over. */
static void news_readable(void *owner)
{
	struct ports *ports = owner;
	struct when now = loop_now(ports->loop);
	char events[4096];

	while (read(ports->news, events, sizeof events) > 0)
		continue;
	for (size_t i = 0; i < ports->count; i++)
		if (ports->at[i].state == PORT_CLOSED)
			ports->at[i].due = when_sooner(ports->at[i].due, now.mono_ms + NEWS_MS);
}

static void watch_news(struct ports *ports)
{
	const struct watch_calls calls = { news_readable, NULL, ports };
	struct err err = { 0 };
	char path[USB_PATH];

	snprintf(path, sizeof path, "%s/dev", ports->config.root);
	ports->news = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (ports->news < 0)
		return;
	if (inotify_add_watch(ports->news, path, IN_CREATE | IN_MOVED_TO | IN_ATTRIB) >= 0 &&
	    loop_watch(ports->loop, &ports->news_watch, ports->news, calls, &err) == 0)
		return;
	close(ports->news);
	ports->news = -1;
}

/* ---- all of them ---- */

int ports_new(struct ports **out, struct loop *loop, struct gateway *gateway,
	      const struct ports_config *config, struct err *err)
{
	struct ports *ports = calloc(1, sizeof *ports);

	if (ports == NULL)
		return err_nomem(err);
	ports->config = *config;
	if (ports->config.reset == NULL)
		ports->config.reset = usb_reset;
	ports->loop = loop;
	ports->gateway = gateway;
	ports->news = -1;
	memcpy(ports->modems, config->modems, config->count * sizeof *ports->modems);
	ports->config.modems = ports->modems;
	seats_init(&ports->seats, ports->config.root, ports->modems, config->count);
	ports->at = calloc(config->count > 0 ? config->count : 1, sizeof *ports->at);
	if (ports->at == NULL || seats_look(&ports->seats, err) < 0) {
		ports_free(ports);
		return err_nomem(err);
	}
	ports->count = config->count;
	for (size_t i = 0; i < config->count; i++) {
		struct port *port = &ports->at[i];

		port->ports = ports;
		port->index = i;
		port->modem = &ports->modems[i];
		port->fd = -1;
		port->attach_due = WHEN_NEVER;
	}
	watch_news(ports);
	port_repair_start(ports);
	*out = ports;
	return 0;
}

void ports_free(struct ports *ports)
{
	if (ports == NULL)
		return;
	for (size_t i = 0; ports->at != NULL && i < ports->count; i++) {
		port_repair_stop(&ports->at[i]);
		port_close(&ports->at[i]);
		strainer_free(&ports->at[i].strainer);
	}
	watch_free(ports->news_watch);
	if (ports->news >= 0)
		close(ports->news);
	seats_deinit(&ports->seats);
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

	for (size_t i = 0; i < ports->count; i++) {
		const struct port *port = &ports->at[i];

		if (port->state != PORT_OPEN)
			deadline = when_sooner(deadline, port->due);
		deadline = when_sooner(deadline, port_repair_deadline(port));
	}
	return deadline;
}
