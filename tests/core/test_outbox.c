/* News for webhooks: in order, one at a time, again and again for a week, and gathered where that is wanted. */
#include "tests/core/gateway_bed.h"

static struct bed bed;

static const char config[] =
	"country = \"1\"; default_rotation = \"platform\"; operators = [ \"ada\" ];\n"
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\" ]; slots = [ \"primary\" ];\n"
	"  starts = \"2026-01-05 10:00\"; } );\n"
	"policies = ( { name = \"p\"; steps = ( { to = [ \"target\" ]; } ); } );\n"
	"severities = ( { name = \"sev-2\"; },\n"
	"  { name = \"sev-3\"; pages = false; ticket = \"tickets\"; digest = \"noise\"; } );\n"
	"webhooks = ( { name = \"tickets\"; url = \"https://t.example/\"; secret = \"hush\"; },\n"
	"  { name = \"noise\"; url = \"https://n.example/\"; } );\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; },\n"
	"  { name = \"beta\"; port = \"sim/beta\"; } );\n";

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

/* Takes one that must be there, holds its words against it, and answers it. */
static void post(const char *hook, const char *words, int status)
{
	struct gateway_post taken = { 0 };

	CHECK(gateway_take_post(bed.gateway, &taken));
	if (strstr(buf_text(&taken.body), words) == NULL)
		print_error("%s\n", buf_text(&taken.body));
	CHECK_ROW(strcmp(taken.hook, hook) == 0, words);
	CHECK_ROW(strstr(buf_text(&taken.body), words) != NULL, words);
	buf_free(&taken.body);
	gateway_posted(bed.gateway, taken.id, status, "no network", bed.now);
	bed_settle(&bed);
}

static bool idle(void)
{
	struct gateway_post taken = { 0 };
	bool none = !gateway_take_post(bed.gateway, &taken);

	buf_free(&taken.body);
	return none;
}

static void test_outbox_keeps_the_order_of_each_webhook(void **state)
{
	(void)state;
	BED_ASK(&bed, "page", "message", "one", "severity", "sev-3");
	BED_ASK(&bed, "page", "message", "two", "severity", "sev-3");
	post("tickets", "one", 500);
	CHECK(idle()); /* the second waits behind it */
	bed_advance(&bed, 9000);
	CHECK(idle());
	bed_advance(&bed, 1000);
	post("tickets", "one", 0);
	bed_advance(&bed, 30000);
	post("tickets", "one", 204);
	post("tickets", "two", 200);
	CHECK(idle());
	CHECK(bed_events(&bed, 0, "webhook.waiting") == 1); /* once, not at each try */
	CHECK(bed_events(&bed, 0, "webhook.posted") == 2);
}

static void test_outbox_posts_only_what_is_committed(void **state)
{
	(void)state;
	bed.store = BED_HANGS;
	BED_ASK(&bed, "page", "message", "one", "severity", "sev-3");
	CHECK(idle());
	bed.store = BED_COMMITS;
	while (bed.decided < bed.count)
		bed_decide(&bed, true);
	bed_settle(&bed);
	post("tickets", "one", 200);
}

static void test_outbox_gives_up_after_a_week(void **state)
{
	int tries = 0;

	(void)state;
	BED_ASK(&bed, "page", "message", "one", "severity", "sev-3");
	while (bed_events(&bed, 0, "webhook.given_up") == 0 && tries < 400) {
		post("tickets", "one", 0);
		tries++;
		if (bed_events(&bed, 0, "webhook.given_up") == 0)
			bed_advance(&bed, 3600000);
	}
	CHECK(tries > 160 && tries < 180);
	post("noise", "one", 200); /* a digest waits behind nobody */
	CHECK(idle());
}

static void test_outbox_gathers_a_digest(void **state)
{
	(void)state; /* Monday 10:00, business is open */
	BED_ASK(&bed, "page", "message", "one", "severity", "sev-3");
	bed_advance(&bed, 1800000);
	BED_ASK(&bed, "page", "message", "two", "severity", "sev-3");
	post("tickets", "one", 200);
	post("tickets", "two", 200);
	CHECK(idle());
	bed_advance(&bed, 1800000);
	post("noise", "one\",", 200);
	CHECK(idle());
	CHECK(bed_rows(&bed, 0, ROW_POST) >= 6);
}

/* A weekend of noise: each alert writes the digest again, so it must not grow for ever. */
static void test_outbox_begins_a_digest_anew_when_one_is_full(void **state)
{
	char message[701];
	size_t digests = 0;
	struct gateway_post taken = { 0 };

	(void)state;
	memset(message, 'x', 700);
	message[700] = '\0';
	for (int i = 0; i < 120; i++)
		BED_ASK(&bed, "page", "message", message, "severity", "sev-3");
	bed_advance(&bed, 3600000);
	while (gateway_take_post(bed.gateway, &taken)) {
		if (strcmp(taken.hook, "noise") == 0) {
			digests++;
			CHECK(taken.body.len < 70000);
		}
		buf_free(&taken.body);
		gateway_posted(bed.gateway, taken.id, 200, "", bed.now);
		bed_settle(&bed);
	}
	CHECK(digests == 2);
}

static void test_outbox_says_nothing_of_drills(void **state)
{
	(void)state;
	BED_ASK(&bed, "page", "message", "one", "severity", "sev-3", "test", "true");
	CHECK(idle());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_outbox_keeps_the_order_of_each_webhook, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_outbox_posts_only_what_is_committed, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_outbox_gives_up_after_a_week, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_outbox_gathers_a_digest, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_outbox_begins_a_digest_anew_when_one_is_full,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_outbox_says_nothing_of_drills, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
