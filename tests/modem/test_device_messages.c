/* What a device does about messages: swept, listed, read, deleted, acknowledged. */
#include "modem/device.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <string.h>

#define ACK      "0791447758100650040C9144770009103200006211027103504008C1E11244BBC562"
#define ACK_UCS2 "0791447758100650040C914477000910320008621102710350400A00410043004B00202713"
#define REPORT   "0791447758100650062F0C91447700091032621102710350406211027103904000"

static struct rig rig;

static int setup(void **state)
{
	(void)state;
	rig_init(&rig, NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_free(&rig);
	return 0;
}

static void ready(void)
{
	rig_open(&rig);
	rig_run(&rig, 0);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
	rig_run(&rig, 100);
}

static void test_device_sweeps_both_stores_at_the_start(void **state)
{
	(void)state;
	rig.delete_read = true;
	far_store(&rig.far, "SM", 3, ACK);
	far_store(&rig.far, "ME", 0, ACK_UCS2);
	far_store(&rig.far, "ME", 7, REPORT);
	ready();
	rig_run(&rig, 1000);
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 2);
	CHECK(rig_events(&rig, DEVICE_EVENT_REPORT) == 1);
	CHECK(rig_event(&rig, DEVICE_EVENT_REPORT, 0)->pdu.message_ref == 0x2F);
	CHECK(!far_stored(&rig.far, "SM", 3));
	CHECK(!far_stored(&rig.far, "ME", 0));
	CHECK(!far_stored(&rig.far, "ME", 7));
	rig_run(&rig, 600000);
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 2);
}

static void test_device_reads_what_a_notice_names(void **state)
{
	int commands;

	(void)state;
	rig.delete_read = true;
	ready();
	commands = rig.far.commands;
	far_store(&rig.far, "ME", 4, ACK);
	rig_say(&rig, "\r\n+CMTI: \"ME\",4\r\n");
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 1);
	CHECK(strcmp(rig_event(&rig, DEVICE_EVENT_RECEIVED, 0)->pdu.text, "ACK 4711") == 0);
	CHECK(strcmp(rig_event(&rig, DEVICE_EVENT_RECEIVED, 0)->memory, "ME") == 0);
	CHECK(rig_event(&rig, DEVICE_EVENT_RECEIVED, 0)->index == 4);
	far_store(&rig.far, "SM", 4, ACK_UCS2);
	rig_say(&rig, "\r\n+CMTI: \"SM\",4\r\n");
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 2);
	CHECK(rig.far.commands - commands <= 6);
	rig_run(&rig, 1000);
	CHECK(!far_stored(&rig.far, "ME", 4) && !far_stored(&rig.far, "SM", 4));
}

static void test_device_lists_after_an_odd_notice(void **state)
{
	static const char *const notices[] = { "\r\n+CMTI: \"\",-1\r\n", "\r\n+CMTI: ,2\r\n",
					       "\r\n+CMTI: \"ME\",-1\r\n", "\r\n+CMTI:\r\n",
					       "\r\n+CMTI: \"ME_P\",1\r\n" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(notices); i++) {
		rig_free(&rig);
		rig_init(&rig, NULL);
		ready();
		far_store(&rig.far, "SM", 9, ACK);
		rig_say(&rig, notices[i]);
		rig_run(&rig, 100);
		CHECK_ROW(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 1, notices[i]);
	}
}

static void test_device_finds_a_message_without_a_notice(void **state)
{
	(void)state;
	ready();
	far_store(&rig.far, "SM", 2, ACK);
	rig_run(&rig, 61000);
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 1);
	/* Nobody deletes it: told once, whatever is listed or noticed again. */
	rig_say(&rig, "\r\n+CMTI: \"SM\",2\r\n");
	rig_run(&rig, 3600000);
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 1);
	/* Another one in its place. */
	far_store(&rig.far, "SM", 2, ACK_UCS2);
	rig_say(&rig, "\r\n+CMTI: \"SM\",2\r\n");
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 2);
}

static void test_device_repeats_a_refused_delete(void **state)
{
	(void)state;
	rig.delete_read = true;
	ready();
	far_answer(&rig.far, "AT+CMGD", "\r\n+CMS ERROR: 500\r\n", 3);
	far_store(&rig.far, "ME", 1, ACK);
	rig_say(&rig, "\r\n+CMTI: \"ME\",1\r\n");
	rig_run(&rig, 120000);
	CHECK(!far_stored(&rig.far, "ME", 1));
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 1);
}

/* It says OK and keeps the message: nothing is told twice, and the modem is not asked without end. */
static void test_device_is_not_fooled_by_a_delete_that_does_nothing(void **state)
{
	int asked;

	(void)state;
	rig.delete_read = true;
	ready();
	far_answer(&rig.far, "AT+CMGD", "\r\nOK\r\n", 0);
	far_store(&rig.far, "ME", 1, ACK);
	rig_say(&rig, "\r\n+CMTI: \"ME\",1\r\n");
	rig_run(&rig, 3600000);
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 1);
	asked = far_heard(&rig.far, "AT+CMGD");
	CHECK(asked > 3 && asked <= 125);
	far_store(&rig.far, "ME", 1, ACK_UCS2);
	rig_say(&rig, "\r\n+CMTI: \"ME\",1\r\n");
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 2);
}

