#define _GNU_SOURCE /* unshare */
#include "tests/host/fixture.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store/db.h"
#include "store/history.h"
#include "store/schema.h"

#define TEXT_OF_(x) #x
#define TEXT_OF(x)  TEXT_OF_(x)

/* By hand, as somebody with the sqlite3 program would. */
static void by_hand(const struct place *place, const char *sql)
{
	sqlite3 *db;
	char *why = NULL;

	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		print_error("%s\n", why);
	assert_null(why);
	sqlite3_close(db);
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void refused(const struct place *place, const char *why)
{
	struct store *store = NULL;
	struct err err = { 0 };

	CHECK_ROW(store_open(&store, place->path, &err) == -1, why);
	assert_null(store);
	if (strstr(err.text, why) == NULL)
		print_error("got: %s\n", err.text);
	CHECK_ROW(strstr(err.text, why) != NULL, why);
	CHECK_ROW(strstr(err.text, place->path) != NULL, why);
}

static void test_store_opens_only_what_it_knows(void **state)
{
	struct place place = place_make();
	char sql[80];

	(void)state;
	write_file(place.path, ""); /* version 0, an empty file: made into one of ours */
	store_close(open_store(&place));
	store_close(open_store(&place));
	snprintf(sql, sizeof(sql), "PRAGMA user_version=%d", SCHEMA_VERSION + 1);
	by_hand(&place, sql);
	refused(&place, "written by a newer one");
	unlink(place.path);
	by_hand(&place, "CREATE TABLE other(a)");
	refused(&place, "another program");
	unlink(place.path);
	write_file(place.path, "gateway = \"Tocsin\"; this is a configuration, not a database ....."
			       "...........................................................");
	refused(&place, "not a database");
	snprintf(place.path, sizeof(place.path), "%s/none/t.db", place.dir);
	refused(&place, "unable to open");
	place_remove(&place);
}

static void test_store_reads_its_pragmas_back(void **state)
{
	static const struct db_pragma misspelt = { "synchonous", "FULL", "2" };
	static const struct db_pragma wrong = { "synchronous", "NORMAL", "2" };
	struct place place = place_make();
	struct err err = { 0 };
	sqlite3 *db;

	(void)state;
	store_close(open_store(&place));
	assert_int_equal(sqlite3_open(place.path, &db), SQLITE_OK);
	/* What the file itself remembers. */
	char version[12];
	const struct db_pragma kept[] = {
		{ "journal_mode", NULL, "wal" },
		{ "page_size", NULL, "4096" },
		{ "auto_vacuum", NULL, "2" },
		{ "user_version", NULL, version },
	};

	snprintf(version, sizeof version, "%d", SCHEMA_VERSION);
	CHECK(db_pragmas(db, kept, COUNT_OF(kept), &err) == 0);
	CHECK(db_pragmas(db, &misspelt, 1, &err) == -1);
	CHECK(strstr(err.text, "synchonous") != NULL);
	CHECK(db_pragmas(db, &wrong, 1, &err) == -1);
	sqlite3_close(db);
	place_remove(&place);
}

static void test_store_leaves_damaged_rows_out_by_table_and_id(void **state)
{
	static const struct {
		const char *sql;
		const char *want;
	} rows[] = {
		{ "UPDATE page SET state=9", "table page, id 7, column state" },
		{ "UPDATE page SET owner=printf('%0100d', 0)", "table page, id 7, column owner" },
		{ "UPDATE page SET lease_due=9223372036854775806", "id 7, column lease_due" },
		{ "UPDATE page SET saved_mono_ms=-9223372036854775807", "column saved_mono_ms" },
		{ "UPDATE page SET cycle=-1", "column cycle" },
		{ "UPDATE track SET kind=0", "table track, id 7, column kind" },
		{ "INSERT INTO track SELECT 7, value, 1, 0, 0, 0, 0, 0, '' FROM json_each("
		  "'[10,11,12,13,14,15,16]')",
		  "too many rows" },
		{ "UPDATE member SET track=6", "table member, id 7, column track" },
		{ "UPDATE notice SET sms=77", "table notice, id 3, column sms" },
		{ "UPDATE notice SET code='123456789'", "table notice, id 3, column code" },
		{ "UPDATE attempt SET state=0", "table attempt, id 11, column state" },
		{ "UPDATE attempt SET mr='17 x'", "table attempt, id 11, column mr" },
		{ "UPDATE inbound SET hex=printf('%0500d', 0) WHERE id=21",
		  "table inbound, id 21" },
		{ "UPDATE spent SET sms=-1", "table spent" },
		{ "UPDATE fault SET came=-1", "table fault" },
		{ "UPDATE answered SET request=printf('%0100d', 0)", "table answered, id 1" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct store_clock clock = clock_at(1000000, UTC);
		struct batch batch = full_batch();
		struct snapshot got = { 0 };
		struct err err = { 0 };
		struct place place = place_make();
		struct store *store;

		store = open_store(&place);
		commit(store, &batch);
		by_hand(&place, rows[i].sql);
		CHECK_ROW(store_load(store, &clock, &got, &err) == 0, rows[i].sql);
		CHECK_ROW(got.damaged_count >= 1, rows[i].sql);
		if (strstr(got.damaged[0].what, rows[i].want) == NULL)
			print_error("got: %s\n", got.damaged[0].what);
		CHECK_ROW(strstr(got.damaged[0].what, rows[i].want) != NULL, rows[i].sql);
		CHECK_ROW((got.damaged[0].open_page == 7) == (got.page_count == 0), rows[i].sql);
		CHECK_ROW((strstr(got.damaged[0].readable, " to ") != NULL) ==
				  (got.page_count == 0),
			  rows[i].sql);
		CHECK_ROW(got.last_page == 7 && got.last_event > 0, rows[i].sql);
		snapshot_free(&got);
		store_close(store);
		place_remove(&place);
	}
}

static int64_t count_events(const struct place *place)
{
	struct history *history;
	struct event event;
	struct err err = { 0 };
	int64_t count = 0;

	assert_int_equal(history_open(&history, place->path, &err), 0);
	assert_int_equal(history_start(history, 0, 0, &err), 0);
	while (history_next(history, &event, &err) == 1) {
		count++;
		free(event.text);
	}
	history_close(history);
	return count;
}

/* Files may grow no more: what a full card looks like to the writer.  The limit is a child's, it does not come back. */
static int child_without_room(const struct place *place)
{
	struct batch batch = { .number = 2, .now = { 1000000, UTC } };
	struct store *store = open_store(place);
	struct rlimit limit = { 4096, RLIM_INFINITY };
	struct err err = { 0 };
	bool refused_once;

	signal(SIGXFSZ, SIG_IGN);
	for (int i = 0; i < 200; i++)
		add(&batch, ROW_EVENT, make_event(100 + i, UTC, 0));
	setrlimit(RLIMIT_FSIZE, &limit);
	refused_once = store_commit(store, &batch, &err) == -1 && err.text[0] != '\0';
	limit.rlim_cur = RLIM_INFINITY;
	setrlimit(RLIMIT_FSIZE, &limit);
	/* The same store goes on as soon as there is room. */
	refused_once = refused_once && store_commit(store, &batch, &err) == 0;
	batch_free(&batch);
	store_close(store);
	return refused_once ? 0 : 1;
}

static void test_store_goes_on_when_there_is_room_again(void **state)
{
	struct place place = place_make();
	struct batch batch = { .number = 1, .now = { 1000000, UTC } };
	struct store *store;
	pid_t pid;
	int status = 0;

	(void)state;
	store = open_store(&place);
	add(&batch, ROW_EVENT, make_event(1, UTC, 0));
	commit(store, &batch);
	store_close(store);
	pid = fork();
	if (pid == 0)
		_exit(child_without_room(&place));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	CHECK(count_events(&place) == 201);
	place_remove(&place);
}

static void fill(const char *path)
{
	static const char block[4096] = "filler";
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);

	while (fd >= 0 && write(fd, block, sizeof(block)) > 0)
		;
	close(fd);
}

static bool commits(struct store *store, int64_t first, const char *why)
{
	struct batch batch = { .number = 1, .now = { 1000000, UTC } };
	struct err err = { 0 };
	int rc;

	for (int i = 0; i < 2000; i++)
		add(&batch, ROW_EVENT, make_event(first + i, UTC, 0));
	rc = store_commit(store, &batch, &err);
	batch_free(&batch);
	return why == NULL ? rc == 0 : rc == -1 && strstr(err.text, why) != NULL;
}

/* In a name space of its own, with a file system of 4 MiB: 77 when we may make none. */
static int child_on_a_full_disk(const struct place *place)
{
	char filler[260];
	char reserve[260];
	struct store *store;
	bool good;

	if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("none", place->dir, "tmpfs", 0, "size=4m") != 0)
		return 77;
	snprintf(filler, sizeof(filler), "%s/filler", place->dir);
	snprintf(reserve, sizeof(reserve), "%s.reserve", place->path);
	store = open_store(place);
	good = access(reserve, F_OK) == 0;
	fill(filler);
	good = good && commits(store, 1, NULL) && access(reserve, F_OK) != 0;
	fill(filler);
	good = good && commits(store, 10001, "full");
	store_checkpoint(store);
	good = good && access(reserve, F_OK) != 0; /* no room for it yet */
	unlink(filler);
	good = good && commits(store, 20001, NULL);
	store_checkpoint(store);
	good = good && access(reserve, F_OK) == 0;
	store_close(store);
	return good && count_events(place) == 4000 ? 0 : 1;
}

