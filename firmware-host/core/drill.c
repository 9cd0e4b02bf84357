/* The readiness drill, one step after the other; its results are lines of a small record. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/asked.h"
#include "dialplan/moment.h"
#include "dialplan/schedule.h"

#define KIND     "drill"
#define KEPT     24      /* drills */
#define LOOK_MS  3600000 /* for the day of the month */
#define BUSY_MS  300000  /* a page is open: not now */
#define PUNCTUAL 3600    /* s */

static struct memo *running(struct gateway *g)
{
	struct memo *drill = g->drill.memo == 0 ? NULL : memos_find(g, KIND, g->drill.memo);

	return drill;
}

void drills_look(struct gateway *g)
{
	g->drill.due = 0;
}

/* ---- what comes of it -------------------------------------------------- */

/* What failed, as far as a text can tell. */
static void complain(const struct memo *drill, struct buf *out)
{
	char key[24];
	size_t told = 0;

	buf_addf(out, "the readiness drill failed: ");
	for (int64_t i = 1; i <= memo_int(drill, "lines") && told < 3; i++) {
		struct span text;

		snprintf(key, sizeof key, "l%lld", (long long)i);
		text = memo_get(drill, key);
		if (!span_starts(text, "no "))
			continue;
		if (told++ > 0)
			buf_add_text(out, "; ");
		buf_add(out, span_skip(text, 3));
	}
	if (memo_int(drill, "wrong") > (int64_t)told)
		buf_addf(out, "; and %lld more",
			 (long long)memo_int(drill, "wrong") - (long long)told);
	buf_addf(out, " (tocsin drill report)");
}

static void over(struct gateway *g, struct memo *drill, const char *state, struct when now)
{
	memo_set(drill, "state", state);
	memo_set_int(drill, "ended", now.utc_s);
	memo_set(drill, "ahead", "");
	memos_changed(g, drill);
	links_stop(g);
	g->drill.memo = 0;
	drills_look(g);
}

static void finish(struct gateway *g, struct memo *drill, struct when now)
{
	struct buf text = { 0 };
	bool good = memo_int(drill, "wrong") == 0;

	over(g, drill, good ? "passed" : "failed", now);
	if (good)
		buf_addf(&text, "the readiness drill passed: %lld checks",
			 (long long)memo_int(drill, "lines"));
	else
		complain(drill, &text);
	ledger_record(g, now, good ? "drill.passed" : "drill.failed", (struct about){ 0 },
		      buf_text(&text));
	if (good)
		texts_operators(g, buf_text(&text), now);
	else if (!text.failed)
		pages_raise_operators(g, "drill", buf_text(&text), now);
	buf_free(&text);
}

/* ---- its steps --------------------------------------------------------- */

static void page_next(struct gateway *g, struct memo *drill, struct when now);

static void page(struct gateway *g, struct memo *drill, const char *rotation, struct when now)
{
	struct raised what = { .target = rotation, .by = "tocsin", .drill = true };
	const struct page *raised;
	char message[100];
	char key[PLAN_NAME + 8];

	snprintf(message, sizeof message, "Drill of %s: can you be paged? Please acknowledge.",
		 rotation);
	snprintf(key, sizeof key, "drill:%s", rotation);
	what.message = message;
	what.key = key;
	raised = plan_rotation(g->plan, span_of(rotation)) == NULL ? NULL
								   : pages_raise(g, &what, now);
	if (raised == NULL) { /* it has left the configuration, or there is no memory */
		drill_line(g, drill, "cannot be paged", rotation);
		page_next(g, drill, now);
		return;
	}
	g->drill.page = raised->id;
	g->drill.since_ms = now.mono_ms;
	g->drill.due = now.mono_ms + g->plan->drill.within_s * 1000;
	memo_set(drill, "now", rotation);
}

