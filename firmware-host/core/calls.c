/* Live calls: who is rung by which path, what is spoken, and what the keys mean. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"
#include "core/words.h"

#define PAUSE_MS     1500 /* between two tellings of the message */
#define RING_PAGE_MS 1000 /* a call in which nothing is said is ended this long after the answer */
#define SOON_MS \
	3500 /* answered so soon: perhaps the network's announcement, and she answers later */

/* What a call to this person is about, and what its keys mean: never what came while it was being told. */
static bool covers(const struct notice *notice)
{
	return notice->state == NOTICE_ACTIVE && !notice->unsaid;
}

size_t calls_covered(struct gateway *g, const struct contact *contact, const struct page **pages,
		     size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < contact->count; i++) {
		const struct notice *notice = &contact->notices[i];

		for (size_t k = 0; covers(notice) && k < notice->page_count; k++) {
			struct page_slot *slot = pages_find(g, notice->pages[k]);

			if (slot != NULL && count < max)
				pages[count++] = slot->page;
		}
	}
	return count;
}

/* Ids of the same, all of them; the caller frees. */
int64_t *calls_covered_ids(const struct contact *contact, size_t *count)
{
	int64_t *ids = NULL;
	size_t cap = 0;

	*count = 0;
	for (size_t i = 0; i < contact->count; i++)
		for (size_t k = 0;
		     covers(&contact->notices[i]) && k < contact->notices[i].page_count; k++)
			if (array_grow(&ids, &cap, *count + 1, sizeof *ids) == 0)
				ids[(*count)++] = contact->notices[i].pages[k];
	return ids;
}

uint64_t gateway_random(struct gateway *g)
{
	g->random = g->random * 6364136223846793005u + 1442695040888963407u;
	return g->random >> 33;
}

void calls_record(struct gateway *g, const struct path *path, const char *name, const char *text,
		  struct when now)
{
	struct attempt_slot *slot = attempts_find(g, path->call.attempt);

	ledger_record(g, now, name,
		      (struct about){ .page = slot == NULL ? path->call.page : slot->attempt->page,
				      .person = path->call.person,
				      .modem = path->modem.name },
		      text);
}

static void begin(struct gateway *g, struct contact_slot *who, const struct contact_wish *wish,
		  struct path *path, struct when now)
{
	struct attempt_slot *slot = attempts_new(g, ATTEMPT_CALL, now);
	struct live_call *call = &path->call;
	struct contact_run run = contacts_run(g, who, now);
	const struct page *page[1];

	if (slot == NULL)
		return;
	slot->attempt->state = ATTEMPT_IN_FLIGHT;
	slot->attempt->tries = 1;
	slot->attempt->notice = wish->notice;
	slot->attempt->rank = wish->rank;
	slot->attempt->began_utc_s = now.utc_s;
	slot->attempt->due = WHEN_NEVER;
	if (calls_covered(g, &who->contact, page, 1) == 1)
		slot->attempt->page = page[0]->id;
	span_copy(span_of(who->contact.person), slot->attempt->person, PLAN_NAME);
	span_copy(span_of(wish->number->e164), slot->attempt->number, PLAN_E164);
	span_copy(span_of(path->modem.name), slot->attempt->modem, ROW_MODEM);
	*call = (struct live_call){ .attempt = slot->attempt->id,
				    .rank = wish->rank,
				    .due = WHEN_NEVER,
				    .known = WHEN_NEVER,
				    .likely = WHEN_NEVER };
	span_copy(span_of(who->contact.person), call->person, PLAN_NAME);
	span_copy(span_of(wish->number->e164), call->number, PLAN_E164);
	challenge_start(&call->challenge, g->plan, gateway_random(g));
	contact_call_began(&who->contact, &run, path->modem.name);
	contacts_changed(g, who);
	calls_record(g, path, "call.dialling", NULL, now);
	ledger_hold(g, (struct held){ .kind = HELD_CALL,
				      .attempt = call->attempt,
				      .path = (size_t)(path - g->paths) });
}

