/* "phone NAME ...": how a phone's owner behaves from now on, or what she does now. */
#include <string.h>

#include "modem/sim/sim_script.h"

#define DND_MS 180000 /* three minutes, as on most phones; 15 on some */

enum deed { DEED_NONE, DEED_TEXT, DEED_CALL, DEED_PICK_UP, DEED_HANG_UP, DEED_PRESS };

/* A line is read into this first, so that a line with a mistake changes nothing. */
struct draft {
	struct sim_phone phone;      /* only what is behaviour is taken over */
	struct sim_persona *persona; /* being described; NULL: none yet in this line */
	bool described, replies_given, keeps_replies;
	int64_t off_ms;
	enum deed deed;
	struct span text;
	int modem; /* -1 not said */
	char keys[32];
};

static struct sim_persona *describe(struct draft *d, enum sim_manner manner)
{
	if (d->persona == NULL)
		d->persona = &d->phone.now;
	*d->persona = (struct sim_persona){ .manner = manner };
	d->described = true;
	d->phone.off = false;
	return d->persona;
}

/* "after 6s", which may be left out. */
static int after(struct sim_words *w, int64_t *ms, struct err *err)
{
	return sim_words_accept(w, "after") ? sim_words_duration(w, ms, err) : 0;
}

static int read_ignores(struct sim_order *o, struct draft *d, struct err *err)
{
	(void)err;
	describe(d, SIM_IGNORES);
	d->keeps_replies = sim_words_accept(&o->words, "calls");
	return 0;
}

static int read_answers(struct sim_order *o, struct draft *d, struct err *err)
{
	return after(&o->words, &describe(d, SIM_ANSWERS)->after_ms, err);
}

static int read_busy(struct sim_order *o, struct draft *d, struct err *err)
{
	(void)o, (void)err;
	describe(d, SIM_IS_BUSY);
	return 0;
}

static int read_rejects(struct sim_order *o, struct draft *d, struct err *err)
{
	static const char *const what[] = { "announcement", NULL };
	struct sim_persona *p = describe(d, SIM_REJECTS);

	sim_words_accept(&o->words, "calls");
	p->announces = sim_words_accept(&o->words, "with");
	return p->announces && sim_words_choose(&o->words, what, err) < 0 ? -1 : 0;
}

/* "screens then answers after 4s …" */
static int read_screens(struct sim_order *o, struct draft *d, struct err *err)
{
	static const char *const then[] = { "then", NULL };

	describe(d, SIM_SCREENS);
	d->phone.then = (struct sim_persona){ .manner = SIM_IGNORES };
	d->persona = &d->phone.then;
	return sim_words_choose(&o->words, then, err) < 0 ? -1 : 0;
}

static int read_dnd(struct sim_order *o, struct draft *d, struct err *err)
{
	struct sim_persona *p = describe(d, SIM_DND);

	p->window_ms = DND_MS;
	if (sim_words_is_duration(sim_words_peek(&o->words), &p->window_ms))
		sim_words_next(&o->words);
	d->phone.then = (struct sim_persona){ .manner = SIM_IGNORES };
	if (!sim_words_accept(&o->words, "then"))
		return 0;
	if (sim_words_end(&o->words))
		return sim_words_want(&o->words, "what she does when it rings", err);
	d->persona = &d->phone.then;
	return 0;
}

static int read_voicemail(struct sim_order *o, struct draft *d, struct err *err)
{
	struct sim_persona *p = describe(d, SIM_VOICEMAIL);
	struct span greeting;

	if (sim_words_quoted(&o->words, &greeting, err) < 0)
		return -1;
	span_copy(greeting, p->greeting, sizeof p->greeting);
	for (;;) {
		if (sim_words_accept(&o->words, "with")) {
			static const char *const what[] = { "tones", NULL };

			if (sim_words_choose(&o->words, what, err) < 0)
				return -1;
			p->tones = true;
		} else if (sim_words_accept(&o->words, "after")) {
			if (sim_words_duration(&o->words, &p->after_ms, err) < 0)
				return -1;
		} else {
			return 0;
		}
	}
}

static int read_keys(struct sim_words *w, char keys[32], struct err *err)
{
	size_t n = 0;

	for (;;) {
		struct span word = sim_words_peek(w);

		if (word.len == 0 || strchr("0123456789*#ABCD", word.at[0]) == NULL)
			break;
		for (size_t i = 0; i < word.len; i++) {
			if (strchr("0123456789*#ABCD", word.at[i]) == NULL || n == 31)
				return sim_words_want(w, "keys such as 4 7 #", err);
			keys[n++] = word.at[i];
		}
		sim_words_next(w);
	}
	keys[n] = '\0';
	return n == 0 ? sim_words_want(w, "challenge, or keys such as 4 7 #", err) : 0;
}

