/* db.h - the thin floor over SQLite that store and history stand on: errors in words, pragmas that are read back,
 * statements prepared from a table, columns bound and read in order.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* What SQLite says about the last failure, with words in front.  Always -1. */
int db_error(sqlite3 *db, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

struct db_pragma {
	const char *name;
	const char *set;  /* NULL: only compared */
	const char *want; /* what a reading must give */
};

/* Sets each and reads it back: SQLite ignores a pragma it does not know. */
int db_pragmas(sqlite3 *db, const struct db_pragma *pragmas, size_t count, struct err *err);

/* All of sql[0..count) at once, so that a mistake shows at the start.  On failure none is left. */
int db_prepare(sqlite3 *db, const char *const *sql, sqlite3_stmt **stmts, size_t count,
	       struct err *err);
void db_finalize(sqlite3_stmt **stmts, size_t count);

/* Parameters in the order of their question marks.  A failure sticks in rc. */
struct db_bind {
	sqlite3_stmt *stmt;
	int at; /* the last bound */
	int rc;
};
void db_bind_int(struct db_bind *bind, int64_t value);
void db_bind_text(struct db_bind *bind, const char *text); /* borrowed until the step; NULL: null */
void db_bind_due(struct db_bind *bind, int64_t due);       /* WHEN_NEVER: null */

/* Steps a statement that gives no rows and resets it.  SQLITE_OK or SQLite's code. */
int db_run(struct db_bind *bind);

/* The next row of a SELECT: true while there is one and nothing is `bad`; false resets the statement.  A failure of the
 * database is never an end of rows: it sets *bad, with err. */
bool db_next(sqlite3_stmt *stmt, bool *bad, struct err *err);

/* How instants of the run that wrote a row become instants of this run (DESIGN.md 6). */
struct db_shift {
	bool same;       /* the same boot: they stay as they are */
	bool trusted;    /* the wall clock says how much time went by */
	int64_t saved;   /* mono_ms when the row was written */
	int64_t now;     /* mono_ms of this run */
	int64_t gone_ms; /* by the wall clock, since it was written */
};

/* Columns in the order of the SELECT.  What does not fit its field makes `bad`, once, with err naming table, id
 * and column (ERR_INVALID): a damaged row must not vanish silently, nor be taken for a sound one. */
struct db_read {
	sqlite3_stmt *stmt;
	const char *table;
	int64_t id;
	int at; /* the next column */
	bool bad;
	struct err *err;
	struct db_shift shift;
};
int64_t db_read_int(struct db_read *read, int64_t min, int64_t max);
bool db_read_bool(struct db_read *read);
void db_read_text(struct db_read *read, char *to, size_t size);
char *db_read_dup(struct db_read *read); /* NULL for null; the caller frees it */
int64_t db_read_due(struct db_read *read);
int db_read_fail(struct db_read *read, const char *why); /* marks it bad; always -1 */

#endif
