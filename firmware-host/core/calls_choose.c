/* Whose phone is rung next. */
#include "core/inside.h"

/* Is `a` to be rung before `b`?  Ranks first.  First calls go before second ones (A B C A B C) while every second call can still
 * begin in time after one more ring; then the second call that would be late first. */
static bool before(const struct contact_wish *a, const struct contact_wish *b, int64_t ring_ms,
		   struct when now)
{
	bool a_pressed = a->latest != WHEN_NEVER && a->latest - now.mono_ms < 2 * ring_ms;
	bool b_pressed = b->latest != WHEN_NEVER && b->latest - now.mono_ms < 2 * ring_ms;

	if (a->rank != b->rank)
		return a->rank < b->rank;
	if (a_pressed != b_pressed)
		return a_pressed;
	if (a_pressed)
		return a->latest < b->latest;
	if ((a->latest == WHEN_NEVER) != (b->latest == WHEN_NEVER))
		return a->latest == WHEN_NEVER;
	return a->due < b->due;
}

bool calls_choose(struct gateway *g, struct contact_slot **slot, struct contact_wish *wish,
		  struct path **path, struct when now)
{
	bool found = false;

	for (size_t i = 0; i < g->contact_count; i++) {
		struct contact_run run = contacts_run(g, &g->contacts[i], now);
		struct contact_wish one = { 0 };
		struct path *free_path;

		if (!contact_wants_call(&g->contacts[i].contact, &run, &one))
			continue;
		if (found && !before(&one, wish, g->plan->times.ring_s * 1000, now))
			continue;
		free_path = path == NULL ? NULL : fleet_for_call(g, &g->contacts[i], &one, now);
		if (path != NULL && free_path == NULL)
			continue;
		*wish = one;
		*slot = &g->contacts[i];
		if (path != NULL)
			*path = free_path;
		found = true;
	}
	return found;
}

bool calls_wish(struct gateway *g, struct contact_slot **slot, struct contact_wish *wish,
		struct when now)
{
	return calls_choose(g, slot, wish, NULL, now);
}
