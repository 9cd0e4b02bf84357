/* Every kind of line that modems send unasked, at every byte of what the modem says in a send, a listing and a call. */
#include "modem/device.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <string.h>

#define ACK      "0791447758100650040C9144770009103200006211027103504008C1E11244BBC562"
#define ACK_UCS2 "0791447758100650040C914477000910320008621102710350400A00410043004B00202713"
#define REPORT   "0791447758100650062F0C91447700091032621102710350406211027103904000"

/* not_in_call: there it means something. */
static const struct {
	const char *line;
	bool not_in_call;
} noise[] = {
	{ "\r\n+CREG: 1,\"1A2B\",\"01234567\",7\r\n", false },
	{ "\r\n+CGREG: 1\r\n", false },
	{ "\r\n+CEREG: 5,\"1A2B\",\"01234567\",7\r\n", false },
	{ "\r\n+CMTI: \"ME\",1\r\n", false },
	{ "\r\n+CMTI: \"SM\",19\r\n", false },
	{ "\r\n+CMTI: \"\",-1\r\n", false },
	{ "\r\n+CDSI: \"SM\",18\r\n", false },
	{ "\r\n+CDS: 25\r\n" REPORT "\r\n", false },
	{ "\r\nRING\r\n", false },
	{ "\r\r\n+CRING: VOICE\r\r\n\r\n+CLIP: \"+447700900999\",145,\"\",0,\"\",0\r\n", false },
	{ "\r\nNO CARRIER\r\n", true },
	{ "NO CARRIER\r\n", true },
	{ "\r\nBUSY\r\n", true },
	{ "\r\nNO ANSWER\r\n", true },
	{ "\r\n+CLCC: 1,0,0,1,0,\"\",128\r\n", false },
	{ "\r\n+CLCC: 4,1,4,0,0,\"+447700900999\",145\r\n", false },
	{ "\r\nMISSED_CALL: 11:01AM 07712345678\r\n", false },
	{ "\r\n^RSSI:14\r\n", false },
	{ "\r\n^HCSQ:\"LTE\",40,40,100,20\r\n", false },
	{ "\r\n^BOOT:20450000,0,0,0,20\r\n", false },
	{ "\r\n^DSFLOWRPT:0000012C,00000000,00000000\r\n", false },
	{ "\r\n^SRVST:2\r\n", false },
	{ "\r\n+CSQ: 14,99\r\n", false },
	{ "\r\n+CIEV: 2,1\r\n", false },
	{ "\r\n*PSUTTZ: 2026, 11, 20, 16, 30, 5, \"+4\", 0\r\n", false },
	{ "\r\n+CTZV: +4\r\n", false },
	{ "\r\n+QIND: \"act\",\"LTE\"\r\n", false },
	{ "\r\n+QIND: SMS DONE\r\n", false },
	{ "\r\nCall Ready\r\n\r\nSMS Ready\r\n", false },
	{ "\r\n+STIN: 0\r\n", false },
	{ "\r\n+MSTK: 11, \"D0\"\r\n", false },
	{ "\r\n^SIMST:1\r\n", false },
	{ "\r\n+QUSIM: 1\r\n\r\n+CSMINS: 1,1\r\n", false },
	{ "\r\n^SMMEMFULL: \"SM\"\r\n", false },
	{ "\r\n+QIND: \"smsfull\",\"ME\"\r\n\r\nSMS FULL\r\n\r\n#SMOV: \"SM\"\r\n", false },
	{ "\xFF\x7F\x01\x1A", false },
	{ "\r\n+CUSD: 0,\"Balance\r\nOK then 5.00\",15\r\n", false },
	{ "\r\nUNDER-VOLTAGE WARNNING\r\n", false },
	{ "\r\n+CPIN: READY\r\n", false },
	{ "\r\n+CTTS: 0\r\n", false },
	{ "\r\n+QWTTS: 4111\r\n", false },
	{ "\r\n+CGEV: NW PDN DEACT 1\r\n", false },
};

static struct rig rig;

static void begin(const char *line, long at)
{
	rig_init(&rig, NULL);
	rig.delete_read = true;
	rig_open(&rig);
	rig_run(&rig, 1000);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
	rig.far.inject = line;
	rig.far.inject_at = at;
	rig.far.said = 0;
	rig.far.mr = 47;
}

