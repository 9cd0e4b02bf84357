/* device.h - one modem: probed, identified, initialised, then sending, receiving and calling.
 *
 * The owner feeds it bytes and the clock, writes out the bytes it hands back, and takes its events.  It never blocks, logs,
 * calls back or reads a clock.  One send and one call at a time; a second request is refused with DEVICE_BUSY,
 * the queue is the owner's.
 */
#ifndef MODEM_DEVICE_H
#define MODEM_DEVICE_H

#include "base/err.h"
#include "base/span.h"
#include "base/when.h"
#include "modem/guard.h"
#include "modem/pdu.h"

#define DEVICE_BUSY 1

enum device_state {
	DEVICE_NONE,
	DEVICE_CLOSED,       /* no port */
	DEVICE_WAKING,       /* ESC, AT until it answers */
	DEVICE_IDENTIFYING,  /* maker, model, IMEI */
	DEVICE_INITIALISING, /* SIM, character set, SMS and call settings, stale call hung up */
	DEVICE_REGISTERING,  /* waiting for a network */
	DEVICE_READY,
	DEVICE_SICK, /* answers nothing or wrongly: working up the recovery ladder */
	DEVICE_STATES
};

/* How one send or one call attempt ended (DESIGN.md 5). */
enum device_outcome {
	DEVICE_OUTCOME_NONE,
	DEVICE_ACCEPTED,          /* +CMGS: mr (every part) */
	DEVICE_REFUSED_PERMANENT, /* do not repeat this unit */
	DEVICE_REFUSED_RECIPIENT, /* this number cannot be reached */
	DEVICE_REFUSED_NETWORK,   /* try again, perhaps elsewhere */
	DEVICE_REFUSED_MODEM,     /* this modem or SIM: another path */
	DEVICE_UNKNOWN,           /* may or may not have gone out */
	DEVICE_OUTCOMES
};

enum device_call_end {
	DEVICE_CALL_END_NONE,
	DEVICE_CALL_BUSY, /* user busy, or rejected: a phone in Do-Not-Disturb may say either */
	DEVICE_CALL_NO_ANSWER, /* rang to the limit, or the network gave up */
	DEVICE_CALL_HUNG_UP,   /* was answered, then the far end ended it */
	DEVICE_CALL_LIMIT,     /* was answered, talk limit reached, we ended it */
	DEVICE_CALL_STOPPED,   /* device_hang_up */
	DEVICE_CALL_REFUSED,   /* the network or modem would not set it up; see outcome */
	DEVICE_CALL_LOST,      /* port or modem gone: unknown */
	DEVICE_CALL_ENDS
};

/* What is tried with a modem that does not answer or is not the right one, gentle to rough.  The modem's own means wait for the
 * owner's leave; the others are the owner's to do. */
enum device_repair {
	DEVICE_REPAIR_NONE,
	DEVICE_REPAIR_REOPEN,  /* the owner closes its port and opens it again */
	DEVICE_REPAIR_RADIO,   /* radio off and on */
	DEVICE_REPAIR_RESTART, /* the modem restarts; its port may vanish */
	DEVICE_REPAIR_USB,     /* the owner resets its USB port */
	DEVICE_REPAIR_DETACH,  /* the owner takes it off the bus and puts it on again */
	DEVICE_REPAIR_POWER,   /* the owner cuts its power */
	DEVICE_REPAIR_EXCHANGE, /* this port leads to another modem or SIM: the owner tries another */
	DEVICE_REPAIR_SIBLING, /* no notices on this port: the owner tries another of the same modem */
	DEVICE_REPAIRS
};
/* Those that need nothing configured: all but the power. */
#define DEVICE_REPAIRS_USUAL ((1U << DEVICE_REPAIRS) - 1U - (1U << DEVICE_REPAIR_POWER))

