/* The sound of a call by way of the host: switched on and off in the modem, and what the host is asked to say.
 *
 * A fault ends it for the call: the modem's own speech takes over with what was being said, or nobody speaks.
 */
#include <stdio.h>
#include <stdlib.h>

#include "modem/device_int.h"

#define RETRY_MS    500 /* a first +CPCMREG=1 may be refused (SIM7600: MODEMS.md 8, row 27) */
#define TRIES       2
#define PER_CHAR_MS 150   /* no voice is slower … */
#define EXTRA_MS    20000 /* … and is made, and its sound comes, within this */

static const struct profile_pcm *how_of(const struct device *device)
{
	return device->audio.there == DEVICE_SOUND_NONE ? NULL : device->profile->pcm;
}

static const char *open_of(const struct device *device)
{
	const struct profile_pcm *how = how_of(device);

	if (how == NULL)
		return NULL;
	return device->audio.there == DEVICE_SOUND_CARD ? how->card : how->open;
}

/* What calls speak and hear by, now that something of it has changed. */
static void judge(struct device *device)
{
	struct device_status *status = &device->status;
	bool own = device->profile->speech != NULL;
	bool pcm = device->audio.usable && !device->audio.failed && !(device->audio.sick && own);

	status->audio = pcm ? DEVICE_AUDIO_HOST : own ? DEVICE_AUDIO_MODEM : DEVICE_AUDIO_NONE;
	status->speech = status->audio != DEVICE_AUDIO_NONE;
}

bool device_audio_used(const struct device *device)
{
	return device->status.audio == DEVICE_AUDIO_HOST;
}

/* ---- what the host is to do -------------------------------------------- */

static void ask(struct device *device, enum device_voice_kind kind, struct span text)
{
	struct device_audio *audio = &device->audio;
	char *copy = text.len > 0 ? span_dup(text) : NULL;

	if (array_grow(&audio->voices, &audio->voice_cap, audio->voice_count + 1,
		       sizeof *audio->voices) < 0) {
		free(copy);
		return;
	}
	audio->voices[audio->voice_count++] =
		(struct device_voice){ .kind = kind, .id = audio->id, .text = copy };
}

bool device_take_voice(struct device *device, struct device_voice *voice)
{
	struct device_audio *audio = &device->audio;

	if (audio->voice_count == 0)
		return false;
	*voice = audio->voices[0];
	audio->voice_count--;
	for (size_t i = 0; i < audio->voice_count; i++)
		audio->voices[i] = audio->voices[i + 1];
	return true;
}

void device_audio_free(struct device *device)
{
	for (size_t i = 0; i < device->audio.voice_count; i++)
		free(device->audio.voices[i].text);
	free(device->audio.voices);
	buf_free(&device->audio.saying);
}

/* ---- faults ------------------------------------------------------------ */

static void tell(struct device *device, const char *why)
{
	struct device_event *event = device_push(device, DEVICE_EVENT_AUDIO);

	span_copy(span_of(why), device->status.audio_fault, sizeof device->status.audio_fault);
	if (event == NULL)
		return;
	event->attempt = device->talk.call == NULL ? 0 : device->talk.attempt;
	span_copy(span_of(why), event->text, sizeof event->text);
}

static void close_sound(struct device *device)
{
	struct device_audio *audio = &device->audio;
	const struct profile_pcm *how = device->profile->pcm;

	if (audio->open)
		ask(device, DEVICE_VOICE_CLOSE, span_of(""));
	audio->close = audio->close || (audio->switched && how != NULL && how->close != NULL);
	audio->open = audio->switched = false;
}

static void fail(struct device *device, const char *why, struct when now)
{
	struct device_audio *audio = &device->audio;

	tell(device, why);
	close_sound(device);
	audio->failed = audio->sick = true;
	audio->until = WHEN_NEVER;
	judge(device);
	if (!audio->said)
		return;
	audio->said = false;
	device_speak(device, buf_span(&audio->saying), now);
}

/* ---- switching --------------------------------------------------------- */

static bool reached(const struct device *device, const struct profile_pcm *how)
{
	switch (how->at) {
	case PROFILE_PCM_BEFORE:
		return true;
	case PROFILE_PCM_DIALLED:
		return device->talk.started;
	case PROFILE_PCM_ANSWERED:
		return call_hears(device->talk.call);
	}
	return false;
}

/* Is the sound to be switched on?  Some modems want a moment first. */
static bool wants_open(struct device *device, const struct profile_pcm *how, struct when now)
{
	struct device_audio *audio = &device->audio;

	if (device->talk.call == NULL || !device_audio_used(device) || audio->open ||
	    call_state(device->talk.call) >= CALL_HANGING_UP || !reached(device, how))
		return false;
	if (audio->at == WHEN_NEVER)
		audio->at = now.mono_ms + how->delay_ms;
	return now.mono_ms >= audio->at;
}

