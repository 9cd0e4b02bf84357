/* print_rota.c - who is on call, and what was changed on the rota. */
#include <string.h>

#include "cli/print.h"

const char *print_until(const json_t *shift, char text[PRINT_UNTIL])
{
	const json_t *left = json_object_get(shift, "left_s");
	char stamp[PRINT_ROOM];
	char about[PRINT_ROOM];

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
void print_changes(const json_t *answer)
{
	static const char *const names[] = { "ID",    "KIND", "ROTATION", "SLOT", "PERSON",
					     "COVER", "FROM", "UNTIL",    "BY",   "REASON" };
	static const char *const keys[] = { "id",    "kind", "rotation", "slot", "person",
					    "cover", "from", "until",    "by",   "reason" };
	const json_t *rows = json_object_get(answer, "changes");
	const json_t *ended = json_object_get(answer, "ended");
	struct table table = { 0 };
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
	headers(&table, names, COUNT_OF(names));
	json_array_foreach(rows, i, row)
	{
		add_cells(&table, row, keys, COUNT_OF(keys));
	}
	table_print(&table);
}
