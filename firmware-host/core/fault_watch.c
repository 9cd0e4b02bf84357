/* Faults that are seen by looking: what the modems say of themselves, what was spent, what all paths have in common. */
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"
#include "core/words.h"

#define SETTLE_MS    120000
#define MANY         3 /* refusals in a row: more than chance */
#define KEYLESS_MANY 5 /* answered calls in a row without a key, of several people */
#define KEYLESS_S    8 /* an answered call that was long enough for one */

/* ---- a path as such ---- */

static enum fault_id no_network(const struct device_status *status)
{
	return status->network == DEVICE_NETWORK_DENIED ? FAULT_PATH_DENIED : FAULT_PATH_SEARCHING;
}

/* A modem without a network is set up anew now and then: that is no other fault. */
static enum fault_id starting(const struct device_status *status)
{
	return status->network >= DEVICE_NETWORK_SEARCHING ? no_network(status)
							   : FAULT_PATH_STARTING;
}

static enum fault_id sick(const struct device_status *status)
{
	if (status->stranger)
		return FAULT_PATH_STRANGER;
	if (status->sim == DEVICE_SIM_LOCKED)
		return FAULT_SIM_LOCKED;
	return status->sim == DEVICE_SIM_ABSENT ? FAULT_SIM_ABSENT : FAULT_PATH_SILENT;
}

static enum fault_id down(const struct path *path)
{
	const struct device_status *status = device_status(path->device);

	if (!path->open)
		return FAULT_PATH_ABSENT;
	switch (status->state) {
	case DEVICE_READY:
		return FAULT_NONE;
	case DEVICE_REGISTERING:
		return no_network(status);
	case DEVICE_SICK:
		return sick(status);
	case DEVICE_WAKING:
	case DEVICE_IDENTIFYING:
	case DEVICE_INITIALISING:
		return starting(status);
	case DEVICE_NONE:
	case DEVICE_CLOSED:
	case DEVICE_STATES:
		break;
	}
	return FAULT_PATH_STARTING;
}

static void raise_down(struct gateway *g, const struct path *path, enum fault_id id,
		       struct when now)
{
	const struct device_status *status = device_status(path->device);
	struct fault_facts facts = { 0 };

	fault_fact(&facts, "why", "%s",
		   mend_why(path)[0] != '\0' ? mend_why(path) : "no word from it");
	fault_fact(&facts, "network", "%s",
		   status->last_plmn[0] != '\0' ? status->last_plmn : "none");
	if (status->signal_dbm == 0)
		fault_fact(&facts, "signal", "unknown");
	else
		fault_fact(&facts, "signal", "%d dBm", status->signal_dbm);
	faults_raise_since(g, id, path->modem.name, &facts, path->down_ms, now);
}

/* The gateway has just started, and so has the modem. */
static bool settling(const struct path *path, struct when now)
{
	return path->down_ms != WHEN_NEVER && !path->was_up &&
	       now.mono_ms - path->down_ms < SETTLE_MS;
}

/* One of them at a time; from one to the next the time that it is down counts on. */
static void watch_path(struct gateway *g, struct path *path, struct when now)
{
	static const enum fault_id ids[] = { FAULT_PATH_ABSENT,   FAULT_PATH_SILENT,
					     FAULT_PATH_STARTING, FAULT_PATH_SEARCHING,
					     FAULT_PATH_DENIED,   FAULT_SIM_LOCKED,
					     FAULT_SIM_ABSENT,    FAULT_PATH_STRANGER };
	enum fault_id id = down(path);

	if (id == FAULT_NONE) {
		if (path->down_ms != WHEN_NEVER)
			path->up_ms = now.mono_ms;
		path->down_ms = WHEN_NEVER;
		path->was_up = true;
	} else if (path->down_ms == WHEN_NEVER) {
		path->down_ms = now.mono_ms;
	}
	if (settling(path, now)) {
		g->faults_due = when_sooner(g->faults_due, path->down_ms + SETTLE_MS);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(ids); i++)
		if (ids[i] != id)
			faults_clear(g, ids[i], path->modem.name, now);
	if (id != FAULT_NONE)
		raise_down(g, path, id, now);
}

