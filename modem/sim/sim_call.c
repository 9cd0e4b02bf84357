/* Calls between modems and phones, and what the modems say about them: MODEMS.md 4.1 and 9. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "modem/sim/sim_world.h"

#define RING_EVERY_MS 5000
#define NO_ANSWER_MS  60000 /* the network's own patience with an unanswered phone */
#define CALLER_MS     30000 /* a person's */
#define QUICK_MS      300

enum {
	CAUSE_UNASSIGNED = 1,
	CAUSE_NORMAL = 16,
	CAUSE_BUSY = 17,
	CAUSE_NO_ANSWER = 19,
	CAUSE_OUT_OF_ORDER = 27,
	CAUSE_NETWORK = 38,
	CAUSE_CONGESTION = 42,
	CAUSE_INTERWORKING = 111
};

struct sim_call *sim_call_find(struct sim *sim, int64_t id)
{
	for (size_t i = 0; i < sim->call_count && id != 0; i++)
		if (sim->calls[i]->id == id)
			return sim->calls[i];
	return NULL;
}

static struct sim_call *add(struct sim *sim)
{
	struct sim_call *call;

	if (array_grow(&sim->calls, &sim->call_cap, sim->call_count + 1, sizeof(void *)) < 0)
		return NULL;
	call = calloc(1, sizeof *call);
	if (call == NULL)
		return NULL;
	call->id = ++sim->ids;
	call->from_modem = call->from_phone = call->to_modem = call->to_phone = -1;
	call->speaker = -1;
	sim->calls[sim->call_count++] = call;
	return call;
}

static void forget(struct sim *sim, struct sim_call *call)
{
	for (size_t i = 0; i < sim->call_count; i++)
		if (sim->calls[i] == call)
			sim->calls[i] = sim->calls[--sim->call_count];
	free(call->speech);
	free(call);
}

/* ---- one modem's view ---- */

int sim_call_index(const struct sim_modem *m)
{
	return m->data_row ? 3 : 1; /* LTE contexts come first: MODEMS.md 9.1 */
}

int sim_call_stat(const struct sim_call *call, const struct sim_modem *m)
{
	bool mine = call->from_modem == m->index;

	if (call->state == SIM_CALL_ACTIVE || (mine && call->early))
		return 0;
	if (!mine)
		return 4;
	return call->state == SIM_CALL_DIALLING ? 2 : 3;
}

const char *sim_call_party(const struct sim *sim, const struct sim_call *call,
			   const struct sim_modem *m)
{
	if (call->from_modem == m->index)
		return call->number;
	return call->from_modem >= 0 ? sim->modems[call->from_modem]->number
				     : sim->phones[call->from_phone]->number;
}

/* Who the other end is, for the transcript: the callee of our calls, the caller of the phones'. */
static const char *far_number(const struct sim *sim, const struct sim_call *call)
{
	return call->from_modem >= 0 ? call->number : sim->phones[call->from_phone]->number;
}

static int number_type(const char *number)
{
	return number[0] == '+' ? 145 : 129;
}

bool sim_call_words(const struct sim_modem *m, enum sim_vendor family, bool on)
{
	if (m->tells == SIM_TELLS_LIKE)
		return m->tells_like == family;
	return m->tells == SIM_TELLS_OWN && m->vendor == family && on;
}

static void announce(struct sim *sim, struct sim_modem *m, const struct sim_call *call, int stat,
		     struct when now)
{
	const char *party = sim_call_party(sim, call, m);
	int dir = call->from_modem == m->index ? 0 : 1;

	if (sim_call_words(m, SIM_QUECTEL, m->set.ccinfo))
		sim_modem_urc(sim, m, now, "+QIND: \"ccinfo\",%d,%d,%d,0,0,\"%s\",%d",
			      sim_call_index(m), dir, stat == 6 ? -1 : stat, party,
			      number_type(party));
	sim_dialect_call(sim, m, call, stat, now);
	if (sim_call_words(m, SIM_SIMCOM, m->set.clcc))
		sim_modem_urc(sim, m, now, "+CLCC: 1,%d,%d,0,0,\"%s\",%d,\"\"", dir, stat, party,
			      number_type(party));
	if (sim_call_words(m, SIM_SIMCOM, m->set.moring) && dir == 0 && stat == 3)
		sim_modem_urc(sim, m, now, "MO RING");
	if (sim_call_words(m, SIM_SIMCOM, m->set.moring) && dir == 0 && stat == 0)
		sim_modem_urc(sim, m, now, "MO CONNECTED");
	if (stat == 0 && sim_call_words(m, SIM_SIMCOM, true))
		sim_modem_urc(sim, m, now, "VOICE CALL: BEGIN");
}

