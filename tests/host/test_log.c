/* A line that comes in masses is written once in ten minutes, with how often it came; others go on beside it. */
#include "log.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/unit.h"

static char written[8192];

/* What `run` writes to standard error. */
static void caught(void (*run)(void))
{
	int ends[2];
	int kept = dup(STDERR_FILENO);
	ssize_t n;

	CHECK(pipe(ends) == 0 && kept >= 0);
	dup2(ends[1], STDERR_FILENO);
	run();
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(ends[1]);
	n = read(ends[0], written, sizeof written - 1);
	written[n < 0 ? 0 : n] = '\0';
	close(ends[0]);
}

static void a_million(void)
{
	struct log_limit limit = { 0 };

	for (int i = 0; i < 1000000; i++)
		log_limited(&limit, (struct when){ .mono_ms = 1000 + i }, LOG_LEVEL_WARNING,
			    "port.failed", "port=sim/alpha error=%s", "EIO");
	log_limited(&limit, (struct when){ .mono_ms = 2000 }, LOG_LEVEL_WARNING, "port.failed",
		    "port=sim/beta error=%s", "EIO");
}

static void test_log_says_the_same_once_in_ten_minutes(void **state)
{
	size_t lines = 0;

	(void)state;
	caught(a_million);
	for (const char *at = written; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	CHECK(lines == 3); /* a million milliseconds are 16 minutes: alpha twice, beta once */
	CHECK(strstr(written, "port=sim/alpha error=EIO\n") != NULL);
	CHECK(strstr(written, "port=sim/alpha error=EIO repeated=599999\n") != NULL);
	CHECK(strstr(written, "port=sim/beta error=EIO\n") != NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_log_says_the_same_once_in_ten_minutes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
