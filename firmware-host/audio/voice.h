/* voice.h - one modem's voice and ear: frames of its call come in, as many go out, keys are told of.
 *
 * The frames that are read are the clock: for each there is one to write, of what is being said or of silence (MODEMS.md 6.1).
 * What cannot be written is bounded to 200 ms, the oldest goes.  It knows no descriptor and reads no clock.
 */
#ifndef AUDIO_VOICE_H
#define AUDIO_VOICE_H

#include "audio/sound.h"
#include "audio/tones.h"
#include "base/when.h"

#define VOICE_QUEUE_MS 200  /* written at most ahead of what the modem takes */
#define VOICE_FIRST_MS 6500 /* from opening to the first frame: some audio comes 5 s late */
#define VOICE_NEXT_MS  1000 /* from one frame to the next */
#define VOICE_BLOCK_MS 500  /* nothing of it can be written */

struct voice;

int voice_new(struct voice **out, struct err *err); /* 0, or -1: ERR_NOMEM */
void voice_free(struct voice *voice);               /* NULL is fine */

/* A call's sound begins, and ends; closed, it takes and gives nothing. */
void voice_open(struct voice *voice, struct when now);
void voice_close(struct voice *voice);

/* Says these samples (copied) from the next frame on, instead of what is being said.  id: for VOICE_SPOKEN. */
int voice_say(struct voice *voice, int64_t id, const struct sound *sound); /* 0, or -1: memory */
void voice_stop(struct voice *voice);

void voice_feed(struct voice *voice, struct span bytes, struct when now); /* read, in any pieces */
struct span voice_output(const struct voice *voice);                      /* to be written */
void voice_wrote(struct voice *voice, size_t n);
void voice_blocked(struct voice *voice, struct when now); /* nothing could be written now */

void voice_tick(struct voice *voice, struct when now);
int64_t voice_deadline(const struct voice *voice); /* mono_ms, or WHEN_NEVER */

enum voice_event_kind { VOICE_NOTHING, VOICE_TONE, VOICE_SPOKEN, VOICE_STALLED };

struct voice_event {
	enum voice_event_kind kind;
	struct tone tone;
	int64_t id;
	const char *why; /* VOICE_STALLED; once an opening */
};

bool voice_take(struct voice *voice, struct voice_event *event);

#endif
