/* 27.005: message settings, sending with the prompt, and what arrives.  The stores are in sim_store.c. */
#include <stdlib.h>
#include <string.h>

#include "modem/sim/sim_world.h"

#define CTRL_Z '\x1a'
#define ESC    '\x1b'

int sim_sms_error(const struct sim_modem *m)
{
	static const int codes[] = {
		[SIM_CARD_READY] = 0,    [SIM_CARD_PIN] = 311,  [SIM_CARD_PUK] = 316,
		[SIM_CARD_ABSENT] = 310, [SIM_CARD_BUSY] = 314, [SIM_CARD_FAILURE] = 313,
	};

	if (codes[m->card] != 0)
		return SIM_CMS(codes[m->card]);
	return m->sms_ready ? 0 : SIM_CMS(302);
}

/* ---- settings ---- */

static int service(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now)
{
	int64_t n;

	(void)sim, (void)now;
	if (op == SIM_OP_READ)
		sim_at_info(m, "+CSMS: %d,1,1,1", m->set.csms);
	if (op == SIM_OP_TEST)
		sim_at_info(m, "+CSMS: (0,1)");
	if (op != SIM_OP_SET)
		return op == SIM_OP_EXEC ? SIM_ERROR : SIM_OK;
	if (!sim_at_number(&args, 0, 1, &n))
		return SIM_CMS(302);
	m->set.csms = (int)n;
	m->unacked = 0;
	sim_at_info(m, "+CSMS: 1,1,1");
	return SIM_OK;
}

static void notices_flushed(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];

	sim_modem_say(sim, m, buf_span(&m->buffered), now);
	buf_clear(&m->buffered);
	sim_net_retry(sim, now);
}

/* 27.005 3.4.1; which values are taken is a knob, because modems list what they then refuse. */
static int set_notices(struct sim *sim, struct sim_modem *m, struct span args, struct when now)
{
	static const int64_t high[5] = { 3, 3, 3, 2, 1 };
	int64_t v[5];

	for (int i = 0; i < 5; i++) {
		v[i] = m->set.cnmi[i];
		if (args.len > 0 && !sim_at_number(&args, 0, high[i], &v[i]))
			return SIM_CMS(303);
	}
	if ((m->mode_mask >> v[0] & 1) == 0 || (m->mt_mask >> v[1] & 1) == 0 ||
	    (m->ds_mask >> v[3] & 1) == 0)
		return SIM_CMS(303);
	/* SIM7600: direct reports and class 3 need mode 1 (MODEMS.md 2.3). */
	if (m->vendor == SIM_SIMCOM && (v[3] == 1 || v[1] == 3) && v[0] != 1)
		return SIM_CMS(303);
	for (int i = 0; i < 5; i++)
		m->set.cnmi[i] = (int)v[i];
	if (v[4] == 1)
		buf_clear(&m->buffered);
	if (v[0] != 0)
		sim_job_tied(sim, m, now.mono_ms + m->slow_ms, notices_flushed);
	return SIM_OK;
}

static int notices(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now)
{
	const int *v = m->set.cnmi;

	if (op == SIM_OP_SET)
		return set_notices(sim, m, args, now);
	if (op == SIM_OP_READ)
		sim_at_info(m, "+CNMI: %d,%d,%d,%d,%d", v[0], v[1], v[2], v[3], v[4]);
	if (op == SIM_OP_TEST) /* lists more than it takes, as real ones do */
		sim_at_info(m, "+CNMI: (0-3),(0-3),(0-3),(0-2),(0,1)");
	return op == SIM_OP_EXEC ? SIM_ERROR : SIM_OK;
}

static int acknowledge(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		       struct when now)
{
	(void)args;
	if (op == SIM_OP_READ || op == SIM_OP_TEST)
		return SIM_OK;
	if (m->set.csms != 1 || m->unacked == 0)
		return SIM_CMS(340);
	m->unacked = 0;
	sim_net_retry(sim, now);
	return SIM_OK;
}

static int centre(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		  struct when now)
{
	struct span number;

	(void)sim, (void)now;
	if (op == SIM_OP_READ)
		sim_at_info(m, "+CSCA: \"%s\",%d", m->smsc, m->smsc[0] == '+' ? 145 : 129);
	if (op != SIM_OP_SET)
		return op == SIM_OP_EXEC ? SIM_ERROR : SIM_OK;
	number = sim_at_arg(&args);
	if (number.len >= sizeof m->smsc)
		return SIM_CMS(305);
	span_copy(number, m->smsc, sizeof m->smsc);
	return SIM_OK;
}

/* ---- sending: 27.005 3.5.1 and 4.3 ---- */

