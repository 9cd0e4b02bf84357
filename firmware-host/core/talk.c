/* Inside a call that was answered: what is spoken, and what the keys mean. */
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"
#include "dialplan/text.h"

#define FAREWELL_MS 10000 /* the last words take no longer */
#define SPOKEN_MAX  8     /* pages named in one call */
#define QUICK_MS    40    /* a character, by the quickest voice */
#define PROMPTLY_MS 4000  /* from the keys to the first key of who answered at once */
#define SPOKEN_MS   90    /* measured on an EC25 */

/* How long it takes at least to speak up to the keys, which stand behind `mark`. */
static int64_t until_keys_ms(const char *speech, const char *mark, int64_t char_ms)
{
	const char *keys = strstr(speech, mark);

	return keys == NULL ? 0 : (keys - speech) * char_ms;
}

/* From the first time on that they are said. */
static void keys_said(struct live_call *call, const char *speech, const char *mark, struct when now)
{
	int64_t quick = now.mono_ms + until_keys_ms(speech, mark, QUICK_MS);
	int64_t spoken = now.mono_ms + until_keys_ms(speech, mark, SPOKEN_MS);

	call->known = when_sooner(call->known, quick);
	call->likely = when_sooner(call->likely, spoken);
}

/* The message and its keys.  False: there is nobody, or nothing, to tell. */
static bool message(struct gateway *g, struct path *path, struct buf *text, struct when now)
{
	const struct plan_person *person = plan_person(g->plan, span_of(path->call.person));
	struct contact_slot *who = contacts_find(g, path->call.person);
	const struct page *pages[SPOKEN_MAX];
	size_t count = who == NULL ? 0 : calls_covered(g, &who->contact, pages, SPOKEN_MAX);

	if (person != NULL && path->call.enrols) {
		enrol_say(g, path, person, text);
		return true;
	}
	if (person == NULL || count == 0)
		return false;
	text_speech(text, g->plan, person, pages, count,
		    (struct text_press){ ringing_keys(g, path, person, now),
					 path->call.challenge.digits });
	return true;
}

void talk_prepare(struct gateway *g, struct path *path, struct when now)
{
	struct buf text = { 0 };

	if (message(g, path, &text, now))
		device_prepare_speech(path->device, buf_span(&text));
	buf_free(&text);
}

void talk_say(struct gateway *g, struct path *path, struct when now)
{
	const struct plan_person *person = plan_person(g->plan, span_of(path->call.person));
	struct buf text = { 0 };

	path->call.due = WHEN_NEVER;
	if (!message(g, path, &text, now)) {
		if (person != NULL && path->call.incoming)
			ringing_idle(g, path, person, now);
		return;
	}
	if (device_status(path->device)->speech)
		keys_said(&path->call, buf_text(&text), ", press ", now);
	device_speak(path->device, buf_span(&text), now);
	buf_free(&text);
}

/* Words behind a commit: what they promise is on disk before they are heard. */
static void promise(struct gateway *g, struct path *path, struct buf *text, bool last)
{
	struct held held = { .kind = HELD_SPEAK,
			     .attempt = path->call.attempt,
			     .path = (size_t)(path - g->paths),
			     .last = last };

	held.text = span_dup(buf_span(text));
	buf_free(text);
	ledger_hold(g, held);
}

static void hint(struct gateway *g, struct path *path, enum challenge_answer answer, bool last,
		 struct when now)
{
	struct buf text = { 0 };

	text_speech_answer(&text, answer, path->call.challenge.digits);
	if (answer == CHALLENGE_AGAIN) {
		path->call.known = path->call.likely = WHEN_NEVER;
		keys_said(&path->call, buf_text(&text), " press ", now);
	}
	promise(g, path, &text, last);
}

void talk_speak(struct gateway *g, const struct held *held, struct when now)
{
	struct path *path = &g->paths[held->path];

	if (path->call.attempt != held->attempt || held->text == NULL)
		return;
	if (held->last) {
		path->call.closing = true;
		path->call.due = now.mono_ms + FAREWELL_MS;
	}
	device_speak(path->device, span_of(held->text), now);
}

static void count_ack(struct text_done *done, const struct page *page, enum ack_result result)
{
	switch (result) {
	case ACK_OWNS:
	case ACK_RENEWED:
		done->done++;
		return;
	case ACK_NOTED:
		done->noted++;
		break;
	case ACK_TAKEN:
	case ACK_STALE:
	case ACK_STRANGER:
		done->taken++;
		break;
	case ACK_RESOLVED:
		done->resolved++;
		return;
	case ACK_NONE:
	case ACK_RESULTS:
		return;
	}
	done->owner = page->owner;
}

static void on_page(struct gateway *g, struct page_slot *slot, const char *person,
		    enum challenge_answer what, struct text_done *done, struct when now)
{
	struct ack ack = { .person = person, .how = "key" };
	struct escalation run;

	if (what == CHALLENGE_ACK) {
		count_ack(done, slot->page, pages_ack(g, slot, &ack, now));
		return;
	}
	run = pages_run(g, now);
	if (slot->page->state == PAGE_RESOLVED) {
		done->resolved++;
	} else if (what == CHALLENGE_RESOLVE) {
		escalation_resolve(&run, slot->page, person);
		done->done++;
	} else if (escalation_pass(&run, slot->page, person)) {
		done->done++;
	} else {
		done->not_theirs++;
	}
	pages_apply(g, slot, now);
}

