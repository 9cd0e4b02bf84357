#include "cli/client.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define AGAIN_AFTER_MS 200

static int64_t mono_ms(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What to do about it. */
static const char *advice(int error)
{
	if (error == ENOENT || error == ECONNREFUSED)
		return "; start it: systemctl start tocsind";
	if (error == EACCES)
		return "; you are not in group tocsin: sudo usermod -aG tocsin $USER, then log in "
		       "anew";
	return "";
}

static int dial(const char *path, struct err *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (!span_copy(span_of(path), address.sun_path, sizeof address.sun_path))
		return err_set(err, ERR_INVALID, "the path has more than %zu bytes",
			       sizeof address.sun_path - 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	err_set(err, ERR_SYSTEM, "%s%s", strerror(errno), advice(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* True if any byte of it left: then the gateway may have taken it. */
static bool send_line(int fd, struct span line)
{
	bool some = false;

	while (line.len > 0) {
		ssize_t n = send(fd, line.at, line.len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return some;
		some = true;
		line = span_skip(line, (size_t)n);
	}
	return send(fd, "\n", 1, MSG_NOSIGNAL) == 1 || some;
}

/* Appends what comes to `in` until it holds a newline.  The line's length, or -1: the end, an error, or out of time. */
static int64_t receive_line(int fd, int64_t deadline, struct buf *in)
{
	const char *end = in->len > 0 ? memchr(in->at, '\n', in->len) : NULL;
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char bytes[4096];

	while (end == NULL && !in->failed) {
		int64_t left = deadline == INT64_MAX ? -1 : deadline - mono_ms();
		ssize_t n;

		if (deadline != INT64_MAX && left <= 0)
			return -1;
		if (poll(&ready, 1, (int)left) < 0 && errno == EINTR)
			continue;
		n = ready.revents != 0 ? recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) : 0;
		if (n <= 0)
			return -1;
		buf_add(in, (struct span){ bytes, (size_t)n });
		end = memchr(in->at, '\n', in->len);
	}
	return end != NULL ? (int64_t)(end - in->at) : -1;
}

/* All places at the gateway are taken: as good as not asked. */
static bool is_busy(const struct buf *answer)
{
	return strstr(buf_text(answer), "\"busy\":true") != NULL;
}

static bool ask_once(int fd, struct span line, int64_t deadline, bool *sent, struct buf *answer)
{
	int64_t len;

	buf_clear(answer);
	*sent |= send_line(fd, line);
	len = receive_line(fd, deadline, answer);
	if (len < 0)
		return false;
	answer->len = (size_t)len;
	answer->at[len] = '\0';
	return true;
}

int client_ask(const char *path, struct span line, struct client_wish wish, struct buf *answer,
	       struct err *err)
{
	const struct timespec pause = { .tv_nsec = AGAIN_AFTER_MS * 1000000L };
	int64_t deadline = mono_ms() + (wish.within_ms > 0 ? wish.within_ms : CLIENT_WITHIN_MS);
	bool sent = false;

	do {
		int fd = dial(path, err);
		bool answered = fd >= 0 && ask_once(fd, line, deadline, &sent, answer);

		if (fd >= 0)
			close(fd);
		if (answered && !(wish.again && is_busy(answer)))
			return 0;
		if (!sent && fd < 0)
			return CLIENT_UNREACHABLE;
		if (wish.again)
			nanosleep(&pause, NULL);
	} while (wish.again && mono_ms() < deadline);
	err_set(err, ERR_TIMEOUT, "no answer came");
	return sent ? CLIENT_UNKNOWN : CLIENT_UNREACHABLE;
}

int client_follow(const char *path, struct span line, void (*each)(struct span line),
		  struct err *err)
{
	struct buf in = { 0 };
	int fd = dial(path, err);
	int64_t len;

	if (fd < 0)
		return CLIENT_UNREACHABLE;
	send_line(fd, line);
	while ((len = receive_line(fd, INT64_MAX, &in)) >= 0) {
		each((struct span){ in.at, (size_t)len });
		buf_drop(&in, (size_t)len + 1);
	}
	buf_free(&in);
	close(fd);
	err_set(err, ERR_SYSTEM, "the gateway hung up");
	return CLIENT_UNKNOWN;
}