/* The next rotation, or when none is left, the links; those are not for a drill of one rotation. */
static void page_next(struct gateway *g, struct memo *drill, struct when now)
{
	char *ahead = span_dup(memo_get(drill, "ahead"));
	struct span rest = span_of(ahead == NULL ? "" : ahead);
	struct span name = span_word(&rest);
	char rotation[PLAN_NAME];
	char *left;

	span_copy(name, rotation, sizeof rotation);
	left = span_dup(span_trim(rest));
	if (ahead != NULL && left != NULL)
		memo_set(drill, "ahead", left);
	free(ahead);
	free(left);
	g->drill.page = 0;
	if (name.len > 0)
		page(g, drill, rotation, now);
	else if (memo_int(drill, "one") != 0)
		finish(g, drill, now);
	else
		links_ask(g);
}

static void end_page(struct gateway *g, struct page_slot *slot, struct when now)
{
	if (slot->page->state != PAGE_RESOLVED)
		pages_resolve(g, slot, slot->page->owner[0] != '\0' ? slot->page->owner : "tocsin",
			      now);
}

/* Its page was acked, or the time is over. */
static void page_over(struct gateway *g, struct memo *drill, struct when now)
{
	struct page_slot *slot = pages_find(g, g->drill.page);
	struct span rotation = memo_get(drill, "now");
	const char *owner = slot == NULL ? "" : slot->page->owner;
	bool late = now.mono_ms - g->drill.since_ms >= g->plan->drill.within_s * 1000;
	char what[160];

	if (slot != NULL && owner[0] == '\0' && slot->page->state != PAGE_RESOLVED && !late)
		return;
	if (owner[0] != '\0')
		snprintf(what, sizeof what, "%.*s acked by %s in %lld s", (int)rotation.len,
			 rotation.at, owner, (long long)(now.mono_ms - g->drill.since_ms) / 1000);
	else
		snprintf(what, sizeof what, "%.*s: nobody acked within %lld min", (int)rotation.len,
			 rotation.at, (long long)g->plan->drill.within_s / 60);
	drill_line(g, drill, owner[0] != '\0' ? NULL : "", what);
	memo_set(drill, "now", "");
	if (slot != NULL)
		end_page(g, slot, now);
	page_next(g, drill, now);
}

void drills_link(struct gateway *g, const char *url, const char *wrong, struct when now)
{
	struct memo *drill = running(g);

	(void)now;
	if (drill != NULL)
		drill_line(g, drill, wrong, url);
}

void drills_links_done(struct gateway *g, struct when now)
{
	struct memo *drill = running(g);

	if (drill == NULL)
		return;
	if (g->plan->drill.current_s > 0)
		drill_check_phones(g, drill, now);
	finish(g, drill, now);
}

/* ---- its beginning ----------------------------------------------------- */

static void forget_old(struct gateway *g)
{
	size_t count = 0;
	struct memo *drill = memos_next(g, KIND, NULL);

	for (; drill != NULL; drill = memos_next(g, KIND, drill))
		count++;
	for (; count >= KEPT; count--)
		memos_end(g, memos_next(g, KIND, NULL));
}

/* rotation: NULL all of them, and the links. */
static struct memo *start(struct gateway *g, const struct plan_rotation *rotation, const char *by,
			  struct when now)
{
	struct buf ahead = { 0 };
	struct memo *drill;

	forget_old(g);
	drill = memos_add(g, KIND);
	if (drill == NULL)
		return NULL;
	for (size_t i = 0; i < g->plan->rotation_count; i++) {
		const struct plan_rotation *each = &g->plan->rotations[i];

		if (rotation != NULL && each != rotation)
			continue;
		buf_addf(&ahead, "%s ", each->name);
		drill_check_slots(g, drill, each, now);
	}
	memo_set(drill, "ahead", buf_text(&ahead));
	memo_set(drill, "by", by);
	memo_set_int(drill, "started", now.utc_s);
	memo_set_int(drill, "one", rotation != NULL);
	memo_set(drill, "state", "running");
	buf_free(&ahead);
	g->drill.memo = drill->id;
	ledger_record(g, now, "drill.started", (struct about){ 0 }, by);
	page_next(g, drill, now);
	return drill;
}

