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
	inbox->acknowledge = true;
	event_of(event, "", -1, hex);
	return event->kind != DEVICE_EVENT_NONE;
}

static bool on_stored(struct inbox *inbox, struct span hex, struct device_event *event,
		      struct when now)
{
	const char *memory = inbox->stores[inbox->job_store].memory;
	uint64_t hash = hash_of(hex);
	struct inbox_slot *slot = inbox_slot_have(&inbox->slots, memory, inbox->head_index);

	inbox->headed = false;
	if (slot == NULL)
		return false;
	inbox->job_answered = true;
	slot->seen = true;
	if (slot->told && slot->hash == hash) {
		slot->want_read = false;
		if (slot->gone) { /* it is not: once more, later */
			slot->gone = false;
			slot->want_delete = true;
			inbox_slot_later(slot, now);
		}
		return false;
	}
	slot->gone = false;
	event_of(event, memory, inbox->head_index, hex);
	slot->told = event->kind != DEVICE_EVENT_UNREADABLE ||
		     (inbox->job == INBOX_JOB_READ && slot->tries + 1 >= INBOX_READ_TRIES);
	slot->tries = inbox->job == INBOX_JOB_READ ? slot->tries + 1 : 0;
	slot->want_delete = false;
	slot->want_read = !slot->told;
	slot->hash = hash;
	if (slot->told)
		slot->tries = 0;
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
		inbox_sweep(inbox, now);
		return;
	}
	slot->want_read = true;
	slot->tries = 0;
	slot->not_before = now.mono_ms;
}

static void on_counter(struct inbox *inbox, size_t store, struct at_line *line)
{
	int64_t used = -1, total = -1;

	at_line_int(line, &used);
	at_line_int(line, &total);
	if (store >= inbox->store_count || used < 0 || total < 0 || total > INT16_MAX)
		return;
	inbox->stores[store].used = (int)used;
	inbox->stores[store].total = (int)total;
	inbox->stores[store].counted = true;
	inbox->job_answered = true;
}

/* +CPMS: "ME",0,23,"SM",… to a query; +CPMS: 0,23,0,10,… to a setting (27.005 3.2.2). */
static void on_counters(struct inbox *inbox, struct at_line *line)
{
	if (inbox->job == INBOX_JOB_SELECT)
		on_counter(inbox, inbox->job_store, line);
	for (bool first = true; inbox->job == INBOX_JOB_COUNT && at_line_more(line);
	     first = false) {
		char memory[INBOX_MEMORY_MAX] = "";
		struct span name;

		at_line_string(line, &name);
		if (memory_ok(name))
			span_copy(name, memory, sizeof memory);
		if (first && inbox->selected != inbox_store_find(inbox, memory))
			inbox->selected = INBOX_NOT_KNOWN; /* it selected another one by itself */
		on_counter(inbox, inbox_store_find(inbox, memory), line);
	}
}

static void on_header(struct inbox *inbox, struct at_line *line)
{
	int64_t index = -1;

	if (inbox->job == INBOX_JOB_LIST)
		at_line_int(line, &index);
	else if (inbox->job == INBOX_JOB_READ)
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
		*line = span_trim(rest);
		if (inbox->direct != INBOX_DIRECT_NONE)
			told = on_direct(inbox, hex, event);
		else if (inbox->headed)
			told = on_stored(inbox, hex, event, now);
		if (told)
			return true;
	}
	return false;
}
