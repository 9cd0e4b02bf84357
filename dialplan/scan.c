#include "dialplan/scan.h"

#include "base/utf8.h"

#include <string.h>

enum class {
	CLASS_SKIP, /* invisible: as if it were not there */
	CLASS_BLANK,
	CLASS_BREAK, /* a line's end */
	CLASS_QUOTE,
	CLASS_PUNCT,
	CLASS_ASK,
	CLASS_LETTER,
	CLASS_DIGIT,
	CLASS_SIGN,
	CLASS_OTHER
};

/* In order of the code points; what is not listed above U+007F is a letter of some script. */
static const struct range {
	uint32_t from, to;
	enum class class;
} ranges[] = {
	{ 0x0080, 0x009F, CLASS_BLANK },  { 0x00A0, 0x00A0, CLASS_BLANK },
	{ 0x00A1, 0x00A1, CLASS_PUNCT },  { 0x00AB, 0x00AB, CLASS_QUOTE },
	{ 0x00AD, 0x00AD, CLASS_SKIP },   { 0x00BB, 0x00BB, CLASS_QUOTE },
	{ 0x00BF, 0x00BF, CLASS_ASK },    { 0x037E, 0x037E, CLASS_ASK }, /* Greek */
	{ 0x061C, 0x061C, CLASS_SKIP },   { 0x061F, 0x061F, CLASS_ASK }, /* Arabic */
	{ 0x1680, 0x1680, CLASS_BLANK },  { 0x2000, 0x200A, CLASS_BLANK },
	{ 0x200B, 0x200F, CLASS_SKIP },   { 0x2010, 0x2015, CLASS_PUNCT },
	{ 0x2018, 0x2019, CLASS_SKIP }, /* as the ASCII apostrophe */
	{ 0x201A, 0x201F, CLASS_QUOTE },  { 0x2022, 0x2022, CLASS_PUNCT },
	{ 0x2026, 0x2026, CLASS_PUNCT },  { 0x2028, 0x2029, CLASS_BREAK },
	{ 0x202A, 0x202E, CLASS_SKIP },   { 0x202F, 0x202F, CLASS_BLANK },
	{ 0x2039, 0x203A, CLASS_QUOTE },  { 0x203D, 0x203D, CLASS_ASK },
	{ 0x2047, 0x2049, CLASS_ASK },    { 0x205F, 0x205F, CLASS_BLANK },
	{ 0x2060, 0x206F, CLASS_SKIP },   { 0x20E3, 0x20E3, CLASS_SKIP }, /* keycap */
	{ 0x2190, 0x2752, CLASS_SIGN },   { 0x2753, 0x2754, CLASS_ASK },
	{ 0x2755, 0x2BFF, CLASS_SIGN },   { 0x3000, 0x3000, CLASS_BLANK },
	{ 0x3001, 0x3002, CLASS_PUNCT },  { 0x300C, 0x300F, CLASS_QUOTE },
	{ 0xFE00, 0xFE0F, CLASS_SKIP }, /* variation selectors */
	{ 0xFEFF, 0xFEFF, CLASS_SKIP },   { 0x1F000, 0x1F3FA, CLASS_SIGN },
	{ 0x1F3FB, 0x1F3FF, CLASS_SKIP }, /* skin tones */
	{ 0x1F400, 0x1FAFF, CLASS_SIGN }, { 0xE0000, 0xE01EF, CLASS_SKIP },
};

static enum class ascii_class(char c) {
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return CLASS_LETTER;
	if (c >= '0' && c <= '9') return CLASS_DIGIT;
	if (c == '\n' || c == '\r') return CLASS_BREAK;
	if ((unsigned char)c <= ' ' || c == 0x7F) return CLASS_BLANK;
	if (c == '\'') return CLASS_SKIP;
	if (c == '"' || c == '`') return CLASS_QUOTE;
	if (c == '?') return CLASS_ASK;
	return strchr(".,!;:()[]-#*", c) != NULL ? CLASS_PUNCT : CLASS_OTHER;
}

