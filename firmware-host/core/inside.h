/* inside.h - the gateway's own parts, for core/ alone.
 *
 *   gateway.c   inputs, outputs, the pump            ledger.c   dirty rows, events, what waits for a commit
 *   restore.c   start, reload, a failing store       pages.c    pages, and the effects of the escalation engine
 *   fleet.c     what the modems report               mend.c     what is done about sick ones (mend.h)
 *   choice.c    which path; budgets                  routes.c   what went well by which path
 *   texts.c     texts on their way                   seen.c     messages that have come before
 *   calls.c     live calls; talk.c: speech and keys  inbox.c    received texts; replies.c: what they mean
 *   outbox.c    news for webhooks                    memos.c    small records
 *   silence.c   alerts that page nobody              chores.c   what waits for a time of day
 *   means.c     what each phone has proven           enrol.c    a person's phones are tried
 *   handover.c  a slot changes hands                 handoff.c  … by hand
 *   raise.c     pages that the gateway opens itself  watch.c    what it looks after
 *   drill.c     can everybody be paged? (drill.h)    links.c    do runbooks and dashboards open?
 *   jottings.c  what else the next must know
 *   ringing.c   calls that somebody makes to us      pin.c      their PINs
 *   voice.c     the sound of calls by way of the host; loopback.c: a call from modem to modem
 *   requests.c  commands; views.c: their JSON        replying.c what is done about them
 *   rota.c      who, schedule, override, absent      absence.c  those who are away
 *   faults.c    what is wrong; fault_tell.c: to whom  fault_watch.c  faults that are seen by looking
 *   balance.c   what SIMs still hold                radio.c    signal and temperature, hour by hour
 *   clock.c     who vouches for the wall clock       proof.c    modem to modem; proof_judge.c: what it says
 *   queries.c   what somebody asks a modem by hand   sims.c     SIM cards: PIN, service centre, dates
 */
#ifndef CORE_INSIDE_H
#define CORE_INSIDE_H

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
	int64_t stamp_utc_s,
		stamp_heard_ms; /* a message centre's, of the last text that came; 0 none */
	int failures;           /* in a row */
	int64_t rest_due;       /* mono_ms until which another path is preferred */
	int64_t sms_out_utc_s, report_utc_s, sms_in_utc_s, call_out_utc_s,
		key_utc_s; /* last success */
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

#define KEEP_S \
	3600 /* resolved pages and finished attempts are remembered for late replies and reports */
#define GATEWAY_HARD_STOP 5    /* times the budget: the guard's last word (DESIGN.md 5) */
#define REWRITE_MS        5000 /* between tries to store everything again */
#define PASSIVE_MAX       5    /* answers in a row to one person (DESIGN.md 4) */

/* ---- ledger.c ---- */
struct about { /* what an event is about; any of it may be missing */
	int64_t page;
	const char *person;
	const char *modem;
};
void ledger_record(struct gateway *g, struct when now, const char *name, struct about about,
		   const char *text);
void ledger_row(struct gateway *g, struct row row, struct when now); /* takes it over */
void ledger_answered(struct gateway *g, const struct answered *answered, struct when now);
void ledger_rota(struct gateway *g, const struct rota_entry *entry, struct when now);
void ledger_calendar(struct gateway *g, const struct rota_calendar *calendar, struct when now);
void ledger_hold(struct gateway *g, struct held held); /* takes over what it owns */
void ledger_release(struct gateway *g, uint64_t batch, bool durable, struct when now);
bool ledger_close(struct gateway *g,
		  struct when now); /* dirty things become rows; true if there are any */
void ledger_forget(struct gateway *g, struct when now); /* drops what is finished and stored */
void held_free(struct held *held);

/* ---- pages.c ---- */
struct page_slot *pages_find(struct gateway *g, int64_t id);
struct page_slot *pages_by_name(struct gateway *g,
				struct span id_or_code); /* "p17", or a code (newest) */
int pages_rank(const struct gateway *g, const struct page *page);
int pages_open(struct gateway *g, struct page *page, struct when now,
	       struct err *err); /* takes over */
