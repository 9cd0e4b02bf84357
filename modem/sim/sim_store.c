/* 27.005: the message stores SM and ME, in PDU mode and in text mode. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "modem/sim/sim_world.h"

size_t sim_sms_used(const struct sim_store *store)
{
	size_t used = 0;

	for (size_t i = 0; i < store->total; i++)
		used += store->slots[i].message != NULL;
	return used;
}

/* A standard modem counts from 1, as the SIM's records do; the LTE families from 0. */
static int base_of(const struct sim_modem *m)
{
	return m->vendor == SIM_GENERIC ? 1 : 0;
}

int sim_store_add(struct sim_modem *m, int store, const struct sim_message *message)
{
	struct sim_store *s = &m->stores[store];

	for (size_t i = 0; i < s->total; i++) {
		if (s->slots[i].message != NULL)
			continue;
		s->slots[i].message = malloc(sizeof *message);
		if (s->slots[i].message == NULL)
			return -1;
		*s->slots[i].message = *message;
		s->slots[i].read = false;
		return (int)i + base_of(m);
	}
	return -1;
}

static void clear(struct sim_slot *slot)
{
	free(slot->message);
	*slot = (struct sim_slot){ .read = false };
}

static void counted(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];

	(void)now;
	for (size_t i = 0; i < COUNT_OF(m->stores); i++)
		m->stores[i].counted = sim_sms_used(&m->stores[i]);
}

/* MODEMS.md 8, row 14: on some the counters follow later. */
void sim_store_recount(struct sim *sim, struct sim_modem *m, struct when now)
{
	sim_job_tied(sim, m, now.mono_ms + m->lag_ms, counted);
}

void sim_sms_fill(struct sim_modem *m, int store, bool full)
{
	static const char advert[] = "Operator";
	int which = store >= 0 ? store : m->set.mem[2];
	struct sim_store *s = &m->stores[which];
	struct sim_message junk = { .from_modem = -1, .to_modem = m->index, .to_phone = -1 };

	for (size_t i = 0; i < s->total && !full; i++)
		if (s->slots[i].message != NULL && strcmp(s->slots[i].message->from, advert) == 0)
			clear(&s->slots[i]);
	span_copy(span_of(advert), junk.from, sizeof junk.from);
	sim_pdu_split(span_of("Top up now and get 10 % more!"), 0, &junk.ud, 1);
	while (full && sim_store_add(m, which, &junk) >= 0)
		;
}

/* ---- one message as lines ---- */

static void add_stamp(struct buf *line, int64_t utc_s)
{
	struct civil c = civil_of(utc_s);

	buf_addf(line, "\"%02d/%02d/%02d,%02d:%02d:%02d+00\"", (int)(c.year % 100), c.month, c.day,
		 c.hour, c.minute, c.second);
}

static void add_hex(const struct sim_modem *m, const struct sim_message *message, struct buf *line)
{
	struct sim_envelope env = { .smsc = m->smsc[0] == '\0' ? "+15550000000" : m->smsc,
				    .party = message->from,
				    .stamp_s = message->sent_s,
				    .done_s = message->done_s,
				    .mr = message->mr,
				    .status = message->status };
	struct buf hex = { .limit = 500 };
	size_t length = message->is_report ? sim_pdu_report(&hex, &env)
					   : sim_pdu_deliver(&hex, &env, &message->ud);

	if (m->listing == SIM_LIST_LENGTHS) /* counts the SMSC's octets, too */
		length += 8;
	if (m->listing == SIM_LIST_CUT)
		hex.len = hex.len * 3 / 4 / 2 * 2;
	buf_addf(line, "%zu\r\n%.*s", length, (int)hex.len, buf_text(&hex));
	buf_free(&hex);
}

static void add_text(const struct sim_message *message, struct buf *line)
{
	struct sim_concat concat;
	const int type = message->from[0] == '+' ? 145 : 129;

	if (message->is_report) {
		buf_addf(line, "6,%d,\"%s\",%d,", message->mr, message->from, type);
		add_stamp(line, message->sent_s);
		buf_add_char(line, ',');
		add_stamp(line, message->done_s);
		buf_addf(line, ",%d", message->status);
		return;
	}
	buf_addf(line, "\"%s\",,", message->from);
	add_stamp(line, message->sent_s);
	buf_add_text(line, "\r\n");
	sim_pdu_text(&message->ud, line, &concat);
}

