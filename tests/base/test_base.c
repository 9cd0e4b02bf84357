#include "base/buf.h"
#include "base/civil.h"
#include "base/jsonw.h"
#include "base/span.h"
#include "base/utf8.h"
#include "tests/support/unit.h"

static void test_span_int_takes_whole_integers_only(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} rows[] = {
		{ "0", true, 0 },
		{ "-12", true, -12 },
		{ "+7", true, 7 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "9223372036854775808", false, 0 },
		{ "", false, 0 },
		{ "-", false, 0 },
		{ "1 ", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t value = 0;

		CHECK_ROW(span_int(span_of(rows[i].text), &value) == rows[i].ok, rows[i].text);
		CHECK_ROW(value == rows[i].value, rows[i].text);
	}
}

static void test_utf8_passes_over_bad_bytes_one_by_one(void **state)
{
	struct span s = span_of("a\xC3\xA9\xED\xA0\x80\xF0\x9F\x98\x80\xC0");
	static const uint32_t want[] = { 'a', 0xE9, 0xFFFD, 0xFFFD, 0xFFFD, 0x1F600, 0xFFFD };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(want); i++)
		CHECK(utf8_next(&s) == want[i]);
	CHECK(s.len == 0);
}

static void test_buf_overflow_is_sticky_and_changes_nothing(void **state)
{
	struct buf buf = { .limit = 4 };

	(void)state;
	buf_add_text(&buf, "abc");
	buf_add_text(&buf, "de");
	buf_add_text(&buf, "f");
	CHECK(buf.failed);
	CHECK(span_is(buf_span(&buf), "abc"));
	buf_free(&buf);
}

static void test_civil_round_trips_across_eras(void **state)
{
	(void)state;
	for (int64_t t = -62135596800; t < 8000000000; t += 86399 * 97) {
		struct civil c = civil_of(t);

		CHECK(civil_utc(&c) == t);
	}
	CHECK(civil_of(1795219633).weekday == 5); /* Saturday 2026-11-21 */
}

static void test_civil_reads_times_and_nothing_else(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t utc_s;
	} rows[] = {
		{ "2026-11-21T00:07:13Z", true, 1795219633 },
		{ "2026-11-21 00:07", true, 1795219620 },
		{ "2026-11-21T00:07Z", true, 1795219620 },
		{ "1795219633", true, 1795219633 },
		{ "2026-13-21 00:07", false, -1 },
		{ "2026-11-21", false, -1 },
		{ "2026-11-21T00:07:13Zx", false, -1 },
		{ "", false, -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t utc_s = -1;

		CHECK_ROW(civil_read(span_of(rows[i].text), &utc_s) == rows[i].ok, rows[i].text);
		CHECK_ROW(utc_s == rows[i].utc_s, rows[i].text);
	}
}

static void test_json_writes_what_a_reader_accepts(void **state)
{
	struct buf buf = { 0 };
	struct jsonw json = { .out = &buf };

	(void)state;
	jsonw_object(&json, NULL);
	jsonw_string(&json, "a", "x\"\\\n\x01\xFF");
	jsonw_array(&json, "b");
	jsonw_int(&json, NULL, -1);
	jsonw_bool(&json, NULL, true);
	jsonw_end_array(&json);
	jsonw_time(&json, "t", 1795219633);
	jsonw_string(&json, "n", NULL);
	jsonw_end_object(&json);
	CHECK(span_is(buf_span(&buf), "{\"a\":\"x\\\"\\\\\\n\\u0001\xEF\xBF\xBD\",\"b\":[-1,true],"
				      "\"t\":\"2026-11-21T00:07:13Z\",\"n\":null}"));
	buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_span_int_takes_whole_integers_only),
		cmocka_unit_test(test_utf8_passes_over_bad_bytes_one_by_one),
		cmocka_unit_test(test_buf_overflow_is_sticky_and_changes_nothing),
		cmocka_unit_test(test_civil_round_trips_across_eras),
		cmocka_unit_test(test_civil_reads_times_and_nothing_else),
		cmocka_unit_test(test_json_writes_what_a_reader_accepts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
