/* What a round of proofs says of each path, and how old what was proved has become. */
#include <stdio.h>
#include <string.h>

#include "core/inside.h"
#include "core/words.h"

#define GRACE_S      3600 /* behind the time of a round: then nothing proves that a path works */
#define SOON_MS      600000
#define MANY_REFUSED 2
#define MUTE_MANY    2 /* rounds in a row without a delivery report */

struct verdict {       /* of one path, over the legs of a round */
	int sent, out; /* texts by it: tried, arrived */
	int due, in;   /* texts to it: tried, arrived */
	int reports;   /* of those by it that arrived */
	int refused;   /* of those by it, and the last cause */
	int cause;
	int calls, rang;   /* by it */
	int awaited, seen; /* to it */
	bool out_bad, in_bad;
};

/* A text to itself proves little of what comes in: some networks deliver only while a modem talks to them. */
static void count_leg(const struct proof_leg *leg, struct verdict *from, struct verdict *to,
		      bool single)
{
	bool good = leg->state == PROOF_ARRIVED;

	if (leg->state != PROOF_ARRIVED && leg->state != PROOF_FAILED)
		return;
	if (leg->call) {
		from->calls++;
		from->rang += good;
		to->awaited += good || leg->accepted;
		to->seen += good;
		return;
	}
	from->sent++;
	from->out += good;
	from->reports += good && leg->reported;
	if (!good && !leg->accepted) {
		from->refused++;
		from->cause = leg->cause;
	}
	if (from == to && leg->again && !single)
		return;
	to->due++;
	to->in += good;
}

/* A text that failed twice: by the one that sends or the one that receives?  Whichever has worked with anybody is good; a report
 * says that the network has delivered it. */
static void blame(const struct proof_leg *leg, struct verdict *from, struct verdict *to)
{
	if (leg->call || !leg->again || leg->state != PROOF_FAILED || !leg->accepted)
		return;
	if (from->out > 0 || (leg->reported && to->in == 0))
		to->in_bad = to->in == 0;
	else
		from->out_bad = true;
}

void proof_deaf(struct gateway *g, struct path *path, int64_t late_ms, struct when now)
{
	struct fault_facts facts = { 0 };

	fault_fact(&facts, "count", "%d", 1);
	fault_fact(&facts, "late", "%lld min", (long long)(late_ms / 60000));
	faults_raise(g, FAULT_SMS_DEAF, path->modem.name, &facts, now);
	device_deaf(path->device, true, now);
}

static void judge_texts(struct gateway *g, struct path *path, const struct verdict *verdict,
			struct when now)
{
	struct fault_facts facts = { 0 };

	if (verdict->in > 0) {
		faults_clear(g, FAULT_SMS_DEAF, path->modem.name, now);
		device_deaf(path->device, false, now);
	} else if (verdict->in_bad) {
		fault_fact(&facts, "count", "%d", verdict->due);
		fault_fact(&facts, "late", "2 min");
		faults_raise(g, FAULT_SMS_DEAF, path->modem.name, &facts, now);
		device_deaf(path->device, true, now);
	}
}

static void judge_sending(struct gateway *g, struct path *path, const struct verdict *verdict,
			  struct when now)
{
	struct fault_facts facts = { 0 };
	char words[WORDS_ROOM];

	words_refused(verdict->cause, words);
	fault_fact(&facts, "count", "%d", verdict->sent);
	fault_fact(&facts, "cause", "%s", words[0] != '\0' ? words : "no cause given");
	if (verdict->out > 0)
		faults_clear(g, FAULT_SMS_LOST, path->modem.name, now);
	else if (verdict->refused >= MANY_REFUSED)
		faults_raise(g, FAULT_SMS_REFUSED, path->modem.name, &facts, now);
	else if (verdict->out_bad)
		faults_raise(g, FAULT_SMS_LOST, path->modem.name, &facts, now);
}

/* Once may be chance, so it is asked again soon. */
static void judge_reports(struct gateway *g, struct path *path, const struct verdict *verdict,
			  struct when now)
{
	struct fault_facts facts = { 0 };

	if (verdict->out == 0)
		return;
	path->mute_rounds = verdict->reports > 0 ? 0 : path->mute_rounds + 1;
	if (path->mute_rounds == 0) {
		faults_clear(g, FAULT_SMS_REPORTS, path->modem.name, now);
	} else if (path->mute_rounds < MUTE_MANY) {
		g->proof.due = when_sooner(g->proof.due, now.mono_ms + SOON_MS);
	} else {
		fault_fact(&facts, "count", "%d", path->mute_rounds);
		faults_raise(g, FAULT_SMS_REPORTS, path->modem.name, &facts, now);
	}
}

static void judge_calls(struct gateway *g, struct path *path, const struct verdict *verdict,
			struct when now)
{
	struct fault_facts facts = { 0 };

