#include "voices.h"

#include <stdlib.h>
#include <string.h>

#include "audio/signal.h"

#define KEPT_MAX     16
#define KEPT_SAMPLES ((size_t)4 * 60 * SOUND_RATE) /* all together: 4 MB */

#define TONE_FRAMES  20 /* 400 ms */
#define TONE_DBM0    (-14.0)
#define TONE_ID      INT64_MAX

enum kept_state { KEPT_NONE, KEPT_MAKING, KEPT_READY };

/* Text and its sound. */
struct kept {
	enum kept_state state;
	int64_t ticket;
	int64_t used; /* the higher the later */
	char *text;
	struct sound sound;
};

struct speaker {
	struct voice *voice;
	bool open;
	char *waits; /* text that is to be said once it is made; NULL none */
	int64_t id;  /* of it */
};

struct voices {
	struct gateway *gateway;
	struct voice_maker maker;
	struct speaker *speakers;
	size_t count;
	struct kept kept[KEPT_MAX];
	int64_t tickets, uses;
};

/* ---- what is kept ------------------------------------------------------ */

static void forget(struct kept *kept)
{
	free(kept->text);
	sound_free(&kept->sound);
	*kept = (struct kept){ .state = KEPT_NONE };
}

static struct kept *find(struct voices *voices, const char *text)
{
	for (size_t i = 0; i < KEPT_MAX; i++)
		if (voices->kept[i].state != KEPT_NONE && strcmp(voices->kept[i].text, text) == 0)
			return &voices->kept[i];
	return NULL;
}

/* A place: a free one, else that of what was not needed for longest. */
static struct kept *place(struct voices *voices)
{
	struct kept *oldest = NULL;

	for (size_t i = 0; i < KEPT_MAX; i++) {
		struct kept *kept = &voices->kept[i];

		if (kept->state == KEPT_NONE)
			return kept;
		if (kept->state == KEPT_READY && (oldest == NULL || kept->used < oldest->used))
			oldest = kept;
	}
	if (oldest != NULL)
		forget(oldest);
	return oldest;
}

static void make_room(struct voices *voices, const struct kept *newest)
{
	for (;;) {
		struct kept *oldest = NULL;
		size_t samples = 0;

		for (size_t i = 0; i < KEPT_MAX; i++) {
			struct kept *kept = &voices->kept[i];

			samples += kept->sound.count;
			if (kept->state == KEPT_READY && kept != newest &&
			    (oldest == NULL || kept->used < oldest->used))
				oldest = kept;
		}
		if (samples <= KEPT_SAMPLES || oldest == NULL)
			return;
		forget(oldest);
	}
}

/* The text's sound, made or in the making; NULL: it cannot be made. */
static struct kept *want(struct voices *voices, const char *text)
{
	struct kept *kept = find(voices, text);
	int64_t ticket;

	if (kept != NULL) {
		kept->used = ++voices->uses;
		return kept;
	}
	kept = place(voices);
	if (kept == NULL)
		return NULL;
	ticket = ++voices->tickets;
	*kept = (struct kept){ .state = KEPT_MAKING,
			       .ticket = ticket,
			       .used = ++voices->uses,
			       .text = span_dup(span_of(text)) };
	if (kept->text == NULL ||
	    voices->maker.make(voices->maker.owner, ticket, span_of(text)) < 0) {
		forget(kept);
		return NULL;
	}
	/* It may have been made at once, or have failed at once. */
	return kept->ticket == ticket && kept->state != KEPT_NONE ? kept : NULL;
}

/* ---- saying ------------------------------------------------------------ */

static void stop_waiting(struct speaker *speaker)
{
	free(speaker->waits);
	speaker->waits = NULL;
}

static void say(struct voices *voices, size_t modem, int64_t id, const char *text, struct when now)
{
	struct speaker *speaker = &voices->speakers[modem];
	const struct kept *kept = want(voices, text);

	stop_waiting(speaker);
	voice_stop(speaker->voice);
	if (kept == NULL) {
		gateway_stalled(voices->gateway, modem, "speech cannot be made", now);
	} else if (kept->state == KEPT_READY) {
		if (voice_say(speaker->voice, id, &kept->sound) < 0)
			gateway_stalled(voices->gateway, modem, "out of memory", now);
	} else {
		speaker->waits = span_dup(span_of(text));
		speaker->id = id;
	}
}

void voices_made(struct voices *voices, int64_t ticket, struct sound *sound, const char *why,
		 struct when now)
{
	struct kept *kept = NULL;

	for (size_t i = 0; i < KEPT_MAX; i++)
		if (voices->kept[i].state == KEPT_MAKING && voices->kept[i].ticket == ticket)
			kept = &voices->kept[i];
	if (kept == NULL) {
		sound_free(sound);
		return;
	}
	kept->sound = *sound;
	*sound = (struct sound){ 0 };
	kept->state = KEPT_READY;
	make_room(voices, kept);
	for (size_t i = 0; i < voices->count; i++) {
		struct speaker *speaker = &voices->speakers[i];

		if (speaker->waits == NULL || strcmp(speaker->waits, kept->text) != 0)
			continue;
		stop_waiting(speaker);
		if (why != NULL || voice_say(speaker->voice, speaker->id, &kept->sound) < 0)
			gateway_stalled(voices->gateway, i, why == NULL ? "out of memory" : why,
					now);
	}
	if (why != NULL)
		forget(kept); /* the next one may be luckier */
}

