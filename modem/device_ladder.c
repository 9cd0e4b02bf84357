#include <stdio.h>

#include "modem/device_int.h"

#define AT_MS       1000
#define RADIO_MS    15000
#define REST_MAX_MS 600000

/* Each rung with its own time; whatever is answered with OK starts initialisation again.  The rung is kept until that
 * succeeds, so that a modem that answers AT and nothing else is not only ever asked AT. */
enum rung {
	RUNG_RESYNC, /* ESC, AT */
	RUNG_REOPEN,
	RUNG_RADIO,
	RUNG_RESTART,
	RUNG_USB,
	RUNG_DETACH,
	RUNG_POWER,
	RUNG_REST, /* wait, each time longer */
	RUNGS
};

static const struct {
	int64_t time_ms, pause_ms;
	enum device_repair repair; /* the owner is asked */
	const char *why;
} rungs[RUNGS] = {
	[RUNG_RESYNC] = { 3500, AT_MS, DEVICE_REPAIR_NONE, "asking it again" },
	[RUNG_REOPEN] = { 10000, 2000, DEVICE_REPAIR_REOPEN, "opening its port again" },
	[RUNG_RADIO] = { 45000, AT_MS, DEVICE_REPAIR_RADIO, "switching its radio off and on" },
	[RUNG_RESTART] = { 60000, 2000, DEVICE_REPAIR_RESTART, "restarting it" },
	[RUNG_USB] = { 30000, 2000, DEVICE_REPAIR_USB, "resetting its USB port" },
	[RUNG_DETACH] = { 30000, 2000, DEVICE_REPAIR_DETACH, "taking it off the bus and on again" },
	[RUNG_POWER] = { 90000, 2000, DEVICE_REPAIR_POWER, "cutting its power" },
	[RUNG_REST] = { 30000, 10000, DEVICE_REPAIR_NONE, "waiting before trying again" },
};

void device_repair_ask(struct device *device, enum device_repair repair, const char *why)
{
	struct device_event *event = device_push(device, DEVICE_EVENT_REPAIR);

	if (event == NULL)
		return;
	event->repair = repair;
	span_copy(span_of(why), event->text, sizeof event->text);
}

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
	ladder->asked = rungs[rung].repair != DEVICE_REPAIR_NONE;
	if (ladder->asked) { /* said to be done only when the owner agrees */
		ladder->next_at = ladder->until;
		if (device->status.state != DEVICE_SICK)
			device_state(device, DEVICE_SICK, ladder->why);
		device_repair_ask(device, rungs[rung].repair, ladder->why);
		return;
	}
	snprintf(why, sizeof why, "%s: %s", ladder->why, rungs[rung].why);
	device_state(device, DEVICE_SICK, why);
	if (rung == RUNG_RESYNC)
		at_engine_write(&device->engine, span_of("\x1b\r"));
}

void device_repaired(struct device *device, enum device_repair repair, bool done, struct when now)
{
	struct device_ladder *ladder = &device->ladder;
	char why[sizeof device->status.why];

	if (!ladder->active || !ladder->asked || rungs[ladder->rung].repair != repair)
		return;
	ladder->asked = false;
	ladder->next_at = now.mono_ms;
	if (done) {
		snprintf(why, sizeof why, "%s: %s", ladder->why, rungs[ladder->rung].why);
		device_state(device, DEVICE_SICK, why);
	} else {
		climb(device, ladder->rung + 1, now);
	}
	device_tick(device, now);
}

void device_ladder_enter(struct device *device, const char *why, struct when now)
{
	struct device_ladder *ladder = &device->ladder;
	bool well = ladder->well_at != 0 && ladder->well_at <= now.mono_ms;
	/* Climbed before and not well since: higher. */
	unsigned rung = ladder->until == 0 || well ? RUNG_RESYNC : ladder->rung + 1;

	if (well)
		ladder->round = 0;
	ladder->well_at = 0;
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
	if (ladder->next_at > now.mono_ms || ladder->asked)
		return false;
	if (device->engine.out.len > 0) { /* the port takes nothing: no heap of AT for it */
		ladder->next_at = now.mono_ms + rungs[ladder->rung].pause_ms;
		return false;
	}
	if (ladder->rung == RUNG_RADIO && ladder->said < 2)
		text = ladder->said == 0 ? "AT+CFUN=4" : "AT+CFUN=1";
	else if (ladder->rung == RUNG_RESTART && ladder->said == 0)
		text = device->profile->reset != NULL ? device->profile->reset : "AT+CFUN=1,1";
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
	if (ladder->rung == RUNG_RESTART && ladder->said == 1)
		return;
	device_restart(device, DEVICE_WAKING, now);
}
