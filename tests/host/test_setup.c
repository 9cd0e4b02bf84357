#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "setup.h"
#include "tests/support/unit.h"

static void test_setup_lock_makes_the_directory_and_lets_one_in(void **state)
{
	char directory[] = "/tmp/tocsin-test-XXXXXX";
	char path[64];
	struct err err = { 0 };
	struct stat st;
	int first;

	(void)state;
	CHECK(mkdtemp(directory) != NULL);
	snprintf(path, sizeof path, "%s/db/tocsin.db", directory);
	first = setup_lock(path, &err);
	CHECK(first >= 0);
	CHECK(setup_lock(path, &err) < 0 && err.code == ERR_REFUSED);
	close(first);
	first = setup_lock(path, &err);
	CHECK(first >= 0);
	close(first);
	snprintf(path, sizeof path, "%s/db", directory);
	CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0700);
	snprintf(path, sizeof path, "%s/db/tocsin.db.lock", directory);
	unlink(path);
	snprintf(path, sizeof path, "%s/db", directory);
	rmdir(path);
	rmdir(directory);
}

static void test_setup_trusts_a_clock_that_has_not_gone_back(void **state)
{
	static const struct {
		const char *name;
		int64_t now;
		int64_t last;
		bool trusted;
	} rows[] = {
		{ "a board without a battery", 0, 0, false },
		{ "an empty store", 1795237633, 0, true },
		{ "after the last stamp", 1795237633, 1795237632, true },
		{ "at the last stamp", 1795237633, 1795237633, true },
		{ "before the last stamp", 1795237633, 1795237634, false },
		{ "before the program", 1767225599, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct when now = { .utc_s = rows[i].now };

		CHECK_ROW(setup_clock_trusted(now, rows[i].last) == rows[i].trusted, rows[i].name);
	}
}

static void test_setup_names_the_boot_and_draws_seeds(void **state)
{
	struct err err = { 0 };
	char boot[40];
	char again[40];
	uint64_t a = 0;
	uint64_t b = 0;

	(void)state;
	CHECK(setup_boot(boot, &err) == 0 && strlen(boot) == 36);
	CHECK(setup_boot(again, &err) == 0 && strcmp(boot, again) == 0);
	CHECK(setup_seed(&a, &err) == 0 && setup_seed(&b, &err) == 0 && a != b);
}

static void test_setup_reads_no_endless_file(void **state)
{
	struct buf text = { 0 };
	struct err err = { 0 };

	(void)state;
	CHECK(setup_read("/dev/zero", &text, &err) < 0 && err.code == ERR_INVALID);
	buf_free(&text);
	CHECK(setup_read("/nowhere", &text, &err) < 0 && err.code == ERR_SYSTEM);
	CHECK(setup_read("/", &text, &err) < 0);
	buf_free(&text);
}

static void test_log_quotes_foreign_text_and_masks_numbers(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} rows[] = {
		{ "", "\"\"" },
		{ NULL, "\"\"" },
		{ "say \"hi\" \\", "\"say \\\"hi\\\" \\\\\"" },
		{ "from +15550100002, twice +15550100002",
		  "\"from +155******02, twice +155******02\"" },
		{ "+12 +123456", "\"+12 +123456\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char quoted[LOG_QUOTED];
		const char *name = rows[i].text != NULL ? rows[i].text : "NULL";

		if (strcmp(log_quote(rows[i].text, quoted), rows[i].want) != 0)
			print_error("got %s\n", quoted);
		CHECK_ROW(strcmp(quoted, rows[i].want) == 0, name);
	}
}

/* What log_event writes to standard error, by way of a pipe. */
static void logged(char *line, size_t size, const char *text)
{
	int ends[2];
	int before = dup(STDERR_FILENO);
	ssize_t n;

	CHECK(pipe(ends) == 0 && before >= 0);
	dup2(ends[1], STDERR_FILENO);
	log_event(LOG_LEVEL_WARNING, "port.lost", "modem=%s", text);
	dup2(before, STDERR_FILENO);
	close(before);
	close(ends[1]);
	n = read(ends[0], line, size - 1);
	close(ends[0]);
	line[n > 0 ? n : 0] = '\0';
}

static void test_log_keeps_one_fact_on_one_line(void **state)
{
	static char huge[8192];
	static char line[16384];

	(void)state;
	logged(line, sizeof line, "al\npha\033[2J");
	CHECK(strstr(line, "Z level=warning event=port.lost modem=al?pha?[2J\n") != NULL);
	memset(huge, 'x', sizeof huge - 1);
	logged(line, sizeof line, huge);
	CHECK(strlen(line) < 2000 && strchr(line, '\n') == line + strlen(line) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_setup_lock_makes_the_directory_and_lets_one_in),
		cmocka_unit_test(test_setup_trusts_a_clock_that_has_not_gone_back),
		cmocka_unit_test(test_setup_names_the_boot_and_draws_seeds),
		cmocka_unit_test(test_setup_reads_no_endless_file),
		cmocka_unit_test(test_log_quotes_foreign_text_and_masks_numbers),
		cmocka_unit_test(test_log_keeps_one_fact_on_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
