#include "watchdog.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/span.h"

#define SIGNS 3 /* in one of systemd's periods */

static int64_t number_of(const char *name)
{
	const char *text = getenv(name);
	int64_t n = 0;

	return text != NULL && span_int(span_of(text), &n) ? n : 0;
}

/* A path, or with '@' in front an abstract name (sd_notify(3)). */
static int connect_to(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = name == NULL ? 0 : strlen(name);
	int fd;

	if (len < 2 || len >= sizeof address.sun_path || (name[0] != '/' && name[0] != '@'))
		return -1;
	memcpy(address.sun_path, name, len);
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address,
			       (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

void watchdog_init(struct watchdog *watchdog)
{
	int64_t pid = number_of("WATCHDOG_PID");

	*watchdog = (struct watchdog){ .fd = connect_to(getenv("NOTIFY_SOCKET")) };
	if (watchdog->fd >= 0 && (pid == 0 || pid == getpid()))
		watchdog->period_ms = number_of("WATCHDOG_USEC") / 1000 / SIGNS;
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

void watchdog_deinit(struct watchdog *watchdog)
{
	if (watchdog->fd >= 0)
		close(watchdog->fd);
	watchdog->fd = -1;
}

void watchdog_say(const struct watchdog *watchdog, const char *state)
{
	/* One that is lost is followed by another. */
	if (watchdog->fd >= 0 && send(watchdog->fd, state, strlen(state), MSG_NOSIGNAL) < 0)
		return;
}

bool watchdog_turn(struct watchdog *watchdog, bool stepped, struct when now)
{
	if (watchdog->period_ms <= 0 || now.mono_ms < watchdog->due)
		return false;
	if (watchdog->asked && stepped)
		watchdog_say(watchdog, "WATCHDOG=1");
	watchdog->due = now.mono_ms + watchdog->period_ms;
	/* One that has not answered yet is not asked twice: its answer would count for now. */
	if (watchdog->asked && !stepped)
		return false;
	watchdog->asked = true;
	return true;
}

int64_t watchdog_deadline(const struct watchdog *watchdog)
{
	return watchdog->period_ms > 0 ? watchdog->due : WHEN_NEVER;
}
