/* Pages and the people they concern: the two engines of dialplan/ joined. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"
#include "dialplan/text.h"

struct page_slot *pages_find(struct gateway *g, int64_t id)
{
	size_t low = 0;
	size_t high = g->page_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (g->pages[mid].page->id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < g->page_count && g->pages[low].page->id == id ? &g->pages[low] : NULL;
}

struct page_slot *pages_by_name(struct gateway *g, struct span id_or_code)
{
	struct span digits = span_skip(id_or_code, 1);
	int64_t id;

	if ((span_starts(id_or_code, "p") || span_starts(id_or_code, "P")) && span_int(digits, &id))
		return pages_find(g, id);
	for (size_t i = g->page_count; i > 0; i--)
		if (span_is(id_or_code, g->pages[i - 1].page->code))
			return &g->pages[i - 1];
	return NULL;
}

int pages_rank(const struct gateway *g, const struct page *page)
{
	int rank = plan_severity(g->plan, span_of(page->severity));

	return rank < 0 ? g->plan->default_severity : rank;
}

struct escalation pages_run(struct gateway *g, struct when now)
{
	effects_clear(&g->effects);
	return (struct escalation){ .plan = g->plan,
				    .now = now,
				    .effects = &g->effects,
				    .clock_untrusted = g->clock_untrusted };
}

void pages_due(struct gateway *g)
{
	g->pages_due = WHEN_NEVER;
	for (size_t i = 0; i < g->page_count; i++)
		g->pages_due = when_sooner(g->pages_due, escalation_deadline(g->pages[i].page));
}

/* ---- people ---- */

struct contact_slot *contacts_find(struct gateway *g, const char *person)
{
	for (size_t i = 0; i < g->contact_count; i++)
		if (strcmp(g->contacts[i].contact.person, person) == 0)
			return &g->contacts[i];
	return NULL;
}

struct contact_slot *contacts_get(struct gateway *g, const char *person)
{
	struct contact_slot *slot = contacts_find(g, person);

	if (slot != NULL)
		return slot;
	if (array_grow(&g->contacts, &g->contact_cap, g->contact_count + 1, sizeof *g->contacts) <
	    0)
		return NULL;
	slot = &g->contacts[g->contact_count++];
	*slot = (struct contact_slot){ .contact.window_due = WHEN_NEVER };
	span_copy(span_of(person), slot->contact.person, sizeof slot->contact.person);
	return slot;
}

struct contact_run contacts_run(struct gateway *g, const struct contact_slot *slot, struct when now)
{
	return (struct contact_run){ .plan = g->plan,
				     .person = plan_person(g->plan, span_of(slot->contact.person)),
				     .now = now,
				     .next_id = &g->last_notice,
				     .codes = g->codes };
}

void contacts_changed(struct gateway *g, struct contact_slot *slot)
{
	slot->dirty = true;
	slot->check = true;
	g->contacts_due = when_sooner(g->contacts_due, contact_deadline(&slot->contact));
}

const struct notice *contacts_notice(const struct contact *contact, int64_t id)
{
	for (size_t i = 0; i < contact->count; i++)
		if (contact->notices[i].id == id)
			return &contact->notices[i];
	return NULL;
}

/* Means that are refused for good are told to the escalation, which adds the next target. */
static void report_unreachable(struct gateway *g, size_t contact, struct when now)
{
	char person[PLAN_NAME];

	span_copy(span_of(g->contacts[contact].contact.person), person, sizeof person);
	for (size_t i = 0; i < g->page_count; i++) {
		struct page *page = g->pages[i].page;
		const struct member *member = page_member(page, person);
		struct escalation run;

		if (member == NULL || member->state != MEMBER_REACHING ||
		    !contact_unreachable(&g->contacts[contact].contact, page->id))
			continue;
		run = pages_run(g, now);
		escalation_unreachable(&run, page, person);
		pages_apply(g, &g->pages[i], now);
	}
}

static void check_means(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->contact_count; i++) {
		if (!g->contacts[i].check)
			continue;
		g->contacts[i].check = false;
		report_unreachable(g, i, now);
	}
}