/* Takes one code point; full-width forms (U+FF01 to U+FF5E) become ASCII. */
static enum class next_class(struct span *rest, uint32_t *point) {
		*point = utf8_next(rest);
		if (*point >= 0xFF01 && *point <= 0xFF5E) *point -= 0xFEE0;
		if (*point < 0x80) return ascii_class((char)*point);
		for (size_t i = 0; i < COUNT_OF(ranges);
		     i++) if (*point >= ranges[i].from && *point <= ranges[i].to) return ranges[i]
			.class;
		return CLASS_LETTER;
}

struct scan scan_line(struct span text)
{
	struct scan scan = { .line = text };
	struct span rest = text;
	bool blank = true;

	while (rest.len > 0) {
		struct span here = rest;
		uint32_t point;
		enum class class = next_class(&rest, &point);

		if (class == CLASS_BREAK && !blank) {
			scan.line.len -= here.len;
			return scan;
		}
		if (class == CLASS_BREAK)
			scan.line = rest;
		else if (class != CLASS_BLANK && class != CLASS_SKIP)
			blank = false;
		scan.asks = scan.asks || class == CLASS_ASK;
	}
	return scan;
}

/* Passes over what separates tokens; false at the end. */
static bool skip_gap(struct scan *scan, struct token *token)
{
	while (scan->line.len > 0) {
		struct span rest = scan->line;
		uint32_t point;

		switch (next_class(&rest, &point)) {
		case CLASS_QUOTE:
			token->quoted = true;
			token->punct = true;
			break;
		case CLASS_PUNCT:
		case CLASS_ASK:
			token->quoted = false;
			token->punct = true;
			break;
		case CLASS_SKIP:
		case CLASS_BLANK:
		case CLASS_BREAK:
			break;
		case CLASS_LETTER:
		case CLASS_DIGIT:
		case CLASS_SIGN:
		case CLASS_OTHER:
			return true;
		}
		scan->line = rest;
	}
	return false;
}

/* A run of letters or of digits; `spoilt`: it cannot be a word of ours. */
static void read_run(struct scan *scan, struct token *token, enum class wanted)
{
	size_t len = 0;
	bool spoilt = false;

	while (scan->line.len > 0) {
		struct span rest = scan->line;
		uint32_t point;
		enum class class = next_class(&rest, &point);

		if (class != wanted && class != CLASS_SKIP)
			break;
		scan->line = rest;
		if (class == CLASS_SKIP)
			continue;
		spoilt = spoilt || point >= 0x80 || len + 1 == TOKEN_SIZE;
		if (!spoilt)
			token->text[len++] =
				(char)(point >= 'A' && point <= 'Z' ? point + 32 : point);
	}
	if (spoilt)
		memset(token->text, 0, sizeof token->text);
}

struct token scan_next(struct scan *scan)
{
	struct token token = { TOKEN_END };
	struct span rest;
	enum class class;
	uint32_t point;

	if (!skip_gap(scan, &token))
		return token;
	rest = scan->line;
	class = next_class(&rest, &point);
	if (class == CLASS_LETTER || class == CLASS_DIGIT) {
		token.kind = class == CLASS_LETTER ? TOKEN_WORD : TOKEN_DIGITS;
		read_run(scan, &token, class);
		return token;
	}
	token.kind = class == CLASS_SIGN ? TOKEN_SIGN : TOKEN_OTHER;
	token.sign = point;
	scan->line = rest;
	return token;
}

struct span scan_rest(const struct scan *scan)
{
	return scan->line;
}

bool scan_has_quote(const struct scan *scan)
{
	struct span rest = scan->line;
	uint32_t point;

	while (rest.len > 0)
		if (next_class(&rest, &point) == CLASS_QUOTE)
			return true;
	return false;
}
