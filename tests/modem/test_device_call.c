#include "modem/device.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <string.h>

static struct rig rig;

static void start(const char *maker, const char *model)
{
	rig_init(&rig, NULL);
	if (maker != NULL) {
		far_answer(&rig.far, "AT+CGMI", maker, 0);
		far_answer(&rig.far, "AT+CGMM", model, 0);
	}
	rig_open(&rig);
	rig_run(&rig, 1000);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
}

static int setup(void **state)
{
	(void)state;
	start(NULL, NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_free(&rig);
	return 0;
}

/* The far phone rings, and is answered. */
static void answered(void)
{
	CHECK(rig_call(&rig) == 0);
	rig_run(&rig, 600);
	rig.far.call = 1 + 3;
	rig_run(&rig, 3000);
	CHECK(rig_events(&rig, DEVICE_EVENT_ALERTING) == 1);
	CHECK(rig_events(&rig, DEVICE_EVENT_ANSWERED) == 0);
	rig.far.call = 1;
	rig_run(&rig, 2000);
	CHECK(rig_events(&rig, DEVICE_EVENT_ANSWERED) == 1);
}

static const struct device_event *ended(void)
{
	CHECK(rig_events(&rig, DEVICE_EVENT_CALL_ENDED) == 1);
	CHECK(rig_event(&rig, DEVICE_EVENT_CALL_ENDED, 0)->attempt == 8);
	CHECK(!device_status(rig.device)->call_busy);
	return rig_event(&rig, DEVICE_EVENT_CALL_ENDED, 0);
}

static void test_call_from_dialling_to_the_key(void **state)
{
	static const char *const keys[] = { "\r\n+QTONEDET: 52\r\n", "\r\n+QTONEDET: 55\r\n",
					    "\r\n+QTONEDET: 35\r\n" };

	(void)state;
	answered();
	CHECK(far_heard(&rig.far, "AT+QTONEDET=1") == 2);
	CHECK(far_heard(&rig.far, "ATD" RIG_NUMBER ";\r") == 1);
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		rig_say(&rig, keys[i]);
		rig_run(&rig, 500);
	}
	CHECK(rig_events(&rig, DEVICE_EVENT_KEY) == 3);
	CHECK(rig_event(&rig, DEVICE_EVENT_KEY, 0)->key == '4');
	CHECK(rig_event(&rig, DEVICE_EVENT_KEY, 1)->key == '7');
	CHECK(rig_event(&rig, DEVICE_EVENT_KEY, 2)->key == '#');
	CHECK(rig_event(&rig, DEVICE_EVENT_KEY, 0)->attempt == 8);
	device_hang_up(rig.device, rig.now);
	rig_run(&rig, 5000);
	CHECK(ended()->end == DEVICE_CALL_STOPPED);
	CHECK(ended()->talked_s >= 1);
	CHECK(rig.far.call == 0);
	CHECK(guard_counts(rig.guard).calls == 1);
	CHECK(guard_counts(rig.guard).call_seconds == ended()->talked_s);
}

static void test_call_busy_and_a_second_request(void **state)
{
	(void)state;
	CHECK(rig_call(&rig) == 0);
	CHECK(rig_call(&rig) == DEVICE_BUSY);
	CHECK(rig_send(&rig, "later") == DEVICE_BUSY);
	CHECK(device_status(rig.device)->sms_busy);
	rig_run(&rig, 2000);
	rig.far.call = 0;
	rig_say(&rig, "\r\nBUSY\r\n");
	rig_run(&rig, 5000);
	CHECK(ended()->end == DEVICE_CALL_BUSY);
	CHECK(rig_send(&rig, "now") == 0);
}

static void test_call_is_refused_by_the_guard_before_any_byte(void **state)
{
	const struct device_call call = {
		.attempt = 8, .to = "112", .ring_ms = 35000, .talk_ms = 50000
	};
	struct err err = { .code = ERR_NONE };
	size_t heard = rig.far.heard.len;

	(void)state;
	CHECK(device_call(rig.device, &call, rig.now, &err) < 0);
	CHECK(err.code == ERR_REFUSED);
	rig_run(&rig, 10);
	CHECK(rig.far.heard.len == heard);
}

static void test_call_that_nobody_answers_is_hung_up(void **state)
{
	(void)state;
	CHECK(rig_call(&rig) == 0);
	rig_run(&rig, 600);
	rig.far.call = 1 + 3;
	rig_run(&rig, 45000);
	CHECK(ended()->end == DEVICE_CALL_NO_ANSWER);
	CHECK(far_heard(&rig.far, "AT+CHUP") == 1);
}

