#include "ports/transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

#define PIN "AT+CPIN=\""

static void put(struct transcript *t, char c)
{
	t->ring[t->at] = c;
	t->at = (t->at + 1) % sizeof t->ring;
	if (t->len < sizeof t->ring)
		t->len++;
}

static void put_text(struct transcript *t, const char *text)
{
	while (*text != '\0')
		put(t, *text++);
}

/* Its digits are left out, up to the closing quote. */
static bool hidden(struct transcript *t, char c)
{
	size_t len = strlen(PIN);

	if (t->pin == len && c >= '0' && c <= '9')
		return true;
	t->pin = t->pin < len && c == PIN[t->pin] ? t->pin + 1 : c == PIN[0];
	return false;
}

static void put_byte(struct transcript *t, char c)
{
	char escaped[8];

	if (c == '\n')
		return;
	if (c == '\r') {
		put(t, '~');
		return;
	}
	if (c >= 0x20 && c < 0x7f) {
		put(t, c);
		return;
	}
	snprintf(escaped, sizeof escaped, "<%02x>", (unsigned)(unsigned char)c);
	put_text(t, escaped);
}

void transcript_add(struct transcript *t, bool ours, struct span bytes, struct when now)
{
	static const char names[] = { '<', '>' };
	char who = names[ours];
	char stamp[40];

	if (bytes.len == 0)
		return;
	if (t->last != who) {
		snprintf(stamp, sizeof stamp, "\n%lld.%03d %c ", (long long)(now.mono_ms / 1000),
			 (int)(now.mono_ms % 1000), who);
		put_text(t, stamp);
		t->last = who;
	}
	for (size_t i = 0; i < bytes.len; i++)
		if (!ours || !hidden(t, bytes.at[i]))
			put_byte(t, bytes.at[i]);
}

/* The first name that is free, or the last. */
static int open_file(const char *directory, const char *modem)
{
	char path[400];
	int fd = -1;

	if (mkdir(directory, 0700) < 0 && errno != EEXIST)
		return -1;
	for (int i = 1; i <= TRANSCRIPT_FILES && fd < 0; i++) {
		int last = i == TRANSCRIPT_FILES ? O_TRUNC : O_EXCL;

		snprintf(path, sizeof path, "%s/%s-%d.txt", directory, modem, i);
		fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | last, 0600);
		if (fd < 0 && errno != EEXIST)
			return -1;
	}
	return fd;
}

bool transcript_dump(struct transcript *t, const char *directory, const char *modem,
		     const char *why, struct when now)
{
	struct buf text = { 0 };
	size_t first = t->len < sizeof t->ring ? 0 : t->at;
	bool written = false;
	int fd;

	if (directory[0] == '\0' || t->len == 0 || now.mono_ms < t->next_ms)
		return false;
	fd = open_file(directory, modem);
	if (fd < 0)
		return false;
	t->next_ms = now.mono_ms + TRANSCRIPT_PAUSE_MS;
	buf_addf(&text, "%s: %s\nat %lld.%03d s since the machine's start; ~ is CR\n", modem, why,
		 (long long)(now.mono_ms / 1000), (int)(now.mono_ms % 1000));
	buf_add(&text, (struct span){ t->ring + first, t->len - first });
	buf_add(&text, (struct span){ t->ring, first });
	buf_add_char(&text, '\n');
	if (!text.failed)
		written = write(fd, text.at, text.len) == (ssize_t)text.len;
	close(fd);
	buf_free(&text);
	t->at = t->len = 0;
	t->last = 0;
	return written;
}
