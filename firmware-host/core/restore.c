/* Coming up again: from the store, from a new configuration, from a store that failed. */
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"

#define DAMAGED_TOLD 20 /* rows on the timeline and in texts; the rest is a number */

static int restore_pages(struct gateway *g, struct snapshot *snapshot, struct err *err)
{
	if (array_grow(&g->pages, &g->page_cap, snapshot->page_count, sizeof *g->pages) < 0)
		return err_nomem(err);
	for (size_t i = 0; i < snapshot->page_count; i++) {
		g->pages[g->page_count++] = (struct page_slot){ .page = snapshot->pages[i] };
		snapshot->pages[i] = NULL;
	}
	return 0;
}

static int restore_notices(struct gateway *g, struct snapshot *snapshot, struct when now,
			   struct err *err)
{
	for (size_t i = 0; i < snapshot->notice_count; i++) {
		struct contact_slot *slot = contacts_get(g, snapshot->notices[i].person);
		struct contact *contact = slot == NULL ? NULL : &slot->contact;

		if (contact == NULL || array_grow(&contact->notices, &contact->cap,
						  contact->count + 1, sizeof *contact->notices) < 0)
			return err_nomem(err);
		contact->notices[contact->count++] = snapshot->notices[i];
		snapshot->notices[i] = (struct notice){ 0 };
		slot->dirty = true;
	}
	for (size_t i = 0; i < g->contact_count; i++)
		contact_recover(&g->contacts[i].contact, now);
	return 0;
}

/* What was in flight has an unknown end.  A passive text may be repeated once; a notice's text or call is the ladder's business. */
static int restore_attempts(struct gateway *g, struct snapshot *snapshot, struct when now,
			    struct err *err)
{
	if (array_grow(&g->attempts, &g->attempt_cap, snapshot->attempt_count,
		       sizeof *g->attempts) < 0)
		return err_nomem(err);
	for (size_t i = 0; i < snapshot->attempt_count; i++) {
		struct attempt *attempt = snapshot->attempts[i];
		bool cut_off = attempt->state == ATTEMPT_IN_FLIGHT;

		snapshot->attempts[i] = NULL;
		g->attempts[g->attempt_count++] =
			(struct attempt_slot){ attempt, now.mono_ms, cut_off };
		if (!cut_off)
			continue;
		attempt->ended_utc_s = now.utc_s;
		attempt->state = ATTEMPT_UNKNOWN;
		if (attempt->kind == ATTEMPT_NOTE && attempt->tries < 2) {
			attempt->state = ATTEMPT_QUEUED;
			attempt->due = now.mono_ms;
		}
		ledger_record(g, now, "attempt.unknown",
			      (struct about){ .page = attempt->page,
					      .person = attempt->person,
					      .modem = attempt->modem },
			      "the gateway stopped before its end was known");
	}
	return 0;
}

static int restore_rest(struct gateway *g, struct snapshot *snapshot, struct err *err)
{
	for (size_t i = 0; i < snapshot->code_count; i++)
		if (codes_restore(g->codes, snapshot->codes[i].code,
				  snapshot->codes[i].released_utc_s, err) < 0)
			return -1;
	for (size_t i = 0; i < snapshot->spent_count; i++) {
		int path = fleet_find(g, snapshot->spent[i].modem);

		if (path >= 0)
			guard_restore(g->paths[path].guard, snapshot->spent[i].counts);
	}
	if (array_grow(&g->answered, &g->answered_cap, snapshot->answered_count,
		       sizeof *g->answered) < 0)
		return err_nomem(err);
	if (snapshot->answered_count > 0)
		memcpy(g->answered, snapshot->answered,
		       snapshot->answered_count * sizeof *g->answered);
	g->answered_count = snapshot->answered_count;
	return 0;
}

/* A notice of a page that is not there any more (its row is damaged) has nothing to say. */
static void drop_orphans(struct gateway *g, struct contact_slot *slot)
{
	struct contact *contact = &slot->contact;

	for (size_t i = 0; i < contact->count; i++) {
		struct notice *notice = &contact->notices[i];
		size_t k = notice->page_count;

		while (k-- > 0)
			if (k < notice->page_count && pages_find(g, notice->pages[k]) == NULL)
				contact_release(contact, notice->pages[k]);
	}
}

/* Nothing of a row that cannot be read will page anybody: those who look after the gateway must know. */
static void tell_damaged(struct gateway *g, const struct snapshot *snapshot, struct when now)
{
	struct fault_facts facts = { 0 };
	struct buf text = { 0 };

	for (size_t i = 0; i < snapshot->damaged_count && i < DAMAGED_TOLD; i++) {
		const struct damaged *damaged = &snapshot->damaged[i];

		ledger_record(g, now, "store.damaged", (struct about){ .page = damaged->open_page },
			      damaged->what);
		if (damaged->open_page == 0)
			continue;
		buf_clear(&text);
		buf_addf(&text,
			 "page p%lld is damaged in the store, nobody is paged for it now: %s",
			 (long long)damaged->open_page, damaged->readable);
		texts_operators(g, buf_text(&text), now);
	}
	buf_free(&text);
	fault_fact(&facts, "count", "%zu", snapshot->damaged_count);
	if (snapshot->damaged_count > 0)
		faults_raise(g, FAULT_STORE_DAMAGED, "", &facts, now);
	else
		faults_clear(g, FAULT_STORE_DAMAGED, "", now);
}

