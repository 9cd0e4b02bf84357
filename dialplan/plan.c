#include "dialplan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "dialplan/schedule.h"

static void free_rotation(struct plan_rotation *rotation)
{
	for (size_t i = 0; i < rotation->layer_count; i++)
		free(rotation->layers[i].members);
	free(rotation->layers);
	free(rotation->base.members);
	free(rotation->shadows);
}

void plan_free(struct plan *plan)
{
	if (plan == NULL)
		return;
	for (size_t i = 0; i < plan->group_count; i++)
		free(plan->groups[i].members);
	for (size_t i = 0; i < plan->rotation_count; i++)
		free_rotation(&plan->rotations[i]);
	for (size_t i = 0; i < plan->zone_count; i++)
		zone_free(plan->zones[i]);
	free(plan->zones);
	free(plan->services);
	free(plan->hooks);
	free(plan->watches);
	free(plan->people);
	free(plan->groups);
	free(plan->rotations);
	free(plan->policies);
	free(plan);
}

const struct plan_person *plan_person(const struct plan *plan, struct span name)
{
	for (size_t i = 0; i < plan->person_count; i++)
		if (span_is_nocase(name, plan->people[i].name))
			return &plan->people[i];
	return NULL;
}

const struct plan_rotation *plan_rotation(const struct plan *plan, struct span name)
{
	for (size_t i = 0; i < plan->rotation_count; i++)
		if (span_is_nocase(name, plan->rotations[i].name))
			return &plan->rotations[i];
	return NULL;
}

const struct plan_group *plan_group(const struct plan *plan, struct span name)
{
	for (size_t i = 0; i < plan->group_count; i++)
		if (span_is_nocase(name, plan->groups[i].name))
			return &plan->groups[i];
	return NULL;
}

const struct plan_policy *plan_policy(const struct plan *plan, struct span name)
{
	for (size_t i = 0; i < plan->policy_count; i++)
		if (span_is_nocase(name, plan->policies[i].name))
			return &plan->policies[i];
	return NULL;
}

const struct plan_watch *plan_watch(const struct plan *plan, struct span name)
{
	for (size_t i = 0; i < plan->watch_count; i++)
		if (span_is_nocase(name, plan->watches[i].name))
			return &plan->watches[i];
	return NULL;
}

const struct plan_hook *plan_hook(const struct plan *plan, struct span name)
{
	for (size_t i = 0; i < plan->hook_count; i++)
		if (span_is_nocase(name, plan->hooks[i].name))
			return &plan->hooks[i];
	return NULL;
}

const struct plan_service *plan_service(const struct plan *plan, struct span name)
{
	for (size_t i = 0; i < plan->service_count; i++)
		if (span_is_nocase(name, plan->services[i].name))
			return &plan->services[i];
	return NULL;
}

static const struct plan_person *holder(const struct plan *plan, const char *e164)
{
	for (size_t i = 0; i < plan->person_count; i++)
		for (size_t n = 0; n < plan->people[i].number_count; n++)
			if (span_is(span_of(e164), plan->people[i].numbers[n].e164))
				return &plan->people[i];
	return NULL;
}

const struct plan_person *plan_who_has(const struct plan *plan, struct span number)
{
	char e164[PLAN_E164];
	const struct plan_person *person = NULL;

	if (plan_fold_number(plan->country, number, e164))
		person = holder(plan, e164);
	/* Some networks drop the plus of a whole number; in a country of short numbers only the
	 * roster can tell that from a national one. */
	number = span_trim(number);
	if (person == NULL && number.len > 0 && number.len < PLAN_E164 - 1) {
		e164[0] = '+';
		span_copy(number, e164 + 1, sizeof e164 - 1);
		person = holder(plan, e164);
	}
	return person;
}

/* "SEV-2" and "sev 2" become "2", "P1" becomes "p1", "High" becomes "high". */
static void severity_key(struct span name, char key[PLAN_NAME])
{
	size_t len = 0;

	for (size_t i = 0; i < name.len && len + 1 < PLAN_NAME; i++) {
		char c = name.at[i];

		if (c == '-' || c == '_' || c == ' ')
			continue;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		key[len++] = c;
	}
	key[len] = '\0';
	if (len > 3 && memcmp(key, "sev", 3) == 0 && key[3] >= '0' && key[3] <= '9')
		memmove(key, key + 3, len + 1 - 3);
}

int plan_severity(const struct plan *plan, struct span name)
{
	char wanted[PLAN_NAME];
	char listed[PLAN_NAME];

	if (name.len == 0 || name.len >= PLAN_NAME)
		return -1;
	severity_key(name, wanted);
	for (size_t i = 0; i < plan->severity_count; i++) {
		severity_key(span_of(plan->severities[i].name), listed);
		if (span_is(span_of(wanted), listed))
			return (int)i;
	}
	return -1;
}

int plan_slot(const struct plan_rotation *rotation, struct span name)
{
	if (name.len == 0)
		return 0;
	for (size_t i = 0; i < rotation->slot_count; i++)
		if (span_is_nocase(name, rotation->slots[i]))
			return (int)i;
	return rotation->shadow_count > 0 && span_is_nocase(name, PLAN_SHADOW)
		       ? (int)rotation->slot_count
		       : -1;
}

