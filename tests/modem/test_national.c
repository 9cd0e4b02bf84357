#include <string.h>

#include "base/gsm7.h"
#include "base/span.h"
#include "modem/national_tables.h"
#include "tests/support/unit.h"

static uint32_t locked(enum national language, unsigned septet)
{
	struct national_shift shift = { .locking = language };

	return national_to_unicode(shift, (unsigned char)septet, false);
}

static uint32_t single(enum national language, unsigned septet)
{
	struct national_shift shift = { .single = language };

	return national_to_unicode(shift, (unsigned char)septet, true);
}

/* The nine tables for the scripts of India follow one plan: the letters in the order of their Unicode blocks,
 * which are themselves laid out alike, with what a script lacks left empty. */
static const struct script {
	enum national language;
	uint32_t block;
	const char *lacks; /* offsets in the block, two hex digits each */
	uint32_t at_60;    /* and 7B to 7F: what the plan has no place for */
	uint32_t rest[5];
	uint32_t behind_20
		[11]; /* the single shift table from 26, without the braces and the backslash */
} scripts[] = {
	{ NATIONAL_BENGALI,
	  0x980,
	  "0D 0E 11 12 29 31 33 34 35 45 46 49 4A",
	  0x9CE,
	  { 0x9D7, 0x9DC, 0x9DD, 0x9F0, 0x9F1 },
	  { 0x9E1, 0x9E2, 0x9E3, 0x9F2, 0x9F3, 0x9F4, 0x9F5, 0x9F6, 0x9F7, 0x9F8, 0x9F9 } },
	{ NATIONAL_GUJARATI,
	  0xA80,
	  "0E 12 29 31 34 46 4A",
	  0xAD0,
	  { 0xAE0, 0xAE1, 0xAE2, 0xAE3, 0xAF1 },
	  { 0 } },
	{ NATIONAL_HINDI,
	  0x900,
	  "",
	  0x950,
	  { 0x972, 0x97B, 0x97C, 0x97E, 0x97F },
	  { 0x951, 0x952, 0x953, 0x954, 0x958, 0x959, 0x95A, 0x95B, 0x95C, 0x95D, 0x95E } },
	{ NATIONAL_KANNADA,
	  0xC80,
	  "01 0D 11 29 34 45 49",
	  0xCD5,
	  { 0xCD6, 0xCE0, 0xCE1, 0xCE2, 0xCE3 },
	  { 0xCDE, 0xCF1, 0xCF2 } },
	{ NATIONAL_MALAYALAM,
	  0xD00,
	  "01 0D 11 29 3C 45 49",
	  0xD57,
	  { 0xD60, 0xD61, 0xD62, 0xD63, 0xD79 },
	  { 0xD70, 0xD71, 0xD72, 0xD73, 0xD74, 0xD75, 0xD7A, 0xD7B, 0xD7C, 0xD7D, 0xD7E } },
	{ NATIONAL_ORIYA,
	  0xB00,
	  "0D 0E 11 12 29 31 34 45 46 49 4A",
	  0xB56,
	  { 0xB57, 0xB60, 0xB61, 0xB62, 0xB63 },
	  { 0xB5C, 0xB5D, 0xB5F, 0xB70, 0xB71 } },
	{ NATIONAL_PUNJABI,
	  0xA00,
	  "0B 0C 0D 0E 11 12 29 31 34 37 3D 43 44 45 46 49 4A",
	  0xA51,
	  { 0xA70, 0xA71, 0xA72, 0xA73, 0xA74 },
	  { 0xA59, 0xA5A, 0xA5B, 0xA5C, 0xA5E, 0xA75 } },
	{ NATIONAL_TAMIL,
	  0xB80,
	  "01 0B 0C 0D 11 16 17 18 1B 1D 20 21 22 25 26 27 2B 2C 2D 3C 3D 43 44 45 49",
	  0xBD0,
	  { 0xBD7, 0xBF0, 0xBF1, 0xBF2, 0xBF9 },
	  { 0xBF3, 0xBF4, 0xBF5, 0xBF6, 0xBF7, 0xBF8, 0xBFA } },
	{ NATIONAL_TELUGU,
	  0xC00,
	  "0D 11 29 34 3C 45 49",
	  0xC55,
	  { 0xC56, 0xC60, 0xC61, 0xC62, 0xC63 },
	  { 0xC58, 0xC59, 0xC78, 0xC79, 0xC7A, 0xC7B, 0xC7C, 0xC7D, 0xC7E, 0xC7F } },
};

