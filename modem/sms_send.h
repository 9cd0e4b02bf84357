/* sms_send.h - one submit of one or several parts (27.005 3.5.1): what to say next, and how it ended.
 *
 * Every part is encoded and passes the dial guard before the first byte.  The owner asks for the next command when the
 * line is free and reports what became of it; it never asks twice for one part.
 */
#ifndef MODEM_SMS_SEND_H
#define MODEM_SMS_SEND_H

#include "modem/at_engine.h"
#include "modem/device.h"

struct sms_send; /* opaque: belongs to whoever called sms_send_new */

/* 0, or -1 with err: ERR_REFUSED (guard), ERR_INVALID, ERR_NOMEM.  ref is the concatenation reference. */
int sms_send_new(struct sms_send **out, const struct device_sms *sms, unsigned ref,
		 struct guard *guard, struct when now, struct err *err);
void sms_send_free(struct sms_send *send); /* NULL is fine */

/* A service centre that takes no validity period is asked again without one.
 * False: ended, or a part is in flight.  text has room for the command; command's spans point into send and text. */
#define SMS_SEND_COMMAND_MAX 24
bool sms_send_next(struct sms_send *send, struct at_command *command,
		   char text[SMS_SEND_COMMAND_MAX]);

/* A line of the answer.  True: it is the message reference, so a final result is a formality. */
bool sms_send_line(struct sms_send *send, struct span line);
void sms_send_final(struct sms_send *send, const struct at_event *event, enum at_codes codes);
/* The part in flight was refused for a reason that is gone: it is said once more. */
void sms_send_again(struct sms_send *send);
void sms_send_no_prompt(struct sms_send *send); /* refused: nothing went out */
void sms_send_silent(struct sms_send *send);    /* unknown, unless the reference was seen */
void sms_send_lost(struct sms_send *send);      /* port or modem gone */

/* DEVICE_OUTCOME_NONE while it goes on. */
enum device_outcome sms_send_outcome(const struct sms_send *send);

/* Fills attempt, outcome, cause, mr, mr_count and kind. */
void sms_send_event(const struct sms_send *send, struct device_event *event);

#endif
