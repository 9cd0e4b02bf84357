/* Times as the command line shows them. */
#include <string.h>

#include "cli/print.h"
#include "tests/support/unit.h"

#define NOW_S 1795219633 /* 2026-11-21T00:47:13Z */

static void test_print_clock_has_a_date_when_it_is_not_todays(void **state)
{
	static const struct {
		const char *stamp;
		const char *want;
	} rows[] = {
		{ "2026-11-21T00:07:13Z", "00:07:13Z" },
		{ "2026-11-20T23:07:13Z", "2026-11-20 23:07:13Z" },
		{ "2025-11-21T00:07:13Z", "2025-11-21 00:07:13Z" },
		{ "", "" },
		{ "soon", "soon" },
	};
	char room[PRINT_ROOM];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(strcmp(print_clock_on(rows[i].stamp, NOW_S, room), rows[i].want) == 0,
			  rows[i].stamp);
}

static void test_print_about_takes_the_unit_that_people_would(void **state)
{
	static const struct {
		int64_t seconds;
		const char *want;
	} rows[] = {
		{ -5, "0 s" },     { 0, "0 s" },        { 90, "90 s" },  { 120, "2 min" },
		{ 300, "5 min" },  { 7199, "119 min" }, { 7200, "2 h" }, { 86400, "24 h" },
		{ 172800, "2 d" }, { 604800, "7 d" },
	};
	char room[PRINT_ROOM];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(strcmp(print_about(rows[i].seconds, room), rows[i].want) == 0,
			  rows[i].want);
}

static void test_print_ago_says_nothing_of_what_never_was(void **state)
{
	char room[PRINT_ROOM];

	(void)state;
	CHECK(strcmp(print_ago("", room), "") == 0);
	CHECK(strstr(print_ago("2020-01-01T00:00:00Z", room), " d ago") != NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print_clock_has_a_date_when_it_is_not_todays),
		cmocka_unit_test(test_print_about_takes_the_unit_that_people_would),
		cmocka_unit_test(test_print_ago_says_nothing_of_what_never_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
