#include "ports/seats.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/span.h"

#define SEAT_PATH    512
#define CARD_MS      60000 /* a wrong SIM card is looked at again after */
#define MUTE_MS      60000 /* a port that may be the right one is asked again after, longer each time */
#define IMEI_DIGITS  14 /* as in modem/device_doubt.c */
#define ICCID_DIGITS 18

void seats_init(struct seats *seats, const char *root, const struct config_modem *modems,
		size_t count)
{
	*seats = (struct seats){ .root = root, .count = count };
	for (size_t i = 0; i < count; i++)
		seats->at[i].modem = &modems[i];
}

void seats_deinit(struct seats *seats)
{
	usb_tree_free(&seats->tree);
	free(seats->notes);
	*seats = (struct seats){ 0 };
}

/* ---- notes ---- */

static const struct usb_device *device_of(const struct seats *seats, const struct usb_port *port)
{
	return &seats->tree.devices[port->device];
}

static struct seat_note *note_find(const struct seats *seats, const struct usb_port *port)
{
	const struct usb_device *device = device_of(seats, port);

	for (size_t i = 0; i < seats->note_count; i++) {
		struct seat_note *note = &seats->notes[i];

		if (strcmp(note->port, port->name) == 0 && note->bus == device->bus &&
		    note->number == device->number)
			return note;
	}
	return NULL;
}

/* Of the port that i has; NULL when there is none or no memory for it. */
static struct seat_note *note_of(struct seats *seats, size_t i)
{
	const struct usb_port *port = usb_tree_port(&seats->tree, seats->at[i].port);
	struct seat_note *note = port == NULL ? NULL : note_find(seats, port);

	if (port == NULL || note != NULL)
		return note;
	if (array_grow(&seats->notes, &seats->note_cap, seats->note_count + 1,
		       sizeof *seats->notes) < 0)
		return NULL;
	note = &seats->notes[seats->note_count++];
	*note = (struct seat_note){ .bus = device_of(seats, port)->bus,
				    .number = device_of(seats, port)->number };
	memcpy(note->port, port->name, sizeof note->port);
	return note;
}

/* What was noted of an enumeration that is over is forgotten. */
static void forget(struct seats *seats)
{
	size_t kept = 0;

	for (size_t i = 0; i < seats->note_count; i++) {
		const struct usb_port *port = usb_tree_port(&seats->tree, seats->notes[i].port);

		if (port != NULL && note_find(seats, port) == &seats->notes[i])
			seats->notes[kept++] = seats->notes[i];
	}
	seats->note_count = kept;
}

int seats_look(struct seats *seats, struct err *err)
{
	struct usb_tree tree;

	if (usb_tree_read(&tree, seats->root, err) < 0)
		return -1;
	usb_tree_free(&seats->tree);
	seats->tree = tree;
	forget(seats);
	return 0;
}

void seats_answered(struct seats *seats, size_t i)
{
	struct seat_note *note = note_of(seats, i);

	if (note != NULL)
		note->answered = true;
}

void seats_mute(struct seats *seats, size_t i, struct when now)
{
	struct seat_note *note = note_of(seats, i);
	const struct usb_port *port = usb_tree_port(&seats->tree, seats->at[i].port);

	if (note == NULL)
		return;
	note->answered = false;
	note->mute_until =
		now.mono_ms + ((int64_t)MUTE_MS << (note->mutes < 6 ? note->mutes++ : 6));
	if (port->role == USB_ROLE_OTHER)
		note->mute_until = WHEN_NEVER;
}

void seats_silent(struct seats *seats, size_t i)
{
	struct seat_note *note = note_of(seats, i);

	if (note != NULL)
		note->silent = true;
}

void seats_is(struct seats *seats, size_t i, const char *imei, const char *iccid, struct when now)
{
	struct seat_note *note = note_of(seats, i);

	if (note == NULL)
		return;
	span_copy(span_of(imei), note->imei, sizeof note->imei);
	span_copy(span_of(iccid), note->iccid, sizeof note->iccid);
	note->iccid_until = now.mono_ms + CARD_MS;
}

/* ---- who is where ---- */

static bool same_digits(const char *one, const char *other, size_t least)
{
	return strlen(one) >= least && strncmp(one, other, least) == 0;
}

/* 1: the modem is behind this port; -1: another one is; 0: not known. */
static int match(const struct config_modem *modem, const struct seat_note *note, struct when now)
{
	int found = 0;

	if (note == NULL)
		return 0;
	if (modem->imei[0] != '\0' && note->imei[0] != '\0') {
		if (!same_digits(note->imei, modem->imei, IMEI_DIGITS))
			return -1;
		found = 1;
	}
	if (modem->iccid[0] != '\0' && note->iccid[0] != '\0' && now.mono_ms < note->iccid_until)
		return same_digits(note->iccid, modem->iccid, ICCID_DIGITS) ? 1 : -1;
	return found;
}