static bool reached(void)
{
	return rig.far.said > rig.far.inject_at;
}

static void check_calm(const char *line)
{
	CHECK_ROW(device_status(rig.device)->state == DEVICE_READY, line);
	CHECK_ROW(device_status(rig.device)->boots == 0, line);
	CHECK_ROW(rig_repairs(&rig, DEVICE_REPAIR_REOPEN) == 0, line);
	CHECK_ROW(rig_events(&rig, DEVICE_EVENT_UNREADABLE) == 0, line);
}

static bool send_with(const char *line, long at)
{
	bool more;

	begin(line, at);
	CHECK(rig_send(&rig, "Page 4711") == 0);
	rig_run(&rig, 5000);
	CHECK_ROW(rig_events(&rig, DEVICE_EVENT_SENT) == 1, line);
	CHECK_ROW(rig_event(&rig, DEVICE_EVENT_SENT, 0)->outcome == DEVICE_ACCEPTED, line);
	CHECK_ROW(rig.far.prompts == 1, line);
	rig_run(&rig, 120000);
	check_calm(line);
	more = reached();
	rig_free(&rig);
	return more;
}

static void test_noise_changes_no_send(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(noise); i++)
		for (long at = 0; at < 60 && send_with(noise[i].line, at); at++)
			;
}

static bool list_with(const char *line, long at)
{
	bool more;
	size_t ucs2 = 0;

	begin(line, at);
	far_store(&rig.far, "ME", 1, ACK);
	far_store(&rig.far, "ME", 2, ACK_UCS2);
	far_store(&rig.far, "SM", 1, ACK);
	rig_run(&rig, 300000);
	CHECK_ROW(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 3, line);
	for (size_t k = 0; k < 3; k++)
		ucs2 += rig_event(&rig, DEVICE_EVENT_RECEIVED, k)->pdu.encoding == PDU_UCS2;
	CHECK_ROW(ucs2 == 1, line);
	CHECK_ROW(!far_stored(&rig.far, "ME", 1) && !far_stored(&rig.far, "ME", 2), line);
	CHECK_ROW(!far_stored(&rig.far, "SM", 1), line);
	check_calm(line);
	more = reached();
	rig_free(&rig);
	return more;
}

static void test_noise_changes_no_listing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(noise); i++)
		for (long at = 0; at < 520 && list_with(noise[i].line, at); at++)
			;
}

static bool call_with(const char *line, long at)
{
	bool more;

	begin(line, at);
	CHECK(rig_call(&rig) == 0);
	rig_run(&rig, 600);
	rig.far.call = 1 + 3;
	/* Longer than ATD waits for its own result, should that be the line that is spoilt. */
	rig_run(&rig, 21000);
	rig.far.call = rig.far.call == 0 ? 0 : 1;
	rig_run(&rig, 5000);
	rig_say(&rig, "\r\n+QTONEDET: 52\r\n");
	device_hang_up(rig.device, rig.now);
	rig_run(&rig, 30000);
	CHECK_ROW(rig_events(&rig, DEVICE_EVENT_CALL_ENDED) == 1, line);
	CHECK_ROW(rig.far.call == 0, line);
	check_calm(line);
	if (at >= 12) { /* the results of the two commands up to ATD are told whole */
		CHECK_ROW(rig_events(&rig, DEVICE_EVENT_ANSWERED) == 1, line);
		CHECK_ROW(rig_events(&rig, DEVICE_EVENT_KEY) == 1, line);
		CHECK_ROW(rig_event(&rig, DEVICE_EVENT_CALL_ENDED, 0)->end == DEVICE_CALL_STOPPED,
			  line);
	}
	more = reached();
	rig_free(&rig);
	return more;
}

static void test_noise_changes_no_call(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(noise); i++)
		for (long at = 0; !noise[i].not_in_call && at < 400; at++)
			call_with(noise[i].line, at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_noise_changes_no_send),
		cmocka_unit_test(test_noise_changes_no_listing),
		cmocka_unit_test(test_noise_changes_no_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
