/* stamp_read.c - preloaded into tocsin-sim by the bench: notes when bytes with AT+CMGS in them arrive.
 *
 * Appends CLOCK_BOOTTIME in nanoseconds (8 octets) to the file $TOCSIN_STAMPS for each such read().  The transcript has
 * whole milliseconds and is written later; this is the instant at which the modem has the first byte.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int stamps = -1;

__attribute__((constructor)) static void configure(void)
{
	const char *file = getenv("TOCSIN_STAMPS");

	if (file != NULL)
		stamps = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void stamp(void)
{
	struct timespec now = { 0 };
	int64_t ns;

	clock_gettime(CLOCK_BOOTTIME, &now);
	ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	if (write(stamps, &ns, sizeof ns) != sizeof ns)
		abort();
}

ssize_t read(int fd, void *bytes, size_t len)
{
	static ssize_t (*next)(int, void *, size_t);
	ssize_t n;

	if (next == NULL) {
		void *symbol = dlsym(RTLD_NEXT, "read");

		if (symbol == NULL)
			abort();
		memcpy(&next, &symbol, sizeof symbol);
	}
	n = next(fd, bytes, len);
	if (n > 0 && stamps >= 0 && memmem(bytes, (size_t)n, "AT+CMGS", 7) != NULL)
		stamp();
	return n;
}
