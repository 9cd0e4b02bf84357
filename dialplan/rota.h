/* rota.h - what people changed by hand: overrides and absences, and the shifts of imported calendars.
 *
 * Owned by the gateway, kept in the store; the plan points to it (plan->rota).  The functions take NULL as "nothing
 * was changed".
 */
#ifndef DIALPLAN_ROTA_H
#define DIALPLAN_ROTA_H

#include "dialplan/plan.h"

enum rota_kind {
	ROTA_NONE,
	ROTA_OVERRIDE,
	ROTA_ABSENCE,
	ROTA_BESIDE, /* paged beside whoever holds the slot: what overlaps behind a handover */
	ROTA_KINDS
};

struct rota_entry {
	int64_t id;
	enum rota_kind kind;
	char rotation[PLAN_NAME]; /* "" of an absence */
	char slot[PLAN_NAME];
	char person[PLAN_NAME];          /* who holds the slot, or is away … */
	char cover[PLAN_NAME];           /* … and who stands in for them; "" nobody */
	int64_t from_utc_s, until_utc_s; /* half open */
	char by[64];
	char reason[128];
	int64_t made_utc_s;
	int64_t ended_utc_s; /* taken back then; 0 not */
};

struct rota_span {
	int64_t from_utc_s, until_utc_s;
	char person[PLAN_NAME]; /* "" : nobody in the plan */
};

struct rota_calendar {
	char rotation[PLAN_NAME];
	int64_t read_utc_s;      /* when it was last read whole */
	int64_t stored_utc_s;    /* when it was last stored; not stored itself */
	bool failing;            /* it could not be read since */
	struct rota_span *spans; /* ascending */
	size_t span_count;
};

struct rota {
	struct rota_entry *entries; /* in force or to come, ascending ids */
	size_t entry_count, entry_cap;
	struct rota_calendar *calendars;
	size_t calendar_count, calendar_cap;
};

void rota_deinit(struct rota *rota); /* repeatable */

/* Heap copies, the caller's; NULL: memory. */
struct rota_entry *rota_entry_copy(const struct rota_entry *entry);
struct rota_calendar *rota_calendar_copy(const struct rota_calendar *calendar);
void rota_calendar_free(struct rota_calendar *calendar); /* and itself; NULL is fine */

/* The absence of a person at an instant, or NULL. */
const struct rota_entry *rota_absent(const struct rota *rota, const char *person, int64_t utc_s);

/* Who is there for a person at an instant: themselves; while they are away their cover, if that one is there; or NULL. */
const struct plan_person *rota_there(const struct plan *plan, const struct plan_person *person,
				     int64_t utc_s);

/* The override of a slot that counts at an instant: the newest whose person is there.  NULL: none. */
const struct rota_entry *rota_override(const struct plan *plan,
				       const struct plan_rotation *rotation, size_t slot,
				       int64_t utc_s);

/* The next one after `entry` (NULL: the first) who is beside a slot at an instant; NULL: no more. */
const struct rota_entry *rota_beside(const struct plan *plan, const struct plan_rotation *rotation,
				     size_t slot, int64_t utc_s, const struct rota_entry *entry);

const struct rota_calendar *rota_calendar(const struct rota *rota, const char *rotation);

/* The first instant after utc_s at which an override of this rotation or any absence begins or ends; WHEN_NEVER. */
int64_t rota_edge(const struct rota *rota, const char *rotation, int64_t utc_s);

/* 0, or -1: memory.  An entry of that id is replaced; one that was taken back is dropped. */
int rota_put(struct rota *rota, const struct rota_entry *entry);

/* Takes over the spans, also on failure. */
int rota_put_calendar(struct rota *rota, struct rota_calendar *calendar);

#endif
