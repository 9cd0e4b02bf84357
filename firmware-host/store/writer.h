/* writer.h - the one thread besides the loop: it owns the store, takes batches, commits, says which.
 *
 * The loop never waits for the disk.  Batches that queued up while a commit ran are committed in one transaction
 * (group commit); each is reported by its own number.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "store/store.h"

struct writer;

/* Takes the store over and starts the thread. */
int writer_new(struct writer **out, struct store *store, struct err *err);

/* Waits until everything handed in is committed, ends the thread, closes the store. */
void writer_free(struct writer *writer);

/* Readable when results are waiting (an eventfd). */
int writer_fd(const struct writer *writer);

/* Takes the batch over.  0 or -1 (memory: the batch counts as failed and is still the caller's). */
int writer_put(struct writer *writer, struct batch *batch, struct err *err);

/* Asks the thread for a step: it is made once it waits for work, or begins with some. */
void writer_ask(struct writer *writer);
bool writer_stepped(struct writer *writer); /* since it was asked */

struct writer_result {
	struct batch batch; /* handed back for its events; the caller frees it */
	bool committed;
	struct err err; /* when not */
};
bool writer_take(struct writer *writer, struct writer_result *result);

#endif
