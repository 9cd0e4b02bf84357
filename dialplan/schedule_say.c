/* schedule_say.c - why somebody holds a slot, in words. */
#include "dialplan/schedule.h"

#define NAMED_MAX 6 /* of a layer's people */

const struct zone *schedule_zone(const struct plan_rotation *rotation, const struct shift *shift)
{
	return shift->layer != NULL ? shift->layer->zone : rotation->base.zone;
}

static void say_clock(const struct plan_layer *layer, struct buf *out)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

	buf_addf(out, ", %02d:%02d-%02d:%02d", (int)(layer->open_s / 3600),
		 (int)(layer->open_s / 60 % 60), (int)(layer->shut_s / 3600 % 24),
		 (int)(layer->shut_s / 60 % 60));
	if (layer->days == 0)
		buf_add_text(out, " every day");
	for (size_t day = 0; day < COUNT_OF(days); day++)
		if ((layer->days >> day & 1u) != 0)
			buf_addf(out, " %s", days[day]);
}

static void say_layer(const struct plan_rotation *rotation, const struct shift *shift,
		      struct buf *out)
{
	const struct plan_layer *layer = shift->layer;

	if (layer == &rotation->base)
		buf_add_text(out, "by turns of ");
	else
		buf_addf(out, "layer %d: by turns of ", (int)(layer - rotation->layers) + 1);
	for (size_t i = 0; i < layer->member_count && i < NAMED_MAX; i++)
		buf_addf(out, "%s%s", i == 0 ? "" : ", ", layer->members[i]);
	if (layer->member_count > NAMED_MAX)
		buf_addf(out, " and %zu more", layer->member_count - NAMED_MAX);
	if (layer->windows)
		say_clock(layer, out);
	if (layer->member_count > 1) {
		buf_addf(out, "; shift %lld from ", (long long)shift->number);
		zone_write(layer->zone, shift->begins_utc_s, out);
		buf_add_text(out, " to ");
		zone_write(layer->zone, shift->ends_utc_s, out);
	}
	buf_addf(out, " (%s)", zone_name(layer->zone));
}

static void say_override(const struct plan_rotation *rotation, const struct shift *shift,
			 struct buf *out)
{
	const struct rota_entry *entry = shift->override;

	buf_addf(out, "override r%lld by %s from ", (long long)entry->id, entry->by);
	zone_write(schedule_zone(rotation, shift), entry->from_utc_s, out);
	buf_add_text(out, " to ");
	zone_write(schedule_zone(rotation, shift), entry->until_utc_s, out);
	if (entry->reason[0] != '\0')
		buf_addf(out, ": %s", entry->reason);
}

void schedule_why(const struct plan *plan, const struct plan_rotation *rotation,
		  const struct shift *shift, struct buf *out)
{
	const struct rota_calendar *calendar = rota_calendar(plan->rota, rotation->name);

	switch (shift->kind) {
	case SHIFT_OVERRIDE:
		say_override(rotation, shift, out);
		break;
	case SHIFT_LAYER:
		say_layer(rotation, shift, out);
		break;
	case SHIFT_CALENDAR:
		buf_add_text(out, "the calendar, read ");
		zone_write(schedule_zone(rotation, shift),
			   calendar == NULL ? 0 : calendar->read_utc_s, out);
		break;
	case SHIFT_NOBODY:
		buf_add_text(out, "no layer has its hours now, or all its people are absent");
		break;
	}
	if (shift->absent != NULL && shift->kind != SHIFT_OVERRIDE)
		buf_addf(out, "; %s is absent", shift->absent);
}
