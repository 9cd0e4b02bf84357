#include "audio/voice.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define FRAME_OCTETS ((size_t)SOUND_FRAME * 2)
#define QUEUE_OCTETS (VOICE_QUEUE_MS / 20 * FRAME_OCTETS)
#define EVENTS_MAX   32

struct voice {
	bool open;
	bool stalled;
	bool heard;          /* a frame, since it was opened */
	struct tones *tones; /* while it is open */
	unsigned char frame[FRAME_OCTETS];
	size_t frame_len;
	struct sound saying;
	size_t said; /* samples of it */
	int64_t id;  /* of it; 0: nothing is being said */
	struct buf out;
	size_t head;        /* octets of the first frame of out that are written already */
	int64_t read_at;    /* mono_ms of the last frame, or of the opening */
	int64_t blocked_at; /* since then nothing could be written; WHEN_NEVER: it can */
	struct voice_event events[EVENTS_MAX];
	size_t event_count;
};

int voice_new(struct voice **out, struct err *err)
{
	struct voice *voice = calloc(1, sizeof *voice);

	if (voice == NULL)
		return err_nomem(err);
	voice->blocked_at = WHEN_NEVER;
	*out = voice;
	return 0;
}

void voice_free(struct voice *voice)
{
	if (voice == NULL)
		return;
	voice_close(voice);
	free(voice);
}

static void tell(struct voice *voice, struct voice_event event)
{
	if (voice->event_count < EVENTS_MAX)
		voice->events[voice->event_count++] = event;
}

bool voice_take(struct voice *voice, struct voice_event *event)
{
	if (voice->event_count == 0)
		return false;
	*event = voice->events[0];
	memmove(voice->events, voice->events + 1, --voice->event_count * sizeof *event);
	return true;
}

static void stall(struct voice *voice, const char *why)
{
	if (voice->stalled)
		return;
	voice->stalled = true;
	tell(voice, (struct voice_event){ .kind = VOICE_STALLED, .why = why });
}

void voice_open(struct voice *voice, struct when now)
{
	struct err err;

	voice_close(voice);
	voice->open = true;
	voice->read_at = now.mono_ms;
	if (tones_new(&voice->tones, &err) < 0)
		stall(voice, "out of memory");
}

void voice_close(struct voice *voice)
{
	tones_free(voice->tones);
	voice->tones = NULL;
	voice_stop(voice);
	buf_free(&voice->out);
	voice->open = voice->stalled = voice->heard = false;
	voice->frame_len = voice->head = voice->event_count = 0;
	voice->blocked_at = WHEN_NEVER;
}

int voice_say(struct voice *voice, int64_t id, const struct sound *sound)
{
	voice_stop(voice);
	if (sound_add(&voice->saying, sound->at, sound->count) < 0)
		return -1;
	voice->id = id;
	return 0;
}

void voice_stop(struct voice *voice)
{
	sound_free(&voice->saying);
	voice->said = 0;
	voice->id = 0;
}

/* ---- a frame each way -------------------------------------------------- */

static void speak(struct voice *voice, int16_t frame[SOUND_FRAME])
{
	size_t left = voice->saying.count - voice->said;
	size_t now = left < SOUND_FRAME ? left : SOUND_FRAME;

	memset(frame, 0, FRAME_OCTETS);
	if (voice->id == 0)
		return;
	if (now > 0)
		memcpy(frame, voice->saying.at + voice->said, now * sizeof *frame);
	voice->said += now;
	if (voice->said < voice->saying.count)
		return;
	tell(voice, (struct voice_event){ .kind = VOICE_SPOKEN, .id = voice->id });
	voice_stop(voice);
}

static void put(struct voice *voice, const int16_t frame[SOUND_FRAME])
{
	unsigned char octets[FRAME_OCTETS];

	for (size_t i = 0; i < SOUND_FRAME; i++) {
		octets[2 * i] = (unsigned char)((uint16_t)frame[i] & 0xFF);
		octets[2 * i + 1] = (unsigned char)((uint16_t)frame[i] >> 8);
	}
	/* What has waited longest is stale.  A frame that is half written must be ended, or all samples behind it are out
	 * of step. */
	while (voice->out.len >= QUEUE_OCTETS) {
		size_t rest = voice->head > 0 ? FRAME_OCTETS - voice->head : 0;

		memmove(voice->out.at + rest, voice->out.at + rest + FRAME_OCTETS,
			voice->out.len - rest - FRAME_OCTETS);
		voice->out.len -= FRAME_OCTETS;
	}
	buf_add(&voice->out, (struct span){ (const char *)octets, sizeof octets });
	if (voice->out.failed)
		stall(voice, "out of memory");
}

static void listen(struct voice *voice)
{
	int16_t samples[SOUND_FRAME];
	struct tone heard[TONES_MAX];
	size_t n;

	for (size_t i = 0; i < SOUND_FRAME; i++)
		samples[i] =
			(int16_t)(uint16_t)(voice->frame[2 * i] | voice->frame[2 * i + 1] << 8);
	n = tones_hear(voice->tones, samples, SOUND_FRAME, heard);
	for (size_t i = 0; i < n; i++)
		tell(voice, (struct voice_event){ .kind = VOICE_TONE, .tone = heard[i] });
}

void voice_feed(struct voice *voice, struct span bytes, struct when now)
{
	int16_t frame[SOUND_FRAME];

	if (!voice->open || voice->tones == NULL)
		return;
	while (bytes.len > 0) {
		size_t want = FRAME_OCTETS - voice->frame_len;
		size_t n = bytes.len < want ? bytes.len : want;

		memcpy(voice->frame + voice->frame_len, bytes.at, n);
		voice->frame_len += n;
		bytes = span_skip(bytes, n);
		if (voice->frame_len < FRAME_OCTETS)
			return;
		voice->frame_len = 0;
		voice->heard = true;
		voice->read_at = now.mono_ms;
		listen(voice);
		speak(voice, frame);
		put(voice, frame);
	}
}

struct span voice_output(const struct voice *voice)
{
	return buf_span(&voice->out);
}

void voice_wrote(struct voice *voice, size_t n)
{
	buf_drop(&voice->out, n);
	voice->head = (voice->head + n) % FRAME_OCTETS;
	if (n > 0)
		voice->blocked_at = WHEN_NEVER;
}

void voice_blocked(struct voice *voice, struct when now)
{
	if (voice->blocked_at == WHEN_NEVER)
		voice->blocked_at = now.mono_ms;
}

/* ---- time -------------------------------------------------------------- */

static int64_t frame_due(const struct voice *voice)
{
	return voice->read_at + (voice->heard ? VOICE_NEXT_MS : VOICE_FIRST_MS);
}

static int64_t write_due(const struct voice *voice)
{
	return voice->blocked_at == WHEN_NEVER ? WHEN_NEVER : voice->blocked_at + VOICE_BLOCK_MS;
}

void voice_tick(struct voice *voice, struct when now)
{
	if (!voice->open)
		return;
	if (now.mono_ms >= frame_due(voice))
		stall(voice, voice->heard ? "its sound stopped" : "no sound came");
	else if (now.mono_ms >= write_due(voice))
		stall(voice, "it takes no more sound");
}

int64_t voice_deadline(const struct voice *voice)
{
	if (!voice->open || voice->stalled)
		return WHEN_NEVER;
	return when_sooner(frame_due(voice), write_due(voice));
}
