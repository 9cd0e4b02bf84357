#include "dialplan/contact.h"
#include "tests/dialplan/team.h"
#include "tests/support/unit.h"

#include <stdlib.h>

struct bed {
	struct team team;
	struct contact contact;
	struct contact_run run;
	int64_t next_id;
	struct codes *codes;
};

/* Ada has a mobile for both kinds, a landline and a second mobile for texts. */
static void bed_open(struct bed *bed)
{
	struct err err = { 0 };
	struct plan_person *ada;

	memset(bed, 0, sizeof *bed);
	team_init(&bed->team);
	ada = &bed->team.people[ADA];
	ada->numbers[1] = (struct plan_number){ "+15550100011", false, true, "" };
	ada->numbers[2] = (struct plan_number){ "+15550100012", true, false, "" };
	ada->number_count = 3;
	CHECK(codes_new(&bed->codes, 7, &err) == 0);
	span_copy(span_of("ada"), bed->contact.person, PLAN_NAME);
	bed->run = (struct contact_run){
		&bed->team.plan, ada, { 1000000, 5000 }, &bed->next_id, bed->codes
	};
}

static void bed_close(struct bed *bed)
{
	contact_free(&bed->contact);
	codes_free(bed->codes);
}

static void reach(struct bed *bed, int64_t id, int rank)
{
	struct contact_page page = { id, "1000", rank, true, false };
	struct err err = { 0 };
	char code[CODE_SIZE];

	snprintf(code, sizeof code, "%d", (int)(1000 + id));
	page.code = code;
	CHECK(contact_reach(&bed->contact, &bed->run, &page, &err) == 0);
}

static void pass(struct bed *bed, int64_t seconds)
{
	struct err err = { 0 };

	bed->run.now.mono_ms += seconds * 1000;
	bed->run.now.utc_s += seconds;
	CHECK(contact_tick(&bed->contact, &bed->run, &err) == 0);
}

/* Seconds until the engine wants to be asked again, -1 for never. */
static int64_t next_s(const struct bed *bed)
{
	int64_t due = contact_deadline(&bed->contact);

	return due == WHEN_NEVER ? -1 : (due - bed->run.now.mono_ms) / 1000;
}

static bool wants_sms(const struct bed *bed, struct contact_wish *wish)
{
	return contact_wants_sms(&bed->contact, &bed->run, wish);
}

static bool wants_call(const struct bed *bed, struct contact_wish *wish)
{
	return contact_wants_call(&bed->contact, &bed->run, wish);
}

static void text(struct bed *bed, const char *path, enum contact_outcome outcome)
{
	struct contact_wish wish;

	CHECK(wants_sms(bed, &wish));
	contact_sms_began(&bed->contact, wish.notice, path, bed->run.now);
	CHECK(bed->contact.notices[0].sms == SMS_IN_FLIGHT || bed->contact.count > 1);
	contact_sms_ended(&bed->contact, &bed->run, wish.notice, outcome);
}

static void call(struct bed *bed, const char *path, int64_t seconds, enum contact_outcome outcome)
{
	struct contact_wish wish;

	CHECK(wants_call(bed, &wish));
	contact_call_began(&bed->contact, &bed->run, path);
	CHECK(!wants_call(bed, &wish));
	pass(bed, seconds);
	contact_call_ended(&bed->contact, &bed->run, outcome);
}

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
		cmocka_unit_test(test_contact_ladder_has_its_times),
		cmocka_unit_test(test_contact_second_call_leaves_a_gap_after_a_long_first),
		cmocka_unit_test(test_contact_failed_path_starts_the_pair_on_another),
		cmocka_unit_test(test_contact_late_second_call_is_a_first_one),
		cmocka_unit_test(test_contact_lost_attempts_back_off_and_never_give_up),
		cmocka_unit_test(test_contact_refused_numbers_give_way_to_the_next),
		cmocka_unit_test(test_contact_without_numbers_is_unreachable),
		cmocka_unit_test(test_contact_reached_again_starts_only_what_has_ended),
		cmocka_unit_test(test_contact_storm_is_gathered_into_one_bundle),
		cmocka_unit_test(test_contact_higher_severity_pierces_the_window),
		cmocka_unit_test(test_contact_release_closes_what_is_empty),
		cmocka_unit_test(test_contact_call_serves_every_notice),
		cmocka_unit_test(test_contact_pair_binds_only_calls_to_its_number),
		cmocka_unit_test(test_contact_most_severe_then_newest_goes_first),
		cmocka_unit_test(test_contact_restart_repeats_what_was_in_flight),
		cmocka_unit_test(test_contact_calls_of_an_hour_are_counted),
		cmocka_unit_test(test_contact_calls_are_not_punctual),
		cmocka_unit_test(test_contact_notices_are_copied_deeply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
