#include "dialplan/spoken.h"

#include <string.h>

#define LONG_NUMBER 5 /* as many digits and more are read one by one: nobody means an amount */
#define SPELLED_MAX 5 /* letters */

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool letter(char c)
{
	return upper(c) || (c >= 'a' && c <= 'z');
}

static bool is_vowel(char c)
{
	return strchr("aeiouyAEIOUY", c) != NULL;
}

/* A word begins: one blank between it and what was said before. */
static void begin(struct buf *out)
{
	if (out->len > 0 && out->at[out->len - 1] != ' ')
		buf_add_char(out, ' ');
}

static void say(struct buf *out, const char *word)
{
	begin(out);
	buf_add_text(out, word);
}

/* ---- letters ---- */

/* Abbreviations with a vowel in them; all others are told by having none.  Small: also meant when written so. */
static const struct {
	const char *word;
	bool small;
} spelled[] = {
	{ "API", true },  { "APIS", true },  { "CPU", true },  { "GPU", true }, { "URL", true },
	{ "URI", true },  { "UI", true },    { "UPS", true },  { "IO", false }, { "IP", true },
	{ "ID", false },  { "OOM", true },   { "OS", false },  { "EU", true },  { "US", false },
	{ "UK", true },   { "AWS", true },   { "IAM", false }, { "EC", true },  { "AZ", false },
	{ "QA", true },   { "UTC", true },   { "ETA", true },  { "SLA", true }, { "SLO", true },
	{ "EBS", true },  { "ECS", true },   { "AMI", false }, { "ACL", true }, { "UDP", true },
	{ "DNS", true },  { "ETL", true },   { "AP", false },  { "UAT", true }, { "HA", false },
	{ "AD", false },  { "IT", false },   { "AI", true },   { "USB", true }, { "SAN", false },
	{ "VPN", true },  { "PDU", true },   { "RPO", true },  { "RTO", true }, { "ASG", true },
	{ "EKS", true },  { "AKS", true },   { "GKE", true },  { "ELB", true }, { "ALB", true },
	{ "UUID", true }, { "IOPS", false },
};

static bool listed(struct span word, bool capitals)
{
	for (size_t i = 0; i < COUNT_OF(spelled); i++)
		if (span_is_nocase(word, spelled[i].word) && (capitals || spelled[i].small))
			return true;
	return false;
}

/* Two letters or more that nobody can say as a word. */
static bool abbreviation(struct span word)
{
	bool capitals = true;
	bool vowel = false;

	for (size_t i = 0; i < word.len; i++) {
		capitals = capitals && upper(word.at[i]);
		vowel = vowel || is_vowel(word.at[i]);
	}
	return word.len > 1 && word.len <= SPELLED_MAX && (!vowel || listed(word, capitals));
}

static void say_letters(struct buf *out, struct span word)
{
	if (!abbreviation(word)) {
		begin(out);
		buf_add(out, word);
		return;
	}
	for (size_t i = 0; i < word.len; i++) {
		char c = word.at[i];

		begin(out);
		buf_add_char(out, (char)(upper(c) ? c : c - 'a' + 'A'));
	}
}

/* ---- numbers ---- */

static void say_number(struct buf *out, struct span digits)
{
	bool apart = digits.len >= LONG_NUMBER || (digits.len > 1 && digits.at[0] == '0');

	if (!apart) {
		begin(out);
		buf_add(out, digits);
		return;
	}
	for (size_t i = 0; i < digits.len; i++) {
		begin(out);
		buf_add_char(out, digits.at[i]);
	}
}

/* The digits at the beginning of the text, taken off it. */
static struct span take_digits(struct span *text)
{
	size_t n = 0;

	while (n < text->len && digit(text->at[n]))
		n++;
	*text = span_skip(*text, n);
	return (struct span){ text->at - n, n };
}

