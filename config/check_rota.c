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

static bool place_good(const char *place)
{
	struct span s = span_of(place);

	return s.len == 0 || span_starts(s, "/") || span_starts(s, "http://") ||
	       span_starts(s, "https://") || span_starts(s, "webcal://");
}

void check_rotation(struct walk *walk, const struct note *note)
{
	const struct plan_rotation *rotation = note->of;
	const struct plan_layer *base = &rotation->base;

	if (base->members == NULL && rotation->layer_count == 0 && rotation->calendar[0] == '\0')
		findings_add(&walk->errors, note->line,
			     "rotations.members is missing, want its people, in turn");
	if (!place_good(rotation->calendar))
		findings_add(
			&walk->errors, note->line,
			"rotations.calendar: \"%.60s\", want a path that begins with /, or a URL "
			"that begins with http://, https:// or webcal://",
			rotation->calendar);
	check_turns(walk, note, base);
	check_slots(walk, note, rotation);
}

void check_layer(struct walk *walk, const struct note *note)
{
	const struct plan_layer *layer = note->of;

	if (layer->members == NULL)
		findings_add(&walk->errors, note->line,
			     "rotations.layers.members is missing, want its people, in turn");
	check_turns(walk, note, layer);
}
