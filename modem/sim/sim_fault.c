/* "modem NAME ...": what a script can ask of a modem, one row each. */
#include <string.h>

#include "modem/sim/sim_script.h"

#define MODEM(order) ((order)->sim->modems[(order)->modem])

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
	return duration_into(o, &MODEM(o)->sms_ms, err);
}

static int do_speech(struct sim_order *o, struct err *err)
{
	return duration_into(o, &MODEM(o)->char_ms, err);
}

static int do_slow(struct sim_order *o, struct err *err)
{
	return duration_into(o, &MODEM(o)->slow_ms, err);
}

static int do_boot(struct sim_order *o, struct err *err)
{
	return duration_into(o, &MODEM(o)->boot_ms, err);
}

/* ---- power and cable ---- */

static int do_hangs(struct sim_order *o, struct err *err)
{
	(void)err;
	if (!o->dry)
		MODEM(o)->hung = true;
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
	static const char *const what[] = { "result", "results", "notice", "notices", NULL };
	int64_t n;
	int which;

	if (sim_words_number(&o->words, 0, 1000000, &n, err) < 0)
		return -1;
	which = sim_words_choose(&o->words, what, err);
	if (which < 0)
		return -1;
	if (!o->dry && which < 2)
		MODEM(o)->lose_results = n;
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
	static const char *const what[] = { "normal", "bare", "late", "missing", NULL };
	int which = sim_words_choose(&o->words, what, err);
	int64_t ms = 3000;

	if (which < 0)
		return -1;
	if (which == SIM_PROMPT_LATE && sim_words_is_duration(sim_words_peek(&o->words), &ms))
		sim_words_next(&o->words);
	if (o->dry)
		return 0;
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

static int on_off(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "off", "on", NULL };

	return sim_words_choose(&o->words, what, err);
}

static int do_echo(struct sim_order *o, struct err *err)
{
	int on = on_off(o, err);

	if (on >= 0 && !o->dry)
		MODEM(o)->set.echo = on;
	return on < 0 ? -1 : 0;
}

static int do_data(struct sim_order *o, struct err *err)
{
	int on = on_off(o, err);

	if (on >= 0 && !o->dry)
		MODEM(o)->data_row = on == 1;
	return on < 0 ? -1 : 0;
}

static int do_chunks(struct sim_order *o, struct err *err)
{
	int64_t n = 0;

	if (!sim_words_accept(&o->words, "off") &&
	    sim_words_number(&o->words, 1, 4096, &n, err) < 0)
		return -1;
	if (!o->dry)
		MODEM(o)->chunk = (size_t)n;
	return 0;
}

static int do_clock(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "right", "wrong", NULL };
	int which = sim_words_choose(&o->words, what, err);

	if (which >= 0 && !o->dry)
		MODEM(o)->clock_wrong = which == 1;
	return which < 0 ? -1 : 0;
}

/* ---- SIM, network, messages, calls ---- */

static int do_registration(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "none", "lost", "denied",   "searching", "roaming",
					    "home", "back", "sms-only", "unknown",   NULL };
	static const int stats[] = { 0, 2, 3, 2, 5, 1, 1, 6, 4 };
	int which = sim_words_choose(&o->words, what, err);

	if (which >= 0 && !o->dry)
		sim_modem_register(o->sim, MODEM(o), stats[which], o->now);
	return which < 0 ? -1 : 0;
}

static int do_storage(struct sim_order *o, struct err *err)
{
	struct sim_modem *m = MODEM(o);
	int64_t n;

	if (sim_words_accept(&o->words, "full")) {
		if (!o->dry)
			sim_sms_fill(m, true);
		return 0;
	}
	if (sim_words_accept(&o->words, "empty")) {
		if (!o->dry)
			sim_sms_fill(m, false);
		return 0;
	}
	if (!span_int(sim_words_peek(&o->words), &n))
		return sim_words_want(&o->words, "full, empty, or a number of places", err);
	if (sim_words_number(&o->words, 1, SIM_SLOTS_MAX, &n, err) < 0)
		return -1;
	if (!o->dry)
		m->stores[0].total = m->stores[1].total = (size_t)n;
	return 0;
}

static int do_deletes(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "everything", "nothing", NULL };
	int which = sim_words_choose(&o->words, what, err);

	if (which >= 0 && !o->dry)
		MODEM(o)->keeps_messages = which == 1;
	return which < 0 ? -1 : 0;
}

static int do_sim(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "ready", "pin", "puk", "absent", "busy", NULL };
	int which = sim_words_choose(&o->words, what, err);
	struct sim_modem *m = MODEM(o);
	struct span pin = { "", 0 };

	if (which < 0)
		return -1;
	if (which == SIM_CARD_PIN) {
		pin = sim_words_next(&o->words);
		if (pin.len < 4 || pin.len > 8)
			return err_set(err, ERR_INVALID, "sim pin: want a PIN of 4 to 8 digits");
	}
	if (o->dry)
		return 0;
	m->card = (enum sim_card)which;
	if (which == SIM_CARD_PIN)
		span_copy(pin, m->pin, sizeof m->pin);
	sim_modem_register(o->sim, m, m->registration, o->now);
	return 0;
}

static int do_voice(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "on", "off", "error", NULL };
	int which = sim_words_choose(&o->words, what, err);

	if (which >= 0 && !o->dry)
		MODEM(o)->voice = (enum sim_voice)which;
	return which < 0 ? -1 : 0;
}

static int do_dtmf(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "on", "doubled", "missing", "flaky", NULL };
	int which = sim_words_choose(&o->words, what, err);

	if (which >= 0 && !o->dry)
		MODEM(o)->dtmf = (enum sim_dtmf)which;
	return which < 0 ? -1 : 0;
}

/* "cnmi ds 0,2": the values it takes, whatever +CNMI=? lists. */
static int do_cnmi(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "mode", "mt", "ds", NULL };
	struct sim_modem *m = MODEM(o);
	unsigned *masks[] = { &m->mode_mask, &m->mt_mask, &m->ds_mask };
	int which = sim_words_choose(&o->words, what, err);
	struct span list = sim_words_next(&o->words);
	unsigned mask = 0;

	if (which < 0)
		return -1;
	while (list.len > 0) {
		int64_t n;

		if (!span_int(span_cut(&list, ','), &n) || n < 0 || n > 3)
			return err_set(err, ERR_INVALID, "cnmi: want values such as 0,2");
		mask |= 1u << n;
	}
	if (!o->dry)
		*masks[which] = mask;
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
	{ "clock", do_clock, "clock right" },
	{ "data", do_data, NULL },
	{ "registration", do_registration, "registration home" },
	{ "storage", do_storage, "storage empty" },
	{ "deletes", do_deletes, "deletes everything" },
	{ "sim", do_sim, "sim ready" },
	{ "voice", do_voice, "voice on" },
	{ "dtmf", do_dtmf, "dtmf on" },
	{ "cnmi", do_cnmi, NULL },
	{ "tells", sim_fault_tells, "tells own" },
	{ "audio", sim_fault_audio, "audio on" },
	{ "early", sim_fault_early, "early media off" },
	{ "holds", sim_fault_holds, "holds nothing" },
	{ "blocked", sim_fault_blocked, "blocked never" },
	{ NULL, NULL, NULL },
};
