/* "modem NAME ...": its SIM, its network and its stores. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modem/sim/sim_script.h"

#define MODEM(order) ((order)->sim->modems[(order)->modem])

/* ---- network ---- */

/* "registration denied", or only what one of the three commands says: "registration creg denied". */
static int do_registration(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "none",      "lost", "denied",   "searching", "roaming",
					    "home",      "back", "sms-only", "unknown",   "csfb",
					    "emergency", "true", NULL };
	static const int stats[] = { 0, 2, 3, 2, 5, 1, 1, 6, 4, 9, 8, -1 };
	static const char *const names[] = { "creg", "cgreg", "cereg" };
	int only = sim_words_accept(&o->words, "creg")    ? 0
		   : sim_words_accept(&o->words, "cgreg") ? 1
		   : sim_words_accept(&o->words, "cereg") ? 2
							  : -1;
	int which = sim_words_choose(&o->words, what, err);
	struct sim_modem *m = MODEM(o);

	if (which < 0)
		return -1;
	if (only >= 0)
		snprintf(o->undo, sizeof o->undo, "registration %s true", names[only]);
	if (o->dry)
		return 0;
	if (only >= 0)
		m->shown[only] = stats[which];
	else if (stats[which] < 0)
		m->shown[0] = m->shown[1] = m->shown[2] = -1;
	sim_modem_register(o->sim, m,
			   only >= 0 || stats[which] < 0 ? m->registration : stats[which], o->now);
	return 0;
}

/* Which radio it is on; without LTE there is no packet context in its list of calls. */
static int do_radio(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "gsm", "umts", "lte", NULL };
	static const int acts[] = { 0, 2, 7 };
	int which = sim_words_choose(&o->words, what, err);
	struct sim_modem *m = MODEM(o);

	if (which < 0 || o->dry)
		return which < 0 ? -1 : 0;
	m->radio = acts[which];
	m->data_row = m->data_row && which == 2;
	sim_modem_register(o->sim, m, m->registration, o->now);
	return 0;
}

static int do_unreachable(struct sim_order *o, struct err *err)
{
	(void)err;
	if (!o->dry)
		MODEM(o)->unreachable = true;
	return 0;
}

static int do_reachable(struct sim_order *o, struct err *err)
{
	(void)err;
	if (o->dry)
		return 0;
	MODEM(o)->unreachable = false;
	sim_net_retry(o->sim, o->now);
	return 0;
}

static int do_operator(struct sim_order *o, struct err *err)
{
	struct span plmn = sim_words_next(&o->words);

	if (plmn.len < 5 || plmn.len > 6)
		return err_set(err, ERR_INVALID, "operator: want its five or six digits");
	if (o->dry)
		return 0;
	span_copy(plmn, MODEM(o)->plmn, sizeof MODEM(o)->plmn);
	sim_modem_register(o->sim, MODEM(o), MODEM(o)->registration, o->now);
	return 0;
}

static int do_signal(struct sim_order *o, struct err *err)
{
	int64_t n;

	if (sim_words_number(&o->words, 0, 99, &n, err) < 0)
		return -1;
	if (!o->dry)
		MODEM(o)->signal = (int)n;
	return 0;
}

/* One step of +CSQ down, until there is no service. */
static void fade(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];
	struct sim_job *next;

	if (m->fade_ms == 0)
		return;
	if (m->signal > 0) {
		m->signal--;
		next = sim_job_add(sim, now.mono_ms + m->fade_ms, fade);
		next->modem = m->index;
		return;
	}
	m->fade_ms = 0;
	sim_modem_register(sim, m, 2, now);
}

static int do_fades(struct sim_order *o, struct err *err)
{
	struct sim_modem *m = MODEM(o);
	int64_t ms;

	if (!sim_words_accept(&o->words, "over"))
		return sim_words_want(&o->words, "over and a time", err);
	if (sim_words_duration(&o->words, &ms, err) < 0)
		return -1;
	if (o->dry)
		return 0;
	m->fade_ms = ms / (m->signal + 1) + 1;
	sim_job_add(o->sim, o->now.mono_ms + m->fade_ms, fade)->modem = m->index;
	return 0;
}

static int do_brightens(struct sim_order *o, struct err *err)
{
	(void)err;
	if (o->dry)
		return 0;
	MODEM(o)->fade_ms = 0;
	MODEM(o)->signal = 20;
	sim_modem_register(o->sim, MODEM(o), 1, o->now);
	return 0;
}

static int do_temperature(struct sim_order *o, struct err *err)
{
	int64_t n;

	if (sim_words_number(&o->words, -60, 150, &n, err) < 0)
		return -1;
	if (!o->dry)
		MODEM(o)->temperature = (int)n;
	return 0;
}

