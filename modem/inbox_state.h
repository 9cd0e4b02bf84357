/* inbox_state.h - the inbox's own data, shared by its two halves.  Private to inbox.
 *
 * inbox.c says what to ask and notes how it ended; inbox_line.c reads what the modem says.
 */
#ifndef MODEM_INBOX_STATE_H
#define MODEM_INBOX_STATE_H

#include "modem/inbox_slots.h"

/* A unit that does not decode is read again: the line may have been disturbed. */
#define INBOX_READ_TRIES 2

struct inbox_store {
	char memory[INBOX_MEMORY_MAX];
	int64_t sweep_at;
	bool once;       /* only looked into because a message elsewhere cannot be deleted */
	int used, total; /* -1 unknown */
	bool odd;        /* its listing lacked a unit, and is repeated */
	bool full, told; /* half full or more; whether that was told */
};

enum inbox_job {
	INBOX_JOB_NONE,
	INBOX_JOB_SELECT,
	INBOX_JOB_LIST,
	INBOX_JOB_READ,
	INBOX_JOB_DELETE
};
enum inbox_direct { INBOX_DIRECT_NONE, INBOX_DIRECT_MESSAGE, INBOX_DIRECT_REPORT };

struct inbox {
	struct inbox_slots slots;
	struct inbox_store stores[4]; /* the main one, the other one, and what notices name */
	size_t store_count;
	size_t selected; /* index of a store, or */
#define INBOX_NOT_KNOWN SIZE_MAX
	int64_t proven_ms; /* mono_ms of the last good answer out of it */
	int64_t poll_ms, poll_at;
	bool watched; /* somebody is being paged: all stores, and more often */
	unsigned polls;
	enum inbox_job job;
	size_t job_store;
	int job_index;
	int job_items;     /* +CMGL lines of this listing, */
	int job_units;     /* and units behind them */
	bool job_answered; /* a unit came */
	bool headed;       /* a +CMGL or +CMGR line was seen: a unit follows */
	int head_index;
	enum inbox_direct direct; /* a +CMT or +CDS line was seen: a unit follows at once */
};

size_t inbox_store_find(const struct inbox *inbox, const char *memory);
size_t inbox_store_have(struct inbox *inbox, const char *memory);

#endif
