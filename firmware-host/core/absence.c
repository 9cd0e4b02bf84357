/* Those who are away: from the beginning of an absence on, whoever is being paged is paged no more. */
#include "core/inside.h"

/* A broken rotation opens other pages: the slots may move. */
static void let_go(struct gateway *g, struct page *page, struct when now)
{
	size_t count = page->member_count;

	for (size_t i = 0; i < count; i++) {
		const struct member *member = &page->members[i];
		struct escalation run;

		if ((member->state != MEMBER_REACHING && member->state != MEMBER_FAILED) ||
		    rota_absent(&g->rota, member->person, now.utc_s) == NULL)
			continue;
		run = pages_run(g, now);
		escalation_absent(&run, page, member->person);
		pages_apply(g, pages_find(g, page->id), now);
	}
}

void absence_tick(struct gateway *g, struct when now)
{
	if (now.utc_s < g->absence_due)
		return;
	g->absence_due = WHEN_NEVER;
	for (size_t i = 0; i < g->rota.entry_count; i++)
		if (g->rota.entries[i].kind == ROTA_ABSENCE &&
		    g->rota.entries[i].from_utc_s > now.utc_s)
			g->absence_due = when_sooner(g->absence_due, g->rota.entries[i].from_utc_s);
	for (size_t i = 0; i < g->page_count; i++)
		if (g->pages[i].page->state != PAGE_RESOLVED)
			let_go(g, g->pages[i].page, now);
}

int64_t absence_deadline(const struct gateway *g)
{
	bool live = false;

	for (size_t i = 0; i < g->page_count && !live; i++)
		live = g->pages[i].page->state != PAGE_RESOLVED;
	if (!live || g->absence_due == WHEN_NEVER)
		return WHEN_NEVER;
	if (g->absence_due <= g->turn.utc_s)
		return g->turn.mono_ms;
	return g->turn.mono_ms + (g->absence_due - g->turn.utc_s) * 1000;
}
