#include "tests/dialplan/escalation_bed.h"

static void test_escalation_empty_steps_are_passed_at_once(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-2", "bob", false); /* a person has no secondary */
	CHECK(reached(&bed, "bob"));
	took(&bed, "bob");
	bed_pass(&bed, 300);
	CHECK(recorded(&bed, "step.empty") && reached(&bed, "eve"));
	bed_close(&bed);
}

static void test_escalation_ack_takes_the_page(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-1", "platform", false);
	CHECK(told(&bed, NOTE_INFORM, "dan") == 1);
	CHECK(ack(&bed, "dan", "sms", 0) == ACK_STRANGER);
	took(&bed, "ada");
	bed_pass(&bed, 300);
	bed_pass(&bed, 10);
	CHECK(ack(&bed, "bob", "sms", 1) == ACK_OWNS);
	CHECK(strcmp(bed.page->owner, "bob") == 0 && bed.page->state == PAGE_ACKED);
	CHECK(count_of(&bed, EFFECT_RELEASE, "ada") == 1);
	CHECK(count_of(&bed, EFFECT_RELEASE, "bob") == 1);
	CHECK(told(&bed, NOTE_TAKEN, "ada") == 1 && told(&bed, NOTE_TAKEN, "bob") == 0);
	CHECK(strcmp(text_of(&bed, "page.acked"), "within 10 min promised: 5 min 10 s, by text") ==
	      0);
	CHECK(ack(&bed, "ada", "key", 1) == ACK_TAKEN);
	CHECK(ack(&bed, "bob", "sms", 1) == ACK_RENEWED);
	check_alive(&bed);
	bed_pass(&bed, 1799);
	CHECK(!reached(&bed, "ada") && !reached(&bed, "bob") && !reached(&bed, "eve"));
	bed_close(&bed);
}

