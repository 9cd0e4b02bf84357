#include <stdio.h>

#include "modem/at_line.h"
#include "modem/device_int.h"

#define DIAL_MS    20000 /* SIM800 takes as long to say OK */
#define HANG_UP_MS 10000

#define BIT(todo)  (1u << (todo))

static void ended(struct device *device, struct when now)
{
	struct device_talk *talk = &device->talk;
	struct call_result result = call_result(talk->call);
	struct device_event *event = device_push(device, DEVICE_EVENT_CALL_ENDED);

	if (event != NULL) {
		event->attempt = talk->attempt;
		event->end = result.end;
		event->outcome = result.outcome;
		event->cause = result.cause;
		event->talked_s = (result.talked_ms + 999) / 1000;
	}
	if (!talk->incoming)
		guard_talked(device->config.guard, (result.talked_ms + 999) / 1000, now);
	call_free(talk->call);
	talk->call = NULL;
	talk->started = false;
	talk->want &= BIT(CALL_HANG_UP); /* what still hangs in the modem is ended */
	device->status.call_busy = false;
	device->status.sms_busy = device->send != NULL;
	device_speech_clear(device);
	device_audio_over(device);
	inbox_sweep(device->inbox, now.mono_ms);
}

static void report(struct device *device, enum device_event_kind kind, char key)
{
	struct device_event *event = device_push(device, kind);

	if (event == NULL)
		return;
	event->attempt = device->talk.attempt;
	event->key = key;
}

static void collect(struct device *device, struct when now)
{
	struct call_todo todo;

	while (device->talk.call != NULL && call_take(device->talk.call, &todo))
		switch (todo.kind) {
		case CALL_TODO_NONE:
		case CALL_TODOS:
			break;
		case CALL_DIAL:
		case CALL_PICK_UP:
		case CALL_POLL:
		case CALL_ASK_CAUSE:
		case CALL_HANG_UP:
			device->talk.want |= BIT(todo.kind);
			break;
		case CALL_REPORT_DIALLED:
			report(device, DEVICE_EVENT_DIALLED, '\0');
			break;
		case CALL_REPORT_ALERTING:
			report(device, DEVICE_EVENT_ALERTING, '\0');
			break;
		case CALL_REPORT_ANSWERED:
			report(device, DEVICE_EVENT_ANSWERED, '\0');
			break;
		case CALL_REPORT_BLIND:
			report(device, DEVICE_EVENT_BLIND, '\0');
			break;
		case CALL_REPORT_KEY:
			report(device, DEVICE_EVENT_KEY, todo.key);
			break;
		case CALL_REPORT_OVER:
			ended(device, now);
			break;
		}
}

static void call_command(struct device *device, enum call_todo_kind todo,
			 struct at_command *command)
{
	device->talk.want &= ~BIT(todo);
	device->talk.doing = todo;
	if (todo == CALL_HANG_UP) {
		command->text = span_of(device->talk.plain_hang_up ? "ATH" : "AT+CHUP");
		command->timeout_ms = HANG_UP_MS;
	} else if (todo == CALL_ASK_CAUSE) {
		command->text = span_of("AT+CEER");
		command->prefix = "+CEER:";
	} else if (todo == CALL_PICK_UP) {
		command->text = span_of("ATA");
		command->timeout_ms = DIAL_MS;
		command->flags = AT_FINAL_DIAL;
	} else if (todo == CALL_DIAL) {
		snprintf(device->text, sizeof device->text, "ATD%s;",
			 call_number(device->talk.call));
		command->text = span_of(device->text);
		command->timeout_ms = DIAL_MS;
		command->flags = AT_FINAL_DIAL;
	} else {
		command->text = span_of("AT+CLCC");
		command->prefix = "+CLCC:";
	}
}

/* Key detection and the voice path are set up before every call: a restart that nobody saw forgets them. */
static bool prepare(struct device *device, struct at_command *command)
{
	const char *const commands[] = {
		device->profile->dtmf,
		device->profile->speech == NULL ? NULL : device->profile->speech->prepare,
	};

	while (device->talk.prepared < COUNT_OF(commands)) {
		const char *text = commands[device->talk.prepared++];

		if (text == NULL)
			continue;
		device->talk.doing = CALL_TODO_NONE;
		command->text = span_of(text);
		return true;
	}
	return false;
}

bool device_call_next(struct device *device, struct when now, struct at_command *command)
{
	static const enum call_todo_kind order[] = { CALL_HANG_UP, CALL_PICK_UP, CALL_ASK_CAUSE,
						     CALL_DIAL, CALL_POLL };
	struct device_talk *talk = &device->talk;

	/* +CHUP would end our own call as well (27.007 6.5), once there is one. */
	if (device->ring.reject && !talk->started) {
		device->ring.reject = false;
		call_command(device, CALL_HANG_UP, command);
		return true;
	}
	if (talk->call != NULL && !talk->started) {
		if (prepare(device, command))
			return true;
		talk->started = true;
		call_start(talk->call, now);
		collect(device, now);
	}
	for (size_t i = 0; i < COUNT_OF(order); i++)
		if ((talk->want & BIT(order[i])) != 0) {
			call_command(device, order[i], command);
			return true;
		}
	return false;
}

void device_call_done(struct device *device, const struct at_event *event, struct when now)
{
	struct device_talk *talk = &device->talk;
	bool ok = event->kind == AT_EVENT_FINAL && event->final.kind == AT_FINAL_OK;
	unsigned doing = talk->doing;

	talk->doing = CALL_TODO_NONE;
	if (doing == CALL_HANG_UP && !ok && !talk->plain_hang_up) {
		talk->plain_hang_up = true;
		talk->want |= BIT(CALL_HANG_UP);
		return;
	}
	if (doing == CALL_HANG_UP)
		talk->plain_hang_up = false;
	if (talk->call == NULL)
		return;
	if (doing == CALL_DIAL || doing == CALL_PICK_UP)
		call_dialled(talk->call, event->final, now);
	else if (doing == CALL_POLL)
		call_polled(talk->call, ok, now);
	else if (doing == CALL_HANG_UP)
		call_hung_up(talk->call, now);
	collect(device, now);
}

void device_call_line(struct device *device, struct span line, struct when now)
{
	if (device->talk.call == NULL)
		return;
	call_line(device->talk.call, line, now);
	collect(device, now);
}

void device_call_key(struct device *device, char key, struct when now)
{
	call_key(device->talk.call, key, now);
	collect(device, now);
}

void device_call_tick(struct device *device, struct when now)
{
	if (device->talk.call == NULL)
		return;
	call_tick(device->talk.call, now);
	collect(device, now);
}

void device_call_lost(struct device *device, struct when now)
{
	if (device->talk.call != NULL) {
		call_lost(device->talk.call, now);
		collect(device, now);
	}
	device->talk.want = 0;
	device->talk.doing = CALL_TODO_NONE;
	device->talk.plain_hang_up = false;
}

void device_hang_up(struct device *device, struct when now)
{
	if (device->talk.call == NULL)
		return;
	call_stop(device->talk.call, now);
	collect(device, now);
	device_tick(device, now);
}
