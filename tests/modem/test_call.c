#include "tests/modem/call_script.h"

/* How to get into each state, from nothing and with no poll outstanding (but in CLEARING). */
static const struct prelude {
	enum call_state state;
	const char *inputs[8];
	int stat; /* what +CLCC says in it */
	bool incoming;
} preludes[] = {
	{ CALL_IDLE, { NULL }, 2 },
	{ CALL_DIALLING, { "start" }, 2 },
	{ CALL_ALERTING, { "start", "MO RING" }, 3 },
	{ CALL_CONFIRMING, { "start", "VOICE CALL: BEGIN", "polled" }, 0 },
	{ CALL_TALKING, { "start", "VOICE CALL: BEGIN", "MO CONNECTED", "polled" }, 0 },
	{ CALL_BLIND, { "start", "ATD OK", "tick later" }, 2 },
	{ CALL_PICKING_UP, { "start" }, 4, true },
	{ CALL_HANGING_UP, { "start", "stop" }, 2 },
	{ CALL_CLEARING, { "start", "BUSY" }, 2 },
	{ CALL_OVER, { "start", "lost" }, 2 },
};

static struct call *bring_to(const struct prelude *prelude)
{
	struct call *call = prelude->incoming ? fresh_incoming() : fresh();
	struct buf ignored = { 0 };

	for (size_t i = 0; i < COUNT_OF(prelude->inputs) && prelude->inputs[i] != NULL; i++) {
		input(call, span_of(prelude->inputs[i]), at_ms(0));
		drain(call, &ignored, ' ', ' ');
	}
	buf_free(&ignored);
	CHECK(call_state(call) == prelude->state);
	return call;
}

/* One row an event, one column a state: the state after it, by its letter, and what it asks for. */
static void test_call_walks_every_pair_of_state_and_event(void **state)
{
	static const struct {
		const char *event;
		const char *
			cells; /* Idle Dialling Alerting conFirming Talking Blind Picking-up Hanging-up Clearing Over */
	} rows[] = {
		{ "start", "D/dial D A F T B P H C O" },
		{ "ATD OK", "I D/dialled A/dialled F/dialled T/dialled B T/answered H C O" },
		{ "ATD none", "I H/hang-up A F T B H/hang-up H C O" },
		{ "ATD ERROR", "I C/cause,poll C/cause,poll C/cause,poll T B C/poll H C O" },
		{ "+CLCC: 1,0,2,0,0", "I D A D T D P H C O" },
		{ "+CLCC: 1,0,3,0,0", "I A/alerting A A/alerting T A/alerting P H C O" },
		{ "+CLCC: 1,0,0,0,0", "I F/poll F/poll F T F/poll P H C O" },
		{ "MO CONNECTED", "I F/poll F/poll T/answered T F/poll T/answered H C O" },
		{ "+CLCC: 1,1,0,0,0", "I D A F T B T/answered H C O" },
		{ "BUSY", "I C/cause,poll C/cause,poll C/cause,poll C/poll C/cause,poll C/poll "
			  "C/poll C O" },
		{ "NO ANSWER", "I C/cause,poll C/cause,poll C/cause,poll C/poll C/cause,poll "
			       "C/poll C/poll C O" },
		{ "NO DIALTONE", "I C/cause,poll C/cause,poll C/cause,poll C/poll C/cause,poll "
				 "C/poll C/poll C O" },
		{ "NO CARRIER", "I C/cause,poll C/cause,poll C/cause,poll C/poll C/cause,poll "
				"C/poll C/poll C O" },
		{ "^CEND:1,0,0", "I C/cause,poll C/cause,poll C/cause,poll C/poll C/cause,poll "
				 "C/poll C/poll C O" },
		{ "+DTMF: 1", "I D A F T/key1 T/key1 P H C O" },
		{ "polled", "I D A F T B P H O/over O" },
		{ "poll failed", "I D A F T B P H C O" },
		{ "stop",
		  "O/over H/hang-up H/hang-up H/hang-up H/hang-up H/hang-up H/hang-up H C O" },
		{ "hung up", "I D A F T B P C/poll C O" },
		{ "lost", "O/over O/over O/over O/over O/over O/over O/over O/over O/over O" },
		{ "tick", "I H/hang-up H/hang-up T/answered H/hang-up H/hang-up H/hang-up C/poll "
			  "O/over O" },
	};
	static const char letters[] = "?IDAFTBPHCO";

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct span cells = span_of(rows[i].cells);

		for (size_t k = 0; k < COUNT_OF(preludes); k++) {
			struct span cell = span_word(&cells);
			struct call *call = bring_to(&preludes[k]);
			struct buf got = { 0 };

			input(call, span_of(rows[i].event), at_ms(100000));
			buf_add_char(&got, letters[call_state(call)]);
			drain(call, &got, '/', ',');
			check_text(buf_text(&got), cell, rows[i].event,
				   call_state_name(preludes[k].state));
			buf_free(&got);
			call_free(call);
		}
		CHECK_ROW(span_trim(cells).len == 0, rows[i].event);
	}
}