/* The fullest of its message stores; and one message that does not go. */
static void watch_storage(struct gateway *g, const struct path *path, struct when now)
{
	const struct device_status *status = device_status(path->device);
	const struct device_store *fullest = NULL;
	const struct device_store *stuck = NULL;
	struct fault_facts half = { 0 };
	struct fault_facts stays = { 0 };

	for (size_t i = 0; i < status->store_count; i++) {
		const struct device_store *store = &status->stores[i];

		if (store->total > 0 && store->used * 2 >= store->total &&
		    (fullest == NULL ||
		     store->used * fullest->total > fullest->used * store->total))
			fullest = store;
		if (store->stuck >= 0)
			stuck = store;
	}
	if (fullest == NULL) {
		faults_clear(g, FAULT_STORAGE_HALF, path->modem.name, now);
	} else {
		fault_fact(&half, "used", "%d", fullest->used);
		fault_fact(&half, "total", "%d", fullest->total);
		faults_raise(g, FAULT_STORAGE_HALF, path->modem.name, &half, now);
	}
	if (stuck == NULL) {
		faults_clear(g, FAULT_STORAGE_STUCK, path->modem.name, now);
	} else {
		fault_fact(&stays, "memory", "%s", stuck->memory);
		fault_fact(&stays, "index", "%d", stuck->stuck);
		fault_fact(&stays, "count", "%d", stuck->came_back);
		faults_raise(g, FAULT_STORAGE_STUCK, path->modem.name, &stays, now);
	}
}

/* ---- budgets (DESIGN.md 5) ---- */

static void set_budget(struct gateway *g, const struct path *path, enum fault_id id, bool stands,
		       struct when now)
{
	struct guard_counts counts = guard_counts(path->guard);
	int64_t hard = g->budget.sms * GATEWAY_HARD_STOP;
	struct fault_facts facts = { 0 };

	if (!stands) {
		faults_clear(g, id, path->modem.name, now);
		return;
	}
	fault_fact(&facts, "texts", "%lld", (long long)counts.sms);
	fault_fact(&facts, "calls", "%lld", (long long)counts.calls);
	fault_fact(&facts, "hard", "%lld", (long long)hard);
	faults_raise(g, id, path->modem.name, &facts, now);
}

static void watch_budget(struct gateway *g, const struct path *path, struct when now)
{
	struct guard_counts counts = guard_counts(path->guard);
	bool today = counts.day == now.utc_s / 86400;
	bool half = today && ((g->budget.sms > 0 && counts.sms * 2 >= g->budget.sms) ||
			      (g->budget.calls > 0 && counts.calls * 2 >= g->budget.calls));
	bool spent = today && (fleet_texts_spent(g, path, now) || fleet_calls_spent(g, path, now));

	set_budget(g, path, FAULT_BUDGET_HALF, half && !spent, now);
	set_budget(g, path, FAULT_BUDGET_SPENT, spent, now);
}

/* ---- how texts and calls end ---- */

/* One number that is always refused says nothing of the path. */
void faults_text_ended(struct gateway *g, const struct path *path, const struct device_event *event,
		       struct when now)
{
	const struct path_tries *tries = &path->tries[false];
	struct fault_facts facts = { 0 };
	char words[WORDS_ROOM];

	if (event->outcome == DEVICE_ACCEPTED)
		faults_clear(g, FAULT_SMS_REFUSED, path->modem.name, now);
	if (event->outcome == DEVICE_UNKNOWN || tries->failures < MANY || !tries->several)
		return;
	words_refused(event->cause, words);
	fault_fact(&facts, "count", "%d", tries->failures);
	fault_fact(&facts, "cause", "%s", words[0] != '\0' ? words : "no cause given");
	faults_raise(g, FAULT_SMS_REFUSED, path->modem.name, &facts, now);
}

/* A mailbox presses no keys, but not those of several people five times in a row. */
static void watch_keys(struct gateway *g, struct path *path, struct when now)
{
	struct fault_facts facts = { 0 };

	if (path->keyless++ == 0)
		span_copy(span_of(path->call.person), path->keyless_person, PLAN_NAME);
	path->keyless_several =
		path->keyless_several || strcmp(path->call.person, path->keyless_person) != 0;
	if (path->keyless < KEYLESS_MANY || !path->keyless_several)
		return;
	fault_fact(&facts, "count", "%d", path->keyless);
	faults_raise(g, FAULT_VOICE_KEYS, path->modem.name, &facts, now);
}

void faults_call_ended(struct gateway *g, struct path *path, const struct device_event *event,
		       const char *why, struct when now)
{
	struct fault_facts facts = { 0 };

	if (event->end == DEVICE_CALL_REFUSED && path->tries[true].failures >= MANY) {
		fault_fact(&facts, "count", "%d", path->tries[true].failures);
		fault_fact(&facts, "why", "%s", why);
		faults_raise(g, FAULT_VOICE_DEAD, path->modem.name, &facts, now);
	} else if (path->tries[true].failures == 0) {
		faults_clear(g, FAULT_VOICE_DEAD, path->modem.name, now);
	}
	if (path->call.attempt == event->attempt && path->call.answered && !path->call.keyed &&
	    event->talked_s >= KEYLESS_S)
		watch_keys(g, path, now);
}

void faults_key_heard(struct gateway *g, struct path *path, struct when now)
{
	path->keyless = 0;
	path->keyless_several = false;
	faults_clear(g, FAULT_VOICE_KEYS, path->modem.name, now);
}

