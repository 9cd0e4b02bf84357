#include "modem/pdu.h"
#include "tests/support/unit.h"

#define STAMP "62110271035040"

static struct pdu decoded(const char *hex)
{
	struct pdu pdu;
	struct err err = { 0 };

	if (pdu_decode(span_of(hex), &pdu, &err) < 0)
		print_error("%s: %s\n", hex, err.text);
	return pdu;
}

static void test_pdu_audience_sorts_every_pid(void **state)
{
	(void)state;
	for (unsigned pid = 0; pid < 256; pid++) {
		enum pdu_audience want = pid == 0x40 ? PDU_FOR_NOBODY
					 : pid == 0x48 || (pid >= 0x7C && pid <= 0x7F)
						 ? PDU_FOR_DEVICE
						 : PDU_FOR_PEOPLE;
		char hex[100];
		struct pdu got;

		snprintf(hex, sizeof hex, "000404912143%02X00" STAMP "02E834", pid);
		got = decoded(hex);
		CHECK_ROW(pdu_audience(&got) == want, hex);
	}
}

static void test_pdu_audience_tells_whom_a_message_is_for(void **state)
{
	static const struct {
		const char *hex; /* from the first octet to TP-DCS; then TP-UDL and TP-UD */
		const char *user;
		enum pdu_audience want;
	} rows[] = {
		{ "0004049121430000", "02E834", PDU_FOR_PEOPLE },
		{ "0004049121430010", "02E834", PDU_FOR_PEOPLE }, /* flash */
		{ "0004049121434100", "02E834", PDU_FOR_PEOPLE }, /* replaces another */
		{ "0004049121435F00", "02E834", PDU_FOR_PEOPLE }, /* return call */
		{ "0004049121434000", "02E834", PDU_FOR_NOBODY },
		{ "00440491214340F5", "080605040B8423F041", PDU_FOR_NOBODY },
		{ "0004049121434800", "02E834", PDU_FOR_DEVICE },
		{ "0004049121437C00", "02E834", PDU_FOR_DEVICE },
		{ "0004049121437FF6", "02E834", PDU_FOR_DEVICE },
		{ "00440491214300F5", "080605040B8423F041", PDU_FOR_PORT },
		{ "00440491214300C8", "080605040B8423F0", PDU_FOR_PORT },
		{ "00040491214300C8", "02E834", PDU_FOR_NOTICE },
		{ "00040491214300D0", "02E834", PDU_FOR_NOTICE },
		{ "00040491214300EA", "020041", PDU_FOR_NOTICE },
		{ "0044049121430004",
		  "060401020000"
		  "41",
		  PDU_FOR_NOTICE },
		{ "000404912143004B", "020041", PDU_FOR_PEOPLE }, /* to be thrown away once read */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char hex[100];
		struct pdu got;

		snprintf(hex, sizeof hex, "%s" STAMP "%s", rows[i].hex, rows[i].user);
		got = decoded(hex);
		CHECK_ROW(got.type == PDU_DELIVER, hex);
		CHECK_ROW(pdu_audience(&got) == rows[i].want, hex);
	}
}

static void test_pdu_audience_tells_what_a_message_replaces(void **state)
{
	(void)state;
	for (unsigned pid = 0; pid < 256; pid++) {
		char hex[100];
		struct pdu got;

		snprintf(hex, sizeof hex, "000404912143%02X00" STAMP "02E834", pid);
		got = decoded(hex);
		CHECK_ROW(got.pid == (int)pid, hex);
		CHECK_ROW(got.replaces == (pid > 0x40 && pid < 0x48 ? (int)pid - 0x40 : 0), hex);
	}
	CHECK(decoded("00010004912143410002E834").replaces == 0); /* in a SUBMIT it asks for that */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pdu_audience_sorts_every_pid),
		cmocka_unit_test(test_pdu_audience_tells_whom_a_message_is_for),
		cmocka_unit_test(test_pdu_audience_tells_what_a_message_replaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
