/* print_page.c - answers about pages. */
#include <string.h>

#include "cli/print.h"

static void add_member(struct table *table, const json_t *object, const char *key)
{
	char room[PRINT_ROOM];

	table_add(table, print_member(object, key, room));
}

static void add_clock(struct table *table, const json_t *object, const char *key)
{
	char room[PRINT_ROOM];
	char clock[PRINT_ROOM];

	table_add(table, print_clock(print_member(object, key, room), clock));
}

static void add_wait(struct table *table, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	char room[PRINT_ROOM];

	table_add(table,
		  json_is_integer(value) ? print_seconds(json_integer_value(value), room) : NULL);
}

static void warn(const json_t *answer)
{
	const json_t *warning;
	size_t i;

	json_array_foreach(json_object_get(answer, "warnings"), i, warning)
	{
		struct buf safe = { 0 };

		print_safe(&safe, json_string_value(warning));
		fprintf(stderr, "tocsin: warning: %s\n", buf_text(&safe));
		buf_free(&safe);
	}
}

void print_page(const json_t *answer)
{
	char id[PRINT_ROOM];
	char room[PRINT_ROOM];
	const char *code = print_member(answer, "code", room);

	warn(answer);
	printf("%s%s%s\n", print_member(answer, "id", id), code[0] != '\0' ? " code " : "", code);
}

/* "p17 4711: acked by ada: result" */
void print_result(const json_t *answer)
{
	struct buf line = { 0 };
	char room[PRINT_ROOM];
	const char *owner = print_member(answer, "owner", room);

	print_safe(&line, json_string_value(json_object_get(answer, "id")));
	buf_add_char(&line, ' ');
	print_safe(&line, json_string_value(json_object_get(answer, "code")));
	buf_add_text(&line, ": ");
	print_safe(&line, json_string_value(json_object_get(answer, "state")));
	if (owner[0] != '\0') {
		buf_add_text(&line, ", owner ");
		print_safe(&line, owner);
	}
	if (print_member(answer, "result", room)[0] != '\0') {
		buf_add_text(&line, " (");
		print_safe(&line, print_member(answer, "result", room));
		buf_add_char(&line, ')');
	}
	puts(buf_text(&line));
	buf_free(&line);
}

void print_done(const json_t *answer)
{
	(void)answer;
	puts("done");
}

static void add_headers(struct table *table, const char *const *headers, size_t count)
{
	table->columns = count;
	for (size_t i = 0; i < count; i++)
		table_add(table, headers[i]);
}

void print_list(const json_t *answer)
{
	static const char *const headers[] = { "ID",    "CODE",   "STATE", "SEVERITY", "TARGET",
					       "OWNER", "OPENED", "NEXT",  "MESSAGE" };
	const json_t *pages = json_object_get(answer, "pages");
	struct table table = { 0 };
	const json_t *page;
	size_t i;

	if (json_array_size(pages) == 0) {
		puts("no pages");
		return;
	}
	add_headers(&table, headers, COUNT_OF(headers));
	json_array_foreach(pages, i, page)
	{
		add_member(&table, page, "id");
		add_member(&table, page, "code");
		add_member(&table, page, "state");
		add_member(&table, page, "severity");
		add_member(&table, page, "target");
		add_member(&table, page, "owner");
		add_clock(&table, page, "opened");
		add_wait(&table, page, "deadline_s");
		add_member(&table, page, "message");
	}
	table_print(&table);
}

static void show_tracks(const json_t *page)
{
	static const char *const headers[] = { "TRACK", "STEP", "ROUND", "NEXT", "ACKED BY" };
	struct table table = { 0 };
	const json_t *track;
	size_t i;

	if (json_array_size(json_object_get(page, "tracks")) == 0)
		return;
	add_headers(&table, headers, COUNT_OF(headers));
	json_array_foreach(json_object_get(page, "tracks"), i, track)
	{
		add_member(&table, track, "kind");
		add_member(&table, track, "step");
		add_member(&table, track, "round");
		add_wait(&table, track, "due_s");
		add_member(&table, track, "acked_by");
	}
	putchar('\n');
	table_print(&table);
}

static void show_people(const json_t *page)
{
	static const char *const headers[] = { "PERSON", "NAME", "STATE", "TRACK", "STEP" };
	struct table table = { 0 };
	const json_t *person;
	size_t i;

	if (json_array_size(json_object_get(page, "people")) == 0)
		return;
	add_headers(&table, headers, COUNT_OF(headers));
	json_array_foreach(json_object_get(page, "people"), i, person)
	{
		add_member(&table, person, "person");
		add_member(&table, person, "title");
		add_member(&table, person, "state");
		add_member(&table, person, "track");
		add_member(&table, person, "step");
	}
	putchar('\n');
	table_print(&table);
}

static void show_attempts(const json_t *page)
{
	static const char *const headers[] = { "KIND",  "STATE", "PERSON", "NUMBER",
					       "MODEM", "BEGAN", "ENDED",  "END" };
	struct table table = { 0 };
	const json_t *attempt;
	size_t i;

	if (json_array_size(json_object_get(page, "attempts")) == 0)
		return;
	add_headers(&table, headers, COUNT_OF(headers));
	json_array_foreach(json_object_get(page, "attempts"), i, attempt)
	{
		add_member(&table, attempt, "kind");
		add_member(&table, attempt, "state");
		add_member(&table, attempt, "person");
		add_member(&table, attempt, "number");
		add_member(&table, attempt, "modem");
		add_clock(&table, attempt, "began");
		add_clock(&table, attempt, "ended");
		add_member(&table, attempt, "end");
	}
	putchar('\n');
	table_print(&table);
}

void print_show(const json_t *answer)
{
	static const char *const keys[] = { "id",      "code",  "state",  "severity", "target",
					    "message", "owner", "opened", "acked",    "resolved",
					    "service", "alert", "host",   "runbook",  "dashboard",
					    "channel", "key",   "chain",  "cycle" };
	const json_t *page = json_object_get(answer, "page");
	char room[PRINT_ROOM];

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		print_line(keys[i], print_member(page, keys[i], room));
	if (json_is_true(json_object_get(page, "money")))
		print_line("money", "yes");
	if (json_is_true(json_object_get(page, "drill")))
		print_line("drill", "yes");
	show_tracks(page);
	show_people(page);
	show_attempts(page);
}
