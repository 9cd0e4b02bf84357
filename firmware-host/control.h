/* control.h - the unix socket: one JSON object a line in, one a line out.
 *
 * Knows lines, clients and JSON, but no command: whole requests go to `request`, and answers come back by
 * ticket.  Each client's commands are answered in their order, one at a time; a slow or silent client holds up
 * nobody but itself.
 */
#ifndef CONTROL_H
#define CONTROL_H

#include "core/gateway.h"
#include "loop.h"
#include "quarantine.h"

#define CONTROL_LINE_MAX    ((size_t)256 * 1024)
#define CONTROL_CLIENTS_MAX 64

struct control;

struct control_calls {
	/* The request and its texts are borrowed for the call.  One control_answer or control_say must follow, in
	 * the call or later; control_stop, _free and _broadcast only later. */
	void (*request)(void *owner, const struct request *request);
	void *owner;
	struct quarantine *quarantine; /* lent; NULL none */
};

/* Listens on path, mode 0660.  A socket left behind by a dead process is replaced; one that answers is an error
 * (ERR_REFUSED).  loop is lent. */
int control_new(struct control **out, struct loop *loop, const char *path,
		struct control_calls calls, struct err *err);
void control_free(struct control *control); /* removes the socket; NULL is fine */

/* Takes no more clients and reads no more commands; what is asked already is still answered. */
void control_stop(struct control *control);
bool control_idle(const struct control *control); /* nothing waits for an answer or to be sent */

/* json is one object without a newline.  A ticket whose client has gone is ignored. */
void control_answer(struct control *control, uint64_t ticket, struct span json);

/* The short form of it: {"ok":…,"status":…} and the error, if any. */
void control_say(struct control *control, uint64_t ticket, int status, const char *error);

/* From now on this client also gets every line of control_broadcast; one that does not read is dropped. */
void control_follow(struct control *control, uint64_t ticket);
void control_broadcast(struct control *control, struct span json);

#endif
