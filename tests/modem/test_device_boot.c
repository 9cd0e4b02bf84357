/* What modems say when they have restarted, in everything the device may be doing: what was in flight ends, and all of the
 * initialisation is said again. */
#include "modem/device.h"
#include "modem/profile.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <string.h>

#define ACK "0791447758100650040C9144770009103200006211027103504008C1E11244BBC562"

/* As each family says it; every line of it may come or be lost. */
static const char *const notices[] = {
	"\r\nRDY\r\n", /* SIM800, SIM900, Quectel */
	"\r\n+CFUN: 1\r\n",
	"\r\nAPP RDY\r\n",     /* Quectel BG95 */
	"\r\n*ATREADY: 1\r\n", /* SIM7600, A76xx */
	"\r\n+READY\r\n",      /* TOBY */
	"\r\n^SYSSTART\r\n",   /* Cinterion */
	"\r\n^SYSSTART AIRPLANE MODE\r\n",
	"\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\nCall Ready\r\n\r\nSMS Ready\r\n",
	"\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\n+QIND: SMS DONE\r\n\r\n+QIND: PB "
	"DONE\r\n",
	"\r\n*ATREADY: 1\r\n\r\n+CPIN: READY\r\n\r\nSMS DONE\r\n\r\nPB DONE\r\n",
	"\xFF\r\nRDY\r\n", /* noise of the power-up before it */
};

static const char *const gone[] = {
	"\r\n+CPIN: NOT INSERTED\r\n",
	"\r\n+CPIN: NOT READY\r\n",
	"\r\n+SIMCARD: NOT AVAILABLE\r\n",
	"\r\n#QSS: 0\r\n",
	"\r\n+CSMINS: 1,0\r\n",
	"\r\n+QSIMSTAT: 1,0\r\n",
	"\r\n^SIMST:255\r\n",
};

static struct rig rig;

static void begin(void)
{
	rig_init(&rig, NULL);
	rig.delete_read = true;
	rig_open(&rig);
	rig_run(&rig, 1000);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
	buf_clear(&rig.far.heard);
}

/* All of it, once, whatever the profile's share is. */
static void check_began_again(const char *notice, int64_t boots)
{
	static const char *const all[] = { "\x1b\rAT\r",  "ATE0\r",      "AT+CMEE=1\r",
					   "AT+CPIN?\r",  "AT+CMGF=0\r", "AT+CNMI=",
					   "AT+CLIP=1\r", "AT+CRC=1\r",  "AT+CVHU=0\r" };
	const struct profile *profile = profile_find(span_of("Quectel"), span_of("EC25"));

	CHECK_ROW(device_status(rig.device)->state == DEVICE_READY, notice);
	CHECK_ROW(device_status(rig.device)->boots == boots, notice);
	for (size_t i = 0; i < COUNT_OF(all); i++)
		CHECK_ROW(far_heard(&rig.far, all[i]) == 1, all[i]);
	for (size_t i = 0; i < profile->init_count; i++)
		CHECK_ROW((profile->init[i].flags & PROFILE_INSTEAD) != 0 ||
				  far_heard(&rig.far, profile->init[i].command) == 1,
			  profile->init[i].command);
}

static void test_boot_when_idle_begins_all_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(notices); i++) {
		begin();
		rig_say(&rig, notices[i]);
		rig_run(&rig, 5000);
		check_began_again(notices[i], 1);
		rig_free(&rig);
	}
}

/* "+CFUN: 1" is what we ask for, too: when that answer is late, it is no start, or the modem would never get on. */
static void test_boot_is_not_a_late_answer(void **state)
{
	(void)state;
	rig_init(&rig, NULL);
	far_answer(&rig.far, "AT+CFUN?", "\r\nOK\r\n", 1);
	far_answer(&rig.far, "AT+CPIN?", "\r\n+CFUN: 1\r\n\r\nOK\r\n\r\n+CPIN: READY\r\n\r\nOK\r\n",
		   1);
	rig_open(&rig);
	rig_run(&rig, 10000);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
	CHECK(far_heard(&rig.far, "AT+CGMI\r") == 1);
	CHECK(device_status(rig.device)->boots == 0);
	rig_free(&rig);
}