static bool roams(const struct config_modem *modem)
{
	return modem->imei[0] != '\0' || modem->iccid[0] != '\0';
}

/* The name in sysfs of what a configured path leads to: udev's links are followed as far as it takes. */
static const struct usb_port *port_at(const struct seats *seats, const char *path)
{
	char at[SEAT_PATH];
	char next[SEAT_PATH];

	span_copy(span_of(path), at, sizeof at);
	for (int links = 0; links < 8; links++) {
		char *slash = strrchr(at, '/');
		const char *name = slash == NULL ? at : slash + 1;
		const struct usb_port *port = usb_tree_port(&seats->tree, name);
		ssize_t n = port == NULL ? readlink(at, next, sizeof next - 1) : 0;
		size_t stem = slash == NULL ? 0 : (size_t)(slash - at) + 1;

		if (port != NULL || n <= 0)
			return port;
		next[n] = '\0';
		if (next[0] == '/')
			stem = 0;
		if (stem + (size_t)n >= sizeof at)
			return NULL;
		memcpy(at + stem, next, (size_t)n + 1);
	}
	return NULL;
}

static void full_path(const struct seats *seats, const char *path, char *to, size_t size)
{
	snprintf(to, size, "%s%s", path[0] == '/' ? seats->root : "", path);
}

/* Another configured modem has this device, or is known to be it, or can be nowhere else. */
static bool is_others(const struct seats *seats, size_t i, const struct usb_port *port,
		      struct when now)
{
	const struct usb_device *device = device_of(seats, port);
	const struct seat_note *note = note_find(seats, port);
	char path[SEAT_PATH];

	for (size_t k = 0; k < seats->count; k++) {
		const struct seat *seat = &seats->at[k];

		if (k == i)
			continue;
		if (seat->port[0] != '\0' && strcmp(seat->device, device->path) == 0)
			return true;
		if (match(seat->modem, note, now) > 0)
			return true;
		if (roams(seat->modem) || !roams(seats->at[i].modem))
			continue;
		full_path(seats, seat->modem->port, path, sizeof path);
		if (strcmp(seat->modem->usb, device->path) == 0 ||
		    (seat->modem->port[0] != '\0' && port_at(seats, path) != NULL &&
		     port_at(seats, path)->device == port->device))
			return true;
	}
	return false;
}

/* The ports of a device that are known for something else are asked only when those for commands are mute. */
static bool has_better(const struct seats *seats, const struct usb_port *port, struct when now)
{
	for (size_t i = 0; i < seats->tree.port_count; i++) {
		const struct usb_port *other = &seats->tree.ports[i];
		const struct seat_note *note = note_find(seats, other);

		if (other->device == port->device && other->role < port->role &&
		    (note == NULL || (!note->silent && note->mute_until <= now.mono_ms)))
			return true;
	}
	return false;
}

/* How good this port is for modem i; 0: not at all. */
static int worth(const struct seats *seats, size_t i, const struct usb_port *port, int hint,
		 struct when now)
{
	const struct seat_note *note = note_find(seats, port);
	int found = match(seats->at[i].modem, note, now);
	int worth = 1000 + hint + (3 - (int)port->role) * 50;

	if (found < 0 || is_others(seats, i, port, now))
		return 0;
	if (note != NULL && note->mute_until > now.mono_ms)
		return 0;
	if (hint < 500 && (port->role == USB_ROLE_SOUND ||
			   (port->role == USB_ROLE_OTHER && has_better(seats, port, now))))
		return 0;
	if (device_of(seats, port)->known)
		worth += 20;
	if (found > 0)
		worth += 1000;
	if (note != NULL && note->answered)
		worth += 200;
	if (note != NULL && note->silent)
		worth -= 700;
	return worth;
}

/* ---- the choice ---- */

struct search {
	const struct seats *seats;
	size_t i;
	struct when now;
	int best;
	struct seat_choice *choice;
};

static void consider(struct search *search, const struct usb_port *port, const char *path, int hint)
{
	int value = worth(search->seats, search->i, port, hint, search->now);
	const struct seat_note *note = note_find(search->seats, port);
	struct seat_choice *choice = search->choice;

	if (value <= search->best)
		return;
	search->best = value;
	if (path != NULL)
		span_copy(span_of(path), choice->path, sizeof choice->path);
	else
		snprintf(choice->path, sizeof choice->path, "%s/dev/%s", search->seats->root,
			 port->name);
	memcpy(choice->port, port->name, sizeof choice->port);
	/* What the configuration names outright is not doubted. */
	choice->ask =
		path == NULL && port->role != USB_ROLE_AT && (note == NULL || !note->answered);
}