/* We hang up, and know why; the first reason counts. */
static void ending(struct path *path, const char *why)
{
	path->call.closing = true;
	if (path->call.why[0] == '\0')
		span_copy(span_of(why), path->call.why, sizeof path->call.why);
}

/* A page of theirs has come meanwhile: its own call is next. */
static void end_tests(struct gateway *g, struct when now)
{
	const struct page *page[1];

	for (size_t i = 0; i < g->path_count; i++) {
		struct path *path = &g->paths[i];
		struct contact_slot *who =
			path->call.enrols ? contacts_find(g, path->call.person) : NULL;

		if (who == NULL || path->call.why[0] != '\0' ||
		    calls_covered(g, &who->contact, page, 1) == 0)
			continue;
		ending(path, "ended for a page");
		device_hang_up(path->device, now);
	}
}

void calls_pump(struct gateway *g, struct when now)
{
	struct contact_slot *slot;
	struct contact_wish wish = { 0 };
	struct path *path;

	end_tests(g, now);
	while (calls_choose(g, &slot, &wish, &path, now))
		begin(g, slot, &wish, path, now);
}

/* It ends by itself; but who rang us and hears that nothing waits can hear so another time. */
static bool stays(const struct live_call *call)
{
	return call->closing && ((!call->incoming && !call->enrols) || call->why[0] != '\0');
}

static struct path *weakest_call(struct gateway *g, bool sms)
{
	struct path *weakest = NULL;

	for (size_t i = 0; i < g->path_count; i++) {
		struct path *path = &g->paths[i];

		if (path->call.attempt == 0 || path->call.keyed || stays(&path->call))
			continue;
		if (sms ? !path->modem.sms : !path->modem.voice)
			continue;
		if (weakest == NULL || path->call.rank > weakest->call.rank)
			weakest = path;
	}
	return weakest;
}

void calls_yield(struct gateway *g, struct when now)
{
	struct contact_slot *slot;
	struct contact_wish wish = { 0 };
	bool sms = texts_choose(g, &slot, &wish, NULL, now);
	struct path *path;

	if (!sms && !calls_choose(g, &slot, &wish, NULL, now))
		return;
	path = weakest_call(g, sms);
	if (path == NULL || path->call.rank <= wish.rank)
		return;
	calls_record(g, path, "call.yields", "a more severe page needs this modem", now);
	ending(path, "ended for a more severe page");
	device_hang_up(path->device, now);
}

/* ---- its life ---- */

static void call_over(struct gateway *g, struct path *path, enum contact_outcome outcome,
		      struct when now)
{
	struct contact_slot *who = contacts_find(g, path->call.person);
	struct contact_run run;

	path->call = (struct live_call){ .due = WHEN_NEVER };
	if (who == NULL)
		return;
	run = contacts_run(g, who, now);
	contact_call_ended(&who->contact, &run, outcome);
	contacts_changed(g, who);
}

void calls_begin(struct gateway *g, const struct held *held, struct when now)
{
	struct attempt_slot *slot = attempts_find(g, held->attempt);
	struct path *path = &g->paths[held->path];
	struct contact_slot *who = contacts_find(g, path->call.person);
	struct device_call call = { .attempt = held->attempt,
				    .ring_ms = g->plan->times.ring_s * 1000,
				    .talk_ms = g->plan->times.talk_s * 1000 };
	const struct page *page[1];
	struct err err = { 0 };

	if (slot == NULL || path->call.attempt != held->attempt)
		return;
	if (slot->attempt->kind == ATTEMPT_PROOF) {
		proof_call_begins(g, path, slot, now);
		return;
	}
	slot->dirty = true;
	if (path->call.closing || who == NULL || calls_covered(g, &who->contact, page, 1) == 0) {
		slot->attempt->state = ATTEMPT_DROPPED; /* no longer wanted, or it yielded */
		call_over(g, path, CONTACT_AGAIN, now);
		return;
	}
	call.to = slot->attempt->number;
	if (device_call(path->device, &call, now, &err) == 0) {
		path->spent_dirty = true;
		talk_prepare(g, path, now);
		return;
	}
	slot->attempt->state = ATTEMPT_REFUSED;
	slot->attempt->ended_utc_s = now.utc_s;
	calls_record(g, path, "call.refused", err.text, now);
	fleet_result(path, true, false, NULL, now);
	call_over(g, path, CONTACT_AGAIN, now);
}

