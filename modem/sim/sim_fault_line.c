/* "modem NAME ...": the finer faults of the dialogue, of the port it hangs on, and who else is there. */
#include <stdio.h>
#include <string.h>

#include "modem/sim/sim_script.h"

#define MODEM(order) ((order)->sim->modems[(order)->modem])

/* ---- one command apart ---- */

/* "2 times" at the end; without it always. */
static int times(struct sim_order *o, int64_t *n, struct err *err)
{
	static const char *const words[] = { "times", "time", NULL };

	if (sim_words_end(&o->words))
		return 0;
	if (sim_words_number(&o->words, 1, 1000000, n, err) < 0)
		return -1;
	return sim_words_choose(&o->words, words, err) < 0 ? -1 : 0;
}

static void take(struct sim_order *o, struct sim_instead *made, struct span text)
{
	snprintf(o->undo, sizeof o->undo, "answers %s normally", made->name);
	if (o->dry)
		return;
	made->text = text.at == NULL ? NULL : span_dup(text);
	sim_instead_set(MODEM(o), made);
}

/* answers +CLCC with "ERROR" 2 times; answers +CLCC normally */
static int do_answers(struct sim_order *o, struct err *err)
{
	static const char *const with[] = { "with", "normally", NULL };
	struct sim_instead made = { .times = -1 };
	struct span text;
	int which;

	if (sim_words_accept(&o->words, "normally")) {
		if (!o->dry)
			sim_instead_drop(MODEM(o), (struct span){ "", 0 });
		return 0;
	}
	if (sim_words_command(&o->words, made.name, err) < 0)
		return -1;
	which = sim_words_choose(&o->words, with, err);
	if (which < 0)
		return -1;
	if (which == 1) {
		if (!o->dry)
			sim_instead_drop(MODEM(o), span_of(made.name));
		return 0;
	}
	if (sim_words_quoted(&o->words, &text, err) < 0 || times(o, &made.times, err) < 0)
		return -1;
	take(o, &made, text);
	return 0;
}

static int do_silent(struct sim_order *o, struct err *err)
{
	static const char *const on[] = { "on", NULL };
	struct sim_instead made = { .times = -1 };

	if (sim_words_choose(&o->words, on, err) < 0 ||
	    sim_words_command(&o->words, made.name, err) < 0 || times(o, &made.times, err) < 0)
		return -1;
	take(o, &made, (struct span){ NULL, 0 });
	return 0;
}

/* ---- what it says ---- */

static int do_says(struct sim_order *o, struct err *err)
{
	struct buf line = { .limit = 1000 };
	struct span text;

	if (sim_words_quoted(&o->words, &text, err) < 0)
		return -1;
	for (size_t i = 0; i < text.len; i++) {
		bool escape = text.at[i] == '\\' && i + 1 < text.len;

		i += escape;
		if (escape && text.at[i] == 'n')
			buf_add_text(&line, "\r\n");
		else
			buf_add_char(&line, text.at[i]);
	}
	if (!o->dry) { /* not as a notice: anywhere, in the middle of a message too */
		struct buf framed = { .limit = 1010 };

		buf_addf(&framed, "\r\n%s\r\n", buf_text(&line));
		sim_modem_say(o->sim, MODEM(o), buf_span(&framed), o->now);
		buf_free(&framed);
	}
	buf_free(&line);
	return 0;
}

static int do_results(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "words", "numeric", NULL };
	int which = sim_words_choose(&o->words, what, err);

	if (which >= 0 && !o->dry) {
		MODEM(o)->numeric = which == 1;
		MODEM(o)->set.verbose = which == 0;
	}
	return which < 0 ? -1 : 0;
}

static int do_lines(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "normal", "without-cr", "with-two-crs", "spaced",
					    NULL };
	int which = sim_words_choose(&o->words, what, err);

	if (which >= 0 && !o->dry)
		MODEM(o)->cable.framing = (enum sim_framing)which;
	return which < 0 ? -1 : 0;
}

/* ---- the wire ---- */

