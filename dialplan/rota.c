#include "dialplan/rota.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

void rota_deinit(struct rota *rota)
{
	for (size_t i = 0; i < rota->calendar_count; i++)
		free(rota->calendars[i].spans);
	free(rota->calendars);
	free(rota->entries);
	*rota = (struct rota){ 0 };
}

struct rota_entry *rota_entry_copy(const struct rota_entry *entry)
{
	struct rota_entry *copy = malloc(sizeof *copy);

	if (copy != NULL)
		*copy = *entry;
	return copy;
}

struct rota_calendar *rota_calendar_copy(const struct rota_calendar *calendar)
{
	struct rota_calendar *copy = malloc(sizeof *copy);

	if (copy == NULL)
		return NULL;
	*copy = *calendar;
	copy->spans = calloc(calendar->span_count + 1, sizeof *copy->spans);
	if (copy->spans == NULL) {
		free(copy);
		return NULL;
	}
	if (calendar->span_count > 0)
		memcpy(copy->spans, calendar->spans, calendar->span_count * sizeof *copy->spans);
	return copy;
}

void rota_calendar_free(struct rota_calendar *calendar)
{
	if (calendar != NULL)
		free(calendar->spans);
	free(calendar);
}

static bool holds(const struct rota_entry *entry, int64_t utc_s)
{
	return entry->from_utc_s <= utc_s && utc_s < entry->until_utc_s;
}

const struct rota_entry *rota_absent(const struct rota *rota, const char *person, int64_t utc_s)
{
	for (size_t i = 0; rota != NULL && i < rota->entry_count; i++) {
		const struct rota_entry *entry = &rota->entries[i];

		if (entry->kind == ROTA_ABSENCE && holds(entry, utc_s) &&
		    span_is_nocase(span_of(person), entry->person))
			return entry;
	}
	return NULL;
}

#define COVERS_MAX 4 /* whose cover is away too */

const struct plan_person *rota_there(const struct plan *plan, const struct plan_person *person,
				     int64_t utc_s)
{
	for (int i = 0; person != NULL && i < COVERS_MAX; i++) {
		const struct rota_entry *away = rota_absent(plan->rota, person->name, utc_s);

		if (away == NULL)
			return person;
		person = plan_person(plan, span_of(away->cover));
	}
	return NULL;
}

const struct rota_entry *rota_override(const struct plan *plan,
				       const struct plan_rotation *rotation, size_t slot,
				       int64_t utc_s)
{
	const struct rota *rota = plan->rota;

	for (size_t i = rota == NULL ? 0 : rota->entry_count; i > 0; i--) {
		const struct rota_entry *entry = &rota->entries[i - 1];

		if (entry->kind == ROTA_OVERRIDE && holds(entry, utc_s) &&
		    strcmp(entry->rotation, rotation->name) == 0 &&
		    plan_slot(rotation, span_of(entry->slot)) == (int)slot &&
		    plan_person(plan, span_of(entry->person)) != NULL &&
		    rota_absent(rota, entry->person, utc_s) == NULL)
			return entry;
	}
	return NULL;
}

const struct rota_entry *rota_beside(const struct plan *plan, const struct plan_rotation *rotation,
				     size_t slot, int64_t utc_s, const struct rota_entry *entry)
{
	const struct rota *rota = plan->rota;
	size_t at = entry == NULL || rota == NULL ? 0 : (size_t)(entry - rota->entries) + 1;

	for (; rota != NULL && at < rota->entry_count; at++) {
		entry = &rota->entries[at];
		if (entry->kind == ROTA_BESIDE && holds(entry, utc_s) &&
		    strcmp(entry->rotation, rotation->name) == 0 &&
		    plan_slot(rotation, span_of(entry->slot)) == (int)slot &&
		    rota_absent(rota, entry->person, utc_s) == NULL)
			return entry;
	}
	return NULL;
}

const struct rota_calendar *rota_calendar(const struct rota *rota, const char *rotation)
{
	for (size_t i = 0; rota != NULL && i < rota->calendar_count; i++)
		if (strcmp(rota->calendars[i].rotation, rotation) == 0)
			return &rota->calendars[i];
	return NULL;
}

int64_t rota_edge(const struct rota *rota, const char *rotation, int64_t utc_s)
{
	int64_t edge = WHEN_NEVER;

	for (size_t i = 0; rota != NULL && i < rota->entry_count; i++) {
		const struct rota_entry *entry = &rota->entries[i];

		if (entry->kind == ROTA_BESIDE ||
		    (entry->kind == ROTA_OVERRIDE && strcmp(entry->rotation, rotation) != 0))
			continue;
		if (entry->from_utc_s > utc_s)
			edge = when_sooner(edge, entry->from_utc_s);
		else if (entry->until_utc_s > utc_s)
			edge = when_sooner(edge, entry->until_utc_s);
	}
	return edge;
}

int rota_put(struct rota *rota, const struct rota_entry *entry)
{
	size_t at = 0;

	while (at < rota->entry_count && rota->entries[at].id < entry->id)
		at++;
	if (at < rota->entry_count && rota->entries[at].id == entry->id) {
		rota->entries[at] = *entry;
		if (entry->ended_utc_s == 0)
			return 0;
		rota->entry_count--;
		memmove(&rota->entries[at], &rota->entries[at + 1],
			(rota->entry_count - at) * sizeof *rota->entries);
		return 0;
	}
	if (entry->ended_utc_s != 0)
		return 0;
	if (array_grow(&rota->entries, &rota->entry_cap, rota->entry_count + 1,
		       sizeof *rota->entries) < 0)
		return -1;
	memmove(&rota->entries[at + 1], &rota->entries[at],
		(rota->entry_count - at) * sizeof *rota->entries);
	rota->entries[at] = *entry;
	rota->entry_count++;
	return 0;
}

int rota_put_calendar(struct rota *rota, struct rota_calendar *calendar)
{
	size_t at = 0;

	while (at < rota->calendar_count &&
	       strcmp(rota->calendars[at].rotation, calendar->rotation) != 0)
		at++;
	if (at == rota->calendar_count) {
		if (array_grow(&rota->calendars, &rota->calendar_cap, at + 1,
			       sizeof *rota->calendars) < 0) {
			free(calendar->spans);
			return -1;
		}
		rota->calendars[rota->calendar_count++] = (struct rota_calendar){ 0 };
	}
	free(rota->calendars[at].spans);
	rota->calendars[at] = *calendar;
	return 0;
}
