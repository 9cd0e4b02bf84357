/* print_shifts.c - for the test against another implementation: the first slot of a rotation, shift by shift.
 *
 * usage: print_shifts ZONE STARTS SHIFT HOURS FROM UNTIL   ("" for no hours; times as in a configuration; FROM, UNTIL in UTC)
 * Each line is when a shift begins (seconds since 1970) and who has it; three members, m0 to m2.
 */
#include <stdio.h>
#include <stdlib.h>

#include "config/config.h"
#include "dialplan/schedule.h"
#include "zoneinfo.h"

static struct config *config_of(char **argv)
{
	struct buf text = { 0 };
	struct buf errors = { 0 };
	struct buf warnings = { 0 };
	struct config *config = NULL;

	buf_add_text(&text, "country = \"1\"; default_rotation = \"r\"; operators = [ \"m0\" ]; "
			    "modems = ( { name = \"a\"; port = \"/dev/a\"; } ); people = ( ");
	for (int i = 0; i < 3; i++)
		buf_addf(&text,
			 "%s{ name = \"m%d\"; numbers = ( { number = \"+1555010000%d\"; } ); }",
			 i == 0 ? "" : ", ", i, i);
	buf_addf(&text,
		 " ); rotations = ( { name = \"r\"; members = [ \"m0\", \"m1\", \"m2\" ]; "
		 "zone = \"%s\"; starts = \"%s\"; shift = \"%s\"; gaps = true; ",
		 argv[1], argv[2], argv[3]);
	if (argv[4][0] != '\0')
		buf_addf(&text, "hours = \"%s\"; ", argv[4]);
	buf_add_text(&text, "} );");
	if (config_parse(&config,
			 &(struct config_source){ buf_span(&text), "shifts.cfg", zoneinfo_load },
			 &errors, &warnings) < 0)
		fputs(buf_text(&errors), stderr);
	buf_free(&text);
	buf_free(&errors);
	buf_free(&warnings);
	return config;
}

int main(int argc, char **argv)
{
	struct config *config = argc == 7 ? config_of(argv) : NULL;
	int64_t at;
	int64_t until;

	if (config == NULL || !civil_read(span_of(argv[5]), &at) ||
	    !civil_read(span_of(argv[6]), &until))
		return 2;
	while (at < until) {
		const struct plan_rotation *rotation = &config->plan->rotations[0];
		struct shift shift = schedule_at(config->plan, rotation, 0, at);

		printf("%lld %s\n", (long long)at, shift.person == NULL ? "-" : shift.person->name);
		at = schedule_until(config->plan, rotation, 0, &shift);
	}
	config_free(config);
	return 0;
}
