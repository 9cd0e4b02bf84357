/* Bytes and slices of time into a device; the first byte chooses the profile.  Whatever comes, a send ends in exactly one
 * event, a call in exactly one, and the next deadline lies ahead once the clock was told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modem/device.h"
#include "modem/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NUMBER "+447700900123"

static const struct {
	const char *command, *answer;
} answers[] = {
	{ "AT+CGMR", "\r\nEC25EFAR02A09M4G\r\n\r\nOK\r\n" },
	{ "AT+CGSN", "\r\n867000000000017\r\n\r\nOK\r\n" },
	{ "AT+CPIN?", "\r\n+CPIN: READY\r\n\r\nOK\r\n" },
	{ "AT+CREG?", "\r\n+CREG: 2,1\r\n\r\nOK\r\n" },
	{ "AT+CMGS=", "\r\n> " },
	{ "AT+CPMS?", "\r\n+CPMS: \"ME\",1,20,\"SM\",0,20,\"ME\",1,20\r\n\r\nOK\r\n" },
	{ "AT+CMGL", "\r\n+CMGL: 1,1,,26\r\n"
		     "0791447758100650040C9144770009103200006211027103504008C1E11244BBC562"
		     "\r\n\r\nOK\r\n" },
	{ "AT^CVOICE?", "\r\n^CVOICE:0,8000,16,20\r\n\r\nOK\r\n" },
	{ "AT+CLCC", "\r\n+CLCC: 1,0,0,0,0,\"" NUMBER "\",145\r\n\r\nOK\r\n" },
	{ "00", "\r\n+CMGS: 47\r\n\r\nOK\r\n" },
	{ "AT", "\r\nOK\r\n" },
};

struct run {
	struct device *device;
	const struct profile *profile;
	struct when now;
	int sends, sent, calls, ended;
};

static void take(struct run *run)
{
	struct device_event event;

	while (device_take(run->device, &event)) {
		run->sent += event.kind == DEVICE_EVENT_SENT;
		run->ended += event.kind == DEVICE_EVENT_CALL_ENDED;
		if (event.kind == DEVICE_EVENT_RECEIVED && event.index % 2 == 0)
			device_delete(run->device, event.memory, event.index, run->now);
		if (event.kind == DEVICE_EVENT_ANSWERED || event.kind == DEVICE_EVENT_BLIND)
			device_speak(run->device, span_of("Page 4711."), run->now);
	}
	if (run->sent > run->sends || run->ended > run->calls)
		abort();
}

static const char *first(const char *const *words)
{
	return words == NULL ? "ACME" : words[0];
}

/* As a good modem of the profile would. */
static void reply(struct run *run, struct span text)
{
	const char *identity = span_starts(text, "AT+CGMI")   ? first(run->profile->makers)
			       : span_starts(text, "AT+CGMM") ? first(run->profile->models)
							      : NULL;
	char line[100];

	if (identity != NULL) {
		snprintf(line, sizeof line, "\r\n%s\r\n\r\nOK\r\n", identity);
		device_feed(run->device, span_of(line), run->now);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(answers); i++)
		if (span_starts(text, answers[i].command)) {
			device_feed(run->device, span_of(answers[i].answer), run->now);
			return;
		}
}

/* Drops the output; when asked, answers it. */
static void drain(struct run *run, bool answer)
{
	char line[2000];
	struct span out = device_output(run->device);
	bool more = span_copy(out, line, sizeof line);

	(void)more;
	device_wrote(run->device, out.len);
	if (answer) {
		struct span text = span_trim(span_of(line));

		if (text.len > 0 && text.at[0] == '\x1b')
			text = span_trim(span_skip(text, 1));
		reply(run, text);
	}
}

static void pass(struct run *run, int64_t ms)
{
	run->now.mono_ms += ms;
	run->now.utc_s += ms / 1000;
	device_tick(run->device, run->now);
	if (device_deadline(run->device) <= run->now.mono_ms)
		abort();
}

static void begin(struct run *run, bool call)
{
	const struct device_sms sms = { .attempt = 1, .to = NUMBER, .text = "Page 4711" };
	const struct device_call to = {
		.attempt = 2, .to = NUMBER, .ring_ms = 9000, .talk_ms = 9000
	};
	struct err err = { .code = ERR_NONE };

	if (call)
		run->calls += device_call(run->device, &to, run->now, &err) == 0;
	else
		run->sends += device_send(run->device, &sms, run->now, &err) == 0;
}

static const struct profile *chosen(uint8_t byte)
{
	size_t count = 0;

	while (profile_at(count) != NULL)
		count++;
	return profile_at(byte % count);
}

static size_t step(struct run *run, const uint8_t *data, size_t size)
{
	size_t arg = size > 1 ? data[1] : 0;
	size_t len = size > 2 ? size - 2 : 0;

	switch (data[0] % 8) {
	case 0:
		pass(run, (int64_t)(arg * arg));
		break;
	case 1:
		len = len < arg ? len : arg;
		device_feed(run->device, (struct span){ (const char *)data + 2, len }, run->now);
		return 2 + len;
	case 2:
		begin(run, arg % 2 == 1);
		break;
	case 3:
		if (arg % 4 == 0)
			device_closed(run->device, run->now);
		else if (arg % 4 == 1)
			device_opened(run->device, run->now);
		else if (arg % 4 == 2)
			device_hang_up(run->device, run->now);
		else
			device_stop_speech(run->device, run->now);
		break;
	case 4:
		drain(run, false);
		break;
	case 6: /* the next command is answered with these lines, and OK */
		len = len < arg ? len : arg;
		drain(run, false);
		device_feed(run->device, (struct span){ (const char *)data + 2, len }, run->now);
		device_feed(run->device, span_of("\r\nOK\r\n"), run->now);
		return 2 + len;
	default:
		for (size_t i = 0; i <= arg; i++)
			drain(run, true);
		break;
	}
	return 2;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const numbers[] = { NUMBER };
	struct run run = { .now = { .mono_ms = 1000, .utc_s = 1795000000 } };
	struct device_config config = { .name = "one" };
	struct err err = { .code = ERR_NONE };

	if (guard_new(&config.guard, (struct guard_limits){ 0, 0, 0 }, &err) < 0 ||
	    guard_allow(config.guard, numbers, 1, &err) < 0 ||
	    device_new(&run.device, &config, &err) < 0)
		abort();
	run.profile = chosen(size > 0 ? *data : 0);
	data += size > 0;
	size -= size > 0;
	device_opened(run.device, run.now);
	while (size > 0) {
		size_t used = step(&run, data, size);

		take(&run);
		data += used < size ? used : size;
		size -= used < size ? used : size;
	}
	for (int i = 0; i < 200; i++) {
		pass(&run, 1000);
		drain(&run, false);
		take(&run);
	}
	if (run.sent != run.sends || run.ended != run.calls)
		abort();
	device_free(run.device);
	guard_free(config.guard);
	return 0;
}
