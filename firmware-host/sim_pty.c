#include "sim_pty.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static int point_link(const char *link, const char *target, struct err *err)
{
	struct stat st;

	if (lstat(link, &st) == 0) {
		if (!S_ISLNK(st.st_mode))
			return err_set(err, ERR_REFUSED, "%s is in the way and no link", link);
		unlink(link);
	}
	if (symlink(target, link) < 0)
		return err_set(err, ERR_SYSTEM, "%s: %s", link, strerror(errno));
	return 0;
}

static int keep_to_ourselves(int fd)
{
	return fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static int open_pair(struct sim_pty *pty, char *path, size_t size, struct err *err)
{
	struct termios raw = { .c_cflag = CS8 | CREAD | CLOCAL };

	raw.c_cc[VMIN] = 1;
	if (openpty(&pty->master, &pty->slave, NULL, &raw, NULL) < 0)
		return err_set(err, ERR_SYSTEM, "pseudo-terminal: %s", strerror(errno));
	if (ttyname_r(pty->slave, path, size) != 0 || keep_to_ourselves(pty->master) < 0 ||
	    keep_to_ourselves(pty->slave) < 0 || fcntl(pty->master, F_SETFL, O_NONBLOCK) < 0)
		return err_set(err, ERR_SYSTEM, "pseudo-terminal: %s", strerror(errno));
	return 0;
}

int sim_pty_open(struct sim_pty *pty, const char *dir, const char *name, struct err *err)
{
	char path[64];

	*pty = (struct sim_pty){ .master = -1, .slave = -1 };
	if ((size_t)snprintf(pty->link, sizeof pty->link, "%s/%s", dir, name) >= sizeof pty->link) {
		pty->link[0] = '\0';
		return err_set(err, ERR_INVALID, "%s: the path is too long", dir);
	}
	if (open_pair(pty, path, sizeof path, err) < 0 || point_link(pty->link, path, err) < 0) {
		pty->link[0] = '\0'; /* not ours */
		sim_pty_close(pty);
		return -1;
	}
	return 0;
}

void sim_pty_close(struct sim_pty *pty)
{
	if (pty->link[0] != '\0')
		unlink(pty->link);
	if (pty->slave >= 0)
		close(pty->slave);
	if (pty->master >= 0)
		close(pty->master);
	*pty = (struct sim_pty){ .master = -1, .slave = -1 };
}
