/* client.h - one question to the gateway over its unix socket, one answer. */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include "base/buf.h"
#include "base/err.h"

#define CLIENT_WITHIN_MS   10000

#define CLIENT_UNREACHABLE 1 /* nothing was sent */
#define CLIENT_UNKNOWN     2 /* it was sent, and no answer came: it may have been carried out */

/* Sends line (without a newline) and waits for the answer's line, CLIENT_WITHIN_MS in all.  With wish.again, which is for
 * requests that may safely be repeated, a connection that is lost before the answer is made anew and the line sent again.
 * 0 and the answer, without its newline; or one of the above, err filled. */
struct client_wish {
	bool again;        /* see above */
	int64_t within_ms; /* 0: CLIENT_WITHIN_MS */
};
int client_ask(const char *path, struct span line, struct client_wish wish, struct buf *answer,
	       struct err *err);

/* Sends line, then hands every line that comes to `each`, until the connection ends.  CLIENT_UNREACHABLE or
 * CLIENT_UNKNOWN, err filled. */
int client_follow(const char *path, struct span line, void (*each)(struct span line),
		  struct err *err);

#endif
