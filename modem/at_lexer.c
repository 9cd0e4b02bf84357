#include "modem/at_lexer.h"

#include <string.h>

/* What a byte is, wherever it stands. */
enum byte_class { BYTE_DROP, BYTE_END, BYTE_BLANK, BYTE_TEXT };

/* At power-up a UART gives NUL, 0xFF and noise; a Ctrl-Z or ESC may be echoed.  0x80 to 0xFE are kept: operator
 * names come in the modem's own 8-bit set. */
static enum byte_class class_of(char c)
{
	unsigned char u = (unsigned char)c;

	if (c == '\r' || c == '\n')
		return BYTE_END;
	if (c == ' ' || c == '\t')
		return BYTE_BLANK;
	return u < 0x20 || u == 0x7F || u == 0xFF ? BYTE_DROP : BYTE_TEXT;
}

/* Appends to a line of at most AT_LINE_MAX bytes; blanks before its first character do not count. */
static void append(char *line, size_t *len, bool *cut, char c)
{
	enum byte_class class = class_of(c);

	if (class == BYTE_DROP || class == BYTE_END || (class == BYTE_BLANK && *len == 0))
		return;
	if (*len == AT_LINE_MAX)
		*cut = true;
	else
		line[(*len)++] = c;
}

static bool is_echo(const struct at_lexer *lexer, struct span text)
{
	return text.len == lexer->echo_len && lexer->cut == lexer->echo_cut &&
	       memcmp(text.at, lexer->echo, text.len) == 0;
}

/* A line end was read.  True: the line counts. */
static bool finish(struct at_lexer *lexer, struct at_token *token)
{
	struct span text = span_trim((struct span){ lexer->line, lexer->len });
	bool counts = text.len > 0 && !is_echo(lexer, text);

	if (counts)
		*token = (struct at_token){ AT_LINE, text, lexer->cut };
	lexer->len = 0;
	lexer->cut = false;
	return counts;
}

/* One byte; true: it completed a token. */
static bool step(struct at_lexer *lexer, char c, struct at_token *token)
{
	if (class_of(c) == BYTE_END)
		return finish(lexer, token);
	if (c == '>' && lexer->len == 0 && lexer->prompt != AT_PROMPT_NEVER) {
		if (lexer->prompt == AT_PROMPT_SEEN)
			return false;
		lexer->prompt = AT_PROMPT_SEEN;
		*token = (struct at_token){ AT_PROMPT, { lexer->line, 0 }, false };
		return true;
	}
	append(lexer->line, &lexer->len, &lexer->cut, c);
	return false;
}

void at_lexer_reset(struct at_lexer *lexer)
{
	memset(lexer, 0, sizeof(*lexer));
}

bool at_lexer_next(struct at_lexer *lexer, struct span *bytes, struct at_token *token)
{
	*token = (struct at_token){ 0 };
	while (bytes->len > 0) {
		char c = bytes->at[0];

		*bytes = span_skip(*bytes, 1);
		if (step(lexer, c, token))
			return true;
	}
	return false;
}

void at_lexer_expect_prompt(struct at_lexer *lexer, bool expected)
{
	lexer->prompt = expected ? AT_PROMPT_EXPECTED : AT_PROMPT_NEVER;
}

void at_lexer_expect_echo(struct at_lexer *lexer, struct span sent)
{
	lexer->echo_len = 0;
	lexer->echo_cut = false;
	for (size_t i = 0; i < sent.len; i++)
		append(lexer->echo, &lexer->echo_len, &lexer->echo_cut, sent.at[i]);
	lexer->echo_len = span_trim((struct span){ lexer->echo, lexer->echo_len }).len;
}
