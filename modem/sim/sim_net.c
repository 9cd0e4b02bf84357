/* The short message centre: takes SUBMITs, keeps what cannot be delivered yet, reports. */
#include <stdlib.h>
#include <string.h>

#include "modem/sim/sim_world.h"

#define PARTS_MAX 20

enum { REPORT_DELIVERED = 0x00, REPORT_NOT_OBTAINABLE = 0x43, REPORT_EXPIRED = 0x46 };

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

static void report(struct sim *sim, const struct sim_message *about, int status, struct when now)
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
	post(sim, message, now.mono_ms);
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

static void park(struct sim *sim, struct sim_message *message, struct when now)
{
	message->waiting = true;
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

		if (phone->off)
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
		park(sim, message, now);
		return;
	}
	forget(sim, copy.id);
	if (sim->reports == SIM_REPORTS_ON)
		report(sim, &copy, REPORT_DELIVERED, now);
}

void sim_net_retry(struct sim *sim, struct when now)
{
	for (size_t i = 0; i < sim->message_count; i++) {
		struct sim_message *message = &sim->messages[i];

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
	if (sim->reports == SIM_REPORTS_FALSE)
		report(sim, &message, REPORT_DELIVERED, now);
	if (message.to_phone < 0 && message.to_modem < 0) {
		if (sim->reports == SIM_REPORTS_ON)
			report(sim, &message, REPORT_NOT_OBTAINABLE, now);
		return;
	}
	if (sim->drop_texts > 0) {
		sim->drop_texts--;
		return;
	}
	post(sim, message, now.mono_ms + sim->delivery_ms);
	if (sim->double_texts > 0) {
		sim->double_texts--;
		message.report = false;
		post(sim, message, now.mono_ms + sim->delivery_ms);
	}
}

void sim_net_text(struct sim *sim, const struct sim_phone *phone, int modem, struct span text,
		  struct when now)
{
	struct sim_ud parts[PARTS_MAX];
	size_t count = sim_pdu_split(text, ++sim->concat_ref & 0xFF, parts, PARTS_MAX);
	const char *from = phone->shown[0] != '\0' ? phone->shown : phone->number;

	for (size_t i = 0; i < count; i++) {
		struct sim_message message = { .from_modem = -1,
					       .to_modem = modem,
					       .to_phone = -1,
					       .sent_s = now.utc_s,
					       .expires_ms = WHEN_NEVER,
					       .ud = parts[i] };

		span_copy(span_of(from), message.from, sizeof message.from);
		span_copy(span_of(sim->modems[modem]->number), message.to, sizeof message.to);
		post(sim, message, now.mono_ms + sim->delivery_ms);
	}
}
