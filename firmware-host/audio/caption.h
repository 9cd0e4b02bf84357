/* caption.h - a voice that a program understands: text as the tones of a text telephone (ITU-T V.21 channel 1 at 110 baud, as in V.18
 * annex), about as quick as speech.
 *
 * For simulated phones: they hear what really came over the line, words that were cut off or drowned are missing, and the gateway
 * speaks it by the same way as any voice (tocsin-sim --say as speech_command).  Keys are not disturbed by it.  A speech codec disturbs it
 * more than it does speech, so simulated networks pass it on as it is.
 */
#ifndef AUDIO_CAPTION_H
#define AUDIO_CAPTION_H

#include "audio/sound.h"
#include "base/buf.h"

/* Appends the text; what is not ASCII becomes "?".  0, or -1: ERR_NOMEM. */
int caption_make(struct sound *sound, struct span text, struct err *err);

struct caption_ear;

int caption_ear_new(struct caption_ear **out, struct err *err);
void caption_ear_free(struct caption_ear *ear); /* NULL is fine */

/* Listens on; appends what it understands.  True: whoever was speaking has become silent. */
bool caption_hear(struct caption_ear *ear, const int16_t *samples, size_t count, struct buf *text);

#endif
