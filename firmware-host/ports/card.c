#include "ports/card.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX "alsa:"

bool card_is(const char *place)
{
	return strncmp(place, PREFIX, sizeof PREFIX - 1) == 0;
}

#ifdef WITH_ALSA

#include <alsa/asoundlib.h>

#include "audio/halve.h"
#include "audio/sound.h"

#define AHEAD_US 100000 /* of sound in the card at most: it is heard that much later */

struct card {
	snd_pcm_t *in, *out;
	unsigned rate;
	int fd;
	struct halve down, up;
};

static int set_up(snd_pcm_t *pcm, unsigned rate)
{
	return snd_pcm_set_params(pcm, SND_PCM_FORMAT_S16_LE, SND_PCM_ACCESS_RW_INTERLEAVED, 1,
				  rate, 0 /* no resampling behind our back */, AHEAD_US);
}

static int open_one(snd_pcm_t **pcm, const char *name, snd_pcm_stream_t stream, struct err *err)
{
	int rc = snd_pcm_open(pcm, name, stream, SND_PCM_NONBLOCK);

	if (rc < 0)
		return err_set(err, ERR_SYSTEM, "sound card %s: %s", name, snd_strerror(rc));
	return 0;
}

/* The same rate both ways. */
static int choose_rate(struct card *card, const char *name, struct err *err)
{
	static const unsigned rates[] = { SOUND_RATE, 2 * SOUND_RATE };

	for (size_t i = 0; i < COUNT_OF(rates); i++) {
		card->rate = rates[i];
		if (set_up(card->in, rates[i]) == 0 && set_up(card->out, rates[i]) == 0)
			return 0;
	}
	return err_set(err, ERR_INVALID,
		       "sound card %s: takes neither 8 nor 16 kHz with one channel of 16 bit",
		       name);
}

int card_open(struct card **out, const char *place, struct err *err)
{
	const char *name = place + sizeof PREFIX - 1;
	struct card *card = calloc(1, sizeof *card);
	struct pollfd fds[1] = { { .fd = -1 } };

	if (card == NULL)
		return err_nomem(err);
	if (open_one(&card->in, name, SND_PCM_STREAM_CAPTURE, err) < 0 ||
	    open_one(&card->out, name, SND_PCM_STREAM_PLAYBACK, err) < 0 ||
	    choose_rate(card, name, err) < 0) {
		card_close(card);
		return -1;
	}
	if (snd_pcm_poll_descriptors(card->in, fds, 1) != 1 || snd_pcm_start(card->in) < 0) {
		card_close(card);
		return err_set(err, ERR_SYSTEM, "sound card %s: does not start", name);
	}
	card->fd = fds[0].fd;
	*out = card;
	return 0;
}

bool card_found(const char *place)
{
	struct card *card = NULL;
	struct err err;

	if (card_open(&card, place, &err) < 0)
		return false;
	card_close(card);
	return true;
}

void card_close(struct card *card)
{
	if (card == NULL)
		return;
	if (card->in != NULL)
		snd_pcm_close(card->in);
	if (card->out != NULL)
		snd_pcm_close(card->out);
	free(card);
}

int card_fd(const struct card *card)
{
	return card->fd;
}

unsigned card_rate(const struct card *card)
{
	return card->rate;
}

/* errno for what ALSA said; what can be put right is, and then there is nothing just now. */
static ssize_t failed(snd_pcm_t *pcm, long rc)
{
	if (rc == -EPIPE || rc == -ESTRPIPE) {
		rc = snd_pcm_recover(pcm, (int)rc, 1);
		if (rc == 0 && snd_pcm_stream(pcm) == SND_PCM_STREAM_CAPTURE)
			rc = snd_pcm_start(pcm);
		if (rc == 0)
			rc = -EAGAIN;
	}
	errno = rc == 0 ? EAGAIN : (int)-rc;
	return -1;
}

ssize_t card_read(struct card *card, void *octets, size_t max)
{
	int16_t samples[2 * SOUND_FRAME];
	size_t want = max / 2 < SOUND_FRAME ? max / 2 : SOUND_FRAME;
	bool twice = card->rate != SOUND_RATE;
	long n = snd_pcm_readi(card->in, samples, twice ? 2 * want : want);

	if (n <= 0)
		return failed(card->in, n);
	if (!twice) {
		memcpy(octets, samples, (size_t)n * 2);
		return n * 2;
	}
	n -= n % 2; /* never odd: ALSA gives what was asked for, or whole periods */
	halve_down(&card->down, samples, (size_t)n, octets);
	return n;
}

ssize_t card_write(struct card *card, const void *octets, size_t len)
{
	int16_t samples[SOUND_FRAME], twice[2 * SOUND_FRAME];
	size_t count = len / 2 < SOUND_FRAME ? len / 2 : SOUND_FRAME;
	bool up = card->rate != SOUND_RATE;
	long room = snd_pcm_avail_update(card->out);
	long n;

	if (room < 0)
		return failed(card->out, room);
	if ((size_t)room / (up ? 2 : 1) < count)
		count = (size_t)room / (up ? 2 : 1);
	if (count == 0)
		return failed(card->out, -EAGAIN);
	memcpy(samples, octets, count * 2);
	if (up)
		halve_up(&card->up, samples, count, twice);
	n = snd_pcm_writei(card->out, up ? twice : samples, up ? 2 * count : count);
	if (n <= 0)
		return failed(card->out, n);
	return (up ? n / 2 : n) * 2;
}

#else

int card_open(struct card **out, const char *place, struct err *err)
{
	(void)out;
	return err_set(err, ERR_INVALID,
		       "%s: this program is built without sound cards; build it with make ALSA=1",
		       place);
}

bool card_found(const char *place)
{
	(void)place;
	return false;
}

void card_close(struct card *card)
{
	(void)card;
}

int card_fd(const struct card *card)
{
	(void)card;
	return -1;
}

unsigned card_rate(const struct card *card)
{
	(void)card;
	return 0;
}

ssize_t card_read(struct card *card, void *octets, size_t max)
{
	(void)card, (void)octets, (void)max;
	errno = ENODEV;
	return -1;
}

ssize_t card_write(struct card *card, const void *octets, size_t len)
{
	(void)card, (void)octets, (void)len;
	errno = ENODEV;
	return -1;
}

#endif
