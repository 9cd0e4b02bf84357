/* Calls: pairs from one path, gaps, the hour's number. */
#include "tests/dialplan/contact_bed.h"

static void test_contact_second_call_leaves_a_gap_after_a_long_first(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed);
	reach(&bed, 1, SEV0); /* the highest calls at once */
	call(&bed, "a", 85, CONTACT_TOOK);
	CHECK(next_s(&bed) == 10);
	bed_close(&bed);
}

static void test_contact_failed_path_starts_the_pair_on_another(void **state)
{
	static struct bed bed;
	struct contact_wish wish;

	(void)state;
	bed_open(&bed);
	reach(&bed, 1, SEV0);
	call(&bed, "a", 30, CONTACT_TOOK);
	pass(&bed, 30);
	call(&bed, "a", 2, CONTACT_AGAIN);
	CHECK(wants_call(&bed, &wish) && strcmp(wish.avoid_path, "a") == 0);
	CHECK(wish.same_path[0] == '\0');
	call(&bed, "b", 30, CONTACT_TOOK);
	CHECK(next_s(&bed) == 30);
	pass(&bed, 30);
	CHECK(wants_call(&bed, &wish) && strcmp(wish.same_path, "b") == 0);
	call(&bed, "c", 30, CONTACT_TOOK); /* "b" was sick: two calls follow from here */
	pass(&bed, 30);
	CHECK(wants_call(&bed, &wish) && strcmp(wish.same_path, "c") == 0);
	bed_close(&bed);
}

static void test_contact_late_second_call_is_a_first_one(void **state)
{
	static struct bed bed;
	struct contact_wish wish;

	(void)state;
	bed_open(&bed);
	reach(&bed, 1, SEV0);
	call(&bed, "a", 30, CONTACT_TOOK);
	pass(&bed, 120);
	CHECK(wants_call(&bed, &wish) && strcmp(wish.same_path, "a") == 0);
	pass(&bed, 1);
	CHECK(wants_call(&bed, &wish) && wish.same_path[0] == '\0');
	call(&bed, "a", 30, CONTACT_TOOK);
	pass(&bed, 30);
	CHECK(wants_call(&bed, &wish) && strcmp(wish.same_path, "a") == 0);
	bed_close(&bed);
}

static void test_contact_pair_binds_only_calls_to_its_number(void **state)
{
	static struct bed bed;
	struct contact_wish wish;

	(void)state;
	bed_open(&bed);
	reach(&bed, 1, SEV1);
	pass(&bed, 15);
	call(&bed, "a", 1, CONTACT_REFUSED);
	call(&bed, "a", 5, CONTACT_TOOK); /* the landline rang */
	pass(&bed, 10);
	reach(&bed, 2, SEV0);
	CHECK(wants_call(&bed, &wish) && strcmp(wish.number->e164, "+15550100001") == 0);
	CHECK(wish.same_path[0] == '\0' && wish.latest == WHEN_NEVER);
	call(&bed, "b", 5, CONTACT_TOOK);
	pass(&bed, 55);
	CHECK(wants_call(&bed, &wish) && strcmp(wish.same_path, "b") == 0);
	bed_close(&bed);
}

static void test_contact_call_serves_every_notice(void **state)
{
	static struct bed bed;
	struct contact_wish wish;
	const struct notice *waiting[4];

	(void)state;
	bed_open(&bed);
	reach(&bed, 1, SEV2);
	pass(&bed, 15);
	call(&bed, "a", 5, CONTACT_TOOK);
	reach(&bed, 2, SEV0); /* pierces, and wants to ring at once */
	CHECK(!wants_call(&bed, &wish) && next_s(&bed) == 10);
	pass(&bed, 10);
	CHECK(wants_call(&bed, &wish) && wish.rank == SEV0 && wish.notice == 2);
	CHECK(strcmp(wish.same_path, "a") == 0); /* the other notice's pair */
	call(&bed, "a", 5, CONTACT_TOOK);
	CHECK(contact_waiting(&bed.contact, waiting, 4) == 2);
	CHECK(bed.contact.notices[0].rings == 2 && bed.contact.notices[1].rings == 1);
	CHECK(next_s(&bed) == 55);
	bed_close(&bed);
}

/* FIELD F11 */
static void test_contact_calls_of_an_hour_are_counted(void **state)
{
	static struct bed bed;
	struct contact_wish wish;

	(void)state;
	bed_open(&bed);
	bed.team.plan.calls_per_hour = 2;
	reach(&bed, 1, SEV2);
	text(&bed, "a", CONTACT_TOOK);
	pass(&bed, 15);
	call(&bed, "a", 30, CONTACT_TOOK);
	pass(&bed, 60);
	call(&bed, "a", 30, CONTACT_TOOK); /* the second of a pair always */
	pass(&bed, 120);
	CHECK(!wants_call(&bed, &wish));
	CHECK(next_s(&bed) == 3600 - 30 - 60 - 30 - 120); /* when the first is an hour ago */
	reach(&bed, 2, SEV1);                             /* worse than they were about */
	pass(&bed, 60);
	CHECK(wants_call(&bed, &wish) && wish.rank == SEV1);
	contact_release(&bed.contact, 2);
	CHECK(!wants_call(&bed, &wish));
	contact_heard(&bed.contact);
	CHECK(wants_call(&bed, &wish));
	bed_close(&bed);
}

static void test_contact_calls_are_not_punctual(void **state)
{
	static struct bed bed;
	bool seen[10] = { 0 };
	size_t different = 0;

	(void)state;
	for (int64_t id = 1; id <= 20; id++) {
		int64_t wait;

		bed_open(&bed);
		bed.team.plan.times.jitter_s = 9;
		reach(&bed, id, SEV2);
		text(&bed, "a", CONTACT_TOOK);
		pass(&bed, 15);
		call(&bed, "a", 30, CONTACT_TOOK);
		wait = next_s(&bed) - 30;
		CHECK(wait >= 0 && wait <= 9);
		different += !seen[wait];
		seen[wait] = true;
		bed_close(&bed);
	}
	CHECK(different >= 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contact_second_call_leaves_a_gap_after_a_long_first),
		cmocka_unit_test(test_contact_failed_path_starts_the_pair_on_another),
		cmocka_unit_test(test_contact_late_second_call_is_a_first_one),
		cmocka_unit_test(test_contact_pair_binds_only_calls_to_its_number),
		cmocka_unit_test(test_contact_call_serves_every_notice),
		cmocka_unit_test(test_contact_calls_of_an_hour_are_counted),
		cmocka_unit_test(test_contact_calls_are_not_punctual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
