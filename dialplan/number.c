/* number.c - telephone numbers: folded into E.164, and masked. */
#include "dialplan/plan.h"

#include <string.h>

#define DIGITS_MIN 7  /* the shortest that the dial guard lets through (DESIGN.md 5) */
#define DIGITS_MAX 15 /* ITU-T E.164, 6.1 */
#define NATIONAL_MAX \
	10 /* significant digits: a longer one that begins with the country's is whole */

struct digits {
	char at[32];
	size_t len;
	bool plus;
};

static bool separates(char c)
{
	return c != '\0' && strchr(" \t-./()", c) != NULL;
}

/* The digits of what was written; false if anything stands there that no number has (a letter: an
 * alphanumeric sender).  "+49 (0)171": that zero is not dialled from abroad. */
static bool collect(struct digits *digits, struct span written)
{
	*digits = (struct digits){ 0 };
	written = span_trim(written);
	if (span_starts(written, "+")) {
		digits->plus = true;
		written = span_skip(written, 1);
	}
	while (written.len > 0) {
		char c = written.at[0];

		if (digits->plus && digits->len > 0 && span_starts(written, "(0)"))
			written = span_skip(written, 3);
		else if (span_starts(written, "\xC2\xA0")) /* a no-break space */
			written = span_skip(written, 2);
		else if (separates(c))
			written = span_skip(written, 1);
		else if (c < '0' || c > '9' || digits->len == sizeof digits->at)
			return false;
		else {
			digits->at[digits->len++] = c;
			written = span_skip(written, 1);
		}
	}
	return true;
}

static bool write_e164(const char *country, struct span rest, char e164[PLAN_E164])
{
	size_t prefix = strlen(country);

	if (prefix + rest.len < DIGITS_MIN || prefix + rest.len > DIGITS_MAX)
		return false;
	e164[0] = '+';
	memcpy(e164 + 1, country, prefix);
	memcpy(e164 + 1 + prefix, rest.at, rest.len);
	e164[1 + prefix + rest.len] = '\0';
	return e164[1] != '0';
}

bool plan_fold_number(const char *country, struct span written, char e164[PLAN_E164])
{
	struct digits digits;
	struct span s;

	if (!collect(&digits, written))
		return false;
	s = (struct span){ digits.at, digits.len };
	if (digits.plus)
		return write_e164("", s, e164);
	if (span_starts(s, "00"))
		return write_e164("", span_skip(s, 2), e164);
	if (country[0] == '\0')
		return false;
	if (strcmp(country, "1") == 0 && span_starts(s, "011")) /* North America's 00 */
		return write_e164("", span_skip(s, 3), e164);
	if (s.len > NATIONAL_MAX && span_starts(s, country)) /* the plus got lost on the way */
		return write_e164("", s, e164);
	/* The trunk zero goes, but in Italy it is part of the number. */
	if (span_starts(s, "0") && strcmp(country, "39") != 0)
		s = span_skip(s, 1);
	return write_e164(country, s, e164);
}

void plan_mask_number(const char *e164, char masked[PLAN_E164])
{
	size_t len = strlen(e164);

	if (len >= PLAN_E164)
		len = PLAN_E164 - 1;
	memset(masked, '*', len);
	masked[len] = '\0';
	if (len <= 6)
		return;
	memcpy(masked, e164, 4);
	memcpy(masked + len - 2, e164 + len - 2, 2);
}
