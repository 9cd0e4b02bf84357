/* tocsin vcard: every SIM's number as one contact for the phones of who is paged, and how each phone system lets that contact
 * through Do Not Disturb.  vCard 3.0 (RFC 2426): phones of both systems import it; 4.0 not all of them.
 */
#include "cli/vcard.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/jsonw.h"
#include "setup.h"

#define LINE_MAX_OCTETS 75 /* RFC 2426 2.6: longer lines are folded */

static const char steps[] =
	"Open the file on the phone (send it by mail or put it on a page) and save the contact.\n"
	"Keep all its numbers in this one contact: a call from a number that is not saved stays "
	"silent.\n"
	"\n"
	"iPhone: Contacts, the contact, Edit: Ringtone, Emergency Bypass on; Text Tone, Emergency\n"
	"  Bypass on (the two are separate). It then rings with Focus on and the switch on "
	"silent.\n"
	"  Without it: Settings, Focus, each one in use: People, Allow Notifications From, add "
	"the\n"
	"  contact; and Allow Repeated Calls (the second call within 3 minutes rings).\n"
	"  Settings, Apps, Phone: Screen Unknown Callers: Never, or Ask Reason for Calling knows "
	"it.\n"
	"Android: Contacts, the contact: the star (Favourite). Settings, Notifications or Modes, "
	"Do Not\n"
	"  Disturb, People: Calls from and Messages from: Starred contacts; Repeat callers on (the "
	"second\n"
	"  call within 15 minutes rings). The ringer must not be on silent: Do Not Disturb opens, "
	"silent\n"
	"  stays silent. Phone app, Settings: Caller ID and spam: do not filter; Call Screen: off "
	"for\n"
	"  contacts.\n"
	"\n"
	"Then prove it with the phone locked: tocsin enrol PERSON.\n";

/* RFC 2426 5.8.4: these mean something in a value. */
static void add_escaped(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (strchr("\\,;", *text) != NULL)
			buf_add_char(out, '\\');
		buf_add_char(out, *text);
	}
}

/* A continuation line begins with a blank; no character is cut in two. */
static void add_line(struct buf *out, struct span line)
{
	size_t room = LINE_MAX_OCTETS;

	while (line.len > room) {
		size_t len = room;

		while (len > 1 && ((unsigned char)line.at[len] & 0xC0) == 0x80)
			len--;
		buf_add(out, (struct span){ line.at, len });
		buf_add_text(out, "\r\n ");
		line = span_skip(line, len);
		room = LINE_MAX_OCTETS - 1;
	}
	buf_add(out, line);
	buf_add_text(out, "\r\n");
}

static void field(struct buf *out, const char *name, const char *value, const char *behind)
{
	struct buf line = { 0 };

	buf_add_text(&line, name);
	add_escaped(&line, value);
	buf_add_text(&line, behind);
	add_line(out, buf_span(&line));
	buf_free(&line);
}

/* How many numbers are in it. */
static size_t card(struct buf *out, const struct config *config)
{
	const char *name = config->plan->gateway;
	size_t count = 0;

	add_line(out, span_of("BEGIN:VCARD"));
	add_line(out, span_of("VERSION:3.0"));
	field(out, "N:", name, ";;;;");
	field(out, "FN:", name, "");
	field(out, "ORG:", name, "");
	for (size_t i = 0; i < config->modem_count; i++) {
		const struct config_modem *modem = &config->modems[i];

		if (modem->number[0] == '\0')
			continue;
		field(out,
		      modem->voice && modem->sms ? "TEL;TYPE=CELL,VOICE,MSG:"
		      : modem->voice             ? "TEL;TYPE=CELL,VOICE:"
						 : "TEL;TYPE=CELL,MSG:",
		      modem->number, "");
		count++;
	}
	field(out, "NOTE:",
	      "The pager. Let its calls and texts through Do Not Disturb. Answer by text (ACK and "
	      "the code) or by the keys that a call names.",
	      "");
	add_line(out, span_of("END:VCARD"));
	return count;
}

static int show(const struct cli_args *args, const struct buf *out)
{
	struct buf object = { 0 };
	struct jsonw json = { .out = &object };

	if (!args->json) {
		fputs(buf_text(out), stdout);
		fflush(stdout);
		fputs(steps, stderr); /* beside it: standard output is a file that phones read */
		return CLI_DONE;
	}
	jsonw_object(&json, NULL);
	jsonw_string(&json, "vcard", buf_text(out));
	jsonw_string(&json, "steps", steps);
	jsonw_end_object(&json);
	puts(buf_text(&object));
	buf_free(&object);
	return CLI_DONE;
}

static void lacking(const struct config *config)
{
	for (size_t i = 0; i < config->modem_count; i++)
		if (config->modems[i].number[0] == '\0')
			fprintf(stderr,
				"tocsin: vcard: modem %s has no number in the configuration, so it "
				"is not in the card: add modems.number\n",
				config->modems[i].name);
}

int run_vcard(const struct cli_args *args)
{
	const char *file = cli_value(args, "config");
	struct buf errors = { 0 };
	struct buf warnings = { 0 };
	struct buf out = { 0 };
	struct config *config = NULL;
	int status = CLI_FAILED;

	if (file == NULL)
		file = "/etc/tocsin/tocsin.cfg";
	if (setup_config(file, &config, &errors, &warnings) < 0) {
		setup_tell("tocsin: vcard", file, "", &errors);
	} else if (card(&out, config) == 0) {
		cli_fail(CLI_FAILED, "vcard: no modem in %s has a number: add modems.number", file);
	} else {
		lacking(config);
		status = show(args, &out);
	}
	config_free(config);
	buf_free(&errors);
	buf_free(&warnings);
	buf_free(&out);
	return status;
}
