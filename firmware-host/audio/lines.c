#include "audio/lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audio/caption.h"
#include "audio/codec.h"
#include "audio/signal.h"
#include "base/buf.h"

#define FRAME_MS     20
#define FRAME_OCTETS ((size_t)SOUND_FRAME * 2)
#define AHEAD_MAX    (50 * FRAME_OCTETS) /* a host that does not read loses what is older */
#define KEY_DBM0     (-12.0)
#define KEY_TWIST_DB 2.0
#define BEEP_HZ      1000.0
#define BEEP_MS      400
#define RING_HZ      425.0 /* one second in five */
#define TONE_DBM0    (-16.0)
#define GAP_MS       60 /* between two keys at least */

struct line {
	bool flowing;
	int64_t due;     /* of the next frame */
	uint64_t frames; /* since it began */
	struct buf out;
	struct buf in; /* of the host, less than a frame */
	struct codec *codec;
	enum codec_kind codec_kind;
	struct caption_ear *ear;
	char tone;                     /* that is in the line; '\0': none */
	size_t tone_at, tone_len, gap; /* samples */
	int16_t peer[SOUND_FRAME];     /* the other modem's last frame */
	bool peered;
};

struct lines {
	struct sim *sim;
	struct line *at;
	size_t count, cap;
	uint64_t random;
};

int lines_new(struct lines **out, struct sim *sim, uint64_t seed, struct err *err)
{
	struct lines *lines = calloc(1, sizeof *lines);

	if (lines == NULL)
		return err_nomem(err);
	lines->sim = sim;
	lines->random = seed * 2 + 1;
	*out = lines;
	return 0;
}

static void line_end(struct line *line)
{
	codec_free(line->codec);
	caption_ear_free(line->ear);
	buf_free(&line->in);
	buf_free(&line->out);
	*line = (struct line){ .due = WHEN_NEVER };
}

void lines_free(struct lines *lines)
{
	if (lines == NULL)
		return;
	for (size_t i = 0; i < lines->count; i++)
		line_end(&lines->at[i]);
	free(lines->at);
	free(lines);
}

static bool line_begin(struct line *line, struct when now)
{
	struct err err;

	line_end(line);
	if (caption_ear_new(&line->ear, &err) < 0 ||
	    codec_new(&line->codec, CODEC_NONE, &err) < 0) {
		line_end(line);
		return false;
	}
	line->flowing = true;
	line->due = now.mono_ms;
	return true;
}

/* ---- towards the host ---- */

static void next_tone(struct lines *lines, size_t modem, const struct sim_sound *sound)
{
	struct line *line = &lines->at[modem];

	line->tone = sim_take_tone(lines->sim, modem);
	line->tone_at = 0;
	line->tone_len = SOUND_MS(line->tone == 'b' ? BEEP_MS : sound->tone_ms);
}

static void add_tone(struct line *line, int16_t *to, size_t count)
{
	if (line->tone == 'b')
		signal_add_tone(to, count, BEEP_HZ, TONE_DBM0, line->tone_at);
	else
		signal_add_key(to, count, line->tone, KEY_DBM0, KEY_TWIST_DB, line->tone_at);
}

/* Keys one after the other, each with silence behind it. */
static void add_keys(struct lines *lines, size_t modem, const struct sim_sound *sound,
		     int16_t frame[SOUND_FRAME])
{
	struct line *line = &lines->at[modem];
	size_t at = 0;

	while (at < SOUND_FRAME) {
		size_t left = SOUND_FRAME - at;
		size_t part;

		if (line->gap > 0) {
			part = line->gap < left ? line->gap : left;
			line->gap -= part;
			at += part;
			continue;
		}
		if (line->tone == '\0')
			next_tone(lines, modem, sound);
		if (line->tone == '\0')
			return;
		part = line->tone_len - line->tone_at;
		part = part < left ? part : left;
		if (sound->heard)
			add_tone(line, frame + at, part);
		line->tone_at += part;
		at += part;
		if (line->tone_at < line->tone_len)
			continue;
		line->tone = '\0';
		line->gap = SOUND_MS(GAP_MS);
	}
}

static void add_ringing(const struct line *line, int16_t frame[SOUND_FRAME])
{
	uint64_t place = line->frames * FRAME_MS % 5000;

	if (place < 1000)
		signal_add_tone(frame, SOUND_FRAME, RING_HZ, TONE_DBM0,
				place / FRAME_MS * SOUND_FRAME);
}

