#include <stdlib.h>
#include <string.h>

#include "config/value.h"

#define DAY_S INT64_C(86400)

_Static_assert(offsetof(struct plan_layer, zone) == 0, "a key names a layer by its zone");

static struct plan_layer *layer_of(const struct place *place)
{
	return value_field(place, place->key->at);
}

/* ---- zones ------------------------------------------------------------- */

static struct zone_change utc_change = { .utc_s = INT64_MIN, .abbrev = "UTC" };
static const struct zone utc = { "UTC", &utc_change, 1 };

/* One table a zone, however often it is named. */
static const struct zone *zone_named(struct walk *walk, const char *name, struct err *err)
{
	struct plan *plan = &walk->draft.plan;
	struct zone **grown;
	struct zone *zone = NULL;

	if (strcmp(name, "UTC") == 0)
		return &utc;
	for (size_t i = 0; i < plan->zone_count; i++)
		if (strcmp(plan->zones[i]->name, name) == 0)
			return plan->zones[i];
	if (walk->source->zone == NULL) {
		err_set(err, ERR_INVALID, "\"%.60s\": there is no zone data, want \"UTC\"", name);
		return NULL;
	}
	// NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers
	grown = realloc(plan->zones, (plan->zone_count + 1) * sizeof *grown);
	if (grown == NULL) {
		walk->errors.lost = true;
		return NULL;
	}
	plan->zones = grown;
	if (walk->source->zone(&zone, name, err) < 0)
		return NULL;
	plan->zones[plan->zone_count++] = zone;
	return zone;
}

void rota_read_zone(const struct place *place)
{
	struct err err = { 0 };
	const struct zone *zone;
	struct span text;

	if (!value_text(place, place->setting, &text))
		return;
	zone = zone_named(place->walk, text.at, &err);
	if (zone == NULL && err.code != ERR_NONE)
		findings_add(&place->walk->errors, walk_line(place->walk, place->setting), "%s: %s",
			     place->key->path, err.text);
	memcpy(value_field(place, place->key->at), &zone, sizeof(void *));
}

/* ---- turns ------------------------------------------------------------- */

/* One shift's people.  False: said. */
static bool read_turn(const struct place *place, config_setting_t *turn, struct plan_layer *layer)
{
	int type = config_setting_type(turn);
	size_t count = (size_t)config_setting_length(turn);

	if ((type != CONFIG_TYPE_ARRAY && type != CONFIG_TYPE_LIST) || count == 0 ||
	    count > PLAN_SLOTS_MAX || (layer->stride != 0 && layer->stride != count)) {
		walk_wants(place, turn, place->key->range);
		return false;
	}
	layer->stride = count;
	for (size_t i = 0; i < count; i++) {
		char *name = layer->members[layer->member_count];

		if (!value_put_name(place, config_setting_get_elem(turn, (unsigned)i), name,
				    PLAN_NAME))
			return false;
		layer->member_count++;
	}
	return true;
}

void rota_read_turns(const struct place *place)
{
	struct plan_layer *layer = layer_of(place);
	int count = value_length(place);

	if (count < 0)
		return;
	if (layer->members != NULL) {
		walk_wants(place, place->setting, "either members or turns");
		return;
	}
	layer->members = calloc((size_t)count * PLAN_SLOTS_MAX, PLAN_NAME);
	if (layer->members == NULL) {
		place->walk->errors.lost = true;
		return;
	}
	for (int i = 0; i < count; i++)
		if (!read_turn(place, config_setting_get_elem(place->setting, (unsigned)i), layer))
			return;
}

/* ---- times ------------------------------------------------------------- */

#define MONTHS_MAX 24

void rota_read_shift(const struct place *place)
{
	struct plan_layer *layer = layer_of(place);
	struct span text;
	int64_t seconds;
	int64_t months;

	if (!value_text(place, place->setting, &text))
		return;
	if (!value_shift(text, &seconds, &months) ||
	    (months == 0 && (seconds < place->key->min || seconds > place->key->max)) ||
	    months > MONTHS_MAX) {
		walk_wants(place, place->setting, place->key->range);
		return;
	}
	layer->shift_s = seconds;
	layer->shift_months = months;
}

/* "08:00" as seconds; up to "24:00". */
static bool clock_time(struct span text, int64_t *seconds)
{
	int64_t hour;
	int64_t minute;

	if (text.len != 5 || text.at[2] != ':' || !span_int((struct span){ text.at, 2 }, &hour) ||
	    !span_int(span_skip(text, 3), &minute) || hour < 0 || minute < 0 || minute > 59)
		return false;
	*seconds = hour * 3600 + minute * 60;
	return *seconds <= DAY_S;
}

void rota_read_hours(const struct place *place)
{
	struct plan_layer *layer = layer_of(place);
	struct span text;
	struct span opens;

	if (!value_text(place, place->setting, &text))
		return;
	opens = span_cut(&text, '-');
	if (!clock_time(opens, &layer->open_s) || !clock_time(text, &layer->shut_s) ||
	    layer->open_s == layer->shut_s || layer->open_s == DAY_S) {
		walk_wants(place, place->setting, place->key->range);
		return;
	}
	if (layer->shut_s < layer->open_s)
		layer->shut_s += DAY_S;
	layer->windows = true;
}

/* Two seconds of the day, side by side. */
void rota_read_waking(const struct place *place)
{
	struct span text;
	struct span from;
	int64_t hours[2];

	if (!value_text(place, place->setting, &text))
		return;
	from = span_cut(&text, '-');
	if (!clock_time(from, &hours[0]) || !clock_time(text, &hours[1]) || hours[0] == DAY_S)
		walk_wants(place, place->setting, place->key->range);
	else
		memcpy(value_field(place, place->key->at), hours, sizeof hours);
}

void rota_read_handover(const struct place *place)
{
	static const struct {
		const char *word;
		enum plan_handover handover;
	} words[] = {
		{ "told", PLAN_HANDOVER_TOLD },
		{ "ack", PLAN_HANDOVER_ACK },
		{ "none", PLAN_HANDOVER_NONE },
	};
	struct span text;
	size_t i = 0;

	if (!value_text(place, place->setting, &text))
		return;
	while (i < COUNT_OF(words) && !span_is(text, words[i].word))
		i++;
	if (i == COUNT_OF(words))
		walk_wants(place, place->setting, place->key->range);
	else
		memcpy(value_field(place, place->key->at), &words[i].handover,
		       sizeof words[i].handover);
}

void rota_read_days(const struct place *place)
{
	static const char *const names[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
	struct plan_layer *layer = layer_of(place);
	int count = value_length(place);

	for (int i = 0; i < count; i++) {
		config_setting_t *setting = config_setting_get_elem(place->setting, (unsigned)i);
		struct span text;
		size_t day = 0;

		if (!value_text(place, setting, &text))
			continue;
		while (day < COUNT_OF(names) && !span_is(text, names[day]))
			day++;
		if (day == COUNT_OF(names))
			walk_wants(place, setting, place->key->range);
		else
			layer->days |= UINT32_C(1) << day;
	}
	if (!layer->windows)
		layer->shut_s = DAY_S;
	layer->windows = true;
}
