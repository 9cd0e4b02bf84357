#include <string.h>

#include "base/utf8.h"
#include "modem/parts.h"
#include "modem/pdu.h"
#include "tests/support/unit.h"

#define PHONE "+447700900123"
#define EURO  "\xE2\x82\xAC"
#define GRIN  "\xF0\x9F\x98\x80"

static const struct row {
	struct {
		const char *to;
		const char *text;
		const char *smsc;
		int message_class;
		int validity_min;
		bool report;
		unsigned ref;
	} in;
	size_t index;
	size_t total;
	size_t length;
	const char *hex;
} rows[] = {
	{ { PHONE, "PAGE 4711 DB01 DOWN. Reply ACK 4711", "", -1, 1440, true, 0 },
	  0,
	  1,
	  45,
	  "0031000C914477000910320000A723D0E0B108A2DD62311051088B8188CFABD3059296E1EC3C28385C8268B7"
	  "580C" },
	{ { "+46708251358", "hellohello", "", -1, 5760, false, 0 },
	  0,
	  1,
	  23,
	  "0011000B916407281553F80000AA0AE8329BFD4697D9EC37" },
	{ { "+34616585119", "hola", "+34646456456", -1, 0, false, 0 },
	  0,
	  1,
	  17,
	  "07914346466554F601000B914316565811F9000004E8373B0C" },
	{ { "+34616585119", "\xE3\x81\x82\xE5\x8F\xB6\xE8\x91\x89", "+34646456456", -1, 0, false,
	    0 },
	  0,
	  1,
	  19,
	  "07914346466554F601000B914316565811F9000806304253F68449" },
	{ { "9037029920", "hi", "9037029920", 0, 0, false, 0 },
	  0,
	  1,
	  14,
	  "0681097320990201000A8109732099020"
	  "0F002E834" },
	{ { "12345", GRIN, "", 2, 0, false, 0 },
	  0,
	  1,
	  14,
	  "000100058121"
	  "43F5001A04D83DDE00" },
	{ { "12345", "", "", -1, 0, false, 0 },
	  0,
	  1,
	  10,
	  "0001000581"
	  "2143F5000000" },
	{ { "12345",
	    "a\xFF"
	    "b",
	    "", -1, 0, false, 0 },
	  0,
	  1,
	  16,
	  "0001000581"
	  "2143F5000806"
	  "0061FFFD0062" },
};

static struct pdu_submit submit_of(const char *to, struct span text)
{
	return (struct pdu_submit){ .to = span_of(to), .text = text, .message_class = -1 };
}

static void test_pdu_out_writes_exactly_these_units(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct row *row = &rows[i];
		struct pdu_submit submit = submit_of(row->in.to, span_of(row->in.text));
		struct pdu_part part;
		struct err err = { 0 };

		submit.smsc = span_of(row->in.smsc);
		submit.message_class = row->in.message_class;
		submit.validity_min = row->in.validity_min;
		submit.status_report = row->in.report;
		submit.ref = row->in.ref;
		CHECK_ROW(pdu_encode(&submit, row->index, row->total, &part, &err) == 0, row->hex);
		if (strcmp(part.hex, row->hex) != 0)
			print_error("got %s\n", part.hex);
		CHECK_ROW(strcmp(part.hex, row->hex) == 0, row->hex);
		CHECK_ROW(part.length == row->length, row->hex);
	}
}

static void repeat(struct buf *buf, const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_add_text(buf, text);
}

