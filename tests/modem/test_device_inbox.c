/* The modem's message stores: how often they are looked into, and what does not want to leave them. */
#include "modem/device.h"
#include "modem/inbox.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <string.h>

#define ACK      "0791447758100650040C9144770009103200006211027103504008C1E11244BBC562"
#define ACK_UCS2 "0791447758100650040C914477000910320008621102710350400A00410043004B00202713"
#define DRAFT    "0001000C9144770009103200000BE8329BFD06DDDF723619"

static struct rig rig;

static int setup(void **state)
{
	(void)state;
	rig_init(&rig, NULL);
	rig.delete_read = true;
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
	rig_run(&rig, 1000);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
}

static size_t received(void)
{
	return rig_events(&rig, DEVICE_EVENT_RECEIVED);
}

/* ---- how often --------------------------------------------------------- */

static void test_inbox_all_stores_every_15_s_while_somebody_is_paged(void **state)
{
	static const char *const memories[] = { "ME", "SM" };

	(void)state;
	ready();
	rig_run(&rig, 40000);
	device_watch(rig.device, true, rig.now);
	for (int i = 0; i < 8; i++) {
		size_t before = received();

		/* never announced, in either store, at any moment */
		far_store(&rig.far, memories[i % 2], i, i % 3 == 0 ? ACK_UCS2 : ACK);
		rig_run(&rig, 15100);
		CHECK(received() == before + 1);
		rig_run(&rig, 1700 * i);
	}
	CHECK(rig.far.messages[0].pdu == NULL);
}

/* At most four exchanges in any minute, and each store at least once in 90 s. */
static void test_inbox_one_store_in_turn_when_idle(void **state)
{
	static const char *const memories[] = { "SM", "ME" };

	(void)state;
	ready();
	rig_run(&rig, 60000);
	for (int i = 0; i < 120; i++) {
		int commands = rig.far.commands;

		rig_run(&rig, 60000);
		CHECK(rig.far.commands - commands <= 4);
	}
	for (int i = 0; i < 6; i++) {
		size_t before = received();

		far_store(&rig.far, memories[i % 2], i, ACK);
		rig_run(&rig, 90000);
		CHECK(received() == before + 1);
	}
}

/* It restarted without a word between reading and deleting: the card is selected, and what stands there nobody has read. */
static void test_inbox_deletes_only_where_it_has_read(void **state)
{
	(void)state;
	rig.delete_read = false;
	far_store(&rig.far, "ME", 4, ACK);
	ready();
	rig_run(&rig, 3000);
	CHECK(received() == 1);
	snprintf(rig.far.memory, sizeof rig.far.memory, "SM");
	far_store(&rig.far, "SM", 4, ACK_UCS2);
	device_delete(rig.device, "ME", 4, rig.now);
	rig_run(&rig, 1000);
	CHECK(!far_stored(&rig.far, "ME", 4) && far_stored(&rig.far, "SM", 4));
	CHECK(received() == 1);
}

/* Some modems move the later ones up when one goes: the last goes first, so that no index comes to mean another message. */
static void test_inbox_deletes_the_last_first(void **state)
{
	const char *heard;

	(void)state;
	for (int i = 1; i <= 3; i++)
		far_store(&rig.far, "ME", i, ACK);
	ready();
	rig_run(&rig, 1000);
	heard = buf_text(&rig.far.heard);
	CHECK(strstr(heard, "AT+CMGD=3") != NULL && strstr(heard, "AT+CMGD=1") != NULL);
	CHECK(strstr(heard, "AT+CMGD=3") < strstr(heard, "AT+CMGD=2"));
	CHECK(strstr(heard, "AT+CMGD=2") < strstr(heard, "AT+CMGD=1"));
}

