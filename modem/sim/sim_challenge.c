/* What a person understands who is told "press 4, then 7". */
#include <string.h>

#include "modem/sim/sim_world.h"

struct word {
	struct span text;
	size_t end; /* offset behind it */
};

/* A word of letters, digits, "*" or "#"; everything else parts words. */
static bool next_word(const char *text, size_t *at, struct word *word)
{
	static const char marks[] = "abcdefghijklmnopqrstuvwxyz0123456789*#'";
	size_t len;

	*at += strcspn(text + *at, marks);
	len = strspn(text + *at, marks);
	*word = (struct word){ { text + *at, len }, *at + len };
	*at += len;
	return len > 0;
}

static char key_of(struct span word)
{
	static const struct {
		const char *word;
		char key;
	} rows[] = {
		{ "zero", '0' },  { "one", '1' },  { "two", '2' },  { "three", '3' },
		{ "four", '4' },  { "five", '5' }, { "six", '6' },  { "seven", '7' },
		{ "eight", '8' }, { "nine", '9' }, { "star", '*' }, { "hash", '#' },
		{ "pound", '#' },
	};

	if (word.len == 1 && strchr("0123456789*#", word.at[0]) != NULL)
		return word.at[0];
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (span_is(word, rows[i].word))
			return rows[i].key;
	return '\0';
}

static bool filler(struct span word)
{
	return span_is(word, "key") || span_is(word, "the") || span_is(word, "press") ||
	       span_is(word, "number");
}

/* The next key named, fillers passed over; '\0' when another word comes. */
static char next_key(const char *text, size_t *at, size_t *end)
{
	struct word word;

	while (next_word(text, at, &word)) {
		*end = word.end;
		if (!filler(word.text))
			return key_of(word.text);
	}
	return '\0';
}

/* "to take it", "to acknowledge", ...: a single key that is meant for this. */
static bool takes(const char *text, size_t at)
{
	static const char *const words[] = { "take",   "ack",     "acknowledge",
					     "accept", "confirm", "claim" };
	struct word word;

	if (!next_word(text, &at, &word) || !span_is(word.text, "to") ||
	    !next_word(text, &at, &word))
		return false;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (span_is(word.text, words[i]))
			return true;
	return false;
}

/* meant: what it is for was said before, "to take it, press 4". */
static size_t after_press(const char *text, size_t at, bool meant, char keys[3])
{
	struct word word;
	size_t end = 0;
	size_t look;

	keys[0] = next_key(text, &at, &end);
	keys[1] = keys[2] = '\0';
	if (keys[0] == '\0')
		return 0;
	look = at;
	while (next_word(text, &look, &word) && filler(word.text)) /* "the star key, then" */
		at = look;
	look = at;
	if (next_word(text, &look, &word) && span_is(word.text, "then")) {
		keys[1] = next_key(text, &look, &end);
		return keys[1] == '\0' ? 0 : end;
	}
	return meant || takes(text, at) ? end : 0;
}

size_t sim_challenge_find(const char *text, char keys[3])
{
	struct word word;
	bool meant = takes(text, 0);
	size_t at = 0;

	while (next_word(text, &at, &word)) {
		size_t end = 0;

		if (span_is(word.text, "press")) {
			end = after_press(text, at, meant, keys);
			meant = false;
		}
		if (end != 0)
			return end;
		meant = meant || takes(text, at);
	}
	return 0;
}
