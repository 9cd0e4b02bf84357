#include "dialplan/scan.h"

#include "base/utf8.h"

#include <string.h>

enum glyph {
	GLYPH_SKIP, /* invisible: as if it were not there */
	GLYPH_BLANK,
	GLYPH_BREAK, /* a line's end */
	GLYPH_QUOTE,
	GLYPH_PUNCT,
	GLYPH_ASK,
	GLYPH_LETTER,
	GLYPH_DIGIT,
	GLYPH_SIGN,
	GLYPH_OTHER
};

/* In order of the code points; what is not listed above U+007F is a letter of some script. */
static const struct range {
	uint32_t from, to;
	enum glyph glyph;
} ranges[] = {
	{ 0x0080, 0x009F, GLYPH_BLANK },  { 0x00A0, 0x00A0, GLYPH_BLANK },
	{ 0x00A1, 0x00A1, GLYPH_PUNCT },  { 0x00AB, 0x00AB, GLYPH_QUOTE },
	{ 0x00AD, 0x00AD, GLYPH_SKIP },   { 0x00BB, 0x00BB, GLYPH_QUOTE },
	{ 0x00BF, 0x00BF, GLYPH_ASK },    { 0x037E, 0x037E, GLYPH_ASK }, /* Greek */
	{ 0x061C, 0x061C, GLYPH_SKIP },   { 0x061F, 0x061F, GLYPH_ASK }, /* Arabic */
	{ 0x1680, 0x1680, GLYPH_BLANK },  { 0x2000, 0x200A, GLYPH_BLANK },
	{ 0x200B, 0x200F, GLYPH_SKIP },   { 0x2010, 0x2015, GLYPH_PUNCT },
	{ 0x2018, 0x2019, GLYPH_SKIP }, /* as the ASCII apostrophe */
	{ 0x201A, 0x201F, GLYPH_QUOTE },  { 0x2022, 0x2022, GLYPH_PUNCT },
	{ 0x2026, 0x2026, GLYPH_PUNCT },  { 0x2028, 0x2029, GLYPH_BREAK },
	{ 0x202A, 0x202E, GLYPH_SKIP },   { 0x202F, 0x202F, GLYPH_BLANK },
	{ 0x2039, 0x203A, GLYPH_QUOTE },  { 0x203D, 0x203D, GLYPH_ASK },
	{ 0x2047, 0x2049, GLYPH_ASK },    { 0x205F, 0x205F, GLYPH_BLANK },
	{ 0x2060, 0x206F, GLYPH_SKIP },   { 0x20E3, 0x20E3, GLYPH_SKIP }, /* keycap */
	{ 0x2190, 0x2752, GLYPH_SIGN },   { 0x2753, 0x2754, GLYPH_ASK },
	{ 0x2755, 0x2BFF, GLYPH_SIGN },   { 0x3000, 0x3000, GLYPH_BLANK },
	{ 0x3001, 0x3002, GLYPH_PUNCT },  { 0x300C, 0x300F, GLYPH_QUOTE },
	{ 0xFE00, 0xFE0F, GLYPH_SKIP }, /* variation selectors */
	{ 0xFEFF, 0xFEFF, GLYPH_SKIP },   { 0x1F000, 0x1F3FA, GLYPH_SIGN },
	{ 0x1F3FB, 0x1F3FF, GLYPH_SKIP }, /* skin tones */
	{ 0x1F400, 0x1FAFF, GLYPH_SIGN }, { 0xE0000, 0xE01EF, GLYPH_SKIP },
};

/* The zero of each script whose ten digits follow one another: phones in these languages type codes with them. */
static const uint32_t zeros[] = {
	0x0660, 0x06F0, 0x07C0,  0x0966,  0x09E6,  0x0A66,  0x0AE6,  0x0B66,
	0x0BE6, 0x0C66, 0x0CE6,  0x0D66,  0x0E50,  0x0ED0,  0x0F20,  0x1040,
	0x17E0, 0x1810, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6,
};

