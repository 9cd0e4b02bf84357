#include "store/load.h"

#include <stdio.h>

#include "store/read.h"
#include "store/sql.h"

enum { HOUR = 3600, DAY = 86400, WEEK = 7 * DAY, ROTA_KEPT = 400 * DAY };

struct load {
	sqlite3_stmt *const *stmts;
	const struct store_clock *clock;
	struct snapshot *snapshot;
	int64_t utc_s; /* what "the last hour" is counted from */
	size_t damaged_cap;
	bool bad;
	struct err *err;
};

static sqlite3_stmt *since(struct load *load, enum sql sql, int64_t seconds)
{
	sqlite3_bind_int64(load->stmts[sql], 1, load->utc_s - seconds);
	return load->stmts[sql];
}

/* Room for one more; *array and *cap belong together. */
static bool room(struct load *load, void *array, size_t *cap, size_t count, size_t size)
{
	if (array_grow(array, cap, count + 1, size) == 0)
		return true;
	load->bad = true;
	err_nomem(load->err);
	return false;
}

/* The row is damaged: remembered and left out, so that all the others still page.  NULL: it is worse than that. */
static struct damaged *leave_out(struct load *load)
{
	struct snapshot *to = load->snapshot;
	struct damaged *damaged;

	if (load->err->code != ERR_INVALID) {
		load->bad = true;
		return NULL;
	}
	if (!room(load, &to->damaged, &load->damaged_cap, to->damaged_count, sizeof(*damaged)))
		return NULL;
	damaged = &to->damaged[to->damaged_count++];
	*damaged = (struct damaged){ 0 };
	snprintf(damaged->what, sizeof(damaged->what), "%.159s", load->err->text);
	*load->err = (struct err){ 0 };
	return damaged;
}

static const char *column(sqlite3_stmt *stmt, int at)
{
	const unsigned char *text = sqlite3_column_text(stmt, at);

	return text == NULL ? "" : (const char *)text;
}

/* A page that may be open must not be lost without a word: what can still be read of it, in the order of SQL_PAGE_COLUMNS. */
static void leave_out_page(struct load *load, sqlite3_stmt *stmt)
{
	enum { ID = 0, CODE = 4, STATE = 5, SEVERITY = 6, TARGET = 7, MESSAGE = 11 };
	struct damaged *damaged = leave_out(load);

	if (damaged == NULL)
		return;
	if (sqlite3_column_int64(stmt, STATE) != PAGE_RESOLVED)
		damaged->open_page = sqlite3_column_int64(stmt, ID);
	snprintf(damaged->readable, sizeof(damaged->readable), "%.10s %.20s to %.30s: %.50s",
		 column(stmt, CODE), column(stmt, SEVERITY), column(stmt, TARGET),
		 column(stmt, MESSAGE));
}

static void load_last(struct load *load)
{
	sqlite3_stmt *stmt = load->stmts[SQL_LAST];
	struct snapshot *snapshot = load->snapshot;

	while (db_next(stmt, &load->bad, load->err)) {
		snapshot->last_page = sqlite3_column_int64(stmt, 0);
		snapshot->last_notice = sqlite3_column_int64(stmt, 1);
		snapshot->last_attempt = sqlite3_column_int64(stmt, 2);
		snapshot->last_inbound = sqlite3_column_int64(stmt, 3);
		snapshot->last_event = sqlite3_column_int64(stmt, 4);
		snapshot->last_rota = sqlite3_column_int64(stmt, 5);
		snapshot->last_utc_s = sqlite3_column_int64(stmt, 6);
	}
	/* A wall clock that nobody vouches for, or that jumped back, must not make "the last hour" all of history. */
	load->utc_s = snapshot->last_utc_s;
	if (load->clock->trusted && load->clock->now.utc_s > load->utc_s)
		load->utc_s = load->clock->now.utc_s;
}

static void load_pages(struct load *load)
{
	struct snapshot *to = load->snapshot;
	const struct read_page from = { since(load, SQL_PAGES, HOUR), load->stmts[SQL_TRACKS],
					load->stmts[SQL_MEMBERS] };
	size_t cap = 0;

	while (db_next(from.page, &load->bad, load->err)) {
		if (!room(load, &to->pages, &cap, to->page_count, sizeof(struct page *)))
			continue;
		if (read_page(&from, load->clock, &to->pages[to->page_count], load->err) != 0)
			leave_out_page(load, from.page);
		else
			to->page_count++;
	}
}

