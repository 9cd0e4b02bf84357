/* state.h - what the gateway is made of: the structs that core/ works on.  Part of inside.h. */
#ifndef CORE_STATE_H
#define CORE_STATE_H

#include "base/jsonw.h"
#include "core/drill.h"
#include "core/gateway.h"
#include "core/means.h"
#include "core/mend.h"
#include "core/pin.h"
#include "core/proof.h"
#include "dialplan/challenge.h"
#include "dialplan/contact.h"
#include "dialplan/effect.h"
#include "dialplan/escalation.h"
#include "dialplan/text.h"
#include "modem/device.h"
#include "modem/parts.h"

/* A call from its commit to its end. */
struct live_call {
	int64_t attempt; /* 0: none */
	char person[PLAN_NAME];
	int rank;
	bool incoming;          /* they rang us; `attempt` then is no row */
	bool enrols;            /* a test of their phone, no page; no row either */
	char number[PLAN_E164]; /* that was called */
	int64_t page;           /* incoming: the first page that they hear of; 0 none */
	bool answered;
	bool keyed;     /* a human touched a key: nothing but its own end stops it */
	bool closing;   /* the last words are being spoken */
	char why[60];   /* we end it */
	int64_t due;    /* mono_ms: say it again, or hang up when closing; WHEN_NEVER none */
	int64_t known;  /* mono_ms from which its keys may have been heard; WHEN_NEVER not yet */
	int64_t likely; /* mono_ms from which they have been, by an ordinary voice */
	int64_t rang;   /* mono_ms at which it was dialled, or began to ring */
	struct challenge challenge;
	bool soon; /* after its ringing: perhaps not by a person, and a wrong try makes it doubtful */
	bool doubtful; /* a machine may be pressing: the right keys are asked for a second time, others */
	unsigned heard;                /* bit n: digit n came unasked */
	enum challenge_answer pending; /* right once; asked for again */
	unsigned noticed;              /* bit n: enum gateway_notice n */
	enum challenge_answer verb;    /* incoming: the challenge was right, the PIN is awaited */
	char pin[PIN_MAX + 2];
};

#define RADIO_HOURS 336 /* a fortnight */

struct radio_log {
	struct radio_hour hours[RADIO_HOURS]; /* the newest last */
	size_t count;
	struct radio_hour current; /* being gathered */
	int64_t signal_heard_ms, heat_heard_ms;
};

/* A modem with its SIM. */
struct path {
	struct gateway_modem modem;
	struct device *device;
	struct guard *guard;
	struct radio_log *radio;
	struct parts *parts;
	bool open;
	bool opened; /* ever */
	struct mend mend;
	int64_t start_due; /* mono_ms until which a port that was opened is given time to get ready */
	bool was_up;       /* in this run */
	int64_t up_ms;     /* mono_ms at which it came up last */
	int64_t down_ms;   /* mono_ms since which it cannot be used; WHEN_NEVER while it can */
	bool spent_dirty;
	int64_t sending; /* attempt id, from its commit to its end */
	struct live_call call;
	int64_t balance_due; /* mono_ms: is it time to ask? */
	int64_t stamp_utc_s,
		stamp_heard_ms; /* a message centre's, of the last text that came; 0 none */
	struct path_tries {
		int failures;           /* in a row */
		int64_t rest_due;       /* mono_ms until which another path is preferred */
		char number[PLAN_E164]; /* of the first of them */
		bool several;           /* they were to several numbers */
	} tries[2];                     /* texts, calls */
	int keyless;                    /* answered calls in a row without a key */
	char keyless_person[PLAN_NAME];
	bool keyless_several;
	struct health health;
	bool health_dirty;
	int mute_rounds; /* rounds of proofs in a row without a delivery report */
};

struct route_slot {
	struct route route;
	bool dirty;
};

struct page_slot {
	struct page *page;
	bool dirty;
};

struct contact_slot {
	struct contact contact;
	bool dirty;
	bool check;     /* may have become unreachable */
	int passive;    /* answers in a row */
	bool helped;    /* what they wrote had no meaning, and they were told what has: once */
	int pins_wrong; /* in a row */
	int64_t pin_rest_due; /* mono_ms until which no PIN of theirs counts */
};

struct attempt_slot {
	struct attempt *attempt;
	int64_t ended_ms; /* mono_ms, when it was tried in this run */
	bool dirty;
};

struct fault_slot {
	struct fault fault;
	bool known;   /* it has lasted long enough to be told */
	bool telling; /* in the text that is being made */
	bool dirty;
};

struct memo_slot {
	struct memo *memo;
	bool dirty;
	uint64_t batch; /* that it was last written with */
};

struct post_slot {
	struct post *post;
	bool dirty;
	bool posting;   /* handed out, not answered yet */
	uint64_t batch; /* that stores it as it is now */
};

struct watch_slot { /* by the name of what is watched */
	char name[PLAN_NAME];
	int64_t probe;     /* the question that is out; 0 none */
	bool wanted;       /* … and is to be taken */
	int64_t due;       /* mono_ms: it is asked again, or a beat is overdue; 0 from the start */
	int64_t heard_ms;  /* of the last answer or beat */
	int64_t bad_ms;    /* since when; WHEN_NEVER: it is well */
	int64_t well_ms;   /* since when; WHEN_NEVER: it is bad */
	int64_t raised_ms; /* its page was opened; WHEN_NEVER: it has none */
	char seen[160];    /* what is bad, in words */
};

