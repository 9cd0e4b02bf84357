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

/* "platform ada (until 2026-11-23T10:00:00Z, in 2 d)": the first of each rotation. */
static void on_call_now(const json_t *answer)
{
	const json_t *shift;
	const char *last = "";
	size_t i;

	json_array_foreach(json_object_get(answer, "on_call"), i, shift)
	{
		const char *rotation = json_string_value(json_object_get(shift, "rotation"));
		const char *person = json_string_value(json_object_get(shift, "person"));
		char text[PRINT_UNTIL];
		struct buf line = { 0 };

		if (rotation == NULL || strcmp(rotation, last) == 0)
			continue;
		last = rotation;
		buf_addf(&line, "%s %s", rotation, person != NULL ? person : "nobody");
		if (print_until(shift, text)[0] != '\0')
			buf_addf(&line, " (until %s)", text);
		print_line("on call now", buf_text(&line));
		buf_free(&line);
	}
}

/* "platform: 12 shifts, read 5 min ago": the shifts that count while their source is away. */
static void calendars(const json_t *answer)
{
	const json_t *calendar;
	size_t i;

	json_array_foreach(json_object_get(answer, "calendars"), i, calendar)
	{
		struct buf line = { 0 };
		char room[PRINT_ROOM];
		char age[PRINT_ROOM];

		buf_addf(&line, "%s: ", print_member(calendar, "rotation", room));
		buf_addf(&line, "%s shifts, read ", print_member(calendar, "shifts", room));
		if (json_is_integer(json_object_get(calendar, "age_s")))
			buf_addf(&line, "%s ago",
				 print_about(json_integer_value(json_object_get(calendar, "age_s")),
					     age));
		else
			buf_add_text(&line, "never");
		print_line("calendar", buf_text(&line));
		buf_free(&line);
	}
}

static void modem_table(const json_t *answer)
{
	static const char *const headers[] = { "MODEM", "STATE", "NETWORK", "DBM",
					       "TEXTS", "CALLS", "WHY" };
	static const char *const keys[] = { "name",      "state",       "plmn", "signal_dbm",
					    "sms_today", "calls_today", "why" };

	print_rows(json_object_get(answer, "modems"), headers, keys, COUNT_OF(keys));
}

/* One fault, as the table has it. */
static void one_fault(const json_t *fault)
{
	static const char *const keys[] = { "seen", "next" };
	char room[PRINT_ROOM];
	char since[PRINT_ROOM];

	print_line(print_member(fault, "id", room),
		   json_string_value(json_object_get(fault, "what")));
	for (size_t k = 0; k < COUNT_OF(keys); k++)
		print_line(keys[k], json_string_value(json_object_get(fault, keys[k])));
	print_line("since", print_ago(print_member(fault, "since", since), room));
}

static void all_faults(const json_t *answer)
{
	const json_t *fault;
	size_t i;

	json_array_foreach(json_object_get(answer, "faults"), i, fault)
	{
		if (i > 0)
			putchar('\n');
		one_fault(fault);
	}
}

