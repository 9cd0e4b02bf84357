/* rows.h - what the gateway hands out to be stored, and gets back when it starts.
 *
 * Current state is rows, written whole and replaced by id; `event` is history, written in the same batch and never replayed.
 */
#ifndef CORE_ROWS_H
#define CORE_ROWS_H

#include "core/fault_table.h"
#include "dialplan/contact.h"
#include "dialplan/page.h"
#include "dialplan/rota.h"
#include "modem/device.h"

#define ROW_MODEM 24

/* One text or call on its way, from its wish to its end. */
enum attempt_kind {
	ATTEMPT_NONE,
	ATTEMPT_TEXT,
	ATTEMPT_CALL,
	ATTEMPT_NOTE,
	ATTEMPT_PROOF,
	ATTEMPT_KINDS
};

enum attempt_state {
	ATTEMPT_STATE_NONE,
	ATTEMPT_QUEUED,    /* a passive text that waits for a path; due */
	ATTEMPT_IN_FLIGHT, /* committed, then handed to the modem; found at a start: unknown */
	ATTEMPT_ACCEPTED,
	ATTEMPT_DELIVERED,   /* status report: on the handset */
	ATTEMPT_UNDELIVERED, /* status report: failed for good */
	ATTEMPT_REFUSED,
	ATTEMPT_UNKNOWN,
	ATTEMPT_DROPPED, /* no longer needed before it went out */
	ATTEMPT_STATES
};

struct attempt {
	int64_t id;
	enum attempt_kind kind;
	enum attempt_state state;
	int64_t notice; /* 0 for a passive text */
	int64_t page;   /* 0 when none, or several */
	char person[PLAN_NAME];
	char number[PLAN_E164];
	char modem[ROW_MODEM];
	char *text; /* of a text; NULL in a call */
	int rank;
	int tries;
	int64_t due; /* mono_ms, while QUEUED */
	int64_t queued_utc_s;
	int64_t began_utc_s;
	int64_t ended_utc_s;
	int mr[16];
	size_t mr_count;
	enum device_call_end end;
	int cause;
	int64_t talked_s;
};

void attempt_free(struct attempt *attempt); /* and itself; NULL is fine */
struct attempt *attempt_copy(const struct attempt *attempt);
const char *attempt_state_name(enum attempt_state state);
const char *attempt_kind_name(enum attempt_kind kind);
const char *call_end_name(enum device_call_end end);

/* One received text part, as it came. */
struct inbound {
	int64_t id;
	int64_t utc_s;
	char modem[ROW_MODEM];
	char number[PDU_ADDRESS_MAX];
	char person[PLAN_NAME]; /* "" a stranger */
	char *text;             /* of the part */
	char hex[PDU_HEX_MAX];
	bool whole;      /* its message is complete: not fed again at a start */
	char action[40]; /* what came of it: "ack", "answered", "stored", … */
};

void inbound_free(struct inbound *inbound); /* and itself; NULL is fine */
struct inbound *inbound_copy(const struct inbound *inbound);

struct event {
	int64_t id;
	int64_t utc_s;
	int64_t page;  /* 0 none */
	char name[32]; /* "page.opened", "step.started", "sms.accepted", "call.answered", … */
	char person[PLAN_NAME];
	char modem[ROW_MODEM];
	char *text; /* readable detail; may be NULL */
};

struct answered { /* a request id that has been answered with a page */
	char request[64];
	int64_t page;
	int64_t utc_s;
};

struct spent { /* a modem's counters of the day */
	char modem[ROW_MODEM];
	struct guard_counts counts;
};

/* Something that is wrong, or was when the operators were last told; one a kind and modem. */
struct fault {
	enum fault_id id;
	char modem[ROW_MODEM]; /* "" the whole gateway's */
	char evidence[FAULT_EVIDENCE];
	bool stands;
	int64_t since_utc_s; /* it began, the last time */
	int64_t ended_utc_s; /* 0 while it stands */
	int64_t told_utc_s;  /* the operators were last told; 0 never */
	int64_t came;        /* times since then */
	int64_t page;        /* the page to the operators about it; 0 none */
	int64_t due;         /* mono_ms from which they are told; not stored */
};