static void test_store_gives_its_reserve_to_a_full_disk(void **state)
{
	struct place place = place_make();
	pid_t pid;
	int status = 0;

	(void)state;
	pid = fork();
	if (pid == 0)
		_exit(child_on_a_full_disk(&place));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	place_remove(&place);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(status, 0);
}

static void test_store_keeps_a_reserve_beside_itself(void **state)
{
	struct place place = place_make();
	char reserve[260];
	struct stat st;
	struct store *store;

	(void)state;
	snprintf(reserve, sizeof(reserve), "%s.reserve", place.path);
	store = open_store(&place);
	assert_int_equal(stat(reserve, &st), 0);
	CHECK(st.st_size == 1024 * 1024);
	CHECK(st.st_blocks * 512 >= 1024 * 1024); /* really there, not a hole */
	unlink(reserve);
	store_checkpoint(store);
	assert_int_equal(stat(reserve, &st), 0);
	store_close(store);
	place_remove(&place);
}

/* What is pruned depends on whether the clock of the last load was trusted. */
static void load_at(struct store *store, bool trusted)
{
	struct snapshot got = load(store, (struct store_clock){ { 1000000, UTC }, trusted, "one" });

	snapshot_free(&got);
}

static void test_store_prunes_the_old_and_keeps_the_last(void **state)
{
	const int64_t old = UTC - 500LL * 86400;
	struct place place = place_make();
	struct batch batch = { .number = 1, .now = { 1000000, old } };
	struct store *store;
	struct snapshot got;

	(void)state;
	store = open_store(&place);
	add(&batch, ROW_PAGE, make_page(1, "1111")); /* still open */
	add(&batch, ROW_PAGE, resolved_page(2, "2222", 450LL * 86400));
	add(&batch, ROW_EVENT, make_event(1, old, 1));
	add(&batch, ROW_EVENT, make_event(2, old, 2));
	add(&batch, ROW_EVENT, make_event(3, old, 0));
	add(&batch, ROW_EVENT, make_event(4, UTC, 2));
	add(&batch, ROW_EVENT, make_event(5, old, 0));
	commit(store, &batch);
	load_at(store, false);
	store_checkpoint(store); /* nobody vouches for the clock: nothing goes */
	CHECK(count_events(&place) == 5);
	load_at(store, true);
	store_checkpoint(store);
	CHECK(count_events(&place) == 3);
	got = load(store, clock_at(1000000, UTC));
	CHECK(got.last_event == 5 && got.page_count == 1 && got.last_page == 2);
	snapshot_free(&got);
	store_close(store);
	place_remove(&place);
}

