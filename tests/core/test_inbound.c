/* No text acts twice, none is swallowed (FIELD.md C5, D3, E3, E4): straight into the inbox, with units as a modem hands them over. */
#include "core/inside.h"
#include "tests/core/stage.h"

#define MINUTE_MS 60000
#define ADA       "0B915155100000F1" /* +15550100001 */

static const char config[] =
	"gateway = \"Tocsin\"; country = \"1\"; default_rotation = \"platform\";\n"
	"operators = [ \"bob\" ]; proof = { every = \"0 s\"; };\n"
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; kinds = [ \"sms\" "
	"]; } "
	"); },\n"
	"  { name = \"bob\"; numbers = ( { number = \"+15550100002\"; } ); } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\", \"bob\" ];\n"
	"  starts = \"2026-01-05 10:00\"; } );\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\"; } );\n";

static struct stage stage;

static int set_up(void **state)
{
	(void)state;
	STAGE_OPEN(&stage, config, STAGE_MONDAY, "modem alpha +15550009001 quectel",
		   "phone ada +15550100001 ignores", "phone bob +15550100002 ignores");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stage_close(&stage);
	return 0;
}

/* A DELIVER in UCS-2 (3GPP TS 23.040, 9.2.2.1), stamped 2026-01-05 10:00 plus `minute`; part 0: not one of several. */
static void write_unit(struct buf *hex, const char *text, int minute, unsigned part, unsigned total)
{
	size_t len = 2 * strlen(text) + (part > 0 ? 6 : 0);

	buf_addf(hex, "00%s" ADA "00086210500%d%d%d0000%02zX", part > 0 ? "44" : "04", 1,
		 minute % 10, minute / 10, len);
	if (part > 0)
		buf_addf(hex, "050003A7%02X%02X", total, part);
	for (; *text != '\0'; text++)
		buf_addf(hex, "00%02X", (unsigned)(unsigned char)*text);
}

struct unit {
	const char *text;
	int minute; /* of its stamp */
	unsigned part, total;
	int index; /* -1: came directly */
	int message_class;
};

static void arrives(struct unit unit)
{
	struct device_event event = { .kind = DEVICE_EVENT_RECEIVED, .index = unit.index };
	struct buf hex = { 0 };
	struct err err = { 0 };

	write_unit(&hex, unit.text, unit.minute, unit.part, unit.total);
	stage_must(pdu_decode(buf_span(&hex), &event.pdu, &err) == 0, &err);
	event.pdu.message_class = unit.message_class;
	span_copy(buf_span(&hex), event.raw, sizeof event.raw);
	span_copy(span_of(unit.index < 0 ? "" : "SM"), event.memory, sizeof event.memory);
	buf_free(&hex);
	inbox_received(stage.world.gateway, 0, &event, stage.world.now);
	gateway_tick(stage.world.gateway, stage.world.now);
	stage_run(&stage, 2000);
}

static void page(const char *message)
{
	STAGE_ASK(&stage, "page", "message", message);
	stage_run(&stage, 5000);
}

/* The page with these words is in this state. */
static bool is(const char *message, const char *state)
{
	const char *at;
	char id[24] = "";

	STAGE_ASK(&stage, "list", "state", "all");
	at = strstr(buf_text(&stage.world.answer.json), message);
	while (at != NULL && at > buf_text(&stage.world.answer.json) &&
	       strncmp(at, "\"id\":\"", 6) != 0)
		at--;
	if (at != NULL)
		span_copy((struct span){ at + 6, strcspn(at + 6, "\"") }, id, sizeof id);
	STAGE_ASK(&stage, "show", "id", id);
	return stage_says(&stage, message) && stage_says(&stage, state);
}

static const char *code_of(const char *message)
{
	static char code[16];
	const char *at;

	STAGE_ASK(&stage, "list");
	at = strstr(buf_text(&stage.world.answer.json), message);
	while (at != NULL && at > buf_text(&stage.world.answer.json) &&
	       strncmp(at, "\"code\":\"", 8) != 0)
		at--;
	CHECK(at != NULL);
	if (at != NULL)
		span_copy((struct span){ at + 8, strcspn(at + 8, "\"") }, code, sizeof code);
	return code;
}

#define OPEN  "\"state\":\"open\""
#define ACKED "\"state\":\"acked\""

static void test_inbound_two_ways_are_one_message(void **state)
{
	(void)state;
	page("db1 down");
	arrives((struct unit){ "ACK", 1, 0, 0, -1, -1 });
	CHECK(is("db1 down", ACKED));
	STAGE_ASK(&stage, "resolve", "id", "p1");
	page("db2 down");
	arrives((struct unit){ "ACK", 1, 0, 0, 4, 0 }); /* the stored copy, of another class */
	CHECK(is("db2 down", OPEN));
	stage_restart(&stage);
	stage_run(&stage, 20000);
	arrives((struct unit){ "ACK", 1, 0, 0, 4, 0 }); /* and behind a restart */
	CHECK(is("db2 down", OPEN));
	arrives((struct unit){ "ACK", 2, 0, 0, 5, -1 });
	CHECK(is("db2 down", ACKED));
}

/* It cannot be deleted: seen at every sweep for two hours it stays one message. */
static void test_inbound_stuck_message_acts_once(void **state)
{
	(void)state;
	page("db1 down");
	arrives((struct unit){ "ACK", 1, 0, 0, 4, -1 });
	CHECK(is("db1 down", ACKED));
	STAGE_ASK(&stage, "resolve", "id", "p1");
	for (int i = 0; i < 60; i++) {
		stage_run(&stage, 2 * MINUTE_MS);
		if (i == 30) {
			page("db2 down");
			STAGE_ASK(&stage, "show", "id", "p2");
		}
		arrives((struct unit){ "ACK", 1, 0, 0, 4, -1 });
	}
	CHECK(is("db2 down", OPEN));
}

/* The message centre's clock stands still: the second real ack looks just like the first, but its place was empty in between. */
static void test_inbound_stuck_clock_swallows_no_ack(void **state)
{
	(void)state;
	page("db1 down");
	arrives((struct unit){ "ACK", 1, 0, 0, 1, -1 });
	CHECK(is("db1 down", ACKED));
	STAGE_ASK(&stage, "resolve", "id", "p1");
	stage_run(&stage, 20 * MINUTE_MS);
	page("db2 down");
	arrives((struct unit){ "ACK", 1, 0, 0, 1, -1 }); /* in the same place */
	CHECK(is("db2 down", ACKED));
}

static void long_reply(char text[120], const char *code)
{
	snprintf(text, 120, "ACK %s I am on my way, give me ten minutes to find a com", code);
}

/* E3: the first part has word and code.  It acts at once, in any order, once, also across a restart. */
static void test_inbound_part_with_the_code_is_enough(void **state)
{
	char text[120];

	(void)state;
	page("db1 down");
	page("db2 down");
	long_reply(text, code_of("db2 down"));
	arrives((struct unit){ "puter", 1, 2, 2, 3, -1 });
	CHECK(is("db2 down", OPEN));
	arrives((struct unit){ text, 1, 1, 2, 4, -1 });
	CHECK(is("db2 down", ACKED) && is("db1 down", OPEN));
	STAGE_ASK(&stage, "pass", "id", "p2");
	arrives((struct unit){ text, 1, 1, 2, 5, -1 }); /* doubled by the network */
	CHECK(is("db2 down", OPEN));
}

static void test_inbound_part_acts_once_across_a_restart(void **state)
{
	char text[120];

	(void)state;
	page("db1 down");
	long_reply(text, code_of("db1 down"));
	arrives((struct unit){ text, 1, 1, 2, 4, -1 });
	CHECK(is("db1 down", ACKED));
	stage_restart(&stage);
	stage_run(&stage, 20000);
	STAGE_ASK(&stage, "pass", "id", "p1");
	arrives((struct unit){ "puter", 1, 2, 2, 5, -1 }); /* now it is whole: it has acted */
	CHECK(is("db1 down", OPEN));
	stage_run(&stage, 15 * MINUTE_MS);
	CHECK(is("db1 down", OPEN));
}

/* A later part may be from the middle of a page that somebody quotes: alone it says nothing. */
static void test_inbound_later_part_alone_is_not_enough(void **state)
{
	char text[40];

	(void)state;
	page("db1 down");
	snprintf(text, sizeof text, "ACK %s: db1 down", code_of("db1 down"));
	arrives((struct unit){ text, 1, 2, 2, 4, -1 });
	stage_run(&stage, 15 * MINUTE_MS);
	CHECK(is("db1 down", OPEN));
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGED(test_inbound_two_ways_are_one_message),
		STAGED(test_inbound_stuck_message_acts_once),
		STAGED(test_inbound_stuck_clock_swallows_no_ack),
		STAGED(test_inbound_part_with_the_code_is_enough),
		STAGED(test_inbound_part_acts_once_across_a_restart),
		STAGED(test_inbound_later_part_alone_is_not_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
