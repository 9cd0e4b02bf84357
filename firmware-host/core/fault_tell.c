/* Who is told what and when (DESIGN.md 3, operators): one path can wait for waking hours, and then one text a day is enough; no path,
 * no store or no clock cannot.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"

#define DAY_S          86400
#define FLAPS          3 /* a fault that came so often is told though it never lasted */
#define CHILD_LIMIT_MS 30000

static bool by_page(const struct fault *fault)
{
	switch (fault_kind(fault->id)->grade) {
	case FAULT_NO_PATH:
	case FAULT_STORE:
	case FAULT_CLOCK:
		return true;
	case FAULT_PATH:
	case FAULT_REMARK:
	case FAULT_GRADE_NONE:
	case FAULT_GRADES:
		break;
	}
	return false;
}

/* ---- a text in waking hours ---- */

/* Seconds until the operators are awake. */
int64_t faults_asleep_s(const struct plan *plan, int64_t utc_s)
{
	const struct plan_alarm *alarm = &plan->alarm;
	int64_t second = zone_local(plan->zone, utc_s) % DAY_S;
	bool overnight = alarm->waking_from_s > alarm->waking_to_s;
	bool late = second >= alarm->waking_from_s;
	bool early = second < alarm->waking_to_s;

	if (alarm->waking_from_s == alarm->waking_to_s ||
	    (overnight ? late || early : late && early))
		return 0;
	return (alarm->waking_from_s - second + DAY_S) % DAY_S;
}

static bool same_topic(const struct fault *a, const struct fault *b)
{
	struct span one = span_of(fault_kind(a->id)->id);
	struct span other = span_of(fault_kind(b->id)->id);
	struct span first = span_cut(&one, '.');
	struct span second = span_cut(&other, '.');

	return strcmp(a->modem, b->modem) == 0 && first.len == second.len &&
	       memcmp(first.at, second.at, first.len) == 0;
}

static int64_t last_told(const struct gateway *g, const struct fault *fault, struct when now)
{
	int64_t told = 0;

	for (size_t i = 0; i < g->fault_count; i++) {
		const struct fault *one = &g->faults[i].fault;

		if (same_topic(one, fault) && one->told_utc_s > told &&
		    one->told_utc_s <= now.utc_s)
			told = one->told_utc_s;
	}
	return told;
}

static bool is_over(const struct fault *fault)
{
	return !fault->stands && fault->told_utc_s != 0 && fault->ended_utc_s >= fault->told_utc_s;
}

static bool worth_a_text(const struct fault_slot *slot)
{
	const struct fault *fault = &slot->fault;

	return fault_kind(fault->id)->grade == FAULT_PATH &&
	       (slot->known || fault->came >= FLAPS || is_over(fault));
}

/* Seconds until this may be told. */
static int64_t wait_s(const struct gateway *g, const struct fault *fault, struct when now)
{
	int64_t told = last_told(g, fault, now);
	int64_t wait = told == 0 ? 0 : told + DAY_S - now.utc_s;

	if (wait < 0)
		wait = 0;
	return wait + faults_asleep_s(g->plan, now.utc_s + wait);
}

static void add_one(const struct fault *fault, struct buf *out)
{
	if (is_over(fault))
		buf_add_text(out, "Over: ");
	fault_sentence(fault->id, fault->modem, out);
	if (fault->came >= FLAPS)
		buf_addf(out, " It came %lld times.", (long long)fault->came);
}

static void add_short(const struct fault *fault, struct buf *out)
{
	buf_addf(out, "%s%s %s%s", out->len > 0 ? ", " : "", fault->modem,
		 fault_kind(fault->id)->id, is_over(fault) ? " (over)" : "");
}

/* All that may be told now, in one text. */
static void tell(struct gateway *g, struct when now)
{
	struct buf whole = { 0 };
	struct buf list = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < g->fault_count; i++) {
		const struct fault *fault = &g->faults[i].fault;

		if (!g->faults[i].telling)
			continue;
		count++;
		buf_clear(&whole);
		add_one(fault, &whole);
		add_short(fault, &list);
	}
	if (count > 1) {
		buf_clear(&whole);
		buf_addf(&whole, "%zu faults, see tocsin faults: %s", count, buf_text(&list));
	}
	if (count > 0)
		texts_operators(g, buf_text(&whole), now);
	buf_free(&whole);
	buf_free(&list);
}

