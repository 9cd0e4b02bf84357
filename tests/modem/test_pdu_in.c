#include <string.h>

#include "modem/pdu.h"
#include "tests/support/unit.h"

/* A DELIVER from +1234 without service centre, up to its TP-UDL. */
#define STAMP            "62110271035040"
#define HEAD(first, dcs) "00" first "0491214300" dcs STAMP

#define T0               1795192205 /* 2026-11-20T17:30:05+01:00 */
#define SMSC             "+447785016005"
#define PHONE            "+447700900123"

static const struct sample {
	const char *hex;
	struct pdu want;
} samples[] = {
	{ "0031000C914477000910320000A723D0E0B108A2DD62311051088B8188CFABD3059296E1EC3C28385C8268B7"
	  "580C",
	  { .type = PDU_SUBMIT,
	    .address = PHONE,
	    .text = "PAGE 4711 DB01 DOWN. Reply ACK 4711",
	    .message_class = -1,
	    .status = -1,
	    .report_wanted = true,
	    .validity_min = 1440 } },
	{ "0071000C914477000910320000A7180500035A0201A061391DF47697416F33887E7FB340",
	  { .type = PDU_SUBMIT,
	    .address = PHONE,
	    .text = "Part one of two, ",
	    .concat = { 0x5A, 2, 1 },
	    .message_class = -1,
	    .status = -1,
	    .report_wanted = true,
	    .validity_min = 1440 } },
	{ "0071000C914477000910320000A70F0500035A0202E8E832A8EC26BB00",
	  { .type = PDU_SUBMIT,
	    .address = PHONE,
	    .text = "the end.",
	    .concat = { 0x5A, 2, 2 },
	    .message_class = -1,
	    .status = -1,
	    .report_wanted = true,
	    .validity_min = 1440 } },
	{ "0791447758100650040C9144770009103200006211027103504008C1E11244BBC562",
	  { .type = PDU_DELIVER,
	    .smsc = SMSC,
	    .address = PHONE,
	    .text = "ACK 4711",
	    .has_timestamp = true,
	    .timestamp_utc_s = T0,
	    .timestamp_offset_min = 60,
	    .message_class = -1,
	    .message_ref = -1,
	    .status = -1,
	    .validity_min = -1 } },
	{ "0791447758100650040C914477000910320008621102710350400A00410043004B00202713",
	  { .type = PDU_DELIVER,
	    .smsc = SMSC,
	    .address = PHONE,
	    .text = "ACK \xE2\x9C\x93",
	    .encoding = PDU_UCS2,
	    .has_timestamp = true,
	    .timestamp_utc_s = T0,
	    .timestamp_offset_min = 60,
	    .message_class = -1,
	    .message_ref = -1,
	    .status = -1,
	    .validity_min = -1 } },
	{ "0791447758100650040ED04F78591EA6BFE500006211027103504013D9775D0E1287D961F7B80C4ACF41ECF7"
	  "1D",
	  { .type = PDU_DELIVER,
	    .smsc = SMSC,
	    .address = "Operator",
	    .alphanumeric = true,
	    .text = "Your balance is low",
	    .has_timestamp = true,
	    .timestamp_utc_s = T0,
	    .timestamp_offset_min = 60,
	    .message_class = -1,
	    .message_ref = -1,
	    .status = -1,
	    .validity_min = -1 } },
	{ "0791447758100650062F0C91447700091032621102710350406211027103904000",
	  { .type = PDU_STATUS_REPORT,
	    .smsc = SMSC,
	    .address = PHONE,
	    .has_timestamp = true,
	    .timestamp_utc_s = T0,
	    .timestamp_offset_min = 60,
	    .has_discharge = true,
	    .discharge_utc_s = T0 + 4,
	    .discharge_offset_min = 60,
	    .message_class = -1,
	    .message_ref = 0x2F,
	    .status = 0,
	    .validity_min = -1 } },
	{ "0791447758100650062F0C91447700091032621102710350406211027103904022",
	  { .type = PDU_STATUS_REPORT,
	    .smsc = SMSC,
	    .address = PHONE,
	    .has_timestamp = true,
	    .timestamp_utc_s = T0,
	    .timestamp_offset_min = 60,
	    .has_discharge = true,
	    .discharge_utc_s = T0 + 4,
	    .discharge_offset_min = 60,
	    .message_class = -1,
	    .message_ref = 0x2F,
	    .status = 0x22,
	    .validity_min = -1 } },
	{ "0791447758100650062F0C91447700091032621102710350406211027103904046",
	  { .type = PDU_STATUS_REPORT,
	    .smsc = SMSC,
	    .address = PHONE,
	    .has_timestamp = true,
	    .timestamp_utc_s = T0,
	    .timestamp_offset_min = 60,
	    .has_discharge = true,
	    .discharge_utc_s = T0 + 4,
	    .discharge_offset_min = 60,
	    .message_class = -1,
	    .message_ref = 0x2F,
	    .status = 0x46,
	    .validity_min = -1 } },
	/* The usual textbook unit. */
	{ "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07",
	  { .type = PDU_DELIVER,
	    .smsc = "+31624000000",
	    .address = "+31641600986",
	    .text = "How are you?",
	    .has_timestamp = true,
	    .timestamp_utc_s = 1030390661, /* 2002-08-26T19:37:41, minus no quarters */
	    .message_class = -1,
	    .message_ref = -1,
	    .status = -1,
	    .validity_min = -1 } },
};

