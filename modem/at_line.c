#include "modem/at_line.h"

static struct span skip_blanks(struct span s)
{
	while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t'))
		s = span_skip(s, 1);
	return s;
}

/* Does a field end here, at s?  Inside a list a bracket ends it too. */
static bool ends_here(struct span s, int depth)
{
	return s.len == 0 || s.at[0] == ',' || (depth > 0 && s.at[0] == ')');
}

/* Length of a quoted string with both quotes: the quote that closes is one with the field's end behind it. */
static size_t quoted_len(struct span s, int depth)
{
	for (size_t i = 1; i < s.len; i++)
		if (s.at[i] == '"' && ends_here(skip_blanks(span_skip(s, i + 1)), depth))
			return i + 1;
	return s.len;
}

/* Length of a list with both brackets; brackets in quotes do not count. */
static size_t list_len(struct span s)
{
	int depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '"')
			quoted = !quoted;
		else if (!quoted && s.at[i] == '(')
			depth++;
		else if (!quoted && s.at[i] == ')' && --depth == 0)
			return i + 1;
	}
	return s.len;
}

/* Cuts the next field off, as it stands but without blanks around it, and its comma.  False at the end. */
static bool take(struct at_line *line, struct span *field)
{
	struct span s = skip_blanks(line->rest);
	size_t len = 0;

	*field = (struct span){ s.at, 0 };
	if (!at_line_more(line))
		return false;
	if (s.len > 0 && s.at[0] == '"')
		len = quoted_len(s, line->depth);
	else if (s.len > 0 && s.at[0] == '(')
		len = list_len(s);
	while (!ends_here(span_skip(s, len), line->depth))
		len++;
	*field = span_trim((struct span){ s.at, len });
	line->rest = span_skip(s, len);
	line->ended = line->rest.len == 0 || line->rest.at[0] != ',';
	if (!line->ended)
		line->rest = span_skip(line->rest, 1);
	return true;
}

static struct span unquote(struct span s)
{
	if (s.len == 0 || s.at[0] != '"')
		return s;
	s = span_skip(s, 1);
	if (s.len > 0 && s.at[s.len - 1] == '"')
		s.len--;
	return s;
}

struct at_line at_line_of(struct span text)
{
	struct span s = span_trim(text);

	return (struct at_line){ .rest = s, .ended = s.len == 0 };
}

bool at_line_prefix(struct at_line *line, const char *prefix)
{
	struct span s = skip_blanks(line->rest);

	if (!span_starts(s, prefix))
		return false;
	line->rest = skip_blanks(span_skip(s, span_of(prefix).len));
	line->ended = line->rest.len == 0;
	return true;
}

bool at_line_more(const struct at_line *line)
{
	return !line->ended;
}

bool at_line_string(struct at_line *line, struct span *value)
{
	bool found = take(line, value);

	*value = unquote(*value);
	return found;
}

bool at_line_int(struct at_line *line, int64_t *value)
{
	struct span field;

	return at_line_string(line, &field) && span_int(span_trim(field), value);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool at_line_hex(struct at_line *line, uint64_t *value)
{
	struct span field;
	uint64_t n = 0;

	if (!at_line_string(line, &field) || field.len == 0 || field.len > 16)
		return false;
	for (size_t i = 0; i < field.len; i++) {
		int digit = hex_digit(field.at[i]);

		if (digit < 0)
			return false;
		n = n << 4 | (uint64_t)digit;
	}
	*value = n;
	return true;
}

bool at_line_skip(struct at_line *line, size_t count)
{
	struct span field;

	for (size_t i = 0; i < count; i++)
		if (!take(line, &field))
			return false;
	return true;
}

bool at_line_open(struct at_line *line)
{
	struct span s = skip_blanks(line->rest);

	if (line->ended || s.len == 0 || s.at[0] != '(')
		return false;
	line->rest = span_skip(s, 1);
	line->depth++;
	return true;
}

void at_line_close(struct at_line *line)
{
	if (line->depth == 0)
		return;
	while (at_line_skip(line, 1))
		;
	line->depth--;
	if (line->rest.len > 0) /* the ')': nothing else ends a field in a list */
		line->rest = skip_blanks(span_skip(line->rest, 1));
	line->ended = line->rest.len == 0 || line->rest.at[0] != ',';
	if (!line->ended)
		line->rest = span_skip(line->rest, 1);
}

struct span at_line_rest(const struct at_line *line)
{
	return line->rest;
}
