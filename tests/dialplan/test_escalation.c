#include "dialplan/escalation.h"
#include "tests/dialplan/team.h"
#include "tests/support/unit.h"

#include <stdlib.h>

/* One page in a small team, and all that the engine ever wanted done for it. */
struct bed {
	struct team team;
	struct page *page;
	struct effects effects;
	struct escalation run;
	size_t mark; /* effects before this one have been looked at */
};

static void bed_open(struct bed *bed, const char *severity, const char *target, bool money)
{
	struct err err = { 0 };

	memset(bed, 0, sizeof *bed);
	team_init(&bed->team);
	bed->page = calloc(1, sizeof *bed->page);
	assert_non_null(bed->page);
	bed->run = (struct escalation){ &bed->team.plan, { 1000, 5000 }, &bed->effects };
	bed->page->id = 17;
	bed->page->money = money;
	span_copy(span_of(severity), bed->page->severity, PLAN_NAME);
	span_copy(span_of(target), bed->page->target, PLAN_TARGET);
	span_copy(span_of("grafana"), bed->page->requester, PLAN_NAME);
	CHECK(escalation_open(&bed->run, bed->page, &err) == 0);
}

static void bed_close(struct bed *bed)
{
	CHECK(!bed->effects.failed);
	effects_free(&bed->effects);
	page_free(bed->page);
}

/* Promise 1. */
static void check_alive(const struct bed *bed)
{
	int64_t due = escalation_deadline(bed->page);

	if (bed->page->state == PAGE_RESOLVED) {
		CHECK(due == WHEN_NEVER);
		return;
	}
	CHECK(due > bed->run.now.mono_ms && due < WHEN_NEVER);
	CHECK(bed->page->state == PAGE_ACKED || bed->page->tracks[0].due < WHEN_NEVER);
}

/* Lets time pass as the loop does: from one deadline to the next. */
static void bed_pass(struct bed *bed, int64_t seconds)
{
	int64_t end = bed->run.now.mono_ms + seconds * 1000;
	int64_t begin = bed->run.now.mono_ms;
	int64_t utc_s = bed->run.now.utc_s;

	bed->mark = bed->effects.count;
	while (escalation_deadline(bed->page) <= end) {
		bed->run.now.mono_ms = escalation_deadline(bed->page);
		bed->run.now.utc_s = utc_s + (bed->run.now.mono_ms - begin) / 1000;
		escalation_tick(&bed->run, bed->page);
		check_alive(bed);
	}
	bed->run.now.mono_ms = end;
	bed->run.now.utc_s = utc_s + seconds;
}

static size_t count_of(const struct bed *bed, enum effect_kind kind, const char *what)
{
	size_t count = 0;

	for (size_t i = bed->mark; i < bed->effects.count; i++) {
		const struct effect *effect = &bed->effects.at[i];
		const char *name = kind == EFFECT_RECORD ? effect->event : effect->person;

		count += effect->kind == kind && strcmp(name, what) == 0;
	}
	return count;
}

static size_t told(const struct bed *bed, enum effect_note note, const char *person)
{
	size_t count = 0;

	for (size_t i = bed->mark; i < bed->effects.count; i++)
		count += bed->effects.at[i].kind == EFFECT_TELL &&
			 bed->effects.at[i].note == note &&
			 strcmp(bed->effects.at[i].person, person) == 0;
	return count;
}

static bool reached(const struct bed *bed, const char *person)
{
	return count_of(bed, EFFECT_REACH, person) > 0;
}

static bool recorded(const struct bed *bed, const char *event)
{
	return count_of(bed, EFFECT_RECORD, event) > 0;
}

static const char *text_of(const struct bed *bed, const char *event)
{
	for (size_t i = bed->mark; i < bed->effects.count; i++)
		if (bed->effects.at[i].kind == EFFECT_RECORD &&
		    strcmp(bed->effects.at[i].event, event) == 0)
			return bed->effects.at[i].text;
	return "";
}

static enum ack_result ack(struct bed *bed, const char *person, const char *how, int cycle)
{
	struct ack given = { person, how, cycle, false };

	bed->mark = bed->effects.count;
	return escalation_ack(&bed->run, bed->page, &given);
}

static void took(struct bed *bed, const char *person)
{
	bed->mark = bed->effects.count;
	escalation_took(&bed->run, bed->page, person);
}

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
	CHECK(strcmp(text_of(&bed, "page.acked"), "within 10 min promised: 5 min 10 s, by sms") ==
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
	escalation_update(&bed.run, bed.page, "bob", "looking");
	CHECK(told(&bed, NOTE_UPDATED, "ada") == 1 && told(&bed, NOTE_UPDATED, "bob") == 0);
	bed_pass(&bed, 1799);
	CHECK(told(&bed, NOTE_REMINDER, "bob") == 0); /* it was put off by the update */
	bed_pass(&bed, 1);
	CHECK(told(&bed, NOTE_REMINDER, "bob") == 1);
	bed_pass(&bed, 899);
	CHECK(bed.page->state == PAGE_ACKED);
	escalation_update(&bed.run, bed.page, "ada", "any news?"); /* not the owner's */
	bed_pass(&bed, 1);
	CHECK(recorded(&bed, "lease.lapsed"));
	bed_close(&bed);
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
		cmocka_unit_test(test_escalation_empty_steps_are_passed_at_once),
		cmocka_unit_test(test_escalation_ack_takes_the_page),
		cmocka_unit_test(test_escalation_host_and_named_acks_count_for_anybody),
		cmocka_unit_test(test_escalation_beside_has_an_ack_of_its_own),
		cmocka_unit_test(test_escalation_beside_goes_on_when_the_page_is_taken),
		cmocka_unit_test(test_escalation_beside_in_the_audience_is_of_the_main_track),
		cmocka_unit_test(test_escalation_lease_warns_lapses_and_opens_again),
		cmocka_unit_test(test_escalation_signs_of_life_renew_the_lease),
		cmocka_unit_test(test_escalation_pass_brings_the_next_one_now),
		cmocka_unit_test(test_escalation_owner_at_the_end_passes_to_a_new_round),
		cmocka_unit_test(test_escalation_unreachable_adds_the_next_one),
		cmocka_unit_test(test_escalation_resolve_ends_everything),
		cmocka_unit_test(test_escalation_by_hand_adds_a_responder_beside_the_owner),
		cmocka_unit_test(test_escalation_by_hand_starts_the_next_step_of_an_open_page),
		cmocka_unit_test(test_escalation_records_what_pages_nobody),
		cmocka_unit_test(test_escalation_reload_brings_in_the_catch_all),
		cmocka_unit_test(test_escalation_reload_without_the_owner_opens_again),
		cmocka_unit_test(test_escalation_mends_a_damaged_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
