#include <string.h>

#include "modem/at_line.h"
#include "modem/inbox_state.h"

#define PDU_LINE 16 /* hex digits that make a line a unit: shorter than the shortest */

/* FNV-1a. */
static uint64_t hash_of(struct span hex)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < hex.len; i++)
		hash = (hash ^ (unsigned char)hex.at[i]) * 1099511628211u;
	return hash;
}

static void event_of(struct device_event *event, const char *memory, int index, struct span hex)
{
	static const enum device_event_kind kinds[] = {
		[PDU_DELIVER] = DEVICE_EVENT_RECEIVED,
		[PDU_STATUS_REPORT] = DEVICE_EVENT_REPORT,
		[PDU_NONE] = DEVICE_EVENT_UNREADABLE,
		[PDU_SUBMIT] = DEVICE_EVENT_NONE, /* a draft somebody left there */
	};
	struct err err = { .code = ERR_NONE };

	memset(event, 0, sizeof *event);
	if (pdu_decode(hex, &event->pdu, &err) < 0)
		event->pdu.type = PDU_NONE;
	event->kind = kinds[event->pdu.type];
	event->index = index;
	span_copy(span_of(memory), event->memory, sizeof event->memory);
	span_copy(hex, event->raw, sizeof event->raw);
	span_copy(span_of(err.text), event->text, sizeof event->text);
}

static bool on_direct(struct inbox *inbox, struct span hex, struct device_event *event)
{
	inbox->direct = INBOX_DIRECT_NONE;
	event_of(event, "", -1, hex);
	return event->kind != DEVICE_EVENT_NONE;
}

/* Its delete was answered OK, and here it is again: once more, later.  Where that does not help, "MT", which is all stores as one
 * on many modems, is looked into once: what is found there is told, and deleted there.  Then it counts as stuck. */
static void still_there(struct inbox *inbox, struct inbox_slot *slot, struct when now)
{
	size_t store;

	slot->gone = false;
	slot->want_delete = true;
	inbox_slot_later(slot, now);
	if (++slot->deletes == INBOX_DELETES && strcmp(slot->memory, "MT") != 0) {
		store = inbox_store_have(inbox, "MT");
		if (store < inbox->store_count && inbox->stores[store].sweep_at == WHEN_NEVER) {
			inbox->stores[store].once = true;
			inbox->stores[store].sweep_at = now.mono_ms;
		}
	}
}

static bool on_stored(struct inbox *inbox, struct span hex, struct device_event *event,
		      struct when now)
{
	const char *memory = inbox->stores[inbox->job_store].memory;
	uint64_t hash = hash_of(hex);
	struct inbox_slot *slot = inbox_slot_have(&inbox->slots, memory, inbox->head_index);

	inbox->headed = false;
	inbox->job_units++;
	if (slot == NULL)
		return false;
	inbox->job_answered = true;
	slot->seen = true;
	if (slot->told && slot->hash == hash) {
		slot->want_read = false;
		if (slot->gone)
			still_there(inbox, slot, now);
		return false;
	}
	slot->gone = false;
	slot->deletes = 0;
	event_of(event, memory, inbox->head_index, hex);
	slot->told = event->kind != DEVICE_EVENT_UNREADABLE ||
		     (inbox->job == INBOX_JOB_READ && slot->tries + 1 >= INBOX_READ_TRIES);
	slot->tries = inbox->job == INBOX_JOB_READ ? slot->tries + 1 : 0;
	slot->want_delete = false;
	slot->want_read = !slot->told;
	slot->hash = hash;
	slot->junk = event->kind != DEVICE_EVENT_RECEIVED || event->pdu.alphanumeric ||
		     pdu_audience(&event->pdu) != PDU_FOR_PEOPLE;
	if (slot->told) {
		slot->tries = 0;
		slot->told_no = ++inbox->slots.told;
	}
	return slot->told && event->kind != DEVICE_EVENT_NONE;
}

/* Takes the hex digits a line begins with; "+CMGL:" may follow them without a line's end on some modems. */
static struct span cut_hex(struct span *line)
{
	struct span hex = { line->at, 0 };

