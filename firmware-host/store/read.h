/* read.h - rows of the database back into the structs they came from; shared by the store and by history. */
#ifndef STORE_READ_H
#define STORE_READ_H

#include "store/db.h"
#include "store/store.h"

struct read_page { /* SELECTs: SQL_PAGE_COLUMNS, SQL_TRACK_TEXT, SQL_MEMBER_TEXT */
	sqlite3_stmt *page;
	sqlite3_stmt *tracks;
	sqlite3_stmt *members;
};

/* In all of these: the statement stands on a row.  0, or -1 with err (a damaged row, or memory) and nothing to free.
 * clock: NULL leaves deadlines as they were stored. */
int read_page(const struct read_page *from, const struct store_clock *clock, struct page **out,
	      struct err *err);
int read_notice(sqlite3_stmt *stmt, sqlite3_stmt *pages, const struct store_clock *clock,
		struct notice *notice, struct err *err);
int read_attempt(sqlite3_stmt *stmt, const struct store_clock *clock, struct attempt **out,
		 struct err *err);
int read_inbound(sqlite3_stmt *stmt, struct inbound **out, struct err *err);
int read_memo(sqlite3_stmt *stmt, struct memo **out, struct err *err);
int read_post(sqlite3_stmt *stmt, const struct store_clock *clock, struct post **out,
	      struct err *err);
int read_rota(sqlite3_stmt *stmt, struct rota_entry *entry, struct err *err);
int read_calendar(sqlite3_stmt *stmt, struct rota_calendar *calendar, struct err *err);
int read_event(sqlite3_stmt *stmt, struct event *event, struct err *err);

#endif
