#include "config/prove.h"

#include <string.h>

#include "dialplan/coverage.h"

#define SECONDS    (PROVE_DAYS * INT64_C(86400))
#define SHARES_MAX 12 /* people of a slot that are named */
#define GAPS_MAX   10 /* of a rotation that are listed */

struct prove {
	const struct config *config;
	const struct plan *plan;
	const char *file;
	int64_t from, until;
	struct buf *errors, *warnings, *report;
};

/* ---- holes ---- */

struct finding { /* "file:7: rotation "sun": nobody from Mon ... to ..., and 3 more times ..., want ..." */
	int line;
	const char *what, *name; /* "rotation", its name */
	const struct zone *zone; /* in which it is told */
	const char *help;
	struct hole first;
	size_t count;
};

static void put(const struct prove *prove, const struct finding *finding, struct buf *out)
{
	buf_addf(out, "%s:%d: %s%s%s%s: nobody from ", prove->file, finding->line, finding->what,
		 finding->name == NULL ? "" : " \"", finding->name == NULL ? "" : finding->name,
		 finding->name == NULL ? "" : "\"");
	zone_write(finding->zone, finding->first.from_utc_s, out);
	buf_add_text(out, " to ");
	zone_write(finding->zone, finding->first.until_utc_s, out);
	if (finding->count > 1)
		buf_addf(out, ", and %zu more times in %d days", finding->count - 1, PROVE_DAYS);
	buf_addf(out, ", want %s\n", finding->help);
}

static void prove_rotation(const struct prove *prove, const struct plan_rotation *rotation)
{
	bool calendar = rotation->calendar[0] != '\0';
	struct finding finding = {
		.line = rotation->line,
		.what = "rotation",
		.name = rotation->name,
		.zone = rotation->base.zone,
		.help = calendar ? "members to fall back on where the calendar has nobody"
				 : "a layer for these hours, members below the layers, or gaps = "
				   "true",
	};
	struct hole hole;

	if (rotation->gaps)
		return;
	for (int64_t at = prove->from;
	     coverage_hole(prove->plan, rotation, 0, at, prove->until, &hole);
	     at = hole.until_utc_s)
		if (finding.count++ == 0)
			finding.first = hole;
	if (finding.count > 0)
		put(prove, &finding, calendar ? prove->warnings : prove->errors);
}

static void prove_targets(const struct prove *prove, const char *what,
			  const struct plan_targets *targets)
{
	struct finding finding = { .line = 1,
				   .what = what,
				   .zone = prove->plan->zone,
				   .help = "somebody in it who is always there",
				   .count = 1 };

	if (coverage_targets_hole(prove->plan, targets, prove->from, prove->until, &finding.first))
		put(prove, &finding, prove->errors);
}

/* ---- who has how much ---- */

struct share {
	const struct plan_person *person;
	int64_t seconds;
};

static struct share *share_of(struct share *shares, size_t *count, const struct plan_person *person)
{
	for (size_t i = 0; i < *count; i++)
		if (shares[i].person == person)
			return &shares[i];
	if (*count == SHARES_MAX)
		return NULL;
	shares[*count] = (struct share){ .person = person };
	return &shares[(*count)++];
}

static void report_slot(const struct prove *prove, const struct plan_rotation *rotation,
			size_t slot)
{
	struct share shares[SHARES_MAX];
	struct share *share;
	size_t count = 0;
	size_t handovers = 0;
	const struct plan_person *last = NULL;
	struct shift shift;

	for (int64_t at = prove->from; at < prove->until; at = shift.next_utc_s) {
		shift = schedule_at(prove->plan, rotation, slot, at);
		share = share_of(shares, &count, shift.person);
		if (share != NULL)
			share->seconds += when_sooner(shift.next_utc_s, prove->until) - at;
		handovers += at != prove->from && shift.person != last;
		last = shift.person;
	}
	buf_addf(prove->report, "  %s.%s: %zu handovers", rotation->name, rotation->slots[slot],
		 handovers);
	for (size_t i = 0; i < count; i++)
		buf_addf(prove->report, ", %s %lld %%",
			 shares[i].person == NULL ? "nobody" : shares[i].person->name,
			 (long long)(shares[i].seconds * 100 / SECONDS));
	buf_add_char(prove->report, '\n');
}

/* ---- gaps, those that are meant too ---- */

static void report_gaps(const struct prove *prove, const struct plan_rotation *rotation)
{
	struct hole hole;
	size_t count = 0;

	for (int64_t at = prove->from;
	     coverage_hole(prove->plan, rotation, 0, at, prove->until, &hole);
	     at = hole.until_utc_s) {
		if (count++ >= GAPS_MAX)
			continue;
		buf_addf(prove->report, "  %s: nobody from ", rotation->name);
		zone_write(rotation->base.zone, hole.from_utc_s, prove->report);
		buf_add_text(prove->report, " to ");
		zone_write(rotation->base.zone, hole.until_utc_s, prove->report);
		buf_add_char(prove->report, '\n');
	}
	if (count > GAPS_MAX)
		buf_addf(prove->report, "  %s: and %zu more gaps\n", rotation->name,
			 count - GAPS_MAX);
}

/* ---- the nights in which clocks change ---- */

static bool uses(const struct plan_rotation *rotation, const struct zone *zone)
{
	bool found = rotation->base.zone == zone && rotation->base.member_count > 0;

	for (size_t i = 0; i < rotation->layer_count; i++)
		found = found || rotation->layers[i].zone == zone;
	return found;
}

