#include "dialplan/plan.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

#define WEEK   604800
#define ANCHOR 1795428000 /* Monday 2026-11-23 10:00 UTC */

static const char *const names[] = { "ada", "bob", "cy", "dee" };

static char (*members(const char *const *list, size_t count))[PLAN_NAME]
{
	char(*copy)[PLAN_NAME] = calloc(count, sizeof *copy);

	CHECK(copy != NULL);
	for (size_t i = 0; i < count; i++)
		span_copy(span_of(list[i]), copy[i], PLAN_NAME);
	return copy;
}

static struct plan *make_plan(void)
{
	static const char *const eng[] = { "dee", "ada", "gone" };
	struct plan *plan = calloc(1, sizeof *plan);

	CHECK(plan != NULL);
	plan->person_count = COUNT_OF(names);
	plan->people = calloc(COUNT_OF(names), sizeof *plan->people);
	plan->group_count = 1;
	plan->groups = calloc(1, sizeof *plan->groups);
	plan->rotation_count = 2;
	plan->rotations = calloc(2, sizeof *plan->rotations);
	CHECK(plan->people != NULL && plan->groups != NULL && plan->rotations != NULL);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct plan_person *person = &plan->people[i];

		span_copy(span_of(names[i]), person->name, PLAN_NAME);
		snprintf(person->numbers[0].e164, PLAN_E164, "+4917123456%zu0", i);
		person->number_count = 1;
	}
	plan->groups[0] = (struct plan_group){ "eng", members(eng, 3), 3 };
	plan->rotations[0] = (struct plan_rotation){
		.name = "platform",
		.slots = { "primary", "secondary" },
		.slot_count = 2,
		.base = { .members = members(names, 3),
			  .member_count = 3,
			  .starts_s = ANCHOR,
			  .shift_s = WEEK },
	};
	plan->rotations[1] = (struct plan_rotation){ .name = "empty", .base.shift_s = WEEK };
	span_copy(span_of("49"), plan->country, sizeof plan->country);
	return plan;
}

static void test_plan_on_call_rotates_both_ways(void **state)
{
	static const struct {
		const char *slot;
		int64_t at;
		const char *who;
		int64_t ends;
	} rows[] = {
		{ "", ANCHOR, "ada", ANCHOR + WEEK },
		{ "primary", ANCHOR, "ada", ANCHOR + WEEK },
		{ "secondary", ANCHOR, "bob", ANCHOR + WEEK },
		{ "", ANCHOR + WEEK - 1, "ada", ANCHOR + WEEK },
		{ "", ANCHOR + WEEK, "bob", ANCHOR + 2 * WEEK },
		{ "secondary", ANCHOR + 2 * WEEK, "ada", ANCHOR + 3 * WEEK },
		{ "", ANCHOR - 1, "cy", ANCHOR },
		{ "", ANCHOR - WEEK, "cy", ANCHOR },
		{ "secondary", ANCHOR - 1, "ada", ANCHOR },
		{ "", ANCHOR - WEEK - 1, "bob", ANCHOR - WEEK },
		{ "", 0, "bob", 24 * 3600 * 4 + 36000 }, /* 1970-01-05, a Monday */
	};
	struct plan *plan = make_plan();
	const struct plan_rotation *platform = plan_rotation(plan, span_of("platform"));

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t ends = 0;
		const struct plan_person *who =
			plan_on_call(plan, platform, span_of(rows[i].slot), rows[i].at, &ends);

		CHECK_ROW(who != NULL, rows[i].who);
		CHECK_ROW(ends == rows[i].ends, rows[i].who);
		CHECK_ROW(strcmp(who->name, rows[i].who) == 0, rows[i].who);
	}
	CHECK(plan_on_call(plan, platform, span_of("tertiary"), ANCHOR, NULL) == NULL);
	CHECK(plan_on_call(plan, plan_rotation(plan, span_of("empty")), span_of(""), ANCHOR,
			   NULL) == NULL);
	plan_free(plan);
}

/* The names that a target means, joined. */
static const char *resolved(const struct plan *plan, const char *target, const char *paged,
			    size_t max)
{
	static char text[200];
	const struct plan_person *people[8];
	size_t count = plan_resolve(plan, span_of(target), span_of(paged), ANCHOR, people, 0, max);

	text[0] = '\0';
	for (size_t i = 0; i < count; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " " : "",
			 people[i]->name);
	return text;
}

static void test_plan_resolve_finds_the_people_of_a_target(void **state)
{
	static const struct {
		const char *target, *paged, *people;
		bool known;
	} rows[] = {
		{ "ada", "", "ada", true },
		{ "Bob", "", "bob", true },
		{ "eng", "", "dee ada", true },
		{ "platform", "", "ada", true },
		{ "platform.secondary", "", "bob", true },
		{ "platform.nobody", "", "", false },
		{ "empty", "", "", true },
		{ "gone", "", "", false },
		{ "", "", "", false },
		{ "target", "platform", "ada", true },
		{ "target", "platform.secondary", "bob", true },
		{ "target.secondary", "platform", "bob", true },
		{ "target.secondary", "platform.primary", "bob", true },
		{ "target", "dee", "dee", true },
		{ "target.secondary", "dee", "", true },
		{ "target.secondary", "eng", "", true },
		{ "target", "", "", true },
		{ "target", "target", "", true },
		{ "eng+bob", "", "dee ada bob", true },
		{ "target", "dee+platform", "dee ada", true },
		{ "ada+gone", "", "ada", false },
	};
	struct plan *plan = make_plan();
	const struct plan_person *people[2] = { &plan->people[0], NULL };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *got = resolved(plan, rows[i].target, rows[i].paged, 8);

		CHECK_ROW(strcmp(got, rows[i].people) == 0, rows[i].target);
		CHECK_ROW(plan_knows(plan, span_of(rows[i].target)) == rows[i].known,
			  rows[i].target);
	}
	CHECK(strcmp(resolved(plan, "eng", "", 1), "dee") == 0);
	CHECK(plan_resolve(plan, span_of("eng"), span_of(""), ANCHOR, people, 1, 2) == 2);
	CHECK(people[0] == &plan->people[0] && people[1] == &plan->people[3]);
	plan_free(plan);
}

