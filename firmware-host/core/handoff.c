/* Handing over by hand: a page to somebody, a slot to somebody, and what is held by people who are off call. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/asked.h"
#include "dialplan/schedule.h"

static int refuse_absent(struct asked *asked, const char *person)
{
	err_set(&asked->err, ERR_REFUSED,
		"%s is absent: choose somebody else, or see tocsin absent", person);
	return STATUS_REFUSED;
}

/* ---- tocsin assign ---- */

int asked_assign(struct asked *asked)
{
	struct page_slot *slot = asked_page(asked);
	struct escalation run = pages_run(asked->g, asked->now);
	const char *to = asked_get(asked, "to");
	const char *status = asked_get(asked, "status");
	struct page *page;

	if (slot == NULL)
		return STATUS_REFUSED;
	if (!asked_actor_known(asked))
		return STATUS_USAGE;
	if (to == NULL)
		return asked_usage(asked, "to whom? give --to PERSON");
	if (plan_person(asked->g->plan, span_of(to)) == NULL)
		return asked_no_person(asked, to);
	if (status == NULL)
		return asked_usage(asked, "how does it stand? give --status with hypothesis, last "
					  "action and next action");
	if (rota_absent(&asked->g->rota, to, asked->now.utc_s) != NULL)
		return refuse_absent(asked, to);
	page = slot->page; /* a broken rotation opens others: the slots may move */
	if (!escalation_assign(&run, page, to, asked_actor(asked), status))
		return asked_refuse(asked, "it is resolved, or theirs already");
	pages_apply(asked->g, slot, asked->now);
	asked_answer(asked, page, "handed over");
	jsonw_string(&asked->json, "to", to);
	return 0;
}

/* ---- what is held by people who are off call ---- */

static int audit(struct asked *asked)
{
	struct gateway *g = asked->g;

	jsonw_array(&asked->json, "stranded");
	for (size_t i = 0; i < g->page_count; i++) {
		const struct page *page = g->pages[i].page;

		if (page->owner[0] == '\0' || page->state == PAGE_RESOLVED ||
		    (handover_on_call(g, page->owner, asked->now.utc_s) &&
		     rota_absent(&g->rota, page->owner, asked->now.utc_s) == NULL))
			continue;
		view_page(g, &asked->json, NULL, page, false, asked->now);
	}
	jsonw_end_array(&asked->json);
	return 0;
}

/* ---- a slot, by hand ---- */

struct handoff {
	const struct plan_rotation *rotation;
	size_t slot;
	const struct plan_person *from;
	const struct plan_person *to;
	bool emergency;
};

static int read_slot(struct asked *asked, struct handoff *handoff)
{
	const struct plan *plan = asked->g->plan;
	const char *name = asked_get(asked, "rotation");
	int index;

	if (name == NULL)
		name = plan->default_rotation;
	handoff->rotation = plan_rotation(plan, span_of(name));
	if (handoff->rotation == NULL)
		return asked_no_rotation(asked, name);
	index = plan_slot(handoff->rotation, span_of(asked_get(asked, "slot")));
	if (index < 0 || (size_t)index >= handoff->rotation->slot_count)
		return asked_usage(asked, "it has no such slot: see tocsin who");
	handoff->slot = (size_t)index;
	return 0;
}

static int read_people(struct asked *asked, struct handoff *handoff)
{
	const char *to = asked_get(asked, "to");

	handoff->from =
		schedule_at(asked->g->plan, handoff->rotation, handoff->slot, asked->now.utc_s)
			.person;
	handoff->to = plan_person(asked->g->plan, span_of(to));
	if (handoff->to == NULL) {
		asked_no_person(asked, to);
		return STATUS_USAGE;
	}
	if (rota_absent(&asked->g->rota, to, asked->now.utc_s) != NULL)
		return refuse_absent(asked, to);
	if (handoff->from == handoff->to)
		return asked_refuse(asked, "they have it already");
	return 0;
}

/* A planned handover leaves nothing behind without a word: every open page is assigned first. */
static int refuse_open(struct asked *asked, const struct handoff *handoff)
{
	struct buf codes = { 0 };

	for (size_t i = 0; handoff->from != NULL && i < asked->g->page_count; i++) {
		const struct page *page = asked->g->pages[i].page;

		if (page_owned_by(page, handoff->from->name) &&
		    strcmp(page->assignee, handoff->to->name) != 0)
			buf_addf(&codes, "%sp%lld %s", codes.len == 0 ? "" : ", ",
				 (long long)page->id, page->code);
	}
	if (codes.len == 0)
		return 0;
	err_set(&asked->err, ERR_REFUSED,
		"%s still has %.150s: assign each with its status first (tocsin assign), or "
		"--emergency",
		handoff->from->name, buf_text(&codes));
	buf_free(&codes);
	return STATUS_REFUSED;
}

