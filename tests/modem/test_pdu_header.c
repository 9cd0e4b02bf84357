#include <string.h>

#include "base/utf8.h"
#include "modem/national.h"
#include "modem/octets.h"
#include "modem/pdu.h"
#include "tests/support/unit.h"

/* A DELIVER with a user data header from +1234, up to its TP-UDL. */
#define HEAD(dcs) "00440491214300" dcs "62110271035040"

static struct pdu decoded(const char *head, const char *user)
{
	char hex[PDU_HEX_MAX];
	struct pdu pdu;
	struct err err = { 0 };

	snprintf(hex, sizeof hex, "%s%s", head, user);
	if (pdu_decode(span_of(hex), &pdu, &err) < 0)
		print_error("%s: %s\n", hex, err.text);
	return pdu;
}

/* The first nine are what a module's maker sends through its modules (Cinterion). */
static void test_pdu_header_selects_the_national_tables(void **state)
{
	static const struct {
		const char *user; /* TP-UDL and TP-UD */
		const char *want;
	} rows[] = {
		{ "06032501015800", "Ğ" },
		{ "06032501035800", "Ô" },
		{ "0E032501010042C1700285445B01", "İPçp€Λ¤4+" },
		{ "0D03250101008209870583D301", "İç€ıĞğŞş" },
		{ "1503240101D84C37E3CD7C73DC9C37C94D7A5306", "ŞçşĞğİı€" },
		{ "2006250101240101C0CD14BC191336F3C3E6B8D89C199B246793EE6CCA",
		  "İŞçç€şıĞĞğğİŞış€" },
		{ "1D03240101006EA6E0CD98B0991F36C7C5E6CCD824399B74675306", "¡Ş¿çèşìĞØğøİÆıæ€" },
		{ "2006250101240102C04D10BC091336D5C3A6BED824199B346743E96C12",
		  "İÁçá€ÚıúĞÍğíŞ^şç" },
		{ "0A03240101D84C37E30D", "Şç " }, /* an escape at the end */
		{ "050325010100", "" },
		{ "0603250104D003", "z" }, /* Bengali */
		{ "06032501040802", "\u09AD" },
		{ "060325010E0802", "A" }, /* no such language: the default alphabet */
		{ "06032501020802", "A" }, /* Spanish has no locking table */
		{ "06032501000802", "A" },
		{ "0704250201010401", "A" },                     /* too long */
		{ "090625010125010441", "\u09AD" },              /* the last one counts */
		{ "090625010425010E41", "\u09AD" },              /* of those that are known */
		{ "090325010B10090144", "\u0B9F\u0BAE \u0BB0" }, /* an empty place in Tamil */
		{ "0C0625010D24010D27DFE607", "\u0693\u0634\u06D4" },
		{ "120B000305020125010624010600A01B0E", "\u0901\u093E\u0966" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(strcmp(decoded(HEAD("00"), rows[i].user).text, rows[i].want) == 0,
			  rows[i].user);
}

static void test_pdu_header_leaves_other_codings_alone(void **state)
{
	struct pdu got;

	(void)state;
	got = decoded(HEAD("08"), "06032501010041");
	CHECK(strcmp(got.text, "A") == 0);
	got = decoded(HEAD("04"), "05032501010B");
	CHECK(got.data_len == 1 && got.data[0] == 0x0B);
	got = decoded(HEAD("00"), "120B000305020125010624010600A01B0E");
	CHECK(got.concat.ref == 5 && got.concat.total == 2 && got.concat.seq == 1);
}

/* Every character of every table, escaped and not, through a whole unit. */
static void test_pdu_header_reads_whole_tables(void **state)
{
	(void)state;
	for (unsigned n = 0; n < NATIONALS * 2; n++) {
		struct national_shift shift = { (enum national)(n / 2), (enum national)(n / 2) };
		bool escaped = n % 2 != 0;

		for (unsigned from = 0; from < 128; from += 32) {
			unsigned char user[141] = { 0,
						    6,
						    0x25,
						    1,
						    (unsigned char)(n / 2),
						    0x24,
						    1,
						    (unsigned char)(n / 2) };
			size_t count = 8;
			char hex[300];
			char want[400] = "";
			struct buf text = { .at = want, .cap = sizeof want, .limit = 399 };

			for (unsigned s = from; s < from + 32; s++) {
				if (s == 0x1B)
					continue;
				if (escaped)
					octets_put_septet(user + 1, count++, 0x1B);
				octets_put_septet(user + 1, count++, (unsigned char)s);
				utf8_add(&text,
					 national_to_unicode(shift, (unsigned char)s, escaped));
			}
			user[0] = (unsigned char)count;
			octets_to_hex(user, 1 + octets_of_septets(count), hex);
			CHECK_ROW(strcmp(decoded(HEAD("00"), hex).text, want) == 0, hex);
		}
	}
}

static void test_pdu_header_knows_ports(void **state)
{
	static const struct {
		const char *user; /* 8-bit */
		int port;
	} rows[] = {
		{ "080605040B8423F041", 2948 }, /* WAP push, as an MMS notice comes */
		{ "070605041581158A", 5505 },
		{ "05040402E2F0", 0 }, /* reserved */
		{ "05040402F0E2", 240 },
		{ "07060504BFFF0000", 49151 },
		{ "07060504C0000B84", 0 }, /* reserved */
		{ "07060404158A0000", 0 }, /* wrong length */
		{ "0504050223F0", 0 },     /* wrong length */
		{ "0C0B05040B8423F00003050201", 2948 },
		{ "0D0C05040B8423F0050423F40B84", 9204 }, /* the last one counts */
		{ "0705000305020141", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(decoded(HEAD("04"), rows[i].user).port == rows[i].port, rows[i].user);
}

static void test_pdu_header_knows_what_waits(void **state)
{
	static const struct {
		const char *dcs;
		const char *user;
		enum pdu_waiting_kind kind;
		int count;
	} rows[] = {
		{ "00", "0704010280030401", PDU_WAITING_VOICE, 3 },
		{ "00", "0704010280000401", PDU_WAITING_VOICE, 0 },
		{ "00", "0704010201010401", PDU_WAITING_FAX, 1 },
		{ "00", "0704010202FF0401", PDU_WAITING_MAIL, 255 },
		{ "00", "0704010203010401", PDU_WAITING_OTHER, 1 },
		{ "00", "0704010207010401", PDU_WAITING_VIDEO, 1 },
		{ "00", "070401020B010401", PDU_WAITING_OTHER, 1 },
		{ "00", "0704010260010401", PDU_WAITING_VOICE, 1 }, /* of another line */
		{ "00", "06030101800802", PDU_WAITING_NONE, 0 },    /* wrong length */
		{ "C8", "0805000320010182", PDU_WAITING_VOICE, -1 },
		{ "C0", "0805000320010182", PDU_WAITING_VOICE, 0 },
		{ "D9", "0805000320010182", PDU_WAITING_FAX, -1 },
		{ "DA", "0805000320010182", PDU_WAITING_MAIL, -1 },
		{ "EB", "080500032001010041", PDU_WAITING_OTHER, -1 },
		{ "C8", "0704010282070401", PDU_WAITING_MAIL, 7 }, /* the element goes first */
		{ "F0", "0805000320010182", PDU_WAITING_NONE, 0 },
		{ "BF", "0805000320010182", PDU_WAITING_NONE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char head[100];
		struct pdu got;

		snprintf(head, sizeof head, "00440491214300%s62110271035040", rows[i].dcs);
		got = decoded(head, rows[i].user);
		CHECK_ROW(got.type == PDU_DELIVER, rows[i].user);
		CHECK_ROW(got.waiting.kind == rows[i].kind, rows[i].user);
		CHECK_ROW(got.waiting.count == rows[i].count, rows[i].user);
	}
}

static void test_pdu_header_refuses_what_runs_past_its_end(void **state)
{
	static const char *const users[] = {
		"0403250201", "03032501", "03022401", "060605040B8423", "050401030003",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(users); i++) {
		char hex[100];
		struct pdu pdu;
		struct err err = { 0 };

		snprintf(hex, sizeof hex, HEAD("04") "%s", users[i]);
		CHECK_ROW(pdu_decode(span_of(hex), &pdu, &err) == -1, users[i]);
		CHECK_ROW(pdu.type == PDU_NONE && err.text[0] != '\0', users[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pdu_header_selects_the_national_tables),
		cmocka_unit_test(test_pdu_header_leaves_other_codings_alone),
		cmocka_unit_test(test_pdu_header_reads_whole_tables),
		cmocka_unit_test(test_pdu_header_knows_ports),
		cmocka_unit_test(test_pdu_header_knows_what_waits),
		cmocka_unit_test(test_pdu_header_refuses_what_runs_past_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
