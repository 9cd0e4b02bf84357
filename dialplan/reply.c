/* reply.c - the grammar.  scan.c cuts a line into tokens; here they get a meaning. */
#include "dialplan/reply.h"

#include "dialplan/code.h"
#include "dialplan/scan.h"

#include <string.h>

#define PIN_MIN 4
#define PIN_MAX 8

/* What may follow a word (and its code) on the first line without making it doubtful. */
enum tail {
	TAIL_THANKS, /* the phrases of `thanks` and nothing else */
	TAIL_REMARK, /* behind a code anything but a refusal; without one, thanks */
	TAIL_TIME,   /* "2h", "until ..."; then perhaps a PIN */
	TAIL_ANY
};

static const struct word {
	const char *text;
	enum reply_word word;
	enum tail tail;
	bool takes_all; /* "ack all" */
} words[] = {
	{ "ack", REPLY_ACK, TAIL_REMARK, true },
	{ "a", REPLY_ACK, TAIL_THANKS, true },
	{ "ok", REPLY_ACK, TAIL_THANKS, false },
	{ "yes", REPLY_ACK, TAIL_THANKS, false },
	{ "4", REPLY_ACK, TAIL_THANKS, true },
	{ "claim", REPLY_ACK, TAIL_REMARK, true },
	{ "pass", REPLY_PASS, TAIL_REMARK, false },
	{ "esc", REPLY_PASS, TAIL_REMARK, false },
	{ "done", REPLY_DONE, TAIL_REMARK, false },
	{ "resolve", REPLY_DONE, TAIL_REMARK, false },
	{ "upd", REPLY_UPDATE, TAIL_ANY, false },
	{ "defer", REPLY_DEFER, TAIL_ANY, false },
	{ "backup", REPLY_BACKUP, TAIL_REMARK, false },
	{ "ic", REPLY_IC, TAIL_ANY, false },
	{ "comms", REPLY_COMMS, TAIL_ANY, false },
	{ "inv", REPLY_INV, TAIL_ANY, false },
	{ "take", REPLY_TAKE, TAIL_TIME, false },
	{ "out", REPLY_OUT, TAIL_TIME, false },
	{ "more", REPLY_MORE, TAIL_THANKS, false },
	{ "status", REPLY_STATUS, TAIL_ANY, false },
	{ "who", REPLY_WHO, TAIL_ANY, false },
	{ "help", REPLY_HELP, TAIL_ANY, false },
	{ "stop", REPLY_STOP, TAIL_THANKS, false },
	{ "end", REPLY_STOP, TAIL_THANKS, false },
	{ "quit", REPLY_STOP, TAIL_THANKS, false },
};

/* A code that stands alone. */
static const struct word bare_code = { "", REPLY_ACK, TAIL_THANKS, false };

/* Apostrophes are gone by then.  Phones put their signature on the same line when they fold blanks. */
static const char *const thanks[] = {
	"thanks", "thank you", "thx",    "ty",         "cheers",      "please",    "pls",
	"on it",  "im on it",  "got it", "ive got it", "ill take it", "taking it", "sent from my",
};

/* In what follows an ack by code: takes it back, or makes it depend on something. */
static const char *const refusals[] = {
	"no",   "not",    "nope", "never", "cant",     "cannot", "couldnt", "dont",   "wont",
	"isnt", "unable", "pass", "esc",   "escalate", "undo",   "cancel",  "unless", "if",
};

static const struct mood { /* what a sign says */
	uint32_t sign;
	bool cheers; /* thanks */
	bool likes;  /* phones send it as a positive reaction */
	bool refuses;
} moods[] = {
	{ 0x1F44D, true, true, false },                                   /* thumb up */
	{ 0x2764, true, true, false },                                    /* heart */
	{ 0x1F44C, true, false, false },                                  /* OK hand */
	{ 0x1F64F, true, false, false },                                  /* folded hands */
	{ 0x1FAE1, true, false, false },                                  /* salute */
	{ 0x2705, true, false, false },                                   /* check marks */
	{ 0x2714, true, false, false },  { 0x1F44E, false, false, true }, /* thumb down */
	{ 0x274C, false, false, true },  { 0x1F6AB, false, false, true },
	{ 0x1F645, false, false, true }, { 0x26D4, false, false, true },
};

