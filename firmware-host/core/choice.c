/* Which path a text or a call goes by (DESIGN.md 5): role, health, network, what went well with this recipient, budget. */
#include <string.h>

#include "core/inside.h"

#define REST_MS     60000 /* a path that failed gives way to others for this long, times its failures */
#define REST_MAX_MS 600000
#define AGAIN_MS    60000 /* to one number by one path, after a send of which nothing is known */
#define AGAIN_SAID_MS \
	5000          /* ... after one that the modem itself called unknown (+CMS ERROR: 500) */
#define UNKNOWN_MAX 2 /* sends by one path of which nothing is known: one may be a duplicate */

/* A text or call that looks for its path. */
struct aim {
	const char *number;
	const char *avoid;   /* the path of the try before; "" none */
	const char *carrier; /* of the number; "" unknown */
	int64_t notice;      /* 0 none */
	bool again;          /* a text that was tried before */
	bool call;
	bool must; /* whatever was spent */
};

bool fleet_idle(const struct path *path)
{
	return fleet_up(path) && path->sending == 0 && path->call.attempt == 0;
}

/* ---- budgets (DESIGN.md 5) ---- */

bool fleet_texts_spent(const struct gateway *g, const struct path *path, struct when now)
{
	struct guard_counts counts = guard_counts(path->guard);

	return counts.day == now.utc_s / 86400 && g->budget.sms > 0 && counts.sms >= g->budget.sms;
}

bool fleet_calls_spent(const struct gateway *g, const struct path *path, struct when now)
{
	struct guard_counts counts = guard_counts(path->guard);

	if (counts.day != now.utc_s / 86400)
		return false;
	return (g->budget.calls > 0 && counts.calls >= g->budget.calls) ||
	       (g->budget.call_minutes > 0 && counts.call_seconds >= g->budget.call_minutes * 60);
}

/* The first text and the first call of a step for a real page go out whatever was spent. */
static bool essential(struct gateway *g, const struct contact_slot *who,
		      const struct contact_wish *wish, bool call)
{
	const struct notice *notice = contacts_notice(&who->contact, wish->notice);

	if (notice == NULL || (call ? notice->rings : notice->sms_tries) > 0)
		return false;
	for (size_t i = 0; i < notice->page_count; i++) {
		struct page_slot *slot = pages_find(g, notice->pages[i]);

		if (slot != NULL && !slot->page->drill && slot->page->tracks[0].round == 0)
			return true;
	}
	return false;
}

/* ---- what speaks against a path: the least wins, the configured order decides a draw ---- */

static int64_t of_health(struct gateway *g, const struct path *path, bool call)
{
	const char *name = path->modem.name;

	if (call)
		return faults_stands(g, FAULT_VOICE_DEAD, name) * 300 +
		       faults_stands(g, FAULT_VOICE_KEYS, name) * 100;
	return (faults_stands(g, FAULT_SMS_REFUSED, name) ||
		faults_stands(g, FAULT_SMS_LOST, name)) *
		       300 +
	       faults_stands(g, FAULT_SMS_DEAF, name) * 100;
}

/* A second try had better share nothing with the first: another network, another carrier than the recipient's. */
static int64_t of_kinship(const struct gateway *g, const struct path *path, const struct aim *aim)
{
	int before = aim->avoid[0] == '\0' ? -1 : fleet_find(g, aim->avoid);
	const char *network = device_status(path->device)->plmn;

	if (before < 0)
		return 0;
	if (&g->paths[before] == path)
		return 1000;
	return (strcmp(device_status(g->paths[before].device)->plmn, network) == 0) * 5 +
	       (aim->carrier[0] != '\0' && strcmp(aim->carrier, path->modem.carrier) == 0) * 4;
}

static int64_t burden(struct gateway *g, const struct path *path, const struct aim *aim,
		      struct when now)
{
	const struct path_tries *tries = &path->tries[aim->call];

	return tries->failures + (tries->rest_due > now.mono_ms) * 100 +
	       of_health(g, path, aim->call) + of_kinship(g, path, aim) +
	       routes_burden(g, path, aim->number, aim->call, now);
}

/* A text whose end is not known goes by another path at once; by the same only once more, and later. */
static bool too_soon(struct gateway *g, const struct path *path, const struct aim *aim,
		     struct when now)
{
	int unknown = 0;
	int64_t due = 0;