/* A real page: the drill gives way at once.  What a schedule began, it begins again (monthly). */
void drills_real(struct gateway *g, const struct page *page, struct when now)
{
	struct memo *drill = running(g);
	char why[60];

	if (page->drill || page->state == PAGE_RESOLVED)
		return;
	for (size_t i = 0; i < g->page_count; i++)
		if (g->pages[i].page->drill)
			end_page(g, &g->pages[i], now);
	if (drill == NULL)
		return;
	snprintf(why, sizeof why, "%s is real", page->code);
	drill_line(g, drill, why, "cancelled");
	over(g, drill, "cancelled", now);
	ledger_record(g, now, "drill.cancelled", (struct about){ .page = page->id }, why);
}

/* ---- by itself, once a month ------------------------------------------- */

/* Is it to be held now that its moment `at` has come?  It is late when it was cancelled, or nobody was there to begin it: an
 * hour behind that, in business hours.  A gateway that is new begins with the next month. */
static bool is_due(struct gateway *g, int64_t at, struct when now)
{
	struct memo *drill = memos_next(g, KIND, NULL);
	int64_t edge = WHEN_NEVER;
	int64_t cancelled = 0;
	bool any = false;

	for (; drill != NULL; drill = memos_next(g, KIND, drill)) {
		if (memo_int(drill, "one") != 0)
			continue;
		any = true;
		if (span_is(memo_get(drill, "state"), "cancelled"))
			cancelled = memo_int(drill, "ended");
		else if (memo_int(drill, "started") >= at)
			return false;
	}
	if (cancelled < at && now.utc_s - at < PUNCTUAL)
		return true;
	return any && now.utc_s - cancelled >= PUNCTUAL &&
	       layer_open(&g->plan->business, now.utc_s, &edge);
}

static bool quiet(const struct gateway *g)
{
	for (size_t i = 0; i < g->page_count; i++)
		if (g->pages[i].page->state == PAGE_OPEN && !g->pages[i].page->drill)
			return false;
	return true;
}

static void monthly(struct gateway *g, struct when now)
{
	const struct plan_monthly *when = &g->plan->drill.monthly;
	int64_t next;

	g->drill.due = WHEN_NEVER;
	if (when->week == 0 || g->clock_untrusted)
		return;
	if (is_due(g, moment_monthly_before(g->plan, when, now.utc_s), now)) {
		if (quiet(g))
			start(g, NULL, "schedule", now);
		else
			g->drill.due = now.mono_ms + BUSY_MS;
		return;
	}
	next = moment_monthly_before(g->plan, when, now.utc_s + LOOK_MS / 1000);
	g->drill.due = now.mono_ms + (next > now.utc_s ? (next - now.utc_s) * 1000 : LOOK_MS);
}

/* A restart in the middle: the rotation that was being paged is asked again. */
static struct memo *left_over(struct gateway *g)
{
	struct memo *drill = memos_next(g, KIND, NULL);

	for (; drill != NULL; drill = memos_next(g, KIND, drill))
		if (span_is(memo_get(drill, "state"), "running"))
			return drill;
	return NULL;
}

static void resume(struct gateway *g, struct memo *drill, struct when now)
{
	char rotation[PLAN_NAME];

	g->drill.memo = drill->id;
	span_copy(memo_get(drill, "now"), rotation, sizeof rotation);
	if (rotation[0] != '\0')
		page(g, drill, rotation, now);
	else
		page_next(g, drill, now);
}

