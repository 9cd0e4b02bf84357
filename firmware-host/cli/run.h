/* run.h - what the commands of the table do. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include <stdint.h>

#include "cli/cli.h"

int run_enrol(const struct cli_args *args);
int run_remote(const struct cli_args *args); /* one question to the gateway, its answer shown */
int run_page(
	const struct cli_args *args); /* with a request id, repeated on a lost connection; --wait */
int run_timeline(const struct cli_args *args);
int run_events(const struct cli_args *args);
int run_rota(const struct cli_args *args); /* as run_remote, with times in --zone */
int run_schedule(const struct cli_args *args);
int run_check(const struct cli_args *args);
int run_explain(const struct cli_args *args);
int run_handoff(const struct cli_args *args);
int run_report(const struct cli_args *args);
int run_pdu(const struct cli_args *args);
int run_say(const struct cli_args *args);
int run_rehearse(const struct cli_args *args);

/* "90", "90s", "5m", "2h" in seconds; false when it is none of these. */
bool run_duration(const char *text, int64_t *seconds);

#endif
