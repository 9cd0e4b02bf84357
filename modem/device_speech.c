#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "modem/device_int.h"

#define PER_CHAR_MS 120 /* measured 90 on one modem */
#define EXTRA_MS    5000
#define TEXT_MAX    8192 /* more than a quarter of an hour of speech */

void device_speech_clear(struct device *device)
{
	buf_clear(&device->speech.text);
	device->speech.state = SPEECH_IDLE;
	device->speech.stop = false;
}

void device_speech_spoken(struct device *device)
{
	struct device_event *event;

	device->speech.state = SPEECH_IDLE;
	if (device->talk.call == NULL)
		return;
	event = device_push(device, DEVICE_EVENT_PROMPT_DONE);
	if (event != NULL)
		event->attempt = device->talk.attempt;
}

/* UTF-16 code units as hex: four digits each. */
static size_t hex_len(uint32_t point)
{
	return point > 0xFFFF ? 8 : 4;
}

static size_t add_hex(char *to, uint32_t point)
{
	if (point <= 0xFFFF)
		return (size_t)snprintf(to, 5, "%04X", (unsigned)point);
	point -= 0x10000;
	return (size_t)snprintf(to, 9, "%04X%04X", 0xD800 + (unsigned)(point >> 10),
				0xDC00 + (unsigned)(point & 0x3FF));
}

static bool ends_sentence(uint32_t point)
{
	return point == '.' || point == '!' || point == '?' || point == ';' || point == '\n' ||
	       point == 0x3002;
}

/* How many bytes of text the next command takes: up to hex_max digits, cut after the last sentence, else after the last
 * blank, else where it must be. */
static size_t cut(struct span text, size_t hex_max)
{
	size_t sentence = 0, blank = 0, fits = 0, hex = 0;
	struct span rest = text;

	while (rest.len > 0) {
		uint32_t point = utf8_next(&rest);

		hex += hex_len(point);
		if (hex > hex_max)
			return sentence > 0 ? sentence : blank > 0 ? blank : fits;
		fits = text.len - rest.len;
		if (ends_sentence(point))
			sentence = fits;
		if (point == ' ')
			blank = fits;
	}
	return text.len;
}

/* The text reaches the wire as hex digits only, so no byte of it can end the argument or the command. */
bool device_speech_next(struct device *device, struct when now, struct at_command *command)
{
	const struct profile_speech *how = device->profile->speech;
	struct device_speech *speech = &device->speech;
	struct span chunk = buf_span(&speech->text);
	size_t len, taken, chars = 0;

	if (how == NULL || device->talk.call == NULL)
		return false;
	if (speech->stop) {
		speech->stop = false;
		speech->stopping = true;
		command->text = span_of(how->stop);
		return true;
	}
	if (speech->state != SPEECH_SAY)
		return false;
	chunk.len = taken = cut(chunk, how->hex_max);
	len = (size_t)snprintf(device->text, sizeof device->text, "%s", how->before);
	for (; chunk.len > 0; chars++) {
		uint32_t point = utf8_next(&chunk);

		len += add_hex(device->text + len, point < ' ' ? ' ' : point);
	}
	snprintf(device->text + len, sizeof device->text - len, "%s", how->after);
	buf_drop(&speech->text, taken);
	speech->stopping = false;
	speech->until = now.mono_ms + EXTRA_MS + (int64_t)chars * PER_CHAR_MS;
	command->text = span_of(device->text);
	return true;
}

void device_speech_done(struct device *device, const struct at_event *event)
{
	struct device_speech *speech = &device->speech;

	if (speech->stopping || speech->stop || speech->state != SPEECH_SAY)
		return;
	if (event->kind == AT_EVENT_FINAL && event->final.kind == AT_FINAL_OK) {
		speech->state = SPEECH_SAID;
		return;
	}
	buf_clear(&speech->text);
	device_speech_spoken(device);
}

static void said(struct device *device)
{
	if (device->speech.text.len > 0)
		device->speech.state = SPEECH_SAY;
	else
		device_speech_spoken(device);
}

void device_speech_line(struct device *device, struct span line)
{
	const struct profile_speech *how = device->profile->speech;

	if (how != NULL && device->speech.state == SPEECH_SAID && span_starts(line, how->done))
		said(device);
}

void device_speech_tick(struct device *device, struct when now)
{
	if (device->speech.state == SPEECH_SAID && now.mono_ms >= device->speech.until)
		said(device);
}

static void stop(struct device *device)
{
	struct device_speech *speech = &device->speech;
	const struct profile_speech *how = device->profile->speech;
	/* Also when the command that begins it is still in flight. */
	bool speaking = speech->state == SPEECH_SAID || device->part == DEVICE_PART_SPEECH;

	speech->stop = speech->stop || (speaking && how->stop != NULL);
	speech->state = SPEECH_IDLE;
	buf_clear(&speech->text);
}

void device_speak(struct device *device, struct span text, struct when now)
{
	if (device->talk.call == NULL || !call_hears(device->talk.call))
		return;
	if (device->status.audio == DEVICE_AUDIO_NONE || text.len == 0) {
		device_speech_spoken(device);
		return;
	}
	if (device_audio_used(device)) {
		device_audio_say(device, text, now);
		device_tick(device, now);
		return;
	}
	stop(device);
	device->speech.text.limit = TEXT_MAX;
	text.len = text.len < TEXT_MAX ? text.len : TEXT_MAX;
	buf_add(&device->speech.text, text);
	device->speech.state = SPEECH_SAY;
	if (device->speech.text.failed) {
		device_speech_clear(device);
		device_speech_spoken(device);
	}
	device_tick(device, now);
}

void device_stop_speech(struct device *device, struct when now)
{
	device_audio_hush(device);
	if (device->profile->speech != NULL)
		stop(device);
	device_tick(device, now);
}
