/* "network ...": what operators and their short message centre do. */
#include <stdio.h>
#include <string.h>

#include "modem/sim/sim_script.h"

/* ---- texts under way ---- */

static int do_delivery(struct sim_order *o, struct err *err)
{
	struct sim_range range;

	if (sim_words_range(&o->words, &range, err) < 0)
		return -1;
	if (!o->dry)
		o->sim->delivery = range;
	return 0;
}

/* "reports on", ... "reports late 150s" */
static int do_reports(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "on",          "off",  "false", "failed",
					    "in-sequence", "late", NULL };
	int which = sim_words_choose(&o->words, what, err);
	int64_t ms = 0;

	if (which < 0)
		return -1;
	if (which > SIM_REPORTS_SEQUENCE) {
		if (sim_words_duration(&o->words, &ms, err) < 0)
			return -1;
		which = SIM_REPORTS_ON;
	}
	if (o->dry)
		return 0;
	o->sim->reports = (enum sim_reports)which;
	o->sim->report_ms = ms;
	return 0;
}

static int texts(struct sim_order *o, int64_t *to, struct err *err)
{
	static const char *const what[] = { "text", "texts", NULL };
	int64_t n = -1;

	if (!sim_words_accept(&o->words, "all") &&
	    sim_words_number(&o->words, 0, 1000000, &n, err) < 0)
		return -1;
	if (sim_words_choose(&o->words, what, err) < 0)
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

/* "texts", "texts to ada": *phone is NULL for all */
static int texts_to(struct sim_order *o, struct sim_phone **phone, struct err *err)
{
	static const char *const what[] = { "texts", NULL };

	*phone = NULL;
	if (sim_words_choose(&o->words, what, err) < 0)
		return -1;
	return sim_words_accept(&o->words, "to") ? sim_words_phone(o, phone, err) : 0;
}

static int do_holds(struct sim_order *o, struct err *err)
{
	struct sim_phone *phone;

	if (texts_to(o, &phone, err) < 0)
		return -1;
	if (o->dry)
		return 0;
	if (phone == NULL)
		o->sim->held = true;
	else
		phone->held = true;
	return 0;
}

/* What is held goes, all at once: in its order or the last one first. */
static int do_releases(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "texts", NULL };
	bool reversed;

	if (sim_words_choose(&o->words, what, err) < 0)
		return -1;
	reversed = sim_words_accept(&o->words, "reversed");
	if (o->dry)
		return 0;
	o->sim->held = false;
	for (size_t i = 0; i < o->sim->phone_count; i++)
		o->sim->phones[i]->held = false;
	sim_net_release(o->sim, reversed, o->now);
	return 0;
}

/* refuses texts to ada with 38 */
static int do_refuses(struct sim_order *o, struct err *err)
{
	static const char *const with[] = { "with", NULL };
	struct sim_phone *phone;
	int64_t code;

	if (texts_to(o, &phone, err) < 0)
		return -1;
	if (phone == NULL)
		return sim_words_want(&o->words, "\"to\" and a phone", err);
	if (sim_words_choose(&o->words, with, err) < 0 ||
	    sim_words_number(&o->words, 1, 999, &code, err) < 0)
		return -1;
	if (!o->dry)
		phone->refuse_code = (int)code;
	return 0;
}

static int do_takes(struct sim_order *o, struct err *err)
{
	struct sim_phone *phone;

	if (texts_to(o, &phone, err) < 0)
		return -1;
	for (size_t i = 0; i < o->sim->phone_count && !o->dry; i++)
		if (phone == NULL || phone == o->sim->phones[i])
			o->sim->phones[i]->refuse_code = 0;
	return 0;
}

static int do_filters(struct sim_order *o, struct err *err)
{
	int on = sim_words_on_off(o, err);

	if (on >= 0 && !o->dry)
		o->sim->filters = on == 1;
	return on < 0 ? -1 : 0;
}

/* The centre's own clock: "stamps stuck", "stamps behind 3h", "stamps ahead 1h", "stamps right" */
static int do_stamps(struct sim_order *o, struct err *err)
{
	int64_t off_s;
	int which = sim_words_clock(&o->words, "stuck", &off_s, err);

	if (which < 0)
		return -1;
	if (o->dry)
		return 0;
	o->sim->stamps = which > 1 ? SIM_STAMPS_OFF : (enum sim_stamps)which;
	o->sim->stamp_s = which == 1 ? o->now.utc_s : off_s;
	return 0;
}

