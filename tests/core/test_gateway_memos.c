/* The small records over time: none comes back, none stays for ever, and none hides another. */
#include "tests/core/gateway_bed.h"

#include <stdio.h>

static struct bed bed;

static const char config[] =
	"country = \"1\"; default_rotation = \"platform\"; operators = [ \"carol\" ];\n"
	"proof = { every = \"0 s\"; };\n"
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n"
	"  { name = \"bob\"; numbers = ( { number = \"+15550100002\"; } ); },\n"
	"  { name = \"carol\"; numbers = ( { number = \"+15550100003\"; } ); } );\n"
	"groups = ( { name = \"pair\"; members = [ \"bob\", \"ada\" ]; } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\", \"bob\", \"carol\" ]; handover "
	"= "
	"\"told\";\n"
	"  starts = \"2026-01-05 10:00\"; } );\n"
	"policies = ( { name = \"default\"; steps = ( { to = [ \"target\" ]; wait = \"5 min\"; } "
	");\n"
	"  broken = [ \"carol\" ]; } );\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\"; },\n"
	"  { name = \"beta\"; port = \"sim/beta\"; number = \"+15550009002\"; } );\n";

static int set_up(void **state)
{
	(void)state;
	bed_init_with(&bed, bed_plan(config));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bed_deinit(&bed);
	return 0;
}

/* The last that was written of this kind, from that batch on. */
static const struct memo *last_memo(size_t from, const char *kind)
{
	const struct memo *last = NULL;

	for (size_t i = from; i < bed.count; i++)
		for (size_t k = 0; k < bed.batches[i].count; k++) {
			const struct row *row = &bed.batches[i].rows[k];

			if (row->kind == ROW_MEMO && strcmp(row->of.memo->kind, kind) == 0)
				last = row->of.memo;
		}
	return last;
}

static void test_memos_silence_that_ended_while_the_store_failed_is_over(void **state)
{
	char id[24];
	size_t from;

	(void)state;
	BED_ASK(&bed, "silence", "alert", "disk*", "for", "2h", "reason", "swap");
	snprintf(id, sizeof id, "s%lld", (long long)last_memo(0, "silence")->id);
	bed.store = BED_FAILS;
	BED_ASK(&bed, "silence", "end", id);
	CHECK(bed_says(&bed, "\"ended\""));
	bed_advance(&bed, 1000);
	bed.store = BED_COMMITS;
	from = bed.count;
	bed_advance(&bed, 120000);
	CHECK(last_memo(from, "silence") != NULL && last_memo(from, "silence")->over);
	from = bed.count;
	BED_ASK(&bed, "page", "message", "one");
	CHECK(last_memo(from, "silence") == NULL); /* once it is on disk it is gone */
}

static void test_memos_silence_ends_in_time_behind_another(void **state)
{
	(void)state;
	BED_ASK(&bed, "silence", "alert", "disk*", "for", "10m", "reason", "swap");
	BED_ASK(&bed, "silence", "alert", "cpu*", "for", "20m", "reason", "test");
	bed_advance(&bed, 15 * 60000);
	CHECK(bed_events(&bed, 0, "silence.ended") == 1);
	bed_advance(&bed, 6 * 60000);
	CHECK(bed_events(&bed, 0, "silence.ended") == 2);
}

/* Its end may long be past. */
static void test_memos_silence_does_not_hold_by_a_clock_in_doubt(void **state)
{
	(void)state;
	BED_ASK(&bed, "silence", "alert", "disk*", "for", "2h", "reason", "swap");
	gateway_clock(bed.gateway, false, bed.now);
	BED_ASK(&bed, "page", "message", "one", "alert", "disk full");
	CHECK(bed_events(&bed, 0, "page.silenced") == 0);
	bed_advance(&bed, 5000);
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "one") == 1);
	BED_ASK(&bed, "resolve", "id", "p1");
	gateway_clock(bed.gateway, true, bed.now);
	BED_ASK(&bed, "page", "message", "one", "alert", "disk full");
	CHECK(bed_events(&bed, 0, "page.silenced") == 1);
}

/* Many a source ends its fields with a newline. */
static void test_memos_link_is_kept_once(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		BED_ASK(&bed, "page", "message", "one", "runbook", "https://w.example/a b\n");
	CHECK(last_memo(0, "link") == NULL);
	BED_ASK(&bed, "page", "message", "one", "runbook", "https://w.example/a");
	CHECK(span_is(memo_get(last_memo(0, "link"), "url"), "https://w.example/a"));
}

/* Nobody is asked again by the gateway that is started while the links are asked. */
static void test_memos_drill_forgets_the_rotation_that_is_done(void **state)
{
	const struct memo *drill;

	(void)state;
	bed_line(&bed, "phone ada replies \"ok\" after 20s");
	BED_ASK(&bed, "drill", "id", "run");
	CHECK(span_is(memo_get(last_memo(0, "drill"), "now"), "platform"));
	bed_advance(&bed, 60000);
	drill = last_memo(0, "drill");
	CHECK(span_is(memo_get(drill, "state"), "running") && memo_int(drill, "lines") == 3);
	CHECK(memo_get(drill, "now").len == 0);
}

static void test_memos_paragraph_is_not_awaited_of_what_is_over(void **state)
{
	(void)state;
	BED_ASK(&bed, "page", "message", "one");
	BED_ASK(&bed, "ack", "id", "p1", "person", "ada");
	BED_ASK(&bed, "override", "rotation", "platform", "person", "bob", "for", "2h", "reason",
		"dentist");
	bed_advance(&bed, 1000);
	CHECK(last_memo(0, "handing") != NULL && !last_memo(0, "handing")->over);
	BED_ASK(&bed, "resolve", "id", "p1");
	CHECK(last_memo(0, "handing")->over);
}

/* The page that tells of the broken rotation moves the array in which the answer's page stands. */
static void test_memos_answer_survives_what_a_broken_rotation_opens(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++)
		BED_ASK(&bed, "page", "message", "one");
	BED_ASK(&bed, "escalate", "id", "p8", "reason", "now");
	CHECK(bed_says(&bed, "\"id\":\"p8\""));
	CHECK(bed_events(&bed, 0, "broken.opened") == 1);
}

static void test_memos_absence_survives_what_a_broken_rotation_opens(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++)
		BED_ASK(&bed, "page", "message", "one", "to", "pair");
	BED_ASK(&bed, "absent", "person", "ada", "for", "2h", "reason", "ill");
	BED_ASK(&bed, "absent", "person", "bob", "for", "2h", "reason", "ill");
	bed_advance(&bed, 1000);
	CHECK(bed_events(&bed, 0, "broken.opened") == 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_memos_silence_that_ended_while_the_store_failed_is_over, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(test_memos_silence_ends_in_time_behind_another,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_memos_silence_does_not_hold_by_a_clock_in_doubt, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_memos_link_is_kept_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_memos_drill_forgets_the_rotation_that_is_done,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_memos_paragraph_is_not_awaited_of_what_is_over,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_memos_answer_survives_what_a_broken_rotation_opens, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_memos_absence_survives_what_a_broken_rotation_opens, set_up,
			tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
