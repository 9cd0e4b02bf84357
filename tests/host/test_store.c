#include "tests/host/fixture.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store/db.h"
#include "store/history.h"
#include "store/schema.h"

#define UTC 1795219633

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

static struct page *full_page(void)
{
	struct page *page = make_page(7, "4711");

	page->state = PAGE_ACKED;
	page->money = page->drill = page->incident = page->engaged = page->warned = true;
	for (size_t i = 1; i < PAGE_TEXTS; i++)
		if (i != PAGE_HOST) /* one stays absent */
			page->text[i] = strdup("text");
	page->chain = strdup("target/300 ceo/300");
	strcpy(page->requester, "root");
	page->opened_utc_s = UTC - 60;
	page->acked_utc_s = UTC - 30;
	page->cycle = 2;
	strcpy(page->owner, "ada");
	page->lease_due = 1900000;
	page->track_count = 2;
	page->tracks[0] = (struct track){ TRACK_MAIN, 1, 2, true, true, WHEN_NEVER, "ada" };
	page->tracks[1] = (struct track){ TRACK_BESIDE, 0, 0, false, false, 1234567, "" };
	add_member(page, "ada");
	add_member(page, "bob");
	page->members[1].track = 1;
	page->members[1].state = MEMBER_FAILED;
	return page;
}

static struct notice *full_notice(void)
{
	struct notice *notice = calloc(1, sizeof(*notice));

	assert_non_null(notice);
	notice->id = 3;
	strcpy(notice->person, "ada");
	strcpy(notice->code, "5832");
	notice->pages = calloc(2, sizeof(*notice->pages));
	assert_non_null(notice->pages);
	notice->pages[0] = 7;
	notice->pages[1] = 6;
	notice->page_count = notice->page_cap = 2;
	notice->rank = 1;
	notice->owns = notice->told = true;
	notice->state = NOTICE_ACTIVE;
	notice->gather_due = WHEN_NEVER;
	notice->sms = SMS_TAKEN;
	notice->sms_number = 1;
	notice->sms_tries = 2;
	notice->sms_due = WHEN_NEVER;
	strcpy(notice->sms_path, "alpha");
	notice->ring = RING_WANTED;
	notice->rings = 1;
	notice->ring_due = 1015000;
	notice->first_ring = 990000;
	strcpy(notice->ring_path, "beta");
	strcpy(notice->failed_path, "gamma");
	return notice;
}

static struct attempt *full_attempt(void)
{
	struct attempt *attempt = calloc(1, sizeof(*attempt));

	assert_non_null(attempt);
	attempt->id = 11;
	attempt->kind = ATTEMPT_TEXT;
	attempt->state = ATTEMPT_IN_FLIGHT;
	attempt->notice = 3;
	attempt->page = 7;
	strcpy(attempt->person, "ada");
	strcpy(attempt->number, "+15550100001");
	strcpy(attempt->modem, "alpha");
	attempt->text = strdup("SEV-1 4711");
	attempt->rank = 1;
	attempt->tries = 1;
	attempt->due = 1002000;
	attempt->began_utc_s = UTC;
	attempt->mr[0] = 17;
	attempt->mr[1] = 255;
	attempt->mr_count = 2;
	attempt->end = DEVICE_CALL_BUSY;
	attempt->cause = -1;
	attempt->talked_s = 5;
	return attempt;
}

static struct inbound *full_inbound(int64_t id, bool whole)
{
	struct inbound *inbound = calloc(1, sizeof(*inbound));

	assert_non_null(inbound);
	inbound->id = id;
	inbound->utc_s = UTC;
	strcpy(inbound->modem, "beta");
	strcpy(inbound->number, "+15550100001");
	strcpy(inbound->person, "ada");
	inbound->text = strdup("ACK");
	strcpy(inbound->hex, "0011");
	inbound->whole = whole;
	strcpy(inbound->action, "stored");
	return inbound;
}

static struct batch full_batch(void)
{
	struct batch batch = { .number = 1, .now = { 1000000, UTC } };
	struct answered *answered = calloc(1, sizeof(*answered));
	struct spent *spent = calloc(1, sizeof(*spent));

	assert_non_null(answered);
	assert_non_null(spent);
	*answered = (struct answered){ "req-1", 7, UTC };
	*spent = (struct spent){ "alpha", { 20778, 3, 2, 61 } };
	add(&batch, ROW_PAGE, full_page());
	add(&batch, ROW_NOTICE, full_notice());
	add(&batch, ROW_ATTEMPT, full_attempt());
	add(&batch, ROW_INBOUND, full_inbound(21, false));
	add(&batch, ROW_INBOUND, full_inbound(22, true));
	add(&batch, ROW_EVENT, make_event(31, UTC, 7));
	add(&batch, ROW_ANSWERED, answered);
	add(&batch, ROW_SPENT, spent);
	return batch;
}