/* 00 to 5F by offset in the block; 0: the same sign in all scripts. */
static const unsigned char plan[0x60] = {
	0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0,    0x0C, 0x0D, 0,
	0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, 0,
	0x1B, 0x1C, 0x1D, 0x1E, 0,    0,    0x1F, 0x20, 0x21, 0x22, 0x23, 0x24, 0,    0,
	0x25, 0x26, 0,    0x27, 0,    0x28, 0,    0,    0,    0,    0,    0,    0,    0,
	0,    0,    0,    0,    0x29, 0x2A, 0x2B, 0,    0x2C, 0x2D, 0x2E, 0x2F, 0x30, 0x31,
	0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3C, 0x3D, 0x3E, 0x3F, 0x40, 0x41,
	0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D,
};

static bool lacks(const struct script *script, unsigned offset)
{
	char digits[3];

	snprintf(digits, sizeof digits, "%02X", offset);
	return strstr(script->lacks, digits) != NULL;
}

static void test_national_locking_tables_of_india_follow_the_plan(void **state)
{
	static const char signs[] = "\n\r !)(,.0123456789:;?";
	static const unsigned at[] = { 0x0A, 0x0D, 0x20, 0x21, 0x28, 0x29, 0x2C,
				       0x2E, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35,
				       0x36, 0x37, 0x38, 0x39, 0x3A, 0x3B, 0x3F };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(scripts); i++) {
		const struct script *script = &scripts[i];

		for (unsigned s = 0; s < COUNT_OF(plan); s++) {
			uint32_t want = script->block + plan[s];

			if (plan[s] != 0)
				CHECK(locked(script->language, s) ==
				      (lacks(script, plan[s]) ? ' ' : want));
		}
		for (size_t k = 0; k < COUNT_OF(at); k++)
			CHECK(locked(script->language, at[k]) == (uint32_t)signs[k]);
		CHECK(locked(script->language, 0x60) == script->at_60);
		for (unsigned k = 0; k < 5; k++)
			CHECK(locked(script->language, 0x7B + k) == script->rest[k]);
	}
}

/* Digits from 19 or 1C on, then what else the script has, in order, around the signs that stay. */
static void test_national_single_tables_of_india_follow_the_plan(void **state)
{
	static const unsigned places[] = { 0x26, 0x27, 0x2A, 0x2B, 0x2C, 0x2D,
					   0x2E, 0x30, 0x31, 0x32, 0x33 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(scripts); i++) {
		const struct script *script = &scripts[i];
		bool bengali = script->language == NATIONAL_BENGALI;
		uint32_t digit = script->block + 0x66;

		for (unsigned s = bengali ? 0x19 : 0x1C; s <= (bengali ? 0x23u : 0x25u); s++)
			if (s != GSM7_ESCAPE)
				CHECK(single(script->language, s) == digit++);
		CHECK(digit == script->block + 0x70);
		for (size_t k = 0; k < COUNT_OF(places); k++)
			if (script->behind_20[k] != 0)
				CHECK(single(script->language, places[k]) == script->behind_20[k]);
		if (!bengali && script->language != NATIONAL_TELUGU)
			CHECK(single(script->language, 0x19) == 0x964 &&
			      single(script->language, 0x1A) == 0x965);
	}
}

