/* What is known of USB ids.  The table of modems is made from udev/60-tocsin.rules when this is built. */
#include "base/span.h"
#include "ports/usb_tree.h"

#include <stdio.h>
#include <string.h>

static const struct known {
	unsigned vendor, product;
	const char *ports; /* "at02 pcm04", "modem", "class" */
} known[] = {
#include "usb_known.inc"
};

/* Sticks that are not modems yet, or never: what usb_modeswitch knows them by. */
static const struct {
	unsigned vendor, product;
	enum usb_mode mode;
} others[] = {
	{ 0x12d1, 0x14fe, USB_MODE_STORAGE }, { 0x12d1, 0x1446, USB_MODE_STORAGE },
	{ 0x12d1, 0x1f01, USB_MODE_STORAGE }, { 0x12d1, 0x157c, USB_MODE_STORAGE },
	{ 0x12d1, 0x15ca, USB_MODE_STORAGE }, { 0x12d1, 0x14db, USB_MODE_NETWORK },
	{ 0x12d1, 0x14dc, USB_MODE_NETWORK },
};

static const struct known *find(unsigned vendor, unsigned product)
{
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (known[i].vendor == vendor && known[i].product == product)
			return &known[i];
	return NULL;
}

bool usb_known(unsigned vendor, unsigned product)
{
	return find(vendor, product) != NULL;
}

enum usb_mode usb_known_mode(unsigned vendor, unsigned product)
{
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (others[i].vendor == vendor && others[i].product == product)
			return others[i].mode;
	return USB_MODE_PORTS;
}

static bool has(const char *ports, const char *kind, int interface)
{
	char name[8];

	snprintf(name, sizeof name, "%s%02x", kind, (unsigned)interface & 0xffU);
	return strstr(ports, name) != NULL;
}

/* Huawei's ports tell what they are for by their class; the same two lines stand in the rules. */
static enum usb_role by_class(int subclass, int protocol)
{
	if (subclass != 1 && subclass != 2)
		return USB_ROLE_OTHER;
	if (protocol == 0x02 || protocol == 0x32)
		return USB_ROLE_AT;
	return protocol == 0x03 || protocol == 0x33 ? USB_ROLE_SOUND : USB_ROLE_OTHER;
}

enum usb_role usb_known_role(unsigned vendor, unsigned product, int interface, int subclass,
			     int protocol)
{
	const struct known *row = find(vendor, product);

	if (row == NULL || strcmp(row->ports, "modem") == 0)
		return USB_ROLE_MAYBE;
	if (strcmp(row->ports, "class") == 0)
		return by_class(subclass, protocol);
	if (has(row->ports, "at", interface))
		return USB_ROLE_AT;
	return has(row->ports, "pcm", interface) ? USB_ROLE_SOUND : USB_ROLE_OTHER;
}
