#include "tests/modem/call_script.h"

/* A whole call: each step is "<ms> <input> => <todos>". */
struct story {
	const char *name;
	const char *steps[32];
	enum device_call_end end;
	enum device_outcome outcome;
	int cause;
	int64_t talked_ms;
};

#define OURS "\"+447700900123\",145"

static const struct story stories[] = {
	{ "EC25 on LTE",
	  {
		  "0 start => dial",
		  "50 ATD OK => dialled",
		  "60 +QIND: \"ccinfo\",3,0,2,0,0," OURS " =>",
		  "549 tick =>",
		  "550 tick => poll",
		  "560 +CLCC: 1,0,0,1,0,\"\",128 =>", /* a data context */
		  "561 +CLCC: 3,0,3,0,0," OURS " => alerting",
		  "562 polled =>",
		  "700 +QIND: \"ccinfo\",3,0,3,0,0," OURS " =>",
		  "9000 +QIND: \"ccinfo\",3,0,0,0,0," OURS " => poll",
		  "9010 +CLCC: 3,0,0,0,0," OURS " =>",
		  "9011 polled =>",
		  "9999 tick => poll", /* the next poll; held not yet long enough */
		  "10000 tick => answered",
		  "10001 +CLCC: 3,0,0,0,0," OURS " =>",
		  "10002 polled =>",
		  "12002 tick => poll",
		  "12003 +CLCC: 3,0,0,0,0," OURS " =>",
		  "12004 polled =>",
		  "13000 +QTONEDET: 49 => key1",
		  "15000 stop => hang-up",
		  "15100 hung up => poll",
		  "15110 +QIND: \"ccinfo\",3,0,-1,0,0," OURS " =>",
		  "15120 NO CARRIER =>",
		  "15130 polled => over",
	  },
	  DEVICE_CALL_STOPPED,
	  DEVICE_ACCEPTED,
	  -1,
	  5000 },
	{ "SIM7600 busy",
	  {
		  "0 start => dial",
		  "20 ATD OK => dialled",
		  "30 +CLCC: 1,0,2,0,0,\"07700900123\",129,\"\" =>",
		  "3000 +CLCC: 1,0,6,0,0,\"07700900123\",129,\"\" => cause poll",
		  "3001 BUSY =>",
		  "3010 +CEER: User busy =>",
		  "3020 polled => over",
	  },
	  DEVICE_CALL_BUSY,
	  DEVICE_ACCEPTED,
	  17,
	  0 },
	{ "busy by its word alone",
	  { "0 start => dial", "20 ATD OK => dialled", "900 BUSY => cause poll",
	    "920 polled => over" },
	  DEVICE_CALL_BUSY,
	  DEVICE_ACCEPTED,
	  -1,
	  0 },
	{ "busy at once, the word behind the row",
	  { "0 start => dial", "20 ATD OK => dialled",
	    "400 +CLCC: 1,0,6,0,0,\"07700900123\",129,\"\" => cause poll", "401 BUSY =>",
	    "405 NO CARRIER =>", "420 polled => over" },
	  DEVICE_CALL_BUSY,
	  DEVICE_ACCEPTED,
	  -1,
	  0 },
	{ "the network gave up, the word behind the row",
	  { "0 start => dial", "20 ATD OK => dialled",
	    "400 +CLCC: 1,0,6,0,0,\"07700900123\",129,\"\" => cause poll", "401 NO ANSWER =>",
	    "420 polled => over" },
	  DEVICE_CALL_NO_ANSWER,
	  DEVICE_ACCEPTED,
	  -1,
	  0 },
	{ "stopped by us: what the modem says after it counts for nothing",
	  { "0 start => dial", "20 ATD OK => dialled", "5000 stop => hang-up",
	    "5010 NO CARRIER => poll", "5011 BUSY =>", "5012 +CEER: 2,1 =>",
	    "5020 polled => over" },
	  DEVICE_CALL_STOPPED,
	  DEVICE_ACCEPTED,
	  1,
	  0 },
	{ "absent while we hang up",
	  {
		  "0 start => dial",
		  "10 ATD OK => dialled",
		  "20 MO RING => alerting",
		  "30 +CLCC: 1,0,3,0,0 =>",
		  "520 tick => poll",
		  "521 +CLCC: 1,0,3,0,0 =>",
		  "522 polled =>",
		  "1022 tick => poll",
		  "1023 polled =>",
		  "1523 tick => poll",
		  "1524 stop => hang-up",
		  "1525 polled => poll", /* the second time, before +CHUP was answered */
		  "1526 hung up =>",
		  "1527 polled => over",
	  },
	  DEVICE_CALL_STOPPED,
	  DEVICE_ACCEPTED,
	  -1,
	  0 },
	{ "SIM7600 rings to the limit",
	  {
		  "0 start => dial",
		  "20 ATD OK => dialled",
		  "30 +CLCC: 1,0,2,0,0,\"07700900123\",129,\"\" =>",
		  "40 +CLCC: 1,0,3,0,0,\"07700900123\",129,\"\" => alerting",
		  "540 tick => poll",
		  "34999 tick =>",
		  "35000 tick => hang-up",
		  "35010 VOICE CALL: END: 000000 =>", /* before the OK; the old poll is void */
		  "35020 hung up =>",
		  "35030 polled => poll",
		  "35040 polled => over",
	  },
	  DEVICE_CALL_NO_ANSWER,
	  DEVICE_ACCEPTED,
	  -1,
	  0 },
	{ "Huawei E1750, the far end hangs up",
	  {
		  "0 start => dial",
		  "10 ATD OK => dialled",
		  "20 ^ORIG:1,0 =>",
		  "510 tick => poll",
		  "520 +CLCC: 1,0,2,0,0," OURS " =>",
		  "521 polled =>",
		  "800 ^CONF:1 => alerting",
		  "801 ^RSSI:17 =>",
		  "1000 ^CONN:1,0 => poll",
		  "1010 +CLCC: 1,0,0,0,0," OURS " => answered", /* both agree: no second lost */
		  "1011 polled =>",
		  "21000 ^CEND:1,21,29,16 => poll",
		  "21010 polled => over",
	  },
	  DEVICE_CALL_HUNG_UP,
	  DEVICE_ACCEPTED,
	  16,
	  19990 },
	{ "u-blox",
	  {
		  "0 start => dial",
		  "10 ATD OK => dialled",
		  "20 +UCALLSTAT: 1,2 =>",
		  "30 +UCALLSTAT: 1,3 => alerting",
		  "40 +UCALLSTAT: 1,0 => poll",
		  "1040 tick => answered",
		  "1050 +UUDTMFD: 1 => key1",
		  "1060 +UCALLSTAT: 2,6 =>", /* somebody else's */
		  "1100 +UCALLSTAT: 1,6 =>",
		  "1101 polled => poll",
		  "1110 polled => over",
	  },
	  DEVICE_CALL_HUNG_UP,
	  DEVICE_ACCEPTED,
	  -1,
	  60 },
	{ "Telit",
	  {
		  "0 start => dial",
		  "10 ATD OK => dialled",
		  "20 #ECAM: 0,1,1,,,\"07700900123\",129 =>",
		  "30 #ECAM: 0,2,1,,, =>", /* connecting is not ringing */
		  "40 #ECAM: 0,3,2,,, =>", /* a data call */
		  "50 #ECAM: 0,3,1,,, => poll",
		  "60 +CLCC: 1,0,0,0,0,\"07700900123\",129 => answered",
		  "61 polled =>",
		  "70 #DTMFEV: 1 => key1",
		  "80 #ECAM: 0,0,1,,, => poll",
		  "90 polled => over",
	  },
	  DEVICE_CALL_HUNG_UP,
	  DEVICE_ACCEPTED,
	  -1,
	  20 },
	{ "SIM800 says MO RING and MO CONNECTED",
	  {
		  "0 start => dial",
		  "10 ATD OK => dialled",
		  "900 MO RING => alerting",
		  "950 +CLCC: 1,0,3,0,0,\"07700900123\",129 =>",
		  "5000 +CLCC: 1,0,0,0,0,\"07700900123\",129 => poll",
		  "5001 MO CONNECTED => answered",
		  "5002 polled =>",
		  "6000 +DTMF:4,160 => key4",
		  "6001 +DTMF: 7,40 => key7",
		  "55001 tick => hang-up",
		  "55010 hung up => poll",
		  "55020 NO CARRIER =>",
		  "55030 polled => over",
	  },
	  DEVICE_CALL_LIMIT,
	  DEVICE_ACCEPTED,
	  -1,
	  50000 },
	{ "Quectel DSCI",
	  {
		  "0 start => dial",
		  "10 ATD OK => dialled",
		  "20 ^DSCI: 1,0,2,0,07700900123,129,0 =>",
		  "30 ^DSCI: 1,0,7,0,07700900123,129,0 => alerting",
		  "40 ^DSCI: 1,0,3,1,07700900123,129,0 =>", /* packet service */
		  "50 ^DSCI: 1,0,3,0,07700900123,129,0 => poll",
		  "60 ^DSCI: 1,0,6,0,07700900123,129,0 => cause",
		  "70 +CEER: 1,16 =>",
		  "75 polled => poll",
		  "80 polled => over",
	  },
	  DEVICE_CALL_NO_ANSWER, /* it never held */
	  DEVICE_ACCEPTED,
	  16,
	  0 },
	{ "IMS off: gone 0.3 s after OK",
	  { "0 start => dial", "3000 ATD OK => dialled", "3300 NO CARRIER => cause poll",
	    "3310 +CEER: 0,-1 =>", "3320 polled => over" },
	  DEVICE_CALL_REFUSED,
	  DEVICE_REFUSED_NETWORK,
	  -1,
	  0 },
	{ "no carrier as ATD's own result",
	  { "0 start => dial", "900 ATD NO CARRIER => cause poll", "920 polled => over" },
	  DEVICE_CALL_REFUSED,
	  DEVICE_REFUSED_NETWORK,
	  -1,
	  0 },
	{ "no carrier after ten seconds of nothing",
	  { "0 start => dial", "10 ATD OK => dialled", "10000 NO CARRIER => cause poll",
	    "10020 polled => over" },
	  DEVICE_CALL_NO_ANSWER,
	  DEVICE_ACCEPTED,
	  -1,
	  0 },
	{ "no carrier after ten seconds: unassigned number",
	  { "0 start => dial", "10 ATD OK => dialled", "10000 NO CARRIER => cause poll",
	    "10010 +CEER: 2,1 =>", "10020 polled => over" },
	  DEVICE_CALL_REFUSED,
	  DEVICE_REFUSED_RECIPIENT,
	  1,
	  0 },
	{ "rejected by the callee",
	  { "0 start => dial", "10 ATD OK => dialled", "700 MO RING => alerting",
	    "4000 NO CARRIER => cause poll", "4010 +CEER: \"21 Call rejected\" =>",
	    "4020 polled => over" },
	  DEVICE_CALL_BUSY,
	  DEVICE_ACCEPTED,
	  21,
	  0 },
	{ "rang, then a timer expired in the network",
	  { "0 start => dial", "10 ATD OK => dialled", "700 MO RING => alerting",
	    "30000 NO ANSWER => cause poll", "30010 #CEER: 102 =>", "30020 polled => over" },
	  DEVICE_CALL_NO_ANSWER,
	  DEVICE_ACCEPTED,
	  102,
	  0 },
	{ "ATD refused with a code",
	  { "0 start => dial", "100 ATD +CME ERROR: 10 => cause poll", "120 poll failed =>",
	    "620 tick => poll", "630 polled => over" },
	  DEVICE_CALL_REFUSED,
	  DEVICE_REFUSED_MODEM,
	  10,
	  0 },
	{ "no dial tone",
	  { "0 start => dial", "2000 ATD NO DIALTONE => cause poll", "2020 polled => over" },
	  DEVICE_CALL_REFUSED,
	  DEVICE_REFUSED_NETWORK,
	  -1,
	  0 },
	{ "ATD without any result",
	  { "0 start => dial", "30000 ATD none => hang-up", "30001 ATD OK =>", "40000 tick => poll",
	    "50000 tick => over" },
	  DEVICE_CALL_REFUSED,
	  DEVICE_UNKNOWN,
	  -1,
	  0 },
	{ "early media: active, then ringing again",
	  {
		  "0 start => dial",
		  "10 ATD OK => dialled",
		  "510 tick => poll",
		  "520 +CLCC: 1,0,0,0,0," OURS " =>",
		  "521 polled =>",
		  "1021 tick => poll",
		  "1030 +CLCC: 1,0,3,0,0," OURS " => alerting",
		  "1031 polled =>",
		  "1600 tick => poll",
		  "1610 +CLCC: 1,0,0,0,0," OURS " =>",
		  "1611 polled =>",
		  "2200 tick => poll",
		  "2210 +CLCC: 1,0,0,0,0," OURS " =>",
		  "2211 polled =>",
		  "2610 tick => answered",
		  "2700 lost => over",
	  },
	  DEVICE_CALL_LOST,
	  DEVICE_UNKNOWN,
	  -1,
	  90 },
	{ "absence twice running is the end",
	  {
		  "0 start => dial",
		  "10 ATD OK => dialled",
		  "20 MO RING => alerting",
		  "30 MO CONNECTED => poll",
		  "35 +CLCC: 1,0,0,0,0," OURS " => answered",
		  "36 polled =>",
		  "2036 tick => poll",
		  "2040 polled =>", /* absent once */
		  "4040 tick => poll",
		  "4041 +CLCC: 1,0,0,0,0," OURS " =>",
		  "4042 polled =>", /* there again */
		  "6042 tick => poll",
		  "6043 polled =>",
		  "8043 tick => poll",
		  "8044 poll failed =>", /* says nothing */
		  "10044 tick => poll",
		  "10045 polled => poll",
		  "10046 polled => over",
	  },
	  DEVICE_CALL_HUNG_UP,
	  DEVICE_ACCEPTED,
	  -1,
	  10010 },
	{ "a modem that never lists calls",
	  {
		  "0 start => dial",
		  "10 ATD OK => dialled",
		  "510 tick => poll",
		  "511 polled =>",
		  "1011 tick => poll",
		  "1012 polled =>",
		  "1512 tick => poll",
		  "1513 polled =>",
		  "1600 VOICE CALL: BEGIN => poll",
		  "1601 polled =>",
		  "2101 tick => poll",
		  "2102 polled =>",
		  "2600 tick => answered",

		  "2700 VOICE CALL: END: 000001 => poll",
		  "2701 poll failed =>",
		  "3201 tick => poll",
		  "3202 polled => over",
	  },
	  DEVICE_CALL_HUNG_UP,
	  DEVICE_ACCEPTED,
	  -1,
	  100 },
	{ "a zombie entry after the end",
	  {
		  "0 start => dial",
		  "10 ATD OK => dialled",
		  "20 MO RING => alerting",
		  "5000 stop => hang-up",
		  "5010 hung up => poll",
		  "5020 +CLCC: 1,0,3,0,0," OURS " =>",
		  "5021 polled =>",
		  "5521 tick => poll",
		  "5522 +CLCC: 1,0,3,0,0," OURS " =>",
		  "5523 polled =>",
		  "6023 tick => poll",
		  "6024 +CLCC: 1,0,3,0,0," OURS " =>",
		  "6025 polled => hang-up over",
	  },
	  DEVICE_CALL_STOPPED,
	  DEVICE_ACCEPTED,
	  -1,
	  0 },
	{ "stopped before it began",
	  { "0 stop => over", "1 start =>" },
	  DEVICE_CALL_STOPPED,
	  DEVICE_ACCEPTED,
	  -1,
	  0 },
	{ "port gone while dialling",
	  { "0 start => dial", "10 lost => over", "20 tick =>", "30 NO CARRIER =>" },
	  DEVICE_CALL_LOST,
	  DEVICE_UNKNOWN,
	  -1,
	  0 },
};

