/* What people change on the rota by hand: tocsin override, tocsin absent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/asked.h"
#include "dialplan/coverage.h"
#include "dialplan/moment.h"

#define LONGEST_S (400 * INT64_C(86400))
#define BEFORE_S  1209600

static const char *const kinds[ROTA_KINDS] = { "none", "override", "absence", "beside" };

static void view_entry(struct asked *asked, const char *name, const struct rota_entry *entry)
{
	const struct zone *zone = asked->g->plan->zone;
	struct jsonw *json = &asked->json;
	char id[24];

	snprintf(id, sizeof id, "r%lld", (long long)entry->id);
	jsonw_object(json, name);
	jsonw_string(json, "id", id);
	jsonw_string(json, "kind", kinds[entry->kind]);
	if (entry->kind == ROTA_OVERRIDE) {
		jsonw_string(json, "rotation", entry->rotation);
		jsonw_string(json, "slot", entry->slot);
	}
	jsonw_string(json, "person", entry->person);
	jsonw_string(json, "cover", entry->cover[0] == '\0' ? NULL : entry->cover);
	jsonw_time(json, "from", entry->from_utc_s);
	jsonw_time(json, "until", entry->until_utc_s);
	asked_local_time(json, "from_local", zone, entry->from_utc_s);
	asked_local_time(json, "until_local", zone, entry->until_utc_s);
	jsonw_string(json, "by", entry->by);
	jsonw_string(json, "reason", entry->reason[0] == '\0' ? NULL : entry->reason);
	jsonw_end_object(json);
}

static int list(struct asked *asked, enum rota_kind kind)
{
	const struct rota *rota = &asked->g->rota;

	jsonw_array(&asked->json, "changes");
	for (size_t i = 0; i < rota->entry_count; i++)
		if (rota->entries[i].kind == kind &&
		    rota->entries[i].until_utc_s > asked->now.utc_s)
			view_entry(asked, NULL, &rota->entries[i]);
	jsonw_end_array(&asked->json);
	return 0;
}

/* "ada has platform.primary from 2026-11-30T10:00:00Z to 2026-12-01T10:00:00Z: swapped" */
static void record(struct asked *asked, const struct rota_entry *entry, const char *event)
{
	char from[32];
	char until[32];
	char text[420];
	char what[80] = "is absent";

	jsonw_rfc3339(entry->from_utc_s, from);
	jsonw_rfc3339(entry->until_utc_s, until);
	if (entry->kind == ROTA_OVERRIDE)
		snprintf(what, sizeof what, "has %s.%s", entry->rotation, entry->slot);
	snprintf(text, sizeof text, "r%lld by %s: %s %s from %s to %s%s%s", (long long)entry->id,
		 asked->request->peer, entry->person, what, from, until,
		 entry->reason[0] == '\0' ? "" : ": ", entry->reason);
	ledger_record(asked->g, asked->now, event, (struct about){ .person = entry->person }, text);
}

/* 0, or STATUS_REFUSED: memory. */
static int put(struct asked *asked, struct rota_entry *entry)
{
	entry->id = ++asked->g->last_rota;
	entry->made_utc_s = asked->now.utc_s;
	span_copy(span_of(asked->request->peer), entry->by, sizeof entry->by);
	if (rota_put(&asked->g->rota, entry) < 0)
		return asked_refuse(asked, "out of memory");
	ledger_rota(asked->g, entry, asked->now);
	record(asked, entry, entry->kind == ROTA_OVERRIDE ? "rota.override" : "rota.absent");
	asked->g->absence_due = 0;
	handover_look(asked->g);
	asked->accepts = true;
	return 0;
}

static int end(struct asked *asked, enum rota_kind kind)
{
	struct rota *rota = &asked->g->rota;
	struct span name = span_of(asked_get(asked, "end"));
	int64_t id = 0;

	if (span_starts(name, "r") || span_starts(name, "R"))
		name = span_skip(name, 1);
	if (!span_int(name, &id))
		id = 0;
	for (size_t i = 0; i < rota->entry_count; i++) {
		struct rota_entry entry = rota->entries[i];

		if (entry.id != id || entry.kind != kind)
			continue;
		entry.ended_utc_s = asked->now.utc_s;
		rota_put(rota, &entry);
		ledger_rota(asked->g, &entry, asked->now);
		record(asked, &entry, "rota.ended");
		handover_look(asked->g);
		view_entry(asked, "ended", &entry);
		asked->accepts = true;
		return 0;
	}
	err_set(&asked->err, ERR_INVALID, "no %s \"%.20s\": see tocsin %s", kinds[kind],
		asked_get(asked, "end"), asked->request->name);
	return STATUS_USAGE;
}

