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
enum sim_card {
	SIM_CARD_READY,
	SIM_CARD_PIN,
	SIM_CARD_PUK,
	SIM_CARD_ABSENT,
	SIM_CARD_BUSY,
	SIM_CARD_FAILURE
};
enum sim_mode { SIM_COMMAND, SIM_PROMPT };
enum sim_prompting {
	SIM_PROMPT_NORMAL,
	SIM_PROMPT_BARE,
	SIM_PROMPT_LATE,
	SIM_PROMPT_MISSING,
	SIM_PROMPT_DOUBLED
};
/* How its lines are set: as the standard says, "\n..." , "\r\r\n...", an empty line after each. */
enum sim_framing { SIM_FRAMED, SIM_FRAMED_NO_CR, SIM_FRAMED_DOUBLE_CR, SIM_FRAMED_SPACED };
enum sim_notices {
	SIM_NOTICES_NORMAL,
	SIM_NOTICES_DOUBLED,
	SIM_NOTICES_INDEXLESS,
	SIM_NOTICES_MISPLACED,
	SIM_NOTICES_ELSEWHERE
};
enum sim_listing {
	SIM_LIST_NORMAL,
	SIM_LIST_JOINED,
	SIM_LIST_LENGTHS,
	SIM_LIST_NO_STAT,
	SIM_LIST_CUT
};
enum sim_balance {
	SIM_BALANCE_PLAIN,
	SIM_BALANCE_HEX,
	SIM_BALANCE_PACKED,
	SIM_BALANCE_ERROR,
	SIM_BALANCE_UNSUPPORTED,
	SIM_BALANCE_TIMEOUT,
	SIM_BALANCE_SILENT
};
/* What stands behind a tty: most modems have several. */
enum sim_port { SIM_PORT_AT, SIM_PORT_QUIET_AT, SIM_PORT_NMEA, SIM_PORT_MUTE, SIM_PORT_DIAG };
enum sim_voice { SIM_VOICE_ON, SIM_VOICE_OFF, SIM_VOICE_ERROR };
enum sim_dtmf { SIM_DTMF_ON, SIM_DTMF_DOUBLED, SIM_DTMF_MISSING };

struct sim_range { /* a time by chance between the two */
	int64_t least, most;
};

/* Something happens when byte `at` of the exchange that begins with this command passes over the cable. */
struct sim_trap {
	char name[16];
	int64_t at;
	char *line; /* of the script; owned */
};

/* What a command is answered with instead of being carried out, or how late its answer comes. */
struct sim_instead {
	char name[16]; /* "+CMGL", "+CPIN?": that form alone */
	int64_t times; /* left; -1: always */
	bool late;     /* `wait` is what counts */
	struct sim_range wait;
	char *text; /* owned; NULL: no answer at all */
};

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
	size_t counted; /* what +CPMS says of it: later than the truth when counters lag */
	struct sim_slot slots[SIM_SLOTS_MAX];
};

/* The wire between modem and host, and who else is at it. */
struct sim_cable {
	size_t chunk; /* octets handed over at a time; 0 whole */
	int64_t chunk_ms;
	int64_t lost, doubled; /* one byte in so many; 0 none */
	enum sim_framing framing;
	int64_t eaten;  /* replies that another program reads away */
	char typed[80]; /* by another program, every so often */
	int64_t typed_ms;
	int64_t sleep_ms; /* idle that long it sleeps; 0 never */
	int64_t active_ms;
	bool swallows;             /* this line is what wakes it */
	int64_t autobaud, unheard; /* lines it needs after a start, and still needs */
	char exchange[16];         /* the command under way, and how many bytes of it have passed */
	int64_t passed;
	bool halted;     /* a trap was reached: it is sprung a moment later */
	struct buf rest; /* what the modem says meanwhile */
};

