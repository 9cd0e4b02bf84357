/* The short message centre: takes SUBMITs, keeps what cannot be delivered yet, reports. */
#include <stdlib.h>
#include <string.h>

#include "modem/sim/sim_world.h"

#define PARTS_MAX 20
#define RETRY_MS  300000

enum {
	REPORT_DELIVERED = 0x00,
	REPORT_TRYING = 0x22,
	REPORT_FAILED = 0x41,
	REPORT_NOT_OBTAINABLE = 0x43,
	REPORT_EXPIRED = 0x46
};

#define TRYING_MS INT64_C(5000) /* between the reports of one message that come in sequence */

static void deliver(struct sim *sim, const struct sim_job *job, struct when now);

static struct sim_message *find(struct sim *sim, int64_t id)
{
	for (size_t i = 0; i < sim->message_count; i++)
		if (sim->messages[i].id == id)
			return &sim->messages[i];
	return NULL;
}

static void forget(struct sim *sim, int64_t id)
{
	struct sim_message *message = find(sim, id);
	size_t at = message == NULL ? 0 : (size_t)(message - sim->messages);

	if (message == NULL)
		return;
	memmove(message, message + 1, (--sim->message_count - at) * sizeof *message);
}

static void post(struct sim *sim, struct sim_message message, int64_t due)
{
	if (array_grow(&sim->messages, &sim->message_cap, sim->message_count + 1, sizeof message) <
	    0)
		return;
	message.id = ++sim->ids;
	sim->messages[sim->message_count++] = message;
	sim_job_add(sim, due, deliver)->n = message.id;
}

static void report_in(struct sim *sim, const struct sim_message *about, int status,
		      int64_t later_ms, struct when now)
{
	struct sim_message message = { .from_modem = -1,
				       .to_modem = about->from_modem,
				       .to_phone = -1,
				       .is_report = true,
				       .mr = about->mr,
				       .status = status,
				       .sent_s = about->sent_s,
				       .done_s = now.utc_s,
				       .expires_ms = WHEN_NEVER };

	if (!about->report || about->from_modem < 0 || sim->reports == SIM_REPORTS_OFF)
		return;
	span_copy(span_of(about->to), message.from, sizeof message.from);
	post(sim, message, now.mono_ms + sim->report_ms + later_ms);
}

/* As the network has been told to be about them. */
static void report(struct sim *sim, const struct sim_message *about, int status, struct when now)
{
	if (sim->reports == SIM_REPORTS_FAILED && status == REPORT_DELIVERED)
		status = REPORT_FAILED;
	if (sim->reports != SIM_REPORTS_SEQUENCE) {
		report_in(sim, about, status, 0, now);
		return;
	}
	report_in(sim, about, REPORT_TRYING, 0, now);
	report_in(sim, about, REPORT_TRYING, TRYING_MS, now);
	report_in(sim, about, status, 2 * TRYING_MS, now);
}

static void expire(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_message *message = find(sim, job->n);
	struct sim_message copy;

	if (message == NULL)
		return;
	copy = *message;
	forget(sim, copy.id);
	if (sim->reports != SIM_REPORTS_FALSE)
		report(sim, &copy, REPORT_EXPIRED, now);
}

static void retry(struct sim *sim, const struct sim_job *job, struct when now)
{
	(void)job;
	sim->retries = false;
	sim_net_retry(sim, now);
}

/* It is tried again when somebody shows up, and every now and then. */
static void park(struct sim *sim, struct sim_message *message, struct when now)
{
	message->waiting = true;
	if (!sim->retries)
		sim_job_add(sim, now.mono_ms + RETRY_MS, retry);
	sim->retries = true;
	if (message->expires_ms == WHEN_NEVER)
		return;
	sim_job_add(sim, message->expires_ms > now.mono_ms ? message->expires_ms : now.mono_ms,
		    expire)
		->n = message->id;
	message->expires_ms = WHEN_NEVER; /* one such job is enough */
}