int gateway_restore(struct gateway *g, struct snapshot *snapshot, struct when now, struct err *err)
{
	g->turn = now;
	g->started_utc_s = now.utc_s;
	g->last_page = snapshot->last_page;
	g->last_notice = snapshot->last_notice;
	g->last_attempt = snapshot->last_attempt;
	g->last_inbound = snapshot->last_inbound;
	g->last_event = snapshot->last_event;
	g->last_rota = snapshot->last_rota;
	g->rota = snapshot->rota;
	snapshot->rota = (struct rota){ 0 };
	if (restore_pages(g, snapshot, err) < 0 || restore_notices(g, snapshot, now, err) < 0 ||
	    restore_attempts(g, snapshot, now, err) < 0 || restore_rest(g, snapshot, err) < 0)
		return -1;
	if (faults_restore(g, snapshot->faults, snapshot->fault_count, now) < 0 ||
	    routes_restore(g, snapshot->routes, snapshot->route_count) < 0 ||
	    outbox_restore(g, snapshot) < 0 || memos_restore(g, snapshot) < 0)
		return err_nomem(err);
	radio_restore(g, snapshot->radio, snapshot->radio_count);
	health_restore(g, snapshot->health, snapshot->health_count);
	if (sims_restore(g, snapshot->cards, snapshot->card_count) < 0)
		return err_nomem(err);
	inbox_restore(g, snapshot->inbound, snapshot->inbound_count, now);
	for (size_t i = 0; i < g->contact_count; i++)
		drop_orphans(g, &g->contacts[i]);
	ledger_record(g, now, "gateway.started", (struct about){ 0 }, NULL);
	tell_damaged(g, snapshot, now);
	faults_check_plan(g, now);
	proof_start(g, now);
	for (size_t i = 0; i < g->page_count; i++) {
		struct escalation run = pages_run(g, now);

		if (g->pages[i].page->state == PAGE_RESOLVED)
			continue;
		escalation_revise(&run, g->pages[i].page);
		pages_apply(g, &g->pages[i], now);
	}
	pages_due(g);
	g->contacts_due = now.mono_ms; /* the first tick finds the soonest */
	return 0;
}

void gateway_reload(struct gateway *g, struct plan *plan, struct when now)
{
	plan_free(g->plan);
	g->plan = plan;
	g->plan->rota = &g->rota;
	handover_look(g);
	drills_look(g);
	fleet_allow(g, now);
	watches_plan(g, now);
	ledger_record(g, now, "config.loaded", (struct about){ 0 }, NULL);
	faults_check_plan(g, now);
	for (size_t i = 0; i < g->page_count; i++) {
		struct escalation run = pages_run(g, now);

		escalation_revise(&run, g->pages[i].page);
		pages_apply(g, &g->pages[i], now);
	}
	gateway_tick(g, now);
}

void restore_rewrite(struct gateway *g, struct when now)
{
	g->rewrite_due = WHEN_NEVER; /* a failure sets it again */
	g->rewrite = g->batch.number;
	for (size_t i = 0; i < g->page_count; i++)
		g->pages[i].dirty = true;
	for (size_t i = 0; i < g->contact_count; i++)
		g->contacts[i].dirty = true;
	for (size_t i = 0; i < g->attempt_count; i++)
		g->attempts[i].dirty = true;
	for (size_t i = 0; i < g->path_count; i++)
		g->paths[i].spent_dirty = true;
	for (size_t i = 0; i < g->answered_count; i++)
		ledger_answered(g, &g->answered[i], now);
	for (size_t i = 0; i < g->post_count; i++)
		g->posts[i].dirty = true;
	memos_rewrite(g);
	for (size_t i = 0; i < g->rota.entry_count; i++)
		ledger_rota(g, &g->rota.entries[i], now);
	for (size_t i = 0; i < g->rota.calendar_count; i++)
		ledger_calendar(g, &g->rota.calendars[i], now);
	for (size_t i = 0; i < g->fault_count; i++)
		g->faults[i].dirty = true;
	for (size_t i = 0; i < g->path_count; i++)
		g->paths[i].health_dirty = true;
	for (size_t i = 0; i < g->route_count; i++)
		g->routes[i].dirty = true;
	sims_rewrite(g);
	inbox_rewrite(g, now);
	ledger_record(g, now, "store.rewrite", (struct about){ 0 }, NULL);
}