static void prompt(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];

	m->busy = false;
	m->mode = SIM_PROMPT;
	buf_clear(&m->line);
	if (m->prompting == SIM_PROMPT_BARE)
		sim_modem_say(sim, m, span_of(">"), now);
	else if (m->prompting == SIM_PROMPT_DOUBLED)
		sim_modem_say(sim, m, span_of("\r\n> \r\n> "), now);
	else if (m->prompting != SIM_PROMPT_MISSING)
		sim_modem_say(sim, m, span_of("\r\n> "), now);
	sim_at_input(sim, m, now);
}

static int send(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		struct when now)
{
	int64_t wait = m->slow_ms;
	int error = sim_sms_error(m);

	if (op == SIM_OP_TEST)
		return SIM_OK;
	if (op != SIM_OP_SET)
		return SIM_ERROR;
	if (error != 0)
		return error;
	if (m->set.cmgf == 1)
		span_copy(sim_at_arg(&args), m->text_to, sizeof m->text_to);
	else if (!sim_at_number(&args, 7, 176, &m->expect))
		return SIM_CMS(304);
	if (m->prompting == SIM_PROMPT_LATE)
		wait += m->prompt_ms;
	sim_job_tied(sim, m, now.mono_ms + wait, prompt);
	return SIM_LATER;
}

static int take_body(struct sim_modem *m, struct sim_submit *submit)
{
	struct err err = { ERR_NONE, "" };
	struct span digits = span_of(m->text_to);

	if (m->set.cmgf == 0)
		return sim_pdu_submit(buf_span(&m->line), m->expect, submit, &err) < 0 ? 304 : 0;
	*submit = (struct sim_submit){ .report = false };
	span_copy(digits, submit->to, sizeof submit->to);
	if (digits.len == 0 || strspn(submit->to, "+0123456789*#") != digits.len)
		return 305;
	return sim_pdu_split(buf_span(&m->line), 0, &submit->ud, 1) == 1 ? 0 : 305;
}

static int refusal(struct sim *sim, struct sim_modem *m, const struct sim_submit *submit)
{
	const struct sim_phone *phone = sim_phone_by_number(sim, submit->to);

	if (sim_sms_error(m) != 0)
		return sim_sms_error(m);
	if (!sim_modem_texts(sim, m))
		return SIM_CMS(331);
	if (m->smsc[0] == '\0' && submit->smsc[0] == '\0')
		return SIM_CMS(330);
	if (m->no_sends && m->call != 0)
		return SIM_CMS(302);
	if (m->need_cgsms >= 0 && m->set.cgsms != m->need_cgsms)
		return SIM_CMS(500); /* a core without SMS over SGs: FIELD.md C9 */
	if (m->credit == 0)
		return SIM_CMS(50);
	if (phone != NULL && phone->refuse_code != 0)
		return SIM_CMS(phone->refuse_code);
	if (m->refuse_sends > 0) {
		m->refuse_sends--;
		return SIM_CMS(m->refuse_code);
	}
	return 0;
}

static void sent(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];
	struct sim_submit submit;
	int bad = take_body(m, &submit);
	int answer = bad != 0 ? SIM_CMS(bad) : refusal(sim, m, &submit);

	buf_clear(&m->line);
	if (answer == 0) {
		m->mr = (m->mr + 1) & 0xFF; /* its own, whatever the unit says: MODEMS.md 3.2 */
		sim_net_submit(sim, m, &submit, m->mr, now);
		sim_at_info(m, "+CMGS: %d", m->mr);
		m->credit -= m->credit > 0;
	}
	if (answer == 0 && m->lose_results > 0) {
		m->lose_results--;
		m->busy = false;
		buf_clear(&m->reply);
	} else if (answer == 0 && m->lose_finals > 0) { /* its "+CMGS: n", and no OK */
		m->lose_finals--;
		sim_at_leave(sim, m, now);
	} else {
		sim_at_final(sim, m, answer, now);
	}
	sim_at_input(sim, m, now);
}

static void leave_prompt(struct sim *sim, struct sim_modem *m, struct when now)
{
	m->mode = SIM_COMMAND;
	sim_modem_say(sim, m, buf_span(&m->held), now);
	buf_clear(&m->held);
}

void sim_sms_byte(struct sim *sim, struct sim_modem *m, char c, struct when now)
{
	if (m->set.echo && c != ESC)
		sim_modem_say(sim, m, (struct span){ &c, 1 }, now);
	if (c == CTRL_Z) {
		leave_prompt(sim, m, now);
		m->busy = true;
		sim_job_tied(sim, m, now.mono_ms + sim_pick(sim, m->sms) + m->slow_ms, sent);
	} else if (c == ESC) {
		leave_prompt(sim, m, now);
		buf_clear(&m->line);
		sim_at_final(sim, m, SIM_OK, now);
	} else if (c == '\r') { /* 27.005 3.5.1: a new prompt for each line; a unit has none */
		if (m->set.cmgf == 1)
			buf_add_char(&m->line, '\n');
		sim_modem_say(sim, m, span_of("\r\n> "), now);
	} else if (c != '\n') {
		buf_add_char(&m->line, c);
	}
}

