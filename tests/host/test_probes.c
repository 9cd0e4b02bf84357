/* The number in an answer from the web. */
#include "probes.h"

#include <string.h>

#include "tests/support/unit.h"

static void test_probes_find_the_number_in_an_answer(void **state)
{
	static const struct {
		const char *answer, *path;
		bool found;
		double value;
	} rows[] = {
		{ "12.5", "", true, 12.5 },
		{ " 12\n", "", true, 12 },
		{ "\"7\"", "", true, 7 },
		{ "{\"share\":{\"offline\":0.25}}", "share.offline", true, 0.25 },
		{ "{\"a\":[1,{\"b\":-3e2}]}", "a.1.b", true, -300 },
		{ "{\"a\":\"11 %\"}", "a", false, 0 },
		{ "{\"a\":null}", "a", false, 0 },
		{ "{\"a\":1}", "b", false, 0 },
		{ "{\"a\":1}", "", false, 0 },
		{ "{\"a\":1", "a", false, 0 },
		{ "<html>", "", false, 0 },
		{ "", "", false, 0 },
		{ "\"nan\"", "", false, 0 },
		{ "[1,2]", "99999999999999999999", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		double value = 0;

		CHECK_ROW(probes_number(span_of(rows[i].answer), rows[i].path, &value) ==
				  rows[i].found,
			  rows[i].answer);
		CHECK_ROW(!rows[i].found || value == rows[i].value, rows[i].answer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_probes_find_the_number_in_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
