#include <stdio.h>
#include <string.h>

#include "modem/at_line.h"
#include "modem/device_int.h"

#define CENTRE_MS     10000
#define CMS_NO_CENTRE 330 /* 27.005 3.2.5: SMSC address unknown */

/* ---- the PIN (27.007 8.3) ---- */

void device_card_ask(struct device *device)
{
	device->start.pin_asked = device_push(device, DEVICE_EVENT_PIN) != NULL;
}

void device_pin(struct device *device, bool enter, const char *why, struct when now)
{
	if (!device->start.pin_asked)
		return; /* it has started over since */
	device->start.pin_asked = false;
	if (enter)
		device_step(device, STEP_PIN);
	else
		device_sim_sick(device, DEVICE_SIM_LOCKED, why, now);
	device_tick(device, now);
}

/* Told once for each time that it was entered. */
void device_card_entered(struct device *device, enum device_outcome outcome)
{
	struct device_event *event;

	if (!device->start.pin_entered)
		return;
	device->start.pin_entered = false;
	event = device_push(device, DEVICE_EVENT_PIN);
	if (event != NULL)
		event->outcome = outcome;
}

/* ---- the service centre (27.005 3.3.1) ---- */

static void lost(struct device *device)
{
	device->card.restore = device->card.good[0] != '\0' && device->status.smsc[0] == '\0';
}

void device_card_centre(struct device *device, struct span value)
{
	struct at_line line = at_line_of(value);
	struct span number = { NULL, 0 };
	char smsc[sizeof device->status.smsc];

	at_line_string(&line, &number);
	span_copy(number, smsc, sizeof smsc);
	if (strcmp(smsc, device->status.smsc) == 0)
		return;
	memcpy(device->status.smsc, smsc, sizeof smsc);
	if (device->status.state == DEVICE_READY || device->status.state == DEVICE_REGISTERING)
		device_push(device, DEVICE_EVENT_CARD);
	lost(device);
}

void device_centre(struct device *device, const char *smsc, struct when now)
{
	span_copy(span_of(smsc), device->card.good, sizeof device->card.good);
	lost(device);
	device_tick(device, now);
}

/* The text in flight was refused because the number is gone: put back, and the text said again. */
bool device_card_lost_centre(struct device *device, struct at_final final)
{
	struct device_card *card = &device->card;

	if (final.kind != AT_FINAL_CMS || final.code != CMS_NO_CENTRE || card->good[0] == '\0' ||
	    card->retried)
		return false;
	card->retried = card->restore = true;
	return true;
}

bool device_card_next(struct device *device, struct at_command *command)
{
	struct device_card *card = &device->card;

	if (!card->restore)
		return false;
	card->restore = false;
	snprintf(device->text, sizeof device->text, "AT+CSCA=\"%s\",%d", card->good,
		 card->good[0] == '+' ? 145 : 129);
	command->text = span_of(device->text);
	command->timeout_ms = CENTRE_MS;
	return true;
}

void device_card_done(struct device *device, const struct at_event *event)
{
	if (event->kind == AT_EVENT_FINAL && event->final.kind == AT_FINAL_OK)
		span_copy(span_of(device->card.good), device->status.smsc,
			  sizeof device->status.smsc);
}
