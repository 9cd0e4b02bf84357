#include "ports/port_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "ports/usb_tree.h"

static void name_of(const char *port, char *file, size_t size)
{
	snprintf(file, size, "/run/lock/LCK..%s", port);
}

/* Who holds it; 0: nobody.  What is no number was written by nobody who still lives. */
static pid_t holder(const char *root, const char *file)
{
	char text[32];
	long pid;

	usb_attribute(root, file, text, sizeof text);
	pid = strtol(text, NULL, 10);
	if (pid <= 0 || pid > INT32_MAX || (kill((pid_t)pid, 0) < 0 && errno == ESRCH))
		return 0;
	return (pid_t)pid;
}

int port_lock(const char *root, const char *port, struct err *err)
{
	char file[USB_PATH];
	char path[USB_PATH];
	char text[16];
	pid_t pid;
	int fd;

	name_of(port, file, sizeof file);
	snprintf(path, sizeof path, "%s%s", root, file);
	pid = holder(root, file);
	if (pid != 0 && pid != getpid())
		return err_set(err, ERR_REFUSED, "%s: process %ld has locked it (%s)", port,
			       (long)pid, path);
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return 0;
	snprintf(text, sizeof text, "%10ld\n", (long)getpid());
	if (write(fd, text, strlen(text)) < 0)
		unlink(path);
	close(fd);
	return 0;
}

void port_unlock(const char *root, const char *port)
{
	char file[USB_PATH];
	char path[USB_PATH];

	name_of(port, file, sizeof file);
	snprintf(path, sizeof path, "%s%s", root, file);
	if (holder(root, file) == getpid())
		unlink(path);
}
