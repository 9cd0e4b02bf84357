/* Handovers: at a change of shift both are told, and where the rotation asks for it whoever leaves stays on call until whoever comes has
 * acked.  Open pages go over by name, each with a paragraph.
 *
 * Memos: "holder" who had a slot when it was last looked at; "handover" one that waits for its ack; "handing" a page that
 * waits for its owner's paragraph.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"
#include "dialplan/schedule.h"

#define HOLDER   "holder"
#define HANDOVER "handover"
#define HANDING  "handing"
#define LOOK_MS  3600000 /* at the latest: the wall clock may be set, the rota changed */
#define ACK_S    900     /* whoever comes has this long, then the operators are paged */

/* One slot that changes hands. */
struct change {
	const struct plan_rotation *rotation;
	const char *slot;
	const struct plan_person *from; /* NULL: nobody had it */
	const struct plan_person *to;   /* NULL: nobody has it */
	int64_t until_utc_s;
	bool emergency; /* at once, and nobody stays on beside */
};

static struct memo *memo_of(struct gateway *g, const char *kind, const char *rotation,
			    const char *slot)
{
	struct memo *memo = memos_next(g, kind, NULL);

	while (memo != NULL && !(span_is(memo_get(memo, "rotation"), rotation) &&
				 span_is(memo_get(memo, "slot"), slot)))
		memo = memos_next(g, kind, memo);
	return memo;
}

static void say(struct gateway *g, const struct plan_person *person, int64_t page,
		const char *words, struct when now)
{
	if (person != NULL)
		texts_note(g, person, NULL, page, span_of(words), now);
}

static bool is_away(const struct gateway *g, const struct plan_person *person, struct when now)
{
	return rota_absent(&g->rota, person->name, now.utc_s) != NULL;
}

/* ---- open pages ---- */

/* What somebody still has.  `each` may be NULL. */
static int64_t pages_of(struct gateway *g, const char *person,
			void (*each)(struct gateway *g, struct page_slot *slot,
				     const struct change *change, struct when now),
			const struct change *change, struct when now)
{
	int64_t count = 0;

	for (size_t i = 0; i < g->page_count; i++) {
		if (!page_owned_by(g->pages[i].page, person))
			continue;
		count++;
		if (each != NULL)
			each(g, &g->pages[i], change, now);
	}
	return count;
}

/* Whoever leaves is asked for the paragraph; their next update of the page is it. */
static void ask_status(struct gateway *g, struct page_slot *slot, const struct change *change,
		       struct when now)
{
	struct memo *memo = NULL;
	struct buf words = { 0 };

	if (strcmp(slot->page->assignee, change->to->name) == 0) /* it has gone already */
		return;
	memo = memos_add(g, HANDING);
	if (memo == NULL || !memo_set_int(memo, "page", slot->page->id) ||
	    !memo_set(memo, "from", change->from->name) || !memo_set(memo, "to", change->to->name))
		return;
	buf_addf(&words,
		 "%s goes to %s with the pager. Reply UPD %s and how it stands: hypothesis, last "
		 "action, next action.",
		 slot->page->code, change->to->title, slot->page->code);
	say(g, change->from, slot->page->id, buf_text(&words), now);
	buf_free(&words);
}

void handover_updated(struct gateway *g, struct page_slot *slot, const char *by, const char *text,
		      struct when now)
{
	struct memo *memo = memos_next(g, HANDING, NULL);
	struct escalation run;
	char to[PLAN_NAME];

	while (memo != NULL &&
	       !(memo_int(memo, "page") == slot->page->id && span_is(memo_get(memo, "from"), by)))
		memo = memos_next(g, HANDING, memo);
	if (memo == NULL)
		return;
	span_copy(memo_get(memo, "to"), to, sizeof to);
	memos_end(g, memo);
	if (!page_owned_by(slot->page, by)) /* it has gone on by itself */
		return;
	run = pages_run(g, now);
	escalation_assign(&run, slot->page, to, by, text);
	pages_apply(g, slot, now);
}

void handover_resolved(struct gateway *g, const struct page *page)
{
	struct memo *memo = memos_next(g, HANDING, NULL);

	for (; memo != NULL; memo = memos_next(g, HANDING, memo))
		if (memo_int(memo, "page") == page->id)
			memos_end(g, memo);
	handover_look(g);
}

/* ---- a slot changes hands ---- */

