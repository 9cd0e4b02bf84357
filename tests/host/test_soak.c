/* Whatever modems, networks, phones, disks and power do: every page is owned, over, or has a deadline ahead; nobody is called
 * twice at once, no stranger is ever reached, no text of a person is lost, a fault costs at most one duplicate, time goes on;
 * once the world is well again somebody takes every page; and nothing is held afterwards. */
#include <time.h>

#include "tests/support/soak.h"
#include "tests/support/unit.h"

#define LIVES   200
#define SETTLED 5 /* lives after which nothing more is taken for good */
#define SPARE   65536

static void test_lives(void **state)
{
	struct soak_figures sum = { 0 };
	struct soak_holdings before = { 0 };
	struct soak_holdings after;
	char why[SOAK_WHY];
	time_t began = time(NULL);

	(void)state;
	for (uint64_t seed = 1; seed <= LIVES; seed++) {
		bool good = soak_live(seed, false, &sum, why);

		if (!good)
			print_error("%s\nreplay it: make soak SEED=%llu RUNS=1 TELL=1\n", why,
				    (unsigned long long)seed);
		CHECK(good);
		if (seed == SETTLED)
			before = soak_holdings();
	}
	after = soak_holdings();
	soak_print(&sum, (int64_t)(time(NULL) - began) * 1000);
	CHECK(after.descriptors == before.descriptors);
	CHECK(after.bytes < before.bytes + SPARE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