static void test_call_refused_by_the_modem(void **state)
{
	(void)state;
	far_answer(&rig.far, "ATD", "\r\nERROR\r\n", 1);
	CHECK(rig_call(&rig) == 0);
	rig_run(&rig, 10000);
	CHECK(ended()->end == DEVICE_CALL_REFUSED);
	CHECK(rig_events(&rig, DEVICE_EVENT_DIALLED) == 0);
}

static void test_call_falls_back_to_ath(void **state)
{
	(void)state;
	answered();
	far_answer(&rig.far, "AT+CHUP", "\r\nERROR\r\n", 1);
	device_hang_up(rig.device, rig.now);
	rig_run(&rig, 100);
	CHECK(far_heard(&rig.far, "ATH\r") == 1);
}

static void test_call_is_lost_with_the_modem(void **state)
{
	(void)state;
	answered();
	rig_say(&rig, "\r\nRDY\r\n");
	CHECK(ended()->end == DEVICE_CALL_LOST);
}

static void test_call_speaks_hex(void **state)
{
	(void)state;
	answered();
	device_speak(rig.device, span_of("A\"\r\xC3\xA9"), rig.now);
	rig_run(&rig, 10);
	CHECK(far_heard(&rig.far, "AT+QWTTS=1,1,1,\"00410022002000E9\"\r") == 1);
	CHECK(rig_events(&rig, DEVICE_EVENT_PROMPT_DONE) == 0);
	rig_say(&rig, "\r\n+QWTTS: 0\r\n");
	CHECK(rig_events(&rig, DEVICE_EVENT_PROMPT_DONE) == 1);
}

static void test_call_speech_is_stopped_before_the_next(void **state)
{
	const char *heard;

	(void)state;
	answered();
	device_speak(rig.device, span_of("one"), rig.now);
	rig_run(&rig, 10);
	device_speak(rig.device, span_of("two"), rig.now);
	rig_run(&rig, 10);
	heard = strstr(buf_text(&rig.far.heard), "AT+QWTTS=1,1,1,\"006F006E0065\"");
	CHECK(heard != NULL);
	heard = strstr(heard, "AT+QWTTS=1,0,0\r");
	CHECK(heard != NULL);
	CHECK(strstr(heard, "\"00740077006F\"") != NULL);
	device_stop_speech(rig.device, rig.now);
	rig_run(&rig, 20);
	CHECK(far_heard(&rig.far, "AT+QWTTS=1,0,0\r") == 2);
	CHECK(rig_events(&rig, DEVICE_EVENT_PROMPT_DONE) == 0);
}

static void test_call_speech_without_the_done_line_ends_in_time(void **state)
{
	(void)state;
	answered();
	device_speak(rig.device, span_of("0123456789"), rig.now);
	rig_run(&rig, 6100);
	CHECK(rig_events(&rig, DEVICE_EVENT_PROMPT_DONE) == 0);
	rig_run(&rig, 200);
	CHECK(rig_events(&rig, DEVICE_EVENT_PROMPT_DONE) == 1);
}

static void test_call_speech_refused_is_silence(void **state)
{
	(void)state;
	answered();
	far_answer(&rig.far, "AT+QWTTS", "\r\n+CME ERROR: 904\r\n", 1);
	device_speak(rig.device, span_of("hello"), rig.now);
	rig_run(&rig, 10);
	CHECK(rig_events(&rig, DEVICE_EVENT_PROMPT_DONE) == 1);
}

static void test_call_long_speech_goes_sentence_by_sentence(void **state)
{
	static const char text[] =
		"This sentence is exactly long enough to fill most of one command, as the limit of "
		"the modem is one hundred thirty five. "
		"The second sentence comes in the next command. And so does this one.";

	(void)state;
	answered();
	device_speak(rig.device, span_of(text), rig.now);
	rig_run(&rig, 10);
	CHECK(far_heard(&rig.far, "AT+QWTTS=1,1,1,") == 1);
	CHECK(far_heard(&rig.far, "0066006900760065002E\"\r") == 1); /* five. */
	rig_say(&rig, "\r\n+QWTTS: 0\r\n");
	rig_run(&rig, 10);
	CHECK(far_heard(&rig.far, "AT+QWTTS=1,1,1,\"00200054006800650020") == 1); /* " The " */
	CHECK(rig_events(&rig, DEVICE_EVENT_PROMPT_DONE) == 0);
	rig_say(&rig, "\r\n+QWTTS: 0\r\n");
	CHECK(rig_events(&rig, DEVICE_EVENT_PROMPT_DONE) == 1);
}

