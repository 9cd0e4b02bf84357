#include "store/history.h"

#include <stdlib.h>

#include "store/db.h"
#include "store/read.h"
#include "store/schema.h"
#include "store/sql.h"

enum question {
	ASK_EVENTS,
	ASK_PAGE_EVENTS,
	ASK_EVENT_FROM,
	ASK_LAST_EVENT,
	ASK_NEWEST,
	ASK_RESOLVED,
	ASK_REACHED,
	ASK_PAGE,
	ASK_CODE,
	ASK_TRACKS,
	ASK_MEMBERS,
	ASK_ROTA,
	ASK_CALENDARS,
	ASKS
};

static const char *const questions[ASKS] = {
	[ASK_EVENTS] = "SELECT " SQL_EVENT_COLUMNS " FROM event WHERE id > ?2 ORDER BY id",
	[ASK_PAGE_EVENTS] = "SELECT " SQL_EVENT_COLUMNS
			    " FROM event WHERE page = ?1 AND page <> 0 AND id > ?2 ORDER BY id",
	[ASK_EVENT_FROM] = "SELECT id, utc_s FROM event WHERE id >= ?1 ORDER BY id LIMIT 1",
	[ASK_LAST_EVENT] = "SELECT coalesce(max(id), 0) FROM event",
	[ASK_NEWEST] = "SELECT " SQL_EVENT_COLUMNS
		       " FROM event WHERE name = ?1 AND id > ?2 ORDER BY id DESC LIMIT 1",
	[ASK_RESOLVED] = "SELECT id FROM page WHERE state = 3 AND resolved_utc_s >= ?1"
			 " ORDER BY resolved_utc_s DESC LIMIT ?2",
	/* pages and who was reached for them are kept for good; no index: seldom asked */
	[ASK_REACHED] = "SELECT DISTINCT page.id FROM page JOIN member ON member.page = page.id"
			" JOIN track ON track.page = page.id AND track.place = member.track"
			" WHERE member.person = ?1 AND track.kind <> ?2 AND page.drill = 0"
			" ORDER BY page.id DESC",
	[ASK_PAGE] = "SELECT " SQL_PAGE_COLUMNS " FROM page WHERE id = ?1",
	[ASK_CODE] =
		"SELECT " SQL_PAGE_COLUMNS " FROM page WHERE code = ?1 ORDER BY id DESC LIMIT 1",
	[ASK_TRACKS] = SQL_TRACK_TEXT,
	[ASK_MEMBERS] = SQL_MEMBER_TEXT,
	[ASK_ROTA] = SQL_ROTA_TEXT,
	[ASK_CALENDARS] = SQL_CALENDAR_TEXT,
};

static const struct db_pragma pragmas[] = {
	{ "query_only", "ON", "1" },      { "trusted_schema", "OFF", "0" },
	{ "cache_size", "-256", "-256" }, { "mmap_size", "0", "0" },
	{ "temp_store", "MEMORY", "2" },
};

struct history {
	sqlite3 *db;
	sqlite3_stmt *asks[ASKS];
	sqlite3_stmt *walk; /* the one that history_next steps; NULL none */
};

