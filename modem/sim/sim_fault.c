/* "modem NAME ...": what a script can ask of a modem, one row each. */
#include <stdio.h>
#include <string.h>

#include "modem/sim/sim_script.h"

#define MODEM(order) ((order)->sim->modems[(order)->modem])

/* ---- words that several know ---- */

int sim_words_on_off(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "off", "on", NULL };

	return sim_words_choose(&o->words, what, err);
}

int sim_words_range(struct sim_words *words, struct sim_range *range, struct err *err)
{
	if (sim_words_duration(words, &range->least, err) < 0)
		return -1;
	range->most = range->least;
	if (!sim_words_accept(words, "to"))
		return 0;
	if (sim_words_duration(words, &range->most, err) < 0)
		return -1;
	return range->most >= range->least
		       ? 0
		       : err_set(err, ERR_INVALID, "the second time is the shorter one");
}

int sim_words_command(struct sim_words *words, char name[16], struct err *err)
{
	struct span word = sim_words_peek(words);

	if (word.len == 0 || word.len > 15 || strchr("+^#*$!%&", word.at[0]) == NULL)
		if (word.len != 1)
			return sim_words_want(words, "a command such as +CMGS or +CPIN?", err);
	span_copy(sim_words_next(words), name, 16);
	return 0;
}

/* ---- latencies ---- */

static int duration_into(struct sim_order *o, int64_t *to, struct err *err)
{
	int64_t ms;

	if (sim_words_duration(&o->words, &ms, err) < 0)
		return -1;
	if (!o->dry)
		*to = ms;
	return 0;
}

static int do_sms(struct sim_order *o, struct err *err)
{
	struct sim_range range;

	if (sim_words_range(&o->words, &range, err) < 0)
		return -1;
	if (!o->dry)
		MODEM(o)->sms = range;
	return 0;
}

static int do_speech(struct sim_order *o, struct err *err)
{
	return duration_into(o, &MODEM(o)->char_ms, err);
}

static int do_slow(struct sim_order *o, struct err *err)
{
	struct sim_instead made = { .times = -1, .late = true };

	if (sim_words_range(&o->words, &made.wait, err) < 0)
		return -1;
	if (!sim_words_accept(&o->words, "on")) {
		if (!o->dry)
			MODEM(o)->slow = made.wait;
		return 0;
	}
	if (sim_words_command(&o->words, made.name, err) < 0)
		return -1;
	snprintf(o->undo, sizeof o->undo, "slow 0s on %s", made.name);
	if (!o->dry && made.wait.most == 0)
		sim_instead_drop(MODEM(o), span_of(made.name));
	else if (!o->dry)
		sim_instead_set(MODEM(o), &made);
	return 0;
}

static int do_boot(struct sim_order *o, struct err *err)
{
	return duration_into(o, &MODEM(o)->boot_ms, err);
}

/* ---- power and cable ---- */

/* "hangs": until it is reset; "hangs hard": until its power is cut; "hangs dead": whatever is done */
static int do_hangs(struct sim_order *o, struct err *err)
{
	enum sim_hang hang = sim_words_accept(&o->words, "hard")   ? SIM_HANGS_HARD
			     : sim_words_accept(&o->words, "dead") ? SIM_HANGS_DEAD
								   : SIM_HANGS;

	(void)err;
	if (o->dry)
		return 0;
	MODEM(o)->hung = true;
	MODEM(o)->hang = hang;
	return 0;
}

static int do_deaf(struct sim_order *o, struct err *err)
{
	(void)err;
	if (!o->dry)
		MODEM(o)->deaf = true;
	return 0;
}

static int do_recovers(struct sim_order *o, struct err *err)
{
	(void)err;
	if (o->dry)
		return 0;
	MODEM(o)->hung = MODEM(o)->deaf = false;
	sim_net_retry(o->sim, o->now);
	return 0;
}

static int do_unplugged(struct sim_order *o, struct err *err)
{
	(void)err;
	if (!o->dry)
		sim_modem_unplug(o->sim, MODEM(o), o->now);
	return 0;
}

static int do_plugged(struct sim_order *o, struct err *err)
{
	(void)err;
	if (!o->dry && !MODEM(o)->plugged)
		sim_modem_plug(o->sim, MODEM(o), o->now);
	return 0;
}

static int do_reboots(struct sim_order *o, struct err *err)
{
	(void)err;
	if (!o->dry)
		sim_modem_restart(o->sim, MODEM(o), o->now);
	return 0;
}

static int do_forgets(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "settings", NULL };

	if (sim_words_choose(&o->words, what, err) < 0)
		return -1;
	if (!o->dry)
		sim_modem_settings(MODEM(o));
	return 0;
}

