#include "dialplan/coverage.h"

static bool ever_absent(const struct rota *rota, const char *person)
{
	for (size_t i = 0; rota != NULL && i < rota->entry_count; i++)
		if (rota->entries[i].kind == ROTA_ABSENCE &&
		    span_is_nocase(span_of(person), rota->entries[i].person))
			return true;
	return false;
}

/* Somebody at the bottom who is never away: there is no hole, whatever stands above. */
static bool has_floor(const struct plan *plan, const struct plan_rotation *rotation)
{
	const struct plan_layer *base = &rotation->base;

	for (size_t i = 0; !base->windows && i < base->member_count; i++)
		if (!ever_absent(plan->rota, base->members[i]) &&
		    plan_person(plan, span_of(base->members[i])) != NULL)
			return true;
	return false;
}

bool coverage_hole(const struct plan *plan, const struct plan_rotation *rotation, size_t slot,
		   int64_t from, int64_t until, struct hole *hole)
{
	struct shift shift;

	if (has_floor(plan, rotation))
		return false;
	for (int64_t at = from; at < until; at = shift.next_utc_s) {
		shift = schedule_at(plan, rotation, slot, at);
		if (shift.person != NULL)
			continue;
		hole->from_utc_s = at;
		hole->until_utc_s =
			when_sooner(until, schedule_until(plan, rotation, slot, &shift));
		return true;
	}
	return false;
}

/* The next instant at which the people of a target may be others: of every rotation that it may mean, and of absences. */
static int64_t next_change(const struct plan *plan, const struct plan_targets *targets, int64_t at)
{
	int64_t next = rota_edge(plan->rota, "", at);

	for (size_t i = 0; i < targets->count; i++) {
		struct span target = span_of(targets->at[i]);
		const struct plan_rotation *rotation = plan_rotation(plan, span_cut(&target, '.'));

		if (rotation != NULL)
			next = when_sooner(next, schedule_at(plan, rotation, 0, at).next_utc_s);
	}
	return next;
}

static bool anybody(const struct plan *plan, const struct plan_targets *targets, int64_t at)
{
	const struct plan_person *found;

	for (size_t i = 0; i < targets->count; i++)
		if (plan_resolve(plan, span_of(targets->at[i]), (struct span){ 0 }, at, &found, 0,
				 1) > 0)
			return true;
	return false;
}

bool coverage_targets_hole(const struct plan *plan, const struct plan_targets *targets,
			   int64_t from, int64_t until, struct hole *hole)
{
	for (int64_t at = from; at < until; at = next_change(plan, targets, at)) {
		if (anybody(plan, targets, at))
			continue;
		hole->from_utc_s = at;
		do
			at = next_change(plan, targets, at);
		while (at < until && !anybody(plan, targets, at));
		hole->until_utc_s = when_sooner(at, until);
		return true;
	}
	return false;
}
