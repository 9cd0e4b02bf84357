#include "core/pin.h"
#include "dialplan/plan.h"
#include "tests/support/unit.h"

#include <string.h>

static void test_pin_is_four_to_eight_digits_none_twice_in_a_row(void **state)
{
	static const struct {
		const char *pin;
		bool good;
	} rows[] = {
		{ "2468", true },  { "24682468", true },   { "1212", true },    { "246", false },
		{ "", false },     { "246824681", false }, { "2446", false },   { "2244", false },
		{ "24 8", false }, { "24a8", false },      { "2468\n", false }, { "#246", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(pin_is_one(span_of(rows[i].pin)) == rows[i].good, rows[i].pin);
}

static void test_pin_fits_its_own_hash_only(void **state)
{
	static const char hash[] = PLAN_PIN_HASH_BEGIN
		"wQ6KtxI9vf7nIw7gb/Er4Q$oh/5BQS2Yc7ak+3ydZph6K3X29EiNWzk2yCJU7/sHYg";
	char other[sizeof hash];

	(void)state;
	CHECK(pin_fits(hash, span_of("2468")));
	CHECK(!pin_fits(hash, span_of("2467")));
	CHECK(!pin_fits(hash, span_of("24682")));
	CHECK(!pin_fits("", span_of("2468")));
	CHECK(!pin_fits("2468", span_of("2468"))); /* no hash at all */
	memcpy(other, hash, sizeof hash);
	other[sizeof hash - 2] ^= 1;
	CHECK(!pin_fits(other, span_of("2468")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pin_is_four_to_eight_digits_none_twice_in_a_row),
		cmocka_unit_test(test_pin_fits_its_own_hash_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