/* ---- what arrives: 27.005 3.4 ---- */

static void notice(struct sim *sim, struct sim_modem *m, struct span line, struct when now)
{
	if (m->set.cnmi[0] != 0) {
		sim_modem_urc(sim, m, now, "%.*s", (int)line.len, line.at);
		return;
	}
	buf_add_text(&m->buffered, "\r\n");
	buf_add(&m->buffered, line);
	buf_add_text(&m->buffered, "\r\n");
}

static void show(struct sim *sim, struct sim_modem *m, const struct sim_message *message,
		 struct when now)
{
	struct buf line = { .limit = 1100 };

	sim_store_line(m, message, message->is_report ? "+CDS: " : "+CMT: ", NULL, &line);
	notice(sim, m, buf_span(&line), now);
	buf_free(&line);
	if (m->set.csms == 1)
		m->unacked++;
}

static bool keep(struct sim *sim, struct sim_modem *m, int store, const struct sim_message *message,
		 struct when now)
{
	struct buf line = { .limit = 64 };
	int at = sim_store_add(m, store, message);

	if (at < 0)
		return false;
	m->stores[store].told_full = false;
	sim_store_recount(sim, m, now);
	if (m->lose_notices > 0) {
		m->lose_notices--;
	} else if (message->is_report || m->set.cnmi[1] != 0) {
		if (m->notices == SIM_NOTICES_MISPLACED)
			store = 1 - store;
		buf_addf(&line, "%s: \"%s\",%d", message->is_report ? "+CDSI" : "+CMTI",
			 m->stores[store].name, m->notices == SIM_NOTICES_INDEXLESS ? -1 : at);
		notice(sim, m, buf_span(&line), now);
		if (m->notices == SIM_NOTICES_DOUBLED)
			notice(sim, m, buf_span(&line), now);
	}
	buf_free(&line);
	return true;
}

/* Said when it becomes so, not for each message that finds no room. */
static void full(struct sim *sim, struct sim_modem *m, int store, struct when now)
{
	if (m->stores[store].told_full)
		return;
	m->stores[store].told_full = true;
	if (m->vendor == SIM_QUECTEL && m->set.smsfull)
		sim_modem_urc(sim, m, now, "+QIND: \"smsfull\",\"%s\"", m->stores[store].name);
	else if (m->vendor == SIM_SIMCOM)
		sim_modem_urc(sim, m, now, "SMS FULL");
}

/* The class of a message, or -1 (23.038 4). */
static int class_of(int dcs)
{
	if ((dcs & 0xF0) == 0xF0 || (dcs & 0xD0) == 0x10)
		return dcs & 3;
	return -1;
}

bool sim_sms_arrives(struct sim *sim, struct sim_modem *m, const struct sim_message *message,
		     struct when now)
{
	int store = m->set.mem[2];
	int mt = m->set.cnmi[1];

	if (!sim_modem_texts(sim, m) || !m->sms_ready || m->hung || m->unacked > 0 ||
	    !sim_modem_reached(m, now) || (m->holds_texts && m->call != 0))
		return false;
	if (m->calls_drop && m->call != 0) /* MODEMS.md 8, row 38 */
		sim_call_end(sim, sim_call_find(sim, m->call), -1,
			     &(struct sim_end){ "NO CARRIER", 38, "a text came" }, now);
	if (!message->is_report)
		sim_filter_received(m, now);
	if (message->is_report && m->set.cnmi[3] == 0)
		return true;
	if (message->is_report && m->set.cnmi[3] == 1) {
		show(sim, m, message, now);
		return true;
	}
	if (class_of(message->ud.dcs) == 2 && !message->is_report)
		store = 0;
	else if (!message->is_report && (mt == 2 || (mt == 3 && class_of(message->ud.dcs) == 3))) {
		show(sim, m, message, now);
		return true;
	}
	if (keep(sim, m, store, message, now))
		return true;
	full(sim, m, store, now);
	return false;
}

const struct sim_command sim_sms_commands[] = {
	{ "+CSMS", SIM_ALL, service },
	{ "+CNMI", SIM_ALL, notices },
	{ "+CNMA", SIM_ALL, acknowledge },
	{ "+CSCA", SIM_ALL, centre },
	{ "+CMGS", SIM_ALL, send },
	{ "+CPMS", SIM_ALL, sim_store_select },
	{ "+CMGR", SIM_ALL, sim_store_read },
	{ "+CMGL", SIM_ALL, sim_store_list },
	{ "+CMGD", SIM_ALL, sim_store_delete },
};
const size_t sim_sms_count = COUNT_OF(sim_sms_commands);
