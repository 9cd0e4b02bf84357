/* seats.h - which serial port each configured modem is opened on.
 *
 * A modem is looked for by what is configured of it: IMEI and SIM card wherever they turn up, USB socket and port name as the
 * place to look first, or as the only place when nothing else is known.  What was found out about a port (who is behind it,
 * that it is mute) holds until the device is enumerated anew.  Two modems that changed names are so put right.
 */
#ifndef PORTS_SEATS_H
#define PORTS_SEATS_H

#include <stdint.h>

#include "base/when.h"
#include "config/config.h"
#include "ports/usb_tree.h"

/* What was found out about one port of one enumeration. */
struct seat_note {
	char port[32];
	int bus, number;
	char imei[20], iccid[24]; /* who was behind it; "" not known */
	int64_t iccid_until; /* a card may be changed without anybody noticing: not believed after */
	bool answered;       /* it took commands */
	bool silent;         /* … and told nothing of arriving messages */
	int64_t mute_until;  /* it did not take them: not asked before */
	int mutes;
};

struct seat {
	const struct config_modem *modem; /* lent */
	char port[32];                    /* in use; "" none, or not a USB port */
	char device[32];                  /* the USB device it is, or was last, on */
};

struct seats {
	const char *root; /* lent */
	struct usb_tree tree;
	struct seat at[CONFIG_MODEMS_MAX];
	size_t count;
	struct seat_note *notes;
	size_t note_count, note_cap;
};

struct seat_choice {
	char path[512]; /* to be opened */
	char port[32];  /* as in sysfs; "" not a USB port */
	bool ask;       /* one AT first: it is not known to take commands */
};

void seats_init(struct seats *seats, const char *root, const struct config_modem *modems,
		size_t count);
void seats_deinit(struct seats *seats);

/* Reads the tree anew.  0 or -1 (ERR_NOMEM: the old one stays). */
int seats_look(struct seats *seats, struct err *err);

/* The port to try for modem i.  0, or -1 with why there is none. */
int seats_choose(struct seats *seats, size_t i, struct when now, struct seat_choice *choice,
		 struct err *err);

void seats_take(struct seats *seats, size_t i, const struct seat_choice *choice);
void seats_leave(struct seats *seats, size_t i);

/* ---- what was found out about the port that i has ---- */
void seats_answered(struct seats *seats, size_t i);
void seats_mute(struct seats *seats, size_t i, struct when now);
void seats_silent(struct seats *seats, size_t i);
void seats_is(struct seats *seats, size_t i, const char *imei, const char *iccid, struct when now);

/* Does the device of i have a port that has not been asked yet, beside the one it has? */
bool seats_has_other(struct seats *seats, size_t i, struct when now);

/* The USB device that modem i is on, was on last, or is configured to be on; NULL: not there. */
const struct usb_device *seats_device(const struct seats *seats, size_t i);

/* A stick that is there and is no modem (usb_mode), for a modem without a port; NULL none. */
const struct usb_device *seats_no_modem(const struct seats *seats, size_t i);

#endif
