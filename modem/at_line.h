/* at_line.h - a cursor over the fields of one response line (27.007 and what modems make of it).
 *
 * Fields are separated by commas; blanks around them do not count.  A field is quoted, unquoted, empty, or a list in
 * round brackets.  Each read takes exactly one field and the comma after it, also when it returns false, so a caller
 * sets its defaults first and reads on:
 *
 *	struct at_line line = at_line_of(text);
 *	int64_t index = -1, stat = -1;
 *
 *	if (at_line_prefix(&line, "+CMGR:")) {
 *		at_line_int(&line, &stat);
 *		...
 *
 * Everything returned is borrowed from the text.
 */
#ifndef MODEM_AT_LINE_H
#define MODEM_AT_LINE_H

#include "base/span.h"

struct at_line { /* fields private */
	struct span rest;
	int depth;  /* open list brackets */
	bool ended; /* no comma followed the last field */
};

struct at_line at_line_of(struct span text);

/* If the rest begins with prefix (exact case), passes over it and the blanks after it ("+CMGS:47" and "+CMGS: 47"
 * alike).  Otherwise false and nothing is taken. */
bool at_line_prefix(struct at_line *line, const char *prefix);

/* Is there another field (perhaps an empty one after a comma)? */
bool at_line_more(const struct at_line *line);

/* The next field as text, quotes taken off.  A quote inside quotes counts as text unless a comma, a closing bracket or
 * the end follows it; a quote never closed runs to the end.  False: the line has ended (value is the empty span). An
 * empty field is true with an empty value. */
bool at_line_string(struct at_line *line, struct span *value);

/* The next field as an integer, perhaps in quotes.  False, and *value untouched, when it is missing, empty, no
 * integer or does not fit.  at_line_hex reads digits without 0x, at most 16 of them (27.007 <lac>, <ci>). */
bool at_line_int(struct at_line *line, int64_t *value);
bool at_line_hex(struct at_line *line, uint64_t *value);

/* Passes over count fields, a list in brackets being one.  False when the line ended before. */
bool at_line_skip(struct at_line *line, size_t count);

/* Goes into a list: '(' must come next, else false and nothing is taken.  at_line_close passes over what is
 * left of it, its ')' and the comma after it.  Inside, ')' ends the last field and at_line_more is false there. */
bool at_line_open(struct at_line *line);
void at_line_close(struct at_line *line);

/* All that was not read yet, as it stands. */
struct span at_line_rest(const struct at_line *line);

#endif
