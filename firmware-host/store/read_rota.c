/* read_rota.c - rows of what was changed on the rota. */
#include <stdlib.h>
#include <string.h>

#include "store/read.h"

int read_rota(sqlite3_stmt *stmt, struct rota_entry *entry, struct err *err)
{
	struct db_read read = { .stmt = stmt, .table = "rota", .err = err };

	*entry = (struct rota_entry){ 0 };
	entry->id = read.id = db_read_int(&read, 1, INT64_MAX);
	entry->kind = (enum rota_kind)db_read_int(&read, ROTA_OVERRIDE, ROTA_KINDS - 1);
	db_read_text(&read, entry->rotation, sizeof entry->rotation);
	db_read_text(&read, entry->slot, sizeof entry->slot);
	db_read_text(&read, entry->person, sizeof entry->person);
	db_read_text(&read, entry->cover, sizeof entry->cover);
	entry->from_utc_s = db_read_int(&read, INT64_MIN, INT64_MAX);
	entry->until_utc_s = db_read_int(&read, INT64_MIN, INT64_MAX);
	db_read_text(&read, entry->by, sizeof entry->by);
	db_read_text(&read, entry->reason, sizeof entry->reason);
	entry->made_utc_s = db_read_int(&read, INT64_MIN, INT64_MAX);
	entry->ended_utc_s = db_read_int(&read, INT64_MIN, INT64_MAX);
	return read.bad ? -1 : 0;
}

/* "from until person", the person possibly missing. */
static bool span_from(struct span line, struct rota_span *span)
{
	struct span from = span_cut(&line, ' ');
	struct span until = span_cut(&line, ' ');

	return span_int(from, &span->from_utc_s) && span_int(until, &span->until_utc_s) &&
	       span_copy(line, span->person, sizeof span->person);
}

static int spans_from(struct rota_calendar *calendar, struct span text, struct db_read *read)
{
	size_t cap = 0;

	while (text.len > 0) {
		if (array_grow(&calendar->spans, &cap, calendar->span_count + 1,
			       sizeof *calendar->spans) < 0)
			return err_nomem(read->err);
		calendar->spans[calendar->span_count] = (struct rota_span){ 0 };
		if (!span_from(span_cut(&text, '\n'), &calendar->spans[calendar->span_count++])) {
			db_read_fail(read, "is no list of shifts");
			return -1;
		}
	}
	return 0;
}

int read_calendar(sqlite3_stmt *stmt, struct rota_calendar *calendar, struct err *err)
{
	struct db_read read = { .stmt = stmt, .table = "calendar", .err = err };
	char *text;

	*calendar = (struct rota_calendar){ 0 };
	db_read_text(&read, calendar->rotation, sizeof calendar->rotation);
	calendar->read_utc_s = db_read_int(&read, INT64_MIN, INT64_MAX);
	text = db_read_dup(&read);
	if (!read.bad && spans_from(calendar, span_of(text), &read) == 0) {
		free(text);
		return 0;
	}
	free(text);
	free(calendar->spans);
	*calendar = (struct rota_calendar){ 0 };
	return -1;
}