struct change {
	unsigned septet;
	uint32_t point;
};

/* Same as the default table or extension but for these. */
static void check_changes(enum national language, bool escaped, const struct change *changes,
			  size_t count)
{
	for (unsigned s = 0; s < 128; s++) {
		uint32_t want = gsm7_to_unicode((unsigned char)s, escaped);

		for (size_t i = 0; i < count; i++)
			if (changes[i].septet == s)
				want = changes[i].point;
		CHECK((escaped ? single(language, s) : locked(language, s)) == want);
	}
}

static void test_national_turkish(void **state)
{
	static const struct change locking[] = {
		{ 0x04, 0x20AC }, { 0x07, 0x131 }, { 0x0B, 0x11E }, { 0x0C, 0x11F },
		{ 0x1C, 0x15E },  { 0x1D, 0x15F }, { 0x40, 0x130 }, { 0x60, 0xE7 },
	};
	static const struct change shifted[] = {
		{ 'G', 0x11E }, { 'I', 0x130 }, { 'S', 0x15E }, { 'c', 0xE7 },
		{ 'g', 0x11F }, { 'i', 0x131 }, { 's', 0x15F },
	};

	(void)state;
	check_changes(NATIONAL_TURKISH, false, locking, COUNT_OF(locking));
	check_changes(NATIONAL_TURKISH, true, shifted, COUNT_OF(shifted));
}

static void test_national_spanish(void **state)
{
	static const struct change shifted[] = {
		{ 0x09, 0xE7 }, { 'A', 0xC1 }, { 'I', 0xCD }, { 'O', 0xD3 }, { 'U', 0xDA },
		{ 'a', 0xE1 },  { 'i', 0xED }, { 'o', 0xF3 }, { 'u', 0xFA },
	};

	(void)state;
	check_changes(NATIONAL_SPANISH, true, shifted, COUNT_OF(shifted));
}

static void test_national_portuguese(void **state)
{
	static const struct change locking[] = {
		{ 0x04, 0xEA },   { 0x06, 0xFA }, { 0x07, 0xED },   { 0x08, 0xF3 }, { 0x09, 0xE7 },
		{ 0x0B, 0xD4 },   { 0x0C, 0xF4 }, { 0x0E, 0xC1 },   { 0x0F, 0xE1 }, { 0x12, 0xAA },
		{ 0x13, 0xC7 },   { 0x14, 0xC0 }, { 0x15, 0x221E }, { 0x16, '^' },  { 0x17, '\\' },
		{ 0x18, 0x20AC }, { 0x19, 0xD3 }, { 0x1A, '|' },    { 0x1C, 0xC2 }, { 0x1D, 0xE2 },
		{ 0x1E, 0xCA },   { 0x24, 0xBA }, { 0x40, 0xCD },   { 0x5B, 0xC3 }, { 0x5C, 0xD5 },
		{ 0x5D, 0xDA },   { 0x60, '~' },  { 0x7B, 0xE3 },   { 0x7C, 0xF5 }, { 0x7D, '`' },
	};
	static const struct change shifted[] = {
		{ 0x05, 0xEA },  { 0x09, 0xE7 },  { 0x0B, 0xD4 },  { 0x0C, 0xF4 },  { 0x0E, 0xC1 },
		{ 0x0F, 0xE1 },  { 0x12, 0x3A6 }, { 0x13, 0x393 }, { 0x15, 0x3A9 }, { 0x16, 0x3A0 },
		{ 0x17, 0x3A8 }, { 0x18, 0x3A3 }, { 0x19, 0x398 }, { 0x1F, 0xCA },  { 'A', 0xC0 },
		{ 'I', 0xCD },   { 'O', 0xD3 },   { 'U', 0xDA },   { 0x5B, 0xC3 },  { 0x5C, 0xD5 },
		{ 'a', 0xC2 },   { 'i', 0xED },   { 'o', 0xF3 },   { 'u', 0xFA },   { 0x7B, 0xE3 },
		{ 0x7C, 0xF5 },  { 0x7F, 0xE2 },
	};

	(void)state;
	check_changes(NATIONAL_PORTUGUESE, false, locking, COUNT_OF(locking));
	check_changes(NATIONAL_PORTUGUESE, true, shifted, COUNT_OF(shifted));
}