/* "clock wrong" (1980), "clock ahead 3h", "clock behind 3h", "clock right" */
static int do_clock(struct sim_order *o, struct err *err)
{
	int64_t off_s;
	int which = sim_words_clock(&o->words, "wrong", &off_s, err);

	if (which < 0)
		return -1;
	if (o->dry)
		return 0;
	MODEM(o)->clock_wrong = which == 1;
	MODEM(o)->clock_off_s = off_s;
	return 0;
}

/* ---- messages ---- */

static int do_storage(struct sim_order *o, struct err *err)
{
	struct sim_modem *m = MODEM(o);
	int only = sim_words_accept(&o->words, "SM")   ? 0
		   : sim_words_accept(&o->words, "ME") ? 1
						       : -1;
	bool full = sim_words_accept(&o->words, "full");
	int64_t n;

	if (only >= 0)
		snprintf(o->undo, sizeof o->undo, "storage %s empty", only == 0 ? "SM" : "ME");
	if (full || sim_words_accept(&o->words, "empty")) {
		if (!o->dry)
			sim_sms_fill(m, only, full);
		return 0;
	}
	if (!span_int(sim_words_peek(&o->words), &n))
		return sim_words_want(&o->words, "full, empty, or a number of places", err);
	if (sim_words_number(&o->words, 1, SIM_SLOTS_MAX, &n, err) < 0)
		return -1;
	for (int i = 0; i < (int)COUNT_OF(m->stores) && !o->dry; i++)
		if (only < 0 || only == i)
			m->stores[i].total = (size_t)n;
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

static int do_indices(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "stay", "shift", NULL };
	int which = sim_words_choose(&o->words, what, err);

	if (which >= 0 && !o->dry)
		MODEM(o)->shifts = which == 1;
	return which < 0 ? -1 : 0;
}

static int do_counters(struct sim_order *o, struct err *err)
{
	int64_t ms = 0;

	if (!sim_words_accept(&o->words, "right")) {
		if (!sim_words_accept(&o->words, "late"))
			return sim_words_want(&o->words, "right, or late and a time", err);
		if (sim_words_duration(&o->words, &ms, err) < 0)
			return -1;
	}
	if (!o->dry)
		MODEM(o)->lag_ms = ms;
	return 0;
}

static int do_notices(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "normal",    "doubled",   "indexless",
					    "misplaced", "elsewhere", NULL };
	int which = sim_words_choose(&o->words, what, err);

	if (which >= 0 && !o->dry)
		MODEM(o)->notices = (enum sim_notices)which;
	return which < 0 ? -1 : 0;
}

static int do_listing(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "normal",    "joined", "miscounted",
					    "stateless", "cut",    NULL };
	int which = sim_words_choose(&o->words, what, err);

	if (which >= 0 && !o->dry)
		MODEM(o)->listing = (enum sim_listing)which;
	return which < 0 ? -1 : 0;
}

/* "texts need cgsms 1", "texts refused in calls", "texts normal" */
static int do_texts(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "normal", "need", "refused", NULL };
	static const char *const cgsms[] = { "cgsms", NULL };
	static const char *const in[] = { "in", NULL };
	static const char *const calls[] = { "calls", NULL };
	int which = sim_words_choose(&o->words, what, err);
	int64_t n = -1;

	if (which < 0 || (which == 1 && (sim_words_choose(&o->words, cgsms, err) < 0 ||
					 sim_words_number(&o->words, 0, 3, &n, err) < 0)))
		return -1;
	if (which == 2 && (sim_words_choose(&o->words, in, err) < 0 ||
			   sim_words_choose(&o->words, calls, err) < 0))
		return -1;
	if (o->dry)
		return 0;
	MODEM(o)->need_cgsms = (int)n;
	MODEM(o)->no_sends = which == 2;
	return 0;
}

/* ---- SIM ---- */

/* Taken out or put in, it says so. */
static void card_shown(struct sim_order *o, struct sim_modem *m)
{
	bool says = m->vendor == SIM_QUECTEL || m->vendor == SIM_SIMCOM;

	if (says && m->card == SIM_CARD_ABSENT)
		sim_modem_urc(o->sim, m, o->now, "+CPIN: NOT INSERTED");
	else if (says && m->card == SIM_CARD_READY)
		sim_modem_urc(o->sim, m, o->now, "+CPIN: READY");
	sim_modem_register(o->sim, m, m->registration, o->now);
}

/* Another card: its own ICCID and IMSI, and none of the messages that were on the old one. */
static void other_card(struct sim_modem *m)
{
	m->card_number += 1000;
	for (size_t i = 0; i < SIM_SLOTS_MAX; i++) {
		free(m->stores[0].slots[i].message);
		m->stores[0].slots[i] = (struct sim_slot){ .read = false };
	}
}

