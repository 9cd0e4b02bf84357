/* The gateway's inputs and outputs, and the pump that runs between them. */
#include "core/gateway.h"

#include <stdlib.h>
#include <string.h>

#include "core/inside.h"

#define START_MS 15000

static int new_path(struct gateway *g, const struct gateway_modem *modem, struct err *err)
{
	struct path *path = &g->paths[g->path_count];
	struct guard_limits limits = { .sms = g->budget.sms * GATEWAY_HARD_STOP,
				       .calls = g->budget.calls * GATEWAY_HARD_STOP,
				       .call_seconds =
					       g->budget.call_minutes * 60 * GATEWAY_HARD_STOP };
	struct device_config config = { .name = path->modem.name,
					.pin = path->modem.pin,
					.imei = path->modem.imei,
					.iccid = path->modem.iccid };

	*path = (struct path){ .modem = *modem, .call.due = WHEN_NEVER, .down_ms = WHEN_NEVER };
	span_copy(span_of(modem->name), path->health.modem, sizeof path->health.modem);
	g->path_count++;
	path->radio = calloc(1, sizeof *path->radio);
	if (path->radio == NULL)
		return err_nomem(err);
	if (guard_new(&path->guard, limits, err) < 0 || parts_new(&path->parts, err) < 0)
		return -1;
	config.guard = path->guard;
	config.seed = g->random + g->path_count;
	config.keep_radio = (modem->repairs & 1U << DEVICE_REPAIR_RADIO) == 0;
	if (guard_allow_ussd(path->guard, span_of(modem->balance_ussd), err) < 0)
		return -1;
	return device_new(&path->device, &config, err);
}

int gateway_new(struct gateway **out, const struct gateway_config *config, struct err *err)
{
	struct gateway *g = calloc(1, sizeof *g);

	if (g == NULL) {
		plan_free(config->plan);
		return err_nomem(err);
	}
	g->plan = config->plan;
	g->plan->rota = &g->rota;
	g->budget = config->budget;
	g->random = config->seed;
	g->batch.number = 1;
	g->pages_due = WHEN_NEVER;
	g->contacts_due = WHEN_NEVER;
	g->rewrite_due = WHEN_NEVER;
	g->faults_due = WHEN_NEVER;
	g->again_due = WHEN_NEVER;
	g->proof.due = g->proof.look_due = WHEN_NEVER; /* from gateway_restore() on */
	if (codes_new(&g->codes, config->seed, err) < 0)
		goto fail;
	for (size_t i = 0; i < config->modem_count && i < GATEWAY_MODEMS_MAX; i++)
		if (new_path(g, &config->modems[i], err) < 0)
			goto fail;
	fleet_allow(g, (struct when){ 0 });
	watches_plan(g, (struct when){ 0 });
	*out = g;
	return 0;
fail:
	gateway_free(g);
	return -1;
}

static void free_tables(struct gateway *g)
{
	for (size_t i = 0; i < g->page_count; i++)
		page_free(g->pages[i].page);
	for (size_t i = 0; i < g->contact_count; i++)
		contact_free(&g->contacts[i].contact);
	for (size_t i = 0; i < g->attempt_count; i++)
		attempt_free(g->attempts[i].attempt);
	for (size_t i = 0; i < g->held_count; i++)
		held_free(&g->held[i]);
	for (size_t i = 0; i < g->answer_count; i++)
		buf_free(&g->answers[i].json);
	free(g->pages);
	free(g->contacts);
	free(g->attempts);
	free(g->held);
	free(g->answers);
	free(g->answered);
	free(g->faults);
	free(g->routes);
	outbox_free(g);
	memos_free(g);
	watches_free(g);
	free(g->cards);
	free(g->children);
	inbox_drop(g);
	rota_deinit(&g->rota);
}

void gateway_free(struct gateway *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; i < g->path_count; i++) {
		device_free(g->paths[i].device);
		parts_free(g->paths[i].parts);
		free(g->paths[i].radio);
		guard_free(g->paths[i].guard);
	}
	free_tables(g);
	codes_free(g->codes);
	effects_free(&g->effects);
	batch_free(&g->batch);
	plan_free(g->plan);
	free(g);
}

const struct plan *gateway_plan(const struct gateway *g)
{
	return g->plan;
}

bool gateway_has_page(struct gateway *g, struct span id_or_code)
{
	return pages_by_name(g, id_or_code) != NULL;
}

const struct rota *gateway_rota(const struct gateway *g)
{
	return &g->rota;
}

const char *request_get(const struct request *request, const char *key)
{
	for (size_t i = 0; i < request->count; i++)
		if (strcmp(request->fields[i].key, key) == 0)
			return request->fields[i].value;
	return NULL;
}

/* ---- the pump: whatever is due, then whatever is wanted and has a path, most severe first ---- */

/* Ranks of texts and calls are weighed against each other; at the same rank every text goes before any call. */
static void pump_wishes(struct gateway *g, struct when now)
{
	struct contact_slot *slot;
	struct contact_wish call = { 0 };

	g->again_due = WHEN_NEVER; /* choice.c finds the soonest */
	if (calls_choose(g, &slot, &call, NULL, now))
		texts_pump(g, call.rank, now);
	calls_pump(g, now);
	texts_pump(g, PLAN_SEVERITIES_MAX, now);
	texts_pump_notes(g, now);
	calls_yield(g, now);
}

