#include "modem/sms_send.h"

#include <stdio.h>
#include <stdlib.h>

#include "modem/at_line.h"

/* TP-FCS C6 and C7: no validity period, or not this one. */
#define CMS_NO_FORMAT   198
#define CMS_NO_VALIDITY 199

struct sms_send {
	int64_t attempt;
	size_t index, total;
	bool in_flight;
	bool referenced; /* +CMGS: of this part was seen */
	enum device_outcome outcome;
	int cause;
	int mr[COUNT_OF(((struct device_event *)0)->mr)];
	size_t mr_count;
	struct pdu_part part[];
};

static int encode(struct sms_send *send, const struct pdu_submit *submit, struct guard *guard,
		  struct when now, struct err *err)
{
	for (size_t i = 0; i < send->total; i++)
		if (pdu_encode(submit, i, send->total, &send->part[i], err) < 0)
			return -1;
	for (size_t i = 0; i < send->total; i++)
		if (guard_sms(guard, span_of(send->part[i].hex), now, err) < 0)
			return -1;
	return 0;
}

int sms_send_new(struct sms_send **out, const struct device_sms *sms, unsigned ref,
		 struct guard *guard, struct when now, struct err *err)
{
	const struct pdu_submit submit = {
		.to = span_of(sms->to),
		.text = span_of(sms->text),
		.message_class = -1,
		.validity_min = sms->validity_min,
		.status_report = sms->report,
		.ref = ref,
	};
	enum pdu_encoding encoding;
	size_t total = pdu_parts_needed(submit.text, &encoding);
	struct sms_send *send;

	if (total == 0)
		return err_set(err, ERR_INVALID, "text of %zu bytes: more than %d parts",
			       submit.text.len, PDU_PARTS_MAX);
	send = calloc(1, sizeof *send + total * sizeof send->part[0]);
	if (send == NULL)
		return err_nomem(err);
	send->attempt = sms->attempt;
	send->total = total;
	send->cause = -1;
	if (encode(send, &submit, guard, now, err) < 0) {
		free(send);
		return -1;
	}
	*out = send;
	return 0;
}

void sms_send_free(struct sms_send *send)
{
	free(send);
}

bool sms_send_next(struct sms_send *send, struct at_command *command,
		   char text[SMS_SEND_COMMAND_MAX])
{
	const struct pdu_part *part = &send->part[send->index];

	if (send->outcome != DEVICE_OUTCOME_NONE || send->in_flight)
		return false;
	send->in_flight = true;
	send->referenced = false;
	snprintf(text, SMS_SEND_COMMAND_MAX, "AT+CMGS=%zu", part->length);
	command->text = span_of(text);
	command->body = span_of(part->hex);
	command->prefix = "+CMGS:";
	return true;
}

bool sms_send_line(struct sms_send *send, struct span text)
{
	struct at_line line = at_line_of(text);
	int64_t mr = -1;

	if (!send->in_flight || !at_line_prefix(&line, "+CMGS:"))
		return false;
	at_line_int(&line, &mr);
	if (!send->referenced && send->mr_count < COUNT_OF(send->mr))
		send->mr[send->mr_count++] = mr >= 0 && mr <= 255 ? (int)mr : -1;
	send->referenced = true;
	return true;
}

static void end(struct sms_send *send, enum device_outcome outcome, int cause)
{
	send->in_flight = false;
	send->outcome = outcome;
	send->cause = cause;
}

static void part_accepted(struct sms_send *send)
{
	if (!send->referenced && send->mr_count < COUNT_OF(send->mr))
		send->mr[send->mr_count++] = -1; /* its line was lost on the wire */
	send->in_flight = false;
	send->index++;
	if (send->index == send->total)
		end(send, DEVICE_ACCEPTED, -1);
}

/* Once: the other parts, and this one again, go without a validity period. */
static bool repeated_without_validity(struct sms_send *send, struct at_final final)
{
	bool dropped = false;

	if (final.kind != AT_FINAL_CMS ||
	    (final.code != CMS_NO_FORMAT && final.code != CMS_NO_VALIDITY))
		return false;
	for (size_t i = send->index; i < send->total; i++)
		dropped = pdu_drop_validity(&send->part[i]) || dropped;
	send->in_flight = !dropped;
	return dropped;
}

void sms_send_final(struct sms_send *send, const struct at_event *event, enum at_codes codes)
{
	enum device_outcome outcome = at_final_sms(event->final, codes);

	if (!send->in_flight || repeated_without_validity(send, event->final))
		return;
	if (outcome == DEVICE_UNKNOWN && !event->body_written)
		outcome = DEVICE_REFUSED_NETWORK;
	if (outcome == DEVICE_ACCEPTED)
		part_accepted(send);
	else
		end(send, outcome, event->final.code);
}

void sms_send_again(struct sms_send *send)
{
	send->in_flight = false;
}

void sms_send_no_prompt(struct sms_send *send)
{
	if (send->in_flight)
		end(send, DEVICE_REFUSED_MODEM, -1);
}

void sms_send_silent(struct sms_send *send)
{
	if (send->in_flight && send->referenced)
		part_accepted(send);
	else
		sms_send_lost(send);
}

void sms_send_lost(struct sms_send *send)
{
	if (send->outcome != DEVICE_OUTCOME_NONE)
		return;
	/* Before the first part nothing can have gone out. */
	end(send, send->in_flight || send->index > 0 ? DEVICE_UNKNOWN : DEVICE_REFUSED_MODEM, -1);
}

enum device_outcome sms_send_outcome(const struct sms_send *send)
{
	return send->outcome;
}

void sms_send_event(const struct sms_send *send, struct device_event *event)
{
	event->kind = DEVICE_EVENT_SENT;
	event->attempt = send->attempt;
	event->outcome = send->outcome;
	event->cause = send->cause;
	event->mr_count = send->mr_count;
	for (size_t i = 0; i < send->mr_count; i++)
		event->mr[i] = send->mr[i];
}