static struct text_done on_each(struct gateway *g, const char *person, enum challenge_answer what,
				struct when now)
{
	struct contact_slot *who = contacts_find(g, person);
	struct text_done done = { 0 };
	size_t count = 0;
	int64_t *ids = who == NULL ? NULL : calls_covered_ids(&who->contact, &count);

	for (size_t i = 0; i < count; i++) {
		struct page_slot *slot = pages_find(g, ids[i]);

		if (slot != NULL)
			on_page(g, slot, person, what, &done, now);
	}
	free(ids);
	return done;
}

/* The call has done its work: what it changed is stored, then the last words are spoken. */
static void conclude(struct gateway *g, struct path *path, enum challenge_answer answer,
		     struct when now)
{
	char person[PLAN_NAME];
	struct text_done done;
	struct buf text = { 0 };

	span_copy(span_of(path->call.person), person, sizeof person);
	path->call.closing = true; /* so that the release of the page does not cut the call off */
	path->call.due = WHEN_NEVER;
	if (answer == CHALLENGE_LOCKED) {
		hint(g, path, answer, true, now);
		return;
	}
	if (path->call.enrols) {
		enrol_keyed(g, path, now);
		text_speech_enrolled(&text);
	} else {
		done = on_each(g, person, answer, now);
		text_speech_done(&text, g->plan, answer, &done);
	}
	promise(g, path, &text, true);
}

/* A line that makes tones before anybody can know the keys may be a mailbox reading out a number; and where nobody knows when it
 * was answered, it may have been greeting all the time.  It would guess one pair in forty-two, so a second pair is asked for, of
 * digits that did not come unasked. */
static enum challenge_answer once_more(struct gateway *g, struct live_call *call,
				       enum challenge_answer answer)
{
	if (call->pending != CHALLENGE_NONE)
		return call->pending;
	if (!call->doubtful)
		return answer;
	call->pending = answer;
	for (const char *digit = call->challenge.digits; *digit != '\0'; digit++)
		call->heard |= 1u << (*digit - '0');
	challenge_renew(&call->challenge, gateway_random(g), call->heard);
	return CHALLENGE_AGAIN;
}

/* Who rang us needs the PIN behind the challenge; without one only the star counts. */
static enum challenge_answer meaning(struct gateway *g, struct path *path, char digit,
				     struct when now)
{
	const struct plan_person *person = plan_person(g->plan, span_of(path->call.person));
	enum challenge_answer answer;

	if (path->call.verb != CHALLENGE_NONE)
		return ringing_pin_key(g, path, digit, now);
	if (person == NULL ||
	    (digit != '*' && ringing_keys(g, path, person, now) == TEXT_KEYS_NONE))
		return CHALLENGE_NONE;
	answer = challenge_key(&path->call.challenge, digit, now);
	path->call.doubtful = path->call.doubtful || (path->call.soon && answer == CHALLENGE_WRONG);
	if (answer != CHALLENGE_ACK && answer != CHALLENGE_PASS && answer != CHALLENGE_RESOLVE)
		return answer;
	if (!path->call.incoming)
		means_proved(g, person, path->call.number, MEANS_KEY, now);
	answer = once_more(g, &path->call, answer);
	if (answer == CHALLENGE_AGAIN || !path->call.incoming)
		return answer;
	ringing_await_pin(path, answer, now);
	return CHALLENGE_NONE;
}

/* Who answers at once hears the keys at once, and does not wait: a key much later may be of a mailbox that really answered then. */
static void note_timing(struct live_call *call, char digit, struct when now)
{
	if (digit < '0' || digit > '9' || call->keyed)
		return;
	if (now.mono_ms < call->likely || (call->soon && now.mono_ms > call->likely + PROMPTLY_MS))
		call->doubtful = true;
	if (now.mono_ms < call->known)
		call->heard |= 1u << (digit - '0');
}

void talk_key(struct gateway *g, struct path *path, char digit, struct when now)
{
	const char text[] = { digit, '\0' };
	enum challenge_answer answer;

	if (path->call.closing)
		return;
	note_timing(&path->call, digit, now);
	/* Nobody can know them yet, or ever by a modem that cannot speak: a mailbox's greeting, not a person. */
	if (digit != '*' && now.mono_ms < path->call.known) {
		calls_record(g, path, "call.key", "before the keys were said: ignored", now);
		return;
	}
	device_stop_speech(path->device, now);
	path->call.keyed = true;
	path->call.due =
		now.mono_ms + g->plan->times.key_s * 1000; /* no further key: say it again */
	path_worked(path, PATH_KEY, now);
	faults_key_heard(g, path, now);
	calls_record(g, path, "call.key", path->call.verb == CHALLENGE_NONE ? text : "of the PIN",
		     now);
	answer = meaning(g, path, digit, now);
	switch (answer) {
	case CHALLENGE_ACK:
	case CHALLENGE_PASS:
	case CHALLENGE_RESOLVE:
	case CHALLENGE_LOCKED:
		conclude(g, path, answer, now);
		break;
	case CHALLENGE_WRONG:
	case CHALLENGE_AGAIN:
	case CHALLENGE_BAD_PIN:
	case CHALLENGE_HELP:
		hint(g, path, answer, false, now);
		break;
	case CHALLENGE_REPEAT:
		talk_say(g, path, now);
		break;
	case CHALLENGE_NONE:
	case CHALLENGE_ANSWERS:
		break;
	}
}
