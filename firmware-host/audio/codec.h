/* codec.h - what a mobile network does to sound: GSM full rate or AMR, there and back.  For simulated lines and for tests.
 */
#ifndef AUDIO_CODEC_H
#define AUDIO_CODEC_H

#include "audio/sound.h"

enum codec_kind {
	CODEC_NONE,    /* nothing is lost */
	CODEC_GSM,     /* full rate: GSM 06.10, 13 kbit/s */
	CODEC_AMR,     /* narrow band, 12.2 kbit/s */
	CODEC_AMR_LOW, /* 4.75 kbit/s: a bad cell */
	CODEC_KINDS
};

struct codec;

int codec_new(struct codec **out, enum codec_kind kind, struct err *err); /* 0, or -1: ERR_NOMEM */
void codec_free(struct codec *codec);                                     /* NULL is fine */

/* A frame through the network, in place. */
void codec_pass(struct codec *codec, int16_t frame[SOUND_FRAME]);

const char *codec_name(enum codec_kind kind); /* "none", "gsm", "amr", "amr-low" */

#endif
