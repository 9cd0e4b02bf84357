/* Random plans and random events: what must hold after every call. */
#include "dialplan/escalation.h"
#include "dialplan/rota.h"
#include "tests/dialplan/team.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>

#define PAGES 17000
#define STEPS 60

struct bed {
	int64_t clock_set_s; /* it was set by so much */
	struct team team;
	struct page *page;
	struct effects effects;
	struct escalation run;
	uint64_t seed;
	bool paged[TEAM_PEOPLE]; /* a ladder runs for them: REACH came, RELEASE did not */
	bool away[TEAM_PEOPLE];
	struct rota rota;
};

static const char *const names[] = { "ada", "bob", "eve", "ops", "dan" };

static uint32_t draw(struct bed *bed, uint32_t below)
{
	bed->seed = bed->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(bed->seed >> 33) % below;
}

static void random_plan(struct bed *bed)
{
	static const char *const targets[] = { "target", "target.secondary", "eve", "ada",
					       "ops",    "platform",         "max" };
	struct plan *plan = &bed->team.plan;
	struct plan_policy *policy = &bed->team.policy;

	team_init(&bed->team);
	plan->rota = &bed->rota;
	policy->step_count = 1 + draw(bed, 4);
	for (size_t i = 0; i < policy->step_count; i++) {
		team_targets(&policy->steps[i].targets, targets[draw(bed, COUNT_OF(targets))]);
		policy->steps[i].wait_s = draw(bed, 3) * 200;
	}
	policy->beside_count = draw(bed, 2);
	policy->broken.count = draw(bed, 2);
	if (draw(bed, 4) == 0)
		team_targets(&plan->catch_all, "max"); /* nobody */
	plan->times.lease_warning_s = 100 * draw(bed, 20);
	plan->severities[SEV0].join_after_s = 600 * draw(bed, 3);
	plan->severities[SEV1].offer_after_s = 600 * draw(bed, 3);
}

static void random_page(struct bed *bed)
{
	static const char *const severities[] = { "sev-0", "sev-1", "sev-2", "sev-7" };
	static const char *const targets[] = { "platform", "platform.secondary", "eve", "max" };
	struct err err = { 0 };

	bed->page = calloc(1, sizeof *bed->page);
	assert_non_null(bed->page);
	bed->run = (struct escalation){ &bed->team.plan, { 1000, 5000 }, &bed->effects };
	bed->page->money = draw(bed, 2) == 0;
	span_copy(span_of(severities[draw(bed, 4)]), bed->page->severity, PLAN_NAME);
	span_copy(span_of(targets[draw(bed, 4)]), bed->page->target, PLAN_TARGET);
	CHECK(escalation_open(&bed->run, bed->page, &err) == 0);
}

static size_t index_of(const char *person)
{
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i], person) == 0)
			return i;
	fail_msg("\"%s\" is not in the plan", person);
	return 0;
}

static void look_at_effects(struct bed *bed)
{
	for (size_t i = 0; i < bed->effects.count; i++) {
		const struct effect *effect = &bed->effects.at[i];

		if (effect->kind == EFFECT_REACH) {
			CHECK(plan_person(&bed->team.plan, span_of(effect->person)) != NULL);
			CHECK(!page_sleeps(bed->page));
			CHECK(!bed->away[index_of(effect->person)]);
			CHECK(bed->page->state != PAGE_ACKED ||
			      strcmp(effect->person, bed->page->owner) != 0);
			bed->paged[index_of(effect->person)] = true;
		}
		if (effect->kind == EFFECT_RELEASE)
			bed->paged[index_of(effect->person)] = false;
		if (effect->kind == EFFECT_TELL)
			index_of(effect->person);
	}
	effects_clear(&bed->effects);
}

static void check_page(const struct bed *bed)
{
	const struct page *page = bed->page;
	int64_t due = escalation_deadline(page);

	CHECK((page->state == PAGE_RESOLVED) == (due == WHEN_NEVER));
	CHECK(page->state != PAGE_OPEN || page->tracks[0].due < WHEN_NEVER);
	CHECK((page->state == PAGE_ACKED) == (page->lease_due < WHEN_NEVER));
	CHECK((page->state == PAGE_OPEN) == (page->owner[0] == '\0') ||
	      page->state == PAGE_RESOLVED || page->state == PAGE_SNOOZED);
	CHECK(page_sleeps(page) == (page->wake_due < WHEN_NEVER));
	CHECK(page->state != PAGE_DEFERRED || page->owner[0] != '\0');
	for (size_t i = 0; i < page->member_count; i++) {
		const struct member *member = &page->members[i];

		CHECK(member->track >= 0 && (size_t)member->track < page->track_count);
		CHECK(member->state != MEMBER_REACHING || bed->paged[index_of(member->person)]);
	}
	for (size_t i = 0; i < TEAM_PEOPLE; i++) {
		const struct member *member = page_member(page, names[i]);

		CHECK(!bed->away[i] || !bed->paged[i]); /* whoever is away is never paged */
		CHECK(!bed->paged[i] || (member != NULL && (member->state == MEMBER_REACHING ||
							    member->state == MEMBER_FAILED)));
	}
}

static const int64_t jumps[] = { 0, 3600, -3600, 10 * INT64_C(31557600), -10 * INT64_C(31557600) };

