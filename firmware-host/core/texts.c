/* Texts on their way: from a wish to an attempt, from its commit to the modem, from the outcome back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"
#include "core/words.h"
#include "dialplan/text.h"

#define NOTE_TRIES       5
#define NOTE_AGAIN_MS    30000
#define NOTE_BACKLOG_MAX 1000
#define REPLACED         0x02 /* TP-Status: by a later text; says nothing of this one */
#define EXPIRED          0x46
#define DELETED          0x47 /* by us */
#define STOPPED          0x60 /* from here on: the centre tried for a while and gave up */
#define RESERVED         0x80

struct attempt_slot *attempts_find(struct gateway *g, int64_t id)
{
	size_t low = 0;
	size_t high = g->attempt_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (g->attempts[mid].attempt->id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < g->attempt_count && g->attempts[low].attempt->id == id ? &g->attempts[low]
									    : NULL;
}

struct attempt_slot *attempts_new(struct gateway *g, enum attempt_kind kind, struct when now)
{
	struct attempt *attempt;

	if (array_grow(&g->attempts, &g->attempt_cap, g->attempt_count + 1, sizeof *g->attempts) <
	    0)
		return NULL;
	attempt = calloc(1, sizeof *attempt);
	if (attempt == NULL)
		return NULL;
	attempt->id = ++g->last_attempt;
	attempt->kind = kind;
	attempt->queued_utc_s = now.utc_s;
	attempt->cause = -1;
	g->attempts[g->attempt_count] = (struct attempt_slot){ .attempt = attempt, .dirty = true };
	return &g->attempts[g->attempt_count++];
}

static void record(struct gateway *g, const char *name, const struct attempt *attempt,
		   const char *text, struct when now)
{
	ledger_record(g, now, name,
		      (struct about){ .page = attempt->page,
				      .person = attempt->person,
				      .modem = attempt->modem },
		      text);
}

/* Hands the attempt to a path: it goes out when this turn's batch is committed. */
static void dispatch(struct gateway *g, struct attempt_slot *slot, struct path *path,
		     struct when now)
{
	struct attempt *attempt = slot->attempt;