enum device_event_kind {
	DEVICE_EVENT_NONE,
	DEVICE_EVENT_STATE, /* status.state changed; `text` says why, in words */
	DEVICE_EVENT_SENT,  /* a send ended: attempt, outcome, cause, mr[0..mr_count) */
	DEVICE_EVENT_RECEIVED, /* pdu (a DELIVER) stands at memory/index: store it, then device_delete */
	DEVICE_EVENT_UNREADABLE, /* memory/index holds what does not decode: `raw` hex; then device_delete */
	DEVICE_EVENT_REPORT, /* pdu (a STATUS-REPORT); index -1 when it was not stored on the modem */
	DEVICE_EVENT_DIALLED,  /* call: the modem took ATD */
	DEVICE_EVENT_ALERTING, /* call: the far phone rings */
	DEVICE_EVENT_ANSWERED, /* call: stat 0 held long enough; speak now */
	DEVICE_EVENT_BLIND,    /* call: the modem tells nothing of it; speak now, again and again */
	DEVICE_EVENT_KEY,      /* call: `key` is one of 0-9 * # A-D */
	DEVICE_EVENT_AUDIO,    /* its sound by way of the host is at fault: `text` says how */
	DEVICE_EVENT_PROMPT_DONE, /* call: what device_speak was given has been spoken, or cannot be */
	DEVICE_EVENT_CALL_ENDED, /* call: attempt, end, outcome, cause, seconds talked */
	DEVICE_EVENT_INCOMING, /* somebody rings us: `text` is the number, perhaps empty: device_answer or device_reject */
	DEVICE_EVENT_REPAIR, /* `repair` is due; `text` says why.  device_repaired answers it */
	DEVICE_EVENT_QUERIED, /* device_query ended: attempt, outcome, `text` is the final result or what went wrong */
	DEVICE_EVENT_STORAGE, /* memory is half full or more by now, or no longer: used of total */
	DEVICE_EVENT_PIN, /* outcome NONE: the SIM wants its PIN and has more than one try left, the owner says device_pin;
			     ACCEPTED: it was right; REFUSED_MODEM: it was not; UNKNOWN: no word */
	DEVICE_EVENT_CARD, /* the SIM is known by now, or its service centre's number has changed: status.iccid, .smsc */
	DEVICE_EVENT_USSD, /* device_ussd ended: ACCEPTED with the network's words in `text`, else what went wrong */
	DEVICE_EVENT_KINDS
};

struct device_event {
	enum device_event_kind kind;
	int64_t attempt; /* the owner's id of the send or call */
	enum device_repair repair;
	enum device_outcome outcome;
	enum device_call_end end;
	int cause;  /* +CMS/+CME code of a refused send, 24.008 cause of a call; -1 unknown */
	int mr[16]; /* TP-MR of each part (the first 16) */
	size_t mr_count;
	int64_t talked_s;
	char key;
	char memory[4]; /* "SM", "ME", … where a received message stands; "" if nowhere */
	int index;
	int used, total; /* places of memory; -1 unknown */
	struct pdu pdu;
	char raw[PDU_HEX_MAX];
	char text[200];
};

struct device_config {
	const char *name; /* as configured, for event texts */
	const char *
		pin; /* SIM PIN; NULL or "" none.  Entered only when the owner agrees: DEVICE_EVENT_PIN */
	const char *imei;     /* it must be this modem; NULL or "" any */
	const char *iccid;    /* … with this SIM card; NULL or "" any */
	struct guard *guard;  /* lent; outlives the device */
	int64_t sms_limit_ms; /* no final result after the body: unknown.  0: 20000 (DESIGN.md 5) */
	int64_t prompt_limit_ms; /* no prompt: refused, modem.  0: 5000 */
	int64_t poll_ms;         /* storage sweep when idle.  0: 30000 */
	uint64_t seed;           /* of the jitter between repairs */
	bool keep_radio;         /* never switched off and on for want of a network */
};

#define DEVICE_STORES 4

struct device_store { /* one of the modem's message stores */
	char memory[4];
	int used, total; /* -1 unknown */
	int stuck; /* index of a message that stays, however often its delete is answered OK; -1 none */
	int came_back; /* that one, so often */
};

/* What calls speak and hear by. */
enum device_audio_path {
	DEVICE_AUDIO_NONE,  /* nothing: it can only ring */
	DEVICE_AUDIO_MODEM, /* the modem's own speech, and its own ear for keys */
	DEVICE_AUDIO_HOST   /* the host's voice and ear, by PCM; the modem's ear as well */
};

enum device_network_state {
	DEVICE_NETWORK_UNKNOWN,
	DEVICE_NETWORK_HOME,
	DEVICE_NETWORK_ROAMING,
	DEVICE_NETWORK_TEXTS,     /* texts only */
	DEVICE_NETWORK_DEAF,      /* registered, and nothing comes in: device_deaf */
	DEVICE_NETWORK_SEARCHING, /* none yet */
	DEVICE_NETWORK_GONE,      /* the one it was on, for minutes */
	DEVICE_NETWORK_DENIED,
	DEVICE_NETWORK_EMERGENCY, /* emergency calls only: none for this SIM */
	DEVICE_NETWORK_STATES
};

