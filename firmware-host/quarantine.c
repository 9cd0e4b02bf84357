#include "quarantine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAGIC     0x746f6371U          /* of this layout */
#define NOTE_MAX  ((size_t)257 * 1024) /* a request has at most 256 */
#define UNITS_MAX 64
#define CRASHES   2
#define UNIT_MIN  16   /* shorter lines are nobody's message */
#define POISON    "00" /* a PDU that cannot be read */

struct unit {
	uint64_t hash;
	uint32_t crashes;
	uint32_t told;
	char text[64]; /* its beginning */
};

struct note { /* the file */
	uint32_t magic;
	uint32_t eating; /* bytes of `input`; 0 none */
	uint32_t next;   /* of `units` to be written over */
	struct unit units[UNITS_MAX];
	char input[NOTE_MAX];
};

struct quarantine {
	struct note *note;
	bool empty;    /* nothing is kept out */
	bool suspects; /* something was in a last meal */
};

static uint64_t hash_of(struct span line)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

	for (size_t i = 0; i < line.len; i++)
		hash = (hash ^ (unsigned char)line.at[i]) * UINT64_C(1099511628211);
	return hash | 1;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

/* A message as a modem lists it, or a request. */
static bool is_unit(struct span line)
{
	if (line.len < UNIT_MIN)
		return false;
	if (line.at[0] == '{')
		return true;
	for (size_t i = 0; i < line.len; i++)
		if (!is_hex(line.at[i]))
			return false;
	return true;
}

static struct unit *find(struct note *note, uint64_t hash)
{
	for (size_t i = 0; i < UNITS_MAX; i++)
		if (note->units[i].hash == hash)
			return &note->units[i];
	return NULL;
}

static void blame(struct note *note, struct span line)
{
	uint64_t hash = hash_of(line);
	struct unit *unit = find(note, hash);

	if (unit == NULL) {
		unit = &note->units[note->next++ % UNITS_MAX];
		*unit = (struct unit){ .hash = hash };
		span_copy(line, unit->text, sizeof unit->text);
	}
	unit->crashes++;
}

/* Cuts the next line off, at CR or LF. */
static struct span next_line(struct span *rest)
{
	size_t len = 0;
	struct span line;

	while (len < rest->len && rest->at[len] != '\r' && rest->at[len] != '\n')
		len++;
	line = (struct span){ rest->at, len };
	*rest = span_skip(*rest, len < rest->len ? len + 1 : len);
	return span_trim(line);
}

/* The last meal. */
static void look_back(struct note *note)
{
	struct span rest = { note->input, note->eating };

	while (rest.len > 0) {
		struct span line = next_line(&rest);

		if (is_unit(line))
			blame(note, line);
	}
	note->eating = 0;
}

static bool any(const struct note *note, uint32_t crashes)
{
	for (size_t i = 0; i < UNITS_MAX; i++)
		if (note->units[i].crashes >= crashes)
			return true;
	return false;
}

static struct note *map(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *at = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, sizeof(struct note)) == 0)
		at = mmap(NULL, sizeof(struct note), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return at == MAP_FAILED ? NULL : at;
}

int quarantine_open(struct quarantine **out, const char *path, struct err *err)
{
	struct quarantine *quarantine = calloc(1, sizeof *quarantine);

	if (quarantine == NULL)
		return err_nomem(err);
	quarantine->note = map(path, err);
	if (quarantine->note == NULL) {
		free(quarantine);
		return -1;
	}
	if (quarantine->note->magic != MAGIC || quarantine->note->eating > NOTE_MAX)
		*quarantine->note = (struct note){ .magic = MAGIC };
	look_back(quarantine->note);
	quarantine->empty = !any(quarantine->note, CRASHES);
	quarantine->suspects = any(quarantine->note, 1);
	*out = quarantine;
	return 0;
}

void quarantine_close(struct quarantine *quarantine)
{
	if (quarantine == NULL)
		return;
	munmap(quarantine->note, sizeof *quarantine->note);
	free(quarantine);
}

