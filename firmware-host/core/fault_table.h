/* fault_table.h - all that can be wrong with the gateway, in plain words: what and why, what was seen, what to do.
 *
 * One row a fault: docs/faults.md is made from it (make faults), and whoever finds the fault raises it by its id
 * (faults_raise() in inside.h).  Rows may be added anywhere; an id that is in the world does not change.
 */
#ifndef CORE_FAULT_TABLE_H
#define CORE_FAULT_TABLE_H

#include "base/buf.h"
#include "base/err.h"

enum fault_grade { /* who is told (DESIGN.md 3, operators) */
		   FAULT_GRADE_NONE,
		   FAULT_REMARK, /* nobody: it stands in `tocsin faults` */
		   FAULT_PATH,   /* a text in waking hours, and again each day while it lasts */
		   FAULT_NO_PATH, /* the operators are paged and last_resort_command runs; so with: */
		   FAULT_STORE,
		   FAULT_CLOCK,
		   FAULT_GRADES
};

enum fault_id {
	FAULT_NONE,
	/* a path as such */
	FAULT_PATH_ABSENT,
	FAULT_PATH_SILENT,
	FAULT_PATH_STARTING,
	FAULT_PATH_SEARCHING,
	FAULT_PATH_DENIED,
	FAULT_PATH_STRANGER,
	FAULT_PATH_STORAGE,
	FAULT_PATH_NETCARD,
	FAULT_POWER_SUSPECTED,
	FAULT_PORT_BUSY,
	FAULT_PORT_CONTESTED,
	FAULT_PORT_FOREIGN,
	FAULT_USB_SLEEPS,
	/* what it is for */
	FAULT_SIGNAL_FADING,
	FAULT_SIM_LOCKED,
	FAULT_SIM_ABSENT,
	FAULT_SIM_EXPIRED,
	FAULT_SIM_CREDIT,
	FAULT_SIM_CENTRE,
	FAULT_SMS_REFUSED,
	FAULT_SMS_LOST,
	FAULT_SMS_REPORTS,
	FAULT_SMS_DEAF,
	FAULT_VOICE_DEAD,
	FAULT_VOICE_DEAF,
	FAULT_VOICE_KEYS,
	FAULT_PROOF_LATE,
	FAULT_STORAGE_HALF,
	FAULT_STORAGE_STUCK,
	FAULT_BUDGET_HALF,
	FAULT_BUDGET_SPENT,
	/* all paths together */
	FAULT_NETWORK_SAME,
	FAULT_CARRIER_SAME,
	FAULT_PATHS_NONE,
	/* the house itself */
	FAULT_CALENDAR_OLD,
	FAULT_STORE_FAILING,
	FAULT_STORE_DAMAGED,
	FAULT_CLOCK_UNTRUSTED,
	FAULTS
};

struct fault_kind {
	const char *id; /* "path.silent"; of one modem and first word there is one text a day */
	enum fault_grade grade;
	int hold_min;         /* it lasts this long before anybody is told */
	const char *slots;    /* the facts that `evidence` wants, blanks between */
	const char *sentence; /* what is wrong, and why; {modem} is the modem's name */
	const char *evidence; /* what was seen; {slot} is a fact */
	const char *next;     /* what to do */
};

#define FAULT_FACTS_MAX 4
#define FAULT_EVIDENCE  200

struct fault_facts { /* what was seen, for the slots of its evidence */
	struct {
		const char *slot;
		char value[120];
	} at[FAULT_FACTS_MAX];
	size_t count;
};

const struct fault_kind *fault_kind(enum fault_id id);
enum fault_id fault_find(struct span id); /* "path.silent"; FAULT_NONE: no such */
const char *fault_grade_name(enum fault_grade grade);

void fault_fact(struct fault_facts *facts, const char *slot, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The sentence with the modem's name in it ("" of a fault of the whole gateway). */
void fault_sentence(enum fault_id id, const char *modem, struct buf *out);

/* The evidence with its facts; one that is not given is shown as "?". */
void fault_evidence(enum fault_id id, const struct fault_facts *facts, struct buf *out);

#endif
