/* Whether somebody is on call at every minute: what is said of a configuration that is well formed. */
#include "config/prove.h"

#include <stdlib.h>
#include <string.h>

#include "dialplan/rota.h"
#include "tests/support/unit.h"
#include "zoneinfo.h"

const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig";
}

#define JANUARY 1767607200 /* 2026-01-05 10:00 */
#define HEAD                                                                                \
	"country = \"1\"; default_rotation = \"r\"; zone = \"Europe/Berlin\";"              \
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; carrier = "  \
	"\"Red\"; } ); },"                                                                  \
	"{ name = \"bob\"; numbers = ( { number = \"+15550100002\"; carrier = \"red\"; }, " \
	"{ number = \"+15550100003\"; carrier = \"Blue\"; } ); } );"
#define OPERATORS "operators = [ \"ada\" ];"
#define RED       "modems = ( { name = \"a\"; port = \"/dev/a\"; carrier = \"Red\"; }, "

static struct {
	struct buf errors, warnings, report;
} found;

static void prove(const char *text, const struct rota *rota)
{
	struct config *config = NULL;
	struct buf ignored = { 0 };
	const struct config_source source = { span_of(text), "p.cfg", zoneinfo_load };

	buf_clear(&found.errors);
	buf_clear(&found.warnings);
	buf_clear(&found.report);
	config_parse(&config, &source, &found.errors, &ignored);
	CHECK_ROW(config != NULL, buf_text(&found.errors));
	config->plan->rota = rota;
	prove_coverage(config, "p.cfg", JANUARY, &found.errors, &found.warnings, &found.report);
	config_free(config);
	buf_free(&ignored);
}

static bool has(const struct buf *buf, const char *words)
{
	if (strstr(buf_text(buf), words) != NULL)
		return true;
	print_error("\"%s\" lacks \"%s\"\n", buf_text(buf), words);
	return false;
}

#define BLUE     "{ name = \"b\"; port = \"/dev/b\"; carrier = \"Blue\"; } );"
#define ALSO_RED "{ name = \"b\"; port = \"/dev/b\"; carrier = \"red\"; } );"
#define DAYTIME                                                                        \
	"rotations = ( { name = \"r\";\n layers = ( { members = [ \"ada\" ]; hours = " \
	"\"08:00-20:00\"; } );"

static void test_prove_names_a_hole_with_its_line(void **state)
{
	(void)state;
	prove(HEAD OPERATORS RED BLUE "\n" DAYTIME " } );", NULL);
	CHECK(has(&found.errors, "p.cfg:2: rotation \"r\": nobody from Mon 2026-01-05 20:00 CET to "
				 "Tue 2026-01-06 08:00 CET, and 399 more times in 400 days, want"));
	CHECK(has(&found.report, "nobody 50 %"));
	/* meant so: no error, and still told */
	prove(HEAD OPERATORS RED BLUE DAYTIME " gaps = true; } );", NULL);
	CHECK(found.errors.len == 0 && has(&found.report, "nobody 50 %"));
	CHECK(has(&found.report,
		  "  r: nobody from Wed 2026-01-07 20:00 CET to Thu 2026-01-08 08:00 CET\n"));
	CHECK(has(&found.report, "  r: and 390 more gaps\n"));
	/* members below the layers have the rest */
	prove(HEAD OPERATORS RED BLUE DAYTIME " members = [ \"bob\" ]; } );", NULL);
	CHECK(found.errors.len == 0 && has(&found.report, "every minute of the next 400 days"));
	CHECK(has(&found.report, "r.primary: 800 handovers, ada 50 %, bob 50 %"));
}

static void test_prove_finds_the_hour_that_the_clocks_skip_or_add(void **state)
{
	(void)state;
	/* One layer to midnight UTC, one from midnight in Berlin: they meet in winter only. */
	prove(HEAD OPERATORS RED BLUE
	      "rotations = ( { name = \"r\"; layers = ( "
	      "{ members = [ \"ada\" ]; hours = \"12:00-23:00\"; zone = \"UTC\"; }, "
	      "{ members = [ \"bob\" ]; hours = \"00:00-13:00\"; } ); } );",
	      NULL);
	CHECK(has(&found.errors,
		  "nobody from Sun 2026-03-29 13:00 CEST to Sun 2026-03-29 14:00 CEST"));
}

static void test_prove_tells_of_the_nights_in_which_clocks_change(void **state)
{
	(void)state;
	prove(HEAD OPERATORS RED BLUE
	      "rotations = ( { name = \"r\"; members = [ \"ada\", \"bob\" ]; "
	      "starts = \"2026-01-05 10:00\"; } );",
	      NULL);
	CHECK(has(&found.report, "Europe/Berlin: clocks go forward 60 min to Sun 2026-03-29 03:00 "
				 "CEST; bob has r until Mon 2026-03-30 10:00 CEST"));
	CHECK(has(&found.report, "clocks go back 60 min to Sun 2026-10-25 02:00 CET"));
	CHECK(found.errors.len == 0 && found.warnings.len == 0);
}

