/* ports.h - the modems' serial ports between the loop and the gateway.
 *
 * Finds each modem's port (seats.h), opens it, carries bytes both ways, never blocks, and tries again with growing pauses when
 * one is missing or hangs up.  A port that is missing at the start is nothing special.  Carries out the repairs
 * that the gateway asks for, and tells it what only the shell can see of a modem.
 */
#ifndef PORTS_PORTS_H
#define PORTS_PORTS_H

#include "child.h"
#include "config/config.h"
#include "core/gateway.h"
#include "loop.h"
#include "ports/usb_tree.h"

struct ports;

struct ports_config {
	char root[200]; /* before /dev, /sys, /run and /proc; "" the machine's own */
	const struct config_modem *modems; /* copied */
	size_t count;
	char power_hook[256];          /* "" none */
	struct children *children;     /* lent: it runs in there */
	struct quarantine *quarantine; /* lent; NULL none */
	char transcripts[300];         /* the directory for what was said before a fault; "" none */
	/* How a USB device is reset; NULL: usb_reset. */
	int (*reset)(const char *root, const struct usb_device *device, struct err *err);
};

/* Port i is the gateway's modem i.  loop and gateway are lent too. */
int ports_new(struct ports **out, struct loop *loop, struct gateway *gateway,
	      const struct ports_config *config, struct err *err);
void ports_free(struct ports *ports); /* closes them; NULL is fine */

/* Opens what is due, repairs, writes what the gateway has for each.  True when the gateway was told something, so that it may
 * have new outputs. */
bool ports_turn(struct ports *ports, struct when now);
int64_t ports_deadline(const struct ports *ports); /* mono_ms, or WHEN_NEVER */

#endif
