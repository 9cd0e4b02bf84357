/* What people really text back: every line of replies.txt means what it says there, and nothing that is no ack acks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialplan/reply.h"
#include "tests/support/unit.h"

#define CORPUS       "tests/dialplan/replies.txt"
#define CORPUS_LEAST 300

struct line {
	struct span word, code, text;
	bool bad;
};

struct counts { /* acks among acks and among the others */
	int lines, acks, acked, false_acks, wrong;
};

/* "\n" stands for a new line.  In place: what it says is never longer. */
static struct span unescape(char *text)
{
	size_t len = 0;

	for (const char *c = text; *c != '\0'; c++) {
		bool newline = c[0] == '\\' && c[1] == 'n';

		text[len++] = newline ? '\n' : *c;
		c += newline;
	}
	return (struct span){ text, len };
}

static bool read_line(char *text, struct line *line)
{
	char *bar = strchr(text, '|');
	struct span head;

	text[strcspn(text, "\n")] = '\0';
	if (text[0] == '\0' || text[0] == '#')
		return false;
	CHECK_ROW(bar != NULL, text);
	line->text = unescape(bar + 2);
	head = span_trim((struct span){ text, (size_t)(bar - text) });
	line->code = (struct span){ NULL, 0 };
	line->word = head;
	for (size_t i = 0; i < head.len; i++)
		if (head.at[i] == ' ' && (head.at[i + 1] == '!' || head.at[i + 1] <= '9')) {
			line->word.len = i;
			line->code = span_skip(head, i + 1);
			break;
		}
	line->bad = line->code.len > 0 && line->code.at[0] == '!';
	if (line->bad)
		line->code = span_skip(line->code, 1);
	return true;
}

static bool acks(enum reply_word word, bool bad)
{
	return (word == REPLY_ACK || word == REPLY_ACK_ALL) && !bad;
}

static void judge(const struct line *line, const char *shown, struct counts *counts)
{
	struct reply reply = reply_parse(line->text);
	bool want = !line->bad && span_starts(line->word, "ack");
	bool got = acks(reply.word, reply.bad_code);

	counts->lines++;
	counts->acks += want;
	counts->acked += want && got;
	counts->false_acks += got && !want;
	if (span_is(line->word, reply_word_name(reply.word)) && line->bad == reply.bad_code &&
	    (reply.word == REPLY_NONE || span_is(line->code, reply.code)))
		return;
	counts->wrong++;
	print_error("read as %s %s%s: %s", reply_word_name(reply.word), reply.bad_code ? "!" : "",
		    reply.code, shown);
}

static void test_replies_mean_what_the_corpus_says(void **state)
{
	FILE *file = fopen(CORPUS, "r");
	struct counts counts = { 0 };
	struct line line;
	char text[400];
	char shown[sizeof text];

	(void)state;
	CHECK(file != NULL);
	while (fgets(text, sizeof text, file) != NULL) {
		memcpy(shown, text, sizeof shown);
		if (read_line(text, &line))
			judge(&line, shown, &counts);
	}
	fclose(file);
	CHECK(counts.wrong == 0);
	CHECK(counts.lines >= CORPUS_LEAST);
	CHECK(counts.acked == counts.acks);
	CHECK(counts.false_acks == 0);
	printf("# figures: %d replies: %d of %d acks taken, %d false acks among the other %d\n",
	       counts.lines, counts.acked, counts.acks, counts.false_acks,
	       counts.lines - counts.acks);
}

static void test_replies_with_a_pin_are_stored_without_it(void **state)
{
	static const struct {
		const char *text, *argument, *pin, *stored;
	} rows[] = {
		{ "TAKE 2h 2468", "2h", "2468", "TAKE 2h ****" },
		{ "OUT until mon 09:00 135790", "until mon 09:00", "135790",
		  "OUT until mon 09:00 ******" },
		{ "out until 2026-12-01 2468\nSent from my phone", "until 2026-12-01", "2468",
		  "out until 2026-12-01 ****\nSent from my phone" },
		{ "take 2h", "2h", "", "take 2h" },
		{ "take 2h 123", "2h 123", "", "take 2h 123" },
		{ "out until 22:00", "until 22:00", "", "out until 22:00" },
		{ "ack 4716", "", "", "ack 4716" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct reply reply = reply_parse(span_of(rows[i].text));
		struct buf stored = { 0 };

		reply_redact(span_of(rows[i].text), &stored);
		CHECK_ROW(span_is(reply.argument, rows[i].argument), rows[i].text);
		CHECK_ROW(span_is(reply.pin, rows[i].pin), rows[i].text);
		CHECK_ROW(span_is(buf_span(&stored), rows[i].stored), rows[i].text);
		buf_free(&stored);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replies_mean_what_the_corpus_says),
		cmocka_unit_test(test_replies_with_a_pin_are_stored_without_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