static void add_pages(struct gateway *g, const char *person, struct buf *text)
{
	const char *before = " ";

	for (size_t i = 0; i < g->page_count; i++) {
		const struct page *page = g->pages[i].page;

		if (!page_owned_by(page, person))
			continue;
		buf_addf(text, "%s%s %s", before, page->code, page->text[PAGE_MESSAGE]);
		before = "; ";
	}
}

static void finished(struct gateway *g, const struct change *change, const char *how,
		     struct when now)
{
	int64_t open =
		change->from == NULL ? 0 : pages_of(g, change->from->name, NULL, change, now);
	struct buf text = { 0 };

	buf_addf(&text, "%s.%s: %s to %s%s", change->rotation->name, change->slot,
		 change->from == NULL ? "nobody" : change->from->title,
		 change->to == NULL ? "nobody" : change->to->title, how);
	if (open > 0) {
		buf_addf(&text, ", %lld open %s to be handed over:", (long long)open,
			 open == 1 ? "page" : "pages");
		add_pages(g, change->from->name, &text);
	}
	ledger_record(g, now, "handover.done",
		      (struct about){ .person = change->to == NULL ? "" : change->to->name },
		      buf_text(&text));
	outbox_tell(g, PLAN_HOOK_HANDOVER,
		    &(struct outbox_news){ .kind = "handover",
					   .person = change->to == NULL ? NULL : change->to->name,
					   .text = buf_text(&text) },
		    now);
	buf_free(&text);
}

bool handover_on_call(struct gateway *g, const char *person, int64_t utc_s)
{
	for (size_t i = 0; i < g->plan->rotation_count; i++) {
		const struct plan_rotation *rotation = &g->plan->rotations[i];

		for (size_t k = 0; k < rotation->slot_count; k++) {
			const struct plan_person *holder = plan_on_call(
				g->plan, rotation, span_of(rotation->slots[k]), utc_s, NULL);

			if (holder != NULL && strcmp(holder->name, person) == 0)
				return true;
		}
	}
	return false;
}

/* Until when whoever leaves is paged too; 0 not at all. */
static int64_t beside_until(struct gateway *g, const struct change *change, struct when now)
{
	if (change->rotation->overlap_s <= 0 || change->emergency || change->from == NULL ||
	    change->to == NULL || is_away(g, change->from, now))
		return 0;
	return now.utc_s + change->rotation->overlap_s;
}

static void tell_both(struct gateway *g, const struct change *change, int64_t beside_utc_s,
		      struct when now)
{
	struct buf words = { 0 };

	if (change->to != NULL) {
		buf_addf(&words, "You are %s %s until ", change->rotation->name, change->slot);
		zone_write(g->plan->zone, change->until_utc_s, &words);
		buf_addf(&words, ". Before you: %s.",
			 change->from == NULL ? "nobody" : change->from->title);
		say(g, change->to, 0, buf_text(&words), now);
	}
	buf_clear(&words);
	buf_addf(&words, "%s has %s %s now.", change->to == NULL ? "Nobody" : change->to->title,
		 change->rotation->name, change->slot);
	if (beside_utc_s > 0) {
		buf_add_text(&words, " You stay on call beside them until ");
		zone_write(g->plan->zone, beside_utc_s, &words);
		buf_add_char(&words, '.');
	} else if (change->from != NULL && !handover_on_call(g, change->from->name, now.utc_s)) {
		buf_add_text(&words, " You are off call, thank you.");
	}
	if (change->from != NULL && !is_away(g, change->from, now))
		say(g, change->from, 0, buf_text(&words), now);
	buf_free(&words);
}

/* Whoever leaves keeps the slot, or is beside it.  Its id; 0: memory. */
static int64_t put(struct gateway *g, const struct change *change, enum rota_kind kind,
		   int64_t until_utc_s, const char *reason, struct when now)
{
	struct rota_entry entry = { .kind = kind,
				    .from_utc_s = now.utc_s,
				    .until_utc_s = until_utc_s,
				    .made_utc_s = now.utc_s,
				    .by = "handover" };

	span_copy(span_of(reason), entry.reason, sizeof entry.reason);
	span_copy(span_of(change->rotation->name), entry.rotation, sizeof entry.rotation);
	span_copy(span_of(change->slot), entry.slot, sizeof entry.slot);
	span_copy(span_of(change->from->name), entry.person, sizeof entry.person);
	entry.id = ++g->last_rota;
	if (rota_put(&g->rota, &entry) < 0)
		return 0;
	ledger_rota(g, &entry, now);
	return entry.id;
}

