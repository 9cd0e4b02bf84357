/* contact.h - per person: which text or call goes now, naming which pages (DESIGN.md 3: ladder, bundling, one live call, spacing).
 *
 * A *notice* is what a person is told under one code: a page, or a bundle of pages.  The engine answers wishes; the gateway
 * finds paths, makes attempts and tells the outcome.  Plain data, stored as rows.
 */
#ifndef DIALPLAN_CONTACT_H
#define DIALPLAN_CONTACT_H

#include "base/err.h"
#include "base/span.h"
#include "base/when.h"
#include "dialplan/code.h"
#include "dialplan/plan.h"

#define CONTACT_PATH 24
#define CONTACT_RUNG 60 /* calls remembered: plan->calls_per_hour at most */

enum notice_state {
	NOTICE_NONE,
	NOTICE_GATHERING, /* a bundle whose window is still open; no code yet */
	NOTICE_ACTIVE,
	NOTICE_CLOSED, /* nothing of it waits any more; kept until stored */
	NOTICE_STATES
};

enum sms_state { SMS_STATE_NONE, SMS_WANTED, SMS_IN_FLIGHT, SMS_TAKEN, SMS_FAILED, SMS_STATES };
enum ring_state {
	RING_STATE_NONE,
	RING_WANTED,
	RING_IN_FLIGHT,
	RING_DONE,
	RING_FAILED,
	RING_STATES
};

struct notice {
	int64_t id;
	char person[PLAN_NAME];
	char code[CODE_SIZE]; /* the page's own, or a bundle's */
	int64_t *pages;
	size_t page_count;
	size_t page_cap;
	int rank;  /* severity index of the worst page in it */
	bool owns; /* an ack of it may own (main track); false: beside the chain */
	bool told; /* a text or a call has begun: a bare word may mean it */
	enum notice_state state;
	int64_t gather_due; /* mono_ms, of a gathering bundle */
	enum sms_state sms;
	int sms_number; /* index into the person's numbers */
	int sms_tries;
	int64_t sms_due;             /* mono_ms of the next try while SMS_WANTED */
	char sms_path[CONTACT_PATH]; /* of the last try */
	enum ring_state ring;
	int ring_number;
	int rings;          /* calls begun that were not lost to a path */
	int64_t ring_due;   /* mono_ms of the next call while RING_WANTED */
	int64_t first_ring; /* mono_ms at which the first call of a pair began; WHEN_NEVER none */
	char ring_path[CONTACT_PATH]; /* the pair's path: the second call must come from the same */
	char failed_path[CONTACT_PATH]; /* not to be used for the next call */
	int ring_tries;                 /* calls in a row that were lost to a path; not stored */
	int64_t told_at; /* mono_ms of the last text or call begun; 0 unknown; not stored */
	bool unsaid; /* came when the call that is up was answered already: its keys do not mean it; not stored */
};

struct contact_rung { /* a call to them, since their last sign of life */
	int64_t at;   /* mono_ms */
	int rank;     /* of the worst that it was about */
};

struct contact {
	char person[PLAN_NAME];
	struct notice *notices;
	size_t count;
	size_t cap;
	int64_t window_due;  /* mono_ms: pages until then are gathered; WHEN_NEVER: no window */
	bool in_call;        /* one live call a person */
	bool answered;       /* that call: what comes from now on is not told in it; not stored */
	int64_t quiet_until; /* mono_ms: the gap after a call; not stored */
	struct contact_rung rung[CONTACT_RUNG]; /* oldest first; not stored */
	size_t rung_count;
	int64_t rest_until; /* mono_ms: what was about something as bad is not called for; not stored */
	int64_t seen;       /* mono_ms of the last function called with the time; not stored */
};

struct contact_run {
	const struct plan *plan;
	const struct plan_person *person; /* NULL: no longer in the plan */
	struct when now;
	int64_t *next_id;    /* notice ids */
	struct codes *codes; /* for bundles */
};

