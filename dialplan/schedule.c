#include "dialplan/schedule.h"

#include <string.h>

#define NEEDED_MAX ((size_t)2 * (PLAN_SLOTS_MAX + 1)) /* so many people settle every slot */
#define UNTIL_S    (400 * INT64_C(86400))

struct source {                         /* where somebody was found */
	const struct plan_layer *layer; /* NULL: the calendar */
	int64_t number, begins, ends;
};

struct found { /* who could hold the slots, in turn */
	const struct plan *plan;
	const struct plan_rotation *rotation;
	int64_t utc_s;
	const struct plan_person *people[NEEDED_MAX];
	struct source sources[NEEDED_MAX];
	size_t count;
	size_t wanted;      /* people are looked for until there are so many */
	const char *absent; /* the first in turn that was passed over */
	int64_t next_utc_s; /* the soonest instant at which they may be others */
};

static void add(struct found *found, const char *name, const struct source *source)
{
	const struct plan_person *person = plan_person(found->plan, span_of(name));
	const struct plan_person *there = rota_there(found->plan, person, found->utc_s);

	if (there != person && found->absent == NULL)
		found->absent = person->name;
	for (size_t i = 0; i < found->count; i++)
		if (found->people[i] == there)
			return;
	if (there == NULL || found->count == NEEDED_MAX)
		return;
	found->sources[found->count] = *source;
	found->people[found->count++] = there;
}

static void add_turn(struct found *found, const struct source *source)
{
	const struct plan_layer *layer = source->layer;
	int64_t count = (int64_t)layer->member_count;
	int64_t stride = layer->stride > 1 ? (int64_t)layer->stride : 1;
	int64_t first = source->number % count * stride % count;

	if (first < 0)
		first += count;
	for (int64_t i = 0; i < count && found->count < NEEDED_MAX; i++)
		add(found, layer->members[(first + i) % count], source);
}

/* The first layers that have somebody; a lower one only gives what is missing. */
static void from_layers(struct found *found)
{
	const struct plan_rotation *rotation = found->rotation;

	for (size_t i = 0; i <= rotation->layer_count && found->count < found->wanted; i++) {
		struct source source = { .layer = i < rotation->layer_count ? &rotation->layers[i]
									    : &rotation->base };
		int64_t edge;

		if (source.layer->member_count == 0)
			continue;
		if (layer_open(source.layer, found->utc_s, &edge)) {
			source.number = layer_shift(source.layer, found->utc_s, &source.begins,
						    &source.ends);
			edge = when_sooner(edge, source.ends);
			add_turn(found, &source);
		}
		found->next_utc_s = when_sooner(found->next_utc_s, edge);
	}
}

/* Several shifts of a calendar at one time fill the slots in its order. */
static void from_calendar(struct found *found)
{
	const struct rota_calendar *calendar =
		rota_calendar(found->plan->rota, found->rotation->name);
	const struct source source = { 0 };

	for (size_t i = 0; calendar != NULL && i < calendar->span_count; i++) {
		const struct rota_span *span = &calendar->spans[i];

		if (span->from_utc_s > found->utc_s) {
			found->next_utc_s = when_sooner(found->next_utc_s, span->from_utc_s);
			break;
		}
		if (span->until_utc_s <= found->utc_s)
			continue;
		found->next_utc_s = when_sooner(found->next_utc_s, span->until_utc_s);
		add(found, span->person, &source);
	}
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

/* Where the holder of a slot was found; of an override or a shadow, whoever is first in turn. */
static void set_source(struct shift *shift, const struct found *found)
{
	const struct source *source = &found->sources[0];

	for (size_t i = 0; i < found->count; i++)
		if (found->people[i] == shift->person)
			source = &found->sources[i];
	if (found->count == 0)
		return;
	shift->kind = source->layer == NULL ? SHIFT_CALENDAR : SHIFT_LAYER;
	shift->layer = source->layer;
	shift->number = source->number;
	shift->begins_utc_s = source->begins;
	shift->ends_utc_s = source->ends;
}

struct shift schedule_at(const struct plan *plan, const struct plan_rotation *rotation, size_t slot,
			 int64_t utc_s)
{
	struct found found = { .plan = plan,
			       .rotation = rotation,
			       .utc_s = utc_s,
			       .wanted = rotation->slot_count > 0 ? rotation->slot_count : 1,
			       .next_utc_s = rota_edge(plan->rota, rotation->name, utc_s) };
	struct shift shift = { .at_utc_s = utc_s };
	struct held held = { 0 };

	from_calendar(&found);
	from_layers(&found);
	if (slot >= PLAN_SLOTS_MAX || (slot > 0 && slot >= rotation->slot_count)) {
		shift.person = shadow_at(&found, found.sources[0].number);
	} else {
		assign(&found, &held);
		shift.person = held.by[slot];
		shift.override = rota_override(plan, rotation, slot, utc_s);
	}
	set_source(&shift, &found);
	if (shift.override != NULL)
		shift.kind = SHIFT_OVERRIDE;
	if (shift.person == NULL)
		shift.kind = SHIFT_NOBODY;
	shift.next_utc_s = found.next_utc_s;
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