struct card_slot {
	struct card card;
	bool dirty;
};

enum held_kind { HELD_ANSWER, HELD_TEXT, HELD_CALL, HELD_SPEAK, HELD_DELETE, HELD_PIN };

/* Something that leaves the house once batch `batch` is committed. */
struct held {
	uint64_t batch;
	enum held_kind kind;
	struct answer answer; /* HELD_ANSWER */
	bool accepts;         /* it promises that something is durable */
	int64_t attempt;      /* HELD_TEXT, HELD_CALL, HELD_SPEAK */
	size_t path;
	char memory[4]; /* HELD_DELETE */
	int index;
	char *text; /* HELD_SPEAK */
	bool last;  /* HELD_SPEAK: hang up behind it */
	bool known; /* HELD_PIN: it was right before */
};

struct seen { /* a received unit, so that it acts once */
	uint64_t hash;
	size_t path; /* where it stands, or stood */
	char memory[4];
	int index;        /* -1 nowhere */
	int64_t since_ms; /* mono_ms of the first sight, and of the last in this place */
	int64_t last_ms;
};

/* A received unit's row, until it is on disk and its message is whole. */
struct letter {
	struct inbound *row;
	uint64_t hash;
	size_t path;
	unsigned ref, total; /* of the message it is a part of */
	int64_t since_ms;    /* mono_ms of the message's first part */
	char memory[4];      /* where it stands on the modem */
	int index;           /* -1 nowhere */
	uint64_t batch;      /* that stores it */
	bool durable;
	bool failed; /* its batch did: to be written again */
	bool acted;  /* the part alone was enough */
};

/* A call from one modem to another, for its sound (loopback.c). */
struct loopback {
	uint64_t ticket;  /* who waits for the answer … */
	bool waits;       /* … still */
	int64_t attempt;  /* 0: none */
	size_t from, to;  /* paths */
	bool there, back; /* heard */
	int64_t due;      /* of the next tone */
	int64_t until;
};

struct gateway {
	struct plan *plan;
	struct gateway_budget budget;
	struct path paths[GATEWAY_MODEMS_MAX];
	size_t path_count;
	struct loopback loopback;
	struct codes *codes;
	uint64_t random;
	struct effects effects;

	struct page_slot *pages; /* not resolved, and those of the last hour; ascending ids */
	size_t page_count, page_cap;
	struct contact_slot *contacts;
	size_t contact_count, contact_cap;
	struct attempt_slot
		*attempts; /* unfinished, and those that may still get a report; ascending ids */
	size_t attempt_count, attempt_cap;
	struct answered *answered;
	size_t answered_count, answered_cap;
	struct seen *seen;
	size_t seen_count, seen_cap;
	struct letter *letters;
	size_t letter_count, letter_cap;
	struct proof proof;
	struct route_slot *routes;
	size_t route_count, route_cap;
	int64_t again_due; /* mono_ms: a text that waits for its path to be used again */
	struct fault_slot *faults;
	size_t fault_count, fault_cap;
	struct memo_slot *memos; /* ascending ids */
	size_t memo_count, memo_cap;
	int64_t last_memo;
	struct watch_slot *watches; /* as many as the plan has */
	size_t watch_count;
	int64_t watches_due; /* mono_ms */
	int64_t last_probe;
	struct {               /* the links, while they are asked */
		int64_t probe; /* 0: none is */
		bool wanted;
		int64_t last; /* memo */
	} links;
	struct {              /* the readiness drill */
		int64_t memo; /* 0: none is running */
		int64_t page; /* that is to be acked; 0 none */
		int64_t since_ms;
		int64_t due; /* mono_ms */
		bool looked; /* for one that a restart interrupted */
	} drill;
	int64_t handover_due;    /* mono_ms: who has what is looked at */
	int64_t chores_due;      /* mono_ms: what waits for a time of day is looked at */
	struct post_slot *posts; /* in the order in which they were made */
	size_t post_count, post_cap;
	int64_t last_post;
	struct card_slot *cards;
	size_t card_count, card_cap;
	int64_t sims_due;   /* mono_ms: dates are looked at again */
	int64_t faults_due; /* mono_ms: the soonest that one is to be told */

	struct rota rota;    /* the plan points to it */
	int64_t absence_due; /* UTC: the next absence that begins; WHEN_NEVER none */

	int64_t last_page, last_notice, last_attempt, last_inbound, last_event, last_rota;
	int64_t pages_due;    /* mono_ms: the soonest of all pages' deadlines */
	int64_t contacts_due; /* the same of all contacts */

	struct batch batch;  /* being gathered; its number is the next to be taken */
	uint64_t committed;  /* highest */
	bool store_failing;  /* from a failed commit until everything was written again */
	int64_t rewrite_due; /* mono_ms: everything is written again; WHEN_NEVER none */
	uint64_t rewrite;    /* the batch in which it is */
	struct held *held;
	size_t held_count, held_cap;
	struct gateway_child *children; /* to be taken */
	size_t child_count, child_cap;
	struct answer *answers; /* released, to be taken */
	size_t answer_count, answer_cap;
	struct enrolment enrolments[ENROLMENTS_MAX];
	int64_t started_utc_s;
	bool clock_doubtful;  /* says the shell */
	bool clock_untrusted; /* all in all */
	int64_t clock_off_s;  /* by so much, several say; 0 nobody */
	struct when turn;     /* the last input's instant */
};

#endif
