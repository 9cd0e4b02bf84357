/* The command line as a program, against a server that answers what the test wants. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/span.h"
#include "tests/support/fake_server.h"
#include "tests/support/program.h"
#include "tests/support/unit.h"

static struct fake_server fake;
static struct program tocsin;

static int set_up(void **state)
{
	(void)state;
	fake = (struct fake_server){ 0 };
	fake_directory(&fake);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fake_stop(&fake);
	fake_remove(&fake);
	return 0;
}

static bool contains(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		return true;
	print_error("\"%s\" lacks \"%s\"\n", text, part);
	return false;
}

#define RUN(...)   program_run(&tocsin, fake.socket, (const char *const[]){ __VA_ARGS__, NULL })
#define START(...) program_start(&tocsin, fake.socket, (const char *const[]){ __VA_ARGS__, NULL })

static void test_tocsin_page_prints_id_and_code_and_warns_aside(void **state)
{
	(void)state;
	fake_start(&fake);
	CHECK(RUN("tocsin", "page", "--to", "ada", "--message", "x") == 0);
	CHECK(strcmp(tocsin.said, "p17 code 4711\n") == 0);
	CHECK(strcmp(tocsin.cried, "tocsin: warning: no runbook link\n") == 0);
	CHECK(RUN("tocsin", "page", "--to", "ada", "--message", "x", "--json") == 0);
	CHECK(tocsin.said[0] == '{' && contains(tocsin.said, "\"durable\":true"));
}

/* The ids that pages came with: how many, and whether they were all the same. */
static int request_ids(bool *same)
{
	char path[128];
	char first[64] = "";
	char line[64];
	int count = 0;
	FILE *file;

	snprintf(path, sizeof path, "%s/requests", fake.directory);
	file = fopen(path, "r");
	*same = true;
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		if (count++ == 0)
			memcpy(first, line, sizeof first);
		*same &= strcmp(first, line) == 0 && strlen(line) == 33;
	}
	if (file != NULL)
		fclose(file);
	return count;
}

static void test_tocsin_page_is_sent_again_with_its_id_when_the_gateway_dies(void **state)
{
	bool same;

	(void)state;
	fake.dies_on_page = true;
	fake_start(&fake);
	START("tocsin", "page", "--to", "ada", "--message", "x");
	waitpid(fake.pid, NULL, 0);
	fake.dies_on_page = false;
	usleep(500000);
	fake_start(&fake);
	program_wait(&tocsin);
	CHECK(tocsin.status == 0 && contains(tocsin.said, "p17 code 4711"));
	CHECK(request_ids(&same) == 2);
	CHECK(same);
}

static void test_tocsin_page_says_unknown_when_the_gateway_stays_dead(void **state)
{
	(void)state;
	fake.dies_on_page = true;
	fake_start(&fake);
	CHECK(RUN("tocsin", "page", "--to", "ada", "--message", "x") == 1);
	CHECK(contains(tocsin.cried, "unknown, repeating is harmless"));
}

static void test_tocsin_other_commands_are_not_repeated(void **state)
{
	(void)state;
	fake_start(&fake);
	START("tocsin", "ack", "p1");
	program_wait(&tocsin);
	CHECK(tocsin.status == 1 && contains(tocsin.cried, "tocsin: ack: no such command"));
}

static void test_tocsin_exits_3_when_nothing_was_ever_sent(void **state)
{
	(void)state;
	CHECK(RUN("tocsin", "page", "--to", "ada", "--message", "x") == 3);
	CHECK(contains(tocsin.cried, "gateway not reachable at"));
	CHECK(RUN("tocsin", "list", "--socket", "/nowhere") == 3);
	CHECK(contains(tocsin.cried, "/nowhere"));
	CHECK(contains(tocsin.cried, "start it: systemctl start tocsind"));
	CHECK(RUN("tocsin", "events", "--follow") == 3);
	fake_start(&fake);
}

static void test_tocsin_page_that_is_not_durable_is_no_success(void **state)
{
	(void)state;
	fake.not_durable = true;
	fake_start(&fake);
	CHECK(RUN("tocsin", "page", "--to", "ada", "--message", "x", "--wait") == 1);
	CHECK(contains(tocsin.cried, "paging, NOT durable"));
	CHECK(contains(tocsin.cried, "p17") && contains(tocsin.cried, "4711"));
}