/* A time to come, counted from `now`.  False: said. */
static bool read_moment(struct asked *asked, const char *key, int64_t now, int64_t *utc_s)
{
	const char *text = asked_get(asked, key);

	if (text == NULL || moment_read(asked->g->plan, span_of(text), now, utc_s))
		return true;
	err_set(&asked->err, ERR_INVALID,
		"--%s: \"%.40s\": want a time to come: 2h, mon 09:00, 2026-12-01 09:00", key, text);
	return false;
}

/* --from (now), and either --until or, counted from there, --for. */
static int read_times(struct asked *asked, struct rota_entry *entry)
{
	bool until = asked_get(asked, "until") != NULL;

	entry->from_utc_s = asked->now.utc_s;
	if (until == (asked_get(asked, "for") != NULL))
		return asked_usage(asked, "until when? give --until TIME or --for 2h");
	if (!read_moment(asked, "from", asked->now.utc_s, &entry->from_utc_s) ||
	    !read_moment(asked, until ? "until" : "for",
			 until ? asked->now.utc_s : entry->from_utc_s, &entry->until_utc_s))
		return STATUS_USAGE;
	if (entry->until_utc_s <= entry->from_utc_s)
		return asked_usage(asked, "--until: want a time behind --from");
	if (entry->until_utc_s - entry->from_utc_s > LONGEST_S)
		return asked_usage(asked, "--until: want at most 400 days; longer changes belong "
					  "into the configuration");
	return 0;
}

static int read_reason(struct asked *asked, struct rota_entry *entry)
{
	if (span_copy(span_of(asked_get(asked, "reason")), entry->reason, sizeof entry->reason))
		return 0;
	return asked_usage(asked, "--reason: more than 127 bytes, shorten it");
}

static int read_person(struct asked *asked, const char *key, struct rota_entry *entry)
{
	const char *name = asked_get(asked, key);
	const struct plan_person *person;

	if (name == NULL)
		return asked_usage(asked, "who? give the person's name");
	person = plan_person(asked->g->plan, span_of(name));
	if (person == NULL)
		return asked_no_person(asked, name);
	span_copy(span_of(person->name), entry->person, sizeof entry->person);
	return 0;
}

/* ---- override ---- */

static int read_slot(struct asked *asked, struct rota_entry *entry,
		     const struct plan_rotation **rotation)
{
	const struct plan *plan = asked->g->plan;
	const char *name = asked_get(asked, "rotation");
	const char *slot = asked_get(asked, "slot");
	int index;

	if (name == NULL)
		name = plan->default_rotation;
	*rotation = plan_rotation(plan, span_of(name));
	if (*rotation == NULL)
		return asked_no_rotation(asked, name);
	index = plan_slot(*rotation, span_of(slot));
	if (index < 0 || (size_t)index >= (*rotation)->slot_count) {
		err_set(&asked->err, ERR_INVALID, "%s has no slot \"%.31s\": see tocsin who", name,
			slot == NULL ? "" : slot);
		return STATUS_USAGE;
	}
	span_copy(span_of((*rotation)->name), entry->rotation, sizeof entry->rotation);
	span_copy(span_of((*rotation)->slots[index]), entry->slot, sizeof entry->slot);
	return 0;
}

/* Nothing is handed to somebody who is away in that time. */
static int refuse_absent(struct asked *asked, const struct rota_entry *wanted)
{
	const struct rota *rota = &asked->g->rota;

	for (size_t i = 0; i < rota->entry_count; i++) {
		const struct rota_entry *entry = &rota->entries[i];
		char from[32];
		char until[32];

		if (entry->kind != ROTA_ABSENCE || strcmp(entry->person, wanted->person) != 0 ||
		    entry->from_utc_s >= wanted->until_utc_s ||
		    entry->until_utc_s <= wanted->from_utc_s)
			continue;
		jsonw_rfc3339(entry->from_utc_s, from);
		jsonw_rfc3339(entry->until_utc_s, until);
		err_set(&asked->err, ERR_REFUSED,
			"%s is absent from %s to %s (r%lld): choose somebody else", entry->person,
			from, until, (long long)entry->id);
		return STATUS_REFUSED;
	}
	return 0;
}

