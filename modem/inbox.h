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

#define INBOX_SLOTS_MAX 512 /* messages told and not yet deleted; more stay on the modem, untold */
#define INBOX_WATCH_MS  15000 /* between sweeps of all stores while somebody is being paged */
#define INBOX_LOOK_MS   500   /* from a notice, a text or a call to a sweep of all stores */
#define INBOX_RETRY_MS  5000  /* the modem refused: again after */
#define INBOX_DELETES \
	3 /* said OK and the message is still there: another store is tried, then told */

struct inbox; /* opaque: belongs to whoever called inbox_new */

int inbox_new(struct inbox **out, int64_t poll_ms, struct err *err);
void inbox_free(struct inbox *inbox); /* NULL is fine */

/* The modem was initialised with these stores ("" for none); the first one is selected.  All are swept at once; deletes
 * wait until their message was seen again, the SIM card may be another one. */
void inbox_start(struct inbox *inbox, const char *main_memory, const char *other_memory,
		 struct when now);

/* Sweeps all stores then, without waiting for their turn: after a send, after a call. */
void inbox_sweep(struct inbox *inbox, int64_t at_mono_ms);

/* Somebody is being paged: an answer may come.  All stores every INBOX_WATCH_MS; otherwise one of them in turn every poll_ms. */
void inbox_watch(struct inbox *inbox, bool watched, struct when now);

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
bool inbox_listing(const struct inbox *inbox); /* that command is one */

void inbox_delete(struct inbox *inbox, const char *memory, int index, struct when now);

int64_t inbox_deadline(const struct inbox *inbox);
/* What is known of the stores by now; how many there are, at most DEVICE_STORES. */
size_t inbox_levels(const struct inbox *inbox, struct device_store stores[DEVICE_STORES]);

/* The next DEVICE_EVENT_STORAGE; false: none. */
bool inbox_take(struct inbox *inbox, struct device_event *event);

#endif
