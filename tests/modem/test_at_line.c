#include "modem/at_line.h"

#include "base/buf.h"
#include "tests/support/unit.h"

static void test_at_line_prefix_takes_the_blanks_behind_it(void **state)
{
	static const char *const texts[] = { "+CMGS:47", "+CMGS: 47", "  +CMGS:   47  " };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct at_line line = at_line_of(span_of(texts[i]));
		int64_t mr = -1;

		CHECK_ROW(!at_line_prefix(&line, "+CMGR:"), texts[i]);
		CHECK_ROW(!at_line_prefix(&line, "+cmgs:"), texts[i]);
		CHECK(at_line_prefix(&line, "+CMGS:"));
		CHECK(at_line_int(&line, &mr));
		CHECK_ROW(mr == 47, texts[i]);
		CHECK_ROW(!at_line_more(&line), texts[i]);
	}
}

/* Each row: a line and its fields, each behind a "|". */
static void test_at_line_string_takes_fields_as_modems_write_them(void **state)
{
	static const struct {
		const char *line;
		const char *fields;
	} rows[] = {
		{ "1,0,3", "|1|0|3" },
		{ "1, 0, 0 , \"+44 7\", 129, \"\"", "|1|0|0|+44 7|129|" },
		{ "a,,b,", "|a||b|" },
		{ ",", "||" },
		{ "", "" },
		{ "\"a,b\",c", "|a,b|c" },
		{ "\"say \"hi\" now\",2", "|say \"hi\" now|2" },
		{ "\"never closed,1", "|never closed,1" },
		{ "\"", "|" },
		{ "\"\"", "|" },
		{ "Bob (home),2", "|Bob (home)|2" },
		{ "(\"SM\",\"ME\"),(0-3),x", "|(\"SM\",\"ME\")|(0-3)|x" },
		{ "((1),(2)),3", "|((1),(2))|3" },
		{ "(\")\",1),3", "|(\")\",1)|3" },
		{ "(never closed,3", "|(never closed,3" },
		{ "\"a\"b,c", "|a\"b,c" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct at_line line = at_line_of(span_of(rows[i].line));
		struct buf got = { 0 };
		struct span field;

		while (at_line_more(&line)) {
			CHECK(at_line_string(&line, &field));
			buf_add_char(&got, '|');
			buf_add(&got, field);
		}
		CHECK_ROW(!at_line_string(&line, &field) && field.len == 0, rows[i].line);
		CHECK_ROW(span_is(buf_span(&got), rows[i].fields), rows[i].line);
		buf_free(&got);
	}
}

static void test_at_line_int_leaves_the_default_where_there_is_none(void **state)
{
	struct at_line line = at_line_of(span_of("7,,x,\"12\",-1, 99999999999999999999 ,5"));
	int64_t value = 42;

	(void)state;
	CHECK(at_line_int(&line, &value) && value == 7);
	CHECK(!at_line_int(&line, &value) && value == 7);
	CHECK(!at_line_int(&line, &value) && value == 7);
	CHECK(at_line_int(&line, &value) && value == 12);
	CHECK(at_line_int(&line, &value) && value == -1);
	CHECK(!at_line_int(&line, &value) && value == -1);
	CHECK(at_line_int(&line, &value) && value == 5);
	CHECK(!at_line_int(&line, &value) && value == 5);
}

static void test_at_line_hex_reads_area_codes_with_and_without_quotes(void **state)
{
	struct at_line line = at_line_of(span_of("\"1A2b\",01234567,,FFFFFFFFFFFFFFFFF,0x1"));
	uint64_t value = 1;

	(void)state;
	CHECK(at_line_hex(&line, &value) && value == 0x1A2B);
	CHECK(at_line_hex(&line, &value) && value == 0x01234567);
	CHECK(!at_line_hex(&line, &value));
	CHECK(!at_line_hex(&line, &value)); /* 17 digits */
	CHECK(!at_line_hex(&line, &value) && value == 0x01234567);
}

static void test_at_line_lists_are_entered_and_left(void **state)
{
	struct at_line line = at_line_of(span_of("+CPMS: (\"SM\", \"ME\" ,(1,2)) , (\"MT\"),9"));
	struct span field;
	int64_t value = 0;

	(void)state;
	CHECK(at_line_prefix(&line, "+CPMS:"));
	CHECK(at_line_open(&line));
	CHECK(at_line_string(&line, &field) && span_is(field, "SM"));
	CHECK(at_line_string(&line, &field) && span_is(field, "ME"));
	CHECK(at_line_string(&line, &field) && span_is(field, "(1,2)"));
	CHECK(!at_line_more(&line));
	CHECK(!at_line_string(&line, &field));
	at_line_close(&line);
	CHECK(at_line_open(&line));
	at_line_close(&line); /* unread fields are passed over */
	CHECK(!at_line_open(&line));
	CHECK(at_line_int(&line, &value) && value == 9);
	at_line_close(&line); /* none open: nothing */
	CHECK(!at_line_more(&line));
}

static void test_at_line_skip_and_rest(void **state)
{
	struct at_line line = at_line_of(span_of("a,(b,c),\"d,e\",f g,h"));

	(void)state;
	CHECK(at_line_skip(&line, 3));
	CHECK(span_is(at_line_rest(&line), "f g,h"));
	CHECK(at_line_skip(&line, 2));
	CHECK(!at_line_skip(&line, 1));
	CHECK(at_line_rest(&line).len == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_line_prefix_takes_the_blanks_behind_it),
		cmocka_unit_test(test_at_line_string_takes_fields_as_modems_write_them),
		cmocka_unit_test(test_at_line_int_leaves_the_default_where_there_is_none),
		cmocka_unit_test(test_at_line_hex_reads_area_codes_with_and_without_quotes),
		cmocka_unit_test(test_at_line_lists_are_entered_and_left),
		cmocka_unit_test(test_at_line_skip_and_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