static void test_history_answers_while_the_store_writes(void **state)
{
	struct place place = place_make();
	struct batch batch = full_batch();
	struct store *store;
	struct history *history;
	struct event event;
	struct page *page = NULL;
	struct err err = { 0 };

	(void)state;
	store = open_store(&place);
	commit(store, &batch);
	batch = (struct batch){ .number = 2, .now = { 1000000, UTC } };
	add(&batch, ROW_EVENT, make_event(32, UTC, 8));
	add(&batch, ROW_EVENT, make_event(33, UTC, 7));
	commit(store, &batch);
	assert_int_equal(history_open(&history, place.path, &err), 0);
	assert_int_equal(history_start(history, 7, 0, &err), 0);
	assert_int_equal(history_next(history, &event, &err), 1);
	CHECK(event.id == 31);
	assert_string_equal(event.text, "because");
	free(event.text);
	assert_int_equal(history_next(history, &event, &err), 1);
	CHECK(event.id == 33);
	free(event.text);
	assert_int_equal(history_next(history, &event, &err), 0);
	assert_int_equal(history_next(history, &event, &err), 0);
	assert_int_equal(history_start(history, 0, 32, &err), 0);
	assert_int_equal(history_next(history, &event, &err), 1);
	CHECK(event.id == 33);
	free(event.text);
	assert_int_equal(history_page(history, span_of("p7"), &page, &err), 1);
	check_page(page);
	page_free(page);
	assert_int_equal(history_page(history, span_of("4711"), &page, &err), 1);
	CHECK(page->id == 7);
	page_free(page);
	assert_int_equal(history_page(history, span_of("p8"), &page, &err), 0);
	assert_int_equal(history_page(history, span_of("9999"), &page, &err), 0);
	assert_int_equal(history_page(history, span_of(""), &page, &err), 0);
	assert_int_equal(history_page(history, span_of("px"), &page, &err), 0);
	history_close(history);
	store_close(store);
	place_remove(&place);
}