/* News on its way to a webhook. */
struct post {
	int64_t id;
	char hook[PLAN_NAME];
	char kind[16]; /* "acked", "ticket", "digest", … */
	int64_t page;  /* 0 none, or several */
	char *body; /* a JSON object; of a digest: the objects of its pages, with commas between */
	int tries;
	int64_t due; /* mono_ms of the next try */
	int64_t made_utc_s;
	bool over; /* posted or given up: its row goes */
};

void post_free(struct post *post); /* and itself; NULL is fine */
struct post *post_copy(const struct post *post);

struct fault *fault_copy(const struct fault *fault);

/* What a path is for.  Its health is the age of the last success of each (DESIGN.md 5), not a status bit. */
enum path_function {
	PATH_SMS_OUT, /* the network took a text */
	PATH_REPORT,  /* a delivery report came: it arrived */
	PATH_SMS_IN,
	PATH_CALL_OUT, /* the far phone rang */
	PATH_CALL_IN,  /* a call of another modem was seen */
	PATH_KEY,      /* a key was heard */
	PATH_FUNCTIONS
};
const char *path_function_name(enum path_function function);

struct health {
	char modem[ROW_MODEM];
	int64_t last_utc_s[PATH_FUNCTIONS]; /* 0 never */
	int64_t proved_utc_s;               /* the last proof that went through; 0 none */
	int64_t latency_ms;                 /* of its last text to another modem that arrived */
	int64_t sent;                       /* proofs so far */
	int64_t lost;                       /* of them, those that did not arrive in time */
};

/* How texts and calls by one path, while it is on one network, to one number ended; number "": to all together. */
struct route {
	char modem[ROW_MODEM];
	char plmn[8];
	char number[PLAN_E164];
	int64_t used_utc_s;
	struct route_end {
		int64_t good_utc_s; /* 0 never */
		int64_t bad_utc_s;
		int64_t bad; /* since the last good one */
	} end[2];            /* texts, calls */
};

struct health *health_copy(const struct health *health);
struct route *route_copy(const struct route *route);
/* A small record that seldom changes (a silence, a task, a handover): lines of "key value" (decision 0010). */
struct memo {
	int64_t id;
	char kind[16];
	char *text;
	bool over; /* its row goes */
};

void memo_free(struct memo *memo); /* and itself; NULL is fine */
struct memo *memo_copy(const struct memo *memo);

/* The value of a key, borrowed; empty when it has none.  memo_int: 0 when it is no number. */
struct span memo_get(const struct memo *memo, const char *key);
int64_t memo_int(const struct memo *memo, const char *key);
/* Replaces it; line ends in it become blanks, an empty value takes it out.  False: out of memory, nothing changed. */
bool memo_set(struct memo *memo, const char *key, const char *value);
bool memo_set_int(struct memo *memo, const char *key, int64_t value);

/* What became of a PIN. */
enum card_pin {
	CARD_PIN_NONE,
	CARD_PIN_TRIED, /* entered, or about to be: no word yet */
	CARD_PIN_WORKED,
	CARD_PIN_FAILED, /* never again, until another one is configured */
	CARD_PINS
};

/* What is known of a SIM card. */
struct card {
	char key[28]; /* its ICCID; "modem NAME" while that is not known, and for what is about the modem's contract */
	char modem[ROW_MODEM];      /* it was last in */
	char smsc[PDU_ADDRESS_MAX]; /* good: a text went out by it; "" unknown */
	enum card_pin pin;
	int64_t pin_print;     /* of the PIN that was last entered: sims_print() */
	int pin_tries;         /* that were left before; -1 unknown */
	int64_t balance;       /* in hundredths */
	int64_t balance_utc_s; /* when that was said; 0 never */
	int64_t asked_utc_s;   /* when it was last asked for */
	int expiry_told;       /* the countdown's last reminder: 1 + days; 0 none */
	int64_t seen_utc_s;
};

