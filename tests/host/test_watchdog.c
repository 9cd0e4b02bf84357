/* Signs of life: only while loop and database thread both make steps. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <sqlite3.h>

#include "store/writer.h"
#include "tests/host/fixture.h"
#include "watchdog.h"

static int listener;
static char where[64];

static int up(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)state;
	snprintf(where, sizeof where, "/tmp/tocsin-notify-%d", (int)getpid());
	unlink(where);
	memcpy(address.sun_path, where, strlen(where));
	listener = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	CHECK(bind(listener, (const struct sockaddr *)&address, sizeof address) == 0);
	setenv("NOTIFY_SOCKET", where, 1);
	setenv("WATCHDOG_USEC", "30000000", 1);
	unsetenv("WATCHDOG_PID");
	return 0;
}

static int down(void **state)
{
	(void)state;
	close(listener);
	unlink(where);
	return 0;
}

/* What was said since the last look: "" nothing. */
static const char *heard(void)
{
	static char text[64];
	ssize_t n = recv(listener, text, sizeof text - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void test_signs_come_while_the_thread_steps_and_stop_when_it_does_not(void **state)
{
	struct watchdog watchdog;
	struct when now = { .mono_ms = 5000 };

	(void)state;
	watchdog_init(&watchdog);
	CHECK(watchdog.period_ms == 10000);
	CHECK(getenv("NOTIFY_SOCKET") == NULL && getenv("WATCHDOG_USEC") == NULL);
	watchdog_say(&watchdog, "READY=1");
	CHECK(strcmp(heard(), "READY=1") == 0);
	CHECK(watchdog_turn(&watchdog, true, now)); /* asks, says nothing yet */
	CHECK(strcmp(heard(), "") == 0);
	for (int i = 0; i < 5; i++) {
		now.mono_ms += 9999;
		CHECK(!watchdog_turn(&watchdog, true, now)); /* not due */
		now.mono_ms++;
		CHECK(watchdog_turn(&watchdog, true, now));
		CHECK(strcmp(heard(), "WATCHDOG=1") == 0);
	}
	for (int i = 0; i < 5; i++) { /* the thread is stuck */
		now.mono_ms += 10000;
		CHECK(!watchdog_turn(&watchdog, false, now));
		CHECK(strcmp(heard(), "") == 0);
	}
	now.mono_ms += 10000; /* it goes on */
	CHECK(watchdog_turn(&watchdog, true, now));
	CHECK(strcmp(heard(), "WATCHDOG=1") == 0);
	CHECK(watchdog_deadline(&watchdog) == now.mono_ms + 10000);
	watchdog_deinit(&watchdog);
}

static void test_without_systemd_nothing_is_said_or_due(void **state)
{
	struct watchdog watchdog;

	(void)state;
	unsetenv("NOTIFY_SOCKET");
	watchdog_init(&watchdog);
	watchdog_say(&watchdog, "READY=1");
	CHECK(!watchdog_turn(&watchdog, true, (struct when){ .mono_ms = 1 }));
	CHECK(watchdog_deadline(&watchdog) == WHEN_NEVER);
	CHECK(strcmp(heard(), "") == 0);
	watchdog_deinit(&watchdog);
}

static void test_another_processs_watchdog_is_not_fed(void **state)
{
	struct watchdog watchdog;

	(void)state;
	setenv("WATCHDOG_PID", "1", 1);
	watchdog_init(&watchdog);
	CHECK(watchdog.period_ms == 0 && watchdog.fd >= 0);
	watchdog_deinit(&watchdog);
}

static bool steps_within(struct writer *writer, int ms)
{
	for (int i = 0; i < ms; i++) {
		if (writer_stepped(writer))
			return true;
		poll(NULL, 0, 1);
	}
	return false;
}

/* The database is held by somebody else: the thread waits inside its commit. */
static void test_a_thread_that_is_stuck_in_a_commit_makes_no_step(void **state)
{
	struct place place = place_make();
	struct batch batch = { .number = 1, .now = { 1000000, UTC } };
	struct writer *writer = NULL;
	struct writer_result result = { 0 };
	struct err err = { 0 };
	sqlite3 *other = NULL;

	(void)state;
	CHECK(writer_new(&writer, open_store(&place), &err) == 0);
	writer_ask(writer);
	CHECK(steps_within(writer, 2000));
	CHECK(sqlite3_open(place.path, &other) == SQLITE_OK);
	CHECK(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK);
	add(&batch, ROW_EVENT, make_event(1, UTC, 0));
	CHECK(writer_put(writer, &batch, &err) == 0);
	poll(NULL, 0, 100);
	writer_ask(writer);
	CHECK(!steps_within(writer, 500));
	CHECK(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
	sqlite3_close(other);
	CHECK(steps_within(writer, 5000));
	while (!writer_take(writer, &result))
		poll(NULL, 0, 1);
	CHECK(result.committed);
	batch_free(&result.batch);
	writer_free(writer);
	place_remove(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_signs_come_while_the_thread_steps_and_stop_when_it_does_not, up, down),
		cmocka_unit_test_setup_teardown(test_without_systemd_nothing_is_said_or_due, up,
						down),
		cmocka_unit_test_setup_teardown(test_another_processs_watchdog_is_not_fed, up,
						down),
		cmocka_unit_test(test_a_thread_that_is_stuck_in_a_commit_makes_no_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