static const char *const name_of[] = {
	[REPLY_BACKUP] = "backup",   [REPLY_DEFER] = "defer",     [REPLY_IC] = "ic",
	[REPLY_COMMS] = "comms",     [REPLY_INV] = "inv",         [REPLY_TAKE] = "take",
	[REPLY_OUT] = "out",         [REPLY_NONE] = "none",       [REPLY_ACK] = "ack",
	[REPLY_ACK_ALL] = "ack all", [REPLY_PASS] = "pass",       [REPLY_DONE] = "done",
	[REPLY_UPDATE] = "update",   [REPLY_MORE] = "more",       [REPLY_STATUS] = "status",
	[REPLY_WHO] = "who",         [REPLY_HELP] = "help",       [REPLY_STOP] = "stop",
	[REPLY_LIKED] = "liked",     [REPLY_REACTED] = "reacted", [REPLY_QUESTION] = "question",
};
_Static_assert(COUNT_OF(name_of) == REPLY_WORDS, "a name for each word");

const char *reply_word_name(enum reply_word word)
{
	return word < REPLY_WORDS ? name_of[word] : name_of[REPLY_NONE];
}

static struct mood mood_of(struct token token)
{
	for (size_t i = 0; i < COUNT_OF(moods); i++)
		if (token.kind == TOKEN_SIGN && moods[i].sign == token.sign)
			return moods[i];
	return (struct mood){ 0 };
}

static const struct word *take_word(struct scan *scan)
{
	struct scan ahead = *scan;
	struct token token = scan_next(&ahead);

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (strcmp(token.text, words[i].text) != 0)
			continue;
		*scan = ahead;
		return &words[i];
	}
	return NULL;
}

/* Passes over a phrase of one or more words if it stands here. */
static bool take_phrase(struct scan *scan, const char *phrase)
{
	struct scan ahead = *scan;
	struct span rest = span_of(phrase);

	while (rest.len > 0) {
		struct token token = scan_next(&ahead);

		if (!span_is(span_cut(&rest, ' '), token.text))
			return false;
	}
	*scan = ahead;
	return true;
}

/* "47 16": phones put blanks into numbers.  Digits up to six in all, with nothing but blanks between. */
static bool join_digits(struct scan *scan, char code[8])
{
	struct scan ahead = *scan;
	size_t len = 0;

	for (;;) {
		struct scan before = ahead;
		struct token token = scan_next(&ahead);
		size_t more = strlen(token.text);

		if (token.kind != TOKEN_DIGITS || (len > 0 && token.punct)) {
			ahead = before;
			break;
		}
		if (len + more > 6)
			return false;
		memcpy(code + len, token.text, more + 1);
		len += more;
	}
	*scan = ahead;
	return len >= 4;
}

/* A code here, or something that looks like one (bad_code).  False: neither, nothing consumed. */
static bool take_code(struct scan *scan, struct reply *reply)
{
	struct scan alone = *scan;
	struct scan joined = *scan;
	struct token token = scan_next(&alone);
	size_t len = strlen(token.text);
	char code[8] = "";

	if (token.kind != TOKEN_DIGITS)
		return false;
	if (!code_valid(span_of(token.text)) && join_digits(&joined, code) &&
	    code_valid(span_of(code))) {
		memcpy(reply->code, code, sizeof code);
		*scan = joined;
		return true;
	}
	if (len < 4 || len > 6)
		return false;
	memcpy(reply->code, token.text, len + 1);
	reply->bad_code = !code_valid(span_of(token.text));
	*scan = alone;
	return true;
}

/* Behind "upd" a number that is no code is part of what is told. */
static void take_update_code(struct scan *scan, struct reply *reply)
{
	struct scan ahead = *scan;
	struct token token = scan_next(&ahead);

	if (token.kind != TOKEN_DIGITS || !code_valid(span_of(token.text)))
		return;
	memcpy(reply->code, token.text, strlen(token.text) + 1);
	*scan = ahead;
}

