#include "modem/inbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modem/inbox_state.h"

/* A SIM card deletes slowly, a full list takes long. */
#define SELECT_MS 15000
#define LIST_MS   20000 /* a modem that hangs is to be noticed within a minute */
#define READ_MS   10000
#define DELETE_MS 25000

#define PROVEN_MS 2000 /* no modem restarts in less */

int inbox_new(struct inbox **out, int64_t poll_ms, struct err *err)
{
	struct inbox *inbox = calloc(1, sizeof *inbox);

	if (inbox == NULL)
		return err_nomem(err);
	inbox->poll_ms = poll_ms;
	inbox->poll_at = WHEN_NEVER;
	*out = inbox;
	return 0;
}

void inbox_free(struct inbox *inbox)
{
	if (inbox == NULL)
		return;
	free(inbox->slots.at);
	free(inbox);
}

size_t inbox_store_find(const struct inbox *inbox, const char *memory)
{
	size_t i = 0;

	while (i < inbox->store_count && strcmp(inbox->stores[i].memory, memory) != 0)
		i++;
	return i;
}

/* The index of a store, known or new; store_count when there is no room for it. */
size_t inbox_store_have(struct inbox *inbox, const char *memory)
{
	size_t i = inbox_store_find(inbox, memory);

	if (i < inbox->store_count || i == COUNT_OF(inbox->stores))
		return i;
	inbox->stores[i] = (struct inbox_store){ .sweep_at = WHEN_NEVER, .used = -1, .total = -1 };
	span_copy(span_of(memory), inbox->stores[i].memory, INBOX_MEMORY_MAX);
	inbox->store_count++;
	return i;
}

void inbox_sweep(struct inbox *inbox, int64_t at_mono_ms)
{
	for (size_t i = 0; i < inbox->store_count; i++)
		if (!inbox->stores[i].once)
			inbox->stores[i].sweep_at =
				when_sooner(inbox->stores[i].sweep_at, at_mono_ms);
}

static int64_t interval(const struct inbox *inbox)
{
	return inbox->watched ? when_sooner(INBOX_WATCH_MS, inbox->poll_ms) : inbox->poll_ms;
}

/* Messages go to the card.  At an earlier start they may have gone elsewhere, if the card was not ready then. */
static void look_once(struct inbox *inbox, struct when now)
{
	size_t i = inbox_store_have(inbox, "ME");

	inbox->stores[i].once = true;
	inbox->stores[i].sweep_at = now.mono_ms + interval(inbox); /* there is no hurry */
}

void inbox_start(struct inbox *inbox, const char *main_memory, const char *other_memory,
		 struct when now)
{
	inbox->store_count = 0;
	inbox->selected = INBOX_NOT_KNOWN; /* selecting it shows how full it is */
	inbox->job = INBOX_JOB_NONE;
	inbox->headed = false;
	inbox->direct = INBOX_DIRECT_NONE;
	inbox->polls = 0;
	inbox->poll_at = now.mono_ms + interval(inbox);
	inbox_store_have(inbox, main_memory);
	if (other_memory[0] != '\0')
		inbox_store_have(inbox, other_memory);
	inbox_slot_doubt(&inbox->slots);
	inbox_sweep(inbox, now.mono_ms);
	if (other_memory[0] == '\0')
		look_once(inbox, now);
}

void inbox_watch(struct inbox *inbox, bool watched, struct when now)
{
	if (inbox->watched == watched)
		return;
	inbox->watched = watched;
	if (inbox->store_count > 0)
		inbox->poll_at = when_sooner(inbox->poll_at, now.mono_ms + interval(inbox));
}

/* ---- what to ask ------------------------------------------------------- */

static void command_of(struct at_command *command, const char *text, const char *prefix,
		       int64_t timeout_ms)
{
	command->text = span_of(text);
	command->prefix = prefix;
	command->timeout_ms = timeout_ms;
}

static void begin(struct inbox *inbox, enum inbox_job job, size_t store, int index)
{
	inbox->job = job;
	inbox->job_store = store;
	inbox->job_index = index;
	inbox->job_answered = false;
	inbox->headed = false;
}

/* Reading, listing and deleting act on the selected store (27.005 3.2.2 <mem1>). */
static bool select_first(struct inbox *inbox, size_t store, struct at_command *command, char *text)
{
	if (inbox->selected == store)
		return false;
	begin(inbox, INBOX_JOB_SELECT, store, 0);
	snprintf(text, INBOX_COMMAND_MAX, "AT+CPMS=\"%s\"", inbox->stores[store].memory);
	command_of(command, text, "+CPMS:", SELECT_MS);
	return true;
}

/* A modem that restarted without a word has another store selected, and the same index there may be a message that nobody has
 * read: what is to be deleted is read again first. */
static void look_again(struct inbox *inbox, struct inbox_slot *slot)
{
	inbox->selected = INBOX_NOT_KNOWN;
	slot->want_read = true;
}

static bool ask_slot(struct inbox *inbox, struct inbox_slot *slot, struct when now,
		     struct at_command *command, char *text)
{
	size_t store = inbox_store_have(inbox, slot->memory);

