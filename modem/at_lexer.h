/* at_lexer.h - the bytes of an AT port to lines and prompts (ITU-T V.250 5.7, 3GPP TS 27.005 4.3).
 *
 * Plain storage of the caller's, no allocation.  Any split of the input gives the same tokens.  CR and LF in any
 * combination end a line; empty lines vanish; blanks around a line are taken off.  Control bytes, DEL and 0xFF are
 * dropped wherever they stand.  It knows nothing of commands: what may come is told by two hints.
 */
#ifndef MODEM_AT_LEXER_H
#define MODEM_AT_LEXER_H

#include "base/span.h"

/* Longest line: a USSD or speech line in hex; a PDU takes 400.  What is over is cut off. */
#define AT_LINE_MAX 2048

enum at_token_kind {
	AT_TOKEN_NONE,
	AT_LINE, /* `text` is the line, never empty */
	AT_PROMPT, /* the modem waits for the body; reported at the '>' itself, without waiting for a further byte */
};

struct at_token {
	enum at_token_kind kind;
	struct span text; /* borrowed until the next call on this lexer */
	bool cut;         /* the line was longer than AT_LINE_MAX; text is its beginning */
};

enum at_prompt_hint {
	AT_PROMPT_NEVER,    /* '>' is an ordinary character */
	AT_PROMPT_EXPECTED, /* '>' at a line's start is the prompt */
	AT_PROMPT_SEEN,     /* it came: a doubled one is dropped */
};

struct at_lexer { /* all fields private */
	char line[AT_LINE_MAX];
	char echo[AT_LINE_MAX];
	size_t len, echo_len;
	bool cut, echo_cut;
	enum at_prompt_hint prompt;
};

/* An empty lexer without hints; also after the port was opened again. */
void at_lexer_reset(struct at_lexer *lexer);

/* Takes bytes off the front of *bytes up to the end of the next token.  True: *token is set, call again; false: all
 * bytes are eaten and no token is complete.
 *
 *	while (at_lexer_next(&lexer, &bytes, &token))
 *		...;
 *
 * A hint given between two calls acts on the bytes that follow. */
bool at_lexer_next(struct at_lexer *lexer, struct span *bytes, struct at_token *token);

/* true: the command just written answers with a prompt (+CMGS and the like).  Further prompts (some modems double
 * them) are dropped.  Say false with the command's final result; after giving up, when the ESC was answered. */
void at_lexer_expect_prompt(struct at_lexer *lexer, bool expected);

/* The text just written: a command without its CR, or a PDU without its Ctrl-Z.  Copied.  Every line equal to it is
 * dropped until the next call; the empty span ends that. */
void at_lexer_expect_echo(struct at_lexer *lexer, struct span sent);

#endif
