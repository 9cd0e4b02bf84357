/* print_people.c - what the phones of each person have proven, and when. */
#include <string.h>

#include "cli/print.h"

static const struct {
	const char *key, *kind; /* kind: whether the number is for it at all */
} columns[] = {
	{ "sms", "takes_texts" },
	{ "reply", "takes_texts" },
	{ "call", "takes_calls" },
	{ "key", "takes_calls" },
};

static void add_number(struct table *table, const json_t *person, const json_t *number, bool first)
{
	char stamp[PRINT_ROOM];
	char room[PRINT_ROOM];

	table_add(table, first ? print_member(person, "name", room) : "");
	table_add(table, print_member(number, "number", room));
	for (size_t i = 0; i < COUNT_OF(columns); i++) {
		const char *ago = print_ago(print_member(number, columns[i].key, stamp), room);

		if (!json_is_true(json_object_get(number, columns[i].kind)))
			table_add(table, "");
		else
			table_add(table, ago[0] == '\0' ? "never" : ago);
	}
	table_add(table, first ? print_member(person, "enrolment", room) : "");
}

void print_people(const json_t *answer)
{
	static const char *const headers[] = { "PERSON", "NUMBER", "TEXT",     "REPLY",
					       "CALL",   "KEYS",   "ENROLMENT" };
	struct table table = { .columns = COUNT_OF(headers) };
	const json_t *person;
	const json_t *number;
	size_t i;
	size_t k;

	for (i = 0; i < COUNT_OF(headers); i++)
		table_add(&table, headers[i]);
	json_array_foreach(json_object_get(answer, "people"), i, person)
	{
		json_array_foreach(json_object_get(person, "numbers"), k, number)
		{
			add_number(&table, person, number, k == 0);
		}
	}
	table_print(&table);
}

void print_enrol(const json_t *answer)
{
	char room[PRINT_ROOM];
	struct buf line = { 0 };

	buf_add_text(&line, "a text and a call go to each phone of ");
	print_safe(&line, print_member(answer, "person", room));
	buf_add_text(&line, "; see tocsin people");
	puts(buf_text(&line));
	buf_free(&line);
}
