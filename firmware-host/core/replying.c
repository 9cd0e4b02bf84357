/* What is done to the pages that a text is about, and what its writer is told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/replying.h"
#include "dialplan/text.h"

void replying_choose(struct choice *choice, int64_t page)
{
	if (array_grow(&choice->pages, &choice->cap, choice->count + 1, sizeof *choice->pages) == 0)
		choice->pages[choice->count++] = page;
}

void replying_choice_free(struct choice *choice)
{
	free(choice->pages);
	*choice = (struct choice){ 0 };
}

/* Answers go to roster numbers only, at most PASSIVE_MAX in a row; a page or a word that did something starts anew. */
static void answer(struct gateway *g, const struct asker *asker, int64_t page,
		   const struct buf *text)
{
	struct contact_slot *slot = contacts_get(g, asker->person->name);
	char number[PLAN_E164];

	if (slot == NULL || slot->passive >= PASSIVE_MAX ||
	    !plan_fold_number(g->plan->country, span_of(asker->number), number))
		return;
	slot->passive++;
	texts_note(g, asker->person, number, page, buf_span(text), asker->now);
}

void replying_text(struct gateway *g, const struct asker *asker, int64_t page, const char *head,
		   struct span rest)
{
	struct buf text = { 0 };

	text_fit(&text, head, rest);
	answer(g, asker, page, &text);
	buf_free(&text);
}

void replying_did(struct gateway *g, const struct asker *asker)
{
	struct contact_slot *slot = contacts_get(g, asker->person->name);

	if (slot == NULL)
		return;
	slot->passive = 0;
	slot->helped = false;
}

/* "Two messages wait: 4711 db1 down; 5832 …": nothing was done. */
void replying_list(struct gateway *g, const struct asker *asker, const struct choice *choice,
		   const char *head)
{
	struct buf list = { 0 };

	for (size_t i = 0; i < choice->count; i++) {
		struct page_slot *slot = pages_find(g, choice->pages[i]);

		if (slot != NULL)
			buf_addf(&list, "%s%s %.40s", list.len == 0 ? "" : "; ", slot->page->code,
				 slot->page->text[PAGE_MESSAGE]);
	}
	replying_text(g, asker, 0, head, buf_span(&list));
	buf_free(&list);
}

/* ---- what is done to them ---- */

/* As people say it; "" nobody. */
static const char *owner_of(const struct gateway *g, const struct page *page)
{
	const struct plan_person *owner = plan_person(g->plan, span_of(page->owner));

	return owner != NULL && owner->title[0] != '\0' ? owner->title : page->owner;
}

static void answer_ack(struct gateway *g, const struct asker *asker, const struct page *page,
		       enum ack_result result)
{
	struct buf text = { 0 };

	switch (result) {
	case ACK_OWNS:
		buf_addf(&text, "%s is yours. DONE %s when it is over, PASS %s to pass it on: ",
			 page->code, page->code, page->code);
		break;
	case ACK_RENEWED:
		buf_addf(&text, "%s stays yours: ", page->code);
		break;
	case ACK_NOTED:
		buf_addf(&text, "%s: noted that you have seen it. The chain goes on: ", page->code);
		break;
	case ACK_TAKEN:
	case ACK_STALE:
		buf_addf(&text, "%s is with %s. Nothing for you to do: ", page->code,
			 owner_of(g, page));
		break;
	case ACK_RESOLVED:
		buf_addf(&text, "%s is over. Nothing for you to do: ", page->code);
		break;
	case ACK_STRANGER:
	case ACK_NONE:
	case ACK_RESULTS:
		buf_addf(&text,
			 "%s was not changed: you were not paged for it. To take it reply ACK %s: ",
			 page->code, page->code);
		break;
	}
	replying_text(g, asker, page->id, buf_text(&text), span_of(page->text[PAGE_MESSAGE]));
	buf_free(&text);
}

static enum ack_result ack_one(struct gateway *g, const struct asker *asker, struct page_slot *slot,
			       const char *how, bool named)
{
	const struct member *member = page_member(slot->page, asker->person->name);
	struct ack what = { .person = asker->person->name,
			    .how = how,
			    .cycle = member == NULL ? 0 : member->cycle,
			    .named = named };
	enum ack_result result = pages_ack(g, slot, &what, asker->now);

	if (result == ACK_OWNS || result == ACK_NOTED) /* renewing for ever may be an auto-reply */
		replying_did(g, asker);
	return result;
}

const char *replying_ack(struct gateway *g, const struct asker *asker, const struct choice *choice,
			 const char *how)
{
	enum ack_result result = ACK_NONE;
	size_t owned = 0;
	char head[80];

	for (size_t i = 0; i < choice->count; i++) {
		struct page_slot *slot = pages_find(g, choice->pages[i]);

		if (slot == NULL)
			continue;
		result = ack_one(g, asker, slot, how, choice->named);
		owned += result == ACK_OWNS || result == ACK_RENEWED;
		if (choice->count == 1)
			answer_ack(g, asker, slot->page, result);
	}
	if (choice->count > 1) {
		snprintf(head, sizeof head, "%zu of %zu pages are yours: ", owned, choice->count);
		replying_list(g, asker, choice, head);
	}
	return "ack";
}