void print_faults(const json_t *answer)
{
	if (json_array_size(json_object_get(answer, "faults")) == 0)
		puts("nothing is wrong");
	all_faults(answer);
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
	on_call_now(answer);
	calendars(answer);
	putchar('\n');
	modem_table(answer);
	if (json_array_size(json_object_get(answer, "faults")) > 0)
		putchar('\n');
	all_faults(answer);
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

static void print_signal(const json_t *modem)
{
	json_int_t dbm = json_integer_value(json_object_get(modem, "signal_dbm"));
	const json_t *usual = json_object_get(modem, "signal_usual_dbm");
	char text[PRINT_ROOM];

	if (dbm == 0)
		return; /* not known */
	if (json_is_integer(usual))
		snprintf(text, sizeof text, "%lld dBm, usually %lld", (long long)dbm,
			 (long long)json_integer_value(usual));
	else
		snprintf(text, sizeof text, "%lld dBm", (long long)dbm);
	print_line("signal", text);
}

static void print_temperature(const json_t *modem)
{
	const json_t *degrees = json_object_get(modem, "temperature_c");
	char text[PRINT_ROOM];

	if (!json_is_integer(degrees))
		return;
	snprintf(text, sizeof text,
		 "%lld \xc2\xb0"
		 "C",
		 (long long)json_integer_value(degrees));
	print_line("temperature", text);
}

static void one_modem(const json_t *modem)
{
	static const char *const keys[] = { "name",  "state", "why",      "profile",
					    "maker", "model", "firmware", "imei",
					    "iccid", "smsc",  "number",   "expires" };
	static const struct {
		const char *key;
		const char *label;
	} last[] = {
		{ "last_sms_out", "text sent" }, { "last_report", "delivered" },
		{ "last_sms_in", "text came" },  { "last_call_out", "call rang" },
		{ "last_call_in", "call came" }, { "last_key", "key heard" },
	};
	char room[PRINT_ROOM];
	char text[SPENT_ROOM];

	for (size_t k = 0; k < COUNT_OF(keys); k++)
		print_line(keys[k], print_member(modem, keys[k], room));
	print_line("operator", print_member(modem, "plmn", room));
	print_line("network", print_member(modem, "network", room));
	print_signal(modem);
	print_temperature(modem);
	print_line("balance", print_member(modem, "balance", room));
	print_line("voice", print_member(modem, "voice", room));
	print_line("audio", print_member(modem, "audio", room));
	print_line("audio fault", print_member(modem, "audio_fault", room));
	print_line("texts", spent(modem, "sms_today", "sms_budget", text));
	print_line("calls", spent(modem, "calls_today", "calls_budget", text));
	for (size_t k = 0; k < COUNT_OF(last); k++) {
		char stamp[PRINT_ROOM];

		print_line(last[k].label, print_ago(print_member(modem, last[k].key, stamp), room));
	}
}

void print_loopback(const json_t *answer)
{
	char from[PRINT_ROOM], to[PRINT_ROOM];

	printf("%s and %s hear each other\n", print_member(answer, "from", from),
	       print_member(answer, "to", to));
}

void print_modems(const json_t *answer)
{
	const json_t *modem;
	size_t i;

	json_array_foreach(json_object_get(answer, "modems"), i, modem)
	{
		if (i > 0)
			putchar('\n');
		one_modem(modem);
	}
}

void print_lines(const json_t *answer)
{
	const json_t *line;
	size_t i;

	json_array_foreach(json_object_get(answer, "lines"), i, line)
	{
		struct buf safe = { 0 };

		print_safe(&safe, json_string_value(line));
		puts(buf_text(&safe));
		buf_free(&safe);
	}
	if (json_array_size(json_object_get(answer, "lines")) == 0)
		puts("OK");
}

/* How long ago a path last did each thing, how long its last proof took, and how many were lost. */
void print_proof(const json_t *answer)
{
	static const char *const headers[] = { "MODEM",     "TEXT SENT", "DELIVERED",
					       "TEXT CAME", "CALL RANG", "CALL CAME",
					       "KEY HEARD", "TOOK",      "LOST" };
	static const char *const keys[] = { "last_sms_out",  "last_report",  "last_sms_in",
					    "last_call_out", "last_call_in", "last_key" };
	struct table table = { .columns = COUNT_OF(headers) };
	const json_t *next = json_object_get(answer, "next_s");
	const json_t *path;
	char room[PRINT_ROOM];
	size_t i;

	for (i = 0; i < COUNT_OF(headers); i++)
		table_add(&table, headers[i]);
	json_array_foreach(json_object_get(answer, "paths"), i, path)
	{
		long long latency_ms = json_integer_value(json_object_get(path, "latency_ms"));
		char text[SPENT_ROOM];

		table_add(&table, print_member(path, "name", room));
		for (size_t k = 0; k < COUNT_OF(keys); k++) {
			char stamp[PRINT_ROOM];
			const char *ago = print_ago(print_member(path, keys[k], stamp), room);

			table_add(&table, ago[0] != '\0' ? ago : "never");
		}
		snprintf(text, sizeof text, "%lld s", latency_ms / 1000);
		table_add(&table, latency_ms > 0 ? text : "-");
		table_add(&table, spent(path, "lost", "sent", text));
	}
	table_print(&table);
	if (json_is_true(json_object_get(answer, "running")))
		puts("a round of proofs is under way");
	else if (json_is_integer(next))
		printf("next round in %s\n", print_about(json_integer_value(next), room));
	else
		puts("proofs are off (proof.every)");
}
