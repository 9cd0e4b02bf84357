/* transcript_seeds OUT FILE.at...: makes the seeds that the conversations in tests/transcripts are good for, in OUT/<target>/.
 *
 * lexer	what the modem says in the whole conversation
 * line		each different line it says
 * pdu		each unit it hands over
 * call		its lines and results from ATD on
 * device	the conversation, on the profile that its identity finds
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "modem/profile.h"

enum target { LEXER, LINE, PDU, CALL, DEVICE, TARGETS };

static const char *const names[TARGETS] = { "lexer", "line", "pdu", "call", "device" };

struct seeds {
	const char *out, *file; /* folder; name of the transcript without its folder */
	struct buf text[TARGETS];
	struct buf lines; /* that were written already, each with a line end */
	unsigned count;   /* of lines and units in this transcript */
	struct span said; /* what we said last */
	char command[600];
	char maker[60], model[60]; /* as the start shows them */
};

static void write_seed(const struct seeds *s, enum target target, struct span bytes, unsigned n)
{
	char path[400];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", s->out, names[target]);
	if (mkdir(path, 0777) < 0 && errno != EEXIST) {
		perror(path);
		exit(1);
	}
	snprintf(path, sizeof path, "%s/%s/%s.%u", s->out, names[target], s->file, n);
	file = fopen(path, "wb");
	if (file == NULL || fwrite(bytes.at, 1, bytes.len, file) != bytes.len ||
	    fclose(file) != 0) {
		perror(path);
		exit(1);
	}
}

/* A step of the device's fuzzer is two bytes; a line follows its length. */
static void device_step(struct seeds *s, int what, size_t arg)
{
	buf_add_char(&s->text[DEVICE], (char)what);
	buf_add_char(&s->text[DEVICE], (char)(arg < 255 ? arg : 255));
}

static void device_says(struct seeds *s, struct span text)
{
	for (; text.len > 0; text = span_skip(text, 255)) {
		size_t len = text.len < 255 ? text.len : 255;

		device_step(s, 1, len);
		buf_add(&s->text[DEVICE], (struct span){ text.at, len });
	}
}

static bool is_unit(struct span line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.at[i] == '\0' || strchr("0123456789ABCDEFabcdef", line.at[i]) == NULL)
			return false;
	return line.len >= 16;
}

/* Once of each line, whatever transcript it is in. */
static bool is_new(struct seeds *s, struct span line)
{
	char text[600];
	bool is;

	snprintf(text, sizeof text, "\n%.*s\n", (int)line.len, line.at);
	is = strstr(buf_text(&s->lines), text) == NULL;
	buf_add_text(&s->lines, text);
	return is;
}

static void call_says(struct seeds *s, struct span line)
{
	bool final = at_final_of(line, AT_FINAL_DIAL).kind != AT_FINAL_NONE;

	if (final && span_starts(s->said, "ATD"))
		buf_add_char(&s->text[CALL], 'A');
	else if (span_is(line, "OK"))
		line = span_of(span_is(s->said, "AT+CLCC") ? "P" : "H");
	buf_add(&s->text[CALL], line);
	buf_add_char(&s->text[CALL], '\n');
	if (final)
		s->said = (struct span){ s->command, 0 };
}

static void modem_says(struct seeds *s, struct span line)
{
	char text[600];
	int len = snprintf(text, sizeof text, "\r\n%.*s\r\n", (int)line.len, line.at);
	struct span all = { text, (size_t)len };

	buf_add(&s->text[LEXER], all);
	device_says(s, all);
	call_says(s, line);
	if (!is_new(s, line))
		return;
	if (is_unit(line)) {
		write_seed(s, PDU, line, s->count++);
		return;
	}
	text[1] = '\0'; /* how the fields are read */
	write_seed(s, LINE, (struct span){ text + 1, line.len + 1 }, s->count++);
}