/* As the ASCII digit if it is one of those, and full-width forms (U+FF01 to U+FF5E) as ASCII. */
static uint32_t plain(uint32_t point)
{
	if (point >= 0xFF01 && point <= 0xFF5E)
		return point - 0xFEE0;
	for (size_t i = 0; i < COUNT_OF(zeros); i++)
		if (point >= zeros[i] && point <= zeros[i] + 9)
			return '0' + (point - zeros[i]);
	return point;
}

static enum glyph ascii_glyph(char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return GLYPH_LETTER;
	if (c >= '0' && c <= '9')
		return GLYPH_DIGIT;
	if (c == '\n' || c == '\r')
		return GLYPH_BREAK;
	if ((unsigned char)c <= ' ' || c == 0x7F)
		return GLYPH_BLANK;
	if (c == '\'')
		return GLYPH_SKIP;
	if (c == '"' || c == '`')
		return GLYPH_QUOTE;
	if (c == '?')
		return GLYPH_ASK;
	return strchr(".,!;:()[]-#*", c) != NULL ? GLYPH_PUNCT : GLYPH_OTHER;
}

/* Takes one code point. */
static enum glyph next_glyph(struct span *rest, uint32_t *point)
{
	*point = plain(utf8_next(rest));
	if (*point < 0x80)
		return ascii_glyph((char)*point);
	for (size_t i = 0; i < COUNT_OF(ranges); i++)
		if (*point >= ranges[i].from && *point <= ranges[i].to)
			return ranges[i].glyph;
	return GLYPH_LETTER;
}

struct scan scan_line(struct span text)
{
	struct scan scan = { .line = text };
	struct span rest = text;
	bool blank = true;

	while (rest.len > 0) {
		struct span here = rest;
		uint32_t point;
		enum glyph glyph = next_glyph(&rest, &point);

		if (glyph == GLYPH_BREAK && !blank) {
			scan.line.len -= here.len;
			return scan;
		}
		if (glyph == GLYPH_BREAK)
			scan.line = rest;
		else if (glyph != GLYPH_BLANK && glyph != GLYPH_SKIP)
			blank = false;
		scan.asks = scan.asks || glyph == GLYPH_ASK;
	}
	return scan;
}

/* Passes over what separates tokens; false at the end. */
static bool skip_gap(struct scan *scan, struct token *token)
{
	while (scan->line.len > 0) {
		struct span rest = scan->line;
		uint32_t point;

		switch (next_glyph(&rest, &point)) {
		case GLYPH_QUOTE:
			token->quoted = true;
			token->punct = true;
			break;
		case GLYPH_PUNCT:
		case GLYPH_ASK:
			token->quoted = false;
			token->punct = true;
			break;
		case GLYPH_SKIP:
		case GLYPH_BLANK:
		case GLYPH_BREAK:
			break;
		case GLYPH_LETTER:
		case GLYPH_DIGIT:
		case GLYPH_SIGN:
		case GLYPH_OTHER:
			return true;
		}
		scan->line = rest;
	}
	return false;
}

/* A run of letters or of digits; `spoilt`: it cannot be a word of ours. */
static void read_run(struct scan *scan, struct token *token, enum glyph wanted)
{
	size_t len = 0;
	bool spoilt = false;

	while (scan->line.len > 0) {
		struct span rest = scan->line;
		uint32_t point;
		enum glyph glyph = next_glyph(&rest, &point);

		if (glyph != wanted && glyph != GLYPH_SKIP)
			break;
		scan->line = rest;
		if (glyph == GLYPH_SKIP)
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
	enum glyph glyph;
	uint32_t point;

	if (!skip_gap(scan, &token))
		return token;
	rest = scan->line;
	glyph = next_glyph(&rest, &point);
	if (glyph == GLYPH_LETTER || glyph == GLYPH_DIGIT) {
		token.kind = glyph == GLYPH_LETTER ? TOKEN_WORD : TOKEN_DIGITS;
		read_run(scan, &token, glyph);
		return token;
	}
	token.kind = glyph == GLYPH_SIGN ? TOKEN_SIGN : TOKEN_OTHER;
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
		if (next_glyph(&rest, &point) == GLYPH_QUOTE)
			return true;
	return false;
}