static void test_prove_wants_the_operators_to_be_there(void **state)
{
	(void)state;
	prove(HEAD "operators = [ \"r\" ]; " RED BLUE DAYTIME " gaps = true; } );", NULL);
	CHECK(has(&found.errors, "operators: nobody from"));
	CHECK(has(&found.errors, "catch_all: nobody from"));
}

static void test_prove_counts_absences(void **state)
{
	struct rota rota = { 0 };
	struct rota_entry entry = { .id = 1,
				    .kind = ROTA_ABSENCE,
				    .from_utc_s = JANUARY + 86400,
				    .until_utc_s = JANUARY + 2 * 86400 };

	(void)state;
	span_copy(span_of("ada"), entry.person, sizeof entry.person);
	assert_int_equal(rota_put(&rota, &entry), 0);
	prove(HEAD "operators = [ \"bob\" ];" RED BLUE
		   "rotations = ( { name = \"r\"; members = [ \"ada\" ]; } );",
	      &rota);
	CHECK(has(&found.errors,
		  "nobody from Tue 2026-01-06 11:00 CET to Wed 2026-01-07 11:00 CET, "
		  "want"));
	rota_deinit(&rota);
}

static void test_prove_warns_of_a_rotation_on_the_modems_carrier(void **state)
{
	static const char one[] = HEAD OPERATORS RED ALSO_RED
		"rotations = ( { name = \"r\"; members = [ \"ada\" ]; } );";
	static const char two[] = HEAD OPERATORS RED ALSO_RED
		"rotations = ( { name = \"r\"; members = [ \"ada\", \"bob\" ]; starts = "
		"\"2026-01-05 10:00\"; } );";

	(void)state;
	prove(one, NULL);
	CHECK(has(&found.warnings, "rotation \"r\": everybody in it has only numbers of Red"));
	CHECK(has(&found.report, "ada has only numbers of Red"));
	prove(two, NULL);
	CHECK(found.warnings.len == 0 && strstr(buf_text(&found.report), "bob has only") == NULL);
	CHECK(has(&found.report, "ada has only numbers of Red"));
	prove(HEAD OPERATORS RED BLUE "rotations = ( { name = \"r\"; members = [ \"ada\" ]; } );",
	      NULL);
	CHECK(found.warnings.len == 0 && strstr(buf_text(&found.report), "only numbers") == NULL);
}

/* ---- the shipped examples ---- */

static char *example(const char *name)
{
	char path[80];
	char *text = calloc(1, 65536);
	FILE *file;

	snprintf(path, sizeof(path), "config/examples/%s.cfg", name);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(text);
	CHECK(fread(text, 1, 65535, file) > 0);
	fclose(file);
	return text;
}

static void test_prove_finds_no_hole_in_the_examples(void **state)
{
	static const char *const names[] = { "plaza", "novalien", "tensorwasm", "zephyr" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char *text = example(names[i]);

		prove(text, NULL);
		CHECK_ROW(found.errors.len == 0, buf_text(&found.errors));
		CHECK_ROW(found.warnings.len == 0, buf_text(&found.warnings));
		CHECK(has(&found.report, "every minute of the next 400 days"));
		free(text);
	}
}

/* Blanks the group that begins `{ zone = "ZONE"`, and the comma that joins it to the next or the one before. */
static void remove_layer(char *text, const char *zone)
{
	char begins[64];
	char *from;
	char *until;

	snprintf(begins, sizeof(begins), "{ zone = \"%s\"", zone);
	from = strstr(text, begins);
	assert_non_null(from);
	until = strchr(from, '}');
	assert_non_null(until);
	if (until[1] == ',') {
		until++;
	} else {
		while (*from != ',')
			from--;
	}
	memset(from, ' ', (size_t)(until - from) + 1);
}

static void test_prove_finds_the_hole_when_zephyr_loses_a_place(void **state)
{
	static const struct {
		const char *zone, *hole;
	} rows[] = {
		{ "Europe/Berlin",
		  "nobody from Mon 2026-01-05 10:00 UTC to Mon 2026-01-05 15:00 UTC" },
		{ "America/Los_Angeles",
		  "nobody from Mon 2026-01-05 15:00 UTC to Tue 2026-01-06 00:00 UTC" },
		{ "Asia/Singapore",
		  "nobody from Tue 2026-01-06 01:00 UTC to Tue 2026-01-06 07:00 UTC" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *text = example("zephyr");

		remove_layer(text, rows[i].zone);
		prove(text, NULL);
		CHECK(has(&found.errors, rows[i].hole));
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prove_names_a_hole_with_its_line),
		cmocka_unit_test(test_prove_finds_the_hour_that_the_clocks_skip_or_add),
		cmocka_unit_test(test_prove_tells_of_the_nights_in_which_clocks_change),
		cmocka_unit_test(test_prove_wants_the_operators_to_be_there),
		cmocka_unit_test(test_prove_counts_absences),
		cmocka_unit_test(test_prove_warns_of_a_rotation_on_the_modems_carrier),
		cmocka_unit_test(test_prove_finds_no_hole_in_the_examples),
		cmocka_unit_test(test_prove_finds_the_hole_when_zephyr_loses_a_place),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buf_free(&found.errors);
	buf_free(&found.warnings);
	buf_free(&found.report);
	return failed;
}
