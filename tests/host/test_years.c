/* Half a year unattended: a fault each week, a page each week, nobody who restarts anything.  Two years: make soak WEEKS=104. */
#include <time.h>

#include "tests/support/unit.h"
#include "tests/support/years.h"

#define WEEKS 26

static void test_half_a_year_without_a_restart(void **state)
{
	struct years_figures sum;
	char why[YEARS_WHY];
	time_t began = time(NULL);
	bool good = years_live(WEEKS, 1, false, &sum, why);

	(void)state;
	if (!good)
		print_error("%s\n", why);
	years_print(&sum, (int64_t)(time(NULL) - began) * 1000);
	CHECK(good);
	CHECK(sum.weeks == WEEKS && sum.pages == WEEKS && sum.by_hand == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_half_a_year_without_a_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
