/* save.h - writes one row of each kind through the store's prepared statements. */
#ifndef STORE_SAVE_H
#define STORE_SAVE_H

#include <sqlite3.h>

#include "core/rows.h"
#include "store/sql.h"

struct save {                       /* the same for all rows of a batch */
	sqlite3_stmt *const *stmts; /* SQLS of them */
	struct when now;            /* deadlines are relative to this */
	const char *boot;
};

/* SQLITE_OK or SQLite's code. */
int save_row(const struct save *save, const struct row *row);

/* "page 17": which row it is, for messages. */
void save_name(const struct row *row, char *name, size_t size);

#endif
