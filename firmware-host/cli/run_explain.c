/* run_explain.c - the whole chain of a page with its clock times, if nobody answers. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/jsonw.h"
#include "cli/changes.h"
#include "cli/print.h"
#include "cli/run.h"
#include "dialplan/schedule.h"
#include "scenario/explain.h"
#include "setup.h"
#include "zoneinfo.h"

#define CONFIG_PATH "/etc/tocsin/tocsin.cfg"

static const char *const kinds[] = {
	[EXPLAIN_STEP] = "step", [EXPLAIN_TEXT] = "text", [EXPLAIN_CALL] = "call"
};

/* All that is needed for one answer. */
struct story {
	const struct cli_args *args;
	struct config *config;
	struct explain_what what;
	const struct zone *zone;
	struct explain explain;
	int wide; /* the longest name of a person */
};

/* "03:00:15     +0:15    call  ada    +155*****01  by beta" */
static void print_entry(const struct story *story, const struct explain_entry *entry)
{
	int64_t at = story->what.at_utc_s + entry->after_s;
	struct civil c = civil_of(zone_local(story->zone, at));
	char since[PRINT_ROOM];
	struct buf line = { 0 };

	buf_addf(&line, "%02d:%02d:%02d  %8s  ", c.hour, c.minute, c.second,
		 print_seconds(entry->after_s, since));
	if (entry->kind == EXPLAIN_STEP)
		buf_addf(&line, "%s", entry->text);
	else
		buf_addf(&line, "  %s  %-*s  %s  by %s", kinds[entry->kind], story->wide,
			 entry->person, entry->number, entry->modem);
	puts(buf_text(&line));
	buf_free(&line);
}

/* Who has the slots that the chain may mean, and why. */
static void print_holders(const struct story *story, const struct plan_rotation *rotation)
{
	for (size_t slot = 0; rotation != NULL && slot < rotation->slot_count; slot++) {
		struct shift shift =
			schedule_at(story->config->plan, rotation, slot, story->what.at_utc_s);
		struct buf why = { 0 };

		schedule_why(story->config->plan, rotation, &shift, &why);
		printf("%s.%s: %s, %s\n", rotation->name, rotation->slots[slot],
		       shift.person == NULL ? "nobody" : shift.person->name, buf_text(&why));
		buf_free(&why);
	}
}

static int widest(const struct explain *explain)
{
	size_t wide = 0;

	for (size_t i = 0; i < explain->count; i++)
		if (explain->entries[i].kind != EXPLAIN_STEP &&
		    strlen(explain->entries[i].person) > wide)
			wide = strlen(explain->entries[i].person);
	return (int)wide;
}

static void print_story(const struct story *story)
{
	const struct plan *plan = story->config->plan;
	const char *severity = story->what.severity;
	const char *rotation = story->what.rotation;
	struct buf at = { 0 };
	char last[PRINT_ROOM];
	char all[PRINT_ROOM];

	if (severity == NULL)
		severity = plan->severities[plan->default_severity].name;
	if (rotation == NULL)
		rotation = plan->default_rotation;
	zone_write(story->zone, story->what.at_utc_s, &at);
	printf("%s to %s at %s (%s), and nobody answers:\n", severity, rotation, buf_text(&at),
	       zone_name(story->zone));
	print_holders(story, plan_rotation(plan, span_of(rotation)));
	for (size_t i = 0; i < story->explain.count; i++)
		print_entry(story, &story->explain.entries[i]);
	if (story->explain.all_s >= 0)
		printf("The last of the chain is reached after %s, everybody after %s, by %zu %s "
		       "(%d s a text).\n",
		       print_minutes(story->explain.chain_s, last),
		       print_minutes(story->explain.all_s, all), story->config->modem_count,
		       story->config->modem_count == 1 ? "modem" : "modems", EXPLAIN_SMS_S);
	buf_free(&at);
}