static int put_override(struct asked *asked, struct rota_entry *entry)
{
	int status = refuse_absent(asked, entry);

	if (status == 0)
		status = put(asked, entry);
	if (status == 0)
		view_entry(asked, NULL, entry);
	return status;
}

/* Since when the same person holds a slot; looked for from the beginning of the shift, else of two weeks. */
static int64_t held_since(const struct plan *plan, const struct plan_rotation *rotation,
			  size_t slot, const struct shift *shift)
{
	const struct plan_person *last = NULL;
	int64_t since = shift->at_utc_s;
	int64_t at = shift->at_utc_s - BEFORE_S;

	if (shift->kind == SHIFT_LAYER && shift->begins_utc_s > shift->at_utc_s - LONGEST_S)
		at = shift->begins_utc_s;
	while (at <= shift->at_utc_s) {
		struct shift then = schedule_at(plan, rotation, slot, at);

		if (then.person != last)
			since = at;
		last = then.person;
		at = then.next_utc_s;
	}
	return since;
}

/* The shift at an instant, or what is left of it, as an override of whoever has it. */
static bool shift_as_entry(const struct asked *asked, const struct plan_rotation *rotation,
			   const struct rota_entry *slot, int64_t at, struct rota_entry *entry)
{
	const struct plan *plan = asked->g->plan;
	size_t index = (size_t)plan_slot(rotation, span_of(slot->slot));
	struct shift shift = schedule_at(plan, rotation, index, at);

	if (shift.person == NULL)
		return false;
	*entry = *slot;
	span_copy(span_of(shift.person->name), entry->person, sizeof entry->person);
	entry->from_utc_s = held_since(plan, rotation, index, &shift);
	if (entry->from_utc_s < asked->now.utc_s)
		entry->from_utc_s = asked->now.utc_s;
	entry->until_utc_s = schedule_until(plan, rotation, index, &shift);
	return entry->until_utc_s != WHEN_NEVER;
}

/* Two shifts of one slot change hands. */
static int swap(struct asked *asked, const struct plan_rotation *rotation,
		const struct rota_entry *slot)
{
	struct rota_entry one;
	struct rota_entry other;
	char person[PLAN_NAME];
	int64_t first = asked->now.utc_s;
	int64_t second = first;
	int status;

	if (!read_moment(asked, "from", asked->now.utc_s, &first) ||
	    !read_moment(asked, "swap", asked->now.utc_s, &second))
		return STATUS_USAGE;
	if (!shift_as_entry(asked, rotation, slot, first, &one) ||
	    !shift_as_entry(asked, rotation, slot, second, &other))
		return asked_refuse(asked, "nobody has a shift that ends at one of these times");
	if (strcmp(one.person, other.person) == 0) {
		err_set(&asked->err, ERR_REFUSED, "%s has both of these shifts: nothing to swap",
			one.person);
		return STATUS_REFUSED;
	}
	span_copy(span_of(one.person), person, sizeof person);
	span_copy(span_of(other.person), one.person, sizeof one.person);
	span_copy(span_of(person), other.person, sizeof other.person);
	if (refuse_absent(asked, &one) != 0 || refuse_absent(asked, &other) != 0)
		return STATUS_REFUSED;
	jsonw_array(&asked->json, "changes");
	status = put_override(asked, &one);
	if (status == 0)
		status = put_override(asked, &other);
	jsonw_end_array(&asked->json);
	return status;
}

static bool any_given(const struct asked *asked)
{
	return asked_get(asked, "person") != NULL || asked_get(asked, "until") != NULL ||
	       asked_get(asked, "for") != NULL || asked_get(asked, "slot") != NULL;
}

int asked_override(struct asked *asked)
{
	struct rota_entry entry = { .kind = ROTA_OVERRIDE };
	const struct plan_rotation *rotation = NULL;
	int status;

	if (asked_get(asked, "end") != NULL)
		return end(asked, ROTA_OVERRIDE);
	if (asked_get(asked, "swap") == NULL && !any_given(asked))
		return list(asked, ROTA_OVERRIDE);
	status = read_slot(asked, &entry, &rotation);
	if (status == 0)
		status = read_reason(asked, &entry);
	if (status == 0 && asked_get(asked, "swap") != NULL)
		return swap(asked, rotation, &entry);
	if (status == 0)
		status = read_person(asked, "person", &entry);
	if (status == 0)
		status = read_times(asked, &entry);
	if (status == 0)
		status = refuse_absent(asked, &entry);
	if (status != 0)
		return status;
	jsonw_array(&asked->json, "changes");
	status = put_override(asked, &entry);
	jsonw_end_array(&asked->json);
	return status;
}

