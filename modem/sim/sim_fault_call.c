/* "modem NAME ...": what a script can ask of its calls.  The rows are in sim_fault.c. */
#include "modem/sim/sim_script.h"

#define MODEM(order) ((order)->sim->modems[(order)->modem])

/* "tells own", "polled", "nothing", or in another family's words. */
int sim_fault_tells(struct sim_order *o, struct err *err)
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

int sim_fault_audio(struct sim_order *o, struct err *err)
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
int sim_fault_early(struct sim_order *o, struct err *err)
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

int sim_fault_holds(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "texts", "nothing", NULL };
	int which = sim_words_choose(&o->words, what, err);

	if (which >= 0 && !o->dry)
		MODEM(o)->holds_texts = which == 0;
	return which < 0 ? -1 : 0;
}

/* "blocked after 6 calls": its carrier lets no more through; "blocked never" ends it. */
int sim_fault_blocked(struct sim_order *o, struct err *err)
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