/* What an operator's filter against machines knows of one SIM: FIELD.md D4. */
struct sim_sender {
	int64_t day, sent, received;
	int64_t last_ms;
	char last_to[SIM_NUMBER_MAX];
	unsigned last_hash;
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
	int64_t slow_ms; /* of the command being carried out, by `slow` */
	struct sim_range sms, slow;
	int64_t char_ms, boot_ms, prompt_ms, noise_ms;
	bool hung, deaf, data_row, keeps_messages, clock_wrong;
	struct sim_cable cable;
	struct sim_trap *traps;
	size_t trap_count, trap_cap;
	struct sim_instead *instead;
	size_t instead_count, instead_cap;
	char port[SIM_NAME_MAX]; /* under which name its tty appears */
	enum sim_port kind;
	int body;  /* the modem this is a further port of; -1: a modem itself */
	bool disk; /* came up as a CD-ROM: there is no tty */
	enum sim_notices notices;
	enum sim_listing listing;
	bool numeric, shifts, calls_drop, texts_wait, call_waiting;
	int64_t linger_ms, lag_ms;
	char gone[80];        /* a call that +CLCC still shows */
	int64_t waiting_call; /* a second one that knocks; 0 none */
	int card_number;      /* of the SIM in it: ICCID and IMSI */
	int shown[3];         /* +CREG, +CGREG, +CEREG when they differ from the truth; -1 */
	char plmn[8];
	bool rejected;      /* by a network that rejects some of those that ask */
	bool unreachable;   /* nothing comes in until it sends or attaches anew */
	int64_t reached_ms; /* it has sent: until then things come in */
	int need_cgsms;     /* sends are refused under any other +CGSMS; -1 */
	int signal;         /* +CSQ */
	int64_t fade_ms;    /* it sinks by one so often; 0 not */
	int64_t clock_off_s;
	int temperature;
	int64_t credit; /* texts and calls left; -1: no end */
	enum sim_balance balance;
	char balance_text[200];
	struct sim_sender sender;
	enum sim_prompting prompting;
	enum sim_voice voice;
	enum sim_dtmf dtmf;
	int64_t lose_results, lose_finals, lose_notices, refuse_sends, refuse_calls;
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
};

struct sim_persona {
	enum sim_manner manner;
	int64_t after_ms;
	bool challenge;     /* listens for "press X, then Y" */
	char keys[32];      /* pressed literally */
	char before[4];     /* pressed before the challenge */
	int64_t hang_up_ms; /* after answering; 0: when it gets too long */
	char greeting[SIM_GREETING];
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
	struct sim_persona then; /* behind Do-Not-Disturb */
	bool replies;
	bool replies_always; /* a machine: to every text, asked or not */
	char reply[512];
	int64_t reply_ms;
	char code[8];   /* in the last text received */
	int last_modem; /* that texted or called it; -1 none */
	char caller[SIM_NUMBER_MAX];
	int64_t called_ms;
	int64_t call;
	bool held;       /* the centre keeps its texts back */
	int refuse_code; /* +CMS ERROR of texts to it; 0 none */
	char plmn[8];    /* "": a network that never fails */
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

enum sim_reports {
	SIM_REPORTS_ON,
	SIM_REPORTS_OFF,
	SIM_REPORTS_FALSE,
	SIM_REPORTS_FAILED,
	SIM_REPORTS_SEQUENCE
};
enum sim_stamps { SIM_STAMPS_RIGHT, SIM_STAMPS_STUCK, SIM_STAMPS_OFF };

#define SIM_NETWORKS_MAX 8

struct sim_network { /* one operator, if anything was said about it */
	char plmn[8];
	bool down;
	int64_t rejects; /* of a hundred attempts to register */
};

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
	struct sim_range delivery;
	int64_t setup_ms, report_ms;
	enum sim_reports reports;
	enum sim_stamps stamps;
	int64_t stamp_s; /* where it is stuck, or by how much it is off */
	bool down, held, filters;
	int64_t congested; /* of a hundred calls */
	int64_t drop_texts, double_texts;
	struct sim_network networks[SIM_NETWORKS_MAX];
	size_t network_count;
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
int sim_speech_start(struct sim *sim, struct sim_modem *m, struct span text, bool hex, bool reaches,
		     struct when now);
void sim_speech_stop(struct sim *sim, struct sim_call *call, struct when now);

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
