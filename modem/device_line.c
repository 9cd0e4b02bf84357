#include <string.h>

#include "modem/at_urc.h"
#include "modem/device_int.h"

#define BOOT_MS 10000 /* further notices of the same start */

/* "RDY" and "+CFUN: 1" of one start are one start. */
static void on_boot(struct device *device, struct span line, struct when now)
{
	enum device_state state = device->status.state;
	char text[sizeof device->boot];
	bool same = now.mono_ms - device->boot_at < BOOT_MS;

	/* On the way there it may be the answer to our own question, late. */
	if (span_starts(line, "+CFUN:") &&
	    (state == DEVICE_IDENTIFYING || state == DEVICE_INITIALISING))
		return;

	span_copy(line, text, sizeof text);
	same = same && strcmp(text, device->boot) != 0;
	if (!same) {
		memcpy(device->boot, text, sizeof text);
		device->boot_at = now.mono_ms;
	}
	if (same || device->status.state == DEVICE_WAKING)
		return;
	if ((device->status.state == DEVICE_READY || device->status.state == DEVICE_REGISTERING) &&
	    !device_network_cycling(device))
		device->status.boots++;
	device_restart(device, DEVICE_WAKING, now);
}

static void on_unsolicited(struct device *device, struct span line, struct when now)
{
	enum device_state state = device->status.state;

	switch (at_urc_of(line)) {
	case AT_URC_BOOT:
		on_boot(device, line, now);
		break;
	case AT_URC_SIM_GONE:
		if (state == DEVICE_READY || state == DEVICE_REGISTERING)
			device_restart(device, DEVICE_WAKING, now);
		break;
	case AT_URC_READY:
		inbox_sweep(device->inbox, now.mono_ms);
		break;
	case AT_URC_REGISTRATION:
		device_idle_line(device, line, false, now);
		break;
	case AT_URC_RING:
	case AT_URC_CLIP:
		device_ring_line(device, line, now);
		break;
	case AT_URC_CALL:
		device_call_line(device, line, now);
		break;
	case AT_URC_SPOKEN:
		device_speech_line(device, line);
		break;
	case AT_URC_TIME:
		device_clock_line(device, line, now);
		break;
	case AT_URC_NONE:
	case AT_URC_NOISE:
	case AT_URC_MESSAGE:
	case AT_URC_SENT:
		break;
	}
}

static void on_inbox(struct device *device, struct span *line, struct when now)
{
	struct device_event event;

	while (inbox_line(device->inbox, line, &event, now)) {
		struct device_event *to = device_push(device, event.kind);

		if (event.kind == DEVICE_EVENT_RECEIVED && event.index >= 0)
			device_doubt_found(device, now);

		if (to != NULL)
			*to = event;
	}
}

static void on_stores(struct device *device)
{
	struct device_event event;

	device->status.store_count = inbox_levels(device->inbox, device->status.stores);
	while (inbox_take(device->inbox, &event)) {
		struct device_event *to = device_push(device, event.kind);

		if (to != NULL)
			*to = event;
	}
}

static void on_line(struct device *device, struct span line, bool reply, struct when now)
{
	if (device_ussd_line(device, line, reply, now))
		return;
	device_doubt_line(device, line, reply, now);
	/* Before the inbox, which takes whatever is about messages. */
	if (reply && device->part == DEVICE_PART_QUERY) {
		device_query_line(device, line, now);
		return;
	}
	on_inbox(device, &line, now);
	if (line.len == 0)
		return;
	if (!reply) {
		on_unsolicited(device, line, now);
		return;
	}
	switch (device->part) {
	case DEVICE_PART_START:
		device_start_line(device, line, now);
		break;
	case DEVICE_PART_CALL:
		device_call_line(device, line, now);
		break;
	case DEVICE_PART_SEND:
		if (device->send != NULL && sms_send_line(device->send, line))
			at_engine_hurry(&device->engine, AT_HURRY_MS, now);
		break;
	case DEVICE_PART_IDLE:
		device_idle_line(device, line, true, now);
		break;
	case DEVICE_PART_NETWORK:
		device_network_cause(device, line, now);
		break;
	case DEVICE_PART_NONE:
	case DEVICE_PART_LADDER:
	case DEVICE_PART_SPEECH:
	case DEVICE_PART_AUDIO:
	case DEVICE_PART_INBOX:
	case DEVICE_PART_MODES:
	case DEVICE_PARTS:
	case DEVICE_PART_QUERY:
	case DEVICE_PART_CARD:
	case DEVICE_PART_USSD:
		break;
	}
}

static void on_done(struct device *device, const struct at_event *event, struct when now)
{
	enum device_part part = device->part;

	device->part = DEVICE_PART_NONE;
	switch (part) {
	case DEVICE_PART_NONE:
		break;
	case DEVICE_PART_START:
		device_start_done(device, event, now);
		break;
	case DEVICE_PART_LADDER:
		device_ladder_done(device, event, now);
		break;
	case DEVICE_PART_CALL:
		device_call_done(device, event, now);
		break;
	case DEVICE_PART_SPEECH:
		device_speech_done(device, event);
		break;
	case DEVICE_PART_AUDIO:
		device_audio_done(device, event, now);
		break;
	case DEVICE_PART_SEND:
		device_send_done(device, event, now);
		break;
	case DEVICE_PART_INBOX:
		if (inbox_listing(device->inbox) && event->kind == AT_EVENT_FINAL &&
		    event->final.kind != AT_FINAL_OK)
			device_idle_doubt(device, now);
		inbox_done(device->inbox, event->final, now);
		on_stores(device);
		break;
	case DEVICE_PART_IDLE:
	case DEVICE_PART_MODES:
	case DEVICE_PARTS:
		break; /* an answer that did not come is asked for again by and by */
	case DEVICE_PART_QUERY:
		device_query_done(device, event);
		break;
	case DEVICE_PART_CARD:
		device_card_done(device, event);
		break;
	case DEVICE_PART_NETWORK:
		device_network_done(device, now);
		break;
	case DEVICE_PART_USSD:
		device_ussd_done(device, event, now);
		break;
	}
	device_doubt_done(device, part, event, now);
}

void device_event(struct device *device, const struct at_event *event, struct when now)
{
	switch (event->kind) {
	case AT_EVENT_NONE:
		break;
	case AT_EVENT_LINE:
		on_line(device, event->text, event->reply, now);
		break;
	case AT_EVENT_FINAL:
	case AT_EVENT_NO_PROMPT:
	case AT_EVENT_SILENT:
		on_done(device, event, now);
		break;
	case AT_EVENT_STRAY:
		device_doubt_stray(device, now);
		break;
	case AT_EVENT_DEAF:
		device->part = DEVICE_PART_NONE;
		if (device->status.state == DEVICE_WAKING)
			device_start_deaf(device, now);
		else if (!device->ladder.active)
			device_ladder_enter(device, "the modem answers nothing", now);
		break;
	}
}
