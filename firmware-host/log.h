/* log.h - one fact a line on standard error, as logfmt: time, level, event, then key=value.
 *
 * Only the shell logs.  Telephone numbers never appear whole (log_quote masks them), PINs and tokens never
 * reach it.
 */
#ifndef LOG_H
#define LOG_H

#include <stdint.h>

#include "base/when.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO };

/* name is dotted: "modem.ready".  fmt writes "key=value key=value"; foreign text goes through log_quote.
 * Control bytes in the result become '?', so that nobody's text can start a line of its own. */
void log_event(enum log_level level, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Lines that may come in masses: the same one again within LOG_AGAIN_MS is only counted, and the next one that is written says how
 * many (repeated=). */
#define LOG_AGAIN_MS 600000
#define LOG_LIMITED  64 /* different lines that are remembered */

struct log_limit {
	struct {
		uint64_t hash;
		int64_t written_ms;
		int64_t held;
	} lines[LOG_LIMITED];
};

void log_limited(struct log_limit *limit, struct when now, enum log_level level, const char *name,
		 const char *fmt, ...) __attribute__((format(printf, 5, 6)));

#define LOG_QUOTED 400

/* text in double quotes, cut to fit, every "+" with 7 to 15 digits masked.  NULL: "".  Returns quoted. */
const char *log_quote(const char *text, char quoted[LOG_QUOTED]);

#endif