void sim_store_line(const struct sim_modem *m, const struct sim_message *message,
		    const char *prefix, const struct sim_slot *slot, struct buf *line)
{
	buf_add_text(line, prefix);
	if (m->set.cmgf == 1) {
		if (slot != NULL)
			buf_addf(line, "\"REC %s\",", slot->read ? "READ" : "UNREAD");
		add_text(message, line);
		return;
	}
	if (slot != NULL && m->listing != SIM_LIST_NO_STAT)
		buf_addf(line, "%d,,", slot->read ? 1 : 0);
	else if (slot != NULL || !message->is_report)
		buf_add_char(line, ','); /* +CMT: [<alpha>],<length> */
	add_hex(m, message, line);
}

/* ---- commands ---- */

static void add_counts(const struct sim_modem *m, bool names, struct buf *line)
{
	for (int i = 0; i < 3; i++) {
		const struct sim_store *s = &m->stores[m->set.mem[i]];

		if (names)
			buf_addf(line, "%s\"%s\"", i == 0 ? "" : ",", s->name);
		buf_addf(line, "%s%zu,%zu", names || i > 0 ? "," : "",
			 m->lag_ms > 0 ? s->counted : sim_sms_used(s), s->total);
	}
}

static int store_named(const struct sim_modem *m, struct span name)
{
	if (span_is(name, "SM"))
		return 0;
	if (span_is(name, "ME") || (span_is(name, "MT") && m->vendor == SIM_QUECTEL))
		return 1;
	return -1;
}

int sim_store_select(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		     struct when now)
{
	struct buf line = { .limit = 200 };
	int mem[3] = { m->set.mem[0], m->set.mem[1], m->set.mem[2] };
	int error = sim_sms_error(m);
	bool elsewhere;

	if (op == SIM_OP_EXEC || error != 0)
		return error == 0 ? SIM_ERROR : error;
	if (op == SIM_OP_TEST) {
		sim_at_info(m, "+CPMS: (\"SM\",\"ME\"),(\"SM\",\"ME\"),(\"SM\",\"ME\")");
		return SIM_OK;
	}
	for (int i = 0; i < 3 && op == SIM_OP_SET && (i == 0 || args.len > 0); i++) {
		mem[i] = store_named(m, sim_at_arg(&args));
		if (mem[i] < 0)
			return SIM_CMS(302);
	}
	elsewhere = mem[2] != m->set.mem[2];
	memcpy(m->set.mem, mem, sizeof mem);
	buf_add_text(&line, "+CPMS: ");
	add_counts(m, op == SIM_OP_READ, &line);
	sim_at_info(m, "%s", buf_text(&line));
	buf_free(&line);
	if (elsewhere)
		sim_net_retry(sim, now);
	return SIM_OK;
}

/* The slot an index means, or NULL when the store has no such place. */
static struct sim_slot *slot_at(struct sim_modem *m, int64_t index)
{
	struct sim_store *s = &m->stores[m->set.mem[0]];
	int64_t at = index - base_of(m);

	return at < 0 || at >= (int64_t)s->total ? NULL : &s->slots[at];
}

int sim_store_read(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now)
{
	struct buf line = { .limit = 1100 };
	struct sim_slot *slot;
	int64_t index;
	int error = sim_sms_error(m);

	(void)sim, (void)now;
	if (op != SIM_OP_SET || error != 0)
		return op == SIM_OP_TEST ? SIM_OK : error != 0 ? error : SIM_ERROR;
	if (!sim_at_number(&args, 0, INT32_MAX, &index))
		return SIM_CMS(321);
	slot = slot_at(m, index);
	if (slot == NULL)
		return SIM_CMS(321);
	if (slot->message == NULL) /* both are seen: MODEMS.md 3.3 */
		return m->vendor == SIM_QUECTEL ? SIM_OK : SIM_CMS(321);
	sim_store_line(m, slot->message, "+CMGR: ", slot, &line);
	sim_at_info(m, "%s", buf_text(&line));
	buf_free(&line);
	slot->read = true;
	return SIM_OK;
}