/* Polls for five seconds, each listing the call or not, until the state changes. */
static enum call_state after_polls(const struct prelude *prelude, bool listed)
{
	struct call *call = bring_to(prelude);
	enum call_state state;
	struct call_todo todo;
	char row[32];
	bool asked = prelude->state == CALL_CLEARING;

	snprintf(row, sizeof(row), "+CLCC: 1,0,%d,0,0", prelude->stat);
	input(call, span_of("ATD OK"), at_ms(0));
	input(call, span_of(row), at_ms(0));
	if (!asked)
		call_polled(call, true, at_ms(0));
	for (int64_t ms = 250; ms <= 5000 && call_state(call) == prelude->state; ms += 250) {
		call_tick(call, at_ms(ms));
		while (call_take(call, &todo))
			asked = asked || todo.kind == CALL_POLL;
		if (asked && listed)
			input(call, span_of(row), at_ms(ms));
		if (asked)
			call_polled(call, true, at_ms(ms));
		asked = false;
	}
	state = call_state(call);
	call_free(call);
	return state;
}

static void test_call_takes_two_absences_for_the_end_and_three_for_a_zombie(void **state)
{
	/* For each prelude: when it is no longer listed, and when it is for ever. */
	static const enum call_state want[][2] = {
		{ CALL_IDLE, CALL_IDLE },
		{ CALL_CLEARING, CALL_DIALLING },
		{ CALL_CLEARING, CALL_ALERTING },
		{ CALL_CLEARING, CALL_TALKING }, /* held for a second meanwhile */
		{ CALL_CLEARING, CALL_TALKING },
		{ CALL_DIALLING, CALL_DIALLING }, /* it is told of after all */
		{ CALL_TALKING, CALL_TALKING },   /* ATA is taken at once */
		{ CALL_HANGING_UP, CALL_HANGING_UP },
		{ CALL_OVER, CALL_OVER },
		{ CALL_OVER, CALL_OVER },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(preludes); i++) {
		enum call_state gone = after_polls(&preludes[i], false);
		enum call_state stuck = after_polls(&preludes[i], true);

		CHECK_ROW(gone == want[i][0], call_state_name(preludes[i].state));
		CHECK_ROW(stuck == want[i][1], call_state_name(preludes[i].state));
	}
}

/* A byte was lost on the way to the modem; ours is +447700900123. */
static void test_call_hangs_up_a_number_that_is_not_ours(void **state)
{
	static const struct {
		const char *line;
		bool ends;
	} rows[] = {
		{ "+CLCC: 1,0,2,0,0,\"+447700900123\",145", false },
		{ "+CLCC: 1,0,2,0,0,\"07700900123\",129", false },
		{ "+CLCC: 1,0,2,0,0,\"+44770090013\",145", true },
		{ "+CLCC: 1,0,2,0,0,\"+47700900123\",145", true }, /* the last eight are ours */
		{ "+CLCC: 1,0,2,0,0,\"0770090123\",129", true },
		{ "+QIND: \"ccinfo\",1,0,2,0,0,\"+44770090012\",145", true },
		{ "+CLCC: 1,0,2,0,0,\"+4477009", false }, /* cut by another line */
		{ "+CLCC: 1,0,2,0,0,\"\",128", false },
		{ "+CLCC: 1,1,4,0,0,\"+15550100009\",145", false }, /* they ring us */
		{ "+CLCC: 1,0,0,1,0,\"\",128", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct call *call = bring_to(&preludes[1]);

		call_line(call, span_of(rows[i].line), at_ms(1));
		CHECK_ROW((call_state(call) == CALL_HANGING_UP) == rows[i].ends, rows[i].line);
		call_free(call);
	}
}

static void test_call_takes_repeats_of_a_digit_as_one_press(void **state)
{
	static const struct {
		int64_t ms;
		const char *line;
		const char *want;
	} rows[] = {
		{ 0, "+DTMF: 1", "key1" },
		{ 150, "+RXDTMF: 1", "" }, /* the same press, told twice */
		{ 350, "+DTMF: 1", "" },   /* still the same train */
		{ 551, "+DTMF: 1", "key1" },
		{ 560, "+DTMF: 2", "key2" },
		{ 570, "+DTMF: 1", "key1" },
		{ 900, "+QTONEDET: 42", "key*" },
		{ 1200, "+QTONEDET: 35", "key#" },
		{ 1500, "+QTONEDET: 68", "keyD" },
		{ 1800, "^DDTMF:#", "key#" },
		{ 2100, "+DTMF: E", "" },
		{ 2101, "+DTMF:", "" },
		{ 2102, "+QTONEDET: 255", "" },
		{ 2103, "+DTMF: 12", "" },
	};
	struct call *call = bring_to(&preludes[4]);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf got = { 0 };

		input(call, span_of(rows[i].line), at_ms(1000 + rows[i].ms));
		drain(call, &got, '\0', ' ');
		check_text(buf_text(&got), span_of(rows[i].want), "keys", rows[i].line);
		buf_free(&got);
	}
	call_free(call);
}

