#include "scenario/scenario.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/jsonw.h"
#include "scenario/file.h"
#include "scenario/script.h"

#define MONDAY_UTC_S \
	1767607200 /* 2026-01-05 10:00: where a story begins unless it says otherwise */

static void count(const struct script *script, struct scenario_result *result)
{
	result->commits = script->world.commits;
	result->seconds = script->world.now.mono_ms / 1000;
	for (size_t i = 0; i < script->world.sighting_count; i++) {
		const struct world_sighting *sighting = &script->world.sightings[i];
		bool text = sighting->event.kind == SIM_TEXTED;
		bool call = sighting->event.kind == SIM_DIALLED;

		result->texts += text;
		result->calls += call;
		result->repeated += text && !sighting->expected;
	}
}

static int tell_lines(struct script *script, struct span text, struct scenario_result *result,
		      struct err *err)
{
	FILE *story = script->options->story;

	while (text.len > 0) {
		struct span line = span_cut(&text, '\n');

		result->line++;
		if (story != NULL && span_trim(line).len > 0)
			fprintf(story, "%.*s\n", (int)line.len, line.at);
		if (script_line(script, line, err) < 0)
			return -1;
	}
	return script->options->tolerant ? 0 : script_end(script, err);
}

static void directory_of(const char *file, char *directory, size_t size)
{
	const char *slash = strrchr(file, '/');

	if (slash == NULL)
		span_copy(span_of("."), directory, size);
	else
		span_copy((struct span){ file, (size_t)(slash - file) }, directory, size);
}

static int run_in(const struct scenario_options *options, const char *database, struct span text,
		  struct scenario_result *result, struct err *err)
{
	struct script *script = calloc(1, sizeof *script);
	struct err why = { 0 };

	if (script == NULL)
		return err_nomem(err);
	script->options = options;
	directory_of(options->file, script->directory, sizeof script->directory);
	if (world_init(&script->world, database, options->seed, MONDAY_UTC_S, err) < 0) {
		free(script);
		return -1;
	}
	if (options->family != NULL)
		script->world.family = options->family;
	script->world.crash_commit = options->crash_commit;
	script->world.crash_before = options->crash_before;
	result->passed = tell_lines(script, text, result, &why) == 0;
	span_copy(span_of(why.text), result->why, sizeof result->why);
	count(script, result);
	world_deinit(&script->world);
	free(script);
	return 0;
}

int scenario_run(const struct scenario_options *options, struct scenario_result *result,
		 struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	char directory[200];
	char database[256];
	struct buf text = { 0 };
	int done = -1;

	*result = (struct scenario_result){ 0 };
	snprintf(directory, sizeof directory, "%s/tocsin-XXXXXX", tmp == NULL ? "/tmp" : tmp);
	if (options->database == NULL && mkdtemp(directory) == NULL)
		return err_set(err, ERR_SYSTEM, "%s: no temporary directory can be made",
			       directory);
	if (options->database != NULL)
		span_copy(span_of(options->database), database, sizeof database);
	else
		snprintf(database, sizeof database, "%s/tocsin.db", directory);
	if (file_read(options->file, &text, err) == 0)
		done = run_in(options, database, buf_span(&text), result, err);
	buf_free(&text);
	if (options->database == NULL)
		rmdir(directory);
	return done;
}

static void report(const char *file, const struct scenario_result *result, bool json)
{
	struct buf out = { 0 };
	struct jsonw object = { .out = &out };

	if (!json) {
		if (result->passed)
			printf("%s: passed, %zu texts, %zu calls\n", file, result->texts,
			       result->calls);
		else
			printf("%s:%d: %s\n", file, result->line, result->why);
		return;
	}
	jsonw_object(&object, NULL);
	jsonw_string(&object, "file", file);
	jsonw_bool(&object, "passed", result->passed);
	jsonw_int(&object, "line", result->line);
	jsonw_string(&object, "why", result->passed ? NULL : result->why);
	jsonw_int(&object, "texts", (int64_t)result->texts);
	jsonw_int(&object, "calls", (int64_t)result->calls);
	jsonw_int(&object, "seconds", result->seconds);
	jsonw_end_object(&object);
	printf("%s\n", buf_text(&out));
	buf_free(&out);
}

int scenario_main(int argc, char **argv, bool json)
{
	int status = 0;

	if (argc < 1) {
		fprintf(stderr, "tocsin: rehearse: which scenario? give at least one FILE\n");
		return 2;
	}
	for (int i = 0; i < argc; i++) {
		struct scenario_options options = { .file = argv[i],
						    .seed = 1,
						    .story = json ? NULL : stdout };
		struct scenario_result result;
		struct err err = { 0 };

		if (scenario_run(&options, &result, &err) < 0) {
			fprintf(stderr, "tocsin: rehearse: %s\n", err.text);
			status = 1;
			continue;
		}
		report(argv[i], &result, json);
		status = result.passed ? status : 1;
	}
	return status;
}
