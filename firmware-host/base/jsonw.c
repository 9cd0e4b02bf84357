#include "base/jsonw.h"

#include <stdio.h>

#include "base/civil.h"
#include "base/utf8.h"

static void quoted(struct buf *out, struct span text)
{
	buf_add_char(out, '"');
	while (text.len > 0) {
		uint32_t point = utf8_next(&text);

		if (point == '"' || point == '\\')
			buf_addf(out, "\\%c", (char)point);
		else if (point == '\n')
			buf_add_text(out, "\\n");
		else if (point < 0x20 || point == 0x7F)
			buf_addf(out, "\\u%04x", (unsigned)point);
		else
			utf8_add(out, point);
	}
	buf_add_char(out, '"');
}

static void lead(struct jsonw *json, const char *name)
{
	if (json->comma)
		buf_add_char(json->out, ',');
	json->comma = true;
	if (name == NULL)
		return;
	quoted(json->out, span_of(name));
	buf_add_char(json->out, ':');
}

static void open_with(struct jsonw *json, const char *name, char bracket)
{
	lead(json, name);
	buf_add_char(json->out, bracket);
	json->comma = false;
}

static void close_with(struct jsonw *json, char bracket)
{
	buf_add_char(json->out, bracket);
	json->comma = true;
}

void jsonw_object(struct jsonw *json, const char *name)
{
	open_with(json, name, '{');
}

void jsonw_end_object(struct jsonw *json)
{
	close_with(json, '}');
}

void jsonw_array(struct jsonw *json, const char *name)
{
	open_with(json, name, '[');
}

void jsonw_end_array(struct jsonw *json)
{
	close_with(json, ']');
}

void jsonw_span(struct jsonw *json, const char *name, struct span text)
{
	lead(json, name);
	quoted(json->out, text);
}

void jsonw_string(struct jsonw *json, const char *name, const char *text)
{
	if (text != NULL) {
		jsonw_span(json, name, span_of(text));
		return;
	}
	lead(json, name);
	buf_add_text(json->out, "null");
}

void jsonw_int(struct jsonw *json, const char *name, int64_t value)
{
	lead(json, name);
	buf_addf(json->out, "%lld", (long long)value);
}

void jsonw_bool(struct jsonw *json, const char *name, bool value)
{
	lead(json, name);
	buf_add_text(json->out, value ? "true" : "false");
}

void jsonw_rfc3339(int64_t utc_s, char text[32])
{
	struct civil c = civil_of(utc_s);

	snprintf(text, 32, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)c.year, c.month, c.day, c.hour,
		 c.minute, c.second);
}

void jsonw_time(struct jsonw *json, const char *name, int64_t utc_s)
{
	char text[32];

	jsonw_rfc3339(utc_s, text);
	jsonw_string(json, name, utc_s == 0 ? NULL : text);
}
