/* What the gateway looks after by itself: addresses that must answer, values that must stay within bounds, programs that must beat.
 * What has been bad for long enough is paged; when it is well again for as long, the page is over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/asked.h"

#define AGAIN_MS 1800000 /* somebody resolved the page, and it is bad still */

/* ---- there is a plan --------------------------------------------------- */

static const struct watch_slot *before(const struct gateway *g, const char *name)
{
	for (size_t i = 0; i < g->watch_count; i++)
		if (strcmp(g->watches[i].name, name) == 0)
			return &g->watches[i];
	return NULL;
}

static int64_t wait_ms(const struct plan_watch *watch)
{
	return (watch->beat_s != 0 ? watch->beat_s : watch->every_s) * 1000;
}

/* It goes on, by what the plan says of it now. */
static void carry_over(struct watch_slot *slot, const struct plan_watch *watch)
{
	if (watch->beat_s != 0)
		slot->probe = 0; /* whoever was asked is no longer awaited */
	slot->wanted = slot->wanted && slot->probe != 0;
	if (slot->due != 0 && slot->probe == 0)
		slot->due = slot->heard_ms + wait_ms(watch);
}

void watches_plan(struct gateway *g, struct when now)
{
	struct watch_slot *slots = calloc(g->plan->watch_count + 1, sizeof *slots);

	if (slots == NULL)
		ledger_record(g, now, "watches.off", (struct about){ 0 }, "out of memory");
	for (size_t i = 0; slots != NULL && i < g->plan->watch_count; i++) {
		const struct watch_slot *old = before(g, g->plan->watches[i].name);

		if (old != NULL) {
			slots[i] = *old;
			carry_over(&slots[i], &g->plan->watches[i]);
			continue;
		}
		slots[i] = (struct watch_slot){ .bad_ms = WHEN_NEVER,
						.well_ms = WHEN_NEVER,
						.raised_ms = WHEN_NEVER };
		span_copy(span_of(g->plan->watches[i].name), slots[i].name, sizeof slots[i].name);
	}
	free(g->watches);
	g->watches = slots;
	g->watch_count = slots == NULL ? 0 : g->plan->watch_count;
	g->watches_due = g->watch_count == 0 ? WHEN_NEVER : 0;
}

void watches_free(struct gateway *g)
{
	free(g->watches);
}

/* ---- bad, and well again ----------------------------------------------- */

static void key_of(const struct watch_slot *slot, char key[PLAN_NAME + 8])
{
	snprintf(key, PLAN_NAME + 8, "watch:%s", slot->name);
}

static const char *given(const char *text)
{
	return text[0] == '\0' ? NULL : text;
}

static void raise(struct gateway *g, const struct plan_watch *watch, struct watch_slot *slot,
		  struct when now)
{
	struct raised what = { .by = "tocsin", .alert = watch->name };
	struct buf message = { 0 };
	char key[PLAN_NAME + 8];

	key_of(slot, key);
	what.key = key;
	what.target = watch->target[0] != '\0' ? watch->target : g->plan->default_rotation;
	what.severity = given(watch->severity);
	what.runbook = given(watch->runbook);
	buf_addf(&message, "%s: %s", watch->message[0] != '\0' ? watch->message : watch->name,
		 slot->seen);
	what.message = buf_text(&message);
	if (!message.failed && pages_raise(g, &what, now) != NULL)
		slot->raised_ms = now.mono_ms;
	buf_free(&message);
}

static void bad(struct gateway *g, const struct plan_watch *watch, struct watch_slot *slot,
		struct when now)
{
	char key[PLAN_NAME + 8];

	key_of(slot, key);
	slot->well_ms = WHEN_NEVER;
	if (slot->bad_ms == WHEN_NEVER)
		slot->bad_ms = now.mono_ms;
	if (now.mono_ms - slot->bad_ms < watch->for_s * 1000)
		return;
	if (pages_by_key(g, key, false) != NULL)
		slot->raised_ms = now.mono_ms;
	else if (slot->raised_ms == WHEN_NEVER || now.mono_ms - slot->raised_ms >= AGAIN_MS)
		raise(g, watch, slot, now);
}

static void well(struct gateway *g, const struct plan_watch *watch, struct watch_slot *slot,
		 struct when now)
{
	struct page_slot *page;
	char key[PLAN_NAME + 8];

	key_of(slot, key);
	slot->bad_ms = WHEN_NEVER;
	if (slot->well_ms == WHEN_NEVER)
		slot->well_ms = now.mono_ms;
	if (now.mono_ms - slot->well_ms < watch->for_s * 1000)
		return;
	slot->raised_ms = WHEN_NEVER;
	page = pages_by_key(g, key, false);
	if (page != NULL)
		pages_resolve(g, page, "tocsin", now);
}

/* ---- questions --------------------------------------------------------- */

bool watches_take(struct gateway *g, struct gateway_probe *probe)
{
	for (size_t i = 0; i < g->watch_count; i++) {
		const struct plan_watch *watch = &g->plan->watches[i];
		struct watch_slot *slot = &g->watches[i];

		if (!slot->wanted)
			continue;
		slot->wanted = false;
		*probe = (struct gateway_probe){ .id = slot->probe,
						 .counts = watch->above.set || watch->below.set };
		span_copy(span_of(watch->url), probe->url, sizeof probe->url);
		span_copy(span_of(watch->value), probe->value, sizeof probe->value);
		return true;
	}
	return false;
}

