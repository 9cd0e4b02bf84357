#include "dialplan/chain.h"

#include <stdio.h>

#define WAIT_MAX_S   INT64_C(31622400) /* a year: more is no wait */
#define ALONE_WAIT_S 300 /* DESIGN.md 3: a step's wait unless the policy says otherwise */

static bool add_target(struct plan_targets *targets, struct span target)
{
	return targets->count < PLAN_TARGETS_MAX &&
	       span_copy(target, targets->at[targets->count++], PLAN_TARGET);
}

static const struct plan_policy *policy_of(const struct plan *plan,
					   const struct plan_rotation *rotation, int severity)
{
	const char *name = plan->default_policy;

	if (rotation != NULL && rotation->policy[0] != '\0')
		name = rotation->policy;
	else if (severity >= 0 && (size_t)severity < plan->severity_count &&
		 plan->severities[severity].policy[0] != '\0')
		name = plan->severities[severity].policy;
	return plan_policy(plan, span_of(name));
}

static bool matches(uint32_t severities, int severity)
{
	return severity >= 0 && severity < 32 && (severities >> severity & 1u) != 0;
}

static void choose_besides(struct chain *chain, const struct plan_policy *policy, int severity,
			   bool money)
{
	for (size_t i = 0; i < policy->beside_count; i++) {
		const struct plan_beside *beside = &policy->besides[i];

		if (matches(beside->severities, severity) || (beside->money && money))
			chain->besides[chain->beside_count++] = beside->targets;
	}
}

/* Those who learn hear of every page, and need do nothing. */
static void choose_shadow(struct chain *chain, const struct plan_rotation *rotation)
{
	char target[PLAN_TARGET];

	if (rotation->shadow_count == 0)
		return;
	snprintf(target, sizeof target, "%s." PLAN_SHADOW, rotation->name);
	add_target(&chain->inform, span_of(target));
}

void chain_choose(struct chain *chain, const struct plan *plan, struct span target, int severity,
		  bool money)
{
	struct span rest = target;
	const struct plan_rotation *rotation = plan_rotation(plan, span_cut(&rest, '.'));
	const struct plan_policy *policy = policy_of(plan, rotation, severity);

	*chain = (struct chain){ 0 };
	if (policy != NULL) {
		for (; chain->step_count < policy->step_count; chain->step_count++)
			chain->steps[chain->step_count] = policy->steps[chain->step_count];
		choose_besides(chain, policy, severity, money);
		if (matches(policy->inform_severities, severity))
			chain->inform = policy->inform;
		chain->broken = policy->broken;
	}
	if (chain->step_count == 0) { /* no policy: whoever was paged, then the catch-all */
		chain->step_count = 1;
		chain->steps[0].wait_s = ALONE_WAIT_S;
		add_target(&chain->steps[0].targets, span_of("target"));
	}
	if (rotation != NULL) {
		choose_shadow(chain, rotation);
		return;
	}
	chain->steps[0].targets.count = 0;
	while (target.len > 0)
		add_target(&chain->steps[0].targets, span_cut(&target, '+'));
}

static void write_targets(const struct plan_targets *targets, struct buf *out)
{
	for (size_t i = 0; i < targets->count; i++)
		buf_addf(out, "%s%s", i == 0 ? "" : "+", targets->at[i]);
}

static void write_part(const char *name, const struct plan_targets *targets, struct buf *out)
{
	if (targets->count == 0)
		return;
	buf_addf(out, " | %s ", name);
	write_targets(targets, out);
}

void chain_write(const struct chain *chain, struct buf *out)
{
	for (size_t i = 0; i < chain->step_count; i++) {
		if (i > 0)
			buf_add_char(out, ' ');
		write_targets(&chain->steps[i].targets, out);
		buf_addf(out, "/%lld", (long long)chain->steps[i].wait_s);
	}
	for (size_t i = 0; i < chain->beside_count; i++)
		write_part("beside", &chain->besides[i], out);
	write_part("inform", &chain->inform, out);
	write_part("broken", &chain->broken, out);
}

/* A target as a configuration can name it: printable, without our separators. */
static bool target_ok(struct span target)
{
	if (target.len == 0 || target.len >= PLAN_TARGET)
		return false;
	for (size_t i = 0; i < target.len; i++) {
		unsigned char c = (unsigned char)target.at[i];

		if (c <= ' ' || c == 0x7F || c == '/' || c == '|')
			return false;
	}
	return true;
}

static int read_targets(struct plan_targets *targets, struct span text, struct err *err)
{
	struct span rest = text;

	if (text.len == 0 || text.at[text.len - 1] == '+')
		return err_set(err, ERR_INVALID, "chain: a target is missing");
	while (rest.len > 0) {
		struct span target = span_cut(&rest, '+');

		if (!target_ok(target))
			return err_set(err, ERR_INVALID, "chain: \"%.*s\" is no target",
				       (int)(target.len < 80 ? target.len : 80), target.at);
		if (!add_target(targets, target))
			return err_set(err, ERR_INVALID, "chain: more than %d targets together",
				       PLAN_TARGETS_MAX);
	}
	return 0;
}

static int read_step(struct chain *chain, struct span word, struct err *err)
{
	struct plan_step *step;
	struct span targets = span_cut(&word, '/');
	bool digit = word.len > 0 && word.at[0] >= '0' && word.at[0] <= '9';

	if (chain->step_count == PLAN_STEPS_MAX)
		return err_set(err, ERR_INVALID, "chain: more than %d steps", PLAN_STEPS_MAX);
	step = &chain->steps[chain->step_count++];
	if (!digit || !span_int(word, &step->wait_s) || step->wait_s > WAIT_MAX_S)
		return err_set(err, ERR_INVALID, "chain: step %zu wants targets/seconds",
			       chain->step_count);
	return read_targets(&step->targets, targets, err);
}

static int read_steps(struct chain *chain, struct span part, struct err *err)
{
	struct span word = span_word(&part);

	if (word.len == 0)
		return err_set(err, ERR_INVALID, "chain: no steps");
	for (; word.len > 0; word = span_word(&part))
		if (read_step(chain, word, err) < 0)
			return -1;
	return 0;
}

static int read_part(struct chain *chain, struct span part, struct err *err)
{
	struct span name = span_word(&part);
	struct plan_targets *targets = NULL;

	if (span_is(name, "beside") && chain->beside_count < PLAN_BESIDES_MAX)
		targets = &chain->besides[chain->beside_count++];
	else if (span_is(name, "inform") && chain->inform.count == 0)
		targets = &chain->inform;
	else if (span_is(name, "broken") && chain->broken.count == 0)
		targets = &chain->broken;
	if (targets == NULL)
		return err_set(err, ERR_INVALID,
			       "chain: \"%.*s\": want beside, inform or broken, not repeated",
			       (int)(name.len < 80 ? name.len : 80), name.at);
	return read_targets(targets, span_trim(part), err);
}

int chain_read(struct chain *chain, struct span text, struct err *err)
{
	*chain = (struct chain){ 0 };
	if (text.len > 0 && text.at[text.len - 1] == '|')
		return err_set(err, ERR_INVALID, "chain: nothing behind the last \"|\"");
	if (read_steps(chain, span_cut(&text, '|'), err) < 0)
		return -1;
	while (text.len > 0)
		if (read_part(chain, span_cut(&text, '|'), err) < 0)
			return -1;
	return 0;
}
