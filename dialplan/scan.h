/* scan.h - the first line of what somebody texted, as tokens that spelling does not disturb.
 *
 * Case, full-width forms, quotes, full stops, zero-width characters and emoji variations are gone;
 * "4716a" is two tokens.  A scan is plain data over the borrowed text: copy it to look ahead.
 */
#ifndef DIALPLAN_SCAN_H
#define DIALPLAN_SCAN_H

#include "base/span.h"

#define TOKEN_SIZE 16

enum token_kind {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_DIGITS,
	TOKEN_SIGN, /* an emoji or the like */
	TOKEN_OTHER /* ">", "+": never part of a command */
};

struct token {
	enum token_kind kind;
	char text[TOKEN_SIZE]; /* lower case; "" for a sign, and for what is no ASCII or too long */
	uint32_t sign;         /* its code point */
	bool quoted;           /* a quote stood right before it */
	bool punct;            /* something more than blanks stood before it */
};

struct scan {
	struct span line; /* what is left of it */
	bool asks;        /* a question mark stands anywhere in the line */
};

/* The first line that is not blank. */
struct scan scan_line(struct span text);
struct token scan_next(struct scan *scan);

/* What has not been read yet. */
struct span scan_rest(const struct scan *scan);
bool scan_has_quote(const struct scan *scan);

#endif
