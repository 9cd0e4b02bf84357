/* sim_world.h - what the simulator's parts share; nobody outside modem/sim includes it. */
#ifndef MODEM_SIM_SIM_WORLD_H
#define MODEM_SIM_SIM_WORLD_H

#include "modem/sim/sim_model.h"

/* sim.c */
struct sim_job *sim_job_add(struct sim *sim, int64_t due,
			    void (*run)(struct sim *, const struct sim_job *, struct when));
/* One that dies when the modem restarts. */
struct sim_job *sim_job_tied(struct sim *sim, const struct sim_modem *m, int64_t due,
			     void (*run)(struct sim *, const struct sim_job *, struct when));
void sim_jobs_drop_modem(struct sim *sim, int modem);
void sim_jobs_drop_call(struct sim *sim, int64_t call);
void sim_note(struct sim *sim, enum sim_event_kind kind, int modem, const struct sim_phone *phone,
	      const char *text, struct when now);
void sim_note_to(struct sim *sim, enum sim_event_kind kind, int modem, const char *number,
		 const char *text, struct when now);
int64_t sim_random(struct sim *sim, int64_t below);
int64_t sim_pick(struct sim *sim, struct sim_range range);
void sim_run_due(struct sim *sim, struct when now);

/* sim_modem.c */
struct sim_modem *sim_modem_add(struct sim *sim, struct span name, const char *number,
				enum sim_vendor vendor);
void sim_modem_free(struct sim_modem *m);
struct sim_modem *sim_modem_by_number(struct sim *sim, const char *number);
void sim_modem_settings(struct sim_modem *m);
void sim_modem_restart(struct sim *sim, struct sim_modem *m, struct when now);
void sim_modem_unplug(struct sim *sim, struct sim_modem *m, struct when now);
void sim_modem_plug(struct sim *sim, struct sim_modem *m, struct when now);
void sim_modem_register(struct sim *sim, struct sim_modem *m, int stat, struct when now);
/* Asks the network for service; a network that rejects may deny it. */
void sim_modem_attach(struct sim *sim, struct sim_modem *m, struct when now);
int sim_modem_stat(const struct sim *sim, const struct sim_modem *m); /* 27.007 <stat> */
bool sim_modem_served(const struct sim *sim, const struct sim_modem *m);
bool sim_modem_texts(const struct sim *sim, const struct sim_modem *m); /* also "SMS only" */
bool sim_modem_hears(const struct sim_modem *m);
bool sim_modem_reached(const struct sim_modem *m, struct when now); /* by what comes in */
/* It has sent something: what waited for that comes in. */
void sim_modem_touched(struct sim *sim, struct sim_modem *m, struct when now);
struct sim_network *sim_network(struct sim *sim, const char *plmn); /* NULL: too many */
bool sim_network_down(const struct sim *sim, const char *plmn);
/* All modems of this operator ("": of every one) look for it again. */
void sim_network_changed(struct sim *sim, const char *plmn, struct when now);

