/* tones.h - what a telephone line tells by tones: keys, ringing and busy, a mailbox's beep.
 *
 * Three functions over spandsp.  Only keys are ever acted upon; the rest is for the timeline.  Pure: fed samples, counts them.
 */
#ifndef AUDIO_TONES_H
#define AUDIO_TONES_H

#include "audio/sound.h"

enum tone_kind {
	TONE_NONE,
	TONE_KEY,     /* `key`: 0-9 * # A-D, once a press, about 30 ms into it */
	TONE_RINGING, /* the far end rings: the call is not answered, whatever the modem says */
	TONE_BUSY,    /* busy or congestion */
	TONE_BEEP,    /* one tone, then silence: a mailbox begins to record */
	TONE_KINDS
};

struct tone {
	enum tone_kind kind;
	char key;
};

#define TONES_MAX 8 /* that one call of tones_hear can tell of */

struct tones;

int tones_new(struct tones **out, struct err *err); /* 0, or -1: ERR_NOMEM */
void tones_free(struct tones *tones);               /* NULL is fine */

/* Listens on; at most one frame.  How many it has put into heard. */
size_t tones_hear(struct tones *tones, const int16_t *samples, size_t count,
		  struct tone heard[TONES_MAX]);

#endif