	while (hex.len < line->len) {
		char c = line->at[hex.len];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f')))
			break;
		hex.len++;
	}
	*line = span_skip(*line, hex.len);
	return hex;
}

static bool memory_ok(struct span memory)
{
	if (memory.len < 2 || memory.len >= INBOX_MEMORY_MAX)
		return false;
	for (size_t i = 0; i < memory.len; i++)
		if (memory.at[i] < 'A' || memory.at[i] > 'Z')
			return false;
	return true;
}

static void on_notice(struct inbox *inbox, struct at_line *line, struct when now)
{
	struct span name;
	char memory[INBOX_MEMORY_MAX];
	int64_t index = -1;
	struct inbox_slot *slot = NULL;

	at_line_string(line, &name);
	at_line_int(line, &index);
	if (memory_ok(name) && index >= 0 && index <= INT16_MAX) {
		span_copy(name, memory, sizeof memory);
		slot = inbox_slot_have(&inbox->slots, memory, (int)index);
	}
	if (slot == NULL) {
		inbox_sweep(inbox, now.mono_ms);
		return;
	}
	inbox_sweep(inbox, now.mono_ms + INBOX_LOOK_MS); /* the next notice may get lost */
	if (slot->gone) /* its place is free by now: this is another one, even if it says the same */
		slot->told = slot->gone = false;
	slot->want_read = true;
	slot->tries = 0;
	slot->not_before = now.mono_ms;
}

/* +CPMS: <used1>,<total1>,… to a setting; some name the store in front of each (27.005 3.2.2). */
static void on_counters(struct inbox *inbox, struct at_line *line)
{
	struct inbox_store *store = &inbox->stores[inbox->job_store];
	struct at_line named = *line;
	struct span name;
	int64_t used = -1, total = -1;

	if (inbox->job != INBOX_JOB_SELECT)
		return;
	at_line_string(&named, &name);
	if (memory_ok(name))
		*line = named;
	at_line_int(line, &used);
	at_line_int(line, &total);
	if (used < 0 || total < 0 || total > INT16_MAX)
		return;
	store->used = (int)used;
	store->total = (int)total;
}

static void on_header(struct inbox *inbox, struct at_line *line)
{
	int64_t index = -1;

	if (inbox->job == INBOX_JOB_LIST) {
		at_line_int(line, &index);
		inbox->job_items++;
	} else if (inbox->job == INBOX_JOB_READ)
		index = inbox->job_index;
	inbox->headed = index >= 0 && index <= INT16_MAX;
	inbox->head_index = (int)(inbox->headed ? index : -1);
}

static bool on_head_line(struct inbox *inbox, struct span text, struct when now)
{
	struct at_line line = at_line_of(text);

	if (at_line_prefix(&line, "+CMTI:") || at_line_prefix(&line, "+CDSI:"))
		on_notice(inbox, &line, now);
	else if (at_line_prefix(&line, "+CMT:"))
		inbox->direct = INBOX_DIRECT_MESSAGE;
	else if (at_line_prefix(&line, "+CDS:"))
		inbox->direct = INBOX_DIRECT_REPORT;
	else if (at_line_prefix(&line, "+CMGL:") || at_line_prefix(&line, "+CMGR:"))
		on_header(inbox, &line);
	else if (at_line_prefix(&line, "+CPMS:"))
		on_counters(inbox, &line);
	else
		return false;
	return true;
}

bool inbox_line(struct inbox *inbox, struct span *line, struct device_event *event, struct when now)
{
	while (line->len > 0) {
		struct span rest = *line;
		struct span hex = cut_hex(&rest);
		bool told = false;

		if (hex.len < PDU_LINE) {
			if (on_head_line(inbox, *line, now))
				*line = span_skip(*line, line->len);
			return false;
		}
		rest = span_trim(rest);
		if (inbox->direct == INBOX_DIRECT_NONE && !inbox->headed && rest.len == 0)
			return false; /* digits that nothing announced: a card's number */
		*line = rest;
		if (inbox->direct != INBOX_DIRECT_NONE)
			told = on_direct(inbox, hex, event);
		else if (inbox->headed)
			told = on_stored(inbox, hex, event, now);
		if (told)
			return true;
	}
	return false;
}
