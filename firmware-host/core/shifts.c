/* Who is on call, and who will be: tocsin who, tocsin schedule. */
#include <string.h>

#include "core/asked.h"
#include "dialplan/schedule.h"

#define DAY_S    86400
#define DAYS     28
#define DAYS_MAX 400
#define ROWS_MAX 20000

static const char *const kinds[] = {
	[SHIFT_NOBODY] = "nobody",
	[SHIFT_LAYER] = "turn",
	[SHIFT_CALENDAR] = "calendar",
	[SHIFT_OVERRIDE] = "override",
};

void asked_local_time(struct jsonw *json, const char *name, const struct zone *zone, int64_t utc_s)
{
	struct buf text = { 0 };

	zone_write(zone, utc_s, &text);
	jsonw_string(json, name, buf_text(&text));
	buf_free(&text);
}

static const char *slot_name(const struct plan_rotation *rotation, size_t slot)
{
	return slot < rotation->slot_count ? rotation->slots[slot] : PLAN_SHADOW;
}

static size_t slots_of(const struct plan_rotation *rotation)
{
	return rotation->slot_count + (rotation->shadow_count > 0);
}

/* ---- who ---- */

static void view_holder(struct jsonw *json, const struct plan_rotation *rotation, size_t slot,
			const struct shift *shift)
{
	jsonw_string(json, "rotation", rotation->name);
	jsonw_string(json, "slot", slot_name(rotation, slot));
	jsonw_string(json, "person", shift->person == NULL ? NULL : shift->person->name);
	jsonw_string(json, "title", shift->person == NULL ? NULL : shift->person->title);
	jsonw_string(json, "by", kinds[shift->kind]);
}

static void view_on_call(struct asked *asked, const struct plan_rotation *rotation, size_t slot,
			 const struct shift *shift, bool why)
{
	const struct plan *plan = asked->g->plan;
	struct jsonw *json = &asked->json;
	int64_t until = schedule_until(plan, rotation, slot, shift);
	struct buf text = { 0 };

	jsonw_object(json, NULL);
	view_holder(json, rotation, slot, shift);
	jsonw_time(json, "until", until == WHEN_NEVER ? 0 : until);
	if (until != WHEN_NEVER) {
		jsonw_int(json, "left_s", until - shift->at_utc_s);
		asked_local_time(json, "until_local", schedule_zone(rotation, shift), until);
	}
	if (why) {
		schedule_why(plan, rotation, shift, &text);
		jsonw_string(json, "why", buf_text(&text));
	}
	jsonw_end_object(json);
	buf_free(&text);
}

void asked_on_call(struct asked *asked, const char *name, int64_t utc_s, bool why)
{
	const struct plan *plan = asked->g->plan;

	jsonw_array(&asked->json, "on_call");
	for (size_t i = 0; i < plan->rotation_count; i++) {
		const struct plan_rotation *rotation = &plan->rotations[i];

		if (name != NULL && strcmp(name, rotation->name) != 0)
			continue;
		for (size_t slot = 0; slot < slots_of(rotation); slot++) {
			struct shift shift = schedule_at(plan, rotation, slot, utc_s);

			view_on_call(asked, rotation, slot, &shift, why);
		}
	}
	jsonw_end_array(&asked->json);
}

int asked_who(struct asked *asked)
{
	const struct plan *plan = asked->g->plan;
	const char *name = asked_get(asked, "rotation");
	int64_t utc_s = asked->now.utc_s;

	if (!asked_time(asked, "at", &utc_s))
		return asked_usage(asked, "--at: want a time such as 2026-11-21T05:07:00Z");
	if (name != NULL && plan_rotation(plan, span_of(name)) == NULL)
		return asked_no_rotation(asked, name);
	jsonw_time(&asked->json, "at", utc_s);
	asked_on_call(asked, name, utc_s, asked_flag(asked, "why"));
	return 0;
}

/* ---- schedule ---- */

struct table { /* what is asked for */
	const char *rotation;
	const char *person;
	int64_t from, until;
	size_t rows;
};

