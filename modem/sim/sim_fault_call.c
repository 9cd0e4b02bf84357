/* "modem NAME ...": what a script can ask of its calls.  */
#include "modem/sim/sim_script.h"

#define MODEM(order) ((order)->sim->modems[(order)->modem])

/* "tells own", "polled", "nothing", or in another family's words. */
static int do_tells(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "own",    "polled", "nothing", "simcom", "quectel",
					    "huawei", "ublox",  "telit",   NULL };
	static const enum sim_vendor like[] = { SIM_SIMCOM, SIM_QUECTEL, SIM_HUAWEI, SIM_UBLOX,
						SIM_TELIT };
	int which = sim_words_choose(&o->words, what, err);

	if (which < 0 || o->dry)
		return which < 0 ? -1 : 0;
	MODEM(o)->tells = which < SIM_TELLS_LIKE ? (enum sim_tells)which : SIM_TELLS_LIKE;
	if (which >= SIM_TELLS_LIKE)
		MODEM(o)->tells_like = like[which - SIM_TELLS_LIKE];
	return 0;
}

static int do_audio(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "on", "late", "off", NULL };
	int which = sim_words_choose(&o->words, what, err);
	int64_t ms = 0;

	if (which < 0 || (which == SIM_AUDIO_LATE && sim_words_duration(&o->words, &ms, err) < 0))
		return -1;
	if (o->dry)
		return 0;
	MODEM(o)->audio = (enum sim_audio)which;
	MODEM(o)->audio_late_ms = ms;
	return 0;
}

/* "early media 3s": it says that a call is answered, so long after it began to ring. */
static int do_early(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "media", NULL };
	int64_t ms = 0;

	if (sim_words_choose(&o->words, what, err) < 0)
		return -1;
	if (!sim_words_accept(&o->words, "off") && sim_words_duration(&o->words, &ms, err) < 0)
		return -1;
	if (!o->dry)
		MODEM(o)->early_ms = ms;
	return 0;
}

static int do_holds(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "texts", "nothing", NULL };
	int which = sim_words_choose(&o->words, what, err);

	if (which >= 0 && !o->dry)
		MODEM(o)->holds_texts = which == 0;
	return which < 0 ? -1 : 0;
}

/* "blocked after 6 calls": its carrier lets no more through; "blocked never" ends it. */
static int do_blocked(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "after", "never", NULL };
	static const char *const calls[] = { "call", "calls", NULL };
	int which = sim_words_choose(&o->words, what, err);
	int64_t n = -1;

	if (which < 0 || (which == 0 && (sim_words_number(&o->words, 0, 1000000, &n, err) < 0 ||
					 sim_words_choose(&o->words, calls, err) < 0)))
		return -1;
	if (!o->dry)
		MODEM(o)->calls_left = n;
	return 0;
}

static int do_data(struct sim_order *o, struct err *err)
{
	int on = sim_words_on_off(o, err);

	if (on >= 0 && !o->dry)
		MODEM(o)->data_row = on == 1;
	return on < 0 ? -1 : 0;
}

/* "calls linger 3s", "calls drop with texts", "calls wait", "calls normal" */
static int do_calls(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "normal", "linger", "drop", "wait", NULL };
	static const char *const with[] = { "with", NULL };
	static const char *const texts[] = { "texts", NULL };
	int which = sim_words_choose(&o->words, what, err);
	struct sim_modem *m = MODEM(o);
	int64_t ms = 0;

	if (which < 0 || (which == 1 && sim_words_duration(&o->words, &ms, err) < 0))
		return -1;
	if (which == 2 && (sim_words_choose(&o->words, with, err) < 0 ||
			   sim_words_choose(&o->words, texts, err) < 0))
		return -1;
	if (o->dry)
		return 0;
	if (which <= 1)
		m->linger_ms = ms;
	if (which == 2 || which == 0)
		m->calls_drop = which == 2;
	if (which == 3 || which == 0)
		m->call_waiting = which == 3;
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

const struct sim_verb sim_call_verbs[] = {
	{ "voice", do_voice, "voice on" },
	{ "dtmf", do_dtmf, "dtmf on" },
	{ "data", do_data, NULL },
	{ "calls", do_calls, "calls normal" },
	{ "tells", do_tells, "tells own" },
	{ "audio", do_audio, "audio on" },
	{ "early", do_early, "early media off" },
	{ "holds", do_holds, "holds nothing" },
	{ "blocked", do_blocked, "blocked never" },
	{ NULL, NULL, NULL },
};
