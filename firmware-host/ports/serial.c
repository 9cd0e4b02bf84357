#include "ports/serial.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include <libserialport.h>

/* Linux Documentation/admin-guide/devices.txt: Unix98 pseudo-terminal slaves; virtual consoles; /dev/tty and its kin. */
#define MAJOR_PTS_FIRST 136
#define MAJOR_PTS_LAST  143
#define MAJOR_CONSOLE   4
#define MINOR_UART      64
#define MAJOR_AUX       5

#define BAUD            115200

enum kind { KIND_NONE, KIND_PORT, KIND_PTY };

static bool in_sysfs(const char *real)
{
	char path[PATH_MAX];
	struct stat st;
	int n;

	if (strncmp(real, "/dev/", 5) != 0)
		return false;
	n = snprintf(path, sizeof path, "/sys/class/tty/%s", real + 5);
	return n > 0 && (size_t)n < sizeof path && lstat(path, &st) == 0;
}

static enum kind kind_of(const char *real)
{
	struct stat st;
	unsigned first;

	if (stat(real, &st) < 0 || !S_ISCHR(st.st_mode))
		return KIND_NONE;
	first = major(st.st_rdev);
	if (first >= MAJOR_PTS_FIRST && first <= MAJOR_PTS_LAST)
		return KIND_PTY;
	if (first == MAJOR_AUX || (first == MAJOR_CONSOLE && minor(st.st_rdev) < MINOR_UART))
		return KIND_NONE;
	return in_sysfs(real) ? KIND_PORT : KIND_NONE;
}

/* RTS and DTR are best effort: not every adapter has the lines. */
static int set_up_port(struct sp_port *port)
{
	if (sp_set_baudrate(port, BAUD) != SP_OK || sp_set_bits(port, 8) != SP_OK ||
	    sp_set_parity(port, SP_PARITY_NONE) != SP_OK || sp_set_stopbits(port, 1) != SP_OK ||
	    sp_set_flowcontrol(port, SP_FLOWCONTROL_NONE) != SP_OK)
		return -1;
	sp_set_rts(port, SP_RTS_ON);
	sp_set_dtr(port, SP_DTR_ON);
	return 0;
}

/* The library's part ends with a set-up port: its descriptor is duplicated, and lives on when the library closes its own. */
static int open_port(const char *real, struct err *err)
{
	struct sp_port *port = NULL;
	int own = -1;
	int fd = -1;
	int taken = 0;

	if (sp_get_port_by_name(real, &port) != SP_OK)
		return err_set(err, ERR_INVALID, "%s: not a serial port", real);
	if (sp_open(port, SP_MODE_READ_WRITE) != SP_OK) {
		err_set(err, errno == EBUSY ? ERR_REFUSED : ERR_SYSTEM, "%s: %s", real,
			strerror(errno));
		sp_free_port(port);
		return -1;
	}
	if (set_up_port(port) == 0 && sp_get_port_handle(port, &own) == SP_OK)
		fd = fcntl(own, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		err_set(err, ERR_SYSTEM, "%s: cannot be set up: %s", real, strerror(errno));
	/* root was let in all the same; a pseudo-terminal keeps the mark of a process that is gone */
	if (fd >= 0 && ioctl(fd, TIOCGEXCL, &taken) == 0 && taken != 0) {
		close(fd);
		fd = err_set(err, ERR_REFUSED, "%s: another program has it for itself", real);
	}
	sp_close(port);
	sp_free_port(port);
	return fd;
}

static int open_pty(const char *real, struct err *err)
{
	struct termios t;
	int fd = open(real, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return err_set(err, errno == EBUSY ? ERR_REFUSED : ERR_SYSTEM, "%s: %s", real,
			       strerror(errno));
	if (tcgetattr(fd, &t) == 0) {
		cfmakeraw(&t);
		t.c_cflag |= CLOCAL | CREAD;
		t.c_cflag &= ~(tcflag_t)CRTSCTS;
		cfsetspeed(&t, B115200);
		if (tcsetattr(fd, TCSANOW, &t) == 0)
			return fd;
	}
	err_set(err, ERR_SYSTEM, "%s: cannot be set up: %s", real, strerror(errno));
	close(fd);
	return -1;
}

/* libserialport leaves VMIN at 0, where a read of nothing and a hang-up look the same; with 1 the first is EAGAIN.
 * TIOCEXCL does not stop root, and flock only those who ask: hence both. */
static int make_ours(int fd, const char *real, struct err *err)
{
	struct termios t;

	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return err_set(err, ERR_REFUSED, "%s: another program holds its lock", real);
	if (ioctl(fd, TIOCEXCL) < 0 || tcgetattr(fd, &t) < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", real, strerror(errno));
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	t.c_cflag &= ~(tcflag_t)HUPCL;
	if (tcsetattr(fd, TCSANOW, &t) < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", real, strerror(errno));
	return 0;
}

int serial_open(const char *name, struct err *err)
{
	char *real = realpath(name, NULL);
	int fd = -1;

	if (real == NULL)
		return err_set(err, ERR_INVALID, "%s: %s", name, strerror(errno));
	switch (kind_of(real)) {
	case KIND_PORT:
		fd = open_port(real, err);
		break;
	case KIND_PTY:
		fd = open_pty(real, err);
		break;
	case KIND_NONE:
		err_set(err, ERR_INVALID, "%s: neither a serial port nor a pseudo-terminal", name);
		break;
	}
	if (fd >= 0 && make_ours(fd, real, err) < 0) {
		close(fd);
		fd = -1;
	}
	free(real);
	return fd;
}
