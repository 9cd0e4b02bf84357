#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "tests/support/unit.h"

struct stage {
	struct loop *loop;
	struct children *children;
	int ended;
	int want; /* ends the loop when as many have ended */
	int status;
	char output[64];
	size_t len;
	char why[200];
};

static void ended(void *owner, const struct child_result *result)
{
	struct stage *stage = owner;

	stage->ended++;
	stage->status = result->status;
	stage->len = result->output.len;
	span_copy(result->output, stage->output, sizeof stage->output);
	span_copy(span_of(result->why), stage->why, sizeof stage->why);
	if (stage->ended == stage->want)
		loop_stop(stage->loop);
}

static int64_t turn(void *owner, struct when now)
{
	struct stage *stage = owner;

	children_tick(stage->children, now);
	return children_deadline(stage->children);
}

static void stage_open(struct stage *stage)
{
	struct err err;

	signal(SIGPIPE, SIG_IGN); /* as the daemon does */
	*stage = (struct stage){ .want = 1, .status = -99 };
	CHECK(loop_new(&stage->loop, &err) == 0);
	CHECK(children_new(&stage->children, stage->loop, &err) == 0);
}

static void stage_close(struct stage *stage)
{
	children_free(stage->children);
	loop_free(stage->loop);
}

static int64_t start(struct stage *stage, const char *script, struct child_spec spec)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	struct err err;

	spec.argv = argv;
	return children_start(stage->children, &spec, (struct child_calls){ ended, stage },
			      loop_now(stage->loop), &err);
}

static void run(struct stage *stage)
{
	struct err err;

	CHECK(loop_run(stage->loop, turn, stage, &err) == 0);
}

static const struct child_spec small = { .output_max = 1000, .limit_ms = 20000 };

static void test_child_is_told_and_says(void **state)
{
	static const struct {
		const char *name, *script, *input;
		int status;
		const char *output, *why;
	} rows[] = {
		{ "copies", "cat", "one two", 0, "one two", "" },
		{ "needs no input", "echo hello", "", 0, "hello\n", "" },
		{ "does not read its input", "echo done", "more than it wants", 0, "done\n", "" },
		{ "closes its output early", "exec >&-; exit 0", "", 0, "", "" },
		{ "warns", "echo careful >&2", "", 0, "", "careful" },
		{ "fails", "echo first >&2; echo why >&2; exit 3", "", 3, "",
		  "it ended with status 3: why" },
		{ "is killed", "kill -9 $$", "", -1, "", "it was ended by signal 9" },
		{ "is not there", "exec /nonexistent/voice", "", 127, "", NULL },
		{ "writes more than it may", "while :; do echo 0123456789; done", "", -1, NULL,
		  "it wrote too much" },
		{ "has the added environment", "printf %s \"$VOICE\"", "", 0, "kal", "" },
		{ "has none of our descriptors", "ls /proc/self/fd | tr '\\n' ' '", "", 0,
		  "0 1 2 3 ", "" },
		{ "takes a pipe's worth of signals as usual", "trap '' INT; yes | head -1", "", 0,
		  "y\n", "" },
	};
	static const char *const env[] = { "VOICE=kal", NULL };
	int open_here = open("/dev/null", O_RDONLY);

	(void)state;
	CHECK(open_here > 2);
	setenv("VOICE", "ours", 1);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct child_spec spec = small;
		struct stage stage;

		stage_open(&stage);
		spec.input = span_of(rows[i].input);
		spec.env = env;
		CHECK_ROW(start(&stage, rows[i].script, spec) > 0, rows[i].name);
		run(&stage);
		CHECK_ROW(stage.status == rows[i].status, rows[i].name);
		CHECK_ROW(rows[i].output == NULL || strcmp(stage.output, rows[i].output) == 0,
			  rows[i].name);
		CHECK_ROW(rows[i].why == NULL || strcmp(stage.why, rows[i].why) == 0, rows[i].name);
		stage_close(&stage);
	}
	unsetenv("VOICE");
	close(open_here);
}