static void through_network(struct lines *lines, struct line *line, const struct sim_sound *sound,
			    int16_t frame[SOUND_FRAME])
{
	struct err err;
	double keys = KEY_DBM0 + 10 * log10(1 + pow(10, KEY_TWIST_DB / 10));

	if (line->codec_kind != (enum codec_kind)sound->codec) {
		codec_free(line->codec);
		line->codec = NULL;
		line->codec_kind = (enum codec_kind)sound->codec;
		if (codec_new(&line->codec, line->codec_kind, &err) < 0)
			return;
	}
	if (sound->snr_db >= 0)
		signal_add_noise(frame, SOUND_FRAME, keys - sound->snr_db, &lines->random);
	if (line->codec != NULL)
		codec_pass(line->codec, frame);
}

static void put(struct line *line, const int16_t frame[SOUND_FRAME])
{
	if (line->out.len + FRAME_OCTETS > AHEAD_MAX)
		buf_drop(&line->out, FRAME_OCTETS);
	for (size_t i = 0; i < SOUND_FRAME; i++) {
		buf_add_char(&line->out, (char)((uint16_t)frame[i] & 0xFF));
		buf_add_char(&line->out, (char)((uint16_t)frame[i] >> 8));
	}
}

static void give(struct lines *lines, size_t modem, const struct sim_sound *sound)
{
	struct line *line = &lines->at[modem];
	int16_t frame[SOUND_FRAME] = { 0 };

	if (sound->rings)
		add_ringing(line, frame);
	if (sound->peer >= 0 && line->peered && sound->heard)
		memcpy(frame, line->peer, sizeof frame);
	line->peered = false;
	add_keys(lines, modem, sound, frame);
	through_network(lines, line, sound, frame);
	put(line, frame);
	line->frames++;
}

static void tick(struct lines *lines, size_t modem, struct when now)
{
	struct sim_sound sound = sim_sound(lines->sim, modem, now);
	struct line *line = &lines->at[modem];

	if (!sound.flows) {
		if (line->flowing)
			line_end(line);
		return;
	}
	if (!line->flowing && !line_begin(line, now))
		return;
	while (line->due <= now.mono_ms) {
		give(lines, modem, &sound);
		line->due += FRAME_MS;
	}
}

void lines_tick(struct lines *lines, struct when now)
{
	size_t count = sim_modem_count(lines->sim);

	if (array_grow(&lines->at, &lines->cap, count, sizeof *lines->at) < 0)
		return;
	for (; lines->count < count; lines->count++)
		lines->at[lines->count] = (struct line){ .due = WHEN_NEVER };
	for (size_t i = 0; i < lines->count; i++)
		tick(lines, i, now);
}

int64_t lines_deadline(const struct lines *lines)
{
	int64_t due = WHEN_NEVER;

	for (size_t i = 0; i < lines->count; i++)
		due = when_sooner(due, lines->at[i].due);
	return due;
}

struct span lines_output(const struct lines *lines, size_t modem)
{
	return modem < lines->count ? buf_span(&lines->at[modem].out) : (struct span){ NULL, 0 };
}

void lines_took(struct lines *lines, size_t modem, size_t n)
{
	if (modem < lines->count)
		buf_drop(&lines->at[modem].out, n);
}

/* ---- from the host ---- */

bool lines_takes(const struct lines *lines, size_t modem, struct when now)
{
	return !sim_sound(lines->sim, modem, now).blocked;
}

static void hear(struct lines *lines, size_t modem, const int16_t frame[SOUND_FRAME],
		 struct when now)
{
	struct sim_sound sound = sim_sound(lines->sim, modem, now);
	struct line *line = &lines->at[modem];
	struct buf text = { 0 };
	bool silent;

	if (!sound.hears)
		return;
	if (sound.peer >= 0 && (size_t)sound.peer < lines->count) {
		memcpy(lines->at[sound.peer].peer, frame, sizeof lines->at[sound.peer].peer);
		lines->at[sound.peer].peered = true;
		return;
	}
	silent = caption_hear(line->ear, frame, SOUND_FRAME, &text);
	if (text.len > 0 || silent)
		sim_hears(lines->sim, modem, buf_span(&text), silent, now);
	buf_free(&text);
}

void lines_feed(struct lines *lines, size_t modem, struct span bytes, struct when now)
{
	struct line *line = modem < lines->count ? &lines->at[modem] : NULL;

	if (line == NULL || !line->flowing)
		return;
	buf_add(&line->in, bytes);
	while (line->flowing && line->in.len >= FRAME_OCTETS) {
		int16_t frame[SOUND_FRAME];

		for (size_t i = 0; i < SOUND_FRAME; i++)
			frame[i] = (int16_t)(uint16_t)((unsigned char)line->in.at[2 * i] |
						       (unsigned char)line->in.at[2 * i + 1] << 8);
		buf_drop(&line->in, FRAME_OCTETS);
		hear(lines, modem, frame, now);
	}
}
