/* inside.h - the gateway's own parts, for core/ alone.
 *
 *   gateway.c   inputs, outputs, the pump            ledger.c   dirty rows, events, what waits for a commit
 *   restore.c   start, reload, a failing store       pages.c    pages, and the effects of the escalation engine
 *   fleet.c     what the modems report               mend.c     what is done about sick ones (mend.h)
 *   choice.c    which path; budgets                  routes.c   what went well by which path
 *   wishes.c    who is texted and rung next
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

#include "core/state.h"

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
void pages_resolve(struct gateway *g, struct page_slot *slot, const char *by, struct when now);
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
void texts_begin(struct gateway *g, const struct held *held, struct when now);
void texts_sent(struct gateway *g, struct path *path, const struct device_event *event,
		struct when now);
void texts_report(struct gateway *g, struct path *path, const struct device_event *event,
		  struct when now);
void texts_note(struct gateway *g, const struct plan_person *person, const char *number,
		int64_t page, struct span text, struct when now);
void texts_operators(struct gateway *g, const char *text, struct when now);

/* ---- wishes.c ---- */
/* The text or call that is due next; false: none.  With `path`, not NULL: among those that a path is free for, which it gets: a
 * second call that waits for the modem of the first must not keep others from theirs. */
bool texts_choose(struct gateway *g, struct contact_slot **slot, struct contact_wish *wish,
		  struct path **path, struct when now);
bool calls_choose(struct gateway *g, struct contact_slot **slot, struct contact_wish *wish,
		  struct path **path, struct when now);

/* ---- calls.c ---- */
void calls_pump(struct gateway *g, struct when now);
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
