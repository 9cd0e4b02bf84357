/* escalation_bed.h - one page in a small team, for the tests of escalation. */
#ifndef TESTS_DIALPLAN_ESCALATION_BED_H
#define TESTS_DIALPLAN_ESCALATION_BED_H

#include "dialplan/escalation.h"
#include "tests/dialplan/team.h"
#include "tests/support/unit.h"

#include <stdlib.h>

/* One page in a small team, and all that the engine ever wanted done for it. */
struct bed {
	struct team team;
	struct page *page;
	struct effects effects;
	struct escalation run;
	size_t mark; /* effects before this one have been looked at */
};

static inline void bed_open(struct bed *bed, const char *severity, const char *target, bool money)
{
	struct err err = { 0 };

	memset(bed, 0, sizeof *bed);
	team_init(&bed->team);
	bed->page = calloc(1, sizeof *bed->page);
	assert_non_null(bed->page);
	bed->run = (struct escalation){ &bed->team.plan, { 1000, 5000 }, &bed->effects };
	bed->page->id = 17;
	bed->page->money = money;
	span_copy(span_of(severity), bed->page->severity, PLAN_NAME);
	span_copy(span_of(target), bed->page->target, PLAN_TARGET);
	span_copy(span_of("grafana"), bed->page->requester, PLAN_NAME);
	CHECK(escalation_open(&bed->run, bed->page, &err) == 0);
}

static inline void bed_close(struct bed *bed)
{
	CHECK(!bed->effects.failed);
	effects_free(&bed->effects);
	page_free(bed->page);
}

/* Promise 1. */
static inline void check_alive(const struct bed *bed)
{
	int64_t due = escalation_deadline(bed->page);

	if (bed->page->state == PAGE_RESOLVED) {
		CHECK(due == WHEN_NEVER);
		return;
	}
	CHECK(due > bed->run.now.mono_ms && due < WHEN_NEVER);
	CHECK(bed->page->state != PAGE_OPEN || bed->page->tracks[0].due < WHEN_NEVER);
}

/* Lets time pass as the loop does: from one deadline to the next. */
static inline void bed_pass(struct bed *bed, int64_t seconds)
{
	int64_t end = bed->run.now.mono_ms + seconds * 1000;
	int64_t begin = bed->run.now.mono_ms;
	int64_t utc_s = bed->run.now.utc_s;

	bed->mark = bed->effects.count;
	while (escalation_deadline(bed->page) <= end) {
		bed->run.now.mono_ms = escalation_deadline(bed->page);
		bed->run.now.utc_s = utc_s + (bed->run.now.mono_ms - begin) / 1000;
		escalation_tick(&bed->run, bed->page);
		check_alive(bed);
	}
	bed->run.now.mono_ms = end;
	bed->run.now.utc_s = utc_s + seconds;
}

static inline size_t count_of(const struct bed *bed, enum effect_kind kind, const char *what)
{
	size_t count = 0;

	for (size_t i = bed->mark; i < bed->effects.count; i++) {
		const struct effect *effect = &bed->effects.at[i];
		const char *name = kind == EFFECT_RECORD ? effect->event : effect->person;

		count += effect->kind == kind && strcmp(name, what) == 0;
	}
	return count;
}

static inline size_t told(const struct bed *bed, enum effect_note note, const char *person)
{
	size_t count = 0;

	for (size_t i = bed->mark; i < bed->effects.count; i++)
		count += bed->effects.at[i].kind == EFFECT_TELL &&
			 bed->effects.at[i].note == note &&
			 strcmp(bed->effects.at[i].person, person) == 0;
	return count;
}

static inline bool reached(const struct bed *bed, const char *person)
{
	return count_of(bed, EFFECT_REACH, person) > 0;
}

static inline bool recorded(const struct bed *bed, const char *event)
{
	return count_of(bed, EFFECT_RECORD, event) > 0;
}

static inline const char *text_of(const struct bed *bed, const char *event)
{
	for (size_t i = bed->mark; i < bed->effects.count; i++)
		if (bed->effects.at[i].kind == EFFECT_RECORD &&
		    strcmp(bed->effects.at[i].event, event) == 0)
			return bed->effects.at[i].text;
	return "";
}

static inline enum ack_result ack(struct bed *bed, const char *person, const char *how, int cycle)
{
	struct ack given = { person, how, cycle, false };

	bed->mark = bed->effects.count;
	return escalation_ack(&bed->run, bed->page, &given);
}

static inline void took(struct bed *bed, const char *person)
{
	bed->mark = bed->effects.count;
	escalation_took(&bed->run, bed->page, person);
}

#endif
