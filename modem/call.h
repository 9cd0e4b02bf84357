/* call.h - one voice call, from dialling (or picking up) until the modem has let go of it.
 *
 * The owner feeds it the results of the commands it asked for, every other line of the modem, and the clock; after
 * each of these it takes what is to be done, until there is nothing left:
 *
 *	call_line(call, text, now);
 *	while (call_take(call, &todo))
 *		...;
 *
 * It knows the call-progress lines of all families at once (27.007 +CLCC, SIMCom, Quectel, Huawei, u-blox, Telit).
 * Nothing here blocks, logs, calls back, or reads a clock.
 */
#ifndef MODEM_CALL_H
#define MODEM_CALL_H

#include "base/err.h"
#include "base/span.h"
#include "base/when.h"
#include "modem/at_final.h"
#include "modem/device.h"

enum call_state {
	CALL_NONE, /* reserved: an empty rule */
	CALL_IDLE,
	CALL_DIALLING,
	CALL_ALERTING, /* the far phone rings */
	CALL_CONFIRMING, /* said to be answered: must hold CALL_CONFIRM_MS, early media may look the same */
	CALL_TALKING,
	CALL_BLIND, /* the modem tells nothing of its calls: spoken into, for whenever it is answered */
	CALL_PICKING_UP, /* somebody rings us: ATA was asked for */
	CALL_HANGING_UP, /* we end it: +CHUP was asked for */
	CALL_CLEARING, /* ended: waiting until +CLCC no longer lists it, CALL_CLEAR_POLLS at most */
	CALL_OVER,
	CALL_STATES
};

#define CALL_CONFIRM_MS    1000
#define CALL_QUICK_MS      1000 /* NO CARRIER within this of ATD or its OK: the network refused */
#define CALL_BLIND_MS      5000 /* no word of the call's state for so long after ATD's OK */
#define CALL_SETUP_POLL_MS 500
#define CALL_TALK_POLL_MS  2000
#define CALL_KEY_MORE_MS \
	12000 /* after a key at least this is left to go on keying and to hear what came of it … */
#define CALL_KEY_LIMIT_MS 30000 /* … but the talk limit is exceeded by no more */
#define CALL_PICK_UP_MS   15000 /* ATA without a sign of a call */
#define CALL_HANG_UP_MS   10000 /* +CHUP without a result: go on */
#define CALL_CLEAR_MS     10000
#define CALL_CLEAR_POLLS  3

/* What the owner has to do, handed out in this order. */
enum call_todo_kind {
	CALL_TODO_NONE,
	CALL_REPORT_DIALLED,  /* the modem took ATD; at most once, as the next two */
	CALL_REPORT_ALERTING, /* the far phone rings */
	CALL_REPORT_ANSWERED, /* speak now */
	CALL_REPORT_BLIND,    /* speak now, nobody knows whether it was answered */
	CALL_REPORT_KEY,      /* `key` */
	CALL_DIAL,            /* write ATD<number>;, then call_dialled with its final result */
	CALL_PICK_UP,         /* write ATA, then call_dialled with its final result */
	CALL_HANG_UP,         /* write AT+CHUP, then call_hung_up */
	CALL_ASK_CAUSE, /* write AT+CEER; feed its lines to call_line; the final result is not wanted */
	CALL_POLL, /* write AT+CLCC; feed its lines to call_line, then call_polled.  One at a time */
	/* the last one: call_result, then call_free; a +CHUP asked for just before is still to be written, its result
	 * is nobody's */
	CALL_REPORT_OVER,
	CALL_TODOS
};

struct call_todo {
	enum call_todo_kind kind;
	char key; /* 0-9 * # A-D */
};

struct call_limits {
	int64_t ring_ms; /* from dialling until we give up */
	int64_t talk_ms; /* from answer until we hang up; of a blind call: after the ring limit */
};

/* As in DEVICE_EVENT_CALL_ENDED. */
struct call_result {
	enum device_call_end end;
	enum device_outcome outcome; /* accepted: the network took the call, whatever came of it */
	int cause; /* 24.008 10.5.4.11 (or the +CME code of a refused ATD); -1 unknown */
	int64_t talked_ms; /* from the confirmed answer, or from speaking blindly, to the first sign of the end */
};

struct call; /* opaque: belongs to whoever called call_new */

/* Copies number, E.164 with its "+".  0, or -1 with err: ERR_INVALID, ERR_NOMEM. */
int call_new(struct call **out, struct span number, struct call_limits limits, struct err *err);
/* Somebody rings us; number: as the network says it, perhaps empty.  Nothing but the talk limit counts. */
int call_new_incoming(struct call **out, struct span number, int64_t talk_ms, struct err *err);
void call_free(struct call *call); /* NULL is fine */

/* Once.  To be called when ATD (or ATA) can be written at once: the ring limit runs from here. */
void call_start(struct call *call, struct when now);

/* The final result of ATD or ATA.  kind AT_FINAL_NONE: it had none in its time. */
void call_dialled(struct call *call, struct at_final final, struct when now);

/* Any line that is not a final result of a pending command: unsolicited, a +CLCC row, a +CEER text.  NO CARRIER and its
 * like too, while no ATD waits.  True: it was about a call or a key, nobody else need look at it. */
bool call_line(struct call *call, struct span line, struct when now);

/* The poll has ended.  ok false: an error or no final result; that says nothing about the call. */
void call_polled(struct call *call, bool ok, struct when now);

/* The host has heard a key in the line's sound; the modem may tell of the same press, before or behind (keys.h). */
void call_key(struct call *call, char key, struct when now);

void call_hung_up(struct call *call, struct when now); /* +CHUP had its result, whatever it was */
void call_stop(struct call *call, struct when now);    /* the owner wants it ended */
void call_lost(struct call *call, struct when now);    /* port or modem gone */
void call_tick(struct call *call, struct when now);

bool call_take(struct call *call, struct call_todo *todo);

enum call_state call_state(const struct call *call);
bool call_hears(const struct call *call); /* talking, or perhaps: it may be spoken into */
const char *call_number(const struct call *call);
int64_t call_deadline(const struct call *call); /* mono_ms, or WHEN_NEVER */

/* Final once CALL_REPORT_OVER was taken; end is DEVICE_CALL_END_NONE before the end. */
struct call_result call_result(const struct call *call);

const char *call_state_name(enum call_state state);

#endif
