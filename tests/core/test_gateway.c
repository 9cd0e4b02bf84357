/* The gateway's promise about the store: nothing leaves before its batch is on disk, and when the store fails the page goes
 * out all the same and nobody is told a lie. */
#include "tests/core/gateway_bed.h"

static struct bed bed;

static int set_up(void **state)
{
	(void)state;
	bed_init(&bed);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bed_deinit(&bed);
	return 0;
}

static void test_page_waits(void **state)
{
	size_t before = bed.count;

	(void)state;
	bed.store = BED_HANGS;
	BED_ASK(&bed, "page", "message", "db1 down");
	bed_advance(&bed, 60000);
	CHECK(bed.count > before);
	CHECK(bed.answers == 0);
	CHECK(bed_wrote(&bed, "AT+CMGS") == 0 && bed_wrote(&bed, "ATD+") == 0);
	while (bed.decided < bed.count)
		bed_decide(&bed, true);
	bed.store = BED_COMMITS;
	bed_advance(&bed, 5000);
	CHECK(bed.answers == 1 && bed.answer.status == 0 && bed_says(&bed, "\"durable\":true"));
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "db1 down") == 1);
	CHECK(bed_wrote(&bed, "ATD+15550100001;") >= 1);
}

/* Two pages in two batches: the first commit lets go of the first one's things alone. */
static void test_in_order(void **state)
{
	(void)state;
	bed.store = BED_HANGS;
	BED_ASK(&bed, "page", "message", "first", "to", "ada");
	CHECK(bed.count == bed.decided + 1);
	BED_ASK(&bed, "page", "message", "second", "to", "bob");
	CHECK(bed.count == bed.decided + 2);
	bed_decide(&bed, true);
	bed_settle(&bed);
	CHECK(bed.answers == 1 && bed_says(&bed, "\"id\":\"p1\""));
	CHECK(bed_wrote(&bed, "AT+CMGS") == 1);
	bed_decide(&bed, true);
	bed_settle(&bed);
	CHECK(bed.answers == 2 && bed_says(&bed, "\"id\":\"p2\""));
	CHECK(bed_wrote(&bed, "AT+CMGS") == 2);
}

/* An ack by text is on disk before the phone is told and before the modem forgets it. */
static void test_ack_waits(void **state)
{
	(void)state;
	BED_ASK(&bed, "page", "message", "db1 down");
	bed_advance(&bed, 5000);
	bed.store = BED_HANGS;
	bed_line(&bed, "phone ada texts \"ACK\" to alpha");
	bed_advance(&bed, 40000);
	CHECK(bed_rows(&bed, bed.decided, ROW_INBOUND) == 1);
	CHECK(bed_wrote(&bed, "AT+CMGD") == 0);
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "yours") == 0);
	while (bed.decided < bed.count)
		bed_decide(&bed, true);
	bed.store = BED_COMMITS;
	bed_advance(&bed, 40000);
	CHECK(bed_wrote(&bed, "AT+CMGD") == 1);
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "yours") == 1);
	CHECK(bed_rows(&bed, 0, ROW_INBOUND) == 1);
}

/* "yours" is heard only when it is true on disk. */
static void test_key_waits(void **state)
{
	(void)state;
	bed_line(&bed, "phone ada answers after 3s presses challenge");
	BED_ASK(&bed, "page", "message", "db1 down", "severity", "sev-1");
	for (int i = 0; i < 60 && bed_events(&bed, 0, "call.key") == 0; i++)
		bed_advance(&bed, 1000);
	bed.store = BED_HANGS;
	bed_advance(&bed, 20000);
	CHECK(bed_events(&bed, 0, "page.acked") == 1);
	CHECK(bed_seen(&bed, SIM_HEARD, "ada", "yours") == 0);
	while (bed.decided < bed.count)
		bed_decide(&bed, true);
	bed.store = BED_COMMITS;
	bed_advance(&bed, 10000);
	CHECK(bed_seen(&bed, SIM_HEARD, "ada", "yours") == 1);
}

static void test_store_fails(void **state)
{
	size_t failed;

	(void)state;
	bed.store = BED_FAILS;
	BED_ASK(&bed, "page", "message", "db1 down", "request", "r1");
	CHECK(bed.answers == 1 && bed.answer.status == 1);
	CHECK(bed_says(&bed, "\"durable\":false") && bed_says(&bed, "\"status\":1"));
	CHECK(bed_says(&bed, "\"id\":\"p1\""));
	bed_advance(&bed, 60000);
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "db1 down") == 1);
	CHECK(bed_seen(&bed, SIM_RINGS, "ada", "") >= 1);
	CHECK(bed_seen(&bed, SIM_TEXTED, "carol", ": The store cannot commit") ==
	      1); /* the operators */
	CHECK(bed_events(&bed, 0, "store.recovered") == 0);
	failed = bed.count;
	bed.store = BED_COMMITS;
	bed_advance(&bed, 20000);
	CHECK(bed_events(&bed, failed, "store.recovered") == 1);
	CHECK(bed_rows(&bed, failed, ROW_PAGE) >= 1);
	CHECK(bed_rows(&bed, failed, ROW_NOTICE) >= 1);
	CHECK(bed_rows(&bed, failed, ROW_ATTEMPT) >= 1);
	CHECK(bed_rows(&bed, failed, ROW_ANSWERED) == 1);
	BED_ASK(&bed, "page", "message", "db1 down", "request", "r1");
	CHECK(bed.answer.status == 0 && bed_says(&bed, "\"durable\":true"));
	CHECK(bed_says(&bed, "\"id\":\"p1\""));
	CHECK(bed_seen(&bed, SIM_TEXTED, "carol", ": The store cannot commit") == 1);
	CHECK(bed_seen(&bed, SIM_TEXTED, "carol", "resolved by tocsin. The store") == 1);
}