static double cpu_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* DESIGN.md 9: ready in under 1 s. */
static void test_store_loads_fast_behind_a_million_events(void **state)
{
	struct place place = place_make();
	struct batch batch = { .number = 1, .now = { 1000000, UTC } };
	struct store *store;
	struct snapshot got;
	double began;

	(void)state;
	store = open_store(&place);
	for (int i = 1; i <= 10000; i++) {
		struct page *page = make_page(i, "4711");

		add_member(page, "ada");
		add_member(page, "bob");
		add(&batch, ROW_PAGE, page);
	}
	commit(store, &batch);
	store_close(store);
	by_hand(&place, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
			"1000000) INSERT INTO event SELECT i, 1700000000 + i, i % 9999, "
			"'sms.accepted', 'ada', 'alpha', 'some detail' FROM n");
	began = cpu_s();
	store = open_store(&place);
	got = load(store, clock_at(1000000, UTC));
	CHECK(cpu_s() - began < 1.0);
	CHECK(got.page_count == 10000 && got.pages[9999]->member_count == 2);
	CHECK(got.last_event == 1000000);
	snapshot_free(&got);
	store_close(store);
	place_remove(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_store_opens_only_what_it_knows),
		cmocka_unit_test(test_store_reads_its_pragmas_back),
		cmocka_unit_test(test_store_leaves_damaged_rows_out_by_table_and_id),
		cmocka_unit_test(test_store_goes_on_when_there_is_room_again),
		cmocka_unit_test(test_store_gives_its_reserve_to_a_full_disk),
		cmocka_unit_test(test_store_keeps_a_reserve_beside_itself),
		cmocka_unit_test(test_store_prunes_the_old_and_keeps_the_last),
		cmocka_unit_test(test_history_answers_while_the_store_writes),
		cmocka_unit_test(test_store_loads_fast_behind_a_million_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