/* "03:15", "3:15:20Z". */
static bool say_time(struct buf *out, struct span word)
{
	struct span rest = word;
	struct span hour = take_digits(&rest);
	struct span minute;
	int64_t h, m;

	if (hour.len < 1 || hour.len > 2 || rest.len == 0 || rest.at[0] != ':')
		return false;
	rest = span_skip(rest, 1);
	minute = take_digits(&rest);
	if (minute.len != 2 || !span_int(hour, &h) || !span_int(minute, &m) || h > 24 || m > 59)
		return false;
	if (rest.len == 3 && rest.at[0] == ':') /* seconds: nobody wants to hear them */
		rest = span_skip(rest, 3);
	if (rest.len == 4 && rest.at[0] == ':' && rest.at[3] == 'Z')
		rest = span_skip(rest, 3);
	if (rest.len != 0 && !span_is(rest, "Z"))
		return false;
	begin(out);
	if (m == 0)
		buf_addf(out, "%d %s", (int)h, h > 0 && h <= 12 ? "o'clock" : "hundred");
	else
		buf_addf(out, m < 10 ? "%d oh %d" : "%d %d", (int)h, (int)m);
	if (rest.len > 0)
		buf_add_text(out, " U T C");
	return true;
}

/* "2026-11-28", and a time behind "T". */
static bool say_date(struct buf *out, struct span word)
{
	static const char *const months[] = { "January",   "February", "March",    "April",
					      "May",       "June",     "July",     "August",
					      "September", "October",  "November", "December" };
	int64_t month, day;

	if (word.len < 10 || word.at[4] != '-' || word.at[7] != '-' ||
	    !span_int((struct span){ word.at + 5, 2 }, &month) ||
	    !span_int((struct span){ word.at + 8, 2 }, &day) || month < 1 || month > 12 ||
	    day < 1 || day > 31 || !digit(word.at[0]) || !digit(word.at[3]))
		return false;
	say(out, months[month - 1]);
	buf_addf(out, " %d", (int)day);
	if (word.len > 11 && word.at[10] == 'T' && say_time(out, span_skip(word, 11)))
		return true;
	return word.len == 10;
}

static const struct {
	const char *unit, *one, *many;
} units[] = {
	{ "ms", "millisecond", "milliseconds" },
	{ "s", "second", "seconds" },
	{ "sec", "second", "seconds" },
	{ "m", "minute", "minutes" },
	{ "min", "minute", "minutes" },
	{ "h", "hour", "hours" },
	{ "d", "day", "days" },
	{ "B", "byte", "bytes" },
	{ "kB", "kilobyte", "kilobytes" },
	{ "KB", "kilobyte", "kilobytes" },
	{ "MB", "megabyte", "megabytes" },
	{ "MiB", "megabyte", "megabytes" },
	{ "GB", "gigabyte", "gigabytes" },
	{ "GiB", "gigabyte", "gigabytes" },
	{ "TB", "terabyte", "terabytes" },
	{ "k", "thousand", "thousand" },
	{ "M", "million", "million" },
	{ "%", "percent", "percent" },
};

/* "12", "99.9%", "1,200", "30s".  Not "1.2.3", nor "0x1f". */
static bool say_amount(struct buf *out, struct span word)
{
	struct span rest = word;
	struct span whole = take_digits(&rest);
	struct span part = { NULL, 0 };
	size_t unit = 0;

	if (whole.len == 0)
		return false;
	if (rest.len > 1 && rest.at[0] == '.' && digit(rest.at[1])) {
		rest = span_skip(rest, 1);
		part = take_digits(&rest);
	}
	while (rest.len > 0 && unit < COUNT_OF(units) && !span_is(rest, units[unit].unit))
		unit++;
	if (unit == COUNT_OF(units))
		return false;
	say_number(out, whole);
	if (part.len > 0)
		say(out, "point");
	for (size_t i = 0; i < part.len; i++) {
		begin(out);
		buf_add_char(out, part.at[i]);
	}
	if (rest.len > 0)
		say(out, span_is(whole, "1") && part.len == 0 ? units[unit].one : units[unit].many);
	return true;
}

/* ---- signs ---- */

static const struct {
	const char *sign, *word;
} signs[] = {
	{ "->", "to" },      { "<-", "from" },  { "=>", "to" },     { ">=", "at least" },
	{ "<=", "at most" }, { "==", "is" },    { "!=", "is not" }, { "&&", "and" },
	{ ">", "over" },     { "<", "under" },  { "=", "is" },      { "&", "and" },
	{ "@", "at" },       { "+", "plus" },   { "%", "percent" }, { "/", "slash" },
	{ "~", "about" },    { "#", "number" }, { "$", "dollars" },
};

