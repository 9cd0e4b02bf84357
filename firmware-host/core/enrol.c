/* Enrolment: a text to every phone of a person that takes texts, a call to every one that takes calls, until each has proven all that
 * it is for, or the time is over.  Any page goes before it; a restart ends it. */
#include <stdio.h>
#include <string.h>

#include "core/asked.h"

#define TEXT_FIRST_MS 20000 /* the text is read before the phone rings */
#define AGAIN_MS \
	60000 /* between two calls to one number: a phone in Do-Not-Disturb rings at the second */
#define WAIT_MS   5000   /* no path for it now */
#define LASTS_MS  900000 /* the whole of it */
#define CALLS_MAX 2      /* to one number */

static struct enrolment *find(struct gateway *g, const char *person)
{
	for (size_t i = 0; i < ENROLMENTS_MAX; i++)
		if (strcmp(g->enrolments[i].person, person) == 0)
			return &g->enrolments[i];
	return NULL;
}

static bool under_way(const struct enrolment *enrolment)
{
	return enrolment != NULL && enrolment->until != WHEN_NEVER;
}

const char *enrol_state(struct gateway *g, const struct plan_person *person)
{
	const struct enrolment *enrolment = find(g, person->name);

	if (enrolment == NULL)
		return NULL;
	return under_way(enrolment) ? "under way" : enrolment->good ? "proven" : "not proven";
}

/* ---- its beginning ---- */

static void text(struct gateway *g, const struct plan_person *person, struct when now)
{
	for (size_t i = 0; i < person->number_count; i++) {
		struct buf words = { 0 };

		if (!person->numbers[i].sms)
			continue;
		buf_addf(&words,
			 "%s pager test: reply OK to this text, from this phone.%s Save this "
			 "number as a contact.",
			 g->plan->gateway,
			 person->numbers[i].voice
				 ? " Then it calls you: press the two keys it names."
				 : "");
		texts_note(g, person, person->numbers[i].e164, 0, buf_span(&words), now);
		buf_free(&words);
	}
}

static struct enrolment *place(struct gateway *g, const char *person)
{
	struct enrolment *enrolment = find(g, person);

	for (size_t i = 0; enrolment == NULL && i < ENROLMENTS_MAX; i++)
		if (!under_way(&g->enrolments[i]) || g->enrolments[i].person[0] == '\0')
			enrolment = &g->enrolments[i];
	return enrolment;
}

int asked_enrol(struct asked *asked)
{
	struct gateway *g = asked->g;
	const char *name = asked_get(asked, "person");
	const struct plan_person *person =
		name == NULL ? NULL : plan_person(g->plan, span_of(name));
	struct enrolment *enrolment;

	if (name == NULL)
		return asked_usage(asked, "whom? as in: tocsin enrol ada");
	if (person == NULL)
		return asked_no_person(asked, name);
	enrolment = place(g, person->name);
	if (enrolment == NULL)
		return asked_refuse(asked, "others are being enrolled: wait for their end");
	if (under_way(enrolment) && enrolment->person[0] != '\0')
		return asked_refuse(asked, "it is under way: see tocsin people");
	*enrolment = (struct enrolment){ .since_utc_s = asked->now.utc_s,
					 .due = asked->now.mono_ms + TEXT_FIRST_MS,
					 .until = asked->now.mono_ms + LASTS_MS };
	span_copy(span_of(person->name), enrolment->person, sizeof enrolment->person);
	ledger_record(g, asked->now, "enrol.begun", (struct about){ .person = person->name },
		      asked->request->peer);
	text(g, person, asked->now);
	jsonw_string(&asked->json, "person", person->name);
	jsonw_int(&asked->json, "numbers", (int64_t)person->number_count);
	return 0;
}

/* ---- its calls ---- */

