#include "core/proof.h"

#include <stdio.h>
#include <string.h>

#include "core/inside.h"

#define FIRST_MS  600000 /* the first round after a start */
#define QUIET_MS  60000  /* nothing of a page is due for so long */
#define LOOK_MS   30000
#define LATE_MS   120000 /* a text that takes longer came too late (FIELD.md C7) */
#define REPORT_MS 60000  /* a delivery report may take longer than its text */
#define CALL_MS   60000
#define RING_MS   20000
#define SILENT_MS \
	90000 /* some networks deliver only while a modem talks to them: it must not, before a text to it */
#define HEAD "Tocsin proof "

static struct proof_leg *current(struct gateway *g)
{
	return g->proof.running && g->proof.at < g->proof.count ? &g->proof.legs[g->proof.at]
								: NULL;
}

static void add_leg(struct gateway *g, size_t from, size_t to, bool call, bool again)
{
	struct proof *proof = &g->proof;

	for (size_t i = 0; i < proof->count; i++)
		if (again && proof->legs[i].again && proof->legs[i].from == from &&
		    proof->legs[i].to == to && proof->legs[i].call == call)
			return;
	if (proof->count < PROOF_LEGS_MAX && g->paths[to].modem.number[0] != '\0')
		proof->legs[proof->count++] = (struct proof_leg){
			.from = from, .to = to, .call = call, .again = again, .state = PROOF_WAITING
		};
}

/* The next modem that is up; itself when there is none. */
static size_t partner(const struct gateway *g, size_t path)
{
	for (size_t k = 1; k < g->path_count; k++) {
		size_t next = (path + k) % g->path_count;

		if (fleet_up(&g->paths[next]) && g->paths[next].modem.number[0] != '\0')
			return next;
	}
	return path;
}

/* Each modem texts the next; a single one texts itself. */
static void begin_round(struct gateway *g, struct when now)
{
	struct proof *proof = &g->proof;
	bool calls =
		g->plan->proof.calls_s > 0 && (proof->asked || proof->calls_due <= now.mono_ms);

	proof->running = true;
	proof->asked = false;
	proof->count = 0;
	proof->at = 0;
	for (size_t i = 0; i < g->path_count; i++)
		if (g->paths[i].modem.sms)
			add_leg(g, i, partner(g, i), false, false);
	for (size_t i = 0; calls && i < g->path_count; i++)
		if (g->paths[i].modem.voice && partner(g, i) != i)
			add_leg(g, i, partner(g, i), true, false);
	if (calls)
		proof->calls_due = now.mono_ms + g->plan->proof.calls_s * 1000;
	proof->due = g->plan->proof.every_s == 0 ? WHEN_NEVER
						 : now.mono_ms + g->plan->proof.every_s * 1000;
}

/* ---- never in the way of a page ---- */

static bool is_quiet(struct gateway *g, struct when now)
{
	struct contact_slot *slot;
	struct contact_wish wish;

	if (texts_choose(g, &slot, &wish, NULL, now) || calls_choose(g, &slot, &wish, NULL, now))
		return false;
	for (size_t i = 0; i < g->attempt_count; i++) {
		enum attempt_state state = g->attempts[i].attempt->state;

		if (state == ATTEMPT_QUEUED ||
		    (state == ATTEMPT_IN_FLIGHT && g->attempts[i].attempt->kind != ATTEMPT_PROOF))
			return false;
	}
	return when_sooner(g->pages_due, g->contacts_due) > now.mono_ms + QUIET_MS;
}

bool proof_wanted(struct gateway *g, const struct attempt *attempt, struct when now)
{
	struct proof_leg *leg = current(g);

	return leg != NULL && leg->attempt == attempt->id && is_quiet(g, now);
}

/* ---- a leg ---- */

static void next_leg(struct gateway *g, struct proof_leg *leg, enum proof_state state)
{
	leg->state = state;
	g->proof.at++;
	g->proof.look_due = 0; /* at once */
}

static void send_text(struct gateway *g, struct proof_leg *leg, struct attempt_slot *slot)
{
	struct path *path = &g->paths[leg->from];
	char text[80];

	snprintf(leg->nonce, sizeof leg->nonce, "%09lld",
		 (long long)(gateway_random(g) % 1000000000));
	snprintf(text, sizeof text, HEAD "%s from %s", leg->nonce, path->modem.name);
	slot->attempt->text = span_dup(span_of(text));
	path->sending = slot->attempt->id;
	path->health.sent++;
	path->health_dirty = true;
	ledger_hold(g, (struct held){ .kind = HELD_TEXT,
				      .attempt = slot->attempt->id,
				      .path = leg->from });
}