/* sends flash "Good evening" to alpha */
static int do_sends(struct sim_order *o, struct err *err)
{
	static const char *const to[] = { "to", NULL };
	int kind = sim_words_choose(&o->words, sim_junk_kinds, err);
	struct span text = { "", 0 };
	int modem;

	if (kind < 0)
		return -1;
	if (!sim_words_end(&o->words) && o->words.at[o->words.next].quoted)
		text = sim_words_next(&o->words);
	if (sim_words_choose(&o->words, to, err) < 0 || sim_words_modem(o, &modem, err) < 0)
		return -1;
	if (!o->dry)
		sim_net_junk(o->sim, modem, sim_junk_kinds[kind], text, o->now);
	return 0;
}

/* ---- calls ---- */

static int do_setup(struct sim_order *o, struct err *err)
{
	int64_t ms;

	if (sim_words_duration(&o->words, &ms, err) < 0)
		return -1;
	if (!o->dry)
		o->sim->setup_ms = ms;
	return 0;
}

/* "80%" */
static int percent(struct sim_order *o, int64_t *n, struct err *err)
{
	struct span word = sim_words_peek(&o->words);

	if (word.len < 2 || word.at[word.len - 1] != '%' ||
	    !span_int((struct span){ word.at, word.len - 1 }, n) || *n < 0 || *n > 100)
		return sim_words_want(&o->words, "a share such as 80%", err);
	sim_words_next(&o->words);
	return 0;
}

static int do_congested(struct sim_order *o, struct err *err)
{
	int64_t n = 0;

	if (percent(o, &n, err) < 0)
		return -1;
	if (!o->dry)
		o->sim->congested = n;
	return 0;
}

/* ---- operators ---- */

static int up_or_down(struct sim_order *o, bool down)
{
	if (o->dry)
		return 0;
	o->sim->down = down;
	sim_network_changed(o->sim, "", o->now);
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

/* operator 00101 down, operator 00101 up, operator 00101 rejects 80% */
static int do_operator(struct sim_order *o, struct err *err)
{
	static const char *const what[] = { "up", "down", "rejects", NULL };
	struct span word = sim_words_next(&o->words);
	struct sim_network *network;
	int64_t rejects = 0;
	char plmn[8];
	int which;

	if (word.len < 5 || word.len > 6 || !span_copy(word, plmn, sizeof plmn))
		return err_set(err, ERR_INVALID, "operator: want its five or six digits");
	which = sim_words_choose(&o->words, what, err);
	if (which < 0 || (which == 2 && percent(o, &rejects, err) < 0))
		return -1;
	snprintf(o->undo, sizeof o->undo, which == 1 ? "operator %s up" : "operator %s rejects 0%%",
		 plmn);
	if (o->dry)
		return 0;
	network = sim_network(o->sim, plmn);
	if (network == NULL)
		return err_set(err, ERR_INVALID, "operator: more than %d of them",
			       SIM_NETWORKS_MAX);
	if (which < 2)
		network->down = which == 1;
	else
		network->rejects = rejects;
	sim_network_changed(o->sim, plmn, o->now);
	return 0;
}

const struct sim_verb sim_network_verbs[] = {
	{ "delivery", do_delivery, "delivery 0s" },
	{ "setup", do_setup, "setup 1s" },
	{ "reports", do_reports, "reports on" },
	{ "drops", do_drops, "drops 0 texts" },
	{ "doubles", do_doubles, "doubles 0 texts" },
	{ "holds", do_holds, "releases texts" },
	{ "releases", do_releases, NULL },
	{ "refuses", do_refuses, "takes texts" },
	{ "takes", do_takes, NULL },
	{ "filters", do_filters, "filters off" },
	{ "stamps", do_stamps, "stamps right" },
	{ "sends", do_sends, NULL },
	{ "congested", do_congested, "congested 0%" },
	{ "down", do_down, "up" },
	{ "up", do_up, NULL },
	{ "operator", do_operator, "up" },
	{ NULL, NULL, NULL },
};
