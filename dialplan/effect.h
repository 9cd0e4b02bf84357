/* effect.h - what the escalation engine wants done: data, committed with the new state, then carried out. */
#ifndef DIALPLAN_EFFECT_H
#define DIALPLAN_EFFECT_H

#include "base/err.h"
#include "dialplan/page.h"

enum effect_kind {
	EFFECT_NONE,
	EFFECT_REACH,   /* start (or start again) this person's ladder for the page */
	EFFECT_RELEASE, /* stop it: nothing more for this page goes to them */
	EFFECT_TELL,    /* one passive text: `note` says which; `by` and `text` are its words */
	EFFECT_RECORD,  /* history: `event` with person and text */
	EFFECT_INCIDENT, /* the chain is exhausted: open a new incident to `text` (targets joined by "+") */
	EFFECT_KINDS
};

enum effect_note { /* which passive text */
		   NOTE_NONE,
		   NOTE_INFORM,   /* for information: no code, no verb */
		   NOTE_TAKEN,    /* `by` has it */
		   NOTE_RESOLVED, /* by `by` */
		   NOTE_REOPENED, /* lease lapsed or passed: to those who were told that somebody has it */
		   NOTE_LEASE_WARNING, /* to the owner */
		   NOTE_REMINDER,      /* to the owner: post an update */
		   NOTE_UPDATED,       /* `by` wrote `text`: to those who were paged */
		   NOTE_OFFER,         /* to the owner: no progress, bring somebody in? */
		   NOTE_DEFERRED,      /* `by` deferred it, `text` why: to those who were paged */
		   NOTE_WOKEN,         /* to the owner: it is not asleep any more */
		   NOTE_ASSIGNED, /* `by` gives it to them, `text` how it stands: an ack takes it */
		   NOTE_DECLINED, /* to the owner: `by` does not take it */
		   NOTE_ROLE,     /* `by` gave them the role `text` */
		   NOTES
};

struct effect {
	enum effect_kind kind;
	enum effect_note note;
	enum track_kind track; /* of a REACH: whether an ack would own */
	char person[PLAN_NAME];
	char by[PLAN_NAME];
	const char *event; /* static: "page.opened", "step.started", "page.acked", … */
	char text[200];
};

struct effects {
	struct effect *at;
	size_t count;
	size_t cap;
	bool failed; /* out of memory: something is missing */
};

struct effect *effects_add(struct effects *effects,
			   enum effect_kind kind); /* zeroed; NULL when out of memory */
void effects_clear(struct effects *effects);
void effects_free(struct effects *effects);

#endif
