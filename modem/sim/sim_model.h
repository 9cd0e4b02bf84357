/* sim_model.h - the simulated modems, phones and network as data; sim_world.h has what is done with them.
 *
 * One tree: struct sim owns modems, phones, calls, messages, jobs and the transcript.  Everything that takes time is a
 * job; a job tied to a modem dies with the modem's run, one tied to a call dies with the call.
 */
#ifndef MODEM_SIM_SIM_MODEL_H
#define MODEM_SIM_SIM_MODEL_H

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
/* What ends a hang: the host's reset of the USB port, only its power, nothing. */
enum sim_hang { SIM_HANGS, SIM_HANGS_HARD, SIM_HANGS_DEAD };
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
/* Which family's words tell of a call: SIM_TELLS_OWN its own; +CLCC when asked, no word unasked; nothing at all. */
enum sim_tells { SIM_TELLS_OWN, SIM_TELLS_POLLED, SIM_TELLS_NOTHING, SIM_TELLS_LIKE };
enum sim_audio { SIM_AUDIO_ON, SIM_AUDIO_LATE, SIM_AUDIO_OFF };
enum sim_dtmf { SIM_DTMF_ON, SIM_DTMF_DOUBLED, SIM_DTMF_MISSING, SIM_DTMF_FLAKY };

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
	bool told_full;
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

/* In the order of the script's words. */
enum sim_pcm_fault {
	SIM_PCM_GOOD,
	SIM_PCM_REFUSED, /* it has the commands, and refuses to switch it on */
	SIM_PCM_STICKS,  /* … at first, from the second time on */
	SIM_PCM_STALLS,  /* no frames come */
	SIM_PCM_BLOCKED, /* it takes none */
	SIM_PCM_MUTE,    /* nothing of the far end is heard */
	SIM_PCM_FAULTS
};
enum sim_tones { SIM_TONES_ON, SIM_TONES_DOUBLED, SIM_TONES_MISSING };

struct sim_pcm {
	bool there; /* the host has a way to the sound of its calls */
	enum sim_pcm_fault fault;
	int on;     /* switched */
	int times;  /* that it was */
	int codec;  /* of the network: 0 none, 1 GSM full rate, 2 and 3 AMR */
	int snr_db; /* of keys; -1 no noise */
	int tone_ms;
	enum sim_tones tones;
	char keys[16]; /* pressed, and not a tone yet */
	size_t key_count;
	struct buf ear; /* what the far end has heard of a sentence */
};

struct sim_modem {
	char name[SIM_NAME_MAX];
	char number[SIM_NUMBER_MAX];
	int index;
	enum sim_vendor vendor;
	bool plugged, open;
	struct sim_pcm pcm;
	unsigned pulled; /* times */
	enum sim_hang hang;
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
	bool numeric, shifts, calls_drop, no_sends, call_waiting;
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
	int radio;          /* 27.007 <AcT>: 0 GSM, 2 UMTS, 7 LTE */
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
	enum sim_tells tells;
	enum sim_vendor tells_like; /* SIM_TELLS_LIKE */
	enum sim_audio audio;       /* of what it speaks into a call */
	int64_t audio_late_ms;      /* SIM_AUDIO_LATE: from the answer until it is heard */
	int64_t early_ms; /* says "answered" this long after it rings, whatever is true; 0 never */
	bool holds_texts; /* during a call none reaches it */
	int64_t calls_left; /* until its carrier takes it for a robocaller; -1 never */
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
	SIM_SCREENS, /* a robot answers, asks and listens before it rings */
};

struct sim_persona {
	enum sim_manner manner;
	int64_t after_ms;
	bool challenge;     /* listens for "press X, then Y" */
	char keys[32];      /* pressed literally */
	char before[4];     /* pressed before the challenge */
	char behind[16];    /* pressed behind it: a PIN */
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
	struct sim_persona then;    /* behind Do-Not-Disturb, or behind the robot that screens */
	struct sim_persona calling; /* when she calls a modem */
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
	char pressed[32]; /* what was pressed then */
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
	bool down, held, filters, retries;
	int64_t congested; /* of a hundred calls */
	int64_t drop_texts, double_texts;
	struct sim_network networks[SIM_NETWORKS_MAX];
	size_t network_count;
	unsigned concat_ref;
};

#endif
