/* tocsin-ics.c - an iCalendar file (RFC 5545) on standard input as plain shifts in UTC on standard output.
 *
 * usage: tocsin-ics FROM UNTIL [ZONE]     (seconds since 1970; ZONE is for times that name none)
 * Each line: from, until, e-mail of an attendee, summary; with tabs in between.  What is left out is told on standard error.
 *
 * Run as a child with limits: libical may turn for ever on some rules (LIBS.md 5), so those finer than a day are left out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <unistd.h>

#include <libical/ical.h>

#include "base/buf.h"
#include "base/civil.h"
#include "base/version.h"
#include "zoneinfo.h"

#define INPUT_MAX ((size_t)8 * 1024 * 1024)
#define LINES_MAX 20000
#define CPU_S     5
#define DAY_S     INT64_C(86400)

struct moved { /* an instance that a RECURRENCE-ID replaces */
	const char *uid;
	int64_t utc_s;
};

struct job {
	int64_t from, until;
	const struct zone *zone; /* of times that name none */
	struct moved *moved;
	size_t moved_count, moved_cap;
	size_t lines;
	size_t left_out;
};

struct event { /* the one that is being told */
	struct job *job;
	icalcomponent *component;
	const char *uid, *summary;
	bool instance; /* it has a RECURRENCE-ID of its own */
	struct icaltimetype start;
	int64_t length_s; /* by the clock on the wall */
};

static void leave_out(struct job *job, icalcomponent *component, const char *why)
{
	const char *summary = icalcomponent_get_summary(component);

	job->left_out++;
	fprintf(stderr, "tocsin-ics: \"%.60s\" is left out: %s\n", summary == NULL ? "" : summary,
		why);
}

/* ---- times ---- */

/* What the clock on the wall shows, as seconds. */
static int64_t wall(struct icaltimetype t)
{
	const struct civil civil = { .year = t.year,
				     .month = t.month,
				     .day = t.day,
				     .hour = t.is_date ? 0 : t.hour,
				     .minute = t.is_date ? 0 : t.minute,
				     .second = t.is_date ? 0 : t.second };

	return civil_utc(&civil);
}

static bool floating(struct icaltimetype t)
{
	return t.is_date || (!icaltime_is_utc(t) && t.zone == NULL);
}

/* As an instant; a wall time is in the zone of t. */
static int64_t instant(const struct job *job, struct icaltimetype t, int64_t wall_s)
{
	struct civil c = civil_of(wall_s);
	struct icaltimetype at = t;

	if (floating(t))
		return zone_utc(job->zone, wall_s);
	at.year = (int)c.year;
	at.month = c.month;
	at.day = c.day;
	at.hour = c.hour;
	at.minute = c.minute;
	at.second = c.second;
	at.is_daylight = 1; /* of a time that is shown twice the first */
	return (int64_t)icaltime_as_timet_with_zone(at, icaltime_get_timezone(at));
}

/* A TZID that libical does not know would silently be UTC. */
static bool known_zone(icalcomponent *component, icalproperty_kind kind, struct icaltimetype t)
{
	icalproperty *property = icalcomponent_get_first_property(component, kind);
	icalparameter *tzid =
		property == NULL ? NULL
				 : icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);

	return tzid == NULL || icaltime_is_utc(t) || t.zone != NULL;
}

/* ---- lines ---- */

static void put_text(const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		putchar((unsigned char)*text < ' ' ? ' ' : *text);
}

static const char *address_of(icalproperty *attendee)
{
	const char *value = attendee == NULL ? NULL : icalproperty_get_attendee(attendee);

	if (value != NULL && strncasecmp(value, "mailto:", 7) == 0)
		value += 7;
	return value;
}

static void put_line(const struct event *event, int64_t from, int64_t until, const char *address)
{
	if (event->job->lines++ >= LINES_MAX)
		return;
	printf("%lld\t%lld\t", (long long)from, (long long)until);
	put_text(address);
	putchar('\t');
	put_text(event->summary);
	putchar('\n');
}

