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
