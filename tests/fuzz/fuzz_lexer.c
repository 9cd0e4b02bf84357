/* Any bytes, any split, any hints: the same tokens; lines are clean, bounded and never empty. */
#include "modem/at_lexer.h"

#include <assert.h>

#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte: bit 0 a prompt is due, bits 1 to 7 how many of the next bytes are the echo. */
static void lex(struct span input, size_t piece, struct buf *out)
{
	static struct at_lexer lexer;
	struct at_token token;
	unsigned char hints = (unsigned char)input.at[0];
	struct span rest = span_skip(input, 1);
	struct span echo = { rest.at, (size_t)(hints >> 1) < rest.len ? hints >> 1 : rest.len };

	at_lexer_reset(&lexer);
	at_lexer_expect_prompt(&lexer, (hints & 1) != 0);
	at_lexer_expect_echo(&lexer, echo);
	rest = span_skip(rest, echo.len);
	while (rest.len > 0) {
		struct span bytes = { rest.at, piece < rest.len ? piece : rest.len };

		rest = span_skip(rest, bytes.len);
		while (at_lexer_next(&lexer, &bytes, &token)) {
			assert(token.kind == AT_PROMPT || token.kind == AT_LINE);
			assert(token.kind == AT_LINE ? token.text.len > 0 : token.text.len == 0);
			assert(token.text.len <= AT_LINE_MAX);
			for (size_t i = 0; i < token.text.len; i++)
				assert((unsigned char)token.text.at[i] >= 0x20 ||
				       token.text.at[i] == '\t');
			buf_add_char(out, token.cut ? '!' : (char)('0' + (int)token.kind));
			buf_add(out, token.text);
			buf_add_char(out, '\n');
		}
		assert(bytes.len == 0 && token.kind == AT_TOKEN_NONE);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = { (const char *)data, size };
	struct buf whole = { 0 };

	if (size == 0)
		return 0;
	lex(input, size, &whole);
	for (size_t piece = 1; piece <= 7; piece += 2) {
		struct buf split = { 0 };

		lex(input, piece, &split);
		assert(span_is(buf_span(&split), buf_text(&whole)));
		buf_free(&split);
	}
	buf_free(&whole);
	return 0;
}