static struct pdu decoded(const char *hex)
{
	struct pdu pdu;
	struct err err = { 0 };

	if (pdu_decode(span_of(hex), &pdu, &err) < 0)
		print_error("%s: %s\n", hex, err.text);
	return pdu;
}

static void check_same(const struct pdu *got, const struct pdu *want, const char *row)
{
	CHECK_ROW(got->type == want->type, row);
	CHECK_ROW(strcmp(got->smsc, want->smsc) == 0, row);
	CHECK_ROW(strcmp(got->address, want->address) == 0, row);
	CHECK_ROW(got->alphanumeric == want->alphanumeric, row);
	CHECK_ROW(strcmp(got->text, want->text) == 0, row);
	CHECK_ROW(got->encoding == want->encoding, row);
	CHECK_ROW(got->message_class == want->message_class, row);
	CHECK_ROW(memcmp(&got->concat, &want->concat, sizeof got->concat) == 0, row);
	CHECK_ROW(got->has_timestamp == want->has_timestamp, row);
	CHECK_ROW(got->timestamp_utc_s == want->timestamp_utc_s, row);
	CHECK_ROW(got->timestamp_offset_min == want->timestamp_offset_min, row);
	CHECK_ROW(got->has_discharge == want->has_discharge, row);
	CHECK_ROW(got->discharge_utc_s == want->discharge_utc_s, row);
	CHECK_ROW(got->message_ref == want->message_ref, row);
	CHECK_ROW(got->status == want->status, row);
	CHECK_ROW(got->report_wanted == want->report_wanted, row);
	CHECK_ROW(got->validity_min == want->validity_min, row);
}

static void test_pdu_in_reads_every_field_in_any_case(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(samples); i++) {
		char hex[PDU_HEX_MAX];
		struct pdu got = decoded(samples[i].hex);

		check_same(&got, &samples[i].want, samples[i].hex);
		span_copy(span_of(samples[i].hex), hex, sizeof hex);
		for (size_t c = 0; hex[c] != '\0'; c++)
			if (hex[c] >= 'A' && c % 3 != 0)
				hex[c] = (char)(hex[c] | 0x20);
		got = decoded(hex);
		check_same(&got, &samples[i].want, hex);
	}
}

static void test_pdu_in_refuses_every_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(samples); i++) {
		struct span hex = span_of(samples[i].hex);

		for (struct span cut = { hex.at, 0 }; cut.len < hex.len; cut.len++) {
			struct pdu pdu;
			struct err err = { 0 };

			CHECK_ROW(pdu_decode(cut, &pdu, &err) == -1, samples[i].hex);
			CHECK_ROW(err.code == ERR_INVALID && err.text[0] != '\0', samples[i].hex);
			CHECK_ROW(pdu.type == PDU_NONE, samples[i].hex);
		}
	}
}

