#include "base/utf8.h"

static bool scalar(uint32_t point)
{
	return point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
}

/* Length of the sequence that a first byte announces, and its own bits; 0 for none. */
static size_t announced(unsigned char first, uint32_t *bits)
{
	if (first < 0x80) {
		*bits = first;
		return 1;
	}
	if (first >= 0xC2 && first <= 0xDF) {
		*bits = first & 0x1Fu;
		return 2;
	}
	if (first >= 0xE0 && first <= 0xEF) {
		*bits = first & 0x0Fu;
		return 3;
	}
	if (first >= 0xF0 && first <= 0xF4) {
		*bits = first & 0x07u;
		return 4;
	}
	return 0;
}

uint32_t utf8_next(struct span *rest)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	struct span s = *rest;
	uint32_t point = 0;
	size_t len = announced((unsigned char)s.at[0], &point);

	*rest = span_skip(s, 1);
	if (len == 0 || len > s.len)
		return UTF8_REPLACEMENT;
	for (size_t i = 1; i < len; i++) {
		unsigned char next = (unsigned char)s.at[i];

		if ((next & 0xC0u) != 0x80u)
			return UTF8_REPLACEMENT;
		point = point << 6 | (next & 0x3Fu);
	}
	if (point < least[len] || !scalar(point))
		return UTF8_REPLACEMENT;
	*rest = span_skip(s, len);
	return point;
}

void utf8_add(struct buf *buf, uint32_t point)
{
	char bytes[4];
	size_t len = 0;

	if (!scalar(point))
		point = UTF8_REPLACEMENT;
	if (point < 0x80) {
		bytes[len++] = (char)point;
	} else if (point < 0x800) {
		bytes[len++] = (char)(0xC0u | point >> 6);
	} else if (point < 0x10000) {
		bytes[len++] = (char)(0xE0u | point >> 12);
		bytes[len++] = (char)(0x80u | (point >> 6 & 0x3Fu));
	} else {
		bytes[len++] = (char)(0xF0u | point >> 18);
		bytes[len++] = (char)(0x80u | (point >> 12 & 0x3Fu));
		bytes[len++] = (char)(0x80u | (point >> 6 & 0x3Fu));
	}
	if (point >= 0x80)
		bytes[len++] = (char)(0x80u | (point & 0x3Fu));
	buf_add(buf, (struct span){ bytes, len });
}