static void place_call(struct gateway *g, struct proof_leg *leg, struct attempt_slot *slot)
{
	struct path *path = &g->paths[leg->from];

	path->call = (struct live_call){ .attempt = slot->attempt->id,
					 .rank = (int)g->plan->severity_count,
					 .due = WHEN_NEVER,
					 .known = WHEN_NEVER,
					 .likely = WHEN_NEVER };
	ledger_hold(g, (struct held){ .kind = HELD_CALL,
				      .attempt = slot->attempt->id,
				      .path = leg->from });
}

static bool talked(const struct gateway *g, const struct proof_leg *leg, struct when now)
{
	int64_t loud_ms = device_status(g->paths[leg->to].device)->loud_ms;

	return leg->from != leg->to && loud_ms > 0 && now.mono_ms - loud_ms < SILENT_MS;
}

static void begin_leg(struct gateway *g, struct proof_leg *leg, struct when now)
{
	const struct path *from = &g->paths[leg->from];
	struct attempt_slot *slot;

	if (!fleet_up(from) || !fleet_up(&g->paths[leg->to]) ||
	    (leg->call ? fleet_calls_spent(g, from, now) || !device_status(from->device)->voice
		       : fleet_texts_spent(g, from, now))) {
		next_leg(g, leg, PROOF_SKIPPED);
		return;
	}
	if (!is_quiet(g, now) || !fleet_idle(from) ||
	    (leg->call ? !fleet_idle(&g->paths[leg->to]) : talked(g, leg, now)))
		return; /* looked at again */
	slot = attempts_new(g, ATTEMPT_PROOF, now);
	if (slot == NULL)
		return;
	slot->attempt->state = ATTEMPT_IN_FLIGHT;
	slot->attempt->tries = 1;
	slot->attempt->due = WHEN_NEVER;
	slot->attempt->began_utc_s = now.utc_s;
	slot->attempt->rank = PLAN_SEVERITIES_MAX;
	span_copy(span_of(from->modem.name), slot->attempt->modem, ROW_MODEM);
	span_copy(span_of(g->paths[leg->to].modem.number), slot->attempt->number, PLAN_E164);
	leg->attempt = slot->attempt->id;
	leg->began_ms = now.mono_ms;
	leg->state = PROOF_SENT;
	if (leg->call)
		place_call(g, leg, slot);
	else
		send_text(g, leg, slot);
}

static void gone_late(struct gateway *g, const struct proof_leg *leg)
{
	struct proof *proof = &g->proof;
	size_t at = proof->late_at++ % PROOF_LATE_MAX;

	span_copy(span_of(leg->nonce), proof->late[at].nonce, PROOF_NONCE);
	proof->late[at].to = leg->to;
	proof->late[at].began_ms = leg->began_ms;
}

static void give_up(struct gateway *g, struct proof_leg *leg, struct when now)
{
	struct path *from = &g->paths[leg->from];
	char words[80];

	snprintf(words, sizeof words, "%s to %s by %s: %s", leg->call ? "a call" : "a text",
		 g->paths[leg->to].modem.name, from->modem.name,
		 leg->accepted ? "did not arrive" : "was not taken");
	ledger_record(g, now, "proof.failed", (struct about){ .modem = from->modem.name }, words);
	if (!leg->call) {
		from->health.lost++;
		from->health_dirty = true;
		gone_late(g, leg);
	}
	next_leg(g, leg, PROOF_FAILED);
}

static void look_at(struct gateway *g, struct proof_leg *leg, struct when now)
{
	int64_t limit = leg->call ? CALL_MS : LATE_MS;

	if (leg->state == PROOF_WAITING)
		begin_leg(g, leg, now);
	else if (leg->arrived_ms > 0 &&
		 (leg->reported || now.mono_ms - leg->arrived_ms >= REPORT_MS))
		next_leg(g, leg, PROOF_ARRIVED);
	else if (leg->arrived_ms == 0 && now.mono_ms - leg->began_ms >= limit)
		give_up(g, leg, now);
	else
		g->proof.look_due =
			leg->arrived_ms > 0 ? leg->arrived_ms + REPORT_MS : leg->began_ms + limit;
}

