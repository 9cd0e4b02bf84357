/* The sound of calls by way of the host: what the shell is to say, and what it has heard. */
#include <stdio.h>

#include "core/inside.h"

void gateway_sound(struct gateway *g, size_t modem, enum device_sound there)
{
	device_sound(g->paths[modem].device, there);
}

bool gateway_take_voice(struct gateway *g, size_t modem, struct device_voice *voice)
{
	return device_take_voice(g->paths[modem].device, voice);
}

void gateway_spoken(struct gateway *g, size_t modem, int64_t id, struct when now)
{
	device_spoken(g->paths[modem].device, id, now);
	gateway_pump(g, now);
}

void gateway_stalled(struct gateway *g, size_t modem, const char *why, struct when now)
{
	device_stalled(g->paths[modem].device, why, now);
	gateway_pump(g, now);
}

void gateway_key(struct gateway *g, size_t modem, char key, struct when now)
{
	device_key(g->paths[modem].device, key, now);
	gateway_pump(g, now);
}

/* For whoever reads the timeline: once a call and kind. */
void gateway_noticed(struct gateway *g, size_t modem, enum gateway_notice notice, struct when now)
{
	static const char *const words[GATEWAY_NOTICES] = {
		[GATEWAY_RINGING] = "the line still rings",
		[GATEWAY_ENGAGED] = "the line is busy",
		[GATEWAY_BEEP] = "a beep: perhaps a mailbox",
	};
	struct path *path = &g->paths[modem];

	if (path->call.attempt == 0 || (path->call.noticed & 1u << notice) != 0)
		return;
	path->call.noticed |= 1u << notice;
	calls_record(g, path, "call.heard", words[notice], now);
	gateway_pump(g, now);
}

void voice_fault(struct gateway *g, struct path *path, const struct device_event *event,
		 struct when now)
{
	if (path->call.attempt != 0 && path->call.attempt == event->attempt)
		calls_record(g, path, "call.audio", event->text, now);
	else
		ledger_record(g, now, "call.audio", (struct about){ .modem = path->modem.name },
			      event->text);
}