	attempt->state = ATTEMPT_IN_FLIGHT;
	attempt->tries++;
	attempt->began_utc_s = now.utc_s;
	attempt->due = WHEN_NEVER;
	span_copy(span_of(path->modem.name), attempt->modem, sizeof attempt->modem);
	slot->dirty = true;
	path->sending = attempt->id;
	ledger_hold(g, (struct held){ .kind = HELD_TEXT,
				      .attempt = attempt->id,
				      .path = (size_t)(path - g->paths) });
}

/* ---- texts of notices ---- */

static void write_notice(struct gateway *g, struct buf *out, const struct notice *notice)
{
	const struct page **pages = calloc(notice->page_count + 1, sizeof(struct page *));
	size_t count = 0;

	if (pages == NULL)
		return;
	for (size_t i = 0; i < notice->page_count; i++) {
		struct page_slot *slot = pages_find(g, notice->pages[i]);

		if (slot != NULL)
			pages[count++] = slot->page;
	}
	if (count == 1 && notice->page_count == 1)
		text_page(out, g->plan, pages[0], !notice->owns);
	else if (count == notice->page_count)
		text_bundle(out, g->plan, notice, pages);
	free(pages);
}

static void begin_notice(struct gateway *g, struct contact_slot *who,
			 const struct contact_wish *wish, struct path *path, struct when now)
{
	const struct notice *notice = contacts_notice(&who->contact, wish->notice);
	struct attempt_slot *slot = notice == NULL ? NULL : attempts_new(g, ATTEMPT_TEXT, now);
	struct buf text = { 0 };

	if (slot == NULL)
		return;
	write_notice(g, &text, notice);
	slot->attempt->text = span_dup(buf_span(&text));
	buf_free(&text);
	slot->attempt->notice = notice->id;
	slot->attempt->page = notice->page_count > 0 ? notice->pages[0] : 0;
	slot->attempt->rank = wish->rank;
	span_copy(span_of(who->contact.person), slot->attempt->person, PLAN_NAME);
	span_copy(span_of(wish->number->e164), slot->attempt->number, PLAN_E164);
	contact_sms_began(&who->contact, notice->id, path->modem.name, now);
	contacts_changed(g, who);
	dispatch(g, slot, path, now);
	record(g, "sms.sending", slot->attempt, slot->attempt->text, now);
}

void texts_pump(struct gateway *g, int rank, struct when now)
{
	struct contact_slot *slot;
	struct contact_wish wish = { 0 };
	struct path *path;

	while (texts_choose(g, &slot, &wish, &path, now) && wish.rank <= rank)
		begin_notice(g, slot, &wish, path, now);
}

/* ---- passive texts ---- */

void texts_note(struct gateway *g, const struct plan_person *person, const char *number,
		int64_t page, struct span text, struct when now)
{
	struct attempt_slot *slot;

	if (person == NULL || text.len == 0 || g->attempt_count > NOTE_BACKLOG_MAX)
		return;
	for (size_t i = 0; number == NULL && i < person->number_count; i++)
		if (person->numbers[i].sms)
			number = person->numbers[i].e164;
	slot = number == NULL ? NULL : attempts_new(g, ATTEMPT_NOTE, now);
	if (slot == NULL)
		return;
	slot->attempt->state = ATTEMPT_QUEUED;
	slot->attempt->page = page;
	slot->attempt->rank = PLAN_SEVERITIES_MAX;
	slot->attempt->due = now.mono_ms;
	slot->attempt->text = span_dup(text);
	span_copy(span_of(person->name), slot->attempt->person, PLAN_NAME);
	span_copy(span_of(number), slot->attempt->number, PLAN_E164);
}

void texts_operators(struct gateway *g, const char *text, struct when now)
{
	const struct plan_person *people[32];
	size_t count = 0;
	struct buf words = { 0 };

	for (size_t i = 0; i < g->plan->operators.count; i++)
		count = plan_resolve(g->plan, span_of(g->plan->operators.at[i]), (struct span){ 0 },
				     now.utc_s, people, count, COUNT_OF(people));
	text_fit(&words, "Tocsin: ", span_of(text));
	for (size_t i = 0; i < count; i++)
		texts_note(g, people[i], NULL, 0, buf_span(&words), now);
	buf_free(&words);
}

void texts_pump_notes(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->attempt_count; i++) {
		struct attempt *attempt = g->attempts[i].attempt;
		struct path *path;

		if (attempt->state != ATTEMPT_QUEUED || attempt->due > now.mono_ms)
			continue;
		path = fleet_for_note(g, attempt, now);
		if (path == NULL)
			return;
		dispatch(g, &g->attempts[i], path, now);
		record(g, "sms.sending", attempt, attempt->text, now);
	}
}

/* ---- outcomes ---- */

static void text_ended(struct gateway *g, struct attempt_slot *slot, enum contact_outcome outcome,
		       struct when now)
{
	struct attempt *attempt = slot->attempt;
	struct contact_slot *who = contacts_find(g, attempt->person);
	const struct notice *notice;
	struct notice before = { 0 }; /* its pages, all of them */
	struct contact_run run;
	struct err err;

	slot->dirty = true;
	attempt->ended_utc_s = now.utc_s;
	if (who == NULL)
		return;
	notice = contacts_notice(&who->contact, attempt->notice);
	if (notice != NULL && notice_copy(&before, notice, &err) < 0)
		before = (struct notice){
			0
		}; /* their steps give way, as if no network had taken it */
	run = contacts_run(g, who, now);
	contact_sms_ended(&who->contact, &run, attempt->notice, outcome);
	contacts_changed(g, who);
	if (outcome == CONTACT_TOOK)
		pages_took(g, before.pages, before.page_count, attempt->person, now);
	notice_free(&before);
}

/* The person's next number that takes texts; false: none. */
static bool next_number(const struct gateway *g, struct attempt *attempt)
{
	const struct plan_person *person = plan_person(g->plan, span_of(attempt->person));
	bool behind = false;

	for (size_t i = 0; person != NULL && i < person->number_count; i++) {
		const struct plan_number *number = &person->numbers[i];

		if (behind && number->sms) {
			span_copy(span_of(number->e164), attempt->number, PLAN_E164);
			return true;
		}
		behind = behind || strcmp(number->e164, attempt->number) == 0;
	}
	return false;
}

