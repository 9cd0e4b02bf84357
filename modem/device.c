#include "modem/device_int.h"

#include <stdlib.h>
#include <string.h>

#define EVENTS_MAX      1024
#define SEND_LIMIT_MS   20000
#define PROMPT_LIMIT_MS 5000
#define POLL_MS         30000
#define CALL_FIRST_MS   20000 /* a call that is due waits no longer for a send (DESIGN.md 5) */
#define LINE_MS         20000 /* a long list is one line after the other: this long without one is none */

static const char *const state_names[] = {
	[DEVICE_NONE] = "none",
	[DEVICE_CLOSED] = "port closed",
	[DEVICE_WAKING] = "waking the modem",
	[DEVICE_IDENTIFYING] = "identifying the modem",
	[DEVICE_INITIALISING] = "initialising",
	[DEVICE_REGISTERING] = "waiting for a network",
	[DEVICE_READY] = "",
	[DEVICE_SICK] = "sick",
};
_Static_assert(COUNT_OF(state_names) == DEVICE_STATES, "a name for each state");

/* ---- coming and going -------------------------------------------------- */

static bool pin_ok(const char *pin)
{
	size_t len = pin == NULL ? 0 : strlen(pin);

	return len == 0 || (len >= 4 && len <= 8 && strspn(pin, "0123456789") == len);
}

int device_new(struct device **out, const struct device_config *config, struct err *err)
{
	struct device *device;

	if (!pin_ok(config->pin))
		return err_set(err, ERR_INVALID, "modem %s: the SIM PIN is not 4 to 8 digits",
			       config->name);
	device = calloc(1, sizeof *device);
	if (device == NULL)
		return err_nomem(err);
	device->config = *config;
	if (device->config.sms_limit_ms == 0)
		device->config.sms_limit_ms = SEND_LIMIT_MS;
	if (device->config.prompt_limit_ms == 0)
		device->config.prompt_limit_ms = PROMPT_LIMIT_MS;
	if (device->config.poll_ms == 0)
		device->config.poll_ms = POLL_MS;
	if (inbox_new(&device->inbox, device->config.poll_ms, err) < 0) {
		free(device);
		return -1;
	}
	span_copy(span_of(config->name), device->name, sizeof device->name);
	span_copy(span_of(config->pin), device->pin, sizeof device->pin);
	span_copy(span_of(config->imei), device->imei, sizeof device->imei);
	span_copy(span_of(config->iccid), device->iccid, sizeof device->iccid);
	device->config.name = device->name;
	device->config.pin = device->pin;
	device->profile = profile_find(span_of(""), span_of(""));
	device->status.registration = -1;
	device->status.pin_tries = -1;
	device->status.profile = device->profile->name;
	device->boot_at = INT64_MIN / 2;
	device->doubt.announced_at = INT64_MIN / 2;
	device->audio.at = device->audio.until = WHEN_NEVER;
	device->network = (struct device_network){ .lost_at = WHEN_NEVER,
						   .repair_at = WHEN_NEVER,
						   .random = device->config.seed };
	device->query.until = device->ussd.until = WHEN_NEVER;
	at_engine_reset(&device->engine);
	device_state(device, DEVICE_CLOSED, state_names[DEVICE_CLOSED]);
	*out = device;
	return 0;
}

void device_free(struct device *device)
{
	if (device == NULL)
		return;
	sms_send_free(device->send);
	call_free(device->talk.call);
	inbox_free(device->inbox);
	buf_free(&device->speech.text);
	device_audio_free(device);
	buf_free(&device->query.answer);
	buf_free(&device->ussd.answer);
	at_engine_free(&device->engine);
	free(device->events);
	free(device);
}

struct device_event *device_push(struct device *device, enum device_event_kind kind)
{
	struct device_event *event;

	/* Taken ones stand in front until there is room to be made. */
	if (device->event_first > 0) {
		memmove(device->events, device->events + device->event_first,
			device->event_count * sizeof *device->events);
		device->event_first = 0;
	}
	if (device->event_count == EVENTS_MAX ||
	    array_grow(&device->events, &device->event_cap, device->event_count + 1,
		       sizeof *device->events) < 0)
		return NULL;
	event = &device->events[device->event_count++];
	*event = (struct device_event){ .kind = kind, .index = -1, .cause = -1 };
	return event;
}