static bool only_thanks(struct scan scan)
{
	for (;;) {
		struct scan ahead = scan;
		struct token token = scan_next(&ahead);
		size_t i = 0;

		if (token.kind == TOKEN_END)
			return true;
		if (mood_of(token).cheers) {
			scan = ahead;
			continue;
		}
		while (i < COUNT_OF(thanks) && !take_phrase(&scan, thanks[i]))
			i++;
		if (i == COUNT_OF(thanks))
			return false;
		if (strcmp(thanks[i], "sent from my") == 0)
			return true;
	}
}

static bool refuses(struct scan scan)
{
	for (;;) {
		struct token token = scan_next(&scan);

		if (token.kind == TOKEN_END)
			return false;
		if (mood_of(token).refuses)
			return true;
		for (size_t i = 0; i < COUNT_OF(refusals); i++)
			if (strcmp(token.text, refusals[i]) == 0)
				return true;
	}
}

/* "2h", "90 min", "until friday 09:00"; not "take 4716" and not "out of office". */
static bool says_time(struct scan scan)
{
	struct token number;
	struct token unit;

	if (take_phrase(&scan, "until"))
		return scan_next(&scan).kind != TOKEN_END;
	number = scan_next(&scan);
	unit = scan_next(&scan);
	return number.kind == TOKEN_DIGITS && strlen(number.text) <= 3 && unit.kind == TOKEN_WORD &&
	       unit.text[0] != '\0' && strchr("dhmw", unit.text[0]) != NULL;
}

static bool tail_ok(const struct word *word, const struct reply *reply, struct scan scan)
{
	switch (word->tail) {
	case TAIL_TIME:
		return says_time(scan);
	case TAIL_ANY:
		return true;
	case TAIL_REMARK:
		if (reply->code[0] != '\0')
			return word->word == REPLY_PASS || !refuses(scan);
		return only_thanks(scan);
	case TAIL_THANKS:
		return only_thanks(scan);
	}
	return false;
}

/* What stands behind word and code; of an update with all further lines. */
static struct span argument_of(enum reply_word word, const struct scan *scan, struct span text)
{
	struct span rest = scan_rest(scan);

	if (word == REPLY_UPDATE)
		rest.len = (size_t)(text.at + text.len - rest.at);
	rest = span_trim(rest);
	while (rest.len > 0 && strchr(":-,.", rest.at[0]) != NULL && rest.at[0] != '\0')
		rest = span_trim(span_skip(rest, 1));
	return rest;
}

/* Digits of ASCII behind a blank, at the line's end: cut off the argument. */
static struct span take_pin(struct span *argument)
{
	struct span pin = { argument->at + argument->len, 0 };

	while (pin.at > argument->at && pin.at[-1] >= '0' && pin.at[-1] <= '9') {
		pin.at--;
		pin.len++;
	}
	if (pin.len < PIN_MIN || pin.len > PIN_MAX || pin.at == argument->at || pin.at[-1] != ' ')
		return (struct span){ 0 };
	argument->len = (size_t)(pin.at - argument->at);
	*argument = span_trim(*argument);
	return pin;
}

static struct reply finish(const struct word *word, struct reply reply, struct scan scan,
			   struct span text)
{
	if (!tail_ok(word, &reply, scan))
		return (struct reply){ REPLY_NONE };
	if (reply.word == REPLY_NONE)
		reply.word = word->word;
	reply.argument = argument_of(reply.word, &scan, text);
	if (word->tail == TAIL_TIME)
		reply.pin = take_pin(&reply.argument);
	return reply;
}

/* WORD [code] */
static struct reply word_first(struct scan scan, struct span text)
{
	struct reply reply = { REPLY_NONE };
	const struct word *word = take_word(&scan);

	if (word == NULL)
		return reply;
	if (word->takes_all && take_phrase(&scan, "all")) {
		reply.word = REPLY_ACK_ALL;
		return only_thanks(scan) ? reply : (struct reply){ REPLY_NONE };
	}
	if (word->word == REPLY_UPDATE)
		take_update_code(&scan, &reply);
	else if (word->tail != TAIL_TIME)
		take_code(&scan, &reply);
	return finish(word, reply, scan, text);
}