static void check_page(const struct page *page)
{
	struct page *want = full_page();

	assert_string_equal(page->code, want->code);
	CHECK(page->id == 7 && page->state == PAGE_ACKED && page->cycle == 2);
	assert_string_equal(page->target, "platform");
	CHECK(page->money && page->drill && page->incident && page->engaged && page->warned);
	for (size_t i = 0; i < PAGE_TEXTS; i++)
		if (want->text[i] == NULL)
			assert_null(page->text[i]);
		else
			assert_string_equal(page->text[i], want->text[i]);
	assert_string_equal(page->chain, want->chain);
	assert_string_equal(page->requester, "root");
	CHECK(page->opened_utc_s == UTC - 60 && page->acked_utc_s == UTC - 30);
	assert_string_equal(page->owner, "ada");
	CHECK(page->lease_due == 1900000 && page->remind_due == WHEN_NEVER);
	CHECK(page->track_count == 2 && page->tracks[0].due == WHEN_NEVER);
	CHECK(page->tracks[0].step == 1 && page->tracks[0].round == 2 && page->tracks[0].took);
	assert_string_equal(page->tracks[0].acked_by, "ada");
	CHECK(page->tracks[1].kind == TRACK_BESIDE && page->tracks[1].due == 1234567);
	CHECK(page->member_count == 2 && page->members[1].state == MEMBER_FAILED);
	assert_string_equal(page->members[1].person, "bob");
	page_free(want);
}

static void test_store_gives_back_every_kind_of_row(void **state)
{
	struct place place;
	struct batch batch = full_batch();
	struct store *store;
	struct snapshot got;

	(void)state;
	place_make(&place);
	store = open_store(&place);
	got = load(store, clock_at(1000000, UTC));
	CHECK(got.page_count == 0 && got.last_page == 0 && got.last_utc_s == 0);
	commit(store, &batch);
	store_close(store);
	store = open_store(&place);
	got = load(store, clock_at(1001000, UTC + 1));
	CHECK(got.page_count == 1 && got.notice_count == 1 && got.attempt_count == 1);
	CHECK(got.inbound_count == 1 && got.answered_count == 1 && got.spent_count == 1);
	check_page(got.pages[0]);
	CHECK(got.notices[0].page_count == 2 && got.notices[0].pages[1] == 6);
	CHECK(got.notices[0].ring == RING_WANTED && got.notices[0].ring_due == 1015000);
	CHECK(got.notices[0].first_ring == 990000 && got.notices[0].sms_due == WHEN_NEVER);
	assert_string_equal(got.notices[0].failed_path, "gamma");
	CHECK(got.attempts[0]->state == ATTEMPT_IN_FLIGHT && got.attempts[0]->due == 1002000);
	CHECK(got.attempts[0]->mr_count == 2 && got.attempts[0]->mr[1] == 255);
	CHECK(got.attempts[0]->cause == -1 && got.attempts[0]->end == DEVICE_CALL_BUSY);
	CHECK(got.inbound[0]->id == 21 && !got.inbound[0]->whole);
	assert_string_equal(got.inbound[0]->text, "ACK");
	assert_string_equal(got.answered[0].request, "req-1");
	CHECK(got.spent[0].counts.call_seconds == 61);
	CHECK(got.code_count == 2 && got.codes[0].released_utc_s == 0);
	CHECK(got.last_page == 7 && got.last_notice == 3 && got.last_attempt == 11);
	CHECK(got.last_inbound == 22 && got.last_event == 31 && got.last_utc_s == UTC);
	snapshot_free(&got);
	store_close(store);
	place_remove(&place);
}

static void test_store_replaces_rows_whole(void **state)
{
	struct place place;
	struct batch batch = full_batch();
	struct page *page = make_page(7, "4711");
	struct store *store;
	struct snapshot got;

	(void)state;
	place_make(&place);
	store = open_store(&place);
	commit(store, &batch);
	add_member(page, "carol");
	batch = (struct batch){ .number = 2, .now = { 1002000, UTC } };
	add(&batch, ROW_PAGE, page);
	commit(store, &batch);
	got = load(store, clock_at(1002000, UTC));
	CHECK(got.page_count == 1 && got.pages[0]->state == PAGE_OPEN);
	CHECK(got.pages[0]->track_count == 1 && got.pages[0]->member_count == 1);
	assert_string_equal(got.pages[0]->members[0].person, "carol");
	assert_null(got.pages[0]->text[PAGE_SERVICE]);
	snapshot_free(&got);
	store_close(store);
	place_remove(&place);
}

