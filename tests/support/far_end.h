/* far_end.h - a small scripted modem for the unit tests: it answers at once, keeps messages, takes sends and calls. */
#ifndef TESTS_SUPPORT_FAR_END_H
#define TESTS_SUPPORT_FAR_END_H

#include "base/buf.h"

struct far_answer {
	const char *command; /* how the command line begins */
	bool whole;          /* it is all of the line */
	const char *answer;  /* "" : silence */
	int times;           /* how often still; 0: always */
};

struct far_message {
	char memory[4];
	int index;
	const char *pdu; /* NULL: empty */
};

struct far_end {
	struct far_answer answers[64];
	size_t answer_count;
	struct far_message messages[16];
	char memory[4];
	bool deaf;      /* answers nothing at all */
	bool in_prompt; /* the next bytes are a body */
	bool no_prompt, no_final, no_ok;
	bool echo;              /* gives back what it hears, as after a reset */
	bool double_ok;         /* says each OK twice */
	bool double_cr;         /* ends a line with two CRs */
	const char *send_error; /* instead of +CMGS */
	int send_errors;        /* how often still; 0: always */
	int mr;
	int call; /* 0 none, else 1 + stat of +CLCC */
	bool incoming;
	struct buf line, heard, bodies, out; /* heard: every byte; bodies: each with a newline */
	int commands, prompts, escapes;
	long said;          /* bytes put out so far */
	const char *inject; /* put in at byte inject_at of the output */
	long inject_at;
};

void far_free(struct far_end *far);
void far_answer(struct far_end *far, const char *command, const char *answer, int times);
void far_say(struct far_end *far, const char *text); /* unasked */
void far_store(struct far_end *far, const char *memory, int index, const char *pdu);
bool far_stored(const struct far_end *far, const char *memory, int index);
void far_feed(struct far_end *far, struct span bytes);

/* How often a command that begins so was heard. */
int far_heard(const struct far_end *far, const char *command);

#endif
