#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "store/db.h"
#include "store/load.h"
#include "store/save.h"
#include "store/schema.h"

#define RESERVE_BYTES 1048576
#define KEEP_S        (400LL * 86400) /* a year's comparison, and some */
#define KEEP_ANSWER_S (2LL * 86400)

struct store {
	sqlite3 *db;
	sqlite3_stmt *stmts[SQLS];
	char *path;
	char *reserve;         /* its path */
	char boot[STORE_BOOT]; /* of the load */
	struct when loaded;    /* the clock at the load; utc_s 0: not trusted, nothing is pruned */
	int64_t mono_ms;       /* of the newest batch */
};

/* The order matters: the first two hold only for a file without tables, and WAL makes it one that has pages. */
static const struct db_pragma pragmas[] = {
	{ "page_size", "4096", "4096" },        { "auto_vacuum", "INCREMENTAL", "2" },
	{ "journal_mode", "WAL", "wal" },       { "synchronous", "FULL", "2" },
	{ "busy_timeout", "5000", "5000" },     { "trusted_schema", "OFF", "0" },
	{ "cache_size", "-512", "-512" },       { "mmap_size", "0", "0" },
	{ "temp_store", "MEMORY", "2" },        { "journal_size_limit", "8388608", "8388608" },
	{ "wal_autocheckpoint", "500", "500" }, { "encoding", NULL, "UTF-8" },
};

