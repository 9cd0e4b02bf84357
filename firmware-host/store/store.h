/* store.h - the gateway's memory on disk: SQLite, WAL, synchronous=FULL, every pragma read back.
 *
 * A batch is one transaction.  Deadlines are stored as mono_ms of the run that wrote them beside that run's boot id, mono_ms and UTC, so that
 * a load gives back the wait that was left: the same boot id keeps the instant; after a reboot min(stored wait, due - now if the
 * wall clock is trusted), at least 0 (DESIGN.md 6).
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "core/rows.h"

#define STORE_BOOT 40

struct store;

struct store_clock {
	struct when now;
	bool trusted; /* the wall clock */
	char boot
		[STORE_BOOT]; /* /proc/sys/kernel/random/boot_id, or any text that names this boot */
};

/* Opens or creates the database, brings its schema up to date (each migration in one transaction with its version), and
 * prepares every statement.  A newer schema than this program knows is an error.  Makes a reserve file of 1 MiB beside it. */
int store_open(struct store **out, const char *path, struct err *err);
void store_close(struct store *store);

/* Rows that cannot be read are left out, and named in snapshot->damaged: one of them must not keep all others from paging.
 * -1: the database itself cannot be read, or memory; the snapshot is empty then. */
int store_load(struct store *store, const struct store_clock *clock, struct snapshot *snapshot,
	       struct err *err);

/* All rows or none.  Deadlines are taken relative to batch->now and clock->boot of the load. */
int store_commit(struct store *store, const struct batch *batch, struct err *err);

/* Several in one transaction, in their order: all of them or none. */
int store_commit_all(struct store *store, const struct batch *const *batches, size_t count,
		     struct err *err);

/* Moves committed pages from the log into the database; for idle moments.  Also deletes a few hundred of the oldest
 * events, attempts and inbound parts when they are over 400 days old and their page is resolved that long (pages stay),
 * and makes the reserve file anew once there is room. */
void store_checkpoint(struct store *store);

#endif
