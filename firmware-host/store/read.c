#include "store/read.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static struct db_read reading(sqlite3_stmt *stmt, const char *table, struct err *err)
{
	struct db_read read = { .stmt = stmt, .table = table, .err = err };

	read.id = db_read_int(&read, 1, INT64_MAX);
	return read;
}

/* id, saved_mono_ms, saved_utc_s, boot. */
static struct db_read reading_stamped(sqlite3_stmt *stmt, const char *table,
				      const struct store_clock *clock, struct err *err)
{
	struct db_read read = reading(stmt, table, err);
	char boot[STORE_BOOT];
	int64_t utc_s;

	read.shift.saved = db_read_int(&read, -INT64_MAX / 4, INT64_MAX / 4);
	utc_s = db_read_int(&read, -INT64_MAX / 4000, INT64_MAX / 4000);
	db_read_text(&read, boot, sizeof(boot));
	if (clock == NULL) {
		read.shift.same = true;
		return read;
	}
	read.shift.same = strcmp(boot, clock->boot) == 0;
	read.shift.trusted = clock->trusted;
	read.shift.now = clock->now.mono_ms;
	read.shift.gone_ms = (clock->now.utc_s - utc_s) * 1000;
	return read;
}

static int small(struct db_read *read)
{
	return (int)db_read_int(read, INT_MIN, INT_MAX);
}

static int index_of(struct db_read *read, int64_t max)
{
	return (int)db_read_int(read, 0, max);
}

/* An index into somebody's numbers; -1: none of that kind, or not begun. */
static int number_of(struct db_read *read)
{
	return (int)db_read_int(read, -1, PLAN_NUMBERS_MAX - 1);
}

static int64_t stamp(struct db_read *read)
{
	return db_read_int(read, INT64_MIN, INT64_MAX);
}

/* ---- pages ------------------------------------------------------------- */

static void tracks_of(struct page *page, sqlite3_stmt *stmt, struct db_read *parent)
{
	sqlite3_bind_int64(stmt, 1, page->id);
	while (db_next(stmt, &parent->bad, parent->err)) {
		struct track *track = &page->tracks[page->track_count];
		struct db_read read = { .stmt = stmt,
					.table = "track",
					.id = page->id,
					.bad = parent->bad,
					.err = parent->err,
					.shift = parent->shift };

		if (page->track_count == PAGE_TRACKS_MAX) {
			db_read_fail(&read, "has too many rows");
			parent->bad = true;
			continue;
		}
		page->track_count++;
		track->kind = (enum track_kind)db_read_int(&read, TRACK_MAIN, TRACK_KINDS - 1);
		track->step = index_of(&read, PLAN_STEPS_MAX);
		track->round = index_of(&read, INT_MAX);
		track->took = db_read_bool(&read);
		track->waiting = db_read_bool(&read);
		track->due = db_read_due(&read);
		db_read_text(&read, track->acked_by, sizeof(track->acked_by));
		parent->bad = read.bad;
	}
}

static void members_of(struct page *page, sqlite3_stmt *stmt, struct db_read *parent)
{
	sqlite3_bind_int64(stmt, 1, page->id);
	while (db_next(stmt, &parent->bad, parent->err)) {
		struct db_read read = { .stmt = stmt,
					.table = "member",
					.id = page->id,
					.bad = parent->bad,
					.err = parent->err };
		struct member *member;

		if (array_grow(&page->members, &page->member_cap, page->member_count + 1,
			       sizeof(*page->members)) != 0) {
			parent->bad = true;
			err_nomem(parent->err);
			continue;
		}
		member = &page->members[page->member_count++];
		*member = (struct member){ 0 };
		db_read_text(&read, member->person, sizeof(member->person));
		member->track = index_of(&read, PAGE_TRACKS_MAX - 1);
		member->step =
			(int)db_read_int(&read, -1, PLAN_STEPS_MAX); /* -1: took it unasked */
		member->cycle = index_of(&read, INT_MAX);
		member->state =
			(enum member_state)db_read_int(&read, MEMBER_REACHING, MEMBER_STATES - 1);
		parent->bad = read.bad;
	}
}

static void roles_of(struct page *page, struct db_read *read)
{
	char roles[PAGE_ROLES_MAX * (PLAN_NAME + 8)];

	db_read_text(read, roles, sizeof(roles));
	if (!page_read_roles(page, span_of(roles)))
		db_read_fail(read, "is no list of roles");
}