static void announce_both(struct sim *sim, const struct sim_call *call, struct when now)
{
	const int sides[] = { call->from_modem, call->to_modem };

	for (size_t i = 0; i < COUNT_OF(sides); i++)
		if (sides[i] >= 0 && !(i == 0 && call->early)) /* it has said so */
			announce(sim, sim->modems[sides[i]], call,
				 sim_call_stat(call, sim->modems[sides[i]]), now);
}

/* ---- the end ---- */

static int result_number(const char *word)
{
	return word[0] == 'B' ? 7 : strcmp(word, "NO ANSWER") == 0 ? 8 : 3;
}

static void last_line(struct sim *sim, const struct sim_job *job, struct when now)
{
	sim_modem_urc(sim, sim->modems[job->modem], now, "%s", job->text);
}

/* After the OK of the command that hung up, so as a job. */
static void say_after(struct sim *sim, struct sim_modem *m, struct span line, struct when now)
{
	sim_job_tied(sim, m, now.mono_ms + m->slow_ms, last_line)->text = span_dup(line);
}

/* The line that tells a call's end, where the family has one. */
static void say_over(struct sim *sim, struct sim_modem *m, const struct sim_call *call, bool local,
		     struct when now)
{
	struct buf line = { .limit = 200 };
	const char *party = sim_call_party(sim, call, m);
	int dir = call->from_modem == m->index ? 0 : 1;

	if (sim_call_words(m, SIM_QUECTEL, m->set.ccinfo))
		buf_addf(&line, "+QIND: \"ccinfo\",%d,%d,-1,0,0,\"%s\",%d", sim_call_index(m), dir,
			 party, number_type(party));
	if (sim_call_words(m, SIM_SIMCOM, m->set.clcc))
		buf_addf(&line, "+CLCC: 1,%d,6,0,0,\"%s\",%d,\"\"", dir, party, number_type(party));
	sim_dialect_over(m, call, local, now, &line);
	if (line.len > 0 && local)
		say_after(sim, m, buf_span(&line), now);
	else if (line.len > 0)
		sim_modem_urc(sim, m, now, "%s", buf_text(&line));
	buf_free(&line);
}

/* "MISSED_CALL: 11:01AM 07712345678": MODEMS.md 4.6. */
static void say_missed(struct sim *sim, struct sim_modem *m, const struct sim_call *call,
		       struct when now)
{
	struct civil c = civil_of(now.utc_s);

	sim_modem_urc(sim, m, now, "MISSED_CALL: %02d:%02d%s %s", (c.hour + 11) % 12 + 1, c.minute,
		      c.hour < 12 ? "AM" : "PM", sim_call_party(sim, call, m));
}

static void lingered(struct sim *sim, const struct sim_job *job, struct when now)
{
	(void)now;
	sim->modems[job->modem]->gone[0] = '\0';
}

/* MODEMS.md 8, row 20: +CLCC shows a call that is over. */
static void linger(struct sim *sim, struct sim_modem *m, const struct sim_call *call,
		   struct when now)
{
	const char *party = sim_call_party(sim, call, m);

	snprintf(m->gone, sizeof m->gone, "%d,%d,%d,0,0,\"%s\",%d", sim_call_index(m),
		 call->from_modem == m->index ? 0 : 1, sim_call_stat(call, m), party,
		 number_type(party));
	sim_job_tied(sim, m, now.mono_ms + m->linger_ms, lingered);
}

