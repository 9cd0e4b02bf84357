/* print_fleet.c - answers about the gateway, its modems and its people. */
#include <string.h>

#include "cli/print.h"

#define SPENT_ROOM ((size_t)3 * PRINT_ROOM)

static void add_row(struct table *table, const json_t *object, const char *const *keys,
		    size_t count)
{
	char room[PRINT_ROOM];

	for (size_t i = 0; i < count; i++)
		table_add(table, print_member(object, keys[i], room));
}

static void print_rows(const json_t *rows, const char *const *headers, const char *const *keys,
		       size_t count)
{
	struct table table = { .columns = count };
	const json_t *row;
	size_t i;

	for (i = 0; i < count; i++)
		table_add(&table, headers[i]);
	json_array_foreach(rows, i, row)
	{
		add_row(&table, row, keys, count);
	}
	table_print(&table);
}

void print_who(const json_t *answer)
{
	static const char *const headers[] = { "ROTATION", "SLOT", "PERSON", "NAME", "UNTIL" };
	static const char *const keys[] = { "rotation", "slot", "person", "title", "until" };

	print_rows(json_object_get(answer, "on_call"), headers, keys, COUNT_OF(keys));
}

static void modem_table(const json_t *answer)
{
	static const char *const headers[] = { "MODEM", "STATE", "NETWORK", "DBM",
					       "TEXTS", "CALLS", "WHY" };
	static const char *const keys[] = { "name",      "state",       "plmn", "signal_dbm",
					    "sms_today", "calls_today", "why" };

	print_rows(json_object_get(answer, "modems"), headers, keys, COUNT_OF(keys));
}

void print_status(const json_t *answer)
{
	static const char *const keys[] = { "gateway", "state", "store", "open", "acked" };
	const json_t *uptime = json_object_get(answer, "uptime_s");
	char room[PRINT_ROOM];

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		print_line(keys[i], print_member(answer, keys[i], room));
	if (json_is_integer(uptime))
		print_line("up", print_seconds(json_integer_value(uptime), room) + 1);
	putchar('\n');
	modem_table(answer);
}

/* "3 of 150" */
static const char *spent(const json_t *modem, const char *used, const char *budget,
			 char text[SPENT_ROOM])
{
	char a[PRINT_ROOM];
	char b[PRINT_ROOM];

	print_member(modem, used, a);
	print_member(modem, budget, b);
	snprintf(text, SPENT_ROOM, "%s%s%s", a, b[0] != '\0' ? " of " : "", b);
	return text;
}

void print_modems(const json_t *answer)
{
	static const char *const keys[] = { "name",         "state",      "why",   "profile",
					    "maker",        "model",      "imei",  "plmn",
					    "registration", "signal_dbm", "voice", "speech" };
	const json_t *modem;
	size_t i;

	json_array_foreach(json_object_get(answer, "modems"), i, modem)
	{
		char room[PRINT_ROOM];
		char text[SPENT_ROOM];

		if (i > 0)
			putchar('\n');
		for (size_t k = 0; k < COUNT_OF(keys); k++)
			print_line(keys[k], print_member(modem, keys[k], room));
		print_line("texts", spent(modem, "sms_today", "sms_budget", text));
		print_line("calls", spent(modem, "calls_today", "calls_budget", text));
	}
}
