/* load.h - unfinished business out of the database, at a start. */
#ifndef STORE_LOAD_H
#define STORE_LOAD_H

#include <sqlite3.h>

#include "store/store.h"

/* stmts: SQLS of them.  0; or -1 with err and an empty snapshot. */
int load_snapshot(sqlite3_stmt *const *stmts, const struct store_clock *clock,
		  struct snapshot *snapshot, struct err *err);

#endif
