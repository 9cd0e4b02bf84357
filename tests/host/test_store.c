#include "tests/host/fixture.h"

static void test_store_gives_back_every_kind_of_row(void **state)
{
	struct place place = place_make();
	struct batch batch = full_batch();
	struct store *store;
	struct snapshot got;

	(void)state;
	store = open_store(&place);
	got = load(store, clock_at(1000000, UTC));
	CHECK(got.page_count == 0 && got.last_page == 0 && got.last_utc_s == 0);
	commit(store, &batch);
	store_close(store);
	store = open_store(&place);
	got = load(store, clock_at(1001000, UTC + 1));
	CHECK(got.page_count == 1 && got.notice_count == 1 && got.attempt_count == 1);
	CHECK(got.inbound_count == 2 && got.answered_count == 1 && got.spent_count == 1);
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
	CHECK(got.fault_count == 1 && got.faults[0].id == FAULT_SMS_DEAF && got.faults[0].stands);
	assert_string_equal(got.faults[0].evidence, "2 proofs");
	CHECK(got.faults[0].told_utc_s == UTC - 30 && got.faults[0].came == 3);
	CHECK(got.faults[0].since_utc_s == UTC - 90 && got.faults[0].page == 7);
	CHECK(got.code_count == 2 && got.codes[0].released_utc_s == 0);
	CHECK(got.last_page == 7 && got.last_notice == 3 && got.last_attempt == 11);
	CHECK(got.last_inbound == 22 && got.last_event == 31 && got.last_utc_s == UTC);
	snapshot_free(&got);
	store_close(store);
	place_remove(&place);
}

static void test_store_replaces_rows_whole(void **state)
{
	struct place place = place_make();
	struct batch batch = full_batch();
	struct page *page = make_page(7, "4711");
	struct store *store;
	struct snapshot got;

	(void)state;
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
	struct place place = place_make();
	struct batch batch = { .number = 1, .now = { 1000000, UTC } };
	struct store *store;

	(void)state;
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

static void test_store_loads_what_is_recent_and_no_more(void **state)
{
	struct place place = place_make();
	struct batch batch = { .number = 1, .now = { 1000000, UTC - 7200 } };
	struct attempt *attempt = full_attempt();
	struct notice *notice = full_notice();
	struct store *store;
	struct snapshot got;

	(void)state;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_store_gives_back_every_kind_of_row),
		cmocka_unit_test(test_store_replaces_rows_whole),
		cmocka_unit_test(test_store_gives_back_the_wait_that_was_left),
		cmocka_unit_test(test_store_loads_what_is_recent_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