static void tell_end(struct sim *sim, struct sim_modem *m, const struct sim_call *call, bool local,
		     const char *word, struct when now)
{
	bool active = call->state == SIM_CALL_ACTIVE;
	bool mine = call->from_modem == m->index;
	bool missed = !mine && !active;
	int64_t s = active ? (now.mono_ms - call->answered_ms) / 1000 : 0;

	if (m->linger_ms > 0)
		linger(sim, m, call, now);
	m->call = 0;
	if (sim_call_words(m, SIM_SIMCOM, true) && (active || (local && mine)))
		sim_modem_urc(sim, m, now, "VOICE CALL: END: %02d%02d%02d", (int)(s / 3600),
			      (int)(s / 60 % 60), (int)(s % 60));
	say_over(sim, m, call, local, now);
	if (m->blocked) {
		m->blocked = false;
		sim_at_result(sim, m, word, result_number(word), now);
		return;
	}
	if (missed && m->vendor == SIM_SIMCOM && !local)
		say_missed(sim, m, call, now);
	else if (local && (m->vendor == SIM_SIMCOM || m->vendor == SIM_QUECTEL))
		say_after(sim, m, span_of("NO CARRIER"), now);
	else if (!local && m->vendor != SIM_HUAWEI && (!missed || m->vendor == SIM_QUECTEL))
		sim_modem_urc(sim, m, now, "%s", word);
}

static void rings(struct sim *sim, const struct sim_job *job, struct when now);

/* The call that knocked now rings as any other. */
static void knocks_no_more(struct sim *sim, struct sim_modem *m, struct when now)
{
	struct sim_job *job;

	if (m->call != 0 || m->waiting_call == 0)
		return;
	m->call = m->waiting_call;
	m->waiting_call = 0;
	job = sim_job_add(sim, now.mono_ms + QUICK_MS, rings);
	job->modem = m->index;
	job->call = m->call;
}

void sim_call_end(struct sim *sim, struct sim_call *call, int ender, const struct sim_end *end,
		  struct when now)
{
	const int modems[] = { call->from_modem, call->to_modem };
	const int phones[] = { call->from_phone, call->to_phone };

	if (call->speaker >= 0 && sim->modems[call->speaker]->vendor == SIM_QUECTEL)
		sim_modem_urc(sim, sim->modems[call->speaker], now, "+QWTTS: 4111");
	sim_speech_stop(sim, call, now);
	sim_jobs_drop_call(sim, call->id);
	for (size_t i = 0; i < COUNT_OF(phones); i++)
		if (phones[i] >= 0)
			sim->phones[phones[i]]->call = 0;
	for (size_t i = 0; i < COUNT_OF(modems); i++) {
		struct sim_modem *m = modems[i] < 0 ? NULL : sim->modems[modems[i]];

		if (m != NULL && m->waiting_call == call->id)
			m->waiting_call = 0; /* it knocked, and has gone again */
		if (m == NULL || m->call != call->id)
			continue;
		m->cause = end->cause;
		sim_pcm_over(m);
		tell_end(sim, m, call, modems[i] == ender, end->word, now);
	}
	sim_note_to(sim, SIM_HUNG_UP, call->from_modem >= 0 ? call->from_modem : call->to_modem,
		    far_number(sim, call), end->why, now);
	for (size_t i = 0; i < COUNT_OF(modems); i++)
		if (modems[i] >= 0)
			knocks_no_more(sim, sim->modems[modems[i]], now);
	forget(sim, call);
	sim_net_retry(sim, now);
}

static void end_later(struct sim *sim, const struct sim_job *job, struct when now)
{
	static const struct sim_end ends[] = {
		{ "NO ANSWER", CAUSE_NO_ANSWER, "no answer" },
		{ "NO CARRIER", CAUSE_NORMAL, "caller gives up" },
		{ "NO ANSWER", CAUSE_OUT_OF_ORDER, "phone is off" },
		{ "NO CARRIER", CAUSE_UNASSIGNED, "no such number" },
		{ "NO CARRIER", CAUSE_INTERWORKING, "network has no voice service" },
		{ "NO CARRIER", CAUSE_NETWORK, "network refuses" },
		{ "NO CARRIER", CAUSE_CONGESTION, "network is congested" },
	};
	struct sim_call *call = sim_call_find(sim, job->call);

	if (call != NULL && (job->n > 1 || call->state != SIM_CALL_ACTIVE))
		sim_call_end(sim, call, -1, &ends[job->n], now);
}

