/* Times as people text them, and lengths as they write them. */
#include "base/civil.h"
#include "base/duration.h"
#include "dialplan/moment.h"
#include "tests/support/unit.h"

#include <string.h>

static int64_t utc(const char *text)
{
	int64_t utc_s = 0;

	CHECK(civil_read(span_of(text), &utc_s));
	return utc_s;
}

/* Two hours ahead of UTC. */
static struct zone_change ahead = { .utc_s = INT64_MIN, .offset_s = 7200, .abbrev = "X" };
static const struct zone zone = { "Test/Ahead", &ahead, 1 };
static const struct plan plan = {
	.zone = &zone,
	.business = { .zone = &zone,
		      .open_s = 9 * 3600,
		      .shut_s = 17 * 3600,
		      .days = 0x1F,
		      .windows = true },
};

static void test_moment_reads_what_people_write(void **state)
{
	/* It is Thursday 2026-11-26 20:30 there. */
	static const struct {
		const char *text, *moment;
	} rows[] = {
		{ "2h", "2026-11-26 20:30" },
		{ "90 min", "2026-11-26 20:00" },
		{ "until 22:00", "2026-11-26 20:00" },
		{ "until 20:30", "2026-11-27 18:30" }, /* not now: tomorrow */
		{ "UNTIL Mon 09:00", "2026-11-30 07:00" },
		{ "until monday", "2026-11-30 07:00" },
		{ "thu 8:15", "2026-12-03 06:15" },
		{ "thu 20:30", "2026-12-03 18:30" },
		{ "thu 20:31", "2026-11-26 18:31" }, /* today still */
		{ "thu", "2026-12-03 07:00" },
		{ "tomorrow", "2026-11-27 07:00" },
		{ "tomorrow 6:00", "2026-11-27 04:00" },
		{ "until 2026-12-01", "2026-12-01 07:00" },
		{ "2026-12-01 00:00", "2026-11-30 22:00" },
		{ "2026-12-01T09:00:00Z", "2026-12-01 09:00" },
		{ "3 Days", "2026-11-29 18:30" },
	};
	static const char *const none[] = {
		"",
		"until",
		"until then",
		"25:00",
		"mon 9:75",
		"mon -5",
		"-1:30",
		"12:-5",
		"0h",
		"h",
		"-2h",
		"2026-11-26 20:30",
		"2026-02-31x",
		"1234",
		"22",
		"2 fortnights",
	};
	int64_t now = utc("2026-11-26 18:30");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t moment = 0;

		CHECK_ROW(moment_read(&plan, span_of(rows[i].text), now, &moment), rows[i].text);
		CHECK_ROW(moment == utc(rows[i].moment), rows[i].text);
	}
	for (size_t i = 0; i < COUNT_OF(none); i++) {
		int64_t moment = 77;

		CHECK_ROW(!moment_read(&plan, span_of(none[i]), now, &moment), none[i]);
		CHECK_ROW(moment == 77, none[i]);
	}
}

static void test_moment_of_the_next_business_day(void **state)
{
	static const char *const rows[][2] = {
		{ "2026-11-26 18:30", "2026-11-27 07:00" }, /* Thursday evening */
		{ "2026-11-27 08:00", "2026-11-30 07:00" }, /* Friday, in the hours */
		{ "2026-11-28 12:00", "2026-11-30 07:00" },
		{ "2026-11-29 21:59", "2026-11-30 07:00" }, /* still Sunday there */
		{ "2026-11-29 22:01", "2026-12-01 07:00" }, /* Monday already */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(moment_next_business_day(&plan, utc(rows[i][0])) == utc(rows[i][1]),
			  rows[i][0]);
}

static void test_duration_of_all_units(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} rows[] = {
		{ "90s", 90 },
		{ "5 m", 300 },
		{ "5 min", 300 },
		{ "2H", 7200 },
		{ "1 d", 86400 },
		{ "3days", 259200 },
		{ "2 weeks", 1209600 },
		{ "1w", 604800 },
		{ "0 s", 0 },
		{ "", -1 },
		{ "5", -1 },
		{ "min", -1 },
		{ "5 minutes", -1 },
		{ "-5 s", -1 },
		{ "+5 s", -1 },
		{ "99999999999 w", -1 },
		{ "5 s x", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t seconds = -1;

		CHECK_ROW(duration_read(span_of(rows[i].text), &seconds) == (rows[i].seconds >= 0),
			  rows[i].text);
		CHECK_ROW(seconds == rows[i].seconds, rows[i].text);
	}
}

static void test_moment_finds_the_day_of_every_month(void **state)
{
	static const struct {
		const char *when, *now, *want;
	} rows[] = {
		{ "first tue 10:30", "2026-12-01T10:30:00Z", "2026-12-01T10:30:00Z" },
		{ "first tue 10:30", "2026-12-01T10:29:59Z", "2026-11-03T10:30:00Z" },
		{ "Second Tuesday 10:30", "2026-12-31T00:00:00Z", "2026-12-08T10:30:00Z" },
		{ "fourth mon 9", "2027-02-28T00:00:00Z", "2027-02-22T09:00:00Z" },
		{ "last fri 14:00", "2027-01-10T00:00:00Z", "2026-12-25T14:00:00Z" },
		{ "last thu 00:00", "2026-12-31T00:00:00Z", "2026-12-31T00:00:00Z" },
		{ "first fri 00:00", "2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z" },
	};
	static const char *const wrong[] = { "",
					     "tue 10:30",
					     "fifth tue 10:30",
					     "first 10:30",
					     "first tue",
					     "first tue 24:00",
					     "first tue x",
					     "first tue 10:3",
					     "first tue 10:30 x" };
	struct plan utc = { 0 };
	struct plan_monthly monthly = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t now = 0;
		int64_t want = 0;

		CHECK(civil_read(span_of(rows[i].now), &now) &&
		      civil_read(span_of(rows[i].want), &want));
		CHECK_ROW(moment_monthly_read(span_of(rows[i].when), &monthly), rows[i].when);
		CHECK_ROW(moment_monthly_before(&utc, &monthly, now) == want, rows[i].when);
	}
	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		CHECK_ROW(!moment_monthly_read(span_of(wrong[i]), &monthly), wrong[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moment_reads_what_people_write),
		cmocka_unit_test(test_moment_of_the_next_business_day),
		cmocka_unit_test(test_duration_of_all_units),
		cmocka_unit_test(test_moment_finds_the_day_of_every_month),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
