/* fetch.h - HTTP requests beside the loop: webhooks out, calendars in.
 *
 * Over libcurl's multi interface; nothing here waits, and nothing here is needed for a page.  http and https only, a bounded
 * answer, a limit on the whole of it.  Made at the first request: a gateway that asks for nothing has nothing of it in memory.
 * Each use has a set of its own, so that servers that hang on one do not hold up another.
 */
#ifndef FETCH_H
#define FETCH_H

#include "base/err.h"
#include "base/span.h"
#include "base/when.h"
#include "loop.h"

struct fetches;

int fetches_new(struct fetches **out, struct loop *loop, struct err *err);
void fetches_free(struct fetches *fetches); /* ends them all, unheard; NULL is fine */

struct fetch_spec {
	const char *url;
	struct span body;           /* POST when there is one, else GET; copied */
	const char *const *headers; /* "Name: value", ends with NULL; NULL: none */
	size_t answer_max;          /* octets; one more ends it */
	int64_t limit_ms;
};

struct fetch_result {
	int status;         /* of HTTP; 0: no answer, see why */
	struct span answer; /* until the call returns */
	char why[160];      /* in words when status is 0 */
};

struct fetch_calls {
	void (*ended)(void *owner, const struct fetch_result *result); /* once, from the loop */
	void *owner;
};

/* 0, or -1: ERR_NOMEM, ERR_INVALID (the URL). */
int fetches_start(struct fetches *fetches, const struct fetch_spec *spec, struct fetch_calls calls,
		  struct err *err);

void fetches_tick(struct fetches *fetches, struct when now);
int64_t fetches_deadline(const struct fetches *fetches); /* mono_ms, or WHEN_NEVER */

#endif
