#include "modem/ussd.h"

#include <string.h>

#include "base/gsm7.h"
#include "base/utf8.h"
#include "modem/at_line.h"
#include "modem/octets.h"

#define OCTETS_MAX 400
#define UCS2       8 /* 23.038 4: the coding group of 72 and 8 */

/* What stands between the first quote and the last; false: there are not two. */
static bool quoted(struct span answer, struct span *text, struct span *behind)
{
	struct span rest = answer;
	size_t first;
	size_t last = answer.len;

	span_cut(&rest, '"');
	first = answer.len - rest.len;
	while (last > first && answer.at[last - 1] != '"')
		last--;
	if (last <= first)
		return false;
	*text = (struct span){ answer.at + first, last - 1 - first };
	*behind = span_skip(answer, last);
	return true;
}

static bool closes(struct span behind)
{
	int64_t dcs;

	behind = span_trim(behind);
	if (behind.len == 0)
		return true;
	return behind.at[0] == ',' && (behind.len == 1 || span_int(span_skip(behind, 1), &dcs));
}

bool ussd_open(struct span answer)
{
	struct span text, behind;
	struct span rest = answer;

	if (memchr(answer.at, '"', answer.len) == NULL)
		return false;
	span_cut(&rest, '"');
	if (memchr(rest.at, '"', rest.len) == NULL)
		return true;
	return !quoted(answer, &text, &behind) || !closes(behind);
}

/* ---- its text ---- */

static void add_point(struct buf *text, uint32_t point)
{
	utf8_add(text, point < ' ' || point == 0x7F ? ' ' : point);
}

static void add_wide(struct buf *text, const unsigned char *at, size_t len)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		add_point(text, (uint32_t)at[i] << 8 | at[i + 1]);
}

static void add_packed(struct buf *text, const unsigned char *at, size_t len)
{
	bool escaped = false;
	size_t count = len * 8 / 7;

	for (size_t i = 0; i < count; i++) {
		unsigned char septet = octets_septet(at, i);
		bool fill = i + 1 == count && len % 7 == 0 && septet == 0x0D;

		if (fill) /* 23.038 6.1.2.3.1: a CR where seven bits were left over */
			break;
		if (!escaped && septet == GSM7_ESCAPE) {
			escaped = true;
			continue;
		}
		add_point(text, gsm7_to_unicode(septet, escaped));
		escaped = false;
	}
}

/* UCS-2 by its look: whole units, and the high octets nearly all alike. */
static bool looks_wide(const unsigned char *at, size_t len)
{
	size_t alike = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		alike += at[i] == at[0] || at[i] == 0;
	return len % 2 == 0 && len >= 4 && alike * 10 >= len / 2 * 9 && at[0] < 0x20;
}

static void add_text(struct buf *text, struct span raw, int64_t dcs)
{
	unsigned char octets[OCTETS_MAX];
	size_t len = 0;
	struct err err = { .code = ERR_NONE };
	bool hex = raw.len >= 4 && octets_from_hex(raw, octets, sizeof octets, &len, &err) == 0;

	if (hex && ((dcs >= 0 && (dcs & 0x0C) == UCS2 && dcs < 0x80) || looks_wide(octets, len)))
		add_wide(text, octets, len);
	else if (hex)
		add_packed(text, octets, len);
	else
		while (raw.len > 0)
			add_point(text, utf8_next(&raw));
}

int ussd_read(struct span answer, struct buf *text)
{
	struct at_line line = at_line_of(answer);
	struct span raw, behind;
	int64_t mode = -1;
	int64_t dcs = -1;

	if (!at_line_prefix(&line, "+CUSD:") || !at_line_int(&line, &mode) || mode < 0 || mode > 5)
		return -1;
	if (quoted(answer, &raw, &behind)) {
		behind = span_trim(behind);
		span_int(span_trim(span_skip(behind, 1)), &dcs);
		add_text(text, raw, dcs);
	}
	return (int)mode;
}

bool ussd_pack(struct span code, char *hex, size_t size)
{
	unsigned char octets[32] = { 0 };
	size_t len = octets_of_septets(code.len);

	if (len >= sizeof octets || size < 2 * len + 1)
		return false;
	for (size_t i = 0; i < code.len; i++)
		octets_put_septet(octets, i, (unsigned char)code.at[i]);
	octets_to_hex(octets, len, hex);
	return true;
}
