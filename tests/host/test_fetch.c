/* HTTP beside the loop, against a real server on this machine. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fetch.h"
#include "tests/support/program.h"
#include "tests/support/unit.h"

static struct program web;
static int port;

struct stage {
	struct loop *loop;
	struct fetches *fetches;
	int ended;
	int want;
	int status;
	char answer[64];
	char why[160];
};

static void ended(void *owner, const struct fetch_result *result)
{
	struct stage *stage = owner;

	stage->ended++;
	stage->status = result->status;
	span_copy(result->answer, stage->answer, sizeof stage->answer);
	span_copy(span_of(result->why), stage->why, sizeof stage->why);
	if (stage->ended == stage->want)
		loop_stop(stage->loop);
}

static int64_t turn(void *owner, struct when now)
{
	struct stage *stage = owner;

	fetches_tick(stage->fetches, now);
	return fetches_deadline(stage->fetches);
}

static void stage_open(struct stage *stage)
{
	struct err err;

	*stage = (struct stage){ .want = 1, .status = -99 };
	CHECK(loop_new(&stage->loop, &err) == 0);
	CHECK(fetches_new(&stage->fetches, stage->loop, &err) == 0);
}

static void stage_close(struct stage *stage)
{
	fetches_free(stage->fetches);
	loop_free(stage->loop);
}

static void start(struct stage *stage, const char *path, struct fetch_spec spec)
{
	char url[80];
	struct err err = { 0 };

	snprintf(url, sizeof url, "http://127.0.0.1:%d%s", port, path);
	if (spec.url == NULL)
		spec.url = url;
	CHECK(fetches_start(stage->fetches, &spec, (struct fetch_calls){ ended, stage }, &err) ==
	      0);
}

static void run(struct stage *stage)
{
	struct err err;

	CHECK(loop_run(stage->loop, turn, stage, &err) == 0);
	CHECK(stage->ended == stage->want);
}

static const struct fetch_spec small = { .answer_max = 1000, .limit_ms = 20000 };

static void test_fetch_brings_and_takes_away(void **state)
{
	static const struct {
		const char *path, *body;
		int status;
		const char *answer;
	} rows[] = {
		{ "/ok", "", 200, "hello" },         { "/ok", "{\"a\":1}", 200, "{\"a\":1}" },
		{ "/created", "x", 202, "" },        { "/move", "", 200, "hello" },
		{ "/move", "posted once", 302, "" }, { "/nowhere", "", 404, "" },
		{ "/fail/1", "x", 500, "broken" },   { "/fail/1", "x", 200, "mended" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct stage stage;
		struct fetch_spec spec = small;

		stage_open(&stage);
		spec.body = span_of(rows[i].body);
		start(&stage, rows[i].path, spec);
		run(&stage);
		CHECK_ROW(stage.status == rows[i].status, rows[i].path);
		CHECK_ROW(strcmp(stage.answer, rows[i].answer) == 0, rows[i].path);
		stage_close(&stage);
	}
}

static void test_fetch_says_why_there_is_no_answer(void **state)
{
	static const struct {
		const char *path, *url, *why;
		int64_t limit_ms;
	} rows[] = {
		{ "/big", NULL, "too long", 20000 },
		{ "/hang", NULL, "timed out", 300 },
		{ "", "http://127.0.0.1:1/", "connect", 5000 },
		{ "", "file:///etc/passwd", "rotocol", 5000 },
		{ "", "http://no such host/", "URL", 5000 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct stage stage;
		struct fetch_spec spec = small;

		stage_open(&stage);
		spec.url = rows[i].url;
		spec.limit_ms = rows[i].limit_ms;
		start(&stage, rows[i].path, spec);
		run(&stage);
		CHECK_ROW(stage.status == 0, rows[i].why);
		if (strstr(stage.why, rows[i].why) == NULL)
			print_error("%s\n", stage.why);
		CHECK_ROW(strstr(stage.why, rows[i].why) != NULL, rows[i].why);
		stage_close(&stage);
	}
}

static void test_fetch_does_many_at_once(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage);
	stage.want = 40;
	for (int i = 0; i < stage.want; i++)
		start(&stage, "/ok", small);
	run(&stage);
	CHECK(stage.status == 200);
	stage_close(&stage);
}

static void test_fetch_that_is_not_awaited_leaves_nothing(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage);
	start(&stage, "/hang", small);
	turn(&stage, loop_now(stage.loop));
	stage_close(&stage);
	CHECK(stage.ended == 0);
}

static int set_up(void **state)
{
	const char *const argv[] = { "/usr/bin/python3", "tests/support/web.py", NULL };
	char line[32] = "";

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	program_start(&web, "", argv);
	for (size_t i = 0; i < sizeof line - 1 && strchr(line, '\n') == NULL; i++)
		if (read(web.out, line + i, 1) != 1)
			return -1;
	port = atoi(line);
	return port > 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	kill(web.pid, SIGKILL);
	program_wait(&web);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fetch_brings_and_takes_away),
		cmocka_unit_test(test_fetch_says_why_there_is_no_answer),
		cmocka_unit_test(test_fetch_does_many_at_once),
		cmocka_unit_test(test_fetch_that_is_not_awaited_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
