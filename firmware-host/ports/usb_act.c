/* What is done to a USB device, and who else wants it. */
#include "ports/usb_tree.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/usbdevice_fs.h>

#include "base/span.h"

#define DEVICES "/sys/bus/usb/devices"

static int write_attribute(const char *root, const char *file, const char *text, struct err *err)
{
	char path[USB_PATH];
	int fd;
	ssize_t n;

	snprintf(path, sizeof path, "%s%s", root, file);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	n = write(fd, text, strlen(text));
	if (n < 0)
		err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	close(fd);
	return n < 0 ? -1 : 0;
}

int usb_keep_awake(const char *root, const struct usb_device *device, struct err *err)
{
	char file[USB_PATH];
	char text[32];

	snprintf(file, sizeof file, DEVICES "/%s/power/control", device->path);
	usb_attribute(root, file, text, sizeof text);
	if (text[0] == '\0' || strcmp(text, "on") == 0)
		return 0; /* a kernel without it never puts it to sleep */
	if (write_attribute(root, file, "on", err) < 0)
		return -1;
	usb_attribute(root, file, text, sizeof text);
	if (strcmp(text, "on") != 0)
		return err_set(err, ERR_REFUSED, "%s%s stays at \"%s\"", root, file, text);
	return 0;
}

int usb_reset(const char *root, const struct usb_device *device, struct err *err)
{
	char path[USB_PATH];
	int fd;
	int rc;

	snprintf(path, sizeof path, "%s/dev/bus/usb/%03d/%03d", root, device->bus, device->number);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	rc = ioctl(fd, USBDEVFS_RESET, 0);
	if (rc < 0)
		err_set(err, ERR_SYSTEM, "%s: USB reset: %s", path, strerror(errno));
	close(fd);
	return rc < 0 ? -1 : 0;
}

int usb_authorize(const char *root, const struct usb_device *device, bool on, struct err *err)
{
	char file[USB_PATH];

	snprintf(file, sizeof file, DEVICES "/%s/authorized", device->path);
	return write_attribute(root, file, on ? "1" : "0", err);
}

/* Its control group is there while it runs; in a machine without systemd its name is among the processes. */
static bool modem_manager_runs(const char *root)
{
	char path[USB_PATH];
	char text[64];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof path, "%s/sys/fs/cgroup/system.slice/ModemManager.service", root);
	if (access(path, F_OK) == 0)
		return true;
	snprintf(path, sizeof path, "%s/proc", root);
	dir = opendir(path);
	while (dir != NULL && !found && (entry = readdir(dir)) != NULL) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof path, "/proc/%s/comm", entry->d_name);
		usb_attribute(root, path, text, sizeof text);
		found = strcmp(text, "ModemManager") == 0;
	}
	if (dir != NULL)
		closedir(dir);
	return found;
}

bool usb_contested(const char *root, const char *port)
{
	char path[USB_PATH];
	char number[32];
	char line[200];
	bool tagged = false;
	FILE *file;

	if (!modem_manager_runs(root))
		return false;
	snprintf(path, sizeof path, "/sys/class/tty/%s/dev", port);
	usb_attribute(root, path, number, sizeof number);
	snprintf(path, sizeof path, "%s/run/udev/data/c%s", root, number);
	file = fopen(path, "re");
	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		tagged = tagged || span_starts(span_of(line), "E:ID_MM_DEVICE_IGNORE=1") ||
			 span_starts(span_of(line), "E:ID_MM_PORT_IGNORE=1");
	if (file != NULL)
		fclose(file);
	return !tagged;
}