/* One good commit does not bring back what an earlier one lost: who asks for that page hears so until it is written. */
static void test_durable_again_when_written(void **state)
{
	(void)state;
	bed.store = BED_FAILS;
	BED_ASK(&bed, "page", "message", "db1 down", "request", "r1");
	bed.store = BED_COMMITS;
	bed_line(&bed, "phone carol texts \"STATUS\" to beta"); /* something to store */
	bed_advance(&bed, 100);
	BED_ASK(&bed, "page", "message", "db1 down", "request", "r1");
	CHECK(bed.answer.status == 1 && bed_says(&bed, "\"durable\":false"));
	bed_advance(&bed, 10000);
	BED_ASK(&bed, "page", "message", "db1 down", "request", "r1");
	CHECK(bed.answer.status == 0 && bed_says(&bed, "\"durable\":true"));
}

/* A text that could not be stored stays on the modem over many sweeps, acts once, and goes when it is on disk. */
static void test_text_stays_on_modem(void **state)
{
	size_t failed;

	(void)state;
	BED_ASK(&bed, "page", "message", "db1 down");
	bed_advance(&bed, 5000);
	bed.store = BED_FAILS;
	bed_line(&bed, "phone ada texts \"ACK\" to alpha");
	bed_advance(&bed, 120000);
	CHECK(bed_wrote(&bed, "AT+CMGD") == 0);
	CHECK(bed_events(&bed, 0, "page.acked") == 1);
	failed = bed.count;
	bed.store = BED_COMMITS;
	bed_advance(&bed, 60000);
	CHECK(bed_rows(&bed, failed, ROW_INBOUND) == 1);
	CHECK(bed_wrote(&bed, "AT+CMGD") == 1);
	CHECK(bed_events(&bed, 0, "page.acked") == 1);
}

/* A modem that cannot delete shows the same text at every sweep, for hours: it acts once. */
static void test_text_that_cannot_be_deleted(void **state)
{
	(void)state;
	BED_ASK(&bed, "page", "message", "db1 down");
	bed_advance(&bed, 5000);
	bed_line(&bed, "modem alpha deletes nothing");
	bed_line(&bed, "phone ada texts \"UPD looking\" to alpha");
	bed_advance(&bed, 20 * 60000);
	CHECK(bed_events(&bed, 0, "page.updated") == 1);
	CHECK(bed_rows(&bed, 0, ROW_INBOUND) == 1);
}

/* The newest row of this part in the batches. */
static const struct inbound *inbound_row(int64_t id)
{
	const struct inbound *found = NULL;

	for (size_t i = 0; i < bed.count; i++)
		for (size_t k = 0; k < bed.batches[i].count; k++)
			if (bed.batches[i].rows[k].kind == ROW_INBOUND &&
			    bed.batches[i].rows[k].of.inbound->id == id)
				found = bed.batches[i].rows[k].of.inbound;
	return found;
}

static const struct inbound *first_of_two(void)
{
	bed_line(&bed,
		 "phone ada texts \"UPD the replica stopped at three in the morning because its "
		 "disk is full, the backup of yesterday is sound, we copy it to the other machine "
		 "now and will know more in an hour\" to alpha");
	bed_advance(&bed, 5000);
	CHECK(inbound_row(2) != NULL && inbound_row(3) == NULL);
	return inbound_row(1);
}

static void test_parts_are_done_together(void **state)
{
	(void)state;
	CHECK(first_of_two()->whole && inbound_row(2)->whole);
}

/* The other part never came, and the gateway started anew meanwhile: read once for what it says, and never again. */
static void test_lone_part_acts_once(void **state)
{
	struct inbound *part = inbound_copy(first_of_two());
	struct inbound *parts[1] = { part };
	struct snapshot snapshot = { .inbound = parts, .inbound_count = 1, .last_inbound = 1 };
	struct err err = { 0 };

	CHECK(part != NULL);
	part->whole = false;
	tear_down(state);
	bed_init(&bed);
	CHECK(gateway_restore(bed.gateway, &snapshot, bed.now, &err) == 0);
	bed_advance(&bed, 9 * 60000);
	CHECK(bed_events(&bed, 0, "sms.received") == 0 && inbound_row(1) == NULL);
	bed_advance(&bed, 2 * 60000);
	CHECK(bed_events(&bed, 0, "sms.received") == 1);
	CHECK(inbound_row(1) != NULL && inbound_row(1)->whole);
	inbound_free(part);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_page_waits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_in_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_ack_waits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_key_waits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_store_fails, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_durable_again_when_written, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_text_stays_on_modem, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_text_that_cannot_be_deleted, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_parts_are_done_together, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_lone_part_acts_once, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
