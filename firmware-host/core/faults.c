/* What is wrong: raised and cleared by whoever sees it, kept in the store, told to people in the words of the table. */
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"

static struct fault_slot *find(struct gateway *g, enum fault_id id, const char *modem)
{
	for (size_t i = 0; i < g->fault_count; i++)
		if (g->faults[i].fault.id == id && strcmp(g->faults[i].fault.modem, modem) == 0)
			return &g->faults[i];
	return NULL;
}

/* NULL: out of memory; it is seen again at the next turn. */
static struct fault_slot *find_or_make(struct gateway *g, enum fault_id id, const char *modem)
{
	struct fault_slot *slot = find(g, id, modem);

	if (slot != NULL)
		return slot;
	if (array_grow(&g->faults, &g->fault_cap, g->fault_count + 1, sizeof *g->faults) < 0)
		return NULL;
	slot = &g->faults[g->fault_count++];
	*slot = (struct fault_slot){ .fault = { .id = id, .due = WHEN_NEVER } };
	span_copy(span_of(modem), slot->fault.modem, sizeof slot->fault.modem);
	return slot;
}

static void record(struct gateway *g, const char *name, const struct fault *fault, struct when now)
{
	struct buf text = { 0 };

	buf_addf(&text, "%s: ", fault_kind(fault->id)->id);
	fault_sentence(fault->id, fault->modem, &text);
	if (fault->stands)
		buf_addf(&text, " (%s)", fault->evidence);
	ledger_record(g, now, name, (struct about){ .modem = fault->modem }, buf_text(&text));
	buf_free(&text);
}

/* It has lasted long enough to be one. */
static void grow_known(struct gateway *g, struct fault_slot *slot, struct when now)
{
	if (!slot->fault.stands || slot->known || slot->fault.due > now.mono_ms)
		return;
	slot->known = true;
	record(g, "fault.began", &slot->fault, now);
}

void faults_raise_since(struct gateway *g, enum fault_id id, const char *modem,
			const struct fault_facts *facts, int64_t since_ms, struct when now)
{
	struct fault_slot *slot = find_or_make(g, id, modem);
	struct buf evidence = { 0 };

	if (slot == NULL)
		return;
	fault_evidence(id, facts, &evidence);
	span_copy(buf_span(&evidence), slot->fault.evidence, sizeof slot->fault.evidence);
	buf_free(&evidence);
	if (slot->fault.stands)
		return;
	slot->dirty = true;
	slot->fault.stands = true;
	slot->fault.since_utc_s = now.utc_s - (now.mono_ms - since_ms) / 1000;
	slot->fault.ended_utc_s = 0;
	slot->fault.came++;
	slot->fault.due = since_ms + fault_kind(id)->hold_min * INT64_C(60000);
	grow_known(g, slot, now);
}

void faults_raise(struct gateway *g, enum fault_id id, const char *modem,
		  const struct fault_facts *facts, struct when now)
{
	faults_raise_since(g, id, modem, facts, now.mono_ms, now);
}

void faults_clear(struct gateway *g, enum fault_id id, const char *modem, struct when now)
{
	struct fault_slot *slot = find(g, id, modem);

	if (slot == NULL || !slot->fault.stands)
		return;
	slot->dirty = true;
	slot->fault.stands = false;
	slot->fault.ended_utc_s = now.utc_s;
	slot->fault.due = WHEN_NEVER;
	if (slot->known)
		record(g, "fault.ended", &slot->fault, now);
	slot->known = false;
	faults_over(g, slot, now);
}

bool faults_stands(struct gateway *g, enum fault_id id, const char *modem)
{
	const struct fault_slot *slot = find(g, id, modem);

	return slot != NULL && slot->known;
}

void faults_tick(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->fault_count; i++) {
		struct fault_slot *slot = &g->faults[i];

		grow_known(g, slot, now);
		if (slot->fault.stands && !slot->known)
			g->faults_due = when_sooner(g->faults_due, slot->fault.due);
	}
	faults_tell(g, now);
}

int faults_restore(struct gateway *g, const struct fault *faults, size_t count, struct when now)
{
	if (array_grow(&g->faults, &g->fault_cap, count, sizeof *g->faults) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct fault *fault = &g->faults[g->fault_count].fault;
		int64_t stood_s;

		if (faults[i].modem[0] != '\0' && fleet_find(g, faults[i].modem) < 0)
			continue; /* of a modem that is no longer configured */
		g->faults[g->fault_count++] = (struct fault_slot){ .fault = faults[i] };
		stood_s = now.utc_s - fault->since_utc_s;
		if (fault->stands)
			fault->due = now.mono_ms +
				     fault_kind(fault->id)->hold_min * INT64_C(60000) -
				     stood_s * 1000;
	}
	return 0;
}

void faults_view(struct gateway *g, struct jsonw *json)
{
	jsonw_array(json, "faults");
	for (size_t i = 0; i < g->fault_count; i++) {
		const struct fault *fault = &g->faults[i].fault;
		const struct fault_kind *kind = fault_kind(fault->id);
		struct buf sentence = { 0 };

		if (!g->faults[i].known)
			continue;
		fault_sentence(fault->id, fault->modem, &sentence);
		jsonw_object(json, NULL);
		jsonw_string(json, "id", kind->id);
		jsonw_string(json, "modem", fault->modem[0] == '\0' ? NULL : fault->modem);
		jsonw_string(json, "grade", fault_grade_name(kind->grade));
		jsonw_string(json, "what", buf_text(&sentence));
		jsonw_string(json, "seen", fault->evidence);
		jsonw_string(json, "next", kind->next);
		jsonw_time(json, "since", fault->since_utc_s);
		jsonw_time(json, "told", fault->told_utc_s);
		jsonw_end_object(json);
		buf_free(&sentence);
	}
	jsonw_end_array(json);
}
