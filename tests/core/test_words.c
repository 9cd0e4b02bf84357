/* The network's numbers in words, as they stand on a timeline. */
#include <string.h>

#include "core/words.h"
#include "tests/support/unit.h"

static void check(const char *text, const char *want)
{
	if (strcmp(text, want) != 0)
		print_error("got %s\n", text);
	CHECK_ROW(strcmp(text, want) == 0, want);
}

static void test_words_refused_names_the_cause(void **state)
{
	static const struct {
		int cause;
		const char *want;
	} rows[] = {
		{ 38, "cause 38 (the network is out of order)" },
		{ 1, "cause 1 (nobody has this number)" },
		{ 500, "cause 500 (the modem does not say why)" },
		{ 777, "cause 777" },
		{ -1, "" },
	};
	char text[WORDS_ROOM];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		words_refused(rows[i].cause, text);
		check(text, rows[i].want);
	}
}

static void test_words_report_says_nothing_of_what_arrived(void **state)
{
	static const struct {
		int status;
		const char *want;
	} rows[] = {
		{ 0x00, "" },
		{ 0x46, "expired: phone off, or out of reach?" },
		{ 0x62, "gave up: the phone did not answer" },
		{ 0x7F, "status 7F" },
		{ 0x03, "status 03" },
	};
	char text[WORDS_ROOM];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		words_report(rows[i].status, text);
		check(text, rows[i].want);
	}
}

static void test_words_call_says_why_and_talks_only_when_answered(void **state)
{
	static const struct {
		struct device_event ended;
		const char *why;
		const char *want;
	} rows[] = {
		{ { .end = DEVICE_CALL_NO_ANSWER }, "", "nobody answered within 35 s" },
		{ { .end = DEVICE_CALL_BUSY }, "", "busy, or rejected" },
		{ { .end = DEVICE_CALL_HUNG_UP, .talked_s = 12 }, "", "they hung up, 12 s talked" },
		{ { .end = DEVICE_CALL_STOPPED }, "ended: Ada has it", "ended: Ada has it" },
		{ { .end = DEVICE_CALL_STOPPED, .talked_s = 3 },
		  "ended for a more severe page",
		  "ended for a more severe page, 3 s talked" },
		{ { .end = DEVICE_CALL_STOPPED }, "", "ended by us" },
		{ { .end = DEVICE_CALL_REFUSED, .cause = 34 }, "", "not set up, cause 34" },
		{ { .end = DEVICE_CALL_REFUSED, .cause = -1 },
		  "",
		  "not set up by the network or the modem" },
		{ { .end = DEVICE_CALL_LOST }, "", "the modem was lost" },
	};
	char text[WORDS_ROOM];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		words_call(&rows[i].ended, rows[i].why, 35, text);
		check(text, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_refused_names_the_cause),
		cmocka_unit_test(test_words_report_says_nothing_of_what_arrived),
		cmocka_unit_test(test_words_call_says_why_and_talks_only_when_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
