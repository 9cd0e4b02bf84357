#include "modem/device.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

static struct rig rig;

#define ANSWER(text) "\r\n" text "\r\n\r\nOK\r\n"
#define EC25         ANSWER("Quectel"), ANSWER("EC25")
#define SIM7600      ANSWER("SIMCOM INCORPORATED"), ANSWER("SIMCOM_SIM7600E-H")
#define E1750        ANSWER("huawei"), ANSWER("E1750")

/* `trouble` gets this answer; NULL: none does. */
static void start(const char *maker, const char *model, enum device_sound sound,
		  const char *trouble, const char *answer, int times)
{
	rig_init(&rig, NULL);
	far_answer(&rig.far, "AT+CGMI", maker, 0);
	far_answer(&rig.far, "AT+CGMM", model, 0);
	far_answer(&rig.far, "AT^CVOICE?", "\r\n^CVOICE:0,8000,16,20\r\n\r\nOK\r\n", 0);
	if (trouble != NULL)
		far_answer(&rig.far, trouble, answer, times);
	device_sound(rig.device, sound);
	rig_open(&rig);
	rig_run(&rig, 1500);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
}

static int teardown(void **state)
{
	(void)state;
	rig_free(&rig);
	return 0;
}

static void call(void)
{
	CHECK(rig_call(&rig) == 0);
	rig_run(&rig, 600);
	rig.far.call = 1 + 3;
	rig_run(&rig, 3000);
	rig.far.call = 1;
	rig_run(&rig, 2000);
	CHECK(rig_events(&rig, DEVICE_EVENT_ANSWERED) >= 1);
}

static void hang_up(void)
{
	rig.far.call = 0;
	rig_say(&rig, "\r\nNO CARRIER\r\n");
	rig_run(&rig, 2000);
	CHECK(rig_events(&rig, DEVICE_EVENT_CALL_ENDED) >= 1);
}

/* What the host was asked since: "open say:hello stop close". */
static const char *asked(void)
{
	static const char *const names[] = { "open", "prepare:", "say:", "stop", "close" };
	static char all[300];
	struct device_voice voice;
	size_t len = 0;

	all[0] = '\0';
	while (device_take_voice(rig.device, &voice)) {
		len += (size_t)snprintf(all + len, sizeof all - len, "%s%s%s", len > 0 ? " " : "",
					names[voice.kind], voice.text == NULL ? "" : voice.text);
		free(voice.text);
	}
	return all;
}

static void say(const char *text)
{
	device_speak(rig.device, span_of(text), rig.now);
	rig_run(&rig, 300);
}

static size_t place(const char *command)
{
	const char *at = strstr(buf_text(&rig.far.heard), command);

	CHECK(at != NULL);
	return (size_t)(at - buf_text(&rig.far.heard));
}

