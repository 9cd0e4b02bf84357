/* Every zone of the machine's data against the C library, which reads the same files by itself. */
#include "zoneinfo.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dialplan/schedule.h"
#include "setup.h"
#include "tests/support/unit.h"

#define DIRECTORY "/usr/share/zoneinfo"
#define DAY       INT64_C(86400)
#define END_S     INT64_C(2208988800) /* 2040-01-01 */

static char names[1000][ZONE_NAME];
static size_t name_count;

static int gather(const char *path, const struct stat *info, int kind)
{
	const char *name = path + strlen(DIRECTORY) + 1;

	(void)info;
	if (kind == FTW_F && name[0] >= 'A' && name[0] <= 'Z' && strlen(name) < ZONE_NAME &&
	    name_count < COUNT_OF(names))
		strcpy(names[name_count++], name);
	return 0;
}

static uint64_t seed = 1;

static int64_t random_below(int64_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int64_t)((seed >> 33) % (uint64_t)n);
}

static void set_zone(const char *name)
{
	char value[ZONE_NAME + 1];

	snprintf(value, sizeof value, ":%.39s", name);
	setenv("TZ", value, 1);
	tzset();
}

static bool same_as_libc(const struct zone *zone, int64_t utc_s)
{
	time_t at = (time_t)utc_s;
	const struct zone_change *here = zone_at(zone, utc_s);
	struct tm tm;

	localtime_r(&at, &tm);
	if (tm.tm_gmtoff == here->offset_s && (tm.tm_isdst > 0) == here->dst &&
	    strcmp(tm.tm_zone, here->abbrev) == 0)
		return true;
	print_error("%s at %lld: %ld %d %s, not %lld %d %s\n", zone->name, (long long)utc_s,
		    tm.tm_gmtoff, tm.tm_isdst, tm.tm_zone, (long long)here->offset_s, here->dst,
		    here->abbrev);
	return false;
}

static int64_t libc_local(int64_t utc_s)
{
	time_t at = (time_t)utc_s;
	struct tm tm;

	localtime_r(&at, &tm);
	return utc_s + tm.tm_gmtoff;
}

/* The first instant at which the C library shows this local time, by the offsets in use around it; when there is none, the
 * first at which it shows a later one. */
static int64_t first_showing(int64_t local_s)
{
	int64_t low = local_s - DAY - 7200;
	int64_t high = local_s + DAY + 7200;
	const int64_t around[] = { low, local_s, high };
	int64_t found = INT64_MAX;

	for (size_t i = 0; i < COUNT_OF(around); i++) {
		int64_t utc_s = local_s - (libc_local(around[i]) - around[i]);

		if (utc_s < found && libc_local(utc_s) == local_s)
			found = utc_s;
	}
	while (found == INT64_MAX && low + 1 < high) { /* by halves, to the second */
		int64_t middle = low + (high - low) / 2;

		if (libc_local(middle) > local_s)
			high = middle;
		else
			low = middle;
	}
	return found == INT64_MAX ? high : found;
}

static void check_local(const struct zone *zone, int64_t local_s)
{
	int64_t want = first_showing(local_s);
	int64_t got = zone_utc(zone, local_s);

	if (got != want)
		print_error("%s: local %lld is %lld, not %lld\n", zone->name, (long long)local_s,
			    (long long)want, (long long)got);
	assert_int_equal(got, want);
}

static void check_changes(const struct zone *zone)
{
	for (size_t i = 1; i < zone->count && zone->changes[i].utc_s < END_S; i++) {
		int64_t at = zone->changes[i].utc_s;

		for (int64_t d = -60; d <= 60; d += 30) {
			CHECK(same_as_libc(zone, at + d));
			check_local(zone, zone->changes[i - 1].offset_s + at + d);
			check_local(zone, zone->changes[i].offset_s + at + d);
		}
		CHECK(same_as_libc(zone, at - 1));
	}
}

