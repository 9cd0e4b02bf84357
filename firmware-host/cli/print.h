/* print.h - answers for people: aligned, short, coloured on a terminal only (and never with NO_COLOR).
 *
 * Foreign text is shown without its control characters: an alert cannot move the cursor of who reads it.
 */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <stdio.h>

#include <jansson.h>

#include "base/buf.h"

/* A table in the making; the first row is the header.  Columns are as wide as their widest cell. */
struct table {
	size_t columns;
	char **cells; /* row by row */
	size_t count;
	size_t cap;
};

/* Adds a cell, a safe copy; NULL and "" show as "-".  The cell under a header "STATE" is coloured. */
void table_add(struct table *table, const char *text);
void table_print(struct table *table); /* on standard output; frees what it holds */

/* text made safe for a terminal, appended. */
void print_safe(struct buf *out, const char *text);
void print_line(const char *label,
		const char *value); /* "label:  value"; nothing for NULL and "" */

/* A member as text: numbers and booleans in decimal and words; "" when missing or null.  The text lives in
 * `room` or as long as the object. */
#define PRINT_ROOM 32
const char *print_member(const json_t *object, const char *key, char room[PRINT_ROOM]);

/* "05:07:13Z" of an RFC 3339 stamp in UTC, with its date in front when that is not today's; as it is when it is something
 * else. */
const char *print_clock(const char *stamp, char room[PRINT_ROOM]);
const char *print_clock_on(const char *stamp, int64_t now_s, char room[PRINT_ROOM]);
const char *print_seconds(int64_t s, char room[PRINT_ROOM]);     /* "+4:05", "-0:30", "+1:02:03" */
const char *print_minutes(int64_t s, char room[PRINT_ROOM]);     /* "12 s", "4:05 min" */
const char *print_about(int64_t s, char room[PRINT_ROOM]);       /* "3 d", "26 h", "90 s" */
const char *print_ago(const char *stamp, char room[PRINT_ROOM]); /* "5 min ago"; "" for no stamp */

/* Until when a shift lasts: "Mon 2026-11-23 11:00 CET, in 2 d"; "" for one without an end in sight. */
#define PRINT_UNTIL 128
const char *print_until(const json_t *shift, char text[PRINT_UNTIL]);

/* One a command; each takes the whole answer. */
void print_page(const json_t *answer); /* page, incident: id and code; warnings on standard error */
void print_result(const json_t *answer); /* ack, resolve, … */
void print_list(const json_t *answer);
void print_show(const json_t *answer);
void print_who(const json_t *answer);
void print_schedule(const json_t *answer);
void print_schedule_svg(const json_t *answer);
void print_schedule_ics(const json_t *answer);
void print_changes(const json_t *answer); /* override, absent */
void print_status(const json_t *answer);
void print_modems(const json_t *answer);
void print_people(const json_t *answer);
void print_enrol(const json_t *answer);
void print_proof(const json_t *answer);
void print_loopback(const json_t *answer);
void print_faults(const json_t *answer);
void print_handoff(const json_t *answer);
void print_report(const json_t *answer);
void print_silences(const json_t *answer);
void print_watches(const json_t *answer);
void print_drill(const json_t *answer); /* one, or all of them */
void print_lines(const json_t *answer); /* at: as the modem said it */
void print_done(const json_t *answer);
void print_reloaded(const json_t *answer);
void print_timeline_text(const json_t *answer);
void print_timeline_markdown(const json_t *answer);

#endif