static void page_columns(struct page *page, struct db_read *read)
{
	page->id = read->id;
	db_read_text(read, page->code, sizeof(page->code));
	page->state = (enum page_state)db_read_int(read, PAGE_OPEN, PAGE_STATES - 1);
	db_read_text(read, page->severity, sizeof(page->severity));
	db_read_text(read, page->target, sizeof(page->target));
	page->money = db_read_bool(read);
	page->drill = db_read_bool(read);
	page->incident = db_read_bool(read);
	for (size_t i = 0; i < PAGE_TEXTS; i++)
		page->text[i] = db_read_dup(read);
	page->chain = db_read_dup(read);
	db_read_text(read, page->requester, sizeof(page->requester));
	page->opened_utc_s = stamp(read);
	page->acked_utc_s = stamp(read);
	page->resolved_utc_s = stamp(read);
	page->cycle = index_of(read, INT_MAX);
	db_read_text(read, page->owner, sizeof(page->owner));
	page->engaged = db_read_bool(read);
	page->warned = db_read_bool(read);
	page->lease_due = db_read_due(read);
	page->remind_due = db_read_due(read);
	page->progress_due = db_read_due(read);
	page->wake_due = db_read_due(read);
	roles_of(page, read);
	db_read_text(read, page->assignee, sizeof(page->assignee));
}

int read_page(const struct read_page *from, const struct store_clock *clock, struct page **out,
	      struct err *err)
{
	struct db_read read = reading_stamped(from->page, "page", clock, err);
	struct page *page = calloc(1, sizeof(*page));

	if (page == NULL)
		return err_nomem(err);
	page_columns(page, &read);
	if (!read.bad)
		tracks_of(page, from->tracks, &read);
	if (!read.bad)
		members_of(page, from->members, &read);
	if (read.bad) {
		page_free(page);
		return -1;
	}
	*out = page;
	return 0;
}

/* ---- notices ----------------------------------------------------------- */

static void pages_of(struct notice *notice, sqlite3_stmt *stmt, struct db_read *parent)
{
	sqlite3_bind_int64(stmt, 1, notice->id);
	while (db_next(stmt, &parent->bad, parent->err)) {
		if (array_grow(&notice->pages, &notice->page_cap, notice->page_count + 1,
			       sizeof(*notice->pages)) != 0) {
			parent->bad = true;
			err_nomem(parent->err);
			continue;
		}
		notice->pages[notice->page_count++] = sqlite3_column_int64(stmt, 0);
	}
}

static void notice_columns(struct notice *notice, struct db_read *read)
{
	notice->id = read->id;
	db_read_text(read, notice->person, sizeof(notice->person));
	db_read_text(read, notice->code, sizeof(notice->code));
	notice->rank = small(read);
	notice->owns = db_read_bool(read);
	notice->told = db_read_bool(read);
	notice->state = (enum notice_state)db_read_int(read, NOTICE_GATHERING, NOTICE_STATES - 1);
	notice->gather_due = db_read_due(read);
	notice->sms = (enum sms_state)db_read_int(read, SMS_STATE_NONE, SMS_STATES - 1);
	notice->sms_number = number_of(read);
	notice->sms_tries = index_of(read, INT_MAX);
	notice->sms_due = db_read_due(read);
	db_read_text(read, notice->sms_path, sizeof(notice->sms_path));
	notice->ring = (enum ring_state)db_read_int(read, RING_STATE_NONE, RING_STATES - 1);
	notice->ring_number = number_of(read);
	notice->rings = index_of(read, INT_MAX);
	notice->ring_due = db_read_due(read);
	notice->first_ring = db_read_due(read);
	db_read_text(read, notice->ring_path, sizeof(notice->ring_path));
	db_read_text(read, notice->failed_path, sizeof(notice->failed_path));
}

int read_notice(sqlite3_stmt *stmt, sqlite3_stmt *pages, const struct store_clock *clock,
		struct notice *notice, struct err *err)
{
	struct db_read read = reading_stamped(stmt, "notice", clock, err);

	*notice = (struct notice){ 0 };
	notice_columns(notice, &read);
	if (!read.bad)
		pages_of(notice, pages, &read);
	if (!read.bad)
		return 0;
	free(notice->pages);
	*notice = (struct notice){ 0 };
	return -1;
}

/* ---- attempts, inbound, events ----------------------------------------- */

static void refs_of(struct attempt *attempt, struct db_read *read)
{
	char text[sizeof(attempt->mr) / sizeof(attempt->mr[0]) * 12];
	struct span rest;
	struct span word;
	int64_t value;

	db_read_text(read, text, sizeof(text));
	rest = span_of(text);
	for (word = span_word(&rest); word.len > 0; word = span_word(&rest)) {
		if (!span_int(word, &value) || value < -1 || value > INT_MAX ||
		    attempt->mr_count == COUNT_OF(attempt->mr)) {
			db_read_fail(read, "is no list of message references");
			return;
		}
		attempt->mr[attempt->mr_count++] = (int)value;
	}
}

