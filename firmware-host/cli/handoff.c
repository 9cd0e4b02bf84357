/* handoff.c - `tocsin handoff`: a slot changes hands, or the Markdown document that goes with it, filled from what the gateway knows and
 * archived there. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/jsonw.h"
#include "cli/answer.h"
#include "cli/line.h"
#include "cli/print.h"
#include "cli/run.h"

#define WEEK_S 604800

static json_t *ask(const struct cli_args *args, const char *command, const char *key,
		   const char *value)
{
	struct buf line = { 0 };
	struct buf raw = { 0 };
	json_t *answer = NULL;

	line_simple(&line, command, key, value);
	if (answer_get(args, &line, false, &answer, &raw) != 0) {
		json_decref(answer);
		answer = NULL;
	}
	buf_free(&line);
	buf_free(&raw);
	return answer;
}

/* Foreign words on one line of Markdown. */
static void add_words(struct buf *out, const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));

	for (; text != NULL && *text != '\0'; text++)
		if ((unsigned char)*text < ' ')
			buf_add_char(out, ' ');
		else if (strchr("|*_`<>[]\\", *text) != NULL)
			buf_addf(out, "\\%c", *text);
		else
			buf_add_char(out, *text);
}

static void add_open(struct buf *out, const json_t *pages)
{
	const json_t *page;
	size_t i;
	size_t count = 0;

	json_array_foreach(pages, i, page)
	{
		const char *state = json_string_value(json_object_get(page, "state"));

		if (state == NULL || json_is_true(json_object_get(page, "drill")))
			continue;
		if (count++ == 0)
			buf_add_text(out, "| page | code | severity | status | owner | what |\n"
					  "|---|---|---|---|---|---|\n");
		buf_add_text(out, "| ");
		add_words(out, page, "id");
		buf_add_text(out, " | ");
		add_words(out, page, "code");
		buf_add_text(out, " | ");
		add_words(out, page, "severity");
		buf_addf(out, " | %s | ", state);
		add_words(out, page, "owner");
		buf_add_text(out, " | ");
		add_words(out, page, "message");
		buf_add_text(out, " |\n");
	}
	if (count == 0)
		buf_add_text(out, "None.\n");
}

static void add_resolved(struct buf *out, const json_t *pages)
{
	const json_t *page;
	size_t i;
	size_t count = 0;

	json_array_foreach(pages, i, page)
	{
		if (json_is_true(json_object_get(page, "drill")) ||
		    !json_is_string(json_object_get(page, "acked")))
			continue;
		count++;
		buf_add_text(out, "- ");
		add_words(out, page, "id");
		buf_add_char(out, ' ');
		add_words(out, page, "severity");
		buf_add_text(out, ": ");
		add_words(out, page, "message");
		buf_add_text(out, " (");
		add_words(out, page, "owner");
		buf_add_text(out, ", ");
		add_words(out, page, "resolved");
		buf_add_text(out, ")\n");
	}
	if (count == 0)
		buf_add_text(out, "None.\n");
}

/* One section of what was written down.  How many lines. */
static size_t add_jottings(struct buf *out, const json_t *jottings, const char *section)
{
	const json_t *row;
	size_t i;
	size_t count = 0;

	json_array_foreach(jottings, i, row)
	{
		const char *in = json_string_value(json_object_get(row, "section"));

		if (in == NULL || strcmp(in, section) != 0)
			continue;
		count++;
		buf_add_text(out, "- ");
		add_words(out, row, "text");
		buf_add_text(out, " (");
		add_words(out, row, "by");
		buf_add_text(out, ", ");
		add_words(out, row, "id");
		buf_add_text(out, ")\n");
	}
	return count;
}

static size_t add_silences(struct buf *out, const json_t *silences)
{
	static const char *const keys[] = { "alert", "service", "host", "key" };
	const json_t *row;
	size_t i;

	json_array_foreach(silences, i, row)
	{
		buf_add_text(out, "- silenced:");
		for (size_t k = 0; k < COUNT_OF(keys); k++)
			if (json_is_string(json_object_get(row, keys[k]))) {
				buf_addf(out, " %s ", keys[k]);
				add_words(out, row, keys[k]);
			}
		buf_add_text(out, " until ");
		add_words(out, row, "until");
		buf_add_text(out, ": ");
		add_words(out, row, "reason");
		buf_add_text(out, " (");
		add_words(out, row, "by");
		buf_add_text(out, ")\n");
	}
	return json_array_size(silences);
}

static size_t add_absent(struct buf *out, const json_t *rows, const char *week)
{
	const json_t *row;
	size_t i;
	size_t count = 0;

	json_array_foreach(rows, i, row)
	{
		const char *from = json_string_value(json_object_get(row, "from"));

		if (from == NULL || strcmp(from, week) > 0)
			continue;
		count++;
		buf_add_text(out, "- ");
		add_words(out, row, "person");
		buf_add_text(out, " from ");
		add_words(out, row, "from");
		buf_add_text(out, " to ");
		add_words(out, row, "until");
		buf_add_char(out, '\n');
	}
	return count;
}