void pages_tick(struct gateway *g, struct when now);
void pages_due(struct gateway *g); /* recomputes pages_due */
struct escalation pages_run(struct gateway *g, struct when now);
void pages_apply(struct gateway *g, struct page_slot *slot,
		 struct when now); /* carries out g->effects */
enum ack_result pages_ack(struct gateway *g, struct page_slot *slot, const struct ack *ack,
			  struct when now);

/* The network took an attempt to this person for these pages. */
void pages_took(struct gateway *g, const int64_t *ids, size_t count, const char *person,
		struct when now);

/* ---- contacts (pages.c) ---- */
struct contact_slot *contacts_find(struct gateway *g, const char *person); /* or NULL */
struct contact_slot *contacts_get(struct gateway *g,
				  const char *person); /* made if need be; NULL: memory */
struct contact_run contacts_run(struct gateway *g, const struct contact_slot *slot,
				struct when now);
void contacts_changed(struct gateway *g, struct contact_slot *slot);
const struct notice *contacts_notice(const struct contact *contact, int64_t id); /* or NULL */
void contacts_tick(struct gateway *g, struct when now);

/* ---- fleet.c ---- */
int fleet_find(const struct gateway *g, const char *modem);        /* index or -1 */
bool fleet_up(const struct path *path);                            /* open and ready */
void fleet_drain(struct gateway *g, size_t path, struct when now); /* the device's events */
void fleet_watch(struct gateway *g, struct when now); /* for answers, while a page is open */
void fleet_allow(struct gateway *g, struct when now); /* the guards' lists from the plan */

/* ---- choice.c ---- */
bool fleet_idle(const struct path *path); /* up, and nothing goes on */
/* A free path for what is wished, or NULL.  When a day's budget is spent, drills, repeats and passive texts stop. */
struct path *fleet_for_text(struct gateway *g, const struct contact_slot *who,
			    const struct contact_wish *wish, struct when now);
struct path *fleet_for_note(struct gateway *g, const struct attempt *attempt, struct when now);
struct path *fleet_for_call(struct gateway *g, const struct contact_slot *who,
			    const struct contact_wish *wish, struct when now);
bool fleet_texts_spent(const struct gateway *g, const struct path *path, struct when now);
bool fleet_calls_spent(const struct gateway *g, const struct path *path, struct when now);
/* How a text or call ended, for the choice of the next.  number: where it went; NULL: nowhere, the path itself failed. */
void fleet_result(struct path *path, bool call, bool good, const char *number, struct when now);

/* ---- routes.c ---- */
void path_worked(struct path *path, enum path_function function, struct when now);
/* How a text or call to this number ended, on the network that the path is registered on. */
void routes_note(struct gateway *g, const struct path *path, const char *number, bool call,
		 bool good, struct when now);
int64_t routes_burden(const struct gateway *g, const struct path *path, const char *number,
		      bool call, struct when now);
int routes_restore(struct gateway *g, const struct route *routes, size_t count);
void health_restore(struct gateway *g, const struct health *health, size_t count);

/* ---- texts.c ---- */
struct attempt_slot *attempts_find(struct gateway *g, int64_t id);
struct attempt_slot *attempts_new(struct gateway *g, enum attempt_kind kind, struct when now);
void texts_pump(struct gateway *g, int rank,
		struct when now); /* page texts of that rank or more severe */
void texts_pump_notes(struct gateway *g, struct when now);
bool texts_wish(struct gateway *g, struct contact_slot **slot, struct contact_wish *wish,
		struct when now);
void texts_begin(struct gateway *g, const struct held *held, struct when now);
void texts_sent(struct gateway *g, struct path *path, const struct device_event *event,
		struct when now);
void texts_report(struct gateway *g, struct path *path, const struct device_event *event,
		  struct when now);
void texts_note(struct gateway *g, const struct plan_person *person, const char *number,
		int64_t page, struct span text, struct when now);
void texts_operators(struct gateway *g, const char *text, struct when now);

/* ---- calls.c ---- */
void calls_pump(struct gateway *g, struct when now);
/* The call to make next.  With `path`: among those that a path is free for, which it gets; a second call that waits for the
 * modem of the first must not keep others from theirs. */
