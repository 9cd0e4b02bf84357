/* What is told, to whom it belongs, and when it leaves: notices, bundles, the ladder. */
#include "tests/dialplan/contact_bed.h"

static void test_contact_ladder_has_its_times(void **state)
{
	static struct bed bed;
	struct contact_wish wish;

	(void)state;
	bed_open(&bed);
	reach(&bed, 1, SEV2);
	text(&bed, "a", CONTACT_TOOK);
	CHECK(next_s(&bed) == 15 && !wants_call(&bed, &wish));
	pass(&bed, 14);
	CHECK(!wants_call(&bed, &wish));
	pass(&bed, 1);
	CHECK(wants_call(&bed, &wish) && strcmp(wish.number->e164, "+15550100001") == 0);
	CHECK(wish.same_path[0] == '\0' && wish.latest == WHEN_NEVER);
	call(&bed, "a", 35, CONTACT_TOOK);
	CHECK(next_s(&bed) == 25); /* 60 s after the first one began */
	pass(&bed, 25);
	CHECK(wants_call(&bed, &wish) && strcmp(wish.same_path, "a") == 0);
	CHECK(wish.latest - bed.run.now.mono_ms == 90 * 1000);
	call(&bed, "a", 5, CONTACT_TOOK);
	CHECK(next_s(&bed) == 60);
	pass(&bed, 60);
	CHECK(wants_call(&bed, &wish) && strcmp(wish.avoid_path, "a") == 0);
	CHECK(wish.same_path[0] == '\0' && wish.latest == WHEN_NEVER);
	call(&bed, "b", 5, CONTACT_TOOK);
	CHECK(next_s(&bed) == -1 && !wants_call(&bed, &wish) && !wants_sms(&bed, &wish));
	CHECK(!contact_unreachable(&bed.contact, 1));
	bed_close(&bed);
}

static void test_contact_lost_attempts_back_off_and_never_give_up(void **state)
{
	static const int64_t waits[] = { 0, 5, 15, 30, 60, 60, 60 };
	static struct bed bed;
	struct contact_wish wish;

	(void)state;
	bed_open(&bed);
	reach(&bed, 1, SEV0);
	for (size_t i = 0; i < COUNT_OF(waits); i++) {
		text(&bed, "a", CONTACT_AGAIN);
		call(&bed, "a", 0, CONTACT_AGAIN);
		CHECK(wants_sms(&bed, &wish) == (waits[i] == 0));
		CHECK(wants_call(&bed, &wish) == (waits[i] == 0));
		CHECK(next_s(&bed) == (waits[i] == 0 ? -1 : waits[i]));
		pass(&bed, waits[i]);
		CHECK(wants_sms(&bed, &wish) && strcmp(wish.avoid_path, "a") == 0);
		CHECK(wants_call(&bed, &wish) && strcmp(wish.avoid_path, "a") == 0);
	}
	bed_close(&bed);
}

static void test_contact_refused_numbers_give_way_to_the_next(void **state)
{
	static struct bed bed;
	struct contact_wish wish;

	(void)state;
	bed_open(&bed);
	reach(&bed, 1, SEV0);
	text(&bed, "a", CONTACT_REFUSED);
	CHECK(wants_sms(&bed, &wish) && strcmp(wish.number->e164, "+15550100012") == 0);
	call(&bed, "a", 1, CONTACT_REFUSED);
	CHECK(wants_call(&bed, &wish) && strcmp(wish.number->e164, "+15550100011") == 0);
	text(&bed, "a", CONTACT_REFUSED);
	CHECK(!wants_sms(&bed, &wish) && !contact_unreachable(&bed.contact, 1));
	call(&bed, "a", 1, CONTACT_REFUSED);
	CHECK(!wants_call(&bed, &wish) && contact_unreachable(&bed.contact, 1));
	reach(&bed, 1, SEV0); /* a new round tries them all again */
	CHECK(!contact_unreachable(&bed.contact, 1));
	CHECK(wants_sms(&bed, &wish) && strcmp(wish.number->e164, "+15550100001") == 0);
	CHECK(wants_call(&bed, &wish) && strcmp(wish.number->e164, "+15550100001") == 0);
	bed_close(&bed);
}

