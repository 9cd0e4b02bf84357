/* sim.h - simulated modems, a network between them, and phones that behave like their owners.
 *
 * Follows 27.005, 27.007, 23.040 and what real modems do, not our own parser's habits.  Pure: time is a parameter, chance comes
 * from the seed.  tocsin-sim puts each modem on a pseudo-terminal; the scenario runner uses it in memory.
 *
 * A script sets up modems and phones and schedules faults, one per line ("#" starts a comment).  docs/simulator.md has
 * the whole language; the same lines may stand in a scenario.
 */
#ifndef MODEM_SIM_SIM_H
#define MODEM_SIM_SIM_H

#include "base/err.h"
#include "base/span.h"
#include "base/when.h"

struct sim;

int sim_new(struct sim **out, uint64_t seed, struct err *err);
void sim_free(struct sim *sim);

/* Carries out one script line at `now`.  0, or -1 (ERR_INVALID: what, want).  An empty line or a comment is fine. */
int sim_line(struct sim *sim, struct span line, struct when now, struct err *err);

/* Whether sim_line would know the line's first word. */
bool sim_knows(struct span line);

size_t sim_modem_count(const struct sim *sim);
const char *sim_modem_name(const struct sim *sim, size_t modem);
int sim_modem_find(const struct sim *sim, struct span name); /* index or -1 */

/* The name of its tty: the modem's own unless the script or sim_port_call says otherwise.  A further port of a modem
 * (GNSS, diagnostics, a second one for commands) counts as a modem here. */
const char *sim_port_name(const struct sim *sim, size_t modem);
int sim_port_find(const struct sim *sim, struct span name); /* index or -1 */
void sim_port_call(struct sim *sim, size_t modem, struct span name);
bool sim_is_disk(const struct sim *sim, size_t modem); /* unplugged as a tty, seen as a CD-ROM */

/* What a host can do to the device itself: its port is gone for two seconds.  power: off and on again, not only a reset. */
void sim_reset(struct sim *sim, size_t modem, bool power, struct when now);

/* The host's side of modem's cable.  While it is unplugged sim_plugged is false, bytes are lost, and an
 * open port must be reported as hung up. */
bool sim_plugged(const struct sim *sim, size_t modem);
unsigned sim_pulled(const struct sim *sim, size_t modem); /* how often it was unplugged so far */
void sim_opened(struct sim *sim, size_t modem, struct when now);
void sim_closed(struct sim *sim, size_t modem, struct when now);
void sim_feed(struct sim *sim, size_t modem, struct span bytes, struct when now);
struct span sim_output(const struct sim *sim, size_t modem); /* what the modem says, due by now */
void sim_took(struct sim *sim, size_t modem, size_t n);

/* ---- the sound of a modem's calls ----
 * The frames are the shell's (audio/lines.h): it asks what the line is like, makes tones of keys, and tells what it understood of what
 * the host said. */
struct sim_sound {
	bool there;   /* the modem has a port for it */
	bool flows;   /* frames come, one every 20 ms */
	bool blocked; /* it takes none */
	bool rings;   /* the far end does: the caller hears it */
	bool hears;   /* the far end hears the host … */
	bool heard;   /* … and the host it */
	int peer;     /* the modem at the far end; -1: a phone */
	int codec; /* of the network towards the host: 0 none, 1 GSM full rate, 2 AMR 12.2, 3 AMR 4.75 */
	int snr_db;  /* of keys; -1: no noise */
	int tone_ms; /* of a key */
};
struct sim_sound sim_sound(const struct sim *sim, size_t modem, struct when now);
char sim_take_tone(struct sim *sim, size_t modem); /* a key; 'b': a mailbox's beep; '\0': none */
/* silent: whoever spoke has ended. */
void sim_hears(struct sim *sim, size_t modem, struct span text, bool silent, struct when now);

void sim_tick(struct sim *sim, struct when now);
int64_t sim_deadline(const struct sim *sim);

/* What can be seen from outside, in order: the transcript. */
enum sim_event_kind {
	SIM_EVENT_NONE,
	SIM_SUBMITTED, /* the modem sent a text part: modem, phone (number), text */
	SIM_TEXTED,    /* a phone got a whole text: modem (sender's), phone, text */
	SIM_DIALLED, /* the modem dials: modem, phone (whatever was dialled, also a stranger's number) */
	SIM_RINGS, /* the phone rings aloud (not under Do-Not-Disturb) */
	SIM_ANSWERED,
	SIM_HEARD,   /* speech reached the answered phone: text */
	SIM_PRESSED, /* the phone's owner presses: text is the key */
	SIM_HUNG_UP, /* the call is over: text says who and why */
	SIM_REPLIED, /* the phone sends a text to the gateway: text */
	SIM_FAULT,   /* something scheduled happened to a modem: text */
	SIM_EVENT_KINDS
};

struct sim_event {
	enum sim_event_kind kind;
	int modem;       /* index, or -1 */
	char phone[24];  /* E.164 */
	char name[32];   /* the phone's name in the script, or "" */
	char text[2048]; /* UTF-8 */
	int64_t mono_ms;
};

bool sim_take(struct sim *sim, struct sim_event *event);

/* One event as one line for people: "+15550102 (bob) receives SMS: …"; returns its length in `line`. */
size_t sim_event_text(const struct sim_event *event, const char *modem_name, char *line,
		      size_t size);

#endif