/* Column by column, as the standard prints them; 0: not of the script. */
static void test_national_urdu(void **state)
{
	static const uint16_t locking[][16] = {
		{ 0x627, 0x622, 0x628, 0x67B, 0x680, 0x67E, 0x6A6, 0x62A, 0x6C2, 0x67F, 0, 0x679,
		  0x67D, 0, 0x67A, 0x67C },
		{ 0x62B, 0x62C, 0x681, 0x684, 0x683, 0x685, 0x686, 0x687, 0x62D, 0x62E, 0x62F, 0,
		  0x68C, 0x688, 0x689, 0x68A },
		{ ' ', '!', 0x68F, 0x68D, 0x630, 0x631, 0x691, 0x693, ')', '(', 0x699, 0x632, ',',
		  0x696, '.', 0x698 },
		{ '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', 0x69A, 0x633, 0x634,
		  '?' },
		{ 0x635, 0x636, 0x637, 0x638, 0x639, 0x641, 0x642, 0x6A9, 0x6AA, 0x6AB, 0x6AF,
		  0x6B3, 0x6B1, 0x644, 0x645, 0x646 },
		{ 0x6BA, 0x6BB, 0x6BC, 0x648, 0x6C4, 0x6D5, 0x6C1, 0x6BE, 0x621, 0x6CC, 0x6D0,
		  0x6D2, 0x64D, 0x650, 0x64F, 0x657 },
		{ 0x654 },
		{ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x655, 0x651, 0x653, 0x656, 0x670 },
	};
	static const uint16_t shifted[][16] = {
		{ 0 },
		{ '<', '=', '>', 0xA1, '^', 0xA1, '_', '#', '*', 0x600, 0x601, 0, 0x6F0, 0x6F1,
		  0x6F2, 0x6F3 },
		{ 0x6F4, 0x6F5, 0x6F6, 0x6F7, 0x6F8, 0x6F9, 0x60C, 0x60D, '{', '}', 0x60E, 0x60F,
		  0x610, 0x611, 0x612, '\\' },
		{ 0x613, 0x614, 0x61B, 0x61F, 0x640, 0x652, 0x658, 0x66B, 0x66C, 0x672, 0x673,
		  0x6CD, '[', '~', ']', 0x6D4 },
	};

	(void)state;
	for (unsigned s = 0; s < 128; s++)
		if (locking[s / 16][s % 16] != 0)
			CHECK(locked(NATIONAL_URDU, s) == locking[s / 16][s % 16]);
	for (unsigned s = 0; s < 64; s++)
		if (shifted[s / 16][s % 16] != 0)
			CHECK(single(NATIONAL_URDU, s) == shifted[s / 16][s % 16]);
}