	if (store == inbox->store_count) { /* no room for a fifth store: not a modem we know */
		inbox_slot_remove(&inbox->slots, slot);
		return false;
	}
	if (!slot->want_read && now.mono_ms - inbox->proven_ms > PROVEN_MS)
		look_again(inbox, slot);
	if (select_first(inbox, store, command, text))
		return true;
	begin(inbox, slot->want_read ? INBOX_JOB_READ : INBOX_JOB_DELETE, store, slot->index);
	snprintf(text, INBOX_COMMAND_MAX, slot->want_read ? "AT+CMGR=%d" : "AT+CMGD=%d",
		 slot->index);
	command_of(command, text, slot->want_read ? "+CMGR:" : NULL,
		   slot->want_read ? READ_MS : DELETE_MS);
	return true;
}

static bool ask_store(struct inbox *inbox, size_t store, struct at_command *command, char *text)
{
	if (select_first(inbox, store, command, text))
		return true;
	begin(inbox, INBOX_JOB_LIST, store, 0);
	inbox->job_items = inbox->job_units = 0;
	inbox_slot_list_begins(&inbox->slots, inbox->stores[store].memory);
	snprintf(text, INBOX_COMMAND_MAX, "AT+CMGL=4");
	command_of(command, text, "+CMGL:", LIST_MS);
	return true;
}

static const char *selected_memory(const struct inbox *inbox)
{
	return inbox->selected < inbox->store_count ? inbox->stores[inbox->selected].memory : "";
}

/* All of them while somebody is being paged.  Otherwise one in turn, and each twice in a row (0 1 1 0 0 1 1 …): every second time
 * none has to be selected. */
static void poll(struct inbox *inbox, struct when now)
{
	if (inbox->poll_at > now.mono_ms)
		return;
	inbox->poll_at = now.mono_ms + interval(inbox);
	if (inbox->watched) {
		inbox_sweep(inbox, now.mono_ms);
		return;
	}
	for (size_t i = 0; i < inbox->store_count; i++) {
		struct inbox_store *store =
			&inbox->stores[(++inbox->polls + 1) / 2 % inbox->store_count];

		if (store->once)
			continue;
		store->sweep_at = when_sooner(store->sweep_at, now.mono_ms);
		return;
	}
}

/* The store to be swept by now, the selected one first; store_count: none. */
static size_t store_due(const struct inbox *inbox, struct when now)
{
	size_t due = inbox->store_count;

	if (inbox->selected < inbox->store_count &&
	    inbox->stores[inbox->selected].sweep_at <= now.mono_ms)
		return inbox->selected;
	for (size_t i = inbox->store_count; i-- > 0;)
		if (inbox->stores[i].sweep_at <= now.mono_ms)
			due = i;
	return due;
}

bool inbox_next(struct inbox *inbox, struct when now, struct at_command *command,
		char text[INBOX_COMMAND_MAX])
{
	struct inbox_slot *slot;
	size_t store;

	if (inbox->job != INBOX_JOB_NONE || inbox->store_count == 0)
		return false;
	poll(inbox, now);
	slot = inbox_slot_due(&inbox->slots, selected_memory(inbox), now);
	if (slot != NULL && ask_slot(inbox, slot, now, command, text))
		return true;
	store = store_due(inbox, now);
	return store < inbox->store_count && ask_store(inbox, store, command, text);
}

int64_t inbox_urgent_at(const struct inbox *inbox)
{
	int64_t deadline = inbox_deadline(inbox);
	int64_t urgent = deadline == WHEN_NEVER ? WHEN_NEVER : deadline + interval(inbox);

	for (size_t i = 0; i < inbox->slots.count; i++)
		if (inbox->slots.at[i].want_read)
			urgent = when_sooner(urgent, inbox->slots.at[i].not_before);
	return urgent;
}

int64_t inbox_deadline(const struct inbox *inbox)
{
	int64_t deadline = when_sooner(inbox->poll_at, inbox_slot_deadline(&inbox->slots));

	for (size_t i = 0; i < inbox->store_count; i++)
		deadline = when_sooner(deadline, inbox->stores[i].sweep_at);
	return deadline;
}

/* ---- how a command ended ----------------------------------------------- */

static void select_done(struct inbox *inbox, bool ok, struct when now)
{
	struct inbox_store *store = &inbox->stores[inbox->job_store];

	/* Not knowing which one is selected, nothing may be read nor deleted. */
	inbox->selected = ok ? inbox->job_store : INBOX_NOT_KNOWN;
	if (ok)
		return;
	if (store->sweep_at <= now.mono_ms)
		store->sweep_at = store->once ? WHEN_NEVER : now.mono_ms + inbox->poll_ms;
	for (size_t i = 0; i < inbox->slots.count; i++)
		if (strcmp(inbox->slots.at[i].memory, store->memory) == 0)
			inbox_slot_later(&inbox->slots.at[i], now);
}

