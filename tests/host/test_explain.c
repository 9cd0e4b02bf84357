/* What explain says is what happens: it plays the gateway itself, and the predicted times hold for a real storm of targets. */
#include "scenario/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "tests/support/unit.h"

#define MONDAY 1767607200 /* 2026-01-05 10:00 */

static void put_people(struct buf *out, int count)
{
	buf_add_text(out, "people = ( ");
	for (int i = 0; i < count; i++)
		buf_addf(out,
			 "%s{ name = \"p%d\"; numbers = ( { number = \"+155501000%02d\"; } ); }",
			 i == 0 ? "" : ", ", i, i);
	buf_add_text(out, " );\n");
}

static void put_modems(struct buf *out, int count)
{
	buf_add_text(out, "modems = ( ");
	for (int i = 0; i < count; i++)
		buf_addf(out, "%s{ name = \"m%d\"; port = \"/dev/m%d\"; }", i == 0 ? "" : ", ", i,
			 i);
	buf_add_text(out, " );\n");
}

static struct explain play(int people, int modems, const char *rest, const char *to, int64_t at)
{
	struct buf text = { 0 };
	struct explain explain;
	struct err err = { 0 };
	struct explain_what what = { .file = "e.cfg", .rotation = to, .at_utc_s = at };
	int rc;

	put_people(&text, people);
	put_modems(&text, modems);
	buf_addf(&text, "country = \"1\"; default_rotation = \"r\"; operators = [ \"p1\" ];\n%s",
		 rest);
	what.config = buf_span(&text);
	rc = explain_run(&what, &explain, &err);
	CHECK_ROW(rc == 0, err.text);
	buf_free(&text);
	return explain;
}

#define WEEKLY                                                                               \
	"rotations = ( { name = \"r\"; members = [ \"p0\", \"p1\" ]; starts = \"2026-01-05 " \
	"10:00\"; } );"

static const struct explain_entry *first(const struct explain *explain, enum explain_kind kind,
					 const char *person)
{
	for (size_t i = 0; i < explain->count; i++)
		if (explain->entries[i].kind == kind &&
		    strcmp(explain->entries[i].person, person) == 0)
			return &explain->entries[i];
	return NULL;
}

static void test_explain_tells_the_chain_with_masked_numbers(void **state)
{
	struct explain explain = play(2, 2, WEEKLY, NULL, MONDAY);
	const struct explain_entry *text = first(&explain, EXPLAIN_TEXT, "p0");
	const struct explain_entry *call = first(&explain, EXPLAIN_CALL, "p0");
	const struct explain_entry *second = first(&explain, EXPLAIN_TEXT, "p1");

	(void)state;
	CHECK(text != NULL && call != NULL && second != NULL);
	assert_string_equal(explain.entries[0].text, "step 1: p0 (target), wait 5 min");
	/* the modem may be asked something else just then */
	CHECK(text->after_s >= EXPLAIN_SMS_S && text->after_s < EXPLAIN_SMS_S + 5);
	CHECK(call->after_s >= 15 && call->after_s < 25);
	CHECK(second->after_s >= 300 && second->after_s < 315);
	CHECK(strchr(text->number, '*') != NULL && strstr(text->number, "0100") == NULL);
	CHECK(explain.chain_s == second->after_s && explain.all_s == explain.chain_s);
	assert_string_equal(explain.entries[explain.count - 1].text,
			    "the chain starts again, round 2");
	explain_free(&explain);
}

static void test_explain_looks_who_is_on_call_when_the_step_starts(void **state)
{
	/* Four minutes before the handover: the second step finds the next week's people. */
	struct explain explain = play(2, 2, WEEKLY, NULL, MONDAY + 604800 - 240);
	const struct explain_entry *second = first(&explain, EXPLAIN_TEXT, "p1");

	(void)state;
	CHECK(first(&explain, EXPLAIN_TEXT, "p0") != NULL);
	CHECK(second == NULL || second->after_s > 600); /* only the catch-all reaches p1 */
	explain_free(&explain);
}

/* FIELD.md D7: ten responders, 3 s a text; the last is reached no later with two modems than with one, and within what ten texts
 * and the calls between them can take. */
