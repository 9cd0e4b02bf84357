/* page.h - a page and everybody it concerns: plain data, changed by escalation.c alone, stored as rows.
 *
 * Deadlines are mono_ms of this run; the store turns them into waits that survive a restart.
 */
#ifndef DIALPLAN_PAGE_H
#define DIALPLAN_PAGE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "base/when.h"
#include "dialplan/plan.h"

#define PAGE_CODE 8 /* 4 to 6 digits and a NUL */

/* Deferred: its owner has it off their mind until a set time; snoozed: nobody hears of it until then.  Both wake. */
enum page_state {
	PAGE_NONE,
	PAGE_OPEN,
	PAGE_ACKED,
	PAGE_RESOLVED,
	PAGE_DEFERRED,
	PAGE_SNOOZED,
	PAGE_STATES
};

/* Who does what on an incident; one commander, one for communications, several investigators. */
enum page_role { ROLE_NONE, ROLE_IC, ROLE_COMMS, ROLE_INV, ROLES };

#define PAGE_ROLES_MAX 6

struct role {
	enum page_role kind;
	char person[PLAN_NAME];
};

enum page_text { /* the page's own words; each may be absent (NULL) but the message */
		 PAGE_MESSAGE,
		 PAGE_SERVICE,
		 PAGE_ALERT,
		 PAGE_HOST,
		 PAGE_RUNBOOK,
		 PAGE_DASHBOARD,
		 PAGE_CHANNEL,
		 PAGE_KEY,
		 PAGE_TEXTS
};

enum track_kind { TRACK_NONE, TRACK_MAIN, TRACK_BESIDE, TRACK_EXTRA, TRACK_KINDS };

#define PAGE_TRACKS_MAX 6

struct track {
	enum track_kind kind;
	int step;     /* index into the chain; the number of steps: the catch-all */
	int round;    /* whole chains gone through */
	bool took;    /* the network took an attempt for this step: `due` is the step's wait */
	bool waiting; /* between two rounds */
	int64_t due;  /* mono_ms of the next step, or WHEN_NEVER when acked or resolved */
	char acked_by[PLAN_NAME];
};

enum member_state {
	MEMBER_NONE,
	MEMBER_REACHING, /* to be reached until the page is owned */
	MEMBER_FAILED,   /* every means refused for good */
	MEMBER_PASSED,   /* their own PASS */
	MEMBER_RELEASED, /* page owned, resolved, or their track acked: told about it, no longer paged */
	MEMBER_STATES
};

struct member { /* somebody who was paged: one a person and page; the main track wins */
	char person[PLAN_NAME];
	int track; /* index into tracks */
	int step;  /* -1: nobody paged them, they took it before the chain got anywhere */
	int cycle; /* the page's cycle when they were last paged */
	enum member_state state;
};

struct page {
	int64_t id; /* shown as "p17" */
	char code[PAGE_CODE];
	enum page_state state;
	char severity[PLAN_NAME];
	char target[PLAN_TARGET]; /* what was paged */
	bool money;
	bool drill;
	bool incident; /* opened by `incident open` */
	char *text[PAGE_TEXTS];
	char *chain; /* snapshot of the policy: see chain.h; set before it opens: instead of the policy's */
	char requester[PLAN_NAME];
	int64_t opened_utc_s;
	int64_t acked_utc_s;
	int64_t resolved_utc_s;
	int cycle; /* 1 when opened, one more at each re-opening */
	char owner[PLAN_NAME];
	bool engaged;             /* a sign of life since the ack */
	bool warned;              /* of the lease's end */
	int64_t lease_due;        /* mono_ms, or WHEN_NEVER */
	int64_t warn_due;         /* mono_ms of the lease's warning, or WHEN_NEVER; not stored */
	int64_t remind_due;       /* mono_ms, or WHEN_NEVER */
	int64_t progress_due;     /* mono_ms: no progress until then brings help; or WHEN_NEVER */
	int64_t wake_due;         /* mono_ms of a deferred or snoozed page; else WHEN_NEVER */
	char assignee[PLAN_NAME]; /* it is to be theirs once they ack; "" nobody's */
	struct role roles[PAGE_ROLES_MAX];
	size_t role_count;
	struct track tracks[PAGE_TRACKS_MAX];
	size_t track_count;
	struct member *members;
	size_t member_count;
	size_t member_cap;
};

void page_free(struct page *page); /* and what it holds; NULL is fine */

/* A deep copy, or NULL when out of memory. */
struct page *page_copy(const struct page *page);

/* Replaces one of the page's texts; 0, or -1 out of memory. */
int page_set_text(struct page *page, enum page_text which, struct span text, struct err *err);

struct member *page_member(const struct page *page, const char *person); /* or NULL */

const char *page_state_name(enum page_state state);

bool page_sleeps(const struct page *page);                       /* deferred or snoozed */
bool page_owned_by(const struct page *page, const char *person); /* asleep or not */

/* "ic=ada comms=bob inv=carol": as the store and the command line show them.  page_read_roles: false when it is not such a
 * text; what was read until then stays. */
const char *page_role_name(enum page_role role);
void page_write_roles(const struct page *page, struct buf *out);
bool page_read_roles(struct page *page, struct span text);

#endif