static void told(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->fault_count; i++) {
		struct fault_slot *slot = &g->faults[i];

		if (!slot->telling)
			continue;
		slot->telling = false;
		slot->dirty = true;
		slot->fault.told_utc_s = now.utc_s;
		slot->fault.came = 0;
	}
}

/* With no path a text would only grow old. */
static bool can_text(const struct gateway *g)
{
	for (size_t i = 0; i < g->path_count; i++)
		if (g->paths[i].modem.sms && fleet_up(&g->paths[i]))
			return true;
	return false;
}

static void tell_texts(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->fault_count; i++) {
		struct fault_slot *slot = &g->faults[i];
		int64_t wait = worth_a_text(slot) ? wait_s(g, &slot->fault, now) : 0;

		slot->telling = worth_a_text(slot) && wait == 0;
		if (wait > 0)
			g->faults_due = when_sooner(g->faults_due, now.mono_ms + wait * 1000);
	}
	tell(g, now);
	told(g, now);
}

/* ---- a page at once ---- */

static void last_resort(struct gateway *g, const struct fault *fault, const char *state,
			struct when now)
{
	struct gateway_child *child;
	struct buf sentence = { 0 };

	if (g->plan->alarm.last_resort[0] == '\0' ||
	    array_grow(&g->children, &g->child_cap, g->child_count + 1, sizeof *g->children) < 0)
		return;
	child = &g->children[g->child_count++];
	*child = (struct gateway_child){ .limit_ms = CHILD_LIMIT_MS };
	fault_sentence(fault->id, fault->modem, &sentence);
	span_copy(span_of(g->plan->alarm.last_resort), child->command, sizeof child->command);
	snprintf(child->env[0], sizeof child->env[0], "TOCSIN_FAULT=%s", fault_kind(fault->id)->id);
	snprintf(child->env[1], sizeof child->env[1], "TOCSIN_STATE=%s", state);
	snprintf(child->env[2], sizeof child->env[2], "TOCSIN_TEXT=%s", buf_text(&sentence));
	buf_free(&sentence);
	ledger_record(g, now, "last_resort.runs", (struct about){ 0 }, child->env[1]);
}

static void page_operators(struct gateway *g, struct fault_slot *slot, struct when now)
{
	struct buf sentence = { 0 };
	const struct page *page = NULL;

	fault_sentence(slot->fault.id, slot->fault.modem, &sentence);
	if (!sentence.failed)
		page = pages_raise_operators(g, NULL, buf_text(&sentence), now);
	slot->fault.page = page == NULL ? 0 : page->id;
	buf_free(&sentence);
}

static bool is_paged(struct gateway *g, const struct fault *fault, struct when now)
{
	const struct page_slot *slot = fault->page == 0 ? NULL : pages_find(g, fault->page);

	if (slot != NULL && slot->page->state != PAGE_RESOLVED)
		return true;
	/* they resolved it though it lasts: they know, for a day */
	return fault->told_utc_s != 0 && fault->told_utc_s <= now.utc_s &&
	       now.utc_s - fault->told_utc_s < DAY_S;
}

static void tell_page(struct gateway *g, struct fault_slot *slot, struct when now)
{
	if (is_paged(g, &slot->fault, now))
		return;
	page_operators(g, slot, now);
	last_resort(g, &slot->fault, "begins", now);
	slot->fault.told_utc_s = now.utc_s;
	slot->dirty = true;
}

void faults_over(struct gateway *g, struct fault_slot *slot, struct when now)
{
	struct page_slot *page = slot->fault.page == 0 ? NULL : pages_find(g, slot->fault.page);

	if (!by_page(&slot->fault) || slot->fault.told_utc_s == 0)
		return;
	if (page != NULL && page->page->state != PAGE_RESOLVED)
		pages_resolve(g, page, "tocsin", now);
	last_resort(g, &slot->fault, "ends", now);
	slot->fault.page = 0;
	slot->fault.told_utc_s = 0;
}

void faults_tell(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->fault_count; i++)
		if (g->faults[i].known && by_page(&g->faults[i].fault))
			tell_page(g, &g->faults[i], now);
	if (can_text(g))
		tell_texts(g, now);
}

bool gateway_take_child(struct gateway *g, struct gateway_child *child)
{
	if (g->child_count == 0)
		return false;
	*child = g->children[0];
	memmove(g->children, g->children + 1, --g->child_count * sizeof *g->children);
	return true;
}

void gateway_child_ended(struct gateway *g, const char *how, struct when now)
{
	ledger_record(g, now, "last_resort.ended", (struct about){ 0 }, how);
	gateway_tick(g, now);
}
