/* run_check.c - a configuration before it is used: its mistakes, who is on call at every minute, how long a page takes. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/changes.h"
#include "cli/line.h"
#include "cli/print.h"
#include "cli/run.h"
#include "config/prove.h"
#include "dialplan/rota.h"
#include "scenario/explain.h"
#include "setup.h"

#define PLAYS_MAX 16 /* pages that are played for the report */

struct findings {
	struct buf errors, warnings, report;
};

static void print_good(const char *file, const struct buf *warnings)
{
	size_t count = 0;

	for (size_t i = 0; i < warnings->len; i++)
		count += warnings->at[i] == '\n';
	if (count == 0)
		printf("%s: good\n", file);
	else
		printf("%s: good, %zu %s\n", file, count, count == 1 ? "warning" : "warnings");
}

/* "sev-1 to platform: ada after 3 s, the last of the chain after 10 min, everybody after 15 min" */
static void report_page(const struct explain_what *what, struct buf *report)
{
	char last[PRINT_ROOM];
	char all[PRINT_ROOM];
	struct explain explain;
	struct err err = { 0 };
	size_t first = 0;

	if (explain_run(what, &explain, &err) < 0) {
		buf_addf(report, "  %s to %s: %s\n", what->severity, what->rotation, err.text);
		return;
	}
	while (first < explain.count && explain.entries[first].kind == EXPLAIN_STEP)
		first++;
	if (first == explain.count)
		buf_addf(report, "  %s to %s: nobody is reached\n", what->severity, what->rotation);
	else
		buf_addf(report,
			 "  %s to %s: %s after %lld s, the last of the chain after %s, "
			 "everybody after %s\n",
			 what->severity, what->rotation, explain.entries[first].person,
			 (long long)explain.entries[first].after_s,
			 print_minutes(explain.chain_s, last), print_minutes(explain.all_s, all));
	explain_free(&explain);
}

static void report_reach(const struct config *config, struct explain_what what, struct buf *report)
{
	const struct plan *plan = config->plan;
	size_t plays = 0;

	buf_addf(report, "If nobody answers, by %zu %s that %s %d s for a text:\n",
		 config->modem_count, config->modem_count == 1 ? "modem" : "modems",
		 config->modem_count == 1 ? "needs" : "need", EXPLAIN_SMS_S);
	for (size_t i = 0; i < plan->rotation_count; i++)
		for (size_t k = 0; k < plan->severity_count; k++) {
			if (!plan->severities[k].pages || plays++ >= PLAYS_MAX)
				continue;
			what.rotation = plan->rotations[i].name;
			what.severity = plan->severities[k].name;
			report_page(&what, report);
		}
	if (plays > PLAYS_MAX)
		buf_addf(report, "  and %zu more: see tocsin explain\n", plays - PLAYS_MAX);
}

static int prove(struct config *config, const char *file, struct findings *found)
{
	struct rota rota = { 0 };
	struct buf text = { 0 };
	struct err err = { 0 };
	int64_t now = (int64_t)time(NULL);
	size_t errors = found->errors.len;

	changes_read(config, now, &rota, &found->warnings);
	prove_coverage(config, file, now, &found->errors, &found->warnings, &found->report);
	if (found->errors.len == errors && setup_read(file, &text, &err) == 0)
		report_reach(config,
			     (struct explain_what){ .config = buf_span(&text),
						    .file = file,
						    .rota = &rota,
						    .at_utc_s = now },
			     &found->report);
	config->plan->rota = NULL;
	rota_deinit(&rota);
	buf_free(&text);
	return found->errors.len == errors ? 0 : -1;
}

int run_check(const struct cli_args *args)
{
	const char *file = args->words[0];
	struct findings found = { 0 };
	struct config *config = NULL;
	int rc = setup_config(file, &config, &found.errors, &found.warnings);

	if (rc == 0)
		rc = prove(config, file, &found);
	if (args->json) {
		struct buf line = { 0 };

		line_of_findings(&line, rc == 0, &found.errors, &found.warnings, &found.report);
		puts(buf_text(&line));
		buf_free(&line);
	} else {
		setup_tell("tocsin: check", file, "warning: ", &found.warnings);
		setup_tell("tocsin: check", file, "", &found.errors);
		if (rc == 0)
			print_good(file, &found.warnings);
		fputs(buf_text(&found.report), stdout);
	}
	config_free(config);
	buf_free(&found.errors);
	buf_free(&found.warnings);
	buf_free(&found.report);
	return rc == 0 ? CLI_DONE : CLI_FAILED;
}