const struct plan_person *plan_on_call(const struct plan *plan,
				       const struct plan_rotation *rotation, struct span slot,
				       int64_t utc_s, int64_t *ends_utc_s)
{
	int index = plan_slot(rotation, slot);
	struct shift shift;

	if (index < 0)
		return NULL;
	shift = schedule_at(plan, rotation, (size_t)index, utc_s);
	if (ends_utc_s != NULL)
		*ends_utc_s = schedule_until(plan, rotation, (size_t)index, &shift);
	return shift.person;
}

/* "target" and "target.secondary" in terms of what was paged.  False: `target` is neither. */
static bool target_form(struct span target, struct span *slot)
{
	struct span name = span_cut(&target, '.');

	*slot = target;
	return span_is(name, "target");
}

static bool knows_one(const struct plan *plan, struct span target)
{
	const struct plan_rotation *rotation;
	struct span slot;

	if (target_form(target, &slot) || plan_person(plan, target) != NULL ||
	    plan_group(plan, target) != NULL)
		return true;
	rotation = plan_rotation(plan, span_cut(&target, '.'));
	return rotation != NULL && plan_slot(rotation, target) >= 0;
}

bool plan_knows(const struct plan *plan, struct span target)
{
	bool known = target.len > 0;

	while (target.len > 0)
		known = knows_one(plan, span_cut(&target, '+')) && known;
	return known;
}

static bool names_rotation(const struct plan *plan, struct span target)
{
	return plan_person(plan, target) == NULL && plan_group(plan, target) == NULL &&
	       plan_rotation(plan, span_cut(&target, '.')) != NULL;
}

bool plan_by_shift(const struct plan *plan, struct span target, struct span paged)
{
	bool found = false;

	while (target.len > 0) {
		struct span one = span_cut(&target, '+');
		struct span rest = paged;
		struct span slot;

		if (!target_form(one, &slot)) {
			found = found || names_rotation(plan, one);
			continue;
		}
		while (rest.len > 0)
			found = names_rotation(plan, span_cut(&rest, '+')) || found;
	}
	return found;
}

struct found {
	const struct plan *plan;
	int64_t utc_s;
	const struct plan_person **people;
	size_t count;
	size_t max;
};

static void add_person(struct found *found, const struct plan_person *person)
{
	person = rota_there(found->plan, person, found->utc_s);
	if (person == NULL || found->count >= found->max)
		return;
	for (size_t i = 0; i < found->count; i++)
		if (found->people[i] == person)
			return;
	found->people[found->count++] = person;
}

/* Behind a handover whoever had the slot is on call too. */
static void add_slot(struct found *found, struct span name, struct span slot)
{
	const struct plan_rotation *rotation = plan_rotation(found->plan, name);
	int index = rotation == NULL ? -1 : plan_slot(rotation, slot);
	const struct rota_entry *beside = NULL;
	struct shift shift;

	if (index < 0)
		return;
	shift = schedule_at(found->plan, rotation, (size_t)index, found->utc_s);
	if (shift.person != NULL)
		add_person(found, shift.person);
	while ((beside = rota_beside(found->plan, rotation, (size_t)index, found->utc_s, beside)) !=
	       NULL)
		add_person(found, plan_person(found->plan, span_of(beside->person)));
	if (rotation->overlap_s <= 0 || shift.kind != SHIFT_LAYER ||
	    found->utc_s - shift.begins_utc_s >= rotation->overlap_s)
		return;
	shift = schedule_at(found->plan, rotation, (size_t)index, shift.begins_utc_s - 1);
	if (shift.person != NULL)
		add_person(found, shift.person);
}

/* A target that is not a "target" form. */
static void add_named(struct found *found, struct span target)
{
	const struct plan_person *person = plan_person(found->plan, target);
	const struct plan_group *group = plan_group(found->plan, target);

	if (person != NULL) {
		add_person(found, person);
	} else if (group != NULL) {
		for (size_t i = 0; i < group->member_count; i++)
			add_person(found, plan_person(found->plan, span_of(group->members[i])));
	} else {
		struct span name = span_cut(&target, '.');

		add_slot(found, name, target);
	}
}

// NOLINTNEXTLINE(readability-function-size): seven parameters, all of them plain
size_t plan_resolve(const struct plan *plan, struct span target, struct span paged, int64_t utc_s,
		    const struct plan_person **people, size_t count, size_t max)
{
	struct found found = { plan, utc_s, people, count, max };

	while (target.len > 0) {
		struct span one = span_cut(&target, '+');
		struct span rest = paged;
		struct span slot;

		if (!target_form(one, &slot)) {
			add_named(&found, one);
			continue;
		}
		while (rest.len > 0) {
			struct span what = span_cut(&rest, '+');

			if (slot.len == 0)
				add_named(&found, what);
			else
				add_slot(&found, span_cut(&what, '.'), slot);
		}
	}
	return found.count;
}
