/* A request's fields, the page it is about, and what is said when one of them names nothing. */
#include "core/asked.h"

#include <string.h>

#include "base/civil.h"
#include "base/nearest.h"

#define LISTED_MAX 110 /* octets of choices that an error still lists */

const char *asked_get(const struct asked *asked, const char *key)
{
	const char *value = request_get(asked->request, key);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

bool asked_time(const struct asked *asked, const char *key, int64_t *utc_s)
{
	struct span text = span_trim(span_of(asked_get(asked, key)));
	bool own = text.len > 19 || (text.len > 0 && text.at[text.len - 1] == 'Z');
	int64_t at;

	if (text.len == 0 || span_int(text, utc_s))
		return true;
	if (!civil_read(text, &at))
		return false;
	*utc_s = own ? at : zone_utc(asked->g->plan->zone, at);
	return true;
}

bool asked_flag(const struct asked *asked, const char *key)
{
	const char *value = asked_get(asked, key);

	return value != NULL && strcmp(value, "false") != 0;
}

int asked_usage(struct asked *asked, const char *what)
{
	err_set(&asked->err, ERR_INVALID, "%s", what);
	return STATUS_USAGE;
}

int asked_refuse(struct asked *asked, const char *what)
{
	err_set(&asked->err, ERR_REFUSED, "%s", what);
	return STATUS_REFUSED;
}

/* ---- one page ---- */

struct page_slot *asked_page(struct asked *asked)
{
	const char *id = asked_get(asked, "id");
	struct page_slot *slot = id == NULL ? NULL : pages_by_name(asked->g, span_of(id));

	if (id == NULL)
		err_set(&asked->err, ERR_INVALID,
			"which page? give its ID (p17) or code: see tocsin list");
	else if (slot == NULL)
		err_set(&asked->err, ERR_INVALID, "no page \"%.20s\": see tocsin list", id);
	return slot;
}

const char *asked_actor(const struct asked *asked)
{
	const char *person = asked_get(asked, "person");

	return person != NULL ? person : asked->request->peer;
}

bool asked_actor_known(struct asked *asked)
{
	const char *person = asked_get(asked, "person");

	if (person == NULL || plan_person(asked->g->plan, span_of(person)) != NULL)
		return true;
	asked_no_person(asked, person);
	return false;
}

void asked_answer(struct asked *asked, const struct page *page, const char *result)
{
	char id[24];

	view_id(page, id);
	jsonw_string(&asked->json, "id", id);
	jsonw_string(&asked->json, "code", page->code);
	jsonw_string(&asked->json, "state", page_state_name(page->state));
	jsonw_string(&asked->json, "owner", page->owner[0] == '\0' ? NULL : page->owner);
	jsonw_string(&asked->json, "by", asked_actor(asked));
	jsonw_string(&asked->json, "result", result);
}

/* ---- names that there are not ---- */

struct offer { /* what there is instead */
	struct nearest nearest;
	struct buf list;
};

static void offer_add(struct offer *offer, const char *name)
{
	nearest_try(&offer->nearest, name);
	buf_addf(&offer->list, "%s%s", offer->list.len == 0 ? "" : ", ", name);
}

/* "no person "adda": did you mean ada?  There are ada, bob" */
static int unknown(struct asked *asked, const char *kind, const char *name, struct offer *offer)
{
	const char *best = offer->nearest.best;
	struct buf text = { 0 };

	buf_addf(&text, "no %s \"%.40s\": ", kind, name);
	if (best != NULL)
		buf_addf(&text, "did you mean %s?", best);
	if (offer->list.len > 0 && offer->list.len <= LISTED_MAX)
		buf_addf(&text, "%sthere are %s", best != NULL ? " " : "", buf_text(&offer->list));
	else if (best == NULL)
		buf_add_text(&text, "see the configuration and tocsin who");
	asked_usage(asked, buf_text(&text));
	buf_free(&text);
	buf_free(&offer->list);
	return STATUS_USAGE;
}

static void offer_people(const struct plan *plan, struct offer *offer)
{
	for (size_t i = 0; i < plan->person_count; i++)
		offer_add(offer, plan->people[i].name);
}

static void offer_rotations(const struct plan *plan, struct offer *offer)
{
	for (size_t i = 0; i < plan->rotation_count; i++)
		offer_add(offer, plan->rotations[i].name);
}

int asked_no_person(struct asked *asked, const char *name)
{
	struct offer offer = { .nearest.want = span_of(name) };

	offer_people(asked->g->plan, &offer);
	return unknown(asked, "person", name, &offer);
}

int asked_no_rotation(struct asked *asked, const char *name)
{
	struct offer offer = { .nearest.want = span_of(name) };

	offer_rotations(asked->g->plan, &offer);
	return unknown(asked, "rotation", name, &offer);
}

int asked_no_target(struct asked *asked, const char *name)
{
	const struct plan *plan = asked->g->plan;
	struct offer offer = { .nearest.want = span_of(name) };

	offer_rotations(plan, &offer);
	for (size_t i = 0; i < plan->group_count; i++)
		offer_add(&offer, plan->groups[i].name);
	offer_people(plan, &offer);
	return unknown(asked, "person, group or rotation", name, &offer);
}

int asked_no_severity(struct asked *asked, const char *name)
{
	const struct plan *plan = asked->g->plan;
	struct offer offer = { .nearest.want = span_of(name) };

	for (size_t i = 0; i < plan->severity_count; i++)
		offer_add(&offer, plan->severities[i].name);
	return unknown(asked, "severity", name, &offer);
}

static const char *const states[] = { "open", "acked", "deferred", "snoozed", "resolved", "all" };

bool asked_state_known(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(states); i++)
		if (strcmp(states[i], name) == 0)
			return true;
	return false;
}

int asked_no_state(struct asked *asked, const char *name)
{
	struct offer offer = { .nearest.want = span_of(name) };

	for (size_t i = 0; i < COUNT_OF(states); i++)
		offer_add(&offer, states[i]);
	return unknown(asked, "state", name, &offer);
}
