/* print_rota.c - who is on call, and what was changed on the rota. */
#include <string.h>

#include "cli/print.h"

const char *print_until(const json_t *shift, char text[PRINT_UNTIL])
{
	const json_t *left = json_object_get(shift, "left_s");
	char stamp[PRINT_ROOM];
	char about[PRINT_ROOM];

	snprintf(text, PRINT_UNTIL, "%s", print_member(shift, "until_local", stamp));
	if (text[0] == '\0')
		snprintf(text, PRINT_UNTIL, "%s", print_member(shift, "until", stamp));
	if (text[0] != '\0' && json_is_integer(left))
		snprintf(text + strlen(text), PRINT_UNTIL - strlen(text), ", in %s",
			 print_about(json_integer_value(left), about));
	return text;
}

/* "platform.primary: by turns of ada, bob; ..." below the table, with --why. */
static void reasons(const json_t *answer)
{
	const json_t *shift;
	size_t i;

	json_array_foreach(json_object_get(answer, "on_call"), i, shift)
	{
		struct buf line = { 0 };
		char room[PRINT_ROOM];

		if (json_object_get(shift, "why") == NULL)
			continue;
		print_safe(&line, print_member(shift, "rotation", room));
		buf_add_text(&line, ".");
		print_safe(&line, print_member(shift, "slot", room));
		buf_add_text(&line, ": ");
		print_safe(&line, print_member(shift, "why", room));
		puts(buf_text(&line));
		buf_free(&line);
	}
}

static void add_cells(struct table *table, const json_t *row, const char *const *keys, size_t count)
{
	char room[PRINT_ROOM];

	for (size_t i = 0; i < count; i++)
		table_add(table, print_member(row, keys[i], room));
}

static void headers(struct table *table, const char *const *names, size_t count)
{
	table->columns = count;
	for (size_t i = 0; i < count; i++)
		table_add(table, names[i]);
}

void print_who(const json_t *answer)
{
	static const char *const names[] = { "ROTATION", "SLOT", "PERSON", "NAME", "UNTIL" };
	static const char *const keys[] = { "rotation", "slot", "person", "title" };
	struct table table = { 0 };
	const json_t *shift;
	size_t i;

	headers(&table, names, COUNT_OF(names));
	json_array_foreach(json_object_get(answer, "on_call"), i, shift)
	{
		char text[PRINT_UNTIL];

		add_cells(&table, shift, keys, COUNT_OF(keys));
		table_add(&table, print_until(shift, text));
	}
	table_print(&table);
	reasons(answer);
}

void print_schedule(const json_t *answer)
{
	static const char *const names[] = { "ROTATION", "SLOT", "PERSON", "FROM", "UNTIL", "BY" };
	static const char *const keys[] = { "rotation",   "slot",        "person",
					    "from_local", "until_local", "by" };
	struct table table = { 0 };
	const json_t *row;
	size_t i;

	headers(&table, names, COUNT_OF(names));
	json_array_foreach(json_object_get(answer, "shifts"), i, row)
	{
		add_cells(&table, row, keys, COUNT_OF(keys));
	}
	table_print(&table);
	json_array_foreach(json_object_get(answer, "clock_changes"), i, row)
	{
		char zone[PRINT_ROOM];
		char at[PRINT_ROOM];
		char to[PRINT_ROOM];

		printf("the clocks change: %s at %s, to %s\n", print_member(row, "zone", zone),
		       print_member(row, "at", at), print_member(row, "abbreviation", to));
	}
}

/* Without anything to list, what there is to say. */
struct columns {
	const char *name, *key;
};

/* What was ended, or a table of what there is. */
static void print_rows(const json_t *answer, const char *list, const struct columns *columns,
		       size_t count)
{
	const json_t *rows = json_object_get(answer, list);
	const json_t *ended = json_object_get(answer, "ended");
	struct table table = { .columns = count };
	const json_t *row;
	char room[PRINT_ROOM];
	size_t i;

	if (ended != NULL) {
		printf("%s is ended\n", print_member(ended, "id", room));
		return;
	}
	if (json_array_size(rows) == 0) {
		puts("none");
		return;
	}
	for (i = 0; i < count; i++)
		table_add(&table, columns[i].name);
	json_array_foreach(rows, i, row)
	{
		for (size_t k = 0; k < count; k++)
			add_cells(&table, row, &columns[k].key, 1);
	}
	table_print(&table);
}

void print_changes(const json_t *answer)
{
	static const struct columns columns[] = {
		{ "ID", "id" },           { "KIND", "kind" },         { "ROTATION", "rotation" },
		{ "SLOT", "slot" },       { "PERSON", "person" },     { "COVER", "cover" },
		{ "FROM", "from_local" }, { "UNTIL", "until_local" }, { "BY", "by" },
		{ "REASON", "reason" },
	};

	print_rows(answer, "changes", columns, COUNT_OF(columns));
}

void print_silences(const json_t *answer)
{
	static const struct columns columns[] = {
		{ "ID", "id" },     { "ALERT", "alert" }, { "SERVICE", "service" },
		{ "HOST", "host" }, { "KEY", "key" },     { "UNTIL", "until" },
		{ "BY", "by" },     { "HITS", "hits" },   { "REASON", "reason" },
	};
	const json_t *made = json_object_get(answer, "silence");
	char id[PRINT_ROOM];
	char until[PRINT_ROOM];

	if (made != NULL)
		printf("%s: nobody is paged for these until %s\n", print_member(made, "id", id),
		       print_member(made, "until", until));
	else
		print_rows(answer, "silences", columns, COUNT_OF(columns));
}

void print_watches(const json_t *answer)
{
	static const char *const headers[] = { "NAME", "STATE", "KIND", "SEEN", "AGO" };
	static const char *const keys[] = { "name", "state", "kind", "seen" };
	const json_t *rows = json_object_get(answer, "watches");
	struct table table = { .columns = COUNT_OF(headers) };
	const json_t *row;
	char room[PRINT_ROOM];
	size_t i;

	if (json_array_size(rows) == 0) {
		puts("none");
		return;
	}
	for (i = 0; i < COUNT_OF(headers); i++)
		table_add(&table, headers[i]);
	json_array_foreach(rows, i, row)
	{
		add_cells(&table, row, keys, COUNT_OF(keys));
		table_add(
			&table,
			print_about(json_integer_value(json_object_get(row, "heard_s_ago")), room));
	}
	table_print(&table);
}

void print_drill(const json_t *answer)
{
	static const struct columns columns[] = {
		{ "ID", "id" }, { "STATE", "state" },   { "STARTED", "started" },
		{ "BY", "by" }, { "CHECKS", "checks" }, { "FAILED", "failed" },
	};
	const json_t *result;
	char room[PRINT_ROOM];
	size_t i;

	if (json_object_get(answer, "drills") != NULL) {
		print_rows(answer, "drills", columns, COUNT_OF(columns));
		return;
	}
	printf("%s ", print_member(answer, "id", room));
	printf("%s\n", print_member(answer, "state", room));
	json_array_foreach(json_object_get(answer, "results"), i, result)
	{
		struct buf text = { 0 };

		print_safe(&text, print_member(result, "what", room));
		printf("  %s  %s\n",
		       json_is_true(json_object_get(result, "good")) ? "ok    " : "FAILED",
		       buf_text(&text));
		buf_free(&text);
	}
}
