/* The right modem with the right card, others on the port, what is never answered or announced, and the ladder's leave. */
#include "modem/device.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <string.h>

#define IMEI    "867000000000017" /* of the far end */
#define ICCID   "8949000000000000017"
#define MESSAGE "0791447758100650040C9144770009103200006211027103504008C1E11244BBC562"

static struct rig rig;

static void init(const char *imei, const char *iccid)
{
	const struct device_config config = {
		.name = "one", .pin = "1234", .imei = imei, .iccid = iccid
	};

	rig_init(&rig, &config);
}

static int teardown(void **state)
{
	(void)state;
	rig_free(&rig);
	return 0;
}

static bool is(enum device_state state)
{
	return device_status(rig.device)->state == state;
}

static bool why_says(const char *words)
{
	return strstr(device_status(rig.device)->why, words) != NULL;
}

/* ---- who is it ---- */

static void test_the_configured_modem_and_card_are_taken(void **state)
{
	static const struct {
		const char *imei, *iccid;
	} rows[] = {
		{ IMEI, ICCID },
		{ "8670000000000179", ICCID },   /* with the software's version at the end */
		{ "86700000000001", ICCID "3" }, /* without check digit; with one */
		{ "", "894900000000000001" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		init(rows[i].imei, rows[i].iccid);
		rig_open(&rig);
		rig_run(&rig, 1000);
		CHECK_ROW(is(DEVICE_READY), rows[i].imei);
		rig_free(&rig);
	}
	init("", "");
}

static void test_another_modem_is_not_used_and_goes_on_being_asked(void **state)
{
	(void)state;
	init("867000000000991", "");
	rig_open(&rig);
	rig_run(&rig, 600000);
	CHECK(is(DEVICE_SICK) && why_says("its IMEI is not the configured one"));
	CHECK(rig_repairs(&rig, DEVICE_REPAIR_EXCHANGE) >= 9);
	CHECK(rig_send(&rig, "down") < 0);
	CHECK(far_heard(&rig.far, "AT+CFUN") == 0 && far_heard(&rig.far, "AT+CPIN") == 0);
	far_answer(&rig.far, "AT+CGSN", "\r\n867000000000991\r\n\r\nOK\r\n", 0);
	rig_run(&rig, 70000);
	CHECK(is(DEVICE_READY));
}

static void test_another_cards_pin_is_not_risked(void **state)
{
	(void)state;
	init("", "8949000000000000991");
	far_answer(&rig.far, "AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n", 0);
	rig_open(&rig);
	rig_run(&rig, 600000);
	CHECK(is(DEVICE_SICK) && why_says("its ICCID is not the configured one"));
	CHECK(far_heard(&rig.far, "AT+CPIN=") == 0);
}

static void test_the_right_card_gets_its_pin(void **state)
{
	(void)state;
	init("", ICCID);
	far_answer(&rig.far, "AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n", 1);
	rig_open(&rig);
	rig_run(&rig, 30000);
	CHECK(is(DEVICE_READY) && far_heard(&rig.far, "AT+CPIN=\"1234\"") == 1);
}

static void test_a_modem_that_does_not_say_who_it_is_is_not_used(void **state)
{
	(void)state;
	init(IMEI, "");
	far_answer(&rig.far, "AT+CGSN", "\r\nERROR\r\n", 4);
	far_answer(&rig.far, "AT+GSN", "\r\nERROR\r\n", 4);
	rig_open(&rig);
	rig_run(&rig, 15000);
	CHECK(is(DEVICE_SICK) && why_says("does not tell its IMEI"));
	rig_run(&rig, 60000);
	CHECK(is(DEVICE_READY));
}

/* ---- others on the port ---- */

static void test_modes_are_said_again_only_after_a_doubt(void **state)
{
	(void)state;
	init("", "");
	rig_open(&rig);
	rig_run(&rig, 1000);
	CHECK(rig_send(&rig, "one") == 0);
	rig_run(&rig, 5000);
	CHECK(far_heard(&rig.far, "AT+CMGF=0") == 1);
	rig_say(&rig, "\r\nAT+CMGF=1\r\nOK\r\n");
	CHECK(device_status(rig.device)->strays == 2);
	CHECK(rig_send(&rig, "two") == 0);
	rig_run(&rig, 5000);
	CHECK(far_heard(&rig.far, "AT+CMGF=0") == 2 && far_heard(&rig.far, "ATE0") == 2);
	CHECK(rig_events(&rig, DEVICE_EVENT_SENT) == 2);
	rig_run(&rig, 3700000);
	CHECK(rig_send(&rig, "three") == 0);
	rig_run(&rig, 5000);
	CHECK(far_heard(&rig.far, "AT+CMGF=0") == 2);
}

static void test_what_comes_by_itself_is_no_stray(void **state)
{
	(void)state;
	init("", "");
	rig_open(&rig);
	rig_run(&rig, 1000);
	rig_say(&rig, "\r\nNO CARRIER\r\n\r\nBUSY\r\n\r\n^RSSI:14\r\n\r\n+CREG: 1\r\n");
	rig_run(&rig, 120000);
	CHECK(device_status(rig.device)->strays == 0 && is(DEVICE_READY));
}

/* ---- what is never answered: FIELD A4 ---- */

static void test_a_modem_that_hangs_in_lists_alone_is_found_out(void **state)
{
	int64_t began;

	(void)state;
	init("", "");
	rig_open(&rig);
	rig_run(&rig, 1000);
	far_answer(&rig.far, "AT+CMGL", "", 0);
	rig_say(&rig, "\r\n+CMTI: \"ME\",-1\r\n"); /* a sweep is due */
	began = rig.now.mono_ms;
	while (is(DEVICE_READY) && rig.now.mono_ms < began + 200000)
		rig_run(&rig, 1000);
	print_message("# figures: hung in lists alone, seen after %lld s, limit 60\n",
		      (long long)(rig.now.mono_ms - began) / 1000);
	CHECK(rig.now.mono_ms - began <= 60000);
	/* It comes back, hangs again, and the next rung is tried: not the first one for ever. */
	rig_run(&rig, 600000);
	CHECK(rig_repairs(&rig, DEVICE_REPAIR_REOPEN) >= 1);
	CHECK(rig_repairs(&rig, DEVICE_REPAIR_RADIO) >= 1);
	far_answer(&rig.far, "AT+CMGL", "\r\nOK\r\n", 0);
	rig_run(&rig, 120000);
	CHECK(is(DEVICE_READY));
}

static void test_a_modem_that_answers_at_alone_is_found_out(void **state)
{
	(void)state;
	init("", "");
	rig_open(&rig);
	rig_run(&rig, 1000);
	far_answer(&rig.far, "AT+", "", 0);
	rig_run(&rig, 180000);
	CHECK(rig_repairs(&rig, DEVICE_REPAIR_RADIO) + rig_repairs(&rig, DEVICE_REPAIR_REOPEN) >=
	      1);
}

/* Two faults far apart begin at the lowest rung each. */
static void test_a_modem_that_was_well_for_long_starts_at_the_lowest_rung(void **state)
{
	(void)state;
	init("", "");
	rig_open(&rig);
	rig_run(&rig, 1000);
	rig.owner_repairs = true;
	for (int i = 0; i < 3; i++) {
		size_t asked = rig_repairs(&rig, DEVICE_REPAIR_REOPEN);

		rig.far.deaf = true;
		while (rig_repairs(&rig, DEVICE_REPAIR_REOPEN) == asked)
			rig_run(&rig, 1000);
		CHECK(rig_repairs(&rig, DEVICE_REPAIR_RADIO) == 0);
		rig.far.deaf = false;
		while (!is(DEVICE_READY))
			rig_run(&rig, 1000);
		rig_run(&rig, 600000);
	}
}

/* ---- the ladder's leave ---- */

static void test_what_the_owner_does_not_allow_is_passed_over(void **state)
{
	(void)state;
	init("", "");
	rig_open(&rig);
	rig_run(&rig, 1000);
	rig.far.deaf = true;
	rig_run(&rig, 400000);
	CHECK(rig_repairs(&rig, DEVICE_REPAIR_USB) >= 1);
	CHECK(rig_repairs(&rig, DEVICE_REPAIR_DETACH) >= 1);
	CHECK(rig_repairs(&rig, DEVICE_REPAIR_POWER) >= 1);
	CHECK(far_heard(&rig.far, "AT+CFUN=4") >= 1);
	rig.far.deaf = false;
	rig_run(&rig, 700000);
	CHECK(is(DEVICE_READY));
}

static void test_an_owner_that_never_answers_does_not_stop_the_ladder(void **state)
{
	(void)state;
	init("", "");
	rig_open(&rig);
	rig_run(&rig, 1000);
	rig.no_leave = true;
	rig.far.deaf = true;
	rig_run(&rig, 400000);
	CHECK(rig_repairs(&rig, DEVICE_REPAIR_POWER) >= 1);
	CHECK(far_heard(&rig.far, "AT+CFUN=4") == 0 && far_heard(&rig.far, "AT+CFUN=1,1") == 0);
	rig.far.deaf = false;
	rig_run(&rig, 700000);
	CHECK(is(DEVICE_READY));
}

/* ---- what is never announced: MODEMS.md 8, row 24 ---- */

static void test_three_messages_without_a_notice_ask_for_another_port(void **state)
{
	(void)state;
	init("", "");
	rig.delete_read = true;
	rig_open(&rig);
	rig_run(&rig, 120000);
	for (int i = 0; i < 2; i++) {
		far_store(&rig.far, "ME", i + 1, MESSAGE);
		rig_run(&rig, 120000);
	}
	CHECK(device_status(rig.device)->unannounced == 2);
	far_store(&rig.far, "ME", 5, MESSAGE); /* one with */
	rig_say(&rig, "\r\n+CMTI: \"ME\",5\r\n");
	rig_run(&rig, 120000);
	CHECK(device_status(rig.device)->unannounced == 0);
	CHECK(rig_repairs(&rig, DEVICE_REPAIR_SIBLING) == 0);
	for (int i = 0; i < 3; i++) {
		far_store(&rig.far, "ME", i + 1, MESSAGE);
		rig_run(&rig, 120000);
	}
	CHECK(rig_repairs(&rig, DEVICE_REPAIR_SIBLING) == 1);
}

#define WITH_TEARDOWN(test) cmocka_unit_test_teardown(test, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_TEARDOWN(test_the_configured_modem_and_card_are_taken),
		WITH_TEARDOWN(test_another_modem_is_not_used_and_goes_on_being_asked),
		WITH_TEARDOWN(test_another_cards_pin_is_not_risked),
		WITH_TEARDOWN(test_the_right_card_gets_its_pin),
		WITH_TEARDOWN(test_a_modem_that_does_not_say_who_it_is_is_not_used),
		WITH_TEARDOWN(test_modes_are_said_again_only_after_a_doubt),
		WITH_TEARDOWN(test_what_comes_by_itself_is_no_stray),
		WITH_TEARDOWN(test_a_modem_that_hangs_in_lists_alone_is_found_out),
		WITH_TEARDOWN(test_a_modem_that_answers_at_alone_is_found_out),
		WITH_TEARDOWN(test_a_modem_that_was_well_for_long_starts_at_the_lowest_rung),
		WITH_TEARDOWN(test_what_the_owner_does_not_allow_is_passed_over),
		WITH_TEARDOWN(test_an_owner_that_never_answers_does_not_stop_the_ladder),
		WITH_TEARDOWN(test_three_messages_without_a_notice_ask_for_another_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