static enum contact_outcome outcome_of(const struct device_event *event)
{
	switch (event->end) {
	case DEVICE_CALL_BUSY:
	case DEVICE_CALL_NO_ANSWER:
	case DEVICE_CALL_HUNG_UP:
	case DEVICE_CALL_LIMIT:
	case DEVICE_CALL_STOPPED:
		return CONTACT_TOOK;
	case DEVICE_CALL_REFUSED:
		return event->outcome == DEVICE_REFUSED_RECIPIENT ||
				       event->outcome == DEVICE_REFUSED_PERMANENT
			       ? CONTACT_REFUSED
			       : CONTACT_AGAIN;
	case DEVICE_CALL_LOST:
	case DEVICE_CALL_END_NONE:
	case DEVICE_CALL_ENDS:
		break;
	}
	return CONTACT_AGAIN;
}

/* A call that was about no page of ours: there is no row of it. */
static void no_page_ended(struct gateway *g, struct path *path, const struct device_event *event,
			  struct when now)
{
	char words[WORDS_ROOM];

	words_call(event, path->call.why, g->plan->times.ring_s, words);
	calls_record(g, path, "call.ended", words, now);
	path->spent_dirty = true;
	call_over(g, path, CONTACT_TOOK, now);
}

static void ended(struct gateway *g, struct path *path, const struct device_event *event,
		  struct when now)
{
	struct attempt_slot *slot = attempts_find(g, event->attempt);
	enum contact_outcome outcome = outcome_of(event);
	const char *why = path->call.attempt == event->attempt ? path->call.why : "";
	char words[WORDS_ROOM];

	if (path->call.attempt == event->attempt && (path->call.incoming || path->call.enrols)) {
		no_page_ended(g, path, event, now);
		return;
	}
	path->spent_dirty = true;
	fleet_result(path, true, outcome != CONTACT_AGAIN,
		     slot == NULL ? NULL : slot->attempt->number, now);
	if (slot != NULL && event->end != DEVICE_CALL_LOST)
		routes_note(g, path, slot->attempt->number, true, outcome == CONTACT_TOOK, now);
	words_call(event, why, g->plan->times.ring_s, words);
	if (slot != NULL) {
		slot->attempt->state = outcome == CONTACT_TOOK ? ATTEMPT_ACCEPTED : ATTEMPT_REFUSED;
		slot->attempt->end = event->end;
		slot->attempt->cause = event->cause;
		slot->attempt->talked_s = event->talked_s;
		slot->attempt->ended_utc_s = now.utc_s;
		slot->dirty = true;
		ledger_record(g, now, "call.ended",
			      (struct about){ .page = slot->attempt->page,
					      .person = slot->attempt->person,
					      .modem = path->modem.name },
			      words);
	}
	faults_call_ended(g, path, event, words, now);
	if (path->call.attempt == event->attempt)
		call_over(g, path, outcome, now);
}

/* The network has it: it rings, or nobody can tell. */
static void took(struct gateway *g, struct path *path, const char *name, struct when now)
{
	struct contact_slot *who = contacts_find(g, path->call.person);
	size_t count = 0;
	int64_t *ids = who == NULL ? NULL : calls_covered_ids(&who->contact, &count);
	char person[PLAN_NAME];

	span_copy(span_of(path->call.person), person, sizeof person);
	path_worked(path, PATH_CALL_OUT, now);
	calls_record(g, path, name, NULL, now);
	pages_took(g, ids, count, person, now);
	free(ids);
}

/* A modem that cannot speak rings, and that says: read your text. */
static void ring_page(struct gateway *g, struct path *path, struct when now)
{
	calls_record(g, path, "call.ring_page", "nothing can be said by this modem", now);
	ending(path, "it rang, nothing can be said by this modem");
	path->call.due = now.mono_ms + RING_PAGE_MS;
}

