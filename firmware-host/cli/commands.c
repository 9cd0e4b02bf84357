/* commands.c - the table of commands (DESIGN.md 8). */
#include "cli/cli.h"
#include "cli/pin.h"
#include "cli/print.h"
#include "cli/run.h"

static const struct cli_option page_options[] = {
	{ "to", "to", CLI_VALUE, "TARGET", "a person, group, rotation, or rotation.slot" },
	{ "rotation", "rotation", CLI_VALUE, "R", "a rotation (without either: the default one)" },
	{ "message", "message", CLI_VALUE, "TEXT", "what is wrong" },
	{ "severity", "severity", CLI_VALUE, "S", "sev-1, SEV-1, 1 … (the configured default)" },
	{ "sev", "severity", CLI_VALUE, "S", NULL },
	{ "service", "service", CLI_VALUE, "V", "the service concerned" },
	{ "alert", "alert", CLI_VALUE, "A", "the alert's name" },
	{ "host", "host", CLI_VALUE, "H", "the host concerned" },
	{ "runbook", "runbook", CLI_VALUE, "URL", "what to do about it" },
	{ "dashboard", "dashboard", CLI_VALUE, "URL", "where to look" },
	{ "channel", "channel", CLI_VALUE, "URL", "the incident's channel" },
	{ "key", "key", CLI_VALUE, "K", "pages with one key are one page" },
	{ "money", "money", CLI_FLAG, NULL, "customer money is touched" },
	{ "test", "test", CLI_FLAG, NULL, "a drill page" },
	{ "wait", NULL, CLI_MAYBE, "TIME", "until somebody has it; exit 4 when the time is over" },
	{ 0 },
};

static const struct cli_option incident_options[] = {
	{ "severity", "severity", CLI_VALUE, "S", "sev-1, SEV-1, 1 … (the configured default)" },
	{ "sev", "severity", CLI_VALUE, "S", NULL },
	{ "summary", "summary", CLI_VALUE, "TEXT", "what is wrong", true },
	{ "service", "service", CLI_VALUE, "V", "the service concerned" },
	{ "rotation", "rotation", CLI_VALUE, "R",
	  "a rotation (without it: the service's or the default one)" },
	{ "runbook", "runbook", CLI_VALUE, "URL", "what to do about it: a file or a link" },
	{ "wait", NULL, CLI_MAYBE, "TIME", "until somebody has it; exit 4 when the time is over" },
	{ 0 },
};

static const struct cli_option person_options[] = {
	{ "person", "person", CLI_VALUE, "P", "for this person (without it: as yourself)" },
	{ 0 },
};

static const struct cli_option pass_options[] = {
	{ "person", "person", CLI_VALUE, "P", "who passes it (without it: its owner)" },
	{ 0 },
};

static const struct cli_option escalate_options[] = {
	{ "reason", "reason", CLI_VALUE, "TEXT", "one sentence", true },
	{ "person", "person", CLI_VALUE, "P", "for this person (without it: as yourself)" },
	{ 0 },
};

static const struct cli_option text_options[] = {
	{ "text", "text", CLI_VALUE, "TEXT", "the words, if not behind the ID" },
	{ "person", "person", CLI_VALUE, "P", "for this person (without it: as yourself)" },
	{ 0 },
};

static const struct cli_option sleep_options[] = {
	{ "until", "until", CLI_VALUE, "TIME", "fri, mon 14:00, 22:00, 2026-12-01 09:00" },
	{ "for", "for", CLI_VALUE, "TIME", "90 min, 2h, 3 days" },
	{ "person", "person", CLI_VALUE, "P", "for this person (without it: as yourself)" },
	{ 0 },
};

static const struct cli_option list_options[] = {
	{ "state", "state", CLI_VALUE, "STATE", "open, acked, deferred, snoozed, resolved or all" },
	{ 0 },
};

static const struct cli_option timeline_options[] = {
	{ "format", NULL, CLI_VALUE, "F", "text, markdown or json" },
	{ 0 },
};

static const struct cli_option who_options[] = {
	{ "rotation", "rotation", CLI_VALUE, "R", "of this rotation only" },
	{ "at", "at", CLI_VALUE, "TIME", "then, not now: 2026-11-21T05:00:00Z" },
	{ 0 },
};

static const struct cli_option events_options[] = {
	{ "follow", "follow", CLI_FLAG, NULL,
	  "as they happen, until interrupted (it always does)" },
	{ 0 },
};