static void put_instance(const struct event *event, int64_t from, int64_t until)
{
	icalproperty
		*attendee; /* the component has one cursor: nothing else is asked of it meanwhile */

	if (until <= event->job->from || from >= event->job->until || until <= from)
		return;
	attendee = icalcomponent_get_first_property(event->component, ICAL_ATTENDEE_PROPERTY);
	if (attendee == NULL)
		put_line(event, from, until, NULL);
	for (; attendee != NULL;
	     attendee = icalcomponent_get_next_property(event->component, ICAL_ATTENDEE_PROPERTY))
		put_line(event, from, until, address_of(attendee));
}

/* ---- instances ---- */

static bool is_moved(const struct event *event, int64_t utc_s)
{
	const struct job *job = event->job;

	for (size_t i = 0; !event->instance && i < job->moved_count; i++)
		if (job->moved[i].utc_s == utc_s && strcmp(job->moved[i].uid, event->uid) == 0)
			return true;
	return false;
}

static int64_t instance_end(const struct event *event, int64_t wall_s)
{
	return instant(event->job, event->start, wall_s + event->length_s);
}

/* libical's span is in UTC; of floating times it takes the wall's for that. */
static void each(icalcomponent *component, struct icaltime_span *span, void *data)
{
	const struct event *event = data;
	int64_t begin = (int64_t)span->start;
	int64_t wall_s = begin;

	(void)component;
	if (!floating(event->start)) {
		struct icaltimetype t = icaltime_from_timet_with_zone(
			span->start, 0, icaltime_get_timezone(event->start));

		wall_s = wall(t);
	} else {
		begin = zone_utc(event->job->zone, wall_s);
	}
	if (!is_moved(event, begin))
		put_instance(event, begin, instance_end(event, wall_s));
}

static const char *fault_of(icalcomponent *component, struct icaltimetype start)
{
	icalproperty *rule = icalcomponent_get_first_property(component, ICAL_RRULE_PROPERTY);

	if (icaltime_is_null_time(start) || !icaltime_is_valid_time(start))
		return "it has no beginning";
	if (!known_zone(component, ICAL_DTSTART_PROPERTY, start))
		return "its time zone is not known";
	for (; rule != NULL;
	     rule = icalcomponent_get_next_property(component, ICAL_RRULE_PROPERTY)) {
		struct icalrecurrencetype recur = icalproperty_get_rrule(rule);

		if (recur.freq != ICAL_DAILY_RECURRENCE && recur.freq != ICAL_WEEKLY_RECURRENCE &&
		    recur.freq != ICAL_MONTHLY_RECURRENCE && recur.freq != ICAL_YEARLY_RECURRENCE)
			return "it repeats more often than daily";
	}
	return NULL;
}

static bool cancelled(icalcomponent *component)
{
	return icalcomponent_get_status(component) == ICAL_STATUS_CANCELLED;
}

/* The same instant as the wall shows it in the other's zone. */
static struct icaltimetype in_zone_of(struct icaltimetype t, struct icaltimetype other)
{
	if (floating(t) || floating(other))
		return t;
	return icaltime_from_timet_with_zone(
		icaltime_as_timet_with_zone(t, icaltime_get_timezone(t)), 0,
		icaltime_get_timezone(other));
}

static int64_t length_of(icalcomponent *component, struct icaltimetype start)
{
	icalproperty *end = icalcomponent_get_first_property(component, ICAL_DTEND_PROPERTY);
	icalproperty *duration =
		icalcomponent_get_first_property(component, ICAL_DURATION_PROPERTY);

	if (end != NULL)
		return wall(in_zone_of(icalcomponent_get_dtend(component), start)) - wall(start);
	if (duration != NULL)
		return icaldurationtype_as_int(icalproperty_get_duration(duration));
	return start.is_date ? DAY_S : 0;
}

static void tell_event(struct job *job, icalcomponent *component)
{
	struct event event = { .job = job,
			       .component = component,
			       .uid = icalcomponent_get_uid(component),
			       .summary = icalcomponent_get_summary(component),
			       .start = icalcomponent_get_dtstart(component) };
	const char *fault = fault_of(component, event.start);

	event.uid = event.uid == NULL ? "" : event.uid;
	event.instance =
		icalcomponent_get_first_property(component, ICAL_RECURRENCEID_PROPERTY) != NULL;
	if (fault != NULL) {
		leave_out(job, component, fault);
		return;
	}
	if (cancelled(component))
		return;
	event.length_s = length_of(component, event.start);
	if (event.instance) {
		int64_t wall_s = wall(event.start);

		put_instance(&event, instant(job, event.start, wall_s),
			     instance_end(&event, wall_s));
		return;
	}
	icalcomponent_foreach_recurrence(
		component, icaltime_from_timet_with_zone((time_t)(job->from - 62 * DAY_S), 0, NULL),
		icaltime_from_timet_with_zone((time_t)job->until, 0, NULL), each, &event);
}

