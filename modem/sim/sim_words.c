#include "modem/sim/sim_words.h"

#include <string.h>

#define NEAR_MAX 24 /* the longest word that is compared */

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int add(struct sim_words *words, struct span text, bool quoted, struct err *err)
{
	if (words->count == SIM_WORDS_MAX)
		return err_set(err, ERR_INVALID, "more than %d words in a line", SIM_WORDS_MAX);
	words->at[words->count++] = (struct sim_word){ text, quoted };
	return 0;
}

/* Where the quotation that begins at `from` ends; \" does not end it. */
static size_t quote_end(struct span line, size_t from)
{
	while (from < line.len && line.at[from] != '"')
		from += line.at[from] == '\\' && from + 1 < line.len ? 2 : 1;
	return from;
}

/* Cuts one word, or a text in quotes, off the front of *rest.  0 or -1. */
static int cut(struct sim_words *words, struct span *rest, struct err *err)
{
	struct span word = { rest->at, 0 };
	size_t end;

	if (rest->at[0] == '"') {
		end = quote_end(*rest, 1);
		if (end == rest->len)
			return err_set(err, ERR_INVALID, "a \" is not closed");
		word = (struct span){ rest->at + 1, end - 1 };
		*rest = span_skip(*rest, word.len + 2);
		return add(words, word, true, err);
	}
	while (word.len < rest->len && !blank(rest->at[word.len]))
		word.len++;
	*rest = span_skip(*rest, word.len);
	return add(words, word, false, err);
}

/* May stand between "presses" and a key. */
static bool among_keys(struct span word)
{
	return word.len == 1 || span_is_nocase(word, "challenge") || span_is_nocase(word, "then");
}

int sim_words_read(struct sim_words *words, struct span line, struct err *err)
{
	struct span rest = line;
	bool keys = false; /* after "presses", where # is a key */

	*words = (struct sim_words){ .line = line };
	for (;;) {
		const struct sim_word *last;

		while (rest.len > 0 && blank(rest.at[0]))
			rest = span_skip(rest, 1);
		if (rest.len == 0 || (rest.at[0] == '#' && !keys))
			return 0;
		if (cut(words, &rest, err) < 0)
			return -1;
		last = &words->at[words->count - 1];
		keys = (keys && among_keys(last->text)) || span_is_nocase(last->text, "presses");
	}
}

bool sim_words_end(const struct sim_words *words)
{
	return words->next == words->count;
}

struct span sim_words_peek(const struct sim_words *words)
{
	return sim_words_end(words) ? (struct span){ "", 0 } : words->at[words->next].text;
}

struct span sim_words_next(struct sim_words *words)
{
	struct span word = sim_words_peek(words);

	if (!sim_words_end(words))
		words->next++;
	return word;
}

bool sim_words_accept(struct sim_words *words, const char *word)
{
	if (sim_words_end(words) || words->at[words->next].quoted ||
	    !span_is_nocase(sim_words_peek(words), word))
		return false;
	words->next++;
	return true;
}

int sim_words_want(const struct sim_words *words, const char *wanted, struct err *err)
{
	struct span word = sim_words_peek(words);

	if (sim_words_end(words))
		return err_set(err, ERR_INVALID, "the line ends too early: want %s", wanted);
	return err_set(err, ERR_INVALID, "\"%.*s\": want %s", (int)(word.len > 60 ? 60 : word.len),
		       word.at, wanted);
}

bool sim_words_is_duration(struct span word, int64_t *ms)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 } };
	struct span number = word;
	int64_t n;

	while (number.len > 0 &&
	       !(number.at[number.len - 1] >= '0' && number.at[number.len - 1] <= '9'))
		number.len--;
	for (size_t i = 0; i < COUNT_OF(units); i++)
		if (span_is(span_skip(word, number.len), units[i].unit) && span_int(number, &n) &&
		    n >= 0 && n <= 100000000) {
			*ms = n * units[i].ms;
			return true;
		}
	return false;
}

int sim_words_duration(struct sim_words *words, int64_t *ms, struct err *err)
{
	if (!sim_words_is_duration(sim_words_peek(words), ms))
		return sim_words_want(words, "a time such as 300ms, 5s, 2m", err);
	words->next++;
	return 0;
}

int sim_words_number(struct sim_words *words, int64_t low, int64_t high, int64_t *n,
		     struct err *err)
{
	struct buf wanted = { .limit = 80 };
	int64_t value;

	if (span_int(sim_words_peek(words), &value) && value >= low && value <= high) {
		*n = value;
		words->next++;
		return 0;
	}
	buf_addf(&wanted, "a number from %lld to %lld", (long long)low, (long long)high);
	sim_words_want(words, buf_text(&wanted), err);
	buf_free(&wanted);
	return -1;
}

int sim_words_quoted(struct sim_words *words, struct span *text, struct err *err)
{
	if (sim_words_end(words) || !words->at[words->next].quoted)
		return sim_words_want(words, "a text in \"quotes\"", err);
	*text = sim_words_next(words);
	return 0;
}

/* Levenshtein's distance. */
static size_t distance(struct span a, struct span b)
{
	size_t row[NEAR_MAX + 1];

	if (a.len > NEAR_MAX || b.len > NEAR_MAX)
		return NEAR_MAX;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t best = corner + (a.at[i - 1] != b.at[j - 1]);

			corner = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[b.len];
}

static int not_listed(const struct sim_words *words, const char *const *list, struct err *err)
{
	struct span word = sim_words_peek(words);
	struct buf wanted = { .limit = 230 };
	size_t nearest = 0;

	for (size_t i = 1; list[i] != NULL; i++)
		if (distance(word, span_of(list[i])) < distance(word, span_of(list[nearest])))
			nearest = i;
	if (word.len > 0 && distance(word, span_of(list[nearest])) <= word.len / 2) {
		buf_addf(&wanted, "\"%s\"?", list[nearest]);
	} else {
		buf_add_text(&wanted, "one of ");
		for (size_t i = 0; list[i] != NULL; i++)
			buf_addf(&wanted, "%s%s", i == 0 ? "" : ", ", list[i]);
	}
	sim_words_want(words, buf_text(&wanted), err);
	buf_free(&wanted);
	return -1;
}

int sim_words_choose(struct sim_words *words, const char *const *list, struct err *err)
{
	for (int i = 0; list[i] != NULL; i++)
		if (sim_words_accept(words, list[i]))
			return i;
	return not_listed(words, list, err);
}

int sim_words_clock(struct sim_words *words, const char *broken, int64_t *off_s, struct err *err)
{
	const char *const list[] = { "right", broken, "ahead", "behind", NULL };
	int which = sim_words_choose(words, list, err);
	int64_t ms = 0;

	if (which > 1 && sim_words_duration(words, &ms, err) < 0)
		return -1;
	*off_s = which == 3 ? -ms / 1000 : ms / 1000;
	return which;
}
