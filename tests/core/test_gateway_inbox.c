/* What comes in as an SMS and is no text of a person: kept, removed, and never an answer to a page. */
#include "tests/core/gateway_bed.h"

#define ADA   "0B915155100000F1"
#define STAMP "62110271035040"
#define ACK   "03C1E112" /* TP-UDL and "ACK" */

static struct bed bed;

static int set_up(void **state)
{
	(void)state;
	bed_init(&bed);
	BED_ASK(&bed, "page", "message", "db1 down");
	bed_advance(&bed, 5000);
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "db1 down") == 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bed_deinit(&bed);
	return 0;
}

static void comes(const char *hex)
{
	char text[600];

	snprintf(text, sizeof text, "\r\n+CMT: ,%zu\r\n%s\r\n", strlen(hex) / 2 - 1, hex);
	gateway_feed(bed.gateway, 0, span_of(text), bed.now);
	bed_advance(&bed, 5000);
}

/* Each would take the page if it were read as what its letters say. */
static void test_what_is_for_nobody_takes_no_page(void **state)
{
	static const char *const units[] = {
		"0004" ADA "4000" STAMP ACK,                      /* silent probe */
		"0004" ADA "7FF6" STAMP "0341434B",               /* SIM download, 8-bit */
		"0004" ADA "7C00" STAMP ACK,                      /* the modem's settings */
		"0004" ADA "4800" STAMP ACK,                      /* device trigger */
		"0004" ADA "00C8" STAMP ACK,                      /* voice mail waits */
		"0004" ADA "00D8" STAMP ACK,                      /* the same, to be kept */
		"0004" ADA "0004" STAMP "0341434B",               /* 8-bit data */
		"0044" ADA "0004" STAMP "0A0605040B8423F041434B", /* WAP push */
		"0044" ADA "0000" STAMP "0B0605040B8423F0C1E112", /* a program's, in letters */
		"000406D0C1E112"
		"0000" STAMP ACK,                   /* of a name */
		"0004" ADA "0020" STAMP ACK,        /* compressed: not read */
		"0004" ADA "0000" STAMP "08C1E112", /* cut */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		size_t before = bed.count;
		char unit[100];

		/* each of a second of its own: with the same sender, stamp and words it would be the same text */
		span_copy(span_of(units[i]), unit, sizeof unit);
		strstr(unit, STAMP)[10] = (char)('0' + i % 10);
		strstr(unit, "6211027103")[11] = (char)('1' + i / 10);
		comes(unit);
		CHECK_ROW(bed_events(&bed, 0, "page.acked") == 0, units[i]);
		CHECK_ROW(bed_rows(&bed, before, ROW_INBOUND) == 1, units[i]);
	}
	CHECK(bed_events(&bed, 0, "sms.received") == 0);
	comes("0004" ADA "0010" STAMP ACK); /* flash is a text like any other */
	CHECK(bed_events(&bed, 0, "page.acked") == 1);
}

/* From the number of the picture service, in two parts: who sent it is told that it was not read. */
static void test_a_picture_is_no_answer_and_its_sender_hears_so(void **state)
{
	static const char *const parts[] = {
		"0044"
		"04812143"
		"0004" STAMP "1C"
		"0B"
		"05040B8423F0"
		"0003070201"
		"010601BE8C8298543100"
		"8D90891880"
		"2B",
		"0044"
		"04812143"
		"0004" STAMP "22"
		"0B"
		"05040B8423F0"
		"0003070202"
		"3135353530313030303031"
		"2F545950453D504C4D4E"
		"00",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		comes(parts[i]);
	CHECK(bed_events(&bed, 0, "sms.picture") == 1);
	CHECK(bed_events(&bed, 0, "page.acked") == 0);
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "picture message (MMS) cannot be read") == 1);
	CHECK(bed_rows(&bed, 0, ROW_INBOUND) >= 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_what_is_for_nobody_takes_no_page, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_picture_is_no_answer_and_its_sender_hears_so,
						set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