/* A card that was not ready at an earlier start had texts go into the modem; now they go to the card. */
static void test_inbox_looks_once_where_texts_may_have_gone(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CPMS=\"ME\",\"SM\",\"ME\"", "\r\n+CMS ERROR: 303\r\n", 0);
	far_answer(&rig.far, "AT+CPMS=\"ME\",\"ME\",\"ME\"", "\r\n+CMS ERROR: 303\r\n", 0);
	far_store(&rig.far, "ME", 4, ACK);
	ready();
	rig_run(&rig, 40000);
	CHECK(received() == 1 && !far_stored(&rig.far, "ME", 4));
}

static void test_inbox_is_quiet_again_when_nobody_is_paged(void **state)
{
	int commands;

	(void)state;
	ready();
	device_watch(rig.device, true, rig.now);
	rig_run(&rig, 300000);
	device_watch(rig.device, false, rig.now);
	rig_run(&rig, 60000);
	commands = rig.far.commands;
	rig_run(&rig, 600000);
	CHECK(rig.far.commands - commands <= 40);
}

static void test_inbox_looks_everywhere_after_notice_text_and_call(void **state)
{
	(void)state;
	ready();
	far_store(&rig.far, "ME", 1, ACK);
	far_store(&rig.far, "SM", 2, ACK_UCS2); /* its notice got lost */
	rig_say(&rig, "\r\n+CMTI: \"ME\",1\r\n");
	rig_run(&rig, 1000);
	CHECK(received() == 2);
	far_store(&rig.far, "SM", 3, ACK);
	CHECK(rig_send(&rig, "hello") == 0);
	rig_run(&rig, 1000);
	CHECK(received() == 3);
	CHECK(rig_call(&rig) == 0);
	rig_run(&rig, 3000);
	far_store(&rig.far, "SM", 4, ACK_UCS2);
	device_hang_up(rig.device, rig.now);
	rig_run(&rig, 5000);
	CHECK(rig_events(&rig, DEVICE_EVENT_CALL_ENDED) == 1);
	CHECK(received() == 4);
}

/* The modem went back to its SIM by itself: the notice names what is not there, until the store is selected again. */
static void test_inbox_selects_again_when_nothing_is_where_it_should_be(void **state)
{
	(void)state;
	ready();
	rig_run(&rig, 31000);
	far_store(&rig.far, "ME", 6, ACK);
	memcpy(rig.far.memory, "SM", 3);
	rig_say(&rig, "\r\n+CMTI: \"ME\",6\r\n");
	rig_run(&rig, 1000);
	CHECK(received() == 1);
	CHECK(!far_stored(&rig.far, "ME", 6));
}

/* Its settings are gone without a word, text mode included: the next listing shows it, long before the settings' turn. */
static void test_inbox_refused_listing_leads_to_the_settings(void **state)
{
	int set_up;

	(void)state;
	ready();
	rig_run(&rig, 120000);
	set_up = far_heard(&rig.far, "AT+CMGF=0");
	far_answer(&rig.far, "AT+CMGL=4", "\r\n+CMS ERROR: 303\r\n", 1);
	far_answer(&rig.far, "AT+CNMI?", "\r\n+CNMI: 0,0,0,0,0\r\n\r\nOK\r\n", 1);
	rig_run(&rig, 31000);
	CHECK(far_heard(&rig.far, "AT+CMGF=0") == set_up + 1);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
	CHECK(device_status(rig.device)->boots == 1);
}

/* ---- what stays -------------------------------------------------------- */

static void test_inbox_delete_that_does_nothing_is_told_in_the_end(void **state)
{
	const struct device_store *store = &device_status(rig.device)->stores[0];

	(void)state;
	ready();
	CHECK(strcmp(store->memory, "ME") == 0 && store->stuck == -1);
	far_answer(&rig.far, "AT+CMGD", "\r\nOK\r\n", 0);
	far_store(&rig.far, "ME", 1, ACK);
	rig_say(&rig, "\r\n+CMTI: \"ME\",1\r\n");
	rig_run(&rig, 3600000);
	CHECK(received() == 1);
	CHECK(far_heard(&rig.far, "AT+CPMS=\"MT\"") == 1);
	CHECK(store->stuck == 1 && store->came_back > INBOX_DELETES);
	rig.far.answer_count = 0;
	rig_run(&rig, 600000);
	CHECK(store->stuck == -1);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
}

