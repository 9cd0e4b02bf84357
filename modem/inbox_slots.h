/* inbox_slots.h - what stands where on the modem, as far as the inbox knows.  Private to inbox. */
#ifndef MODEM_INBOX_SLOTS_H
#define MODEM_INBOX_SLOTS_H

#include "base/when.h"
#include "modem/inbox.h"

#define INBOX_MEMORY_MAX 4

struct inbox_slot {
	char memory[INBOX_MEMORY_MAX];
	int index;
	bool told;      /* to the owner; hash says what */
	bool want_read; /* with +CMGR */
	bool want_delete;
	bool seen;  /* in the last listing, or read since */
	int absent; /* whole listings without it */
	bool gone; /* its delete was answered OK; kept until a listing lacks it: some only say so */
	bool junk; /* no message from a person */
	int tries;
	int deletes;      /* answered OK, and it still stood there */
	unsigned told_no; /* in the order of telling */
	uint64_t hash;
	int64_t not_before;
};

struct inbox_slots {
	struct inbox_slot *at;
	size_t count, cap;
	unsigned told; /* so many were */
};

struct inbox_slot *inbox_slot_find(struct inbox_slots *slots, const char *memory, int index);
/* Found or new; NULL when there are INBOX_SLOTS_MAX, or no memory. */
struct inbox_slot *inbox_slot_have(struct inbox_slots *slots, const char *memory, int index);
void inbox_slot_remove(struct inbox_slots *slots, struct inbox_slot *slot);

/* The first slot that has something to do by now: reads before deletes.  `preferred` memory first. */
struct inbox_slot *inbox_slot_due(struct inbox_slots *slots, const char *preferred,
				  struct when now);
int64_t inbox_slot_deadline(const struct inbox_slots *slots);

/* The modem refused, or lied: again after a while, each time longer. */
void inbox_slot_later(struct inbox_slot *slot, struct when now);

/* A slot that two whole listings lack is gone; one alone may have been disturbed on the wire. */
void inbox_slot_list_begins(struct inbox_slots *slots, const char *memory);
void inbox_slot_list_ended(struct inbox_slots *slots, const char *memory);

/* Lets the oldest junk go until `count` places become free: what nobody asked to delete is deleted. */
void inbox_slot_purge(struct inbox_slots *slots, const char *memory, int count);

/* After a restart of the modem: nothing was seen, reads are forgotten. */
void inbox_slot_doubt(struct inbox_slots *slots);

#endif
