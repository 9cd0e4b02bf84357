/* line.h - requests as the gateway reads them: one JSON object, values all strings. */
#ifndef CLI_LINE_H
#define CLI_LINE_H

#include "base/buf.h"
#include "cli/cli.h"

/* The command's request from its options and words; request_id "" for none.  out->failed when it was too much. */
void line_of_args(struct buf *out, const struct cli_args *args, const char *request_id);

/* A request with at most one field (key NULL: none). */
void line_simple(struct buf *out, const char *command, const char *key, const char *value);

/* {"ok":…,"errors":[…],"warnings":[…],"report":[…]}, one text for each line of the three. */
void line_of_findings(struct buf *out, bool ok, const struct buf *errors,
		      const struct buf *warnings, const struct buf *report);

/* 32 random hexadecimal digits.  0, or -1. */
int line_request_id(char id[40], struct err *err);

#endif
