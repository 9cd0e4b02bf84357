/* The script language: who and where, when, and for how long.  What is said about it: docs/simulator.md. */
#include <string.h>

#include "modem/sim/sim_script.h"

#define NOT_GIVEN (-1)
#define VERBS_MAX 100

static const char *const subjects[] = { "modem", "phone", "network", "port", NULL };

/* A line in two: what, and when. */
struct timing {
	struct span what;
	int64_t in_ms, for_ms; /* NOT_GIVEN */
	int64_t byte;          /* of the exchange of a command; NOT_GIVEN */
	struct span command;
};

static const struct sim_verb *const modem_tables[] = { sim_modem_verbs, sim_line_verbs,
						       sim_card_verbs,  sim_call_verbs,
						       sim_pcm_verbs,   NULL };
static const struct sim_verb *const network_tables[] = { sim_network_verbs, NULL };

/* The verb the next word names, the word taken; NULL with err. */
static const struct sim_verb *next_verb(struct sim_words *words,
					const struct sim_verb *const *tables, struct err *err)
{
	const struct sim_verb *verbs[VERBS_MAX] = { NULL };
	const char *names[VERBS_MAX + 1];
	size_t n = 0;
	int which;

	for (; *tables != NULL; tables++) {
		for (const struct sim_verb *verb = *tables; verb->name != NULL && n < VERBS_MAX;
		     verb++) {
			verbs[n] = verb;
			names[n++] = verb->name;
		}
	}
	names[n] = NULL;
	which = sim_words_choose(words, names, err);
	return which < 0 ? NULL : verbs[which];
}

/* ---- later ---- */

static int carry_out(struct sim *sim, struct span line, struct when now, struct err *err);

void sim_line_now(struct sim *sim, struct span line, struct when now)
{
	struct err err = { ERR_NONE, "" }; /* it was read before; what is gone by now is gone */

	carry_out(sim, line, now, &err);
}

static void run_line(struct sim *sim, const struct sim_job *job, struct when now)
{
	if (job->text != NULL)
		sim_line_now(sim, span_of(job->text), now);
}

void sim_line_later(struct sim *sim, int64_t due, struct span line)
{
	sim_job_add(sim, due, run_line)->text = span_dup(line);
}

static void undo_later(const struct sim_order *o, const char *undo, int64_t due)
{
	struct buf line = { .limit = 200 };

	if (o->modem >= 0)
		buf_addf(&line, "modem %s %s", o->sim->modems[o->modem]->name, undo);
	else
		buf_addf(&line, "network %s", undo);
	sim_line_later(o->sim, due, buf_span(&line));
	buf_free(&line);
}

/* "at byte 20 of +CMGS" */
static bool peel_byte(const struct sim_words *words, size_t count, struct timing *timing)
{
	const struct sim_word *word = count < 5 ? NULL : &words->at[count - 5];

	if (word == NULL || word->quoted || !span_is_nocase(word->text, "at") ||
	    !span_is_nocase(word[1].text, "byte") || !span_is_nocase(word[3].text, "of") ||
	    !span_int(word[2].text, &timing->byte) || timing->byte < 0)
		return false;
	timing->command = word[4].text;
	timing->what.len = (size_t)(word->text.at - timing->what.at);
	return true;
}

/* Takes "in 30s", "after 30s", "for 20s" and "at byte 20 of +CMGS" off the end.  A phone's line knows "in" only: there the other two are
 * part of how its owner behaves. */
