#include "ports/usb_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/span.h"

#define DEVICES "/sys/bus/usb/devices"

void usb_attribute(const char *root, const char *file, char *text, size_t size)
{
	char path[USB_PATH];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof path, "%s%s", root, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, size - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
}

static int number_in(const char *root, const char *device, const char *attribute, int base)
{
	char file[USB_PATH];
	char text[32];
	char *end = NULL;
	long n;

	snprintf(file, sizeof file, DEVICES "/%s/%s", device, attribute);
	usb_attribute(root, file, text, sizeof text);
	n = strtol(text, &end, base);
	return end == text || n < 0 || n > INT_MAX ? -1 : (int)n;
}

static int add_device(struct usb_tree *tree, const char *root, const char *name)
{
	int vendor = number_in(root, name, "idVendor", 16);
	int product = number_in(root, name, "idProduct", 16);
	struct usb_device *device;

	if (vendor < 0 || product < 0 || strncmp(name, "usb", 3) == 0)
		return 0;
	if (array_grow(&tree->devices, &tree->device_cap, tree->device_count + 1,
		       sizeof *tree->devices) < 0)
		return -1;
	device = &tree->devices[tree->device_count++];
	*device = (struct usb_device){ .vendor = (unsigned)vendor, .product = (unsigned)product };
	span_copy(span_of(name), device->path, sizeof device->path);
	device->bus = number_in(root, name, "busnum", 10);
	device->number = number_in(root, name, "devnum", 10);
	device->mode = usb_known_mode(device->vendor, device->product);
	device->known = usb_known(device->vendor, device->product);
	device->authorized = number_in(root, name, "authorized", 10) != 0;
	return 0;
}

/* "1-1.2:1.2" is an interface of 1-1.2. */
static size_t device_of(const struct usb_tree *tree, const char *interface)
{
	size_t len = strcspn(interface, ":");
	size_t i = 0;

	while (i < tree->device_count && (strlen(tree->devices[i].path) != len ||
					  strncmp(tree->devices[i].path, interface, len) != 0))
		i++;
	return i;
}

static int add_port(struct usb_tree *tree, const char *root, const char *interface,
		    const char *name)
{
	size_t device = device_of(tree, interface);
	struct usb_port *port;

	if (device == tree->device_count)
		return 0;
	if (array_grow(&tree->ports, &tree->port_cap, tree->port_count + 1, sizeof *tree->ports) <
	    0)
		return -1;
	port = &tree->ports[tree->port_count++];
	*port = (struct usb_port){ .device = device };
	span_copy(span_of(name), port->name, sizeof port->name);
	port->interface = number_in(root, interface, "bInterfaceNumber", 16);
	port->role = usb_known_role(tree->devices[device].vendor, tree->devices[device].product,
				    port->interface,
				    number_in(root, interface, "bInterfaceSubClass", 16),
				    number_in(root, interface, "bInterfaceProtocol", 16));
	return 0;
}

/* The ttys among the entries of a directory; "tty" itself is the directory of an ACM port's. */
static int add_ports(struct usb_tree *tree, const char *root, const char *interface,
		     const char *below)
{
	char path[USB_PATH];
	struct dirent *entry;
	DIR *dir;
	int rc = 0;

	snprintf(path, sizeof path, "%s" DEVICES "/%s%s", root, interface, below);
	dir = opendir(path);
	if (dir == NULL)
		return 0;
	while (rc == 0 && (entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, "tty", 3) == 0 && entry->d_name[3] != '\0')
			rc = add_port(tree, root, interface, entry->d_name);
	closedir(dir);
	return rc;
}

static int read_all(struct usb_tree *tree, DIR *dir, const char *root)
{
	struct dirent *entry;
	int rc = 0;

	while (rc == 0 && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' && strchr(entry->d_name, ':') == NULL)
			rc = add_device(tree, root, entry->d_name);
	rewinddir(dir);
	while (rc == 0 && (entry = readdir(dir)) != NULL) {
		if (strchr(entry->d_name, ':') == NULL)
			continue;
		rc = add_ports(tree, root, entry->d_name, "");
		if (rc == 0)
			rc = add_ports(tree, root, entry->d_name, "/tty");
	}
	return rc;
}

static int by_place(const void *a, const void *b)
{
	const struct usb_port *one = a;
	const struct usb_port *other = b;

	if (one->device != other->device)
		return one->device < other->device ? -1 : 1;
	return one->interface - other->interface;
}

static int by_path(const void *a, const void *b)
{
	const struct usb_device *one = a;
	const struct usb_device *other = b;

	return strcmp(one->path, other->path);
}

/* The directory's order is nobody's: devices by path, then their ports by interface. */
static void sort(struct usb_tree *tree)
{
	char(*paths)[sizeof tree->devices->path] = calloc(tree->port_count + 1, sizeof *paths);

	if (paths == NULL || tree->port_count == 0 || tree->device_count == 0) {
		free(paths);
		return;
	}
	for (size_t i = 0; i < tree->port_count; i++)
		memcpy(paths[i], tree->devices[tree->ports[i].device].path, sizeof *paths);
	qsort(tree->devices, tree->device_count, sizeof *tree->devices, by_path);
	for (size_t i = 0; i < tree->port_count; i++)
		tree->ports[i].device = device_of(tree, paths[i]);
	qsort(tree->ports, tree->port_count, sizeof *tree->ports, by_place);
	free(paths);
}

int usb_tree_read(struct usb_tree *tree, const char *root, struct err *err)
{
	char path[USB_PATH];
	DIR *dir;
	int rc;

	*tree = (struct usb_tree){ 0 };
	snprintf(path, sizeof path, "%s" DEVICES, root);
	dir = opendir(path);
	if (dir == NULL)
		return 0;
	rc = read_all(tree, dir, root);
	closedir(dir);
	if (rc < 0) {
		usb_tree_free(tree);
		return err_nomem(err);
	}
	sort(tree);
	return 0;
}

void usb_tree_free(struct usb_tree *tree)
{
	free(tree->devices);
	free(tree->ports);
	*tree = (struct usb_tree){ 0 };
}

const struct usb_device *usb_tree_device(const struct usb_tree *tree, const char *path)
{
	for (size_t i = 0; i < tree->device_count; i++)
		if (strcmp(tree->devices[i].path, path) == 0)
			return &tree->devices[i];
	return NULL;
}

const struct usb_port *usb_tree_port(const struct usb_tree *tree, const char *name)
{
	for (size_t i = 0; i < tree->port_count; i++)
		if (strcmp(tree->ports[i].name, name) == 0)
			return &tree->ports[i];
	return NULL;
}
