#include "modem/at_lexer.h"

#include <string.h>

#include "base/buf.h"
#include "tests/support/unit.h"

/* What the lexer makes of some bytes: lines in brackets, the prompt as ">", a cut line with "!" before its end.  The
 * hints are given first; bytes come in pieces of `size`. */
struct story {
	const char *name;
	const char *bytes;
	size_t len;
	const char *want;
	const char *echo;
	bool prompt;
};

#define BYTES(text) text, sizeof(text) - 1

static const struct story stories[] = {
	{ "plain answer", BYTES("\r\n+CSQ: 20,99\r\n\r\nOK\r\n"), "[+CSQ: 20,99][OK]", "", false },
	{ "CR only", BYTES("0\r4\r"), "[0][4]", "", false },
	{ "LF only, many", BYTES("\n\nOK\n\n\n"), "[OK]", "", false },
	{ "double CR", BYTES("\r\r\n+RXDTMF: 8\r\r\n"), "[+RXDTMF: 8]", "", false },
	{ "no CR before", BYTES("\nNO CARRIER\r\n"), "[NO CARRIER]", "", false },
	{ "unfinished", BYTES("\r\nOK"), "", "", false },
	{ "blanks about", BYTES("  OK \t \r\n   \r\n"), "[OK]", "", false },
	{ "power-up noise",
	  BYTES("\0\0\xFF\x80"
		"A\0B\x1B\x1A\x7F\r\n"),
	  "[\x80"
	  "AB]",
	  "", false },
	{ "echo", BYTES("AT+CPIN?\r\r\n+CPIN: READY\r\n"), "[+CPIN: READY]", "AT+CPIN?", false },
	{ "echo behind a URC", BYTES("^SRVST:2\r\nAT+CPIN?\r\r\n+CPIN: READY\r\n"),
	  "[^SRVST:2][+CPIN: READY]", "AT+CPIN?", false },
	{ "echo twice", BYTES("AT\rAT\r\r\nOK\r\n"), "[OK]", "AT", false },
	{ "echo with blanks about the hint", BYTES("AT \r\r\nOK\r\n"), "[OK]", " AT ", false },
	{ "nearly the echo", BYTES("AT+X\rAT+XY\rA\r\r\n"), "[AT+XY][A]", "AT+X", false },
	{ "prompt", BYTES("\r\n> "), ">", "", true },
	{ "prompt without blank", BYTES("\n>"), ">", "", true },
	{ "prompt first of all", BYTES(">"), ">", "", true },
	{ "prompt behind a blank", BYTES("\r\n > "), ">", "", true },
	{ "prompt behind a URC", BYTES("\r\n+CMTI: \"ME\",3\r\n> "), "[+CMTI: \"ME\",3]>", "",
	  true },
	{ "URC behind the prompt", BYTES("\r\n> +CMTI: \"ME\",3\r\n"), ">[+CMTI: \"ME\",3]", "",
	  true },
	{ "prompt doubled", BYTES("\r\n> \r\n> \r\n+CMGS: 47\r\n"), ">[+CMGS: 47]", "", true },
	{ "prompt doubled on a line", BYTES("\r\n> > +CMGS: 47\r\n"), ">[+CMGS: 47]", "", true },
	{ "echoed command, prompt", BYTES("AT+CMGS=45\r\r\n> "), ">", "AT+CMGS=45", true },
	{ "body echoed behind a second prompt", BYTES("\r\n> \r\n> 0031AF\x1A\r\n+CMGS: 4\r\n"),
	  ">[+CMGS: 4]", "0031AF", true },
	{ "no prompt inside a line", BYTES("+X: a>b\r\n"), "[+X: a>b]", "", true },
	{ "no prompt when none is due", BYTES("\r\n> \r\nOK\r\n> x\r\n"), "[>][OK][> x]", "",
	  false },
};

static void lex(const struct story *story, size_t size, struct buf *out)
{
	struct at_lexer lexer;
	struct at_token token;

	at_lexer_reset(&lexer);
	at_lexer_expect_prompt(&lexer, story->prompt);
	at_lexer_expect_echo(&lexer, span_of(story->echo));
	for (size_t at = 0; at < story->len; at += size) {
		struct span bytes = { story->bytes + at,
				      story->len - at < size ? story->len - at : size };

		while (at_lexer_next(&lexer, &bytes, &token)) {
			if (token.kind == AT_PROMPT) {
				buf_add_char(out, '>');
				continue;
			}
			buf_add_char(out, '[');
			buf_add(out, token.text);
			buf_add_text(out, token.cut ? "!]" : "]");
		}
		CHECK(bytes.len == 0);
		CHECK(token.kind == AT_TOKEN_NONE);
	}
}

