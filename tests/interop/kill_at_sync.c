/* kill_at_sync.c - preloaded into tocsind by the kill test: the process dies at its n-th fsync or fdatasync.
 *
 * The product has no hook for this.  SQLite's commits are syncs of its log, so every commit point can be hit, on
 * both sides.  TOCSIN_KILL_SYNC is "N before", "N after" or "N cut"; in a power cut what was written since the last sync
 * of a file is taken back first, as if the machine had lost its page cache (SIGKILL alone loses nothing of it).
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum moment { BEFORE, AFTER, CUT };

struct written { /* what stood there before a write that is not synced yet */
	int fd;
	off_t offset;
	off_t size; /* of the file */
	size_t had; /* bytes of it that stood there */
	char *bytes;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct written *pending;
static size_t pending_count;
static size_t pending_cap;
static long syncs;
static long kill_at; /* 0: never */
static enum moment moment;

__attribute__((constructor)) static void configure(void)
{
	const char *order = getenv("TOCSIN_KILL_SYNC");
	char *end = NULL;

	if (order == NULL)
		return;
	kill_at = strtol(order, &end, 10);
	moment = strcmp(end, " cut") == 0 ? CUT : strcmp(end, " after") == 0 ? AFTER : BEFORE;
}

/* ISO C has no cast from an object pointer to a function pointer; POSIX promises that the bytes are the same. */
static void find(void *function, const char *name)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	if (symbol == NULL)
		abort();
	memcpy(function, &symbol, sizeof symbol);
}

static ssize_t real_write(int fd, const void *bytes, size_t len, off_t offset)
{
	static ssize_t (*next)(int, const void *, size_t, off_t);

	if (next == NULL)
		find(&next, "pwrite64");
	return next(fd, bytes, len, offset);
}

static void die(void)
{
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

static void take_back(void)
{
	for (size_t i = pending_count; i > 0; i--) {
		const struct written *w = &pending[i - 1];

		if (real_write(w->fd, w->bytes, w->had, w->offset) != (ssize_t)w->had ||
		    ftruncate(w->fd, w->size) < 0)
			abort();
	}
}

static void settle(int fd)
{
	size_t kept = 0;

	for (size_t i = 0; i < pending_count; i++) {
		if (pending[i].fd == fd)
			free(pending[i].bytes);
		else
			pending[kept++] = pending[i];
	}
	pending_count = kept;
}

static void remember(int fd, size_t len, off_t offset)
{
	struct written *w;
	struct stat st;
	ssize_t n;

	if (pending_count == pending_cap) {
		struct written *grown;

		pending_cap = pending_cap * 2 + 64;
		grown = realloc(pending, pending_cap * sizeof *pending);
		if (grown == NULL)
			abort();
		pending = grown;
	}
	if (fstat(fd, &st) < 0)
		abort();
	w = &pending[pending_count++];
	*w = (struct written){ .fd = fd, .offset = offset, .size = st.st_size };
	w->bytes = malloc(len);
	n = w->bytes == NULL ? -1 : pread(fd, w->bytes, len, offset);
	if (n < 0)
		abort();
	w->had = (size_t)n;
}

static int sync_through(const char *name, int fd)
{
	int (*next)(int);
	bool now;
	int rc;

	find(&next, name);
	pthread_mutex_lock(&lock);
	now = kill_at > 0 && ++syncs == kill_at;
	if (now && moment == CUT)
		take_back();
	if (now && moment != AFTER)
		die();
	rc = next(fd);
	if (now)
		die();
	settle(fd);
	pthread_mutex_unlock(&lock);
	return rc;
}

int fsync(int fd)
{
	return sync_through("fsync", fd);
}

int fdatasync(int fd)
{
	return sync_through("fdatasync", fd);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t offset)
{
	ssize_t rc;

	pthread_mutex_lock(&lock);
	if (kill_at > 0 && moment == CUT)
		remember(fd, len, offset);
	rc = real_write(fd, bytes, len, offset);
	pthread_mutex_unlock(&lock);
	return rc;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset)
{
	return pwrite64(fd, bytes, len, offset);
}