static int prepare(struct history *history, const char *path, struct err *err)
{
	if (sqlite3_open_v2(path, &history->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		return db_error(history->db, err, "opening to read");
	sqlite3_extended_result_codes(history->db, 1);
	sqlite3_busy_timeout(history->db, 2000);
	if (schema_check(history->db, err) != 0 ||
	    db_pragmas(history->db, pragmas, COUNT_OF(pragmas), err) != 0)
		return -1;
	return db_prepare(history->db, questions, history->asks, ASKS, err);
}

int history_open(struct history **out, const char *path, struct err *err)
{
	struct history *history = calloc(1, sizeof(*history));

	if (history == NULL)
		return err_nomem(err);
	if (prepare(history, path, err) != 0) {
		history_close(history);
		return err_wrap(err, "database %s", path);
	}
	*out = history;
	return 0;
}

void history_close(struct history *history)
{
	if (history == NULL)
		return;
	db_finalize(history->asks, ASKS);
	sqlite3_close(history->db);
	free(history);
}

int history_start(struct history *history, int64_t page, int64_t after, struct err *err)
{
	if (history->walk != NULL)
		sqlite3_reset(history->walk);
	history->walk = history->asks[page == 0 ? ASK_EVENTS : ASK_PAGE_EVENTS];
	if ((page != 0 && sqlite3_bind_int64(history->walk, 1, page) != SQLITE_OK) ||
	    sqlite3_bind_int64(history->walk, 2, after) != SQLITE_OK)
		return db_error(history->db, err, "events");
	return 0;
}

int history_next(struct history *history, struct event *event, struct err *err)
{
	bool bad = false;

	if (history->walk == NULL)
		return 0;
	if (!db_next(history->walk, &bad, err)) {
		history->walk = NULL; /* an open read would keep the log from being emptied */
		return bad ? -1 : 0;
	}
	return read_event(history->walk, event, err) == 0 ? 1 : -1;
}

void history_stop(struct history *history)
{
	if (history->walk != NULL)
		sqlite3_reset(history->walk);
	history->walk = NULL;
}

static int last_event(struct history *history, int64_t *id, struct err *err)
{
	sqlite3_stmt *stmt = history->asks[ASK_LAST_EVENT];
	bool bad = false;

	while (db_next(stmt, &bad, err))
		*id = sqlite3_column_int64(stmt, 0);
	return bad ? -1 : 0;
}

/* When the first event from this id on happened; INT64_MAX behind the last. */
static int instant_of(struct history *history, int64_t id, int64_t *utc_s, struct err *err)
{
	sqlite3_stmt *stmt = history->asks[ASK_EVENT_FROM];
	bool bad = false;

	*utc_s = INT64_MAX;
	sqlite3_bind_int64(stmt, 1, id);
	while (db_next(stmt, &bad, err))
		*utc_s = sqlite3_column_int64(stmt, 1);
	return bad ? -1 : 0;
}

int history_first_at(struct history *history, int64_t utc_s, int64_t *id, struct err *err)
{
	int64_t low = 1;
	int64_t high = 0;

	if (last_event(history, &high, err) < 0)
		return -1;
	high++;
	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		int64_t at;

		if (instant_of(history, middle, &at, err) < 0)
			return -1;
		if (at < utc_s)
			low = middle + 1;
		else
			high = middle;
	}
	*id = low;
	return 0;
}

/* Among the last hundred thousand only: nothing waits for a walk over years. */
int history_newest(struct history *history, const char *name, struct event *event, struct err *err)
{
	sqlite3_stmt *stmt = history->asks[ASK_NEWEST];
	bool bad = false;
	int64_t last = 0;
	int found = 0;

	if (last_event(history, &last, err) < 0)
		return -1;
	sqlite3_bind_text(stmt, 1, name, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(stmt, 2, last - 100000);
	if (db_next(stmt, &bad, err))
		found = read_event(stmt, event, err) == 0 ? 1 : -1;
	sqlite3_reset(stmt);
	return bad ? -1 : found;
}

static int list_ids(sqlite3_stmt *stmt, int64_t **ids, size_t *count, struct err *err)
{
	bool bad = false;
	size_t cap = 0;

	while (db_next(stmt, &bad, err)) {
		if (array_grow(ids, &cap, *count + 1, sizeof **ids) < 0) {
			sqlite3_reset(stmt);
			return err_nomem(err);
		}
		(*ids)[(*count)++] = sqlite3_column_int64(stmt, 0);
	}
	return bad ? -1 : 0;
}

int history_resolved(struct history *history, int64_t since_utc_s, size_t max, int64_t **ids,
		     size_t *count, struct err *err)
{
	sqlite3_stmt *stmt = history->asks[ASK_RESOLVED];

	sqlite3_bind_int64(stmt, 1, since_utc_s);
	sqlite3_bind_int64(stmt, 2, (int64_t)max);
	return list_ids(stmt, ids, count, err);
}

int history_reached(struct history *history, const char *person, int64_t **ids, size_t *count,
		    struct err *err)
{
	sqlite3_stmt *stmt = history->asks[ASK_REACHED];

	sqlite3_bind_text(stmt, 1, person, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(stmt, 2, TRACK_BESIDE);
	return list_ids(stmt, ids, count, err);
}

/* 1 found, 0 not, -1. */
static int ask_page(struct history *history, enum question ask, struct page **page, struct err *err)
{
	const struct read_page from = { history->asks[ask], history->asks[ASK_TRACKS],
					history->asks[ASK_MEMBERS] };
	bool bad = false;
	int found = 0;

	if (db_next(from.page, &bad, err))
		found = read_page(&from, NULL, page, err) == 0 ? 1 : -1;
	sqlite3_reset(from.page);
	return bad ? -1 : found;
}

int history_page(struct history *history, struct span id_or_code, struct page **page,
		 struct err *err)
{
	struct span digits = id_or_code;
	int64_t id = 0;

	if (id_or_code.len > 1 && (id_or_code.at[0] == 'p' || id_or_code.at[0] == 'P')) {
		digits = span_skip(id_or_code, 1);
		if (!span_int(digits, &id))
			return 0;
		sqlite3_bind_int64(history->asks[ASK_PAGE], 1, id);
		return ask_page(history, ASK_PAGE, page, err);
	}
	if (digits.len == 0 || digits.len >= PAGE_CODE)
		return 0;
	sqlite3_bind_text(history->asks[ASK_CODE], 1, digits.at, (int)digits.len, SQLITE_TRANSIENT);
	return ask_page(history, ASK_CODE, page, err);
}

int history_rota(struct history *history, int64_t since_utc_s, struct rota *rota, struct err *err)
{
	sqlite3_stmt *entries = history->asks[ASK_ROTA];
	sqlite3_stmt *calendars = history->asks[ASK_CALENDARS];
	struct rota_calendar calendar;
	struct rota_entry entry;
	bool bad = false;

	sqlite3_bind_int64(entries, 1, since_utc_s);
	while (db_next(entries, &bad, err))
		bad = read_rota(entries, &entry, err) < 0 || rota_put(rota, &entry) < 0;
	while (db_next(calendars, &bad, err))
		bad = read_calendar(calendars, &calendar, err) < 0 ||
		      rota_put_calendar(rota, &calendar) < 0;
	return bad ? -1 : 0;
}