enum { END_NO_ANSWER, END_CALLER, END_OFF, END_UNKNOWN, END_VOICE, END_REFUSED, END_CONGESTED };

static void schedule_end(struct sim *sim, const struct sim_call *call, int64_t due, int which)
{
	struct sim_job *job = sim_job_add(sim, due, end_later);

	job->call = call->id;
	job->n = which;
}

/* ---- setting up ---- */

static void rings(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_call *call = sim_call_find(sim, job->call);
	struct sim_modem *m = sim->modems[job->modem];
	const char *party;
	struct sim_job *again;
	int64_t rung = job->n + 1;

	if (call == NULL || call->state == SIM_CALL_ACTIVE)
		return;
	party = sim_call_party(sim, call, m);
	if (m->set.crc && m->vendor == SIM_SIMCOM) /* two CRs: MODEMS.md 4.6 */
		sim_modem_say(sim, m, span_of("\r\r\n+CRING: VOICE\r\r\n"), now);
	else
		sim_modem_urc(sim, m, now, m->set.crc ? "+CRING: VOICE" : "RING");
	if (m->set.clip)
		sim_modem_urc(sim, m, now, "+CLIP: \"%s\",%d,\"\",0,\"\",0", party,
			      number_type(party));
	if (m->set.s0 > 0 && rung >= m->set.s0) {
		sim_call_answer(sim, call, now);
		return;
	}
	again = sim_job_add(sim, now.mono_ms + RING_EVERY_MS, rings);
	again->modem = m->index;
	again->call = call->id;
	again->n = rung;
}

/* Call waiting: the second call shows in +CLCC as 5, and in +CCWA if that is on (27.007 7.11). */
static void knock(struct sim *sim, struct sim_call *call, struct sim_modem *m, const char *caller,
		  struct when now)
{
	m->waiting_call = call->id;
	call->to_modem = m->index;
	call->state = SIM_CALL_ALERTING;
	sim_note_to(sim, SIM_RINGS, m->index, m->number, caller, now);
	if (m->set.ccwa)
		sim_modem_urc(sim, m, now, "+CCWA: \"%s\",%d,1", caller, number_type(caller));
	schedule_end(sim, call, now.mono_ms + CALLER_MS, END_CALLER);
}

static void ring_modem(struct sim *sim, struct sim_call *call, struct sim_modem *m,
		       const char *caller, struct when now)
{
	struct sim_job *job;

	if (m->call != 0 && m->call_waiting && m->waiting_call == 0) {
		knock(sim, call, m, caller, now);
		return;
	}
	if (m->call != 0 || !sim_modem_served(sim, m) || !sim_modem_reached(m, now)) {
		sim_call_end(sim, call, -1,
			     &(struct sim_end){ m->call != 0 ? "BUSY" : "NO ANSWER",
						m->call != 0 ? CAUSE_BUSY : CAUSE_OUT_OF_ORDER,
						m->call != 0 ? "busy" : "modem cannot be reached" },
			     now);
		return;
	}
	m->call = call->id;
	call->to_modem = m->index;
	call->state = SIM_CALL_ALERTING;
	announce_both(sim, call, now);
	sim_note_to(sim, SIM_RINGS, m->index, m->number, caller, now);
	job = sim_job_add(sim, now.mono_ms, rings);
	job->modem = m->index;
	job->call = call->id;
	schedule_end(sim, call, now.mono_ms + (call->from_phone >= 0 ? CALLER_MS : NO_ANSWER_MS),
		     call->from_phone >= 0 ? END_CALLER : END_NO_ANSWER);
}

static void early_media(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_call *call = sim_call_find(sim, job->call);

	if (call == NULL || call->state == SIM_CALL_ACTIVE)
		return;
	announce(sim, sim->modems[call->from_modem], call, 0, now);
	call->early = true;
}