static void pass_time(struct bed *bed)
{
	int64_t due = escalation_deadline(bed->page);
	int64_t ms = draw(bed, 3) == 0 ? (int64_t)draw(bed, 3600) * 1000 : 0;

	if (draw(bed, 2) == 0 && due < WHEN_NEVER && due > bed->run.now.mono_ms)
		ms = due - bed->run.now.mono_ms;
	bed->run.now.mono_ms += ms;
	bed->run.now.utc_s += ms / 1000;
	if (draw(bed, 50) == 0) { /* somebody sets the clock */
		int64_t set = jumps[draw(bed, COUNT_OF(jumps))];

		bed->run.now.utc_s += set - bed->clock_set_s;
		bed->clock_set_s = set;
	}
	escalation_tick(&bed->run, bed->page);
	if (bed->page->state != PAGE_RESOLVED)
		CHECK(escalation_deadline(bed->page) > bed->run.now.mono_ms);
}

static void random_ack(struct bed *bed, const char *person)
{
	struct ack ack = { person, draw(bed, 8) == 0 ? "host" : "sms", (int)draw(bed, 3),
			   draw(bed, 2) == 0 };
	bool open = bed->page->owner[0] == '\0';
	enum ack_result result = escalation_ack(&bed->run, bed->page, &ack);

	CHECK(result > ACK_NONE && result < ACK_RESULTS);
	if (result == ACK_OWNS)
		CHECK(open && strcmp(bed->page->owner, person) == 0);
	if (result == ACK_TAKEN || result == ACK_STALE || result == ACK_RENEWED)
		CHECK(!open);
}

static void random_life(struct bed *bed, const char *person)
{
	struct sleep sleep = { draw(bed, 2) == 0 ? PAGE_DEFERRED : PAGE_SNOOZED, person, "later",
			       bed->run.now.mono_ms + 1000 + (int64_t)draw(bed, 3600) * 1000 };
	struct role role = { ROLE_IC + draw(bed, 3), "" };

	span_copy(span_of(person), role.person, sizeof role.person);
	if (draw(bed, 3) == 0)
		escalation_sleep(&bed->run, bed->page, &sleep);
	else if (draw(bed, 2) == 0)
		escalation_join_in(&bed->run, bed->page, "more hands");
	else
		escalation_role(&bed->run, bed->page, &role, names[draw(bed, TEAM_PEOPLE)]);
}

/* Somebody goes away or comes back. */
static void random_absence(struct bed *bed)
{
	uint32_t who = draw(bed, TEAM_PEOPLE);
	struct rota_entry entry = { .id = (int64_t)who + 1,
				    .kind = ROTA_ABSENCE,
				    .from_utc_s = INT64_MIN,
				    .until_utc_s = INT64_MAX,
				    .ended_utc_s = bed->away[who] };

	span_copy(span_of(names[who]), entry.person, sizeof entry.person);
	assert_int_equal(rota_put(&bed->rota, &entry), 0);
	bed->away[who] = !bed->away[who];
	if (bed->away[who])
		escalation_absent(&bed->run, bed->page, names[who]);
}

static void random_event(struct bed *bed)
{
	const char *person = names[draw(bed, TEAM_PEOPLE)];

	switch (draw(bed, 19)) {
	case 18:
		random_absence(bed);
		break;
	case 0:
	case 1:
		random_ack(bed, person);
		break;
	case 2:
		escalation_pass(&bed->run, bed->page, person);
		break;
	case 3:
		escalation_unreachable(&bed->run, bed->page, person);
		break;
	case 4:
		escalation_escalate(&bed->run, bed->page, person, "more hands");
		break;
	case 5:
		escalation_update(&bed->run, bed->page, UPDATE_TEXT, person, "still looking");
		break;
	case 6:
		escalation_revise(&bed->run, bed->page);
		break;
	case 7:
		if (draw(bed, 8) == 0)
			escalation_resolve(&bed->run, bed->page, person);
		break;
	case 8:
		random_life(bed, person);
		break;
	case 9:
	case 10:
	case 11:
		escalation_took(&bed->run, bed->page, person);
		break;
	default:
		pass_time(bed);
		break;
	}
}

static void test_escalation_holds_its_promises_whatever_happens(void **state)
{
	static struct bed bed;
	size_t states[PAGE_STATES] = { 0 };

	(void)state;
	for (uint32_t n = 0; n < PAGES; n++) {
		memset(&bed, 0, sizeof bed);
		bed.seed = n;
		random_plan(&bed);
		random_page(&bed);
		for (int i = 0; i < STEPS; i++) {
			look_at_effects(&bed);
			check_page(&bed);
			random_event(&bed);
			states[bed.page->state]++;
		}
		look_at_effects(&bed);
		escalation_resolve(&bed.run, bed.page, "ada");
		look_at_effects(&bed);
		check_page(&bed);
		for (size_t i = 0; i < TEAM_PEOPLE; i++)
			CHECK(!bed.paged[i]);
		rota_deinit(&bed.rota);
		effects_free(&bed.effects);
		page_free(bed.page);
	}
	printf("# figures: %d pages, %d events: %zu open, %zu acked, %zu deferred, %zu snoozed, "
	       "%zu "
	       "resolved\n",
	       PAGES, PAGES * STEPS, states[PAGE_OPEN], states[PAGE_ACKED], states[PAGE_DEFERRED],
	       states[PAGE_SNOOZED], states[PAGE_RESOLVED]);
	CHECK(states[PAGE_OPEN] > 50000 && states[PAGE_ACKED] > 40000 &&
	      states[PAGE_RESOLVED] > 5000 && states[PAGE_DEFERRED] > 5000 &&
	      states[PAGE_SNOOZED] > 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escalation_holds_its_promises_whatever_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
