/* escalation.h - per page: who must be reached by when.  Plain functions over struct page (DESIGN.md 3).
 *
 * Each function changes the page and appends effects.  Promise 1 holds after every one of them: a page that is not resolved has
 * a finite escalation_deadline; one that nobody owns has a main track that is due.
 */
#ifndef DIALPLAN_ESCALATION_H
#define DIALPLAN_ESCALATION_H

#include "dialplan/effect.h"
#include "dialplan/page.h"

struct escalation { /* what every function needs */
	const struct plan *plan;
	struct when now;
	struct effects *effects;
	bool clock_untrusted; /* a step that a shift decides reaches the catch-all too */
};

/* A page whose id, code, severity, target, texts and flags are set: takes the chain's snapshot unless it has a chain, starts its tracks and the
 * first step.  -1: out of memory. */
int escalation_open(struct escalation *run, struct page *page, struct err *err);

/* Instead of opening it: it is resolved at once and nobody is paged, for this reason. */
void escalation_record_only(struct escalation *run, struct page *page, const char *event,
			    const char *why);

/* Does all that is due: next steps, catch-all, rounds, lease warning and lapse, reminders. */
void escalation_tick(struct escalation *run, struct page *page);
int64_t escalation_deadline(const struct page *page); /* mono_ms, or WHEN_NEVER once resolved */

/* The network took a text or a phone rang for this person: the step's wait begins (once a step). */
void escalation_took(struct escalation *run, struct page *page, const char *person);

/* Every means of this person is refused for good: the next target is added now. */
void escalation_unreachable(struct escalation *run, struct page *page, const char *person);

/* They are away from now on: whoever the running step means without them is paged, else the next one. */
void escalation_absent(struct escalation *run, struct page *page, const char *person);

enum ack_result {
	ACK_NONE,
	ACK_OWNS,    /* the page is theirs now */
	ACK_RENEWED, /* it was theirs: the lease starts anew */
	ACK_NOTED, /* their own track (beside, extra, information) is acked; the page stays as it was */
	ACK_TAKEN,    /* somebody else has it: page->owner */
	ACK_RESOLVED, /* it is over */
	ACK_STALE,    /* an earlier cycle's reply while somebody owns it */
	ACK_STRANGER, /* they were never paged for it and did not name its code */
	ACK_RESULTS
};

/* how: "sms", "key", "host", "reaction".  cycle: the page's cycle that the ack answers, 0 when it is not known (counts as
 * the present one).  named: the person gave this page's code (somebody who was never paged may then take it). */
struct ack {
	const char *person;
	const char *how;
	int cycle;
	bool named;
};
enum ack_result escalation_ack(struct escalation *run, struct page *page, const struct ack *ack);

/* PASS: from the owner (re-opens at the next step, a new cycle) or from somebody being paged (the next
 * target replaces them).  False: neither; nothing changed. */
bool escalation_pass(struct escalation *run, struct page *page, const char *person);

void escalation_resolve(struct escalation *run, struct page *page, const char *by);

/* By hand, with a reason: the next step starts now, beside whoever has it. */
void escalation_escalate(struct escalation *run, struct page *page, const char *by,
			 const char *reason);

enum update_kind {
	UPDATE_NOTE, /* for the timeline only */
	UPDATE_TEXT, /* from a phone: the owner's is told to those who were paged */
	UPDATE_HOST, /* by hand on the host: told while somebody owns the page, whoever wrote it */
};

/* How it stands, recorded.  The owner's renews the lease; an update of theirs also starts the reminder's time anew.
 * Returns how many people are told. */
size_t escalation_update(struct escalation *run, struct page *page, enum update_kind kind,
			 const char *by, const char *text);

/* Puts an open or acked page to sleep until wake_due (mono_ms, in the future): PAGE_DEFERRED by its owner, with a reason;
 * PAGE_SNOOZED by anybody.  False: resolved, or a deferral of a page that nobody owns. */
struct sleep {
	enum page_state state;
	const char *by;
	const char *reason;
	int64_t wake_due;
};
bool escalation_sleep(struct escalation *run, struct page *page, const struct sleep *sleep);

/* Hands a page to somebody by name, with a paragraph on how it stands: they are paged for it, and own it once they ack; until
 * then nothing changes for its owner.  False: it is resolved, theirs already, or they are away or nobody. */
bool escalation_assign(struct escalation *run, struct page *page, const char *to, const char *by,
		       const char *status);

/* Somebody has a role from now on: a commander and a communicator replace the one before.  False: resolved, or too many
 * investigators. */
bool escalation_role(struct escalation *run, struct page *page, const struct role *role,
		     const char *by);

/* Another responder beside whoever has it or is paged for it: the people of the next step, with an ack of their own. */
void escalation_join_in(struct escalation *run, struct page *page, const char *why);

/* After a reload: a step or person of an open page that is gone brings in the catch-all at once. */
void escalation_revise(struct escalation *run, struct page *page);

/* Is this person's answer to the page awaited? */
bool escalation_awaits(const struct page *page, const char *person);

#endif
