/* TAKE and OUT: what changes the rota by text.  Needs the person's PIN and is announced to everybody whom it concerns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/asked.h"
#include "core/replying.h"
#include "dialplan/moment.h"

static bool has_member(const struct plan_rotation *rotation, const char *person)
{
	for (size_t i = 0; i < rotation->base.member_count; i++)
		if (strcmp(rotation->base.members[i], person) == 0)
			return true;
	for (size_t k = 0; k < rotation->layer_count; k++)
		for (size_t i = 0; i < rotation->layers[k].member_count; i++)
			if (strcmp(rotation->layers[k].members[i], person) == 0)
				return true;
	return false;
}

/* "2h platform": the rotation is named behind the time; else the default one if they are in it, else the first that they are
 * in. */
static const struct plan_rotation *rotation_of(const struct plan *plan, const char *person,
					       struct span *time)
{
	const struct plan_rotation *rotation;
	struct span rest = *time;
	struct span last = { 0 };

	while (rest.len > 0)
		last = span_word(&rest);
	rotation = last.len == 0 ? NULL : plan_rotation(plan, last);
	if (rotation != NULL) {
		*time = span_trim((struct span){ time->at, (size_t)(last.at - time->at) });
		return rotation;
	}
	rotation = plan_rotation(plan, span_of(plan->default_rotation));
	for (size_t i = 0; i < plan->rotation_count; i++)
		if ((rotation == NULL || !has_member(rotation, person)) &&
		    has_member(&plan->rotations[i], person))
			rotation = &plan->rotations[i];
	return rotation;
}

static void announce(struct gateway *g, const struct asker *asker,
		     const struct plan_rotation *rotation, struct span words)
{
	for (size_t i = 0; i < g->plan->person_count; i++) {
		const struct plan_person *person = &g->plan->people[i];
		bool theirs = rotation != NULL && has_member(rotation, person->name);

		for (size_t k = 0; rotation == NULL && k < g->plan->rotation_count; k++)
			theirs =
				theirs || (has_member(&g->plan->rotations[k], person->name) &&
					   has_member(&g->plan->rotations[k], asker->person->name));
		if (theirs && person != asker->person)
			texts_note(g, person, NULL, 0, words, asker->now);
	}
}

/* The host's own command, in this person's name.  Its refusal is told; true: done. */
static bool carry_out(struct gateway *g, const struct asker *asker, struct request *request,
		      int (*run)(struct asked *asked))
{
	struct asked asked = { .g = g, .request = request, .now = asker->now };
	int status;

	asked.json.out = &asked.out;
	jsonw_object(&asked.json, NULL);
	status = run(&asked);
	if (status != 0)
		replying_text(g, asker, 0, "Nothing was done: ", span_of(asked.err.text));
	buf_free(&asked.out);
	return status == 0;
}

static void field(struct request *request, const char *key, const char *value)
{
	request->fields[request->count].key = key;
	request->fields[request->count++].value = value;
}

static const char *take(struct gateway *g, const struct asker *asker, struct span time)
{
	const struct plan_rotation *rotation = rotation_of(g->plan, asker->person->name, &time);
	struct request request = { .name = "override", .peer = asker->person->name };
	char *until = span_dup(time);
	int64_t utc_s = 0;
	struct buf words = { 0 };

	if (rotation == NULL || until == NULL ||
	    !moment_read(g->plan, time, asker->now.utc_s, &utc_s)) {
		free(until);
		replying_text(g, asker, 0,
			      "Nothing was done. TAKE 2h and your PIN, or TAKE until 22:00.",
			      (struct span){ 0 });
		return "refused";
	}
	field(&request, "rotation", rotation->name);
	field(&request, "slot", rotation->slots[0]);
	field(&request, "person", asker->person->name);
	field(&request, "until", until);
	field(&request, "reason", "by text");
	if (carry_out(g, asker, &request, asked_override)) {
		replying_did(g, asker);
		buf_addf(&words, "%s %s is yours until ", rotation->name, rotation->slots[0]);
		zone_write(g->plan->zone, utc_s, &words);
		replying_text(g, asker, 0, buf_text(&words), (struct span){ 0 });
		buf_clear(&words);
		buf_addf(&words, "%s has %s %s until ", asker->person->title, rotation->name,
			 rotation->slots[0]);
		zone_write(g->plan->zone, utc_s, &words);
		announce(g, asker, rotation, buf_span(&words));
		buf_free(&words);
	}
	free(until);
	return "take";
}

static const char *out(struct gateway *g, const struct asker *asker, struct span time)
{
	struct request request = { .name = "absent", .peer = asker->person->name };
	char *until = span_dup(time);
	int64_t utc_s = 0;
	struct buf words = { 0 };

	if (until == NULL || !moment_read(g->plan, time, asker->now.utc_s, &utc_s)) {
		free(until);
		replying_text(g, asker, 0,
			      "Nothing was done. OUT until mon 09:00 and your PIN, or OUT 2h.",
			      (struct span){ 0 });
		return "refused";
	}
	field(&request, "person", asker->person->name);
	field(&request, "until", until);
	field(&request, "reason", "by text");
	if (carry_out(g, asker, &request, asked_absent)) {
		replying_did(g, asker);
		buf_add_text(&words, "Nobody pages you until ");
		zone_write(g->plan->zone, utc_s, &words);
		replying_text(g, asker, 0, buf_text(&words), (struct span){ 0 });
		buf_clear(&words);
		buf_addf(&words, "%s is away until ", asker->person->title);
		zone_write(g->plan->zone, utc_s, &words);
		announce(g, asker, NULL, buf_span(&words));
		buf_free(&words);
	}
	free(until);
	return "out";
}

const char *replying_rota(struct gateway *g, const struct asker *asker, const struct reply *reply)
{
	struct contact_slot *who = contacts_get(g, asker->person->name);
	const char *words = "A word that changes the rota needs your PIN at its end.";

	if (who == NULL)
		return "ignored";
	switch (reply->pin.len == 0 ? PIN_WRONG : pins_check(g, who, reply->pin, asker->now)) {
	case PIN_GOOD:
		return reply->word == REPLY_TAKE ? take(g, asker, reply->argument)
						 : out(g, asker, reply->argument);
	case PIN_NONE:
		words = "You have no PIN yet: whoever runs this gateway can set one (tocsin pin).";
		break;
	case PIN_LOCKED:
		words = "Too many wrong PINs: none counts for an hour. Ask whoever runs this "
			"gateway.";
		break;
	case PIN_WRONG:
		if (reply->pin.len > 0)
			words = "That PIN is wrong, nothing was done.";
		break;
	}
	replying_text(g, asker, 0, words, (struct span){ 0 });
	return "refused";
}