static void test_zone_is_what_the_c_library_says_in_every_zone(void **state)
{
	const char *more = getenv("MILLIONS");
	int64_t random = more != NULL ? strtol(more, NULL, 10) * 1000000 / 590 : 300;
	int64_t checked = 0;

	(void)state;
	assert_int_equal(ftw(DIRECTORY, gather, 10), 0);
	CHECK(name_count > 300);
	for (size_t n = 0; n < name_count; n++) {
		struct zone *zone = NULL;
		struct err err = { 0 };

		CHECK_ROW(zoneinfo_load(&zone, names[n], &err) == 0, names[n]);
		set_zone(names[n]);
		for (int64_t at = ZONE_FROM_S; at < END_S; at += 3 * DAY, checked++)
			CHECK(same_as_libc(zone, at));
		for (int64_t i = 0; i < random; i++, checked += 2) {
			int64_t at = ZONE_FROM_S + random_below(END_S - ZONE_FROM_S);

			CHECK(same_as_libc(zone, at));
			check_local(zone, at);
		}
		check_changes(zone);
		zone_free(zone);
	}
	print_message("# figures: %zu zones, %lld instants\n", name_count, (long long)checked);
	unsetenv("TZ");
	tzset();
}

/* ---- rotations in every zone: whoever the rule says, by the C library's own civil time ---- */

#define MEMBERS 5
#define STARTS  1575280800 /* 2019-12-02 10:00, a Monday, on the wall */

struct rule {
	struct plan plan;
	struct plan_rotation rotation;
	struct plan_person people[MEMBERS];
	char members[MEMBERS][PLAN_NAME];
	int64_t shift_s;
};

static void make_rule(struct rule *rule, const struct zone *zone, int64_t shift_s)
{
	*rule = (struct rule){ .shift_s = shift_s };
	for (int i = 0; i < MEMBERS; i++) {
		snprintf(rule->people[i].name, PLAN_NAME, "m%d", i);
		snprintf(rule->members[i], PLAN_NAME, "m%d", i);
	}
	rule->rotation = (struct plan_rotation){ .name = "r",
						 .slots = { "primary", "secondary" },
						 .slot_count = 2,
						 .base = { .zone = zone,
							   .members = rule->members,
							   .member_count = MEMBERS,
							   .starts_s = STARTS,
							   .shift_s = shift_s } };
	rule->plan = (struct plan){ .people = rule->people,
				    .person_count = MEMBERS,
				    .rotations = &rule->rotation,
				    .rotation_count = 1 };
}

/* Which shift it is: the last that has begun. */
static int64_t shift_at(const struct rule *rule, int64_t utc_s)
{
	int64_t n = (libc_local(utc_s) - STARTS) / rule->shift_s + 2;

	while (first_showing(STARTS + n * rule->shift_s) > utc_s)
		n--;
	return n;
}

static void check_holders(const struct rule *rule, const char *name, int64_t utc_s)
{
	int64_t n = shift_at(rule, utc_s);

	for (size_t slot = 0; slot < 2; slot++) {
		struct shift shift = schedule_at(&rule->plan, &rule->rotation, slot, utc_s);
		const struct plan_person *want = &rule->people[(n + (int64_t)slot) % MEMBERS];

		if (shift.person != want)
			print_error("%s at %lld: %s, not %s\n", name, (long long)utc_s,
				    shift.person == NULL ? "nobody" : shift.person->name,
				    want->name);
		CHECK(shift.person == want);
	}
}

static int64_t check_rule(const struct rule *rule, const struct zone *zone, int64_t random,
			  int64_t every)
{
	int64_t checked = 0;

	for (size_t i = 1; i < zone->count && zone->changes[i].utc_s < END_S; i++)
		for (int64_t d = -60; d <= 60; d += 60, checked++)
			check_holders(rule, zone->name, zone->changes[i].utc_s + d);
	for (int64_t n = 5 + random_below(every); STARTS + n * rule->shift_s < END_S; n += every)
		for (int64_t d = -60; d <= 60; d += 60, checked++)
			check_holders(rule, zone->name,
				      first_showing(STARTS + n * rule->shift_s) + d);
	for (int64_t i = 0; i < random; i++, checked++)
		check_holders(rule, zone->name, ZONE_FROM_S + random_below(END_S - ZONE_FROM_S));
	return checked;
}

static void test_rotations_are_held_by_whom_the_rule_says_in_every_zone(void **state)
{
	static const int64_t shifts[] = { 7 * DAY, DAY - 7 * 3600 - 1800, 3 * 3600 };
	const char *more = getenv("MILLIONS");
	int64_t random = more != NULL ? strtol(more, NULL, 10) * 1000000 / 1089 : 20;
	int64_t checked = 0;

	(void)state;
	for (size_t n = 0; n < name_count; n++) {
		struct zone *zone = NULL;
		struct err err = { 0 };

		CHECK_ROW(zoneinfo_load(&zone, names[n], &err) == 0, names[n]);
		set_zone(names[n]);
		for (size_t i = 0; i < COUNT_OF(shifts); i++) {
			static struct rule rule; /* too big for a stack frame */

			make_rule(&rule, zone, shifts[i]);
			checked += check_rule(&rule, zone, random,
					      END_S / shifts[i] / (more != NULL ? 3000 : 150));
		}
		zone_free(zone);
	}
	print_message("# figures: %lld instants of shifts\n", (long long)checked);
	unsetenv("TZ");
	tzset();
}

