/* print_page.c - answers about pages. */
#include <stdlib.h>
#include <string.h>

#include "cli/print.h"
#include "dialplan/chain.h"

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

/* What each result of the gateway means: %o is the page's owner, %b who asked, %p who passed it, %u until
 * when, %t to whom. */
static const struct {
	const char *result;
	const char *owned;
	const char *open; /* nobody has it; NULL: as if somebody had */
} results[] = {
	{ "owns", "is %o's now", NULL },
	{ "renewed", "stays %o's", NULL },
	{ "noted", "noted that %b has seen it; %o has it",
	  "noted that %b has seen it; nobody has it yet, the chain goes on" },
	{ "resolved", "resolved by %b", "resolved by %b" },
	{ "resolved before", "was resolved already", "was resolved already" },
	{ "passed", "passed on by %p; %o has it", "passed on by %p; the next are paged" },
	{ "escalated", "the next step is paged; %o keeps it", "the next step is paged" },
	{ "recorded", "recorded; %o has it", "recorded; nobody has it" },
	{ "deferred", "put off until %u; %o keeps it", NULL },
	{ "snoozed", "nobody hears of it until %u; %o keeps it", "nobody hears of it until %u" },
	{ "role given", "noted for %b; %o has it", "noted for %b; nobody has it" },
	{ "another responder is paged", "another responder is paged; %o keeps it",
	  "another responder is paged" },
	{ "handed over", "%t is paged for it; %o keeps it until they ack", "%t is paged for it" },
	{ "recorded and sent", "recorded and sent; %o has it", NULL },
};

static const char *pattern_of(const char *result, bool owned)
{
	for (size_t i = 0; i < COUNT_OF(results); i++)
		if (strcmp(results[i].result, result) == 0)
			return owned || results[i].open == NULL ? results[i].owned
								: results[i].open;
	return result;
}

static void add_safe(struct buf *out, const json_t *answer, const char *key)
{
	const char *text = json_string_value(json_object_get(answer, key));

	print_safe(out, text != NULL ? text : "nobody");
}

/* A sentence of the table above, its gaps filled. */
static void add_sentence(struct buf *line, const json_t *answer, const char *at)
{
	for (; *at != '\0'; at++) {
		if (at[0] != '%') {
			buf_add_char(line, *at);
			continue;
		}
		at++;
		add_safe(line, answer,
			 *at == 'o'   ? "owner"
			 : *at == 'p' ? "passed_by"
			 : *at == 'u' ? "until"
			 : *at == 't' ? "to"
				      : "by");
	}
}

/* "p17 4711 is ada's now" */
void print_result(const json_t *answer)
{
	const char *result = json_string_value(json_object_get(answer, "result"));
	bool owned = json_is_string(json_object_get(answer, "owner"));
	const char *at = pattern_of(result != NULL ? result : "done", owned);
	struct buf line = { 0 };

	add_safe(&line, answer, "id");
	buf_add_char(&line, ' ');
	add_safe(&line, answer, "code");
	if (strncmp(at, "is ", 3) != 0 && strncmp(at, "stays ", 6) != 0 &&
	    strncmp(at, "was ", 4) != 0 && strncmp(at, "resolved", 8) != 0)
		buf_add_char(&line, ':');
	buf_add_char(&line, ' ');
	add_sentence(&line, answer, at);
	puts(buf_text(&line));
	buf_free(&line);
}

void print_done(const json_t *answer)
{
	(void)answer;
	puts("done");
}

void print_reloaded(const json_t *answer)
{
	(void)answer;
	puts("configuration loaded");
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

/* Has the chain started again?  Only then is its round worth a column. */
static bool repeats(const json_t *tracks)
{
	const json_t *track;
	size_t i;

	json_array_foreach(tracks, i, track)
	{
		if (json_integer_value(json_object_get(track, "round")) > 1)
			return true;
	}
	return false;
}

static void show_tracks(const json_t *page)
{
	static const char *const headers[] = { "TRACK", "STEP", "NEXT", "ACKED BY", "ROUND" };
	const json_t *tracks = json_object_get(page, "tracks");
	bool rounds = repeats(tracks);
	struct table table = { 0 };
	const json_t *track;
	size_t i;

	if (json_array_size(tracks) == 0)
		return;
	add_headers(&table, headers, COUNT_OF(headers) - (rounds ? 0 : 1));
	json_array_foreach(tracks, i, track)
	{
		add_member(&table, track, "kind");
		add_member(&table, track, "step");
		add_wait(&table, track, "due_s");
		add_member(&table, track, "acked_by");
		if (rounds)
			add_member(&table, track, "round");
	}
	putchar('\n');
	table_print(&table);
}

/* "-" where nobody was paged by a step. */
static void add_step(struct table *table, const json_t *person)
{
	if (json_integer_value(json_object_get(person, "step")) > 0)
		add_member(table, person, "step");
	else
		table_add(table, NULL);
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
		add_step(&table, person);
	}
	putchar('\n');
	table_print(&table);
}

