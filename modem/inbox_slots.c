#include "modem/inbox_slots.h"

#include <string.h>

struct inbox_slot *inbox_slot_find(struct inbox_slots *slots, const char *memory, int index)
{
	for (size_t i = 0; i < slots->count; i++)
		if (slots->at[i].index == index && strcmp(slots->at[i].memory, memory) == 0)
			return &slots->at[i];
	return NULL;
}

/* Room for one more: a deleted one gives way. */
static struct inbox_slot *slot_new(struct inbox_slots *slots)
{
	if (slots->count < INBOX_SLOTS_MAX &&
	    array_grow(&slots->at, &slots->cap, slots->count + 1, sizeof *slots->at) == 0)
		return &slots->at[slots->count++];
	for (size_t i = 0; i < slots->count; i++)
		if (slots->at[i].gone)
			return &slots->at[i];
	return NULL;
}

struct inbox_slot *inbox_slot_have(struct inbox_slots *slots, const char *memory, int index)
{
	struct inbox_slot *slot = inbox_slot_find(slots, memory, index);

	if (slot != NULL)
		return slot;
	slot = slot_new(slots);
	if (slot == NULL)
		return NULL;
	*slot = (struct inbox_slot){ .index = index };
	span_copy(span_of(memory), slot->memory, sizeof slot->memory);
	return slot;
}

void inbox_slot_remove(struct inbox_slots *slots, struct inbox_slot *slot)
{
	*slot = slots->at[--slots->count];
}

static bool can_delete(const struct inbox_slot *slot)
{
	return slot->want_delete && slot->seen;
}

static int weight(const struct inbox_slot *slot, const char *preferred, struct when now)
{
	if (slot->not_before > now.mono_ms || (!slot->want_read && !can_delete(slot)))
		return 0;
	return 1 + 2 * slot->want_read + (strcmp(slot->memory, preferred) == 0);
}

/* Of two to be deleted the later one goes first: where a modem moves the others up, none that is known moves. */
static bool goes_before(const struct inbox_slot *a, const struct inbox_slot *b)
{
	return !a->want_read && strcmp(a->memory, b->memory) == 0 && a->index > b->index;
}

struct inbox_slot *inbox_slot_due(struct inbox_slots *slots, const char *preferred, struct when now)
{
	struct inbox_slot *best = NULL;
	int best_weight = 0;

	for (size_t i = 0; i < slots->count; i++) {
		int w = weight(&slots->at[i], preferred, now);

		if (w > best_weight ||
		    (best != NULL && w == best_weight && goes_before(&slots->at[i], best))) {
			best_weight = w;
			best = &slots->at[i];
		}
	}
	return best;
}

int64_t inbox_slot_deadline(const struct inbox_slots *slots)
{
	int64_t deadline = WHEN_NEVER;

	for (size_t i = 0; i < slots->count; i++)
		if (slots->at[i].want_read || can_delete(&slots->at[i]))
			deadline = when_sooner(deadline, slots->at[i].not_before);
	return deadline;
}

void inbox_slot_list_begins(struct inbox_slots *slots, const char *memory)
{
	for (size_t i = 0; i < slots->count; i++)
		if (strcmp(slots->at[i].memory, memory) == 0)
			slots->at[i].seen = false;
}

void inbox_slot_list_ended(struct inbox_slots *slots, const char *memory)
{
	for (size_t i = slots->count; i-- > 0;) {
		struct inbox_slot *slot = &slots->at[i];

		if (slot->want_read || strcmp(slot->memory, memory) != 0)
			continue;
		slot->absent = slot->seen ? 0 : slot->absent + 1;
		if (slot->absent >= (slot->gone ? 1 : 2))
			inbox_slot_remove(slots, slot);
	}
}

static struct inbox_slot *oldest_junk(struct inbox_slots *slots, const char *memory)
{
	struct inbox_slot *oldest = NULL;

	for (size_t i = 0; i < slots->count; i++) {
		struct inbox_slot *slot = &slots->at[i];

		if (slot->told && slot->junk && !slot->want_delete && !slot->gone &&
		    strcmp(slot->memory, memory) == 0 &&
		    (oldest == NULL || slot->told_no < oldest->told_no))
			oldest = slot;
	}
	return oldest;
}

void inbox_slot_purge(struct inbox_slots *slots, const char *memory, int count)
{
	struct inbox_slot *slot;

	while (count-- > 0 && (slot = oldest_junk(slots, memory)) != NULL) {
		slot->want_delete = true;
		slot->tries = 0;
		slot->not_before = 0;
	}
}

void inbox_slot_doubt(struct inbox_slots *slots)
{
	for (size_t i = slots->count; i-- > 0;) {
		struct inbox_slot *slot = &slots->at[i];

		slot->seen = false;
		slot->want_read = false;
		if (!slot->told)
			inbox_slot_remove(slots, slot);
	}
}

void inbox_slot_later(struct inbox_slot *slot, struct when now)
{
	int shift = slot->tries < 4 ? slot->tries : 4;

	slot->tries++;
	slot->not_before = now.mono_ms + ((int64_t)INBOX_RETRY_MS << shift);
}
