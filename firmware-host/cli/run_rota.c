/* run_rota.c - the commands about the rota: times may be meant in a zone, and the schedule has three shapes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/jsonw.h"
#include "cli/answer.h"
#include "cli/line.h"
#include "cli/print.h"
#include "cli/run.h"
#include "zoneinfo.h"

#define TIMES_MAX   4
#define DAY_S       INT64_C(86400)
#define DAYS        28
#define DAYS_MAX    369 /* with those before, what a gateway answers */
#define BEFORE_DAYS 31
#define LOCAL_S     50400 /* east of here nobody is further ahead of UTC */

static bool is_time(const char *field)
{
	static const char *const fields[] = { "at", "from", "until", "swap" };

	for (size_t i = 0; field != NULL && i < COUNT_OF(fields); i++)
		if (strcmp(field, fields[i]) == 0)
			return true;
	return false;
}

/* A time without an offset of its own is one of the zone; the gateway is told UTC. */
static void in_utc(const struct zone *zone, const char **value, char text[32])
{
	struct span said = span_of(*value);
	bool own = said.len > 0 && (said.at[said.len - 1] == 'Z' || said.len > 19);
	int64_t seconds;
	int64_t local_s;

	if (own || span_int(said, &seconds) || !civil_read(said, &local_s))
		return; /* the gateway says what is wrong with it */
	jsonw_rfc3339(zone_utc(zone, local_s), text);
	*value = text;
}

/* Beside each "from" of a shift, "from_local" as it is in that zone. */
static void local_times(json_t *row, const struct zone *zone)
{
	static const char *const keys[] = { "from", "until" };

	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		const char *stamp = json_string_value(json_object_get(row, keys[i]));
		struct buf text = { 0 };
		char name[16];
		int64_t utc_s;

		if (stamp == NULL || !civil_read(span_of(stamp), &utc_s))
			continue;
		zone_write(zone, utc_s, &text);
		snprintf(name, sizeof name, "%s_local", keys[i]);
		json_object_set_new(row, name, json_string(buf_text(&text)));
		buf_free(&text);
	}
	if (json_object_get(row, "zone") != NULL)
		json_object_set_new(row, "zone", json_string(zone_name(zone)));
}

static void localise(json_t *answer, const struct zone *zone, struct buf *raw)
{
	static const char *const lists[] = { "on_call", "shifts", "changes" };
	char *text;

	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		json_t *row;
		size_t k;

		json_array_foreach(json_object_get(answer, lists[i]), k, row)
		{
			local_times(row, zone);
		}
	}
	text = json_dumps(answer, JSON_COMPACT);
	buf_clear(raw);
	buf_add_text(raw, text == NULL ? "{}" : text);
	free(text);
}

static int ask(const struct cli_args *args, const struct zone *zone)
{
	struct cli_args told = *args;
	char texts[TIMES_MAX][32];
	size_t count = 0;
	struct buf line = { 0 };
	struct buf raw = { 0 };
	json_t *answer;
	int status;

	for (size_t i = 0; zone != NULL && args->command->options[i].name != NULL; i++)
		if (told.values[i] != NULL && is_time(args->command->options[i].field) &&
		    count < TIMES_MAX)
			in_utc(zone, &told.values[i], texts[count++]);
	line_of_args(&line, &told, "");
	status = answer_get(args, &line, false, &answer, &raw);
	if (answer != NULL && zone != NULL)
		localise(answer, zone, &raw);
	if (answer != NULL)
		status = answer_show(args, answer, &raw);
	json_decref(answer);
	buf_free(&line);
	buf_free(&raw);
	return status;
}

int run_rota(const struct cli_args *args)
{
	const char *name = cli_value(args, "zone");
	struct zone *zone = NULL;
	struct err err = { 0 };
	int status;

	if (name != NULL && strcmp(name, "UTC") != 0 && zoneinfo_load(&zone, name, &err) < 0)
		return cli_fail(CLI_USAGE, "%s: --zone: %s", args->command->name, err.text);
	status = ask(args, zone);
	zone_free(zone);
	return status;
}

/* Room for the times that are meant when none is given. */
struct meant {
	char from[32], until[32];
};

static void set(struct cli_args *args, const char *name, const char *value)
{
	for (size_t i = 0; args->command->options[i].name != NULL; i++)
		if (strcmp(args->command->options[i].name, name) == 0)
			args->values[i] = value;
}

/* A calendar begins earlier than now, so that the present shift has its true beginning in it; a picture with this week.  Both
 * end as many days from there as a table would from now. */
static void mean(struct cli_args *args, bool picture, struct meant *meant)
{
	int64_t today = (int64_t)time(NULL) / DAY_S;
	int64_t first = picture ? today - civil_of(today * DAY_S).weekday : today;
	int64_t days = DAYS;

	if (cli_value(args, "from") != NULL)
		return;
	jsonw_rfc3339(picture ? first * DAY_S - LOCAL_S : (first - BEFORE_DAYS) * DAY_S,
		      meant->from);
	set(args, "from", meant->from);
	if (cli_value(args, "until") != NULL)
		return;
	if (cli_value(args, "days") != NULL &&
	    (!span_int(span_of(cli_value(args, "days")), &days) || days < 1 || days > DAYS_MAX))
		return; /* the gateway says what is wrong with it */
	jsonw_rfc3339((first + days) * DAY_S, meant->until);
	set(args, "until", meant->until);
	set(args, "days", NULL);
}

int run_schedule(const struct cli_args *args)
{
	struct cli_command command = *args->command;
	struct cli_args shaped = *args;
	bool svg = cli_value(args, "svg") != NULL;
	bool ics = cli_value(args, "ics") != NULL;
	struct meant meant;

	if (svg && ics)
		return cli_fail(CLI_USAGE, "schedule: want either --svg or --ics");
	if (svg)
		command.print = print_schedule_svg;
	if (ics)
		command.print = print_schedule_ics;
	shaped.command = &command;
	if (svg || ics)
		mean(&shaped, svg, &meant);
	return run_rota(&shaped);
}