/* Not a USB port: a UART, a pseudo-terminal, or not there, which opening it will tell. */
static void consider_plain(struct search *search, const char *path)
{
	if (search->best > 0)
		return;
	search->best = 1;
	*search->choice = (struct seat_choice){ .ask = false };
	span_copy(span_of(path), search->choice->path, sizeof search->choice->path);
}

static void consider_named(struct search *search, const char *configured)
{
	char path[SEAT_PATH];
	glob_t found = { 0 };

	full_path(search->seats, configured, path, sizeof path);
	if (strpbrk(configured, "*?[") == NULL) {
		const struct usb_port *port = port_at(search->seats, path);

		if (port != NULL)
			consider(search, port, path, 500);
		else if (access(path, F_OK) == 0 || !roams(search->seats->at[search->i].modem))
			consider_plain(search, path);
		return;
	}
	if (glob(path, 0, NULL, &found) == 0)
		for (size_t k = 0; k < found.gl_pathc; k++) {
			const struct usb_port *port = port_at(search->seats, found.gl_pathv[k]);

			if (port != NULL)
				consider(search, port, found.gl_pathv[k], 500);
			else
				consider_plain(search, found.gl_pathv[k]);
		}
	globfree(&found);
}

static void none(const struct config_modem *modem, struct err *err)
{
	if (modem->imei[0] != '\0')
		err_set(err, ERR_INVALID, "no modem with IMEI %s on any port", modem->imei);
	else if (modem->iccid[0] != '\0')
		err_set(err, ERR_INVALID, "no modem with SIM card %s on any port", modem->iccid);
	else if (modem->usb[0] != '\0')
		err_set(err, ERR_INVALID, "no port that takes commands at USB %s", modem->usb);
	else
		err_set(err, ERR_INVALID, "%s: nothing there that takes commands", modem->port);
}

int seats_choose(struct seats *seats, size_t i, struct when now, struct seat_choice *choice,
		 struct err *err)
{
	const struct config_modem *modem = seats->at[i].modem;
	struct search search = { .seats = seats, .i = i, .now = now, .choice = choice };

	*choice = (struct seat_choice){ .ask = false };
	for (size_t k = 0; k < seats->tree.port_count; k++) {
		const struct usb_port *port = &seats->tree.ports[k];

		if (strcmp(device_of(seats, port)->path, modem->usb) == 0)
			consider(&search, port, NULL, 400);
		else if (roams(modem))
			consider(&search, port, NULL, 0);
	}
	if (modem->port[0] != '\0')
		consider_named(&search, modem->port);
	if (search.best > 0)
		return 0;
	none(modem, err);
	return -1;
}

void seats_take(struct seats *seats, size_t i, const struct seat_choice *choice)
{
	const struct usb_port *port = usb_tree_port(&seats->tree, choice->port);

	memcpy(seats->at[i].port, choice->port, sizeof seats->at[i].port);
	if (port != NULL)
		memcpy(seats->at[i].device, device_of(seats, port)->path,
		       sizeof seats->at[i].device);
}

void seats_leave(struct seats *seats, size_t i)
{
	seats->at[i].port[0] = '\0';
}

bool seats_has_other(struct seats *seats, size_t i, struct when now)
{
	const struct usb_port *mine = usb_tree_port(&seats->tree, seats->at[i].port);

	for (size_t k = 0; mine != NULL && k < seats->tree.port_count; k++) {
		const struct usb_port *port = &seats->tree.ports[k];
		const struct seat_note *note = note_find(seats, port);

		if (port != mine && port->device == mine->device && port->role != USB_ROLE_SOUND &&
		    (note == NULL || (note->mute_until <= now.mono_ms && !note->silent)))
			return true;
	}
	return false;
}

const struct usb_device *seats_device(const struct seats *seats, size_t i)
{
	const struct seat *seat = &seats->at[i];

	return usb_tree_device(&seats->tree,
			       seat->device[0] != '\0' ? seat->device : seat->modem->usb);
}

const struct usb_device *seats_no_modem(const struct seats *seats, size_t i)
{
	const struct config_modem *modem = seats->at[i].modem;

	for (size_t k = 0; k < seats->tree.device_count; k++) {
		const struct usb_device *device = &seats->tree.devices[k];

		if (device->mode != USB_MODE_PORTS &&
		    (modem->usb[0] == '\0' || strcmp(modem->usb, device->path) == 0))
			return device;
	}
	return NULL;
}
