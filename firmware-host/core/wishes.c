/* Who is texted and whose phone is rung next. */
#include "core/inside.h"

/* One of the two means of reaching people. */
struct means_of {
	bool (*wants)(const struct contact *contact, const struct contact_run *run,
		      struct contact_wish *wish);
	bool (*before)(const struct contact_wish *a, const struct contact_wish *b, int64_t ring_ms,
		       struct when now);
	struct path *(*path)(struct gateway *g, const struct contact_slot *who,
			     const struct contact_wish *wish, struct when now);
};

static bool choose(struct gateway *g, const struct means_of *means, struct contact_slot **slot,
		   struct contact_wish *wish, struct path **path, struct when now)
{
	bool found = false;

	for (size_t i = 0; i < g->contact_count; i++) {
		struct contact_run run = contacts_run(g, &g->contacts[i], now);
		struct contact_wish one = { 0 };
		struct path *free_path;

		if (!means->wants(&g->contacts[i].contact, &run, &one))
			continue;
		if (found && !means->before(&one, wish, g->plan->times.ring_s * 1000, now))
			continue;
		free_path = path == NULL ? NULL : means->path(g, &g->contacts[i], &one, now);
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

static bool texted_before(const struct contact_wish *a, const struct contact_wish *b,
			  int64_t ring_ms, struct when now)
{
	(void)ring_ms;
	(void)now;
	return a->rank < b->rank || (a->rank == b->rank && a->due < b->due);
}

/* Is `a` to be rung before `b`?  Ranks first.  First calls go before second ones (A B C A B C) while every second call can still
 * begin in time after one more ring; then the second call that would be late first. */
static bool rung_before(const struct contact_wish *a, const struct contact_wish *b, int64_t ring_ms,
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

bool texts_choose(struct gateway *g, struct contact_slot **slot, struct contact_wish *wish,
		  struct path **path, struct when now)
{
	static const struct means_of texts = { contact_wants_sms, texted_before, fleet_for_text };

	return choose(g, &texts, slot, wish, path, now);
}

bool calls_choose(struct gateway *g, struct contact_slot **slot, struct contact_wish *wish,
		  struct path **path, struct when now)
{
	static const struct means_of calls = { contact_wants_call, rung_before, fleet_for_call };

	return choose(g, &calls, slot, wish, path, now);
}