static void load_notices(struct load *load)
{
	struct snapshot *to = load->snapshot;
	sqlite3_stmt *stmt = load->stmts[SQL_NOTICES];
	size_t cap = 0;

	while (db_next(stmt, &load->bad, load->err)) {
		if (!room(load, &to->notices, &cap, to->notice_count, sizeof(*to->notices)))
			continue;
		if (read_notice(stmt, load->stmts[SQL_NOTICE_PAGES], load->clock,
				&to->notices[to->notice_count], load->err) != 0)
			leave_out(load);
		else
			to->notice_count++;
	}
}

static void load_attempts(struct load *load)
{
	struct snapshot *to = load->snapshot;
	sqlite3_stmt *stmt = since(load, SQL_ATTEMPTS, HOUR);
	size_t cap = 0;

	while (db_next(stmt, &load->bad, load->err)) {
		if (!room(load, &to->attempts, &cap, to->attempt_count, sizeof(struct attempt *)))
			continue;
		if (read_attempt(stmt, load->clock, &to->attempts[to->attempt_count], load->err) !=
		    0)
			leave_out(load);
		else
			to->attempt_count++;
	}
}

static void load_inbound(struct load *load)
{
	struct snapshot *to = load->snapshot;
	sqlite3_stmt *stmt = load->stmts[SQL_INBOUND];
	size_t cap = 0;

	while (db_next(stmt, &load->bad, load->err)) {
		if (!room(load, &to->inbound, &cap, to->inbound_count, sizeof(struct inbound *)))
			continue;
		if (read_inbound(stmt, &to->inbound[to->inbound_count], load->err) != 0)
			leave_out(load);
		else
			to->inbound_count++;
	}
}

static void load_answered(struct load *load)
{
	struct snapshot *to = load->snapshot;
	sqlite3_stmt *stmt = load->stmts[SQL_ANSWERED];
	size_t cap = 0;

	/* Newest first: the walk ends at the first that is too old. */
	while (db_next(stmt, &load->bad, load->err)) {
		struct db_read read = { .stmt = stmt, .table = "answered", .err = load->err };
		struct answered *answered;

		if (!room(load, &to->answered, &cap, to->answered_count, sizeof(*to->answered)))
			continue;
		answered = &to->answered[to->answered_count];
		read.id = db_read_int(&read, INT64_MIN, INT64_MAX);
		db_read_text(&read, answered->request, sizeof(answered->request));
		answered->page = db_read_int(&read, INT64_MIN, INT64_MAX);
		answered->utc_s = db_read_int(&read, INT64_MIN, INT64_MAX);
		if (read.bad)
			leave_out(load);
		else if (answered->utc_s < load->utc_s - DAY)
			break;
		else
			to->answered_count++;
	}
	sqlite3_reset(stmt);
}

static void load_spent(struct load *load)
{
	struct snapshot *to = load->snapshot;
	sqlite3_stmt *stmt = load->stmts[SQL_SPENT];
	size_t cap = 0;

	while (db_next(stmt, &load->bad, load->err)) {
		struct db_read read = { .stmt = stmt, .table = "spent", .err = load->err };
		struct spent *spent;

		if (!room(load, &to->spent, &cap, to->spent_count, sizeof(*to->spent)))
			continue;
		spent = &to->spent[to->spent_count];
		db_read_text(&read, spent->modem, sizeof(spent->modem));
		spent->counts.day = db_read_int(&read, INT64_MIN, INT64_MAX);
		spent->counts.sms = db_read_int(&read, 0, INT64_MAX);
		spent->counts.calls = db_read_int(&read, 0, INT64_MAX);
		spent->counts.call_seconds = db_read_int(&read, 0, INT64_MAX);
		if (read.bad)
			leave_out(load);
		else
			to->spent_count++;
	}
}

/* One whose kind is no longer in the table is none of ours. */
static void load_faults(struct load *load)
{
	struct snapshot *to = load->snapshot;
	sqlite3_stmt *stmt = since(load, SQL_FAULTS, WEEK);
	size_t cap = 0;

	while (db_next(stmt, &load->bad, load->err)) {
		struct db_read read = { .stmt = stmt, .table = "fault", .err = load->err };
		char kind[40];
		struct fault *fault;

		if (!room(load, &to->faults, &cap, to->fault_count, sizeof(*to->faults)))
			continue;
		fault = &to->faults[to->fault_count];
		*fault = (struct fault){ .due = WHEN_NEVER };
		db_read_text(&read, kind, sizeof(kind));
		db_read_text(&read, fault->modem, sizeof(fault->modem));
		db_read_text(&read, fault->evidence, sizeof(fault->evidence));
		fault->stands = db_read_bool(&read);
		fault->since_utc_s = db_read_int(&read, 0, INT64_MAX);
		fault->ended_utc_s = db_read_int(&read, 0, INT64_MAX);
		fault->told_utc_s = db_read_int(&read, 0, INT64_MAX);
		fault->came = db_read_int(&read, 0, INT64_MAX);
		fault->page = db_read_int(&read, 0, INT64_MAX);
		fault->id = fault_find(span_of(kind));
		if (read.bad)
			leave_out(load);
		else if (fault->id != FAULT_NONE)
			to->fault_count++;
	}
}

