#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/jsonw.h"
#include "dialplan/plan.h"

#define LINE_MAX_BYTES 1200

static const char *const level_names[] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARNING] = "warning",
	[LOG_LEVEL_INFO] = "info",
};

static size_t cut(int wanted, size_t room)
{
	if (wanted < 0)
		return 0;
	return (size_t)wanted < room ? (size_t)wanted : room - 1;
}

void log_event(enum log_level level, const char *name, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	char stamp[32];
	size_t used;
	va_list ap;

	jsonw_rfc3339((int64_t)time(NULL), stamp);
	used = cut(snprintf(line, sizeof line - 1, "time=%s level=%s event=%s ", stamp,
			    level_names[level], name),
		   sizeof line - 1);
	va_start(ap, fmt);
	used += cut(vsnprintf(line + used, sizeof line - 1 - used, fmt, ap),
		    sizeof line - 1 - used);
	va_end(ap);
	while (used > 0 && line[used - 1] == ' ')
		used--;
	for (size_t i = 0; i < used; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F)
			line[i] = '?';
	line[used++] = '\n';
	/* A log that cannot be written must not stop a page. */
	if (write(STDERR_FILENO, line, used) < 0)
		return;
}

static uint64_t hash_of(const char *name, const char *text)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

	for (const char *at = name; *at != '\0'; at++)
		hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
	for (const char *at = text; *at != '\0'; at++)
		hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
	return hash | 1; /* 0 is a free place */
}

void log_limited(struct log_limit *limit, struct when now, enum log_level level, const char *name,
		 const char *fmt, ...)
{
	char text[LINE_MAX_BYTES];
	uint64_t hash;
	size_t at = 0;
	int64_t held;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	hash = hash_of(name, text);
	/* Its own place, else a free one, else that of the oldest. */
	for (size_t i = 1; i < LOG_LIMITED && limit->lines[at].hash != hash; i++)
		if (limit->lines[i].hash == hash ||
		    limit->lines[i].written_ms < limit->lines[at].written_ms)
			at = i;
	if (limit->lines[at].hash == hash &&
	    now.mono_ms - limit->lines[at].written_ms < LOG_AGAIN_MS) {
		limit->lines[at].held++;
		return;
	}
	held = limit->lines[at].hash == hash ? limit->lines[at].held : 0;
	limit->lines[at].hash = hash;
	limit->lines[at].written_ms = now.mono_ms;
	limit->lines[at].held = 0;
	if (held > 0)
		log_event(level, name, "%s repeated=%lld", text, (long long)held);
	else
		log_event(level, name, "%s", text);
}

/* How many bytes of an E.164 number stand at the front: "+" and 7 to 15 digits, else 0. */
static size_t number_at(const char *text)
{
	size_t digits;

	if (text[0] != '+')
		return 0;
	digits = strspn(text + 1, "0123456789");
	return digits >= 7 && digits <= 15 ? digits + 1 : 0;
}

static size_t quote_number(const char *text, size_t len, char *to)
{
	char e164[PLAN_E164];
	char masked[PLAN_E164];
	size_t used;

	span_copy((struct span){ text, len }, e164, sizeof e164);
	plan_mask_number(e164, masked);
	for (used = 0; masked[used] != '\0'; used++)
		to[used] = masked[used];
	return used;
}

const char *log_quote(const char *text, char quoted[LOG_QUOTED])
{
	size_t used = 0;

	if (text == NULL)
		text = "";
	quoted[used++] = '"';
	while (*text != '\0' && used + PLAN_E164 + 4 < LOG_QUOTED) {
		size_t number = number_at(text);

		if (number > 0) {
			used += quote_number(text, number, quoted + used);
			text += number;
			continue;
		}
		if (*text == '"' || *text == '\\')
			quoted[used++] = '\\';
		quoted[used++] = *text++;
	}
	quoted[used++] = '"';
	quoted[used] = '\0';
	return quoted;
}