static void peel(const struct sim_words *words, struct timing *timing)
{
	bool phone = span_is_nocase(words->at[0].text, "phone");
	size_t count = words->count;

	*timing = (struct timing){ words->line, NOT_GIVEN, NOT_GIVEN, NOT_GIVEN, { "", 0 } };
	while (count > 2) {
		const struct sim_word *word = &words->at[count - 2];
		bool later = span_is_nocase(word->text, "in") ||
			     (!phone && span_is_nocase(word->text, "after"));
		bool lasts = !phone && span_is_nocase(word->text, "for");
		int64_t ms;

		if (!phone && peel_byte(words, count, timing)) {
			count -= 5;
			continue;
		}
		if (word->quoted || (!later && !lasts) ||
		    !sim_words_is_duration(words->at[count - 1].text, &ms))
			return;
		if (later)
			timing->in_ms = ms;
		else
			timing->for_ms = ms;
		timing->what.len = (size_t)(word->text.at - timing->what.at);
		count -= 2;
	}
}

/* ---- the three subjects ---- */

static int run_verbs(struct sim_order *o, const struct sim_verb *const *tables, int64_t for_ms,
		     struct err *err)
{
	do {
		const struct sim_verb *verb = next_verb(&o->words, tables, err);

		if (verb == NULL)
			return -1;
		if (for_ms != NOT_GIVEN && verb->undo == NULL)
			return err_set(err, ERR_INVALID, "\"%s\" has no end: leave out \"for\"",
				       verb->name);
		if (verb->run(o, err) < 0)
			return err_wrap(err, "%s", verb->name);
		if (for_ms != NOT_GIVEN && !o->dry)
			undo_later(o, o->undo[0] != '\0' ? o->undo : verb->undo,
				   o->now.mono_ms + for_ms);
		o->undo[0] = '\0';
		sim_words_accept(&o->words, "and");
	} while (!sim_words_end(&o->words));
	return 0;
}

/* "+" and 7 to 15 digits; nobody may have it yet. */
static int new_number(struct sim_order *o, char number[SIM_NUMBER_MAX], struct err *err)
{
	struct span word = sim_words_next(&o->words);

	span_copy(word, number, SIM_NUMBER_MAX);
	if (word.len < 8 || word.len > 16 || number[0] != '+' ||
	    strspn(number + 1, "0123456789") != word.len - 1)
		return err_set(err, ERR_INVALID, "\"%.*s\": want a number such as +15550100001",
			       (int)word.len, word.at);
	if (sim_phone_by_number(o->sim, number) != NULL ||
	    sim_modem_by_number(o->sim, number) != NULL)
		return err_set(err, ERR_INVALID, "%s: somebody has this number already", number);
	return 0;
}

/* The port needs a moment to be there again. */
#define REPLUG_MS 2000

void sim_line_plug(struct sim *sim, int modem, struct when now)
{
	struct buf line = { .limit = 100 };

	buf_addf(&line, "modem %s plugged", sim->modems[modem]->name);
	sim_line_later(sim, now.mono_ms + REPLUG_MS, buf_span(&line));
	buf_free(&line);
}

int sim_words_modem(struct sim_order *o, int *modem, struct err *err)
{
	*modem = sim_modem_find(o->sim, sim_words_peek(&o->words));
	if (*modem < 0)
		return sim_words_want(&o->words, "the name of a modem", err);
	sim_words_next(&o->words);
	return 0;
}

int sim_words_phone(struct sim_order *o, struct sim_phone **phone, struct err *err)
{
	*phone = NULL;
	for (size_t i = 0; i < o->sim->phone_count; i++)
		if (span_is_nocase(sim_words_peek(&o->words), o->sim->phones[i]->name))
			*phone = o->sim->phones[i];
	if (*phone == NULL)
		return sim_words_want(&o->words, "the name of a phone", err);
	sim_words_next(&o->words);
	return 0;
}

