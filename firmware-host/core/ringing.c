/* Somebody rings us: who is answered, what they hear, what their PIN does.  Nothing of this goes before a page. */
#include <string.h>

#include "core/pin.h"
#include "core/replying.h"
#include "dialplan/text.h"

#define OPEN_MAX     8
#define PIN_ENTRY_MS 15000 /* from the challenge to the hash key */

/* ---- ringing back is an ack, where that is allowed ---- */

/* The one message that waits for them, told a short while ago; NULL: none, or more than one. */
static const struct notice *called_back_about(struct gateway *g, const struct plan_person *person,
					      struct when now)
{
	struct contact_slot *slot = contacts_find(g, person->name);
	const struct notice *waiting[2];

	if (!g->plan->callback_ack || slot == NULL ||
	    contact_waiting(&slot->contact, waiting, 2) != 1)
		return NULL;
	if (waiting[0]->told_at == 0 ||
	    now.mono_ms - waiting[0]->told_at > g->plan->times.callback_s * 1000)
		return NULL;
	return waiting[0];
}

static void take_by_callback(struct gateway *g, const struct plan_person *person,
			     const char *number, const struct notice *notice, struct when now)
{
	struct asker asker = { .person = person, .number = number, .now = now };
	struct choice choice = { .messages = 1 };

	for (size_t i = 0; i < notice->page_count; i++)
		replying_choose(&choice, notice->pages[i]);
	replying_ack(g, &asker, &choice, "callback");
	replying_choice_free(&choice);
	replying_choice_free(&choice);
}

/* ---- answered or rejected ---- */

static void reject(struct gateway *g, struct path *path, const struct plan_person *person,
		   const char *why, struct when now)
{
	ledger_record(g, now, "call.rejected",
		      (struct about){ .person = person == NULL ? NULL : person->name,
				      .modem = path->modem.name },
		      why);
	device_reject(path->device, now);
}

/* Why they cannot be answered by this path now; NULL: they can. */
static const char *unfit(const struct gateway *g, const struct path *path,
			 const struct contact_slot *who)
{
	if (path->call.attempt != 0 || path->sending != 0)
		return "this modem is at work on a page";
	if (who == NULL || who->contact.in_call)
		return "they are in a call with us already";
	if (!device_status(path->device)->speech)
		return "this modem cannot speak";
	return g->store_failing ? "the store fails" : NULL;
}

static void answer(struct gateway *g, struct path *path, struct contact_slot *who, struct when now)
{
	struct live_call *call = &path->call;
	const struct page *page[1];
	struct err err = { 0 };

	*call = (struct live_call){ .attempt = ++g->last_attempt,
				    .incoming = true,
				    .rank = (int)g->plan->severity_count, /* any page goes first */
				    .due = WHEN_NEVER,
				    .known = WHEN_NEVER,
				    .likely = WHEN_NEVER };
	span_copy(span_of(who->contact.person), call->person, PLAN_NAME);
	challenge_start(&call->challenge, g->plan, gateway_random(g));
	if (device_answer(path->device, call->attempt, 2 * g->plan->times.talk_s * 1000, now,
			  &err) != 0) {
		*call = (struct live_call){ .due = WHEN_NEVER };
		return;
	}
	contact_call_incoming(&who->contact, now);
	if (calls_covered(g, &who->contact, page, 1) == 1)
		call->page = page[0]->id;
	contacts_changed(g, who);
	calls_record(g, path, "call.incoming", NULL, now);
}

void ringing_event(struct gateway *g, struct path *path, const struct device_event *event,
		   struct when now)
{
	const struct plan_person *person = plan_who_has(g->plan, span_of(event->text));
	struct contact_slot *who = person == NULL ? NULL : contacts_get(g, person->name);
	const struct notice *notice = person == NULL ? NULL : called_back_about(g, person, now);
	const char *why;

	if (person == NULL) {
		reject(g, path, NULL, event->text[0] == '\0' ? "no number" : event->text, now);
		return;
	}
	if (notice != NULL) {
		reject(g, path, person, "they ring back: taken", now);
		take_by_callback(g, person, event->text, notice, now);
		return;
	}
	why = unfit(g, path, who);
	if (why != NULL)
		reject(g, path, person, why, now);
	else
		answer(g, path, who, now);
}

/* ---- what they hear ---- */

/* What nobody has and is no drill, for who has nothing of their own. */
static size_t nobodys(const struct gateway *g, const struct page **pages, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < g->page_count && count < max; i++)
		if (g->pages[i].page->state == PAGE_OPEN && !g->pages[i].page->drill)
			pages[count++] = g->pages[i].page;
	return count;
}

void ringing_idle(struct gateway *g, struct path *path, const struct plan_person *person,
		  struct when now)
{
	const struct page *pages[OPEN_MAX];
	size_t count = nobodys(g, pages, OPEN_MAX);
	struct buf text = { 0 };

	text_speech_idle(&text, g->plan, person, pages, count);
	path->call.closing = true;
	device_speak(path->device, buf_span(&text), now);
	buf_free(&text);
}

enum text_keys ringing_keys(struct gateway *g, const struct path *path,
			    const struct plan_person *person, struct when now)
{
	if (!path->call.incoming)
		return TEXT_KEYS;
	return person->pin_hash[0] == '\0' || pins_rest(contacts_find(g, person->name), now)
		       ? TEXT_KEYS_NONE
		       : TEXT_KEYS_PIN;
}

/* ---- the PIN behind the challenge ---- */

void ringing_await_pin(struct path *path, enum challenge_answer answer, struct when now)
{
	path->call.verb = answer;
	path->call.pin[0] = '\0';
	path->call.due = now.mono_ms + PIN_ENTRY_MS;
}

enum challenge_answer ringing_pin_key(struct gateway *g, struct path *path, char key,
				      struct when now)
{
	struct live_call *call = &path->call;
	const struct plan_person *person = plan_person(g->plan, span_of(call->person));
	struct contact_slot *who = contacts_find(g, call->person);
	enum challenge_answer verb = call->verb;
	size_t len = strlen(call->pin);

	if (key >= '0' && key <= '9') {
		/* A PIN never has one digit twice in a row: it is the same press. */
		if (len < PIN_MAX + 1 && (len == 0 || call->pin[len - 1] != key))
			memcpy(&call->pin[len], (char[]){ key, '\0' }, 2);
		return CHALLENGE_NONE;
	}
	if (key == '*') {
		call->verb = CHALLENGE_NONE;
		return CHALLENGE_REPEAT;
	}
	if (key != '#' || person == NULL || who == NULL)
		return CHALLENGE_NONE;
	call->verb = CHALLENGE_NONE;
	switch (pins_check(g, who, span_of(call->pin), now)) {
	case PIN_GOOD:
		return verb;
	case PIN_LOCKED:
		calls_record(g, path, "call.wrong_pin", NULL, now);
		return CHALLENGE_LOCKED;
	case PIN_NONE:
	case PIN_WRONG:
		break;
	}
	calls_record(g, path, "call.wrong_pin", NULL, now);
	return challenge_bad_pin(&call->challenge);
}