static void answered(struct gateway *g, struct path *path, struct when now)
{
	struct contact_slot *who = contacts_find(g, path->call.person);

	path->call.answered = true;
	if (who != NULL)
		contact_call_answered(&who->contact);
	if (!path->call.incoming)
		means_proved(g, plan_person(g->plan, span_of(path->call.person)), path->call.number,
			     MEANS_CALL, now);
	calls_record(g, path, "call.answered", NULL, now);
	if (device_status(path->device)->speech)
		talk_say(g, path, now);
	else
		ring_page(g, path, now);
}

/* A quick voice: all of it has been said. */
static void prompt_done(struct path *path, struct when now)
{
	struct live_call *call = &path->call;

	if (call->known != WHEN_NEVER)
		call->known = when_sooner(call->known, now.mono_ms);
	if (call->likely != WHEN_NEVER)
		call->likely = when_sooner(call->likely, now.mono_ms);
	if (call->closing)
		call->due = now.mono_ms;
	else if (device_status(path->device)->speech && call->due == WHEN_NEVER)
		call->due = now.mono_ms + PAUSE_MS;
}

void calls_event(struct gateway *g, struct path *path, const struct device_event *event,
		 struct when now)
{
	struct live_call *call = &path->call;
	bool ours = call->attempt != 0 && call->attempt == event->attempt;

	if (event->kind == DEVICE_EVENT_CALL_ENDED) {
		ended(g, path, event, now);
		return;
	}
	if (!ours)
		return;
	if (event->kind == DEVICE_EVENT_DIALLED) {
		call->rang = now.mono_ms;
	} else if (event->kind == DEVICE_EVENT_ALERTING) {
		call->rang = now.mono_ms;
		took(g, path, "call.ringing", now);
	} else if (event->kind == DEVICE_EVENT_ANSWERED) {
		call->soon = !call->incoming && now.mono_ms - call->rang < SOON_MS;
		answered(g, path, now);
	} else if (event->kind == DEVICE_EVENT_BLIND) {
		call->doubtful = true;
		took(g, path, "call.blind", now);
		talk_say(g, path, now);
	} else if (event->kind == DEVICE_EVENT_KEY) {
		talk_key(g, path, event->key, now);
	} else if (event->kind == DEVICE_EVENT_PROMPT_DONE) {
		prompt_done(path, now);
	}
}

void calls_tick(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->path_count; i++) {
		struct path *path = &g->paths[i];

		if (path->call.attempt == 0 || path->call.due > now.mono_ms)
			continue;
		if (path->call.incoming) { /* they stopped keying: a page may have this modem */
			path->call.keyed = false;
			path->call.verb = CHALLENGE_NONE;
		}
		if (path->call.closing) {
			path->call.due = WHEN_NEVER;
			ending(path, "we hung up");
			device_hang_up(path->device, now);
			continue;
		}
		talk_say(g, path, now);
	}
}

static void why_released(const struct gateway *g, const struct page *page, char why[60])
{
	const struct plan_person *owner = plan_person(g->plan, span_of(page->owner));

	if (page->state == PAGE_RESOLVED)
		snprintf(why, 60, "ended: it is resolved");
	else if (page->owner[0] != '\0')
		snprintf(why, 60, "ended: %.40s has it",
			 owner != NULL && owner->title[0] != '\0' ? owner->title : page->owner);
	else
		snprintf(why, 60, "ended: no longer theirs");
}

void calls_release(struct gateway *g, const char *person, const struct page *about, struct when now)
{
	char why[60];

	struct contact_slot *who = contacts_find(g, person);
	const struct page *page[1];

	for (size_t i = 0; i < g->path_count; i++) {
		struct path *path = &g->paths[i];

		if (path->call.attempt == 0 || strcmp(path->call.person, person) != 0 ||
		    path->call.closing || path->call.enrols)
			continue;
		if (who != NULL && calls_covered(g, &who->contact, page, 1) > 0)
			continue;
		why_released(g, about, why);
		ending(path, why);
		device_hang_up(path->device, now);
	}
}