/* The second part of a round: whose fault was it? */
static bool ask_again(struct gateway *g)
{
	size_t count = g->proof.count;

	for (size_t i = 0; i < count; i++) {
		struct proof_leg leg = g->proof.legs[i];

		if (leg.again)
			return false;
		if (leg.state != PROOF_FAILED)
			continue;
		add_leg(g, leg.from, leg.to, leg.call, true);
		if (!leg.call && g->path_count > 1) {
			add_leg(g, leg.from, leg.from, false, true);
			add_leg(g, leg.to, leg.to, false, true);
		}
	}
	return g->proof.count > count;
}

void proof_tick(struct gateway *g, struct when now)
{
	struct proof *proof = &g->proof;
	struct proof_leg *leg;

	if (!proof->running && proof->due <= now.mono_ms)
		begin_round(g, now);
	if (proof->look_due > now.mono_ms)
		return;
	proof->look_due = now.mono_ms + LOOK_MS;
	while ((leg = current(g)) != NULL) {
		size_t at = proof->at;

		look_at(g, leg, now);
		if (proof->at == at)
			break;
		proof->look_due = now.mono_ms + LOOK_MS;
	}
	if (proof->running && leg == NULL && !ask_again(g)) {
		proof_judge(g, now);
		proof->running = false;
	}
	proof_judge_ages(g, now);
}

int64_t proof_deadline(const struct gateway *g)
{
	return g->proof.running ? g->proof.look_due : when_sooner(g->proof.due, g->proof.look_due);
}

void proof_now(struct gateway *g, struct when now)
{
	g->proof.asked = true;
	g->proof.due = now.mono_ms;
	g->proof.look_due = now.mono_ms;
}

void proof_start(struct gateway *g, struct when now)
{
	int64_t every_s = g->plan->proof.every_s;
	int64_t oldest_s = now.utc_s;

	for (size_t i = 0; i < g->path_count; i++)
		if (g->paths[i].health.proved_utc_s < oldest_s)
			oldest_s = g->paths[i].health.proved_utc_s;
	g->proof.look_due = now.mono_ms + LOOK_MS;
	g->proof.calls_due = now.mono_ms;
	g->proof.due = now.mono_ms + FIRST_MS;
	if (every_s == 0)
		g->proof.due = WHEN_NEVER;
	else if (oldest_s + every_s - now.utc_s > FIRST_MS / 1000)
		g->proof.due = now.mono_ms + (oldest_s + every_s - now.utc_s) * 1000;
}

/* ---- what came of it ---- */

void proof_ended(struct gateway *g, const struct attempt *attempt, struct when now)
{
	struct proof_leg *leg = current(g);

	if (leg == NULL || leg->attempt != attempt->id || leg->state != PROOF_SENT)
		return;
	g->proof.look_due = now.mono_ms;
	if (attempt->state == ATTEMPT_DROPPED) {
		leg->state = PROOF_WAITING; /* a page came: later */
		g->paths[leg->from].health.sent -= !leg->call;
		g->proof.look_due = now.mono_ms + LOOK_MS;
	} else if (attempt->state == ATTEMPT_REFUSED) {
		leg->cause = attempt->cause;
		give_up(g, leg, now);
	} else {
		leg->accepted = true;
	}
}

void proof_reported(struct gateway *g, const struct attempt *attempt, struct when now)
{
	struct proof_leg *leg = current(g);

	if (leg == NULL || leg->attempt != attempt->id)
		return;
	leg->reported = true;
	g->proof.look_due = now.mono_ms;
}

/* One that was given up comes after all: it was not lost, but too late. */
static bool arrived_late(struct gateway *g, struct span nonce, struct when now)
{
	for (size_t i = 0; i < PROOF_LATE_MAX; i++) {
		if (g->proof.late[i].nonce[0] == '\0' || !span_is(nonce, g->proof.late[i].nonce))
			continue;
		g->proof.late[i].nonce[0] = '\0';
		proof_deaf(g, &g->paths[g->proof.late[i].to],
			   now.mono_ms - g->proof.late[i].began_ms, now);
		return true;
	}
	return false;
}