/* ---- absent ---- */

/* What must not be left without anybody: the rotations, then the operators and the catch-all. */
static const char *const lists[] = { "the operators", "the catch-all" };

static bool hole_in(const struct plan *plan, size_t what, int64_t from, int64_t until,
		    struct hole *hole)
{
	const struct plan_targets *const targets[] = { &plan->operators, &plan->catch_all };

	if (what < plan->rotation_count)
		return !plan->rotations[what].gaps &&
		       coverage_hole(plan, &plan->rotations[what], 0, from, until, hole);
	return coverage_targets_hole(plan, targets[what - plan->rotation_count], from, until, hole);
}

/* A hole that the absence makes: one that was there without it does not keep them. */
static bool new_hole(struct gateway *g, const struct rota *with, size_t what,
		     const struct rota_entry *entry, struct hole *hole)
{
	int64_t at = entry->from_utc_s;
	bool found = false;

	while (!found && at < entry->until_utc_s) {
		struct hole before;

		g->plan->rota = with;
		found = hole_in(g->plan, what, at, entry->until_utc_s, hole);
		g->plan->rota = &g->rota;
		if (!found)
			break;
		at = hole->until_utc_s;
		found = !hole_in(g->plan, what, hole->from_utc_s, hole->from_utc_s + 1, &before);
	}
	return found;
}

static int refuse_hole(struct asked *asked, const struct rota_entry *entry)
{
	struct gateway *g = asked->g;
	size_t count = g->rota.entry_count;
	struct rota with = g->rota;
	struct hole hole = { 0 };
	char at[32];
	size_t what = 0;
	size_t all = g->plan->rotation_count + COUNT_OF(lists);

	with.entries = malloc((count + 1) * sizeof *with.entries);
	if (with.entries == NULL)
		return asked_refuse(asked, "out of memory");
	if (count > 0)
		memcpy(with.entries, g->rota.entries, count * sizeof *with.entries);
	with.entries[count] = *entry;
	with.entry_count++;
	while (what < all && !new_hole(g, &with, what, entry, &hole))
		what++;
	free(with.entries);
	if (what == all)
		return 0;
	jsonw_rfc3339(hole.from_utc_s, at);
	err_set(&asked->err, ERR_REFUSED,
		"nobody would be left for %s from %s: say who takes over with --cover PERSON",
		what < g->plan->rotation_count ? g->plan->rotations[what].name
					       : lists[what - g->plan->rotation_count],
		at);
	return STATUS_REFUSED;
}

static int read_cover(struct asked *asked, struct rota_entry *away)
{
	struct rota_entry by = *away;
	int status;

	if (asked_get(asked, "cover") == NULL)
		return 0;
	status = read_person(asked, "cover", &by);
	if (status == 0 && strcmp(by.person, away->person) == 0)
		return asked_usage(asked, "--cover: want somebody else");
	if (status == 0)
		status = refuse_absent(asked, &by);
	span_copy(span_of(by.person), away->cover, sizeof away->cover);
	return status;
}

int asked_absent(struct asked *asked)
{
	struct rota_entry entry = { .kind = ROTA_ABSENCE };
	int status;

	if (asked_get(asked, "end") != NULL)
		return end(asked, ROTA_ABSENCE);
	if (asked_get(asked, "person") == NULL)
		return list(asked, ROTA_ABSENCE);
	status = read_person(asked, "person", &entry);
	if (status == 0)
		status = read_reason(asked, &entry);
	if (status == 0)
		status = read_times(asked, &entry);
	if (status == 0)
		status = read_cover(asked, &entry);
	if (status == 0)
		status = refuse_hole(asked, &entry);
	if (status != 0)
		return status;
	jsonw_array(&asked->json, "changes");
	status = put(asked, &entry);
	if (status == 0)
		view_entry(asked, NULL, &entry);
	jsonw_end_array(&asked->json);
	return status;
}
