#include "audio/tones.h"

#include <stdlib.h>
#include <string.h>

/* each of its headers wants some of the others before it */
#include <spandsp/telephony.h>

#include <spandsp/logging.h>
#include <spandsp/super_tone_rx.h>

#include <spandsp/dtmf.h>

#include "audio/beep.h"

/* One key whose tone is cut by speech or the codec is heard twice. */
#define SAME_KEY_GAP SOUND_MS(150)
/* A codec bends the two tones of a key apart: half a decibel more than ITU-T Q.24 asks for. */
#define TWIST_DB   9
#define REVERSE_DB 6
#define BUSY_TWICE 2
#define FLOOR_DBM0 (-38)

struct plan { /* the tones of one part of the world; mixed in one detector they hide each other */
	int ringing_hz[2], ringing_on_ms, ringing_off_ms;
	int busy_hz[2], busy_ms;
};

static const struct plan plans[] = {
	{ { 425, 0 }, 1000, 4000, { 425, 0 }, 500 },     /* ETSI TR 101 041 */
	{ { 440, 480 }, 2000, 4000, { 480, 620 }, 500 }, /* North America: precise tone plan */
};

struct progress {
	struct tones *tones;
	super_tone_rx_descriptor_t *descriptor;
	super_tone_rx_state_t *detector;
	int ringing, busy;
};

struct tones {
	dtmf_rx_state_t *keys;
	struct progress progress[COUNT_OF(plans)];
	struct beep beep;
	int16_t block[BEEP_BLOCK];
	size_t block_len;
	char last;      /* key */
	bool pressed;   /* its tone is still there */
	uint64_t ended; /* sample at which it was not any more */
	uint64_t now;
	struct tone *heard; /* of the running tones_hear */
	size_t count;
};

static void tell(struct tones *tones, struct tone tone)
{
	if (tones->count < TONES_MAX)
		tones->heard[tones->count++] = tone;
}

static void key_changed(void *owner, int code, int level, int delay)
{
	struct tones *tones = owner;

	(void)level, (void)delay;
	if (tones->pressed)
		tones->ended = tones->now;
	tones->pressed = code != 0;
	if (code == 0)
		return;
	if (code != tones->last || tones->now - tones->ended > SAME_KEY_GAP)
		tell(tones, (struct tone){ TONE_KEY, (char)code });
	tones->last = (char)code;
}

static void progress_changed(void *owner, int code, int level, int delay)
{
	struct progress *p = owner;

	(void)level, (void)delay;
	if (code == p->ringing)
		tell(p->tones, (struct tone){ .kind = TONE_RINGING });
	else if (code == p->busy)
		tell(p->tones, (struct tone){ .kind = TONE_BUSY });
}

static void add_pattern(super_tone_rx_descriptor_t *to, int id, const int hz[2], const int ms[2])
{
	/* a fifth of tolerance: exchanges are not precise, and a detector's steps are 16 ms */
	super_tone_rx_add_element(to, id, hz[0], hz[1], ms[0] * 4 / 5, ms[0] * 6 / 5);
	super_tone_rx_add_element(to, id, 0, 0, ms[1] * 4 / 5, ms[1] * 6 / 5);
}

static int progress_init(struct progress *p, struct tones *tones, const struct plan *plan)
{
	p->tones = tones;
	p->descriptor = super_tone_rx_make_descriptor(NULL);
	if (p->descriptor == NULL)
		return -1;
	p->ringing = super_tone_rx_add_tone(p->descriptor);
	add_pattern(p->descriptor, p->ringing, plan->ringing_hz,
		    (const int[]){ plan->ringing_on_ms, plan->ringing_off_ms });
	p->busy = super_tone_rx_add_tone(p->descriptor);
	for (int i = 0; i < BUSY_TWICE; i++) /* once may be a word and a pause */
		add_pattern(p->descriptor, p->busy, plan->busy_hz,
			    (const int[]){ plan->busy_ms, plan->busy_ms });
	p->detector = super_tone_rx_init(NULL, p->descriptor, progress_changed, p);
	return p->detector == NULL ? -1 : 0;
}

int tones_new(struct tones **out, struct err *err)
{
	struct tones *tones = calloc(1, sizeof *tones);
	bool good = tones != NULL;

	if (good)
		tones->keys = dtmf_rx_init(NULL, NULL, NULL);
	good = good && tones->keys != NULL;
	for (size_t i = 0; good && i < COUNT_OF(plans); i++)
		good = progress_init(&tones->progress[i], tones, &plans[i]) == 0;
	if (!good) {
		tones_free(tones);
		return err_nomem(err);
	}
	dtmf_rx_set_realtime_callback(tones->keys, key_changed, tones);
	dtmf_rx_parms(tones->keys, 0, TWIST_DB, REVERSE_DB, FLOOR_DBM0);
	*out = tones;
	return 0;
}

void tones_free(struct tones *tones)
{
	if (tones == NULL)
		return;
	for (size_t i = 0; i < COUNT_OF(plans); i++) {
		if (tones->progress[i].detector != NULL)
			super_tone_rx_free(tones->progress[i].detector);
		if (tones->progress[i].descriptor != NULL)
			super_tone_rx_free_descriptor(tones->progress[i].descriptor);
	}
	if (tones->keys != NULL)
		dtmf_rx_free(tones->keys);
	free(tones);
}

static void hear_beep(struct tones *tones, const int16_t *samples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		tones->block[tones->block_len++] = samples[i];
		if (tones->block_len < BEEP_BLOCK)
			continue;
		tones->block_len = 0;
		if (beep_hear(&tones->beep, tones->block))
			tell(tones, (struct tone){ .kind = TONE_BEEP });
	}
}

size_t tones_hear(struct tones *tones, const int16_t *samples, size_t count,
		  struct tone heard[TONES_MAX])
{
	tones->heard = heard;
	tones->count = 0;
	tones->now += count;
	dtmf_rx(tones->keys, samples, (int)count);
	for (size_t i = 0; i < COUNT_OF(plans); i++)
		super_tone_rx(tones->progress[i].detector, samples, (int)count);
	if (tones->pressed)
		tones->beep = (struct beep){ 0 }; /* two tones of a key are not one */
	else
		hear_beep(tones, samples, count);
	return tones->count;
}
