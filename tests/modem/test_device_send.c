#include "modem/device.h"
#include "tests/support/rig.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "modem/pdu.h"

static struct rig rig;

static int setup(void **state)
{
	(void)state;
	rig_init(&rig, NULL);
	rig_open(&rig);
	rig_run(&rig, 1000);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_free(&rig);
	return 0;
}

static const struct device_event *sent(void)
{
	CHECK(rig_events(&rig, DEVICE_EVENT_SENT) == 1);
	CHECK(rig_event(&rig, DEVICE_EVENT_SENT, 0)->attempt == 7);
	CHECK(!device_status(rig.device)->sms_busy);
	return rig_event(&rig, DEVICE_EVENT_SENT, 0);
}

static void test_send_one_part(void **state)
{
	struct pdu pdu;
	struct err err;
	struct span body;

	(void)state;
	rig.far.mr = 47;
	CHECK(rig_send(&rig, "Page 4711: disk full.") == 0);
	CHECK(device_status(rig.device)->sms_busy);
	CHECK(rig_send(&rig, "another") == DEVICE_BUSY);
	rig_run(&rig, 0);
	CHECK(sent()->outcome == DEVICE_ACCEPTED);
	CHECK(sent()->mr_count == 1 && sent()->mr[0] == 47);
	body = buf_span(&rig.far.bodies);
	CHECK(pdu_decode(span_cut(&body, '\n'), &pdu, &err) == 0);
	CHECK(strcmp(pdu.text, "Page 4711: disk full.") == 0);
	CHECK(strcmp(pdu.address, RIG_NUMBER) == 0);
}

static void test_send_parts_one_after_another(void **state)
{
	char text[401];

	(void)state;
	memset(text, 'x', sizeof text - 1);
	text[400] = '\0';
	rig.far.mr = 254;
	CHECK(rig_send(&rig, text) == 0);
	rig_run(&rig, 0);
	CHECK(sent()->outcome == DEVICE_ACCEPTED);
	CHECK(sent()->mr_count == 3);
	CHECK(sent()->mr[0] == 254 && sent()->mr[1] == 255 && sent()->mr[2] == -1);
	CHECK(rig.far.prompts == 3);
	CHECK(guard_counts(rig.guard).sms == 3);
}

static void test_send_is_refused_by_the_guard_before_any_byte(void **state)
{
	const struct device_sms strange = { .attempt = 7, .to = "+447700900999", .text = "x" };
	struct err err = { .code = ERR_NONE };
	size_t heard = rig.far.heard.len;

	(void)state;
	CHECK(device_send(rig.device, &strange, rig.now, &err) < 0);
	CHECK(err.code == ERR_REFUSED);
	rig_run(&rig, 10);
	CHECK(rig.far.heard.len == heard);
	CHECK(rig_events(&rig, DEVICE_EVENT_SENT) == 0);
	CHECK(rig_send(&rig, "still works") == 0);
}

static void test_send_without_a_prompt(void **state)
{
	int64_t start = rig.now.mono_ms;

	(void)state;
	rig.far.no_prompt = true;
	CHECK(rig_send(&rig, "hello") == 0);
	rig_run(&rig, 4999);
	CHECK(rig_events(&rig, DEVICE_EVENT_SENT) == 0);
	rig_run(&rig, 1);
	rig_run(&rig, 0);
	CHECK(sent()->outcome == DEVICE_REFUSED_MODEM);
	CHECK(rig.now.mono_ms - start == 5000);
	CHECK(rig.far.escapes == 2);
	CHECK(rig.far.bodies.len == 0);
	/* And again, once the modem is well. */
	rig.far.no_prompt = false;
	rig_run(&rig, 2000);
	CHECK(rig_send(&rig, "hello") == 0);
	rig_run(&rig, 0);
	CHECK(rig_event(&rig, DEVICE_EVENT_SENT, 1)->outcome == DEVICE_ACCEPTED);
}

static void test_send_leaves_a_prompt_that_comes_too_late(void **state)
{
	(void)state;
	rig.far.no_prompt = true;
	CHECK(rig_send(&rig, "hello") == 0);
	rig_run(&rig, 5500);
	rig.far.in_prompt = true; /* ESC was lost */
	rig_say(&rig, "\r\n> ");
	CHECK(!rig.far.in_prompt);
	rig.far.no_prompt = false;
	rig_run(&rig, 60000);
	CHECK(rig.far.bodies.len == 0);
	CHECK(sent()->outcome == DEVICE_REFUSED_MODEM);
	CHECK(device_status(rig.device)->state == DEVICE_READY);
}

static void test_send_without_a_final_result(void **state)
{
	(void)state;
	rig.far.no_final = true;
	CHECK(rig_send(&rig, "hello") == 0);
	rig_run(&rig, 19999);
	CHECK(rig_events(&rig, DEVICE_EVENT_SENT) == 0);
	rig_run(&rig, 2);
	CHECK(sent()->outcome == DEVICE_UNKNOWN);
}

