#include "ports/pcm.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "log.h"
#include "ports/card.h"
#include "ports/serial.h"

#define READ_MAX 4096

struct line {
	struct pcm *pcm;
	size_t index;
	char name[sizeof((struct config_modem *)0)->name];
	char place[sizeof((struct config_modem *)0)->audio];
	int fd;            /* -1: closed */
	struct card *card; /* it is one, and the descriptor is the card's */
	struct watch *watch;
	bool blocked; /* its buffer is full */
	bool failed;  /* in this call */
};

struct pcm {
	struct loop *loop;
	struct voices *voices;
	struct line *lines;
	size_t count;
};

enum device_sound pcm_found(const char *audio)
{
	if (card_is(audio))
		return card_found(audio) ? DEVICE_SOUND_CARD : DEVICE_SOUND_NONE;
	if (audio[0] == '\0' || access(audio, R_OK | W_OK) < 0)
		return DEVICE_SOUND_NONE;
	return DEVICE_SOUND_PORT;
}

static void line_close(struct line *line)
{
	watch_free(line->watch);
	line->watch = NULL;
	if (line->card == NULL && line->fd >= 0)
		close(line->fd);
	card_close(line->card);
	line->card = NULL;
	line->fd = -1;
	line->blocked = false;
}

static void line_lost(struct line *line, const char *why)
{
	char quoted[LOG_QUOTED];

	line_close(line);
	line->failed = true;
	log_event(LOG_LEVEL_WARNING, "audio.lost", "modem=%s why=%s", line->name,
		  log_quote(why, quoted));
	voices_lost(line->pcm->voices, line->index, why, loop_now(line->pcm->loop));
}

static void readable(void *owner)
{
	struct line *line = owner;
	struct voice *voice = voices_open(line->pcm->voices, line->index);
	char bytes[READ_MAX];
	ssize_t n = line->card != NULL ? card_read(line->card, bytes, sizeof bytes)
				       : read(line->fd, bytes, sizeof bytes);

	if (line->card != NULL)
		line->blocked = false; /* with each frame there is room for one */
	if (n > 0 && voice != NULL)
		voice_feed(voice, (struct span){ bytes, (size_t)n }, loop_now(line->pcm->loop));
	else if (n == 0)
		line_lost(line, "its audio port hung up");
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		line_lost(line, strerror(errno));
}

static void writable(void *owner)
{
	struct line *line = owner;

	line->blocked = false;
	watch_write(line->watch, false);
}

static void line_open(struct line *line)
{
	struct watch_calls calls = { readable, writable, line };
	struct err err = { 0 };

	if (!card_is(line->place))
		line->fd = serial_open(line->place, &err);
	else if (card_open(&line->card, line->place, &err) == 0)
		line->fd = card_fd(line->card);
	if (line->fd >= 0 && line->card == NULL)
		tcflush(line->fd, TCIOFLUSH); /* what was meant for an earlier call */
	if (line->fd >= 0 && loop_watch(line->pcm->loop, &line->watch, line->fd, calls, &err) == 0)
		return;
	line_lost(line, err.text);
}

static ssize_t put(struct line *line, struct span out)
{
	return line->card != NULL ? card_write(line->card, out.at, out.len)
				  : write(line->fd, out.at, out.len);
}

static void line_write(struct line *line, struct voice *voice, struct when now)
{
	while (line->fd >= 0 && !line->blocked) {
		struct span out = voice_output(voice);
		ssize_t n = out.len > 0 ? put(line, out) : 0;

		if (n > 0) {
			voice_wrote(voice, (size_t)n);
		} else if (n < 0 && errno == EAGAIN) {
			line->blocked = true;
			if (line->card == NULL)
				watch_write(line->watch, true);
			voice_blocked(voice, now);
		} else if (n < 0 && errno != EINTR) {
			line_lost(line, strerror(errno));
		} else if (n == 0) {
			break;
		}
	}
}

static bool line_turn(struct line *line, struct when now)
{
	struct voice *voice = voices_open(line->pcm->voices, line->index);
	bool failed = line->failed;

	if (voice == NULL) {
		if (line->fd >= 0)
			line_close(line);
		line->failed = false;
		return false;
	}
	if (line->fd < 0 && !line->failed)
		line_open(line);
	if (line->fd >= 0)
		line_write(line, voice, now);
	return line->failed && !failed;
}

int pcm_new(struct pcm **out, struct loop *loop, struct voices *voices,
	    const struct config_modem *modems, size_t count, struct err *err)
{
	struct pcm *pcm = calloc(1, sizeof *pcm);

	if (pcm == NULL)
		return err_nomem(err);
	*pcm = (struct pcm){ .loop = loop, .voices = voices };
	pcm->lines = calloc(count > 0 ? count : 1, sizeof *pcm->lines);
	if (pcm->lines == NULL) {
		free(pcm);
		return err_nomem(err);
	}
	pcm->count = count;
	for (size_t i = 0; i < count; i++) {
		pcm->lines[i] = (struct line){ .pcm = pcm, .index = i, .fd = -1 };
		memcpy(pcm->lines[i].name, modems[i].name, sizeof modems[i].name);
		memcpy(pcm->lines[i].place, modems[i].audio, sizeof modems[i].audio);
	}
	*out = pcm;
	return 0;
}

void pcm_free(struct pcm *pcm)
{
	if (pcm == NULL)
		return;
	for (size_t i = 0; i < pcm->count; i++)
		line_close(&pcm->lines[i]);
	free(pcm->lines);
	free(pcm);
}

bool pcm_turn(struct pcm *pcm, struct when now)
{
	bool moved = false;

	for (size_t i = 0; i < pcm->count; i++)
		moved |= line_turn(&pcm->lines[i], now);
	return moved;
}