static void test_national_tables_agree_on_latin(void **state)
{
	static const char signs[] = "@?$??\"?%&'\f*+?-/<=>?^?_#*";

	(void)state;
	for (enum national n = NATIONAL_TURKISH; n < NATIONALS; n++) {
		for (unsigned s = 'a'; s <= 'z'; s++)
			CHECK(locked(n, s) == s);
		for (unsigned s = '0'; s <= '9'; s++)
			CHECK(locked(n, s) == s);
		CHECK(locked(n, '\n') == '\n' && locked(n, '\r') == '\r');
		CHECK(single(n, 0x28) == '{' && single(n, 0x29) == '}' && single(n, 0x2F) == '\\');
		CHECK(single(n, 0x3C) == '[' && single(n, 0x3D) == '~' && single(n, 0x3E) == ']');
		CHECK(single(n, 0x40) == '|' && single(n, 0x65) == 0x20AC);
		CHECK(single(n, 0x0A) == '\f' && single(n, 0x0D) == '\r');
		CHECK(single(n, GSM7_ESCAPE) == ' ' && locked(n, GSM7_ESCAPE) == ' ');
		if (n < NATIONAL_BENGALI)
			continue;
		for (unsigned s = 'A'; s <= 'Z'; s++)
			CHECK(single(n, s) == s);
		for (unsigned s = 0; s < sizeof signs - 1; s++)
			CHECK(signs[s] == '?' || single(n, s) == (uint32_t)signs[s]);
		CHECK(single(n, 1) == 0xA3 && single(n, 3) == 0xA5 && single(n, 4) == 0xBF);
		CHECK(single(n, 6) == 0xA4 && single(n, 0x13) == 0xA1 && single(n, 0x15) == 0xA1);
	}
}

static void check_no_twins(const uint16_t table[128], const char *allowed)
{
	for (unsigned a = 0; a < 128; a++)
		for (unsigned b = a + 1; b < 128 && table[a] != 0; b++)
			CHECK(table[a] != table[b] ||
			      (table[a] < 0x100 && strchr(allowed, (int)table[a]) != NULL));
}

/* But for the inverted exclamation mark and the asterisk, which the standard itself has twice. */
static void test_national_tables_have_no_character_twice(void **state)
{
	(void)state;
	for (enum national n = NATIONAL_TURKISH; n < NATIONALS; n++) {
		check_no_twins(national_locking[n], "");
		check_no_twins(national_single[n], n < NATIONAL_BENGALI ? "" : "\xA1*");
	}
}

static void test_national_escape_falls_back_to_the_table_in_use(void **state)
{
	struct national_shift shift = { .locking = NATIONAL_TURKISH };

	(void)state;
	CHECK(national_to_unicode(shift, 0x65, true) == 0x20AC); /* the default extension */
	CHECK(national_to_unicode(shift, 0x0B, true) == 0x11E);  /* which lacks it */
	shift.single = NATIONAL_SPANISH;
	CHECK(national_to_unicode(shift, 'a', true) == 0xE1);
	CHECK(national_to_unicode(shift, 0x0B, true) == 0x11E);
	CHECK(national_to_unicode(shift, 0x0B, false) == 0x11E);
	shift = (struct national_shift){ NATIONAL_NONE, NATIONAL_NONE };
	CHECK(national_to_unicode(shift, 0x0B, false) == 0xD8);
	CHECK(national_to_unicode(shift, 0x3C, true) == '[');
	CHECK(national_to_unicode(shift, 'b', true) == 'b');
}

static void test_national_knows_which_tables_there_are(void **state)
{
	(void)state;
	for (unsigned language = 0; language < 256; language++) {
		struct national_shift shift = { NATIONAL_HINDI, NATIONAL_HINDI };
		bool known = language >= 1 && language <= 13;

		CHECK(national_set_single(&shift, language) == known);
		CHECK(shift.single == (known ? language : NATIONAL_HINDI));
		known = known && language != NATIONAL_SPANISH;
		CHECK(national_set_locking(&shift, language) == known);
		CHECK(shift.locking == (known ? language : NATIONAL_HINDI));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_national_locking_tables_of_india_follow_the_plan),
		cmocka_unit_test(test_national_single_tables_of_india_follow_the_plan),
		cmocka_unit_test(test_national_turkish),
		cmocka_unit_test(test_national_spanish),
		cmocka_unit_test(test_national_portuguese),
		cmocka_unit_test(test_national_urdu),
		cmocka_unit_test(test_national_tables_agree_on_latin),
		cmocka_unit_test(test_national_tables_have_no_character_twice),
		cmocka_unit_test(test_national_escape_falls_back_to_the_table_in_use),
		cmocka_unit_test(test_national_knows_which_tables_there_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