static void test_send_with_a_reference_and_no_ok(void **state)
{
	(void)state;
	rig.far.no_ok = true;
	rig.far.mr = 9;
	CHECK(rig_send(&rig, "hello") == 0);
	rig_run(&rig, 3000);
	CHECK(sent()->outcome == DEVICE_ACCEPTED);
	CHECK(sent()->mr[0] == 9);
}

static void test_send_outcome_follows_the_error(void **state)
{
	static const struct {
		const char *error;
		enum device_outcome outcome;
		int cause;
	} rows[] = {
		{ "+CMS ERROR: 1", DEVICE_REFUSED_RECIPIENT, 1 },
		{ "+CMS ERROR: 42", DEVICE_REFUSED_NETWORK, 42 },
		{ "+CMS ERROR: 310", DEVICE_REFUSED_MODEM, 310 },
		{ "+CMS ERROR: 500", DEVICE_UNKNOWN, 500 },
		{ "+CMS ERROR: 332", DEVICE_UNKNOWN, 332 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct device_event *event;

		rig.far.send_error = rows[i].error;
		CHECK(rig_send(&rig, "hello") == 0);
		rig_run(&rig, 0);
		event = rig_event(&rig, DEVICE_EVENT_SENT, i);
		CHECK_ROW(event != NULL && event->outcome == rows[i].outcome, rows[i].error);
		CHECK_ROW(event->cause == rows[i].cause, rows[i].error);
	}
}

/* A service centre that refuses the validity period gets the same unit without one, once. */
static void test_send_goes_again_without_a_refused_validity(void **state)
{
	const struct device_sms sms = {
		.attempt = 7, .to = RIG_NUMBER, .text = "hello", .validity_min = 15, .report = true
	};
	struct span bodies;
	struct err err = { .code = ERR_NONE };

	(void)state;
	rig.far.send_error = "+CMS ERROR: 199";
	rig.far.send_errors = 1;
	CHECK(device_send(rig.device, &sms, rig.now, &err) == 0);
	rig_run(&rig, 0);
	CHECK(sent()->outcome == DEVICE_ACCEPTED && sent()->mr_count == 1);
	bodies = buf_span(&rig.far.bodies);
	for (int want = 15; want >= -1; want -= 16) {
		struct pdu pdu;

		CHECK(pdu_decode(span_cut(&bodies, '\n'), &pdu, &err) == 0);
		CHECK(pdu.validity_min == want && pdu.report_wanted);
		CHECK(strcmp(pdu.text, "hello") == 0 && strcmp(pdu.address, RIG_NUMBER) == 0);
	}
	CHECK(far_heard(&rig.far, "AT+CMGS=19\r") == 1 && far_heard(&rig.far, "AT+CMGS=18\r") == 1);
	CHECK(guard_counts(rig.guard).sms == 1);
	rig.far.send_error = "+CMS ERROR: 198";
	CHECK(device_send(rig.device, &sms, rig.now, &err) == 0);
	rig_run(&rig, 0);
	CHECK(rig_event(&rig, DEVICE_EVENT_SENT, 1)->outcome == DEVICE_REFUSED_PERMANENT);
	CHECK(rig_event(&rig, DEVICE_EVENT_SENT, 1)->cause == 198);
	CHECK(rig.far.prompts == 4);
}

static void test_send_refused_before_the_prompt_never_went_out(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CMGS", "\r\n+CMS ERROR: 500\r\n", 1);
	CHECK(rig_send(&rig, "hello") == 0);
	rig_run(&rig, 0);
	CHECK(sent()->outcome == DEVICE_REFUSED_NETWORK);
}

/* The result of a send that was given up comes in the middle of other commands: none of them may take it for its own. */
static void test_send_late_reference_is_nobodys_answer(void **state)
{
	(void)state;
	for (int64_t ms = 20001; ms < 20001 + 40000; ms += 797) {
		teardown(NULL);
		setup(NULL);
		rig.far.no_final = true;
		CHECK(rig_send(&rig, "hello") == 0);
		rig_run(&rig, ms);
		rig_say(&rig, "\r\n+CMGS: 47\r\n\r\nOK\r\n");
		rig.far.no_final = false;
		rig_run(&rig, 40000);
		CHECK(sent()->outcome == DEVICE_UNKNOWN);
		rig.far.mr = 5;
		CHECK(rig_send(&rig, "again") == 0);
		rig_run(&rig, 0);
		CHECK(rig_event(&rig, DEVICE_EVENT_SENT, 1)->outcome == DEVICE_ACCEPTED);
		CHECK(rig_event(&rig, DEVICE_EVENT_SENT, 1)->mr[0] == 5);
		CHECK(device_status(rig.device)->boots == 0);
	}
}

static void test_send_stuck_makes_way_for_a_call(void **state)
{
	const struct device_config patient = { .name = "one", .sms_limit_ms = 120000 };

	(void)state;
	teardown(NULL);
	rig_init(&rig, &patient);
	rig_open(&rig);
	rig_run(&rig, 1000);
	rig.far.no_final = true;
	CHECK(rig_send(&rig, "hello") == 0);
	rig_run(&rig, 5000);
	CHECK(rig_call(&rig) == 0);
	CHECK(far_heard(&rig.far, "ATD") == 0);
	rig_run(&rig, 14000);
	CHECK(rig_events(&rig, DEVICE_EVENT_SENT) == 0);
	rig_run(&rig, 2000);
	CHECK(rig_event(&rig, DEVICE_EVENT_SENT, 0)->outcome == DEVICE_UNKNOWN);
	CHECK(strstr(buf_text(&rig.far.heard), "\x1b"
					       "AT\r") != NULL);
	CHECK(far_heard(&rig.far, "ATD" RIG_NUMBER ";\r") == 1);
	CHECK(rig_events(&rig, DEVICE_EVENT_DIALLED) == 1);
}

static void test_send_ignores_the_echo(void **state)
{
	(void)state;
	far_answer(&rig.far, "AT+CMGS", "AT+CMGS=18\r\r\n> ", 1);
	CHECK(rig_send(&rig, "hello") == 0);
	rig_run(&rig, 0);
	/* The far end did not go into its prompt by itself; play the rest by hand. */
	rig_say(&rig, "0001000C9144770009103200000568656C6C6F\r\n");
	rig_say(&rig, "\r\n+CMGS: 3\r\n\r\nOK\r\n");
	CHECK(sent()->outcome == DEVICE_ACCEPTED);
	CHECK(sent()->mr[0] == 3);
}

/* Nothing in a text may change what is said but the hex digits: the streams, hex digits blanked, are those of a
 * harmless text of as many parts in the same alphabet. */
static void blank_hex(struct buf *out, const struct buf *bodies)
{
	for (size_t i = 0; i < bodies->len; i++) {
		char c = bodies->at[i];
		bool hex = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');

		buf_add_char(out, hex ? 'h' : c);
	}
}

static void stream_of(const char *text, struct buf *out, int *prompts)
{
	size_t from;

	teardown(NULL);
	setup(NULL);
	from = rig.far.heard.len;
	CHECK(rig_send(&rig, text) == 0);
	rig_run(&rig, 60000);
	CHECK(sent()->outcome == DEVICE_ACCEPTED);
	/* Only the bodies differ in length; the commands around them are compared as they are. */
	buf_drop(&rig.far.heard, from);
	buf_clear(out);
	blank_hex(out, &rig.far.bodies);
	*prompts = rig.far.prompts;
	CHECK(far_heard(&rig.far, "\x1b") == 0);
	CHECK(far_heard(&rig.far, "\x1a") == *prompts);
	CHECK(far_heard(&rig.far, "AT+CMGS=") == *prompts);
}

static void test_send_text_is_only_hex_on_the_wire(void **state)
{
	static const char *const texts[] = {
		"a\rb",
		"a\nAT+CFUN=0\r",
		"\"quoted\"",
		"a\x1a"
		"b",
		"a\x1b"
		"b",
		"ATD112;\r\n",
		"+CMGS: 1\r\nOK\r\n",
		"> > >",
		"\xF0\x9F\x98\x80",
		"\xFF\xC0\x80\xED\xA0\x80",
		"\r\n+CMTI: \"SM\",1\r\n",
		"",
		"\x7f\x01\x02",
	};
	struct buf stream = { .limit = 0 };
	int prompts;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		stream_of(texts[i], &stream, &prompts);
		CHECK_ROW(prompts == 1, texts[i]);
		for (size_t k = 0; k < stream.len; k++)
			CHECK_ROW(stream.at[k] == (k + 1 == stream.len ? '\n' : 'h'), texts[i]);
	}
	buf_free(&stream);
}

