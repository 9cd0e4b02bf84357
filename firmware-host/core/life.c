/* While somebody works on a page: what is asked for on the host. */
#include <stdio.h>
#include <string.h>

#include "core/asked.h"
#include "dialplan/moment.h"

static int64_t mono_of(const struct asked *asked, int64_t utc_s)
{
	return asked->now.mono_ms + (utc_s - asked->now.utc_s) * 1000;
}

/* --until, --for; without either `unsaid`.  False: not a time to come. */
static bool until(struct asked *asked, int64_t unsaid, int64_t *utc_s)
{
	const char *text = asked_get(asked, "until");

	*utc_s = unsaid;
	if (text == NULL)
		text = asked_get(asked, "for");
	if (text == NULL)
		return true;
	if (moment_read(asked->g->plan, span_of(text), asked->now.utc_s, utc_s))
		return true;
	err_set(&asked->err, ERR_INVALID,
		"\"%.40s\": want a time to come: 2h, mon 09:00, 2026-12-01 09:00", text);
	return false;
}

static int put_to_sleep(struct asked *asked, enum page_state state, int64_t unsaid)
{
	struct page_slot *slot = asked_page(asked);
	struct escalation run = pages_run(asked->g, asked->now);
	struct sleep sleep = { .state = state, .by = asked_actor(asked) };
	int64_t utc_s;

	if (slot == NULL)
		return STATUS_REFUSED;
	if (!asked_actor_known(asked) || !until(asked, unsaid, &utc_s))
		return STATUS_USAGE;
	sleep.reason = asked_get(asked, "text");
	if (sleep.reason == NULL)
		return asked_usage(asked, "why? give the reason behind the ID");
	if (utc_s == 0)
		return asked_usage(asked, "how long? give --for 2h or --until TIME");
	sleep.wake_due = mono_of(asked, utc_s);
	if (!escalation_sleep(&run, slot->page, &sleep))
		return asked_refuse(asked,
				    slot->page->state == PAGE_RESOLVED
					    ? "it is resolved: nothing is left to put off"
					    : "nobody has it yet: it can only be deferred by "
					      "its owner (tocsin ack, or snooze it)");
	pages_apply(asked->g, slot, asked->now);
	asked_answer(asked, slot->page, page_state_name(state));
	jsonw_time(&asked->json, "until", utc_s);
	return 0;
}

int life_defer(struct asked *asked)
{
	return put_to_sleep(asked, PAGE_DEFERRED,
			    moment_next_business_day(asked->g->plan, asked->now.utc_s));
}

int life_snooze(struct asked *asked)
{
	return put_to_sleep(asked, PAGE_SNOOZED, 0);
}

int life_role(struct asked *asked)
{
	struct page_slot *slot = asked_page(asked);
	struct escalation run = pages_run(asked->g, asked->now);
	const char *name = asked_get(asked, "role");
	const char *person = asked_actor(asked);
	struct role role = { ROLE_IC, "" };

	if (slot == NULL)
		return STATUS_REFUSED;
	while (role.kind < ROLES && (name == NULL || strcmp(name, page_role_name(role.kind)) != 0))
		role.kind++;
	if (role.kind == ROLES)
		return asked_usage(asked, "which role? ic, comms or inv, behind the ID");
	if (plan_person(asked->g->plan, span_of(person)) == NULL)
		return asked_no_person(asked, person);
	span_copy(span_of(person), role.person, sizeof role.person);
	if (!escalation_role(&run, slot->page, &role, asked_actor(asked)))
		return asked_refuse(asked, "it is resolved, or has as many roles as it can");
	pages_apply(asked->g, slot, asked->now);
	asked_answer(asked, slot->page, "role given");
	return 0;
}

int life_backup(struct asked *asked)
{
	struct page_slot *slot = asked_page(asked);
	struct escalation run = pages_run(asked->g, asked->now);
	char why[80];

	if (slot == NULL)
		return STATUS_REFUSED;
	if (!asked_actor_known(asked))
		return STATUS_USAGE;
	if (slot->page->state != PAGE_OPEN && slot->page->state != PAGE_ACKED)
		return asked_refuse(asked, "nobody works on it: it is over or put off");
	snprintf(why, sizeof why, "asked for by %s", asked_actor(asked));
	escalation_join_in(&run, slot->page, why);
	pages_apply(asked->g, slot, asked->now);
	asked_answer(asked, slot->page, "another responder is paged");
	return 0;
}