static void test_tocsin_page_waits_for_the_ack(void **state)
{
	(void)state;
	fake_start(&fake);
	CHECK(RUN("tocsin", "page", "--message", "x", "--wait=0") == 4);
	CHECK(contains(tocsin.cried, "nobody has taken it within 0"));
	CHECK(RUN("tocsin", "page", "--message", "x", "--wait", "1m") == 0);
	CHECK(contains(tocsin.said, "p17 code 4711\nacked by ada\n"));
}

static void test_tocsin_usage_is_exit_2_and_help_is_exit_0(void **state)
{
	(void)state;
	fake_start(&fake);
	CHECK(RUN("tocsin", "page", "--mesage", "x") == 2);
	CHECK(contains(tocsin.cried, "did you mean --message?"));
	CHECK(RUN("tocsin", "page") == 2);
	CHECK(contains(tocsin.cried, "--message"));
	CHECK(RUN("tocsin", "page", "--to", "a", "--rotation", "b", "--message", "x") == 2);
	CHECK(RUN("tocsin", "page", "--message", "x", "--wait=soon") == 2);
	CHECK(RUN("tocsin", "timeline", "p1", "--format", "xml") == 2);
	CHECK(RUN("tocsin", "--help") == 0 && contains(tocsin.said, "incident open"));
	CHECK(contains(tocsin.said, "\nLooking:\n") && contains(tocsin.said, "tocsin ack p17"));
	CHECK(RUN("tocsin", "page", "--help") == 0 && contains(tocsin.said, "--runbook"));
	CHECK(RUN("tocsin", "pdu", "--help") == 0 && contains(tocsin.said, "--status-report"));
	CHECK(RUN("tocsin", "check", "/nowhere") == 1);
	CHECK(contains(tocsin.cried, "tocsin: check: /nowhere: No such file"));
	CHECK(contains(tocsin.cried, "; name a configuration that can be read"));
	CHECK(RUN("tocsin-sim", "--help") == 0 && contains(tocsin.said, "usage: tocsin-sim"));
	CHECK(RUN("tocsin", "check", "config/examples/demo.cfg") == 0);
	CHECK(contains(tocsin.cried, ": warning: policies.steps.wait: 8 s"));
	CHECK(RUN("tocsin", "incident") == 2 && contains(tocsin.cried, "\"incident open\"?"));
	CHECK(RUN("tocsin", "pdu", "print") == 2 &&
	      contains(tocsin.cried, "decode or encode; use:"));
	CHECK(RUN("tocsin-sim") == 2 && contains(tocsin.cried, "usage: tocsin-sim"));
}

static void test_tocsin_follows_events_line_by_line(void **state)
{
	int fd;

	(void)state;
	fake_start(&fake);
	START("tocsin", "events");
	usleep(300000);
	fd = fake_connect(&fake);
	fake_ask(fd, "{\"command\":\"tell\",\"text\":\"{\\\"time\\\":\\\"2026-11-21T05:07:13Z\\\","
		     "\\\"name\\\":\\\"page.opened\\\",\\\"page\\\":\\\"p1\\\","
		     "\\\"text\\\":\\\"a\\\\u001b[2Jb\\\"}\"}\n");
	close(fd);
	usleep(200000);
	kill(tocsin.pid, SIGTERM);
	program_wait(&tocsin);
	CHECK(contains(tocsin.said, "2026-11-21T05:07:13Z  page.opened"));
	CHECK(contains(tocsin.said, "p1  a?[2Jb\n"));
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SERVER(test_tocsin_page_prints_id_and_code_and_warns_aside),
		WITH_SERVER(test_tocsin_page_is_sent_again_with_its_id_when_the_gateway_dies),
		WITH_SERVER(test_tocsin_page_says_unknown_when_the_gateway_stays_dead),
		WITH_SERVER(test_tocsin_other_commands_are_not_repeated),
		WITH_SERVER(test_tocsin_exits_3_when_nothing_was_ever_sent),
		WITH_SERVER(test_tocsin_page_that_is_not_durable_is_no_success),
		WITH_SERVER(test_tocsin_page_waits_for_the_ack),
		WITH_SERVER(test_tocsin_usage_is_exit_2_and_help_is_exit_0),
		WITH_SERVER(test_tocsin_follows_events_line_by_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