static void report_change(const struct prove *prove, const struct zone *zone,
			  const struct zone_change *change)
{
	const struct plan *plan = prove->plan;
	int64_t step_s = change->offset_s - zone_at(zone, change->utc_s - 1)->offset_s;
	struct buf *out = prove->report;

	if (step_s == 0)
		return;
	buf_addf(out, "  %s: clocks go %s %lld min to ", zone->name,
		 step_s > 0 ? "forward" : "back", (long long)(step_s > 0 ? step_s : -step_s) / 60);
	zone_write(zone, change->utc_s, out);
	for (size_t i = 0; i < plan->rotation_count; i++) {
		const struct plan_rotation *rotation = &plan->rotations[i];
		struct shift shift = schedule_at(plan, rotation, 0, change->utc_s);

		if (!uses(rotation, zone))
			continue;
		buf_addf(out, "; %s has %s until ",
			 shift.person == NULL ? "nobody" : shift.person->name, rotation->name);
		zone_write(zone, shift.next_utc_s, out);
	}
	buf_add_char(out, '\n');
}

static void report_changes(const struct prove *prove)
{
	for (size_t i = 0; i < prove->plan->zone_count; i++) {
		const struct zone *zone = prove->plan->zones[i];

		for (const struct zone_change *c = zone_next(zone, prove->from);
		     c != NULL && c->utc_s < prove->until; c = zone_next(zone, c->utc_s))
			report_change(prove, zone, c);
	}
}

/* ---- carriers ---- */

/* The carrier that all modems have; NULL: there are several, or one is not known. */
static const char *carrier_of_all(const struct config *config)
{
	const char *carrier = config->modem_count == 0 ? "" : config->modems[0].carrier;

	for (size_t i = 1; i < config->modem_count; i++)
		if (!span_is_nocase(span_of(carrier), config->modems[i].carrier))
			return NULL;
	return carrier[0] == '\0' ? NULL : carrier;
}

/* Has this person no number outside a carrier? */
static bool only_on(const struct plan_person *person, const char *carrier)
{
	for (size_t i = 0; i < person->number_count; i++)
		if (!span_is_nocase(span_of(carrier), person->numbers[i].carrier))
			return false;
	return person->number_count > 0;
}

static bool all_only_on(const struct prove *prove, const struct plan_layer *layer,
			const char *carrier)
{
	for (size_t i = 0; i < layer->member_count; i++) {
		const struct plan_person *person =
			plan_person(prove->plan, span_of(layer->members[i]));

		if (person == NULL || !only_on(person, carrier))
			return false;
	}
	return true;
}

static void prove_carriers(const struct prove *prove)
{
	const char *carrier = carrier_of_all(prove->config);
	const struct plan *plan = prove->plan;

	for (size_t i = 0; carrier != NULL && i < plan->rotation_count; i++) {
		const struct plan_rotation *rotation = &plan->rotations[i];
		bool all = rotation->base.member_count + rotation->layer_count > 0 &&
			   all_only_on(prove, &rotation->base, carrier);

		for (size_t k = 0; k < rotation->layer_count; k++)
			all = all && all_only_on(prove, &rotation->layers[k], carrier);
		if (all)
			buf_addf(prove->warnings,
				 "%s:%d: rotation \"%s\": everybody in it has only numbers of %s, "
				 "as "
				 "all modems have: its outage silences all of them\n",
				 prove->file, rotation->line, rotation->name, carrier);
	}
}

static void report_carriers(const struct prove *prove)
{
	const char *carrier = carrier_of_all(prove->config);
	const struct plan *plan = prove->plan;

	for (size_t i = 0; carrier != NULL && i < plan->person_count; i++)
		if (only_on(&plan->people[i], carrier))
			buf_addf(prove->report,
				 "  %s has only numbers of %s, as all modems have: an outage of it "
				 "ends paging for them\n",
				 plan->people[i].name, carrier);
}

/* ---- all of it ---- */

static void write_report(const struct prove *prove, bool whole)
{
	const struct plan *plan = prove->plan;

	buf_addf(prove->report,
		 whole ? "Somebody is on call at every minute of the next %d days:\n"
		       : "On call in the next %d days:\n",
		 PROVE_DAYS);
	for (size_t i = 0; i < plan->rotation_count; i++)
		for (size_t slot = 0; slot < plan->rotations[i].slot_count; slot++)
			report_slot(prove, &plan->rotations[i], slot);
	for (size_t i = 0; i < plan->rotation_count; i++)
		report_gaps(prove, &plan->rotations[i]);
	report_changes(prove);
	report_carriers(prove);
}

// NOLINTNEXTLINE(readability-function-size): six parameters, three of them where it goes
void prove_coverage(const struct config *config, const char *file, int64_t utc_s,
		    struct buf *errors, struct buf *warnings, struct buf *report)
{
	const struct plan *plan = config->plan;
	struct prove prove = { .config = config,
			       .plan = plan,
			       .file = file,
			       .from = utc_s,
			       .until = utc_s + SECONDS,
			       .errors = errors,
			       .warnings = warnings,
			       .report = report };
	size_t before = errors->len + warnings->len;
	bool whole;

	for (size_t i = 0; i < plan->rotation_count; i++)
		prove_rotation(&prove, &plan->rotations[i]);
	prove_targets(&prove, "operators", &plan->operators);
	prove_targets(&prove, "catch_all", &plan->catch_all);
	whole = errors->len + warnings->len == before;
	prove_carriers(&prove);
	if (report != NULL)
		write_report(&prove, whole);
}