void contacts_tick(struct gateway *g, struct when now)
{
	g->contacts_due = WHEN_NEVER;
	check_means(g, now);
	for (size_t i = 0; i < g->contact_count; i++) {
		struct contact_slot *slot = &g->contacts[i];
		struct contact_run run = contacts_run(g, slot, now);
		struct err err;

		if (contact_deadline(&slot->contact) <= now.mono_ms)
			slot->dirty = true;
		if (contact_tick(&slot->contact, &run, &err) < 0)
			ledger_record(g, now, "memory.short",
				      (struct about){ .person = slot->contact.person }, err.text);
		g->contacts_due = when_sooner(g->contacts_due, contact_deadline(&slot->contact));
	}
}

/* ---- effects ---- */

static void reach(struct gateway *g, const struct page *page, const struct effect *effect,
		  struct when now)
{
	struct contact_slot *slot = contacts_get(g, effect->person);
	struct contact_page what = { .id = page->id,
				     .code = page->code,
				     .rank = pages_rank(g, page),
				     .owns = effect->track == TRACK_MAIN,
				     .drill = page->drill };
	struct contact_run run;
	struct err err;

	if (slot == NULL)
		return; /* out of memory: the step's deadline brings in the next */
	run = contacts_run(g, slot, now);
	slot->passive = 0;
	slot->helped = false;
	if (contact_reach(&slot->contact, &run, &what, &err) < 0)
		ledger_record(g, now, "memory.short",
			      (struct about){ .page = page->id, .person = effect->person },
			      err.text);
	contacts_changed(g, slot);
	if (contact_in_storm(&slot->contact, page->id))
		pages_took(g, &what.id, 1, effect->person, now);
}

static void release(struct gateway *g, const struct page *page, const char *person, struct when now)
{
	struct contact_slot *slot = contacts_find(g, person);

	if (slot == NULL || !contact_release(&slot->contact, page->id))
		return;
	contacts_changed(g, slot);
	calls_release(g, person, page, now);
}

static void tell(struct gateway *g, const struct page *page, const struct effect *effect,
		 struct when now)
{
	struct buf text = { 0 };

	text_note(&text, g->plan, page, effect);
	texts_note(g, plan_person(g->plan, span_of(effect->person)), NULL, page->id,
		   buf_span(&text), now);
	buf_free(&text);
}

/* The chain is exhausted: the rotation itself is an incident now, for whoever runs the pager. */
static void open_broken(struct gateway *g, const struct page *from, struct span targets,
			struct when now)
{
	char words[160];

	snprintf(words, sizeof words, "Rotation %s is broken: nobody took page %s", from->target,
		 from->code);
	while (targets.len > 0) {
		char target[PLAN_TARGET];

		span_copy(span_cut(&targets, '+'), target, sizeof target);
		pages_raise(g,
			    &(struct raised){ .target = target,
					      .severity = from->severity,
					      .by = "",
					      .message = words,
					      .incident = true,
					      .drill = from->drill },
			    now);
	}
}

static void record(struct gateway *g, const struct page *page, const struct effect *effect,
		   struct when now)
{
	ledger_record(g, now, effect->event,
		      (struct about){ .page = page->id, .person = effect->person }, effect->text);
	outbox_event(g, page, effect, now);
	if (strcmp(effect->event, "page.resolved") == 0) {
		chores_resolved(g, page, now);
		handover_resolved(g, page);
	} else if (strcmp(effect->event, "page.acked") == 0) {
		handover_look(g);
	}
	if (page->drill)
		drills_look(g);
}

void pages_apply(struct gateway *g, struct page_slot *slot, struct when now)
{
	struct effects effects = g->effects;
	struct page *page = slot->page;

	g->effects = (struct effects){ 0 }; /* carrying them out may make more, of other pages */
	slot->dirty = true;
	g->pages_due = when_sooner(g->pages_due, escalation_deadline(page));
	if (page->state == PAGE_RESOLVED)
		codes_release(g->codes, page->code, now.utc_s);
	for (size_t i = 0; i < effects.count; i++) {
		const struct effect *effect = &effects.at[i];

		switch (effect->kind) {
		case EFFECT_REACH:
			reach(g, page, effect, now);
			break;
		case EFFECT_RELEASE:
			release(g, page, effect->person, now);
			break;
		case EFFECT_TELL:
			tell(g, page, effect, now);
			break;
		case EFFECT_RECORD:
			record(g, page, effect, now);
			break;
		case EFFECT_INCIDENT:
			open_broken(g, page, span_of(effect->text), now);
			break;
		case EFFECT_NONE:
		case EFFECT_KINDS:
			break;
		}
	}
	effects_free(&effects);
}

