/* options.h - the options of each command; for commands.c alone. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/cli.h"

extern const struct cli_option cli_page_options[];
extern const struct cli_option cli_incident_options[];
extern const struct cli_option cli_person_options[];
extern const struct cli_option cli_pass_options[];
extern const struct cli_option cli_escalate_options[];
extern const struct cli_option cli_text_options[];
extern const struct cli_option cli_sleep_options[];
extern const struct cli_option cli_assign_options[];
extern const struct cli_option cli_handoff_options[];
extern const struct cli_option cli_postmortem_options[];
extern const struct cli_option cli_silence_options[];
extern const struct cli_option cli_list_options[];
extern const struct cli_option cli_timeline_options[];
extern const struct cli_option cli_report_options[];
extern const struct cli_option cli_who_options[];
extern const struct cli_option cli_schedule_options[];
extern const struct cli_option cli_override_options[];
extern const struct cli_option cli_absent_options[];
extern const struct cli_option cli_drill_options[];
extern const struct cli_option cli_explain_options[];
extern const struct cli_option cli_events_options[];
extern const struct cli_option cli_say_options[];
extern const struct cli_option cli_enrol_options[];
extern const struct cli_option cli_people_options[];
extern const struct cli_option cli_vcard_options[];
extern const struct cli_option cli_pdu_options[];

#endif
