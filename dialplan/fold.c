#include "dialplan/fold.h"

#include "base/gsm7.h"
#include "base/utf8.h"

const struct fold_room fold_one = { 160, 70 };

static const char ellipsis[] = "...";
#define ELLIPSIS 3

/* U+00C0 to U+017F without their marks; what needs two letters is in `likes`, which is looked at first. */
static const char latin[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTs"
			    "aaaaaaaceeeeiiiidnooooo/ouuuuyty"
			    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGg"
			    "GgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
			    "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSs"
			    "SsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

_Static_assert(sizeof latin == 0x180 - 0xC0 + 1, "a letter for each");

/* Greek capitals from U+0391 by what they look like, as GSM-7 has only those that Latin lacks; a blank: it has it. */
static const char greek[] = "AB  EZH IK MN O P  TY X  IY";

static const struct like {
	uint32_t from, to;
	const char *text;
} likes[] = {
	{ '`', '`', "'" },
	{ 0xA0, 0xA0, " " },
	{ 0xA2, 0xA2, "c" },
	{ 0xA3, 0xA3, " pounds " }, /* this and its like: only for the voice */
	{ 0xA5, 0xA5, " yen " },
	{ 0xA6, 0xA6, "|" },
	{ 0xA7, 0xA7, " section " },
	{ 0xA8, 0xA8, "\"" },
	{ 0xA9, 0xA9, "(c)" },
	{ 0xAA, 0xAA, "a" },
	{ 0xAB, 0xAB, "\"" },
	{ 0xAC, 0xAC, "-" },
	{ 0xAD, 0xAD, "" },
	{ 0xAE, 0xAE, "(R)" },
	{ 0xAF, 0xAF, "-" },
	{ 0xB0, 0xB0, "deg" },
	{ 0xB1, 0xB1, "+-" },
	{ 0xB2, 0xB2, "2" },
	{ 0xB3, 0xB3, "3" },
	{ 0xB4, 0xB4, "'" },
	{ 0xB5, 0xB5, "u" },
	{ 0xB7, 0xB7, "-" },
	{ 0xB8, 0xB8, "," },
	{ 0xB9, 0xB9, "1" },
	{ 0xBA, 0xBA, "o" },
	{ 0xBB, 0xBB, "\"" },
	{ 0xBC, 0xBC, "1/4" },
	{ 0xBD, 0xBD, "1/2" },
	{ 0xBE, 0xBE, "3/4" },
	{ 0xC6, 0xC6, "AE" },
	{ 0xDE, 0xDE, "Th" },
	{ 0xDF, 0xDF, "ss" },
	{ 0xE6, 0xE6, "ae" },
	{ 0xFE, 0xFE, "th" },
	{ 0x132, 0x132, "IJ" },
	{ 0x133, 0x133, "ij" },
	{ 0x152, 0x152, "OE" },
	{ 0x153, 0x153, "oe" },
	{ 0x192, 0x192, "f" },
	{ 0x1A0, 0x1A0, "O" },
	{ 0x1A1, 0x1A1, "o" },
	{ 0x1AF, 0x1AF, "U" },
	{ 0x1B0, 0x1B0, "u" },
	{ 0x218, 0x218, "S" },
	{ 0x219, 0x219, "s" },
	{ 0x21A, 0x21A, "T" },
	{ 0x21B, 0x21B, "t" },
	{ 0x2B9, 0x2BC, "'" },
	{ 0x300, 0x36F, "" }, /* combining marks */
	{ 0x1E9E, 0x1E9E, "SS" },
	{ 0x2000, 0x200A, " " },
	{ 0x200B, 0x200F, "" },
	{ 0x2010, 0x2015, "-" },
	{ 0x2018, 0x201B, "'" },
	{ 0x201C, 0x201F, "\"" },
	{ 0x2020, 0x2021, "+" },
	{ 0x2022, 0x2023, "-" },
	{ 0x2026, 0x2026, "..." },
	{ 0x2028, 0x2029, " " },
	{ 0x202A, 0x202E, "" },
	{ 0x202F, 0x202F, " " },
	{ 0x2030, 0x2030, " per mille" },
	{ 0x2032, 0x2032, "'" },
	{ 0x2033, 0x2033, "\"" },
	{ 0x2039, 0x203A, "'" },
	{ 0x205F, 0x205F, " " },
	{ 0x2060, 0x206F, "" },
	{ 0x20AC, 0x20AC, " euros " },
	{ 0x20E3, 0x20E3, "" },
	{ 0x2116, 0x2116, "No." },
	{ 0x2122, 0x2122, "(TM)" },
	{ 0x2139, 0x2139, "i" },
	{ 0x2190, 0x2190, "<-" },
	{ 0x2191, 0x2191, " up " },
	{ 0x2193, 0x2193, " down " },
	{ 0x2192, 0x21FF, "->" },
	{ 0x2212, 0x2212, "-" },
	{ 0x221E, 0x221E, "inf" },
	{ 0x2248, 0x2248, "~" },
	{ 0x2260, 0x2260, "!=" },
	{ 0x2264, 0x2264, "<=" },
	{ 0x2265, 0x2265, ">=" },
	{ 0x2500, 0x257F, "-" },
	{ 0x25A0, 0x25FF, "-" },
	{ 0x26A0, 0x26A0, "(!)" },
	{ 0x2705, 0x2705, "(ok)" },
	{ 0x2713, 0x2714, "(ok)" },
	{ 0x2715, 0x2718, "(x)" },
	{ 0x274C, 0x274C, "(x)" },
	{ 0x2300, 0x2BFF, "?" }, /* other symbols */
	{ 0x3000, 0x3000, " " },
	{ 0xFE00, 0xFE0F, "" }, /* emoji variations */
	{ 0xFEFF, 0xFEFF, "" },
	{ 0xFFFD, 0xFFFD, "?" },
	{ 0x1F3FB, 0x1F3FF, "" }, /* skin tones */
	{ 0x1F525, 0x1F525, "(fire)" },
	{ 0x1F534, 0x1F534, "(red)" },
	{ 0x1F6A8, 0x1F6A8, "(!)" },
	{ 0x1F7E0, 0x1F7E0, "(orange)" },
	{ 0x1F7E1, 0x1F7E1, "(yellow)" },
	{ 0x1F7E2, 0x1F7E2, "(green)" },
	{ 0x1F000, 0x1FAFF, "?" }, /* other emoji */
	{ 0xE0000, 0xE01EF, "" },
};

/* Vietnamese (U+1EA0 to U+1EF9): capital and small letter in turn. */
static const struct {
	uint32_t to;
	const char *letters[2];
} vietnamese[] = {
	{ 0x1EB7, { "A", "a" } }, { 0x1EC7, { "E", "e" } }, { 0x1ECB, { "I", "i" } },
	{ 0x1EE3, { "O", "o" } }, { 0x1EF1, { "U", "u" } }, { 0x1EF9, { "Y", "y" } },
};

/* Small and accented Greek letters as the capital. */
static uint32_t greek_capital(uint32_t point)
{
	static const struct {
		uint32_t from, to;
	} rows[] = {
		{ 0x386, 0x391 }, { 0x388, 0x395 }, { 0x389, 0x397 }, { 0x38A, 0x399 },
		{ 0x38C, 0x39F }, { 0x38E, 0x3A5 }, { 0x38F, 0x3A9 }, { 0x390, 0x399 },
		{ 0x3AA, 0x399 }, { 0x3AB, 0x3A5 }, { 0x3AC, 0x391 }, { 0x3AD, 0x395 },
		{ 0x3AE, 0x397 }, { 0x3AF, 0x399 }, { 0x3B0, 0x3A5 }, { 0x3C2, 0x3A3 },
		{ 0x3CA, 0x399 }, { 0x3CB, 0x3A5 }, { 0x3CC, 0x39F }, { 0x3CD, 0x3A5 },
		{ 0x3CE, 0x3A9 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].from == point)
			return rows[i].to;
	return point >= 0x3B1 && point <= 0x3C9 ? point - 0x20 : point;
}

static bool is_ascii(uint32_t point)
{
	return point < 0x80 && point != '`';
}

static bool is_gsm(uint32_t point)
{
	unsigned char code[2];

	return gsm7_from_unicode(point, code) > 0;
}

/* Appends a likeness.  False: it has none that may stay. */
static bool add_like(struct buf *out, uint32_t point, bool (*stays)(uint32_t))
{
	uint32_t capital = greek_capital(point);

	for (size_t i = 0; i < COUNT_OF(likes); i++) {
		if (point < likes[i].from || point > likes[i].to)
			continue;
		buf_add_text(out, likes[i].text);
		return true;
	}
	if (point >= 0xC0 && point <= 0x17F) {
		buf_add_char(out, latin[point - 0xC0]);
		return true;
	}
	for (size_t i = 0; point >= 0x1EA0 && i < COUNT_OF(vietnamese); i++) {
		if (point > vietnamese[i].to)
			continue;
		buf_add_text(out, vietnamese[i].letters[point & 1]);
		return true;
	}
	if (capital < 0x391 || capital > 0x3A9)
		return false;
	if (greek[capital - 0x391] != ' ')
		buf_add_char(out, greek[capital - 0x391]);
	else if (stays(capital))
		utf8_add(out, capital);
	else
		return false;
	return true;
}

/* Appends what `plain` holds with blanks trimmed and collapsed. */
static void add_collapsed(struct buf *out, struct span plain)
{
	struct span word = span_word(&plain);

	for (bool first = true; word.len > 0; word = span_word(&plain), first = false) {
		if (!first)
			buf_add_char(out, ' ');
		buf_add(out, word);
	}
}

static void fold(struct buf *out, struct span foreign, bool (*stays)(uint32_t), bool keep_rest)
{
	struct buf plain = { 0 };

	while (foreign.len > 0) {
		uint32_t point = utf8_next(&foreign);

		if (point < ' ' || (point >= 0x7F && point < 0xA0))
			buf_add_char(&plain, ' ');
		else if (stays(point) || (!add_like(&plain, point, stays) && keep_rest))
			utf8_add(&plain, point);
	}
	add_collapsed(out, buf_span(&plain));
	out->failed = out->failed || plain.failed;
	buf_free(&plain);
}

void fold_sms(struct buf *out, struct span foreign)
{
	fold(out, foreign, is_gsm, true);
}

void fold_spoken(struct buf *out, struct span foreign)
{
	fold(out, foreign, is_ascii, false);
}

static size_t septets_of(uint32_t point)
{
	unsigned char code[2];

	return gsm7_from_unicode(point, code);
}

static size_t units_of(uint32_t point)
{
	return point > 0xFFFF ? 2 : 1;
}

struct cut {
	bool whole;
	size_t points; /* without the ellipsis, if not whole */
	size_t bytes;
};

/* How much of the text fits, each point as wide as `width` says; 0 ends it. */
static struct cut cut_at(struct span text, size_t room, size_t (*width)(uint32_t))
{
	struct cut cut = { .whole = true };
	struct span rest = text;
	size_t used = 0;
	size_t points = 0;

	while (rest.len > 0) {
		size_t wide = width(utf8_next(&rest));

		used += wide;
		if (wide == 0 || used > room) {
			cut.whole = false;
			return cut;
		}
		points++;
		if (used + ELLIPSIS > room)
			continue;
		cut.points = points;
		cut.bytes = text.len - rest.len;
	}
	cut.points = points;
	cut.bytes = text.len;
	return cut;
}

bool fold_fits(struct span text, struct fold_room room)
{
	return cut_at(text, room.septets, septets_of).whole ||
	       cut_at(text, room.units, units_of).whole;
}

static size_t left(size_t room, struct span head, size_t (*width)(uint32_t))
{
	size_t used = 0;

	while (head.len > 0) {
		size_t wide = width(utf8_next(&head));

		if (wide == 0)
			return 0;
		used += wide;
	}
	return used < room ? room - used : 0;
}

void fold_fit(struct buf *out, struct span head, struct span foreign, struct fold_room room)
{
	struct buf plain = { 0 };
	struct span text;
	struct cut gsm;
	struct cut ucs;
	struct cut cut;

	fold_sms(&plain, foreign);
	text = buf_span(&plain);
	gsm = cut_at(text, left(room.septets, head, septets_of), septets_of);
	ucs = cut_at(text, left(room.units, head, units_of), units_of);
	/* A foreign letter far behind must not cost the ninety that GSM-7 holds before it. */
	cut = gsm.whole || (!ucs.whole && gsm.points >= ucs.points) ? gsm : ucs;
	buf_add(out, head);
	buf_add(out, span_trim((struct span){ text.at, cut.bytes }));
	if (!cut.whole && cut.bytes > 0)
		buf_add_text(out, ellipsis);
	buf_free(&plain);
}