static void test_child_a_missing_program_is_an_end_as_any_other(void **state)
{
	const char *const argv[] = { "/nonexistent/voice", NULL };
	struct child_spec spec = small;
	struct stage stage;
	struct err err;

	(void)state;
	stage_open(&stage);
	spec.argv = argv;
	CHECK(children_start(stage.children, &spec, (struct child_calls){ ended, &stage },
			     loop_now(stage.loop), &err) > 0);
	run(&stage);
	CHECK(stage.status == 127);
	stage_close(&stage);
}

static void test_child_large_input_and_output_at_once(void **state)
{
	struct child_spec spec = { .output_max = 1 << 20, .limit_ms = 20000 };
	size_t size = 1 << 20;
	char *much = malloc(size);
	struct stage stage;

	(void)state;
	memset(much, 'x', size);
	stage_open(&stage);
	spec.input = (struct span){ much, size };
	CHECK(start(&stage, "cat", spec) > 0);
	run(&stage);
	CHECK(stage.status == 0 && stage.len == size);
	stage_close(&stage);
	free(much);
}

/* The time limit ends the program and what it started; nothing of it is left to hold a lock or a device. */
static void test_child_that_hangs_ends_with_all_it_started(void **state)
{
	char path[] = "/tmp/tocsin-child-XXXXXX";
	int alive = mkstemp(path);
	struct child_spec spec = { .output_max = 10, .limit_ms = 300 };
	char script[100];
	struct stage stage;
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	(void)state;
	CHECK(alive >= 0);
	snprintf(script, sizeof script, "(flock 9; sleep 600) 9>%s & sleep 600", path);
	stage_open(&stage);
	CHECK(start(&stage, script, spec) > 0);
	run(&stage);
	CHECK(stage.status == -1 && strcmp(stage.why, "it took too long") == 0);
	CHECK(fcntl(alive, F_SETLK, &lock) == 0);
	stage_close(&stage);
	unlink(path);
	close(alive);
}

static void test_child_limits_of_time_and_memory_hold(void **state)
{
	static const struct {
		const char *name, *script;
		int cpu_s, memory_mb;
	} rows[] = {
		{ "processor time", "while :; do :; done", 1, 0 },
		{ "memory", "exec dd if=/dev/zero of=/dev/null bs=200M count=1", 0, 100 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct child_spec spec = small;
		struct stage stage;

		stage_open(&stage);
		spec.cpu_s = rows[i].cpu_s;
		spec.memory_mb = rows[i].memory_mb;
		CHECK_ROW(start(&stage, rows[i].script, spec) > 0, rows[i].name);
		run(&stage);
		CHECK_ROW(stage.status != 0 && strcmp(stage.why, "it took too long") != 0,
			  rows[i].name);
		stage_close(&stage);
	}
}

static void test_child_that_is_stopped_is_not_heard_of(void **state)
{
	struct stage stage;
	int64_t id;

	(void)state;
	stage_open(&stage);
	id = start(&stage, "sleep 600", small);
	CHECK(id > 0 && start(&stage, "echo other", small) > id);
	children_stop(stage.children, id);
	children_stop(stage.children, id);
	run(&stage);
	CHECK(stage.ended == 1 && strcmp(stage.output, "other\n") == 0);
	CHECK(children_deadline(stage.children) == WHEN_NEVER);
	stage_close(&stage);
}

static void test_child_many_side_by_side(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage);
	stage.want = 20;
	for (int i = 0; i < stage.want; i++)
		CHECK(start(&stage, "cat", small) > 0);
	run(&stage);
	CHECK(stage.ended == 20 && stage.status == 0);
	stage_close(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_child_is_told_and_says),
		cmocka_unit_test(test_child_a_missing_program_is_an_end_as_any_other),
		cmocka_unit_test(test_child_large_input_and_output_at_once),
		cmocka_unit_test(test_child_that_hangs_ends_with_all_it_started),
		cmocka_unit_test(test_child_limits_of_time_and_memory_hold),
		cmocka_unit_test(test_child_that_is_stopped_is_not_heard_of),
		cmocka_unit_test(test_child_many_side_by_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
