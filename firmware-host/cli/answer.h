/* answer.h - asks the gateway and reads what it says. */
#ifndef CLI_ANSWER_H
#define CLI_ANSWER_H

#include <jansson.h>

#include "base/buf.h"
#include "base/when.h"
#include "cli/cli.h"

/* Sends a request's line and parses the answer.  0 and *answer (the caller's), with `raw` its text; or else the exit status, already
 * explained on standard error. */
int answer_get(const struct cli_args *args, const struct buf *line, bool again, json_t **answer,
	       struct buf *raw);

/* Asks again and again, every every_ms, until `done` says so of an answer or the time is over (ms; WHEN_NEVER: never).  A gateway
 * that does not answer is asked again: it may be restarting.  True: done.  *answer is the last one, NULL when there was none,
 * with `raw` its text. */
struct answer_wait {
	const struct buf *line;
	bool (*done)(const json_t *answer);
	int64_t every_ms;
	int64_t limit_ms;
};
bool answer_wait(const struct cli_args *args, const struct answer_wait *wait, json_t **answer,
		 struct buf *raw);

/* The answer's exit status (member "status"; without one, by "ok"). */
int answer_status(const json_t *answer);

/* Its error as one line on standard error, or the object itself with --json.  Gives back the status. */
int answer_show(const struct cli_args *args, const json_t *answer, const struct buf *raw);

#endif
