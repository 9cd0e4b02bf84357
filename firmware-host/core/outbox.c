/* News for webhooks: stored with what it tells of, posted when there is a network, tried again for days.  Never in the way of a
 * page. */
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"
#include "dialplan/schedule.h"

#define POSTS_MAX    2000    /* waiting; what comes on top of them is not posted */
#define GIVE_UP_S    604800  /* a week */
#define DIGEST_MAX   65536   /* octets; it is full then, and the next begins */
#define DIGEST_S     3600    /* in business hours a digest gathers for so long */
#define RETRY_MAX_MS 3600000 /* and this long at most until the next try */

/* What the escalation records, and which news that is. */
static const struct {
	const char *event;
	enum plan_hook_event on;
	const char *kind;
} news[] = {
	{ "page.opened", PLAN_HOOK_OPENED, "opened" },
	{ "page.acked", PLAN_HOOK_ACKED, "acked" },
	{ "page.updated", PLAN_HOOK_UPDATED, "updated" },
	{ "page.escalated", PLAN_HOOK_ESCALATED, "escalated" },
	{ "responder.added", PLAN_HOOK_ESCALATED, "escalated" },
	{ "catch_all", PLAN_HOOK_ESCALATED, "escalated" },
	{ "page.reopened", PLAN_HOOK_REOPENED, "reopened" },
	{ "page.woken", PLAN_HOOK_REOPENED, "woken" },
	{ "page.deferred", PLAN_HOOK_DEFERRED, "deferred" },
	{ "page.snoozed", PLAN_HOOK_DEFERRED, "snoozed" },
	{ "page.resolved", PLAN_HOOK_RESOLVED, "resolved" },
};

/* ---- what is posted ---------------------------------------------------- */

static void write_news(struct gateway *g, struct buf *out, const struct outbox_news *what,
		       struct when now)
{
	struct jsonw json = { .out = out };

	jsonw_object(&json, NULL);
	jsonw_string(&json, "event", what->kind);
	jsonw_string(&json, "gateway", g->plan->gateway);
	jsonw_time(&json, "time", now.utc_s);
	jsonw_string(&json, "person",
		     what->person == NULL || what->person[0] == '\0' ? NULL : what->person);
	jsonw_string(&json, "text", what->text);
	if (what->page != NULL)
		view_page(g, &json, "page", what->page, false, now);
	jsonw_end_object(&json);
}

static struct post *add(struct gateway *g, const char *hook, const struct outbox_news *what,
			int64_t due, struct when now)
{
	struct post *post;

	if (g->post_count >= POSTS_MAX) {
		ledger_record(g, now, "webhook.full", (struct about){ 0 }, hook);
		return NULL;
	}
	post = calloc(1, sizeof *post);
	if (post == NULL ||
	    array_grow(&g->posts, &g->post_cap, g->post_count + 1, sizeof *g->posts) < 0) {
		free(post);
		return NULL;
	}
	post->id = ++g->last_post;
	span_copy(span_of(hook), post->hook, sizeof post->hook);
	span_copy(span_of(what->kind), post->kind, sizeof post->kind);
	post->page = what->page != NULL ? what->page->id : 0;
	post->due = due;
	post->made_utc_s = now.utc_s;
	g->posts[g->post_count++] = (struct post_slot){ .post = post, .dirty = true };
	return post;
}

void outbox_put(struct gateway *g, const char *hook, const struct outbox_news *what,
		struct when now)
{
	struct buf body = { 0 };
	struct post *post;

	if (plan_hook(g->plan, span_of(hook)) == NULL)
		return;
	write_news(g, &body, what, now);
	post = body.failed ? NULL : add(g, hook, what, now.mono_ms, now);
	if (post == NULL)
		buf_free(&body);
	else
		post->body = body.at;
}

void outbox_tell(struct gateway *g, enum plan_hook_event on, const struct outbox_news *what,
		 struct when now)
{
	for (size_t i = 0; i < g->plan->hook_count; i++)
		if ((g->plan->hooks[i].on & (uint32_t)on) != 0)
			outbox_put(g, g->plan->hooks[i].name, what, now);
}

/* ---- digests ----------------------------------------------------------- */