static size_t say_sign(struct buf *out, struct span rest)
{
	for (size_t i = 0; i < COUNT_OF(signs); i++)
		if (span_starts(rest, signs[i].sign)) {
			say(out, signs[i].word);
			return strlen(signs[i].sign);
		}
	return 0;
}

/* Letters up to where a new word begins inside: "HighErrorRate", "HTTPServer", "PostgreSQL". */
static size_t letters(struct span text)
{
	size_t n = 1;

	while (n < text.len && letter(text.at[n])) {
		bool ends = upper(text.at[n]) && !upper(text.at[n - 1]);
		bool turns = upper(text.at[n]) && n + 1 < text.len && letter(text.at[n + 1]) &&
			     !upper(text.at[n + 1]);

		if (ends || turns)
			break;
		n++;
	}
	return n;
}

/* One piece of a word that is none as it stands; how much of it was said. */
static size_t say_piece(struct buf *out, struct span rest, bool last)
{
	char c = rest.at[0];
	size_t n;

	if (letter(c)) {
		n = letters(rest);
		while (n + 1 < rest.len && rest.at[n] == '\'' && letter(rest.at[n + 1]))
			n += 1 + letters(span_skip(rest, n + 1)); /* it's */
		say_letters(out, (struct span){ rest.at, n });
		return n;
	}
	if (digit(c)) {
		struct span behind = rest;

		say_number(out, take_digits(&behind));
		return rest.len - behind.len;
	}
	n = say_sign(out, rest);
	if (n > 0)
		return n;
	if (c == '.' && !last)
		say(out, "dot");
	else if (c == '\'' && out->len > 0)
		buf_add_char(out, c); /* o'clock */
	return 1;
}

static void say_pieces(struct buf *out, struct span word)
{
	while (word.len > 0)
		word = span_skip(word, say_piece(out, word, word.len == 1));
}

/* A name as files, machines and programs have it: letters and digits with -, _, . or / between. */
static void say_word(struct buf *out, struct span word)
{
	const char *link = NULL;

	for (size_t i = 0; i + 3 <= word.len; i++)
		if (memcmp(word.at + i, "://", 3) == 0)
			link = word.at;
	if (link != NULL)
		say(out, "a link");
	else if (!say_time(out, word) && !say_date(out, word) && !say_amount(out, word))
		say_pieces(out, word);
}

/* A number with its thousands parted by commas, without them; false: it is none. */
static bool join_thousands(struct span word, char *plain, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < word.len; i++) {
		bool parts =
			word.at[i] == ',' && i > 0 && i % 4 == word.len % 4 && i + 3 < word.len;

		if (!parts && !digit(word.at[i]))
			return false;
		if (digit(word.at[i]) && n + 1 < size)
			plain[n++] = word.at[i];
	}
	plain[n] = '\0';
	return n < word.len;
}

static void say_token(struct buf *out, struct span token)
{
	static const char pauses[] = ".,:;!?";
	char plain[20];
	size_t tail = token.len;
	char pause = '\0';

	while (tail > 0 && strchr(".,:;!?)]}\"'", token.at[tail - 1]) != NULL) {
		tail--;
		if (strchr(pauses, token.at[tail]) != NULL)
			pause = token.at[tail];
		else if (strchr(")]}", token.at[tail]) != NULL && pause == '\0')
			pause = ',';
	}
	token.len = tail;
	if (join_thousands(token, plain, sizeof plain))
		say(out, plain);
	else
		say_word(out, token);
	if (pause != '\0' && out->len > 0 && strchr(".,:;!?", out->at[out->len - 1]) == NULL)
		buf_add_char(out, pause);
}

void spoken_text(struct buf *out, struct span text)
{
	struct buf said = { 0 };
	struct span token;

	while ((token = span_word(&text)).len > 0)
		say_token(&said, token);
	while (said.len > 0 && said.at[said.len - 1] == ' ')
		said.len--;
	buf_add(out, buf_span(&said));
	out->failed = out->failed || said.failed;
	buf_free(&said);
}