static struct zone *zone_of(const char *name, int64_t from)
{
	char path[80];
	struct buf bytes = { 0 };
	struct zone *zone = NULL;
	struct err err = { 0 };

	snprintf(path, sizeof path, DIRECTORY "/%s", name);
	assert_int_equal(setup_read(path, &bytes, &err), 0);
	assert_int_equal(zone_read(&zone, name, buf_span(&bytes), from, ZONE_UNTIL_S, &err), 0);
	buf_free(&bytes);
	return zone;
}

static int64_t at(const char *text)
{
	int64_t utc_s = 0;

	CHECK_ROW(civil_read(span_of(text), &utc_s), text);
	return utc_s;
}

static void test_zone_utc_in_gaps_and_overlaps(void **state)
{
	static const struct {
		const char *zone, *local, *utc;
	} rows[] = {
		{ "Europe/Berlin", "2026-01-05 10:00", "2026-01-05 09:00" },
		{ "Europe/Berlin", "2026-03-29 01:59", "2026-03-29 00:59" },
		{ "Europe/Berlin", "2026-03-29 02:00", "2026-03-29 01:00" }, /* the gap … */
		{ "Europe/Berlin", "2026-03-29 02:59", "2026-03-29 01:00" }, /* … to its end */
		{ "Europe/Berlin", "2026-03-29 03:00", "2026-03-29 01:00" },
		{ "Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30" }, /* the first one */
		{ "Europe/Berlin", "2026-10-25 03:00", "2026-10-25 02:00" },
		{ "Europe/Berlin", "2055-07-01 12:00", "2055-07-01 10:00" }, /* by the footer */
		{ "Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30" },
		{ "Australia/Lord_Howe", "2026-10-04 02:30", "2026-10-03 15:30" },
		{ "Australia/Lord_Howe", "2027-04-04 01:45", "2027-04-03 14:45" },
		{ "Pacific/Apia", "2011-12-29 23:59", "2011-12-30 09:59" },
		{ "Pacific/Apia", "2011-12-30 10:00", "2011-12-30 10:00" }, /* never was */
		{ "Pacific/Apia", "2011-12-31 00:00", "2011-12-30 10:00" },
		{ "Pacific/Apia", "2011-12-31 10:00", "2011-12-30 20:00" },
		{ "Africa/Casablanca", "2026-02-15 02:30", "2026-02-15 01:30" },
		{ "Asia/Kathmandu", "2028-02-29 00:00", "2028-02-28 18:15" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct zone *zone = zone_of(rows[i].zone, at("2005-01-01 00:00"));

		CHECK_ROW(zone_utc(zone, at(rows[i].local)) == at(rows[i].utc), rows[i].local);
		zone_free(zone);
	}
	CHECK(zone_utc(NULL, 17) == 17 && zone_local(NULL, 17) == 17);
	assert_string_equal(zone_name(NULL), "UTC");
}

static void test_zoneinfo_load_names_the_nearest_zone(void **state)
{
	static const struct {
		const char *name, *says;
	} rows[] = {
		{ "Europe/Berlni",
		  "there is no zone \"Europe/Berlni\", did you mean Europe/Berlin?" },
		{ "europe/berlin",
		  "there is no zone \"europe/berlin\", did you mean Europe/Berlin?" },
		{ "America/Argentina/Sanjuan", "did you mean America/Argentina/San_Juan?" },
		{ "Middle/Earth", "want one such as" },
		{ "../../etc/passwd", "there is no zone" },
		{ "Europe", "there is no zone" },
		{ "", "there is no zone" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct zone *zone = NULL;
		struct err err = { 0 };

		CHECK_ROW(zoneinfo_load(&zone, rows[i].name, &err) < 0, rows[i].name);
		CHECK_ROW(strstr(err.text, rows[i].says) != NULL, err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zone_is_what_the_c_library_says_in_every_zone),
		cmocka_unit_test(test_rotations_are_held_by_whom_the_rule_says_in_every_zone),
		cmocka_unit_test(test_zone_utc_in_gaps_and_overlaps),
		cmocka_unit_test(test_zoneinfo_load_names_the_nearest_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