static void test_device_reads_broken_list_items_again(void **state)
{
	static const char *const lists[] = {
		/* The line's end is missing before the next item. */
		"\r\n+CMGL: 1,1,,26\r\n" ACK "+CMGL: 2,1,,29\r\n" ACK_UCS2 "\r\n\r\nOK\r\n",
		/* A cut unit, no <alpha>, blank lines. */
		"\r\n+CMGL: 1,1,26\r\n079144775810\r\n\r\n+CMGL: "
		"2,1,,26\r\n0791447758100650\r\n\r\n\r\n\r\nOK\r\n",
		/* A wrong length, another field more. */
		"\r\n+CMGL: 1,,99,0\r\n" ACK "\r\n+CMGL:2,1,\"a,b\",29\r\n" ACK_UCS2
		"\r\n\r\nOK\r\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		rig_free(&rig);
		rig_init(&rig, NULL);
		far_answer(&rig.far, "AT+CMGL", lists[i], 1);
		far_store(&rig.far, "ME", 1, ACK);
		far_store(&rig.far, "ME", 2, ACK_UCS2);
		ready();
		rig_run(&rig, 31000);
		CHECK_ROW(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 2, lists[i]);
		CHECK_ROW(rig_events(&rig, DEVICE_EVENT_UNREADABLE) == 0, lists[i]);
	}
}

static void test_device_tells_what_cannot_be_read(void **state)
{
	(void)state;
	rig.delete_read = true;
	far_store(&rig.far, "ME", 5, "0791447758100650FFFFFFFFFFFFFFFF");
	ready();
	rig_run(&rig, 1000);
	CHECK(rig_events(&rig, DEVICE_EVENT_UNREADABLE) == 1);
	CHECK(strncmp(rig_event(&rig, DEVICE_EVENT_UNREADABLE, 0)->raw, "0791447758100650FF", 18) ==
	      0);
	CHECK(!far_stored(&rig.far, "ME", 5));
}

static void test_device_takes_direct_messages(void **state)
{
	(void)state;
	ready();
	rig_say(&rig, "\r\n+CMT: ,26\r\n" ACK "\r\n\r\n+CDS: 25\r\n" REPORT "\r\n");
	CHECK(rig_event(&rig, DEVICE_EVENT_RECEIVED, 0)->index == -1);
	CHECK(rig_event(&rig, DEVICE_EVENT_RECEIVED, 0)->memory[0] == '\0');
	CHECK(rig_event(&rig, DEVICE_EVENT_REPORT, 0)->index == -1);
	CHECK(rig_event(&rig, DEVICE_EVENT_REPORT, 0)->pdu.status == 0);
	CHECK(far_heard(&rig.far, "AT+CNMA") == 0);
}

static void test_device_acknowledges_where_the_modem_forces_it(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CSMS=0", "\r\n+CMS ERROR: 303\r\n", 0);
	far_answer(&rig.far, "AT+CSMS?", "\r\n+CSMS: 1,1,1,1\r\n\r\nOK\r\n", 0);
	ready();
	rig_say(&rig, "\r\n+CMT: ,26\r\n" ACK "\r\n");
	rig_run(&rig, 100);
	CHECK(far_heard(&rig.far, "AT+CNMA=0") == 0); /* not stored yet */
	device_delete(rig.device, "", -1, rig.now);
	rig_run(&rig, 0);
	CHECK(far_heard(&rig.far, "AT+CNMA=0") == 1);
	rig.delete_read = true;
	rig_say(&rig, "\r\n+CDS: 25\r\n" REPORT "\r\n");
	CHECK(far_heard(&rig.far, "AT+CNMA=0") == 2);
}

static void test_device_deletes_nothing_unseen_after_a_restart(void **state)
{
	(void)state;
	ready();
	far_store(&rig.far, "ME", 1, ACK);
	rig_say(&rig, "\r\n+CMTI: \"ME\",1\r\n");
	/* While the port is away another SIM comes, with another message there. */
	device_closed(rig.device, rig.now);
	device_delete(rig.device, "ME", 1, rig.now);
	far_store(&rig.far, "ME", 1, ACK_UCS2);
	rig_open(&rig);
	rig_run(&rig, 1000);
	CHECK(far_stored(&rig.far, "ME", 1));
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_device_sweeps_both_stores_at_the_start),
		TEST(test_device_reads_what_a_notice_names),
		TEST(test_device_lists_after_an_odd_notice),
		TEST(test_device_finds_a_message_without_a_notice),
		TEST(test_device_repeats_a_refused_delete),
		TEST(test_device_is_not_fooled_by_a_delete_that_does_nothing),
		TEST(test_device_reads_broken_list_items_again),
		TEST(test_device_tells_what_cannot_be_read),
		TEST(test_device_takes_direct_messages),
		TEST(test_device_acknowledges_where_the_modem_forces_it),
		TEST(test_device_deletes_nothing_unseen_after_a_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