static void test_pdu_in_refuses_what_contradicts_itself(void **state)
{
	static const struct {
		const char *hex;
		const char *says;
	} rows[] = {
		{ "", "empty" },
		{ "0x04", "hex digit" },
		{ "0004 ", "hex digit" },
		{ "000", "half an octet" },
		{ "0003049121430000" STAMP "00", "TP-MTI 3" },
		{ "0C91000000000000000000000004", "SMSC address" },
		{ "000415910000000000000000000000", "digits" },
		{ "00040491F143000062110271035040"
		  "00",
		  "filler" },
		{ HEAD("04", "00") "03E834", "TP-UD takes 3" },
		{ HEAD("04", "00") "A1", "160 septets" },
		{ HEAD("04", "04") "8D", "140 octets" },
		{ HEAD("04", "08") "8E", "140 octets" },
		{ HEAD("04", "08") "03004100", "half a character" },
		{ HEAD("04", "20") "02E834", "compressed" },
		{ HEAD("04", "68") "02E834", "compressed" },
		{ HEAD("44", "00") "00", "no user data" },
		{ HEAD("44", "04") "0302E834", "E8 runs past" },
		{ HEAD("44", "04") "020100", "00 runs past" },
		{ HEAD("44", "04") "06050004010203", "00 runs past" },
		{ HEAD("44", "04") "020500", "header of 5" },
		{ HEAD("44", "00") "06050003010201", "header alone takes 7" },
		{ HEAD("04", "00") "02E8340102", "too many" },
		{ "000404912143000062310271035040"
		  "00",
		  "no date" },
		{ "000404912143000062110342035040"
		  "00",
		  "no date" },
		{ "000404912143000062200371035040"
		  "00",
		  "no date" }, /* 30 February */
		{ "000404912143000062110271065040"
		  "00",
		  "no date" }, /* minute 60 */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct pdu pdu;
		struct err err = { 0 };

		CHECK_ROW(pdu_decode(span_of(rows[i].hex), &pdu, &err) == -1, rows[i].hex);
		if (strstr(err.text, rows[i].says) == NULL)
			print_error("%s: %s\n", rows[i].hex, err.text);
		CHECK_ROW(strstr(err.text, rows[i].says) != NULL, rows[i].hex);
	}
}

static void test_pdu_in_refuses_more_than_any_unit_has(void **state)
{
	char hex[PDU_HEX_MAX + 2];
	struct pdu pdu;
	struct err err = { 0 };

	(void)state;
	memset(hex, '0', sizeof hex);
	CHECK(pdu_decode((struct span){ hex, sizeof hex }, &pdu, &err) == -1);
	CHECK(strstr(err.text, "no unit has more") != NULL);
}

static void test_pdu_in_reads_addresses(void **state)
{
	static const struct {
		const char *field;
		const char *want;
	} rows[] = {
		{ "04912143", "+1234" },
		{ "05912143F5", "+12345" },
		{ "0581214305", "12345" }, /* filler that is not F */
		{ "06852143F5", "12345" }, /* filler counted */
		{ "06A12143FF", "1234" },
		{ "078121BADCFE", "12*#abc" },
		{ "0091", "" },
		{ "0080", "" },
		{ "149110325476981032547698", "+01234567890123456789" },
		{ "09D0C6A7333904", "FONIC" },
		{ "14D0E10D6FE3DBA036A94D19", "a[]{}\xE2\x82\xAC" },
		{ "14D04937BD2C7797E9D3E614", "InternetSMS" },
		{ "04D08A06", "  " }, /* line feed and carriage return in a name */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char hex[120];
		struct pdu got;

		snprintf(hex, sizeof hex, "0004%s0000" STAMP "00", rows[i].field);
		got = decoded(hex);
		CHECK_ROW(strcmp(got.address, rows[i].want) == 0, rows[i].field);
		CHECK_ROW(got.alphanumeric == (rows[i].field[2] == 'D'), rows[i].field);
	}
}

