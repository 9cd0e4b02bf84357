/* fixture.h - a database in a directory of its own, and rows to put into it. */
#ifndef TESTS_HOST_FIXTURE_H
#define TESTS_HOST_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "store/store.h"
#include "tests/support/unit.h"

#define UTC 1795219633

struct place {
	char dir[200];
	char path[240];
};

static inline struct place place_make(void)
{
	struct place place;
	const char *tmp = getenv("TMPDIR");

	snprintf(place.dir, sizeof(place.dir), "%s/tocsin-store-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(place.dir));
	snprintf(place.path, sizeof(place.path), "%s/t.db", place.dir);
	return place;
}

static inline void place_remove(const struct place *place)
{
	char command[300];

	snprintf(command, sizeof(command), "rm -rf '%s'", place->dir);
	assert_int_equal(system(command), 0);
}

static inline struct store *open_store(const struct place *place)
{
	struct store *store = NULL;
	struct err err = { 0 };

	if (store_open(&store, place->path, &err) != 0)
		print_error("%s\n", err.text);
	assert_non_null(store);
	return store;
}

/* A clock of boot "one", mono 1 000 000 ms, trusted. */
static inline struct store_clock clock_at(int64_t mono_ms, int64_t utc_s)
{
	return (struct store_clock){ { mono_ms, utc_s }, true, "one" };
}

static inline struct snapshot load(struct store *store, struct store_clock clock)
{
	struct snapshot snapshot = { 0 };
	struct err err = { 0 };

	if (store_load(store, &clock, &snapshot, &err) != 0) {
		print_error("%s\n", err.text);
		fail();
	}
	return snapshot;
}

static inline void add(struct batch *batch, enum row_kind kind, void *of)
{
	struct row row = { .kind = kind };
	struct err err;

	assert_non_null(of);
	row.of.page = of;
	assert_int_equal(batch_add(batch, row, &err), 0);
}

static inline struct event *make_event(int64_t id, int64_t utc_s, int64_t page)
{
	struct event *event = calloc(1, sizeof(*event));

	assert_non_null(event);
	event->id = id;
	event->utc_s = utc_s;
	event->page = page;
	strcpy(event->name, "page.opened");
	event->text = strdup("because");
	return event;
}

static inline struct page *make_page(int64_t id, const char *code)
{
	struct page *page = calloc(1, sizeof(*page));

	assert_non_null(page);
	page->id = id;
	strcpy(page->code, code);
	page->state = PAGE_OPEN;
	strcpy(page->severity, "sev-1");
	strcpy(page->target, "platform");
	page->text[PAGE_MESSAGE] = strdup("db1 \xC3\xA9 down");
	page->cycle = 1;
	page->lease_due = WHEN_NEVER;
	page->remind_due = WHEN_NEVER;
	page->track_count = 1;
	page->tracks[0].kind = TRACK_MAIN;
	page->tracks[0].due = 1300000;
	return page;
}

static inline void add_member(struct page *page, const char *person)
{
	struct member *member;

	assert_int_equal(array_grow(&page->members, &page->member_cap, page->member_count + 1,
				    sizeof(*page->members)),
			 0);
	member = &page->members[page->member_count++];
	*member = (struct member){ .cycle = 1, .state = MEMBER_REACHING };
	strcpy(member->person, person);
}

static inline void commit(struct store *store, struct batch *batch)
{
	struct err err = { 0 };
	int rc = store_commit(store, batch, &err);

	if (rc != 0)
		print_error("%s\n", err.text);
	assert_int_equal(rc, 0);
	batch_free(batch);
}

static inline struct page *full_page(void)
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

static inline struct notice *full_notice(void)
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

static inline struct attempt *full_attempt(void)
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

static inline struct inbound *full_inbound(int64_t id, bool whole)
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

static inline struct batch full_batch(void)
{
	struct batch batch = { .number = 1, .now = { 1000000, UTC } };
	struct answered *answered = calloc(1, sizeof(*answered));
	struct spent *spent = calloc(1, sizeof(*spent));
	struct fault *fault = calloc(1, sizeof(*fault));

	assert_non_null(answered);
	assert_non_null(spent);
	assert_non_null(fault);
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
	*fault = (struct fault){ .id = FAULT_SMS_DEAF,
				 .modem = "alpha",
				 .evidence = "2 proofs",
				 .stands = true,
				 .since_utc_s = UTC - 90,
				 .told_utc_s = UTC - 30,
				 .came = 3,
				 .page = 7 };
	add(&batch, ROW_FAULT, fault);
	return batch;
}

static inline void check_page(const struct page *page)
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

static inline struct page *resolved_page(int64_t id, const char *code, int64_t ago_s)
{
	struct page *page = make_page(id, code);

	page->state = PAGE_RESOLVED;
	page->resolved_utc_s = UTC - ago_s;
	return page;
}

#endif