void contact_free(struct contact *contact); /* what it holds, not itself */
void notice_free(struct notice *notice);    /* what it holds, not itself */
int notice_copy(struct notice *to, const struct notice *from, struct err *err);

struct contact_page {
	int64_t id;
	const char *code;
	int rank;
	bool owns;
	bool drill;
};

/* Tell this person of a page (again: a finished ladder of it starts anew).  The first page leaves at once; a later one
 * inside the window joins the gathering bundle unless it is more severe than all that was told.  0 or -1 (memory). */
int contact_reach(struct contact *contact, struct contact_run *run, const struct contact_page *page,
		  struct err *err);

/* It waits in a long window, for somebody whom a path has reached: that is no want of a path. */
bool contact_in_storm(const struct contact *contact, int64_t page);

/* The page no longer concerns them; a notice that holds nothing more is closed.  True if it held the page. */
bool contact_release(struct contact *contact, int64_t page);

/* Closes windows (a gathering bundle becomes active, with a code).  0 or -1 (memory). */
int contact_tick(struct contact *contact, struct contact_run *run, struct err *err);
int64_t contact_deadline(const struct contact *contact);

struct contact_wish {
	int64_t notice;
	int rank;
	const struct plan_number *number;
	int64_t due;    /* mono_ms it became or becomes due */
	int64_t latest; /* a second call: mono_ms by which it must begin; else WHEN_NEVER */
	char same_path[CONTACT_PATH];  /* "" any; else only this path, if it is healthy */
	char avoid_path[CONTACT_PATH]; /* "" none; else another if there is one */
};

/* The most urgent text or call that is due now.  False: none (no number of that kind, nothing due, in a call). */
bool contact_wants_sms(const struct contact *contact, const struct contact_run *run,
		       struct contact_wish *wish);
bool contact_wants_call(const struct contact *contact, const struct contact_run *run,
			struct contact_wish *wish);

/* What came of it.  `ended` takes: */
enum contact_outcome {
	CONTACT_NONE,
	CONTACT_TOOK,  /* text accepted; call rang, was busy, or was answered: the ladder goes on */
	CONTACT_AGAIN, /* unknown, or the path failed: again soon, another path if there is one */
	CONTACT_REFUSED, /* this number is no good: the person's next one of that kind */
	CONTACT_OUTCOMES
};
void contact_sms_began(struct contact *contact, int64_t notice, const char *path, struct when now);
void contact_sms_ended(struct contact *contact, const struct contact_run *run, int64_t notice,
		       enum contact_outcome outcome);

/* The network took the text and says later that it did not get there: again by another path, or it is the number that is no
 * good. */
void contact_sms_undelivered(struct contact *contact, const struct contact_run *run, int64_t notice,
			     bool again);

/* A call covers every active notice of the person; all of them move on together.  One that becomes active when the call
 * was answered already is `unsaid`: not covered. */
void contact_call_began(struct contact *contact, const struct contact_run *run, const char *path);

/* A sign of life: the calls so far count no more against the hour's number. */
void contact_heard(struct contact *contact);
/* They ring us: no call of ours meanwhile; contact_call_ended ends it.  What waits is told. */
void contact_call_incoming(struct contact *contact, struct when now);
void contact_call_answered(struct contact *contact);
void contact_call_ended(struct contact *contact, const struct contact_run *run,
			enum contact_outcome outcome);

/* Text and calls of this page refused for good (or the person has no number at all). */
bool contact_unreachable(const struct contact *contact, int64_t page);

/* Notices of which the person has been told and that still wait for an answer. */
size_t contact_waiting(const struct contact *contact, const struct notice **out, size_t max);
const struct notice *contact_by_code(const struct contact *contact, struct span code);

/* After a restart: attempts in flight count as unknown. */
void contact_recover(struct contact *contact, struct when now);

#endif
