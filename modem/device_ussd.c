#include <stdio.h>
#include <string.h>

#include "modem/at_urc.h"
#include "modem/device_int.h"
#include "modem/ussd.h"

#define SAY_MS    10000
#define ANSWER_MS 60000
#define LINE_MS   3000 /* the rest of an answer of several lines */

int device_ussd(struct device *device, struct span code, struct when now, struct err *err)
{
	struct device_ussd *ussd = &device->ussd;

	if (device->status.state != DEVICE_READY)
		return err_set(err, ERR_REFUSED, "modem %s is not ready: %s", device->name,
			       device->status.why);
	if (ussd->state != USSD_NONE || device->send != NULL || device->talk.call != NULL)
		return DEVICE_BUSY;
	if (guard_ussd(device->config.guard, code, err) < 0)
		return err_wrap(err, "modem %s", device->name);
	span_copy(code, ussd->code, sizeof ussd->code);
	ussd->state = USSD_WAITS;
	ussd->packed = false;
	ussd->until = WHEN_NEVER;
	buf_clear(&ussd->answer);
	ussd->answer.limit = 2000;
	device_tick(device, now);
	return 0;
}

static void end(struct device *device, enum device_outcome outcome, const char *text)
{
	struct device_ussd *ussd = &device->ussd;
	struct device_event *event;

	ussd->state = USSD_NONE;
	ussd->until = WHEN_NEVER;
	event = device_push(device, DEVICE_EVENT_USSD);
	if (event == NULL)
		return;
	event->outcome = outcome;
	span_copy(span_of(text), event->text, sizeof event->text);
}

bool device_ussd_next(struct device *device, struct at_command *command)
{
	struct device_ussd *ussd = &device->ussd;
	char packed[2 * USSD_CODE_MAX + 1];

	if (!ussd->cancel && ussd->state != USSD_WAITS)
		return false;
	command->timeout_ms = SAY_MS;
	command->prefix = "+CUSD:";
	if (ussd->cancel) {
		ussd->cancel = false;
		command->text = span_of("AT+CUSD=2");
		return true;
	}
	ussd->state = USSD_SAID;
	if (ussd->packed && ussd_pack(span_of(ussd->code), packed, sizeof packed))
		snprintf(device->text, sizeof device->text, "AT+CUSD=1,\"%s\",15", packed);
	else
		snprintf(device->text, sizeof device->text, "AT+CUSD=1,\"%s\",15", ussd->code);
	command->text = span_of(device->text);
	return true;
}

/* Old Huawei sticks refuse the plain form and take the packed one. */
void device_ussd_done(struct device *device, const struct at_event *event, struct when now)
{
	struct device_ussd *ussd = &device->ussd;
	bool ok = event->kind == AT_EVENT_FINAL && event->final.kind == AT_FINAL_OK;

	if (ussd->state != USSD_SAID)
		return;
	if (!ok && event->kind == AT_EVENT_FINAL && !ussd->packed) {
		ussd->packed = true;
		ussd->state = USSD_WAITS;
	} else if (!ok) {
		end(device, DEVICE_REFUSED_NETWORK, "the modem or its network refuses the code");
	} else {
		ussd->state = USSD_LISTENS;
		ussd->until = now.mono_ms + ANSWER_MS;
	}
}

static void answered(struct device *device)
{
	static const char *const modes[] = { NULL,
					     NULL,
					     "ended by the network",
					     "answered elsewhere",
					     "the network does not know this code",
					     "the network did not answer in time" };
	struct device_ussd *ussd = &device->ussd;
	struct buf text = { .limit = 2000 };
	int mode = ussd_read(buf_span(&ussd->answer), &text);

	ussd->cancel = mode == 1; /* a menu: nobody is going to choose */
	if (text.len > 0 && mode <= 2)
		end(device, DEVICE_ACCEPTED, buf_text(&text));
	else
		end(device, DEVICE_REFUSED_NETWORK,
		    mode >= 2 ? modes[mode] : "an answer without words");
	buf_free(&text);
}

/* Other notices, and answers to other commands, may come in the middle of it. */
static bool other(const struct device *device, struct span line, bool reply)
{
	return at_urc_of(line) != AT_URC_NONE || (reply && device->part != DEVICE_PART_USSD);
}

bool device_ussd_line(struct device *device, struct span line, bool reply, struct when now)
{
	struct device_ussd *ussd = &device->ussd;

	if (ussd->state != USSD_SAID && ussd->state != USSD_LISTENS && ussd->state != USSD_READS)
		return false;
	if (ussd->state == USSD_READS ? other(device, line, reply) : !span_starts(line, "+CUSD:"))
		return false;
	if (ussd->state == USSD_READS)
		buf_add_char(&ussd->answer, '\n');
	buf_add(&ussd->answer, line);
	ussd->state = USSD_READS;
	ussd->until = now.mono_ms + LINE_MS;
	if (!ussd_open(buf_span(&ussd->answer)))
		answered(device);
	return true;
}

void device_ussd_tick(struct device *device, struct when now)
{
	struct device_ussd *ussd = &device->ussd;

	if (ussd->until > now.mono_ms)
		return;
	if (ussd->state == USSD_READS) {
		answered(device);
		return;
	}
	ussd->cancel = true;
	end(device, DEVICE_UNKNOWN, "no answer within a minute");
}

void device_ussd_lost(struct device *device)
{
	device->ussd.cancel = false;
	if (device->ussd.state != USSD_NONE)
		end(device, DEVICE_UNKNOWN, "the modem went away or started over");
}
