#include <stdio.h>

#include "modem/device_int.h"

#define AT_MS       1000
#define RADIO_MS    15000
#define REST_MAX_MS 600000

/* Each rung with its own time; whatever is answered with OK starts initialisation again.  The rung is kept until that
 * succeeds, so that a modem that answers AT and nothing else is not only ever asked AT. */
enum rung {
	RUNG_RESYNC, /* ESC, AT */
	RUNG_REOPEN, /* the owner closes and opens the port */
	RUNG_RADIO,  /* radio off and on */
	RUNG_RESET,  /* the modem restarts */
	RUNG_REST,   /* wait, each time longer */
	RUNGS
};

static const struct {
	int64_t time_ms, pause_ms;
	const char *why;
} rungs[RUNGS] = {
	[RUNG_RESYNC] = { 3500, AT_MS, "asking it again" },
	[RUNG_REOPEN] = { 10000, 2000, "opening its port again" },
	[RUNG_RADIO] = { 45000, AT_MS, "switching its radio off and on" },
	[RUNG_RESET] = { 60000, 2000, "restarting it" },
	[RUNG_REST] = { 30000, 10000, "waiting before trying again" },
};

static void climb(struct device *device, unsigned rung, struct when now)
{
	struct device_ladder *ladder = &device->ladder;
	int64_t time_ms;
	char why[sizeof device->status.why];

	if (rung == RUNGS) {
		rung = RUNG_RESYNC;
		if (ladder->round < 5)
			ladder->round++;
	}
	time_ms = rungs[rung].time_ms;
	if (rung == RUNG_REST)
		time_ms = when_sooner(time_ms << ladder->round, REST_MAX_MS);
	ladder->rung = rung;
	ladder->said = 0;
	ladder->next_at = now.mono_ms;
	ladder->until = now.mono_ms + time_ms;
	snprintf(why, sizeof why, "%s: %s", ladder->why, rungs[rung].why);
	device_state(device, DEVICE_SICK, why);
	if (rung == RUNG_RESYNC)
		at_engine_write(&device->engine, span_of("\x1b\r"));
	if (rung == RUNG_REOPEN) {
		struct device_event *event = device_push(device, DEVICE_EVENT_REOPEN);

		if (event != NULL)
			span_copy(span_of(device->status.why), event->text, sizeof event->text);
	}
}

void device_ladder_enter(struct device *device, const char *why, struct when now)
{
	struct device_ladder *ladder = &device->ladder;
	/* Climbed before and no network since: higher. */
	unsigned rung = ladder->until == 0 ? RUNG_RESYNC : ladder->rung + 1;

	device_drop(device, now);
	at_engine_reset(&device->engine);
	span_copy(span_of(why), ladder->why, sizeof ladder->why);
	ladder->active = true;
	climb(device, rung, now);
}

bool device_ladder_next(struct device *device, struct when now, struct at_command *command)
{
	struct device_ladder *ladder = &device->ladder;
	const char *text = "AT";

	if (ladder->until <= now.mono_ms)
		climb(device, ladder->rung + 1, now);
	if (ladder->next_at > now.mono_ms)
		return false;
	if (device->engine.out.len > 0) { /* the port takes nothing: no heap of AT for it */
		ladder->next_at = now.mono_ms + rungs[ladder->rung].pause_ms;
		return false;
	}
	if (ladder->rung == RUNG_RADIO && ladder->said < 2)
		text = ladder->said == 0 ? "AT+CFUN=4" : "AT+CFUN=1";
	else if (ladder->rung == RUNG_RESET && ladder->said == 0)
		text = device->profile->reset;
	ladder->said++;
	ladder->next_at = when_sooner(now.mono_ms + rungs[ladder->rung].pause_ms, ladder->until);
	command->text = span_of(text);
	command->timeout_ms = text[2] == '\0' ? AT_MS : RADIO_MS;
	return true;
}

void device_ladder_done(struct device *device, const struct at_event *event, struct when now)
{
	struct device_ladder *ladder = &device->ladder;

	if (!ladder->active || event->kind != AT_EVENT_FINAL)
		return;
	/* The rung's own commands first; after a reset the modem answers AT again when it is back. */
	if (ladder->rung == RUNG_RADIO && ladder->said < 2)
		return;
	if (ladder->rung == RUNG_RESET && ladder->said == 1)
		return;
	device_restart(device, DEVICE_WAKING, now);
}