bool device_take(struct device *device, struct device_event *event)
{
	if (device->event_count == 0)
		return false;
	*event = device->events[device->event_first++];
	device->event_count--;
	if (device->event_count == 0)
		device->event_first = 0;
	return true;
}

void device_state(struct device *device, enum device_state state, const char *why)
{
	struct device_event *event;

	if (why == NULL)
		why = state_names[state];
	if (device->status.state == state && strcmp(device->status.why, why) == 0)
		return;
	device->status.state = state;
	span_copy(span_of(why), device->status.why, sizeof device->status.why);
	event = device_push(device, DEVICE_EVENT_STATE);
	if (event != NULL)
		span_copy(span_of(why), event->text, sizeof event->text);
}

/* ---- the send ---------------------------------------------------------- */

static void send_finish(struct device *device, struct when now)
{
	struct device_event *event;

	if (device->send == NULL || sms_send_outcome(device->send) == DEVICE_OUTCOME_NONE)
		return;
	event = device_push(device, DEVICE_EVENT_SENT);
	if (event != NULL)
		sms_send_event(device->send, event);
	sms_send_free(device->send);
	device->send = NULL;
	device->status.sms_busy = device->talk.call != NULL;
	inbox_sweep(device->inbox, now.mono_ms + INBOX_LOOK_MS);
}

static bool send_next(struct device *device, struct at_command *command)
{
	if (device->send == NULL || !sms_send_next(device->send, command, device->text))
		return false;
	command->prompt_ms = device->config.prompt_limit_ms;
	command->timeout_ms = device->config.sms_limit_ms;
	if (device->talk.call != NULL)
		command->timeout_ms = when_sooner(command->timeout_ms, CALL_FIRST_MS);
	return true;
}

void device_send_done(struct device *device, const struct at_event *event, struct when now)
{
	if (device->send == NULL)
		return;
	if (event->kind == AT_EVENT_FINAL && device_card_lost_centre(device, event->final))
		sms_send_again(device->send);
	else if (event->kind == AT_EVENT_FINAL)
		sms_send_final(device->send, event, device->profile->codes);
	else if (event->kind == AT_EVENT_NO_PROMPT)
		sms_send_no_prompt(device->send);
	else
		sms_send_silent(device->send);
	send_finish(device, now);
}

int device_send(struct device *device, const struct device_sms *sms, struct when now,
		struct err *err)
{
	if (device->status.state != DEVICE_READY)
		return err_set(err, ERR_REFUSED, "modem %s is not ready: %s", device->name,
			       device->status.why);
	/* SIMCom's notes on SMS: the two disturb each other.  A live call goes first. */
	if (device->send != NULL || device->talk.call != NULL)
		return DEVICE_BUSY;
	if (sms_send_new(&device->send, sms, device->ref, device->config.guard, now, err) < 0)
		return err_wrap(err, "modem %s", device->name);
	device->ref++;
	device->card.retried = false;
	device->status.sms_busy = true;
	device->doubt.modes = 0;
	device_tick(device, now);
	return 0;
}

int device_call(struct device *device, const struct device_call *call, struct when now,
		struct err *err)
{
	const struct call_limits limits = { call->ring_ms, call->talk_ms };

	if (device->status.state != DEVICE_READY)
		return err_set(err, ERR_REFUSED, "modem %s is not ready: %s", device->name,
			       device->status.why);
	if (!device->status.voice)
		return err_set(err, ERR_REFUSED, "modem %s has no voice path now", device->name);
	if (device->talk.call != NULL)
		return DEVICE_BUSY;
	if (guard_call(device->config.guard, span_of(call->to), now, err) < 0 ||
	    call_new(&device->talk.call, span_of(call->to), limits, err) < 0)
		return err_wrap(err, "modem %s", device->name);
	device->talk.attempt = call->attempt;
	device->talk.incoming = false;
	if (device->ring.ringing)
		device->ring.unwanted = device->ring.reject = true;
	device->talk.started = false;
	device->talk.prepared = 0;
	device->status.call_busy = device->status.sms_busy = true;
	if (device->part == DEVICE_PART_SEND)
		at_engine_limit(&device->engine, CALL_FIRST_MS);
	device_tick(device, now);
	return 0;
}

/* ---- starting over ----------------------------------------------------- */

