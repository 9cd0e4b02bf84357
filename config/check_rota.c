#include <string.h>

#include "config/check.h"

/* What can be said of one layer, a rotation's own or one above it. */
static void check_turns(struct walk *walk, const struct note *note, const struct plan_layer *layer)
{
	size_t stride = layer->stride > 0 ? layer->stride : 1;

	if (layer->member_count > stride && layer->starts_s == 0)
		findings_add(
			&walk->errors, note->line,
			"%s.starts is missing, want a handover: from then the first member has "
			"the first slot",
			note->key->path);
}

static void check_slots(struct walk *walk, const struct note *note,
			const struct plan_rotation *rotation)
{
	if (rotation->base.member_count > 0 && rotation->slot_count > rotation->base.member_count)
		findings_add(&walk->warnings, note->line,
			     "rotation \"%s\" has %zu slots but %zu members: somebody holds two, "
			     "so the next step pages the same phone",
			     rotation->name, rotation->slot_count, rotation->base.member_count);
	for (size_t i = 0; i < rotation->slot_count; i++)
		if (rotation->shadow_count > 0 && strcmp(rotation->slots[i], PLAN_SHADOW) == 0)
			findings_add(&walk->errors, note->line,
				     "rotations.slots: \"" PLAN_SHADOW
				     "\" is the slot of the shadows, want another name");
}

/* The carrier of every number that this person has; NULL: several, or not said. */
static const char *carrier_of(const struct plan_person *person)
{
	for (size_t i = 0; i < person->number_count; i++)
		if (strcmp(person->numbers[i].carrier, person->numbers[0].carrier) != 0)
			return NULL;
	return person->number_count > 0 && person->numbers[0].carrier[0] != '\0'
		       ? person->numbers[0].carrier
		       : NULL;
}

/* Everybody of a rotation with one carrier is out of reach on the day of its outage. */
static void check_carriers(struct walk *walk, const struct note *note,
			   const struct plan_rotation *rotation)
{
	const char *all = NULL;

	for (size_t i = 0; i < rotation->base.member_count; i++) {
		const struct plan_person *person =
			plan_person(&walk->draft.plan, span_of(rotation->base.members[i]));
		const char *carrier = person == NULL ? NULL : carrier_of(person);

		if (carrier == NULL || (all != NULL && strcmp(all, carrier) != 0))
			return;
		all = carrier;
	}
	if (all != NULL)
		findings_add(
			&walk->warnings, note->line,
			"rotation \"%s\": everybody has numbers of %s alone: its outage reaches "
			"nobody",
			rotation->name, all);
}

void check_rotation(struct walk *walk, const struct note *note)
{
	const struct plan_rotation *rotation = note->of;
	const struct plan_layer *base = &rotation->base;

	if (base->members == NULL && rotation->layer_count == 0 && rotation->calendar[0] == '\0')
		findings_add(&walk->errors, note->line,
			     "rotations.members is missing, want its people, in turn");
	check_turns(walk, note, base);
	check_slots(walk, note, rotation);
	check_carriers(walk, note, rotation);
}

void check_layer(struct walk *walk, const struct note *note)
{
	const struct plan_layer *layer = note->of;

	if (layer->members == NULL)
		findings_add(&walk->errors, note->line,
			     "rotations.layers.members is missing, want its people, in turn");
	check_turns(walk, note, layer);
}
