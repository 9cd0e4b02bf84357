#include "tests/support/rig.h"

#include <stdio.h>
#include <stdlib.h>

void rig_init(struct rig *rig, const struct device_config *config)
{
	static const char *const numbers[] = { RIG_NUMBER };
	struct device_config own = { .name = "one" };
	struct err err = { .code = ERR_NONE };

	*rig = (struct rig){ .now = { .mono_ms = 1000, .utc_s = 1795000000 } };
	if (config != NULL)
		own = *config;
	if (guard_new(&rig->guard, (struct guard_limits){ 0, 0, 0 }, &err) < 0 ||
	    guard_allow(rig->guard, numbers, 1, &err) < 0)
		abort();
	own.guard = rig->guard;
	if (device_new(&rig->device, &own, &err) < 0)
		abort();
}

void rig_free(struct rig *rig)
{
	device_free(rig->device);
	guard_free(rig->guard);
	far_free(&rig->far);
	free(rig->events);
}

/* As an owner that allows the modem's own means always, and the others when the test says so. */
static void repair(struct rig *rig, enum device_repair repair)
{
	bool own = repair == DEVICE_REPAIR_RADIO || repair == DEVICE_REPAIR_RESTART;

	if (rig->no_leave)
		return;

	if (repair == DEVICE_REPAIR_REOPEN && rig->reopen) {
		device_closed(rig->device, rig->now);
		device_opened(rig->device, rig->now);
	}
	device_repaired(rig->device, repair, own || rig->owner_repairs, rig->now);
}

static void keep_event(struct rig *rig, const struct device_event *event)
{
	if (array_grow(&rig->events, &rig->cap, rig->count + 1, sizeof *rig->events) < 0)
		abort();
	rig->events[rig->count++] = *event;
	if (rig->delete_read &&
	    (event->kind == DEVICE_EVENT_RECEIVED || event->kind == DEVICE_EVENT_REPORT ||
	     event->kind == DEVICE_EVENT_UNREADABLE))
		device_delete(rig->device, event->memory, event->index, rig->now);
	if (event->kind == DEVICE_EVENT_REPAIR)
		repair(rig, event->repair);
	if (event->kind == DEVICE_EVENT_PIN && event->outcome == DEVICE_OUTCOME_NONE)
		device_pin(rig->device, !rig->keep_pin, "the owner says no", rig->now);
}

/* Everything that can happen without time passing. */
static void settle(struct rig *rig)
{
	struct device_event event;
	bool more = true;

	while (more) {
		struct span out = device_output(rig->device);

		more = out.len > 0;
		if (more) {
			far_feed(&rig->far, out);
			device_wrote(rig->device, out.len);
		}
		if (rig->far.out.len > 0) {
			struct buf said = rig->far.out;

			rig->far.out = (struct buf){ .limit = 0 };
			device_feed(rig->device, buf_span(&said), rig->now);
			buf_free(&said);
			more = true;
		}
		while (device_take(rig->device, &event)) {
			keep_event(rig, &event);
			more = true;
		}
	}
}

void rig_open(struct rig *rig)
{
	device_opened(rig->device, rig->now);
	settle(rig);
}

void rig_run(struct rig *rig, int64_t ms)
{
	int64_t end = rig->now.mono_ms + ms;
	int64_t start = rig->now.mono_ms;
	int64_t start_utc = rig->now.utc_s;

	for (;;) {
		int64_t deadline;

		settle(rig);
		deadline = device_deadline(rig->device);
		if (deadline > end)
			break;
		if (deadline > rig->now.mono_ms)
			rig->now.mono_ms = deadline;
		rig->now.utc_s = start_utc + (rig->now.mono_ms - start) / 1000;
		rig->ticks++;
		device_tick(rig->device, rig->now);
		if (rig->ticks > 1000000)
			abort(); /* a deadline that does not move */
	}
	rig->now.mono_ms = end;
	rig->now.utc_s = start_utc + ms / 1000;
}

void rig_say(struct rig *rig, const char *text)
{
	far_say(&rig->far, text);
	settle(rig);
}

int rig_send(struct rig *rig, const char *text)
{
	const struct device_sms sms = { .attempt = 7, .to = RIG_NUMBER, .text = text };
	struct err err = { .code = ERR_NONE };

	return device_send(rig->device, &sms, rig->now, &err);
}

int rig_call(struct rig *rig)
{
	const struct device_call call = {
		.attempt = 8, .to = RIG_NUMBER, .ring_ms = 35000, .talk_ms = 50000
	};
	struct err err = { .code = ERR_NONE };

	return device_call(rig->device, &call, rig->now, &err);
}

const struct device_event *rig_event(const struct rig *rig, enum device_event_kind kind, size_t n)
{
	for (size_t i = 0; i < rig->count; i++)
		if (rig->events[i].kind == kind && n-- == 0)
			return &rig->events[i];
	return NULL;
}

size_t rig_events(const struct rig *rig, enum device_event_kind kind)
{
	size_t n = 0;

	while (rig_event(rig, kind, n) != NULL)
		n++;
	return n;
}

size_t rig_repairs(const struct rig *rig, enum device_repair repair)
{
	size_t n = 0;

	for (size_t i = 0; i < rig->count; i++)
		n += rig->events[i].kind == DEVICE_EVENT_REPAIR && rig->events[i].repair == repair;
	return n;
}

void rig_event_words(const struct device_event *event, char *text, size_t size)
{
	static const char *const outcomes[] = { "none",
						"accepted",
						"refused permanent",
						"refused recipient",
						"refused network",
						"refused modem",
						"unknown" };
	static const char *const ends[] = { "none",  "busy",    "no answer", "hung up",
					    "limit", "stopped", "refused",   "lost" };
	static const char *const kinds[] = { "none",        "state",   "sent",     "received",
					     "unreadable",  "report",  "dialled",  "alerting",
					     "answered",    "blind",   "key",      "audio fault",
					     "prompt done", "ended",   "incoming", "repair",
					     "queried",     "storage", "pin",      "card" };
	const char *detail = "";
	char key[2] = { event->key, '\0' };

	if (event->kind == DEVICE_EVENT_SENT)
		detail = outcomes[event->outcome];
	else if (event->kind == DEVICE_EVENT_CALL_ENDED)
		detail = ends[event->end];
	else if (event->kind == DEVICE_EVENT_RECEIVED)
		detail = event->pdu.text;
	else if (event->kind == DEVICE_EVENT_KEY)
		detail = key;
	else if (event->kind == DEVICE_EVENT_STATE)
		detail = event->text;
	snprintf(text, size, "%s %.200s", kinds[event->kind], detail);
}
