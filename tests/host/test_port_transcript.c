/* What was said before a fault: of a fault that comes again and again four files, and the first of them kept. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ports/transcript.h"
#include "tests/support/unit.h"

#define TIMES 10000

static char place[] = "/tmp/tocsin-transcripts";

static bool file_has(const char *name, const char *words)
{
	char path[100];
	static char text[20000];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "%s/%s", place, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n < 16384 && strstr(text, words) != NULL;
}

static void clear_place(void)
{
	CHECK(system("rm -rf /tmp/tocsin-transcripts") == 0);
}

static void test_transcripts_are_four_files_and_the_first_stays(void **state)
{
	static struct transcript transcript;
	char said[64];
	int dumps = 0;

	(void)state;
	clear_place();
	for (int64_t i = 0; i < TIMES; i++) {
		struct when now = { .mono_ms = i * 60000 };

		snprintf(said, sizeof said, "AT+NUMBER=%d\r", (int)i);
		transcript_add(&transcript, true, span_of(said), now);
		transcript_add(&transcript, false, span_of("\r\nERROR\r\n"), now);
		dumps += transcript_dump(&transcript, place, "alpha", "it hangs", now);
	}
	CHECK(dumps == 1000); /* every ten minutes */
	CHECK(file_has("alpha-1.txt", "AT+NUMBER=0~") && file_has("alpha-1.txt", "it hangs"));
	CHECK(file_has("alpha-2.txt", "AT+NUMBER=10~"));
	CHECK(file_has("alpha-4.txt", "AT+NUMBER=9990~"));
	CHECK(!file_has("alpha-5.txt", ""));
	clear_place();
}

static void test_a_transcript_is_bounded_and_has_no_pin(void **state)
{
	static struct transcript transcript;
	struct when now = { .mono_ms = 1000 };

	(void)state;
	clear_place();
	for (int i = 0; i < 5000; i++)
		transcript_add(&transcript, false, span_of("\r\n^RSSI:14\r\n"), now);
	transcript_add(&transcript, true, span_of("AT+CPIN=\"12"), now);
	transcript_add(&transcript, true, span_of("34\"\r"), now);
	transcript_add(&transcript, true, span_of("AT+CMGF=0\r\x1a"), now);
	CHECK(transcript_dump(&transcript, place, "alpha", "it hangs", now));
	CHECK(file_has("alpha-1.txt", "AT+CPIN=\"\"~") && !file_has("alpha-1.txt", "34"));
	CHECK(file_has("alpha-1.txt", "AT+CMGF=0~<1a>"));
	CHECK(!transcript_dump(&transcript, "", "alpha", "it hangs", now));
	CHECK(!transcript_dump(&transcript, "/nowhere/at/all", "alpha", "x", now));
	clear_place();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transcripts_are_four_files_and_the_first_stays),
		cmocka_unit_test(test_a_transcript_is_bounded_and_has_no_pin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
