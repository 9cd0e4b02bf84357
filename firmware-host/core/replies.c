/* What a text from somebody in the roster does (DESIGN.md 4).  Ambiguity is answered with a list, never guessed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"
#include "dialplan/reply.h"
#include "dialplan/text.h"

#define CHOICES_MAX 64

struct asker {
	const struct plan_person *person;
	const char *number;
	struct when now;
};

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

static void answer_text(struct gateway *g, const struct asker *asker, int64_t page,
			const char *head, struct span rest)
{
	struct buf text = { 0 };

	text_fit(&text, head, rest);
	answer(g, asker, page, &text);
	buf_free(&text);
}

static void did_something(struct gateway *g, const struct asker *asker)
{
	struct contact_slot *slot = contacts_get(g, asker->person->name);

	if (slot != NULL)
		slot->passive = 0;
}

/* ---- which pages a word means ---- */

struct choice {
	int64_t pages[CHOICES_MAX];
	size_t count;
	size_t messages; /* notices (or owned pages) they come from */
	bool named;      /* by code */
};

static void choose(struct choice *choice, int64_t page)
{
	if (choice->count < CHOICES_MAX)
		choice->pages[choice->count++] = page;
}

static void choose_notice(struct choice *choice, const struct notice *notice)
{
	for (size_t i = 0; i < notice->page_count; i++)
		choose(choice, notice->pages[i]);
	choice->messages++;
}

static void choose_waiting(struct gateway *g, const char *person, struct choice *choice)
{
	struct contact_slot *slot = contacts_find(g, person);
	const struct notice *waiting[CHOICES_MAX];
	size_t count = slot == NULL ? 0 : contact_waiting(&slot->contact, waiting, CHOICES_MAX);

	for (size_t i = 0; i < count; i++)
		choose_notice(choice, waiting[i]);
}

static void choose_owned(struct gateway *g, const char *person, struct choice *choice)
{
	for (size_t i = 0; i < g->page_count; i++) {
		const struct page *page = g->pages[i].page;

		if (page->state == PAGE_ACKED && strcmp(page->owner, person) == 0) {
			choose(choice, page->id);
			choice->messages++;
		}
	}
}

/* A code names a bundle that this person was sent, or any page. */
static void choose_code(struct gateway *g, const char *person, const char *code,
			struct choice *choice)
{
	struct contact_slot *slot = contacts_find(g, person);
	const struct notice *notice =
		slot == NULL ? NULL : contact_by_code(&slot->contact, span_of(code));
	struct page_slot *page = pages_by_name(g, span_of(code));

	choice->named = true;
	if (notice != NULL) {
		choose_notice(choice, notice);
	} else if (page != NULL) {
		choose(choice, page->page->id);
		choice->messages++;
	}
}

/* "Two messages wait: 4711 db1 down; 5832 …": nothing was done. */
static void list_choices(struct gateway *g, const struct asker *asker, const struct choice *choice,
			 const char *head)
{
	struct buf list = { 0 };

	for (size_t i = 0; i < choice->count; i++) {
		struct page_slot *slot = pages_find(g, choice->pages[i]);

		if (slot != NULL)
			buf_addf(&list, "%s%s %.40s", list.len == 0 ? "" : "; ", slot->page->code,
				 slot->page->text[PAGE_MESSAGE]);
	}
	answer_text(g, asker, 0, head, buf_span(&list));
	buf_free(&list);
}

/* ---- what is done to them ---- */

static void answer_ack(struct gateway *g, const struct asker *asker, const struct page *page,
		       enum ack_result result)
{
	struct buf text = { 0 };
	const struct plan_person *owner = plan_person(g->plan, span_of(page->owner));
	const char *who = owner == NULL ? page->owner : owner->title;

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
		buf_addf(&text, "%s is with %s. Nothing for you to do: ", page->code, who);
		break;
	case ACK_RESOLVED:
		buf_addf(&text, "%s is over. Nothing for you to do: ", page->code);
		break;
	case ACK_STRANGER:
	case ACK_NONE:
	case ACK_RESULTS:
		buf_addf(&text, "%s was not changed: ", page->code);
		break;
	}
	answer_text(g, asker, page->id, buf_text(&text), span_of(page->text[PAGE_MESSAGE]));
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
		did_something(g, asker);
	return result;
}

static const char *ack(struct gateway *g, const struct asker *asker, const struct choice *choice,
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
		list_choices(g, asker, choice, head);
	}
	return "ack";
}

static const char *pass_or_done(struct gateway *g, const struct asker *asker,
				const struct choice *choice, enum reply_word word)
{
	struct page_slot *slot = pages_find(g, choice->pages[0]);
	struct escalation run = pages_run(g, asker->now);
	bool done = true;
	char head[80] = "";
	struct page *page;

	if (slot == NULL)
		return "ignored";
	page = slot->page;
	if (word == REPLY_PASS)
		done = escalation_pass(&run, page, asker->person->name);
	else if (page->state != PAGE_RESOLVED)
		escalation_resolve(&run, page, asker->person->name);
	pages_apply(g, slot, asker->now);
	did_something(g, asker);
	span_copy(span_of(page->code), head, sizeof head);
	span_copy(span_of(word == REPLY_DONE ? " is resolved: "
			  : done             ? " is passed on: "
					     : " is not yours to pass on: "),
		  head + strlen(head), sizeof head - strlen(head));
	answer_text(g, asker, page->id, head, span_of(page->text[PAGE_MESSAGE]));
	return reply_word_name(word);
}

static const char *update(struct gateway *g, const struct asker *asker, const struct choice *choice,
			  struct span words)
{
	struct page_slot *slot = pages_find(g, choice->pages[0]);
	struct escalation run = pages_run(g, asker->now);
	char *text = span_dup(words);