bool calls_choose(struct gateway *g, struct contact_slot **slot, struct contact_wish *wish,
		  struct path **path, struct when now);
bool calls_wish(struct gateway *g, struct contact_slot **slot, struct contact_wish *wish,
		struct when now);
void calls_begin(struct gateway *g, const struct held *held, struct when now);
void calls_event(struct gateway *g, struct path *path, const struct device_event *event,
		 struct when now);
void calls_tick(struct gateway *g, struct when now);
void calls_yield(struct gateway *g,
		 struct when now); /* a lower severity's call ends for a higher one */
/* They need not hear of this page any more: hangs up if nothing else is left to say. */
void calls_release(struct gateway *g, const char *person, const struct page *about,
		   struct when now);

/* The pages that a call to this person is about: those of every active notice.  Of the ids the caller frees the array. */
size_t calls_covered(struct gateway *g, const struct contact *contact, const struct page **pages,
		     size_t max);
int64_t *calls_covered_ids(const struct contact *contact, size_t *count);
uint64_t gateway_random(struct gateway *g);
void calls_record(struct gateway *g, const struct path *path, const char *name, const char *text,
		  struct when now);

/* ---- gateway.c ---- */
void gateway_pump(struct gateway *g, struct when now); /* whatever is wanted now */

/* ---- loopback.c ---- */
/* True: it was about the loopback call, nobody else need look. */
bool loopback_event(struct gateway *g, size_t index, const struct device_event *event,
		    struct when now);
void loopback_tick(struct gateway *g, struct when now);
int64_t loopback_deadline(const struct gateway *g);

/* ---- voice.c ---- */
void voice_fault(struct gateway *g, struct path *path, const struct device_event *event,
		 struct when now);

/* ---- talk.c ---- */
void talk_prepare(struct gateway *g, struct path *path,
		  struct when now); /* the message will be told soon */
void talk_say(struct gateway *g, struct path *path, struct when now); /* the message and its keys */
void talk_speak(struct gateway *g, const struct held *held, struct when now);
void talk_key(struct gateway *g, struct path *path, char digit, struct when now);

/* ---- ringing.c ---- */
void ringing_event(struct gateway *g, struct path *path, const struct device_event *event,
		   struct when now);
void ringing_idle(struct gateway *g, struct path *path, const struct plan_person *person,
		  struct when now); /* nothing waits for them: says so, and goodbye */
enum text_keys ringing_keys(struct gateway *g, const struct path *path,
			    const struct plan_person *person, struct when now);
void ringing_await_pin(struct path *path, enum challenge_answer answer, struct when now);
enum challenge_answer ringing_pin_key(struct gateway *g, struct path *path, char key,
				      struct when now);

/* ---- seen.c ---- */
uint64_t seen_print(const struct pdu *pdu, const char *hex);
/* True the first time; a modem that shows a message again (or a restart that reads it) is told apart from a second text. */
bool seen_first(struct gateway *g, struct seen seen, struct when now);

/* ---- inbox.c, replies.c ---- */
void inbox_received(struct gateway *g, size_t path, const struct device_event *event,
		    struct when now);
void inbox_restore(struct gateway *g, struct inbound *const *inbound, size_t count,
		   struct when now);
void inbox_tick(struct gateway *g, struct when now);
void inbox_committed(struct gateway *g, uint64_t batch);
void inbox_failed(struct gateway *g, uint64_t batch);
void inbox_rewrite(struct gateway *g, struct when now);
void inbox_drop(struct gateway *g);
/* Acts on a whole text from somebody in the roster; the name of what was done (static) for the timeline. */
struct reply_from {
	const struct plan_person *person;
	const char *number;
	const char *modem;
};
const char *replies_act(struct gateway *g, const struct reply_from *from, struct span text,
			struct when now);
/* The reply came as a picture message, which nobody reads: says so. */
const char *replies_picture(struct gateway *g, const struct reply_from *from, struct when now);

/* ---- faults.c, fault_watch.c: modem "" is the whole gateway ---- */

/* It is so, with this evidence: begins, or goes on with newer evidence.  Whoever raises a fault clears it too. */
void faults_raise(struct gateway *g, enum fault_id id, const char *modem,
		  const struct fault_facts *facts, struct when now);