static void test_at_lexer_gives_the_same_tokens_for_any_split(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(stories); i++)
		for (size_t size = 1; size <= stories[i].len; size++) {
			struct buf out = { 0 };

			lex(&stories[i], size, &out);
			if (!span_is(buf_span(&out), stories[i].want))
				print_error("pieces of %zu: \"%s\"\n", size, buf_text(&out));
			CHECK_ROW(span_is(buf_span(&out), stories[i].want), stories[i].name);
			buf_free(&out);
		}
}

static void test_at_lexer_reports_the_prompt_at_its_own_byte(void **state)
{
	struct at_lexer lexer;
	struct at_token token;
	struct span bytes = span_of("\r\n>");

	(void)state;
	at_lexer_reset(&lexer);
	at_lexer_expect_prompt(&lexer, true);
	CHECK(at_lexer_next(&lexer, &bytes, &token));
	CHECK(token.kind == AT_PROMPT);
	bytes = span_of(" \r\nOK\r\n");
	CHECK(at_lexer_next(&lexer, &bytes, &token));
	CHECK(span_is(token.text, "OK"));
}

/* The next +CMGS: a prompt that was seen before does not hide the new one. */
static void test_at_lexer_takes_each_prompt_that_is_asked_for(void **state)
{
	struct at_lexer lexer;
	struct at_token token;

	(void)state;
	at_lexer_reset(&lexer);
	for (int i = 0; i < 3; i++) {
		struct span bytes = span_of("\r\n> ");

		at_lexer_expect_prompt(&lexer, true);
		CHECK(at_lexer_next(&lexer, &bytes, &token) && token.kind == AT_PROMPT);
		at_lexer_expect_prompt(&lexer, false);
	}
}

static void feed_many(struct at_lexer *lexer, char c, size_t count)
{
	struct at_token token;

	for (size_t i = 0; i < count; i++) {
		struct span bytes = { &c, 1 };

		CHECK(!at_lexer_next(lexer, &bytes, &token));
	}
}

static void test_at_lexer_cuts_long_lines_and_keeps_its_place(void **state)
{
	struct at_lexer lexer;
	struct at_token token;
	struct span bytes = span_of("\r\nOK\r\n");

	(void)state;
	at_lexer_reset(&lexer);
	feed_many(&lexer, 'x', AT_LINE_MAX + 1000);
	CHECK(at_lexer_next(&lexer, &bytes, &token));
	CHECK(token.cut && token.text.len == AT_LINE_MAX);
	CHECK(at_lexer_next(&lexer, &bytes, &token));
	CHECK(!token.cut && span_is(token.text, "OK"));

	feed_many(&lexer, 'x', AT_LINE_MAX);
	bytes = span_of("\n");
	CHECK(at_lexer_next(&lexer, &bytes, &token));
	CHECK(!token.cut && token.text.len == AT_LINE_MAX);
}

static void test_at_lexer_drops_an_echo_longer_than_a_line(void **state)
{
	static char sent[AT_LINE_MAX + 500];
	struct at_lexer lexer;
	struct at_token token;
	struct span bytes = { sent, sizeof(sent) };

	(void)state;
	memset(sent, '4', sizeof(sent));
	at_lexer_reset(&lexer);
	at_lexer_expect_echo(&lexer, bytes);
	CHECK(!at_lexer_next(&lexer, &bytes, &token));
	bytes = span_of("\r\r\nOK\r\n");
	CHECK(at_lexer_next(&lexer, &bytes, &token));
	CHECK(span_is(token.text, "OK"));
}

static void test_at_lexer_reset_forgets_line_and_hints(void **state)
{
	struct at_lexer lexer;
	struct at_token token;
	struct span bytes = span_of("half a li");

	(void)state;
	at_lexer_reset(&lexer);
	at_lexer_expect_echo(&lexer, span_of("ne"));
	at_lexer_expect_prompt(&lexer, true);
	CHECK(!at_lexer_next(&lexer, &bytes, &token));
	at_lexer_reset(&lexer);
	bytes = span_of("ne\r\n>\r\n");
	CHECK(at_lexer_next(&lexer, &bytes, &token) && span_is(token.text, "ne"));
	CHECK(at_lexer_next(&lexer, &bytes, &token) && span_is(token.text, ">"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_lexer_gives_the_same_tokens_for_any_split),
		cmocka_unit_test(test_at_lexer_reports_the_prompt_at_its_own_byte),
		cmocka_unit_test(test_at_lexer_takes_each_prompt_that_is_asked_for),
		cmocka_unit_test(test_at_lexer_cuts_long_lines_and_keeps_its_place),
		cmocka_unit_test(test_at_lexer_drops_an_echo_longer_than_a_line),
		cmocka_unit_test(test_at_lexer_reset_forgets_line_and_hints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
