/* A clock that nobody vouches for, and a store with a row that cannot be read: both still page, and say so. */
#include "tests/core/gateway_bed.h"

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

static void test_doubtful_clock_widens_what_a_rotation_decides(void **state)
{
	(void)state;
	gateway_clock(bed.gateway, false, bed.now);
	gateway_clock(bed.gateway, false, bed.now);
	bed_advance(&bed, 5000);
	CHECK(bed_seen(&bed, SIM_TEXTED, "carol", "clock cannot be trusted") == 1);
	BED_ASK(&bed, "page", "message", "db1 down");
	bed_advance(&bed, 5000);
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "db1 down") == 1);
	CHECK(bed_seen(&bed, SIM_TEXTED, "carol", "reply ACK") == 1);
	CHECK(bed_events(&bed, 0, "clock.untrusted") == 2); /* the gateway's and the page's */
	bed_line(&bed, "phone carol texts \"ACK\" to alpha");
	bed_advance(&bed, 5000);
	CHECK(bed_events(&bed, 0, "page.acked") == 1);
}

static void test_doubtful_clock_does_not_touch_a_person(void **state)
{
	(void)state;
	gateway_clock(bed.gateway, false, bed.now);
	BED_ASK(&bed, "page", "message", "db1 down", "to", "bob");
	bed_advance(&bed, 60000);
	CHECK(bed_seen(&bed, SIM_TEXTED, "bob", "db1 down") == 1);
	CHECK(bed_seen(&bed, SIM_TEXTED, "carol", "db1 down") == 0);
}

static void test_clock_that_was_set_counts_again(void **state)
{
	(void)state;
	gateway_clock(bed.gateway, false, bed.now);
	gateway_clock(bed.gateway, true, bed.now);
	BED_ASK(&bed, "page", "message", "db1 down");
	bed_advance(&bed, 60000);
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "db1 down") == 1);
	CHECK(bed_seen(&bed, SIM_TEXTED, "carol", "db1 down") == 0);
	CHECK(bed_events(&bed, 0, "clock.trusted") == 1);
}

/* What the machine doubts, a network may vouch for. */
static void test_clock_is_trusted_when_a_network_agrees(void **state)
{
	(void)state;
	gateway_clock(bed.gateway, false, bed.now);
	CHECK(bed_events(&bed, 0, "clock.trusted") == 0);
	bed_line(&bed, "modem alpha clock right");
	bed_advance(&bed, 15 * 60000);
	CHECK(bed_events(&bed, 0, "clock.trusted") == 1);
	BED_ASK(&bed, "page", "message", "db1 down");
	bed_advance(&bed, 60000);
	CHECK(bed_seen(&bed, SIM_TEXTED, "carol", "db1 down") == 0);
}

/* One network is set wrongly now and then; two that say the same are believed. */
static void test_clock_is_doubted_when_two_networks_disagree(void **state)
{
	(void)state;
	bed_line(&bed, "modem alpha clock ahead 3h");
	bed_advance(&bed, 15 * 60000);
	CHECK(bed_events(&bed, 0, "clock.untrusted") == 0);
	bed_line(&bed, "modem beta clock ahead 3h");
	bed_advance(&bed, 15 * 60000);
	CHECK(bed_events(&bed, 0, "clock.untrusted") == 1);
	BED_ASK(&bed, "faults");
	CHECK(bed_says(&bed, "the networks say that it is 180 min behind"));
	bed_line(&bed, "modem beta clock right");
	bed_advance(&bed, 15 * 60000);
	CHECK(bed_events(&bed, 0, "clock.trusted") == 1);
}

static void test_clock_is_not_doubted_when_networks_contradict_each_other(void **state)
{
	(void)state;
	bed_line(&bed, "modem alpha clock ahead 3h");
	bed_line(&bed, "modem beta clock behind 5h");
	bed_advance(&bed, 30 * 60000);
	CHECK(bed_events(&bed, 0, "clock.untrusted") == 0);
}

/* A text's stamp is a voice too: the centre's. */
static void test_clock_is_trusted_when_a_centre_agrees(void **state)
{
	(void)state;
	gateway_clock(bed.gateway, false, bed.now);
	bed_line(&bed, "phone ada texts \"hello\" to alpha");
	bed_advance(&bed, 5000);
	CHECK(bed_events(&bed, 0, "clock.trusted") == 1);
}

/* It cannot be earlier than a centre's stamp: the machine's clock has fallen back by days. */
static void test_clock_is_doubted_behind_a_stamp(void **state)
{
	struct when back;

	(void)state;
	bed_line(&bed, "phone ada texts \"hello\" to alpha");
	bed_advance(&bed, 5000);
	back = (struct when){ bed.now.mono_ms, bed.now.utc_s - 3600 };
	gateway_tick(bed.gateway, back);
	bed_settle(&bed);
	CHECK(bed_events(&bed, 0, "clock.untrusted") == 0); /* an hour: one voice is not enough */
	back.utc_s = bed.now.utc_s - 3 * 86400;
	gateway_tick(bed.gateway, back);
	bed_settle(&bed);
	CHECK(bed_events(&bed, 0, "clock.untrusted") == 1);
	BED_ASK(&bed, "faults");
	bed_advance(&bed, 1000);
	CHECK(bed_events(&bed, 0, "clock.trusted") == 1);
}

