/* device_int.h - the device's own data, shared by its parts.  Private to device.
 *
 * device.c        the contract, events, what is said next
 * device_line.c   what the modem says, and to which part
 * device_start.c  from the open port to a network; device_answer.c what the modem answers on the way
 * device_ladder.c what is tried with a modem that does not answer, or wrongly
 * device_doubt.c  is it the right modem and SIM; who else talks on this port; what never answers
 * device_call.c   one call; device_speech.c what is said in it; device_ring.c somebody rings us
 * device_audio.c  the sound of a call by way of the host
 * device_idle.c   signal, registration, acknowledgement of direct messages
 * device_network.c registration, and what is done about it; device_clock.c: the network's time
 * device_card.c   the SIM: its PIN, its service centre
 * device_ussd.c   what the account holds
 * device_query.c  what somebody asks by hand
 *
 * Each part has device_<part>_next, which says what it wants said now that the line is free, and device_<part>_done, which is told
 * how that ended.  Only device.c starts commands.
 */
#ifndef MODEM_DEVICE_INT_H
#define MODEM_DEVICE_INT_H

#include "base/ussd.h"
#include "modem/at_engine.h"
#include "modem/at_query.h"
#include "modem/call.h"
#include "modem/device.h"
#include "modem/inbox.h"
#include "modem/profile.h"
#include "modem/sms_send.h"

#define DEVICE_COMMAND_MAX 1200 /* the longest is a speech command */
#define DEVICE_QUERY_MS    5000
#define DEVICE_WELL_MS     300000 /* so long without a fault: the next one starts at the lowest rung */

enum device_part {
	DEVICE_PART_NONE,
	DEVICE_PART_START,
	DEVICE_PART_LADDER,
	DEVICE_PART_CALL,
	DEVICE_PART_SPEECH,
	DEVICE_PART_AUDIO,
	DEVICE_PART_SEND,
	DEVICE_PART_INBOX,
	DEVICE_PART_IDLE,
	DEVICE_PART_MODES, /* said again before a send: somebody may have changed them */
	DEVICE_PART_QUERY,
	DEVICE_PART_CARD,
	DEVICE_PART_NETWORK,
	DEVICE_PART_USSD,
	DEVICE_PARTS
};

/* In this order.  A step that is not wanted is passed over. */
enum device_step {
	STEP_WAKE,
	STEP_ECHO,
	STEP_WORDS,
	STEP_MAKER,
	STEP_MODEL,
	STEP_REVISION,
	STEP_IMEI,
	STEP_ERRORS,
	STEP_CALLS,
	STEP_HANG_UP,
	STEP_RADIO,
	STEP_RADIO_ON,
	STEP_SIM,
	STEP_CARD, /* which one: before a PIN is entered */
	STEP_PIN_TRIES,
	STEP_PIN,
	STEP_SIM_AGAIN,
	STEP_CHARSET,
	STEP_CREG,
	STEP_CGREG,
	STEP_CEREG,
	STEP_OPERATOR,
	STEP_PDU,
	STEP_PDU_ASK,
	STEP_SERVICE,
	STEP_SERVICE_ASK,
	STEP_STORES,
	STEP_NOTICES,
	STEP_NOTICES_ASK,
	STEP_SMSC,
	STEP_RESULTS,
	STEP_CRING,
	STEP_CLIP,
	STEP_COLP,
	STEP_HOOK,
	STEP_TIME,
	STEP_TIME_TOLD,
	STEP_IMSI,
	STEP_ICCID,
	STEP_PROFILE, /* the profile's own table */
	STEPS
};

struct device_start {
	unsigned step; /* enum device_step */
	size_t choice; /* which of the step's commands */
	int tries;
	int rounds; /* of waking */
	int64_t not_before;
	bool call_up, radio_off, acknowledge;
	bool pin_asked;   /* the owner is to say whether it is entered */
	bool pin_entered; /* and what became of it was not told yet */
	bool text_mode;
	bool notices; /* the modem took one of our +CNMI forms, */
	bool reports; /* and one that asks for delivery reports */
	size_t notice_form;
	int64_t notice_mt, notice_ds; /* what it says it took; -1 unknown */
	bool shown;                   /* the profile's step has shown what it should */
	bool no_voice;                /* a step without which there is no voice path failed */
	char memory[4], other_memory[4];
	char sim[20]; /* what +CPIN: said */
};

struct device_ladder {
	bool active;
	unsigned rung; /* enum in device_ladder.c; stays over restarts that lead to nothing */
	unsigned round;
	int64_t well_at; /* mono_ms: initialised, and without a fault from then on it is well; 0 not yet */
	unsigned said; /* commands of this rung */
	bool asked;    /* the owner has not answered yet */
	int64_t until, next_at;
	char why[80]; /* what is wrong */
};

