#include <string.h>

#include "modem/pdu.h"
#include "tests/support/unit.h"

static int read_unit(const char *first, const char *validity, struct pdu *out, struct err *err)
{
	char hex[100];

	snprintf(hex, sizeof hex, "00%s07049121430000%s02E834", first, validity);
	return pdu_decode(span_of(hex), out, err);
}

static void test_pdu_validity_reads_every_form(void **state)
{
	static const struct {
		const char *first;
		const char *validity;
		int want_min;
		bool single_shot;
	} rows[] = {
		{ "01", "", -1, false },
		{ "11", "00", 5, false },
		{ "11", "8F", 720, false },
		{ "11", "90", 750, false },
		{ "11", "A7", 1440, false },
		{ "11", "A8", 2880, false },
		{ "11", "C4", 43200, false },
		{ "11", "C5", 50400, false },
		{ "11", "FF", 635040, false },
		{ "19", "62110271035040", -1, false },
		{ "09", "00000000000000", -1, false },
		{ "09", "40000000000000", -1, true },
		{ "09", "01050000000000", 30, false },
		{ "09", "41A70000000000", 1440, true },
		{ "09", "023C0000000000", 1, false }, /* 60 s */
		{ "09", "023D0000000000", 2, false },
		{ "09", "02FF0000000000", 5, false },
		{ "09", "02000000000000", -1, false }, /* reserved */
		{ "09", "03101000000000", 61, false },
		{ "09", "03105110000000", 76, false }, /* 01:15:01 */
		{ "09", "03999595000000", 6000, false },
		{ "09", "04000000000000", -1, false }, /* reserved */
		{ "09", "07FFFFFFFFFFFF", -1, false },
		{ "09", "81000500000000", 30, false }, /* a second indicator follows */
		{ "09", "83808000105000", 65, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct pdu got;
		struct err err;

		CHECK_ROW(read_unit(rows[i].first, rows[i].validity, &got, &err) == 0,
			  rows[i].validity);
		CHECK_ROW(got.type == PDU_SUBMIT && got.message_ref == 7, rows[i].validity);
		CHECK_ROW(got.validity_min == rows[i].want_min, rows[i].validity);
		CHECK_ROW(got.single_shot == rows[i].single_shot, rows[i].validity);
		CHECK_ROW(strcmp(got.text, "hi") == 0, rows[i].validity);
	}
}

static void test_pdu_validity_reads_an_end(void **state)
{
	struct pdu got;
	struct err err;

	(void)state;
	CHECK(read_unit("19", "62110271035040", &got, &err) == 0);
	CHECK(got.has_expiry && got.expiry_utc_s == 1795192205 && got.expiry_offset_min == 60);
	CHECK(read_unit("19", "00000000000000", &got, &err) == 0);
	CHECK(!got.has_expiry);
	CHECK(read_unit("11", "A7", &got, &err) == 0);
	CHECK(!got.has_expiry && got.expiry_utc_s == 0);
}

static void test_pdu_validity_refuses_what_is_no_time(void **state)
{
	static const struct {
		const char *first;
		const char *validity;
		const char *says;
	} rows[] = {
		{ "09", "03A00000000000", "octet 10: TP-VP is no period" },
		{ "09", "03000A00000000", "no period" },
		{ "09", "03000600000000", "no period" }, /* minute 60 */
		{ "09", "03000006000000", "no period" },
		{ "09", "81818181810500", "no period" }, /* no room for a value */
		{ "09", "FFFFFFFFFFFFFF", "no period" },
		{ "19", "62310271035040", "TP-VP is no date" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct pdu got;
		struct err err = { 0 };

		CHECK_ROW(read_unit(rows[i].first, rows[i].validity, &got, &err) == -1,
			  rows[i].validity);
		CHECK_ROW(got.type == PDU_NONE && !got.single_shot, rows[i].validity);
		CHECK_ROW(strstr(err.text, rows[i].says) != NULL, err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pdu_validity_reads_every_form),
		cmocka_unit_test(test_pdu_validity_reads_an_end),
		cmocka_unit_test(test_pdu_validity_refuses_what_is_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