static void play(const struct story *story)
{
	struct call *call = fresh();
	struct call_result result;

	for (size_t i = 0; i < COUNT_OF(story->steps) && story->steps[i] != NULL; i++) {
		struct span rest = span_of(story->steps[i]);
		const char *arrow = strstr(story->steps[i], " =>");
		struct span want = span_trim(span_of(arrow + 3));
		struct buf got = { 0 };
		int64_t ms = 0;

		rest.len = (size_t)(arrow - rest.at);
		CHECK(span_int(span_cut(&rest, ' '), &ms));
		input(call, rest, at_ms(ms));
		drain(call, &got, '\0', ' ');
		check_text(buf_text(&got), want, story->name, story->steps[i]);
		buf_free(&got);
	}
	result = call_result(call);
	CHECK_ROW(call_state(call) == CALL_OVER, story->name);
	CHECK_ROW(call_deadline(call) == WHEN_NEVER, story->name);
	CHECK_ROW(result.end == story->end, story->name);
	CHECK_ROW(result.outcome == story->outcome, story->name);
	CHECK_ROW(result.cause == story->cause, story->name);
	CHECK_ROW(result.talked_ms == story->talked_ms, story->name);
	call_free(call);
}

static void test_call_tells_each_story_of_each_family(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(stories); i++)
		play(&stories[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call_tells_each_story_of_each_family),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
