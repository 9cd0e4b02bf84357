/* at_query.h - the written list of what people may ask a modem by hand: it tells and changes nothing (DESIGN.md 5).
 *
 * A table and a plain function.  What is said to the modem comes from the table, never from who asks.
 */
#ifndef MODEM_AT_QUERY_H
#define MODEM_AT_QUERY_H

#include "base/err.h"
#include "base/span.h"

#define AT_QUERY_MAX 40

struct at_query {
	char text[AT_QUERY_MAX]; /* the command, without its CR */
	const char *
		prefix; /* how the lines of its answer begin; "": any but a known notice.  Lives on */
};

/* `asked` as somebody types it: "AT+CSQ", any case.  0, or -1 (ERR_REFUSED: not on the list; ERR_INVALID: several at
 * once, A/, or no command at all), with what to do instead. */
int at_query_of(struct span asked, struct at_query *query, struct err *err);

#endif