	fault_fact(&facts, "count", "%d", verdict->calls);
	fault_fact(&facts, "why", "not set up, as proofs between the modems show");
	if (verdict->rang > 0)
		faults_clear(g, FAULT_VOICE_DEAD, path->modem.name, now);
	else if (verdict->calls > 1 && !verdict->out_bad)
		faults_raise(g, FAULT_VOICE_DEAD, path->modem.name, &facts, now);
	facts.count = 0;
	fault_fact(&facts, "count", "%d", verdict->awaited);
	if (verdict->seen > 0)
		faults_clear(g, FAULT_VOICE_DEAF, path->modem.name, now);
	else if (verdict->awaited > 1)
		faults_raise(g, FAULT_VOICE_DEAF, path->modem.name, &facts, now);
}

void proof_judge(struct gateway *g, struct when now)
{
	struct verdict verdicts[GATEWAY_MODEMS_MAX] = { 0 };
	const struct proof *proof = &g->proof;

	for (size_t i = 0; i < proof->count; i++)
		count_leg(&proof->legs[i], &verdicts[proof->legs[i].from],
			  &verdicts[proof->legs[i].to], g->path_count == 1);
	for (size_t i = 0; i < proof->count; i++)
		blame(&proof->legs[i], &verdicts[proof->legs[i].from],
		      &verdicts[proof->legs[i].to]);
	for (size_t i = 0; i < g->path_count; i++) {
		judge_texts(g, &g->paths[i], &verdicts[i], now);
		judge_sending(g, &g->paths[i], &verdicts[i], now);
		judge_reports(g, &g->paths[i], &verdicts[i], now);
		judge_calls(g, &g->paths[i], &verdicts[i], now);
	}
	ledger_record(g, now, "proof.done", (struct about){ 0 }, NULL);
}

/* ---- ages ---- */

/* Since its last success, or since it has been there to be proved. */
static int64_t age_s(const struct gateway *g, const struct path *path, enum path_function function,
		     struct when now)
{
	int64_t last = path->health.last_utc_s[function];
	int64_t age = now.utc_s - (last > g->started_utc_s ? last : g->started_utc_s);
	int64_t up = (now.mono_ms - path->up_ms) / 1000;

	return age < up ? age : up;
}

/* One that comes back after long is proved soon. */
static void prove_soon(struct gateway *g, const struct path *path, struct when now)
{
	int64_t every_s = g->plan->proof.every_s;

	if (every_s > 0 && fleet_up(path) && now.mono_ms - path->up_ms < SOON_MS &&
	    now.utc_s - path->health.proved_utc_s >= every_s)
		g->proof.due = when_sooner(g->proof.due, path->up_ms + SOON_MS);
}

void proof_judge_ages(struct gateway *g, struct when now)
{
	static const enum path_function needed[] = { PATH_SMS_OUT, PATH_SMS_IN };
	int64_t limit_s = g->plan->proof.every_s + GRACE_S;

	for (size_t i = 0; i < g->path_count; i++) {
		const struct path *path = &g->paths[i];
		struct fault_facts facts = { 0 };

		prove_soon(g, path, now);
		for (size_t k = 0; k < COUNT_OF(needed) && facts.count == 0; k++) {
			int64_t age = age_s(g, path, needed[k], now);

			if (age < limit_s)
				continue;
			fault_fact(&facts, "what", "%s", path_function_name(needed[k]));
			fault_fact(&facts, "age", "over %lld h ago", (long long)(age / 3600));
		}
		/* one that is down has its own fault */
		if (facts.count > 0 && g->plan->proof.every_s > 0 && path->modem.sms &&
		    fleet_up(path))
			faults_raise(g, FAULT_PROOF_LATE, path->modem.name, &facts, now);
		else
			faults_clear(g, FAULT_PROOF_LATE, path->modem.name, now);
	}
}

static void view_path(const struct path *path, struct jsonw *json, struct when now)
{
	const struct health *health = &path->health;

	jsonw_object(json, NULL);
	jsonw_string(json, "name", path->modem.name);
	for (size_t i = 0; i < PATH_FUNCTIONS; i++) {
		char name[24];

		snprintf(name, sizeof name, "last_%s", path_function_name((enum path_function)i));
		jsonw_time(json, name, health->last_utc_s[i]);
		snprintf(name, sizeof name, "%s_age_s", path_function_name((enum path_function)i));
		if (health->last_utc_s[i] > 0)
			jsonw_int(json, name, now.utc_s - health->last_utc_s[i]);
		else
			jsonw_string(json, name, NULL);
	}
	jsonw_time(json, "proved", health->proved_utc_s);
	jsonw_int(json, "latency_ms", health->latency_ms);
	jsonw_int(json, "sent", health->sent);
	jsonw_int(json, "lost", health->lost);
	jsonw_end_object(json);
}

void proof_view(struct gateway *g, struct jsonw *json, struct when now)
{
	jsonw_array(json, "paths");
	for (size_t i = 0; i < g->path_count; i++)
		view_path(&g->paths[i], json, now);
	jsonw_end_array(json);
	jsonw_bool(json, "running", g->proof.running);
	if (g->proof.due == WHEN_NEVER)
		jsonw_string(json, "next_s", NULL);
	else
		jsonw_int(json, "next_s",
			  g->proof.due > now.mono_ms ? (g->proof.due - now.mono_ms) / 1000 : 0);
}
