#include "dialplan/schedule.h"

#include <string.h>

#define NEEDED_MAX ((size_t)2 * (PLAN_SLOTS_MAX + 1)) /* so many people settle every slot */
#define UNTIL_S    (400 * INT64_C(86400))

struct found { /* who could hold the slots, in turn */
	const struct plan *plan;
	const struct plan_rotation *rotation;
	int64_t utc_s;
	const struct plan_person *people[NEEDED_MAX];
	size_t count;
	const char *absent; /* the first in turn that was passed over */
};

static void add(struct found *found, const char *name)
{
	const struct plan_person *person = plan_person(found->plan, span_of(name));
	const struct plan_person *there = rota_there(found->plan, person, found->utc_s);

	if (there != person && found->absent == NULL)
		found->absent = person->name;
	for (size_t i = 0; i < found->count; i++)
		if (found->people[i] == there)
			return;
	if (there != NULL)
		found->people[found->count++] = there;
}

static void add_turn(struct found *found, const struct plan_layer *layer, int64_t number)
{
	int64_t count = (int64_t)layer->member_count;
	int64_t stride = layer->stride > 1 ? (int64_t)layer->stride : 1;
	int64_t first = number % count * stride % count;

	if (first < 0)
		first += count;
	for (int64_t i = 0; i < count && found->count < NEEDED_MAX; i++)
		add(found, layer->members[(first + i) % count]);
}

/* The first layer that has somebody.  shift->next_utc_s becomes the soonest instant at which that may be another. */
static bool from_layers(struct found *found, struct shift *shift)
{
	const struct plan_rotation *rotation = found->rotation;

	for (size_t i = 0; i <= rotation->layer_count; i++) {
		const struct plan_layer *layer =
			i < rotation->layer_count ? &rotation->layers[i] : &rotation->base;
		int64_t edge;

		if (layer->member_count == 0)
			continue;
		if (layer_open(layer, found->utc_s, &edge)) {
			shift->number = layer_shift(layer, found->utc_s, &shift->begins_utc_s,
						    &shift->ends_utc_s);
			edge = when_sooner(edge, shift->ends_utc_s);
			add_turn(found, layer, shift->number);
		}
		shift->next_utc_s = when_sooner(shift->next_utc_s, edge);
		if (found->count > 0) {
			shift->layer = layer;
			return true;
		}
	}
	return false;
}

/* Several shifts of a calendar at one time fill the slots in its order. */
static bool from_calendar(struct found *found, struct shift *shift)
{
	const struct rota_calendar *calendar =
		rota_calendar(found->plan->rota, found->rotation->name);

	for (size_t i = 0; calendar != NULL && i < calendar->span_count; i++) {
		const struct rota_span *span = &calendar->spans[i];

		if (span->from_utc_s > found->utc_s) {
			shift->next_utc_s = when_sooner(shift->next_utc_s, span->from_utc_s);
			break;
		}
		if (span->until_utc_s <= found->utc_s)
			continue;
		shift->next_utc_s = when_sooner(shift->next_utc_s, span->until_utc_s);
		if (found->count < NEEDED_MAX)
			add(found, span->person);
	}
	return found->count > 0;
}

struct held {
	const struct plan_person *by[PLAN_SLOTS_MAX];
	size_t count;
};

static bool holds(const struct held *held, const struct plan_person *person)
{
	for (size_t i = 0; i < held->count; i++)
		if (held->by[i] == person)
			return true;
	return false;
}

/* For slot k the k-th in turn, or the next who holds no other slot. */
static const struct plan_person *pick(const struct found *found, const struct held *held,
				      size_t slot)
{
	for (size_t i = 0; i < found->count; i++)
		if (!holds(held, found->people[(slot + i) % found->count]))
			return found->people[(slot + i) % found->count];
	return found->count == 0 ? NULL : found->people[slot % found->count];
}

static void assign(const struct found *found, struct held *held)
{
	const struct plan_rotation *rotation = found->rotation;

	held->count = rotation->slot_count > 0 ? rotation->slot_count : 1;
	for (size_t i = 0; i < held->count; i++) {
		const struct rota_entry *entry =
			rota_override(found->plan, rotation, i, found->utc_s);

		held->by[i] =
			entry == NULL ? NULL : plan_person(found->plan, span_of(entry->person));
	}
	for (size_t i = 0; i < held->count; i++)
		if (held->by[i] == NULL)
			held->by[i] = pick(found, held, i);
}

static const struct plan_person *shadow_at(const struct found *found, int64_t number)
{
	const struct plan_rotation *rotation = found->rotation;
	int64_t count = (int64_t)rotation->shadow_count;
	const struct plan_person *person;

	if (count == 0)
		return NULL;
	person = plan_person(found->plan,
			     span_of(rotation->shadows[(number % count + count) % count]));
	return rota_there(found->plan, person, found->utc_s) == person ? person : NULL;
}

struct shift schedule_at(const struct plan *plan, const struct plan_rotation *rotation, size_t slot,
			 int64_t utc_s)
{
	struct found found = { .plan = plan, .rotation = rotation, .utc_s = utc_s };
	struct shift shift = { .at_utc_s = utc_s,
			       .next_utc_s = rota_edge(plan->rota, rotation->name, utc_s) };
	struct held held = { 0 };

	if (from_calendar(&found, &shift))
		shift.kind = SHIFT_CALENDAR;
	else if (from_layers(&found, &shift))
		shift.kind = SHIFT_LAYER;
	if (slot >= PLAN_SLOTS_MAX || (slot > 0 && slot >= rotation->slot_count)) {
		shift.person = shadow_at(&found, shift.number);
	} else {
		assign(&found, &held);
		shift.person = held.by[slot];
		shift.override = rota_override(plan, rotation, slot, utc_s);
	}
	if (shift.override != NULL)
		shift.kind = SHIFT_OVERRIDE;
	if (shift.person == NULL)
		shift.kind = SHIFT_NOBODY;
	shift.absent = found.absent;
	return shift;
}

int64_t schedule_until(const struct plan *plan, const struct plan_rotation *rotation, size_t slot,
		       const struct shift *shift)
{
	int64_t last = shift->at_utc_s + UNTIL_S;
	struct shift next = *shift;

	while (next.next_utc_s < last) {
		next = schedule_at(plan, rotation, slot, next.next_utc_s);
		if (next.person != shift->person)
			return next.at_utc_s;
	}
	return WHEN_NEVER;
}
