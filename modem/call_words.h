/* call_words.h - what a modem line says about an outgoing call, in all dialects at once.
 *
 * For call.c only.  Tables: 27.007 7.18 (+CLCC), 24.008 10.5.4.11 (causes), and the families' own lines.
 */
#ifndef MODEM_CALL_WORDS_H
#define MODEM_CALL_WORDS_H

#include "base/span.h"

enum call_news {
	CALL_NEWS_NONE, /* not about an outgoing voice call */
	CALL_NEWS_DIALLING,
	CALL_NEWS_ALERTING,
	CALL_NEWS_ACTIVE,    /* a status says so: early media may look the same */
	CALL_NEWS_CONNECTED, /* an explicit notice of the far end's answer */
	CALL_NEWS_ENDED,
	CALL_NEWS_NO_CARRIER, /* what it means depends on the state */
	CALL_NEWS_BUSY,
	CALL_NEWS_NO_ANSWER,
	CALL_NEWS_NO_DIALTONE,
	CALL_NEWS_KEY,
	CALL_NEWS_CAUSE,
};

#define CALL_DIALECTS 10

struct call_notice {
	enum call_news news;
	size_t dialect;     /* CALL_DIALECTS: a bare word */
	int64_t id;         /* the modem's number of the call, of this dialect; -1 none */
	bool row;           /* +CLCC: may be the answer to a poll */
	int dir;            /* 0 placed by us, 1 somebody rings us, -1 not said */
	struct span number; /* as the modem writes it, perhaps empty */
	char key;
	int cause; /* 24.008; -1 none */
};

/* By this line the modem has dialled another number than ours: a byte was lost on the way to it. */
bool call_words_stray(const char *ours, struct span line, const struct call_notice *notice);

/* The last 8 digits, or as many as both have: modems write the number nationally or with its country. */
bool call_words_same(const char *ours, struct span theirs);

struct call_notice call_words_read(struct span line);

#endif
