/* What is to be done at a time of day and can wait: silences end, post-mortems are asked for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/asked.h"
#include "dialplan/schedule.h"
#include "dialplan/text.h"

#define POSTMORTEM "postmortem"
#define LOOK_MS    3600000 /* between looks at the least: the wall clock may be set */

void chores_look(struct gateway *g)
{
	g->chores_due = 0;
}

/* ---- post-mortems ------------------------------------------------------ */

/* Not in the night: what falls out of business hours waits for the next. */
static int64_t in_hours(const struct gateway *g, int64_t utc_s)
{
	int64_t edge = utc_s;

	return layer_open(&g->plan->business, utc_s, &edge) ? utc_s : edge;
}

static const char *responsible(const struct page *page)
{
	for (size_t i = 0; i < page->role_count; i++)
		if (page->roles[i].kind == ROLE_IC)
			return page->roles[i].person;
	return page->owner;
}

void chores_resolved(struct gateway *g, const struct page *page, struct when now)
{
	const struct plan_severity *severity = &g->plan->severities[pages_rank(g, page)];
	struct memo *memo;

	if (severity->postmortem_s <= 0 || page->drill || !severity->pages)
		return;
	memo = memos_add(g, POSTMORTEM);
	if (memo == NULL)
		return;
	if (!memo_set_int(memo, "page", page->id) || !memo_set(memo, "code", page->code) ||
	    !memo_set(memo, "person", responsible(page)) ||
	    !memo_set(memo, "subject", page->text[PAGE_MESSAGE]) ||
	    !memo_set_int(memo, "due", in_hours(g, now.utc_s + severity->postmortem_s)))
		memo->over = true;
	chores_look(g);
}

static void remind(struct gateway *g, struct memo *memo, struct when now)
{
	const struct plan_person *person = plan_person(g->plan, memo_get(memo, "person"));
	struct span code = memo_get(memo, "code");
	int64_t page = memo_int(memo, "page");
	char *subject = span_dup(memo_get(memo, "subject"));
	struct buf text = { 0 };
	char head[48];

	snprintf(head, sizeof head, "%.*s: no post-mortem was filed: ", (int)code.len, code.at);
	text_fit(&text, head, memo_get(memo, "subject"));
	if (person != NULL)
		texts_note(g, person, NULL, page, buf_span(&text), now);
	ledger_record(g, now, "postmortem.due",
		      (struct about){ .page = page, .person = person == NULL ? "" : person->name },
		      subject);
	outbox_tell(g, PLAN_HOOK_POSTMORTEM,
		    &(struct outbox_news){ .kind = "postmortem",
					   .person = person == NULL ? NULL : person->name,
					   .text = buf_text(&text) },
		    now);
	buf_free(&text);
	free(subject);
	memos_end(g, memo);
}

/* tocsin postmortem ID --url U: it is filed, nobody is reminded. */
int asked_postmortem(struct asked *asked)
{
	const char *id = asked_get(asked, "id");
	const char *url = asked_get(asked, "url");
	struct memo *memo = memos_next(asked->g, POSTMORTEM, NULL);
	char shown[24];

	if (id == NULL)
		return asked_usage(asked, "which page? give its ID (p17) or code");
	if (url == NULL)
		return asked_usage(asked, "where is it? give --url");
	for (; memo != NULL; memo = memos_next(asked->g, POSTMORTEM, memo)) {
		snprintf(shown, sizeof shown, "p%lld", (long long)memo_int(memo, "page"));
		if (span_is_nocase(span_of(id), shown) || span_is(memo_get(memo, "code"), id))
			break;
	}
	if (memo == NULL)
		return asked_refuse(asked, "no post-mortem is awaited for it");
	ledger_record(
		asked->g, asked->now, "postmortem.filed",
		(struct about){ .page = memo_int(memo, "page"), .person = asked_actor(asked) },
		url);
	jsonw_string(&asked->json, "id", shown);
	jsonw_string(&asked->json, "url", url);
	memos_end(asked->g, memo);
	asked->accepts = true;
	return 0;
}

/* ---- all of them ------------------------------------------------------- */

static int64_t sooner(int64_t due, const struct memo *memo, const char *key)
{
	int64_t at = memo_int(memo, key);

	return at > 0 ? when_sooner(due, at) : due;
}

static int64_t next_utc_s(struct gateway *g)
{
	int64_t due = WHEN_NEVER;

	for (size_t i = 0; i < g->memo_count; i++) {
		const struct memo *memo = g->memos[i].memo;

		if (!memo->over)
			due = sooner(sooner(due, memo, "until"), memo, "due");
	}
	return due;
}

void chores_tick(struct gateway *g, struct when now)
{
	int64_t next;

	if (g->chores_due > now.mono_ms)
		return;
	for (size_t i = 0; i < g->memo_count; i++) {
		struct memo *memo = g->memos[i].memo;

		if (memo->over)
			continue;
		if (strcmp(memo->kind, "silence") == 0)
			silence_tick(g, memo, now);
		else if (strcmp(memo->kind, POSTMORTEM) == 0 && memo_int(memo, "due") <= now.utc_s)
			remind(g, memo, now);
	}
	next = next_utc_s(g);
	g->chores_due = next == WHEN_NEVER ? WHEN_NEVER : now.mono_ms + LOOK_MS;
	if (next != WHEN_NEVER && next > now.utc_s && next - now.utc_s < LOOK_MS / 1000)
		g->chores_due = now.mono_ms + (next - now.utc_s) * 1000;
}