/* All stores as one: there it can be deleted. */
static void test_inbox_deletes_by_another_store(void **state)
{
	(void)state;
	ready();
	far_answer(&rig.far, "AT+CMGD=1", "\r\nOK\r\n", 0);
	far_store(&rig.far, "ME", 1, ACK);
	far_store(&rig.far, "MT", 5, ACK);
	rig_say(&rig, "\r\n+CMTI: \"ME\",1\r\n");
	rig_run(&rig, 600000);
	CHECK(!far_stored(&rig.far, "MT", 5));
	CHECK(far_heard(&rig.far, "AT+CMGD=5") == 1);
}

/* The same words again in the same place, announced: a second message, not the first one seen twice. */
static void test_inbox_second_ack_in_the_same_place_counts(void **state)
{
	(void)state;
	ready();
	for (size_t i = 1; i <= 4; i++) {
		far_store(&rig.far, "ME", 1, ACK);
		rig_say(&rig, "\r\n+CMTI: \"ME\",1\r\n");
		rig_run(&rig, 100);
		CHECK(received() == i);
	}
}

static void test_inbox_tells_how_full_each_store_is(void **state)
{
	const struct device_event *event;

	(void)state;
	rig.delete_read = false;
	for (int i = 0; i < 10; i++)
		far_store(&rig.far, "SM", i, ACK);
	ready();
	CHECK(rig_events(&rig, DEVICE_EVENT_STORAGE) == 1);
	event = rig_event(&rig, DEVICE_EVENT_STORAGE, 0);
	CHECK(strcmp(event->memory, "SM") == 0);
	CHECK(event->used == 10 && event->total == 20);
	CHECK(device_status(rig.device)->store_count == 2);
	CHECK(device_status(rig.device)->stores[0].used == 0);
	CHECK(device_status(rig.device)->stores[1].used == 10);
	CHECK(device_status(rig.device)->stores[1].total == 20);
	for (int i = 0; i < 10; i++)
		device_delete(rig.device, "SM", i, rig.now);
	rig_run(&rig, 120000);
	CHECK(rig_events(&rig, DEVICE_EVENT_STORAGE) == 2);
	CHECK(rig_event(&rig, DEVICE_EVENT_STORAGE, 1)->used == 0);
}

/* Drafts, and adverts that nobody had deleted: the oldest go at four fifths, what people wrote stays. */
static void test_inbox_purges_the_oldest_junk(void **state)
{
	(void)state;
	rig.delete_read = false;
	far_store(&rig.far, "ME", 0, ACK);
	for (int i = 1; i < 16; i++)
		far_store(&rig.far, "ME", i, DRAFT);
	ready();
	rig_run(&rig, 120000);
	CHECK(far_stored(&rig.far, "ME", 0));
	CHECK(!far_stored(&rig.far, "ME", 1));
	CHECK(far_stored(&rig.far, "ME", 15));
	CHECK(received() == 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_inbox_all_stores_every_15_s_while_somebody_is_paged),
		TEST(test_inbox_one_store_in_turn_when_idle),
		TEST(test_inbox_deletes_only_where_it_has_read),
		TEST(test_inbox_deletes_the_last_first),
		TEST(test_inbox_looks_once_where_texts_may_have_gone),
		TEST(test_inbox_is_quiet_again_when_nobody_is_paged),
		TEST(test_inbox_looks_everywhere_after_notice_text_and_call),
		TEST(test_inbox_selects_again_when_nothing_is_where_it_should_be),
		TEST(test_inbox_refused_listing_leads_to_the_settings),
		TEST(test_inbox_delete_that_does_nothing_is_told_in_the_end),
		TEST(test_inbox_deletes_by_another_store),
		TEST(test_inbox_second_ack_in_the_same_place_counts),
		TEST(test_inbox_tells_how_full_each_store_is),
		TEST(test_inbox_purges_the_oldest_junk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