static void done(struct gateway *g, const struct change *change, const char *how, struct when now)
{
	int64_t beside_utc_s = beside_until(g, change, now);

	tell_both(g, change, beside_utc_s, now);
	if (beside_utc_s > 0)
		put(g, change, ROTA_BESIDE, beside_utc_s, "overlap of the handover", now);
	finished(g, change, how, now);
	if (change->from != NULL && change->to != NULL)
		pages_of(g, change->from->name, ask_status, change, now);
}

/* ---- until it is acked ---- */

static void let_go(struct gateway *g, int64_t id, struct when now)
{
	for (size_t i = 0; i < g->rota.entry_count; i++) {
		struct rota_entry entry = g->rota.entries[i];

		if (entry.id != id)
			continue;
		entry.ended_utc_s = now.utc_s;
		rota_put(&g->rota, &entry);
		ledger_rota(g, &entry, now);
		return;
	}
}

/* Acked like a page, because it must be as sure: text, calls, keys, and the operators when nobody answers. */
static const struct page *ask_ack(struct gateway *g, const struct change *change, struct when now)
{
	const struct page *page;
	struct buf words = { 0 };
	char chain[PLAN_NAME + 16];

	buf_addf(&words, "Handover: you are %s %s from now on. %s stays on call until you ack.",
		 change->rotation->name, change->slot, change->from->title);
	snprintf(chain, sizeof chain, "%s/%d", change->to->name, ACK_S);
	page = pages_raise(g,
			   &(struct raised){ .target = change->to->name,
					     .by = "handover",
					     .chain = chain,
					     .message = buf_text(&words) },
			   now);
	buf_free(&words);
	return page;
}

static void begin(struct gateway *g, const struct change *change, struct when now)
{
	struct memo *memo = memos_add(g, HANDOVER);
	const struct page *page = memo == NULL ? NULL : ask_ack(g, change, now);
	struct buf words = { 0 };

	if (page == NULL) {
		if (memo != NULL)
			memos_end(g, memo);
		done(g, change, "", now);
		return;
	}
	memo_set(memo, "rotation", change->rotation->name);
	memo_set(memo, "slot", change->slot);
	memo_set(memo, "from", change->from->name);
	memo_set(memo, "to", change->to->name);
	memo_set_int(memo, "ends", change->until_utc_s);
	memo_set_int(memo, "page", page->id);
	memo_set_int(memo, "override",
		     put(g, change, ROTA_OVERRIDE, change->until_utc_s, "until the next has acked",
			 now));
	buf_addf(&words, "%s was asked to take %s %s. You stay on call until they ack.",
		 change->to->title, change->rotation->name, change->slot);
	say(g, change->from, 0, buf_text(&words), now);
	buf_free(&words);
	ledger_record(g, now, "handover.began",
		      (struct about){ .page = page->id, .person = change->to->name },
		      change->rotation->name);
}

static void close_page(struct gateway *g, struct page_slot *slot, struct when now)
{
	if (slot != NULL)
		pages_resolve(g, slot, slot->page->owner, now);
}

/* The shift is over, and whoever was to come never did: whoever was to leave had it all the time. */
static void missed(struct gateway *g, const struct change *change, struct when now)
{
	struct memo *holder = memo_of(g, HOLDER, change->rotation->name, change->slot);

	if (holder != NULL && change->from != NULL) {
		memo_set(holder, "person", change->from->name);
		memos_changed(g, holder);
	}
	ledger_record(g, now, "handover.missed",
		      (struct about){ .person = change->to == NULL ? "" : change->to->name },
		      change->rotation->name);
}

/* Somebody else has acked it: whoever comes is asked for their own ack. */
static void ask_again(struct gateway *g, struct page_slot *slot, const struct plan_person *to,
		      struct when now)
{
	struct escalation run = pages_run(g, now);

	if (to == NULL || slot->page->owner[0] == '\0' ||
	    strcmp(slot->page->assignee, to->name) == 0)
		return;
	escalation_assign(&run, slot->page, to->name, slot->page->owner,
			  "Your ack completes the handover.");
	pages_apply(g, slot, now);
}

