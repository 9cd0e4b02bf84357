/* bench_latency - from a page to the first byte of its AT+CMGS, and what an idle gateway costs.
 *
 * Real processes: tocsind on this machine's disk, tocsin-sim without any latency, one modem; caps off, bundling window 0
 * (DESIGN.md 9).  Both ends are read from CLOCK_BOOTTIME: the request just before its line is written to the socket,
 * AT+CMGS as tocsin-sim reads it (stamp_read.c), so the durable commit and the pseudo-terminal are part of it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/span.h"
#include "tests/support/bed.h"

#define PAGES     200
#define APART_MS  60 /* the modem is idle again */
#define SETTLE_MS 5000
#define IDLE_S    60L
#define STAMPS    "stamps"

static const char config[] =
	"country = \"1\"; socket = \"tocsin.sock\"; database = \"tocsin.db\";\n"
	"default_rotation = \"r\"; operators = [ \"ada\" ];\n"
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); } );\n"
	"rotations = ( { name = \"r\"; members = [ \"ada\" ]; slots = [ \"primary\" ];\n"
	"  starts = \"2026-01-05 10:00\"; shift = \"366 days\"; } );\n"
	"policies = ( { name = \"p\"; steps = ( { to = [ \"ada\" ]; wait = \"1 h\"; } ); } );\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; } );\n"
	"budget = { sms = 100000; calls = 100000; call_minutes = 100000; };\n"
	"times = { call_after = \"10 min\"; bundle = \"0 s\"; };\n";

static const char world[] = "modem alpha +15550100090 simcom\n"
			    "phone ada +15550100001 ignores\n";

static int64_t now_ns(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return (*x > *y) - (*x < *y);
}

static void row(const char *what, double value, const char *unit)
{
	printf("  %-58s %.1f%s\n", what, value, unit);
}

static void percentiles(const char *what, int64_t *ns, size_t count)
{
	size_t half = count / 2;
	size_t most = count * 99 / 100;

	qsort(ns, count, sizeof *ns, compare);
	printf("  %-58s p50 %6.2f ms   p99 %6.2f ms\n", what, (double)ns[half] / 1e6,
	       (double)ns[most] / 1e6);
}

/* ---- the disk alone ---- */

static void bench_disk(void)
{
	static const char block[4096];
	static int64_t took[PAGES];
	int fd = open("disk.tmp", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	for (size_t i = 0; i < PAGES; i++) {
		int64_t began = now_ns();

		if (pwrite(fd, block, sizeof block, (off_t)(i * sizeof block)) < 0 ||
		    fdatasync(fd) < 0)
			perror("disk.tmp");
		took[i] = now_ns() - began;
	}
	close(fd);
	unlink("disk.tmp");
	percentiles("4 kB written and synced, this disk alone", took, PAGES);
}

/* ---- latency ---- */

static bool wait_ready(struct bed *bed)
{
	int64_t deadline = bed_now() + 10000;
	bool ready = false;

	while (!ready && bed_now() < deadline) {
		json_t *answer = bed_ask("{\"command\":\"status\"}");

		ready = strcmp(bed_text(answer, "state", NULL), "ok") == 0;
		json_decref(answer);
		bed_look(bed);
	}
	return ready;
}

static int dial(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "tocsin.sock" };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 ? fd : -1;
}

/* The stamp of the n-th AT+CMGS, or 0 when it does not come. */
static int64_t stamp_of(size_t n)
{
	int64_t deadline = bed_now() + 5000;
	int fd = open(STAMPS, O_RDONLY | O_CLOEXEC);
	int64_t ns = 0;

	while (fd >= 0 && bed_now() < deadline &&
	       pread(fd, &ns, sizeof ns, (off_t)(n * sizeof ns)) != sizeof ns)
		bed_pause(1);
	if (fd >= 0)
		close(fd);
	return ns;
}

