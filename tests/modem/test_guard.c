#include "modem/guard.h"

#include <string.h>

#include "modem/pdu.h"
#include "tests/support/unit.h"

#define DAY 86400

static const char *const listed[] = { "+447700900123", "+15550102", "+123456789012345" };

static struct when on_day(int64_t day)
{
	return (struct when){ .mono_ms = 0, .utc_s = day * DAY + 3600 };
}

static struct guard *fresh(struct guard_limits limits)
{
	struct guard *guard = NULL;
	struct err err;

	assert_int_equal(guard_new(&guard, limits, &err), 0);
	assert_int_equal(guard_allow(guard, listed, COUNT_OF(listed), &err), 0);
	return guard;
}

static int call_to(struct guard *guard, const char *number, struct when now)
{
	struct err err = { 0 };
	int got = guard_call(guard, span_of(number), now, &err);

	CHECK_ROW(got == 0 || (got == -1 && err.code == ERR_REFUSED && err.text[0] != '\0'),
		  number);
	return got;
}

static int text_to(struct guard *guard, const char *number, struct when now)
{
	struct pdu_submit submit = { .to = span_of(number),
				     .text = span_of("page"),
				     .message_class = -1 };
	struct pdu_part part;
	struct err err = { 0 };
	int got;

	assert_int_equal(pdu_encode(&submit, 0, 1, &part, &err), 0);
	got = guard_sms(guard, span_of(part.hex), now, &err);
	CHECK_ROW(got == 0 || (got == -1 && err.code == ERR_REFUSED && err.text[0] != '\0'),
		  number);
	return got;
}