static void test_contact_without_numbers_is_unreachable(void **state)
{
	static struct bed bed;
	struct contact_wish wish;

	(void)state;
	bed_open(&bed);
	bed.run.person = NULL;
	reach(&bed, 1, SEV0);
	CHECK(contact_unreachable(&bed.contact, 1));
	CHECK(!wants_sms(&bed, &wish) && !wants_call(&bed, &wish) && next_s(&bed) == -1);
	bed_close(&bed);
}

static void test_contact_reached_again_starts_only_what_has_ended(void **state)
{
	static struct bed bed;
	struct contact_wish wish;

	(void)state;
	bed_open(&bed);
	reach(&bed, 1, SEV2);
	text(&bed, "a", CONTACT_TOOK);
	reach(&bed, 1, SEV2);
	CHECK(!wants_sms(&bed, &wish) && next_s(&bed) == 15);
	for (int i = 0; i < 3; i++) {
		pass(&bed, next_s(&bed));
		call(&bed, "a", 5, CONTACT_TOOK);
	}
	CHECK(next_s(&bed) == -1);
	pass(&bed, 100);
	reach(&bed, 1, SEV2);
	CHECK(bed.contact.count == 1 && wants_sms(&bed, &wish) && next_s(&bed) == 15);
	bed_close(&bed);
}

static void test_contact_storm_is_gathered_into_one_bundle(void **state)
{
	static struct bed bed;
	struct contact_wish wish;
	const struct notice *bundle;

	(void)state;
	bed_open(&bed);
	reach(&bed, 1, SEV2);
	text(&bed, "a", CONTACT_TOOK);
	pass(&bed, 10);
	for (int64_t id = 2; id < 50; id++)
		reach(&bed, id, SEV2);
	CHECK(bed.contact.count == 2 && !wants_sms(&bed, &wish) && next_s(&bed) == 5);
	CHECK(contact_by_code(&bed.contact, span_of("1002")) == NULL);
	pass(&bed, 34);
	CHECK(!wants_sms(&bed, &wish));
	CHECK(next_s(&bed) == 1);
	pass(&bed, 1);
	CHECK(wants_sms(&bed, &wish));
	bundle = &bed.contact.notices[1];
	CHECK(wish.notice == bundle->id && bundle->page_count == 48);
	CHECK(code_valid(span_of(bundle->code)));
	CHECK(contact_by_code(&bed.contact, span_of(bundle->code)) == bundle);
	reach(&bed, 50, SEV2); /* the bundle opens a window of its own */
	CHECK(bed.contact.count == 3 && bed.contact.notices[2].state == NOTICE_GATHERING);
	bed_close(&bed);
}