static void assign_all(struct asked *asked, const struct handoff *handoff, int64_t *count)
{
	const char *reason = asked_get(asked, "reason");
	char status[160];

	snprintf(status, sizeof status, "emergency handover%s%.120s", reason == NULL ? "" : ": ",
		 reason == NULL ? "" : reason);
	for (size_t i = 0; handoff->from != NULL && i < asked->g->page_count; i++) {
		struct page_slot *slot = &asked->g->pages[i];
		struct escalation run = pages_run(asked->g, asked->now);

		if (!page_owned_by(slot->page, handoff->from->name))
			continue;
		*count += escalation_assign(&run, slot->page, handoff->to->name, asked_actor(asked),
					    status);
		pages_apply(asked->g, slot, asked->now);
	}
}

/* Of the present shift, not of all that its holder has after it. */
static int64_t shift_end(const struct plan *plan, const struct handoff *handoff,
			 const struct shift *shift)
{
	if (shift->kind == SHIFT_OVERRIDE)
		return shift->override->until_utc_s;
	if (shift->kind == SHIFT_LAYER)
		return shift->ends_utc_s;
	return schedule_until(plan, handoff->rotation, handoff->slot, shift);
}

static int put_override(struct asked *asked, const struct handoff *handoff)
{
	struct shift shift =
		schedule_at(asked->g->plan, handoff->rotation, handoff->slot, asked->now.utc_s);
	struct rota_entry entry = { .kind = ROTA_OVERRIDE,
				    .from_utc_s = asked->now.utc_s,
				    .made_utc_s = asked->now.utc_s };

	entry.until_utc_s = shift_end(asked->g->plan, handoff, &shift);
	if (entry.until_utc_s == WHEN_NEVER)
		return asked_refuse(asked, "this shift has no end: change the configuration");
	span_copy(span_of(handoff->rotation->name), entry.rotation, sizeof entry.rotation);
	span_copy(span_of(handoff->rotation->slots[handoff->slot]), entry.slot, sizeof entry.slot);
	span_copy(span_of(handoff->to->name), entry.person, sizeof entry.person);
	span_copy(span_of(asked_actor(asked)), entry.by, sizeof entry.by);
	span_copy(span_of(handoff->emergency ? "emergency handover" : "handover"), entry.reason,
		  sizeof entry.reason);
	entry.id = ++asked->g->last_rota;
	if (rota_put(&asked->g->rota, &entry) < 0)
		return asked_refuse(asked, "out of memory");
	ledger_rota(asked->g, &entry, asked->now);
	jsonw_time(&asked->json, "until", entry.until_utc_s);
	return 0;
}

/* In an emergency at once; otherwise as the rotation's handover says: with "ack" nothing changes before it. */
static int carry_out(struct asked *asked, const struct handoff *handoff)
{
	int64_t assigned = 0;
	int status = handoff->emergency ? 0 : refuse_open(asked, handoff);

	if (status == 0)
		status = put_override(asked, handoff);
	if (status != 0)
		return status;
	if (handoff->emergency)
		assign_all(asked, handoff, &assigned);
	handover_by_hand(asked->g, handoff->rotation, handoff->slot, handoff->emergency,
			 asked->now);
	jsonw_string(&asked->json, "rotation", handoff->rotation->name);
	jsonw_string(&asked->json, "slot", handoff->rotation->slots[handoff->slot]);
	jsonw_string(&asked->json, "from", handoff->from == NULL ? NULL : handoff->from->name);
	jsonw_string(&asked->json, "to", handoff->to->name);
	jsonw_int(&asked->json, "assigned", assigned);
	asked->accepts = true;
	return 0;
}

int asked_handoff(struct asked *asked)
{
	struct handoff handoff = { .emergency = asked_flag(asked, "emergency") };
	int status;

	if (asked_flag(asked, "audit"))
		return audit(asked);
	if (asked_get(asked, "to") == NULL)
		return asked_usage(asked, "to whom? give --to PERSON");
	if (!asked_actor_known(asked))
		return STATUS_USAGE;
	status = read_slot(asked, &handoff);
	if (status == 0)
		status = read_people(asked, &handoff);
	return status == 0 ? carry_out(asked, &handoff) : status;
}