/* "presses challenge", "presses 4 7 #", "presses 5 then challenge" */
static int read_presses(struct sim_order *o, struct draft *d, struct err *err)
{
	static const char *const challenge[] = { "challenge", NULL };
	char keys[32];

	if (d->persona == NULL) {
		d->deed = DEED_PRESS;
		return read_keys(&o->words, d->keys, err);
	}
	if (sim_words_accept(&o->words, "challenge")) {
		d->persona->challenge = true;
		if (!sim_words_accept(&o->words, "then"))
			return 0;
		if (read_keys(&o->words, keys, err) < 0)
			return -1;
		return span_copy(span_of(keys), d->persona->behind, sizeof d->persona->behind)
			       ? 0
			       : err_set(err, ERR_INVALID, "presses: at most 15 keys behind it");
	}
	if (read_keys(&o->words, d->persona->keys, err) < 0)
		return -1;
	if (!sim_words_accept(&o->words, "then"))
		return 0;
	d->persona->challenge = true;
	if (!span_copy(span_of(d->persona->keys), d->persona->before, sizeof d->persona->before))
		return err_set(err, ERR_INVALID, "presses: at most 3 keys before the challenge");
	d->persona->keys[0] = '\0';
	return sim_words_choose(&o->words, challenge, err) < 0 ? -1 : 0;
}

static int read_hangs(struct sim_order *o, struct draft *d, struct err *err)
{
	static const char *const what[] = { "up", NULL };

	if (sim_words_choose(&o->words, what, err) < 0)
		return -1;
	if (d->persona != NULL)
		return after(&o->words, &d->persona->hang_up_ms, err);
	d->deed = DEED_HANG_UP;
	return 0;
}

static int read_picks(struct sim_order *o, struct draft *d, struct err *err)
{
	static const char *const what[] = { "up", NULL };

	d->deed = DEED_PICK_UP;
	return sim_words_choose(&o->words, what, err) < 0 ? -1 : 0;
}

static int read_off(struct sim_order *o, struct draft *d, struct err *err)
{
	d->phone.off = true;
	return sim_words_accept(&o->words, "for") ? sim_words_duration(&o->words, &d->off_ms, err)
						  : 0;
}

static int read_on(struct sim_order *o, struct draft *d, struct err *err)
{
	(void)o, (void)err;
	d->phone.off = false;
	return 0;
}

static int read_replies(struct sim_order *o, struct draft *d, struct err *err)
{
	struct span text;

	d->replies_given = true;
	d->phone.replies = false;
	if (sim_words_accept(&o->words, "nothing"))
		return 0;
	if (sim_words_quoted(&o->words, &text, err) < 0)
		return -1;
	if (!span_copy(text, d->phone.reply, sizeof d->phone.reply))
		return err_set(err, ERR_INVALID, "replies: the text is too long");
	d->phone.replies = true;
	d->phone.replies_always = sim_words_accept(&o->words, "always");
	d->phone.reply_ms = 0;
	return after(&o->words, &d->phone.reply_ms, err);
}

static int read_to(struct sim_order *o, struct draft *d, struct err *err)
{
	if (o->sim->modem_count == 0)
		return err_set(err, ERR_INVALID, "there is no modem yet");
	if (!sim_words_accept(&o->words, "to"))
		return 0;
	d->modem = sim_modem_find(o->sim, sim_words_peek(&o->words));
	if (d->modem < 0)
		return sim_words_want(&o->words, "the name of a modem", err);
	sim_words_next(&o->words);
	return 0;
}

static int read_texts(struct sim_order *o, struct draft *d, struct err *err)
{
	d->deed = DEED_TEXT;
	return sim_words_quoted(&o->words, &d->text, err) < 0 ? -1 : read_to(o, d, err);
}

static int read_calls(struct sim_order *o, struct draft *d, struct err *err)
{
	d->deed = DEED_CALL;
	d->persona = &d->phone.calling;
	*d->persona = (struct sim_persona){ .manner = SIM_ANSWERS };
	return read_to(o, d, err);
}

static int read_shows(struct sim_order *o, struct draft *d, struct err *err)
{
	struct span text;

	if (sim_words_quoted(&o->words, &text, err) < 0)
		return -1;
	span_copy(text, d->phone.shown, sizeof d->phone.shown);
	return 0;
}