void faults_raise_since(struct gateway *g, enum fault_id id, const char *modem,
			const struct fault_facts *facts, int64_t since_ms, struct when now);
void faults_clear(struct gateway *g, enum fault_id id, const char *modem, struct when now);
/* ... and has lasted as long as its kind wants. */
bool faults_stands(struct gateway *g, enum fault_id id, const char *modem);
int faults_restore(struct gateway *g, const struct fault *faults, size_t count, struct when now);
void faults_view(struct gateway *g, struct jsonw *json); /* the standing ones */
void faults_watch(struct gateway *g, struct when now);
void faults_text_ended(struct gateway *g, const struct path *path, const struct device_event *event,
		       struct when now);
void faults_call_ended(struct gateway *g, struct path *path, const struct device_event *event,
		       const char *why, struct when now);
void faults_key_heard(struct gateway *g, struct path *path, struct when now);
void faults_check_plan(struct gateway *g, struct when now);
void faults_tick(struct gateway *g, struct when now);

/* ---- fault_tell.c ---- */
void faults_tell(struct gateway *g, struct when now); /* whoever is to be told now */
void faults_over(struct gateway *g, struct fault_slot *slot, struct when now);
int64_t faults_asleep_s(const struct plan *plan, int64_t utc_s); /* until the operators are awake */

/* ---- radio.c ---- */
void radio_look(struct gateway *g, struct path *path, struct when now);
void radio_restore(struct gateway *g, const struct radio_hour *hours, size_t count);
bool radio_now(const struct path *path, int *dbm);   /* the mean of the last hours */
bool radio_usual(const struct path *path, int *dbm); /* of the fortnight before them */

/* ---- balance.c ---- */
bool balance_read(struct span text,
		  int64_t *hundredths); /* the likeliest amount of money in a carrier's words */
void balance_tick(struct gateway *g, struct when now);
void balance_answer(struct gateway *g, struct path *path, const struct device_event *event,
		    struct when now);
int64_t balance_deadline(const struct path *path);

/* ---- clock.c ---- */
void clock_stamp(struct path *path, const struct pdu *pdu, struct when now);
void clock_judge(struct gateway *g, struct when now);

/* ---- sims.c ---- */
int sims_restore(struct gateway *g, const struct card *cards, size_t count);
void sims_pin(struct gateway *g, size_t path, const struct device_event *event, struct when now);
void sims_enter(struct gateway *g, const struct held *held, bool durable, struct when now);
void sims_card(struct gateway *g, size_t path,
	       struct when now); /* another one, or its centre changed */
void sims_accepted(struct gateway *g, const struct path *path,
		   struct when now); /* a text went out by it */
void sims_tick(struct gateway *g, struct when now);
void sims_close(struct gateway *g, struct when now); /* changed ones become rows */
void sims_rewrite(struct gateway *g);
struct card *sims_change(struct gateway *g, const struct path *path,
			 struct when now); /* as sims_of, made if need be, to be stored */
struct card *sims_of(struct gateway *g,
		     const struct path *path); /* of the SIM in it; NULL: not known, or no memory */

/* ---- queries.c ---- */
void queries_answered(struct gateway *g, const struct path *path, const struct device_event *event);

/* ---- pins.c ---- */
enum pin_verdict {
	PIN_NONE, /* they have none */
	PIN_GOOD,
	PIN_WRONG,
	PIN_LOCKED, /* too many wrong ones: the operators know */
};
bool pins_rest(const struct contact_slot *who, struct when now); /* none of theirs counts */
enum pin_verdict pins_check(struct gateway *g, struct contact_slot *who, struct span pin,
			    struct when now);

/* ---- memos.c ---- */
struct memo *memos_add(struct gateway *g, const char *kind); /* NULL: out of memory */
/* The first of a kind, and the one after another; NULL behind the last. */
struct memo *memos_next(struct gateway *g, const char *kind, const struct memo *after);
struct memo *memos_find(struct gateway *g, const char *kind, int64_t id);
void memos_changed(struct gateway *g, const struct memo *memo);
void memos_end(struct gateway *g, struct memo *memo); /* it goes with the batch */
void memos_close(struct gateway *g, struct when now); /* their rows into the batch */
void memos_rewrite(struct gateway *g);
int memos_restore(struct gateway *g, struct snapshot *snapshot);
void memos_free(struct gateway *g);

