#include "store/db.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "base/when.h"

int db_error(sqlite3 *db, struct err *err, const char *fmt, ...)
{
	char what[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_set(err, ERR_SYSTEM, "%s: %s (%d)", what, sqlite3_errmsg(db),
		       sqlite3_extended_errcode(db));
}

static int pragma_run(sqlite3 *db, const char *sql, char *value, size_t size)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW && sqlite3_column_text(stmt, 0) != NULL)
		snprintf(value, size, "%s", (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int db_pragmas(sqlite3 *db, const struct db_pragma *pragmas, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		const struct db_pragma *pragma = &pragmas[i];
		char sql[80];
		char value[40] = "";

		snprintf(sql, sizeof(sql), "PRAGMA %s=%s", pragma->name,
			 pragma->set == NULL ? "" : pragma->set);
		if (pragma->set != NULL && pragma_run(db, sql, value, sizeof(value)) != SQLITE_OK)
			return db_error(db, err, "%s", sql);
		snprintf(sql, sizeof(sql), "PRAGMA %s", pragma->name);
		value[0] = '\0';
		if (pragma_run(db, sql, value, sizeof(value)) != SQLITE_OK)
			return db_error(db, err, "%s", sql);
		if (strcmp(value, pragma->want) != 0)
			return err_set(err, ERR_SYSTEM, "pragma %s is \"%s\", want \"%s\"",
				       pragma->name, value, pragma->want);
	}
	return 0;
}

int db_prepare(sqlite3 *db, const char *const *sql, sqlite3_stmt **stmts, size_t count,
	       struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (sqlite3_prepare_v3(db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &stmts[i],
				       NULL) == SQLITE_OK)
			continue;
		db_error(db, err, "%.60s", sql[i]);
		db_finalize(stmts, i);
		return -1;
	}
	return 0;
}

void db_finalize(sqlite3_stmt **stmts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		sqlite3_finalize(stmts[i]);
		stmts[i] = NULL;
	}
}

static void keep(struct db_bind *bind, int rc)
{
	if (bind->rc == SQLITE_OK)
		bind->rc = rc;
}

void db_bind_int(struct db_bind *bind, int64_t value)
{
	keep(bind, sqlite3_bind_int64(bind->stmt, ++bind->at, value));
}

void db_bind_text(struct db_bind *bind, const char *text)
{
	if (text == NULL)
		keep(bind, sqlite3_bind_null(bind->stmt, ++bind->at));
	else
		keep(bind, sqlite3_bind_text(bind->stmt, ++bind->at, text, -1, SQLITE_STATIC));
}

void db_bind_due(struct db_bind *bind, int64_t due)
{
	if (due == WHEN_NEVER)
		keep(bind, sqlite3_bind_null(bind->stmt, ++bind->at));
	else
		db_bind_int(bind, due);
}

int db_run(struct db_bind *bind)
{
	if (bind->rc == SQLITE_OK) {
		int rc = sqlite3_step(bind->stmt);

		keep(bind, rc == SQLITE_DONE ? SQLITE_OK : rc);
	}
	sqlite3_reset(bind->stmt);
	return bind->rc;
}

bool db_next(sqlite3_stmt *stmt, bool *bad, struct err *err)
{
	int rc = *bad ? SQLITE_DONE : sqlite3_step(stmt);

	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE) {
		*bad = true;
		db_error(sqlite3_db_handle(stmt), err, "reading");
	}
	sqlite3_reset(stmt);
	return false;
}

int db_read_fail(struct db_read *read, const char *why)
{
	if (read->bad)
		return -1;
	read->bad = true;
	return err_set(read->err, ERR_INVALID, "damaged row: table %s, id %lld, column %s %s",
		       read->table, (long long)read->id,
		       read->at > 0 ? sqlite3_column_name(read->stmt, read->at - 1) : "?", why);
}

int64_t db_read_int(struct db_read *read, int64_t min, int64_t max)
{
	int column = read->at++;
	int64_t value = sqlite3_column_int64(read->stmt, column);

	if (sqlite3_column_type(read->stmt, column) == SQLITE_INTEGER && value >= min &&
	    value <= max)
		return value;
	db_read_fail(read, "is out of range");
	return min;
}

bool db_read_bool(struct db_read *read)
{
	return db_read_int(read, 0, 1) == 1;
}

/* The column as text without a NUL inside; false: null, or marked bad. */
static bool text_of(struct db_read *read, struct span *text)
{
	int column = read->at++;

	if (sqlite3_column_type(read->stmt, column) == SQLITE_NULL)
		return false;
	text->at = (const char *)sqlite3_column_text(read->stmt, column);
	text->len = (size_t)sqlite3_column_bytes(read->stmt, column);
	if (text->at != NULL && memchr(text->at, '\0', text->len) == NULL)
		return true;
	db_read_fail(read, "is no text");
	return false;
}

void db_read_text(struct db_read *read, char *to, size_t size)
{
	struct span text;

	to[0] = '\0';
	if (!text_of(read, &text))
		db_read_fail(read, "is missing");
	else if (!span_copy(text, to, size))
		db_read_fail(read, "is too long");
}

char *db_read_dup(struct db_read *read)
{
	struct span text;
	char *copy;

	if (!text_of(read, &text))
		return NULL;
	copy = span_dup(text);
	if (copy == NULL && !read->bad) {
		read->bad = true;
		err_nomem(read->err);
	}
	return copy;
}

int64_t db_read_due(struct db_read *read)
{
	const struct db_shift *shift = &read->shift;
	const int64_t far = INT64_MAX / 4; /* sums of these stay in range */
	int64_t due;
	int64_t left;

	if (sqlite3_column_type(read->stmt, read->at) == SQLITE_NULL) {
		read->at++;
		return WHEN_NEVER;
	}
	due = db_read_int(read, -far, far);
	if (shift->same)
		return due;
	left = due - shift->saved;
	if (shift->trusted && shift->gone_ms > 0)
		left -= shift->gone_ms;
	return shift->now + (left > 0 ? left : 0);
}