void device_drop(struct device *device, struct when now)
{
	if (device->send != NULL)
		sms_send_lost(device->send);
	send_finish(device, now);
	device_call_lost(device, now);
	device_query_lost(device);
	device_ussd_lost(device);
	device_ring_clear(device);
	device->part = DEVICE_PART_NONE;
	device->status.sms_busy = device->status.call_busy = false;
}

void device_restart(struct device *device, enum device_state state, struct when now)
{
	device_drop(device, now);
	at_engine_reset(&device->engine);
	device->ladder.active = false;
	device->doubt.announced_at = now.mono_ms;
	memset(device->doubt.silent, 0, sizeof device->doubt.silent);
	if (device->start.pin_entered)
		device_card_entered(device, DEVICE_UNKNOWN);
	device->start = (struct device_start){ .notice_mt = -1, .notice_ds = -1 };
	device->idle.next_at = WHEN_NEVER;
	device->idle.acknowledge = false;
	device_network_restart(device);
	device->status.registration = -1;
	device->status.plmn[0] = '\0';
	device->status.voice = false;
	device_audio_restart(device);
	for (size_t i = 0; i < COUNT_OF(device->idle.stat); i++)
		device->idle.stat[i] = -1;
	device_state(device, state, NULL);
}

void device_opened(struct device *device, struct when now)
{
	device_restart(device, DEVICE_WAKING, now);
	device_tick(device, now);
}

void device_closed(struct device *device, struct when now)
{
	device_drop(device, now);
	at_engine_reset(&device->engine);
	device->ladder.active = false;
	device->status.network = DEVICE_NETWORK_UNKNOWN;
	device_state(device, DEVICE_CLOSED, NULL);
}

/* ---- what is said next ------------------------------------------------- */

/* Nobody waits for these. */
static enum device_part next_of_quiet(struct device *device, struct when now,
				      struct at_command *command)
{
	if (device_network_next(device, now, command))
		return DEVICE_PART_NETWORK;
	if (device_ussd_next(device, command))
		return DEVICE_PART_USSD;
	if (device_idle_next(device, now, command))
		return DEVICE_PART_IDLE;
	if (inbox_next(device->inbox, now, command, device->text))
		return DEVICE_PART_INBOX;
	return DEVICE_PART_NONE;
}

static enum device_part next_of_ready(struct device *device, struct when now,
				      struct at_command *command)
{
	if (device_network_cycling(device) && device_network_next(device, now, command))
		return DEVICE_PART_NETWORK;
	if (device_acknowledge_next(device, command))
		return DEVICE_PART_IDLE;
	if (device->talk.started && device_call_next(device, now, command))
		return DEVICE_PART_CALL;
	if (device->send == NULL && device_audio_next(device, now, command))
		return DEVICE_PART_AUDIO;
	if (device_speech_next(device, now, command))
		return DEVICE_PART_SPEECH;
	if (inbox_urgent_at(device->inbox) <= now.mono_ms &&
	    inbox_next(device->inbox, now, command, device->text))
		return DEVICE_PART_INBOX;
	if (device->send != NULL && device_modes_next(device, now, command))
		return DEVICE_PART_MODES;
	if (device_query_next(device, command))
		return DEVICE_PART_QUERY;
	if (device_card_next(device, command))
		return DEVICE_PART_CARD;
	/* A call that waits for its turn lets a begun text of several parts end. */
	if (send_next(device, command))
		return DEVICE_PART_SEND;
	if (device_call_next(device, now, command))
		return DEVICE_PART_CALL;
	return device->talk.call != NULL ? DEVICE_PART_NONE : next_of_quiet(device, now, command);
}

static enum device_part next_of(struct device *device, struct when now, struct at_command *command)
{
	switch (device->status.state) {
	case DEVICE_SICK:
		if (device->ladder.active)
			return device_ladder_next(device, now, command) ? DEVICE_PART_LADDER
									: DEVICE_PART_NONE;
		if (device_query_next(device, command))
			return DEVICE_PART_QUERY;
		return device_start_next(device, now, command) ? DEVICE_PART_START
							       : DEVICE_PART_NONE;
	case DEVICE_WAKING:
	case DEVICE_IDENTIFYING:
	case DEVICE_INITIALISING:
		return device_start_next(device, now, command) ? DEVICE_PART_START
							       : DEVICE_PART_NONE;
	case DEVICE_REGISTERING:
	case DEVICE_READY:
		return next_of_ready(device, now, command);
	case DEVICE_NONE:
	case DEVICE_CLOSED:
	case DEVICE_STATES:
		break;
	}
	return DEVICE_PART_NONE;
}