void quarantine_begin(struct quarantine *quarantine, struct span head, struct span bytes)
{
	struct note *note = quarantine == NULL ? NULL : quarantine->note;

	if (note == NULL || head.len + bytes.len == 0 || head.len + bytes.len > NOTE_MAX)
		return;
	if (head.len > 0) /* an empty span may have no place */
		memcpy(note->input, head.at, head.len);
	if (bytes.len > 0)
		memcpy(note->input + head.len, bytes.at, bytes.len);
	note->eating = (uint32_t)(head.len + bytes.len);
}

void quarantine_end(struct quarantine *quarantine)
{
	if (quarantine != NULL)
		quarantine->note->eating = 0;
}

bool quarantine_suspects(const struct quarantine *quarantine)
{
	return quarantine != NULL && quarantine->suspects;
}

bool quarantine_empty(const struct quarantine *quarantine)
{
	return quarantine == NULL || quarantine->empty;
}

bool quarantine_holds(const struct quarantine *quarantine, struct span line)
{
	const struct unit *unit;

	line = span_trim(line);
	if (quarantine_empty(quarantine) || !is_unit(line))
		return false;
	unit = find(quarantine->note, hash_of(line));
	return unit != NULL && unit->crashes >= CRASHES;
}

bool quarantine_take_new(struct quarantine *quarantine, char text[80])
{
	for (size_t i = 0; quarantine != NULL && i < UNITS_MAX; i++) {
		struct unit *unit = &quarantine->note->units[i];

		if (unit->crashes < CRASHES || unit->told != 0)
			continue;
		unit->told = 1;
		snprintf(text, 80, "%.*s", (int)sizeof unit->text - 1, unit->text);
		return true;
	}
	return false;
}

/* ---- a port's bytes ---- */

/* The line ends: what was held back of it goes on, or what takes its place. */
static void let_go(struct strainer *strainer, const struct quarantine *quarantine)
{
	size_t len = strainer->len < STRAINER_LINE ? strainer->len : STRAINER_LINE;
	struct span line = { strainer->line, len };

	if (!strainer->hex || strainer->len == 0)
		return;
	if (strainer->len <= STRAINER_LINE && quarantine_holds(quarantine, line))
		buf_add_text(&strainer->clean, POISON);
	else
		buf_add(&strainer->clean, line);
}

static void pass_byte(struct strainer *strainer, const struct quarantine *quarantine, char c)
{
	if (c == '\r' || c == '\n') {
		let_go(strainer, quarantine);
		buf_add_char(&strainer->clean, c);
		strainer->len = 0;
		strainer->hex = true;
		return;
	}
	if (strainer->hex && ((!is_hex(c) && c != ' ') || strainer->len == STRAINER_LINE)) {
		let_go(strainer, quarantine); /* it is no message */
		strainer->hex = false;
	}
	if (!strainer->hex)
		buf_add_char(&strainer->clean, c);
	if (strainer->len < STRAINER_LINE)
		strainer->line[strainer->len] = c;
	strainer->len++;
}

/* Nothing is held back: only where lines begin is followed. */
static void follow(struct strainer *strainer, struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		bool end = bytes.at[i] == '\r' || bytes.at[i] == '\n';

		if (!end && strainer->len < STRAINER_LINE)
			strainer->line[strainer->len] = bytes.at[i];
		strainer->len = end ? 0 : strainer->len + 1;
	}
}

struct span strainer_head(const struct strainer *strainer)
{
	return (struct span){ strainer->line, strainer->len <= STRAINER_LINE ? strainer->len : 0 };
}

struct span strainer_pass(struct strainer *strainer, const struct quarantine *quarantine,
			  struct span bytes)
{
	if (quarantine_empty(quarantine)) {
		follow(strainer, bytes);
		return bytes;
	}
	buf_clear(&strainer->clean);
	for (size_t i = 0; i < bytes.len; i++)
		pass_byte(strainer, quarantine, bytes.at[i]);
	return strainer->clean.failed ? bytes : buf_span(&strainer->clean);
}

void strainer_reset(struct strainer *strainer)
{
	strainer->len = 0;
	strainer->hex = true;
}

void strainer_free(struct strainer *strainer)
{
	buf_free(&strainer->clean);
}