static void attempt_columns(struct attempt *attempt, struct db_read *read)
{
	attempt->id = read->id;
	attempt->kind = (enum attempt_kind)db_read_int(read, ATTEMPT_TEXT, ATTEMPT_KINDS - 1);
	attempt->state = (enum attempt_state)db_read_int(read, ATTEMPT_QUEUED, ATTEMPT_STATES - 1);
	attempt->notice = stamp(read);
	attempt->page = stamp(read);
	db_read_text(read, attempt->person, sizeof(attempt->person));
	db_read_text(read, attempt->number, sizeof(attempt->number));
	db_read_text(read, attempt->modem, sizeof(attempt->modem));
	attempt->text = db_read_dup(read);
	attempt->rank = small(read);
	attempt->tries = small(read);
	attempt->due = db_read_due(read);
	attempt->queued_utc_s = stamp(read);
	attempt->began_utc_s = stamp(read);
	attempt->ended_utc_s = stamp(read);
	refs_of(attempt, read);
	attempt->end = (enum device_call_end)db_read_int(read, 0, DEVICE_CALL_ENDS - 1);
	attempt->cause = small(read);
	attempt->talked_s = stamp(read);
}

int read_attempt(sqlite3_stmt *stmt, const struct store_clock *clock, struct attempt **out,
		 struct err *err)
{
	struct db_read read = reading_stamped(stmt, "attempt", clock, err);
	struct attempt *attempt = calloc(1, sizeof(*attempt));

	if (attempt == NULL)
		return err_nomem(err);
	attempt_columns(attempt, &read);
	if (read.bad) {
		attempt_free(attempt);
		return -1;
	}
	*out = attempt;
	return 0;
}

int read_inbound(sqlite3_stmt *stmt, struct inbound **out, struct err *err)
{
	struct db_read read = reading(stmt, "inbound", err);
	struct inbound *inbound = calloc(1, sizeof(*inbound));

	if (inbound == NULL)
		return err_nomem(err);
	inbound->id = read.id;
	inbound->utc_s = stamp(&read);
	db_read_text(&read, inbound->modem, sizeof(inbound->modem));
	db_read_text(&read, inbound->number, sizeof(inbound->number));
	db_read_text(&read, inbound->person, sizeof(inbound->person));
	inbound->text = db_read_dup(&read);
	db_read_text(&read, inbound->hex, sizeof(inbound->hex));
	inbound->whole = db_read_bool(&read);
	db_read_text(&read, inbound->action, sizeof(inbound->action));
	if (read.bad) {
		free(inbound->text);
		free(inbound);
		return -1;
	}
	*out = inbound;
	return 0;
}

int read_memo(sqlite3_stmt *stmt, struct memo **out, struct err *err)
{
	struct db_read read = reading(stmt, "memo", err);
	struct memo *memo = calloc(1, sizeof(*memo));

	if (memo == NULL)
		return err_nomem(err);
	memo->id = read.id;
	db_read_text(&read, memo->kind, sizeof(memo->kind));
	memo->text = db_read_dup(&read);
	if (memo->text == NULL)
		db_read_fail(&read, "is missing");
	if (read.bad) {
		memo_free(memo);
		return -1;
	}
	*out = memo;
	return 0;
}

int read_post(sqlite3_stmt *stmt, const struct store_clock *clock, struct post **out,
	      struct err *err)
{
	struct db_read read = reading_stamped(stmt, "post", clock, err);
	struct post *post = calloc(1, sizeof(*post));

	if (post == NULL)
		return err_nomem(err);
	post->id = read.id;
	db_read_text(&read, post->hook, sizeof(post->hook));
	db_read_text(&read, post->kind, sizeof(post->kind));
	post->page = stamp(&read);
	post->body = db_read_dup(&read);
	post->tries = index_of(&read, INT_MAX);
	post->due = db_read_due(&read);
	post->made_utc_s = stamp(&read);
	if (post->body == NULL)
		db_read_fail(&read, "is missing");
	if (read.bad) {
		post_free(post);
		return -1;
	}
	*out = post;
	return 0;
}

int read_event(sqlite3_stmt *stmt, struct event *event, struct err *err)
{
	struct db_read read = reading(stmt, "event", err);

	*event = (struct event){ .id = read.id };
	event->utc_s = stamp(&read);
	event->page = stamp(&read);
	db_read_text(&read, event->name, sizeof(event->name));
	db_read_text(&read, event->person, sizeof(event->person));
	db_read_text(&read, event->modem, sizeof(event->modem));
	event->text = db_read_dup(&read);
	if (!read.bad)
		return 0;
	free(event->text);
	event->text = NULL;
	return -1;
}