/* ---- the dialogue ---- */

static int do_loses(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "result", "results", "ok", "oks",
					    "notice", "notices", NULL };
	int64_t n;
	int which;

	if (sim_words_number(&o->words, 0, 1000000, &n, err) < 0)
		return -1;
	which = sim_words_choose(&o->words, what, err);
	if (which < 0)
		return -1;
	if (!o->dry && which < 2)
		MODEM(o)->lose_results = n;
	else if (!o->dry && which < 4)
		MODEM(o)->lose_finals = n;
	else if (!o->dry)
		MODEM(o)->lose_notices = n;
	return 0;
}

static int do_refuses(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "send", "sends", "call", "calls", NULL };
	int64_t n;
	int64_t code = 500;
	int which;

	if (sim_words_number(&o->words, 0, 1000000, &n, err) < 0)
		return -1;
	which = sim_words_choose(&o->words, what, err);
	if (which < 0 || (which < 2 && sim_words_accept(&o->words, "with") &&
			  sim_words_number(&o->words, 0, 999, &code, err) < 0))
		return -1;
	if (o->dry)
		return 0;
	if (which < 2) {
		MODEM(o)->refuse_sends = n;
		MODEM(o)->refuse_code = (int)code;
	} else {
		MODEM(o)->refuse_calls = n;
	}
	return 0;
}

static int do_prompt(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "normal",  "bare", "late", "missing",
					    "doubled", "open", NULL };
	int which = sim_words_choose(&o->words, what, err);
	int64_t ms = 3000;

	if (which < 0)
		return -1;
	if (which == SIM_PROMPT_LATE && sim_words_is_duration(sim_words_peek(&o->words), &ms))
		sim_words_next(&o->words);
	if (o->dry)
		return 0;
	if (which > SIM_PROMPT_DOUBLED) { /* as whoever was here before left it */
		MODEM(o)->mode = SIM_PROMPT;
		return 0;
	}
	MODEM(o)->prompting = (enum sim_prompting)which;
	MODEM(o)->prompt_ms = ms;
	return 0;
}

static int do_noise(struct sim_order *o, struct err *err)
{
	int64_t ms = 100;

	(void)err;
	if (sim_words_accept(&o->words, "off"))
		ms = 0;
	else if (sim_words_accept(&o->words, "every") &&
		 (sim_words_duration(&o->words, &ms, err) < 0))
		return -1;
	if (!o->dry)
		sim_modem_noise(o->sim, MODEM(o), ms, o->now);
	return 0;
}

static int do_garbage(struct sim_order *o, struct err *err)
{
	(void)err;
	if (!o->dry)
		sim_modem_say(o->sim, MODEM(o), (struct span){ "\0\xFF\0\xFE{\x11", 6 }, o->now);
	return 0;
}

static int do_echo(struct sim_order *o, struct err *err)
{
	int on = sim_words_on_off(o, err);

	if (on >= 0 && !o->dry)
		MODEM(o)->set.echo = on;
	return on < 0 ? -1 : 0;
}

static int do_chunks(struct sim_order *o, struct err *err)
{
	int64_t n = 0;
	int64_t ms = 1;

	if (!sim_words_accept(&o->words, "off") &&
	    sim_words_number(&o->words, 1, 4096, &n, err) < 0)
		return -1;
	if (sim_words_accept(&o->words, "every") && sim_words_duration(&o->words, &ms, err) < 0)
		return -1;
	if (o->dry)
		return 0;
	MODEM(o)->cable.chunk = (size_t)n;
	MODEM(o)->cable.chunk_ms = ms;
	return 0;
}

const struct sim_verb sim_modem_verbs[] = {
	{ "sms", do_sms, "sms 0s" },
	{ "speech", do_speech, "speech 90ms" },
	{ "slow", do_slow, "slow 0s" },
	{ "boot", do_boot, NULL },
	{ "hangs", do_hangs, "recovers" },
	{ "deaf", do_deaf, "recovers" },
	{ "recovers", do_recovers, NULL },
	{ "unplugged", do_unplugged, "plugged" },
	{ "plugged", do_plugged, NULL },
	{ "reboots", do_reboots, NULL },
	{ "forgets", do_forgets, NULL },
	{ "loses", do_loses, NULL },
	{ "refuses", do_refuses, NULL },
	{ "prompt", do_prompt, "prompt normal" },
	{ "noise", do_noise, "noise off" },
	{ "garbage", do_garbage, NULL },
	{ "echo", do_echo, "echo off" },
	{ "chunks", do_chunks, "chunks off" },
	{ NULL, NULL, NULL },
};