static void time_passes(struct seeds *s, struct span rest)
{
	int64_t ms = 0;
	size_t root = 0;

	if (rest.len > 2)
		span_int((struct span){ rest.at, rest.len - 2 }, &ms);
	while ((int64_t)(root * root) < ms)
		root++;
	device_step(s, 0, root);
	buf_add_char(&s->text[CALL], 'T');
	for (int64_t i = 0; i < ms / 100 && i < 600; i++)
		buf_add_char(&s->text[CALL], '.');
	buf_add_char(&s->text[CALL], '\n');
}

/* The start itself is answered by the fuzzer; what the transcript answers in it is for the readers of lines. */
static void begin(struct seeds *s)
{
	const struct profile *profile = profile_find(span_of(s->maker), span_of(s->model));
	size_t n = 0;

	while (profile_at(n) != profile)
		n++;
	buf_clear(&s->text[DEVICE]);
	buf_add_char(&s->text[DEVICE], (char)n);
	for (size_t i = 0; i < 3; i++)
		device_step(s, 5, 60);
}

static void identity(struct seeds *s, struct span line)
{
	if (s->maker[0] == '\0' && span_is(s->said, "AT+CGMI"))
		span_copy(line, s->maker, sizeof s->maker);
	if (s->model[0] == '\0' && span_is(s->said, "AT+CGMM"))
		span_copy(line, s->model, sizeof s->model);
}

static void act(struct seeds *s, struct span rest)
{
	struct span verb = span_word(&rest);

	rest = span_trim(rest);
	if (span_is(verb, "ready")) {
		span_copy(span_word(&rest), s->maker, sizeof s->maker);
		span_copy(span_trim(rest), s->model, sizeof s->model);
		begin(s);
	} else if (span_is(verb, "started")) {
		begin(s);
	} else if (span_is(verb, "send") || span_is(verb, "call")) {
		device_step(s, 2, span_is(verb, "call"));
	} else if (span_is(verb, "hang-up")) {
		device_step(s, 3, 2);
	} else if (span_is(verb, "run")) {
		device_step(s, 5, 60);
	}
}

static void take(struct seeds *s, struct span line)
{
	struct span rest = span_skip(line, 2);

	if (span_starts(line, "<> ")) {
		buf_add_text(&s->text[LEXER], "\r\n> ");
		device_says(s, span_of("\r\n> "));
	} else if (span_starts(line, "< ")) {
		identity(s, rest);
		modem_says(s, rest);
	} else if (span_starts(line, "> ")) {
		span_copy(rest, s->command, sizeof s->command);
		s->said = span_of(s->command);
		device_step(s, 4, 0);
	} else if (span_starts(line, "+ ")) {
		time_passes(s, rest);
	} else if (span_starts(line, "@ ")) {
		act(s, rest);
	}
}

static void read_file(struct seeds *s, const char *path)
{
	const char *slash = strrchr(path, '/');
	char line[600];
	FILE *file = fopen(path, "r");

	if (file == NULL) {
		perror(path);
		exit(1);
	}
	s->file = slash == NULL ? path : slash + 1;
	s->count = 0;
	s->maker[0] = s->model[0] = '\0';
	s->said = (struct span){ s->command, 0 };
	buf_add_char(&s->text[LEXER], '\x01'); /* a prompt is due, no echo */
	while (fgets(line, sizeof line, file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		take(s, span_of(line));
	}
	fclose(file);
	write_seed(s, LEXER, buf_span(&s->text[LEXER]), 0);
	write_seed(s, CALL, buf_span(&s->text[CALL]), 0);
	write_seed(s, DEVICE, buf_span(&s->text[DEVICE]), 0);
	for (size_t i = 0; i < TARGETS; i++)
		buf_clear(&s->text[i]);
}

int main(int argc, char **argv)
{
	struct seeds s = { .out = argc > 1 ? argv[1] : "" };

	if (argc < 3) {
		fprintf(stderr, "use: transcript_seeds OUT FILE.at...\n");
		return 2;
	}
	for (int i = 2; i < argc; i++)
		read_file(&s, argv[i]);
	for (size_t i = 0; i < TARGETS; i++)
		buf_free(&s.text[i]);
	buf_free(&s.lines);
	return 0;
}
