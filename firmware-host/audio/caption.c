#include "audio/caption.h"

#include <stdlib.h>

#include <spandsp/telephony.h>
/* its parts name what they need before */
#include <spandsp/async.h>
#include <spandsp/logging.h>

#include <spandsp/fsk.h>

#define LEAD_BITS  40 /* of the idle tone, for the ear to find it */
#define TAIL_BITS  12
#define PAUSE_BITS 10 /* between words: an ear that came in late is in step from the next one on */

struct writer {
	struct span text;
	int idle; /* bits of the idle tone still to come */
	int bits; /* of the character at hand, its stop bit last */
	int left;
	bool ended;
};

static int next_bit(void *owner)
{
	struct writer *w = owner;
	int bit;

	if (w->idle > 0) {
		w->idle--;
		return 1;
	}
	if (w->left == 0 && w->text.len == 0) {
		if (w->ended)
			return SIG_STATUS_END_OF_DATA;
		w->ended = true;
		w->idle = TAIL_BITS;
		return 1;
	}
	if (w->left == 0) {
		unsigned char c = (unsigned char)w->text.at[0];

		w->text = span_skip(w->text, 1);
		w->bits = (c < 0x80 ? c : '?') << 1 |
			  1 << 8; /* start bit 0, seven bits, stop bit 1 */
		w->left = 9;
	}
	bit = w->bits & 1;
	w->bits >>= 1;
	if (--w->left == 0 && w->text.len > 0 && w->text.at[0] == ' ')
		w->idle = PAUSE_BITS;
	return bit;
}

int caption_make(struct sound *sound, struct span text, struct err *err)
{
	struct writer writer = { .text = text, .idle = LEAD_BITS };
	fsk_tx_state_t *tx =
		fsk_tx_init(NULL, &preset_fsk_specs[FSK_V21CH1_110], next_bit, &writer);
	int16_t frame[SOUND_FRAME];
	int rc = tx == NULL ? -1 : 0;
	int n;

	if (rc == 0)
		fsk_tx_power(tx, (float)SOUND_SPEECH_DBM0);
	while (rc == 0 && (n = fsk_tx(tx, frame, SOUND_FRAME)) > 0)
		rc = sound_add(sound, frame, (size_t)n);
	if (tx != NULL)
		fsk_tx_free(tx);
	return rc < 0 ? err_nomem(err) : 0;
}

struct caption_ear {
	fsk_rx_state_t *rx;
	struct buf *text; /* of the running caption_hear */
	bool ended;
};

static void character(void *owner, int c)
{
	struct caption_ear *ear = owner;

	if (c == SIG_STATUS_CARRIER_DOWN)
		ear->ended = true;
	else if (c >= ' ' && c < 0x7F)
		buf_add_char(ear->text, (char)c);
}

int caption_ear_new(struct caption_ear **out, struct err *err)
{
	struct caption_ear *ear = calloc(1, sizeof *ear);

	if (ear != NULL)
		ear->rx = fsk_rx_init(NULL, &preset_fsk_specs[FSK_V21CH1_110],
				      FSK_FRAME_MODE_7N1_FRAMES, character, ear);
	if (ear == NULL || ear->rx == NULL) {
		free(ear);
		return err_nomem(err);
	}
	*out = ear;
	return 0;
}

void caption_ear_free(struct caption_ear *ear)
{
	if (ear == NULL)
		return;
	fsk_rx_free(ear->rx);
	free(ear);
}

bool caption_hear(struct caption_ear *ear, const int16_t *samples, size_t count, struct buf *text)
{
	ear->text = text;
	ear->ended = false;
	fsk_rx(ear->rx, samples, (int)count);
	return ear->ended;
}
