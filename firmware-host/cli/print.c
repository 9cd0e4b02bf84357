#include "cli/print.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"

static const struct {
	const char *state;
	const char *colour; /* ECMA-48 SGR */
} colours[] = {
	{ "open", "31" },        { "acked", "33" },       { "resolved", "32" },
	{ "ready", "32" },       { "sick", "31" },        { "closed", "31" },
	{ "failing", "31" },     { "ok", "32" },          { "waking", "33" },
	{ "registering", "33" }, { "identifying", "33" }, { "initialising", "33" },
};

static bool coloured(void)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) == 1 && (no == NULL || no[0] == '\0') && term != NULL &&
	       strcmp(term, "dumb") != 0;
}

static const char *colour_of(const char *text)
{
	for (size_t i = 0; i < COUNT_OF(colours); i++)
		if (strcmp(colours[i].state, text) == 0)
			return colours[i].colour;
	return NULL;
}

void print_safe(struct buf *out, const char *text)
{
	struct span rest = span_of(text);

	while (rest.len > 0) {
		uint32_t point = utf8_next(&rest);

		if (point == '\n' || point == '\t')
			buf_add_char(out, ' ');
		else if (point < 0x20 || (point >= 0x7F && point < 0xA0))
			buf_add_char(out, '?');
		else
			utf8_add(out, point);
	}
}

static size_t width_of(const char *text)
{
	struct span rest = span_of(text);
	size_t width = 0;

	for (; rest.len > 0; width++)
		utf8_next(&rest);
	return width;
}

void table_add(struct table *table, const char *text)
{
	struct buf safe = { 0 };

	print_safe(&safe, text != NULL && text[0] != '\0' ? text : "-");
	if (array_grow(&table->cells, &table->cap, table->count + 1, sizeof *table->cells) < 0)
		abort(); /* a command line that is out of memory has nothing to show */
	table->cells[table->count++] = span_dup(buf_span(&safe));
	buf_free(&safe);
}

static void print_cell(const struct table *table, size_t at, size_t width, bool colour)
{
	const char *text = table->cells[at];
	bool state =
		at >= table->columns && strcmp(table->cells[at % table->columns], "STATE") == 0;
	const char *sgr = colour && state ? colour_of(text) : NULL;

	if (sgr != NULL)
		printf("\033[%sm%s\033[0m", sgr, text);
	else
		fputs(text, stdout);
	if ((at + 1) % table->columns == 0)
		putchar('\n');
	else
		printf("%*s", (int)(width - width_of(text) + 2), "");
}

static size_t column_width(const struct table *table, size_t column)
{
	size_t width = 0;

	for (size_t at = column; at < table->count; at += table->columns)
		if (width_of(table->cells[at]) > width)
			width = width_of(table->cells[at]);
	return width;
}

void table_print(struct table *table)
{
	bool colour = coloured();
	size_t *widths = calloc(table->columns, sizeof *widths);

	if (widths == NULL)
		abort();
	for (size_t column = 0; column < table->columns; column++)
		widths[column] = column_width(table, column);
	for (size_t at = 0; at < table->count; at++)
		print_cell(table, at, widths[at % table->columns], colour);
	free(widths);
	for (size_t at = 0; at < table->count; at++)
		free(table->cells[at]);
	free(table->cells);
	*table = (struct table){ 0 };
}

void print_line(const char *label, const char *value)
{
	struct buf safe = { 0 };
	const char *sgr;

	if (value == NULL || value[0] == '\0')
		return;
	print_safe(&safe, value);
	sgr = strcmp(label, "state") == 0 && coloured() ? colour_of(value) : NULL;
	printf("%-12s  %s%s%s%s%s\n", label, sgr != NULL ? "\033[" : "", sgr != NULL ? sgr : "",
	       sgr != NULL ? "m" : "", buf_text(&safe), sgr != NULL ? "\033[0m" : "");
	buf_free(&safe);
}

const char *print_member(const json_t *object, const char *key, char room[PRINT_ROOM])
{
	const json_t *value = json_object_get(object, key);

	room[0] = '\0';
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_integer(value))
		snprintf(room, PRINT_ROOM, "%lld", (long long)json_integer_value(value));
	else if (json_is_boolean(value))
		snprintf(room, PRINT_ROOM, "%s", json_is_true(value) ? "yes" : "no");
	return room;
}
