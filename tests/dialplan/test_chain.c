#include "dialplan/chain.h"
#include "tests/support/unit.h"

#include <string.h>

/* Too big for a stack frame. */
static struct chain chain;
static struct plan_policy policies[3];
static struct plan plan;

static void targets(struct plan_targets *to, const char *name)
{
	span_copy(span_of(name), to->at[to->count++], PLAN_TARGET);
}

static void step(struct plan_policy *policy, const char *name, int64_t wait_s)
{
	struct plan_step *added = &policy->steps[policy->step_count++];

	targets(&added->targets, name);
	added->wait_s = wait_s;
}

static int make_plan(void **state)
{
	static struct plan_rotation rotations[] = { { .name = "platform" },
						    { .name = "db", .policy = "dbs" } };

	(void)state;
	memset(policies, 0, sizeof policies);
	memcpy(policies[0].name, "plaza", 6);
	step(&policies[0], "target", 300);
	step(&policies[0], "target.secondary", 300);
	step(&policies[0], "ceo", 600);
	policies[0].beside_count = 2;
	targets(&policies[0].besides[0].targets, "ceo");
	policies[0].besides[0].severities = 1;
	policies[0].besides[0].money = true;
	targets(&policies[0].besides[1].targets, "founder");
	policies[0].besides[1].severities = 1;
	targets(&policies[0].inform, "maintainers");
	targets(&policies[0].inform, "eng");
	policies[0].inform_severities = 2;
	targets(&policies[0].broken, "pagerteam");
	memcpy(policies[1].name, "quick", 6);
	step(&policies[1], "target", 60);
	memcpy(policies[2].name, "dbs", 4);
	step(&policies[2], "target", 900);
	plan = (struct plan){ .policies = policies,
			      .policy_count = 3,
			      .rotations = rotations,
			      .rotation_count = 2,
			      .severity_count = 3,
			      .severities = { { .name = "sev-0" },
					      { .name = "sev-1" },
					      { .name = "sev-2", .policy = "quick" } },
			      .default_policy = "plaza" };
	return 0;
}

static void test_chain_choose_takes_the_nearest_policy(void **state)
{
	static const struct {
		const char *target;
		int severity;
		bool money;
		const char *want;
	} rows[] = {
		{ "platform", 0, false,
		  "target/300 target.secondary/300 ceo/600 | beside ceo | beside founder | broken "
		  "pagerteam" },
		{ "platform", 1, true,
		  "target/300 target.secondary/300 ceo/600 | beside ceo | inform maintainers+eng | "
		  "broken pagerteam" },
		{ "platform.secondary", 2, false, "target/60" },
		{ "db", 2, false, "target/900" },
		{ "ada", 2, false, "ada/60" },
		{ "ada", -1, false, "ada/300 target.secondary/300 ceo/600 | broken pagerteam" },
		{ "ada+eng", 2, false, "ada+eng/60" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = { 0 };

		chain_choose(&chain, &plan, span_of(rows[i].target), rows[i].severity,
			     rows[i].money);
		chain_write(&chain, &out);
		CHECK_ROW(strcmp(buf_text(&out), rows[i].want) == 0, rows[i].target);
		buf_free(&out);
	}
}

static void test_chain_without_a_policy_still_has_a_step(void **state)
{
	struct buf out = { 0 };

	(void)state;
	plan.default_policy[0] = '\0';
	chain_choose(&chain, &plan, span_of("platform"), 0, true);
	chain_write(&chain, &out);
	CHECK(strcmp(buf_text(&out), "target/300") == 0);
	buf_free(&out);
}

static void test_chain_reads_what_it_wrote(void **state)
{
	static const char *const texts[] = {
		"target/300 target.secondary/300 ceo/300 | beside ceo | inform maintainers | "
		"broken "
		"pagerteam",
		"a+b.c/0",
		"a/1 b/2 c/3 d/4 e/5 f/6 g/7 h/8 i/9 j/10 | beside a | inform d",
		"a+b+c+d+e+f+g+h/31622400 | broken x",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct buf out = { 0 };
		struct err err;

		CHECK_ROW(chain_read(&chain, span_of(texts[i]), &err) == 0, texts[i]);
		chain_write(&chain, &out);
		CHECK_ROW(strcmp(buf_text(&out), texts[i]) == 0, texts[i]);
		buf_free(&out);
	}
}

static void test_chain_read_refuses_what_it_never_wrote(void **state)
{
	static const char *const texts[] = {
		"",
		" ",
		"|",
		"a",
		"a/",
		"/300",
		"a/x",
		"a/-1",
		"a/+1",
		"a/31622401",
		"a/99999999999999999999",
		"a+/1",
		"+a/1",
		"a++b/1",
		"a/1/2",
		"a/1 |",
		"a/1 | ",
		"a/1 | beside",
		"a/1 | nobody b",
		"a/1 | inform b | inform c",
		"a/1 | broken b c",
		"a/1 | broken a | broken b",
		"a/1 | beside b+",
		"a\x01/1",
		"a/1 || broken b",
		"a/1 b/2 c/3 d/4 e/5 f/6 g/7 h/8 i/9 j/10 k/11",
		"a+b+c+d+e+f+g+h+i/1",
		"a/1 | beside a | beside a | beside a | beside a | beside a",
		"a123456789b123456789c123456789d123456789e123456789f123456789g12345/1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct err err = { ERR_NONE, "" };

		CHECK_ROW(chain_read(&chain, span_of(texts[i]), &err) == -1, texts[i]);
		CHECK_ROW(err.code == ERR_INVALID && err.text[0] != '\0', texts[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_chain_choose_takes_the_nearest_policy, make_plan),
		cmocka_unit_test_setup(test_chain_without_a_policy_still_has_a_step, make_plan),
		cmocka_unit_test(test_chain_reads_what_it_wrote),
		cmocka_unit_test(test_chain_read_refuses_what_it_never_wrote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