/* sim_cable.c */
void sim_cable_typed(struct sim *sim, struct sim_modem *m, struct span bytes, struct when now);
void sim_modem_say(struct sim *sim, struct sim_modem *m, struct span bytes, struct when now);
/* An unsolicited line, framed as the verbose setting asks. */
void sim_modem_urc(struct sim *sim, struct sim_modem *m, struct when now, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void sim_modem_noise(struct sim *sim, struct sim_modem *m, int64_t every_ms, struct when now);
/* Another program at the port; every_ms 0: once. */
void sim_cable_foreign(struct sim *sim, struct sim_modem *m, struct span text, int64_t every_ms,
		       struct when now);
void sim_cable_nmea(struct sim *sim, const struct sim_modem *m, struct when now);

/* sim_trap.c */
void sim_trap_set(struct sim_modem *m, struct span name, int64_t at, struct span line);
void sim_trap_begin(struct sim_modem *m, struct span typed); /* a command line begins */
bool sim_trap_reached(struct sim *sim, struct sim_modem *m, struct when now);
void sim_trap_forget(struct sim_modem *m); /* the modem restarts */

/* sim_instead.c: text NULL and late 0: as it should be. */
void sim_instead_set(struct sim_modem *m, const struct sim_instead *made);
void sim_instead_drop(struct sim_modem *m, struct span name); /* empty: all */

/* sim_at.c */
#define SIM_OK     0
#define SIM_ERROR  (-1)
#define SIM_LATER  (-2) /* the result comes by itself, or never */
#define SIM_CME(n) (1000 + (n))
#define SIM_CMS(n) (2000 + (n))

enum sim_op { SIM_OP_EXEC, SIM_OP_READ, SIM_OP_TEST, SIM_OP_SET };

struct sim_command {
	const char *name;
	unsigned vendors; /* bit per enum sim_vendor */
	int (*run)(struct sim *, struct sim_modem *, enum sim_op, struct span args, struct when);
};

#define SIM_ALL          ((1u << SIM_VENDORS) - 1)
#define SIM_ONLY(vendor) (1u << (vendor))

void sim_at_input(struct sim *sim, struct sim_modem *m, struct when now);
void sim_at_info(struct sim_modem *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Whether a script has the command answered otherwise; *answer then is what run() would have returned. */
bool sim_instead_answers(struct sim *sim, struct sim_modem *m, struct span name, enum sim_op op,
			 struct when now, int *answer);
void sim_at_leave(struct sim *sim, struct sim_modem *m, struct when now); /* the reply goes out */
void sim_at_final(struct sim *sim, struct sim_modem *m, int answer, struct when now);
void sim_at_result(struct sim *sim, struct sim_modem *m, const char *word, int number,
		   struct when now);
/* The next comma-separated argument, quotes taken off. */
struct span sim_at_arg(struct span *args);
bool sim_at_number(struct span *args, int64_t low, int64_t high, int64_t *value);
extern const struct sim_command sim_general_commands[];
extern const size_t sim_general_count;
extern const struct sim_command sim_sms_commands[];
extern const size_t sim_sms_count;
extern const struct sim_command sim_call_commands[];
extern const size_t sim_call_commands_count;
extern const struct sim_command sim_vendor_commands[];
extern const size_t sim_vendor_count;
extern const struct sim_command sim_pcm_commands[];
extern const size_t sim_pcm_count;
extern const struct sim_command sim_dialect_commands[];
extern const size_t sim_dialect_count;

int sim_at_ussd(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		struct when now);                 /* sim_ussd.c */
int sim_at_card_error(const struct sim_modem *m); /* 0, or a SIM_CME why the SIM is of no use now */

/* sim_at_setting.c: the commands that are one integer each. */
int sim_at_setting(struct sim_modem *m, struct span name, enum sim_op op, struct span args);
#define SIM_UNKNOWN (-3)

/* sim_at_sms.c */
void sim_sms_byte(struct sim *sim, struct sim_modem *m, char c, struct when now);
/* A message or report has arrived.  False: no room, or not now; the network keeps it. */
bool sim_sms_arrives(struct sim *sim, struct sim_modem *m, const struct sim_message *message,
		     struct when now);
int sim_sms_error(const struct sim_modem *m); /* 0, or a SIM_CMS why there are no messages now */

/* sim_store.c */
void sim_sms_fill(struct sim_modem *m, int store, bool full); /* store -1: where new ones go */
void sim_store_recount(struct sim *sim, struct sim_modem *m, struct when now);
size_t sim_sms_used(const struct sim_store *store);
int sim_store_add(struct sim_modem *m, int store, const struct sim_message *message); /* or -1 */
/* Appends "+CMT: ..." or "+CMGR: ..." with its second line; slot: where it stands, or NULL. */
void sim_store_line(const struct sim_modem *m, const struct sim_message *message,
		    const char *prefix, const struct sim_slot *slot, struct buf *line);
int sim_store_select(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		     struct when now);
int sim_store_read(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now);
int sim_store_list(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now);
int sim_store_delete(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		     struct when now);

/* sim_net.c */
void sim_net_submit(struct sim *sim, struct sim_modem *m, const struct sim_submit *submit, int mr,
		    struct when now);
/* text from a phone to a modem */
void sim_net_text(struct sim *sim, const struct sim_phone *phone, int modem, struct span text,
		  struct when now);
void sim_net_retry(struct sim *sim, struct when now); /* somebody can be reached again */
/* Texts to the held go, the newest first if asked. */
void sim_net_release(struct sim *sim, bool reversed, struct when now);
/* Something that is no message of a person, to a modem: "flash", "silent", "wap", "mms", "waiting", "part". */
void sim_net_junk(struct sim *sim, int modem, const char *kind, struct span text, struct when now);
extern const char *const sim_junk_kinds[];

/* sim_filter.c: FIELD.md D4. */
bool sim_filter_drops(struct sim *sim, struct sim_modem *m, const struct sim_submit *submit,
		      struct when now);
void sim_filter_received(struct sim_modem *m, struct when now);

/* sim_call.c */
struct sim_call *sim_call_find(struct sim *sim, int64_t id);
struct sim_call *sim_call_place(struct sim *sim, struct sim_modem *m, const char *number,
				struct when now);
void sim_call_from_phone(struct sim *sim, struct sim_phone *phone, int modem, struct when now);
void sim_call_answer(struct sim *sim, struct sim_call *call, struct when now);
struct sim_end {
	const char *word; /* what a modem is told: "NO CARRIER", "BUSY", "NO ANSWER" */
	int cause;        /* 24.008 */
	const char *why;  /* for the transcript */
};

/* ender: the modem that hung up, or -1. */
void sim_call_end(struct sim *sim, struct sim_call *call, int ender, const struct sim_end *end,
		  struct when now);
int sim_call_stat(const struct sim_call *call, const struct sim_modem *m);
int sim_call_index(const struct sim_modem *m);
/* Does it tell of calls in this family's words?  on: its own switch for them. */
bool sim_call_words(const struct sim_modem *m, enum sim_vendor family, bool on);
void sim_call_key(struct sim *sim, struct sim_call *call, int modem, char key, struct when now);
const char *sim_call_party(const struct sim *sim, const struct sim_call *call,
			   const struct sim_modem *m);

/* sim_dialect.c: what a call that has come to this <stat>, one that is over (into `line`), and a key are to such a modem. */
void sim_dialect_call(struct sim *sim, struct sim_modem *m, const struct sim_call *call, int stat,
		      struct when now);
void sim_dialect_over(const struct sim_modem *m, const struct sim_call *call, bool local,
		      struct when now, struct buf *line);
void sim_dialect_key(struct sim *sim, struct sim_modem *m, char key, struct when now);

/* sim_speech.c: `hex` UCS-2 or plain text; -1 when it is neither empty nor well formed. */
/* How many code points from the beginning of what is being spoken the far end has not heard, and cannot. */
size_t sim_speech_missed(const struct sim *sim, const struct sim_call *call);
int sim_speech_start(struct sim *sim, struct sim_modem *m, struct span text, bool hex, bool reaches,
		     struct when now);
void sim_speech_stop(struct sim *sim, struct sim_call *call, struct when now);

/* sim_pcm.c */
void sim_pcm_tone(struct sim_modem *m,
		  char key);            /* the far end has pressed it; 'b': a mailbox's beep */
void sim_pcm_over(struct sim_modem *m); /* the call is */

/* sim_phone.c */
struct sim_phone *sim_phone_add(struct sim *sim, struct span name, const char *number);
void sim_phone_free(struct sim_phone *p);
bool sim_phone_gone(const struct sim *sim, const struct sim_phone *p); /* off, or its network is */
struct sim_phone *sim_phone_by_number(struct sim *sim, const char *number);
void sim_phone_rings(struct sim *sim, struct sim_phone *p, struct sim_call *call,
		     const char *caller, struct when now);
void sim_phone_answered(struct sim *sim, struct sim_phone *p, struct sim_call *call,
			struct when now);
void sim_phone_hears(struct sim *sim, struct sim_call *call, int64_t from_ms);
void sim_phone_press_all(struct sim *sim, const struct sim_phone *p, const char *keys, int64_t at);
void sim_phone_receives(struct sim *sim, struct sim_phone *p, const struct sim_message *message,
			struct when now);
void sim_phone_texts(struct sim *sim, struct sim_phone *p, int modem, struct span text,
		     struct when now);

/* sim_challenge.c: how far into `text` (lower case) a listener must hear to know the first challenge; 0: there is none. */
size_t sim_challenge_find(const char *text, char keys[3]);

#endif