static const struct cli_option say_options[] = {
	{ "out", NULL, CLI_VALUE, "FILE", "the WAV file to write; - is standard output", true },
	{ "config", NULL, CLI_VALUE, "FILE", "with the voice of this configuration" },
	{ "voice", NULL, CLI_VALUE, "NAME", "kal or slt (kal)" },
	{ "command", NULL, CLI_VALUE, "COMMAND",
	  "a voice of your own: text in, WAV or raw sound out" },
	{ "limit", NULL, CLI_VALUE, "TIME", "how long it may take (5s)" },
	{ 0 },
};

static const struct cli_option pdu_options[] = {
	/* for the help: pdu.c reads them */
	{ "to", NULL, CLI_VALUE, "NUMBER", "encode: whom it goes to" },
	{ "text", NULL, CLI_VALUE, "TEXT", "encode: its words" },
	{ "smsc", NULL, CLI_VALUE, "NUMBER", "encode: the service centre (the SIM's)" },
	{ "class", NULL, CLI_VALUE, "0-3", "encode: message class" },
	{ "validity", NULL, CLI_VALUE, "MINUTES", "encode: how long it is tried" },
	{ "status-report", NULL, CLI_FLAG, NULL, "encode: ask for a report" },
	{ 0 },
};

#define ID_COMMAND(word, options_, help_, example_)                                             \
	{                                                                                       \
		.name = (word), .words = "ID", .help = (help_), .group = CLI_ANSWERING,         \
		.example = (example_), .words_min = 1, .words_max = 1, .request = (word),       \
		.first = "id", .options = (options_), .run = run_remote, .print = print_result, \
	}

#define TEXT_COMMAND(word, options_, help_, example_)                                           \
	{                                                                                       \
		.name = (word), .words = "ID TEXT...", .help = (help_), .group = CLI_ANSWERING, \
		.example = (example_), .words_min = 1, .words_max = CLI_WORDS_MAX,              \
		.request = (word), .first = "id", .rest = "text", .options = (options_),        \
		.run = run_remote, .print = print_result,                                       \
	}

