/* report.c - `tocsin report`: shifts, pages and minutes of a month, person by person, for pay; the pages that went as far as somebody. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/civil.h"
#include "base/jsonw.h"
#include "cli/answer.h"
#include "cli/line.h"
#include "cli/print.h"
#include "cli/run.h"

/* "2026-11": from its first instant in UTC to the next month's. */
static bool month_of(const char *text, int64_t *from, int64_t *until)
{
	char first[32];
	struct civil civil;

	if (strlen(text) != 7)
		return false;
	snprintf(first, sizeof first, "%s-01 00:00", text);
	if (!civil_read(span_of(first), from))
		return false;
	civil = civil_of(*from);
	civil.month++;
	if (civil.month > 12) {
		civil.month = 1;
		civil.year++;
	}
	*until = civil_utc(&civil);
	return true;
}

static int run_reached(const struct cli_args *args, const char *person)
{
	static const struct cli_option options[] = {
		{ "person", "person", CLI_VALUE, "PERSON", NULL },
		{ 0 },
	};
	struct cli_command command = *args->command;
	struct cli_args filled = *args;

	command.request = "reached";
	command.options = options;
	filled.command = &command;
	memset(filled.values, 0, sizeof filled.values);
	filled.values[0] = person;
	return run_remote(&filled);
}

int run_report(const struct cli_args *args)
{
	const char *month = cli_value(args, "month");
	struct cli_command command = *args->command;
	struct cli_args filled = *args;
	static const struct cli_option options[] = {
		{ "from", "from", CLI_VALUE, "TIME", NULL },
		{ "until", "until", CLI_VALUE, "TIME", NULL },
		{ 0 },
	};
	char from[32];
	char until[32];
	char present[16];
	int64_t first;
	int64_t end;

	if (cli_value(args, "reached") != NULL && month != NULL)
		return cli_fail(CLI_USAGE,
				"report: --reached counts over all time, without --month");
	if (cli_value(args, "reached") != NULL)
		return run_reached(args, cli_value(args, "reached"));
	if (month == NULL) {
		struct civil civil = civil_of(time(NULL));

		snprintf(present, sizeof present, "%04d-%02d", (int)civil.year, civil.month);
		month = present;
	}
	if (!month_of(month, &first, &end))
		return cli_fail(CLI_USAGE, "report: --month %s: want a month such as 2026-11",
				month);
	jsonw_rfc3339(first, from);
	jsonw_rfc3339(end, until);
	command.options = options;
	filled.command = &command;
	memset(filled.values, 0, sizeof filled.values);
	filled.values[0] = from;
	filled.values[1] = until;
	return run_remote(&filled);
}

static void add_cell(struct table *table, int64_t value, const char *unit)
{
	char text[40];

	snprintf(text, sizeof text, "%lld%s", (long long)value, unit);
	table_add(table, text);
}

static void print_reached(const json_t *answer)
{
	int64_t count = json_integer_value(json_object_get(answer, "count"));
	const json_t *pages = json_object_get(answer, "pages");
	const json_t *page;
	char room[PRINT_ROOM];
	size_t i;

	printf("%lld %s went as far as %s", (long long)count, count == 1 ? "page" : "pages",
	       print_member(answer, "reached", room));
	json_array_foreach(pages, i, page)
	{
		printf("%s%s", i == 0 ? ": " : ", ", json_string_value(page));
	}
	printf("%s\n", (size_t)count > json_array_size(pages) ? ", ..." : "");
}

void print_report(const json_t *answer)
{
	static const char *const headers[] = { "PERSON",  "NAME",  "ROTATION", "SLOT",  "SHIFTS",
					       "ON CALL", "PAGES", "WORKED",   "NIGHTS" };
	struct table table = { .columns = COUNT_OF(headers) };
	const json_t *person;
	const json_t *shift;
	char room[PRINT_ROOM];
	size_t i;
	size_t k;

	if (json_object_get(answer, "reached") != NULL) {
		print_reached(answer);
		return;
	}
	for (i = 0; i < COUNT_OF(headers); i++)
		table_add(&table, headers[i]);
	json_array_foreach(json_object_get(answer, "people"), i, person)
	{
		const json_t *shifts = json_object_get(person, "shifts");
		int64_t taken = json_integer_value(json_object_get(person, "taken"));
		int64_t worked_s = json_integer_value(json_object_get(person, "worked_s"));
		int64_t nights = json_integer_value(json_object_get(person, "nights"));

		table_add(&table, print_member(person, "person", room));
		table_add(&table, print_member(person, "title", room));
		for (k = 0; k < 4; k++)
			table_add(&table, "");
		add_cell(&table, taken, "");
		add_cell(&table, (worked_s + 59) / 60, " min");
		add_cell(&table, nights, "");
		json_array_foreach(shifts, k, shift)
		{
			int64_t held_s = json_integer_value(json_object_get(shift, "seconds"));

			table_add(&table, "");
			table_add(&table, "");
			table_add(&table, print_member(shift, "rotation", room));
			table_add(&table, print_member(shift, "slot", room));
			add_cell(&table, json_integer_value(json_object_get(shift, "shifts")), "");
			add_cell(&table, held_s / 3600, " h");
			for (size_t n = 0; n < 3; n++)
				table_add(&table, "");
		}
	}
	table_print(&table);
}