/* Something to give back when the disk is full: preallocated, so that it really holds room. */
static void reserve_make(const struct store *store)
{
	struct statvfs fs;
	int fd;

	if (access(store->reserve, F_OK) == 0)
		return;
	/* Right after it was given back the room belongs to the database. */
	if (statvfs(store->path, &fs) == 0 &&
	    (uint64_t)fs.f_bavail * fs.f_frsize < 2ULL * RESERVE_BYTES)
		return;
	fd = open(store->reserve, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	if (posix_fallocate(fd, 0, RESERVE_BYTES) != 0)
		unlink(store->reserve);
	close(fd);
}

static int prepare(struct store *store, struct err *err)
{
	int rc = sqlite3_open_v2(store->path, &store->db,
				 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
				 NULL);

	if (rc != SQLITE_OK)
		return db_error(store->db, err, "opening");
	sqlite3_extended_result_codes(store->db, 1);
	sqlite3_busy_timeout(store->db, 5000);
	if (schema_check(store->db, err) != 0 ||
	    db_pragmas(store->db, pragmas, COUNT_OF(pragmas), err) != 0 ||
	    schema_upgrade(store->db, err) != 0)
		return -1;
	return db_prepare(store->db, sql_texts, store->stmts, SQLS, err);
}

int store_open(struct store **out, const char *path, struct err *err)
{
	struct store *store = calloc(1, sizeof(*store));
	struct buf reserve = { 0 };

	if (store == NULL)
		return err_nomem(err);
	buf_addf(&reserve, "%s.reserve", path);
	store->reserve = reserve.at;
	store->path = span_dup(span_of(path));
	if (reserve.failed || store->path == NULL) {
		store_close(store);
		return err_nomem(err);
	}
	if (prepare(store, err) != 0) {
		store_close(store);
		return err_wrap(err, "database %s", path);
	}
	reserve_make(store);
	*out = store;
	return 0;
}

void store_close(struct store *store)
{
	if (store == NULL)
		return;
	db_finalize(store->stmts, SQLS);
	sqlite3_close(store->db);
	free(store->path);
	free(store->reserve);
	free(store);
}

int store_load(struct store *store, const struct store_clock *clock, struct snapshot *snapshot,
	       struct err *err)
{
	snprintf(store->boot, sizeof(store->boot), "%s", clock->boot);
	store->loaded = clock->now;
	if (!clock->trusted)
		store->loaded.utc_s = 0;
	store->mono_ms = clock->now.mono_ms;
	if (load_snapshot(store->stmts, clock, snapshot, err) != 0)
		return err_wrap(err, "database %s", store->path);
	return 0;
}

/* ---- committing -------------------------------------------------------- */

static int step(struct store *store, enum sql sql)
{
	struct db_bind bind = { .stmt = store->stmts[sql] };

	return db_run(&bind);
}

static int put(struct store *store, const struct batch *batch, struct err *err)
{
	const struct save save = { store->stmts, batch->now, store->boot };

	for (size_t i = 0; i < batch->count; i++) {
		int rc = save_row(&save, &batch->rows[i]);
		char name[40];

		if (rc == SQLITE_OK)
			continue;
		save_name(&batch->rows[i], name, sizeof(name));
		db_error(store->db, err, "%s of batch %llu", name,
			 (unsigned long long)batch->number);
		return rc;
	}
	return SQLITE_OK;
}

/* One transaction.  SQLITE_OK, or SQLite's code with err and nothing written. */
static int commit(struct store *store, const struct batch *const *batches, size_t count,
		  struct err *err)
{
	int rc = step(store, SQL_BEGIN);

	if (rc != SQLITE_OK)
		db_error(store->db, err, "begin");
	for (size_t i = 0; rc == SQLITE_OK && i < count; i++)
		rc = put(store, batches[i], err);
	if (rc == SQLITE_OK) {
		rc = step(store, SQL_COMMIT);
		if (rc != SQLITE_OK)
			db_error(store->db, err, "commit");
	}
	/* Some failures (disk full, input/output) have rolled back by themselves. */
	if (rc != SQLITE_OK && !sqlite3_get_autocommit(store->db))
		step(store, SQL_ROLLBACK);
	return rc;
}

/* No room: also what a full disk makes of the shared memory file of the log. */
static bool disk_full(int rc)
{
	return (rc & 0xff) == SQLITE_FULL || rc == SQLITE_IOERR_SHMSIZE;
}

int store_commit_all(struct store *store, const struct batch *const *batches, size_t count,
		     struct err *err)
{
	int rc = commit(store, batches, count, err);

	if (disk_full(rc) && unlink(store->reserve) == 0)
		rc = commit(store, batches, count, err);
	if (rc != SQLITE_OK)
		return err_wrap(err, "database %s", store->path);
	if (count > 0)
		store->mono_ms = batches[count - 1]->now.mono_ms;
	return 0;
}

int store_commit(struct store *store, const struct batch *batch, struct err *err)
{
	return store_commit_all(store, &batch, 1, err);
}

/* ---- idle -------------------------------------------------------------- */

static void prune(struct store *store)
{
	static const struct {
		enum sql sql;
		int64_t keep_s;
	} parts[] = {
		{ SQL_PRUNE_EVENTS, KEEP_S },  { SQL_PRUNE_ATTEMPTS, KEEP_S },
		{ SQL_PRUNE_INBOUND, KEEP_S }, { SQL_PRUNE_ANSWERED, KEEP_ANSWER_S },
		{ SQL_PRUNE_RADIO, KEEP_S },   { SQL_PRUNE_ROUTES, KEEP_S },
	};
	/* The clock of the load and the time that went by since: a wall clock that jumps deletes nothing. */
	int64_t utc_s = store->loaded.utc_s + (store->mono_ms - store->loaded.mono_ms) / 1000;

	if (store->loaded.utc_s == 0)
		return;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		struct db_bind bind = { .stmt = store->stmts[parts[i].sql] };

		db_bind_int(&bind, utc_s - parts[i].keep_s);
		db_run(&bind);
	}
}

void store_checkpoint(struct store *store)
{
	sqlite3_stmt *vacuum = store->stmts[SQL_VACUUM];

	prune(store);
	while (sqlite3_step(vacuum) == SQLITE_ROW)
		;
	sqlite3_reset(vacuum);
	sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	reserve_make(store);
}
