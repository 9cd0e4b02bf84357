/* What is to be stored, and what must wait until it is.
 *
 * Things that change are marked dirty and become rows once, at the end of the turn.  What may leave the house because of them is held under
 * the number of the batch being gathered.
 */
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"

#define ATTEMPTS_KEPT 500

void ledger_row(struct gateway *g, struct row row, struct when now)
{
	struct err err;

	/* out of memory: everything is written again later */
	if (batch_add(&g->batch, row, &err) < 0)
		g->rewrite_due = now.mono_ms + REWRITE_MS;
}

void ledger_record(struct gateway *g, struct when now, const char *name, struct about about,
		   const char *text)
{
	struct event *event = calloc(1, sizeof *event);

	if (event == NULL)
		return;
	event->id = ++g->last_event;
	event->utc_s = now.utc_s;
	event->page = about.page;
	span_copy(span_of(name), event->name, sizeof event->name);
	span_copy(span_of(about.person), event->person, sizeof event->person);
	span_copy(span_of(about.modem), event->modem, sizeof event->modem);
	event->text = text == NULL || text[0] == '\0' ? NULL : span_dup(span_of(text));
	ledger_row(g, (struct row){ .kind = ROW_EVENT, .of.event = event }, now);
}

void ledger_answered(struct gateway *g, const struct answered *answered, struct when now)
{
	struct answered *copy = calloc(1, sizeof *copy);

	if (copy != NULL) {
		copy->page = answered->page;
		copy->utc_s = answered->utc_s;
		span_copy(span_of(answered->request), copy->request, sizeof copy->request);
	}
	ledger_row(g, (struct row){ .kind = ROW_ANSWERED, .of.answered = copy }, now);
}

void ledger_rota(struct gateway *g, const struct rota_entry *entry, struct when now)
{
	ledger_row(g, (struct row){ .kind = ROW_ROTA, .of.rota = rota_entry_copy(entry) }, now);
}

void ledger_calendar(struct gateway *g, const struct rota_calendar *calendar, struct when now)
{
	ledger_row(
		g,
		(struct row){ .kind = ROW_CALENDAR, .of.calendar = rota_calendar_copy(calendar) },
		now);
}

void held_free(struct held *held)
{
	buf_free(&held->answer.json);
	free(held->text);
	held->text = NULL;
}

void ledger_hold(struct gateway *g, struct held held)
{
	held.batch = g->batch.number;
	if (array_grow(&g->held, &g->held_cap, g->held_count + 1, sizeof *g->held) < 0) {
		held_free(&held);
		return;
	}
	g->held[g->held_count++] = held;
}

/* The answer goes to the shell; one that promises durability says what became of it. */
static void answer(struct gateway *g, struct held *held, bool durable)
{
	struct answer out = held->answer;

	if (array_grow(&g->answers, &g->answer_cap, g->answer_count + 1, sizeof *g->answers) < 0) {
		held_free(held);
		return;
	}
	if (held->accepts && out.json.len > 1) {
		out.json.len--; /* its closing brace */
		buf_add_text(&out.json,
			     durable ? ",\"durable\":true,\"status\":0}"
				     : ",\"durable\":false,\"status\":1,\"error\":"
				       "\"paging, NOT durable: the store cannot commit\"}");
		out.status = durable ? 0 : 1;
	}
	g->answers[g->answer_count++] = out;
}

static void let_go(struct gateway *g, struct held *held, bool durable, struct when now)
{
	switch (held->kind) {
	case HELD_ANSWER:
		answer(g, held, durable);
		return;
	case HELD_TEXT:
		texts_begin(g, held, now);
		break;
	case HELD_CALL:
		calls_begin(g, held, now);
		break;
	case HELD_SPEAK:
		talk_speak(g, held, now);
		break;
	case HELD_PIN:
		sims_enter(g, held, durable, now);
		break;
	case HELD_DELETE:
		if (durable) /* else it stays on the modem */
			device_delete(g->paths[held->path].device, held->memory, held->index, now);
		break;
	}
	held_free(held);
}

void ledger_release(struct gateway *g, uint64_t batch, bool durable, struct when now)
{
	size_t count = 0;
	struct held *ready;

	while (count < g->held_count && g->held[count].batch <= batch)
		count++;
	if (count == 0)
		return;
	ready = malloc(count * sizeof *ready); /* letting go may hold more */
	if (ready == NULL)
		return; /* they stay held, and go with the next commit */
	memcpy(ready, g->held, count * sizeof *ready);
	memmove(g->held, g->held + count, (g->held_count - count) * sizeof *g->held);
	g->held_count -= count;
	for (size_t i = 0; i < count; i++)
		let_go(g, &ready[i], durable, now);
	free(ready);
}

static void close_contact(struct gateway *g, struct contact_slot *slot, struct when now)
{
	for (size_t i = 0; i < slot->contact.count; i++) {
		struct notice *copy = malloc(sizeof *copy);
		struct err err;

		if (copy == NULL)
			continue;
		if (notice_copy(copy, &slot->contact.notices[i], &err) < 0)
			free(copy);
		else
			ledger_row(g, (struct row){ .kind = ROW_NOTICE, .of.notice = copy }, now);
	}
}

