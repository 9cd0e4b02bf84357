/* "modem NAME ...": what a script can ask of the sound of its calls. */
#include "modem/sim/sim_script.h"

#define PCM(order) (&(order)->sim->modems[(order)->modem]->pcm)

/* "pcm" or "pcm on": the host has a way to it.  "off": no firmware for it.  The rest are faults. */
static int do_pcm(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "on",      "refused", "sticks", "stalls",
					    "blocked", "mute",    "off",    NULL };
	int which = sim_words_choose(&o->words, what, err);

	if (which < 0 || o->dry)
		return which < 0 ? -1 : 0;
	PCM(o)->there = which != SIM_PCM_FAULTS;
	PCM(o)->fault = which == SIM_PCM_FAULTS ? SIM_PCM_GOOD : (enum sim_pcm_fault)which;
	return 0;
}

/* "line clean", "gsm", "amr", "amr-low": what the network makes of what the phone sends. */
static int do_line(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "clean", "gsm", "amr", "amr-low", NULL };
	int which = sim_words_choose(&o->words, what, err);

	if (which >= 0 && !o->dry)
		PCM(o)->codec = which;
	return which < 0 ? -1 : 0;
}

/* "snr 15": keys are so many decibels above the noise; "snr off" */
static int do_snr(struct sim_order *o, struct err *err)
{
	int64_t db = -1;

	if (!sim_words_accept(&o->words, "off") && sim_words_number(&o->words, 0, 60, &db, err) < 0)
		return -1;
	if (!o->dry)
		PCM(o)->snr_db = (int)db;
	return 0;
}

/* "tones 60ms", "tones doubled", "tones missing", "tones on": keys as they are heard in the line. */
static int do_tones(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "on", "doubled", "missing", NULL };
	int64_t ms;
	int which;

	if (sim_words_is_duration(sim_words_peek(&o->words), &ms)) {
		sim_words_next(&o->words);
		if (!o->dry)
			PCM(o)->tone_ms = (int)(ms < 5000 ? ms : 5000);
		return 0;
	}
	which = sim_words_choose(&o->words, what, err);
	if (which >= 0 && !o->dry)
		PCM(o)->tones = (enum sim_tones)which;
	return which < 0 ? -1 : 0;
}

const struct sim_verb sim_pcm_verbs[] = {
	{ "pcm", do_pcm, "pcm on" },  { "line", do_line, "line clean" },
	{ "snr", do_snr, "snr off" }, { "tones", do_tones, "tones on" },
	{ NULL, NULL, NULL },
};
