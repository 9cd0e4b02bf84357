/* sim_words.h - one script line as words, and what is said when a word is not understood. */
#ifndef MODEM_SIM_SIM_WORDS_H
#define MODEM_SIM_SIM_WORDS_H

#include "base/buf.h"
#include "base/err.h"

#define SIM_WORDS_MAX 48

struct sim_word {
	struct span text; /* into the line, quotes taken off */
	bool quoted;
};

struct sim_words {
	struct span line;
	struct sim_word at[SIM_WORDS_MAX];
	size_t count;
	size_t next;
};

/* Borrows the line.  A comment is left out; "#" after "presses" is a key.  0, or -1 (quote left open, too many). */
int sim_words_read(struct sim_words *words, struct span line, struct err *err);

bool sim_words_end(const struct sim_words *words);
struct span sim_words_peek(const struct sim_words *words); /* empty at the end */
struct span sim_words_next(struct sim_words *words);
bool sim_words_accept(struct sim_words *words, const char *word); /* any case, not quoted */

/* "300ms", "6s", "2m", "1h". */
bool sim_words_is_duration(struct span word, int64_t *ms);
int sim_words_duration(struct sim_words *words, int64_t *ms, struct err *err);
int sim_words_number(struct sim_words *words, int64_t low, int64_t high, int64_t *n,
		     struct err *err);
int sim_words_quoted(struct sim_words *words, struct span *text, struct err *err);

/* The next word's place in `list` (NULL ends it) with the word taken, or -1: the error names the nearest. */
int sim_words_choose(struct sim_words *words, const char *const *list, struct err *err);

/* How a clock goes: "right" (0), what `broken` is called (1), "ahead 3h" (2), "behind 3h" (3); *off_s is by how much, behind
 * being negative.  -1: none of these. */
int sim_words_clock(struct sim_words *words, const char *broken, int64_t *off_s, struct err *err);

/* -1: the next word is not what was wanted. */
int sim_words_want(const struct sim_words *words, const char *wanted, struct err *err);

#endif
