#include "tests/host/fixture.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/history.h"
#include "store/writer.h"

static struct batch event_batch(uint64_t number)
{
	struct batch batch = { .number = number, .now = { 1000000, UTC } };

	add(&batch, ROW_EVENT, make_event((int64_t)number, UTC, 0));
	return batch;
}

static struct writer *new_writer(const struct place *place)
{
	struct writer *writer = NULL;
	struct err err = { 0 };

	assert_int_equal(writer_new(&writer, open_store(place), &err), 0);
	return writer;
}

static void put(struct writer *writer, struct batch batch)
{
	struct err err = { 0 };

	assert_int_equal(writer_put(writer, &batch, &err), 0);
	CHECK(batch.rows == NULL && batch.count == 0); /* taken over */
}

/* Waits on the descriptor, as the loop does. */
static struct writer_result next_result(struct writer *writer)
{
	struct writer_result result = { 0 };
	struct pollfd poller = { writer_fd(writer), POLLIN, 0 };

	while (!writer_take(writer, &result))
		assert_int_equal(poll(&poller, 1, 10000), 1);
	return result;
}

static int64_t last_event(const struct place *place)
{
	struct store *store = open_store(place);
	struct snapshot got = load(store, clock_at(1000000, UTC));
	int64_t last = got.last_event;

	snapshot_free(&got);
	store_close(store);
	return last;
}

static void test_writer_reports_each_batch_in_order(void **state)
{
	struct place place = place_make();
	struct writer *writer;
	struct pollfd poller = { .events = POLLIN };

	(void)state;
	writer = new_writer(&place);
	poller.fd = writer_fd(writer);
	CHECK(poll(&poller, 1, 0) == 0);
	for (uint64_t n = 1; n <= 300; n++)
		put(writer, event_batch(n));
	for (uint64_t n = 1; n <= 300; n++) {
		struct writer_result result = next_result(writer);

		CHECK(result.batch.number == n && result.committed);
		CHECK(result.batch.count == 1 && result.batch.rows[0].of.event->id == (int64_t)n);
		batch_free(&result.batch);
	}
	CHECK(poll(&poller, 1, 0) == 0); /* quiet again */
	writer_free(writer);
	CHECK(last_event(&place) == 300);
	place_remove(&place);
}

/* A batch that cannot be stored takes none of its neighbours with it, even in one transaction. */
static void test_writer_tells_a_bad_batch_from_its_neighbours(void **state)
{
	struct place place = place_make();
	struct writer *writer;
	struct err err;

	(void)state;
	writer = new_writer(&place);
	for (uint64_t n = 1; n <= 50; n++) {
		struct batch batch = event_batch(n);

		if (n % 7 == 0)
			assert_int_equal(batch_add(&batch, (struct row){ .kind = ROW_NONE }, &err),
					 0);
		put(writer, batch);
	}
	for (uint64_t n = 1; n <= 50; n++) {
		struct writer_result result = next_result(writer);

		CHECK(result.batch.number == n);
		CHECK(result.committed == (n % 7 != 0));
		CHECK((result.err.text[0] == '\0') == result.committed);
		batch_free(&result.batch);
	}
	writer_free(writer);
	place_remove(&place);
}

static void test_writer_commits_everything_before_it_ends(void **state)
{
	struct place place = place_make();
	struct writer *writer;

	(void)state;
	writer = new_writer(&place);
	for (uint64_t n = 1; n <= 200; n++)
		put(writer, event_batch(n));
	writer_free(writer); /* nobody took a result */
	CHECK(last_event(&place) == 200);
	place_remove(&place);
}

/* The child says which batches it was told are committed, until it is killed. */
static void commit_forever(const struct place *place, int out)
{
	struct writer *writer = new_writer(place);
	uint64_t first = (uint64_t)last_event(place) + 1;

	for (uint64_t n = first;; n++) {
		struct writer_result result;

		put(writer, event_batch(n));
		if (n % 3 == 0)
			continue; /* some in groups */
		do {
			result = next_result(writer);
			if (!result.committed ||
			    write(out, &result.batch.number, sizeof(result.batch.number)) < 0)
				_exit(1);
			batch_free(&result.batch);
		} while (result.batch.number != n);
	}
}

static uint64_t reported_until_killed(const struct place *place, unsigned after_us)
{
	uint64_t reported = 0;
	uint64_t number;
	int fds[2];
	int status;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0)
		commit_forever(place, fds[1]);
	close(fds[1]);
	/* The first report says that it runs; then at an instant of no meaning to it. */
	CHECK(read(fds[0], &reported, sizeof(reported)) == sizeof(reported));
	usleep(after_us);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	while (read(fds[0], &number, sizeof(number)) == sizeof(number))
		reported = number;
	close(fds[0]);
	return reported;
}

static bool every_event_up_to(const struct place *place, uint64_t last)
{
	struct history *history;
	struct event event;
	struct err err = { 0 };
	uint64_t seen = 0;

	assert_int_equal(history_open(&history, place->path, &err), 0);
	assert_int_equal(history_start(history, 0, 0, &err), 0);
	while (seen < last && history_next(history, &event, &err) == 1) {
		if (event.id != (int64_t)seen + 1)
			break;
		seen++;
		free(event.text);
	}
	history_close(history);
	return seen == last;
}

static void test_writer_loses_nothing_it_reported_when_killed(void **state)
{
	struct place place = place_make();

	(void)state;
	store_close(open_store(&place));
	for (unsigned round = 0; round < 8; round++) {
		uint64_t reported = reported_until_killed(&place, 3000 + round * 1777);

		CHECK(reported > 0);
		CHECK(every_event_up_to(&place, reported));
	}
	place_remove(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writer_reports_each_batch_in_order),
		cmocka_unit_test(test_writer_tells_a_bad_batch_from_its_neighbours),
		cmocka_unit_test(test_writer_commits_everything_before_it_ends),
		cmocka_unit_test(test_writer_loses_nothing_it_reported_when_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