static void test_send_long_text_is_only_hex_on_the_wire(void **state)
{
	static const char nasty[] = "AT\r\n\x1a\x1b\"+CMGS: 1;\xC3";
	char *text = malloc(10241);
	struct buf stream = { .limit = 0 };
	int prompts;

	(void)state;
	for (size_t i = 0; i < 10240; i++)
		text[i] = nasty[i % (sizeof nasty - 1)];
	text[10240] = '\0';
	stream_of(text, &stream, &prompts);
	CHECK(prompts > 60 && prompts < 255);
	for (size_t k = 0; k < stream.len; k++)
		CHECK(stream.at[k] == 'h' || stream.at[k] == '\n');
	buf_free(&stream);
	free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_send_one_part),
		TEST(test_send_parts_one_after_another),
		TEST(test_send_is_refused_by_the_guard_before_any_byte),
		TEST(test_send_without_a_prompt),
		TEST(test_send_leaves_a_prompt_that_comes_too_late),
		TEST(test_send_without_a_final_result),
		TEST(test_send_with_a_reference_and_no_ok),
		TEST(test_send_outcome_follows_the_error),
		TEST(test_send_goes_again_without_a_refused_validity),
		TEST(test_send_refused_before_the_prompt_never_went_out),
		TEST(test_send_late_reference_is_nobodys_answer),
		TEST(test_send_stuck_makes_way_for_a_call),
		TEST(test_send_ignores_the_echo),
		TEST(test_send_text_is_only_hex_on_the_wire),
		TEST(test_send_long_text_is_only_hex_on_the_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
