#include <string.h>

#include "dialplan/spoken.h"
#include "tests/support/unit.h"

static const struct {
	const char *written, *said;
} rows[] = {
	{ "", "" },
	{ "db1 is down", "D B 1 is down" },
	{ "API down", "A P I down" },
	{ "the api is slow", "the A P I is slow" },
	{ "5xx at the API", "5 X X at the A P I" },
	{ "node7 lost", "node 7 lost" },
	{ "node7.eu-west-1.example.net", "node 7 dot E U west 1 dot example dot net" },
	{ "10.0.0.7 unreachable", "10 dot 0 dot 0 dot 7 unreachable" },
	{ "DISK FULL ON db-3", "DISK FULL ON D B 3" },
	{ "give it to us", "give it to us" },
	{ "us-east and US", "us east and U S" },
	{ "HighErrorRate", "High Error Rate" },
	{ "KubePodCrashLooping (prod)", "Kube Pod Crash Looping prod," },
	{ "HTTPServer", "H T T P Server" },
	{ "PostgreSQL", "Postgre S Q L" },
	{ "at 03:15", "at 3 15" },
	{ "since 3:05Z.", "since 3 oh 5 U T C." },
	{ "at 12:00 and 15:00", "at 12 o'clock and 15 hundred" },
	{ "2026-11-28T03:15:20Z", "November 28 3 15 U T C" },
	{ "on 2026-01-05", "on January 5" },
	{ "99.9% of 1,200 requests", "99 point 9 percent of 1200 requests" },
	{ "p99 is 250ms", "p 99 is 250 milliseconds" },
	{ "in 1h, 30s", "in 1 hour, 30 seconds" },
	{ "15GB left", "15 gigabytes left" },
	{ "4711", "4711" },
	{ "id 123456", "id 1 2 3 4 5 6" },
	{ "0042", "0 0 4 2" },
	{ "v1.2.3", "v 1 dot 2 dot 3" },
	{ "/var/log is full", "slash var slash log is full" },
	{ "load > 20", "load over 20" },
	{ "a -> b", "a to b" },
	{ "cpu>=95%", "C P U at least 95 percent" },
	{ "see https://wiki.example.net/x now", "see a link now" },
	{ "it's down!", "it's down!" },
	{ "what?!", "what?" },
	{ "\"quoted\" [tag]", "quoted tag," },
	{ "a_b__c", "a b c" },
	{ "- - ---", "" },
	{ "sev-1: TLS cert", "sev 1: T L S cert" },
	{ "press 4, then 7.", "press 4, then 7." },
	{ "25:99", "25 99" },
	{ "2026-13-40", "2026 13 40" },
	{ ".,:", "" },
	{ "'", "" },
};

static void test_spoken_says_what_engineers_write(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = { 0 };

		spoken_text(&out, span_of(rows[i].written));
		if (strcmp(buf_text(&out), rows[i].said) != 0)
			print_error("said \"%s\"\n", buf_text(&out));
		CHECK_ROW(strcmp(buf_text(&out), rows[i].said) == 0, rows[i].written);
		buf_free(&out);
	}
}

/* The voice is handed what was made for it, and makes it once more. */
static void test_spoken_twice_is_as_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf again = { 0 };

		spoken_text(&again, span_of(rows[i].said));
		if (strcmp(buf_text(&again), rows[i].said) != 0)
			print_error("said \"%s\"\n", buf_text(&again));
		CHECK_ROW(strcmp(buf_text(&again), rows[i].said) == 0, rows[i].said);
		buf_free(&again);
	}
}

static void test_spoken_takes_any_octets(void **state)
{
	uint32_t random = 1;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct buf out = { 0 };
		char bytes[60];
		size_t len;

		for (len = 0; len < sizeof bytes; len++) {
			random = random * 1664525 + 1013904223;
			bytes[len] = "Aa1.,:-_/%> '\"(T\xC3"[random >> 24 & 15];
		}
		spoken_text(&out, (struct span){ bytes, random % sizeof bytes });
		CHECK(!out.failed && out.len < 60 * 12);
		buf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spoken_says_what_engineers_write),
		cmocka_unit_test(test_spoken_twice_is_as_once),
		cmocka_unit_test(test_spoken_takes_any_octets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