/* ---- silence.c ---- */
struct memo *silence_of(struct gateway *g, const struct page *page,
			struct when now); /* that covers it, or NULL */
void silence_write(const struct memo *silence,
		   struct buf *out); /* "silence s3 of ada until …: …" */
void silence_tick(struct gateway *g, struct memo *silence, struct when now);

/* ---- raise.c ---- */
struct raised { /* what is NULL is not given */
	const char *target, *severity, *by, *key, *chain, *message, *alert, *runbook;
	bool incident, drill;
};
/* Opens it, unless one of its key is open already: that one, then.  NULL: out of memory, recorded. */
struct page *pages_raise(struct gateway *g, const struct raised *what, struct when now);
/* To the operators at once, in a chain of their own; then the catch-all, again and again, as with every page. */
struct page *pages_raise_operators(struct gateway *g, const char *key, const char *message,
				   struct when now);
struct page_slot *pages_by_key(struct gateway *g, const char *key, bool drill); /* not over; NULL */

/* ---- watch.c ---- */
void watches_plan(struct gateway *g, struct when now); /* there is another plan */
void watches_tick(struct gateway *g, struct when now);
void watches_free(struct gateway *g);
bool watches_take(struct gateway *g, struct gateway_probe *probe);
bool watches_probed(struct gateway *g, const struct gateway_probed *probed,
		    struct when now); /* false: it was not for them */

/* ---- handover.c ---- */
void handover_resolved(struct gateway *g, const struct page *page);
void handover_look(struct gateway *g); /* an ack, or a change of the rota */
void handover_tick(struct gateway *g, struct when now);
/* They have a slot of some rotation. */
bool handover_on_call(struct gateway *g, const char *person, int64_t utc_s);
/* An override was made by hand: in an emergency nobody's ack is awaited. */
void handover_by_hand(struct gateway *g, const struct plan_rotation *rotation, size_t slot,
		      bool emergency, struct when now);
/* An owner's update of a page that is to be handed over is its paragraph. */
void handover_updated(struct gateway *g, struct page_slot *slot, const char *by, const char *text,
		      struct when now);

/* ---- chores.c ---- */
void chores_look(struct gateway *g); /* a memo is new or changed */
void chores_resolved(struct gateway *g, const struct page *page, struct when now);
void chores_tick(struct gateway *g, struct when now);

/* ---- outbox.c ---- */
struct outbox_news {
	const char *kind;
	const struct page *page; /* or NULL */
	const char *person;      /* or NULL */
	const char *text;        /* or NULL */
};
void outbox_put(struct gateway *g, const char *hook, const struct outbox_news *what,
		struct when now);
/* To every webhook that wants to hear of such a thing. */
void outbox_tell(struct gateway *g, enum plan_hook_event on, const struct outbox_news *what,
		 struct when now);
/* What the escalation of a page records: tickets, digests, and news of pages. */
void outbox_event(struct gateway *g, const struct page *page, const struct effect *effect,
		  struct when now);
int64_t outbox_deadline(const struct gateway *g);
void outbox_close(struct gateway *g, struct when now); /* its rows into the batch */
int outbox_restore(struct gateway *g, struct snapshot *snapshot);
void outbox_free(struct gateway *g);

/* ---- absence.c ---- */
void absence_tick(struct gateway *g, struct when now); /* who is away now is paged no more */
int64_t absence_deadline(const struct gateway *g);     /* mono_ms, or WHEN_NEVER */

/* ---- calendar.c ---- */
void calendars_view(struct gateway *g, struct jsonw *json, struct when now); /* and their age */

/* ---- restore.c ---- */
void restore_rewrite(struct gateway *g, struct when now); /* everything live is stored again */

/* ---- views.c ---- */
void view_page(struct gateway *g, struct jsonw *json, const char *name, const struct page *page,
	       bool whole, struct when now);
void view_modems(struct gateway *g, struct jsonw *json);
void view_id(const struct page *page, char id[24]);

#endif