static bool begin_call(struct gateway *g, struct enrolment *enrolment, struct contact_slot *who,
		       const struct plan_number *number, struct when now)
{
	const struct contact_wish wish = { .number = number, .latest = WHEN_NEVER };
	struct path *path = fleet_for_call(g, who, &wish, now);
	struct device_call call = { .attempt = g->last_attempt + 1,
				    .to = number->e164,
				    .ring_ms = g->plan->times.ring_s * 1000,
				    .talk_ms = g->plan->times.talk_s * 1000 };
	struct err err = { 0 };

	if (path == NULL || who->contact.in_call || !device_status(path->device)->speech ||
	    device_call(path->device, &call, now, &err) != 0)
		return false;
	path->call = (struct live_call){ .attempt = ++g->last_attempt,
					 .enrols = true,
					 .rank = (int)g->plan->severity_count,
					 .due = WHEN_NEVER,
					 .known = WHEN_NEVER,
					 .likely = WHEN_NEVER };
	span_copy(span_of(enrolment->person), path->call.person, PLAN_NAME);
	span_copy(span_of(number->e164), path->call.number, PLAN_E164);
	challenge_start(&path->call.challenge, g->plan, gateway_random(g));
	path->spent_dirty = true;
	who->contact.in_call = true;
	calls_record(g, path, "enrol.call", NULL, now);
	return true;
}

/* The next number that takes calls and has not proven it. */
static const struct plan_number *next_number(struct gateway *g, struct enrolment *enrolment,
					     const struct plan_person *person)
{
	for (; enrolment->number < person->number_count;
	     enrolment->number++, enrolment->calls = 0) {
		const struct plan_number *number = &person->numbers[enrolment->number];

		if (number->voice && enrolment->calls < CALLS_MAX &&
		    means_when(g, number->e164, MEANS_KEY) < enrolment->since_utc_s)
			return number;
	}
	return NULL;
}

static void finish(struct gateway *g, struct enrolment *enrolment, bool good, struct when now)
{
	enrolment->due = enrolment->until = WHEN_NEVER;
	enrolment->good = good;
	ledger_record(g, now, good ? "enrol.proven" : "enrol.failed",
		      (struct about){ .person = enrolment->person }, NULL);
}

static bool all_proven(struct gateway *g, const struct enrolment *enrolment,
		       const struct plan_person *person)
{
	for (size_t i = 0; i < person->number_count; i++)
		if (means_lacking(g, &person->numbers[i], enrolment->since_utc_s))
			return false;
	return true;
}

static void go_on(struct gateway *g, struct enrolment *enrolment, struct when now)
{
	const struct plan_person *person = plan_person(g->plan, span_of(enrolment->person));
	struct contact_slot *who = person == NULL ? NULL : contacts_get(g, person->name);
	const struct plan_number *number;

	if (who == NULL || now.mono_ms >= enrolment->until) {
		finish(g, enrolment, false, now);
		return;
	}
	if (all_proven(g, enrolment, person)) {
		finish(g, enrolment, true, now);
		return;
	}
	if (enrolment->due > now.mono_ms)
		return;
	number = next_number(g, enrolment, person);
	enrolment->due = now.mono_ms + (number == NULL ? WAIT_MS : AGAIN_MS);
	if (number == NULL)
		return; /* the reply is still to come */
	if (begin_call(g, enrolment, who, number, now))
		enrolment->calls++;
	else
		enrolment->due = now.mono_ms + WAIT_MS;
}

void enrol_tick(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < ENROLMENTS_MAX; i++)
		if (under_way(&g->enrolments[i]) && g->enrolments[i].person[0] != '\0')
			go_on(g, &g->enrolments[i], now);
}

int64_t enrol_deadline(const struct gateway *g)
{
	int64_t due = WHEN_NEVER;

	for (size_t i = 0; i < ENROLMENTS_MAX; i++)
		if (under_way(&g->enrolments[i]) && g->enrolments[i].person[0] != '\0')
			due = when_sooner(
				due, when_sooner(g->enrolments[i].due, g->enrolments[i].until));
	return due;
}

/* ---- what comes back ---- */

bool enrol_replied(struct gateway *g, const struct plan_person *person)
{
	return under_way(find(g, person->name));
}

void enrol_say(struct gateway *g, struct path *path, const struct plan_person *person,
	       struct buf *out)
{
	text_speech_enrol(out, g->plan, person, path->call.challenge.digits);
}

void enrol_keyed(struct gateway *g, struct path *path, struct when now)
{
	means_proved(g, plan_person(g->plan, span_of(path->call.person)), path->call.number,
		     MEANS_KEY, now);
}