static void view_shift(struct asked *asked, const struct plan_rotation *rotation, size_t slot,
		       const struct shift *shift, int64_t ends, int64_t last)
{
	int64_t until = when_sooner(ends, last);
	struct jsonw *json = &asked->json;
	const struct zone *zone = rotation->base.zone;

	jsonw_object(json, NULL);
	view_holder(json, rotation, slot, shift);
	jsonw_time(json, "from", shift->at_utc_s);
	jsonw_time(json, "until", until);
	jsonw_time(json, "ends", ends == WHEN_NEVER ? 0 : ends);
	jsonw_string(json, "zone", zone_name(zone));
	asked_local_time(json, "from_local", zone, shift->at_utc_s);
	asked_local_time(json, "until_local", zone, until);
	jsonw_end_object(json);
}

static void view_slot(struct asked *asked, const struct plan_rotation *rotation, size_t slot,
		      struct table *table)
{
	const struct plan *plan = asked->g->plan;
	int64_t at = table->from;

	while (at < table->until && table->rows < ROWS_MAX) {
		struct shift shift = schedule_at(plan, rotation, slot, at);
		int64_t ends = schedule_until(plan, rotation, slot, &shift);

		if (table->person == NULL ||
		    (shift.person != NULL &&
		     span_is_nocase(span_of(table->person), shift.person->name))) {
			view_shift(asked, rotation, slot, &shift, ends, table->until);
			table->rows++;
		}
		at = when_sooner(ends, table->until);
	}
}

static void view_changes(struct asked *asked, const struct table *table)
{
	const struct plan *plan = asked->g->plan;
	struct jsonw *json = &asked->json;

	jsonw_array(json, "clock_changes");
	for (size_t i = 0; i < plan->zone_count; i++) {
		const struct zone *zone = plan->zones[i];

		for (const struct zone_change *c = zone_next(zone, table->from);
		     c != NULL && c->utc_s < table->until; c = zone_next(zone, c->utc_s)) {
			jsonw_object(json, NULL);
			jsonw_string(json, "zone", zone->name);
			jsonw_time(json, "at", c->utc_s);
			jsonw_int(json, "offset_s", c->offset_s);
			jsonw_string(json, "abbreviation", c->abbrev);
			jsonw_end_object(json);
		}
	}
	jsonw_end_array(json);
}

static int read_table(struct asked *asked, struct table *table)
{
	const char *days = asked_get(asked, "days");
	int64_t count = DAYS;

	table->rotation = asked_get(asked, "rotation");
	table->person = asked_get(asked, "person");
	table->from = asked->now.utc_s;
	if (table->rotation != NULL &&
	    plan_rotation(asked->g->plan, span_of(table->rotation)) == NULL)
		return asked_no_rotation(asked, table->rotation);
	if (table->person != NULL && plan_person(asked->g->plan, span_of(table->person)) == NULL)
		return asked_no_person(asked, table->person);
	if (!asked_time(asked, "from", &table->from))
		return asked_usage(asked, "--from: want a time such as 2026-11-21T05:07:00Z");
	if (days != NULL && (!span_int(span_of(days), &count) || count < 1 || count > DAYS_MAX))
		return asked_usage(asked, "--days: want 1 to 400");
	table->until = table->from + count * DAY_S;
	if (!asked_time(asked, "until", &table->until))
		return asked_usage(asked, "--until: want a time such as 2026-11-21T05:07:00Z");
	if (table->until <= table->from || table->until - table->from > (int64_t)DAYS_MAX * DAY_S)
		return asked_usage(asked, "--until: want 1 to 400 days behind --from");
	return 0;
}

int asked_schedule(struct asked *asked)
{
	const struct plan *plan = asked->g->plan;
	struct table table = { 0 };
	int status = read_table(asked, &table);

	if (status != 0)
		return status;
	jsonw_string(&asked->json, "gateway", plan->gateway);
	jsonw_time(&asked->json, "made", asked->now.utc_s);
	jsonw_time(&asked->json, "from", table.from);
	jsonw_time(&asked->json, "until", table.until);
	jsonw_array(&asked->json, "shifts");
	for (size_t i = 0; i < plan->rotation_count; i++) {
		const struct plan_rotation *rotation = &plan->rotations[i];

		if (table.rotation != NULL && strcmp(table.rotation, rotation->name) != 0)
			continue;
		for (size_t slot = 0; slot < slots_of(rotation); slot++)
			view_slot(asked, rotation, slot, &table);
	}
	jsonw_end_array(&asked->json);
	if (table.rows >= ROWS_MAX)
		return asked_refuse(asked, "too many shifts for one answer: give --rotation, or "
					   "fewer --days");
	view_changes(asked, &table);
	return 0;
}