/* code [WORD] */
static struct reply code_first(struct scan scan, struct span text)
{
	struct reply reply = { REPLY_NONE };
	const struct word *word;

	if (!take_code(&scan, &reply))
		return reply;
	word = take_word(&scan);
	if (word != NULL && word->tail == TAIL_TIME)
		return (struct reply){ REPLY_NONE };
	return finish(word == NULL ? &bare_code : word, reply, scan, text);
}

/* A code that the phone's cut ran through must not become another page's: something of ours has to follow it. */
static bool whole_code(struct scan scan, struct reply *reply)
{
	struct token token = scan_next(&scan);
	struct span after = scan_rest(&scan);

	if (token.kind != TOKEN_DIGITS || !code_valid(span_of(token.text)) ||
	    !(span_starts(after, ":") || span_starts(after, " ")))
		return false;
	memcpy(reply->code, token.text, strlen(token.text) + 1);
	return true;
}

/* Our own "reply ACK 4716:" in what a reaction quotes. */
static void quoted_code(struct scan scan, struct reply *reply)
{
	do {
		if (take_phrase(&scan, "reply ack") && whole_code(scan, reply))
			return;
	} while (scan_next(&scan).kind != TOKEN_END);
}

/* Is the next token the beginning of a quotation? */
static bool quotes(struct scan scan)
{
	return scan_next(&scan).quoted;
}

/* `to "..."` behind an emoji. */
static bool to_quote(struct scan scan)
{
	return take_phrase(&scan, "to") && quotes(scan);
}

/* iMessage: Liked "...", Removed a like from "..."; Android: (thumb) to "...", Reacted (thumb) to "...". */
static struct reply reaction(struct scan scan)
{
	static const char *const others[] = { "disliked",   "emphasized", "emphasised",
					      "questioned", "laughed at", "removed a",
					      "removed an" };
	struct reply reply = { REPLY_NONE };
	struct scan first = scan;
	bool reacted = take_phrase(&first, "reacted");
	struct token sign = scan_next(&first);

	if (sign.kind == TOKEN_SIGN) {
		reply.word = mood_of(sign).likes && to_quote(first) ? REPLY_LIKED : REPLY_REACTED;
	} else if (!reacted && (take_phrase(&scan, "liked") || take_phrase(&scan, "loved"))) {
		reply.word = quotes(scan) ? REPLY_LIKED : REPLY_NONE;
	} else {
		for (size_t i = 0; i < COUNT_OF(others); i++)
			if (take_phrase(&scan, others[i]) && scan_has_quote(&scan))
				reply.word = REPLY_REACTED;
	}
	if (reply.word == REPLY_NONE)
		return reply;
	quoted_code(scan, &reply);
	if (reply.code[0] == '\0')
		reply.word = REPLY_REACTED;
	return reply;
}

struct reply reply_parse(struct span text)
{
	struct scan scan = scan_line(text);
	struct reply reply = reaction(scan);

	if (reply.word == REPLY_NONE)
		reply = word_first(scan, text);
	if (reply.word == REPLY_NONE) /* also "4 716", which begins with a word */
		reply = code_first(scan, text);
	if (scan.asks && (reply.word == REPLY_ACK || reply.word == REPLY_ACK_ALL ||
			  reply.word == REPLY_PASS || reply.word == REPLY_DONE))
		reply.word = REPLY_QUESTION;
	return reply;
}

void reply_redact(struct span text, struct buf *out)
{
	struct span pin = reply_parse(text).pin;

	if (pin.len == 0) {
		buf_add(out, text);
		return;
	}
	buf_add(out, (struct span){ text.at, (size_t)(pin.at - text.at) });
	for (size_t i = 0; i < pin.len; i++)
		buf_add_char(out, '*');
	buf_add(out, span_skip(text, (size_t)(pin.at - text.at) + pin.len));
}
