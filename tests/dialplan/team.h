/* team.h - a small plan for the engines' tests, on the reader's own storage: nothing to free. */
#ifndef TESTS_DIALPLAN_TEAM_H
#define TESTS_DIALPLAN_TEAM_H

#include "dialplan/plan.h"

#include <string.h>

enum { ADA, BOB, EVE, OPS, DAN, TEAM_PEOPLE };
enum { SEV0, SEV1, SEV2, SEV3, TEAM_SEVERITIES };

/* Ada and Bob take turns as primary and secondary; Eve is the last step and beside it for the worst and for money; Dan is only
 * informed; ops is everything else. */
struct team {
	struct plan plan;
	struct plan_person people[TEAM_PEOPLE];
	char members[2][PLAN_NAME];
	struct plan_rotation rotation;
	struct plan_policy policy;
};

static inline void team_targets(struct plan_targets *targets, const char *name)
{
	*targets = (struct plan_targets){ .count = 1 };
	span_copy(span_of(name), targets->at[0], PLAN_TARGET);
}

static inline void team_people(struct team *team)
{
	static const char *const names[] = { "ada", "bob", "eve", "ops", "dan" };

	for (size_t i = 0; i < TEAM_PEOPLE; i++) {
		struct plan_person *person = &team->people[i];
		static const char digits[] = "12345";

		span_copy(span_of(names[i]), person->name, sizeof person->name);
		person->numbers[0] = (struct plan_number){ "+15550100001", true, true, "" };
		person->numbers[0].e164[11] = digits[i];
		person->number_count = 1;
	}
}

static inline void team_policy(struct plan_policy *policy)
{
	static const char *const steps[] = { "target", "target.secondary", "eve" };

	*policy = (struct plan_policy){ .name = "standard" };
	for (; policy->step_count < 3; policy->step_count++) {
		team_targets(&policy->steps[policy->step_count].targets, steps[policy->step_count]);
		policy->steps[policy->step_count].wait_s = 300;
	}
	policy->beside_count = 1;
	policy->besides[0] = (struct plan_beside){ .severities = 1u << SEV0, .money = true };
	team_targets(&policy->besides[0].targets, "eve");
	team_targets(&policy->inform, "dan");
	policy->inform_severities = 1u << SEV1;
	team_targets(&policy->broken, "ops");
}

static inline void team_init(struct team *team)
{
	struct plan *plan = &team->plan;

	*team = (struct team){ 0 };
	team_people(team);
	team_policy(&team->policy);
	span_copy(span_of("ada"), team->members[0], PLAN_NAME);
	span_copy(span_of("bob"), team->members[1], PLAN_NAME);
	team->rotation = (struct plan_rotation){
		.name = "platform",
		.slots = { "primary", "secondary" },
		.slot_count = 2,
		.base = { .members = team->members, .member_count = 2, .shift_s = 604800 },
	};
	plan->people = team->people;
	plan->person_count = TEAM_PEOPLE;
	plan->rotations = &team->rotation;
	plan->rotation_count = 1;
	plan->policies = &team->policy;
	plan->policy_count = 1;
	span_copy(span_of("standard"), plan->default_policy, PLAN_NAME);
	plan->severity_count = TEAM_SEVERITIES;
	plan->severities[SEV0] = (struct plan_severity){
		.name = "sev-0", .pages = true, .call_at_once = true, .lease_s = 2700
	};
	plan->severities[SEV1] = (struct plan_severity){ .name = "sev-1",
							 .pages = true,
							 .lease_s = 2700,
							 .ack_within_s = 600,
							 .remind_s = 1800 };
	plan->severities[SEV2] = (struct plan_severity){
		.name = "sev-2", .pages = true, .lease_s = 2700, .engage_s = 900
	};
	plan->severities[SEV3] = (struct plan_severity){ .name = "sev-3", .lease_s = 2700 };
	plan->default_severity = SEV2;
	team_targets(&plan->operators, "ops");
	team_targets(&plan->catch_all, "ops");
	plan->times = (struct plan_times){
		.call_after_s = 15,
		.second_after_s = 60,
		.second_gap_s = 10,
		.second_within_s = 150,
		.third_after_s = 60,
		.bundle_s = 45,
		.no_path_s = 60,
		.repeat_s = { 600, 1200, 1800 },
		.lease_warning_s = 300,
	};
}

#endif
