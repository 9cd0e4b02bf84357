/* options.c - the options of each command, in the order of the help. */
#include "cli/options.h"

const struct cli_option cli_page_options[] = {
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

const struct cli_option cli_incident_options[] = {
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

const struct cli_option cli_person_options[] = {
	{ "person", "person", CLI_VALUE, "P", "for this person (without it: as yourself)" },
	{ 0 },
};

const struct cli_option cli_pass_options[] = {
	{ "person", "person", CLI_VALUE, "P", "who passes it (without it: its owner)" },
	{ 0 },
};

const struct cli_option cli_escalate_options[] = {
	{ "reason", "reason", CLI_VALUE, "TEXT", "one sentence", true },
	{ "person", "person", CLI_VALUE, "P", "for this person (without it: as yourself)" },
	{ 0 },
};

const struct cli_option cli_text_options[] = {
	{ "text", "text", CLI_VALUE, "TEXT", "the words, if not behind the ID" },
	{ "person", "person", CLI_VALUE, "P", "for this person (without it: as yourself)" },
	{ 0 },
};

const struct cli_option cli_sleep_options[] = {
	{ "until", "until", CLI_VALUE, "TIME", "fri, mon 14:00, 22:00, 2026-12-01 09:00" },
	{ "for", "for", CLI_VALUE, "TIME", "90 min, 2h, 3 days" },
	{ "person", "person", CLI_VALUE, "P", "for this person (without it: as yourself)" },
	{ 0 },
};

const struct cli_option cli_assign_options[] = {
	{ "to", "to", CLI_VALUE, "P", "whose it is to be", true },
	{ "status", "status", CLI_VALUE, "TEXT", "hypothesis, last action, next action", true },
	{ "person", "person", CLI_VALUE, "P", "for this person (without it: as yourself)" },
	{ 0 },
};

const struct cli_option cli_handoff_options[] = {
	{ "to", "to", CLI_VALUE, "P", "who takes the slot, until this shift ends" },
	{ "rotation", "rotation", CLI_VALUE, "R", "of this rotation (the default one)" },
	{ "slot", "slot", CLI_VALUE, "SLOT", "this slot (the first)" },
	{ "emergency", "emergency", CLI_FLAG, NULL, "at once, with whatever is open" },
	{ "reason", "reason", CLI_VALUE, "TEXT", "one sentence" },
	{ "audit", "audit", CLI_FLAG, NULL, "what people hold who are off call" },
	{ "change", "change", CLI_VALUE, "TEXT", "a change under way, for the document" },
	{ "watch", "watch", CLI_VALUE, "TEXT", "what to watch, for the document" },
	{ "other", "other", CLI_VALUE, "TEXT", "anything else, for the document" },
	{ "drop", "drop", CLI_VALUE, "ID", "takes one of these out again" },
	{ "last", NULL, CLI_FLAG, NULL, "the document that was archived last" },
	{ "person", "person", CLI_VALUE, "P", "for this person (without it: as yourself)" },
	{ 0 },
};

const struct cli_option cli_postmortem_options[] = {
	{ "url", "url", CLI_VALUE, "URL", "where it is", true },
	{ "person", "person", CLI_VALUE, "P", "for this person (without it: as yourself)" },
	{ 0 },
};

const struct cli_option cli_silence_options[] = {
	{ "alert", "alert", CLI_VALUE, "A", "alerts of this name; \"disk*\": that begin so" },
	{ "service", "service", CLI_VALUE, "V", "… of this service" },
	{ "host", "host", CLI_VALUE, "H", "… of this host" },
	{ "key", "key", CLI_VALUE, "K", "… with this key" },
	{ "until", "until", CLI_VALUE, "TIME", "fri, mon 14:00, 22:00, 2026-12-01 09:00" },
	{ "for", "for", CLI_VALUE, "TIME", "90 min, 2h, 3 days" },
	{ "reason", "reason", CLI_VALUE, "TEXT", "one sentence" },
	{ "person", "person", CLI_VALUE, "P", "for this person (without it: as yourself)" },
	{ "end", "end", CLI_VALUE, "ID", "ends this one" },
	{ 0 },
};

const struct cli_option cli_list_options[] = {
	{ "state", "state", CLI_VALUE, "STATE", "open, acked, deferred, snoozed, resolved or all" },
	{ 0 },
};

const struct cli_option cli_timeline_options[] = {
	{ "format", NULL, CLI_VALUE, "F", "text, markdown or json" },
	{ 0 },
};

#define ZONE_HELP "times are of this zone: Europe/Berlin"

const struct cli_option cli_report_options[] = {
	{ "reached", NULL, CLI_VALUE, "PERSON", "count the pages that went as far as them, ever" },
	{ "month", NULL, CLI_VALUE, "MONTH", "2026-11 (this one)" },
	{ 0 },
};

const struct cli_option cli_who_options[] = {
	{ "rotation", "rotation", CLI_VALUE, "R", "of this rotation only" },
	{ "at", "at", CLI_VALUE, "TIME", "then, not now: 2026-11-21T05:00:00Z" },
	{ "zone", NULL, CLI_VALUE, "ZONE", ZONE_HELP },
	{ "why", "why", CLI_FLAG, NULL, "and by which rule" },
	{ 0 },
};

const struct cli_option cli_schedule_options[] = {
	{ "rotation", "rotation", CLI_VALUE, "R", "of this rotation only" },
	{ "person", "person", CLI_VALUE, "P", "of this person only" },
	{ "from", "from", CLI_VALUE, "TIME", "its beginning (now)" },
	{ "until", "until", CLI_VALUE, "TIME", "its end" },
	{ "days", "days", CLI_VALUE, "N", "instead of an end: so many days (28)" },
	{ "zone", NULL, CLI_VALUE, "ZONE", ZONE_HELP },
	{ "svg", NULL, CLI_FLAG, NULL, "as a picture" },
	{ "ics", NULL, CLI_FLAG, NULL, "as iCalendar, for calendar programs" },
	{ 0 },
};

const struct cli_option cli_override_options[] = {
	{ "person", "person", CLI_VALUE, "P", "who has it (without any option: lists them)" },
	{ "rotation", "rotation", CLI_VALUE, "R", "of this rotation (the default one)" },
	{ "slot", "slot", CLI_VALUE, "S", "in this slot (the first)" },
	{ "from", "from", CLI_VALUE, "TIME", "from then (now)" },
	{ "until", "until", CLI_VALUE, "TIME", "until then" },
	{ "for", "for", CLI_VALUE, "TIME", "instead of until: so long, 2h or 3d" },
	{ "swap", "swap", CLI_VALUE, "TIME",
	  "the shift at --from and the one at this time change hands" },
	{ "reason", "reason", CLI_VALUE, "TEXT", "why" },
	{ "end", "end", CLI_VALUE, "ID", "take this one back" },
	{ "zone", NULL, CLI_VALUE, "ZONE", ZONE_HELP },
	{ 0 },
};

const struct cli_option cli_absent_options[] = {
	{ "from", "from", CLI_VALUE, "TIME", "from then (now)" },
	{ "until", "until", CLI_VALUE, "TIME", "until then" },
	{ "for", "for", CLI_VALUE, "TIME", "instead of until: so long, 2h or 3d" },
	{ "cover", "cover", CLI_VALUE, "P", "who takes their shifts in that time" },
	{ "reason", "reason", CLI_VALUE, "TEXT", "why" },
	{ "end", "end", CLI_VALUE, "ID", "take this one back" },
	{ "zone", NULL, CLI_VALUE, "ZONE", ZONE_HELP },
	{ 0 },
};

const struct cli_option cli_drill_options[] = {
	{ "rotation", "rotation", CLI_VALUE, "R", "this rotation only, and no links" },
	{ 0 },
};

const struct cli_option cli_explain_options[] = {
	{ "rotation", NULL, CLI_VALUE, "R", "to this rotation, group or person (the default one)" },
	{ "severity", NULL, CLI_VALUE, "S", "with this severity (the default one)" },
	{ "at", NULL, CLI_VALUE, "TIME", "then (now): 2026-11-21T03:00:00Z" },
	{ "zone", NULL, CLI_VALUE, "ZONE", ZONE_HELP },
	{ "config", NULL, CLI_VALUE, "FILE", "of this configuration (/etc/tocsin/tocsin.cfg)" },
	{ 0 },
};

const struct cli_option cli_events_options[] = {
	{ "follow", "follow", CLI_FLAG, NULL,
	  "as they happen, until interrupted (it always does)" },
	{ 0 },
};

const struct cli_option cli_say_options[] = {
	{ "out", NULL, CLI_VALUE, "FILE", "the WAV file to write; - is standard output", true },
	{ "config", NULL, CLI_VALUE, "FILE", "with the voice of this configuration" },
	{ "voice", NULL, CLI_VALUE, "NAME", "kal or slt (kal)" },
	{ "command", NULL, CLI_VALUE, "COMMAND",
	  "a voice of your own: text in, WAV or raw sound out" },
	{ "limit", NULL, CLI_VALUE, "TIME", "how long it may take (5s)" },
	{ 0 },
};

const struct cli_option cli_enrol_options[] = {
	{ "wait", NULL, CLI_MAYBE, "TIME", "until all is proven; exit 4 when the time is over" },
	{ 0 },
};

const struct cli_option cli_people_options[] = {
	{ "person", "person", CLI_VALUE, "P", "of this person only" },
	{ 0 },
};

const struct cli_option cli_vcard_options[] = {
	{ "config", NULL, CLI_VALUE, "FILE", "of this configuration (/etc/tocsin/tocsin.cfg)" },
	{ 0 },
};

const struct cli_option cli_pdu_options[] = {
	/* for the help: pdu.c reads them */
	{ "to", NULL, CLI_VALUE, "NUMBER", "encode: whom it goes to" },
	{ "text", NULL, CLI_VALUE, "TEXT", "encode: its words" },
	{ "smsc", NULL, CLI_VALUE, "NUMBER", "encode: the service centre (the SIM's)" },
	{ "class", NULL, CLI_VALUE, "0-3", "encode: message class" },
	{ "validity", NULL, CLI_VALUE, "MINUTES", "encode: how long it is tried" },
	{ "status-report", NULL, CLI_FLAG, NULL, "encode: ask for a report" },
	{ 0 },
};
