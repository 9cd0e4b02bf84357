#include "tests/dialplan/escalation_bed.h"

static void test_escalation_walks_the_chain_and_never_ends(void **state)
{
	static const struct {
		int64_t at_s;
		const char *person;
	} rows[] = {
		{ 300, "bob" },  { 600, "eve" },  { 900, "ops" },  { 1800, "ada" },
		{ 2100, "bob" }, { 2400, "eve" }, { 2700, "ops" }, { 4200, "ada" },
		{ 4500, "bob" }, { 4800, "eve" }, { 5100, "ops" }, { 7200, "ada" },
	};
	static struct bed bed;
	int64_t at_s = 0;

	(void)state;
	bed_open(&bed, "sev-2", "platform", false);
	CHECK(reached(&bed, "ada") && !reached(&bed, "bob") && !reached(&bed, "eve"));
	CHECK(strcmp(text_of(&bed, "step.started"), "step 1: ada (target), wait 5 min") == 0);
	took(&bed, "ada");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		bed_pass(&bed, rows[i].at_s - at_s - 1);
		CHECK_ROW(!reached(&bed, rows[i].person), rows[i].person);
		bed_pass(&bed, 1);
		CHECK_ROW(reached(&bed, rows[i].person), rows[i].person);
		took(&bed, rows[i].person);
		at_s = rows[i].at_s;
	}
	CHECK(bed.page->tracks[0].round == 3);
	bed_close(&bed);
}

static void test_escalation_declares_a_broken_rotation_once(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-2", "platform", false);
	bed_pass(&bed, 3600);
	CHECK(count_of(&bed, EFFECT_INCIDENT, "") == 1);
	CHECK(count_of(&bed, EFFECT_RECORD, "broken.opened") == 1);
	bed_pass(&bed, 7200);
	CHECK(count_of(&bed, EFFECT_INCIDENT, "") == 0);
	CHECK(recorded(&bed, "chain.repeat"));
	bed_close(&bed);
}

static void test_escalation_goes_on_after_a_minute_without_a_path(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-2", "platform", false);
	bed_pass(&bed, 59);
	CHECK(!recorded(&bed, "step.no_path"));
	bed_pass(&bed, 1);
	CHECK(recorded(&bed, "step.no_path") && reached(&bed, "bob"));
	CHECK(escalation_awaits(bed.page, "ada"));
	took(&bed, "ada"); /* of the earlier step: this one still has none */
	bed_pass(&bed, 60);
	CHECK(reached(&bed, "eve"));
	bed_close(&bed);
}

static void test_escalation_wait_runs_from_the_first_attempt_taken(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-2", "platform", false);
	bed_pass(&bed, 40);
	took(&bed, "ada");
	bed_pass(&bed, 20);
	took(&bed, "ada"); /* the second one moves nothing */
	bed_pass(&bed, 279);
	CHECK(!reached(&bed, "bob"));
	bed_pass(&bed, 1);
	CHECK(reached(&bed, "bob") && !recorded(&bed, "step.no_path"));
	bed_close(&bed);
}

static void test_escalation_unreachable_adds_the_next_one(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-2", "platform", false);
	bed.mark = bed.effects.count;
	escalation_unreachable(&bed.run, bed.page, "ada");
	CHECK(reached(&bed, "bob") && recorded(&bed, "reach.failed"));
	CHECK(count_of(&bed, EFFECT_RELEASE, "ada") == 0);
	bed.mark = bed.effects.count;
	escalation_unreachable(&bed.run, bed.page, "ada");
	CHECK(bed.effects.count == bed.mark);
	escalation_unreachable(&bed.run, bed.page, "bob");
	escalation_unreachable(&bed.run, bed.page, "eve");
	escalation_unreachable(&bed.run, bed.page, "ops");
	CHECK(recorded(&bed, "page.nobody"));
	check_alive(&bed);
	bed_pass(&bed, 600);
	CHECK(reached(&bed, "ada"));
	bed_close(&bed);
}

static void test_escalation_records_what_pages_nobody(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-3", "platform", false);
	CHECK(bed.page->state == PAGE_RESOLVED && recorded(&bed, "page.recorded"));
	CHECK(bed.effects.count == 1);
	check_alive(&bed);
	bed_close(&bed);
}

static void test_escalation_reload_brings_in_the_catch_all(void **state)
{
	static const char *const gone[] = { "person", "step", "nothing" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(gone); i++) {
		static struct bed bed;

		bed_open(&bed, "sev-2", "platform", false);
		bed.mark = bed.effects.count;
		span_copy(span_of(i == 0 ? "abe" : "ada"), bed.team.people[ADA].name, PLAN_NAME);
		span_copy(span_of(i == 1 ? "max" : "eve"), bed.team.people[EVE].name, PLAN_NAME);
		escalation_revise(&bed.run, bed.page);
		CHECK_ROW(reached(&bed, "ops") == (i < 2), gone[i]);
		CHECK_ROW(count_of(&bed, EFFECT_RELEASE, "ada") == (i == 0), gone[i]);
		CHECK_ROW(recorded(&bed, "plan.changed") == (i < 2), gone[i]);
		check_alive(&bed);
		bed_close(&bed);
	}
}

static void test_escalation_reload_without_the_owner_opens_again(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-2", "platform", false);
	CHECK(ack(&bed, "ada", "sms", 1) == ACK_OWNS);
	span_copy(span_of("abe"), bed.team.people[ADA].name, PLAN_NAME);
	escalation_revise(&bed.run, bed.page);
	CHECK(bed.page->state == PAGE_OPEN && reached(&bed, "bob") && reached(&bed, "ops"));
	check_alive(&bed);
	bed_close(&bed);
}

static void test_escalation_mends_a_damaged_row(void **state)
{
	static struct bed bed;

	(void)state;
	bed_open(&bed, "sev-2", "platform", false);
	bed.page->tracks[0].due = WHEN_NEVER;
	CHECK(escalation_deadline(bed.page) <= bed.run.now.mono_ms);
	free(bed.page->chain);
	bed.page->chain = span_dup(span_of("| nonsense"));
	bed.mark = bed.effects.count;
	escalation_tick(&bed.run, bed.page);
	check_alive(&bed);
	bed_pass(&bed, 600); /* of the chain nothing is left but the catch-all */
	CHECK(reached(&bed, "ops"));
	bed_close(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escalation_walks_the_chain_and_never_ends),
		cmocka_unit_test(test_escalation_declares_a_broken_rotation_once),
		cmocka_unit_test(test_escalation_goes_on_after_a_minute_without_a_path),
		cmocka_unit_test(test_escalation_wait_runs_from_the_first_attempt_taken),
		cmocka_unit_test(test_escalation_unreachable_adds_the_next_one),
		cmocka_unit_test(test_escalation_records_what_pages_nobody),
		cmocka_unit_test(test_escalation_reload_brings_in_the_catch_all),
		cmocka_unit_test(test_escalation_reload_without_the_owner_opens_again),
		cmocka_unit_test(test_escalation_mends_a_damaged_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