struct card *card_copy(const struct card *card);

struct radio_range {
	int64_t samples, sum;
	int min, max;
};

/* A modem's signal (dBm) and temperature (degrees Celsius) in one hour. */
struct radio_hour {
	char modem[ROW_MODEM];
	int64_t hour; /* since 1970, UTC */
	struct radio_range signal, heat;
};

struct radio_hour *radio_copy(const struct radio_hour *hour);

enum row_kind {
	ROW_NONE,
	ROW_PAGE,
	ROW_NOTICE,
	ROW_ATTEMPT,
	ROW_INBOUND,
	ROW_EVENT,
	ROW_ANSWERED,
	ROW_SPENT,
	ROW_ROTA,
	ROW_CALENDAR,
	ROW_FAULT,
	ROW_HEALTH,
	ROW_ROUTE,
	ROW_POST,
	ROW_MEMO,
	ROW_CARD,
	ROW_RADIO,
	ROW_KINDS
};

struct row { /* owns what it points to */
	enum row_kind kind;
	union {
		struct page *page;
		struct notice *notice;
		struct attempt *attempt;
		struct inbound *inbound;
		struct event *event;
		struct answered *answered;
		struct spent *spent;
		struct rota_entry *rota;
		struct rota_calendar *calendar;
		struct fault *fault;
		struct health *health;
		struct route *route;
		struct post *post;
		struct memo *memo;
		struct card *card;
		struct radio_hour *radio;
	} of;
};

struct batch {
	uint64_t number; /* 1, 2, 3 … without gaps in one run */
	struct when now; /* the turn that made it: deadlines in its rows are relative to this */
	struct row *rows;
	size_t count;
	size_t cap;
};

void row_free(struct row *row);       /* what it holds */
void batch_free(struct batch *batch); /* its rows, not itself; repeatable */
int batch_add(struct batch *batch, struct row row,
	      struct err *err); /* takes over the row, also on failure */

/* A row that could not be read.  It was left where it is. */
struct damaged {
	int64_t open_page;  /* id of a page that is not known to be over; 0: anything else */
	char what[160];     /* table, id, column */
	char readable[120]; /* of a page: what its row still says */
};

/* What the store holds of unfinished business, deadlines already in mono_ms of this run. */
struct snapshot {
	struct page **pages; /* not resolved, and resolved ones of the last hour (late replies) */
	size_t page_count;
	struct notice *notices; /* not closed */
	size_t notice_count;
	struct attempt *
		*attempts; /* queued, in flight, and accepted ones of the last hour (reports) */
	size_t attempt_count;
	struct inbound **inbound; /* parts whose message is not whole, and the last 200 */
	size_t inbound_count;
	struct answered *answered; /* of the last day */
	size_t answered_count;
	struct spent *spent;
	size_t spent_count;
	struct fault *faults; /* standing ones, and those of the last week */
	size_t fault_count;
	struct health *health;
	size_t health_count;
	struct route *routes; /* the last used first */
	size_t route_count;
	struct memo **memos;
	size_t memo_count;
	struct post **posts; /* not over */
	size_t post_count;
	struct card *cards;
	size_t card_count;
	struct radio_hour *radio; /* of the last fortnight, the oldest first */
	size_t radio_count;
	struct { /* codes in use or released in the last 7 days */
		char code[CODE_SIZE];
		int64_t released_utc_s; /* 0 in use */
	} * codes;
	size_t code_count;
	struct damaged *damaged; /* left out of all the others */
	size_t damaged_count;
	struct rota rota; /* overrides and absences of the last 400 days and to come; calendars */
	int64_t last_page, last_notice, last_attempt, last_inbound, last_event,
		last_rota;  /* highest ids ever given */
	int64_t last_utc_s; /* the newest stamp in the store: a floor for the wall clock */
};

void snapshot_free(struct snapshot *snapshot); /* what it still holds; repeatable */

#endif