static void note_text(struct sim *sim, enum sim_event_kind kind, int modem,
		      const struct sim_message *message, struct when now)
{
	struct buf text = { .limit = 2000 };
	struct sim_concat concat;

	if (!sim_pdu_text(&message->ud, &text, &concat))
		buf_add_text(&text, "(not text)");
	sim_note_to(sim, kind, modem, message->to, buf_text(&text), now);
	buf_free(&text);
}

/* True when it has arrived. */
static bool try_delivery(struct sim *sim, const struct sim_message *message, struct when now)
{
	if (message->to_phone >= 0) {
		struct sim_phone *phone = sim->phones[message->to_phone];

		if (sim_phone_gone(sim, phone) || phone->held || sim->held)
			return false;
		sim_phone_receives(sim, phone, message, now);
		return true;
	}
	if (!sim_sms_arrives(sim, sim->modems[message->to_modem], message, now))
		return false;
	if (!message->is_report && message->from_modem >= 0)
		note_text(sim, SIM_TEXTED, message->from_modem, message, now);
	return true;
}

static void deliver(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_message *message = find(sim, job->n);
	struct sim_message copy;

	if (message == NULL)
		return;
	copy = *message; /* a delivery may grow the list */
	if (sim->down || !try_delivery(sim, &copy, now)) {
		message = find(sim, job->n);
		if (message != NULL)
			park(sim, message, now);
		return;
	}
	forget(sim, copy.id);
	if (sim->reports != SIM_REPORTS_FALSE)
		report(sim, &copy, REPORT_DELIVERED, now);
}

void sim_net_retry(struct sim *sim, struct when now)
{
	sim_net_release(sim, false, now);
}

void sim_net_release(struct sim *sim, bool reversed, struct when now)
{
	for (size_t i = 0; i < sim->message_count; i++) {
		struct sim_message *message =
			&sim->messages[reversed ? sim->message_count - 1 - i : i];

		if (!message->waiting)
			continue;
		message->waiting = false;
		sim_job_add(sim, now.mono_ms, deliver)->n = message->id;
	}
}

static void route(struct sim *sim, struct sim_message *message)
{
	const struct sim_phone *phone = sim_phone_by_number(sim, message->to);
	const struct sim_modem *m = sim_modem_by_number(sim, message->to);

	message->to_phone = phone == NULL ? -1 : phone->index;
	message->to_modem = m == NULL ? -1 : m->index;
}

void sim_net_submit(struct sim *sim, struct sim_modem *m, const struct sim_submit *submit, int mr,
		    struct when now)
{
	struct sim_message message = { .from_modem = m->index,
				       .report = submit->report,
				       .mr = mr,
				       .sent_s = now.utc_s,
				       .expires_ms = WHEN_NEVER,
				       .ud = submit->ud };

	span_copy(span_of(m->number), message.from, sizeof message.from);
	span_copy(span_of(submit->to), message.to, sizeof message.to);
	if (submit->validity_s > 0)
		message.expires_ms = now.mono_ms + submit->validity_s * 1000;
	route(sim, &message);
	note_text(sim, SIM_SUBMITTED, m->index, &message, now);
	sim_modem_touched(sim, m, now);
	if (sim->reports == SIM_REPORTS_FALSE)
		report(sim, &message, REPORT_DELIVERED, now);
	if (message.to_phone < 0 && message.to_modem < 0) {
		if (sim->reports != SIM_REPORTS_FALSE)
			report(sim, &message, REPORT_NOT_OBTAINABLE, now);
		return;
	}
	if (sim->filters && sim_filter_drops(sim, m, submit, now))
		return;
	if (sim->drop_texts != 0) {
		sim->drop_texts -= sim->drop_texts > 0;
		return;
	}
	post(sim, message, now.mono_ms + sim_pick(sim, sim->delivery));
	if (sim->double_texts != 0) {
		sim->double_texts -= sim->double_texts > 0;
		message.report = false;
		post(sim, message, now.mono_ms + sim_pick(sim, sim->delivery));
	}
}

