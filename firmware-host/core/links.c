/* The runbooks and dashboards that pages and watches have named: kept, so that a drill can see whether they still open. */
#include <stdio.h>
#include <string.h>

#include "core/inside.h"

#define KIND      "link"
#define LINKS_MAX 500
#define KEPT_S    (400 * INT64_C(86400)) /* since a page named it last */
#define FRESH_S   86400                  /* not written again sooner */

static bool on_the_web(const char *url)
{
	return url != NULL && strlen(url) < sizeof((struct gateway_probe *)NULL)->url &&
	       url[strcspn(url, " \t\r\n")] == '\0' &&
	       (strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0);
}

static struct memo *find(struct gateway *g, const char *url, size_t *count)
{
	struct memo *link = memos_next(g, KIND, NULL);

	for (; link != NULL; link = memos_next(g, KIND, link), ++*count)
		if (span_is(memo_get(link, "url"), url))
			return link;
	return NULL;
}

static void saw(struct gateway *g, const char *url, struct when now)
{
	size_t count = 0;
	struct memo *link;

	if (!on_the_web(url))
		return;
	link = find(g, url, &count);
	if (link == NULL && count < LINKS_MAX) {
		link = memos_add(g, KIND);
		if (link != NULL && !memo_set(link, "url", url)) {
			memos_end(g, link);
			return;
		}
	}
	if (link == NULL || now.utc_s - memo_int(link, "seen") < FRESH_S)
		return;
	memo_set_int(link, "seen", now.utc_s);
	memos_changed(g, link);
}

void links_saw(struct gateway *g, const struct page *page, struct when now)
{
	if (page->drill)
		return;
	saw(g, page->text[PAGE_RUNBOOK], now);
	saw(g, page->text[PAGE_DASHBOARD], now);
}

/* ---- asked, one after the other ---------------------------------------- */

static void next(struct gateway *g)
{
	g->links.probe = ++g->last_probe;
	g->links.wanted = true;
}

void links_ask(struct gateway *g)
{
	for (size_t i = 0; i < g->plan->watch_count; i++)
		saw(g, g->plan->watches[i].runbook, g->turn);
	g->links.last = 0;
	next(g);
}

void links_stop(struct gateway *g)
{
	g->links.probe = 0;
	g->links.wanted = false;
}

/* The first behind the last that was asked; those that nobody has named for long are forgotten. */
static struct memo *following(struct gateway *g)
{
	struct memo *link = memos_next(g, KIND, NULL);

	for (; link != NULL; link = memos_next(g, KIND, link)) {
		if (g->turn.utc_s - memo_int(link, "seen") > KEPT_S)
			memos_end(g, link);
		else if (link->id > g->links.last)
			return link;
	}
	return NULL;
}

bool links_take(struct gateway *g, struct gateway_probe *probe)
{
	struct memo *link;

	if (!g->links.wanted)
		return false;
	g->links.wanted = false;
	link = following(g);
	if (link == NULL) {
		links_stop(g);
		drills_links_done(g, g->turn);
		return false;
	}
	g->links.last = link->id;
	*probe = (struct gateway_probe){ .id = g->links.probe };
	span_copy(memo_get(link, "url"), probe->url, sizeof probe->url);
	return true;
}

/* Behind a login it opens for who may; 404 and the like are gone. */
static bool opens(int status)
{
	return (status >= 200 && status < 400) || status == 401 || status == 403 || status == 405 ||
	       status == 429;
}

bool links_probed(struct gateway *g, const struct gateway_probed *probed, struct when now)
{
	struct memo *link;
	char wrong[200];
	char url[512];

	if (probed->id != g->links.probe || g->links.wanted)
		return false;
	link = memos_find(g, KIND, g->links.last);
	if (probed->status == 0)
		snprintf(wrong, sizeof wrong, "no answer: %.150s", probed->why);
	else
		snprintf(wrong, sizeof wrong, "answers %d", probed->status);
	if (link != NULL && span_copy(memo_get(link, "url"), url, sizeof url))
		drills_link(g, url, opens(probed->status) ? NULL : wrong, now);
	next(g);
	return true;
}
