/* Imported calendars: lines of tocsin-ics become shifts of people whom the plan knows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"

#define OLD_WRITE_S 3600 /* when a calendar was read is stored no more often, unless it changed */

bool gateway_calendar_source(const struct gateway *g, size_t index,
			     struct gateway_calendar_source *source)
{
	const struct plan *plan = g->plan;

	for (size_t i = 0; i < plan->rotation_count; i++) {
		const struct plan_rotation *rotation = &plan->rotations[i];

		if (rotation->calendar[0] == '\0' || index-- > 0)
			continue;
		span_copy(span_of(rotation->name), source->rotation, sizeof source->rotation);
		span_copy(span_of(rotation->calendar), source->place, sizeof source->place);
		span_copy(span_of(zone_name(rotation->base.zone)), source->zone,
			  sizeof source->zone);
		return true;
	}
	return false;
}

/* ---- whom a line means ---- */

static bool letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80;
}

/* Does a text have these words, whole and in any case? */
static bool has_words(struct span text, const char *words)
{
	size_t len = strlen(words);

	for (size_t i = 0; len > 0 && i + len <= text.len; i++)
		if (span_is_nocase((struct span){ text.at + i, len }, words) &&
		    (i == 0 || !letter(text.at[i - 1])) &&
		    (i + len == text.len || !letter(text.at[i + len])))
			return true;
	return false;
}

/* By the e-mail of an attendee, else by the longest title or name that the summary has. */
static const struct plan_person *who(const struct plan *plan, struct span email,
				     struct span summary)
{
	const struct plan_person *best = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < plan->person_count; i++) {
		const struct plan_person *person = &plan->people[i];
		const char *const names[] = { person->title, person->name };

		if (person->email[0] != '\0' && span_is_nocase(email, person->email))
			return person;
		for (size_t k = 0; k < COUNT_OF(names); k++)
			if (strlen(names[k]) > longest && has_words(summary, names[k])) {
				best = person;
				longest = strlen(names[k]);
			}
	}
	return best;
}

/* ---- lines ---- */

struct reading {
	struct rota_calendar calendar;
	size_t cap;
	size_t strangers;
	char stranger[80]; /* the first */
};

static size_t tabs_in(struct span line)
{
	size_t count = 0;

	for (size_t i = 0; i < line.len; i++)
		count += line.at[i] == '\t';
	return count;
}

/* "from until email summary", with tabs.  False: no such line. */
static bool read_line(const struct plan *plan, struct reading *reading, struct span line)
{
	bool whole = tabs_in(line) == 3;
	struct span from = span_cut(&line, '\t');
	struct span until = span_cut(&line, '\t');
	struct span email = span_cut(&line, '\t');
	const struct plan_person *person = who(plan, email, line);
	struct rota_calendar *calendar = &reading->calendar;
	struct rota_span *span;

	if (array_grow(&calendar->spans, &reading->cap, calendar->span_count + 1,
		       sizeof *calendar->spans) < 0)
		return false;
	span = &calendar->spans[calendar->span_count++];
	*span = (struct rota_span){ 0 };
	if (!whole || !span_int(from, &span->from_utc_s) || !span_int(until, &span->until_utc_s) ||
	    span->until_utc_s <= span->from_utc_s)
		return false;
	if (person != NULL)
		span_copy(span_of(person->name), span->person, sizeof span->person);
	else if (reading->strangers++ == 0)
		span_copy(email.len > 0 ? email : line, reading->stranger,
			  sizeof reading->stranger);
	return true;
}

/* Those that begin together stay in the file's order: it is that of the slots. */
static int by_beginning(const void *a, const void *b)
{
	const struct rota_span *left = a;
	const struct rota_span *right = b;

	if (left->from_utc_s != right->from_utc_s)
		return left->from_utc_s < right->from_utc_s ? -1 : 1;
	return left->until_utc_s < right->until_utc_s ? -1 : left->until_utc_s > right->until_utc_s;
}

static bool same_shifts(const struct rota_calendar *a, const struct rota_calendar *b)
{
	return a != NULL && a->span_count == b->span_count &&
	       (a->span_count == 0 ||
		memcmp(a->spans, b->spans, a->span_count * sizeof *a->spans) == 0);
}