/* "bytes lost 1 in 1000", "bytes doubled 1 in 500", "bytes whole" */
static int do_bytes(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "whole", "lost", "doubled", NULL };
	static const char *const in[] = { "in", NULL };
	int which = sim_words_choose(&o->words, what, err);
	int64_t one = 0;
	int64_t n = 0;

	if (which < 0 || (which > 0 && (sim_words_number(&o->words, 1, 1, &one, err) < 0 ||
					sim_words_choose(&o->words, in, err) < 0 ||
					sim_words_number(&o->words, 1, 1000000, &n, err) < 0)))
		return -1;
	if (o->dry)
		return 0;
	if (which != 2)
		MODEM(o)->cable.lost = n;
	if (which != 1)
		MODEM(o)->cable.doubled = n;
	return 0;
}

static int do_sleeps(struct sim_order *o, struct err *err)
{
	int64_t ms = 0;

	if (!sim_words_accept(&o->words, "never") && sim_words_duration(&o->words, &ms, err) < 0)
		return -1;
	if (!o->dry)
		MODEM(o)->cable.sleep_ms = ms;
	return 0;
}

static int do_autobaud(struct sim_order *o, struct err *err)
{
	int64_t n = 0;

	if (!sim_words_accept(&o->words, "off") && sim_words_number(&o->words, 1, 100, &n, err) < 0)
		return -1;
	if (!o->dry)
		MODEM(o)->cable.autobaud = MODEM(o)->cable.unheard = n;
	return 0;
}

/* foreign types "ATE1" every 5s; foreign eats 3 replies; foreign off */
static int do_foreign(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "off", "types", "eats", NULL };
	static const char *const replies[] = { "replies", "reply", NULL };
	struct span text = { "", 0 };
	int64_t ms = 0;
	int64_t n = 0;
	int which = sim_words_choose(&o->words, what, err);

	if (which < 0)
		return -1;
	if (which == 1 &&
	    (sim_words_quoted(&o->words, &text, err) < 0 ||
	     (sim_words_accept(&o->words, "every") && sim_words_duration(&o->words, &ms, err) < 0)))
		return -1;
	if (which == 2 && (sim_words_number(&o->words, 1, 1000000, &n, err) < 0 ||
			   sim_words_choose(&o->words, replies, err) < 0))
		return -1;
	if (o->dry)
		return 0;
	if (which == 1) {
		sim_cable_foreign(o->sim, MODEM(o), text, ms, o->now);
		return 0;
	}
	MODEM(o)->cable.eaten = n;
	if (which == 0)
		MODEM(o)->cable.typed_ms = 0;
	return 0;
}

/* ---- the port ---- */

/* "port ttyUSB3": its tty appears under this name; who had it has the other one now. */
static int do_port(struct sim_order *o, struct err *err)
{
	struct sim_modem *m = MODEM(o);
	struct span name = sim_words_next(&o->words);
	bool plugged = m->plugged;
	int other = sim_port_find(o->sim, name);

	if (name.len == 0 || name.len >= SIM_NAME_MAX || memchr(name.at, '/', name.len) != NULL)
		return err_set(err, ERR_INVALID, "port: want a name such as ttyUSB3");
	if (o->dry || other == o->modem)
		return 0;
	if (plugged)
		sim_modem_unplug(o->sim, m, o->now);
	if (other >= 0) {
		bool there = o->sim->modems[other]->plugged;

		if (there)
			sim_modem_unplug(o->sim, o->sim->modems[other], o->now);
		sim_port_call(o->sim, (size_t)other, span_of(m->port));
		if (there)
			sim_line_plug(o->sim, other, o->now);
	}
	sim_port_call(o->sim, (size_t)o->modem, name);
	if (plugged)
		sim_line_plug(o->sim, o->modem, o->now);
	return 0;
}

static int do_disk(struct sim_order *o, struct err *err)
{
	(void)err;
	if (o->dry)
		return 0;
	sim_modem_unplug(o->sim, MODEM(o), o->now);
	MODEM(o)->disk = true;
	return 0;
}

const struct sim_verb sim_line_verbs[] = {
	{ "answers", do_answers, "answers normally" },
	{ "silent", do_silent, "answers normally" },
	{ "says", do_says, NULL },
	{ "results", do_results, "results words" },
	{ "lines", do_lines, "lines normal" },
	{ "bytes", do_bytes, "bytes whole" },
	{ "sleeps", do_sleeps, "sleeps never" },
	{ "autobaud", do_autobaud, "autobaud off" },
	{ "foreign", do_foreign, "foreign off" },
	{ "port", do_port, NULL },
	{ "disk", do_disk, "plugged" },
	{ NULL, NULL, NULL },
};
