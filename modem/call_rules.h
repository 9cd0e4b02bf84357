/* call_rules.h - the whole behaviour of a call as a table, and what causes mean.  For call.c only. */
#ifndef MODEM_CALL_RULES_H
#define MODEM_CALL_RULES_H

#include "modem/call.h"

enum call_event {
	EV_START,
	EV_PICK_UP,
	EV_TAKEN,       /* ATD: OK */
	EV_NO_RESULT,   /* ATD without a final result */
	EV_DIAL_FAILED, /* ATD: an error */
	EV_PROGRESS,    /* the modem says it is still dialling */
	EV_ALERTING,
	EV_ACTIVE, /* one sign of an answer */
	EV_UNTOLD, /* no word of its state */
	EV_AGREED, /* status and explicit notice say the same */
	EV_BUSY,
	EV_NO_ANSWER,
	EV_REFUSED, /* NO DIALTONE; or cut off at once */
	EV_CUT,     /* NO CARRIER, or a line that says "ended" */
	EV_GONE,    /* no longer listed */
	EV_STUCK,   /* listed for ever */
	EV_KEY,
	EV_STOP,
	EV_HUNG_UP, /* +CHUP had its result */
	EV_LOST,
	EV_LIMIT, /* the state's deadline */
	EVENTS
};

struct call_rule {
	enum call_state next; /* CALL_NONE: the event is ignored in this state */
	enum call_todo_kind todo;
	enum device_call_end end; /* recorded unless an earlier one was */
};

const struct call_rule *call_rules_find(enum call_state state, enum call_event event);

/* What a 24.008 cause (10.5.4.11) makes of a call that ended before it was answered; NULL: nothing, as with "normal
 * clearing". */
struct call_meaning {
	int first, last;
	enum device_call_end end;
	enum device_outcome outcome;
};

const struct call_meaning *call_rules_meaning(int cause);

#endif
