#include "core/rows.h"
#include "tests/support/unit.h"

#include <string.h>

static struct memo *memo_of(const char *text)
{
	struct memo made = { .id = 3, .kind = "silence", .text = (char[200]){ 0 } };

	span_copy(span_of(text), made.text, 200);
	return memo_copy(&made);
}

static void test_memo_keeps_values_by_key(void **state)
{
	struct memo *memo = memo_of("");

	(void)state;
	CHECK(memo_get(memo, "alert").len == 0 && memo_int(memo, "until") == 0);
	CHECK(memo_set(memo, "alert", "disk full") && memo_set_int(memo, "until", 1700000000));
	CHECK(memo_set(memo, "reason", "known\r\nnoise until the swap"));
	CHECK(span_is(memo_get(memo, "alert"), "disk full"));
	CHECK(memo_int(memo, "until") == 1700000000);
	CHECK(span_is(memo_get(memo, "reason"), "known  noise until the swap"));
	CHECK(memo_set(memo, "alert", "disk half full"));
	CHECK(span_is(memo_get(memo, "alert"), "disk half full"));
	CHECK(memo_set(memo, "alert", ""));
	CHECK(memo_get(memo, "alert").len == 0 && memo_int(memo, "until") == 1700000000);
	memo_free(memo);
}

/* Whatever stands in the store. */
static void test_memo_of_foreign_text_does_no_harm(void **state)
{
	static const char *const texts[] = { "",     "\n\n",       "alert", "alert \nalert x",
					     " x\n", "until 12x\n" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct memo *memo = memo_of(texts[i]);

		CHECK_ROW(memo_int(memo, "until") == 0, texts[i]);
		CHECK_ROW(memo_set(memo, "by", "ada"), texts[i]);
		CHECK_ROW(span_is(memo_get(memo, "by"), "ada"), texts[i]);
		memo_free(memo);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memo_keeps_values_by_key),
		cmocka_unit_test(test_memo_of_foreign_text_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