void gateway_pump(struct gateway *g, struct when now)
{
	g->turn = now;
	for (size_t i = 0; i < g->path_count; i++)
		fleet_drain(g, i, now);
	mend_tick(g, now);
	clock_judge(g, now);
	absence_tick(g, now);
	pages_tick(g, now);
	contacts_tick(g, now);
	calls_tick(g, now);
	loopback_tick(g, now);
	inbox_tick(g, now);
	chores_tick(g, now);
	enrol_tick(g, now);
	watches_tick(g, now);
	drills_tick(g, now);
	handover_tick(g, now);
	faults_watch(g, now);
	sims_tick(g, now);
	balance_tick(g, now);
	faults_tick(g, now);
	pump_wishes(g, now);
	proof_tick(g, now);
	fleet_watch(g, now);
}

void gateway_port(struct gateway *g, size_t modem, bool open, struct when now)
{
	struct path *path = &g->paths[modem];

	if (path->open == open)
		return;
	path->open = open;
	path->opened = true;
	path->mend.wish = DEVICE_REPAIR_NONE;
	mend_port(g, path, open, now);
	path->start_due = now.mono_ms + START_MS;
	if (open)
		device_opened(path->device, now);
	else
		device_closed(path->device, now);
	gateway_pump(g, now);
}

void gateway_feed(struct gateway *g, size_t modem, struct span bytes, struct when now)
{
	g->paths[modem].mend.heard_ms = now.mono_ms;
	device_feed(g->paths[modem].device, bytes, now);
	gateway_pump(g, now);
}

void gateway_tick(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->path_count; i++)
		if (device_deadline(g->paths[i].device) <= now.mono_ms)
			device_tick(g->paths[i].device, now);
	if (g->rewrite_due <= now.mono_ms)
		restore_rewrite(g, now);
	gateway_pump(g, now);
}

void gateway_committed(struct gateway *g, uint64_t batch, struct when now)
{
	g->committed = batch;
	inbox_committed(g, batch);
	if (g->store_failing && g->rewrite_due == WHEN_NEVER && batch >= g->rewrite) {
		g->store_failing = false;
		ledger_record(g, now, "store.recovered", (struct about){ 0 }, NULL);
	}
	/* until everything was written again, what this batch builds on may not be on disk */
	ledger_release(g, batch, !g->store_failing, now);
	if (!g->store_failing && batch + 1 == g->batch.number && g->batch.count == 0)
		ledger_forget(g, now);
	gateway_pump(g, now);
}

void gateway_failed(struct gateway *g, uint64_t batch, struct when now)
{
	g->committed = batch;
	g->rewrite_due = now.mono_ms + REWRITE_MS;
	inbox_failed(g, batch);
	g->store_failing = true;
	ledger_release(g, batch, false, now);
	gateway_pump(g, now);
}

bool gateway_take_batch(struct gateway *g, struct batch *batch)
{
	uint64_t number = g->batch.number;

	if (!ledger_close(g, g->turn)) {
		if (g->committed + 1 == number) /* nothing to wait for */
			ledger_release(g, number, !g->store_failing, g->turn);
		return false;
	}
	*batch = g->batch;
	g->batch = (struct batch){ .number = number + 1 };
	return true;
}

struct span gateway_output(const struct gateway *g, size_t modem)
{
	return device_output(g->paths[modem].device);
}

void gateway_wrote(struct gateway *g, size_t modem, size_t n)
{
	device_wrote(g->paths[modem].device, n);
}

bool gateway_take_probe(struct gateway *g, struct gateway_probe *probe)
{
	return watches_take(g, probe) || links_take(g, probe);
}

void gateway_probed(struct gateway *g, const struct gateway_probed *probed, struct when now)
{
	if (!watches_probed(g, probed, now))
		links_probed(g, probed, now);
	gateway_tick(g, now);
}

bool gateway_take_answer(struct gateway *g, struct answer *answer)
{
	if (g->answer_count == 0)
		return false;
	*answer = g->answers[0];
	memmove(g->answers, g->answers + 1, --g->answer_count * sizeof *g->answers);
	return true;
}

int64_t gateway_deadline(const struct gateway *g)
{
	int64_t due = when_sooner(when_sooner(g->pages_due, g->contacts_due), g->rewrite_due);

	due = when_sooner(due, g->again_due);
	due = when_sooner(due, proof_deadline(g));
	due = when_sooner(when_sooner(due, absence_deadline(g)), enrol_deadline(g));
	due = when_sooner(when_sooner(due, g->faults_due), g->sims_due);
	due = when_sooner(when_sooner(due, outbox_deadline(g)), g->chores_due);
	due = when_sooner(due, loopback_deadline(g));
	due = when_sooner(when_sooner(due, g->handover_due), g->watches_due);
	due = when_sooner(due, drills_deadline(g));
	for (size_t i = 0; i < g->path_count; i++) {
		const struct path *path = &g->paths[i];

		due = when_sooner(due, device_deadline(path->device));
		due = when_sooner(due, path->call.due);
		due = when_sooner(due, balance_deadline(path));
		due = when_sooner(due, parts_deadline(path->parts));
		due = when_sooner(due, mend_deadline(path));
		if (path->start_due > g->turn.mono_ms)
			due = when_sooner(due, path->start_due);
		for (size_t k = 0; k < COUNT_OF(path->tries); k++)
			if (path->tries[k].rest_due > g->turn.mono_ms)
				due = when_sooner(due, path->tries[k].rest_due);
	}
	for (size_t i = 0; i < g->attempt_count; i++)
		if (g->attempts[i].attempt->state == ATTEMPT_QUEUED &&
		    g->attempts[i].attempt->due > g->turn.mono_ms)
			due = when_sooner(due, g->attempts[i].attempt->due);
	return due;
}