static void test_call_speech_by_family(void **state)
{
	static const struct {
		const char *maker, *model, *say, *done;
	} rows[] = {
		{ "\r\nSIMCOM INCORPORATED\r\n\r\nOK\r\n", "\r\nSIMCOM_SIM7600G-H\r\n\r\nOK\r\n",
		  "AT+CTTS=1,\"00680069\"\r", "\r\n+CTTS: 0\r\n" },
		{ "\r\nINCORPORATED\r\n\r\nOK\r\n", "\r\nA7670E-FASE\r\n\r\nOK\r\n",
		  "AT+CTTS=1,\"00680069\"\r", "\r\n+CTTS: 0\r\n" },
		{ "\r\nSIMCOM_Ltd\r\n\r\nOK\r\n", "\r\nSIMCOM_SIM800L\r\n\r\nOK\r\n",
		  "AT+CTTS=1,\"00680069\"\r", "\r\n+CTTS: 0\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		rig_free(&rig);
		start(rows[i].maker, rows[i].model);
		answered();
		CHECK_ROW(far_heard(&rig.far, "AT+CDTAM=1") == (i < 2), rows[i].model);
		device_speak(rig.device, span_of("hi"), rig.now);
		rig_run(&rig, 10);
		CHECK_ROW(far_heard(&rig.far, rows[i].say) == 1, rows[i].model);
		rig_say(&rig, rows[i].done);
		CHECK_ROW(rig_events(&rig, DEVICE_EVENT_PROMPT_DONE) == 1, rows[i].model);
	}
}

static void test_call_without_a_speech_command_is_silent(void **state)
{
	(void)state;
	rig_free(&rig);
	start("\r\nACME\r\n\r\nOK\r\n", "\r\nM1\r\n\r\nOK\r\n");
	answered();
	device_speak(rig.device, span_of("hi"), rig.now);
	rig_run(&rig, 0);
	CHECK(rig_events(&rig, DEVICE_EVENT_PROMPT_DONE) == 1);
	CHECK(far_heard(&rig.far, "TTS") == 0);
}

static void test_call_needs_a_voice_path(void **state)
{
	(void)state;
	rig_free(&rig);
	start("\r\nSIMCOM INCORPORATED\r\n\r\nOK\r\n", "\r\nSIM7670G\r\n\r\nOK\r\n");
	CHECK(!device_status(rig.device)->voice);
	CHECK(rig_call(&rig) < 0);
	CHECK(rig_send(&rig, "a text it can") == 0);
}

static void test_call_messages_are_read_during_it(void **state)
{
	(void)state;
	answered();
	far_store(&rig.far, "ME", 3,
		  "0791447758100650040C9144770009103200006211027103504008C1E11244BBC562");
	rig_say(&rig, "\r\n+CMTI: \"ME\",3\r\n");
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 1);
}

static void test_call_of_a_stranger_is_rejected_and_told(void **state)
{
	(void)state;
	rig.far.incoming = true;
	rig_say(&rig, "\r\n+CRING: VOICE\r\n\r\n+CLIP: \"+447700900999\",145,\"\",0,\"\",0\r\n");
	CHECK(rig_events(&rig, DEVICE_EVENT_INCOMING) == 1);
	CHECK(far_heard(&rig.far, "AT+CHUP") == 0); /* the owner decides */
	device_reject(rig.device, rig.now);
	rig_run(&rig, 0);
	CHECK(!rig.far.incoming);
	CHECK(strcmp(rig_event(&rig, DEVICE_EVENT_INCOMING, 0)->text, "+447700900999") == 0);
	rig_say(&rig, "\r\nNO CARRIER\r\n");
	rig_run(&rig, 20000);
	rig_say(&rig, "\r\nRING\r\n");
	rig_run(&rig, 3000);
	rig_say(&rig, "\r\nRING\r\n");
	rig_run(&rig, 3000);
	CHECK(rig_events(&rig, DEVICE_EVENT_INCOMING) == 2);
	CHECK(rig_event(&rig, DEVICE_EVENT_INCOMING, 1)->text[0] == '\0');
}