static void test_audio_is_switched_as_each_family_wants_it(void **state)
{
	static const struct {
		const char *maker, *model;
		enum device_sound sound;
		const char *probe, *open, *before, *behind, *close;
	} rows[] = {
		{ EC25, DEVICE_SOUND_PORT, "AT+QPCMV=?", "AT+QPCMV=1,0\r", NULL, "ATD",
		  "AT+QPCMV=0" },
		{ EC25, DEVICE_SOUND_CARD, "AT+QPCMV=?", "AT+QPCMV=1,2\r", NULL, "ATD",
		  "AT+QPCMV=0" },
		{ SIM7600, DEVICE_SOUND_PORT, "AT+CPCMREG=?", "AT+CPCMREG=1\r", "ATD", NULL,
		  "AT+CPCMREG=0" },
		{ E1750, DEVICE_SOUND_PORT, NULL, "AT^DDSETEX=2\r", "ATD", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		start(rows[i].maker, rows[i].model, rows[i].sound, NULL, NULL, 0);
		CHECK_ROW(device_status(rig.device)->audio == DEVICE_AUDIO_HOST, rows[i].open);
		CHECK_ROW(rows[i].probe == NULL || far_heard(&rig.far, rows[i].probe) == 1,
			  rows[i].open);
		device_prepare_speech(rig.device, span_of("soon"));
		call();
		say("hello");
		CHECK_ROW(strcmp(asked(), "prepare:soon open say:hello") == 0, rows[i].open);
		CHECK_ROW(far_heard(&rig.far, rows[i].open) == 1, rows[i].open);
		CHECK_ROW(rows[i].before == NULL || place(rows[i].before) < place(rows[i].open),
			  rows[i].open);
		CHECK_ROW(rows[i].behind == NULL || place(rows[i].open) < place(rows[i].behind),
			  rows[i].open);
		hang_up();
		CHECK_ROW(strcmp(asked(), "close") == 0, rows[i].open);
		CHECK_ROW(rows[i].close == NULL || far_heard(&rig.far, rows[i].close) == 1,
			  rows[i].open);
		rig_free(&rig);
	}
	start(EC25, DEVICE_SOUND_PORT, NULL, NULL, 0); /* for the teardown */
}

static void test_audio_says_when_it_is_spoken(void **state)
{
	(void)state;
	start(EC25, DEVICE_SOUND_PORT, NULL, NULL, 0);
	call();
	say("one");
	say("two");
	CHECK(strcmp(asked(), "open say:one say:two") == 0);
	device_spoken(rig.device, 1, rig.now); /* the first was cut off: its word is late */
	rig_run(&rig, 10);
	CHECK(rig_events(&rig, DEVICE_EVENT_PROMPT_DONE) == 0);
	device_spoken(rig.device, 2, rig.now);
	rig_run(&rig, 10);
	CHECK(rig_events(&rig, DEVICE_EVENT_PROMPT_DONE) == 1);
	say("three");
	device_stop_speech(rig.device, rig.now);
	device_stop_speech(rig.device, rig.now);
	device_spoken(rig.device, 3, rig.now);
	rig_run(&rig, 10);
	CHECK(strcmp(asked(), "say:three stop") == 0);
	CHECK(rig_events(&rig, DEVICE_EVENT_PROMPT_DONE) == 1);
	CHECK(far_heard(&rig.far, "AT+QWTTS") == 0);
}

static void test_audio_keys_of_both_ears_are_one(void **state)
{
	(void)state;
	start(EC25, DEVICE_SOUND_PORT, NULL, NULL, 0);
	device_key(rig.device, '1', rig.now); /* no call: nothing */
	call();
	device_key(rig.device, '4', rig.now);
	rig_run(&rig, 100);
	rig_say(&rig, "\r\n+QTONEDET: 52\r\n");
	rig_run(&rig, 500);
	rig_say(&rig, "\r\n+QTONEDET: 55\r\n");
	rig_run(&rig, 50);
	device_key(rig.device, '7', rig.now);
	rig_run(&rig, 500);
	device_key(rig.device, '9', rig.now);
	rig_run(&rig, 10);
	CHECK(rig_events(&rig, DEVICE_EVENT_KEY) == 3);
	CHECK(rig_event(&rig, DEVICE_EVENT_KEY, 0)->key == '4');
	CHECK(rig_event(&rig, DEVICE_EVENT_KEY, 1)->key == '7');
	CHECK(rig_event(&rig, DEVICE_EVENT_KEY, 2)->key == '9');
}

/* SIM7600: the first +CPCMREG=1 of a second call is refused, the next one works. */
static void test_audio_refused_once_is_asked_again_and_told(void **state)
{
	(void)state;
	start(SIM7600, DEVICE_SOUND_PORT, "AT+CPCMREG=1", "\r\nERROR\r\n", 1);
	call();
	say("hello");
	rig_run(&rig, 1000);
	CHECK(strcmp(asked(), "open say:hello") == 0);
	CHECK(far_heard(&rig.far, "AT+CPCMREG=1") == 2);
	CHECK(rig_events(&rig, DEVICE_EVENT_AUDIO) == 1);
	CHECK(strcmp(device_status(rig.device)->audio_fault, "AT+CPCMREG=1 was refused") == 0);
	CHECK(far_heard(&rig.far, "AT+CTTS") == 0);
}

static void test_audio_refused_leaves_it_to_the_modem(void **state)
{
	(void)state;
	start(SIM7600, DEVICE_SOUND_PORT, "AT+CPCMREG=1", "\r\nERROR\r\n", 0);
	call();
	say("hello");
	rig_run(&rig, 1000);
	CHECK(strcmp(asked(), "") == 0);
	CHECK(rig_events(&rig, DEVICE_EVENT_AUDIO) == 2);
	CHECK(far_heard(&rig.far, "AT+CTTS=1,\"00680065006C006C006F\"") == 1);
	rig_say(&rig, "\r\n+CTTS: 0\r\n");
	rig_run(&rig, 100);
	CHECK(rig_events(&rig, DEVICE_EVENT_PROMPT_DONE) == 1);
	hang_up();
	/* … and the next call too, until the modem starts anew */
	CHECK(device_status(rig.device)->audio == DEVICE_AUDIO_MODEM);
	call();
	CHECK(far_heard(&rig.far, "AT+CPCMREG=1") == 2);
	hang_up();
	rig_say(&rig, "\r\nRDY\r\n");
	rig_run(&rig, 3000);
	CHECK(device_status(rig.device)->audio == DEVICE_AUDIO_HOST);
}

static void test_audio_that_stalls_leaves_it_to_the_modem(void **state)
{
	(void)state;
	start(EC25, DEVICE_SOUND_PORT, NULL, NULL, 0);
	call();
	say("hello");
	CHECK(strcmp(asked(), "open say:hello") == 0);
	device_stalled(rig.device, "nothing can be written", rig.now);
	device_stalled(rig.device, "nothing can be written", rig.now);
	rig_run(&rig, 500);
	CHECK(strcmp(asked(), "close") == 0);
	CHECK(rig_events(&rig, DEVICE_EVENT_AUDIO) == 1);
	CHECK(rig_event(&rig, DEVICE_EVENT_AUDIO, 0)->attempt == 8);
	CHECK(far_heard(&rig.far, "AT+QPCMV=0") == 1);
	CHECK(far_heard(&rig.far, "AT+QWTTS=1,1,1,\"00680065006C006C006F\"") == 1);
}

/* A stick that has no speech of its own: silence, but nobody waits for ever; and the next call tries again. */
static void test_audio_that_stalls_without_another_is_silence(void **state)
{
	(void)state;
	start(E1750, DEVICE_SOUND_PORT, NULL, NULL, 0);
	call();
	say("hello");
	device_stalled(rig.device, "no sound comes", rig.now);
	rig_run(&rig, 100);
	CHECK(rig_events(&rig, DEVICE_EVENT_PROMPT_DONE) == 1);
	CHECK(!device_status(rig.device)->speech);
	hang_up();
	CHECK(strcmp(asked(), "open say:hello close") == 0);
	CHECK(device_status(rig.device)->audio == DEVICE_AUDIO_HOST);
}

static void test_audio_nobody_waits_for_ever(void **state)
{
	(void)state;
	start(EC25, DEVICE_SOUND_PORT, NULL, NULL, 0);
	call();
	say("hello");
	rig_run(&rig, 25000);
	CHECK(rig_events(&rig, DEVICE_EVENT_AUDIO) == 1);
	CHECK(far_heard(&rig.far, "AT+QWTTS=1,1,1") == 1);
}

static void test_audio_a_firmware_without_it_is_known_at_the_start(void **state)
{
	(void)state;
	start(EC25, DEVICE_SOUND_PORT, "AT+QPCMV=?", "\r\nERROR\r\n", 0);
	CHECK(device_status(rig.device)->audio == DEVICE_AUDIO_MODEM);
	call();
	say("hello");
	CHECK(far_heard(&rig.far, "AT+QPCMV=1") == 0);
	CHECK(far_heard(&rig.far, "AT+QWTTS=1,1,1") == 1);
}

static void test_audio_a_way_that_appears_is_taken(void **state)
{
	(void)state;
	start(EC25, DEVICE_SOUND_NONE, NULL, NULL, 0);
	CHECK(device_status(rig.device)->audio == DEVICE_AUDIO_MODEM);
	CHECK(far_heard(&rig.far, "AT+QPCMV") == 0);
	device_sound(rig.device, DEVICE_SOUND_PORT);
	rig_run(&rig, 40000);
	CHECK(device_status(rig.device)->audio == DEVICE_AUDIO_HOST);
	device_sound(rig.device, DEVICE_SOUND_NONE);
	CHECK(device_status(rig.device)->audio == DEVICE_AUDIO_MODEM);
}

static void test_audio_ends_with_the_port(void **state)
{
	(void)state;
	start(EC25, DEVICE_SOUND_PORT, NULL, NULL, 0);
	call();
	say("hello");
	device_closed(rig.device, rig.now);
	CHECK(strcmp(asked(), "open say:hello close") == 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_audio_is_switched_as_each_family_wants_it),
		TEST(test_audio_says_when_it_is_spoken),
		TEST(test_audio_keys_of_both_ears_are_one),
		TEST(test_audio_refused_once_is_asked_again_and_told),
		TEST(test_audio_refused_leaves_it_to_the_modem),
		TEST(test_audio_that_stalls_leaves_it_to_the_modem),
		TEST(test_audio_that_stalls_without_another_is_silence),
		TEST(test_audio_nobody_waits_for_ever),
		TEST(test_audio_a_firmware_without_it_is_known_at_the_start),
		TEST(test_audio_a_way_that_appears_is_taken),
		TEST(test_audio_ends_with_the_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