const struct cli_command cli_commands[] = {
	{ .name = "page",
	  .words = "",
	  .help = "page somebody",
	  .group = CLI_PAGING,
	  .example = "page --severity sev-1 --message \"db1 is down\" --wait=10m",
	  .request = "page",
	  .options = page_options,
	  .run = run_page,
	  .print = print_page },
	{ .name = "incident open",
	  .words = "",
	  .help = "open an incident and page for it",
	  .group = CLI_PAGING,
	  .example = "incident open --sev 2 --summary \"checkout fails\"",
	  .request = "incident",
	  .options = incident_options,
	  .run = run_page,
	  .print = print_page },
	ID_COMMAND("ack", person_options, "take a page (ID or code)",
		   "tocsin ack p17 --person ada"),
	ID_COMMAND("resolve", person_options, "the trouble is over", "tocsin resolve 4711"),
	ID_COMMAND("pass", pass_options, "give a page on to the next, from its owner or --person",
		   NULL),
	ID_COMMAND("escalate", escalate_options, "page the next step now",
		   "tocsin escalate p17 --reason \"needs a database admin\""),
	ID_COMMAND("backup", person_options, "page another responder beside whoever has it", NULL),
	TEXT_COMMAND("update", text_options, "tell everybody who was paged how it stands",
		     "tocsin update p17 failover done, watching"),
	TEXT_COMMAND("note", text_options, "a remark on the timeline only", NULL),
	TEXT_COMMAND("defer", sleep_options, "put off what its owner has in hand, with a reason",
		     "tocsin defer p17 mitigated, post-mortem pending"),
	TEXT_COMMAND("snooze", sleep_options, "nobody hears of a page for a time, with a reason",
		     "tocsin snooze p17 maintenance of db1 --for 2h"),
	{ .name = "role",
	  .words = "ID ic|comms|inv",
	  .help = "who commands, communicates or investigates",
	  .group = CLI_ANSWERING,
	  .example = "tocsin role p17 ic --person ada",
	  .words_min = 2,
	  .words_max = 2,
	  .request = "role",
	  .first = "id",
	  .rest = "role",
	  .options = person_options,
	  .run = run_remote,
	  .print = print_result },
	{ .name = "list",
	  .words = "",
	  .help = "the pages",
	  .group = CLI_LOOKING,
	  .request = "list",
	  .options = list_options,
	  .run = run_remote,
	  .print = print_list },
	{ .name = "show",
	  .words = "ID",
	  .help = "one page with all that belongs to it",
	  .group = CLI_LOOKING,
	  .example = "tocsin show p17",
	  .words_min = 1,
	  .words_max = 1,
	  .request = "show",
	  .first = "id",
	  .run = run_remote,
	  .print = print_show },
	{ .name = "timeline",
	  .words = "ID",
	  .help = "what happened, from the page to its end",
	  .group = CLI_LOOKING,
	  .example = "tocsin timeline p17 --format markdown",
	  .words_min = 1,
	  .words_max = 1,
	  .request = "timeline",
	  .first = "id",
	  .options = timeline_options,
	  .run = run_timeline },
	{ .name = "who",
	  .words = "",
	  .help = "who is on call",
	  .group = CLI_LOOKING,
	  .example = "tocsin who --at 2026-11-21T05:00:00Z",
	  .request = "who",
	  .options = who_options,
	  .run = run_remote,
	  .print = print_who },
	{ .name = "status",
	  .words = "",
	  .help = "how the gateway is",
	  .group = CLI_LOOKING,
	  .request = "status",
	  .run = run_remote,
	  .print = print_status },
	{ .name = "modems",
	  .words = "",
	  .help = "how each modem is",
	  .group = CLI_LOOKING,
	  .request = "modems",
	  .run = run_remote,
	  .print = print_modems },
	{ .name = "faults",
	  .words = "",
	  .help = "what is wrong, why, and what to do",
	  .group = CLI_LOOKING,
	  .request = "faults",
	  .run = run_remote,
	  .print = print_faults },
	{ .name = "at",
	  .words = "MODEM QUERY",
	  .help = "ask a modem something, beside whatever it does",
	  .group = CLI_LOOKING,
	  .example = "tocsin at alpha AT+CSQ",
	  .words_min = 2,
	  .words_max = 2,
	  .request = "at",
	  .first = "modem",
	  .rest = "query",
	  .run = run_remote,
	  .print = print_lines },
	{ .name = "events",
	  .words = "",
	  .help = "what happens, as it happens",
	  .group = CLI_LOOKING,
	  .request = "events",
	  .options = events_options,
	  .run = run_events },
	{ .name = "reload",
	  .words = "",
	  .help = "read the configuration again",
	  .group = CLI_SERVICE,
	  .request = "reload",
	  .run = run_remote,
	  .print = print_reloaded },
	{ .name = "ping",
	  .words = "",
	  .help = "is the gateway there?",
	  .group = CLI_SERVICE,
	  .request = "ping",
	  .run = run_remote,
	  .print = print_done },
	{ .name = "check",
	  .words = "FILE",
	  .help = "check a configuration: all its errors and warnings",
	  .group = CLI_TOOLS,
	  .example = "tocsin check /etc/tocsin/tocsin.cfg",
	  .words_min = 1,
	  .words_max = 1,
	  .run = run_check },
	{ .name = "rehearse",
	  .words = "FILE...",
	  .help = "play scenarios under a virtual clock",
	  .group = CLI_TOOLS,
	  .words_min = 1,
	  .words_max = CLI_WORDS_MAX,
	  .run = run_rehearse },
	{ .name = "say",
	  .words = "[TEXT...]",
	  .help = "text to a sound file, as phones will hear it",
	  .group = CLI_TOOLS,
	  .example = "tocsin say \"node7: 5xx at the API\" --out page.wav",
	  .words_max = CLI_WORDS_MAX,
	  .options = say_options,
	  .run = run_say },
	{ .name = "pin",
	  .words = "",
	  .help = "a PIN from standard input, as the configuration takes it",
	  .group = CLI_TOOLS,
	  .example = "tocsin pin",
	  .run = run_pin },
	{ .name = "pdu",
	  .words = "decode HEX | encode --to N --text T",
	  .help = "SMS units to JSON and back",
	  .group = CLI_TOOLS,
	  .example = "tocsin pdu encode --to +15550100001 --text hello",
	  .words_min = 1,
	  .words_max = CLI_WORDS_MAX,
	  .raw = true,
	  .options = pdu_options,
	  .run = run_pdu },
	{ 0 },
};
