#include "base/gsm7.h"
#include "base/utf8.h"
#include "tests/support/unit.h"

/* 23.038 6.2.1, row by row as the table stands in the standard; U+FFFD marks the escape. */
static const char *const table =
	"@\xC2\xA3$"
	"\xC2\xA5\xC3\xA8\xC3\xA9\xC3\xB9\xC3\xAC\xC3\xB2\xC3\x87\n\xC3\x98\xC3\xB8\r\xC3\x85\xC3"
	"\xA5"
	"\xCE\x94_"
	"\xCE\xA6\xCE\x93\xCE\x9B\xCE\xA9\xCE\xA0\xCE\xA8\xCE\xA3\xCE\x98\xCE\x9E\xEF\xBF\xBD\xC3"
	"\x86\xC3\xA6\xC3\x9F\xC3\x89"
	" !\"#\xC2\xA4%&'()*+,-./0123456789:;<=>?"
	"\xC2\xA1"
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ\xC3\x84\xC3\x96\xC3\x91\xC3\x9C\xC2\xA7"
	"\xC2\xBF"
	"abcdefghijklmnopqrstuvwxyz\xC3\xA4\xC3\xB6\xC3\xB1\xC3\xBC\xC3\xA0";

static void test_gsm7_knows_the_default_alphabet_both_ways(void **state)
{
	struct span rest = span_of(table);
	unsigned char septet = 0;

	(void)state;
	for (; rest.len > 0; septet++) {
		uint32_t point = utf8_next(&rest);
		unsigned char code[2] = { 0xFF, 0xFF };

		if (septet == GSM7_ESCAPE)
			continue;
		CHECK(gsm7_to_unicode(septet, false) == point);
		CHECK(gsm7_from_unicode(point, code) == 1);
		CHECK(code[0] == septet);
	}
	CHECK(septet == 128);
}

static void test_gsm7_knows_the_extension_both_ways(void **state)
{
	static const struct {
		uint32_t point;
		unsigned char septet;
	} rows[] = {
		{ '\f', 0x0A }, { '^', 0x14 }, { '{', 0x28 }, { '}', 0x29 }, { '\\', 0x2F },
		{ '[', 0x3C },  { '~', 0x3D }, { ']', 0x3E }, { '|', 0x40 }, { 0x20AC, 0x65 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		unsigned char code[2] = { 0 };

		CHECK(gsm7_from_unicode(rows[i].point, code) == 2);
		CHECK(code[0] == GSM7_ESCAPE && code[1] == rows[i].septet);
		CHECK(gsm7_to_unicode(rows[i].septet, true) == rows[i].point);
	}
}

static void test_gsm7_shows_what_the_extension_lacks_as_the_default_letter(void **state)
{
	(void)state;
	CHECK(gsm7_to_unicode('A', true) == 'A');
	CHECK(gsm7_to_unicode(0x00, true) == '@');
	CHECK(gsm7_to_unicode(GSM7_ESCAPE, true) == ' ');
	CHECK(gsm7_to_unicode(GSM7_ESCAPE, false) == ' ');
}

static void test_gsm7_refuses_what_the_alphabet_lacks(void **state)
{
	static const uint32_t rows[] = { 0x00, '\t',  0x1B,   '`',     0x7F,   0xA0,    0xE7,
					 0xAB, 0x391, 0x2019, 0x1F600, 0xFFFD, 0x110000 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		unsigned char code[2];

		CHECK(gsm7_from_unicode(rows[i], code) == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gsm7_knows_the_default_alphabet_both_ways),
		cmocka_unit_test(test_gsm7_knows_the_extension_both_ways),
		cmocka_unit_test(test_gsm7_shows_what_the_extension_lacks_as_the_default_letter),
		cmocka_unit_test(test_gsm7_refuses_what_the_alphabet_lacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