static void test_guard_is_e164_and_nothing_else(void **state)
{
	static const struct {
		const char *number;
		bool ok;
	} rows[] = {
		{ "+447700900123", true },
		{ "+1234567", true },
		{ "+123456789012345", true },
		{ "+123456", false },
		{ "+1234567890123456", false },
		{ "+0447700900123", false },
		{ "447700900123", false },
		{ "00447700900123", false },
		{ "07700900123", false },
		{ "112", false },
		{ "911", false },
		{ "+112", false },
		{ "*21*+447700900123#", false },
		{ "+447700900123;", false },
		{ "+447700900123;+1", false },
		{ "+447700900123p12", false },
		{ "+44 7700900123", false },
		{ "+44770090012\n", false },
		{ " +447700900123", false },
		{ "++47700900123", false },
		{ "+", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(guard_is_e164(span_of(rows[i].number)) == rows[i].ok, rows[i].number);
	CHECK(!guard_is_e164((struct span){ "+4477009\0000123", 14 }));
}

static void test_guard_call_lets_listed_numbers_pass_and_no_other(void **state)
{
	static const char *const strangers[] = {
		"+447700900124",
		"+44770090012",
		"+4477009001234",
		"447700900123",
		"07700900123",
		"00447700900123",
		"112",
		"911",
		"+112",
		"999",
		"*21*+447700900123#",
		"#31#+447700900123",
		"**62*+15550102#",
		"+447700900123;",
		"+447700900123;+15550102",
		"+447700900123,1",
		"+447700900123w",
		"+447700900123G",
		"+15550102 ",
		"",
	};
	struct guard *guard = fresh((struct guard_limits){ 0 });

	(void)state;
	for (size_t i = 0; i < COUNT_OF(listed); i++) {
		int got = call_to(guard, listed[i], on_day(20000));

		CHECK_ROW(got == 0, listed[i]);
	}
	for (size_t i = 0; i < COUNT_OF(strangers); i++) {
		int got = call_to(guard, strangers[i], on_day(20000));

		CHECK_ROW(got == -1, strangers[i]);
	}
	CHECK(guard_counts(guard).calls == COUNT_OF(listed)); /* refusals are not counted */
	guard_free(guard);
}

static void test_guard_sms_reads_the_destination_out_of_the_unit(void **state)
{
	struct guard *guard = fresh((struct guard_limits){ 0 });
	struct err err = { 0 };
	static const char *const malformed[] = { "", "00", "zz", "0031", "+447700900123" };

	(void)state;
	CHECK(text_to(guard, "+447700900123", on_day(1)) == 0);
	CHECK(text_to(guard, "+15550102", on_day(1)) == 0);
	CHECK(text_to(guard, "+15550103", on_day(1)) == -1);
	CHECK(text_to(guard, "15550102", on_day(1)) == -1); /* national: another number */
	CHECK(text_to(guard, "72345", on_day(1)) == -1);    /* a short, perhaps premium, code */
	CHECK(text_to(guard, "112", on_day(1)) == -1);
	for (size_t i = 0; i < COUNT_OF(malformed); i++) {
		int got = guard_sms(guard, span_of(malformed[i]), on_day(1), &err);

		CHECK_ROW(got == -1 && err.code == ERR_REFUSED, malformed[i]);
	}
	/* A DELIVER from a listed number is no SUBMIT to it. */
	CHECK(guard_sms(guard,
			span_of("0791447758100650040C91447700901032000062111"
				"02703504008C1E11244BBC562"),
			on_day(1), &err) == -1);
	CHECK(guard_counts(guard).sms == 2);
	guard_free(guard);
}

static void test_guard_allow_replaces_the_list_or_changes_nothing(void **state)
{
	static const char *const bad[] = { "+15550109", "112", "+15550110" };
	static const char *const other[] = { "+15550109" };
	struct guard *guard = fresh((struct guard_limits){ 0 });
	struct err err = { 0 };

	(void)state;
	CHECK(guard_allow(guard, bad, COUNT_OF(bad), &err) == -1);
	CHECK(err.code == ERR_INVALID && strstr(err.text, "112") != NULL);
	CHECK(call_to(guard, "+15550102", on_day(1)) == 0);
	CHECK(call_to(guard, "+15550109", on_day(1)) == -1);
	CHECK(guard_allow(guard, other, COUNT_OF(other), &err) == 0);
	CHECK(call_to(guard, "+15550102", on_day(1)) == -1);
	CHECK(call_to(guard, "+15550109", on_day(1)) == 0);
	CHECK(guard_allow(guard, NULL, 0, &err) == 0);
	CHECK(call_to(guard, "+15550109", on_day(1)) == -1);
	guard_free(guard);
	guard_free(NULL);
}

static void test_guard_stops_hard_until_the_next_day(void **state)
{
	struct guard *guard =
		fresh((struct guard_limits){ .sms = 2, .calls = 3, .call_seconds = 100 });

	(void)state;
	CHECK(text_to(guard, "+15550102", on_day(7)) == 0);
	CHECK(text_to(guard, "+15550102", on_day(7)) == 0);
	CHECK(text_to(guard, "+15550102", on_day(7)) == -1);
	CHECK(call_to(guard, "+15550102", on_day(7)) == 0);
	guard_talked(guard, 99, on_day(7));
	guard_talked(guard, -50, on_day(7)); /* never gives any back */
	CHECK(call_to(guard, "+15550102", on_day(7)) == 0);
	guard_talked(guard, 1, on_day(7));
	CHECK(call_to(guard, "+15550102", on_day(7)) == -1);
	CHECK(guard_counts(guard).day == 7 && guard_counts(guard).call_seconds == 100);

	CHECK(call_to(guard, "+15550102", on_day(6)) == -1); /* the clock set back over midnight */
	for (int i = 0; i < 4; i++)
		CHECK(call_to(guard, "+15550102", on_day(8)) == (i < 3 ? 0 : -1));
	CHECK(text_to(guard, "+15550102", on_day(8)) == 0);
	CHECK(guard_counts(guard).day == 8 && guard_counts(guard).call_seconds == 0);
	guard_free(guard);
}

static void test_guard_restores_the_day_after_a_restart(void **state)
{
	struct guard_counts counts = { .day = 7, .sms = 2, .calls = 1, .call_seconds = 5 };
	struct guard *guard = fresh((struct guard_limits){ .sms = 2 });

	(void)state;
	guard_restore(guard, counts);
	CHECK(text_to(guard, "+15550102", on_day(7)) == -1);
	CHECK(text_to(guard, "+15550102", on_day(8)) == 0);
	counts.day = 40000; /* stored while the clock was wrong by decades */
	guard_restore(guard, counts);
	CHECK(text_to(guard, "+15550102", on_day(8)) == 0);
	CHECK(guard_counts(guard).day == 8 && guard_counts(guard).sms == 1);
	guard_free(guard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_guard_is_e164_and_nothing_else),
		cmocka_unit_test(test_guard_call_lets_listed_numbers_pass_and_no_other),
		cmocka_unit_test(test_guard_sms_reads_the_destination_out_of_the_unit),
		cmocka_unit_test(test_guard_allow_replaces_the_list_or_changes_nothing),
		cmocka_unit_test(test_guard_stops_hard_until_the_next_day),
		cmocka_unit_test(test_guard_restores_the_day_after_a_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
