/* sim_world.h - what the simulator's parts share; nobody outside modem/sim includes it.
 *
 * One tree: struct sim owns modems, phones, calls, messages, jobs and the transcript.  Everything that takes time is a
 * job; a job tied to a modem dies with the modem's run, one tied to a call dies with the call.
 */
#ifndef MODEM_SIM_SIM_WORLD_H
#define MODEM_SIM_SIM_WORLD_H

#include "base/buf.h"
#include "base/utf8.h"
#include "modem/sim/sim.h"
#include "modem/sim/sim_pdu.h"

#define SIM_NAME_MAX  32
#define SIM_SLOTS_MAX 256
#define SIM_GREETING  400

struct sim_job {
	int64_t due; /* mono_ms */
	uint64_t seq;
	void (*run)(struct sim *, const struct sim_job *, struct when);
	int modem; /* -1 none */
	int phone;
	int64_t call; /* dies when that call ends; 0 none */
	bool tied;    /* dies when the modem restarts */
	int64_t n;
	char *text; /* owned; may be NULL */
};

/* ---- modems ---- */

enum sim_vendor {
	SIM_GENERIC,
	SIM_SIMCOM,
	SIM_QUECTEL,
	SIM_HUAWEI,
	SIM_UBLOX,
	SIM_TELIT,
	SIM_VENDORS
};
enum sim_card { SIM_CARD_READY, SIM_CARD_PIN, SIM_CARD_PUK, SIM_CARD_ABSENT, SIM_CARD_BUSY };
enum sim_mode { SIM_COMMAND, SIM_PROMPT };
enum sim_prompting { SIM_PROMPT_NORMAL, SIM_PROMPT_BARE, SIM_PROMPT_LATE, SIM_PROMPT_MISSING };
enum sim_voice { SIM_VOICE_ON, SIM_VOICE_OFF, SIM_VOICE_ERROR };
/* Which family's words tell of a call: SIM_TELLS_OWN its own; +CLCC when asked, no word unasked; nothing at all. */
enum sim_tells { SIM_TELLS_OWN, SIM_TELLS_POLLED, SIM_TELLS_NOTHING, SIM_TELLS_LIKE };
enum sim_audio { SIM_AUDIO_ON, SIM_AUDIO_LATE, SIM_AUDIO_OFF };
enum sim_dtmf { SIM_DTMF_ON, SIM_DTMF_DOUBLED, SIM_DTMF_MISSING, SIM_DTMF_FLAKY };

/* What a restart sets back (27.007, 27.005, V.250 defaults). */
struct sim_settings {
	int echo, verbose, quiet, cmee;
	int radio_off; /* the <fun> that switched it off: 0 on, 4 flight mode, 1 minimum (+CFUN=0) */
	int creg, cgreg, cereg, cops;
	int cmgf, csms, csdh, cmms, cgsms;
	int cnmi[5];
	int mem[3]; /* indices into stores */
	int crc, clip, colp, cvhu, ccwa, clcc, moring, cdtam, ddet, cnsmod, autocsq, cpcmreg;
	int ccinfo, smsfull, act, tonedet, callstat;
	int ctzu, ctzr, csclk, s0, x, amp_d, amp_c, wide; /* wide: +CSCS="UCS2" */
};

struct sim_message; /* below */

struct sim_slot {
	bool read;
	struct sim_message *message; /* owned; NULL: free */
};

struct sim_store {
	char name[4];
	size_t total;
	struct sim_slot slots[SIM_SLOTS_MAX];
};

struct sim_modem {
	char name[SIM_NAME_MAX];
	char number[SIM_NUMBER_MAX];
	int index;
	enum sim_vendor vendor;
	bool plugged, open;
	char smsc[SIM_NUMBER_MAX];
	bool booting;        /* says and hears nothing */
	bool sms_ready;      /* the SIM's message store has been read */
	struct buf in;       /* typed, not looked at yet */
	struct buf out;      /* said */
	size_t due;          /* octets of out that have left (chunked output) */
	struct buf line;     /* command line or message body so far */
	struct buf reply;    /* of the command line being carried out */
	struct buf buffered; /* notices of +CNMI <mode> 0 */
	struct buf held;     /* notices held back while the host types a message */
	char last[128];      /* for A/ */
	enum sim_mode mode;
	bool busy;      /* a command is being carried out; input waits */
	bool blocked;   /* ATD under +COLP=1: any character ends the call */
	int64_t expect; /* <length> of +CMGS */
	char text_to[SIM_NUMBER_MAX];
	int mr;
	int unacked; /* +CNMA owed */
	struct sim_settings set;
	struct sim_store stores[2]; /* SM, ME */
	int64_t call;               /* 0 none */
	int cause;                  /* 24.008, of the last call; -1 none */
	int registration;           /* 27.007 <stat> */
	enum sim_card card;
	char pin[9];
	int pin_tries;
	/* knobs and faults */
	int64_t sms_ms, slow_ms, char_ms, boot_ms, prompt_ms, noise_ms;
	bool hung, deaf, data_row, keeps_messages, clock_wrong;
	enum sim_prompting prompting;
	enum sim_voice voice;
	enum sim_dtmf dtmf;
	enum sim_tells tells;
	enum sim_vendor tells_like; /* SIM_TELLS_LIKE */
	enum sim_audio audio;       /* of what it speaks into a call */
	int64_t audio_late_ms;      /* SIM_AUDIO_LATE: from the answer until it is heard */
	int64_t early_ms; /* says "answered" this long after it rings, whatever is true; 0 never */
	bool holds_texts; /* during a call none reaches it */
	int64_t calls_left; /* until its carrier takes it for a robocaller; -1 never */
	size_t chunk;       /* octets per millisecond; 0 whole */
	int64_t lose_results, lose_notices, refuse_sends, refuse_calls;
	int refuse_code;
	unsigned ds_mask, mt_mask, mode_mask; /* what +CNMI takes */
};

