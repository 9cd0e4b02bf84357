/* reply.h - what people text back, read by one table of words (DESIGN.md 4).  Ambiguity is an outcome, not a guess. */
#ifndef DIALPLAN_REPLY_H
#define DIALPLAN_REPLY_H

#include "base/buf.h"
#include "base/span.h"

enum reply_word {
	REPLY_NONE, /* no meaning */
	REPLY_ACK,  /* ack, a, ok, yes, 4, claim, or a bare code ("4711a") with an ack letter */
	REPLY_ACK_ALL,
	REPLY_PASS,   /* pass, esc */
	REPLY_DONE,   /* done, resolve */
	REPLY_UPDATE, /* upd text */
	REPLY_BACKUP, /* another responder beside whoever has it */
	REPLY_DEFER,  /* defer reason */
	REPLY_IC,     /* roles on an incident: commander, ... */
	REPLY_COMMS,  /* ... communications, ... */
	REPLY_INV,    /* ... investigator; argument "" mine, else a name */
	REPLY_TAKE,   /* take 2h: argument; needs a PIN */
	REPLY_OUT,    /* out until mon 09:00, out 2h: argument; needs a PIN */
	REPLY_MORE,
	REPLY_STATUS,
	REPLY_WHO,
	REPLY_HELP,
	REPLY_STOP,     /* stop, end, quit: never unsubscribes silently */
	REPLY_LIKED,    /* a positive reaction that quotes us and carries a code */
	REPLY_REACTED,  /* any other reaction: never an ack */
	REPLY_QUESTION, /* would be a word, but asks: never an ack */
	REPLY_WORDS
};

struct reply {
	enum reply_word word;
	char code[8];  /* "" none; checked by code_valid: a wrong one sets bad_code */
	bool bad_code; /* something like a code stands there but its check digit is wrong */
	struct span
		argument; /* what follows word and code, into the text handed in; of upd with all further lines */
	struct span
		pin; /* of take and out: 4 to 8 digits that end the line, into the text; else empty */
};

/* text: UTF-8, any bytes.  Only the first line is read for words; quotes, full stop, case, emoji variation and signatures do no harm. */
struct reply reply_parse(struct span text);

/* The text with a star in place of each digit of a PIN: what may be stored and shown.  out is appended to. */
void reply_redact(struct span text, struct buf *out);

/* "ack" etc. for the timeline. */
const char *reply_word_name(enum reply_word word);

#endif