static void arrive(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_call *call = sim_call_find(sim, job->call);
	struct sim_phone *phone;
	struct sim_modem *m;
	const struct sim_modem *from;

	if (call == NULL)
		return;
	phone = sim_phone_by_number(sim, call->number);
	m = sim_modem_by_number(sim, call->number);
	from = sim->modems[call->from_modem];
	if (m != NULL) {
		ring_modem(sim, call, m, from->number, now);
		return;
	}
	if (phone == NULL || sim_phone_gone(sim, phone)) {
		schedule_end(sim, call, now.mono_ms + (phone == NULL ? 0 : 4000),
			     phone == NULL ? END_UNKNOWN : END_OFF);
		return;
	}
	if (phone->call != 0 || phone->now.manner == SIM_IS_BUSY) {
		sim_call_end(sim, call, -1, &(struct sim_end){ "BUSY", CAUSE_BUSY, "busy" }, now);
		return;
	}
	phone->call = call->id;
	call->to_phone = phone->index;
	call->state = SIM_CALL_ALERTING;
	announce_both(sim, call, now);
	if (from->early_ms > 0)
		sim_job_add(sim, now.mono_ms + from->early_ms, early_media)->call = call->id;
	schedule_end(sim, call, now.mono_ms + NO_ANSWER_MS, END_NO_ANSWER);
	sim_phone_rings(sim, phone, call, from->number, now);
}

static void begin(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_call *call = sim_call_find(sim, job->call);
	struct sim_modem *m;

	if (call == NULL)
		return;
	m = sim->modems[call->from_modem];
	announce_both(sim, call, now);
	sim_modem_touched(sim, m, now);
	if (sim->congested > 0 && sim_random(sim, 100) < sim->congested) {
		schedule_end(sim, call, now.mono_ms + QUICK_MS, END_CONGESTED);
	} else if (m->voice == SIM_VOICE_OFF) {
		schedule_end(sim, call, now.mono_ms + QUICK_MS, END_VOICE);
	} else if (m->calls_left == 0) {
		schedule_end(sim, call, now.mono_ms + QUICK_MS, END_REFUSED);
	} else if (m->refuse_calls > 0) {
		m->refuse_calls--;
		schedule_end(sim, call, now.mono_ms + QUICK_MS, END_REFUSED);
	} else {
		m->calls_left -= m->calls_left > 0;
		sim_job_add(sim, now.mono_ms + sim->setup_ms, arrive)->call = call->id;
	}
}

struct sim_call *sim_call_place(struct sim *sim, struct sim_modem *m, const char *number,
				struct when now)
{
	struct sim_call *call = add(sim);

	if (call == NULL)
		return NULL;
	m->call = call->id;
	m->cause = -1;
	call->from_modem = m->index;
	span_copy(span_of(number), call->number, sizeof call->number);
	sim_job_add(sim, now.mono_ms + m->slow_ms, begin)->call = call->id;
	return call;
}

void sim_call_from_phone(struct sim *sim, struct sim_phone *phone, int modem, struct when now)
{
	struct sim_call *call;

	if (phone->call != 0 || sim_phone_gone(sim, phone))
		return;
	call = add(sim);
	if (call == NULL)
		return;
	phone->call = call->id;
	call->from_phone = phone->index;
	span_copy(span_of(sim->modems[modem]->number), call->number, sizeof call->number);
	ring_modem(sim, call, sim->modems[modem], phone->number, now);
}

void sim_call_answer(struct sim *sim, struct sim_call *call, struct when now)
{
	struct sim_modem *m = call->from_modem < 0 ? NULL : sim->modems[call->from_modem];

	call->state = SIM_CALL_ACTIVE;
	call->answered_ms = call->joined_ms = now.mono_ms;
	sim_note_to(sim, SIM_ANSWERED, m == NULL ? call->to_modem : m->index, call->number, "",
		    now);
	announce_both(sim, call, now);
	if (m != NULL && m->blocked) {
		m->blocked = false;
		sim_at_info(m, "+COLP: \"%s\",%d", call->number, number_type(call->number));
		sim_at_final(sim, m, SIM_OK, now);
	}
	if (call->to_phone >= 0)
		sim_phone_answered(sim, sim->phones[call->to_phone], call, now);
	if (call->from_phone >= 0)
		sim_phone_answered(sim, sim->phones[call->from_phone], call, now);
	if (call->speaker >= 0 && call->speech_reaches) /* spoken into it already */
		sim_phone_hears(sim, call, sim->modems[call->speaker]->char_ms);
}