/* The one that is still gathering; a try that failed has begun to be posted. */
static struct post_slot *gathering(struct gateway *g, const char *hook)
{
	for (size_t i = 0; i < g->post_count; i++) {
		const struct post *post = g->posts[i].post;

		if (strcmp(post->kind, "digest") == 0 && strcmp(post->hook, hook) == 0 &&
		    post->tries == 0 && !post->over && !g->posts[i].posting &&
		    strlen(post->body) < DIGEST_MAX)
			return &g->posts[i];
	}
	return NULL;
}

/* In business hours within the hour, else when business opens. */
static int64_t digest_due(const struct gateway *g, struct when now)
{
	int64_t edge = WHEN_NEVER;
	int64_t at = now.utc_s + DIGEST_S;

	if (!layer_open(&g->plan->business, now.utc_s, &edge))
		at = edge;
	return now.mono_ms + (at - now.utc_s) * 1000;
}

static void gather(struct gateway *g, const char *hook, const struct page *page, struct when now)
{
	struct post_slot *slot = gathering(g, hook);
	struct buf body = { 0 };
	struct jsonw json = { .out = &body };
	struct post *post = slot != NULL ? slot->post : NULL;

	if (post != NULL) {
		buf_add_text(&body, post->body);
		buf_add_char(&body, ',');
	}
	view_page(g, &json, NULL, page, false, now);
	if (post == NULL && !body.failed)
		post = add(g, hook, &(struct outbox_news){ .kind = "digest" }, digest_due(g, now),
			   now);
	if (post == NULL || body.failed) {
		buf_free(&body);
		return;
	}
	if (slot != NULL)
		slot->dirty = true;
	free(post->body);
	post->body = body.at;
}

static void wrap_digest(struct gateway *g, const struct post *post, struct buf *out,
			struct when now)
{
	struct jsonw json = { .out = out };

	jsonw_object(&json, NULL);
	jsonw_string(&json, "event", "digest");
	jsonw_string(&json, "gateway", g->plan->gateway);
	jsonw_time(&json, "time", now.utc_s);
	jsonw_array(&json, "pages");
	buf_add_text(out, post->body);
	jsonw_end_array(&json);
	jsonw_end_object(&json);
}

/* ---- news of pages ----------------------------------------------------- */

static void recorded_only(struct gateway *g, const struct page *page,
			  const struct outbox_news *what, struct when now)
{
	const struct plan_severity *severity = &g->plan->severities[pages_rank(g, page)];

	if (severity->ticket[0] != '\0')
		outbox_put(g, severity->ticket, what, now);
	if (severity->digest[0] != '\0')
		gather(g, severity->digest, page, now);
}

void outbox_event(struct gateway *g, const struct page *page, const struct effect *effect,
		  struct when now)
{
	const struct plan_severity *severity = &g->plan->severities[pages_rank(g, page)];
	struct outbox_news what = {
		.kind = "ticket", .page = page, .person = effect->person, .text = effect->text
	};

	if (page->drill)
		return;
	if (strcmp(effect->event, "page.recorded") == 0)
		recorded_only(g, page, &what, now);
	else if (strcmp(effect->event, "page.opened") == 0 && severity->ticket[0] != '\0')
		outbox_put(g, severity->ticket, &what, now);
	for (size_t i = 0; i < COUNT_OF(news); i++)
		if (strcmp(news[i].event, effect->event) == 0) {
			what.kind = news[i].kind;
			outbox_tell(g, news[i].on, &what, now);
		}
}

/* ---- on their way ------------------------------------------------------ */

/* One at a time for each webhook, in their order: what comes behind one that waits, waits too; not behind a digest. */
static bool is_next(const struct gateway *g, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(g->posts[i].post->hook, g->posts[at].post->hook) == 0 &&
		    strcmp(g->posts[i].post->kind, "digest") != 0)
			return false;
	return !g->posts[at].posting;
}

static struct post_slot *ready(struct gateway *g)
{
	for (size_t i = 0; i < g->post_count; i++) {
		struct post_slot *slot = &g->posts[i];

		if (slot->post->due <= g->turn.mono_ms && !slot->dirty &&
		    slot->batch <= g->committed && is_next(g, i))
			return slot;
	}
	return NULL;
}

static void forget(struct gateway *g, struct post_slot *slot)
{
	size_t at = (size_t)(slot - g->posts);

	post_free(slot->post);
	memmove(slot, slot + 1, (g->post_count - at - 1) * sizeof *slot);
	g->post_count--;
}