/* Acked, or ended by hand, or over because the shift itself is. */
static void look_at(struct gateway *g, struct memo *memo, struct when now)
{
	struct page_slot *slot = pages_find(g, memo_int(memo, "page"));
	char rotation[PLAN_NAME];
	char slot_name[PLAN_NAME];
	struct change change = { .slot = slot_name, .until_utc_s = memo_int(memo, "ends") };
	bool ended = slot == NULL || slot->page->state == PAGE_RESOLVED;

	change.from = plan_person(g->plan, memo_get(memo, "from"));
	change.to = plan_person(g->plan, memo_get(memo, "to"));
	if (!ended && change.until_utc_s > now.utc_s &&
	    !(change.to != NULL && page_owned_by(slot->page, change.to->name))) {
		ask_again(g, slot, change.to, now);
		return;
	}
	span_copy(memo_get(memo, "rotation"), rotation, sizeof rotation);
	span_copy(memo_get(memo, "slot"), slot_name, sizeof slot_name);
	change.rotation = plan_rotation(g->plan, span_of(rotation));
	let_go(g, memo_int(memo, "override"), now);
	memos_end(g, memo);
	if (!ended)
		close_page(g, slot, now);
	if (change.rotation == NULL)
		return;
	if (change.until_utc_s > now.utc_s)
		done(g, &change, ended ? ", ended by hand" : ", acked", now);
	else
		missed(g, &change, now);
}

/* ---- who has what ---- */

/* By TAKE: they were answered, and the others told. */
static bool took_it(const struct shift *shift)
{
	return shift->kind == SHIFT_OVERRIDE && shift->override != NULL && shift->person != NULL &&
	       strcmp(shift->override->by, shift->person->name) == 0;
}

static void look_at_slot(struct gateway *g, const struct plan_rotation *rotation, size_t index,
			 bool emergency, struct when now)
{
	const char *slot = rotation->slots[index];
	struct memo *holder = memo_of(g, HOLDER, rotation->name, slot);
	struct shift shift = schedule_at(g->plan, rotation, index, now.utc_s);
	int64_t until = schedule_until(g->plan, rotation, index, &shift);
	const char *name = shift.person == NULL ? "-" : shift.person->name;
	struct change change = { rotation, slot, NULL, shift.person, until, emergency };
	bool first = holder == NULL;

	if (rotation->handover == PLAN_HANDOVER_NONE)
		return;
	g->handover_due = when_sooner(
		g->handover_due,
		until == WHEN_NEVER ? WHEN_NEVER : now.mono_ms + (until - now.utc_s) * 1000);
	if (memo_of(g, HANDOVER, rotation->name, slot) != NULL ||
	    (!first && span_is(memo_get(holder, "person"), name)))
		return;
	if (first)
		holder = memos_add(g, HOLDER);
	if (holder == NULL)
		return;
	change.from = first ? NULL : plan_person(g->plan, memo_get(holder, "person"));
	memo_set(holder, "rotation", rotation->name);
	memo_set(holder, "slot", slot);
	memo_set(holder, "person", name);
	memos_changed(g, holder);
	if (first || took_it(&shift))
		return;
	if (rotation->handover == PLAN_HANDOVER_ACK && !emergency && change.from != NULL &&
	    change.to != NULL && !is_away(g, change.from, now))
		begin(g, &change, now);
	else
		done(g, &change, "", now);
}

void handover_tick(struct gateway *g, struct when now)
{
	struct memo *next;

	if (g->handover_due > now.mono_ms)
		return;
	if (g->clock_untrusted) { /* nobody knows whose shift it is: handover_look, once it is set */
		g->handover_due = WHEN_NEVER;
		return;
	}
	g->handover_due = now.mono_ms + LOOK_MS;
	for (struct memo *memo = memos_next(g, HANDOVER, NULL); memo != NULL; memo = next) {
		next = memos_next(g, HANDOVER, memo);
		look_at(g, memo, now);
	}
	for (size_t i = 0; i < g->plan->rotation_count; i++)
		for (size_t k = 0; k < g->plan->rotations[i].slot_count; k++)
			look_at_slot(g, &g->plan->rotations[i], k, false, now);
}

void handover_by_hand(struct gateway *g, const struct plan_rotation *rotation, size_t slot,
		      bool emergency, struct when now)
{
	look_at_slot(g, rotation, slot, emergency, now);
}

void handover_look(struct gateway *g)
{
	g->handover_due = 0;
}
