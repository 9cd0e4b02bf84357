#include "base/span.h"

#include <stdlib.h>
#include <string.h>

struct span span_of(const char *text)
{
	return (struct span){ text, text == NULL ? 0 : strlen(text) };
}

bool span_starts(struct span s, const char *prefix)
{
	size_t len = strlen(prefix);

	return s.len >= len && memcmp(s.at, prefix, len) == 0;
}

bool span_is(struct span s, const char *text)
{
	return s.len == strlen(text) && (s.len == 0 || memcmp(s.at, text, s.len) == 0);
}

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool span_is_nocase(struct span s, const char *text)
{
	if (s.len != strlen(text))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (lower(s.at[i]) != lower(text[i]))
			return false;
	return true;
}

struct span span_skip(struct span s, size_t n)
{
	if (n == 0)
		return s;
	if (n > s.len)
		n = s.len;
	return (struct span){ s.len == 0 ? s.at : s.at + n, s.len - n };
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span span_trim(struct span s)
{
	while (s.len > 0 && blank(s.at[0]))
		s = span_skip(s, 1);
	while (s.len > 0 && blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

struct span span_cut(struct span *rest, char sep)
{
	const char *found = rest->len == 0 ? NULL : memchr(rest->at, sep, rest->len);
	struct span head = *rest;

	if (found == NULL) {
		*rest = span_skip(*rest, rest->len);
		return head;
	}
	head.len = (size_t)(found - rest->at);
	*rest = span_skip(*rest, head.len + 1);
	return head;
}

struct span span_word(struct span *rest)
{
	struct span word;

	while (rest->len > 0 && blank(rest->at[0]))
		*rest = span_skip(*rest, 1);
	word = (struct span){ rest->at, 0 };
	while (word.len < rest->len && !blank(rest->at[word.len]))
		word.len++;
	*rest = span_skip(*rest, word.len);
	return word;
}

bool span_int(struct span s, int64_t *value)
{
	bool minus = s.len > 0 && s.at[0] == '-';
	int64_t n = 0;

	if (s.len > 0 && (s.at[0] == '-' || s.at[0] == '+'))
		s = span_skip(s, 1);
	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		if (n > (INT64_MAX - (s.at[i] - '0')) / 10)
			return false;
		n = n * 10 + (s.at[i] - '0');
	}
	*value = minus ? -n : n;
	return true;
}

bool span_copy(struct span s, char *to, size_t size)
{
	size_t len = s.len < size ? s.len : size - 1;

	if (len > 0)
		memcpy(to, s.at, len);
	to[len] = '\0';
	return len == s.len;
}

char *span_dup(struct span s)
{
	char *copy = malloc(s.len + 1);

	if (copy != NULL)
		span_copy(s, copy, s.len + 1);
	return copy;
}