/* ---- all together ---- */

/* Two paths on one network are one path on the day of its outage: what counts is where they are registered (FIELD.md K1). */
static void watch_networks(struct gateway *g, struct when now)
{
	struct fault_facts facts = { 0 };
	struct buf names = { 0 };
	const char *network = NULL;
	size_t up = 0;
	bool same = true;

	for (size_t i = 0; i < g->path_count; i++) {
		const char *plmn = device_status(g->paths[i].device)->plmn;

		if (!fleet_up(&g->paths[i]) || plmn[0] == '\0')
			continue;
		same = same && (network == NULL || strcmp(network, plmn) == 0);
		network = plmn;
		buf_addf(&names, "%s%s", up++ > 0 ? ", " : "", g->paths[i].modem.name);
	}
	if (up > 1 && same) {
		fault_fact(&facts, "network", "%s", network);
		fault_fact(&facts, "modems", "%s", buf_text(&names));
		faults_raise(g, FAULT_NETWORK_SAME, "", &facts, now);
	} else if (!same) {
		faults_clear(g, FAULT_NETWORK_SAME, "", now);
	}
	buf_free(&names);
}

/* The carrier that all modems have; NULL: they have several, or it is not said. */
static const char *only_carrier(const struct gateway *g)
{
	for (size_t i = 1; i < g->path_count; i++)
		if (strcmp(g->paths[i].modem.carrier, g->paths[0].modem.carrier) != 0)
			return NULL;
	return g->path_count > 0 && g->paths[0].modem.carrier[0] != '\0' ? g->paths[0].modem.carrier
									 : NULL;
}

static bool only_has(const struct plan_person *person, const char *carrier)
{
	for (size_t i = 0; i < person->number_count; i++)
		if (strcmp(person->numbers[i].carrier, carrier) != 0)
			return false;
	return person->number_count > 0;
}

/* FIELD.md G3.  When the configuration is loaded: it can only change with that. */
void faults_check_plan(struct gateway *g, struct when now)
{
	const char *carrier = only_carrier(g);
	struct fault_facts facts = { 0 };

	for (size_t i = 0; carrier != NULL && i < g->plan->person_count; i++) {
		if (!only_has(&g->plan->people[i], carrier))
			continue;
		fault_fact(&facts, "person", "%s", g->plan->people[i].name);
		fault_fact(&facts, "carrier", "%s", carrier);
		faults_raise(g, FAULT_CARRIER_SAME, "", &facts, now);
		return;
	}
	faults_clear(g, FAULT_CARRIER_SAME, "", now);
}

static void watch_paths(struct gateway *g, struct when now)
{
	struct fault_facts facts = { 0 };
	bool unsure = false;
	int64_t since_ms = 0;

	for (size_t i = 0; i < g->path_count; i++) {
		const struct path *path = &g->paths[i];

		if (!path->modem.sms)
			continue;
		if (fleet_up(path)) {
			faults_clear(g, FAULT_PATHS_NONE, "", now);
			return;
		}
		unsure = unsure || settling(path, now);
		if (path->down_ms != WHEN_NEVER && path->down_ms > since_ms)
			since_ms = path->down_ms;
	}
	if (unsure)
		return;
	fault_fact(&facts, "count", "%zu", g->path_count);
	faults_raise_since(g, FAULT_PATHS_NONE, "", &facts, since_ms, now);
}

static void raise_clock(struct gateway *g, struct when now)
{
	struct fault_facts facts = { 0 };
	int64_t off_s = g->clock_off_s;

	if (off_s == 0)
		fault_fact(&facts, "why",
			   "it stands before the last stored instant, or at the firmware's date");
	else
		fault_fact(&facts, "why", "the networks say that it is %lld min %s",
			   (long long)((off_s < 0 ? -off_s : off_s) / 60),
			   off_s > 0 ? "behind" : "ahead");
	faults_raise(g, FAULT_CLOCK_UNTRUSTED, "", &facts, now);
}

static void watch_house(struct gateway *g, struct when now)
{
	const struct fault_facts none = { 0 };

	if (g->store_failing)
		faults_raise(g, FAULT_STORE_FAILING, "", &none, now);
	else
		faults_clear(g, FAULT_STORE_FAILING, "", now);
	if (g->clock_untrusted)
		raise_clock(g, now);
	else
		faults_clear(g, FAULT_CLOCK_UNTRUSTED, "", now);
}

void faults_watch(struct gateway *g, struct when now)
{
	g->faults_due = WHEN_NEVER; /* faults_tick() goes on with it */
	for (size_t i = 0; i < g->path_count; i++) {
		watch_path(g, &g->paths[i], now);
		watch_storage(g, &g->paths[i], now);
		watch_budget(g, &g->paths[i], now);
	}
	watch_paths(g, now);
	watch_networks(g, now);
	watch_house(g, now);
}