/* A passive text that did not get through is tried again by whatever path there is, a few times. */
static void note_ended(struct gateway *g, struct attempt_slot *slot, enum contact_outcome outcome,
		       struct when now)
{
	struct attempt *attempt = slot->attempt;

	slot->dirty = true;
	attempt->ended_utc_s = now.utc_s;
	if (outcome == CONTACT_TOOK || attempt->tries >= NOTE_TRIES ||
	    (outcome == CONTACT_REFUSED && !next_number(g, attempt)))
		return;
	attempt->state = ATTEMPT_QUEUED;
	attempt->due = now.mono_ms + (int64_t)attempt->tries * NOTE_AGAIN_MS;
}

static void ended(struct gateway *g, struct attempt_slot *slot, enum contact_outcome outcome,
		  struct when now)
{
	if (slot->attempt->kind == ATTEMPT_PROOF) {
		slot->dirty = true;
		slot->attempt->ended_utc_s = now.utc_s;
		proof_ended(g, slot->attempt, now);
	} else if (slot->attempt->kind == ATTEMPT_NOTE)
		note_ended(g, slot, outcome, now);
	else
		text_ended(g, slot, outcome, now);
}

static bool still_wanted(struct gateway *g, const struct attempt *attempt, struct when now)
{
	struct contact_slot *who = contacts_find(g, attempt->person);
	const struct notice *notice =
		who == NULL ? NULL : contacts_notice(&who->contact, attempt->notice);

	if (attempt->kind == ATTEMPT_PROOF)
		return proof_wanted(g, attempt, now);
	return attempt->kind == ATTEMPT_NOTE || (notice != NULL && notice->state == NOTICE_ACTIVE);
}

void texts_begin(struct gateway *g, const struct held *held, struct when now)
{
	struct attempt_slot *slot = attempts_find(g, held->attempt);
	struct path *path = &g->paths[held->path];
	struct device_sms sms = { .attempt = held->attempt,
				  .validity_min = (int)g->plan->times.sms_validity_min,
				  .report = true };
	struct err err = { 0 };

	if (slot == NULL || slot->attempt->state != ATTEMPT_IN_FLIGHT) {
		path->sending = 0;
		return;
	}
	if (!still_wanted(g, slot->attempt, now)) {
		slot->attempt->state = ATTEMPT_DROPPED;
		path->sending = 0;
		ended(g, slot, CONTACT_TOOK, now);
		return;
	}
	sms.to = slot->attempt->number;
	sms.text = slot->attempt->text == NULL ? "" : slot->attempt->text;
	if (device_send(path->device, &sms, now, &err) == 0)
		return;
	path->sending = 0;
	slot->attempt->state = ATTEMPT_REFUSED;
	record(g, "sms.refused", slot->attempt, err.text, now);
	if (err.code != ERR_REFUSED)
		fleet_result(path, false, false, NULL, now);
	ended(g, slot, CONTACT_AGAIN, now);
}

static const struct outcome {
	enum attempt_state state;
	enum contact_outcome contact;
	bool good; /* for the path's health */
	const char *event;
} outcomes[DEVICE_OUTCOMES] = {
	[DEVICE_ACCEPTED] = { ATTEMPT_ACCEPTED, CONTACT_TOOK, true, "sms.accepted" },
	[DEVICE_REFUSED_PERMANENT] = { ATTEMPT_REFUSED, CONTACT_REFUSED, true, "sms.refused" },
	[DEVICE_REFUSED_RECIPIENT] = { ATTEMPT_REFUSED, CONTACT_REFUSED, true, "sms.refused" },
	[DEVICE_REFUSED_NETWORK] = { ATTEMPT_REFUSED, CONTACT_AGAIN, false, "sms.refused" },
	[DEVICE_REFUSED_MODEM] = { ATTEMPT_REFUSED, CONTACT_AGAIN, false, "sms.refused" },
	[DEVICE_UNKNOWN] = { ATTEMPT_UNKNOWN, CONTACT_AGAIN, false, "sms.unknown" },
	[DEVICE_OUTCOME_NONE] = { ATTEMPT_UNKNOWN, CONTACT_AGAIN, false, "sms.unknown" },
};

