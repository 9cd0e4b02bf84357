#include "past.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialplan/schedule.h"

#define BEFORE_S \
	(7 * INT64_C(86400)) /* pages that were taken before the stretch and worked on in it */
#define NIGHT_FROM  (22 * INT64_C(3600))
#define NIGHT_UNTIL (6 * INT64_C(3600))
#define DAY_S       INT64_C(86400)

struct tally {
	int64_t taken, worked_s, nights;
	int64_t last_night; /* the local day its evening fell on; -1 none */
};

struct stint { /* somebody has a page */
	int64_t page;
	size_t person;
	int64_t since_utc_s;
};

struct report {
	const struct past *past;
	struct history *history;
	struct tally *tallies; /* one a person of the plan */
	struct stint *stints;
	size_t stint_count, stint_cap;
};

void past_page_id(int64_t page, char id[24])
{
	snprintf(id, 24, "p%lld", (long long)page);
}

/* ---- who worked how long ---- */

static void end_stint(struct report *report, int64_t page, int64_t utc_s)
{
	for (size_t i = 0; i < report->stint_count; i++) {
		struct stint *stint = &report->stints[i];
		int64_t from = stint->since_utc_s > report->past->from_utc_s
				       ? stint->since_utc_s
				       : report->past->from_utc_s;
		int64_t until =
			utc_s < report->past->until_utc_s ? utc_s : report->past->until_utc_s;

		if (stint->page != page)
			continue;
		if (until > from)
			report->tallies[stint->person].worked_s += until - from;
		*stint = report->stints[--report->stint_count];
		return;
	}
}

static bool in_stretch(const struct report *report, int64_t utc_s)
{
	return utc_s >= report->past->from_utc_s && utc_s < report->past->until_utc_s;
}

/* One night counts once, however often they were woken in it. */
static void count_night(const struct report *report, struct tally *tally, int64_t utc_s)
{
	int64_t local = zone_local(report->past->plan->zone, utc_s);
	int64_t into = ((local % DAY_S) + DAY_S) % DAY_S;
	int64_t evening = (local - into) / DAY_S - (into < NIGHT_UNTIL);

	if ((into >= NIGHT_UNTIL && into < NIGHT_FROM) || tally->last_night == evening)
		return;
	tally->last_night = evening;
	tally->nights++;
}

static int took(struct report *report, const struct event *event, struct err *err)
{
	const struct plan *plan = report->past->plan;
	const struct plan_person *person = plan_person(plan, span_of(event->person));
	struct page *page = NULL;
	char id[24];
	struct tally *tally;

	end_stint(report, event->page, event->utc_s);
	past_page_id(event->page, id);
	if (person == NULL || history_page(report->history, span_of(id), &page, err) != 1)
		return 0;
	tally = &report->tallies[person - plan->people];
	if (!page->drill && array_grow(&report->stints, &report->stint_cap, report->stint_count + 1,
				       sizeof *report->stints) < 0) {
		page_free(page);
		return err_nomem(err);
	}
	if (!page->drill) {
		report->stints[report->stint_count++] =
			(struct stint){ event->page, (size_t)(person - plan->people),
					event->utc_s };
		tally->taken += in_stretch(report, event->utc_s);
		if (in_stretch(report, event->utc_s) &&
		    plan_severity(plan, span_of(page->severity)) == 0)
			count_night(report, tally, event->utc_s);
	}
	page_free(page);
	return 0;
}

static int look_at(struct report *report, const struct event *event, struct err *err)
{
	static const char *const ends[] = { "page.resolved", "page.reopened", "page.deferred",
					    "page.snoozed" };

	if (strcmp(event->name, "page.acked") == 0)
		return took(report, event, err);
	for (size_t i = 0; i < COUNT_OF(ends); i++)
		if (strcmp(event->name, ends[i]) == 0)
			end_stint(report, event->page, event->utc_s);
	return 0;
}

/* history_page steps other statements than the walk. */
static int walk(struct report *report, struct err *err)
{
	int64_t first = 0;
	struct event event = { 0 };
	int rc =
		history_first_at(report->history, report->past->from_utc_s - BEFORE_S, &first, err);

	if (rc == 0)
		rc = history_start(report->history, 0, first - 1, err);
	while (rc == 0 && (rc = history_next(report->history, &event, err)) == 1) {
		bool behind = event.utc_s >= report->past->until_utc_s;

		rc = behind ? 0 : look_at(report, &event, err);
		free(event.text);
		event = (struct event){ 0 };
		if (behind)
			break;
	}
	history_stop(report->history);
	while (rc == 0 && report->stint_count > 0)
		end_stint(report, report->stints[0].page, report->past->until_utc_s);
	return rc < 0 ? -1 : 0;
}

/* ---- who had which slot ---- */

static void write_held(struct jsonw *json, const struct plan *plan, const struct past *past,
		       const struct plan_person *person, const struct plan_rotation *rotation,
		       size_t slot)
{
	int64_t at = past->from_utc_s;
	int64_t seconds = 0;
	int64_t shifts = 0;

	while (at < past->until_utc_s) {
		struct shift shift = schedule_at(plan, rotation, slot, at);
		int64_t until = schedule_until(plan, rotation, slot, &shift);

		until = when_sooner(until, past->until_utc_s);
		if (shift.person == person) {
			seconds += until - at;
			shifts++;
		}
		at = until;
	}
	if (shifts == 0)
		return;
	jsonw_object(json, NULL);
	jsonw_string(json, "rotation", rotation->name);
	jsonw_string(json, "slot", rotation->slots[slot]);
	jsonw_int(json, "shifts", shifts);
	jsonw_int(json, "seconds", seconds);
	jsonw_end_object(json);
}

static void write_person(struct jsonw *json, const struct plan *plan, const struct past *past,
			 const struct plan_person *person, const struct tally *tally)
{
	jsonw_object(json, NULL);
	jsonw_string(json, "person", person->name);
	jsonw_string(json, "title", person->title);
	jsonw_array(json, "shifts");
	for (size_t i = 0; i < plan->rotation_count; i++)
		for (size_t k = 0; k < plan->rotations[i].slot_count; k++)
			write_held(json, plan, past, person, &plan->rotations[i], k);
	jsonw_end_array(json);
	jsonw_int(json, "taken", tally->taken);
	jsonw_int(json, "worked_s", tally->worked_s);
	jsonw_int(json, "nights", tally->nights);
	jsonw_end_object(json);
}

int past_report(struct history *history, const struct past *past, struct jsonw *json,
		struct err *err)
{
	struct report report = { .past = past, .history = history };
	struct plan plan = *past->plan; /* with the changes of the rota that were in force then */
	struct rota rota = { 0 };
	int rc;

	report.tallies = calloc(plan.person_count + 1, sizeof *report.tallies);
	if (report.tallies == NULL)
		return err_nomem(err);
	for (size_t i = 0; i < plan.person_count; i++)
		report.tallies[i].last_night = -1;
	rc = history_rota(history, past->from_utc_s, &rota, err);
	plan.rota = &rota;
	if (rc == 0)
		rc = walk(&report, err);
	jsonw_array(json, "people");
	for (size_t i = 0; rc == 0 && i < plan.person_count; i++)
		write_person(json, &plan, past, &past->plan->people[i], &report.tallies[i]);
	jsonw_end_array(json);
	rota_deinit(&rota);
	free(report.stints);
	free(report.tallies);
	return rc;
}