/* So many of one severity at once: whoever takes the newest has their hands full already. */
static void bring_in(struct gateway *g, struct page_slot *slot, struct when now)
{
	const struct plan_severity *severity = &g->plan->severities[pages_rank(g, slot->page)];
	struct escalation run;
	int64_t open = 0;
	char why[80];

	for (size_t i = 0; i < g->page_count; i++) {
		const struct page *page = g->pages[i].page;

		open += !page->drill && (page->state == PAGE_OPEN || page->state == PAGE_ACKED) &&
			strcmp(page->severity, slot->page->severity) == 0;
	}
	if (severity->crowd == 0 || open < severity->crowd || slot->page->drill)
		return;
	snprintf(why, sizeof why, "%lld %s are open at once", (long long)open, severity->name);
	run = pages_run(g, now);
	escalation_join_in(&run, slot->page, why);
	pages_apply(g, slot, now);
}

/* Known to be noise until a stated time. */
static bool silenced(struct gateway *g, struct escalation *run, struct page *page)
{
	struct memo *silence = silence_of(g, page, run->now);
	struct buf why = { 0 };

	if (silence == NULL)
		return false;
	memo_set_int(silence, "hits", memo_int(silence, "hits") + 1);
	memos_changed(g, silence);
	silence_write(silence, &why);
	escalation_record_only(run, page, "page.silenced", buf_text(&why));
	buf_free(&why);
	return true;
}

int pages_open(struct gateway *g, struct page *page, struct when now, struct err *err)
{
	struct escalation run;

	if (array_grow(&g->pages, &g->page_cap, g->page_count + 1, sizeof *g->pages) < 0 ||
	    codes_take(g->codes, now.utc_s, page->code, err) < 0) {
		page_free(page);
		return err_nomem(err);
	}
	page->id = g->last_page + 1;
	page->opened_utc_s = now.utc_s;
	run = pages_run(g, now);
	if (!silenced(g, &run, page) && escalation_open(&run, page, err) < 0) {
		codes_release(g->codes, page->code, now.utc_s);
		page_free(page);
		return -1;
	}
	g->last_page++;
	g->pages[g->page_count] = (struct page_slot){ .page = page };
	pages_apply(g, &g->pages[g->page_count++], now);
	bring_in(g, pages_find(g, page->id), now); /* it may have opened others */
	links_saw(g, page, now);
	drills_real(g, page, now);
	return 0;
}

void pages_tick(struct gateway *g, struct when now)
{
	if (now.mono_ms < g->pages_due)
		return;
	for (size_t i = 0; i < g->page_count; i++) {
		struct escalation run;

		if (escalation_deadline(g->pages[i].page) > now.mono_ms)
			continue;
		run = pages_run(g, now);
		escalation_tick(&run, g->pages[i].page);
		pages_apply(g, &g->pages[i], now);
	}
	pages_due(g);
}

enum ack_result pages_ack(struct gateway *g, struct page_slot *slot, const struct ack *ack,
			  struct when now)
{
	struct escalation run = pages_run(g, now);
	enum ack_result result = escalation_ack(&run, slot->page, ack);
	struct contact_slot *who = contacts_find(g, ack->person);

	if (who != NULL)
		contact_heard(&who->contact);
	pages_apply(g, slot, now);
	return result;
}

void pages_resolve(struct gateway *g, struct page_slot *slot, const char *by, struct when now)
{
	struct escalation run = pages_run(g, now);

	escalation_resolve(&run, slot->page, by);
	pages_apply(g, slot, now);
}

void pages_took(struct gateway *g, const int64_t *ids, size_t count, const char *person,
		struct when now)
{
	for (size_t i = 0; i < count; i++) {
		struct page_slot *slot = pages_find(g, ids[i]);
		struct escalation run;

		if (slot == NULL)
			continue;
		run = pages_run(g, now);
		escalation_took(&run, slot->page, person);
		pages_apply(g, slot, now);
	}
}
