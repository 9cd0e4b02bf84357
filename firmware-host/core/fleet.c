/* Paths: what the modems report, and whom they may reach. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/inside.h"

int fleet_find(const struct gateway *g, const char *modem)
{
	for (size_t i = 0; i < g->path_count; i++)
		if (strcmp(g->paths[i].modem.name, modem) == 0)
			return (int)i;
	return -1;
}

bool fleet_up(const struct path *path)
{
	return path->open && device_status(path->device)->state == DEVICE_READY;
}

static void state_changed(struct gateway *g, const struct path *path,
			  const struct device_event *event, struct when now)
{
	const struct device_status *status = device_status(path->device);
	const char *name = "modem.busy";
	const char *text = event->text;
	char identity[sizeof status->maker + sizeof status->model + sizeof status->revision + 3];

	switch (status->state) {
	case DEVICE_READY:
		name = "modem.ready";
		snprintf(identity, sizeof identity, "%s %s %s", status->maker, status->model,
			 status->revision);
		text = identity; /* which firmware: a new one may break what the old one could */
		break;
	case DEVICE_SICK:
		name = "modem.sick";
		break;
	case DEVICE_CLOSED:
		if (!path->opened)
			return; /* not yet: nothing has happened */
		name = mend_closed_name(path, now);
		break;
	case DEVICE_REGISTERING:
		name = "modem.searching";
		break;
	case DEVICE_WAKING:
	case DEVICE_IDENTIFYING:
	case DEVICE_INITIALISING:
		return; /* on its way: not worth a row */
	case DEVICE_NONE:
	case DEVICE_STATES:
		break;
	}
	ledger_record(g, now, name, (struct about){ .modem = path->modem.name }, text);
}

static void storage(struct gateway *g, const struct path *path, const struct device_event *event,
		    struct when now)
{
	bool filling = event->used * 2 >= event->total;
	struct buf text = { 0 };

	buf_addf(&text, "%d of %d places of %s are taken", event->used, event->total,
		 event->memory);
	ledger_record(g, now, filling ? "storage.filling" : "storage.emptied",
		      (struct about){ .modem = path->modem.name }, buf_text(&text));
	buf_free(&text);
}

/* What is about its SIM and its places; false: it is about something else. */
static bool handle_card(struct gateway *g, size_t index, const struct device_event *event,
			struct when now)
{
	struct path *path = &g->paths[index];

	if (event->kind == DEVICE_EVENT_PIN)
		sims_pin(g, index, event, now);
	else if (event->kind == DEVICE_EVENT_CARD)
		sims_card(g, index, now);
	else if (event->kind == DEVICE_EVENT_USSD)
		balance_answer(g, path, event, now);
	else if (event->kind == DEVICE_EVENT_STORAGE)
		storage(g, path, event, now);
	else
		return false;
	return true;
}

static void handle(struct gateway *g, size_t index, const struct device_event *event,
		   struct when now)
{
	struct path *path = &g->paths[index];

	if (loopback_event(g, index, event, now) || handle_card(g, index, event, now))
		return;
	switch (event->kind) {
	case DEVICE_EVENT_STATE:
		state_changed(g, path, event, now);
		break;
	case DEVICE_EVENT_SENT:
		texts_sent(g, path, event, now);
		break;
	case DEVICE_EVENT_RECEIVED:
		clock_stamp(path, &event->pdu, now);
		inbox_received(g, index, event, now);
		break;
	case DEVICE_EVENT_UNREADABLE:
		inbox_received(g, index, event, now);
		break;
	case DEVICE_EVENT_REPORT:
		texts_report(g, path, event, now);
		break;
	case DEVICE_EVENT_DIALLED:
	case DEVICE_EVENT_ALERTING:
	case DEVICE_EVENT_ANSWERED:
	case DEVICE_EVENT_BLIND:
	case DEVICE_EVENT_KEY:
	case DEVICE_EVENT_PROMPT_DONE:
	case DEVICE_EVENT_CALL_ENDED:
		if (!proof_call_event(g, path, event, now))
			calls_event(g, path, event, now);
		break;
	case DEVICE_EVENT_AUDIO:
		voice_fault(g, path, event, now);
		break;
	case DEVICE_EVENT_INCOMING:
		if (!proof_rings(g, path, span_of(event->text), now))
			ringing_event(g, path, event, now);
		break;
	case DEVICE_EVENT_REPAIR:
		mend_ask(g, path, event, now);
		break;
	case DEVICE_EVENT_QUERIED:
		queries_answered(g, path, event);
		break;
	case DEVICE_EVENT_PIN:
	case DEVICE_EVENT_CARD:
	case DEVICE_EVENT_USSD:
	case DEVICE_EVENT_STORAGE:
	case DEVICE_EVENT_NONE:
	case DEVICE_EVENT_KINDS:
		break;
	}
}

/* While nobody has a page, an answer may come by any modem.  One to which texts do not come is registered anew. */
void fleet_watch(struct gateway *g, struct when now)
{
	bool open = false;

	for (size_t i = 0; i < g->page_count && !open; i++)
		open = g->pages[i].page->state == PAGE_OPEN;
	for (size_t i = 0; i < g->path_count; i++) {
		struct path *path = &g->paths[i];

		device_watch(path->device, open, now);
		device_deaf(path->device, faults_stands(g, FAULT_SMS_DEAF, path->modem.name), now);
	}
}

void fleet_drain(struct gateway *g, size_t path, struct when now)
{
	struct device_event event;

	while (device_take(g->paths[path].device, &event))
		handle(g, path, &event, now);
	radio_look(g, &g->paths[path], now);
}

struct numbers {
	const char **at;
	size_t count, cap;
};

/* One that is no number is left out and said so: the list is refused whole, and nobody at all could be reached. */
static void list_number(struct gateway *g, struct numbers *numbers, const char *number,
			struct when now)
{
	if (!guard_is_e164(span_of(number)))
		ledger_record(g, now, "guard.failed", (struct about){ 0 }, number);
	else if (array_grow(&numbers->at, &numbers->cap, numbers->count + 1, sizeof *numbers->at) ==
		 0)
		numbers->at[numbers->count++] = number;
}

void fleet_allow(struct gateway *g, struct when now)
{
	struct numbers numbers = { 0 };
	struct err err = { 0 };

	for (size_t i = 0; i < g->plan->person_count; i++)
		for (size_t k = 0; k < g->plan->people[i].number_count; k++)
			list_number(g, &numbers, g->plan->people[i].numbers[k].e164, now);
	for (size_t i = 0; i < g->path_count; i++)
		if (g->paths[i].modem.number[0] != '\0')
			list_number(g, &numbers, g->paths[i].modem.number, now);
	for (size_t i = 0; i < g->path_count; i++)
		if (guard_allow(g->paths[i].guard, numbers.at, numbers.count, &err) < 0)
			ledger_record(g, now, "guard.failed",
				      (struct about){ .modem = g->paths[i].modem.name }, err.text);
	free(numbers.at);
}