static int unknown(struct sim_order *o, struct span name, const char *what, struct err *err)
{
	struct buf have = { .limit = 150 };

	for (size_t i = 0; what[0] == 'm' && i < o->sim->modem_count; i++)
		buf_addf(&have, "%s%s", i == 0 ? "" : ", ", o->sim->modems[i]->name);
	for (size_t i = 0; what[0] == 'p' && i < o->sim->phone_count; i++)
		buf_addf(&have, "%s%s", i == 0 ? "" : ", ", o->sim->phones[i]->name);
	err_set(err, ERR_INVALID, "no %s \"%.*s\" (there %s%s); a new one needs its +number", what,
		(int)(name.len > 40 ? 40 : name.len), name.at,
		have.len > 0     ? "is: "
		: what[0] == 'm' ? "are no modems yet"
				 : "are no phones yet",
		buf_text(&have));
	buf_free(&have);
	return -1;
}

static int new_modem(struct sim_order *o, struct span name, struct err *err)
{
	static const char *const vendors[SIM_VENDORS] = { "generic", "simcom", "quectel",
							  "huawei",  "ublox",  "telit" };
	char number[SIM_NUMBER_MAX];
	int vendor = SIM_GENERIC;
	struct sim_modem *m;

	if (new_number(o, number, err) < 0)
		return -1;
	for (int i = 0; i < (int)COUNT_OF(vendors); i++)
		if (sim_words_accept(&o->words, vendors[i]))
			vendor = i;
	m = sim_modem_add(o->sim, name, number, (enum sim_vendor)vendor);
	if (m == NULL)
		return err_nomem(err);
	o->modem = m->index;
	return sim_words_end(&o->words) ? 0 : run_verbs(o, modem_tables, NOT_GIVEN, err);
}

/* What happened, in the script's own words. */
static void note_fault(const struct sim_order *o, struct span from, const struct timing *timing)
{
	char text[200];

	from.len = (size_t)(timing->what.at + timing->what.len - from.at);
	span_copy(span_trim(from), text, sizeof text);
	if (!o->dry)
		sim_note(o->sim, SIM_FAULT, o->modem, NULL, text, o->now);
}

static int modem_line(struct sim_order *o, const struct timing *timing, struct err *err)
{
	struct span name = sim_words_next(&o->words);
	struct span rest;

	o->modem = sim_modem_find(o->sim, name);
	if (o->modem < 0 && sim_words_peek(&o->words).len > 0 &&
	    sim_words_peek(&o->words).at[0] == '+' && name.len < SIM_NAME_MAX &&
	    timing->in_ms == NOT_GIVEN && timing->for_ms == NOT_GIVEN)
		return new_modem(o, name, err);
	if (o->modem < 0)
		return unknown(o, name, "modem", err);
	rest = sim_words_peek(&o->words);
	if (run_verbs(o, modem_tables, timing->for_ms, err) < 0)
		return -1;
	note_fault(o, rest, timing);
	return 0;
}

static int phone_line(struct sim_order *o, struct err *err)
{
	struct span name = sim_words_next(&o->words);
	char number[SIM_NUMBER_MAX];

	for (size_t i = 0; i < o->sim->phone_count; i++)
		if (span_is_nocase(name, o->sim->phones[i]->name))
			o->phone = o->sim->phones[i];
	if (o->phone == NULL && !o->dry && name.len < SIM_NAME_MAX &&
	    sim_words_peek(&o->words).len > 0 && sim_words_peek(&o->words).at[0] == '+') {
		if (new_number(o, number, err) < 0)
			return -1;
		o->phone = sim_phone_add(o->sim, name, number);
		if (o->phone == NULL)
			return err_nomem(err);
	}
	if (o->phone == NULL)
		return unknown(o, name, "phone", err);
	return sim_owner_line(o, err);
}

static int network_line(struct sim_order *o, const struct timing *timing, struct err *err)
{
	struct span rest = sim_words_peek(&o->words);

	if (run_verbs(o, network_tables, timing->for_ms, err) < 0)
		return -1;
	note_fault(o, rest, timing);
	return 0;
}