/* Is what came bad?  In words, into slot->seen. */
static bool judge(const struct plan_watch *watch, struct watch_slot *slot,
		  const struct gateway_probed *probed)
{
	if (probed->status == 0)
		snprintf(slot->seen, sizeof slot->seen, "no answer: %.130s", probed->why);
	else if (probed->status >= 500)
		snprintf(slot->seen, sizeof slot->seen, "answers %d", probed->status);
	else if ((watch->above.set || watch->below.set) && !probed->counted)
		snprintf(slot->seen, sizeof slot->seen, "answers %d without the value",
			 probed->status);
	else if (watch->above.set && probed->value > watch->above.at)
		snprintf(slot->seen, sizeof slot->seen, "%g, above %g", probed->value,
			 watch->above.at);
	else if (watch->below.set && probed->value < watch->below.at)
		snprintf(slot->seen, sizeof slot->seen, "%g, below %g", probed->value,
			 watch->below.at);
	else
		return false;
	return true;
}

bool watches_probed(struct gateway *g, const struct gateway_probed *probed, struct when now)
{
	for (size_t i = 0; i < g->watch_count; i++) {
		const struct plan_watch *watch = &g->plan->watches[i];
		struct watch_slot *slot = &g->watches[i];

		if (slot->probe != probed->id || slot->wanted)
			continue;
		slot->probe = 0;
		slot->heard_ms = now.mono_ms;
		slot->due = now.mono_ms + watch->every_s * 1000;
		g->watches_due = when_sooner(g->watches_due, slot->due);
		if (judge(watch, slot, probed))
			bad(g, watch, slot, now);
		else
			well(g, watch, slot, now);
		return true;
	}
	return false;
}

/* ---- beats ------------------------------------------------------------- */

static void in_words(int64_t ms, char text[24])
{
	int64_t s = ms / 1000;

	if (s < 120)
		snprintf(text, 24, "%lld s", (long long)s);
	else
		snprintf(text, 24, "%lld min", (long long)(s / 60));
}

static void overdue(struct gateway *g, const struct plan_watch *watch, struct watch_slot *slot,
		    struct when now)
{
	char age[24];

	in_words(now.mono_ms - slot->heard_ms, age);
	snprintf(slot->seen, sizeof slot->seen, "no heartbeat for %s", age);
	slot->due = now.mono_ms + 60000;
	slot->bad_ms = slot->heard_ms; /* the wait for a beat is the wait */
	if (slot->raised_ms == WHEN_NEVER || now.mono_ms - slot->raised_ms >= AGAIN_MS)
		raise(g, watch, slot, now);
}

int asked_beat(struct asked *asked)
{
	struct gateway *g = asked->g;
	const char *name = asked_get(asked, "id");
	const struct plan_watch *watch = name == NULL ? NULL : plan_watch(g->plan, span_of(name));
	struct watch_slot *slot;

	if (watch == NULL || watch->beat_s == 0 || g->watch_count == 0)
		return asked_usage(asked,
				   "no watch of that name waits for a beat: see tocsin watches");
	slot = &g->watches[watch - g->plan->watches];
	slot->heard_ms = asked->now.mono_ms;
	slot->due = asked->now.mono_ms + watch->beat_s * 1000;
	g->watches_due = when_sooner(g->watches_due, slot->due);
	slot->well_ms = asked->now.mono_ms - watch->for_s * 1000; /* one is enough */
	well(g, watch, slot, asked->now);
	return 0;
}

/* ---- all of them ------------------------------------------------------- */

static void start(const struct plan_watch *watch, struct watch_slot *slot, struct when now)
{
	slot->heard_ms = now.mono_ms;
	slot->due = now.mono_ms + wait_ms(watch);
}

void watches_tick(struct gateway *g, struct when now)
{
	if (g->watches_due > now.mono_ms)
		return;
	g->watches_due = WHEN_NEVER;
	for (size_t i = 0; i < g->watch_count; i++) {
		const struct plan_watch *watch = &g->plan->watches[i];
		struct watch_slot *slot = &g->watches[i];

		if (slot->due == 0) {
			start(watch, slot, now);
		} else if (slot->due <= now.mono_ms && watch->beat_s != 0) {
			overdue(g, watch, slot, now);
		} else if (slot->due <= now.mono_ms) {
			slot->probe = ++g->last_probe;
			slot->wanted = true;
			slot->due = WHEN_NEVER; /* until it is answered */
		}
		g->watches_due = when_sooner(g->watches_due, slot->due);
	}
}

int asked_watches(struct asked *asked)
{
	struct gateway *g = asked->g;

	jsonw_array(&asked->json, "watches");
	for (size_t i = 0; i < g->watch_count; i++) {
		const struct plan_watch *watch = &g->plan->watches[i];
		const struct watch_slot *slot = &g->watches[i];

		jsonw_object(&asked->json, NULL);
		jsonw_string(&asked->json, "name", watch->name);
		jsonw_string(&asked->json, "kind", watch->beat_s != 0 ? "beat" : "url");
		jsonw_string(&asked->json, "state",
			     slot->bad_ms != WHEN_NEVER    ? "bad"
			     : slot->well_ms != WHEN_NEVER ? "well"
							   : "unknown");
		jsonw_string(&asked->json, "seen", slot->bad_ms != WHEN_NEVER ? slot->seen : NULL);
		jsonw_int(&asked->json, "heard_s_ago",
			  (asked->now.mono_ms - slot->heard_ms) / 1000);
		jsonw_end_object(&asked->json);
	}
	jsonw_end_array(&asked->json);
	return 0;
}