void texts_sent(struct gateway *g, struct path *path, const struct device_event *event,
		struct when now)
{
	const struct outcome *outcome = &outcomes[event->outcome];
	struct attempt_slot *slot = attempts_find(g, event->attempt);
	char words[WORDS_ROOM];

	if (path->sending == event->attempt)
		path->sending = 0;
	path->spent_dirty = true;
	fleet_result(path, false, outcome->good, slot == NULL ? NULL : slot->attempt->number, now);
	faults_text_ended(g, path, event, now);
	if (event->outcome == DEVICE_ACCEPTED)
		path_worked(path, PATH_SMS_OUT, now);
	if (event->outcome == DEVICE_ACCEPTED)
		sims_accepted(g, path, now);
	if (slot == NULL)
		return;
	slot->ended_ms = now.mono_ms;
	if (event->outcome != DEVICE_UNKNOWN)
		routes_note(g, path, slot->attempt->number, false,
			    event->outcome == DEVICE_ACCEPTED, now);
	slot->attempt->state = outcome->state;
	slot->attempt->cause = event->cause;
	slot->attempt->mr_count = event->mr_count;
	memcpy(slot->attempt->mr, event->mr, sizeof slot->attempt->mr);
	words_refused(event->cause, words);
	record(g, outcome->event, slot->attempt, words, now);
	ended(g, slot, outcome->contact, now);
}

/* ---- status reports (MODEMS.md 3.6): information, never an ack ---- */

static struct attempt_slot *reported(struct gateway *g, const struct path *path, int mr)
{
	for (size_t i = g->attempt_count; i > 0; i--) {
		const struct attempt *attempt = g->attempts[i - 1].attempt;

		if (strcmp(attempt->modem, path->modem.name) != 0 ||
		    attempt->state != ATTEMPT_ACCEPTED)
			continue;
		for (size_t k = 0; k < attempt->mr_count && k < COUNT_OF(attempt->mr); k++)
			if (attempt->mr[k] == mr)
				return &g->attempts[i - 1];
	}
	return NULL;
}

/* 3GPP TS 23.040, 9.2.3.15.  Expired: the phone is off, and the step was over long ago. */
static void undelivered(struct gateway *g, const struct attempt *attempt, int status,
			struct when now)
{
	struct contact_slot *who = contacts_find(g, attempt->person);
	struct contact_run run;

	if (who == NULL || attempt->kind != ATTEMPT_TEXT || status == EXPIRED ||
	    status == DELETED || status >= RESERVED)
		return;
	run = contacts_run(g, who, now);
	contact_sms_undelivered(&who->contact, &run, attempt->notice, status >= STOPPED);
	contacts_changed(g, who);
}

void texts_report(struct gateway *g, struct path *path, const struct device_event *event,
		  struct when now)
{
	struct attempt_slot *slot = reported(g, path, event->pdu.message_ref);
	struct held held = { .kind = HELD_DELETE,
			     .path = (size_t)(path - g->paths),
			     .index = event->index };
	int status = event->pdu.status;
	char words[WORDS_ROOM];

	span_copy(span_of(event->memory), held.memory, sizeof held.memory);
	ledger_hold(g, held);
	if (slot == NULL || (status >= 0x20 && status < 0x40))
		return; /* the network is still trying */
	if (status < 0x20)
		path_worked(path, PATH_REPORT, now);
	if (status != REPLACED)
		routes_note(g, path, slot->attempt->number, false, status < 0x20, now);
	if (status < 0x20 && status != REPLACED)
		means_proved(g, plan_person(g->plan, span_of(slot->attempt->person)),
			     slot->attempt->number, MEANS_SMS, now);
	if (slot->attempt->kind == ATTEMPT_PROOF)
		proof_reported(g, slot->attempt, now);
	slot->attempt->state = status < 0x20 ? ATTEMPT_DELIVERED : ATTEMPT_UNDELIVERED;
	slot->dirty = true;
	words_report(status, words);
	record(g, status < 0x20 ? "sms.delivered" : "sms.undelivered", slot->attempt, words, now);
	if (status >= 0x40)
		undelivered(g, slot->attempt, status, now);
}
