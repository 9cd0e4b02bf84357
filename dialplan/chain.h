/* chain.h - the snapshot of a policy that an open page carries, as one short readable text.
 *
 *   "target/300 target.secondary/300 ceo/300 | beside ceo | inform maintainers | broken pagerteam"
 *
 * Steps are targets joined by "+" with the wait in seconds; the parts behind "|" may be missing.  Stored with the page, so that
 * a reload or a restart changes nothing for it.
 */
#ifndef DIALPLAN_CHAIN_H
#define DIALPLAN_CHAIN_H

#include "base/buf.h"
#include "base/err.h"
#include "dialplan/plan.h"

struct chain {
	struct plan_step steps[PLAN_STEPS_MAX];
	size_t step_count;
	struct plan_targets besides[PLAN_BESIDES_MAX];
	size_t beside_count;
	struct plan_targets inform;
	struct plan_targets broken;
};

/* The chain for a page sent to `target` with this severity: the rotation's policy, else the severity's, else the default.
 * A person or group that was paged by name is the first step. */
void chain_choose(struct chain *chain, const struct plan *plan, struct span target, int severity,
		  bool money);

void chain_write(const struct chain *chain, struct buf *out);

/* 0, or -1 (ERR_INVALID): the text comes from the database. */
int chain_read(struct chain *chain, struct span text, struct err *err);

#endif
