#include <stdio.h>

#include "modem/at_query.h"
#include "modem/device_int.h"

#define WAIT_MS    5000 /* until the line is free for it */
#define ANSWER_MS  3000
#define ANSWER_MAX 4000

int device_query(struct device *device, int64_t attempt, struct span asked, struct when now,
		 struct err *err)
{
	struct device_query *query = &device->query;
	struct at_query of;

	if (at_query_of(asked, &of, err) < 0)
		return -1;
	if (device->status.state == DEVICE_CLOSED || device->ladder.active)
		return err_set(err, ERR_REFUSED, "modem %s cannot be asked now: %s", device->name,
			       device->status.why);
	if (query->state != QUERY_NONE)
		return DEVICE_BUSY;
	buf_clear(&query->answer);
	query->answer.limit = ANSWER_MAX;
	query->state = QUERY_WAITS;
	query->attempt = attempt;
	query->until = now.mono_ms + WAIT_MS;
	query->prefix = of.prefix;
	span_copy(span_of(of.text), query->text, sizeof query->text);
	device_tick(device, now);
	return 0;
}

struct span device_query_answer(const struct device *device)
{
	return buf_span(&device->query.answer);
}

bool device_query_next(struct device *device, struct at_command *command)
{
	struct device_query *query = &device->query;

	if (query->state != QUERY_WAITS)
		return false;
	query->state = QUERY_SAID;
	query->until = WHEN_NEVER;
	command->text = span_of(query->text);
	command->prefix = query->prefix;
	command->timeout_ms = ANSWER_MS;
	return true;
}

/* What it tells about network and settings is as good as if we had asked ourselves. */
void device_query_line(struct device *device, struct span line, struct when now)
{
	struct buf *answer = &device->query.answer;

	if (answer->len + line.len < ANSWER_MAX) {
		buf_add(answer, line);
		buf_add_char(answer, '\n');
	}
	device_idle_line(device, line, true, now);
}

static void end(struct device *device, enum device_outcome outcome, const char *text)
{
	struct device_query *query = &device->query;
	struct device_event *event;

	if (query->state == QUERY_NONE)
		return;
	query->state = QUERY_NONE;
	query->until = WHEN_NEVER;
	event = device_push(device, DEVICE_EVENT_QUERIED);
	if (event == NULL)
		return;
	event->attempt = query->attempt;
	event->outcome = outcome;
	span_copy(span_of(text), event->text, sizeof event->text);
}

void device_query_done(struct device *device, const struct at_event *event)
{
	char text[60];

	if (event->kind != AT_EVENT_FINAL) {
		end(device, DEVICE_UNKNOWN, "the modem did not answer within 3 s");
		return;
	}
	switch (event->final.kind) {
	case AT_FINAL_OK:
		end(device, DEVICE_ACCEPTED, "OK");
		return;
	case AT_FINAL_CME:
	case AT_FINAL_CMS:
		snprintf(text, sizeof text, "+%s ERROR: %d",
			 event->final.kind == AT_FINAL_CME ? "CME" : "CMS", event->final.code);
		end(device, DEVICE_REFUSED_MODEM, text);
		return;
	case AT_FINAL_UNSUPPORTED:
		end(device, DEVICE_REFUSED_MODEM, "the modem does not know this query");
		return;
	case AT_FINAL_NONE:
	case AT_FINAL_ERROR:
	case AT_FINAL_CONNECT:
	case AT_FINAL_NO_CARRIER:
	case AT_FINAL_BUSY:
	case AT_FINAL_NO_ANSWER:
	case AT_FINAL_NO_DIALTONE:
	case AT_FINAL_KINDS:
		break;
	}
	end(device, DEVICE_REFUSED_MODEM, "ERROR");
}

void device_query_lost(struct device *device)
{
	end(device, DEVICE_UNKNOWN, "the modem went away or started over before it answered");
}

void device_query_tick(struct device *device, struct when now)
{
	if (device->query.state != QUERY_WAITS || device->query.until > now.mono_ms)
		return;
	end(device, DEVICE_REFUSED_MODEM,
	    device->status.state == DEVICE_READY
		    ? "the line was not free for it within 5 s: a text or a call goes first"
		    : "the modem is starting or does not answer: see tocsin modems");
}
