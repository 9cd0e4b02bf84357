#include "dialplan/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "config/config.h"
#include "tests/support/unit.h"
#include "zoneinfo.h"

#define PEOPLE                                                                           \
	"country = \"1\"; default_rotation = \"r\"; operators = [ \"ada\" ];"            \
	"modems = ( { name = \"a\"; port = \"/dev/a\"; } );"                             \
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); }, " \
	"{ name = \"bob\"; numbers = ( { number = \"+15550100002\"; } ); }, "            \
	"{ name = \"cy\"; numbers = ( { number = \"+15550100003\"; } ); }, "             \
	"{ name = \"dee\"; numbers = ( { number = \"+15550100004\"; } ); } ); "          \
	"rotations = ( { name = \"r\"; "

/* A plan whose only rotation is "r", with these keys. */
static struct plan *plan_of(const char *rotation)
{
	struct buf text = { 0 };
	struct buf errors = { 0 };
	struct buf warnings = { 0 };
	struct config *config = NULL;
	struct plan *plan;

	buf_addf(&text, "%s%s } );", PEOPLE, rotation);
	config_parse(&config, &(struct config_source){ buf_span(&text), "r.cfg", zoneinfo_load },
		     &errors, &warnings);
	CHECK_ROW(config != NULL, buf_text(&errors));
	plan = config->plan;
	config->plan = NULL;
	config_free(config);
	buf_free(&text);
	buf_free(&errors);
	buf_free(&warnings);
	return plan;
}

static int64_t at(const char *text)
{
	int64_t utc_s = 0;

	CHECK_ROW(civil_read(span_of(text), &utc_s), text);
	return utc_s;
}

/* "ada until 2026-03-30 08:00" */
static const char *on_call(const struct plan *plan, const char *slot, const char *when)
{
	static char text[80];
	int64_t ends = 0;
	const struct plan_person *person =
		plan_on_call(plan, &plan->rotations[0], span_of(slot), at(when), &ends);
	struct civil c = civil_of(ends == WHEN_NEVER ? 0 : ends);

	snprintf(text, sizeof text, "%s until %04d-%02d-%02d %02d:%02d",
		 person == NULL ? "nobody" : person->name, (int)c.year, c.month, c.day, c.hour,
		 c.minute);
	if (ends == WHEN_NEVER)
		snprintf(text, sizeof text, "%s always", person == NULL ? "nobody" : person->name);
	return text;
}

struct row {
	const char *slot, *at, *who;
};

static void check_rows(const char *rotation, const struct row *rows, size_t count)
{
	struct plan *plan = plan_of(rotation);

	for (size_t i = 0; i < count; i++) {
		const char *who = on_call(plan, rows[i].slot, rows[i].at);

		if (strcmp(who, rows[i].who) != 0)
			print_error("%s: %s, not %s\n", rows[i].at, who, rows[i].who);
		CHECK(strcmp(who, rows[i].who) == 0);
	}
	plan_free(plan);
}

/* POLICIES.md P2.1: Monday 10:00 on the wall, whatever the clocks do. */
static void test_schedule_hands_over_at_local_time(void **state)
{
	static const struct row rows[] = {
		{ "", "2026-03-23 08:59", "bob until 2026-03-23 09:00" },
		{ "", "2026-03-23 09:00", "cy until 2026-03-30 08:00" }, /* summer time now */
		{ "secondary", "2026-03-30 07:59", "ada until 2026-03-30 08:00" },
		{ "", "2026-03-30 08:00", "ada until 2026-04-06 08:00" },
		{ "", "2026-10-25 12:00", "cy until 2026-10-26 09:00" },
		{ "", "1999-01-04 09:00", "bob until 1999-01-11 09:00" }, /* both ways */
	};

	(void)state;
	check_rows("members = [ \"ada\", \"bob\", \"cy\" ]; starts = \"2026-01-05 10:00\"; "
		   "zone = \"Europe/Berlin\";",
		   rows, COUNT_OF(rows));
}

static void test_schedule_in_a_gap_and_an_overlap(void **state)
{
	static const struct row rows[] = {
		{ "", "2026-03-29 00:59", "bob until 2026-03-29 01:00" }, /* 02:30 is never */
		{ "", "2026-03-29 01:00", "ada until 2026-03-30 00:30" },
		{ "", "2026-10-25 00:29", "bob until 2026-10-25 00:30" }, /* the first 02:30 */
		{ "", "2026-10-25 00:30", "ada until 2026-10-26 01:30" },
		{ "", "2026-10-25 01:15", "ada until 2026-10-26 01:30" }, /* 02:15 again */
	};

	(void)state;
	check_rows("members = [ \"ada\", \"bob\" ]; starts = \"2026-03-01 02:30\"; "
		   "zone = \"Europe/Berlin\"; shift = \"1 day\";",
		   rows, COUNT_OF(rows));
}

static void test_schedule_by_months_and_by_hours(void **state)
{
	static const struct row months[] = {
		{ "", "2026-02-28 09:59", "ada until 2026-02-28 10:00" },
		{ "", "2026-02-28 10:00", "bob until 2026-03-31 10:00" },
		{ "", "2028-02-29 09:59", "ada until 2028-02-29 10:00" }, /* a leap day */
		{ "", "2025-12-31 10:00", "bob until 2026-01-31 10:00" },
	};
	static const struct row halves[] = {
		{ "", "2026-10-03 15:29", "bob until 2026-10-03 15:30" }, /* Lord Howe: 02:00 */
		{ "", "2026-10-03 15:30", "ada until 2026-10-04 03:00" }, /* became 02:30 */
		{ "", "2026-10-04 03:00", "bob until 2026-10-04 15:00" },
	};

	(void)state;
	check_rows("members = [ \"ada\", \"bob\" ]; starts = \"2026-01-31 10:00\"; "
		   "shift = \"1 month\";",
		   months, COUNT_OF(months));
	check_rows("members = [ \"ada\", \"bob\" ]; starts = \"2026-10-01 02:00\"; "
		   "zone = \"Australia/Lord_Howe\"; shift = \"12 h\";",
		   halves, COUNT_OF(halves));
}

/* Members by week; the base below has whoever is not named. */
static void test_schedule_by_turns(void **state)
{
	static const struct row rows[] = {
		{ "", "2026-01-05 10:00", "ada until 2026-01-12 10:00" },
		{ "secondary", "2026-01-05 10:00", "bob until 2026-01-12 10:00" },
		{ "", "2026-01-12 10:00", "bob until 2026-01-19 10:00" },
		{ "secondary", "2026-01-12 10:00", "cy until 2026-01-26 10:00" },
		{ "", "2026-01-19 10:00", "dee until 2026-01-26 10:00" },
		{ "", "2025-12-29 10:00", "dee until 2026-01-05 10:00" },
	};

	(void)state;
	check_rows("turns = ( [ \"ada\", \"bob\" ], [ \"bob\", \"cy\" ], [ \"dee\", \"cy\" ] ); "
		   "starts = \"2026-01-05 10:00\";",
		   rows, COUNT_OF(rows));
}

/* Berlin's day, New York's day, and the base for the rest. */
static void test_schedule_follows_the_sun(void **state)
{
	static const struct row rows[] = {
		{ "", "2026-07-01 05:59", "cy until 2026-07-01 06:00" },
		{ "", "2026-07-01 06:00", "ada until 2026-07-01 18:00" },
		{ "secondary", "2026-07-01 12:00", "bob until 2026-07-01 18:00" },
		{ "secondary", "2026-07-01 11:59", "cy until 2026-07-01 12:00" },
		{ "", "2026-07-01 18:00", "bob until 2026-07-02 00:00" },
		{ "", "2026-07-02 00:00", "cy until 2026-07-02 06:00" },
		{ "", "2026-03-20 20:00", "bob until 2026-03-21 00:00" }, /* only one has changed */
		{ "", "2026-07-04 10:00", "cy until 2026-07-04 12:00" },  /* Saturday in Berlin */
		{ "shadow", "2026-07-01 12:00", "dee always" },
	};

	(void)state;
	check_rows("layers = ( { members = [ \"ada\" ]; zone = \"Europe/Berlin\"; "
		   "hours = \"08:00-20:00\"; days = [ \"mon\", \"tue\", \"wed\", \"thu\", \"fri\" "
		   "]; }, "
		   "{ members = [ \"bob\" ]; zone = \"America/New_York\"; hours = \"08:00-20:00\"; "
		   "} ); "
		   "members = [ \"cy\" ]; shadows = [ \"dee\" ];",
		   rows, COUNT_OF(rows));
}

static void test_schedule_windows_over_midnight_and_weekends(void **state)
{
	static const struct row rows[] = {
		{ "", "2026-07-03 21:59", "nobody until 2026-07-03 22:00" },
		{ "", "2026-07-03 22:00", "ada until 2026-07-04 06:00" }, /* Friday's night */
		{ "", "2026-07-04 05:00", "ada until 2026-07-04 06:00" },
		{ "", "2026-07-04 06:00", "nobody until 2026-07-10 22:00" },
	};

	(void)state;
	check_rows(
		"members = [ \"ada\" ]; hours = \"22:00-06:00\"; days = [ \"fri\" ]; gaps = true;",
		rows, COUNT_OF(rows));
}

static void put(struct rota *rota, enum rota_kind kind, const char *slot, const char *person,
		const char *from, const char *until)
{
	struct rota_entry entry = { .id = (int64_t)rota->entry_count + 1,
				    .kind = kind,
				    .rotation = "r",
				    .from_utc_s = at(from),
				    .until_utc_s = at(until) };

	span_copy(span_of(slot), entry.slot, sizeof entry.slot);
	span_copy(span_of(person), entry.person, sizeof entry.person);
	assert_int_equal(rota_put(rota, &entry), 0);
}

static void test_schedule_with_overrides_and_absences(void **state)
{
	static const struct row rows[] = {
		/* bob takes over the first slot for a day: the second goes to cy */
		{ "", "2026-01-06 12:00", "bob until 2026-01-07 12:00" },
		{ "secondary", "2026-01-06 12:00", "cy until 2026-01-07 12:00" },
		{ "", "2026-01-06 11:59", "ada until 2026-01-06 12:00" },
		/* bob is away in his week: cy, then ada */
		{ "", "2026-01-12 10:00", "cy until 2026-01-26 10:00" },
		{ "secondary", "2026-01-13 10:00", "ada until 2026-01-26 10:00" },
		/* the newest of two overrides counts; one of somebody away does not */
		{ "", "2026-02-03 12:00", "cy until 2026-02-03 18:00" },
		{ "", "2026-02-03 18:00", "bob until 2026-02-09 10:00" },
		{ "", "2026-02-05 12:00", "bob until 2026-02-09 10:00" },
	};
	struct plan *plan = plan_of("members = [ \"ada\", \"bob\", \"cy\" ]; "
				    "starts = \"2026-01-05 10:00\";");
	struct rota rota = { 0 };
	const struct plan_person *people[4];

	(void)state;
	put(&rota, ROTA_OVERRIDE, "primary", "bob", "2026-01-06 12:00", "2026-01-07 12:00");
	put(&rota, ROTA_ABSENCE, "", "bob", "2026-01-12 09:00", "2026-01-20 00:00");
	put(&rota, ROTA_OVERRIDE, "primary", "bob", "2026-02-03 00:00", "2026-02-04 00:00");
	put(&rota, ROTA_OVERRIDE, "primary", "cy", "2026-02-03 12:00", "2026-02-03 18:00");
	put(&rota, ROTA_OVERRIDE, "primary", "dee", "2026-02-05 00:00", "2026-02-06 00:00");
	put(&rota, ROTA_ABSENCE, "", "dee", "2026-02-05 00:00", "2026-02-07 00:00");
	put(&rota, ROTA_OVERRIDE, "primary", "gone", "2026-02-05 00:00", "2026-02-06 00:00");
	plan->rota = &rota;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_string_equal(on_call(plan, rows[i].slot, rows[i].at), rows[i].who);
	/* never paged while away, not by name either */
	CHECK(plan_resolve(plan, span_of("bob"), span_of(""), at("2026-01-12 12:00"), people, 0,
			   4) == 0);
	CHECK(plan_resolve(plan, span_of("bob"), span_of(""), at("2026-01-20 00:00"), people, 0,
			   4) == 1);
	plan_free(plan);
	rota_deinit(&rota);
}

static size_t paged(const struct plan *plan, const char *target, const char *when)
{
	const struct plan_person *people[4];

	return plan_resolve(plan, span_of(target), span_of(""), at(when), people, 0, 4);
}

/* Whoever is beside a slot is paged with its holder and holds nothing. */
static void test_schedule_with_somebody_beside(void **state)
{
	struct plan *plan = plan_of("members = [ \"ada\", \"bob\", \"cy\" ]; "
				    "starts = \"2026-01-05 10:00\";");
	struct rota rota = { 0 };

	(void)state;
	put(&rota, ROTA_BESIDE, "primary", "dee", "2026-01-06 12:00", "2026-01-06 14:00");
	put(&rota, ROTA_BESIDE, "primary", "ada", "2026-01-06 12:00", "2026-01-06 14:00");
	plan->rota = &rota;
	CHECK(paged(plan, "r", "2026-01-06 11:59") == 1);
	CHECK(paged(plan, "r", "2026-01-06 12:00") == 2); /* ada once */
	CHECK(paged(plan, "r.secondary", "2026-01-06 12:00") == 1);
	CHECK(paged(plan, "r", "2026-01-06 14:00") == 1);
	assert_string_equal(on_call(plan, "", "2026-01-06 13:00"), "ada until 2026-01-12 10:00");
	put(&rota, ROTA_ABSENCE, "", "dee", "2026-01-06 13:00", "2026-01-07 00:00");
	CHECK(paged(plan, "r", "2026-01-06 13:00") == 1);
	plan_free(plan);
	rota_deinit(&rota);
}

static void test_schedule_from_a_calendar(void **state)
{
	static const struct row rows[] = {
		{ "", "2026-01-06 00:00", "cy until 2026-01-06 12:00" },
		{ "secondary", "2026-01-06 00:00", "dee until 2026-01-06 12:00" },
		{ "", "2026-01-06 12:00", "ada until 2026-01-07 00:00" }, /* nobody we know */
		{ "", "2026-01-07 00:00", "dee until 2026-01-08 00:00" },
		{ "secondary", "2026-01-07 00:00", "ada until 2026-01-08 00:00" },
		{ "", "2026-01-08 00:00", "ada until 2026-01-12 10:00" },
	};
	struct rota_span *spans = calloc(4, sizeof *spans);
	struct rota_calendar calendar = { .rotation = "r", .spans = spans, .span_count = 4 };
	struct plan *plan = plan_of("members = [ \"ada\", \"bob\" ]; "
				    "starts = \"2026-01-05 10:00\";");
	struct rota rota = { 0 };

	(void)state;
	CHECK(spans != NULL);
	spans[0] = (struct rota_span){ at("2026-01-06 00:00"), at("2026-01-06 12:00"), "cy" };
	spans[1] = (struct rota_span){ at("2026-01-06 00:00"), at("2026-01-06 12:00"), "dee" };
	spans[2] = (struct rota_span){ at("2026-01-06 12:00"), at("2026-01-07 00:00"), "" };
	spans[3] = (struct rota_span){ at("2026-01-07 00:00"), at("2026-01-08 00:00"), "dee" };
	assert_int_equal(rota_put_calendar(&rota, &calendar), 0);
	plan->rota = &rota;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_string_equal(on_call(plan, rows[i].slot, rows[i].at), rows[i].who);
	plan_free(plan);
	rota_deinit(&rota);
}

/* Two people in four slots: each holds two; with one away the other has all. */
static void test_schedule_nobody_holds_two_slots_while_there_is_another(void **state)
{
	struct plan *plan =
		plan_of("members = [ \"ada\", \"bob\" ]; starts = \"2026-01-05 10:00\"; "
			"slots = [ \"primary\", \"secondary\", \"c\" ];");
	struct rota rota = { 0 };

	(void)state;
	assert_string_equal(on_call(plan, "primary", "2026-01-05 10:00"),
			    "ada until 2026-01-12 10:00");
	assert_string_equal(on_call(plan, "secondary", "2026-01-05 10:00"),
			    "bob until 2026-01-12 10:00");
	assert_string_equal(on_call(plan, "c", "2026-01-05 10:00"), "ada until 2026-01-12 10:00");
	put(&rota, ROTA_ABSENCE, "", "ada", "2026-01-01 00:00", "2026-01-06 00:00");
	plan->rota = &rota;
	assert_string_equal(on_call(plan, "c", "2026-01-05 10:00"), "bob until 2026-01-06 00:00");
	put(&rota, ROTA_ABSENCE, "", "bob", "2026-01-01 00:00", "2026-01-06 00:00");
	assert_string_equal(on_call(plan, "primary", "2026-01-05 10:00"),
			    "nobody until 2026-01-06 00:00");
	plan_free(plan);
	rota_deinit(&rota);
}

static void test_rota_put_replaces_and_takes_back(void **state)
{
	struct rota rota = { 0 };
	struct rota_entry entry;

	(void)state;
	put(&rota, ROTA_ABSENCE, "", "ada", "2026-01-01 00:00", "2026-01-06 00:00");
	put(&rota, ROTA_ABSENCE, "", "bob", "2026-01-01 00:00", "2026-01-06 00:00");
	entry = rota.entries[0];
	entry.until_utc_s = at("2026-01-02 00:00");
	assert_int_equal(rota_put(&rota, &entry), 0);
	CHECK(rota.entry_count == 2);
	CHECK(rota_absent(&rota, "ada", at("2026-01-03 00:00")) == NULL);
	CHECK(rota_edge(&rota, "r", at("2026-01-01 00:00")) == at("2026-01-02 00:00"));
	entry.ended_utc_s = 1;
	assert_int_equal(rota_put(&rota, &entry), 0);
	CHECK(rota.entry_count == 1 && strcmp(rota.entries[0].person, "bob") == 0);
	rota_deinit(&rota);
	CHECK(rota_absent(NULL, "ada", 0) == NULL && rota_edge(NULL, "r", 0) == WHEN_NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schedule_hands_over_at_local_time),
		cmocka_unit_test(test_schedule_in_a_gap_and_an_overlap),
		cmocka_unit_test(test_schedule_by_months_and_by_hours),
		cmocka_unit_test(test_schedule_by_turns),
		cmocka_unit_test(test_schedule_follows_the_sun),
		cmocka_unit_test(test_schedule_windows_over_midnight_and_weekends),
		cmocka_unit_test(test_schedule_with_overrides_and_absences),
		cmocka_unit_test(test_schedule_with_somebody_beside),
		cmocka_unit_test(test_schedule_from_a_calendar),
		cmocka_unit_test(test_schedule_nobody_holds_two_slots_while_there_is_another),
		cmocka_unit_test(test_rota_put_replaces_and_takes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