static void answer_pass(struct gateway *g, const struct asker *asker, const struct page *page,
			bool passed)
{
	struct buf text = { 0 };

	if (passed)
		buf_addf(&text, "%s is passed on: ", page->code);
	else if (page->state == PAGE_RESOLVED)
		buf_addf(&text, "%s is over, there is nothing to pass on: ", page->code);
	else if (page->owner[0] != '\0')
		buf_addf(&text, "%s is with %s, not yours to pass on: ", page->code,
			 owner_of(g, page));
	else
		buf_addf(&text, "%s is not yours to pass on, others are paged: ", page->code);
	replying_text(g, asker, page->id, buf_text(&text), span_of(page->text[PAGE_MESSAGE]));
	buf_free(&text);
}

const char *replying_pass(struct gateway *g, const struct asker *asker, const struct choice *choice)
{
	struct page_slot *slot = pages_find(g, choice->pages[0]);
	struct escalation run = pages_run(g, asker->now);
	struct page *page;
	bool passed;

	if (slot == NULL)
		return "ignored";
	page = slot->page; /* a broken rotation opens others: the slots may move */
	passed = escalation_pass(&run, page, asker->person->name);
	pages_apply(g, slot, asker->now);
	replying_did(g, asker);
	answer_pass(g, asker, page, passed);
	return reply_word_name(REPLY_PASS);
}

const char *replying_done(struct gateway *g, const struct asker *asker, const struct choice *choice)
{
	struct page_slot *slot = pages_find(g, choice->pages[0]);
	char head[40];

	if (slot == NULL)
		return "ignored";
	pages_resolve(g, slot, asker->person->name, asker->now);
	replying_did(g, asker);
	snprintf(head, sizeof head, "%s is resolved: ", slot->page->code);
	replying_text(g, asker, slot->page->id, head, span_of(slot->page->text[PAGE_MESSAGE]));
	return reply_word_name(REPLY_DONE);
}

static void answer_update(struct gateway *g, const struct asker *asker, const struct page *page,
			  size_t told)
{
	bool owns = page_owned_by(page, asker->person->name);
	struct buf text = { 0 };

	if (told > 0)
		buf_addf(&text, "%s: your update was sent to %zu %s: ", page->code, told,
			 told == 1 ? "person" : "people");
	else if (owns)
		buf_addf(&text, "%s: your update is recorded, nobody else was paged: ", page->code);
	else if (page->state == PAGE_RESOLVED)
		buf_addf(&text, "%s is over, your words are recorded: ", page->code);
	else if (page->owner[0] != '\0')
		buf_addf(&text, "%s: recorded, not sent on: %s has it: ", page->code,
			 owner_of(g, page));
	else
		buf_addf(&text,
			 "%s: recorded, not sent on. Nobody has it, to take it reply ACK %s: ",
			 page->code, page->code);
	replying_text(g, asker, page->id, buf_text(&text), span_of(page->text[PAGE_MESSAGE]));
	buf_free(&text);
}

const char *replying_update(struct gateway *g, const struct asker *asker,
			    const struct choice *choice, struct span words)
{
	struct page_slot *slot = pages_find(g, choice->pages[0]);
	struct escalation run = pages_run(g, asker->now);
	char *text = span_dup(words);
	size_t told;

	if (slot == NULL || text == NULL) {
		free(text);
		return "ignored";
	}
	told = escalation_update(&run, slot->page, UPDATE_TEXT, asker->person->name, text);
	pages_apply(g, slot, asker->now);
	handover_updated(g, slot, asker->person->name, text, asker->now);
	if (told > 0)
		replying_did(g, asker);
	answer_update(g, asker, slot->page, told);
	free(text);
	return "update";
}

const char *replying_more(struct gateway *g, const struct asker *asker, const struct choice *choice)
{
	struct page_slot *slot = pages_find(g, choice->pages[0]);
	struct buf text = { 0 };

	if (slot == NULL)
		return "ignored";
	text_more(&text, slot->page);
	answer(g, asker, slot->page->id, &text);
	buf_free(&text);
	return "more";
}

const char *replying_status(struct gateway *g, const struct asker *asker)
{
	struct choice live = { 0 };

	for (size_t i = g->page_count; i > 0; i--)
		if (g->pages[i - 1].page->state != PAGE_RESOLVED)
			replying_choose(&live, g->pages[i - 1].page->id);
	if (live.count == 0)
		replying_text(g, asker, 0, "Nothing is open.", (struct span){ 0 });
	else
		replying_list(g, asker, &live, "Open: ");
	replying_choice_free(&live);
	return "status";
}

/* "oncall Bob Birch, secondary Carol Cedar" */
static void add_rotation(struct gateway *g, const struct plan_rotation *rotation, int64_t utc_s,
			 struct buf *list)
{
	buf_addf(list, "%s%s", list->len == 0 ? "" : "; ", rotation->name);
	for (size_t i = 0; i < rotation->slot_count; i++) {
		const struct plan_person *person =
			plan_on_call(g->plan, rotation, span_of(rotation->slots[i]), utc_s, NULL);

		if (i > 0)
			buf_addf(list, ", %s", rotation->slots[i]);
		buf_addf(list, " %s", person == NULL ? "nobody" : person->title);
	}
}

const char *replying_who(struct gateway *g, const struct asker *asker)
{
	struct buf list = { 0 };

	for (size_t i = 0; i < g->plan->rotation_count; i++)
		add_rotation(g, &g->plan->rotations[i], asker->now.utc_s, &list);
	replying_text(g, asker, 0, "On call: ", buf_span(&list));
	buf_free(&list);
	return "who";
}

const char *replying_help(struct gateway *g, const struct asker *asker, const char *head)
{
	replying_text(
		g, asker, 0, head,
		span_of("ACK code takes a page, PASS code passes it on, DONE code ends it, UPD "
			"text updates, MORE, STATUS, WHO, HELP."));
	return "help";
}