enum device_sim {
	DEVICE_SIM_UNKNOWN,
	DEVICE_SIM_READY,
	DEVICE_SIM_BUSY,   /* not yet, or it fails: asked again */
	DEVICE_SIM_LOCKED, /* wants a PIN or PUK that it does not get */
	DEVICE_SIM_ABSENT,
};

struct device_status {
	enum device_state state;
	const char *profile; /* "generic", "ec2x", ...: a row of docs/hardware.md */
	char maker[40], model[40], revision[60];
	char imei[20], iccid[24], imsi[20];
	enum device_sim sim;
	int pin_tries;     /* left, as the SIM said last; -1 unknown */
	char plmn[8];      /* "26201", empty when not registered */
	char last_plmn[8]; /* the last one it was on */
	enum device_network_state network;
	char cause[60];   /* why the network refuses the SIM, as the modem says it */
	int registration; /* 27.007 <stat>, best of CREG, CGREG, CEREG; -1 unknown */
	int signal_dbm;   /* 0 unknown */
	int temperature_c;
	int64_t signal_heard_ms, heat_heard_ms; /* mono_ms: when the modem last said it; 0 never */
	int64_t network_heard_ms; /* mono_ms: when the network, or the modem's clock, last told the time; 0 never */
	int64_t network_utc_s
		[2]; /* what it was then, one or the other: some tell it in UTC, some in their zone */
	char smsc[PDU_ADDRESS_MAX];
	struct device_store stores[DEVICE_STORES];
	size_t store_count;
	bool voice; /* calls may be tried: the profile knows a voice path and it is registered for CS */
	bool speech; /* somebody can be spoken to: audio is not NONE */
	enum device_audio_path audio;
	char audio_fault[80]; /* the last one of the host's path; "" none */
	bool sms_busy, call_busy;
	int64_t boots; /* unexpected restarts seen */
	bool stranger; /* another modem or SIM card than the configured one answers; stays until it is right */
	int64_t loud_ms; /* mono_ms of the last command that makes it transmit at full power; 0 never */
	int64_t strays;  /* answers to commands that we did not send */
	int unannounced; /* messages in a row that were found and never announced */
	char why[160];   /* one plain sentence when not READY */
};

struct device;

int device_new(struct device **out, const struct device_config *config, struct err *err);
void device_free(struct device *device);

/* The port was opened (everything starts anew) or is gone (a send or call in flight ends as unknown). */
void device_opened(struct device *device, struct when now);
void device_closed(struct device *device, struct when now);

void device_feed(struct device *device, struct span bytes, struct when now);
void device_tick(struct device *device, struct when now);
int64_t device_deadline(const struct device *device); /* mono_ms, or WHEN_NEVER */

struct span device_output(const struct device *device); /* to be written to the port */
void device_wrote(struct device *device, size_t n);
bool device_take(struct device *device, struct device_event *event);

struct device_sms {
	int64_t attempt;
	const char *to;   /* E.164 */
	const char *text; /* UTF-8; split into parts as needed */
	int validity_min;
	bool report; /* ask for a status report */
};

/* 0: begun (one DEVICE_EVENT_SENT will follow, whatever happens); DEVICE_BUSY; -1 (ERR_REFUSED by the guard,
 * ERR_INVALID, or not ready): no byte was written.  From device_call to its end it is busy too (sms_busy): texts and calls
 * disturb each other in the modem.  A call asked for during a send waits for its parts. */
int device_send(struct device *device, const struct device_sms *sms, struct when now,
		struct err *err);

struct device_call {
	int64_t attempt;
	const char *to;  /* E.164 */
	int64_t ring_ms; /* from dialling until we give up */
	int64_t talk_ms; /* from answer until we hang up */
};

/* As device_send; one DEVICE_EVENT_CALL_ENDED will follow.  A send that has no final result for 20 s is given up (unknown). */
int device_call(struct device *device, const struct device_call *call, struct when now,
		struct err *err);

/* Takes the call that rings (DEVICE_EVENT_INCOMING): an answered call as device_call's, its talk not counted by the guard.  A call
 * asked for while somebody rings goes first: who rings is rejected. */
int device_answer(struct device *device, int64_t attempt, int64_t talk_ms, struct when now,
		  struct err *err);
