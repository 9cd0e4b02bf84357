/* challenge.h - keys pressed in a call that we placed: which of them mean something (DESIGN.md 4). */
#ifndef DIALPLAN_CHALLENGE_H
#define DIALPLAN_CHALLENGE_H

#include "base/when.h"
#include "dialplan/plan.h"

enum challenge_answer {
	CHALLENGE_NONE, /* go on listening */
	CHALLENGE_ACK,
	CHALLENGE_PASS,    /* 5, then the challenge */
	CHALLENGE_RESOLVE, /* 6, then the challenge */
	CHALLENGE_WRONG,   /* a wrong try: say it again */
	CHALLENGE_LOCKED,  /* the third wrong try: ask for a text, hang up */
	CHALLENGE_REPEAT,  /* * */
	CHALLENGE_HELP,    /* 0 */
	CHALLENGE_AGAIN, /* right, but this line speaks tones by itself: other keys are asked for */
	CHALLENGE_BAD_PIN, /* right keys, wrong PIN behind them: a wrong try */
	CHALLENGE_ANSWERS
};

struct challenge {      /* plain data; made anew for each call */
	char digits[3]; /* what was spoken: two different of 1 2 3 4 7 8 9; one when single */
	char typed[3];  /* the try so far */
	char verb;      /* '5' or '6' typed before it; 0 none */
	char last_key;  /* equal digits in a row collapse */
	int64_t key_at; /* mono_ms of last_key */
	int wrong;      /* tries */
	int64_t due;    /* mono_ms at which an unfinished try is forgotten; WHEN_NEVER none */
	int64_t key_ms; /* plan->times.key_s */
};

/* random: fresh for each call, from the gateway's seeded generator. */
void challenge_start(struct challenge *challenge, const struct plan *plan, uint64_t random);

/* key: as the detector names it; anything but 0-9 and * means nothing.  After CHALLENGE_LOCKED no key does. */
enum challenge_answer challenge_key(struct challenge *challenge, char key, struct when now);

/* Other digits, none of them in `heard` (bit n: digit n) while there are enough others; tries so far still count. */
void challenge_renew(struct challenge *challenge, uint64_t random, unsigned heard);

/* The PIN behind the challenge was wrong: CHALLENGE_BAD_PIN, or CHALLENGE_LOCKED. */
enum challenge_answer challenge_bad_pin(struct challenge *challenge);

#endif