static void test_pdu_out_counts_parts(void **state)
{
	static const struct {
		const char *unit;
		size_t count;
		const char *tail;
		size_t parts;
		enum pdu_encoding encoding;
	} cases[] = {
		{ "", 0, "", 1, PDU_GSM7 },
		{ "x", 160, "", 1, PDU_GSM7 },
		{ "x", 161, "", 2, PDU_GSM7 },
		{ "x", 306, "", 2, PDU_GSM7 },
		{ "x", 307, "", 3, PDU_GSM7 },
		{ EURO, 80, "", 1, PDU_GSM7 },
		{ EURO, 80, "x", 2, PDU_GSM7 },
		{ EURO, 153, "", 3, PDU_GSM7 }, /* 76 pairs a part */
		{ "\xC5\x91", 70, "", 1, PDU_UCS2 },
		{ "\xC5\x91", 71, "", 2, PDU_UCS2 },
		{ "\xC5\x91", 134, "", 2, PDU_UCS2 },
		{ "\xC5\x91", 134, "x", 3, PDU_UCS2 },
		{ GRIN, 35, "", 1, PDU_UCS2 },
		{ GRIN, 67, "", 3, PDU_UCS2 }, /* 33 pairs a part */
		{ "x", 10240, "", 67, PDU_GSM7 },
		{ "x", 39015, "", 255, PDU_GSM7 },
		{ "x", 39016, "", 0, PDU_GSM7 },
		{ "\xC5\x91", 17085, "", 255, PDU_UCS2 },
		{ "\xC5\x91", 17086, "", 0, PDU_UCS2 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf text = { 0 };
		enum pdu_encoding encoding;
		char name[40];

		snprintf(name, sizeof name, "%zu of %s", cases[i].count, cases[i].unit);
		repeat(&text, cases[i].unit, cases[i].count);
		buf_add_text(&text, cases[i].tail);
		CHECK_ROW(pdu_parts_needed(buf_span(&text), &encoding) == cases[i].parts, name);
		CHECK_ROW(encoding == cases[i].encoding, name);
		buf_free(&text);
	}
}

static void test_pdu_out_refuses_numbers_that_are_none(void **state)
{
	static const char *const bad[] = {
		"", "+", "12a4", "+12 34", "++12", "*100#", "012345678901234567890", "1\n2"
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct pdu_submit submit = submit_of(bad[i], span_of("x"));
		struct pdu_part part;
		struct err err = { 0 };

		CHECK_ROW(pdu_encode(&submit, 0, 1, &part, &err) == -1, bad[i]);
		CHECK_ROW(err.code == ERR_INVALID && part.hex[0] == '\0', bad[i]);
		if (bad[i][0] == '\0')
			continue; /* no service centre named: the SIM's own */
		submit = submit_of(PHONE, span_of("x"));
		submit.smsc = span_of(bad[i]);
		CHECK_ROW(pdu_encode(&submit, 0, 1, &part, &err) == -1, bad[i]);
	}
}

static void test_pdu_out_refuses_parts_that_are_not_there(void **state)
{
	struct pdu_submit submit = submit_of(PHONE, span_of("x"));
	struct pdu_part part;
	struct err err = { 0 };

	(void)state;
	CHECK(pdu_encode(&submit, 1, 1, &part, &err) == -1);
	CHECK(pdu_encode(&submit, 0, 2, &part, &err) == -1);
	CHECK(pdu_encode(&submit, 0, 0, &part, &err) == -1);
	submit.message_class = 4;
	CHECK(pdu_encode(&submit, 0, 1, &part, &err) == -1);
}

/* Rounded up: a page must not lapse before it was asked to. */
static void test_pdu_out_says_a_validity_no_shorter_than_asked(void **state)
{
	static const int asked[] = { 1,    5,    6,    720,   721,   1439,  1440,
				     1441, 4320, 4321, 43200, 43201, 50400, 635040 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		struct pdu_submit submit = submit_of(PHONE, span_of("x"));
		struct pdu_part part;
		struct pdu pdu;
		struct err err = { 0 };

		submit.validity_min = asked[i];
		CHECK(pdu_encode(&submit, 0, 1, &part, &err) == 0);
		CHECK(pdu_decode(span_of(part.hex), &pdu, &err) == 0);
		CHECK(pdu.validity_min >= asked[i]);
		CHECK(pdu.validity_min - asked[i] < (asked[i] <= 720     ? 5
						     : asked[i] <= 1440  ? 30
						     : asked[i] <= 43200 ? 1440
									 : 7 * 1440));
	}
}

static void test_pdu_out_drops_a_validity(void **state)
{
	static const struct {
		const char *to, *smsc;
		size_t count;
	} cases[] = {
		{ PHONE, "", 5 },
		{ "+4477009001234", "+34646456456", 5 }, /* an odd number of digits */
		{ "1", "9037029920", 400 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf text = { 0 };
		struct pdu_submit submit;
		enum pdu_encoding encoding;
		size_t total;

		repeat(&text, "x", cases[i].count);
		submit = submit_of(cases[i].to, buf_span(&text));
		submit.smsc = span_of(cases[i].smsc);
		submit.ref = 7;
		total = pdu_parts_needed(submit.text, &encoding);
		for (size_t k = 0; k < total; k++) {
			struct pdu_part plain, part;
			struct err err = { 0 };

			submit.validity_min = 0;
			CHECK(pdu_encode(&submit, k, total, &plain, &err) == 0);
			submit.validity_min = 15;
			CHECK(pdu_encode(&submit, k, total, &part, &err) == 0);
			CHECK(pdu_drop_validity(&part));
			CHECK(strcmp(part.hex, plain.hex) == 0 && part.length == plain.length);
			CHECK(!pdu_drop_validity(&part));
			CHECK(strcmp(part.hex, plain.hex) == 0);
		}
		buf_free(&text);
	}
}

static void test_pdu_out_marks_the_parts_of_a_long_text(void **state)
{
	struct buf text = { 0 };
	struct pdu_submit submit;
	struct pdu_part part;
	struct pdu pdu;
	struct err err = { 0 };

	(void)state;
	repeat(&text, EURO, 153);
	submit = submit_of(PHONE, buf_span(&text));
	submit.ref = 0x1FE;
	for (size_t i = 0; i < 3; i++) {
		CHECK(pdu_encode(&submit, i, 3, &part, &err) == 0);
		CHECK(pdu_decode(span_of(part.hex), &pdu, &err) == 0);
		CHECK(pdu.concat.ref == 0xFE && pdu.concat.total == 3 && pdu.concat.seq == i + 1);
		CHECK(strlen(pdu.text) == (i < 2 ? 76u * 3 : 3)); /* no pair is split */
	}
	buf_free(&text);
}

/* A small generator, so that a failure can be repeated. */
static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void random_text(uint32_t *seed, struct buf *text)
{
	static const char *const gsm[] = { "a",        "Z",  "@", "\n", "\xC3\xA9",
					   "\xCE\xA9", EURO, "{", "\\", "\f" };
	static const char *const other[] = { "\xC5\x91", GRIN,   "\xE2\x9C\x93", "\x01",
					     "x",        "\xC3", "\xED\xA0\x80" };
	uint32_t kinds = next_random(seed) % 3;
	uint32_t count = next_random(seed) % 700;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t pick = next_random(seed);

		if (kinds != 0 && pick % 5 < kinds)
			buf_add_text(text, other[pick / 8 % COUNT_OF(other)]);
		else
			buf_add_text(text, gsm[pick / 8 % COUNT_OF(gsm)]);
	}
}

static void normalise(struct span text, struct buf *out)
{
	while (text.len > 0)
		utf8_add(out, utf8_next(&text));
}

/* Encodes, decodes and joins, the parts last to first and each of them twice. */
static void trip(struct parts *parts, struct span text, unsigned ref, struct buf *joined)
{
	struct pdu_submit submit = submit_of(PHONE, text);
	enum pdu_encoding encoding;
	size_t total = pdu_parts_needed(text, &encoding);
	struct when now = { .mono_ms = ref };
	struct err err = { 0 };

	submit.ref = ref;
	for (size_t i = total; i-- > 0;) {
		struct pdu_part part;
		struct pdu pdu;
		struct buf again = { 0 };

		CHECK(pdu_encode(&submit, i, total, &part, &err) == 0);
		CHECK(part.length == strlen(part.hex) / 2 - 1);
		CHECK(pdu_decode(span_of(part.hex), &pdu, &err) == 0);
		CHECK(pdu.encoding == encoding);
		CHECK(parts_add(parts, &pdu, now, joined, &err) == (i == 0));
		if (total > 1)
			CHECK(parts_add(parts, &pdu, now, &again, &err) == 0);
		buf_free(&again);
	}
}

static void test_pdu_out_brings_back_every_text(void **state)
{
	uint32_t seed = 20261121;
	struct parts *parts = NULL;
	struct err err = { 0 };

	(void)state;
	CHECK(parts_new(&parts, &err) == 0);
	for (unsigned i = 0; i < 500; i++) {
		struct buf text = { 0 };
		struct buf want = { 0 };
		struct buf got = { 0 };

		random_text(&seed, &text);
		normalise(buf_span(&text), &want);
		trip(parts, buf_span(&text), i, &got);
		CHECK(strcmp(buf_text(&got), buf_text(&want)) == 0);
		buf_free(&text);
		buf_free(&want);
		buf_free(&got);
	}
	CHECK(parts_deadline(parts) == WHEN_NEVER);
	parts_free(parts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pdu_out_writes_exactly_these_units),
		cmocka_unit_test(test_pdu_out_counts_parts),
		cmocka_unit_test(test_pdu_out_refuses_numbers_that_are_none),
		cmocka_unit_test(test_pdu_out_refuses_parts_that_are_not_there),
		cmocka_unit_test(test_pdu_out_says_a_validity_no_shorter_than_asked),
		cmocka_unit_test(test_pdu_out_drops_a_validity),
		cmocka_unit_test(test_pdu_out_marks_the_parts_of_a_long_text),
		cmocka_unit_test(test_pdu_out_brings_back_every_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
