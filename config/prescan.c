#include "config/prescan.h"

#include "base/utf8.h"

struct prescan {
	struct span rest;
	int line;
	struct findings *errors;
	bool stop;
};

static char head(const struct prescan *scan)
{
	if (scan->rest.len == 0)
		return '\0';
	return scan->rest.at[0];
}

static char skip(struct prescan *scan)
{
	char c = head(scan);

	if (c == '\n')
		scan->line++;
	scan->rest = span_skip(scan->rest, 1);
	return c;
}

static void refuse(struct prescan *scan, int line, const char *what)
{
	findings_add(scan->errors, line, "%s", what);
	scan->stop = true;
}

static void comment_line(struct prescan *scan)
{
	while (scan->rest.len > 0 && head(scan) != '\n')
		skip(scan);
}

static void comment_block(struct prescan *scan)
{
	int line = scan->line;

	while (scan->rest.len > 0 && !span_starts(scan->rest, "*/"))
		skip(scan);
	if (scan->rest.len == 0)
		refuse(scan, line, "this comment never ends, want */");
	scan->rest = span_skip(scan->rest, 2);
}

static void string(struct prescan *scan)
{
	int line = scan->line;

	skip(scan);
	while (scan->rest.len > 0 && head(scan) != '"') {
		if (head(scan) == '\\')
			skip(scan);
		skip(scan);
	}
	if (scan->rest.len == 0)
		refuse(scan, line, "this text never ends, want a closing quote");
	skip(scan);
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool hex(char c)
{
	return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void name(struct prescan *scan)
{
	while (letter(head(scan)) || digit(head(scan)) || head(scan) == '_' || head(scan) == '-' ||
	       head(scan) == '*')
		skip(scan);
}

/* libconfig keeps 32 bits of an integer, 64 with an L behind it. */
static void check_integer(struct prescan *scan, struct span s)
{
	bool is_hex = span_starts(s, "0x") || span_starts(s, "0X");
	struct span digits = is_hex ? span_skip(s, 2) : s;
	int64_t value = 0;

	if (s.at[s.len - 1] == 'L')
		findings_add(scan->errors, scan->line,
			     "%.*s: no setting takes that much, want no L",
			     (int)(s.len < 40 ? s.len : 40), s.at);
	else if (is_hex ? digits.len > 8 || (digits.len == 8 && digits.at[0] > '7')
			: !span_int(s, &value) || value > INT32_MAX || value < INT32_MIN)
		findings_add(scan->errors, scan->line,
			     "%.*s does not fit, want -2147483648 to 2147483647",
			     (int)(s.len < 40 ? s.len : 40), s.at);
	else if (!is_hex && s.len > 1 && s.at[0] == '0')
		findings_add(scan->errors, scan->line,
			     "%.*s is read as decimal, want it without the zero in front",
			     (int)s.len, s.at);
}

static void number(struct prescan *scan)
{
	struct span s = scan->rest;
	bool is_hex;
	bool integer = true;

	if (head(scan) == '+' || head(scan) == '-')
		skip(scan);
	is_hex = span_starts(scan->rest, "0x") || span_starts(scan->rest, "0X");
	if (is_hex) {
		skip(scan);
		skip(scan);
	}
	while (is_hex ? hex(head(scan)) : digit(head(scan)))
		skip(scan);
	while (head(scan) == 'L')
		skip(scan);
	while (!is_hex && (letter(head(scan)) || digit(head(scan)) || head(scan) == '.')) {
		integer = false; /* a fraction, or nonsense: not ours to judge */
		skip(scan);
	}
	s.len -= scan->rest.len;
	if (integer && (s.len > 1 || digit(s.at[0])))
		check_integer(scan, s);
}

static void token(struct prescan *scan)
{
	char c = head(scan);

	if (c == '#' || span_starts(scan->rest, "//"))
		comment_line(scan);
	else if (span_starts(scan->rest, "/*"))
		comment_block(scan);
	else if (c == '"')
		string(scan);
	else if (c == '@')
		refuse(scan, scan->line, "@include is not taken, want everything in one file");
	else if (c == '\0')
		refuse(scan, scan->line, "a NUL byte, want text");
	else if (letter(c) || c == '*')
		name(scan);
	else if (digit(c) || c == '+' || c == '-')
		number(scan);
	else
		skip(scan);
}

int prescan(struct span text, struct findings *errors)
{
	struct prescan scan = { .rest = text, .line = 1, .errors = errors };

	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] == '\0') {
			refuse(&scan, 1, "a NUL byte in the file, want text");
			return -1;
		}
	while (scan.rest.len > 0 && !scan.stop)
		token(&scan);
	return scan.stop ? -1 : 0;
}
