#include <string.h>

#include "modem/pdu.h"
#include "tests/support/unit.h"

/* A DELIVER from +1234 without service centre, up to its TP-UDL. */
#define STAMP            "62110271035040"
#define HEAD(first, dcs) "00" first "0491214300" dcs STAMP

static struct pdu decoded(const char *hex)
{
	struct pdu pdu;
	struct err err = { 0 };

	if (pdu_decode(span_of(hex), &pdu, &err) < 0)
		print_error("%s: %s\n", hex, err.text);
	return pdu;
}

static void test_pdu_user_knows_every_coding_group(void **state)
{
	static const struct {
		const char *dcs;
		enum pdu_encoding encoding;
		int message_class;
	} rows[] = {
		{ "00", PDU_GSM7, -1 }, { "10", PDU_GSM7, 0 },  { "13", PDU_GSM7, 3 },
		{ "03", PDU_GSM7, -1 }, { "04", PDU_8BIT, -1 }, { "16", PDU_8BIT, 2 },
		{ "08", PDU_UCS2, -1 }, { "19", PDU_UCS2, 1 },  { "0C", PDU_GSM7, -1 },
		{ "40", PDU_GSM7, -1 }, { "54", PDU_8BIT, 0 },  { "5B", PDU_UCS2, 3 },
		{ "80", PDU_GSM7, -1 }, { "94", PDU_GSM7, -1 }, { "A8", PDU_GSM7, -1 },
		{ "BF", PDU_GSM7, -1 }, { "C8", PDU_GSM7, -1 }, { "D1", PDU_GSM7, -1 },
		{ "E0", PDU_UCS2, -1 }, { "EB", PDU_UCS2, -1 }, { "F0", PDU_GSM7, 0 },
		{ "F3", PDU_GSM7, 3 },  { "F5", PDU_8BIT, 1 },  { "F8", PDU_GSM7, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		static const char *const texts[] = {
			[PDU_GSM7] = "hi", [PDU_UCS2] = "\xEE\xA0\xB4", [PDU_8BIT] = ""
		};
		char hex[100];
		struct pdu got;

		snprintf(hex, sizeof hex, "%s%s" STAMP "02E834", "00040491214300", rows[i].dcs);
		got = decoded(hex);
		CHECK_ROW(got.encoding == rows[i].encoding, rows[i].dcs);
		CHECK_ROW(got.message_class == rows[i].message_class, rows[i].dcs);
		CHECK_ROW(strcmp(got.text, texts[rows[i].encoding]) == 0, rows[i].dcs);
		CHECK_ROW(got.data_len == (rows[i].encoding == PDU_8BIT ? 2 : 0), rows[i].dcs);
	}
}

/* 23.038 4, all of it. */
static void test_pdu_user_knows_every_coding(void **state)
{
	static const struct {
		unsigned first, last;
		bool compressed;
		enum pdu_encoding encoding;
		bool classed;
		bool waits;
	} rows[] = {
		{ 0x00, 0x03, false, PDU_GSM7, false, false },
		{ 0x04, 0x07, false, PDU_8BIT, false, false },
		{ 0x08, 0x0B, false, PDU_UCS2, false, false },
		{ 0x0C, 0x0F, false, PDU_GSM7, false, false },
		{ 0x10, 0x13, false, PDU_GSM7, true, false },
		{ 0x14, 0x17, false, PDU_8BIT, true, false },
		{ 0x18, 0x1B, false, PDU_UCS2, true, false },
		{ 0x1C, 0x1F, false, PDU_GSM7, true, false },
		{ 0x20, 0x3F, true, PDU_GSM7, false, false },
		{ 0x40, 0x43, false, PDU_GSM7, false, false },
		{ 0x44, 0x47, false, PDU_8BIT, false, false },
		{ 0x48, 0x4B, false, PDU_UCS2, false, false },
		{ 0x4C, 0x4F, false, PDU_GSM7, false, false },
		{ 0x50, 0x53, false, PDU_GSM7, true, false },
		{ 0x54, 0x57, false, PDU_8BIT, true, false },
		{ 0x58, 0x5B, false, PDU_UCS2, true, false },
		{ 0x5C, 0x5F, false, PDU_GSM7, true, false },
		{ 0x60, 0x7F, true, PDU_GSM7, false, false },
		{ 0x80, 0xBF, false, PDU_GSM7, false, false },
		{ 0xC0, 0xDF, false, PDU_GSM7, false, true },
		{ 0xE0, 0xEF, false, PDU_UCS2, false, true },
		{ 0xF0, 0xF3, false, PDU_GSM7, true, false },
		{ 0xF4, 0xF7, false, PDU_8BIT, true, false },
		{ 0xF8, 0xFB, false, PDU_GSM7, true, false },
		{ 0xFC, 0xFF, false, PDU_8BIT, true, false },
	};
	static const enum pdu_waiting_kind kinds[] = { PDU_WAITING_VOICE, PDU_WAITING_FAX,
						       PDU_WAITING_MAIL, PDU_WAITING_OTHER };
	unsigned next = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (unsigned dcs = rows[i].first; dcs <= rows[i].last; dcs++) {
			char hex[100];
			struct pdu got;
			struct err err;

			CHECK(dcs == next++);
			snprintf(hex, sizeof hex, "00040491214300%02X" STAMP "02E834", dcs);
			CHECK_ROW((pdu_decode(span_of(hex), &got, &err) < 0) == rows[i].compressed,
				  hex);
			if (rows[i].compressed)
				continue;
			CHECK_ROW(got.encoding == rows[i].encoding, hex);
			CHECK_ROW(got.message_class == (rows[i].classed ? (int)(dcs & 3) : -1),
				  hex);
			CHECK_ROW(got.waiting.kind ==
					  (rows[i].waits ? kinds[dcs & 3] : PDU_WAITING_NONE),
				  hex);
			CHECK_ROW(got.waiting.count == (rows[i].waits && (dcs & 8) != 0 ? -1 : 0),
				  hex);
		}
	CHECK(next == 256);
}

static void test_pdu_user_reads_the_user_data_header(void **state)
{
	static const struct {
		const char *user; /* TP-UDL and 8-bit TP-UD */
		struct pdu_concat want;
		size_t data_len;
	} rows[] = {
		{ "080500030502014142", { 5, 2, 1 }, 2 },
		{ "08060804ABCD030241", { 0xABCD, 3, 2 }, 1 },
		{ "06050003050001", { 0 }, 0 },   /* total 0 */
		{ "06050003050200", { 0 }, 0 },   /* number 0 */
		{ "06050003050203", { 0 }, 0 },   /* number past the total */
		{ "0706000405020103", { 0 }, 0 }, /* wrong length for its kind */
		{ "0100", { 0 }, 0 },             /* empty header */
		{ "0D0B0504158A0000000305020241", { 5, 2, 2 }, 1 },
		{ "0C0B0003050201080400070302", { 7, 3, 2 }, 0 }, /* the last one counts */
		{ "0D0B24010100030502017F01AA41", { 5, 2, 1 }, 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char hex[120];
		struct pdu got;

		snprintf(hex, sizeof hex, HEAD("44", "04") "%s", rows[i].user);
		got = decoded(hex);
		CHECK_ROW(got.type == PDU_DELIVER, rows[i].user);
		CHECK_ROW(memcmp(&got.concat, &rows[i].want, sizeof got.concat) == 0, rows[i].user);
		CHECK_ROW(got.data_len == rows[i].data_len, rows[i].user);
	}
}

static void test_pdu_user_reads_text_behind_a_header(void **state)
{
	(void)state;
	/* A national single shift table announced: the basic letters stand. */
	CHECK(strcmp(decoded(HEAD("44", "00") "070324010140A701").text, "hi") == 0);
	CHECK(strcmp(decoded(HEAD("44", "08") "0A050003050201D83DDE00").text, "\xF0\x9F\x98\x80") ==
	      0);
	CHECK(strcmp(decoded(HEAD("44", "00") "08050003050201C2").text, "a") == 0);
}

static void test_pdu_user_reads_utf16(void **state)
{
	static const struct {
		const char *user;
		const char *want;
	} rows[] = {
		{ "00", "" },
		{ "0400410042", "AB" },
		{ "04D83DDE00", "\xF0\x9F\x98\x80" },
		{ "04D83D0041", "\xEF\xBF\xBD"
				"A" },
		{ "02D83D", "\xEF\xBF\xBD" },
		{ "04DE000041", "\xEF\xBF\xBD"
				"A" },
		{ "06D83DD83DDE00", "\xEF\xBF\xBD\xF0\x9F\x98\x80" },
		{ "06004100000042", "A B" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char hex[100];

		snprintf(hex, sizeof hex, HEAD("04", "08") "%s", rows[i].user);
		CHECK_ROW(strcmp(decoded(hex).text, rows[i].want) == 0, rows[i].user);
	}
}

static void test_pdu_user_reads_escapes(void **state)
{
	static const struct {
		const char *user;
		const char *want;
	} rows[] = {
		{ "029B32", "\xE2\x82\xAC" },
		{ "011B", " " },   /* escape with nothing behind it */
		{ "029B0D", " " }, /* escape twice */
		{ "029B20", "A" }, /* not in the extension: the default letter */
		{ "0100", "@" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char hex[100];

		snprintf(hex, sizeof hex, HEAD("04", "00") "%s", rows[i].user);
		CHECK_ROW(strcmp(decoded(hex).text, rows[i].want) == 0, rows[i].user);
	}
}

static void test_pdu_user_keeps_8_bit_data_as_it_is(void **state)
{
	struct pdu got = decoded(HEAD("04", "F5") "0400FF1B41");

	(void)state;
	CHECK(got.encoding == PDU_8BIT && got.text[0] == '\0');
	CHECK(got.data_len == 4 && memcmp(got.data,
					  "\x00\xFF\x1B"
					  "A",
					  4) == 0);
}

static void test_pdu_user_passes_over_padding(void **state)
{
	(void)state;
	CHECK(strcmp(decoded(HEAD("04", "00") "02E834FFFFFF").text, "hi") == 0);
	CHECK(strcmp(decoded(HEAD("04", "00") "02E8340000").text, "hi") == 0);
	CHECK(decoded("00062F0491214362110271035040" STAMP "00FFFF").type == PDU_STATUS_REPORT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pdu_user_knows_every_coding_group),
		cmocka_unit_test(test_pdu_user_knows_every_coding),
		cmocka_unit_test(test_pdu_user_reads_the_user_data_header),
		cmocka_unit_test(test_pdu_user_reads_text_behind_a_header),
		cmocka_unit_test(test_pdu_user_reads_utf16),
		cmocka_unit_test(test_pdu_user_reads_escapes),
		cmocka_unit_test(test_pdu_user_keeps_8_bit_data_as_it_is),
		cmocka_unit_test(test_pdu_user_passes_over_padding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