struct device_talk {
	struct call *call;
	int64_t attempt;
	bool incoming;
	bool started;
	unsigned prepared;    /* commands before ATD */
	unsigned want, doing; /* bit n: enum call_todo_kind n; the command in flight */
	bool plain_hang_up;   /* +CHUP was refused: ATH */
};

struct device_doubt {
	int64_t wary_until; /* mono_ms: modes are said again before each send */
	unsigned modes;     /* how many of them were, for the send that is due */
	char said[12];      /* how the command in flight begins */
	struct { /* commands of a part in a row without a final result: any of them, and this one */
		unsigned any, same;
		char said[12];
	} silent[DEVICE_PARTS];
	int64_t announced_at; /* mono_ms of the last notice of a message */
};

enum device_speech_state { SPEECH_IDLE, SPEECH_SAY, SPEECH_SAID };

struct device_speech {
	enum device_speech_state state;
	bool stop;       /* what is being spoken is to be stopped first */
	bool stopping;   /* the command in flight is the stop command */
	struct buf text; /* UTF-8, what is left to say */
	int64_t until;
};

enum device_audio_doing { AUDIO_NOTHING, AUDIO_PROBES, AUDIO_OPENS };

struct device_audio {
	enum device_sound there;
	bool probed, usable; /* since the start */
	bool sick; /* a fault since the start: the modem's own speech is used if it has one */
	enum device_audio_doing doing; /* what the command in flight is */
	/* this call */
	bool switched; /* on was said to the modem */
	bool open;     /* and it took it */
	bool failed;
	int tries;
	int64_t at; /* mono_ms of the next try; WHEN_NEVER: not reached yet */
	bool said;  /* the host is saying, or will, `saying` */
	int64_t id;
	int64_t until; /* it has said it; WHEN_NEVER */
	struct buf saying;
	bool close; /* it must be switched off */
	struct device_voice *voices;
	size_t voice_count, voice_cap;
};

struct device_ring {
	bool ringing, told;
	bool unwanted; /* rejected: again with each RING */
	bool reject;   /* now */
	char number[PDU_ADDRESS_MAX];
	int64_t until, tell_at;
};

#define STAT_DENIED 3 /* 27.007 7.2 */

struct device_network {
	int64_t lost_at;       /* mono_ms since when there is none; WHEN_NEVER: there is one */
	int64_t repair_at;     /* the radio is switched off and on; WHEN_NEVER */
	unsigned repairs;      /* since then */
	unsigned cycle, cause; /* enums in device_network.c */
	bool denied, deaf;
	enum device_network_state known; /* before it was deaf */
	uint64_t random;
};

struct device_idle {
	int64_t next_at;
	int64_t began_at; /* asking in a row, or waiting for a network; WHEN_NEVER: all is well */
	unsigned turn;    /* what is asked next */
	bool acknowledge; /* AT+CNMA is due */
	int stat[3];      /* CREG, CGREG, CEREG; -1 unknown */
};

enum device_ussd_state { USSD_NONE, USSD_WAITS, USSD_SAID, USSD_LISTENS, USSD_READS };

struct device_ussd {
	enum device_ussd_state state;
	char code[USSD_CODE_MAX];
	bool packed, cancel;
	int64_t until;
	struct buf answer; /* its lines so far */
};

struct device_card {
	char good[PDU_ADDRESS_MAX]; /* the service centre's number, as the owner knows it; "" not */
	bool restore;               /* it is to be put back */
	bool retried;               /* for the text in flight */
};

enum device_query_state { QUERY_NONE, QUERY_WAITS, QUERY_SAID };

struct device_query {
	enum device_query_state state;
	int64_t attempt;
	int64_t until; /* it waits at most; WHEN_NEVER otherwise */
	char text[AT_QUERY_MAX];
	const char *prefix;
	struct buf answer;
};

struct device {
	struct device_config config;
	char name[40], pin[9], imei[20], iccid[24];
	struct device_status status;
	const struct profile *profile;
	struct at_engine engine;
	enum device_part part; /* whose command is in flight */
	char text[DEVICE_COMMAND_MAX];
	struct device_start start;
	struct device_ladder ladder;
	struct device_talk talk;
	struct device_speech speech;
	struct device_audio audio;
	struct device_ring ring;
	struct device_idle idle;
	struct device_doubt doubt;
	struct device_network network;
	struct device_ussd ussd;
	struct device_query query;
	struct device_card card;
	struct inbox *inbox;
	struct sms_send *send;
	unsigned ref;
	char boot[16]; /* the last boot notice, and when it came */
	int64_t boot_at;
	struct device_event *events;
	size_t event_first, event_count, event_cap;
};

/* Names a new event; NULL when memory is out or nobody takes any. */
struct device_event *device_push(struct device *device, enum device_event_kind kind);
void device_state(struct device *device, enum device_state state, const char *why);

/* What the engine says. */
void device_event(struct device *device, const struct at_event *event, struct when now);
void device_send_done(struct device *device, const struct at_event *event, struct when now);