/* Nobody asks when it has ended. */
static void sound_key(struct voices *voices, size_t modem, char key, struct when now)
{
	int16_t samples[SOUND_FRAME * TONE_FRAMES] = { 0 };
	struct sound tone = { .at = samples, .count = COUNT_OF(samples) };

	signal_add_key(samples, COUNT_OF(samples), key, TONE_DBM0, 0, 0);
	if (voice_say(voices->speakers[modem].voice, TONE_ID, &tone) < 0)
		gateway_stalled(voices->gateway, modem, "out of memory", now);
}

/* ---- the gateway ------------------------------------------------------- */

static void carry_out(struct voices *voices, size_t modem, const struct device_voice *wish,
		      struct when now)
{
	struct speaker *speaker = &voices->speakers[modem];

	switch (wish->kind) {
	case DEVICE_VOICE_OPEN:
		speaker->open = true;
		voice_open(speaker->voice, now);
		break;
	case DEVICE_VOICE_PREPARE:
		if (wish->text != NULL)
			want(voices, wish->text);
		break;
	case DEVICE_VOICE_SAY:
		if (wish->text != NULL)
			say(voices, modem, wish->id, wish->text, now);
		break;
	case DEVICE_VOICE_STOP:
		stop_waiting(speaker);
		voice_stop(speaker->voice);
		break;
	case DEVICE_VOICE_TONE:
		if (wish->text != NULL)
			sound_key(voices, modem, wish->text[0], now);
		break;
	case DEVICE_VOICE_CLOSE:
		stop_waiting(speaker);
		voice_close(speaker->voice);
		speaker->open = false;
		break;
	}
}

static void tell(struct voices *voices, size_t modem, const struct voice_event *event,
		 struct when now)
{
	static const enum gateway_notice notices[TONE_KINDS] = {
		[TONE_RINGING] = GATEWAY_RINGING,
		[TONE_BUSY] = GATEWAY_ENGAGED,
		[TONE_BEEP] = GATEWAY_BEEP,
	};

	if (event->kind == VOICE_SPOKEN)
		gateway_spoken(voices->gateway, modem, event->id, now);
	else if (event->kind == VOICE_STALLED)
		gateway_stalled(voices->gateway, modem, event->why, now);
	else if (event->tone.kind == TONE_KEY)
		gateway_key(voices->gateway, modem, event->tone.key, now);
	else
		gateway_noticed(voices->gateway, modem, notices[event->tone.kind], now);
}

bool voices_turn(struct voices *voices, struct when now)
{
	bool moved = false;

	for (size_t i = 0; i < voices->count; i++) {
		struct device_voice wish;
		struct voice_event event;

		voice_tick(voices->speakers[i].voice, now);
		while (voice_take(voices->speakers[i].voice, &event)) {
			tell(voices, i, &event, now);
			moved = true;
		}
		while (gateway_take_voice(voices->gateway, i, &wish)) {
			carry_out(voices, i, &wish, now);
			free(wish.text);
			moved = true;
		}
	}
	return moved;
}

int64_t voices_deadline(const struct voices *voices)
{
	int64_t due = WHEN_NEVER;

	for (size_t i = 0; i < voices->count; i++)
		due = when_sooner(due, voice_deadline(voices->speakers[i].voice));
	return due;
}

struct voice *voices_open(struct voices *voices, size_t modem)
{
	return voices->speakers[modem].open ? voices->speakers[modem].voice : NULL;
}

void voices_lost(struct voices *voices, size_t modem, const char *why, struct when now)
{
	gateway_stalled(voices->gateway, modem, why, now);
}

/* ---- coming and going -------------------------------------------------- */

int voices_new(struct voices **out, struct gateway *gateway, size_t count, struct voice_maker maker,
	       struct err *err)
{
	struct voices *voices = calloc(1, sizeof *voices);

	if (voices == NULL)
		return err_nomem(err);
	voices->gateway = gateway;
	voices->maker = maker;
	voices->speakers = calloc(count > 0 ? count : 1, sizeof *voices->speakers);
	if (voices->speakers == NULL) {
		free(voices);
		return err_nomem(err);
	}
	for (; voices->count < count; voices->count++)
		if (voice_new(&voices->speakers[voices->count].voice, err) < 0) {
			voices_free(voices);
			return -1;
		}
	*out = voices;
	return 0;
}

void voices_free(struct voices *voices)
{
	if (voices == NULL)
		return;
	for (size_t i = 0; i < voices->count; i++) {
		stop_waiting(&voices->speakers[i]);
		voice_free(voices->speakers[i].voice);
	}
	for (size_t i = 0; i < KEPT_MAX; i++)
		forget(&voices->kept[i]);
	free(voices->speakers);
	free(voices);
}