static void test_contact_higher_severity_pierces_the_window(void **state)
{
	static const struct {
		const char *name;
		int rank;
		int64_t bundle_s;
		bool at_once;
	} rows[] = {
		{ "same", SEV2, 45, false },
		{ "lower", SEV3, 45, false },
		{ "higher", SEV1, 45, true },
		{ "no bundling", SEV2, 0, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		static struct bed bed;
		struct contact_wish wish;

		bed_open(&bed);
		bed.team.plan.times.bundle_s = rows[i].bundle_s;
		reach(&bed, 1, SEV2);
		text(&bed, "a", CONTACT_TOOK);
		pass(&bed, 1);
		reach(&bed, 2, rows[i].rank);
		CHECK_ROW(wants_sms(&bed, &wish) == rows[i].at_once, rows[i].name);
		pass(&bed, 44);
		CHECK_ROW(wants_sms(&bed, &wish), rows[i].name);
		CHECK_ROW(strcmp(bed.contact.notices[1].code, "1002") == 0, rows[i].name);
		bed_close(&bed);
	}
}

static void test_contact_release_closes_what_is_empty(void **state)
{
	static struct bed bed;
	struct contact_wish wish;
	const struct notice *waiting[4];

	(void)state;
	bed_open(&bed);
	reach(&bed, 1, SEV2);
	CHECK(contact_waiting(&bed.contact, waiting, 4) == 0); /* not told yet */
	text(&bed, "a", CONTACT_TOOK);
	CHECK(contact_waiting(&bed.contact, waiting, 4) == 1);
	reach(&bed, 2, SEV2);
	reach(&bed, 3, SEV2);
	CHECK(contact_release(&bed.contact, 2) && !contact_release(&bed.contact, 2));
	CHECK(contact_release(&bed.contact, 1));
	CHECK(contact_waiting(&bed.contact, waiting, 4) == 0 && !wants_call(&bed, &wish));
	pass(&bed, 45);
	CHECK(code_valid(span_of(bed.contact.notices[1].code))); /* not page 2's, which has gone */
	CHECK(wants_sms(&bed, &wish) && contact_release(&bed.contact, 3));
	CHECK(!wants_sms(&bed, &wish) && next_s(&bed) == -1);
	bed_close(&bed);
}

static void test_contact_most_severe_then_newest_goes_first(void **state)
{
	static struct bed bed;
	struct contact_wish wish;

	(void)state;
	bed_open(&bed);
	bed.team.plan.times.bundle_s = 0;
	reach(&bed, 1, SEV2);
	reach(&bed, 2, SEV1);
	reach(&bed, 3, SEV1);
	reach(&bed, 4, SEV3);
	CHECK(wants_sms(&bed, &wish) && wish.notice == 3);
	bed_close(&bed);
}

static void test_contact_restart_repeats_what_was_in_flight(void **state)
{
	static struct bed bed;
	struct contact_wish wish;

	(void)state;
	bed_open(&bed);
	reach(&bed, 1, SEV0);
	CHECK(wants_sms(&bed, &wish));
	contact_sms_began(&bed.contact, wish.notice, "a", bed.run.now);
	contact_call_began(&bed.contact, &bed.run, "a");
	CHECK(next_s(&bed) == -1);
	pass(&bed, 20);
	contact_recover(&bed.contact, bed.run.now);
	CHECK(wants_sms(&bed, &wish) && strcmp(wish.avoid_path, "a") == 0);
	CHECK(wants_call(&bed, &wish) && strcmp(wish.same_path, "a") == 0);
	CHECK(wish.latest == bed.run.now.mono_ms + 130 * 1000);
	call(&bed, "a", 5, CONTACT_TOOK);
	CHECK(next_s(&bed) == 55); /* it may have been the first that rang: another follows */
	bed_close(&bed);
}

static void test_contact_notices_are_copied_deeply(void **state)
{
	static struct bed bed;
	struct notice copy;
	struct err err = { 0 };

	(void)state;
	bed_open(&bed);
	reach(&bed, 1, SEV0);
	CHECK(notice_copy(&copy, &bed.contact.notices[0], &err) == 0);
	CHECK(contact_release(&bed.contact, 1));
	CHECK(copy.page_count == 1 && copy.pages[0] == 1 && strcmp(copy.code, "1001") == 0);
	notice_free(&copy);
	bed_close(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contact_ladder_has_its_times),
		cmocka_unit_test(test_contact_lost_attempts_back_off_and_never_give_up),
		cmocka_unit_test(test_contact_refused_numbers_give_way_to_the_next),
		cmocka_unit_test(test_contact_without_numbers_is_unreachable),
		cmocka_unit_test(test_contact_reached_again_starts_only_what_has_ended),
		cmocka_unit_test(test_contact_storm_is_gathered_into_one_bundle),
		cmocka_unit_test(test_contact_higher_severity_pierces_the_window),
		cmocka_unit_test(test_contact_release_closes_what_is_empty),
		cmocka_unit_test(test_contact_most_severe_then_newest_goes_first),
		cmocka_unit_test(test_contact_restart_repeats_what_was_in_flight),
		cmocka_unit_test(test_contact_notices_are_copied_deeply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
