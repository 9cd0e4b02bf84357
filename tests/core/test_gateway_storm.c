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

#define WINDOW_MS 300000

/* The most of these that fall into any five minutes. */
static size_t most(enum sim_event_kind kind, const char *name, const char *words)
{
	size_t best = 0;

	for (size_t i = 0; i < bed.seen_count; i++) {
		size_t count = 0;

		for (size_t k = i; k < bed.seen_count; k++)
			count += bed.seen[k].kind == kind && strcmp(bed.seen[k].name, name) == 0 &&
				 strstr(bed.seen[k].text, words) != NULL &&
				 bed.seen[k].mono_ms - bed.seen[i].mono_ms < WINDOW_MS;
		best = count > best ? count : best;
	}
	return best;
}

/* 1000 alerts a minute, one of them critical; then as many a minute as make 10 minutes.  At most three texts of pages and one
 * ladder of calls in five minutes, beside the call that was up when the critical one came; nobody else is paged before the step
 * is over. */
static void test_storm_is_three_texts_and_one_ladder(void **state)
{
	int64_t critical = 0;
	char text[40];

	(void)state;
	for (int i = 0; i < 1600; i++) {
		snprintf(text, sizeof text, "alert %d of the night", i);
		if (i == 500) {
			critical = bed.now.mono_ms;
			BED_ASK(&bed, "page", "message", "payments are down", "severity", "sev-1");
		}
		BED_ASK(&bed, "page", "message", text, "severity", "sev-2");
		bed_advance(&bed, i < 1000 ? 60 : 900);
		if (bed.count > BED_BATCHES / 2)
			bed_forget_batches(&bed);
		if (bed.now.mono_ms < WINDOW_MS)
			CHECK(bed_seen(&bed, SIM_TEXTED, "bob", "") == 0);
	}
	CHECK(most(SIM_TEXTED, "ada", "reply ACK") <= 3);
	CHECK(most(SIM_RINGS, "ada", "") <= 4);
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "payments are down") > 0);
	for (size_t i = 0; i < bed.seen_count; i++)
		if (strstr(bed.seen[i].text, "payments are down") != NULL) {
			CHECK(bed.seen[i].mono_ms - critical <= 10000);
			break;
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_bundle_takes_for_all, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_storm_is_three_texts_and_one_ladder, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