static bool bench_pages(void)
{
	static int64_t to_modem[PAGES];
	static int64_t to_answer[PAGES];
	int fd = dial();
	char line[120];
	char answer[1000];

	for (size_t i = 0; i < PAGES; i++) {
		int len = snprintf(line, sizeof line,
				   "{\"command\":\"page\",\"message\":\"disk %zu is full\","
				   "\"request\":\"bench-%zu\"}\n",
				   i, i);
		int64_t began = now_ns();
		int64_t sent;

		if (send(fd, line, (size_t)len, 0) != len ||
		    recv(fd, answer, sizeof answer, 0) <= 0)
			return false;
		to_answer[i] = now_ns() - began;
		sent = stamp_of(i);
		if (sent == 0)
			return false;
		to_modem[i] = sent - began;
		bed_pause(APART_MS);
	}
	close(fd);
	percentiles("page written to the socket -> AT+CMGS at the modem", to_modem, PAGES);
	percentiles("page written to the socket -> answer (durable)", to_answer, PAGES);
	return true;
}

/* ---- idle ---- */

struct cost {
	long wakeups;
	int64_t cpu_ns;
};

static long number_behind(const char *file, const char *key)
{
	struct buf text = { 0 };
	const char *at;
	long n = 0;

	if (bed_read(file, &text) && (at = strstr(buf_text(&text), key)) != NULL)
		n = strtol(at + strlen(key), NULL, 10);
	buf_free(&text);
	return n;
}

/* Over all threads: each time one goes to sleep it has been woken up. */
static struct cost cost_of(pid_t pid)
{
	struct cost cost = { 0 };
	char path[300];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "/proc/%d/task/%.20s/status", (int)pid, entry->d_name);
		cost.wakeups += number_behind(path, "\nvoluntary_ctxt_switches:");
		snprintf(path, sizeof path, "/proc/%d/task/%.20s/schedstat", (int)pid,
			 entry->d_name);
		cost.cpu_ns += number_behind(path, "");
	}
	if (dir != NULL)
		closedir(dir);
	return cost;
}

static void bench_idle(const struct bed *bed)
{
	char smaps[64];
	struct cost before;
	struct cost after;

	snprintf(smaps, sizeof smaps, "/proc/%d/smaps_rollup", (int)bed->daemon);
	bed_pause(SETTLE_MS);
	before = cost_of(bed->daemon);
	bed_pause(IDLE_S * 1000);
	after = cost_of(bed->daemon);
	row("idle, one modem: wake-ups a minute",
	    (double)(after.wakeups - before.wakeups) * 60 / IDLE_S, "");
	row("idle, one modem: CPU a minute",
	    (double)(after.cpu_ns - before.cpu_ns) / 1e6 * 60 / IDLE_S, " ms");
	row("idle, one modem: anonymous memory",
	    (double)number_behind(smaps, "\nAnonymous:") / 1024, " MB");
	row("idle, one modem: PSS", (double)number_behind(smaps, "\nPss:") / 1024, " MB");
}

/* ---- all ---- */

static bool begin(struct bed *bed)
{
	char preload[1100];
	const char *base = getenv("B");
	bool open;

	if (base == NULL || getcwd(preload, 500) == NULL)
		return false;
	snprintf(preload + strlen(preload), 600, "/%.300s/tests/bench/stamp_read.so", base);
	setenv("LD_PRELOAD", preload, 1);
	setenv("TOCSIN_STAMPS", STAMPS, 1);
	open = bed_open(bed, "bench", config, world);
	unsetenv("LD_PRELOAD");
	unsetenv("TOCSIN_STAMPS");
	return open && bed_start(bed) && wait_ready(bed);
}

int main(void)
{
	struct bed bed;
	bool good = begin(&bed);

	if (good) {
		printf("tocsin, %d pages, one modem without latency, %d ms apart\n", PAGES,
		       APART_MS);
		bench_disk();
		good = bench_pages() && bed_stop(&bed);
	}
	if (good && bed_start(&bed) && wait_ready(&bed)) /* anew: without 200 pages in memory */
		bench_idle(&bed);
	good = good && bed_stop(&bed);
	bed_close(&bed);
	return good ? 0 : 1;
}
