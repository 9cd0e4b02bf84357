/* inbox.h - the message stores of one modem: notices, sweeps, reads, deletes (27.005 3.4).
 *
 * Says what to ask the modem next and makes events of what it answers.  A message stays on the modem until the owner has
 * stored it and says inbox_delete; until that is answered each (memory, index) is told once.  A slot that holds
 * something else than before is a new message.
 */
#ifndef MODEM_INBOX_H
#define MODEM_INBOX_H

#include "modem/at_engine.h"
#include "modem/device.h"

#define INBOX_SLOTS_MAX  512 /* messages told and not yet deleted; more stay on the modem, untold */
#define INBOX_FULL_EVERY 20  /* polls: counters of some modems lag or lie */
#define INBOX_RETRY_MS   5000 /* the modem refused: again after */

struct inbox; /* opaque: belongs to whoever called inbox_new */

int inbox_new(struct inbox **out, int64_t poll_ms, struct err *err);
void inbox_free(struct inbox *inbox); /* NULL is fine */

/* The modem was initialised with these stores ("" for none); the first one is selected.  All are swept at once; deletes
 * wait until their message was seen again, the SIM card may be another one. */
void inbox_start(struct inbox *inbox, const char *main_memory, const char *other_memory,
		 struct when now);

/* Looks then, without waiting for the next poll: after a send, after a call. */
void inbox_look(struct inbox *inbox, int64_t at_mono_ms);

/* The next command; false: nothing due.  text has room for the command; the spans point into it. */
#define INBOX_COMMAND_MAX 40
bool inbox_next(struct inbox *inbox, struct when now, struct at_command *command,
		char text[INBOX_COMMAND_MAX]);

/* From when on it goes before sends, and is not kept waiting by a call: a message to be read at once, and anything else
 * once it has waited for a whole poll. */
int64_t inbox_urgent_at(const struct inbox *inbox);

/* Any line of the modem.  Takes what it knows off *line: call until false.  True: *event is filled (an event for the owner). */
bool inbox_line(struct inbox *inbox, struct span *line, struct device_event *event,
		struct when now);

/* The command from inbox_next has ended; kind AT_FINAL_NONE: without a final result. */
void inbox_done(struct inbox *inbox, struct at_final final, struct when now);

/* A direct +CMT or +CDS came that must be acknowledged where the modem forces +CSMS=1 (27.005 3.4.4).  Resets itself. */
bool inbox_take_direct(struct inbox *inbox);

void inbox_delete(struct inbox *inbox, const char *memory, int index, struct when now);

int64_t inbox_deadline(const struct inbox *inbox);
int inbox_used(const struct inbox *inbox); /* of the main store; -1 unknown */
int inbox_total(const struct inbox *inbox);

#endif