/* Which operator's network her phone is on. */
static int read_operator(struct sim_order *o, struct draft *d, struct err *err)
{
	struct span plmn = sim_words_next(&o->words);

	if (plmn.len < 5 || plmn.len > 6)
		return err_set(err, ERR_INVALID, "operator: want its five or six digits");
	span_copy(plmn, d->phone.plmn, sizeof d->phone.plmn);
	return 0;
}

static const struct {
	const char *word;
	int (*read)(struct sim_order *, struct draft *, struct err *);
} clauses[] = {
	{ "ignores", read_ignores }, { "answers", read_answers },   { "busy", read_busy },
	{ "rejects", read_rejects }, { "dnd", read_dnd },           { "voicemail", read_voicemail },
	{ "presses", read_presses }, { "hangs", read_hangs },       { "picks", read_picks },
	{ "off", read_off },         { "unreachable", read_off },   { "on", read_on },
	{ "replies", read_replies }, { "texts", read_texts },       { "calls", read_calls },
	{ "shows", read_shows },     { "operator", read_operator }, { "screens", read_screens },
};

/* ---- what she does now ---- */

static int in_call(struct sim_order *o, const struct draft *d, struct err *err)
{
	struct sim_phone *p = o->phone;
	struct sim_call *call = sim_call_find(o->sim, p->call);

	if (call == NULL)
		return err_set(err, ERR_INVALID, "%s is not in a call", p->name);
	if (d->deed == DEED_PICK_UP && call->to_phone == p->index &&
	    call->state == SIM_CALL_ALERTING)
		sim_call_answer(o->sim, call, o->now);
	else if (d->deed == DEED_HANG_UP)
		sim_call_end(o->sim, call, -1,
			     &(struct sim_end){
				     call->state == SIM_CALL_ACTIVE ? "NO CARRIER" : "BUSY",
				     call->state == SIM_CALL_ACTIVE ? 16 : 21, "phone hangs up" },
			     o->now);
	else if (d->deed == DEED_PRESS)
		sim_phone_press_all(o->sim, p, d->keys, o->now.mono_ms);
	return 0;
}

static int act(struct sim_order *o, const struct draft *d, struct err *err)
{
	struct sim_phone *p = o->phone;
	int modem = d->modem >= 0 ? d->modem : p->last_modem >= 0 ? p->last_modem : 0;

	if (d->deed == DEED_TEXT)
		sim_phone_texts(o->sim, p, modem, d->text, o->now);
	else if (d->deed == DEED_CALL)
		sim_call_from_phone(o->sim, p, modem, o->now);
	else if (d->deed != DEED_NONE)
		return in_call(o, d, err);
	return 0;
}

static void take_over(struct sim_order *o, const struct draft *d)
{
	struct sim_phone *p = o->phone;
	bool was_off = p->off;

	p->now = d->phone.now;
	p->then = d->phone.then;
	p->calling = d->phone.calling;
	p->off = d->phone.off;
	p->replies = d->phone.replies;
	p->replies_always = d->phone.replies_always;
	memcpy(p->reply, d->phone.reply, sizeof p->reply);
	p->reply_ms = d->phone.reply_ms;
	memcpy(p->shown, d->phone.shown, sizeof p->shown);
	memcpy(p->plmn, d->phone.plmn, sizeof p->plmn);
	/* "phone ada ignores": everything, unless the line says more. */
	if (d->described && p->now.manner == SIM_IGNORES && !d->keeps_replies && !d->replies_given)
		p->replies = false;
	if (was_off && !p->off)
		sim_net_retry(o->sim, o->now);
	if (d->off_ms > 0) {
		struct buf line = { .limit = 100 };

		buf_addf(&line, "phone %s on", p->name);
		sim_line_later(o->sim, o->now.mono_ms + d->off_ms, buf_span(&line));
		buf_free(&line);
	}
}

int sim_owner_line(struct sim_order *o, struct err *err)
{
	const char *words[COUNT_OF(clauses) + 1];
	struct draft d = { .phone = *o->phone, .modem = -1 };

	for (size_t i = 0; i < COUNT_OF(clauses); i++)
		words[i] = clauses[i].word;
	words[COUNT_OF(clauses)] = NULL;
	while (!sim_words_end(&o->words)) {
		int which = sim_words_choose(&o->words, words, err);

		if (which < 0 || clauses[which].read(o, &d, err) < 0)
			return -1;
		while (sim_words_accept(&o->words, "and"))
			;
	}
	if (o->dry)
		return 0;
	take_over(o, &d);
	return act(o, &d, err);
}