bool proof_arrived(struct gateway *g, struct path *path, struct span text, struct when now)
{
	struct proof_leg *leg = current(g);
	struct span nonce;

	if (!span_starts(text, HEAD))
		return false;
	text = span_skip(text, sizeof HEAD - 1);
	nonce = span_word(&text);
	if (leg != NULL && !leg->call && leg->state == PROOF_SENT && span_is(nonce, leg->nonce)) {
		struct path *from = &g->paths[leg->from];

		if (leg->from != leg->to || !leg->again)
			path_worked(path, PATH_SMS_IN, now);
		leg->arrived_ms = now.mono_ms;
		from->health.latency_ms = now.mono_ms - leg->began_ms;
		from->health.proved_utc_s = now.utc_s;
		from->health_dirty = true;
		g->proof.look_due = now.mono_ms;
		return true;
	}
	return arrived_late(g, nonce, now);
}

/* ---- calls ---- */

void proof_call_begins(struct gateway *g, struct path *path, struct attempt_slot *slot,
		       struct when now)
{
	const struct device_call call = { .attempt = slot->attempt->id,
					  .to = slot->attempt->number,
					  .ring_ms = RING_MS,
					  .talk_ms = RING_MS };
	struct err err = { 0 };

	slot->dirty = true;
	if (proof_wanted(g, slot->attempt, now) && !path->call.closing) {
		if (device_call(path->device, &call, now, &err) == 0) {
			path->spent_dirty = true;
			return;
		}
		slot->attempt->state = ATTEMPT_REFUSED;
	} else {
		slot->attempt->state = ATTEMPT_DROPPED;
	}
	slot->attempt->ended_utc_s = now.utc_s;
	path->call = (struct live_call){ .due = WHEN_NEVER };
	proof_ended(g, slot->attempt, now);
}

/* It rang at the far end, whatever either side says of it afterwards. */
static void call_over(struct gateway *g, struct path *path, struct attempt_slot *slot,
		      const struct device_event *event, struct when now)
{
	struct proof_leg *leg = current(g);
	bool yielded = path->call.why[0] != '\0';

	path->spent_dirty = true;
	path->call = (struct live_call){ .due = WHEN_NEVER };
	slot->dirty = true;
	slot->attempt->end = event->end;
	slot->attempt->cause = event->cause;
	slot->attempt->ended_utc_s = now.utc_s;
	if (leg == NULL || leg->attempt != slot->attempt->id)
		return;
	slot->attempt->state = leg->rang ? ATTEMPT_ACCEPTED
			       : yielded ? ATTEMPT_DROPPED
					 : ATTEMPT_REFUSED;
	leg->accepted = leg->accepted || event->end != DEVICE_CALL_REFUSED;
	if (leg->rang) {
		path_worked(path, PATH_CALL_OUT, now);
		leg->arrived_ms = now.mono_ms;
		next_leg(g, leg, PROOF_ARRIVED);
		return;
	}
	proof_ended(g, slot->attempt, now);
}

bool proof_call_event(struct gateway *g, struct path *path, const struct device_event *event,
		      struct when now)
{
	struct attempt_slot *slot = attempts_find(g, event->attempt);
	struct proof_leg *leg = current(g);

	if (slot == NULL || slot->attempt->kind != ATTEMPT_PROOF)
		return false;
	if (event->kind == DEVICE_EVENT_CALL_ENDED)
		call_over(g, path, slot, event, now);
	else if (event->kind == DEVICE_EVENT_ALERTING && leg != NULL)
		leg->accepted = true;
	else if (event->kind == DEVICE_EVENT_ANSWERED)
		device_hang_up(path->device, now);
	return true;
}

bool proof_rings(struct gateway *g, struct path *path, struct span number, struct when now)
{
	struct proof_leg *leg = current(g);
	char folded[PLAN_E164];

	if (leg == NULL || !leg->call || leg->state != PROOF_SENT || &g->paths[leg->to] != path)
		return false;
	if (number.len > 0 && (!plan_fold_number(g->plan->country, number, folded) ||
			       strcmp(folded, g->paths[leg->from].modem.number) != 0))
		return false;
	leg->rang = true;
	path_worked(path, PATH_CALL_IN, now);
	device_reject(path->device, now);
	device_hang_up(g->paths[leg->from].device, now);
	return true;
}
