#include <stdlib.h>
#include <string.h>

#include "modem/octets.h"
#include "modem/pdu_mms.h"
#include "tests/support/unit.h"

/* Transaction, push, the length of what stands before the body. */
#define PUSH(len, type) "0106" len type
#define SHORT_TYPE      "BE"
#define LONG_TYPE       "6170706C69636174696F6E2F766E642E7761702E6D6D732D6D65737361676500" /* as text */
#define NOTICE \
	"8C82" \
	"98"   \
	"5431" \
	"00"   \
	"8D90"                             /* kind, transaction "T1", version 1.0 */
#define PHONE "2B343437373030393030313233" /* +447700900123 */
#define PLMN  "2F545950453D504C4D4E"       /* /TYPE=PLMN */
#define TAIL             \
	"8A80"           \
	"8E020400"       \
	"8805810302A300" \
	"83687474703A2F2F6D2F3100" /* class, size, expiry, place */

static struct span octets(const char *hex, unsigned char *to, size_t size)
{
	struct err err;
	size_t len = 0;

	CHECK_ROW(octets_from_hex(span_of(hex), to, size, &len, &err) == 0, hex);
	return (struct span){ (const char *)to, len };
}

static void test_pdu_mms_knows_a_notice_and_its_sender(void **state)
{
	static const struct {
		const char *hex, *from;
	} rows[] = {
		{ PUSH("01", SHORT_TYPE) NOTICE "8919"
						"80" PHONE PLMN "00" TAIL,
		  "+447700900123" },
		{ PUSH("20", LONG_TYPE) NOTICE "890F"
					       "80" PHONE "00" TAIL,
		  "+447700900123" },
		{ PUSH("03", "02" SHORT_TYPE "81") NOTICE "890F"
							  "80" PHONE "00",
		  "+447700900123" },
		{ PUSH("8120", LONG_TYPE "AF84"
					 "00") "",
		  NULL }, /* headers past the end */
		/* Content-Type with a parameter, then an application id. */
		{ PUSH("22", "1F"
			     "20" LONG_TYPE) NOTICE "8901"
						    "81",
		  "" },
		{ PUSH("03", SHORT_TYPE "AF84") NOTICE "8912"
						       "80"
						       "10"
						       "EA" PHONE "0000" TAIL,
		  "+447700900123" }, /* UTF-8 named before the text */
		{ PUSH("01", SHORT_TYPE) NOTICE "8911"
						"80"
						"616E6E406578616D706C652E6F7267"
						"00",
		  "ann@example.org" },
		{ PUSH("01", SHORT_TYPE) NOTICE "8903"
						"80"
						"0A"
						"00",
		  "" }, /* no printable name */
		{ PUSH("01", SHORT_TYPE) NOTICE TAIL, "" },
		{ PUSH("01", SHORT_TYPE) "8C82", "" },
		{ PUSH("01", SHORT_TYPE) NOTICE "890F"
						"80" PHONE,
		  "" },                                  /* cut: the next part has the rest */
		{ PUSH("01", SHORT_TYPE) "8C83", NULL }, /* another kind */
		{ PUSH("01", "AE") NOTICE, NULL },       /* a service indication */
		{ "0107"
		  "01" SHORT_TYPE NOTICE,
		  NULL },
		{ "0106"
		  "00"
		  "8C82",
		  NULL },
		{ "0106"
		  "FFFFFF7F"
		  "8C82",
		  NULL },
		{ "0106", NULL },
		{ "01", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		unsigned char bytes[200];
		char from[PDU_ADDRESS_MAX] = "left over";
		struct span data = { (const char *)bytes, 0 };
		bool is;

		if (rows[i].hex[0] != '\0')
			data = octets(rows[i].hex, bytes, sizeof bytes);
		is = pdu_mms_read(data, from);
		CHECK_ROW(is == (rows[i].from != NULL), rows[i].hex);
		if (strcmp(from, rows[i].from == NULL ? "" : rows[i].from) != 0)
			print_error("from \"%s\"\n", from);
		CHECK_ROW(strcmp(from, rows[i].from == NULL ? "" : rows[i].from) == 0, rows[i].hex);
	}
}

/* A notice cut anywhere, or with any octet replaced, is read inside its bounds. */
static void test_pdu_mms_stays_inside_whatever_it_is_given(void **state)
{
	static const char hex[] = PUSH("03", SHORT_TYPE "AF84") NOTICE "8919"
								       "80" PHONE PLMN "00" TAIL;
	unsigned char bytes[200];
	char from[PDU_ADDRESS_MAX];
	struct span data = octets(hex, bytes, sizeof bytes);

	(void)state;
	for (size_t cut = 0; cut <= data.len; cut++)
		for (unsigned octet = 0; octet < 256 && cut > 0; octet++) {
			unsigned char *exact = malloc(cut);

			CHECK(exact != NULL);
			memcpy(exact, bytes, cut);
			exact[cut - 1] = (unsigned char)octet;
			pdu_mms_read((struct span){ (const char *)exact, cut }, from);
			CHECK(strlen(from) < sizeof from);
			free(exact);
		}
}

/* As an SMS to port 2948. */
static void test_pdu_mms_comes_in_a_message_to_its_port(void **state)
{
	struct pdu pdu;
	struct err err = { 0 };
	char from[PDU_ADDRESS_MAX];

	(void)state;
	CHECK(pdu_decode(span_of("0044049121430004"
				 "62110271035040"
				 "2E"
				 "0605040B8423F0" PUSH("01", SHORT_TYPE) NOTICE "8919"
										"80" PHONE PLMN
										"00"),
			 &pdu, &err) == 0);
	CHECK(pdu.port == PDU_MMS_PORT && pdu_audience(&pdu) == PDU_FOR_PORT);
	CHECK(pdu_mms_read((struct span){ (const char *)pdu.data, pdu.data_len }, from));
	CHECK(strcmp(from, "+447700900123") == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pdu_mms_knows_a_notice_and_its_sender),
		cmocka_unit_test(test_pdu_mms_stays_inside_whatever_it_is_given),
		cmocka_unit_test(test_pdu_mms_comes_in_a_message_to_its_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
