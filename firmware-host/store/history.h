/* history.h - answers questions about the past from a read-only connection. */
#ifndef STORE_HISTORY_H
#define STORE_HISTORY_H

#include "core/rows.h"

struct history;

int history_open(struct history **out, const char *path, struct err *err);
void history_close(struct history *history);

/* Starts a walk over events in the order they happened: of one page (0: all) with id above `after`. */
int history_start(struct history *history, int64_t page, int64_t after, struct err *err);

/* 1: *event filled (its text is the caller's to free); 0: no more; -1 with err. */
int history_next(struct history *history, struct event *event, struct err *err);

/* Ends a walk before its end: an open read would keep the log from being emptied. */
void history_stop(struct history *history);

/* The id of the first event at or behind an instant (ids and instants ascend); behind the last one when there is none. */
int history_first_at(struct history *history, int64_t utc_s, int64_t *id, struct err *err);

/* 1: the newest event of a name (its text is the caller's to free); 0: none; -1. */
int history_newest(struct history *history, const char *name, struct event *event, struct err *err);

/* The ids of at most `max` pages that were resolved since then, the newest first.  The caller frees them, also on failure. */
int history_resolved(struct history *history, int64_t since_utc_s, size_t max, int64_t **ids,
		     size_t *count, struct err *err);

/* The ids of all pages, ever, that a step of the chain or paging up by hand took as far as somebody, the newest first; not drills, nor
 * those they were told of beside the chain.  The caller frees them, also on failure. */
int history_reached(struct history *history, const char *person, int64_t **ids, size_t *count,
		    struct err *err);

/* The page by "p17" or by code (the newest that had it), its texts included; deadlines are as they
 * were stored: instants of the boot that wrote them.  1 found, 0 not, -1 with err. */
int history_page(struct history *history, struct span id_or_code, struct page **page,
		 struct err *err);

/* What was changed by hand on the rota and is not over at `since`, and the calendars, put into *rota.  0 or -1. */
int history_rota(struct history *history, int64_t since_utc_s, struct rota *rota, struct err *err);

#endif
