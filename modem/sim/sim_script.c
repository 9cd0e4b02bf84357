/* The script language: who and where, when, and for how long.  What is said about it: docs/simulator.md. */
#include <string.h>

#include "modem/sim/sim_script.h"

#define NOT_GIVEN (-1)

static const char *const subjects[] = { "modem", "phone", "network", NULL };

/* A line in two: what, and when. */
struct timing {
	struct span what;
	int64_t in_ms, for_ms; /* NOT_GIVEN */
};

const struct sim_verb *sim_verb_next(struct sim_words *words, const struct sim_verb *verbs,
				     struct err *err)
{
	const char *names[80];
	size_t n = 0;
	int which;

	for (; verbs[n].name != NULL && n + 1 < COUNT_OF(names); n++)
		names[n] = verbs[n].name;
	names[n] = NULL;
	which = sim_words_choose(words, names, err);
	return which < 0 ? NULL : &verbs[which];
}

/* ---- later ---- */

static int carry_out(struct sim *sim, struct span line, struct when now, struct err *err);

static void run_line(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct err err = { ERR_NONE, "" }; /* it was read before; what is gone by now is gone */

	if (job->text != NULL)
		carry_out(sim, span_of(job->text), now, &err);
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

/* Takes "in 30s", "after 30s" and "for 20s" off the end.  A phone's line knows "in" only: there the other two are
 * part of how its owner behaves. */
static void peel(const struct sim_words *words, struct timing *timing)
{
	bool phone = span_is_nocase(words->at[0].text, "phone");
	size_t count = words->count;

	*timing = (struct timing){ words->line, NOT_GIVEN, NOT_GIVEN };
	while (count > 2) {
		const struct sim_word *word = &words->at[count - 2];
		bool later = span_is_nocase(word->text, "in") ||
			     (!phone && span_is_nocase(word->text, "after"));
		bool lasts = !phone && span_is_nocase(word->text, "for");
		int64_t ms;

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

static int run_verbs(struct sim_order *o, const struct sim_verb *verbs, int64_t for_ms,
		     struct err *err)
{
	do {
		const struct sim_verb *verb = sim_verb_next(&o->words, verbs, err);

		if (verb == NULL)
			return -1;
		if (for_ms != NOT_GIVEN && verb->undo == NULL)
			return err_set(err, ERR_INVALID, "\"%s\" has no end: leave out \"for\"",
				       verb->name);
		if (verb->run(o, err) < 0)
			return err_wrap(err, "%s", verb->name);
		if (for_ms != NOT_GIVEN && !o->dry)
			undo_later(o, verb->undo, o->now.mono_ms + for_ms);
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
	return sim_words_end(&o->words) ? 0 : run_verbs(o, sim_modem_verbs, NOT_GIVEN, err);
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
	if (run_verbs(o, sim_modem_verbs, timing->for_ms, err) < 0)
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

static int do_delivery(struct sim_order *o, struct err *err)
{
	int64_t ms;

	if (sim_words_duration(&o->words, &ms, err) < 0)
		return -1;
	if (!o->dry)
		o->sim->delivery_ms = ms;
	return 0;
}

static int do_setup(struct sim_order *o, struct err *err)
{
	int64_t ms;

	if (sim_words_duration(&o->words, &ms, err) < 0)
		return -1;
	if (!o->dry)
		o->sim->setup_ms = ms;
	return 0;
}

static int do_reports(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "on", "off", "false", NULL };
	int which = sim_words_choose(&o->words, what, err);

	if (which >= 0 && !o->dry)
		o->sim->reports = (enum sim_reports)which;
	return which < 0 ? -1 : 0;
}

static int up_or_down(struct sim_order *o, bool down)
{
	if (o->dry)
		return 0;
	o->sim->down = down;
	for (size_t i = 0; i < o->sim->modem_count; i++)
		sim_modem_register(o->sim, o->sim->modems[i], o->sim->modems[i]->registration,
				   o->now);
	sim_net_retry(o->sim, o->now);
	return 0;
}

static int do_down(struct sim_order *o, struct err *err)
{
	(void)err;
	return up_or_down(o, true);
}

static int do_up(struct sim_order *o, struct err *err)
{
	(void)err;
	return up_or_down(o, false);
}

static int texts(struct sim_order *o, int64_t *to, struct err *err)
{
	static const char *const what[] = { "text", "texts", NULL };
	int64_t n;

	if (sim_words_number(&o->words, 0, 1000000, &n, err) < 0 ||
	    sim_words_choose(&o->words, what, err) < 0)
		return -1;
	if (!o->dry)
		*to = n;
	return 0;
}

static int do_drops(struct sim_order *o, struct err *err)
{
	return texts(o, &o->sim->drop_texts, err);
}

static int do_doubles(struct sim_order *o, struct err *err)
{
	return texts(o, &o->sim->double_texts, err);
}

static const struct sim_verb network_verbs[] = {
	{ "delivery", do_delivery, "delivery 0s" },
	{ "setup", do_setup, "setup 1s" },
	{ "reports", do_reports, "reports on" },
	{ "down", do_down, "up" },
	{ "up", do_up, NULL },
	{ "drops", do_drops, NULL },
	{ "doubles", do_doubles, NULL },
	{ NULL, NULL, NULL },
};

static int network_line(struct sim_order *o, const struct timing *timing, struct err *err)
{
	struct span rest = sim_words_peek(&o->words);

	if (run_verbs(o, network_verbs, timing->for_ms, err) < 0)
		return -1;
	note_fault(o, rest, timing);
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
	order.dry = timing.in_ms != NOT_GIVEN;
	if (sim_words_read(&order.words, timing.what, err) < 0 || about(&order, &timing, err) < 0)
		return -1;
	if (order.dry) {
		struct buf later = { .limit = 1024 };

		buf_add(&later, timing.what);
		if (timing.for_ms != NOT_GIVEN)
			buf_addf(&later, " for %lldms", (long long)timing.for_ms);
		sim_line_later(sim, now.mono_ms + timing.in_ms, buf_span(&later));
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