bool gateway_take_post(struct gateway *g, struct gateway_post *out)
{
	struct post_slot *slot = ready(g);
	const struct plan_hook *hook =
		slot == NULL ? NULL : plan_hook(g->plan, span_of(slot->post->hook));

	if (slot == NULL)
		return false;
	slot->posting = true;
	*out = (struct gateway_post){ .id = slot->post->id };
	span_copy(span_of(slot->post->hook), out->hook, sizeof out->hook);
	if (hook != NULL) {
		span_copy(span_of(hook->url), out->url, sizeof out->url);
		span_copy(span_of(hook->secret), out->secret, sizeof out->secret);
	}
	if (strcmp(slot->post->kind, "digest") == 0)
		wrap_digest(g, slot->post, &out->body, g->turn);
	else
		buf_add_text(&out->body, slot->post->body);
	return true;
}

static int64_t back_off_ms(int tries)
{
	static const int64_t waits[] = { 10000, 30000, 60000, 300000, 900000, 1800000 };

	return tries < 1                         ? waits[0]
	       : (size_t)tries > COUNT_OF(waits) ? RETRY_MAX_MS
						 : waits[tries - 1];
}

static void failed(struct gateway *g, struct post_slot *slot, int status, const char *why,
		   struct when now)
{
	struct post *post = slot->post;
	struct buf text = { 0 };

	post->tries++;
	post->due = now.mono_ms + back_off_ms(post->tries);
	slot->dirty = true;
	if (status != 0)
		buf_addf(&text, "%s %s: answered %d", post->hook, post->kind, status);
	else
		buf_addf(&text, "%s %s: %s", post->hook, post->kind, why);
	if (now.utc_s - post->made_utc_s > GIVE_UP_S ||
	    plan_hook(g->plan, span_of(post->hook)) == NULL)
		post->over = true;
	if (post->over)
		ledger_record(g, now, "webhook.given_up", (struct about){ .page = post->page },
			      buf_text(&text));
	else if (post->tries == 1)
		ledger_record(g, now, "webhook.waiting", (struct about){ .page = post->page },
			      buf_text(&text));
	buf_free(&text);
}

void gateway_posted(struct gateway *g, int64_t id, int status, const char *why, struct when now)
{
	struct buf text = { 0 };

	for (size_t i = 0; i < g->post_count; i++) {
		struct post_slot *slot = &g->posts[i];

		if (slot->post->id != id || !slot->posting)
			continue;
		slot->posting = false;
		if (status < 200 || status > 299) {
			failed(g, slot, status, why, now);
			break;
		}
		slot->post->over = true;
		slot->dirty = true;
		buf_addf(&text, "%s %s", slot->post->hook, slot->post->kind);
		ledger_record(g, now, "webhook.posted", (struct about){ .page = slot->post->page },
			      buf_text(&text));
		break;
	}
	buf_free(&text);
	gateway_tick(g, now);
}

int64_t outbox_deadline(const struct gateway *g)
{
	int64_t due = WHEN_NEVER;

	/* One that is due already is taken in this turn, or once it is committed. */
	for (size_t i = 0; i < g->post_count; i++)
		if (g->posts[i].post->due > g->turn.mono_ms && is_next(g, i))
			due = when_sooner(due, g->posts[i].post->due);
	return due;
}

/* ---- the store --------------------------------------------------------- */

void outbox_close(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->post_count; i++) {
		struct post_slot *slot = &g->posts[i];

		if (!slot->dirty)
			continue;
		ledger_row(g, (struct row){ .kind = ROW_POST, .of.post = post_copy(slot->post) },
			   now);
		slot->dirty = false;
		slot->batch = g->batch.number;
		if (slot->post->over) {
			forget(g, slot);
			i--;
		}
	}
}

int outbox_restore(struct gateway *g, struct snapshot *snapshot)
{
	if (array_grow(&g->posts, &g->post_cap, snapshot->post_count, sizeof *g->posts) < 0)
		return -1;
	for (size_t i = 0; i < snapshot->post_count; i++) {
		g->posts[g->post_count++] = (struct post_slot){ .post = snapshot->posts[i] };
		g->last_post = snapshot->posts[i]->id;
		snapshot->posts[i] = NULL;
	}
	return 0;
}

void outbox_free(struct gateway *g)
{
	for (size_t i = 0; i < g->post_count; i++)
		post_free(g->posts[i].post);
	free(g->posts);
}