static void test_boot_in_a_send_leaves_it_unknown(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(notices); i++) {
		begin();
		rig.far.no_final = true;
		CHECK(rig_send(&rig, "Page 4711") == 0);
		rig_run(&rig, 1000);
		CHECK_ROW(rig_events(&rig, DEVICE_EVENT_SENT) == 0, notices[i]);
		rig_say(&rig, notices[i]);
		rig_run(&rig, 5000);
		CHECK_ROW(rig_events(&rig, DEVICE_EVENT_SENT) == 1, notices[i]);
		CHECK_ROW(rig_event(&rig, DEVICE_EVENT_SENT, 0)->outcome == DEVICE_UNKNOWN,
			  notices[i]);
		check_began_again(notices[i], 1);
		rig.far.no_final = false;
		CHECK(rig_send(&rig, "Page 4711") == 0);
		rig_run(&rig, 1000);
		CHECK_ROW(rig_event(&rig, DEVICE_EVENT_SENT, 1)->outcome == DEVICE_ACCEPTED,
			  notices[i]);
		rig_free(&rig);
	}
}

static void test_boot_in_a_call_ends_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(notices); i++) {
		begin();
		CHECK(rig_call(&rig) == 0);
		rig_run(&rig, 600);
		rig.far.call = 1;
		rig_run(&rig, 5000);
		CHECK_ROW(rig_events(&rig, DEVICE_EVENT_ANSWERED) == 1, notices[i]);
		buf_clear(&rig.far.heard);
		rig.far.call = 0;
		rig_say(&rig, notices[i]);
		rig_run(&rig, 5000);
		CHECK_ROW(rig_events(&rig, DEVICE_EVENT_CALL_ENDED) == 1, notices[i]);
		CHECK_ROW(rig_event(&rig, DEVICE_EVENT_CALL_ENDED, 0)->end == DEVICE_CALL_LOST,
			  notices[i]);
		check_began_again(notices[i], 1);
		rig_free(&rig);
	}
}

/* At every byte of what the modem says while it is asked for its messages: they come all the same, each once. */
static void test_boot_in_a_listing_loses_no_message(void **state)
{
	(void)state;
	for (long at = 0; at < 500; at += 7) {
		begin();
		rig.far.inject = notices[7];
		rig.far.inject_at = at;
		rig.far.said = 0;
		far_store(&rig.far, "ME", 1, ACK);
		far_store(&rig.far, "SM", 1, ACK);
		rig_say(&rig, "\r\n+CMTI: \"ME\",1\r\n");
		rig_run(&rig, 120000);
		CHECK(device_status(rig.device)->state == DEVICE_READY);
		CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) >= 2);
		CHECK(!far_stored(&rig.far, "ME", 1) && !far_stored(&rig.far, "SM", 1));
		rig_free(&rig);
	}
}

static void test_sim_gone_waits_for_it_and_begins_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(gone); i++) {
		begin();
		far_answer(&rig.far, "AT+CPIN?", "\r\n+CME ERROR: 10\r\n", 0);
		rig_say(&rig, gone[i]);
		rig_run(&rig, 5000);
		CHECK_ROW(device_status(rig.device)->state == DEVICE_SICK, gone[i]);
		CHECK_ROW(strstr(device_status(rig.device)->why, "SIM") != NULL, gone[i]);
		far_answer(&rig.far, "AT+CPIN?", "\r\n+CPIN: READY\r\n\r\nOK\r\n", 0);
		buf_clear(&rig.far.heard);
		rig_run(&rig, 60000);
		CHECK_ROW(device_status(rig.device)->state == DEVICE_READY, gone[i]);
		CHECK_ROW(far_heard(&rig.far, "AT+CMGF=0\r") == 1, gone[i]);
		rig_free(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boot_when_idle_begins_all_again),
		cmocka_unit_test(test_boot_is_not_a_late_answer),
		cmocka_unit_test(test_boot_in_a_send_leaves_it_unknown),
		cmocka_unit_test(test_boot_in_a_call_ends_it),
		cmocka_unit_test(test_boot_in_a_listing_loses_no_message),
		cmocka_unit_test(test_sim_gone_waits_for_it_and_begins_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
