/* What an owner asks for by text while working on a page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/replying.h"
#include "dialplan/moment.h"

static const char *say(struct gateway *g, const struct asker *asker, const struct page *page,
		       const char *words, const char *done)
{
	struct buf text = { 0 };

	buf_addf(&text, "%s: %s: ", page->code, words);
	replying_text(g, asker, page->id, buf_text(&text), span_of(page->text[PAGE_MESSAGE]));
	buf_free(&text);
	return done;
}

const char *replying_backup(struct gateway *g, const struct asker *asker,
			    const struct choice *choice)
{
	struct page_slot *slot = pages_find(g, choice->pages[0]);
	struct escalation run = pages_run(g, asker->now);
	char why[PLAN_NAME + 16];

	if (slot == NULL)
		return "ignored";
	if (slot->page->state != PAGE_OPEN && slot->page->state != PAGE_ACKED)
		return say(g, asker, slot->page, "it is over or put off, nobody was paged",
			   "refused");
	snprintf(why, sizeof why, "asked for by %s", asker->person->name);
	escalation_join_in(&run, slot->page, why);
	pages_apply(g, slot, asker->now);
	replying_did(g, asker);
	return say(g, asker, slot->page, "another responder is paged", "backup");
}

const char *replying_defer(struct gateway *g, const struct asker *asker,
			   const struct choice *choice, struct span reason)
{
	struct page_slot *slot = pages_find(g, choice->pages[0]);
	struct escalation run = pages_run(g, asker->now);
	int64_t utc_s = moment_next_business_day(g->plan, asker->now.utc_s);
	struct sleep sleep = { .state = PAGE_DEFERRED, .by = asker->person->name };
	char *words = span_dup(reason);
	bool slept = false;

	if (slot == NULL || words == NULL) {
		free(words);
		return "ignored";
	}
	sleep.reason = words;
	sleep.wake_due = asker->now.mono_ms + (utc_s - asker->now.utc_s) * 1000;
	if (page_owned_by(slot->page, asker->person->name) && reason.len > 0) {
		slept = escalation_sleep(&run, slot->page, &sleep);
		pages_apply(g, slot, asker->now);
		replying_did(g, asker);
	}
	free(words);
	if (slept)
		return say(g, asker, slot->page, "put off until the next business day", "defer");
	return say(g, asker, slot->page,
		   reason.len == 0 ? "nothing was done. DEFER needs a reason behind the code"
				   : "nothing was done. Only its owner can put it off",
		   "refused");
}

static enum page_role role_meant(enum reply_word word)
{
	return word == REPLY_IC ? ROLE_IC : word == REPLY_COMMS ? ROLE_COMMS : ROLE_INV;
}

/* By name or title, in any case: phones capitalise. */
static const struct plan_person *somebody(const struct plan *plan, struct span name)
{
	for (size_t i = 0; i < plan->person_count; i++)
		if (span_is_nocase(name, plan->people[i].name) ||
		    span_is_nocase(name, plan->people[i].title))
			return &plan->people[i];
	return NULL;
}

/* "IC 4711" takes the role, "IC 4711 bob" gives it to Bob. */
const char *replying_role(struct gateway *g, const struct asker *asker, const struct choice *choice,
			  const struct reply *reply)
{
	struct page_slot *slot = pages_find(g, choice->pages[0]);
	struct escalation run = pages_run(g, asker->now);
	const struct plan_person *person = asker->person;
	struct role role = { role_meant(reply->word), "" };

	if (slot == NULL)
		return "ignored";
	if (reply->argument.len > 0)
		person = somebody(g->plan, reply->argument);
	if (person == NULL)
		return say(g, asker, slot->page, "nothing was done, nobody has that name",
			   "refused");
	span_copy(span_of(person->name), role.person, sizeof role.person);
	if (!escalation_role(&run, slot->page, &role, asker->person->name))
		return say(g, asker, slot->page, "nothing was done, it is over", "refused");
	pages_apply(g, slot, asker->now);
	replying_did(g, asker);
	return say(g, asker, slot->page,
		   person == asker->person ? "the role is yours" : "the role is given",
		   reply_word_name(reply->word));
}