/* What makes a radio send at full power: a supply that is too weak gives way then. */
static bool is_loud(struct span command)
{
	static const char *const loud[] = { "ATD", "AT+CMGS=", "AT+COPS=0", "AT+CFUN=1" };

	for (size_t i = 0; i < COUNT_OF(loud); i++)
		if (span_starts(command, loud[i]) && !span_is(command, "AT+CFUN=1,1"))
			return true;
	return false;
}

static void say_next(struct device *device, struct when now)
{
	struct at_command command = { .timeout_ms = DEVICE_QUERY_MS };
	enum device_state state;

	if (!at_engine_idle(&device->engine))
		return;
	do {
		state = device->status.state;
		device->part = next_of(device, now, &command);
	} while (device->part == DEVICE_PART_NONE && state != device->status.state);
	if (device->part == DEVICE_PART_NONE)
		return;
	if (device->part == DEVICE_PART_INBOX)
		command.line_ms = LINE_MS;
	device_doubt_said(device, command.text);
	if (is_loud(command.text))
		device->status.loud_ms = now.mono_ms;
	at_engine_start(&device->engine, &command, now);
}

void device_feed(struct device *device, struct span bytes, struct when now)
{
	struct at_event event;

	if (device->status.state == DEVICE_CLOSED)
		return;
	while (at_engine_next(&device->engine, &bytes, now, &event))
		device_event(device, &event, now);
	device_tick(device, now);
}

void device_tick(struct device *device, struct when now)
{
	struct at_event event;

	if (device->status.state == DEVICE_CLOSED)
		return;
	while (at_engine_tick(&device->engine, now, &event))
		device_event(device, &event, now);
	device_call_tick(device, now);
	device_ring_tick(device, now);
	device_speech_tick(device, now);
	device_audio_tick(device, now);
	device_query_tick(device, now);
	device_ussd_tick(device, now);
	say_next(device, now);
}

/* When something is to be said to a modem that says nothing itself. */
static int64_t idle_deadline(const struct device *device)
{
	switch (device->status.state) {
	case DEVICE_SICK:
	case DEVICE_WAKING:
	case DEVICE_IDENTIFYING:
	case DEVICE_INITIALISING:
		if (device->start.pin_asked)
			return WHEN_NEVER;
		return device->ladder.active ? device->ladder.next_at : device->start.not_before;
	case DEVICE_REGISTERING:
	case DEVICE_READY:
		if (device->talk.call != NULL)
			return inbox_urgent_at(device->inbox);
		return when_sooner(when_sooner(device->idle.next_at, inbox_deadline(device->inbox)),
				   device_network_deadline(device));
	case DEVICE_NONE:
	case DEVICE_CLOSED:
	case DEVICE_STATES:
		break;
	}
	return WHEN_NEVER;
}

int64_t device_deadline(const struct device *device)
{
	int64_t deadline = at_engine_deadline(&device->engine);

	if (device->status.state == DEVICE_CLOSED)
		return WHEN_NEVER;
	if (at_engine_idle(&device->engine))
		deadline = idle_deadline(device);
	if (device->talk.call != NULL)
		deadline = when_sooner(deadline, call_deadline(device->talk.call));
	deadline = when_sooner(deadline, when_sooner(device->ring.until, device->ring.tell_at));
	deadline = when_sooner(deadline, when_sooner(device->query.until, device->ussd.until));
	deadline = when_sooner(deadline, device_audio_deadline(device));
	if (device->speech.state == SPEECH_SAID)
		deadline = when_sooner(deadline, device->speech.until);
	return deadline;
}

struct span device_output(const struct device *device)
{
	return buf_span(&device->engine.out);
}

void device_wrote(struct device *device, size_t n)
{
	buf_drop(&device->engine.out, n);
}

void device_delete(struct device *device, const char *memory, int index, struct when now)
{
	if (memory[0] == '\0')
		device->idle.acknowledge = device->start.acknowledge;
	else
		inbox_delete(device->inbox, memory, index, now);
	device_tick(device, now);
}

void device_watch(struct device *device, bool paging, struct when now)
{
	inbox_watch(device->inbox, paging, now);
}

const struct device_status *device_status(const struct device *device)
{
	return &device->status;
}