/* Written at mono 1 000 000 with 300 s to wait. */
static void test_store_gives_back_the_wait_that_was_left(void **state)
{
	static const struct {
		const char *name;
		const char *boot;
		struct when now;
		bool trusted;
		int64_t due;
	} rows[] = {
		{ "same boot", "one", { 1100000, UTC + 100 }, true, 1300000 },
		{ "same boot, overdue", "one", { 1500000, UTC + 500 }, true, 1300000 },
		{ "same boot, wall clock jumped", "one", { 1100000, UTC + 90000 }, true, 1300000 },
		{ "rebooted, trusted", "two", { 5000, UTC + 100 }, true, 205000 },
		{ "rebooted, trusted, overdue", "two", { 5000, UTC + 4000 }, true, 5000 },
		{ "rebooted, untrusted", "two", { 5000, UTC + 100 }, false, 305000 },
		{ "rebooted, clock jumped back", "two", { 5000, UTC - 9999 }, true, 305000 },
	};
	struct place place;
	struct batch batch = { .number = 1, .now = { 1000000, UTC } };
	struct store *store;

	(void)state;
	place_make(&place);
	store = open_store(&place);
	{
		struct snapshot empty = load(store, clock_at(1000000, UTC));

		snapshot_free(&empty);
	}
	add(&batch, ROW_PAGE, make_page(1, "4711"));
	commit(store, &batch);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct store_clock clock = { rows[i].now, rows[i].trusted, "" };
		struct snapshot got;

		strcpy(clock.boot, rows[i].boot);
		got = load(store, clock);
		CHECK_ROW(got.pages[0]->tracks[0].due == rows[i].due, rows[i].name);
		CHECK_ROW(got.pages[0]->lease_due == WHEN_NEVER, rows[i].name);
		snapshot_free(&got);
	}
	store_close(store);
	place_remove(&place);
}

static struct page *resolved_page(int64_t id, const char *code, int64_t ago_s)
{
	struct page *page = make_page(id, code);

	page->state = PAGE_RESOLVED;
	page->resolved_utc_s = UTC - ago_s;
	return page;
}

static void test_store_loads_what_is_recent_and_no_more(void **state)
{
	struct place place;
	struct batch batch = { .number = 1, .now = { 1000000, UTC - 7200 } };
	struct attempt *attempt = full_attempt();
	struct notice *notice = full_notice();
	struct store *store;
	struct snapshot got;

	(void)state;
	place_make(&place);
	store = open_store(&place);
	attempt->id = 1;
	attempt->state = ATTEMPT_ACCEPTED;
	add(&batch, ROW_ATTEMPT, attempt); /* two hours ago */
	notice->state = NOTICE_CLOSED;
	add(&batch, ROW_NOTICE, notice);
	add(&batch, ROW_PAGE, resolved_page(1, "1111", 60));
	add(&batch, ROW_PAGE, resolved_page(2, "2222", 86400));
	add(&batch, ROW_PAGE, resolved_page(3, "3333", 8 * 86400));
	commit(store, &batch);
	batch = (struct batch){ .number = 2, .now = { 8000000, UTC } };
	attempt = full_attempt();
	attempt->id = 2;
	attempt->state = ATTEMPT_ACCEPTED;
	add(&batch, ROW_ATTEMPT, attempt);
	attempt = full_attempt();
	attempt->id = 3;
	attempt->state = ATTEMPT_DELIVERED;
	add(&batch, ROW_ATTEMPT, attempt);
	commit(store, &batch);
	/* An untrusted clock of 1970 must not make all of history recent. */
	for (int trusted = 0; trusted < 2; trusted++) {
		struct store_clock clock = { { 8000000, trusted ? UTC : 0 }, trusted, "one" };

		got = load(store, clock);
		CHECK(got.page_count == 1 && got.pages[0]->id == 1);
		CHECK(got.attempt_count == 1 && got.attempts[0]->id == 2);
		CHECK(got.notice_count == 0);
		CHECK(got.code_count == 3); /* 1111, 2222, and the bundle's */
		CHECK(got.codes[0].released_utc_s == UTC - 60);
		assert_string_equal(got.codes[2].code, "5832");
		CHECK(got.codes[2].released_utc_s == UTC - 7200);
		snapshot_free(&got);
	}
	store_close(store);
	place_remove(&place);
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
	struct place place;
	char sql[80];

	(void)state;
	place_make(&place);
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
	struct place place;
	struct err err = { 0 };
	sqlite3 *db;

	(void)state;
	place_make(&place);
	store_close(open_store(&place));
	assert_int_equal(sqlite3_open(place.path, &db), SQLITE_OK);
	/* What the file itself remembers. */
	static const struct db_pragma kept[] = {
		{ "journal_mode", NULL, "wal" },
		{ "page_size", NULL, "4096" },
		{ "auto_vacuum", NULL, "2" },
		{ "user_version", NULL, "1" },
	};
	CHECK(db_pragmas(db, kept, COUNT_OF(kept), &err) == 0);
	CHECK(db_pragmas(db, &misspelt, 1, &err) == -1);
	CHECK(strstr(err.text, "synchonous") != NULL);
	CHECK(db_pragmas(db, &wrong, 1, &err) == -1);
	sqlite3_close(db);
	place_remove(&place);
}

