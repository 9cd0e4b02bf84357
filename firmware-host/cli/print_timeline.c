/* print_timeline.c - the history of a page, for a terminal and for a post-mortem. */
#include <string.h>

#include "cli/print.h"

/* "ada via m1: text" out of the members that are there. */
static void add_detail(struct buf *out, const json_t *event)
{
	char room[PRINT_ROOM];
	char other[PRINT_ROOM];
	const char *person = print_member(event, "person", room);
	const char *modem;

	if (person[0] != '\0' && strcmp(print_member(event, "name", other), "page.opened") == 0)
		buf_add_text(out, "by ");
	print_safe(out, person);
	modem = print_member(event, "modem", room);
	if (modem[0] != '\0') {
		buf_addf(out, "%svia ", out->len > 0 ? " " : "");
		print_safe(out, modem);
	}
	if (json_is_string(json_object_get(event, "text"))) {
		buf_add_text(out, out->len > 0 ? ": " : "");
		print_safe(out, json_string_value(json_object_get(event, "text")));
	}
}

static const char *offset_of(const json_t *event, char room[PRINT_ROOM])
{
	return print_seconds(json_integer_value(json_object_get(event, "offset_s")), room);
}

/* As wide as the widest of them, which has a date when it is not today's. */
static int clock_width(const json_t *events)
{
	const json_t *event;
	size_t width = 0;
	size_t i;

	json_array_foreach(events, i, event)
	{
		char stamp[PRINT_ROOM];
		char clock[PRINT_ROOM];
		size_t len = strlen(print_clock(print_member(event, "time", stamp), clock));

		width = len > width ? len : width;
	}
	return (int)width;
}

void print_timeline_text(const json_t *answer)
{
	int width = clock_width(json_object_get(answer, "events"));
	const json_t *event;
	size_t i;

	json_array_foreach(json_object_get(answer, "events"), i, event)
	{
		struct buf detail = { 0 };
		char stamp[PRINT_ROOM];
		char clock[PRINT_ROOM];
		char offset[PRINT_ROOM];
		char name[PRINT_ROOM];

		add_detail(&detail, event);
		printf("%*s  %7s  %-18s  %s\n", width,
		       print_clock(print_member(event, "time", stamp), clock),
		       offset_of(event, offset), print_member(event, "name", name),
		       buf_text(&detail));
		buf_free(&detail);
	}
}

/* A "|" would end the table's cell, and alert text must not become a link or mark-up by accident. */
static void print_markdown(const char *text)
{
	for (; *text != '\0'; text++) {
		if (strchr("|\\`*_<>[]#", *text) != NULL)
			putchar('\\');
		putchar(*text);
	}
}

static void print_safe_markdown(const char *text)
{
	struct buf safe = { 0 };

	print_safe(&safe, text);
	print_markdown(buf_text(&safe));
	buf_free(&safe);
}

void print_timeline_markdown(const json_t *answer)
{
	char id[PRINT_ROOM];
	char room[PRINT_ROOM];
	const json_t *event;
	size_t i;

	printf("# Timeline of %s (code %s)\n\n", print_member(answer, "id", id),
	       print_member(answer, "code", room));
	fputs("- Severity: ", stdout);
	print_safe_markdown(print_member(answer, "severity", room));
	fputs("\n- Paged: ", stdout);
	print_safe_markdown(print_member(answer, "target", room));
	fputs("\n- Message: ", stdout);
	print_safe_markdown(print_member(answer, "message", room));
	puts("\n\n| Time (UTC) | After | Event | Detail |\n|---|---|---|---|");
	json_array_foreach(json_object_get(answer, "events"), i, event)
	{
		struct buf detail = { 0 };
		char offset[PRINT_ROOM];

		add_detail(&detail, event);
		printf("| %s | %s | ", print_member(event, "time", room), offset_of(event, offset));
		print_markdown(print_member(event, "name", room));
		fputs(" | ", stdout);
		print_markdown(buf_text(&detail));
		puts(" |");
		buf_free(&detail);
	}
}