	for (size_t i = 0; i < g->attempt_count; i++) {
		const struct attempt *attempt = g->attempts[i].attempt;

		if (attempt->notice != aim->notice || attempt->state != ATTEMPT_UNKNOWN ||
		    attempt->kind != ATTEMPT_TEXT ||
		    strcmp(attempt->modem, path->modem.name) != 0 ||
		    strcmp(attempt->number, aim->number) != 0)
			continue;
		unknown++;
		due = g->attempts[i].ended_ms;
		if (path->up_ms <= due) /* no start of the modem since: its answer may be late */
			due += attempt->cause >= 0 ? AGAIN_SAID_MS : AGAIN_MS;
	}
	if (unknown >= UNKNOWN_MAX)
		return true;
	if (due > now.mono_ms)
		g->again_due = when_sooner(g->again_due, due);
	return due > now.mono_ms;
}

static bool usable(struct gateway *g, const struct path *path, const struct aim *aim,
		   struct when now)
{
	if (!fleet_idle(path) || !(aim->call ? path->modem.voice : path->modem.sms))
		return false;
	if (aim->call)
		return device_status(path->device)->voice &&
		       (aim->must || !fleet_calls_spent(g, path, now));
	return (aim->must || !fleet_texts_spent(g, path, now)) &&
	       !(aim->again && too_soon(g, path, aim, now));
}

static struct path *choose(struct gateway *g, const struct aim *aim, struct when now)
{
	struct path *best = NULL;
	int64_t least = 0;

	for (size_t i = 0; i < g->path_count; i++) {
		struct path *path = &g->paths[i];
		int64_t weight;

		if (!usable(g, path, aim, now))
			continue;
		weight = burden(g, path, aim, now);
		if (best == NULL || weight < least) {
			best = path;
			least = weight;
		}
	}
	return best;
}

struct path *fleet_for_text(struct gateway *g, const struct contact_slot *who,
			    const struct contact_wish *wish, struct when now)
{
	const struct notice *notice = contacts_notice(&who->contact, wish->notice);
	const struct aim aim = { .number = wish->number->e164,
				 .avoid = wish->avoid_path,
				 .carrier = wish->number->carrier,
				 .notice = wish->notice,
				 .again = notice != NULL && notice->sms_tries > 0,
				 .must = essential(g, who, wish, false) };

	return choose(g, &aim, now);
}

struct path *fleet_for_note(struct gateway *g, const struct attempt *attempt, struct when now)
{
	const struct aim aim = { .number = attempt->number,
				 .avoid = attempt->modem,
				 .carrier = "" };

	return choose(g, &aim, now);
}

/* Opened a moment ago, behind a start of the gateway or of the modem, and about to be ready. */
static bool coming_up(const struct path *path, struct when now)
{
	return path->open && path->start_due > now.mono_ms &&
	       device_status(path->device)->state != DEVICE_SICK;
}

/* The second call of a pair waits for the first one's path, unless that is down. */
struct path *fleet_for_call(struct gateway *g, const struct contact_slot *who,
			    const struct contact_wish *wish, struct when now)
{
	int same = wish->same_path[0] == '\0' ? -1 : fleet_find(g, wish->same_path);
	const struct aim aim = { .number = wish->number->e164,
				 .avoid = wish->avoid_path,
				 .carrier = wish->number->carrier,
				 .call = true,
				 .must = essential(g, who, wish, true) };

	if (same >= 0 && !fleet_up(&g->paths[same]) && coming_up(&g->paths[same], now))
		return NULL;
	if (same >= 0 && fleet_up(&g->paths[same]))
		return fleet_idle(&g->paths[same]) &&
				       (aim.must || !fleet_calls_spent(g, &g->paths[same], now))
			       ? &g->paths[same]
			       : NULL;
	return choose(g, &aim, now);
}

void fleet_result(struct path *path, bool call, bool good, const char *number, struct when now)
{
	struct path_tries *tries = &path->tries[call];
	int64_t rest;

	if (good) {
		*tries = (struct path_tries){ 0 };
		return;
	}
	if (tries->failures == 0)
		span_copy(span_of(number), tries->number, sizeof tries->number);
	tries->several = tries->several || (number != NULL && strcmp(number, tries->number) != 0);
	rest = ++tries->failures * (int64_t)REST_MS;
	tries->rest_due = now.mono_ms + (rest < REST_MAX_MS ? rest : REST_MAX_MS);
}
