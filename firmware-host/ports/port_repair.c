/* What is done to a modem from outside when it does not answer. */
#include <stdio.h>
#include <string.h>

#include "ports/ports_int.h"

#define DETACHED_MS     2000 /* off the bus */
#define HOOK_LIMIT_MS   60000
#define HOOK_OUTPUT_MAX 65536

static void report(struct port *port, enum device_repair repair, int rc, const struct err *err,
		   struct when now)
{
	gateway_repaired(port->ports->gateway, port->index, repair, rc == 0, err->text, now);
}

/* ---- the port ---- */

/* A port that never answered may be the wrong one of its modem. */
static void reopen(struct port *port, const char *why, struct when now)
{
	struct seats *seats = &port->ports->seats;

	if (port->state != PORT_OPEN)
		return;
	if (!port->answered && seats_has_other(seats, port->index, now))
		seats_mute(seats, port->index, now);
	port_lost(port, why, now);
}

static void exchange(struct port *port, struct when now)
{
	const struct device_status *status = gateway_modem(port->ports->gateway, port->index);

	if (port->state != PORT_OPEN)
		return;
	seats_is(&port->ports->seats, port->index, status->imei, status->iccid, now);
	/* Not a USB port: there is nothing to exchange it for, and its SIM card may be put right. */
	if (port->choice.port[0] != '\0')
		port_lost(port, "another modem or SIM card is behind this port", now);
}

static void sibling(struct port *port, struct when now)
{
	struct seats *seats = &port->ports->seats;

	if (port->state != PORT_OPEN || !seats_has_other(seats, port->index, now))
		return;
	seats_silent(seats, port->index);
	port_lost(port, "no notices on this port", now);
}

/* ---- the USB device ---- */

static int device_of(struct port *port, struct usb_device *out, struct err *err)
{
	const struct usb_device *device;

	if (seats_look(&port->ports->seats, err) < 0)
		return -1;
	device = seats_device(&port->ports->seats, port->index);
	if (device == NULL)
		return err_set(err, ERR_REFUSED, "it is on no USB bus");
	*out = *device;
	return 0;
}

static void reset(struct port *port, struct when now)
{
	struct usb_device device;
	struct err err = { 0 };
	int rc = device_of(port, &device, &err);

	if (rc == 0)
		rc = port->ports->config.reset(port->ports->config.root, &device, &err);
	report(port, DEVICE_REPAIR_USB, rc, &err, now);
}

static void detach(struct port *port, struct when now)
{
	struct usb_device device;
	struct err err = { 0 };
	int rc = device_of(port, &device, &err);

	if (rc == 0)
		rc = usb_authorize(port->ports->config.root, &device, false, &err);
	if (rc == 0) {
		memcpy(port->detached, device.path, sizeof port->detached);
		port->attach_due = now.mono_ms + DETACHED_MS;
	} else {
		report(port, DEVICE_REPAIR_DETACH, rc, &err, now);
	}
}

static void attach(struct port *port, struct when now)
{
	struct usb_device device = { 0 };
	struct err err = { 0 };
	int rc;

	memcpy(device.path, port->detached, sizeof device.path);
	port->detached[0] = '\0';
	port->attach_due = WHEN_NEVER;
	rc = usb_authorize(port->ports->config.root, &device, true, &err);
	report(port, DEVICE_REPAIR_DETACH, rc, &err, now);
}

void port_repair_start(struct ports *ports)
{
	struct err err = { 0 };

	for (size_t i = 0; i < ports->seats.tree.device_count; i++) {
		const struct usb_device *device = &ports->seats.tree.devices[i];

		if (!device->authorized && device->known)
			usb_authorize(ports->config.root, device, true, &err);
	}
}

/* ---- its power ---- */

static void hook_ended(void *owner, const struct child_result *result)
{
	struct port *port = owner;
	struct when now = loop_now(port->ports->loop);
	struct err err = { 0 };

	port->hook = 0;
	if (result->status != 0)
		err_set(&err, ERR_SYSTEM, "power_hook: %s", result->why);
	report(port, DEVICE_REPAIR_POWER, result->status == 0 ? 0 : -1, &err, now);
}

static void power(struct port *port, struct when now)
{
	const char *const argv[] = { port->ports->config.power_hook, port->modem->name, NULL };
	const struct child_spec spec = { .argv = argv,
					 .output_max = HOOK_OUTPUT_MAX,
					 .limit_ms = HOOK_LIMIT_MS };
	const struct child_calls calls = { hook_ended, port };
	struct err err = { 0 };
	int64_t id;

	if (port->hook != 0)
		return;
	id = children_start(port->ports->config.children, &spec, calls, now, &err);
	if (id > 0)
		port->hook = id;
	else
		report(port, DEVICE_REPAIR_POWER, -1, &err, now);
}

/* ---- in turn ---- */

static void carry_out(struct port *port, enum device_repair repair, struct when now)
{
	transcript_dump(&port->transcript, port->ports->config.transcripts, port->modem->name,
			gateway_modem(port->ports->gateway, port->index)->why, now);
	switch (repair) {
	case DEVICE_REPAIR_REOPEN:
		reopen(port, "the modem does not answer", now);
		break;
	case DEVICE_REPAIR_EXCHANGE:
		exchange(port, now);
		break;
	case DEVICE_REPAIR_SIBLING:
		sibling(port, now);
		break;
	case DEVICE_REPAIR_USB:
		reset(port, now);
		break;
	case DEVICE_REPAIR_DETACH:
		detach(port, now);
		break;
	case DEVICE_REPAIR_POWER:
		power(port, now);
		break;
	case DEVICE_REPAIR_NONE:
	case DEVICE_REPAIR_RADIO:
	case DEVICE_REPAIR_RESTART:
	case DEVICE_REPAIRS:
		break;
	}
}

bool port_repair_turn(struct port *port, struct when now)
{
	enum device_repair repair;
	bool moved = false;

	if (port->detached[0] != '\0' && port->attach_due <= now.mono_ms) {
		attach(port, now);
		moved = true;
	}
	if (!gateway_take_repair(port->ports->gateway, port->index, &repair))
		return moved;
	carry_out(port, repair, now);
	return true;
}

int64_t port_repair_deadline(const struct port *port)
{
	return port->attach_due;
}

void port_repair_stop(struct port *port)
{
	struct usb_device device = { 0 };
	struct err err = { 0 };

	if (port->hook != 0)
		children_stop(port->ports->config.children, port->hook);
	if (port->detached[0] == '\0')
		return;
	memcpy(device.path, port->detached, sizeof device.path);
	usb_authorize(port->ports->config.root, &device, true, &err);
}
