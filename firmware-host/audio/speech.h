/* speech.h - text to sound with flite, in the process that asks: only ever a child (LIBS.md 3), as it takes its time.
 */
#ifndef AUDIO_SPEECH_H
#define AUDIO_SPEECH_H

#include "audio/sound.h"

#define SPEECH_TEXT_MAX 600 /* octets that are spoken; the rest is left away at a blank */
#define SPEECH_WORD_MAX \
	40 /* octets of one word: a long one takes seconds to make and minutes to hear */
#define SPEECH_SOUND_MAX ((size_t)90 * SOUND_RATE)

bool speech_voice(const char *name); /* is there such a voice: "kal", "slt" */

/* Appends the text (ASCII; other octets are not spoken), ready for a telephone.  0, or -1: ERR_INVALID (nothing of it can be
 * spoken), ERR_NOMEM. */
int speech_make(struct sound *sound, struct span text, const char *voice, struct err *err);

#endif