static void json_story(const struct story *story)
{
	struct buf out = { 0 };
	struct jsonw json = { .out = &out };

	jsonw_object(&json, NULL);
	jsonw_bool(&json, "ok", true);
	jsonw_time(&json, "at", story->what.at_utc_s);
	jsonw_int(&json, "chain_s", story->explain.chain_s);
	jsonw_int(&json, "all_s", story->explain.all_s);
	jsonw_array(&json, "entries");
	for (size_t i = 0; i < story->explain.count; i++) {
		const struct explain_entry *entry = &story->explain.entries[i];

		jsonw_object(&json, NULL);
		jsonw_string(&json, "kind", kinds[entry->kind]);
		jsonw_time(&json, "at", story->what.at_utc_s + entry->after_s);
		jsonw_int(&json, "after_s", entry->after_s);
		if (entry->kind == EXPLAIN_STEP) {
			jsonw_string(&json, "text", entry->text);
		} else {
			jsonw_string(&json, "person", entry->person);
			jsonw_string(&json, "number", entry->number);
			jsonw_string(&json, "modem", entry->modem);
		}
		jsonw_end_object(&json);
	}
	jsonw_end_array(&json);
	jsonw_end_object(&json);
	puts(buf_text(&out));
	buf_free(&out);
}

static int tell(struct story *story)
{
	struct err err = { 0 };

	if (explain_run(&story->what, &story->explain, &err) < 0)
		return cli_fail(CLI_USAGE, "explain: %s", err.text);
	story->wide = widest(&story->explain);
	if (story->args->json)
		json_story(story);
	else
		print_story(story);
	explain_free(&story->explain);
	return CLI_DONE;
}

/* --at in --zone, or in the configuration's. */
static bool read_at(struct story *story)
{
	const char *at = cli_value(story->args, "at");
	struct span text = span_of(at);
	bool own = text.len > 19 || (text.len > 0 && text.at[text.len - 1] == 'Z');

	story->what.at_utc_s = (int64_t)time(NULL);
	if (at == NULL)
		return true;
	if (!civil_read(text, &story->what.at_utc_s))
		return false;
	if (!own)
		story->what.at_utc_s = zone_utc(story->zone, story->what.at_utc_s);
	return true;
}

static int with_config(struct story *story, const char *path)
{
	struct buf text = { 0 };
	struct buf notes = { 0 };
	struct rota rota = { 0 };
	struct err err = { 0 };
	int status;

	if (setup_read(path, &text, &err) < 0)
		return cli_fail(CLI_FAILED, "explain: %s", err.text);
	changes_read(story->config, story->what.at_utc_s, &rota, &notes);
	fputs(buf_text(&notes), stderr);
	story->what.config = buf_span(&text);
	story->what.file = path;
	story->what.rota = &rota;
	story->what.rotation = cli_value(story->args, "rotation");
	story->what.severity = cli_value(story->args, "severity");
	status = tell(story);
	story->config->plan->rota = NULL;
	story->what.rota = NULL;
	rota_deinit(&rota);
	buf_free(&text);
	buf_free(&notes);
	return status;
}

int run_explain(const struct cli_args *args)
{
	const char *path =
		cli_value(args, "config") == NULL ? CONFIG_PATH : cli_value(args, "config");
	const char *name = cli_value(args, "zone");
	struct story story = { .args = args };
	struct buf errors = { 0 };
	struct buf warnings = { 0 };
	struct zone *zone = NULL;
	struct err err = { 0 };
	int status;

	if (name != NULL && strcmp(name, "UTC") != 0 && zoneinfo_load(&zone, name, &err) < 0)
		return cli_fail(CLI_USAGE, "explain: --zone: %s", err.text);
	if (setup_config(path, &story.config, &errors, &warnings) < 0) {
		setup_tell("tocsin: explain", path, "", &errors);
		status = CLI_FAILED;
	} else {
		story.zone = name != NULL ? zone : story.config->plan->zone;
		status = read_at(&story) ? with_config(&story, path)
					 : cli_fail(CLI_USAGE, "explain: --at: want a time such as "
							       "2026-11-21T05:00:00Z");
	}
	config_free(story.config);
	buf_free(&errors);
	buf_free(&warnings);
	zone_free(zone);
	return status;
}
