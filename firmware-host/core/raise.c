/* Pages that the gateway opens by itself: a broken rotation, a handover, a watch, a drill. */
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"

#define STEP_WAIT_S 300 /* of a page to the operators */

static int fill(struct gateway *g, struct page *page, const struct raised *what, struct err *err)
{
	const char *severity = what->severity;
	const struct {
		enum page_text as;
		const char *text;
	} texts[] = {
		{ PAGE_KEY, what->key },
		{ PAGE_ALERT, what->alert },
		{ PAGE_RUNBOOK, what->runbook },
	};

	if (severity == NULL)
		severity = g->plan->severities[g->plan->default_severity].name;
	span_copy(span_of(what->target), page->target, sizeof page->target);
	span_copy(span_of(severity), page->severity, sizeof page->severity);
	span_copy(span_of(what->by), page->requester, sizeof page->requester);
	page->incident = what->incident;
	page->drill = what->drill;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		if (texts[i].text != NULL &&
		    page_set_text(page, texts[i].as, span_of(texts[i].text), err) < 0)
			return -1;
	if (what->chain != NULL) {
		page->chain = span_dup(span_of(what->chain));
		if (page->chain == NULL)
			return err_nomem(err);
	}
	return page_set_text(page, PAGE_MESSAGE, span_of(what->message), err);
}

struct page_slot *pages_by_key(struct gateway *g, const char *key, bool drill)
{
	for (size_t i = g->page_count; key != NULL && i > 0; i--) {
		const struct page *page = g->pages[i - 1].page;

		if (page->state != PAGE_RESOLVED && page->drill == drill &&
		    page->text[PAGE_KEY] != NULL && strcmp(page->text[PAGE_KEY], key) == 0)
			return &g->pages[i - 1];
	}
	return NULL;
}

struct page *pages_raise(struct gateway *g, const struct raised *what, struct when now)
{
	struct page_slot *before = pages_by_key(g, what->key, what->drill);
	struct page *page;
	struct err err = { 0 };

	if (before != NULL)
		return before->page;
	page = calloc(1, sizeof *page);
	if (page == NULL || fill(g, page, what, &err) < 0) {
		page_free(page);
		page = NULL;
	} else if (pages_open(g, page, now, &err) < 0) {
		page = NULL;
	}
	if (page == NULL)
		ledger_record(g, now, "raise.failed", (struct about){ 0 }, what->message);
	return page;
}

/* The default one, or the next more severe one that pages. */
static const char *severity_of(const struct plan *plan)
{
	int rank = plan->default_severity;

	while (rank > 0 && !plan->severities[rank].pages)
		rank--;
	return plan->severities[rank].name;
}

struct page *pages_raise_operators(struct gateway *g, const char *key, const char *message,
				   struct when now)
{
	const struct plan_targets *operators = &g->plan->operators;
	struct raised what = { .target = operators->at[0],
			       .severity = severity_of(g->plan),
			       .by = "tocsin",
			       .key = key,
			       .message = message };
	struct buf chain = { 0 };
	struct page *page = NULL;

	for (size_t i = 0; i < operators->count; i++)
		buf_addf(&chain, "%s%s", i > 0 ? "+" : "", operators->at[i]);
	buf_addf(&chain, "/%d", STEP_WAIT_S);
	what.chain = chain.at;
	if (!chain.failed)
		page = pages_raise(g, &what, now);
	buf_free(&chain);
	return page;
}
