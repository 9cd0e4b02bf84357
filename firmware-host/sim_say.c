#include "sim_say.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "audio/caption.h"

#define TEXT_MAX 65536

static bool write_all(const void *bytes, size_t len)
{
	return fwrite(bytes, 1, len, stdout) == len;
}

int sim_say(void)
{
	struct buf text = { .limit = TEXT_MAX };
	struct sound sound = { 0 };
	unsigned char header[SOUND_WAV_HEADER];
	char bytes[4096];
	struct err err = { 0 };
	ssize_t n;
	int rc;

	while ((n = read(STDIN_FILENO, bytes, sizeof bytes)) > 0)
		buf_add(&text, (struct span){ bytes, (size_t)n });
	rc = caption_make(&sound, buf_span(&text), &err);
	sound_wav_header(sound.count, header);
	if (rc == 0 &&
	    (!write_all(header, sizeof header) ||
	     !write_all(sound.at, sound.count * sizeof *sound.at) || fflush(stdout) != 0))
		rc = err_set(&err, ERR_SYSTEM, "%s", strerror(errno));
	if (rc < 0)
		fprintf(stderr, "tocsin-sim: %s\n", err.text);
	sound_free(&sound);
	buf_free(&text);
	return rc == 0 ? 0 : 1;
}