	if (slot == NULL || text == NULL)
		return "ignored";
	escalation_update(&run, slot->page, asker->person->name, text);
	pages_apply(g, slot, asker->now);
	did_something(g, asker);
	free(text);
	return "update";
}

static const char *more(struct gateway *g, const struct asker *asker, const struct choice *choice)
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

static const char *status(struct gateway *g, const struct asker *asker)
{
	struct choice live = { 0 };

	for (size_t i = g->page_count; i > 0; i--)
		if (g->pages[i - 1].page->state != PAGE_RESOLVED)
			choose(&live, g->pages[i - 1].page->id);
	if (live.count == 0)
		answer_text(g, asker, 0, "Nothing is open.", (struct span){ 0 });
	else
		list_choices(g, asker, &live, "Open: ");
	return "status";
}

static const char *who(struct gateway *g, const struct asker *asker)
{
	struct buf list = { 0 };

	for (size_t i = 0; i < g->plan->rotation_count; i++) {
		const struct plan_rotation *rotation = &g->plan->rotations[i];
		const struct plan_person *person = plan_on_call(
			g->plan, rotation, span_of(rotation->slots[0]), asker->now.utc_s, NULL);

		buf_addf(&list, "%s%s %s", list.len == 0 ? "" : "; ", rotation->name,
			 person == NULL ? "nobody" : person->title);
	}
	answer_text(g, asker, 0, "On call: ", buf_span(&list));
	buf_free(&list);
	return "who";
}

static const char *help(struct gateway *g, const struct asker *asker, const char *head)
{
	answer_text(g, asker, 0, head,
		    span_of("ACK code takes a page, PASS code passes it on, DONE code ends it, UPD "
			    "text updates, MORE, STATUS, WHO."));
	return "help";
}

/* ---- from words to pages ---- */

/* A late ack is about the newest page they were ever sent. */
static void choose_latest(struct gateway *g, const char *person, struct choice *choice)
{
	for (size_t i = g->page_count; i > 0 && choice->messages == 0; i--)
		if (page_member(g->pages[i - 1].page, person) != NULL) {
			choose(choice, g->pages[i - 1].page->id);
			choice->messages++;
		}
}

static struct choice which(struct gateway *g, const struct asker *asker, const struct reply *reply)
{
	struct choice choice = { 0 };

	if (reply->code[0] != '\0') {
		choose_code(g, asker->person->name, reply->code, &choice);
		return choice;
	}
	/* an update is about what one has; everything else first about what waits */
	if (reply->word == REPLY_UPDATE)
		choose_owned(g, asker->person->name, &choice);
	if (choice.messages == 0)
		choose_waiting(g, asker->person->name, &choice);
	if (choice.messages == 0 || reply->word == REPLY_PASS || reply->word == REPLY_DONE)
		choose_owned(g, asker->person->name, &choice);
	if (choice.messages == 0 && reply->word == REPLY_ACK)
		choose_latest(g, asker->person->name, &choice);
	return choice;
}

static const char *on_pages(struct gateway *g, const struct asker *asker, const struct reply *reply)
{
	struct choice choice = which(g, asker, reply);
	bool bare = reply->code[0] == '\0';

	if (choice.messages == 0) {
		if (bare)
			answer_text(g, asker, 0, "Nothing waits for you.", (struct span){ 0 });
		else
			answer_text(g, asker, 0, "No page has the code ", span_of(reply->code));
		return "nothing";
	}
	if (bare && choice.messages > 1 && reply->word != REPLY_ACK_ALL) {
		list_choices(g, asker, &choice, "Which one? Nothing was done. Add its code: ");
		return "asked";
	}
	if (bare && g->plan->require_code && reply->word != REPLY_ACK_ALL) {
		list_choices(g, asker, &choice, "The code is needed too: ");
		return "asked";
	}
	if (reply->word == REPLY_PASS || reply->word == REPLY_DONE)
		return pass_or_done(g, asker, &choice, reply->word);
	if (reply->word == REPLY_UPDATE)
		return update(g, asker, &choice, reply->argument);
	if (reply->word == REPLY_MORE)
		return more(g, asker, &choice);
	return ack(g, asker, &choice, reply->word == REPLY_LIKED ? "reaction" : "sms");
}

const char *replies_act(struct gateway *g, const struct plan_person *person, const char *number,
			struct span text, struct when now)
{
	struct asker asker = { .person = person, .number = number, .now = now };
	struct reply reply = reply_parse(text);

	if (reply.bad_code) {
		answer_text(g, &asker, 0, "That code has a wrong digit. Nothing was done.",
			    (struct span){ 0 });
		return "bad code";
	}
	switch (reply.word) {
	case REPLY_ACK:
	case REPLY_ACK_ALL:
	case REPLY_PASS:
	case REPLY_DONE:
	case REPLY_UPDATE:
	case REPLY_MORE:
		return on_pages(g, &asker, &reply);
	case REPLY_LIKED:
		if (g->plan->reactions)
			return on_pages(g, &asker, &reply);
		answer_text(g, &asker, 0, "A reaction takes nothing. To take it reply ACK ",
			    span_of(reply.code));
		return "reaction";
	case REPLY_STATUS:
		return status(g, &asker);
	case REPLY_WHO:
		return who(g, &asker);
	case REPLY_STOP:
		return help(g, &asker, "Pages cannot be stopped by text. ");
	case REPLY_QUESTION:
		return help(g, &asker, "Nothing was done. ");
	case REPLY_HELP:
		return help(g, &asker, "");
	case REPLY_REACTED:
		return "reaction";
	case REPLY_NONE:
	case REPLY_WORDS:
		break;
	}
	return help(g, &asker, "Not understood, nothing was done. ");
}
