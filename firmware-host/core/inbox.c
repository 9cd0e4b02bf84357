/* Received texts: stored first, acted on once, then deleted from the modem. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"

#define SEEN_S 900 /* the same unit from the same modem acts once in this time */

static uint64_t hash_of(const char *modem, const char *hex)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */

	for (; *modem != '\0'; modem++)
		hash = (hash ^ (unsigned char)*modem) * 1099511628211u;
	for (; *hex != '\0'; hex++)
		hash = (hash ^ (unsigned char)*hex) * 1099511628211u;
	return hash;
}

/* True the first time; a modem that delivers (or a restart that reads) a unit again is told apart from a second text. */
static bool first_time(struct gateway *g, uint64_t hash, int64_t utc_s)
{
	size_t kept = 0;
	bool known = false;

	for (size_t i = 0; i < g->seen_count; i++) {
		if (utc_s - g->seen[i].utc_s > SEEN_S)
			continue;
		known = known || g->seen[i].hash == hash;
		g->seen[kept++] = g->seen[i];
	}
	g->seen_count = kept;
	if (!known && array_grow(&g->seen, &g->seen_cap, kept + 1, sizeof *g->seen) == 0)
		g->seen[g->seen_count++] = (struct seen){ hash, utc_s };
	return !known;
}

/* The row, and behind its commit the deletion on the modem. */
static void store(struct gateway *g, size_t path, const struct device_event *event,
		  const char *action, bool whole)
{
	const struct plan_person *person = plan_who_has(g->plan, span_of(event->pdu.address));
	struct held held = { .kind = HELD_DELETE, .path = path, .index = event->index };
	struct inbound *inbound = calloc(1, sizeof *inbound);
	struct err err;

	if (inbound == NULL)
		return; /* it stays on the modem */
	inbound->id = ++g->last_inbound;
	inbound->utc_s = g->turn.utc_s;
	inbound->whole = whole;
	inbound->text = span_dup(span_of(event->pdu.text));
	span_copy(span_of(g->paths[path].modem.name), inbound->modem, sizeof inbound->modem);
	span_copy(span_of(event->pdu.address), inbound->number, sizeof inbound->number);
	span_copy(span_of(person == NULL ? "" : person->name), inbound->person,
		  sizeof inbound->person);
	span_copy(span_of(event->raw), inbound->hex, sizeof inbound->hex);
	span_copy(span_of(action), inbound->action, sizeof inbound->action);
	held.inbound = inbound_copy(inbound);
	if (batch_add(&g->batch, (struct row){ .kind = ROW_INBOUND, .of.inbound = inbound }, &err) <
	    0)
		g->rewrite_due = g->turn.mono_ms + REWRITE_MS;
	span_copy(span_of(event->memory), held.memory, sizeof held.memory);
	if (event->index >= 0)
		ledger_hold(g, held);
	else
		inbound_free(held.inbound); /* it stands nowhere */
}

static const char *act(struct gateway *g, struct path *path, const char *number, struct span text,
		       struct when now)
{
	const struct plan_person *person = plan_who_has(g->plan, span_of(number));
	char masked[PLAN_E164];

	if (person == NULL) {
		plan_mask_number(number, masked);
		ledger_record(g, now, "sms.stranger", (struct about){ .modem = path->modem.name },
			      masked);
		return "stranger";
	}
	ledger_record(g, now, "sms.received",
		      (struct about){ .person = person->name, .modem = path->modem.name }, NULL);
	path->sms_in_utc_s = now.utc_s;
	return replies_act(g, person, number, text, now);
}

void inbox_received(struct gateway *g, size_t index, const struct device_event *event,
		    struct when now)
{
	struct path *path = &g->paths[index];
	const char *action = "stored";
	struct buf text = { 0 };
	struct err err = { 0 };
	int whole = 1;

	if (!first_time(g, hash_of(path->modem.name, event->raw), now.utc_s)) {
		store(g, index, event, "seen before", true);
		return;
	}
	if (event->kind == DEVICE_EVENT_UNREADABLE) {
		ledger_record(g, now, "sms.unreadable", (struct about){ .modem = path->modem.name },
			      event->raw);
		store(g, index, event, "unreadable", true);
		return;
	}
	if (!event->pdu.alphanumeric && event->pdu.encoding != PDU_8BIT)
		whole = parts_add(path->parts, &event->pdu, now, &text, &err);
	if (whole < 0)
		ledger_record(g, now, "sms.part", (struct about){ .modem = path->modem.name },
			      err.text);
	if (whole > 0 && text.len > 0)
		action = act(g, path, event->pdu.address, buf_span(&text), now);
	store(g, index, event, action, whole != 0);
	buf_free(&text);
}

void inbox_restore(struct gateway *g, struct inbound *const *inbound, size_t count, struct when now)
{
	for (size_t i = 0; i < count; i++) {
		int path = fleet_find(g, inbound[i]->modem);
		struct pdu pdu;
		struct buf text = { 0 };
		struct err err;

		/* it may still stand on the modem: whatever its age, it has acted */
		first_time(g, hash_of(inbound[i]->modem, inbound[i]->hex), now.utc_s);
		if (!inbound[i]->whole && path >= 0 &&
		    pdu_decode(span_of(inbound[i]->hex), &pdu, &err) == 0)
			parts_add(g->paths[path].parts, &pdu, now, &text, &err);
		buf_free(&text);
	}
}

/* What stayed incomplete is read for what it says, gaps and all. */
void inbox_tick(struct gateway *g, struct when now)
{
	for (size_t i = 0; i < g->path_count; i++) {
		struct path *path = &g->paths[i];
		char from[PDU_ADDRESS_MAX];
		struct buf text = { 0 };

		while (parts_deadline(path->parts) <= now.mono_ms &&
		       parts_expired(path->parts, now, from, &text)) {
			act(g, path, from, buf_span(&text), now);
			buf_clear(&text);
		}
		buf_free(&text);
	}
}