static void tell_read(struct gateway *g, const struct reading *reading, struct when now)
{
	char text[200];

	if (reading->strangers > 0)
		snprintf(text, sizeof text,
			 "calendar of %s: %zu shifts, %zu of them of nobody in the configuration, "
			 "the "
			 "first of \"%.60s\"",
			 reading->calendar.rotation, reading->calendar.span_count,
			 reading->strangers, reading->stranger);
	else
		snprintf(text, sizeof text, "calendar of %s: %zu shifts",
			 reading->calendar.rotation, reading->calendar.span_count);
	ledger_record(g, now, "calendar.read", (struct about){ 0 }, text);
}

static void take(struct gateway *g, struct reading *reading, struct when now)
{
	const struct rota_calendar *old = rota_calendar(&g->rota, reading->calendar.rotation);
	bool same = same_shifts(old, &reading->calendar);

	if (!same)
		tell_read(g, reading, now);
	reading->calendar.read_utc_s = now.utc_s;
	reading->calendar.stored_utc_s = same ? old->stored_utc_s : 0;
	if (now.utc_s - reading->calendar.stored_utc_s >= OLD_WRITE_S ||
	    now.utc_s < reading->calendar.stored_utc_s) {
		reading->calendar.stored_utc_s = now.utc_s;
		ledger_calendar(g, &reading->calendar, now);
	}
	rota_put_calendar(&g->rota, &reading->calendar);
}

static bool any_failing(const struct gateway *g)
{
	for (size_t i = 0; i < g->rota.calendar_count; i++)
		if (g->rota.calendars[i].failing)
			return true;
	return false;
}

void gateway_calendar(struct gateway *g, const char *rotation, struct span lines, struct when now)
{
	struct reading reading = { 0 };
	bool good = true;

	span_copy(span_of(rotation), reading.calendar.rotation, sizeof reading.calendar.rotation);
	while (good && lines.len > 0)
		good = read_line(g->plan, &reading, span_cut(&lines, '\n'));
	if (!good) {
		free(reading.calendar.spans);
		gateway_calendar_failed(g, rotation, "the import gave something else than shifts",
					now);
		return;
	}
	if (reading.calendar.span_count > 0)
		qsort(reading.calendar.spans, reading.calendar.span_count,
		      sizeof *reading.calendar.spans, by_beginning);
	take(g, &reading, now);
	if (!any_failing(g))
		faults_clear(g, FAULT_CALENDAR_OLD, "", now);
	gateway_tick(g, now);
}

void gateway_calendar_failed(struct gateway *g, const char *rotation, const char *why,
			     struct when now)
{
	struct fault_facts facts = { 0 };
	int64_t read_utc_s = 0;

	for (size_t i = 0; i < g->rota.calendar_count; i++)
		if (strcmp(g->rota.calendars[i].rotation, rotation) == 0) {
			read_utc_s = g->rota.calendars[i].read_utc_s;
			g->rota.calendars[i].failing = true;
		}
	fault_fact(&facts, "rotation", "%s", rotation);
	fault_fact(&facts, "why", "%.100s", why);
	if (read_utc_s == 0)
		fault_fact(&facts, "age", "never");
	else
		fault_fact(&facts, "age", "%lld h ago", (long long)(now.utc_s - read_utc_s) / 3600);
	faults_raise(g, FAULT_CALENDAR_OLD, "", &facts, now);
	gateway_tick(g, now);
}

void calendars_view(struct gateway *g, struct jsonw *json, struct when now)
{
	struct gateway_calendar_source source;

	jsonw_array(json, "calendars");
	for (size_t i = 0; gateway_calendar_source(g, i, &source); i++) {
		const struct rota_calendar *calendar = rota_calendar(&g->rota, source.rotation);

		jsonw_object(json, NULL);
		jsonw_string(json, "rotation", source.rotation);
		jsonw_time(json, "read", calendar == NULL ? 0 : calendar->read_utc_s);
		if (calendar != NULL)
			jsonw_int(json, "age_s", now.utc_s - calendar->read_utc_s);
		jsonw_int(json, "shifts", calendar == NULL ? 0 : (int64_t)calendar->span_count);
		jsonw_end_object(json);
	}
	jsonw_end_array(json);
}