static void close_spent(struct gateway *g, struct path *path, struct when now)
{
	struct spent *spent = calloc(1, sizeof *spent);

	if (spent == NULL)
		return;
	span_copy(span_of(path->modem.name), spent->modem, sizeof spent->modem);
	spent->counts = guard_counts(path->guard);
	ledger_row(g, (struct row){ .kind = ROW_SPENT, .of.spent = spent }, now);
}

static void close_paths(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->path_count; i++)
		if (g->paths[i].health_dirty) {
			ledger_row(g,
				   (struct row){ .kind = ROW_HEALTH,
						 .of.health = health_copy(&g->paths[i].health) },
				   now);
			g->paths[i].health_dirty = false;
		}
	for (size_t i = 0; i < g->route_count; i++)
		if (g->routes[i].dirty) {
			ledger_row(g,
				   (struct row){ .kind = ROW_ROUTE,
						 .of.route = route_copy(&g->routes[i].route) },
				   now);
			g->routes[i].dirty = false;
		}
}

bool ledger_close(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->page_count; i++)
		if (g->pages[i].dirty) {
			ledger_row(g,
				   (struct row){ .kind = ROW_PAGE,
						 .of.page = page_copy(g->pages[i].page) },
				   now);
			g->pages[i].dirty = false;
		}
	for (size_t i = 0; i < g->contact_count; i++)
		if (g->contacts[i].dirty) {
			close_contact(g, &g->contacts[i], now);
			g->contacts[i].dirty = false;
		}
	for (size_t i = 0; i < g->attempt_count; i++)
		if (g->attempts[i].dirty) {
			ledger_row(
				g,
				(struct row){ .kind = ROW_ATTEMPT,
					      .of.attempt = attempt_copy(g->attempts[i].attempt) },
				now);
			g->attempts[i].dirty = false;
		}
	for (size_t i = 0; i < g->path_count; i++)
		if (g->paths[i].spent_dirty) {
			close_spent(g, &g->paths[i], now);
			g->paths[i].spent_dirty = false;
		}
	for (size_t i = 0; i < g->fault_count; i++)
		if (g->faults[i].dirty) {
			ledger_row(g,
				   (struct row){ .kind = ROW_FAULT,
						 .of.fault = fault_copy(&g->faults[i].fault) },
				   now);
			g->faults[i].dirty = false;
		}
	close_paths(g, now);
	outbox_close(g, now);
	memos_close(g, now);
	sims_close(g, now);
	g->batch.now = now;
	return g->batch.count > 0;
}

static bool page_over(const struct page_slot *slot, struct when now)
{
	return !slot->dirty && slot->page->state == PAGE_RESOLVED &&
	       now.utc_s - slot->page->resolved_utc_s > KEEP_S;
}

/* Finished attempts are kept for `show` and for late reports, but not in a storm. */
static bool attempt_over(const struct gateway *g, const struct attempt_slot *slot, struct when now)
{
	const struct attempt *a = slot->attempt;

	if (slot->dirty || a->state == ATTEMPT_QUEUED || a->state == ATTEMPT_IN_FLIGHT)
		return false;
	if (g->attempt_count > ATTEMPTS_KEPT && a->state != ATTEMPT_ACCEPTED)
		return true;
	return now.utc_s - a->ended_utc_s > KEEP_S;
}

static bool code_of_a_page(const struct gateway *g, const char *code)
{
	for (size_t i = 0; i < g->page_count; i++)
		if (strcmp(g->pages[i].page->code, code) == 0)
			return true;
	return false;
}

/* Closed notices have been stored by now: only the live ones are kept.  A page gives its code back when it is
 * resolved; a bundle's goes back here. */
static void forget_notices(struct gateway *g, struct contact *contact, struct when now)
{
	size_t kept = 0;

	for (size_t i = 0; i < contact->count; i++) {
		struct notice *notice = &contact->notices[i];

		if (notice->state != NOTICE_CLOSED) {
			contact->notices[kept++] = *notice;
			continue;
		}
		if (!code_of_a_page(g, notice->code))
			codes_release(g->codes, notice->code, now.utc_s);
		notice_free(notice);
	}
	contact->count = kept;
}

void ledger_forget(struct gateway *g, struct when now)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->page_count; i++) {
		if (page_over(&g->pages[i], now))
			page_free(g->pages[i].page);
		else
			g->pages[kept++] = g->pages[i];
	}
	g->page_count = kept;
	kept = 0;
	for (size_t i = 0; i < g->attempt_count; i++) {
		if (attempt_over(g, &g->attempts[i], now))
			attempt_free(g->attempts[i].attempt);
		else
			g->attempts[kept++] = g->attempts[i];
	}
	g->attempt_count = kept;
	for (size_t i = 0; i < g->contact_count; i++)
		if (!g->contacts[i].dirty)
			forget_notices(g, &g->contacts[i].contact, now);
	kept = 0;
	for (size_t i = 0; i < g->answered_count; i++)
		if (now.utc_s - g->answered[i].utc_s <= 86400)
			g->answered[kept++] = g->answered[i];
	g->answered_count = kept;
}
