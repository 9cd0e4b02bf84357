/* What ended the daemon twice is not eaten a third time; what came beside it is. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "quarantine.h"
#include "tests/support/unit.h"

#define POISON "0791447758100650040C9144770009103200006211027103504008C1E11244BBC562"
#define ACK    "0791447758100650040C9144770009103200006211027103504008C1E11244BBC563"
#define LIST   "\r\n+CMGL: 1,1,,26\r\n" ACK "\r\n+CMGL: 2,1,,26\r\n" POISON "\r\n\r\nOK\r\n"

static char path[64];

static int up(void **state)
{
	(void)state;
	snprintf(path, sizeof path, "/tmp/tocsin-eating-%d", (int)getpid());
	unlink(path);
	return 0;
}

static int down(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

static struct quarantine *opened(void)
{
	struct quarantine *quarantine = NULL;
	struct err err = { 0 };

	CHECK(quarantine_open(&quarantine, path, &err) == 0);
	return quarantine;
}

/* A daemon: it reads LIST `step` bytes at a time, and dies of the poison.  What it fed goes to `fed`.  True: it died. */
static bool daemon_dies(size_t step, struct buf *fed)
{
	struct quarantine *quarantine = opened();
	struct strainer strainer = { 0 };
	struct span bytes = span_of(LIST);
	bool died = false;

	buf_clear(fed);
	strainer_reset(&strainer);
	while (bytes.len > 0 && !died) {
		size_t len = bytes.len < step ? bytes.len : step;
		struct span piece = { bytes.at, len };
		const char *end =
			quarantine_suspects(quarantine) ? memchr(piece.at, '\n', len) : NULL;

		if (end != NULL)
			piece.len = (size_t)(end - piece.at) + 1;
		bytes = span_skip(bytes, piece.len);
		quarantine_begin(quarantine, strainer_head(&strainer), piece);
		buf_add(fed, strainer_pass(&strainer, quarantine, piece));
		died = strstr(buf_text(fed), POISON "\r") != NULL;
		if (!died)
			quarantine_end(quarantine);
	}
	strainer_free(&strainer);
	quarantine_close(quarantine); /* as an end of the process leaves the file */
	return died;
}

static void test_a_crasher_is_eaten_twice_and_not_again(void **state)
{
	static const size_t steps[] = { 4096, 100, 40, 7 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		struct buf fed = { 0 };
		struct quarantine *quarantine;
		char text[80];

		unlink(path);
		CHECK(daemon_dies(steps[i], &fed));
		CHECK(daemon_dies(steps[i], &fed));
		CHECK(!daemon_dies(steps[i], &fed));
		quarantine = opened();
		CHECK(quarantine_holds(quarantine, span_of(POISON)));
		/* The ack beside it goes on being taken. */
		CHECK(!quarantine_holds(quarantine, span_of(ACK)));
		CHECK(quarantine_take_new(quarantine, text) && strncmp(text, POISON, 20) == 0);
		CHECK(!quarantine_take_new(quarantine, text));
		quarantine_close(quarantine);
		buf_free(&fed);
	}
}

/* A real process that is killed in the middle: once is chance. */
static void test_a_kill_leaves_a_note_and_no_verdict(void **state)
{
	struct quarantine *quarantine;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		quarantine = opened();
		quarantine_begin(quarantine, span_of(""), span_of(LIST));
		abort();
	}
	waitpid(pid, NULL, 0);
	quarantine = opened();
	CHECK(quarantine_suspects(quarantine) && quarantine_empty(quarantine));
	CHECK(!quarantine_holds(quarantine, span_of(ACK)));
	quarantine_close(quarantine);
	quarantine = opened(); /* an orderly start and stop changes nothing */
	CHECK(quarantine_empty(quarantine));
	quarantine_close(quarantine);
}

static void test_a_request_is_kept_out_too(void **state)
{
	static const char request[] = "{\"command\":\"page\",\"message\":\"x\"}";
	struct quarantine *quarantine;

	(void)state;
	for (int i = 0; i < 2; i++) {
		quarantine = opened();
		CHECK(!quarantine_holds(quarantine, span_of(request)));
		quarantine_begin(quarantine, span_of(""), span_of(request));
		quarantine_close(quarantine);
	}
	quarantine = opened();
	CHECK(quarantine_holds(quarantine, span_of(request)));
	CHECK(!quarantine_holds(quarantine, span_of("{\"command\":\"page\",\"message\":\"y\"}")));
	quarantine_close(quarantine);
}

/* Any split of the input gives the same, with a poisoned line in it and without. */
static void test_the_strainer_changes_the_poisoned_line_alone(void **state)
{
	static const char bytes[] =
		"\r\nOK\r\n> " LIST "ABCDEF\r\n0\r\n1234567890ABCDEF12\r\n " POISON " \r";
	static const char clean[] =
		"\r\nOK\r\n> \r\n+CMGL: 1,1,,26\r\n" ACK "\r\n+CMGL: 2,1,,26\r\n00\r\n\r\nOK\r\n"
		"ABCDEF\r\n0\r\n1234567890ABCDEF12\r\n00\r"; /* blanks around it are none of it */
	struct quarantine *quarantine;
	struct buf fed = { 0 };

	(void)state;
	CHECK(daemon_dies(4096, &fed) && daemon_dies(4096, &fed));
	quarantine = opened();
	for (size_t step = 1; step < sizeof bytes; step++) {
		struct strainer strainer = { 0 };
		struct span rest = span_of(bytes);

		buf_clear(&fed);
		strainer_reset(&strainer);
		while (rest.len > 0) {
			size_t len = rest.len < step ? rest.len : step;

			buf_add(&fed, strainer_pass(&strainer, quarantine,
						    (struct span){ rest.at, len }));
			rest = span_skip(rest, len);
		}
		strainer_free(&strainer);
		CHECK(strcmp(buf_text(&fed), clean) == 0);
	}
	quarantine_close(quarantine);
	buf_free(&fed);
}

static void test_a_file_of_something_else_is_begun_anew(void **state)
{
	struct quarantine *quarantine;
	struct err err = { 0 };
	FILE *file = fopen(path, "we");

	(void)state;
	fputs("something else altogether", file);
	fclose(file);
	quarantine = opened();
	CHECK(quarantine_empty(quarantine) && !quarantine_suspects(quarantine));
	quarantine_close(quarantine);
	CHECK(quarantine_open(&quarantine, "/nowhere/at/all", &err) < 0 && err.text[0] != '\0');
	quarantine_begin(NULL, span_of("a"), span_of("b"));
	quarantine_end(NULL);
	CHECK(quarantine_empty(NULL) && !quarantine_holds(NULL, span_of(POISON)));
}

#define WITH_FILE(test) cmocka_unit_test_setup_teardown(test, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FILE(test_a_crasher_is_eaten_twice_and_not_again),
		WITH_FILE(test_a_kill_leaves_a_note_and_no_verdict),
		WITH_FILE(test_a_request_is_kept_out_too),
		WITH_FILE(test_the_strainer_changes_the_poisoned_line_alone),
		WITH_FILE(test_a_file_of_something_else_is_begun_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
