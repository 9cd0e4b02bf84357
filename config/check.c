#include "config/check.h"

#include <string.h>

#include "base/ussd.h"

#define SHORT_WAIT_S 60

static bool digits(const char *text)
{
	return text[strspn(text, "0123456789")] == '\0';
}

/* As libsodium writes it: salt and hash of 16 and 32 octets in base64. */
static bool pin_hash(const char *text)
{
	size_t begin = strlen(PLAN_PIN_HASH_BEGIN);

	return strncmp(text, PLAN_PIN_HASH_BEGIN, begin) == 0 && strlen(text) == begin + 66 &&
	       text[begin + 22] == '$';
}

static void check_person(struct walk *walk, const struct note *note)
{
	const struct plan_person *person = note->of;
	bool sms = false;
	bool voice = false;

	for (size_t i = 0; i < person->number_count; i++) {
		sms = sms || person->numbers[i].sms;
		voice = voice || person->numbers[i].voice;
	}
	if (person->name[0] == '\0' || person->number_count == 0)
		return; /* there are errors about that already */
	if (!voice)
		findings_add(&walk->warnings, note->line,
			     "\"%s\" has no number that can be called: a text alone wakes nobody",
			     person->name);
	if (!sms)
		findings_add(&walk->warnings, note->line, "\"%s\" has no number that takes texts",
			     person->name);
}

static void check_severity(struct walk *walk, const struct note *note)
{
	const struct plan_severity *severity = note->of;

	/* A lease that ends before the answer to a reminder can renew it takes pages from people at work. */
	if (severity->remind_s > 0 && severity->lease_s < severity->remind_s + 600)
		findings_add(&walk->errors, note->line,
			     "severities.lease: \"%s\" ends after %lld s but reminds after %lld s, "
			     "want at least 10 min more",
			     severity->name, (long long)severity->lease_s,
			     (long long)severity->remind_s);
	if (severity->engage_s > severity->lease_s)
		findings_add(
			&walk->errors, note->line,
			"severities.engage: longer than the lease of \"%s\", want at most that",
			severity->name);
}

static void check_beside(struct walk *walk, const struct note *note)
{
	const struct plan_beside *beside = note->of;

	if (beside->severities == 0 && !beside->money)
		findings_add(&walk->errors, note->line,
			     "policies.beside: never used, want severities or money = true");
}

static void check_times(struct walk *walk, const struct note *note)
{
	const struct plan_times *times = note->of;

	if (times->second_within_s < times->second_after_s)
		findings_add(&walk->errors, note->line,
			     "times.second_within: shorter than second_after, want at least that");
}

/* Those of audio/speech.c. */
static bool voice(const char *name)
{
	return strcmp(name, "kal") == 0 || strcmp(name, "slt") == 0;
}

static void check_value(struct walk *walk, const struct note *note)
{
	const char *path = note->key->path;

	if ((strcmp(path, "country") == 0 && (!digits(note->text) || note->text[0] == '0')) ||
	    (strcmp(path, "speech_voice") == 0 && !voice(note->text)) ||
	    (strcmp(path, "power_hook") == 0 && note->text[0] != '/'))
		findings_add(&walk->errors, note->line, "%s: \"%s\", want %s", path, note->text,
			     note->key->range);
	else if (strcmp(path, "modems.pin") == 0 && note->text[0] != '\0' &&
		 (!digits(note->text) || strlen(note->text) < 4 || strlen(note->text) > 8))
		findings_add(&walk->errors, note->line, "%s: want %s", path, note->key->range);
	else if (strcmp(path, "modems.balance.ussd") == 0 && !ussd_code_ok(span_of(note->text)))
		findings_add(&walk->errors, note->line,
			     "%s: \"%s\" is no question about an account, want one such as "
			     "\"*100#\"",
			     path, note->text);
	else if (strcmp(path, "dtmf_ack") == 0 && strcmp(note->text, "single") == 0)
		findings_add(&walk->warnings, note->line,
			     "dtmf_ack: with one key a stray tone or a voicemail menu can ack; "
			     "\"challenge\" keeps an ack a deliberate act");
	else if (strcmp(path, "people.pin_hash") == 0 && !pin_hash(note->text))
		findings_add(&walk->errors, note->line, "%s: not a PIN's hash, want %s", path,
			     note->key->range);
	else if (strcmp(path, "callback_ack") == 0 && strcmp(note->text, "true") == 0)
		findings_add(&walk->warnings, note->line,
			     "callback_ack: whoever shows a responder's number takes their page; "
			     "numbers can be forged");
	else if (strcmp(path, "policies.steps.wait") == 0 &&
		 ((const struct plan_step *)note->of)->wait_s < SHORT_WAIT_S)
		findings_add(&walk->warnings, note->line,
			     "policies.steps.wait: %s leaves no time for a text and a call; "
			     "under 60 s is for demonstrations",
			     note->text);
	else if (strcmp(path, "times.second_within") == 0)
		check_times(walk, note);
}

