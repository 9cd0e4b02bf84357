#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control.h"
#include "tests/support/fake_server.h"
#include "tests/support/unit.h"

static int with_server(void **state)
{
	static struct fake_server fake;

	fake = (struct fake_server){ 0 };
	fake_directory(&fake);
	fake_start(&fake);
	*state = &fake;
	return 0;
}

static int without_server(void **state)
{
	fake_stop(*state);
	fake_remove(*state);
	return 0;
}

static bool says(const char *answer, const char *part)
{
	if (strstr(answer, part) != NULL)
		return true;
	print_error("answer %s lacks %s\n", answer, part);
	return false;
}

static void test_control_answers_each_bad_line_with_a_reason(void **state)
{
	static const struct {
		const char *line;
		const char *want;
	} rows[] = {
		{ "\x01\x02\xff\xfe garbage\n", "\"error\":\"JSON: " },
		{ "[1,2]\n", "want one JSON object a line" },
		{ "\"echo\"\n", "\"status\":2" },
		{ "{\"command\":1}\n", "member \\\"command\\\": want a string" },
		{ "{}\n", "member \\\"command\\\": want a string" },
		{ "{\"command\":\"echo\",\"text\":1}\n", "member \\\"text\\\": want a string" },
		{ "{\"command\":\"echo\",\"text\":\"a\",\"text\":\"b\"}\n", "duplicate" },
		{ "{\"command\":\"echo\"} {\"command\":\"echo\"}\n", "\"status\":2" },
		{ "{\"command\":\"echo\",\"text\":\"a\\u0000b\"}\n", "\"status\":2" },
		{ "{\"command\":\"echo\",\"text\":\"still here\"}\n", "still here" },
	};
	int fd = fake_connect(*state);

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(says(fake_ask(fd, rows[i].line), rows[i].want), rows[i].line);
	close(fd);
}

static void test_control_takes_true_as_text_and_leaves_out_false(void **state)
{
	int fd = fake_connect(*state);

	CHECK(says(fake_ask(fd, "{\"command\":\"echo\",\"text\":true}\n"), "\"text\":\"true\""));
	CHECK(says(fake_ask(fd, "{\"command\":\"echo\",\"text\":false}\n"), "\"text\":\"\""));
	close(fd);
}

static void test_control_joins_a_line_that_comes_in_pieces(void **state)
{
	static const char line[] = "{\"command\":\"echo\",\"text\":\"whole\"}\n";
	int fd = fake_connect(*state);

	for (size_t i = 0; i + 2 < sizeof line; i++) {
		CHECK(send(fd, line + i, 1, 0) == 1);
		usleep(500);
	}
	CHECK(says(fake_ask(fd, "\n"), "\"text\":\"whole\""));
	close(fd);
}

static void test_control_answers_two_commands_of_one_write_in_order(void **state)
{
	int fd = fake_connect(*state);

	CHECK(says(
		fake_ask(fd, "{\"command\":\"slow\"}\n\n{\"command\":\"echo\",\"text\":\"2\"}\n"),
		"{\"ok\":true,\"status\":0}"));
	CHECK(says(fake_ask(fd, ""), "\"text\":\"2\""));
	close(fd);
}

static void test_control_answers_thousands_of_commands_at_once(void **state)
{
	static const char line[] = "{\"command\":\"echo\",\"text\":\"x\"}\n";
	int fd = fake_connect(*state);
	pid_t writer = fork();

	if (writer == 0) {
		for (int i = 0; i < 5000; i++)
			if (send(fd, line, sizeof line - 1, MSG_NOSIGNAL) < 0)
				_exit(1);
		_exit(0);
	}
	for (int i = 0; i < 5000; i++)
		CHECK(strstr(fake_ask(fd, ""), "\"text\":\"x\"") != NULL);
	close(fd);
}

static void test_control_refuses_an_endless_line_and_hangs_up(void **state)
{
	int fd = fake_connect(*state);
	char *long_line = malloc(CONTROL_LINE_MAX + 8192);

	CHECK(long_line != NULL);
	memset(long_line, 'x', CONTROL_LINE_MAX + 8191);
	long_line[CONTROL_LINE_MAX + 8191] = '\0';
	CHECK(says(fake_ask(fd, long_line), "line longer than 256 kB"));
	CHECK(strcmp(fake_ask(fd, ""), "") == 0);
	free(long_line);
	close(fd);
}

static void test_control_outlives_clients_that_leave_before_their_answer(void **state)
{
	int fd;

	for (int i = 0; i < 40; i++) {
		fd = fake_connect(*state);
		CHECK(send(fd, "{\"command\":\"slow\"}\n", 19, 0) == 19);
		close(fd);
	}
	fd = fake_connect(*state);
	CHECK(says(fake_ask(fd, "{\"command\":\"slow\"}\n"), "\"ok\":true"));
	close(fd);
}

static void test_control_answers_one_whose_own_half_is_closed(void **state)
{
	int fd = fake_connect(*state);

	CHECK(send(fd, "{\"command\":\"slow\"}\n", 19, 0) == 19);
	shutdown(fd, SHUT_WR);
	CHECK(says(fake_ask(fd, ""), "\"ok\":true"));
	CHECK(strcmp(fake_ask(fd, ""), "") == 0);
	close(fd);
}