/* Send and call in flight end; nothing is asked any more. */
void device_drop(struct device *device, struct when now);
/* From the top: ESC, AT, all of it. */
void device_restart(struct device *device, enum device_state state, struct when now);

bool device_start_next(struct device *device, struct when now, struct at_command *command);
void device_start_line(struct device *device, struct span line, struct when now);
void device_start_done(struct device *device, const struct at_event *event, struct when now);
void device_start_deaf(struct device *device, struct when now);

/* The modem is sick: why, in words.  The send and the call in flight end. */
void device_ladder_enter(struct device *device, const char *why, struct when now);
bool device_ladder_next(struct device *device, struct when now, struct at_command *command);
void device_ladder_done(struct device *device, const struct at_event *event, struct when now);

void device_repair_ask(struct device *device, enum device_repair repair, const char *why);

/* Whether a step of the initialisation has shown another modem or SIM than the configured one; the device is sick then. */
bool device_doubt_identity(struct device *device, unsigned step, struct when now);
/* What the modem says tells of others on the port, or of notices that go elsewhere. */
void device_doubt_said(struct device *device, struct span command);
void device_doubt_stray(struct device *device, struct when now);
void device_doubt_line(struct device *device, struct span line, bool reply, struct when now);
void device_doubt_found(struct device *device, struct when now); /* a message stood in the store */
void device_doubt_done(struct device *device, enum device_part part, const struct at_event *event,
		       struct when now);
bool device_modes_next(struct device *device, struct when now, struct at_command *command);

bool device_call_next(struct device *device, struct when now, struct at_command *command);
void device_call_done(struct device *device, const struct at_event *event, struct when now);
void device_call_line(struct device *device, struct span line, struct when now);
void device_call_tick(struct device *device, struct when now);
void device_call_key(struct device *device, char key, struct when now);
void device_call_lost(struct device *device, struct when now);
void device_ring_line(struct device *device, struct span line, struct when now);
void device_ring_tick(struct device *device, struct when now);
void device_ring_clear(struct device *device);

bool device_speech_next(struct device *device, struct when now, struct at_command *command);
void device_speech_done(struct device *device, const struct at_event *event);
void device_speech_line(struct device *device, struct span line);
void device_speech_tick(struct device *device, struct when now);
void device_speech_clear(struct device *device);

void device_speech_spoken(struct device *device);

bool device_audio_next(struct device *device, struct when now, struct at_command *command);
void device_audio_done(struct device *device, const struct at_event *event, struct when now);
void device_audio_tick(struct device *device, struct when now);
int64_t device_audio_deadline(const struct device *device);
void device_audio_found(struct device *device);   /* the profile, or a way to its sound */
void device_audio_restart(struct device *device); /* the modem starts over */
void device_audio_over(struct device *device);    /* the call does */
void device_audio_free(struct device *device);
bool device_audio_used(const struct device *device);
void device_audio_say(struct device *device, struct span text, struct when now);
void device_audio_hush(struct device *device);
void device_step(struct device *device, unsigned step); /* enum device_step */
void device_sim_sick(struct device *device, enum device_sim sim, const char *why, struct when now);

void device_card_ask(struct device *device);
void device_card_entered(struct device *device, enum device_outcome outcome);
void device_card_centre(struct device *device, struct span value);
bool device_card_lost_centre(struct device *device, struct at_final final);
bool device_card_next(struct device *device, struct at_command *command);
void device_card_done(struct device *device, const struct at_event *event);

bool device_ussd_next(struct device *device, struct at_command *command);
void device_ussd_done(struct device *device, const struct at_event *event, struct when now);
bool device_ussd_line(struct device *device, struct span line, bool reply, struct when now);
void device_ussd_tick(struct device *device, struct when now);
void device_ussd_lost(struct device *device);

bool device_network_next(struct device *device, struct when now, struct at_command *command);
void device_network_done(struct device *device, struct when now);
bool device_network_line(struct device *device, struct span text, bool reply, struct when now);
void device_network_cause(struct device *device, struct span text, struct when now);
bool device_network_cycling(const struct device *device);
void device_network_restart(struct device *device);
int64_t device_network_deadline(const struct device *device);
void device_idle_doubt(struct device *device, struct when now);
void device_idle_look(struct device *device, bool registered, struct when now);
bool device_clock_line(struct device *device, struct span text, struct when now);

bool device_query_next(struct device *device, struct at_command *command);
void device_query_line(struct device *device, struct span line, struct when now);
void device_query_done(struct device *device, const struct at_event *event);
void device_query_lost(struct device *device);
void device_query_tick(struct device *device, struct when now);

bool device_acknowledge_next(struct device *device, struct at_command *command);
bool device_idle_next(struct device *device, struct when now, struct at_command *command);
void device_idle_line(struct device *device, struct span line, bool reply, struct when now);
void device_idle_start(struct device *device, struct when now);

#endif