/* A call's end says more than that the network took it. */
static const char *state_of(const json_t *attempt)
{
	static const struct {
		const char *end;
		const char *state;
	} states[] = {
		{ "no answer", "rang" },     { "busy", "busy" },
		{ "hung up", "answered" },   { "talk limit", "answered" },
		{ "not set up", "refused" }, { "modem lost", "unknown" },
	};
	const char *end = json_string_value(json_object_get(attempt, "end"));
	const char *state = json_string_value(json_object_get(attempt, "state"));

	for (size_t i = 0; end != NULL && i < COUNT_OF(states); i++)
		if (strcmp(states[i].end, end) == 0)
			return states[i].state;
	if (end != NULL && strcmp(end, "ended by us") == 0)
		return json_integer_value(json_object_get(attempt, "talked_s")) > 0 ? "answered"
										    : "rang";
	return state;
}

static const char *kind_of(const json_t *attempt)
{
	const char *kind = json_string_value(json_object_get(attempt, "kind"));

	return kind != NULL && strcmp(kind, "note") == 0 ? "message" : kind;
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
		table_add(&table, kind_of(attempt));
		table_add(&table, state_of(attempt));
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

static void add_targets(struct buf *out, const char *head, const struct plan_targets *targets)
{
	for (size_t i = 0; i < targets->count; i++)
		buf_addf(out, "%s%s", i == 0 ? head : "+", targets->at[i]);
}

static void write_chain(struct buf *line, const struct chain *chain)
{
	char room[PRINT_ROOM];

	for (size_t i = 0; i < chain->step_count; i++) {
		add_targets(line, i == 0 ? "" : ", then ", &chain->steps[i].targets);
		buf_addf(line, " %s", print_about(chain->steps[i].wait_s, room));
	}
	for (size_t i = 0; i < chain->beside_count; i++)
		add_targets(line, "; beside: ", &chain->besides[i]);
	add_targets(line, "; told: ", &chain->inform);
}

/* "target 5 min, then target.secondary 5 min; beside: ceo" */
static void show_chain(const json_t *page)
{
	const char *text = json_string_value(json_object_get(page, "chain"));
	struct chain *chain = text == NULL ? NULL : calloc(1, sizeof *chain);
	struct err err;
	struct buf line = { 0 };

	if (chain == NULL)
		return;
	if (chain_read(chain, span_of(text), &err) < 0)
		buf_add_text(&line, text);
	else
		write_chain(&line, chain);
	print_line("chain", buf_text(&line));
	buf_free(&line);
	free(chain);
}

/* A cycle is one opening: "2 times" for the third. */
static const char *times(const json_t *page, const char *key, char room[PRINT_ROOM])
{
	long long count = (long long)json_integer_value(json_object_get(page, key)) - 1;

	snprintf(room, PRINT_ROOM, "%lld %s", count, count == 1 ? "time" : "times");
	return room;
}

void print_show(const json_t *answer)
{
	static const char *const keys[] = { "id",      "code",  "state",  "severity", "target",
					    "message", "owner", "opened", "acked",    "resolved",
					    "service", "alert", "host",   "runbook",  "dashboard",
					    "channel", "key" };
	const json_t *page = json_object_get(answer, "page");
	char room[PRINT_ROOM];

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		print_line(keys[i], print_member(page, keys[i], room));
	if (json_is_true(json_object_get(page, "money")))
		print_line("money", "yes");
	if (json_is_true(json_object_get(page, "drill")))
		print_line("drill", "yes");
	show_chain(page);
	if (json_integer_value(json_object_get(page, "cycle")) > 1)
		print_line("opened anew", times(page, "cycle", room));
	show_tracks(page);
	show_people(page);
	show_attempts(page);
}