/* port ttyUSB1 of alpha nmea */
static int new_port(struct sim_order *o, struct span name, struct err *err)
{
	static const char *const of[] = { "of", NULL };
	static const char *const kinds[] = { "at", "quiet", "nmea", "mute", "diag", NULL };
	const struct sim_modem *body;
	struct sim_modem *m;
	int of_modem;
	int kind;

	if (sim_words_choose(&o->words, of, err) < 0 || sim_words_modem(o, &of_modem, err) < 0)
		return -1;
	kind = sim_words_choose(&o->words, kinds, err);
	if (kind < 0)
		return -1;
	if (o->dry)
		return 0;
	body = o->sim->modems[of_modem];
	m = sim_modem_add(o->sim, name, body->number, body->vendor);
	if (m == NULL)
		return err_nomem(err);
	m->body = of_modem;
	m->card_number = body->card_number;
	m->kind = (enum sim_port)kind;
	m->plugged = body->plugged;
	if (m->kind == SIM_PORT_NMEA)
		sim_cable_nmea(o->sim, m, o->now);
	return 0;
}

/* "port ttyUSB1 of alpha nmea" makes one; "port ttyUSB1 gone", "port ttyUSB1 back" */
static int port_line(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "gone", "back", NULL };
	struct span name = sim_words_next(&o->words);
	int which;

	o->modem = sim_modem_find(o->sim, name);
	if (o->modem < 0 && name.len > 0 && name.len < SIM_NAME_MAX)
		return new_port(o, name, err);
	which = sim_words_choose(&o->words, what, err);
	if (which < 0)
		return -1;
	if (!o->dry && which == 0)
		sim_modem_unplug(o->sim, o->sim->modems[o->modem], o->now);
	else if (!o->dry && !o->sim->modems[o->modem]->plugged)
		sim_modem_plug(o->sim, o->sim->modems[o->modem], o->now);
	return 0;
}

/* ---- a line ---- */

static int about(struct sim_order *o, const struct timing *timing, struct err *err)
{
	switch (sim_words_choose(&o->words, subjects, err)) {
	case 0:
		return modem_line(o, timing, err) < 0 ? err_wrap(err, "modem") : 0;
	case 1:
		return phone_line(o, err) < 0 ? err_wrap(err, "phone") : 0;
	case 2:
		return network_line(o, timing, err) < 0 ? err_wrap(err, "network") : 0;
	case 3:
		return port_line(o, err) < 0 ? err_wrap(err, "port") : 0;
	default:
		return -1;
	}
}

static int carry_out(struct sim *sim, struct span line, struct when now, struct err *err)
{
	struct sim_order order = { .sim = sim, .now = now, .modem = -1 };
	struct timing timing;

	if (sim_words_read(&order.words, line, err) < 0)
		return -1;
	if (sim_words_end(&order.words))
		return 0;
	peel(&order.words, &timing);
	order.dry = timing.in_ms != NOT_GIVEN || timing.byte != NOT_GIVEN;
	if (sim_words_read(&order.words, timing.what, err) < 0 || about(&order, &timing, err) < 0)
		return -1;
	if (order.dry) {
		struct buf later = { .limit = 1024 };

		buf_add(&later, timing.what);
		if (timing.for_ms != NOT_GIVEN)
			buf_addf(&later, " for %lldms", (long long)timing.for_ms);
		if (timing.byte == NOT_GIVEN)
			sim_line_later(sim, now.mono_ms + timing.in_ms, buf_span(&later));
		else if (order.modem >= 0)
			sim_trap_set(sim->modems[order.modem], timing.command, timing.byte,
				     buf_span(&later));
		buf_free(&later);
	}
	return 0;
}

int sim_line(struct sim *sim, struct span line, struct when now, struct err *err)
{
	sim_run_due(sim, now);
	if (carry_out(sim, line, now, err) < 0)
		return -1;
	sim_run_due(sim, now);
	return 0;
}

bool sim_knows(struct span line)
{
	struct span word = span_word(&line);

	for (size_t i = 0; subjects[i] != NULL; i++)
		if (span_is_nocase(word, subjects[i]))
			return true;
	return false;
}