static void add_none(struct buf *out, size_t count)
{
	if (count == 0)
		buf_add_text(out, "None.\n");
}

static void add_on_call(struct buf *out, const json_t *rows)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		buf_add_text(out, "- ");
		add_words(out, row, "rotation");
		buf_add_char(out, ' ');
		add_words(out, row, "slot");
		buf_add_text(out, ": ");
		add_words(out, row, "title");
		if (json_is_string(json_object_get(row, "until"))) {
			buf_add_text(out, " until ");
			add_words(out, row, "until");
		}
		buf_add_char(out, '\n');
	}
	add_none(out, json_array_size(rows));
}

struct facts {
	json_t *who, *open, *resolved, *jottings, *silences, *absent;
};

static bool gather(const struct cli_args *args, int64_t now, struct facts *facts)
{
	char since[32];

	jsonw_rfc3339(now - WEEK_S, since);
	facts->who = ask(args, "who", NULL, NULL);
	facts->open = facts->who == NULL ? NULL : ask(args, "list", NULL, NULL);
	facts->resolved = facts->open == NULL ? NULL : ask(args, "resolved", "since", since);
	facts->jottings = facts->resolved == NULL ? NULL : ask(args, "jot", NULL, NULL);
	facts->silences = facts->jottings == NULL ? NULL : ask(args, "silence", NULL, NULL);
	facts->absent = facts->silences == NULL ? NULL : ask(args, "absent", NULL, NULL);
	return facts->absent != NULL;
}

static void write_document(struct buf *out, const struct facts *facts, int64_t now)
{
	const json_t *jottings = json_object_get(facts->jottings, "jottings");
	char stamp[32];
	char week[32];

	jsonw_rfc3339(now, stamp);
	jsonw_rfc3339(now + WEEK_S, week);
	buf_addf(out, "# Handoff, %s\n\n## On call\n\n", stamp);
	add_on_call(out, json_object_get(facts->who, "on_call"));
	buf_add_text(out, "\n## Open incidents\n\n");
	add_open(out, json_object_get(facts->open, "pages"));
	buf_add_text(out, "\n## Resolved in the last 7 days\n\n");
	add_resolved(out, json_object_get(facts->resolved, "pages"));
	buf_add_text(out, "\n## Active changes\n\n");
	add_none(out, add_jottings(out, jottings, "change"));
	buf_add_text(out, "\n## Watchpoints\n\n");
	add_none(out, add_jottings(out, jottings, "watch") +
			      add_silences(out, json_object_get(facts->silences, "silences")));
	buf_add_text(out, "\n## Cannot be paged this week\n\n");
	add_none(out, add_absent(out, json_object_get(facts->absent, "changes"), week));
	buf_add_text(out, "\n## Anything else\n\n");
	add_none(out, add_jottings(out, jottings, "other"));
}

static int show_document(const struct cli_args *args)
{
	int64_t now = time(NULL);
	struct facts facts = { 0 };
	struct buf out = { 0 };
	json_t *archived = NULL;
	int status = CLI_FAILED;

	if (gather(args, now, &facts)) {
		write_document(&out, &facts, now);
		archived = ask(args, "archive", "text", buf_text(&out));
	}
	if (archived != NULL) {
		status = answer_status(archived);
		fputs(buf_text(&out), stdout);
	}
	json_decref(facts.who);
	json_decref(facts.open);
	json_decref(facts.resolved);
	json_decref(facts.jottings);
	json_decref(facts.silences);
	json_decref(facts.absent);
	json_decref(archived);
	buf_free(&out);
	return status;
}

static bool given(const struct cli_args *args, const char *name)
{
	return cli_value(args, name) != NULL;
}

int run_handoff(const struct cli_args *args)
{
	struct cli_command command = *args->command;
	struct cli_args other = *args;

	other.command = &command;
	if (given(args, "change") || given(args, "watch") || given(args, "other") ||
	    given(args, "drop"))
		command.request = "jot";
	else if (given(args, "last"))
		command.request = "document";
	else if (!given(args, "to") && !given(args, "audit"))
		return show_document(args);
	return run_remote(&other);
}

void print_handoff(const json_t *answer)
{
	const json_t *stranded = json_object_get(answer, "stranded");
	const char *document = json_string_value(json_object_get(answer, "document"));
	char to[PRINT_ROOM];
	char rotation[PRINT_ROOM];
	char slot[PRINT_ROOM];
	char until[PRINT_ROOM];

	if (document != NULL) {
		fputs(document, stdout);
	} else if (json_is_array(stranded)) {
		json_t *pages = json_pack("{s:O}", "pages", stranded);

		print_list(pages);
		json_decref(pages);
	} else if (json_object_get(answer, "to") != NULL) {
		printf("%s is handed %s.%s until %s\n", print_member(answer, "to", to),
		       print_member(answer, "rotation", rotation),
		       print_member(answer, "slot", slot), print_member(answer, "until", until));
	} else {
		puts("noted");
	}
}
