/* usb_tree.h - the USB devices and their serial ports, as sysfs shows them.
 *
 * Everything is read and written below a root directory, "" for the machine's own: tests give one that they made up.  A device
 * is named by its path ("1-1.2"), which is its socket; bus and number change with every enumeration.
 */
#ifndef PORTS_USB_TREE_H
#define PORTS_USB_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum usb_role {
	USB_ROLE_AT,    /* known to take commands */
	USB_ROLE_MAYBE, /* not known: it may be asked, once */
	USB_ROLE_OTHER, /* known for something else, or not known of a known device: asked when the AT port is mute */
	USB_ROLE_SOUND /* never written to */
};

/* What a device is before it is a modem. */
enum usb_mode {
	USB_MODE_PORTS,   /* whatever has serial ports, or nothing to do with us */
	USB_MODE_STORAGE, /* a stick that is still its own driver disk */
	USB_MODE_NETWORK  /* a stick that is a network card and has no port for commands */
};

struct usb_device {
	char path[32];
	unsigned vendor, product;
	int bus, number;
	enum usb_mode mode;
	bool known;      /* has a line in udev/60-tocsin.rules */
	bool authorized; /* the kernel may use it */
};

struct usb_port {
	char name[32]; /* "ttyUSB2" */
	size_t device; /* in the tree */
	int interface;
	enum usb_role role;
};

struct usb_tree {
	struct usb_device *devices;
	size_t device_count, device_cap;
	struct usb_port *ports;
	size_t port_count, port_cap;
};

/* Reads all of it; without a sysfs an empty tree.  0 or -1 (ERR_NOMEM).  usb_tree_free may be repeated. */
int usb_tree_read(struct usb_tree *tree, const char *root, struct err *err);
void usb_tree_free(struct usb_tree *tree);

const struct usb_device *usb_tree_device(const struct usb_tree *tree, const char *path);
const struct usb_port *usb_tree_port(const struct usb_tree *tree, const char *name);

/* What is known of an id, and of an interface of it (usb_known.c, from the udev rules). */
bool usb_known(unsigned vendor, unsigned product);
enum usb_mode usb_known_mode(unsigned vendor, unsigned product);
enum usb_role usb_known_role(unsigned vendor, unsigned product, int interface, int subclass,
			     int protocol);

#define USB_PATH 512 /* the longest path below root */

/* One line of a file below root, without its end; "" when there is none.  Both names are put together as they are. */
void usb_attribute(const char *root, const char *file, char *text, size_t size);

/* ---- what is done to a device: 0, or -1 with what the kernel says ---- */

/* It never sleeps (power/control), which loses the notice of a text.  Written only when it is not so yet; read back. */
int usb_keep_awake(const char *root, const struct usb_device *device, struct err *err);

/* USBDEVFS_RESET: as if it was pulled and plugged, without losing power. */
int usb_reset(const char *root, const struct usb_device *device, struct err *err);

/* Takes it off the bus, or puts it on again. */
int usb_authorize(const char *root, const struct usb_device *device, bool on, struct err *err);

/* ModemManager runs, and nothing keeps it off this port (udev(7) data). */
bool usb_contested(const char *root, const char *port);

#endif
