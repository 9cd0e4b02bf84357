#include "base/gsm7.h"

/* 23.038 6.2.1.  Code 09 is the capital letter, whatever older tables say.  The escape shows as a
 * space where nothing follows it (6.2.1, note 1). */
static const uint16_t letters[128] = {
	'@',   0xA3,  '$',   0xA5,  0xE8,  0xE9,  0xF9,  0xEC,  /* 00 */
	0xF2,  0xC7,  '\n',  0xD8,  0xF8,  '\r',  0xC5,  0xE5,  /* 08 */
	0x394, '_',   0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, /* 10 */
	0x3A3, 0x398, 0x39E, ' ',   0xC6,  0xE6,  0xDF,  0xC9,  /* 18 */
	' ',   '!',   '"',   '#',   0xA4,  '%',   '&',   '\'',  /* 20 */
	'(',   ')',   '*',   '+',   ',',   '-',   '.',   '/',   /* 28 */
	'0',   '1',   '2',   '3',   '4',   '5',   '6',   '7',   /* 30 */
	'8',   '9',   ':',   ';',   '<',   '=',   '>',   '?',   /* 38 */
	0xA1,  'A',   'B',   'C',   'D',   'E',   'F',   'G',   /* 40 */
	'H',   'I',   'J',   'K',   'L',   'M',   'N',   'O',   /* 48 */
	'P',   'Q',   'R',   'S',   'T',   'U',   'V',   'W',   /* 50 */
	'X',   'Y',   'Z',   0xC4,  0xD6,  0xD1,  0xDC,  0xA7,  /* 58 */
	0xBF,  'a',   'b',   'c',   'd',   'e',   'f',   'g',   /* 60 */
	'h',   'i',   'j',   'k',   'l',   'm',   'n',   'o',   /* 68 */
	'p',   'q',   'r',   's',   't',   'u',   'v',   'w',   /* 70 */
	'x',   'y',   'z',   0xE4,  0xF6,  0xF1,  0xFC,  0xE0,  /* 78 */
};

/* 23.038 6.2.1.1.  0A is the page break. */
static const struct extension {
	unsigned char septet;
	uint16_t point;
} extensions[] = {
	{ 0x0A, '\f' }, { 0x14, '^' }, { 0x28, '{' }, { 0x29, '}' }, { 0x2F, '\\' },
	{ 0x3C, '[' },  { 0x3D, '~' }, { 0x3E, ']' }, { 0x40, '|' }, { 0x65, 0x20AC },
};

static size_t from_extension(uint32_t point, unsigned char code[2])
{
	for (size_t i = 0; i < COUNT_OF(extensions); i++) {
		if (extensions[i].point != point)
			continue;
		code[0] = GSM7_ESCAPE;
		code[1] = extensions[i].septet;
		return 2;
	}
	return 0;
}

size_t gsm7_from_unicode(uint32_t point, unsigned char code[2])
{
	if (point < COUNT_OF(letters) && letters[point] == point) {
		code[0] = (unsigned char)point; /* most of ASCII stands at its own place */
		return 1;
	}
	for (size_t i = 0; i < COUNT_OF(letters); i++) {
		if (letters[i] != point || i == GSM7_ESCAPE)
			continue;
		code[0] = (unsigned char)i;
		return 1;
	}
	return from_extension(point, code);
}

uint32_t gsm7_to_unicode(unsigned char septet, bool escaped)
{
	for (size_t i = 0; escaped && i < COUNT_OF(extensions); i++)
		if (extensions[i].septet == septet)
			return extensions[i].point;
	return letters[septet & 0x7Fu];
}
