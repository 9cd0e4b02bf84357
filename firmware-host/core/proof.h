/* proof.h - the gateway proves over the air that its modems work: each texts the next one a number nobody can guess, and rings
 * it (DESIGN.md 1.7, 5; FIELD.md C7, C8, J1, J2).
 *
 * A round is a list of legs, one at a time.  When one fails it is tried again, and each of its two modems texts itself, so that
 * sending and receiving can be told apart.  Nothing of this goes before a page.
 */
#ifndef CORE_PROOF_H
#define CORE_PROOF_H

#include "core/rows.h"

#define PROOF_LEGS_MAX 64
#define PROOF_LATE_MAX 16
#define PROOF_NONCE    12

enum proof_state {
	PROOF_STATE_NONE,
	PROOF_WAITING, /* for quiet */
	PROOF_SENT,    /* to the modem, or taken by the network */
	PROOF_ARRIVED,
	PROOF_FAILED,
	PROOF_SKIPPED, /* a modem that is down is a fault of its own */
	PROOF_STATES
};

struct proof_leg {
	size_t from, to; /* paths */
	bool call;
	bool again; /* of the second part of the round: it tells why one failed */
	enum proof_state state;
	char nonce[PROOF_NONCE];
	int64_t attempt;
	int64_t began_ms;
	int64_t arrived_ms;
	bool accepted;
	int cause; /* of a refusal */
	bool reported;
	bool rang; /* the far modem saw it */
};

struct proof {
	int64_t due;       /* mono_ms of the next round */
	int64_t calls_due; /* … from which it has calls too */
	int64_t look_due;  /* mono_ms of the next look at a leg, or at the ages of all */
	bool asked;        /* by hand: calls too */
	struct proof_leg legs[PROOF_LEGS_MAX];
	size_t count;
	size_t at;
	bool running;
	struct {
		char nonce[PROOF_NONCE];
		size_t to;
		int64_t began_ms;
	} late[PROOF_LATE_MAX]; /* those that were given up */
	size_t late_at;
};

struct gateway;
struct path;
struct attempt_slot;

void proof_start(struct gateway *g,
		 struct when now); /* the first round's time, from what is stored */
void proof_now(struct gateway *g, struct when now); /* a round at once, with calls */
void proof_tick(struct gateway *g, struct when now);
int64_t proof_deadline(const struct gateway *g);
struct jsonw;
void proof_view(struct gateway *g, struct jsonw *json, struct when now);

/* Is the leg of this attempt to go out now?  A page that came meanwhile goes first. */
bool proof_wanted(struct gateway *g, const struct attempt *attempt, struct when now);
void proof_ended(struct gateway *g, const struct attempt *attempt, struct when now);
void proof_reported(struct gateway *g, const struct attempt *attempt, struct when now);
/* A text came in by this path: is it a proof? */
bool proof_arrived(struct gateway *g, struct path *path, struct span text, struct when now);

/* The same of calls. */
void proof_call_begins(struct gateway *g, struct path *path, struct attempt_slot *slot,
		       struct when now);
bool proof_call_event(struct gateway *g, struct path *path, const struct device_event *event,
		      struct when now);
bool proof_rings(struct gateway *g, struct path *path, struct span number, struct when now);

/* ---- proof_judge.c ---- */
void proof_judge(struct gateway *g, struct when now); /* of the round that is over */
void proof_judge_ages(struct gateway *g, struct when now);
void proof_deaf(struct gateway *g, struct path *path, int64_t late_ms, struct when now);

#endif
