/* The small records that there are: silences, tasks, handovers. */
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"

struct memo *memos_add(struct gateway *g, const char *kind)
{
	struct memo *memo = calloc(1, sizeof *memo);
	char *text = span_dup(span_of(""));

	if (memo == NULL || text == NULL ||
	    array_grow(&g->memos, &g->memo_cap, g->memo_count + 1, sizeof *g->memos) < 0) {
		free(memo);
		free(text);
		return NULL;
	}
	memo->id = ++g->last_memo;
	memo->text = text;
	span_copy(span_of(kind), memo->kind, sizeof memo->kind);
	g->memos[g->memo_count++] = (struct memo_slot){ .memo = memo, .dirty = true };
	return memo;
}

struct memo *memos_next(struct gateway *g, const char *kind, const struct memo *after)
{
	for (size_t i = 0; i < g->memo_count; i++) {
		struct memo *memo = g->memos[i].memo;

		if (!memo->over && (after == NULL || memo->id > after->id) &&
		    strcmp(memo->kind, kind) == 0)
			return memo;
	}
	return NULL;
}

struct memo *memos_find(struct gateway *g, const char *kind, int64_t id)
{
	struct memo *memo = memos_next(g, kind, NULL);

	while (memo != NULL && memo->id != id)
		memo = memos_next(g, kind, memo);
	return memo;
}

void memos_changed(struct gateway *g, const struct memo *memo)
{
	for (size_t i = 0; i < g->memo_count; i++)
		if (g->memos[i].memo == memo)
			g->memos[i].dirty = true;
}

void memos_end(struct gateway *g, struct memo *memo)
{
	memo->over = true;
	memos_changed(g, memo);
}

/* One that is over stays until that is on disk: a rewrite must tell of it too. */
static bool is_stored(const struct gateway *g, const struct memo_slot *slot)
{
	return slot->batch <= g->committed && !g->store_failing && g->rewrite_due == WHEN_NEVER;
}

void memos_close(struct gateway *g, struct when now)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->memo_count; i++) {
		struct memo_slot slot = g->memos[i];

		if (slot.dirty) {
			ledger_row(
				g,
				(struct row){ .kind = ROW_MEMO, .of.memo = memo_copy(slot.memo) },
				now);
			slot.batch = g->batch.number;
			slot.dirty = false;
		}
		if (slot.memo->over && is_stored(g, &slot))
			memo_free(slot.memo);
		else
			g->memos[kept++] = slot;
	}
	g->memo_count = kept;
}

void memos_rewrite(struct gateway *g)
{
	for (size_t i = 0; i < g->memo_count; i++)
		g->memos[i].dirty = true;
}

int memos_restore(struct gateway *g, struct snapshot *snapshot)
{
	if (array_grow(&g->memos, &g->memo_cap, snapshot->memo_count, sizeof *g->memos) < 0)
		return -1;
	for (size_t i = 0; i < snapshot->memo_count; i++) {
		g->memos[g->memo_count++] = (struct memo_slot){ .memo = snapshot->memos[i] };
		g->last_memo = snapshot->memos[i]->id;
		snapshot->memos[i] = NULL;
	}
	return 0;
}

void memos_free(struct gateway *g)
{
	for (size_t i = 0; i < g->memo_count; i++)
		memo_free(g->memos[i].memo);
	free(g->memos);
}
