/* While somebody works on a page: progress, other responders, sleep, roles. */
#include "tests/dialplan/escalation_bed.h"

static void own(struct bed *bed, const char *person)
{
	took(bed, person);
	CHECK(ack(bed, person, "sms", 1) == ACK_OWNS);
}

static void test_owner_who_does_not_converge_gets_another_responder(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-1", "platform", false);
	bed.team.plan.severities[SEV1].join_after_s = 1800;
	own(&bed, "ada");
	bed_pass(&bed, 1000);
	escalation_update(&bed.run, bed.page, UPDATE_TEXT, "ada", "still looking");
	bed_pass(&bed, 799);
	CHECK(!recorded(&bed, "responder.added"));
	bed_pass(&bed, 1);
	CHECK(recorded(&bed, "responder.added") && reached(&bed, "bob"));
	CHECK(strcmp(bed.page->owner, "ada") == 0); /* beside her, not instead */
	bed_pass(&bed, 60);
	CHECK(ack(&bed, "bob", "sms", 1) == ACK_NOTED);
	CHECK(recorded(&bed, "track.acked"));
	bed_close(&bed);
}

static void test_owner_who_converges_is_left_alone(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-1", "platform", false);
	bed.team.plan.severities[SEV1].join_after_s = 1800;
	own(&bed, "ada");
	bed_pass(&bed, 1000);
	escalation_update(&bed.run, bed.page, UPDATE_TEXT, "ada", "index rebuilt, Converging.");
	bed_pass(&bed, 1000);
	CHECK(!recorded(&bed, "responder.added") && !reached(&bed, "bob"));
	bed_close(&bed);
}

static void test_owner_without_an_update_is_offered_backup(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-1", "platform", false);
	bed.team.plan.severities[SEV1].offer_after_s = 1800;
	own(&bed, "ada");
	bed_pass(&bed, 1000);
	escalation_update(&bed.run, bed.page, UPDATE_TEXT, "ada", "still looking");
	bed_pass(&bed, 1799);
	CHECK(told(&bed, NOTE_OFFER, "ada") == 0);
	bed_pass(&bed, 1);
	CHECK(told(&bed, NOTE_OFFER, "ada") == 1 && !reached(&bed, "bob"));
	escalation_join_in(&bed.run, bed.page, "asked for by ada");
	CHECK(reached(&bed, "bob"));
	bed_close(&bed);
}

static void test_deferred_page_sleeps_and_wakes_with_its_owner(void **state)
{
	static struct bed bed;
	struct sleep sleep = { PAGE_DEFERRED, "ada", "mitigated, post-mortem pending", 0 };

	(void)state;
	bed_open(&bed, "sev-1", "platform", false);
	sleep.wake_due = bed.run.now.mono_ms + 7200000;
	CHECK(!escalation_sleep(&bed.run, bed.page, &sleep)); /* nobody has it */
	own(&bed, "ada");
	CHECK(escalation_sleep(&bed.run, bed.page, &sleep));
	CHECK(recorded(&bed, "page.deferred") && bed.page->state == PAGE_DEFERRED);
	bed_pass(&bed, 7199);
	CHECK(bed.effects.count == bed.mark); /* no lease, no reminder */
	bed_pass(&bed, 1);
	CHECK(told(&bed, NOTE_WOKEN, "ada") == 1 && bed.page->state == PAGE_ACKED);
	bed_pass(&bed, 2700);
	CHECK(recorded(&bed, "lease.lapsed"));
	bed_close(&bed);
}

