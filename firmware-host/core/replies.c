/* What a text from somebody in the roster does (DESIGN.md 4).  Ambiguity is answered with a list, never guessed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/replying.h"

#define RECEIVED_SHOWN 200 /* octets of a received text on the timeline */

/* ---- which pages a word means ---- */

static void choose_notice(struct choice *choice, const struct notice *notice)
{
	for (size_t i = 0; i < notice->page_count; i++)
		replying_choose(choice, notice->pages[i]);
	choice->messages++;
}

static void choose_waiting(struct gateway *g, const char *person, struct choice *choice)
{
	struct contact_slot *slot = contacts_find(g, person);
	const struct notice *waiting[WAITING_MAX];
	size_t count = slot == NULL ? 0 : contact_waiting(&slot->contact, waiting, WAITING_MAX);

	for (size_t i = 0; i < count; i++)
		choose_notice(choice, waiting[i]);
}

static void choose_owned(struct gateway *g, const char *person, struct choice *choice)
{
	for (size_t i = 0; i < g->page_count; i++) {
		const struct page *page = g->pages[i].page;

		if (page_owned_by(page, person)) {
			replying_choose(choice, page->id);
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
		replying_choose(choice, page->page->id);
		choice->messages++;
	}
}

/* ---- from words to pages ---- */

/* A late ack is about the newest page they were ever sent. */
static void choose_latest(struct gateway *g, const char *person, struct choice *choice)
{
	for (size_t i = g->page_count; i > 0 && choice->messages == 0; i--)
		if (page_member(g->pages[i - 1].page, person) != NULL) {
			replying_choose(choice, g->pages[i - 1].page->id);
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
	if (reply->word == REPLY_UPDATE || reply->word == REPLY_DEFER ||
	    reply->word == REPLY_BACKUP)
		choose_owned(g, asker->person->name, &choice);
	if (choice.messages == 0)
		choose_waiting(g, asker->person->name, &choice);
	if (choice.messages == 0 || reply->word == REPLY_PASS || reply->word == REPLY_DONE)
		choose_owned(g, asker->person->name, &choice);
	if (choice.messages == 0 && reply->word == REPLY_ACK)
		choose_latest(g, asker->person->name, &choice);
	return choice;
}

/* Nothing was done: `head`, and the codes that may have been meant. */
static const char *no_such(struct gateway *g, const struct asker *asker, const char *head)
{
	struct choice choice = { 0 };
	struct buf text = { 0 };

	choose_waiting(g, asker->person->name, &choice);
	choose_owned(g, asker->person->name, &choice);
	buf_addf(&text, "%s Nothing was done. %s", head,
		 choice.count > 0 ? "These are there: " : "Nothing waits for you.");
	replying_list(g, asker, &choice, buf_text(&text));
	replying_choice_free(&choice);
	buf_free(&text);
	return "nothing";
}

static const char *no_page(struct gateway *g, const struct asker *asker, const char *code)
{
	char head[60];

	if (code[0] == '\0') {
		replying_text(g, asker, 0, "Nothing waits for you.", (struct span){ 0 });
		return "nothing";
	}
	snprintf(head, sizeof head, "No page has the code %.8s.", code);
	return no_such(g, asker, head);
}

static const char *on_pages(struct gateway *g, const struct asker *asker, const struct reply *reply,
			    const struct choice *choice)
{
	bool bare = reply->code[0] == '\0';

	if (choice->messages == 0)
		return no_page(g, asker, reply->code);
	if (bare && choice->messages > 1 && reply->word != REPLY_ACK_ALL) {
		replying_list(g, asker, choice, "Which one? Nothing was done. Add its code: ");
		return "asked";
	}
	if (bare && g->plan->require_code && reply->word != REPLY_ACK_ALL) {
		replying_list(g, asker, choice, "The code is needed too: ");
		return "asked";
	}
	if (reply->word == REPLY_PASS)
		return replying_pass(g, asker, choice);
	if (reply->word == REPLY_DONE)
		return replying_done(g, asker, choice);
	if (reply->word == REPLY_UPDATE)
		return replying_update(g, asker, choice, reply->argument);
	if (reply->word == REPLY_MORE)
		return replying_more(g, asker, choice);
	if (reply->word == REPLY_BACKUP)
		return replying_backup(g, asker, choice);
	if (reply->word == REPLY_DEFER)
		return replying_defer(g, asker, choice, reply->argument);
	if (reply->word == REPLY_IC || reply->word == REPLY_COMMS || reply->word == REPLY_INV)
		return replying_role(g, asker, choice, reply);
	return replying_ack(g, asker, choice, reply->word == REPLY_LIKED ? "reaction" : "sms");
}

static bool is_about_pages(const struct reply *reply)
{
	switch (reply->word) {
	case REPLY_ACK:
	case REPLY_ACK_ALL:
	case REPLY_PASS:
	case REPLY_DONE:
	case REPLY_UPDATE:
	case REPLY_MORE:
	case REPLY_BACKUP:
	case REPLY_DEFER:
	case REPLY_IC:
	case REPLY_COMMS:
	case REPLY_INV:
	case REPLY_LIKED:
		return !reply->bad_code;
	case REPLY_NONE:
	case REPLY_STATUS:
	case REPLY_WHO:
	case REPLY_HELP:
	case REPLY_STOP:
	case REPLY_TAKE:
	case REPLY_OUT:
	case REPLY_REACTED:
	case REPLY_QUESTION:
	case REPLY_WORDS:
		break;
	}
	return false;
}

/* On the timeline of each page that it may be about, before what comes of it. */
static void record_received(struct gateway *g, const struct asker *asker, const char *modem,
			    struct span text, const struct choice *choice)
{
	struct about about = { .person = asker->person->name, .modem = modem };
	char words[RECEIVED_SHOWN];
	struct buf shown = { 0 };

	reply_redact(text, &shown);
	span_copy(buf_span(&shown), words, sizeof words);
	buf_free(&shown);
	for (size_t i = 0; i < choice->count; i++) {
		about.page = choice->pages[i];
		ledger_record(g, asker->now, "sms.received", about, words);
	}
	if (choice->count == 0)
		ledger_record(g, asker->now, "sms.received", about, words);
}

const char *replies_picture(struct gateway *g, const struct reply_from *from, struct when now)
{
	const struct asker asker = { .person = from->person, .number = from->number, .now = now };

	replying_help(g, &asker, "A picture message (MMS) cannot be read here. ");
	return "picture";
}

/* Once: whoever writes on is a machine, or has been told. */
static const char *not_understood(struct gateway *g, const struct asker *asker)
{
	struct contact_slot *slot = contacts_get(g, asker->person->name);

	if (slot == NULL || slot->helped)
		return "ignored";
	slot->helped = true;
	return replying_help(g, asker, "Not understood, nothing was done. ");
}

static const char *carry_out(struct gateway *g, const struct asker *asker,
			     const struct reply *reply, const struct choice *choice)
{
	if (reply->bad_code) {
		no_such(g, asker, "That code has a wrong digit.");
		return "bad code";
	}
	switch (reply->word) {
	case REPLY_ACK:
	case REPLY_ACK_ALL:
	case REPLY_PASS:
	case REPLY_DONE:
	case REPLY_UPDATE:
	case REPLY_MORE:
	case REPLY_BACKUP:
	case REPLY_DEFER:
	case REPLY_IC:
	case REPLY_COMMS:
	case REPLY_INV:
		return on_pages(g, asker, reply, choice);
	case REPLY_LIKED:
		if (g->plan->reactions)
			return on_pages(g, asker, reply, choice);
		replying_text(g, asker, 0, "A reaction takes nothing. To take it reply ACK ",
			      span_of(reply->code));
		return "reaction";
	case REPLY_STATUS:
		return replying_status(g, asker);
	case REPLY_WHO:
		return replying_who(g, asker);
	case REPLY_STOP:
		return replying_help(g, asker, "Pages cannot be stopped by text. ");
	case REPLY_QUESTION:
		return replying_help(g, asker, "Nothing was done. ");
	case REPLY_HELP:
		return replying_help(g, asker, "");
	case REPLY_REACTED:
		return "reaction";
	case REPLY_TAKE:
	case REPLY_OUT:
		return replying_rota(g, asker, reply);
	case REPLY_NONE:
	case REPLY_WORDS:
		break;
	}
	return not_understood(g, asker);
}

/* "OK" to the text of an enrolment, and nothing else waits for it. */
static bool is_test_reply(struct gateway *g, const struct asker *asker)
{
	struct choice choice = { 0 };
	bool none;

	if (!enrol_replied(g, asker->person))
		return false;
	choose_waiting(g, asker->person->name, &choice);
	none = choice.messages == 0;
	replying_choice_free(&choice);
	return none;
}

const char *replies_act(struct gateway *g, const struct reply_from *from, struct span text,
			struct when now)
{
	struct asker asker = { .person = from->person, .number = from->number, .now = now };
	struct reply reply = reply_parse(text);
	struct choice choice = { 0 };
	const char *done;

	means_proved(g, from->person, from->number, MEANS_REPLY, now);
	if (reply.word == REPLY_ACK && reply.code[0] == '\0' && is_test_reply(g, &asker)) {
		record_received(g, &asker, from->modem, text, &choice);
		replying_text(g, &asker, 0, "Thank you, your reply came.", (struct span){ 0 });
		return "enrolled";
	}
	if (is_about_pages(&reply))
		choice = which(g, &asker, &reply);
	record_received(g, &asker, from->modem, text, &choice);
	done = carry_out(g, &asker, &reply, &choice);
	replying_choice_free(&choice);
	return done;
}
