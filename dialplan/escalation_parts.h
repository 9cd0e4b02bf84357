/* escalation_parts.h - what the escalation_*.c files share; nobody else includes it.
 *
 * escalation.c opens, ticks and revises a page, escalation_steps.c walks its chain, escalation_owner.c has the lease,
 * escalation_answer.c what people answer, escalation_life.c what happens while somebody works on it, escalation_say.c
 * the words of its effects.
 */
#ifndef DIALPLAN_ESCALATION_PARTS_H
#define DIALPLAN_ESCALATION_PARTS_H

#include "dialplan/chain.h"
#include "dialplan/escalation.h"
#include "dialplan/rota.h"

/* One page's chain with memory for the people a step means, for the time of one call. */
struct ladder {
	struct escalation *run;
	struct page *page;
	struct chain chain;
	const struct plan_person **people; /* room for everybody in the plan */
	const char *passer; /* NULL, or who has just handed it on: not to be paged now */
};

/* ---- escalation_say.c ---- */
#define SAY_TIME 32
void escalation_write_time(char text[SAY_TIME], int64_t seconds); /* "4 min 10 s" */
void escalation_record(struct escalation *run, const char *event, const char *person,
		       const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* One passive text; a name that is no longer in the plan gets none: false. */
bool escalation_tell(struct escalation *run, enum effect_note note, const char *person,
		     const char *by, const char *text);
/* To everybody who was paged and can be, except one.  Returns to how many. */
size_t escalation_tell_all(struct escalation *run, const struct page *page, enum effect_note note,
			   const char *by, const char *text);
void escalation_name(struct effect *effect, const char *person);
/* The targets joined by "+", as many whole ones as fit. */
void escalation_join(const struct plan_targets *targets, char *text, size_t size);

/* ---- escalation_steps.c ---- */
/* NULL: out of memory (run->effects->failed is set, the page is due again in a second).  A chain that cannot be read
 * counts as one without steps, so the catch-all is next. */
struct ladder *escalation_ladder(struct escalation *run, struct page *page);
void escalation_ladder_free(struct ladder *ladder); /* NULL is fine */

/* Main track: starts this step, or the first one after it that finds somebody. */
void escalation_go_on(struct ladder *ladder, int step);
/* As escalation_go_on, but never ends in waiting: past the catch-all the chain starts again. */
void escalation_go_on_now(struct ladder *ladder, int step);
/* Between two rounds until the repeat is due. */
void escalation_next_round(struct ladder *ladder);
void escalation_start_beside(struct ladder *ladder, const struct plan_targets *targets);
/* The next step's people beside the owner. */
void escalation_start_extra(struct ladder *ladder);
/* A beside or extra track is due: once more, then it rests. */
void escalation_repeat_beside(struct ladder *ladder, int track);
/* The catch-all's people beside whatever step is running.  Returns how many were not being paged on it yet. */
size_t escalation_add_catch_all(struct ladder *ladder);
/* Pages a person on this track.  False: they passed or failed in this round, or own the page. */
bool escalation_reach(struct ladder *ladder, const char *person, int track, int step);
int64_t escalation_wait_s(const struct ladder *ladder, int step);

void escalation_release(struct escalation *run, struct member *member, enum member_state state);

/* ---- escalation_owner.c ---- */
const struct plan_severity *escalation_severity(const struct escalation *run,
						const struct page *page);
void escalation_own(struct escalation *run, struct page *page, const struct ack *ack);
const char *escalation_how(const struct ack *ack); /* "by text", "at the gateway" */
void escalation_renew(struct escalation *run, struct page *page);
/* The owner is gone, at `state` (MEMBER_PASSED or MEMBER_RELEASED): open again at the step after theirs.  With
 * `again` they are paged too. */
void escalation_reopen(struct escalation *run, struct page *page, enum member_state state,
		       bool again);
/* Reminder, warning and lapse, whichever is due. */
void escalation_tick_owner(struct escalation *run, struct page *page);
/* Somebody from the roster who was never paged: told of what comes, like those who were.  NULL: not in the roster, or memory. */
struct member *escalation_admit(struct escalation *run, struct page *page, const char *person);
/* Open, in a new cycle; its tracks stay as they are. */
void escalation_forget_owner(struct page *page);
/* Lease and reminder start anew, with no sign of life yet. */
void escalation_start_lease(struct escalation *run, struct page *page);

/* ---- escalation_assign.c ---- */
/* An ack by whom it was handed to: theirs now.  False: it was not. */
bool escalation_take_over(struct escalation *run, struct page *page, const struct ack *ack);
/* They passed, or cannot be reached: its owner keeps it and is told. */
void escalation_decline(struct escalation *run, struct page *page, const char *person);

/* ---- escalation_life.c ---- */
/* No deadline of an owner any more. */
void escalation_forget_dues(struct page *page);
void escalation_start_progress(struct escalation *run, struct page *page);
/* The owner wrote this: is it progress? */
void escalation_progressed(struct escalation *run, struct page *page, const char *text);
void escalation_tick_progress(struct escalation *run, struct page *page);
/* A page that sleeps is acked again if somebody has it, else open from the first step. */
void escalation_wake(struct escalation *run, struct page *page, const char *why);

#endif