static void test_plan_severity_knows_the_names_people_use(void **state)
{
	static const char *const listed[] = { "sev-0", "sev-1", "P1", "High", "sev-12" };
	static const struct {
		const char *name;
		int index;
	} rows[] = {
		{ "sev-1", 1 },  { "1", 1 },
		{ "sev1", 1 },   { "SEV-1", 1 },
		{ "Sev 1", 1 },  { "0", 0 },
		{ "p1", 2 },     { "P1", 2 },
		{ "HIGH", 3 },   { "sev12", 4 },
		{ "2", -1 },     { "p2", -1 },
		{ "", -1 },      { "sev", -1 },
		{ "high1", -1 }, { "sev-", -1 },
		{ "-1x", -1 },   { "sev-a", -1 },
		{ "11", -1 },    { "a name that is much longer than any severity may be", -1 },
	};
	struct plan plan = { .severity_count = COUNT_OF(listed) };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(listed); i++)
		span_copy(span_of(listed[i]), plan.severities[i].name, PLAN_NAME);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(plan_severity(&plan, span_of(rows[i].name)) == rows[i].index,
			  rows[i].name);
}

static void test_plan_fold_number_makes_e164(void **state)
{
	static const struct {
		const char *country, *written, *e164; /* NULL: none */
	} rows[] = {
		{ "49", "0171 2345678", "+491712345678" },
		{ "49", "00491712345678", "+491712345678" },
		{ "49", "+49 171 234-56-78", "+491712345678" },
		{ "49", "+49 (0)171/2345678", "+491712345678" },
		{ "49", "491712345678", "+491712345678" },
		{ "49",
		  " +49\xC2\xA0"
		  "1712345678 ",
		  "+491712345678" },
		{ "44", "07700 900123", "+447700900123" },
		{ "44", "0033612345678", "+33612345678" },
		{ "1", "(555) 010-0002", "+15550100002" },
		{ "1", "1 555 010 0002", "+15550100002" },
		{ "1", "01144 7700 900123", "+447700900123" },
		{ "34", "612345678", "+34612345678" },
		{ "91", "9123456789", "+919123456789" },
		{ "39", "06 1234567", "+39061234567" },
		{ "", "+447700900123", "+447700900123" },
		{ "", "07700900123", NULL },
		{ "49", "TELEKOM", NULL },
		{ "49", "0171 23x5678", NULL },
		{ "49", "", NULL },
		{ "49", "112", NULL },
		{ "49", "+0123456789", NULL },
		{ "49", "+1234567890123456", NULL },
		{ "49", "+49+1712345678", NULL },
		{ "49", "0171234567801712345678017123456780171", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char e164[PLAN_E164] = "";
		bool ok = plan_fold_number(rows[i].country, span_of(rows[i].written), e164);

		CHECK_ROW(ok == (rows[i].e164 != NULL), rows[i].written);
		if (rows[i].e164 != NULL)
			CHECK_ROW(strcmp(e164, rows[i].e164) == 0, rows[i].written);
	}
}

static void test_plan_who_has_a_number(void **state)
{
	struct plan *plan = make_plan();

	(void)state;
	CHECK(plan_who_has(plan, span_of("+491712345610")) == &plan->people[1]);
	CHECK(plan_who_has(plan, span_of("0171 2345610")) == &plan->people[1]);
	CHECK(plan_who_has(plan, span_of("+491712345699")) == NULL);
	CHECK(plan_who_has(plan, span_of("bob")) == NULL);
	CHECK(plan_who_has(plan, span_of("")) == NULL);
	span_copy(span_of("+4520123456"), plan->people[2].numbers[0].e164, PLAN_E164);
	span_copy(span_of("45"), plan->country, sizeof plan->country);
	CHECK(plan_who_has(plan, span_of("4520123456")) == &plan->people[2]);
	CHECK(plan_who_has(plan, span_of("20123456")) == &plan->people[2]);
	plan_free(plan);
	plan_free(NULL);
}

static void test_plan_mask_number_shows_its_ends(void **state)
{
	char masked[PLAN_E164];

	(void)state;
	plan_mask_number("+1555010002", masked);
	CHECK(strcmp(masked, "+155*****02") == 0);
	plan_mask_number("+12345", masked);
	CHECK(strcmp(masked, "******") == 0);
	plan_mask_number("", masked);
	CHECK(strcmp(masked, "") == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plan_on_call_rotates_both_ways),
		cmocka_unit_test(test_plan_resolve_finds_the_people_of_a_target),
		cmocka_unit_test(test_plan_severity_knows_the_names_people_use),
		cmocka_unit_test(test_plan_fold_number_makes_e164),
		cmocka_unit_test(test_plan_who_has_a_number),
		cmocka_unit_test(test_plan_mask_number_shows_its_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