void drills_tick(struct gateway *g, struct when now)
{
	struct memo *drill;

	if (g->drill.due > now.mono_ms)
		return;
	drill = running(g);
	if (drill != NULL && g->drill.page != 0) {
		g->drill.due = g->drill.since_ms + g->plan->drill.within_s * 1000;
		page_over(g, drill, now);
	} else if (drill != NULL) {
		g->drill.due = WHEN_NEVER; /* the links tell of their end */
	} else if (!g->drill.looked) {
		g->drill.looked = true;
		drill = left_over(g);
		if (drill != NULL)
			resume(g, drill, now);
	} else {
		monthly(g, now);
	}
}

int64_t drills_deadline(const struct gateway *g)
{
	return g->drill.due;
}

/* ---- tocsin drill ------------------------------------------------------ */

static void view(struct jsonw *json, const struct memo *drill)
{
	char id[24];

	snprintf(id, sizeof id, "d%lld", (long long)drill->id);
	jsonw_string(json, "id", id);
	jsonw_span(json, "state", memo_get(drill, "state"));
	jsonw_time(json, "started", memo_int(drill, "started"));
	if (memo_int(drill, "ended") != 0)
		jsonw_time(json, "ended", memo_int(drill, "ended"));
	else
		jsonw_string(json, "ended", NULL);
	jsonw_span(json, "by", memo_get(drill, "by"));
	jsonw_int(json, "checks", memo_int(drill, "lines"));
	jsonw_int(json, "failed", memo_int(drill, "wrong"));
}

static int run(struct asked *asked)
{
	struct gateway *g = asked->g;
	const char *name = asked_get(asked, "rotation");
	const struct plan_rotation *rotation =
		name == NULL ? NULL : plan_rotation(g->plan, span_of(name));
	const struct memo *drill;

	if (name != NULL && rotation == NULL)
		return asked_no_rotation(asked, name);
	if (running(g) != NULL)
		return asked_refuse(asked, "one is running: see tocsin drill report");
	if (!quiet(g))
		return asked_refuse(asked, "a page is open and nobody has it: after that");
	drill = start(g, rotation, asked->request->peer, asked->now);
	if (drill == NULL)
		return asked_refuse(asked, "out of memory");
	view(&asked->json, drill);
	asked->accepts = true;
	return 0;
}

static int report(struct asked *asked)
{
	struct memo *last = NULL;
	struct memo *drill = memos_next(asked->g, KIND, NULL);
	char key[24];

	for (; drill != NULL; drill = memos_next(asked->g, KIND, drill))
		last = drill;
	if (last == NULL)
		return asked_refuse(asked, "there was no drill yet: tocsin drill run");
	view(&asked->json, last);
	jsonw_array(&asked->json, "results");
	for (int64_t i = 1; i <= memo_int(last, "lines"); i++) {
		struct span text;

		snprintf(key, sizeof key, "l%lld", (long long)i);
		text = memo_get(last, key);
		jsonw_object(&asked->json, NULL);
		jsonw_bool(&asked->json, "good", span_starts(text, "ok "));
		jsonw_span(&asked->json, "what", span_skip(text, 3));
		jsonw_end_object(&asked->json);
	}
	jsonw_end_array(&asked->json);
	return 0;
}

static int history(struct asked *asked)
{
	struct memo *drill = memos_next(asked->g, KIND, NULL);

	jsonw_array(&asked->json, "drills");
	for (; drill != NULL; drill = memos_next(asked->g, KIND, drill)) {
		jsonw_object(&asked->json, NULL);
		view(&asked->json, drill);
		jsonw_end_object(&asked->json);
	}
	jsonw_end_array(&asked->json);
	return 0;
}

int asked_drill(struct asked *asked)
{
	const char *what = asked_get(asked, "id");

	if (what != NULL && strcmp(what, "run") == 0)
		return run(asked);
	if (what != NULL && strcmp(what, "report") == 0)
		return report(asked);
	if (what != NULL && strcmp(what, "history") == 0)
		return history(asked);
	return asked_usage(asked, "want run, report or history");
}