static void test_control_does_not_let_a_silent_or_deaf_client_hold_up_others(void **state)
{
	int silent = fake_connect(*state);
	int deaf = fake_connect(*state);
	int fd = fake_connect(*state);
	char line[4200];

	memset(line, 'a', sizeof line);
	memcpy(line, "{\"command\":\"echo\",\"text\":\"", 26);
	memcpy(line + sizeof line - 3, "\"}\n", 3);
	CHECK(send(silent, "{\"comm", 6, 0) == 6);
	while (send(deaf, line, sizeof line, MSG_DONTWAIT) > 0)
		;
	CHECK(says(fake_ask(fd, "{\"command\":\"echo\",\"text\":\"on\"}\n"), "\"text\":\"on\""));
	close(silent);
	close(deaf);
	close(fd);
}

static void test_control_gives_idle_places_to_new_clients(void **state)
{
	int idle[CONTROL_CLIENTS_MAX];
	int fd;

	for (size_t i = 0; i < COUNT_OF(idle); i++)
		idle[i] = fake_connect(*state);
	usleep(1100000);
	fd = fake_connect(*state);
	CHECK(says(fake_ask(fd, "{\"command\":\"echo\",\"text\":\"in\"}\n"), "\"text\":\"in\""));
	close(fd);
	for (size_t i = 0; i < COUNT_OF(idle); i++)
		close(idle[i]);
}

static void test_control_refuses_politely_when_every_place_waits(void **state)
{
	int busy[CONTROL_CLIENTS_MAX];
	int fd;

	for (size_t i = 0; i < COUNT_OF(busy); i++) {
		busy[i] = fake_connect(*state);
		CHECK(send(busy[i], "{\"command\":\"never\"}\n", 20, 0) == 20);
	}
	usleep(100000);
	fd = fake_connect(*state);
	CHECK(says(fake_ask(fd, ""), "too many clients"));
	close(fd);
	for (size_t i = 0; i < COUNT_OF(busy); i++)
		close(busy[i]);
}

static void test_control_sends_every_follower_what_happens(void **state)
{
	int follower = fake_connect(*state);
	int fd = fake_connect(*state);

	CHECK(says(fake_ask(follower, "{\"command\":\"events\"}\n"), "\"ok\":true"));
	CHECK(says(fake_ask(fd, "{\"command\":\"tell\",\"text\":\"{\\\"n\\\":1}\"}\n"),
		   "\"ok\":true"));
	CHECK(strcmp(fake_ask(follower, ""), "{\"n\":1}\n") == 0);
	close(follower);
	CHECK(says(fake_ask(fd, "{\"command\":\"tell\",\"text\":\"{\\\"n\\\":2}\"}\n"),
		   "\"ok\":true"));
	close(fd);
}

static void test_control_socket_is_for_its_group_only(void **state)
{
	const struct fake_server *fake = *state;
	struct stat st;

	CHECK(stat(fake->socket, &st) == 0);
	CHECK((st.st_mode & 0777) == 0660);
}

static void test_control_leaves_a_live_socket_alone_and_replaces_a_dead_one(void **state)
{
	struct fake_server *fake = *state;
	struct control *control = NULL;
	struct loop *loop = NULL;
	struct err err = { 0 };
	int fd;

	CHECK(loop_new(&loop, &err) == 0);
	CHECK(control_new(&control, loop, fake->socket, (struct control_calls){ 0 }, &err) < 0);
	CHECK(err.code == ERR_REFUSED);
	fd = fake_connect(fake);
	CHECK(says(fake_ask(fd, "{\"command\":\"echo\"}\n"), "\"ok\":true"));
	close(fd);
	fake_stop(fake);
	fake_start(fake);
	fd = fake_connect(fake);
	CHECK(says(fake_ask(fd, "{\"command\":\"echo\"}\n"), "\"ok\":true"));
	close(fd);
	loop_free(loop);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, with_server, without_server)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SERVER(test_control_answers_each_bad_line_with_a_reason),
		WITH_SERVER(test_control_takes_true_as_text_and_leaves_out_false),
		WITH_SERVER(test_control_joins_a_line_that_comes_in_pieces),
		WITH_SERVER(test_control_answers_two_commands_of_one_write_in_order),
		WITH_SERVER(test_control_answers_thousands_of_commands_at_once),
		WITH_SERVER(test_control_refuses_an_endless_line_and_hangs_up),
		WITH_SERVER(test_control_outlives_clients_that_leave_before_their_answer),
		WITH_SERVER(test_control_answers_one_whose_own_half_is_closed),
		WITH_SERVER(test_control_does_not_let_a_silent_or_deaf_client_hold_up_others),
		WITH_SERVER(test_control_gives_idle_places_to_new_clients),
		WITH_SERVER(test_control_refuses_politely_when_every_place_waits),
		WITH_SERVER(test_control_sends_every_follower_what_happens),
		WITH_SERVER(test_control_socket_is_for_its_group_only),
		WITH_SERVER(test_control_leaves_a_live_socket_alone_and_replaces_a_dead_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