static void test_pdu_in_reads_zones_and_broken_clocks(void **state)
{
	static const struct {
		const char *stamp;
		bool known;
		int64_t utc_s;
		int offset_min;
	} rows[] = {
		{ "99309251619580", true, 922713419, 120 }, /* 1999-03-29T15:16:59+02:00 */
		{ "0160124130340A", true, 1277147023, -300 },
		{ "70402132522423", true, 1176391542, 480 },
		{ "7040213252242B", true, 1176391542 + 16 * 3600, -480 },
		{ "62110271035065", true, T0 + 3600 - 14 * 3600, 840 }, /* Kiribati */
		{ "62110271035032", true, T0 + 3600 - 20700, 345 },     /* Nepal */
		{ "62110271035015", true, T0 + 3600 - 45900, 765 },     /* Chatham */
		{ "6211027103508B", true, T0 + 3600 + 34200, -570 },    /* Marquesas */
		{ "6211027103508C", true, T0 + 3600 + 43200, -720 },
		{ "62110271035000", true, T0 + 3600, 0 },
		{ "62110271035008", true, T0 + 3600, 0 },             /* minus nothing */
		{ "62110271035FFF", true, T0 + 3600 + 63000, -1050 }, /* F is no digit: zero */
		{ "00000000000000", false, 0, 0 },
		{ "FFFFFFFFFFFFFF", false, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char hex[100];
		struct pdu got;

		snprintf(hex, sizeof hex,
			 "00040491214300"
			 "00%s00",
			 rows[i].stamp);
		got = decoded(hex);
		CHECK_ROW(got.type == PDU_DELIVER, rows[i].stamp);
		CHECK_ROW(got.has_timestamp == rows[i].known, rows[i].stamp);
		CHECK_ROW(got.timestamp_utc_s == rows[i].utc_s, rows[i].stamp);
		CHECK_ROW(got.timestamp_offset_min == rows[i].offset_min, rows[i].stamp);
	}
}

/* Quarter hours from -12 h (Baker Island) to +14 h (Kiribati), and whatever else two digits and a sign can say. */
static void test_pdu_in_reads_every_zone(void **state)
{
	(void)state;
	for (int quarters = -79; quarters <= 79; quarters++) {
		int n = quarters < 0 ? -quarters : quarters;
		int octet = n / 10 | n % 10 << 4 | (quarters < 0 ? 8 : 0);
		char hex[100];
		struct pdu got;

		snprintf(hex, sizeof hex,
			 "00040491214300006211027103"
			 "50%02X00",
			 (unsigned)octet);
		got = decoded(hex);
		CHECK_ROW(got.timestamp_offset_min == 15 * quarters, hex);
		CHECK_ROW(got.timestamp_utc_s == T0 + 3600 - (int64_t)900 * quarters, hex);
	}
}

#define REPORT "00062F04912143" STAMP STAMP "00"

static void test_pdu_in_reads_the_tail_of_a_report(void **state)
{
	static const struct {
		const char *hex;
		const char *text;
		int pid;
	} rows[] = {
		{ REPORT, "", 0 },
		{ REPORT "00", "", 0 },
		{ REPORT "017F", "", 0x7F },
		{ REPORT "07000002E834", "hi", 0 },
		{ REPORT "060802E834", "\xEE\xA0\xB4", 0 },
		{ REPORT "0402E834", "hi", 0 },
		{ REPORT "810055", "", 0x55 },        /* a second indicator follows */
		{ REPORT "1402E834123456", "hi", 0 }, /* reserved bit: unknown fields at the end */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct pdu got = decoded(rows[i].hex);

		CHECK_ROW(got.type == PDU_STATUS_REPORT && got.status == 0, rows[i].hex);
		CHECK_ROW(strcmp(got.text, rows[i].text) == 0, rows[i].hex);
		CHECK_ROW(got.pid == rows[i].pid, rows[i].hex);
	}
}

static void test_pdu_in_refuses_a_cut_tail(void **state)
{
	struct span hex = span_of(REPORT "07000002E834");

	(void)state;
	for (size_t len = strlen(REPORT) + 2; len < hex.len; len += 2) {
		struct pdu pdu;
		struct err err = { 0 };

		CHECK(pdu_decode((struct span){ hex.at, len }, &pdu, &err) == -1);
	}
}

static void test_pdu_destination_reads_numbers_of_submits_only(void **state)
{
	char to[PDU_ADDRESS_MAX];
	struct err err;

	(void)state;
	CHECK(pdu_destination(span_of(samples[0].hex), to, &err) == 0);
	CHECK(strcmp(to, PHONE) == 0);
	CHECK(pdu_destination(span_of(samples[3].hex), to, &err) == -1 && to[0] == '\0');
	CHECK(pdu_destination(span_of("0001000BD02B9A0B0000"
				      "0000"
				      "02E834"),
			      to, &err) == -1);
	/* A name that spells a number. */
	CHECK(pdu_destination(span_of("00010006D02BD94600"
				      "00"
				      "02E834"),
			      to, &err) == -1);
	CHECK(to[0] == '\0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pdu_in_reads_every_field_in_any_case),
		cmocka_unit_test(test_pdu_in_refuses_every_cut),
		cmocka_unit_test(test_pdu_in_refuses_what_contradicts_itself),
		cmocka_unit_test(test_pdu_in_refuses_more_than_any_unit_has),
		cmocka_unit_test(test_pdu_in_reads_addresses),
		cmocka_unit_test(test_pdu_in_reads_zones_and_broken_clocks),
		cmocka_unit_test(test_pdu_in_reads_every_zone),
		cmocka_unit_test(test_pdu_in_reads_the_tail_of_a_report),
		cmocka_unit_test(test_pdu_in_refuses_a_cut_tail),
		cmocka_unit_test(test_pdu_destination_reads_numbers_of_submits_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
