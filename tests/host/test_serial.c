#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/span.h"
#include "ports/serial.h"
#include "tests/support/unit.h"

/* A pseudo-terminal behind a link, as a simulator offers it. */
struct line {
	char directory[32];
	char link[64];
	char name[64];
	int master;
};

static void plug(struct line *line)
{
	int slave;

	CHECK(openpty(&line->master, &slave, line->name, NULL, NULL) == 0);
	close(slave);
	unlink(line->link);
	CHECK(symlink(line->name, line->link) == 0);
}

static int with_line(void **state)
{
	static struct line line;

	snprintf(line.directory, sizeof line.directory, "/tmp/tocsin-test-XXXXXX");
	CHECK(mkdtemp(line.directory) != NULL);
	snprintf(line.link, sizeof line.link, "%s/modem", line.directory);
	plug(&line);
	*state = &line;
	return 0;
}

static int without_line(void **state)
{
	struct line *line = *state;

	close(line->master);
	unlink(line->link);
	rmdir(line->directory);
	return 0;
}

static void test_serial_opens_a_pseudo_terminal_raw_and_unblocked(void **state)
{
	struct line *line = *state;
	struct err err = { 0 };
	struct termios t;
	char bytes[32];
	int fd = serial_open(line->link, &err);

	CHECK(fd >= 0);
	CHECK(tcgetattr(fd, &t) == 0);
	CHECK((t.c_lflag & (ECHO | ICANON | ISIG)) == 0 && (t.c_oflag & OPOST) == 0);
	CHECK((t.c_cflag & (HUPCL | CRTSCTS)) == 0 && t.c_cc[VMIN] == 1);
	CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	CHECK(read(fd, bytes, sizeof bytes) == -1 && errno == EAGAIN);
	CHECK(write(line->master, "\r\nRING\r\n", 8) == 8);
	CHECK(read(fd, bytes, sizeof bytes) == 8);
	CHECK(write(fd, "AT\r", 3) == 3);
	CHECK(read(line->master, bytes, sizeof bytes) == 3);
	close(fd);
}

static void test_serial_sees_a_hang_up_and_the_return_under_the_same_link(void **state)
{
	struct line *line = *state;
	struct err err = { 0 };
	char bytes[8];
	int fd = serial_open(line->link, &err);

	CHECK(fd >= 0);
	close(line->master);
	CHECK(read(fd, bytes, sizeof bytes) <= 0 && errno != EAGAIN);
	close(fd);
	CHECK(serial_open(line->link, &err) < 0);
	plug(line);
	fd = serial_open(line->link, &err);
	CHECK(fd >= 0);
	CHECK(write(line->master, "OK", 2) == 2);
	CHECK(read(fd, bytes, sizeof bytes) == 2);
	close(fd);
}

static void test_serial_refuses_a_port_that_is_taken(void **state)
{
	struct line *line = *state;
	struct err err = { 0 };
	int fd = serial_open(line->link, &err);

	CHECK(fd >= 0);
	CHECK(serial_open(line->link, &err) < 0);
	CHECK(err.code == ERR_REFUSED);
	close(fd);
}

static void test_serial_refuses_what_is_no_port(void **state)
{
	static const char *const rows[] = { "/dev/null", "/etc/passwd",     "/tmp", "/dev/tty",
					    "/dev/ptmx", "/nowhere/at/all", "" };
	struct err err;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		err = (struct err){ 0 };
		CHECK_ROW(serial_open(rows[i], &err) < 0, rows[i]);
		CHECK_ROW(err.code == ERR_INVALID && err.text[0] != '\0', rows[i]);
	}
}

#define WITH_LINE(test) cmocka_unit_test_setup_teardown(test, with_line, without_line)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_LINE(test_serial_opens_a_pseudo_terminal_raw_and_unblocked),
		WITH_LINE(test_serial_sees_a_hang_up_and_the_return_under_the_same_link),
		WITH_LINE(test_serial_refuses_a_port_that_is_taken),
		cmocka_unit_test(test_serial_refuses_what_is_no_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