/* <stat> of +CMGL in either mode: 0 unread, 1 read, 2 and 3 none here, 4 all; -1 is none of these. */
static int wanted_stat(const struct sim_modem *m, enum sim_op op, struct span args)
{
	static const char *const names[] = { "REC UNREAD", "REC READ", "STO UNSENT", "STO SENT",
					     "ALL" };
	struct span arg = sim_at_arg(&args);
	int64_t n;

	if (op == SIM_OP_EXEC)
		return 0;
	if (m->set.cmgf == 0)
		return span_int(arg, &n) && n >= 0 && n <= 4 ? (int)n : -1;
	for (int i = 0; i < (int)COUNT_OF(names); i++)
		if (span_is(arg, names[i]))
			return i;
	return -1;
}

static void list_slot(struct sim_modem *m, size_t at, bool first)
{
	struct sim_slot *slot = &m->stores[m->set.mem[0]].slots[at];
	struct buf line = { .limit = 1100 };
	char prefix[32];

	snprintf(prefix, sizeof prefix, "+CMGL: %d,", (int)at + base_of(m));
	sim_store_line(m, slot->message, prefix, slot, &line);
	if (m->listing == SIM_LIST_JOINED) /* MODEMS.md 8, row 15 */
		buf_addf(&m->reply, "%s%s", first ? "\r\n" : "", buf_text(&line));
	else
		sim_at_info(m, "%s", buf_text(&line));
	buf_free(&line);
	slot->read = true;
}

int sim_store_list(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now)
{
	const struct sim_store *s = &m->stores[m->set.mem[0]];
	int stat = wanted_stat(m, op, args);
	int error = sim_sms_error(m);
	bool shown = false;

	(void)sim, (void)now;
	if (op == SIM_OP_TEST && m->set.cmgf == 0)
		sim_at_info(m, "+CMGL: (0-4)");
	if (op == SIM_OP_TEST || error != 0)
		return error;
	if (op == SIM_OP_READ || stat < 0)
		return SIM_CMS(303);
	for (size_t i = 0; i < s->total; i++) {
		const struct sim_slot *slot = &s->slots[i];

		if (slot->message == NULL || (stat != 4 && stat != (slot->read ? 1 : 0)))
			continue;
		list_slot(m, i, !shown);
		shown = true;
	}
	if (m->listing == SIM_LIST_JOINED && shown)
		buf_add_text(&m->reply, "\r\n");
	return SIM_OK;
}

/* Some move the later messages up when one goes. */
static void close_gaps(struct sim_store *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->total; i++) {
		struct sim_slot slot = s->slots[i];

		s->slots[i] = (struct sim_slot){ .read = false };
		if (slot.message != NULL)
			s->slots[kept++] = slot;
	}
}

static void clear_all(struct sim_store *s, bool unread_too)
{
	for (size_t i = 0; i < s->total; i++)
		if (unread_too || s->slots[i].read)
			clear(&s->slots[i]);
}

/* 27.005 3.5.4 <delflag>: 1 to 3 take the read ones (and sent, unsent: none here), 4 all. */
int sim_store_delete(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		     struct when now)
{
	struct sim_store *s = &m->stores[m->set.mem[0]];
	struct sim_slot *slot;
	int64_t index;
	int64_t flag = 0;
	int error = sim_sms_error(m);

	if (op == SIM_OP_TEST)
		sim_at_info(m, "+CMGD: (%d-%d),(0-4)", base_of(m), base_of(m) + (int)s->total - 1);
	if (op != SIM_OP_SET || error != 0)
		return op == SIM_OP_TEST ? SIM_OK : error != 0 ? error : SIM_ERROR;
	if (!sim_at_number(&args, 0, INT32_MAX, &index) ||
	    (args.len > 0 && !sim_at_number(&args, 0, 4, &flag)))
		return SIM_CMS(321);
	slot = slot_at(m, index);
	if (flag == 0 && slot == NULL)
		return SIM_CMS(321);
	if (m->keeps_messages)
		return SIM_OK;
	if (flag == 0)
		clear(slot);
	else
		clear_all(s, flag == 4);
	if (m->shifts)
		close_gaps(s);
	sim_store_recount(sim, m, now);
	sim_net_retry(sim, now); /* the SIM tells the network that there is room (23.040 SMMA) */
	return SIM_OK;
}
