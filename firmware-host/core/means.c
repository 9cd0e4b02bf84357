/* What each phone has proven, and when: a text delivered, a text from it, a call answered, the right keys.  Kept over restarts, one
 * small record a number; shown by `tocsin people` (FIELD E9, G2). */
#include <string.h>

#include "core/asked.h"

#define KIND    "reach"
#define STALE_S 3600 /* a proof is not written again sooner: cards wear out */

static const char *const names[MEANS] = {
	[MEANS_SMS] = "sms", [MEANS_REPLY] = "reply", [MEANS_CALL] = "call", [MEANS_KEY] = "key"
};

static struct memo *find(struct gateway *g, const char *number)
{
	struct memo *memo = NULL;

	while ((memo = memos_next(g, KIND, memo)) != NULL)
		if (span_is(memo_get(memo, "number"), number))
			break;
	return memo;
}

/* number: as the network writes it. */
void means_proved(struct gateway *g, const struct plan_person *person, const char *written,
		  enum means what, struct when now)
{
	char number[PLAN_E164];
	struct memo *memo;

	if (person == NULL || !plan_fold_number(g->plan->country, span_of(written), number))
		return;
	memo = find(g, number);
	if (memo == NULL) {
		memo = memos_add(g, KIND);
		if (memo == NULL)
			return;
		memo_set(memo, "number", number);
	}
	if (now.utc_s - memo_int(memo, names[what]) < STALE_S)
		return;
	memo_set(memo, "person", person->name);
	memo_set_int(memo, names[what], now.utc_s);
	memos_changed(g, memo);
}

int64_t means_when(struct gateway *g, const char *number, enum means what)
{
	const struct memo *memo = find(g, number);

	return memo == NULL ? 0 : memo_int(memo, names[what]);
}

bool means_lacking(struct gateway *g, const struct plan_number *number, int64_t since_utc_s)
{
	bool sms = number->sms && (means_when(g, number->e164, MEANS_SMS) < since_utc_s ||
				   means_when(g, number->e164, MEANS_REPLY) < since_utc_s);
	bool voice = number->voice && (means_when(g, number->e164, MEANS_CALL) < since_utc_s ||
				       means_when(g, number->e164, MEANS_KEY) < since_utc_s);

	return sms || voice;
}

/* ---- tocsin people ---- */

static void view_number(struct asked *asked, const struct plan_number *number)
{
	struct jsonw *json = &asked->json;
	char masked[PLAN_E164];

	plan_mask_number(number->e164, masked);
	jsonw_object(json, NULL);
	jsonw_string(json, "number", masked);
	jsonw_bool(json, "takes_texts", number->sms);
	jsonw_bool(json, "takes_calls", number->voice);
	for (int i = 0; i < MEANS; i++)
		jsonw_time(json, names[i], means_when(asked->g, number->e164, (enum means)i));
	jsonw_end_object(json);
}

static void view_person(struct asked *asked, const struct plan_person *person)
{
	struct jsonw *json = &asked->json;
	bool proven = true;

	jsonw_object(json, NULL);
	jsonw_string(json, "name", person->name);
	jsonw_string(json, "title", person->title);
	jsonw_array(json, "numbers");
	for (size_t i = 0; i < person->number_count; i++) {
		view_number(asked, &person->numbers[i]);
		proven = proven && !means_lacking(asked->g, &person->numbers[i], 1);
	}
	jsonw_end_array(json);
	jsonw_bool(json, "proven", proven);
	jsonw_bool(json, "pin", person->pin_hash[0] != '\0');
	jsonw_string(json, "enrolment", enrol_state(asked->g, person));
	jsonw_end_object(json);
}

int asked_people(struct asked *asked)
{
	const struct plan *plan = asked->g->plan;
	const char *name = asked_get(asked, "person");

	if (name != NULL && plan_person(plan, span_of(name)) == NULL)
		return asked_no_person(asked, name);
	jsonw_array(&asked->json, "people");
	for (size_t i = 0; i < plan->person_count; i++)
		if (name == NULL || strcmp(plan->people[i].name, name) == 0)
			view_person(asked, &plan->people[i]);
	jsonw_end_array(&asked->json);
	return 0;
}