static void load_health(struct load *load)
{
	struct snapshot *to = load->snapshot;
	sqlite3_stmt *stmt = load->stmts[SQL_HEALTH];
	size_t cap = 0;

	while (db_next(stmt, &load->bad, load->err)) {
		struct db_read read = { .stmt = stmt, .table = "health", .err = load->err };
		struct health *health;

		if (!room(load, &to->health, &cap, to->health_count, sizeof(*to->health)))
			continue;
		health = &to->health[to->health_count];
		db_read_text(&read, health->modem, sizeof(health->modem));
		for (size_t i = 0; i < PATH_FUNCTIONS; i++)
			health->last_utc_s[i] = db_read_int(&read, 0, INT64_MAX);
		health->proved_utc_s = db_read_int(&read, 0, INT64_MAX);
		health->latency_ms = db_read_int(&read, 0, INT64_MAX);
		health->sent = db_read_int(&read, 0, INT64_MAX);
		health->lost = db_read_int(&read, 0, INT64_MAX);
		if (read.bad)
			leave_out(load);
		else
			to->health_count++;
	}
}

static void load_routes(struct load *load)
{
	struct snapshot *to = load->snapshot;
	sqlite3_stmt *stmt = load->stmts[SQL_ROUTES];
	size_t cap = 0;

	while (db_next(stmt, &load->bad, load->err)) {
		struct db_read read = { .stmt = stmt, .table = "route", .err = load->err };
		struct route *route;

		if (!room(load, &to->routes, &cap, to->route_count, sizeof(*to->routes)))
			continue;
		route = &to->routes[to->route_count];
		db_read_text(&read, route->modem, sizeof(route->modem));
		db_read_text(&read, route->plmn, sizeof(route->plmn));
		db_read_text(&read, route->number, sizeof(route->number));
		route->used_utc_s = db_read_int(&read, 0, INT64_MAX);
		for (size_t i = 0; i < COUNT_OF(route->end); i++) {
			route->end[i].good_utc_s = db_read_int(&read, 0, INT64_MAX);
			route->end[i].bad_utc_s = db_read_int(&read, 0, INT64_MAX);
			route->end[i].bad = db_read_int(&read, 0, INT64_MAX);
		}
		if (read.bad)
			leave_out(load);
		else
			to->route_count++;
	}
}

static void load_memos(struct load *load)
{
	struct snapshot *to = load->snapshot;
	sqlite3_stmt *stmt = load->stmts[SQL_MEMOS];
	size_t cap = 0;

	while (db_next(stmt, &load->bad, load->err)) {
		if (!room(load, &to->memos, &cap, to->memo_count, sizeof(struct memo *)))
			continue;
		if (read_memo(stmt, &to->memos[to->memo_count], load->err) != 0)
			leave_out(load);
		else
			to->memo_count++;
	}
}

static void load_posts(struct load *load)
{
	struct snapshot *to = load->snapshot;
	sqlite3_stmt *stmt = load->stmts[SQL_POSTS];
	size_t cap = 0;

	while (db_next(stmt, &load->bad, load->err)) {
		if (!room(load, &to->posts, &cap, to->post_count, sizeof(struct post *)))
			continue;
		if (read_post(stmt, load->clock, &to->posts[to->post_count], load->err) != 0)
			leave_out(load);
		else
			to->post_count++;
	}
}

static void read_range(struct db_read *read, struct radio_range *range)
{
	range->samples = db_read_int(read, 0, INT32_MAX);
	range->sum = db_read_int(read, INT32_MIN, INT32_MAX);
	range->min = (int)db_read_int(read, INT16_MIN, INT16_MAX);
	range->max = (int)db_read_int(read, INT16_MIN, INT16_MAX);
}