static int read_pin(struct sim_order *o, struct span *pin, int64_t *tries, struct err *err)
{
	static const char *const words[] = { "tries", "try", NULL };
	int64_t n;

	*pin = sim_words_next(&o->words);
	if (pin->len < 4 || pin->len > 8)
		return err_set(err, ERR_INVALID, "sim pin: want a PIN of 4 to 8 digits");
	if (!span_int(sim_words_peek(&o->words), &n))
		return 0;
	if (sim_words_number(&o->words, 1, 3, tries, err) < 0)
		return -1;
	return sim_words_choose(&o->words, words, err) < 0 ? -1 : 0;
}

static int do_sim(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "ready", "pin",     "puk",     "absent",
					    "busy",  "failure", "swapped", NULL };
	int which = sim_words_choose(&o->words, what, err);
	struct sim_modem *m = MODEM(o);
	struct span pin = { "", 0 };
	int64_t tries = 3;
	enum sim_card was = m->card;

	if (which < 0 || (which == SIM_CARD_PIN && read_pin(o, &pin, &tries, err) < 0))
		return -1;
	if (o->dry)
		return 0;
	if (which > SIM_CARD_FAILURE) {
		other_card(m);
		sim_modem_restart(o->sim, m, o->now);
		return 0;
	}
	m->card = (enum sim_card)which;
	if (which == SIM_CARD_PIN) {
		span_copy(pin, m->pin, sizeof m->pin);
		m->pin_tries = (int)tries;
	}
	if (m->card != was)
		card_shown(o, m);
	return 0;
}

/* "smsc lost", or a number */
static int do_smsc(struct sim_order *o, struct err *err)
{
	struct span number = sim_words_next(&o->words);

	if (span_is_nocase(number, "lost"))
		number = (struct span){ "", 0 };
	else if (number.len < 3 || number.len >= SIM_NUMBER_MAX || number.at[0] != '+')
		return err_set(err, ERR_INVALID, "smsc: want \"lost\", or a +number");
	if (!o->dry)
		span_copy(number, MODEM(o)->smsc, sizeof MODEM(o)->smsc);
	return 0;
}

/* balance "TEXT" [as hex], or one of the ways in which there is no answer */
static int do_balance(struct sim_order *o, struct err *err)
{
	static const char *const forms[] = { "plain", "hex", "packed", NULL };
	static const char *const what[] = { "error", "unsupported", "timeout", "silent", NULL };
	struct span text = { "", 0 };
	int form = 0;

	if (!sim_words_end(&o->words) && o->words.at[o->words.next].quoted) {
		text = sim_words_next(&o->words);
		if (sim_words_accept(&o->words, "as"))
			form = sim_words_choose(&o->words, forms, err);
	} else {
		form = sim_words_choose(&o->words, what, err);
		form += form < 0 ? 0 : SIM_BALANCE_ERROR;
	}
	if (form < 0)
		return -1;
	if (o->dry)
		return 0;
	MODEM(o)->balance = (enum sim_balance)form;
	if (text.len > 0)
		span_copy(text, MODEM(o)->balance_text, sizeof MODEM(o)->balance_text);
	return 0;
}

static int do_credit(struct sim_order *o, struct err *err)
{
	int64_t n = -1;

	if (!sim_words_accept(&o->words, "unlimited") &&
	    sim_words_number(&o->words, 0, 1000000, &n, err) < 0)
		return -1;
	if (!o->dry)
		MODEM(o)->credit = n;
	return 0;
}

/* ---- what +CNMI takes ---- */

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

const struct sim_verb sim_card_verbs[] = {
	{ "registration", do_registration, "registration home" },
	{ "radio", do_radio, "radio lte" },
	{ "unreachable", do_unreachable, "reachable" },
	{ "reachable", do_reachable, NULL },
	{ "operator", do_operator, NULL },
	{ "signal", do_signal, "signal 20" },
	{ "fades", do_fades, "brightens" },
	{ "brightens", do_brightens, NULL },
	{ "temperature", do_temperature, "temperature 34" },
	{ "clock", do_clock, "clock right" },
	{ "storage", do_storage, "storage empty" },
	{ "deletes", do_deletes, "deletes everything" },
	{ "indices", do_indices, "indices stay" },
	{ "counters", do_counters, "counters right" },
	{ "notices", do_notices, "notices normal" },
	{ "listing", do_listing, "listing normal" },
	{ "texts", do_texts, "texts normal" },
	{ "cnmi", do_cnmi, NULL },
	{ "sim", do_sim, "sim ready" },
	{ "smsc", do_smsc, "smsc +15550000000" },
	{ "balance", do_balance, NULL },
	{ "credit", do_credit, "credit unlimited" },
	{ NULL, NULL, NULL },
};