/* ---- the whole file ---- */

static void note_moved(struct job *job, icalcomponent *component)
{
	struct icaltimetype t = icalcomponent_get_recurrenceid(component);
	const char *uid = icalcomponent_get_uid(component);

	if (icaltime_is_null_time(t) || uid == NULL)
		return;
	if (t.zone == NULL && !icaltime_is_utc(t) && !t.is_date) /* as its own beginning */
		t.zone = icalcomponent_get_dtstart(component).zone;
	if (array_grow(&job->moved, &job->moved_cap, job->moved_count + 1, sizeof *job->moved) < 0)
		exit(1);
	job->moved[job->moved_count++] = (struct moved){ uid, instant(job, t, wall(t)) };
}

static size_t walk(struct job *job, icalcomponent *root,
		   void (*visit)(struct job *, icalcomponent *))
{
	size_t calendars = icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT;

	for (icalcomponent *c = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT);
	     c != NULL; c = icalcomponent_get_next_component(root, ICAL_VEVENT_COMPONENT))
		visit(job, c);
	for (icalcomponent *c = icalcomponent_get_first_component(root, ICAL_VCALENDAR_COMPONENT);
	     c != NULL; c = icalcomponent_get_next_component(root, ICAL_VCALENDAR_COMPONENT))
		calendars += walk(job, c, visit);
	return calendars;
}

static int tell(struct job *job, const char *text)
{
	icalcomponent *root = icalparser_parse_string(text);

	if (root == NULL || walk(job, root, note_moved) == 0) {
		fputs("tocsin-ics: this is no iCalendar file\n", stderr);
		return 1;
	}
	walk(job, root, tell_event);
	icalcomponent_free(root);
	if (job->lines > LINES_MAX) {
		fprintf(stderr, "tocsin-ics: more than %d shifts\n", LINES_MAX);
		return 1;
	}
	return fflush(stdout) == 0 ? 0 : 1;
}

static bool read_input(struct buf *text)
{
	char bytes[4096];
	size_t n;

	text->limit = INPUT_MAX;
	while (!text->failed && (n = fread(bytes, 1, sizeof bytes, stdin)) > 0)
		buf_add(text, (struct span){ bytes, n });
	/* libical reads C strings: what stands behind a NUL would be lost without a word */
	return !text->failed && strlen(buf_text(text)) == text->len;
}

/* The parent sets limits too; this holds when somebody runs it by hand. */
static void limit_self(void)
{
	const struct rlimit cpu = { CPU_S, CPU_S };

	setrlimit(RLIMIT_CPU, &cpu);
}

static int usage(FILE *out, int status)
{
	fputs("usage: tocsin-ics FROM UNTIL [ZONE] <FILE, with both in seconds since 1970\n", out);
	return status;
}

int main(int argc, char **argv)
{
	struct job job = { 0 };
	struct buf text = { 0 };
	struct zone *zone = NULL;
	struct err err = { 0 };
	int status;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, 0);
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return puts("tocsin-ics " TOCSIN_VERSION) < 0;
	if (argc < 3 || argc > 4 || !span_int(span_of(argv[1]), &job.from) ||
	    !span_int(span_of(argv[2]), &job.until))
		return usage(stderr, 2);
	if (argc == 4 && strcmp(argv[3], "UTC") != 0 && zoneinfo_load(&zone, argv[3], &err) < 0) {
		fprintf(stderr, "tocsin-ics: %s\n", err.text);
		return 2;
	}
	limit_self();
	job.zone = zone;
	status = 1;
	if (read_input(&text))
		status = tell(&job, buf_text(&text));
	else
		fputs("tocsin-ics: more than 8 MiB, or not a text\n", stderr);
	free(job.moved);
	zone_free(zone);
	buf_free(&text);
	return status;
}