static void load_radio(struct load *load)
{
	struct snapshot *to = load->snapshot;
	sqlite3_stmt *stmt = load->stmts[SQL_RADIO];
	size_t cap = 0;

	sqlite3_bind_int64(stmt, 1, (load->utc_s - (int64_t)2 * WEEK) / HOUR);
	while (db_next(stmt, &load->bad, load->err)) {
		struct db_read read = { .stmt = stmt, .table = "radio", .err = load->err };
		struct radio_hour *hour;

		if (!room(load, &to->radio, &cap, to->radio_count, sizeof(*to->radio)))
			continue;
		hour = &to->radio[to->radio_count];
		hour->hour = db_read_int(&read, 0, INT64_MAX);
		db_read_text(&read, hour->modem, sizeof(hour->modem));
		read_range(&read, &hour->signal);
		read_range(&read, &hour->heat);
		if (read.bad)
			leave_out(load);
		else
			to->radio_count++;
	}
}

static void load_cards(struct load *load)
{
	struct snapshot *to = load->snapshot;
	sqlite3_stmt *stmt = load->stmts[SQL_CARDS];
	size_t cap = 0;

	while (db_next(stmt, &load->bad, load->err)) {
		struct db_read read = { .stmt = stmt, .table = "card", .err = load->err };
		struct card *card;

		if (!room(load, &to->cards, &cap, to->card_count, sizeof(*to->cards)))
			continue;
		card = &to->cards[to->card_count];
		db_read_text(&read, card->key, sizeof(card->key));
		db_read_text(&read, card->modem, sizeof(card->modem));
		db_read_text(&read, card->smsc, sizeof(card->smsc));
		card->pin = (enum card_pin)db_read_int(&read, CARD_PIN_NONE, CARD_PINS - 1);
		card->pin_print = db_read_int(&read, INT64_MIN, INT64_MAX);
		card->pin_tries = (int)db_read_int(&read, -1, 99);
		card->balance = db_read_int(&read, INT64_MIN, INT64_MAX);
		card->balance_utc_s = db_read_int(&read, 0, INT64_MAX);
		card->asked_utc_s = db_read_int(&read, 0, INT64_MAX);
		card->expiry_told = (int)db_read_int(&read, 0, 1000);
		card->seen_utc_s = db_read_int(&read, 0, INT64_MAX);
		if (read.bad)
			leave_out(load);
		else
			to->card_count++;
	}
}

static void load_codes(struct load *load)
{
	struct snapshot *to = load->snapshot;
	sqlite3_stmt *stmt = since(load, SQL_CODES, WEEK);
	size_t cap = 0;

	while (db_next(stmt, &load->bad, load->err)) {
		struct db_read read = { .stmt = stmt, .table = "page or notice", .err = load->err };

		if (!room(load, &to->codes, &cap, to->code_count, sizeof(*to->codes)))
			continue;
		db_read_text(&read, to->codes[to->code_count].code,
			     sizeof(to->codes[to->code_count].code));
		to->codes[to->code_count].released_utc_s = db_read_int(&read, 0, INT64_MAX);
		if (read.bad)
			leave_out(load);
		else
			to->code_count++;
	}
}

static void load_rota(struct load *load)
{
	sqlite3_stmt *stmt = since(load, SQL_ROTA, ROTA_KEPT);

	while (db_next(stmt, &load->bad, load->err)) {
		struct rota_entry entry;

		if (read_rota(stmt, &entry, load->err) != 0)
			leave_out(load);
		else if (rota_put(&load->snapshot->rota, &entry) < 0)
			load->bad = true;
	}
}

static void load_calendars(struct load *load)
{
	sqlite3_stmt *stmt = load->stmts[SQL_CALENDARS];

	while (db_next(stmt, &load->bad, load->err)) {
		struct rota_calendar calendar;

		if (read_calendar(stmt, &calendar, load->err) != 0)
			leave_out(load);
		else if (rota_put_calendar(&load->snapshot->rota, &calendar) < 0)
			load->bad = true;
	}
}

int load_snapshot(sqlite3_stmt *const *stmts, const struct store_clock *clock,
		  struct snapshot *snapshot, struct err *err)
{
	static void (*const parts[])(struct load *) = {
		load_last,  load_pages,  load_notices,   load_attempts, load_inbound, load_answered,
		load_spent, load_faults, load_posts,     load_memos,    load_cards,   load_radio,
		load_codes, load_rota,   load_calendars, load_health,   load_routes,
	};
	struct load load = { .stmts = stmts, .clock = clock, .snapshot = snapshot, .err = err };

	*snapshot = (struct snapshot){ 0 };
	for (size_t i = 0; !load.bad && i < COUNT_OF(parts); i++)
		parts[i](&load);
	if (!load.bad)
		return 0;
	for (size_t i = 0; i < SQLS; i++)
		sqlite3_reset(stmts[i]);
	snapshot_free(snapshot);
	return -1;
}
