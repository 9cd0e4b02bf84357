/* Many pages at once to one person: what is done to a bundle is done to all of it. */
#include "tests/core/gateway_bed.h"

#define STORM 100

static struct bed bed;

static int set_up(void **state)
{
	(void)state;
	bed_init(&bed);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bed_deinit(&bed);
	return 0;
}

static void storm(void)
{
	for (int i = 0; i < STORM; i++)
		BED_ASK(&bed, "page", "message", "down");
	bed_advance(&bed, 50000);
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "99 pages") == 1);
}

/* The bundle's text begins the wait of each page's step, not only of the first ones'. */
static void test_bundle_takes_for_all(void **state)
{
	(void)state;
	storm();
	bed_advance(&bed, 180000);
	CHECK(bed_events(&bed, 0, "step.no_path") == 0);
	CHECK(bed_seen(&bed, SIM_TEXTED, "bob", "") == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_bundle_takes_for_all, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