/* ---- phones ---- */

enum sim_manner {
	SIM_IGNORES,
	SIM_ANSWERS,
	SIM_IS_BUSY,
	SIM_REJECTS,
	SIM_DND,
	SIM_VOICEMAIL,
	SIM_SCREENS, /* a robot answers, asks and listens before it rings */
};

struct sim_persona {
	enum sim_manner manner;
	int64_t after_ms;
	bool challenge;     /* listens for "press X, then Y" */
	char keys[32];      /* pressed literally */
	char before[4];     /* pressed before the challenge */
	int64_t hang_up_ms; /* after answering; 0: when it gets too long */
	char greeting[SIM_GREETING];
	bool announces;    /* a rejected call is connected to an announcement */
	bool tones;        /* the greeting's digits set off tone detectors */
	int64_t window_ms; /* Do-Not-Disturb's repeat-call rule */
};

struct sim_part {
	char from[SIM_NUMBER_MAX];
	struct sim_concat concat;
	char *text; /* owned */
};

struct sim_phone {
	char name[SIM_NAME_MAX];
	char number[SIM_NUMBER_MAX];
	char shown[SIM_NUMBER_MAX]; /* what its texts come from, when not the number */
	int index;
	bool off;
	struct sim_persona now;
	struct sim_persona then; /* behind Do-Not-Disturb, or behind the robot that screens */
	bool replies;
	bool replies_always; /* a machine: to every text, asked or not */
	char reply[512];
	int64_t reply_ms;
	char code[8];   /* in the last text received */
	int last_modem; /* that texted or called it; -1 none */
	char caller[SIM_NUMBER_MAX];
	int64_t called_ms;
	int64_t call;
	struct sim_part *parts;
	size_t part_count, part_cap;
};

/* ---- the network ---- */

enum sim_call_state { SIM_CALL_DIALLING, SIM_CALL_ALERTING, SIM_CALL_ACTIVE };

struct sim_call {
	int64_t id;
	int from_modem, from_phone, to_modem, to_phone; /* -1 none */
	enum sim_call_state state;
	char number[SIM_NUMBER_MAX]; /* as dialled */
	int64_t answered_ms;
	int64_t joined_ms; /* mono_ms from which somebody hears what is spoken; at first: when answered */
	bool joined;       /* the person has come, behind a robot that screens */
	bool early;        /* its modem takes the network's announcement for an answer */
	/* speech from modem `speaker` */
	int speaker; /* -1 silent */
	int64_t speech_id, speech_began;
	uint32_t *speech; /* owned code points */
	size_t speech_len;
	bool speech_reaches; /* the far end, not only the loudspeaker */
	char heard[1024];    /* lower case, by the far end, newest at the end */
	int64_t pressed_ms;
};

struct sim_message {
	int64_t id;
	int from_modem, to_modem, to_phone;
	char from[SIM_NUMBER_MAX];
	char to[SIM_NUMBER_MAX];
	bool report; /* wanted by from_modem */
	bool is_report;
	int mr, status;
	int64_t sent_s, done_s;
	int64_t expires_ms; /* WHEN_NEVER */
	bool waiting;       /* tried, could not be delivered */
	struct sim_ud ud;
};

enum sim_reports { SIM_REPORTS_ON, SIM_REPORTS_OFF, SIM_REPORTS_FALSE };

struct sim {
	struct sim_modem **modems;
	size_t modem_count, modem_cap;
	struct sim_phone **phones;
	size_t phone_count, phone_cap;
	struct sim_call **calls;
	size_t call_count, call_cap;
	struct sim_message *messages;
	size_t message_count, message_cap;
	struct sim_job *jobs; /* a heap: soonest first */
	size_t job_count, job_cap;
	struct sim_job spare;
	struct sim_event *events;
	size_t event_first, event_count, event_cap;
	uint64_t seq, random;
	int64_t ids;
	int64_t delivery_ms, setup_ms;
	enum sim_reports reports;
	bool down;
	int64_t drop_texts, double_texts;
	unsigned concat_ref;
};

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
int sim_modem_stat(const struct sim *sim, const struct sim_modem *m); /* 27.007 <stat> */
bool sim_modem_served(const struct sim *sim, const struct sim_modem *m);
bool sim_modem_texts(const struct sim *sim, const struct sim_modem *m); /* also "SMS only" */
bool sim_modem_hears(const struct sim_modem *m);
void sim_modem_say(struct sim *sim, struct sim_modem *m, struct span bytes, struct when now);
/* An unsolicited line, framed as the verbose setting asks. */
void sim_modem_urc(struct sim *sim, struct sim_modem *m, struct when now, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void sim_modem_noise(struct sim *sim, struct sim_modem *m, int64_t every_ms, struct when now);

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
extern const struct sim_command sim_dialect_commands[];
extern const size_t sim_dialect_count;

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
void sim_sms_fill(struct sim_modem *m, bool full);
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

/* sim_phone.c */
struct sim_phone *sim_phone_add(struct sim *sim, struct span name, const char *number);
void sim_phone_free(struct sim_phone *p);
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