/* What the centre stamps a message with. */
static int64_t stamp(const struct sim *sim, struct when now)
{
	if (sim->stamps == SIM_STAMPS_STUCK)
		return sim->stamp_s;
	return now.utc_s + (sim->stamps == SIM_STAMPS_OFF ? sim->stamp_s : 0);
}

static struct sim_message to_modem(const struct sim *sim, int modem, const char *from,
				   struct when now)
{
	struct sim_message message = { .from_modem = -1,
				       .to_modem = modem,
				       .to_phone = -1,
				       .sent_s = stamp(sim, now),
				       .expires_ms = WHEN_NEVER };

	span_copy(span_of(from), message.from, sizeof message.from);
	span_copy(span_of(sim->modems[modem]->number), message.to, sizeof message.to);
	return message;
}

void sim_net_text(struct sim *sim, const struct sim_phone *phone, int modem, struct span text,
		  struct when now)
{
	struct sim_ud parts[PARTS_MAX];
	size_t count = sim_pdu_split(text, ++sim->concat_ref & 0xFF, parts, PARTS_MAX);
	const char *from = phone->shown[0] != '\0' ? phone->shown : phone->number;

	for (size_t i = 0; i < count; i++) {
		struct sim_message message = to_modem(sim, modem, from, now);

		message.ud = parts[i];
		post(sim, message, now.mono_ms + sim_pick(sim, sim->delivery));
		if (sim->double_texts != 0) {
			sim->double_texts -= sim->double_texts > 0;
			post(sim, message, now.mono_ms + sim_pick(sim, sim->delivery));
		}
	}
}

const char *const sim_junk_kinds[] = { "flash", "silent", "wap", "mms", "waiting", "part", NULL };

/* 23.038 4, 23.040 9.2.3.9 and 9.2.3.24: what a kind of junk looks like. */
static void make_junk(struct sim_ud *ud, const char *kind)
{
	static const unsigned char mms[] = /* to port 2948: application/vnd.wap.mms-message */
		"\x06\x05\x04\x0B\x84\x23\xF0\x01\x06\x03\xBE\xAF\x84\x8C\x82\x98";
	static const unsigned char part[] = /* of a text of three, the second */
		"\x05\x00\x03\x77\x03\x02\x00h\x00i";

	if (strcmp(kind, "flash") == 0)
		ud->dcs = 0x10;
	else if (strcmp(kind, "silent") == 0)
		ud->pid = 0x40;
	else if (strcmp(kind, "waiting") == 0)
		ud->dcs = 0xC8; /* voice mail waiting, the text may be thrown away */
	if (strcmp(kind, "wap") == 0 || strcmp(kind, "mms") == 0) {
		*ud = (struct sim_ud){ .header = true, .dcs = 0x04, .len = sizeof mms - 1 };
		memcpy(ud->bytes, mms, ud->len);
		if (kind[0] == 'w')
			ud->bytes[10] = 0xAE; /* a service indication */
	} else if (strcmp(kind, "part") == 0) {
		*ud = (struct sim_ud){ .header = true, .dcs = 0x08, .len = sizeof part - 1 };
		memcpy(ud->bytes, part, ud->len);
	}
	if (ud->header)
		ud->units = (unsigned)ud->len;
}

void sim_net_junk(struct sim *sim, int modem, const char *kind, struct span text, struct when now)
{
	struct sim_message message = to_modem(sim, modem, "22100", now);

	if (sim_pdu_split(text.len == 0 ? span_of("You have 1 new message") : text, 0, &message.ud,
			  1) != 1)
		return;
	make_junk(&message.ud, kind);
	post(sim, message, now.mono_ms + sim_pick(sim, sim->delivery));
}