/* Of a page whose row is damaged the operators hear its code; what is left of it pages nobody by mistake. */
static void test_damaged_page_is_named_to_the_operators(void **state)
{
	struct gateway_config config = {
		.plan = bed_plan(bed_config),
		.modems = (struct gateway_modem[]){ { .name = "alpha", .sms = true },
						    { .name = "beta", .sms = true } },
		.modem_count = 2,
		.seed = 3,
	};
	struct snapshot snapshot = { .last_page = 17, .last_notice = 4 };
	struct err err = { 0 };

	(void)state;
	snapshot.damaged = calloc(2, sizeof *snapshot.damaged);
	snapshot.damaged_count = 2;
	snapshot.damaged[0] = (struct damaged){ 17, "damaged row: table page, id 17",
						"4711 sev-1 to platform: db1 down" };
	snapshot.damaged[1] = (struct damaged){ .what = "damaged row: table spent" };
	snapshot.notices = calloc(1, sizeof *snapshot.notices);
	snapshot.notice_count = 1;
	snapshot.notices[0] = (struct notice){ .id = 4,
					       .person = "ada",
					       .code = "4711",
					       .state = NOTICE_ACTIVE,
					       .owns = true,
					       .sms = SMS_WANTED,
					       .gather_due = WHEN_NEVER,
					       .ring_due = WHEN_NEVER,
					       .first_ring = WHEN_NEVER };
	snapshot.notices[0].pages = calloc(1, sizeof(int64_t));
	snapshot.notices[0].pages[0] = 17;
	snapshot.notices[0].page_count = snapshot.notices[0].page_cap = 1;
	gateway_free(bed.gateway);
	CHECK(gateway_new(&bed.gateway, &config, &err) == 0);
	bed_forget_batches(&bed);
	CHECK(gateway_restore(bed.gateway, &snapshot, bed.now, &err) == 0);
	snapshot_free(&snapshot);
	for (size_t i = 0; i < BED_MODEMS; i++)
		gateway_port(bed.gateway, i, true, bed.now);
	bed_advance(&bed, 30000);
	CHECK(bed_events(&bed, 0, "store.damaged") == 2);
	CHECK(bed_seen(&bed, SIM_TEXTED, "carol", "p17 is damaged in the store") == 1);
	CHECK(bed_seen(&bed, SIM_TEXTED, "carol", "4711 sev-1 to platform: db1 down") == 1);
	CHECK(bed_seen(&bed, SIM_TEXTED, "carol", ": Rows of the store are damaged") == 1);
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "") == 0);
}

/* When each phone was texted and dialled for one page that nobody answers, the clock being set in the middle of it. */
static size_t told_when(int64_t set_s, int64_t *at, size_t max)
{
	int64_t began = bed.now.mono_ms;
	size_t count = 0;

	BED_ASK(&bed, "page", "message", "db1 down", "to", "ada");
	bed_advance(&bed, 100000);
	bed.clock_set_s = set_s;
	bed_advance(&bed, 3600000);
	for (size_t i = 0; i < bed.seen_count && count < max; i++)
		if (bed.seen[i].kind == SIM_RINGS || strstr(bed.seen[i].text, "reply ACK") != NULL)
			at[count++] = bed.seen[i].mono_ms - began;
	return count;
}

/* An hour, ten years, back to 1970: the waits of a page are as if nothing had happened, and nobody is left out. */
static void test_clock_that_jumps_changes_no_wait(void **state)
{
	static const int64_t sets[] = { 3600, -3600, 10 * INT64_C(31557600),
					-10 * INT64_C(31557600), -BED_MONDAY };
	int64_t want[100];
	size_t count = told_when(0, want, COUNT_OF(want));

	(void)state;
	CHECK(count > 10);
	for (size_t i = 0; i < COUNT_OF(sets); i++) {
		int64_t got[100];
		size_t same = 0;

		tear_down(NULL);
		set_up(NULL);
		CHECK(told_when(sets[i], got, COUNT_OF(got)) == count);
		while (same < count && got[same] == want[same])
			same++;
		CHECK(same == count);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_clock_that_jumps_changes_no_wait, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_doubtful_clock_widens_what_a_rotation_decides,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_doubtful_clock_does_not_touch_a_person, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_clock_that_was_set_counts_again, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_clock_is_trusted_when_a_network_agrees, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_clock_is_doubted_when_two_networks_disagree,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_clock_is_not_doubted_when_networks_contradict_each_other, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(test_clock_is_trusted_when_a_centre_agrees, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_clock_is_doubted_behind_a_stamp, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_damaged_page_is_named_to_the_operators, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
