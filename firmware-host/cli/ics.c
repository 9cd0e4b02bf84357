/* ics.c - the schedule as iCalendar (RFC 5545), for people's calendar programs. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "base/utf8.h"
#include "cli/print.h"

#define FOLD_AT 75 /* octets a line, RFC 5545 3.1 */

/* One content line, folded between characters, never inside one. */
static void put_line(struct span line)
{
	size_t room = FOLD_AT;

	while (line.len > room) {
		size_t cut = room;

		while (cut > 1 && ((unsigned char)line.at[cut] & 0xC0) == 0x80)
			cut--;
		printf("%.*s\r\n ", (int)cut, line.at);
		line = span_skip(line, cut);
		room = FOLD_AT - 1;
	}
	printf("%.*s\r\n", (int)line.len, line.at);
}

static void put_text(const char *name, const char *text)
{
	struct buf safe = { 0 };
	struct buf line = { 0 };

	print_safe(&safe, text);
	buf_addf(&line, "%s:", name);
	for (size_t i = 0; i < safe.len; i++) { /* RFC 5545 3.3.11 */
		if (strchr("\\;,", safe.at[i]) != NULL)
			buf_add_char(&line, '\\');
		buf_add_char(&line, safe.at[i]);
	}
	put_line(buf_span(&line));
	buf_free(&safe);
	buf_free(&line);
}

/* "20261123T100000Z" */
static bool put_stamp(const char *name, const char *rfc3339)
{
	int64_t utc_s;
	struct civil c;

	if (!civil_read(span_of(rfc3339), &utc_s))
		return false;
	c = civil_of(utc_s);
	printf("%s:%04lld%02d%02dT%02d%02d%02dZ\r\n", name, (long long)c.year, c.month, c.day,
	       c.hour, c.minute, c.second);
	return true;
}

static const char *member(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));

	return text == NULL ? "" : text;
}

/* The same shift has the same UID each time, by its end, so that a calendar program replaces it. */
static void put_event(const json_t *answer, const json_t *row)
{
	struct buf text = { 0 };

	if (member(row, "person")[0] == '\0')
		return;
	puts("BEGIN:VEVENT\r");
	buf_addf(&text, "%s-%s-%s-%s@tocsin", member(row, "rotation"), member(row, "slot"),
		 member(row, "person"), member(row, "ends"));
	put_text("UID", buf_text(&text));
	put_stamp("DTSTAMP", member(answer, "made"));
	put_stamp("DTSTART", member(row, "from"));
	put_stamp("DTEND", member(row, "until"));
	buf_clear(&text);
	buf_addf(&text, "%s on call: %s %s", member(row, "title"), member(row, "rotation"),
		 member(row, "slot"));
	put_text("SUMMARY", buf_text(&text));
	put_text("CATEGORIES", member(row, "rotation"));
	puts("TRANSP:TRANSPARENT\r");
	puts("END:VEVENT\r");
	buf_free(&text);
}

void print_schedule_ics(const json_t *answer)
{
	struct buf name = { 0 };
	const json_t *row;
	size_t i;

	buf_addf(&name, "On call (%s)", member(answer, "gateway"));
	puts("BEGIN:VCALENDAR\r");
	puts("VERSION:2.0\r");
	puts("PRODID:-//Tocsin//Schedule//EN\r");
	puts("CALSCALE:GREGORIAN\r");
	puts("METHOD:PUBLISH\r");
	put_text("X-WR-CALNAME", buf_text(&name));
	json_array_foreach(json_object_get(answer, "shifts"), i, row)
	{
		put_event(answer, row);
	}
	puts("END:VCALENDAR\r");
	buf_free(&name);
}