bool device_audio_next(struct device *device, struct when now, struct at_command *command)
{
	struct device_audio *audio = &device->audio;
	const struct profile_pcm *how = how_of(device);

	audio->doing = AUDIO_NOTHING;
	if (audio->close && device->profile->pcm != NULL) {
		audio->close = false;
		command->text = span_of(device->profile->pcm->close);
		return true;
	}
	if (open_of(device) == NULL)
		return false;
	if (!audio->probed) {
		audio->doing = AUDIO_PROBES;
		command->text = span_of(how->probe);
		return true;
	}
	if (!wants_open(device, how, now))
		return false;
	audio->doing = AUDIO_OPENS;
	audio->switched = true;
	command->text = span_of(open_of(device));
	return true;
}

static void opened(struct device *device, bool ok, struct when now)
{
	struct device_audio *audio = &device->audio;
	char why[80];

	if (device->talk.call == NULL || audio->failed)
		return;
	audio->at = now.mono_ms + RETRY_MS;
	audio->tries++;
	if (!ok) {
		snprintf(why, sizeof why, "%s was refused", open_of(device));
		if (audio->tries >= TRIES)
			fail(device, why, now);
		else
			tell(device, why);
		return;
	}
	audio->open = true;
	ask(device, DEVICE_VOICE_OPEN, span_of(""));
	if (audio->said)
		ask(device, DEVICE_VOICE_SAY, buf_span(&audio->saying));
}

void device_audio_done(struct device *device, const struct at_event *event, struct when now)
{
	struct device_audio *audio = &device->audio;
	bool ok = event->kind == AT_EVENT_FINAL && event->final.kind == AT_FINAL_OK;

	if (audio->doing == AUDIO_PROBES && event->kind == AT_EVENT_FINAL) {
		audio->probed = true;
		audio->usable = ok;
		judge(device);
	} else if (audio->doing == AUDIO_OPENS) {
		opened(device, ok, now);
	}
	audio->doing = AUDIO_NOTHING;
}

void device_audio_tick(struct device *device, struct when now)
{
	if (now.mono_ms >= device->audio.until)
		fail(device, "what was to be said is still not said", now);
}

int64_t device_audio_deadline(const struct device *device)
{
	const struct device_audio *audio = &device->audio;
	int64_t due = audio->until;

	if (device->talk.call != NULL && device_audio_used(device) && !audio->open)
		due = when_sooner(due, audio->at);
	return due;
}

/* ---- coming and going -------------------------------------------------- */

void device_audio_restart(struct device *device)
{
	struct device_audio *audio = &device->audio;

	device_audio_over(device);
	audio->close = audio->sick = audio->usable = false;
	/* without a question that tells, the profile is believed */
	audio->probed = false;
	judge(device);
}

void device_audio_found(struct device *device)
{
	const struct profile_pcm *how = how_of(device);

	device->audio.probed = how == NULL || how->probe == NULL;
	device->audio.usable = open_of(device) != NULL && how->probe == NULL;
	judge(device);
}

void device_audio_over(struct device *device)
{
	struct device_audio *audio = &device->audio;

	close_sound(device);
	audio->said = audio->failed = false;
	audio->tries = 0;
	audio->at = audio->until = WHEN_NEVER;
	judge(device);
}

void device_sound(struct device *device, enum device_sound there)
{
	device->audio.there = there;
	device_audio_found(device);
}

/* ---- speaking ---------------------------------------------------------- */

void device_audio_say(struct device *device, struct span text, struct when now)
{
	struct device_audio *audio = &device->audio;

	buf_clear(&audio->saying);
	buf_add(&audio->saying, text);
	audio->said = true;
	audio->id++;
	audio->until = now.mono_ms + EXTRA_MS + (int64_t)text.len * PER_CHAR_MS;
	if (audio->open)
		ask(device, DEVICE_VOICE_SAY, text);
}

void device_audio_hush(struct device *device)
{
	struct device_audio *audio = &device->audio;

	if (audio->said && audio->open)
		ask(device, DEVICE_VOICE_STOP, span_of(""));
	audio->said = false;
	audio->until = WHEN_NEVER;
}

void device_prepare_speech(struct device *device, struct span text)
{
	if (device_audio_used(device))
		ask(device, DEVICE_VOICE_PREPARE, text);
}

void device_spoken(struct device *device, int64_t id, struct when now)
{
	struct device_audio *audio = &device->audio;

	if (!audio->said || audio->id != id)
		return;
	audio->said = false;
	audio->until = WHEN_NEVER;
	device_speech_spoken(device);
	device_tick(device, now);
}

void device_tone(struct device *device, char key)
{
	if (device->audio.open)
		ask(device, DEVICE_VOICE_TONE, (struct span){ &key, 1 });
}

void device_stalled(struct device *device, const char *why, struct when now)
{
	if (!device->audio.open)
		return;
	fail(device, why, now);
	device_tick(device, now);
}

void device_key(struct device *device, char key, struct when now)
{
	if (device->talk.call == NULL || !device->audio.open)
		return;
	device_call_key(device, key, now);
	device_tick(device, now);
}