static void test_call_of_a_stranger_leaves_ours_alone(void **state)
{
	(void)state;
	answered();
	rig_say(&rig, "\r\nRING\r\n\r\n+CLIP: \"+447700900999\",145\r\n");
	rig_run(&rig, 5000);
	CHECK(far_heard(&rig.far, "AT+CHUP") == 0);
	CHECK(rig_events(&rig, DEVICE_EVENT_INCOMING) == 1);
	CHECK(rig_events(&rig, DEVICE_EVENT_CALL_ENDED) == 0);
	CHECK(rig.far.call == 1);
}

static void test_call_that_rings_us_is_answered(void **state)
{
	struct err err;

	(void)state;
	CHECK(device_answer(rig.device, 9, 50000, rig.now, &err) < 0); /* nobody rings */
	rig_say(&rig, "\r\nRING\r\n\r\n+CLIP: \"+447700900999\",145,\"\",0,\"\",0\r\n");
	CHECK(device_answer(rig.device, 9, 50000, rig.now, &err) == 0);
	rig_run(&rig, 0);
	CHECK(far_heard(&rig.far, "ATA") == 1);
	CHECK(rig_event(&rig, DEVICE_EVENT_ANSWERED, 0)->attempt == 9);
	CHECK(device_status(rig.device)->sms_busy);
	CHECK(rig_call(&rig) == DEVICE_BUSY);
	device_speak(rig.device, span_of("Hello."), rig.now);
	rig_run(&rig, 0);
	CHECK(far_heard(&rig.far, "AT+QWTTS=1,1,1") == 1);
	rig_say(&rig, "\r\n+QTONEDET: 52\r\n");
	CHECK(rig_event(&rig, DEVICE_EVENT_KEY, 0)->key == '4');
	rig_say(&rig, "\r\nNO CARRIER\r\n");
	rig_run(&rig, 3000);
	CHECK(rig_event(&rig, DEVICE_EVENT_CALL_ENDED, 0)->end == DEVICE_CALL_HUNG_UP);
	CHECK(guard_counts(rig.guard).call_seconds == 0); /* nobody pays for it here */
}

/* Ours goes first: who rings is sent away, then it is dialled. */
static void test_call_of_ours_goes_before_one_that_rings(void **state)
{
	(void)state;
	rig.far.incoming = true;
	rig_say(&rig, "\r\nRING\r\n");
	CHECK(rig_call(&rig) == 0);
	rig_run(&rig, 0);
	CHECK(!rig.far.incoming);
	CHECK(far_heard(&rig.far, "ATD") == 1);
	CHECK(strstr(buf_text(&rig.far.heard), "AT+CHUP") <
	      strstr(buf_text(&rig.far.heard), "ATD"));
}

static void test_call_sweeps_the_stores_after_it(void **state)
{
	(void)state;
	answered();
	far_store(&rig.far, "SM", 3,
		  "0791447758100650040C9144770009103200006211027103504008C1E11244BBC562");
	device_hang_up(rig.device, rig.now);
	rig_run(&rig, 3000);
	CHECK(ended()->end == DEVICE_CALL_STOPPED);
	CHECK(rig_events(&rig, DEVICE_EVENT_RECEIVED) == 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_call_from_dialling_to_the_key),
		TEST(test_call_busy_and_a_second_request),
		TEST(test_call_is_refused_by_the_guard_before_any_byte),
		TEST(test_call_that_nobody_answers_is_hung_up),
		TEST(test_call_refused_by_the_modem),
		TEST(test_call_falls_back_to_ath),
		TEST(test_call_is_lost_with_the_modem),
		TEST(test_call_speaks_hex),
		TEST(test_call_speech_is_stopped_before_the_next),
		TEST(test_call_speech_without_the_done_line_ends_in_time),
		TEST(test_call_speech_refused_is_silence),
		TEST(test_call_long_speech_goes_sentence_by_sentence),
		TEST(test_call_speech_by_family),
		TEST(test_call_without_a_speech_command_is_silent),
		TEST(test_call_needs_a_voice_path),
		TEST(test_call_messages_are_read_during_it),
		TEST(test_call_of_a_stranger_is_rejected_and_told),
		TEST(test_call_of_a_stranger_leaves_ours_alone),
		TEST(test_call_that_rings_us_is_answered),
		TEST(test_call_of_ours_goes_before_one_that_rings),
		TEST(test_call_sweeps_the_stores_after_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
