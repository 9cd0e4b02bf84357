#include "modem/at_final.h"

#include "tests/support/unit.h"

static void test_at_final_knows_what_ends_a_command(void **state)
{
	static const struct {
		const char *line;
		unsigned flags;
		enum at_final_kind kind;
		int code;
	} rows[] = {
		{ "OK", 0, AT_FINAL_OK, -1 },
		{ " OK ", 0, AT_FINAL_OK, -1 },
		{ "OKAY", 0, AT_FINAL_NONE, -1 },
		{ "ERROR", 0, AT_FINAL_ERROR, -1 },
		{ "MODEM ERROR: 12", 0, AT_FINAL_ERROR, -1 },
		{ "NA", 0, AT_FINAL_ERROR, -1 },
		{ "NAME", 0, AT_FINAL_NONE, -1 },
		{ "ERROR+CNUM:,\"\",129", 0, AT_FINAL_ERROR, -1 },
		{ "COMMAND NOT SUPPORT", 0, AT_FINAL_UNSUPPORTED, -1 },
		{ "+CME ERROR: 30", 0, AT_FINAL_CME, 30 },
		{ "+CME ERROR:30", 0, AT_FINAL_CME, 30 },
		{ "+CME ERROR: SIM busy", 0, AT_FINAL_CME, 14 },
		{ "+CME ERROR: SIM BUSY", 0, AT_FINAL_CME, 14 },
		{ "+CME ERROR: \"SIM failure\"", 0, AT_FINAL_CME, 13 },
		{ "+CME ERROR: no such thing", 0, AT_FINAL_CME, -1 },
		{ "+CME ERROR:", 0, AT_FINAL_CME, -1 },
		{ "+CME ERROR: -3", 0, AT_FINAL_CME, -1 },
		{ "+CME ERROR: 99999999999", 0, AT_FINAL_CME, -1 },
		{ "+CMS ERROR: 500", 0, AT_FINAL_CMS, 500 },
		{ "+CMS ERROR: network timeout", 0, AT_FINAL_CMS, 332 },
		{ "+CMS ERROR: SIM busy", 0, AT_FINAL_CMS, 314 },
		{ "+CMSERROR", 0, AT_FINAL_NONE, -1 },
		{ "+CMGS: 47", 0, AT_FINAL_NONE, -1 },
		{ "RING", AT_FINAL_DIAL, AT_FINAL_NONE, -1 },
		{ "NO CARRIER", 0, AT_FINAL_NONE, -1 },
		{ "NO CARRIER", AT_FINAL_DIAL, AT_FINAL_NO_CARRIER, -1 },
		{ "BUSY", 0, AT_FINAL_NONE, -1 },
		{ "BUSY", AT_FINAL_DIAL, AT_FINAL_BUSY, -1 },
		{ "NO ANSWER", 0, AT_FINAL_NONE, -1 },
		{ "NO ANSWER", AT_FINAL_DIAL, AT_FINAL_NO_ANSWER, -1 },
		{ "NO DIALTONE", 0, AT_FINAL_NONE, -1 },
		{ "NO DIALTONE", AT_FINAL_DIAL, AT_FINAL_NO_DIALTONE, -1 },
		{ "NO DIAL TONE", AT_FINAL_DIAL, AT_FINAL_NO_DIALTONE, -1 },
		{ "CONNECT 9600", 0, AT_FINAL_NONE, -1 },
		{ "CONNECT 9600", AT_FINAL_DIAL, AT_FINAL_CONNECT, -1 },
		{ "0", 0, AT_FINAL_NONE, -1 },
		{ "0", AT_FINAL_NUMERIC, AT_FINAL_OK, -1 },
		{ "4", AT_FINAL_NUMERIC, AT_FINAL_ERROR, -1 },
		{ "3", AT_FINAL_NUMERIC, AT_FINAL_NONE, -1 },
		{ "3", AT_FINAL_NUMERIC | AT_FINAL_DIAL, AT_FINAL_NO_CARRIER, -1 },
		{ "7", AT_FINAL_NUMERIC | AT_FINAL_DIAL, AT_FINAL_BUSY, -1 },
		{ "2", AT_FINAL_NUMERIC | AT_FINAL_DIAL, AT_FINAL_NONE, -1 },
		{ "00", AT_FINAL_NUMERIC, AT_FINAL_NONE, -1 },
		{ "OK", AT_FINAL_NUMERIC, AT_FINAL_OK, -1 },
		{ "", AT_FINAL_NUMERIC, AT_FINAL_NONE, -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct at_final final = at_final_of(span_of(rows[i].line), rows[i].flags);

		CHECK_ROW(final.kind == rows[i].kind, rows[i].line);
		CHECK_ROW(final.code == rows[i].code, rows[i].line);
	}
}

static void test_at_final_sms_sorts_cms_codes_as_the_standards_mean_them(void **state)
{
	static const struct {
		enum device_outcome outcome;
		int codes[40]; /* up to the first 0 */
	} rows[] = {
		{ DEVICE_ACCEPTED, { 197 } },
		{ DEVICE_UNKNOWN, { 224, 225, 226, 332, 500, -1 } },
		{ DEVICE_REFUSED_RECIPIENT, { 1, 195, 196 } },
		{ DEVICE_REFUSED_NETWORK,
		  { 17,  21,  22,  27,  38,  41,  42,  47,  81,  98,  107,
		    111, 127, 192, 194, 212, 213, 255, 301, 302, 314, 331 } },
		{ DEVICE_REFUSED_MODEM,
		  { 8,   10,  28,  29,  30,  50,  193, 208, 209, 210, 211, 300, 303,
		    310, 311, 312, 313, 315, 316, 317, 318, 320, 322, 330, 341, 342 } },
		{ DEVICE_REFUSED_PERMANENT, { 69,  95,  96,  97,  99,  128, 129, 130, 143, 144,
					      145, 159, 160, 161, 175, 176, 198, 199, 304, 305 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (size_t k = 0; rows[i].codes[k] != 0; k++) {
			struct at_final final = { AT_FINAL_CMS, rows[i].codes[k] };
			enum device_outcome got = at_final_sms(final, AT_CODES_PLAIN);

			if (got != rows[i].outcome)
				print_error("code %d: %d\n", final.code, (int)got);
			CHECK(got == rows[i].outcome);
			CHECK(at_final_sms(final, AT_CODES_MTK) == rows[i].outcome);
		}
}

static void test_at_final_sms_asks_whose_vendor_codes_they_are(void **state)
{
	static const struct {
		int code;
		enum device_outcome plain, mtk, siemens;
	} rows[] = {
		{ 512, DEVICE_UNKNOWN, DEVICE_UNKNOWN, DEVICE_REFUSED_NETWORK },
		{ 513, DEVICE_UNKNOWN, DEVICE_REFUSED_PERMANENT, DEVICE_REFUSED_NETWORK },
		{ 514, DEVICE_UNKNOWN, DEVICE_REFUSED_PERMANENT, DEVICE_REFUSED_NETWORK },
		{ 515, DEVICE_UNKNOWN, DEVICE_REFUSED_MODEM, DEVICE_REFUSED_MODEM },
		{ 519, DEVICE_UNKNOWN, DEVICE_REFUSED_PERMANENT, DEVICE_UNKNOWN },
		{ 521, DEVICE_UNKNOWN, DEVICE_REFUSED_NETWORK, DEVICE_UNKNOWN },
		{ 531, DEVICE_UNKNOWN, DEVICE_REFUSED_MODEM, DEVICE_UNKNOWN },
		{ 999, DEVICE_UNKNOWN, DEVICE_UNKNOWN, DEVICE_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct at_final final = { AT_FINAL_CMS, rows[i].code };

		CHECK(at_final_sms(final, AT_CODES_PLAIN) == rows[i].plain);
		CHECK(at_final_sms(final, AT_CODES_MTK) == rows[i].mtk);
		CHECK(at_final_sms(final, AT_CODES_SIEMENS) == rows[i].siemens);
	}
}

static void test_at_final_every_kind_has_an_outcome(void **state)
{
	static const struct {
		struct at_final final;
		enum device_outcome sms, dial;
	} rows[] = {
		{ { AT_FINAL_NONE, -1 }, DEVICE_UNKNOWN, DEVICE_UNKNOWN },
		{ { AT_FINAL_OK, -1 }, DEVICE_ACCEPTED, DEVICE_ACCEPTED },
		{ { AT_FINAL_ERROR, -1 }, DEVICE_REFUSED_MODEM, DEVICE_REFUSED_MODEM },
		{ { AT_FINAL_UNSUPPORTED, -1 }, DEVICE_REFUSED_MODEM, DEVICE_REFUSED_MODEM },
		{ { AT_FINAL_CME, 3 }, DEVICE_REFUSED_NETWORK, DEVICE_REFUSED_NETWORK },
		{ { AT_FINAL_CME, 10 }, DEVICE_REFUSED_MODEM, DEVICE_REFUSED_MODEM },
		{ { AT_FINAL_CME, 30 }, DEVICE_REFUSED_NETWORK, DEVICE_REFUSED_NETWORK },
		{ { AT_FINAL_CME, 31 }, DEVICE_UNKNOWN, DEVICE_REFUSED_NETWORK },
		{ { AT_FINAL_CME, 4 }, DEVICE_REFUSED_MODEM, DEVICE_REFUSED_MODEM },
		{ { AT_FINAL_CME, 14 }, DEVICE_REFUSED_NETWORK, DEVICE_REFUSED_NETWORK },
		{ { AT_FINAL_CME, 32 }, DEVICE_REFUSED_MODEM, DEVICE_REFUSED_MODEM },
		{ { AT_FINAL_CME, 100 }, DEVICE_UNKNOWN, DEVICE_REFUSED_NETWORK },
		{ { AT_FINAL_CME, 256 }, DEVICE_REFUSED_NETWORK, DEVICE_REFUSED_NETWORK },
		{ { AT_FINAL_CME, 515 }, DEVICE_REFUSED_NETWORK, DEVICE_REFUSED_NETWORK },
		{ { AT_FINAL_CME, 903 }, DEVICE_REFUSED_MODEM, DEVICE_REFUSED_MODEM },
		{ { AT_FINAL_CME, 258 }, DEVICE_REFUSED_NETWORK, DEVICE_REFUSED_NETWORK },
		{ { AT_FINAL_CME, 772 }, DEVICE_REFUSED_MODEM, DEVICE_REFUSED_MODEM },
		{ { AT_FINAL_CME, -1 }, DEVICE_UNKNOWN, DEVICE_REFUSED_NETWORK },
		{ { AT_FINAL_CMS, 332 }, DEVICE_UNKNOWN, DEVICE_REFUSED_MODEM },
		{ { AT_FINAL_CONNECT, -1 }, DEVICE_UNKNOWN, DEVICE_ACCEPTED },
		{ { AT_FINAL_NO_CARRIER, -1 }, DEVICE_UNKNOWN, DEVICE_ACCEPTED },
		{ { AT_FINAL_BUSY, -1 }, DEVICE_UNKNOWN, DEVICE_ACCEPTED },
		{ { AT_FINAL_NO_ANSWER, -1 }, DEVICE_UNKNOWN, DEVICE_ACCEPTED },
		{ { AT_FINAL_NO_DIALTONE, -1 }, DEVICE_UNKNOWN, DEVICE_REFUSED_NETWORK },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CHECK(at_final_sms(rows[i].final, AT_CODES_PLAIN) == rows[i].sms);
		CHECK(at_final_dial(rows[i].final) == rows[i].dial);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_final_knows_what_ends_a_command),
		cmocka_unit_test(test_at_final_sms_sorts_cms_codes_as_the_standards_mean_them),
		cmocka_unit_test(test_at_final_sms_asks_whose_vendor_codes_they_are),
		cmocka_unit_test(test_at_final_every_kind_has_an_outcome),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