static void check_identity(struct walk *walk, const struct note *note)
{
	size_t most = strcmp(note->key->path, "modems.imei") == 0 ? 16 : 20;

	if (!digits(note->text) || strlen(note->text) > most)
		findings_add(&walk->errors, note->line, "%s: \"%s\", want %s", note->key->path,
			     note->text, note->key->range);
}

static void check_modem(struct walk *walk, const struct note *note)
{
	const struct config_modem *modem = note->of;

	if (modem->port[0] == '\0' && modem->usb[0] == '\0' && modem->imei[0] == '\0' &&
	    modem->iccid[0] == '\0')
		findings_add(&walk->errors, note->line,
			     "modems.imei: nothing says which modem \"%s\" is, want imei, iccid, "
			     "usb or port",
			     modem->name);
}

static void check_watch(struct walk *walk, const struct note *note)
{
	const struct plan_watch *watch = note->of;
	bool bounded = watch->above.set || watch->below.set;

	if ((watch->url[0] == '\0') == (watch->beat_s == 0))
		findings_add(&walk->errors, note->line,
			     "watches.url: \"%s\" wants either a url to ask or a beat to wait for",
			     watch->name);
	else if (watch->value[0] != '\0' && !bounded)
		findings_add(&walk->errors, note->line,
			     "watches.value: \"%s\" has no bounds, want above or below",
			     watch->name);
	else if (watch->url[0] == '\0' && bounded)
		findings_add(&walk->errors, note->line,
			     "watches.above: \"%s\" has no url that answers with a value",
			     watch->name);
}

static void check_element(struct walk *walk, const struct note *note)
{
	static const struct {
		const char *path;
		void (*check)(struct walk *, const struct note *);
	} checks[] = {
		{ "people", check_person },          { "rotations", check_rotation },
		{ "rotations.layers", check_layer }, { "severities", check_severity },
		{ "policies.beside", check_beside }, { "modems", check_modem },
		{ "watches", check_watch },
	};

	for (size_t i = 0; i < COUNT_OF(checks); i++)
		if (strcmp(checks[i].path, note->key->path) == 0)
			checks[i].check(walk, note);
}

static void check_modems(struct walk *walk)
{
	const struct config *config = &walk->draft.config;
	int line = 1;
	bool sms = false;
	bool voice = false;

	for (size_t i = 0; i < walk->note_count; i++)
		if (walk->notes[i].kind == CONFIG_ELEMENT &&
		    strcmp(walk->notes[i].key->path, "modems") == 0)
			line = walk->notes[i].line;
	for (size_t i = 0; i < config->modem_count; i++) {
		sms = sms || config->modems[i].sms;
		voice = voice || config->modems[i].voice;
	}
	if (config->modem_count == 1)
		findings_add(
			&walk->warnings, line,
			"modems: with only one, one SIM or one network outage ends all paging");
	if (config->modem_count > 0 && !sms)
		findings_add(&walk->errors, line, "modems.roles: no modem sends texts, want one");
	if (config->modem_count > 0 && !voice)
		findings_add(&walk->warnings, line, "modems.roles: no modem places calls");
}

static void check_people(struct walk *walk)
{
	if (walk->draft.plan.person_count == 1)
		findings_add(&walk->warnings, 1,
			     "people: there is only one, nobody is paged after them");
}

void check_all(struct walk *walk)
{
	check_refs(walk);
	for (size_t i = 0; i < walk->note_count; i++) {
		const struct note *note = &walk->notes[i];

		if (note->kind == CONFIG_ELEMENT)
			check_element(walk, note);
		else if (note->kind == CONFIG_VALUE)
			check_value(walk, note);
		else if (note->kind == CONFIG_IDENTITY)
			check_identity(walk, note);
	}
	check_modems(walk);
	check_people(walk);
}
