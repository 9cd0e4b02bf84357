#include "base/span.h"
#include "dialplan/code.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

#define DAY 86400

static void test_code_valid_finds_wrong_and_swapped_digits(void **state)
{
	size_t count = 0;

	(void)state;
	CHECK(code_valid(span_of("4716")) && code_valid(span_of("47118")));
	CHECK(!code_valid(span_of("471")) && !code_valid(span_of("0471")));
	CHECK(!code_valid(span_of("")) && !code_valid(span_of("47a6")));
	for (int n = 1000; n < 10000; n++) {
		char code[16];

		snprintf(code, sizeof code, "%d", n);
		if (!code_valid(span_of(code)))
			continue;
		count++;
		for (int at = 0; at < 4; at++) {
			for (char c = '0'; c <= '9'; c++) {
				char wrong[16];

				memcpy(wrong, code, sizeof wrong);
				wrong[at] = c;
				CHECK_ROW(c == code[at] || !code_valid(span_of(wrong)), wrong);
			}
			if (at < 3 && code[at] != code[at + 1]) {
				char swapped[16];

				memcpy(swapped, code, sizeof swapped);
				swapped[at] = code[at + 1];
				swapped[at + 1] = code[at];
				CHECK_ROW(!code_valid(span_of(swapped)), swapped);
			}
		}
	}
	CHECK(count == 900);
}

static struct codes *fresh(uint64_t seed)
{
	struct codes *codes;
	struct err err;

	CHECK(codes_new(&codes, seed, &err) == 0);
	return codes;
}

static const char *take(struct codes *codes, int64_t utc_s)
{
	static char code[CODE_SIZE];
	struct err err;

	CHECK(codes_take(codes, utc_s, code, &err) == 0);
	CHECK_ROW(code_valid(span_of(code)), code);
	return code;
}

static void test_codes_get_longer_with_the_number_in_use(void **state)
{
	struct codes *codes = fresh(7);
	char *seen = calloc(1000000, 1);

	(void)state;
	CHECK(seen != NULL);
	for (int n = 0; n < 20000; n++) {
		const char *code = take(codes, 0);
		size_t want = n > 3000 ? 6 : n > 300 ? 5 : 4;

		CHECK_ROW(strlen(code) == want, code);
		CHECK_ROW(seen[atoi(code)] == 0, code);
		seen[atoi(code)] = 1;
	}
	free(seen);
	codes_free(codes);
}

static void test_codes_rest_seven_days_then_oldest_first(void **state)
{
	struct codes *codes = fresh(99);
	char first[CODE_SIZE] = "";
	char second[CODE_SIZE] = "";
	const int64_t start = 1000 * DAY;

	(void)state;
	for (int n = 0; n < 900;
	     n++) { /* each of four digits once; the third and then the first go first */
		const char *code = take(codes, start);

		CHECK(strlen(code) == 4);
		if (n == 0)
			memcpy(second, code, CODE_SIZE);
		if (n == 2)
			memcpy(first, code, CODE_SIZE);
		codes_release(codes, code, start + (n == 0 ? 50 : n == 2 ? 10 : 1000));
	}
	CHECK(strlen(take(codes, start + 7 * DAY)) == 5);
	CHECK(strcmp(take(codes, start + 7 * DAY + 10), first) == 0);
	CHECK(strlen(take(codes, start + 7 * DAY + 10)) == 5);
	CHECK(strcmp(take(codes, start + 7 * DAY + 50), second) == 0);
	codes_release(codes, "junk", start);
	codes_release(codes, second, start + 8 * DAY);
	codes_release(codes, second, start); /* not in use: nothing */
	CHECK(strcmp(take(codes, start + 14 * DAY), second) != 0);
	codes_free(codes);
}

static void test_codes_restored_are_not_given_again(void **state)
{
	struct codes *codes = fresh(3);
	struct codes *again = fresh(3);
	struct err err;
	const int64_t now = 500 * DAY;

	(void)state;
	for (int n = 0; n < 500; n++) { /* the first half live, the others released */
		const char *code = take(codes, now);

		CHECK(codes_restore(again, code, n < 200 ? 0 : now - 2 * DAY, &err) == 0);
		if (n < 200) /* an older page had it too */
			CHECK(codes_restore(again, code, now - 90 * DAY, &err) == 0);
	}
	CHECK(codes_restore(again, "4711", 0, &err) == 0);
	for (int n = 0; n < 100; n++) {
		const char *code = take(again, now);

		CHECK(strlen(code) == 4);
		codes_release(again, code, now);
		CHECK(codes_restore(codes, code, 0, &err) == 0);
	}
	codes_free(codes);
	codes_free(again);
}

static void test_codes_never_run_out(void **state)
{
	struct codes *codes = fresh(123456789);
	char code[CODE_SIZE];

	(void)state;
	for (int n = 0; n < 99900; n++)
		take(codes, DAY);
	memcpy(code, take(codes, DAY), sizeof code); /* all are live: one of them again */
	CHECK(strlen(code) == 6);
	codes_release(codes, "4716", DAY);
	CHECK(strcmp(take(codes, DAY), "4716") == 0);
	codes_free(codes);
	codes_free(NULL);
}

static void test_codes_differ_by_seed(void **state)
{
	struct codes *a = fresh(1);
	struct codes *b = fresh(0xFEDCBA9876543210u);
	char code[CODE_SIZE];

	(void)state;
	memcpy(code, take(a, 0), sizeof code);
	CHECK(strcmp(code, take(b, 0)) != 0);
	codes_free(a);
	codes_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_code_valid_finds_wrong_and_swapped_digits),
		cmocka_unit_test(test_codes_get_longer_with_the_number_in_use),
		cmocka_unit_test(test_codes_rest_seven_days_then_oldest_first),
		cmocka_unit_test(test_codes_restored_are_not_given_again),
		cmocka_unit_test(test_codes_never_run_out),
		cmocka_unit_test(test_codes_differ_by_seed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