static void test_store_refuses_damaged_rows_by_table_and_id(void **state)
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
		{ "UPDATE answered SET request=printf('%0100d', 0)", "table answered, id 1" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct store_clock clock = clock_at(1000000, UTC);
		struct batch batch = full_batch();
		struct snapshot got = { 0 };
		struct err err = { 0 };
		struct place place;
		struct store *store;

		place_make(&place);
		store = open_store(&place);
		commit(store, &batch);
		by_hand(&place, rows[i].sql);
		CHECK_ROW(store_load(store, &clock, &got, &err) == -1, rows[i].sql);
		if (strstr(err.text, rows[i].want) == NULL)
			print_error("got: %s\n", err.text);
		CHECK_ROW(strstr(err.text, rows[i].want) != NULL, rows[i].sql);
		CHECK_ROW(got.page_count == 0 && got.pages == NULL, rows[i].sql);
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
	struct place place;
	struct batch batch = { .number = 1, .now = { 1000000, UTC } };
	struct store *store;
	pid_t pid;
	int status = 0;

	(void)state;
	place_make(&place);
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

static void test_store_keeps_a_reserve_beside_itself(void **state)
{
	struct place place;
	char reserve[260];
	struct stat st;
	struct store *store;

	(void)state;
	place_make(&place);
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

static void test_store_prunes_the_old_and_keeps_the_last(void **state)
{
	const int64_t old = UTC - 500LL * 86400;
	struct place place;
	struct batch batch = { .number = 1, .now = { 1000000, old } };
	struct store *store;
	struct snapshot got;

	(void)state;
	place_make(&place);
	store = open_store(&place);
	add(&batch, ROW_PAGE, make_page(1, "1111")); /* still open */
	add(&batch, ROW_PAGE, resolved_page(2, "2222", 450LL * 86400));
	add(&batch, ROW_EVENT, make_event(1, old, 1));
	add(&batch, ROW_EVENT, make_event(2, old, 2));
	add(&batch, ROW_EVENT, make_event(3, old, 0));
	add(&batch, ROW_EVENT, make_event(4, UTC, 2));
	add(&batch, ROW_EVENT, make_event(5, old, 0));
	commit(store, &batch);
	got = load(store, (struct store_clock){ { 1000000, UTC }, false, "one" });
	snapshot_free(&got);
	store_checkpoint(store); /* nobody vouches for the clock: nothing goes */
	CHECK(count_events(&place) == 5);
	got = load(store, clock_at(1000000, UTC));
	snapshot_free(&got);
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
	struct place place;
	struct batch batch = full_batch();
	struct store *store;
	struct history *history;
	struct event event;
	struct page *page = NULL;
	struct err err = { 0 };

	(void)state;
	place_make(&place);
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
	struct place place;
	struct batch batch = { .number = 1, .now = { 1000000, UTC } };
	struct store *store;
	struct snapshot got;
	double began;

	(void)state;
	place_make(&place);
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
		cmocka_unit_test(test_store_gives_back_every_kind_of_row),
		cmocka_unit_test(test_store_replaces_rows_whole),
		cmocka_unit_test(test_store_gives_back_the_wait_that_was_left),
		cmocka_unit_test(test_store_loads_what_is_recent_and_no_more),
		cmocka_unit_test(test_store_opens_only_what_it_knows),
		cmocka_unit_test(test_store_reads_its_pragmas_back),
		cmocka_unit_test(test_store_refuses_damaged_rows_by_table_and_id),
		cmocka_unit_test(test_store_goes_on_when_there_is_room_again),
		cmocka_unit_test(test_store_keeps_a_reserve_beside_itself),
		cmocka_unit_test(test_store_prunes_the_old_and_keeps_the_last),
		cmocka_unit_test(test_history_answers_while_the_store_writes),
		cmocka_unit_test(test_store_loads_fast_behind_a_million_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
