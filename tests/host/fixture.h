/* fixture.h - a database in a directory of its own, and rows to put into it. */
#ifndef TESTS_HOST_FIXTURE_H
#define TESTS_HOST_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "store/store.h"
#include "tests/support/unit.h"

struct place {
	char dir[200];
	char path[240];
};

static inline void place_make(struct place *place)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(place->dir, sizeof(place->dir), "%s/tocsin-store-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(place->dir));
	snprintf(place->path, sizeof(place->path), "%s/t.db", place->dir);
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

#endif