static void test_escalation_host_and_named_acks_count_for_anybody(void **state)
{
	static const struct ack acks[] = {
		{ "root", "host", 0, false },
		{ "dan", "sms", 0, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(acks); i++) {
		static struct bed bed;

		bed_open(&bed, "sev-2", "platform", false);
		CHECK(escalation_ack(&bed.run, bed.page, &acks[i]) == ACK_OWNS);
		bed_pass(&bed,
			 900); /* nobody was at a step: the chain goes on with the running one */
		CHECK_ROW(recorded(&bed, "lease.lapsed"), acks[i].person);
		CHECK_ROW(reached(&bed, "ada") && !reached(&bed, "root"), acks[i].person);
		CHECK_ROW(reached(&bed, "dan") == (i == 1), acks[i].person);
		bed_close(&bed);
	}
}

static void test_escalation_beside_has_an_ack_of_its_own(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-2", "platform", true);
	CHECK(reached(&bed, "ada") && reached(&bed, "eve"));
	CHECK(ack(&bed, "eve", "sms", 1) == ACK_NOTED);
	CHECK(count_of(&bed, EFFECT_RELEASE, "eve") == 1 && bed.page->state == PAGE_OPEN);
	CHECK(ack(&bed, "eve", "sms", 1) == ACK_NOTED);
	took(&bed, "ada");
	bed_pass(&bed, 360); /* bob has no path */
	CHECK(reached(&bed, "eve"));
	CHECK(ack(&bed, "eve", "sms", 1) == ACK_OWNS); /* a step of the chain by now */
	bed_close(&bed);
}

static void test_escalation_beside_goes_on_when_the_page_is_taken(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-0", "platform", false);
	CHECK(ack(&bed, "ada", "sms", 1) == ACK_OWNS);
	CHECK(count_of(&bed, EFFECT_RELEASE, "eve") == 0 && escalation_awaits(bed.page, "eve"));
	bed_pass(&bed, 1200);
	CHECK(count_of(&bed, EFFECT_REACH, "eve") == 1); /* once more, then it rests */
	CHECK(ack(&bed, "eve", "sms", 1) == ACK_NOTED);
	CHECK(strcmp(bed.page->owner, "ada") == 0 && !escalation_awaits(bed.page, "eve"));
	bed_close(&bed);
}

static void test_escalation_beside_in_the_audience_is_of_the_main_track(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-0", "eve", false);
	CHECK(count_of(&bed, EFFECT_REACH, "eve") == 1);
	CHECK(ack(&bed, "eve", "sms", 1) == ACK_OWNS);
	bed_close(&bed);
}

static void test_escalation_lease_warns_lapses_and_opens_again(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-2", "platform", false);
	CHECK(ack(&bed, "ada", "sms", 1) == ACK_OWNS);
	bed_pass(&bed, 599);
	CHECK(told(&bed, NOTE_LEASE_WARNING, "ada") == 0);
	bed_pass(&bed, 1); /* 15 min to engage, less 5 */
	CHECK(told(&bed, NOTE_LEASE_WARNING, "ada") == 1);
	bed_pass(&bed, 299);
	CHECK(bed.page->state == PAGE_ACKED);
	bed_pass(&bed, 1);
	CHECK(recorded(&bed, "lease.lapsed") && bed.page->state == PAGE_OPEN);
	CHECK(reached(&bed, "ada") && reached(&bed, "bob") && bed.page->cycle == 2);
	CHECK(told(&bed, NOTE_REOPENED, "bob") == 0);
	CHECK(ack(&bed, "ada", "sms", 1) == ACK_OWNS); /* in doubt it counts while nobody has it */
	CHECK(ack(&bed, "bob", "sms", 1) == ACK_STALE);
	CHECK(ack(&bed, "bob", "sms", 2) == ACK_TAKEN);
	bed_close(&bed);
}

static void test_escalation_signs_of_life_renew_the_lease(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-1", "platform", false);
	took(&bed, "ada");
	bed_pass(&bed, 301);
	CHECK(ack(&bed, "bob", "sms", 1) == ACK_OWNS);
	bed_pass(&bed, 1700);
	CHECK(escalation_update(&bed.run, bed.page, UPDATE_TEXT, "bob", "looking") > 0);
	CHECK(told(&bed, NOTE_UPDATED, "ada") == 1 && told(&bed, NOTE_UPDATED, "bob") == 0);
	bed_pass(&bed, 1799);
	CHECK(told(&bed, NOTE_REMINDER, "bob") == 0); /* it was put off by the update */
	bed_pass(&bed, 1);
	CHECK(told(&bed, NOTE_REMINDER, "bob") == 1);
	bed_pass(&bed, 899);
	CHECK(bed.page->state == PAGE_ACKED);
	CHECK(escalation_update(&bed.run, bed.page, UPDATE_TEXT, "ada", "any news?") == 0);
	bed_pass(&bed, 1);
	CHECK(recorded(&bed, "lease.lapsed"));
	bed_close(&bed);
}

/* The operator's update reaches everybody, the owner's note nobody; only the owner shows that they are there. */
static void test_escalation_tells_by_whom_and_how_it_was_written(void **state)
{
	static const struct {
		enum update_kind kind;
		const char *by;
		bool told;
		bool renews;
		const char *event;
	} rows[] = {
		{ UPDATE_TEXT, "bob", true, true, "page.updated" },
		{ UPDATE_TEXT, "ada", false, false, "page.updated" },
		{ UPDATE_HOST, "root", true, false, "page.updated" },
		{ UPDATE_HOST, "bob", true, true, "page.updated" },
		{ UPDATE_NOTE, "bob", false, true, "page.noted" },
		{ UPDATE_NOTE, "root", false, false, "page.noted" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		static struct bed bed;
		int64_t due;
		size_t count;

		bed_open(&bed, "sev-1", "platform", false);
		CHECK(escalation_update(&bed.run, bed.page, rows[i].kind, rows[i].by, "early") ==
		      0);
		took(&bed, "ada");
		bed_pass(&bed, 301);
		CHECK(ack(&bed, "bob", "sms", 1) == ACK_OWNS);
		bed_pass(&bed, 60);
		due = bed.page->lease_due;
		count = escalation_update(&bed.run, bed.page, rows[i].kind, rows[i].by, "looking");
		CHECK_ROW((count > 0) == rows[i].told, rows[i].by);
		CHECK_ROW((told(&bed, NOTE_UPDATED, "ada") == 1) == rows[i].told, rows[i].by);
		CHECK_ROW(told(&bed, NOTE_UPDATED, rows[i].by) == 0, rows[i].by);
		CHECK_ROW((bed.page->lease_due > due) == rows[i].renews, rows[i].by);
		CHECK_ROW(recorded(&bed, rows[i].event), rows[i].by);
		bed_close(&bed);
	}
}

static void test_escalation_pass_brings_the_next_one_now(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-2", "platform", false);
	bed.mark = bed.effects.count;
	CHECK(!escalation_pass(&bed.run, bed.page, "dan"));
	CHECK(escalation_pass(&bed.run, bed.page, "ada"));
	CHECK(count_of(&bed, EFFECT_RELEASE, "ada") == 1 && reached(&bed, "bob"));
	CHECK(bed.page->cycle == 1 && !escalation_pass(&bed.run, bed.page, "ada"));
	CHECK(ack(&bed, "bob", "sms", 1) == ACK_OWNS);
	CHECK(told(&bed, NOTE_TAKEN, "ada") == 1);
	bed.mark = bed.effects.count;
	CHECK(escalation_pass(&bed.run, bed.page, "bob"));
	CHECK(bed.page->state == PAGE_OPEN && bed.page->cycle == 2);
	CHECK(reached(&bed, "eve") && !reached(&bed, "bob"));
	CHECK(told(&bed, NOTE_REOPENED, "ada") == 1 && told(&bed, NOTE_REOPENED, "eve") == 0);
	check_alive(&bed);
	bed_pass(&bed, 60 + 60 + 600); /* eve, ops, the repeat: a new round asks everybody again */
	CHECK(reached(&bed, "ada"));
	bed_close(&bed);
}

static void test_escalation_who_passed_is_left_alone_for_the_round(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-2", "eve", false); /* she is the third step, too */
	bed.mark = bed.effects.count;
	CHECK(escalation_pass(&bed.run, bed.page, "eve"));
	CHECK(!reached(&bed, "eve") && reached(&bed, "ops"));
	CHECK(!escalation_awaits(bed.page, "eve"));
	bed_pass(&bed, 60 + 600);
	CHECK(reached(&bed, "eve"));
	bed_close(&bed);
}

static void test_escalation_pass_of_an_earlier_step_hurries_nobody(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-2", "platform", false);
	bed_pass(&bed, 60);
	CHECK(reached(&bed, "bob"));
	bed.mark = bed.effects.count;
	CHECK(escalation_pass(&bed.run, bed.page, "ada"));
	CHECK(!reached(&bed, "eve"));
	bed_pass(&bed, 60 + 60 + 60 + 600);
	CHECK(reached(&bed, "ada") && bed.page->tracks[0].step == 0);
	CHECK(escalation_pass(&bed.run, bed.page, "ops")); /* of the round before */
	CHECK(!bed.page->tracks[0].waiting && bed.page->tracks[0].step == 0);
	bed_close(&bed);
}

static void test_escalation_owner_at_the_end_passes_to_a_new_round(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-2", "platform", false);
	bed_pass(&bed, 180);
	CHECK(reached(&bed, "ops"));
	CHECK(ack(&bed, "ops", "sms", 1) == ACK_OWNS);
	bed.mark = bed.effects.count;
	CHECK(escalation_pass(&bed.run, bed.page, "ops"));
	CHECK(reached(&bed, "ada") && !reached(&bed, "ops") && bed.page->tracks[0].round == 1);
	check_alive(&bed);
	bed_close(&bed);
}

static void test_escalation_resolve_ends_everything(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-0", "platform", false);
	CHECK(ack(&bed, "ada", "sms", 1) == ACK_OWNS);
	bed.mark = bed.effects.count;
	escalation_resolve(&bed.run, bed.page, "ada");
	CHECK(count_of(&bed, EFFECT_RELEASE, "eve") == 1);
	CHECK(told(&bed, NOTE_RESOLVED, "eve") == 1 && told(&bed, NOTE_RESOLVED, "ada") == 0);
	check_alive(&bed);
	CHECK(ack(&bed, "eve", "sms", 1) == ACK_RESOLVED);
	escalation_resolve(&bed.run, bed.page, "eve");
	escalation_tick(&bed.run, bed.page);
	CHECK(bed.effects.count == bed.mark);
	bed_close(&bed);
}

static void test_escalation_by_hand_adds_a_responder_beside_the_owner(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-1", "platform", false);
	CHECK(ack(&bed, "ada", "sms", 1) == ACK_OWNS);
	bed.mark = bed.effects.count;
	escalation_escalate(&bed.run, bed.page, "ada", "needs a second pair of eyes");
	CHECK(reached(&bed, "bob") && !reached(&bed, "ada"));
	CHECK(strcmp(text_of(&bed, "page.escalated"), "needs a second pair of eyes") == 0);
	CHECK(ack(&bed, "bob", "sms", 1) == ACK_NOTED && strcmp(bed.page->owner, "ada") == 0);
	bed.mark = bed.effects.count;
	escalation_escalate(&bed.run, bed.page, "ada", "and the boss");
	CHECK(reached(&bed, "eve"));
	check_alive(&bed);
	bed.mark = bed.effects.count;
	CHECK(escalation_pass(&bed.run, bed.page,
			      "ada")); /* open: an extra responder's ack owns now */
	CHECK(ack(&bed, "eve", "sms", 1) == ACK_OWNS);
	bed_close(&bed);
}

static void test_escalation_by_hand_starts_the_next_step_of_an_open_page(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-2", "platform", false);
	bed.mark = bed.effects.count;
	escalation_escalate(&bed.run, bed.page, "root", "urgent");
	CHECK(reached(&bed, "bob") && escalation_awaits(bed.page, "ada"));
	bed_pass(&bed, 120);
	escalation_escalate(&bed.run, bed.page, "root", "again"); /* at the catch-all */
	CHECK(bed.page->tracks[0].round == 1 && bed.page->tracks[0].step == 0);
	bed_close(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escalation_empty_steps_are_passed_at_once),
		cmocka_unit_test(test_escalation_ack_takes_the_page),
		cmocka_unit_test(test_escalation_host_and_named_acks_count_for_anybody),
		cmocka_unit_test(test_escalation_beside_has_an_ack_of_its_own),
		cmocka_unit_test(test_escalation_beside_goes_on_when_the_page_is_taken),
		cmocka_unit_test(test_escalation_beside_in_the_audience_is_of_the_main_track),
		cmocka_unit_test(test_escalation_lease_warns_lapses_and_opens_again),
		cmocka_unit_test(test_escalation_signs_of_life_renew_the_lease),
		cmocka_unit_test(test_escalation_tells_by_whom_and_how_it_was_written),
		cmocka_unit_test(test_escalation_pass_brings_the_next_one_now),
		cmocka_unit_test(test_escalation_who_passed_is_left_alone_for_the_round),
		cmocka_unit_test(test_escalation_pass_of_an_earlier_step_hurries_nobody),
		cmocka_unit_test(test_escalation_owner_at_the_end_passes_to_a_new_round),
		cmocka_unit_test(test_escalation_resolve_ends_everything),
		cmocka_unit_test(test_escalation_by_hand_adds_a_responder_beside_the_owner),
		cmocka_unit_test(test_escalation_by_hand_starts_the_next_step_of_an_open_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