static void test_snoozed_page_without_owner_starts_its_chain_again(void **state)
{
	static struct bed bed;
	struct sleep sleep = { PAGE_SNOOZED, "root", "maintenance", 0 };

	(void)state;
	bed_open(&bed, "sev-2", "platform", false);
	sleep.wake_due = bed.run.now.mono_ms + 3600000;
	CHECK(escalation_sleep(&bed.run, bed.page, &sleep));
	CHECK(count_of(&bed, EFFECT_RELEASE, "ada") == 1);
	bed_pass(&bed, 3599);
	CHECK(!reached(&bed, "ada") && !reached(&bed, "bob"));
	bed_pass(&bed, 1);
	CHECK(reached(&bed, "ada") && bed.page->state == PAGE_OPEN && bed.page->cycle == 2);
	bed_close(&bed);
}

static void test_ack_of_a_sleeping_page_wakes_it(void **state)
{
	static struct bed bed;
	struct sleep sleep = { PAGE_SNOOZED, "root", "maintenance", 0 };

	(void)state;
	bed_open(&bed, "sev-2", "platform", false);
	sleep.wake_due = bed.run.now.mono_ms + 3600000;
	CHECK(escalation_sleep(&bed.run, bed.page, &sleep));
	CHECK(ack(&bed, "ada", "sms", 0) == ACK_OWNS);
	CHECK(bed.page->state == PAGE_ACKED && strcmp(bed.page->owner, "ada") == 0);
	sleep.state = PAGE_DEFERRED;
	CHECK(escalation_sleep(&bed.run, bed.page, &sleep));
	CHECK(ack(&bed, "bob", "sms", 0) == ACK_STRANGER);
	CHECK(bed.page->state == PAGE_DEFERRED);
	CHECK(ack(&bed, "ada", "sms", 0) == ACK_RENEWED && bed.page->state == PAGE_ACKED);
	CHECK(escalation_sleep(&bed.run, bed.page, &sleep));
	CHECK(escalation_pass(&bed.run, bed.page, "ada"));
	CHECK(bed.page->state == PAGE_OPEN && reached(&bed, "bob"));
	bed_close(&bed);
}

static void test_roles_are_taken_and_given(void **state)
{
	static struct bed bed;
	struct role ic = { ROLE_IC, "ada" };
	struct role inv = { ROLE_INV, "bob" };
	struct page copy = { 0 };
	struct buf text = { 0 };

	(void)state;
	bed_open(&bed, "sev-1", "platform", false);
	CHECK(escalation_role(&bed.run, bed.page, &ic, "ada"));
	CHECK(recorded(&bed, "role.taken"));
	CHECK(told(&bed, NOTE_ROLE, "ada") == 0);
	span_copy(span_of("bob"), ic.person, sizeof ic.person);
	CHECK(escalation_role(&bed.run, bed.page, &ic, "ada"));
	CHECK(told(&bed, NOTE_ROLE, "bob") == 1);
	CHECK(escalation_role(&bed.run, bed.page, &inv, "bob"));
	span_copy(span_of("eve"), inv.person, sizeof inv.person);
	CHECK(escalation_role(&bed.run, bed.page, &inv, "eve"));
	CHECK(escalation_role(&bed.run, bed.page, &inv, "eve"));
	page_write_roles(bed.page, &text);
	CHECK(strcmp(buf_text(&text), "ic=bob inv=bob inv=eve") == 0);
	CHECK(page_read_roles(&copy, buf_span(&text)) && copy.role_count == 3);
	CHECK(!page_read_roles(&copy, span_of("chef=ada")));
	CHECK(!page_read_roles(&copy, span_of("ic")));
	CHECK(page_read_roles(&copy, span_of("")) && copy.role_count == 0);
	buf_free(&text);
	bed_close(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_owner_who_does_not_converge_gets_another_responder),
		cmocka_unit_test(test_owner_who_converges_is_left_alone),
		cmocka_unit_test(test_owner_without_an_update_is_offered_backup),
		cmocka_unit_test(test_deferred_page_sleeps_and_wakes_with_its_owner),
		cmocka_unit_test(test_snoozed_page_without_owner_starts_its_chain_again),
		cmocka_unit_test(test_ack_of_a_sleeping_page_wakes_it),
		cmocka_unit_test(test_roles_are_taken_and_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