void device_reject(struct device *device, struct when now); /* once our own call, if any, is over */

/* Speaks UTF-8 text to the far end, after stopping what is being spoken.  Where the profile has no
 * hex speech command PROMPT_DONE comes at once: silence.  Only in an answered call. */
void device_speak(struct device *device, struct span text, struct when now);
void device_stop_speech(struct device *device, struct when now);
void device_hang_up(struct device *device, struct when now);

/* The end of a repair that an event asked for.  Leave for the modem's own means, and for the others that it was done; false: not
 * allowed, or it failed.  A repair that closes the port is answered before or after that. */
void device_repaired(struct device *device, enum device_repair repair, bool done, struct when now);

/* Is anybody being paged, so that an answer may come?  Then all message stores are swept every 15 s. */
void device_watch(struct device *device, bool paging, struct when now);

/* ---- the sound of a call by way of the host ---- */

enum device_sound { DEVICE_SOUND_NONE, DEVICE_SOUND_PORT, DEVICE_SOUND_CARD };

/* The owner has, or has no longer, a way to the modem's sound.  Whether the modem can is asked at its next start. */
void device_sound(struct device *device, enum device_sound there);

enum device_voice_kind {
	DEVICE_VOICE_OPEN, /* sound comes and goes from now on: a frame written for each frame read */
	DEVICE_VOICE_PREPARE, /* `text` will be said soon */
	DEVICE_VOICE_SAY,     /* `text`, instead of what is being said; then device_spoken(id) */
	DEVICE_VOICE_STOP,    /* be silent */
	DEVICE_VOICE_CLOSE,   /* no more sound */
	DEVICE_VOICE_TONE     /* `text`: the tone of this key, instead of what is being said */
};

struct device_voice {
	enum device_voice_kind kind;
	int64_t id;
	char *text; /* UTF-8; the taker's to free; NULL where there is none */
};

/* What the owner has to do for the call, in order. */
bool device_take_voice(struct device *device, struct device_voice *voice);

void device_spoken(struct device *device, int64_t id, struct when now);
/* The way is broken, or nothing can be said: in words.  The modem's own speech takes over if it has one. */
void device_stalled(struct device *device, const char *why, struct when now);
void device_key(struct device *device, char key, struct when now); /* was heard */
void device_tone(struct device *device, char key); /* the host sounds it in the call, if it can */
/* To be said in the call that is being set up. */
void device_prepare_speech(struct device *device, struct span text);

/* The owner has stored the message at memory/index: delete it there.  With memory "" it came directly, and is acknowledged
 * where the modem asks for that: only then may the network forget it (27.005 3.4.4). */
void device_delete(struct device *device, const char *memory, int index, struct when now);

/* The answer to DEVICE_EVENT_PIN: the PIN is entered now, or not, and why not in one sentence.  Whatever came of an earlier
 * try must be known, and on disk, before the owner agrees: three wrong ones lock the SIM. */
void device_pin(struct device *device, bool enter, const char *why, struct when now);

/* Texts to it do not come, as proofs have shown, or they do again.  While deaf it is registered anew, seldom and between texts and
 * calls. */
void device_deaf(struct device *device, bool deaf, struct when now);

/* The service centre's number that is known to be good for this SIM: put back when the SIM has lost it, before the text
 * that needs it.  "" none. */
void device_centre(struct device *device, const char *smsc, struct when now);

/* Asks the network about the account; rarely, and only while nobody is paged: some modems stall over it.  The guard knows the
 * code.  0: one DEVICE_EVENT_USSD follows within 75 s, texts and calls go on meanwhile; DEVICE_BUSY; -1 (ERR_REFUSED). */
int device_ussd(struct device *device, struct span code, struct when now, struct err *err);

/* Asks the modem one thing of modem/at_query's list, beside whatever else is going on: never inside a send, and a call goes on.
 * 0: one DEVICE_EVENT_QUERIED follows within 8 s; DEVICE_BUSY: another one is under way; -1: ERR_REFUSED (not on the
 * list, no port, does not answer), ERR_INVALID, and nothing is written. */
int device_query(struct device *device, int64_t attempt, struct span asked, struct when now,
		 struct err *err);

/* The lines of the last query's answer, each with a newline.  Until the next device_query. */
struct span device_query_answer(const struct device *device);

/* Lives as long as the device; changes with every feed and tick. */
const struct device_status *device_status(const struct device *device);

#endif