static void test_explain_counts_the_time_of_ten_on_few_modems(void **state)
{
	static const char all[] = WEEKLY
		"groups = ( { name = \"all\"; members = [ \"p0\", \"p1\", \"p2\", \"p3\", \"p4\", "
		"\"p5\", \"p6\", \"p7\", \"p8\", \"p9\" ]; } );"
		"policies = ( { name = \"all\"; steps = ( { to = [ \"target\" ]; wait = \"15 "
		"min\"; } "
		"); } );";
	struct explain one = play(10, 1, all, "all", MONDAY);
	struct explain two = play(10, 2, all, "all", MONDAY);

	(void)state;
	CHECK(one.chain_s >= 10 * EXPLAIN_SMS_S && one.chain_s <= 10 * EXPLAIN_SMS_S + 60);
	CHECK(two.chain_s >= 5 * EXPLAIN_SMS_S && two.chain_s < one.chain_s);
	explain_free(&one);
	explain_free(&two);
}

static void test_explain_refuses_what_the_gateway_would(void **state)
{
	struct buf text = { 0 };
	struct explain explain;
	struct err err = { 0 };
	struct explain_what what = { .file = "e.cfg", .rotation = "nobody", .at_utc_s = MONDAY };

	(void)state;
	put_people(&text, 2);
	put_modems(&text, 1);
	buf_add_text(&text,
		     "country = \"1\"; default_rotation = \"r\"; operators = [ \"p1\" ];" WEEKLY);
	what.config = buf_span(&text);
	CHECK(explain_run(&what, &explain, &err) == -1);
	CHECK(strcmp(err.text, "no person, group or rotation \"nobody\": there are r, p0, p1") ==
	      0);
	what.config = span_of("people = ();");
	CHECK(explain_run(&what, &explain, &err) == -1);
	CHECK(strstr(err.text, "e.cfg:1:") != NULL);
	buf_free(&text);
}

/* A handover, watches and proofs would otherwise page and call the same people at that time. */
static void test_explain_tells_of_nothing_else(void **state)
{
	struct explain explain = play(
		3, 2,
		"rotations = ( { name = \"r\"; members = [ \"p0\" ]; }, { name = \"w\"; "
		"members = [ \"p2\", \"p1\" ]; starts = \"2026-01-05 10:01\"; handover = "
		"\"ack\"; } ); policies = ( { name = \"p\"; steps = ( { to = [ \"target\" ]; } ); "
		"} ); watches = ( { name = \"beats\"; beat = \"30 s\"; to = \"w\"; } );",
		NULL, MONDAY);

	(void)state;
	assert_string_equal(explain.entries[0].text, "step 1: p0 (target), wait 5 min");
	CHECK(first(&explain, EXPLAIN_CALL, "p0") != NULL);
	CHECK(first(&explain, EXPLAIN_CALL, "p2") == NULL);
	explain_free(&explain);
}

/* The README's modems: known by their IMEI, with a SIM card and a PIN, and no port. */
static void test_explain_takes_modems_that_are_known_by_their_imei(void **state)
{
	static const char text[] =
		"country = \"1\"; default_rotation = \"r\"; operators = [ \"p1\" ];"
		"people = ( { name = \"p0\"; numbers = ( { number = \"+15550100000\"; } ); },"
		" { name = \"p1\"; numbers = ( { number = \"+15550100001\"; } ); } );" WEEKLY
		"modems = ( { name = \"a\"; imei = \"867723030012345\"; pin = \"1234\"; },"
		" { name = \"b\"; imei = \"864431040067890\"; iccid = \"8949000000000000001\"; } "
		");";
	struct explain_what what = { .config = span_of(text), .file = "e.cfg", .at_utc_s = MONDAY };
	struct explain explain;
	struct err err = { 0 };

	(void)state;
	CHECK_ROW(explain_run(&what, &explain, &err) == 0, err.text);
	CHECK(first(&explain, EXPLAIN_TEXT, "p0") != NULL);
	CHECK(first(&explain, EXPLAIN_CALL, "p1") != NULL);
	CHECK(explain.all_s >= 0);
	explain_free(&explain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_explain_tells_the_chain_with_masked_numbers),
		cmocka_unit_test(test_explain_looks_who_is_on_call_when_the_step_starts),
		cmocka_unit_test(test_explain_counts_the_time_of_ten_on_few_modems),
		cmocka_unit_test(test_explain_refuses_what_the_gateway_would),
		cmocka_unit_test(test_explain_tells_of_nothing_else),
		cmocka_unit_test(test_explain_takes_modems_that_are_known_by_their_imei),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