/* Half full is told, once; from four fifths on the oldest junk goes, whether or not anybody asked. */
static void level(struct inbox *inbox, size_t index)
{
	struct inbox_store *store = &inbox->stores[index];

	if (store->total <= 0)
		return;
	store->full = store->used * 2 >= store->total;
	if (store->used * 5 >= store->total * 4)
		inbox_slot_purge(&inbox->slots, store->memory,
				 store->used - store->total * 4 / 5 + 1);
}

static void list_done(struct inbox *inbox, bool ok, struct when now)
{
	struct inbox_store *store = &inbox->stores[inbox->job_store];

	store->sweep_at = ok ? WHEN_NEVER : now.mono_ms + INBOX_RETRY_MS;
	if (!ok)
		return;
	store->used = inbox->job_items;
	/* An item without its unit: the line may have been disturbed. */
	store->odd = inbox->job_items != inbox->job_units && !store->odd;
	if (store->odd)
		store->sweep_at = now.mono_ms + INBOX_RETRY_MS;
	inbox_slot_list_ended(&inbox->slots, store->memory);
	level(inbox, inbox->job_store);
}

static void delete_done(struct inbox *inbox, struct inbox_slot *slot, bool empty)
{
	slot->want_delete = false;
	if (slot->want_read)
		slot->told = false; /* a notice that came meanwhile is about what took its place */
	else if (empty)
		inbox_slot_remove(&inbox->slots, slot);
	else
		slot->gone = true;
}

/* A notice named this place, and nothing is there: perhaps the modem has another store selected by now. */
static void nothing_there(struct inbox *inbox, struct inbox_slot *slot, struct when now)
{
	inbox->selected = INBOX_NOT_KNOWN;
	if (++slot->tries < INBOX_READ_TRIES)
		return;
	inbox_slot_remove(&inbox->slots, slot);
	inbox_sweep(inbox, now.mono_ms);
}

static void slot_done(struct inbox *inbox, struct at_final final, struct when now)
{
	const char *memory = inbox->stores[inbox->job_store].memory;
	struct inbox_slot *slot = inbox_slot_find(&inbox->slots, memory, inbox->job_index);
	bool ok = final.kind == AT_FINAL_OK;
	bool empty = final.kind == AT_FINAL_CMS && final.code == 321; /* invalid index */
	bool read = inbox->job == INBOX_JOB_READ;

	if (slot == NULL || (read && inbox->job_answered && ok))
		return;
	if (!read && (ok || empty))
		delete_done(inbox, slot, empty);
	else if (ok || empty)
		nothing_there(inbox, slot, now);
	else
		inbox_slot_later(slot, now);
}

bool inbox_listing(const struct inbox *inbox)
{
	return inbox->job == INBOX_JOB_LIST;
}

void inbox_done(struct inbox *inbox, struct at_final final, struct when now)
{
	bool ok = final.kind == AT_FINAL_OK;

	if (ok)
		inbox->proven_ms = now.mono_ms;
	switch (inbox->job) {
	case INBOX_JOB_NONE:
		return;
	case INBOX_JOB_SELECT:
		select_done(inbox, ok, now);
		break;
	case INBOX_JOB_LIST:
		list_done(inbox, ok, now);
		break;
	case INBOX_JOB_READ:
	case INBOX_JOB_DELETE:
		slot_done(inbox, final, now);
		break;
	}
	inbox->job = INBOX_JOB_NONE;
	inbox->headed = false;
}

void inbox_delete(struct inbox *inbox, const char *memory, int index, struct when now)
{
	struct inbox_slot *slot = inbox_slot_find(&inbox->slots, memory, index);

	if (slot == NULL || !slot->told || slot->gone)
		return;
	slot->want_delete = true;
	slot->tries = 0;
	slot->not_before = now.mono_ms;
}

static void find_stuck(const struct inbox *inbox, struct device_store *store)
{
	for (size_t i = 0; i < inbox->slots.count; i++) {
		const struct inbox_slot *slot = &inbox->slots.at[i];

		if (slot->deletes <= INBOX_DELETES || strcmp(slot->memory, store->memory) != 0)
			continue;
		store->stuck = slot->index;
		store->came_back = slot->deletes;
		return;
	}
}

size_t inbox_levels(const struct inbox *inbox, struct device_store stores[DEVICE_STORES])
{
	for (size_t i = 0; i < inbox->store_count; i++) {
		const struct inbox_store *store = &inbox->stores[i];

		stores[i] = (struct device_store){ .used = store->used,
						   .total = store->total,
						   .stuck = -1 };
		span_copy(span_of(store->memory), stores[i].memory, sizeof stores[i].memory);
		find_stuck(inbox, &stores[i]);
	}
	return inbox->store_count;
}

bool inbox_take(struct inbox *inbox, struct device_event *event)
{
	for (size_t i = 0; i < inbox->store_count; i++) {
		struct inbox_store *store = &inbox->stores[i];

		if (store->full == store->told)
			continue;
		store->told = store->full;
		*event = (struct device_event){ .kind = DEVICE_EVENT_STORAGE,
						.index = -1,
						.used = store->used,
						.total = store->total };
		span_copy(span_of(store->memory), event->memory, sizeof event->memory);
		return true;
	}
	return false;
}