static void test_call_knows_which_lines_are_about_it(void **state)
{
	static const struct {
		const char *line;
		bool ours;
	} rows[] = {
		{ "+CLCC: 1,0,3,0,0,\"+447700900123\",145", true },
		{ "+CLCC: 1, 0, 3, 0, 0, \"07700900123\", 129, \"\"", true },
		{ "+CLCC: 1,0,3,0,0,07700900123,129", true },
		{ "+CLCC: 1,0,3,0,0,\"447700900123\",145,\"Bob, at home\"", true },
		{ "+CLCC: 1,0,3,0,0", true },
		{ "+CLCC: 1,0,3,0,0,\"\",128", true },
		{ "+CLCC: 1,0,3,0,0,\"+447700900124\",145", false }, /* another number */
		{ "+CLCC: 1,0,0,1,0,\"\",128", false },              /* a data context */
		{ "+CLCC: 1,1,4,0,0,\"+447700900123\",145", false }, /* they ring us */
		{ "+CLCC: 1,0,9,0,0", false },
		{ "+CLCC:", false },
		{ "+CLCC: x,y,z", false },
		{ "+QIND: \"csq\",20,99", false },
		{ "^CONN:1,2", false }, /* packet data */
		{ "+CEER: 2,17", true },
		{ "+CMTI: \"SM\",1", false },
		{ "RING", false },
		{ "OK", false },
		{ "BUSYBODY", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct call *call = bring_to(&preludes[1]);
		bool ours = call_line(call, span_of(rows[i].line), at_ms(1));

		CHECK_ROW(ours == rows[i].ours, rows[i].line);
		call_free(call);
	}
}

static void test_call_reads_causes_in_each_form(void **state)
{
	static const struct {
		const char *line;
		int cause;
	} rows[] = {
		{ "+CEER: Cause:17", 17 },
		{ "+CEER: User busy", 17 },
		{ "+CEER: \"31 Normal unspecified\"", 31 },
		{ "+CEER: Invalid/incomplete number", 28 },
		{ "+CEER: User alerting, no answer", 19 },
		{ "+CEER: 1,34", 34 },
		{ "+CEER: 0,21", 38 },  /* the modem's own list: no service */
		{ "+CEER: 0,105", 50 }, /* no funds */
		{ "+CEER: 0,104", -1 }, /* the network ended it: no word of why */
		{ "+CEER: 5,17", -1 },  /* of LTE: other numbers */
		{ "+CEER: Switching equipment congestion", 42 },
		{ "+CEER: 0,-1", -1 },
		{ "+CEER: \"CC setup error\",34,\"No circuit\"", 34 },
		{ "#CEER: 16", 16 },
		{ "+CEER: 16", 16 },
		{ "+CEER: 999", -1 },
		{ "+CEER: No cause information available", -1 },
		{ "+CEER:", -1 },
		{ "^CEND:1,0,104,18", 18 },
		{ "^CEND:1,0,104", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct call *call = bring_to(&preludes[6]);

		call_line(call, span_of(rows[i].line), at_ms(1));
		call_lost(call, at_ms(2));
		CHECK_ROW(call_result(call).cause == rows[i].cause, rows[i].line);
		call_free(call);
	}
}

static void test_call_new_refuses_bad_numbers_and_limits(void **state)
{
	static const char *const numbers[] = { "",
					       "112",
					       "+44770",
					       "07700900123",
					       "+44 7700900123",
					       "+4477009001234567",
					       "+447700900123;",
					       "*21*+447700900123#" };
	struct call_limits limits = { RING_MS, TALK_MS };
	struct call *call = NULL;
	struct err err;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		int got = call_new(&call, span_of(numbers[i]), limits, &err);

		CHECK_ROW(got == -1 && err.code == ERR_INVALID, numbers[i]);
	}
	limits.ring_ms = 0;
	CHECK(call_new(&call, span_of("+447700900123"), limits, &err) == -1);
	CHECK(call == NULL);
	call_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call_walks_every_pair_of_state_and_event),
		cmocka_unit_test(test_call_takes_two_absences_for_the_end_and_three_for_a_zombie),
		cmocka_unit_test(test_call_hangs_up_a_number_that_is_not_ours),
		cmocka_unit_test(test_call_takes_repeats_of_a_digit_as_one_press),
		cmocka_unit_test(test_call_knows_which_lines_are_about_it),
		cmocka_unit_test(test_call_reads_causes_in_each_form),
		cmocka_unit_test(test_call_new_refuses_bad_numbers_and_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
