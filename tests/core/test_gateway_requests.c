/* What may be asked and what is answered: every answer is one JSON object with its exit status, whatever bytes were sent. */
#include <jansson.h>
#include <unistd.h>

#include "scenario/world.h"
#include "tests/core/gateway_bed.h"

#define KB64 65536

static struct bed bed;

static int set_up(void **state)
{
	(void)state;
	bed_init(&bed);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bed_deinit(&bed);
	return 0;
}

/* The last answer, read as a reader would; its "status" and "ok" agree with the exit status. */
static void check_json(const char *row)
{
	json_error_t error;
	json_t *json = json_loadb(buf_text(&bed.answer.json), bed.answer.json.len,
				  JSON_REJECT_DUPLICATES, &error);

	if (json == NULL)
		print_error("%s: %s: %.300s\n", row, error.text, buf_text(&bed.answer.json));
	CHECK_ROW(json_is_object(json), row);
	CHECK_ROW(json_integer_value(json_object_get(json, "status")) == bed.answer.status, row);
	CHECK_ROW(json_is_boolean(json_object_get(json, "ok")), row);
	CHECK_ROW(bed.answer.status == 0 || json_is_string(json_object_get(json, "error")), row);
	json_decref(json);
}

/* All of these with a page p1 that is open. */
static const struct {
	const char *words[8];
	int status;
	const char *says;
} asked[] = {
	{ { "page", "message", "db1 down" }, 0, "\"id\":\"p2\"" },
	{ { "page", "message", "m", "to", "ada" }, 0, "\"id\":\"p2\"" },
	{ { "page", "message", "m", "rotation", "platform", "severity", "SEV1" }, 0, "\"id\"" },
	{ { "page", "test", "true" }, 0, "\"id\"" },
	{ { "page" }, 2, "no message" },
	{ { "page", "message", "" }, 2, "no message" },
	{ { "page", "message", "m", "to", "nobody" }, 2, "nobody" },
	{ { "page", "message", "m", "to", "target" }, 2, "target" },
	{ { "page", "message", "m", "to", "platfrom" }, 2, "did you mean platform?" },
	{ { "page", "message", "m", "severity", "sev-99" }, 2, "sev-99" },
	{ { "page", "message", "m", "colour", "red" }, 2, "colour" },
	{ { "page", "message", "m", "", "x" }, 2, "takes no" },
	{ { "page", "message", "m", " ", "x" }, 2, "takes no" },
	{ { "page", "message", "m", "to rotation", "x" }, 2, "takes no" },
	{ { "page", "message", "m", "summary", "x" }, 2, "takes no" },
	{ { "incident", "summary", "s", "sev", "2" }, 0, "\"id\"" },
	{ { "incident" }, 2, "no message" },
	{ { "launch" }, 2, "launch" },
	{ { "" }, 2, "no command" },
	{ { "ack" }, 1, "which page" },
	{ { "ack", "id", "p99" }, 1, "p99" },
	{ { "ack", "id", "p-1" }, 1, "p-1" },
	{ { "ack", "id", "p99999999999999999999" }, 1, "no page" },
	{ { "ack", "id", "p1", "person", "nobody" }, 2, "no person \\\"nobody\\\": there are ada" },
	{ { "ack", "id", "p1", "person", "adda" }, 2, "did you mean ada?" },
	{ { "resolve", "id", "p1", "person", "adda" }, 2, "did you mean ada?" },
	{ { "ack", "id", "p1", "person", "ada" }, 0, "owns" },
	{ { "resolve", "id", "p1" }, 0, "resolved" },
	{ { "pass", "id", "p1" }, 1, "nobody has p1 yet: say who passes with --person" },
	{ { "pass", "id", "p1", "person", "carol" }, 1, "carol neither has p1 nor" },
	{ { "pass", "id", "p1", "person", "ada" }, 0, "passed" },
	{ { "escalate", "id", "p1" }, 2, "reason" },
	{ { "escalate", "id", "p1", "reason", "slow" }, 0, "escalated" },
	{ { "update", "id", "p1" }, 2, "give the words behind the ID" },
	{ { "update", "id", "p1", "text", "t" }, 0, "recorded" },
	{ { "note", "id", "p1", "text", "t" }, 0, "recorded" },
	{ { "show", "id", "p1" }, 0, "db0 down" },
	{ { "show" }, 1, "which page" },
	{ { "list" }, 0, "p1" },
	{ { "list", "state", "acked" }, 0, "\"pages\":[]" },
	{ { "list", "state", "foo" },
	  2,
	  "no state \\\"foo\\\": there are open, acked, deferred, snoozed, resolved, all" },
	{ { "list", "state", "opn" }, 2, "did you mean open?" },
	{ { "who" }, 0, "ada" },
	{ { "who", "rotation", "nothing" }, 2, "no rotation \\\"nothing\\\": there are platform" },
	{ { "who", "rotation", "platfrom" }, 2, "did you mean platform?" },
	{ { "who", "at", "tomorrow" }, 2, "--at" },
	{ { "who", "at", "2026-01-12T10:00:01Z" }, 0, "bob" },
	{ { "modems" }, 0, "alpha" },
	{ { "modems" }, 0, "\"firmware\":\"EC25EFAR02A09M4G\"" },
	{ { "at", "modem", "alpha", "query", "AT+CSQ" }, 0, "\"lines\":[\"+CSQ: 20,99\"]" },
	{ { "at", "modem", "beta", "query", "at+cops?" }, 0, "00101" },
	{ { "at", "modem", "alpha", "query", "AT" }, 0, "\"lines\":[]" },
	{ { "at", "modem", "alpha", "query", "AT+CMTE?" }, 1, "modem alpha: +CME ERROR: 4" },
	{ { "at", "modem", "alpha", "query", "ATD112;" }, 2, "one at a time" },
	{ { "at", "modem", "alpha", "query", "AT+CFUN=0" }, 1, "not on the list" },
	{ { "at", "modem", "alpha", "query", "A/" }, 2, "A/" },
	{ { "at", "modem", "alpha" }, 2, "which modem, and which query" },
	{ { "at", "modem", "gamma", "query", "AT" }, 2, "there are alpha, beta" },
	{ { "status" }, 0, "\"state\":\"ok\"" },
	{ { "status" }, 0, "\"on_call\":[{\"rotation\":\"platform\"" },
};

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		const char *row = asked[i].words[0];
		size_t before;

		BED_ASK(&bed, "page", "message", "db0 down");
		before = bed.answers;
		bed_ask(&bed, asked[i].words);
		if (bed.answer.status != asked[i].status || !bed_says(&bed, asked[i].says))
			print_error("row %zu: %.300s\n", i, buf_text(&bed.answer.json));
		CHECK_ROW(bed.answers == before + 1, row);
		CHECK_ROW(bed.answer.status == asked[i].status, row);
		CHECK_ROW(bed_says(&bed, asked[i].says), row);
		CHECK_ROW(bed.answer.ticket == 1000 + before, row);
		check_json(row);
		tear_down(NULL);
		bed_init(&bed);
	}
}

static void test_long(void **state)
{
	char *text = malloc(KB64 + 2);

	(void)state;
	CHECK(text != NULL);
	memset(text, 'x', KB64 + 1);
	text[KB64 + 1] = '\0';
	BED_ASK(&bed, "page", "message", text);
	CHECK(bed.answer.status == 2 && bed_says(&bed, "64 kB"));
	check_json("64 kB and one");
	BED_ASK(&bed, "page", "message", "m", "runbook", text);
	CHECK(bed.answer.status == 2);
	text[KB64] = '\0';
	BED_ASK(&bed, "page", "message", text);
	CHECK(bed.answer.status == 0);
	BED_ASK(&bed, "show", "id", "p1");
	check_json("64 kB");
	bed_advance(&bed, 10000);
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "xxxxx") == 1);
	CHECK(bed_wrote(&bed, "AT+CMGS") == 1); /* cut to one part */
	free(text);
}

static void test_request_id(void **state)
{
	char long_id[80];

	(void)state;
	BED_ASK(&bed, "page", "message", "m", "request", "r1");
	CHECK(bed_says(&bed, "\"id\":\"p1\"") && bed_says(&bed, "\"repeated\":false"));
	BED_ASK(&bed, "page", "message", "m", "request", "r1");
	CHECK(bed_says(&bed, "\"id\":\"p1\"") && bed_says(&bed, "\"repeated\":true"));
	CHECK(bed.answer.status == 0);
	check_json("repeated");
	BED_ASK(&bed, "resolve", "id", "p1");
	BED_ASK(&bed, "page", "message", "m", "request", "r1");
	CHECK(bed_says(&bed, "\"id\":\"p1\""));
	BED_ASK(&bed, "page", "message", "m", "request", "r2");
	CHECK(bed_says(&bed, "\"id\":\"p2\""));
	memset(long_id, 'r', sizeof long_id);
	long_id[64] = '\0';
	BED_ASK(&bed, "page", "message", "m", "request", long_id);
	CHECK(bed.answer.status == 2); /* it could not be known again */
	long_id[63] = '\0';
	BED_ASK(&bed, "page", "message", "m", "request", long_id);
	BED_ASK(&bed, "page", "message", "m", "request", long_id);
	CHECK(bed_says(&bed, "\"repeated\":true"));
	bed_advance(&bed, 10000);
	CHECK(bed_rows(&bed, 0, ROW_ANSWERED) == 3);
}

static void test_key(void **state)
{
	(void)state;
	BED_ASK(&bed, "page", "message", "m", "key", "db1");
	BED_ASK(&bed, "page", "message", "again", "key", "db1");
	CHECK(bed.answer.status == 0 && bed_says(&bed, "\"id\":\"p1\""));
	BED_ASK(&bed, "page", "message", "m", "key", "db2");
	CHECK(bed_says(&bed, "\"id\":\"p2\""));
	BED_ASK(&bed, "resolve", "id", "p1");
	BED_ASK(&bed, "page", "message", "m", "key", "db1");
	CHECK(bed_says(&bed, "\"id\":\"p3\"")); /* that one is over */
}

/* Ada left: her open page goes to the catch-all at once, and the next page to who is primary now. */
static void test_reload(void **state)
{
	static const char without_ada[] =
		"country = \"1\"; default_rotation = \"platform\"; operators = [ \"carol\" ];\n"
		"people = ( { name = \"bob\"; numbers = ( { number = \"+15550100002\"; } ); },\n"
		"  { name = \"carol\"; numbers = ( { number = \"+15550100003\"; } ); } );\n"
		"rotations = ( { name = \"platform\"; members = [ \"bob\" ]; starts = \"2026-01-05 "
		"10:00\"; } );\n"
		"policies = ( { name = \"default\"; steps = ( { to = [ \"target\" ]; } ); } );\n"
		"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\"; } "
		");\n";

	(void)state;
	BED_ASK(&bed, "page", "message", "first");
	bed_advance(&bed, 5000);
	gateway_reload(bed.gateway, bed_plan(without_ada), bed.now);
	bed_advance(&bed, 10000);
	CHECK(bed_seen(&bed, SIM_TEXTED, "carol", "first") == 1);
	BED_ASK(&bed, "page", "message", "second");
	bed_advance(&bed, 60000);
	CHECK(bed_seen(&bed, SIM_TEXTED, "bob", "second") == 1);
	CHECK(bed_seen(&bed, SIM_DIALLED, "ada", "") == 0);
	bed_line(&bed, "phone ada texts \"ACK\" to alpha"); /* a stranger by now */
	bed_advance(&bed, 5000);
	CHECK(bed_events(&bed, 0, "sms.stranger") == 1 && bed_events(&bed, 0, "page.acked") == 0);
}

static const char *const hostile[] = {
	"\"},\"ok\":true,{\"",
	"\\u0000 \\ \" \x01\x02\x1b[2J\r\n\t",
	"\xff\xfe\xc0\x80 \xed\xa0\x80 \xf8\x88\x80\x80\x80",
	"\xf0\x9f\x94\xa5 \xe2\x80\xae",
	"%s%n%d%99999s",
	"'; DROP TABLE page; --",
};

/* In every field of every command. */
static void test_hostile(void **state)
{
	static const char *const keys[] = { "message", "to", "severity", "request",
					    "key",     "id", "person",   "reason",
					    "text",    "at", "state",    "host" };
	static const char *const names[] = { "page",     "ack",    "resolve", "pass",
					     "escalate", "update", "show",    "list",
					     "who",      "status", "modems" };

	(void)state;
	BED_ASK(&bed, "page", "message", "db1 down");
	for (size_t h = 0; h < COUNT_OF(hostile); h++)
		for (size_t n = 0; n < COUNT_OF(names); n++)
			for (size_t k = 0; k < COUNT_OF(keys); k++) {
				const char *words[] = { names[n], keys[k], hostile[h], NULL };

				bed_ask(&bed, words);
				check_json(names[n]);
				for (size_t i = 0; i < bed.count; i++)
					batch_free(&bed.batches[i]);
				bed.batches[0].number = bed.batches[bed.count - 1].number;
				bed.count = 1;
				bed.decided = 1;
			}
	for (size_t h = 0; h < COUNT_OF(hostile); h++) {
		BED_ASK(&bed, hostile[h], hostile[h], hostile[h]);
		CHECK(bed.answer.status == 2);
		check_json("name");
	}
	BED_ASK(&bed, "list");
	check_json("list");
}

/* The answer got lost with the power: the same request gives the same page behind a restart. */
static void test_request_id_survives(void **state)
{
	static struct world world;
	struct request request = { .name = "page", .peer = "ops", .count = 2 };
	struct err err = { 0 };
	char path[100];

	(void)state;
	request.fields[0].key = "message";
	request.fields[0].value = "db1 down";
	request.fields[1].key = "request";
	request.fields[1].value = "r1";
	snprintf(path, sizeof path, "/tmp/tocsin-request-%ld.db", (long)getpid());
	CHECK(world_init(&world, path, 1, BED_MONDAY, &err) == 0);
	CHECK(world_configure(&world, span_of(bed_config), "bed.cfg", &err) == 0);
	CHECK(world_start(&world, &err) == 0);
	while (world.now.mono_ms < BED_START_MS)
		CHECK(world_step(&world, BED_START_MS, &err) == 0);
	world.crash_commit = world.commits + 1;
	world_request(&world, &request);
	CHECK(world.crashed && !world.answered);
	CHECK(world_restart(&world, &err) == 0);
	world_request(&world, &request);
	CHECK(world.answered && world.answer.status == 0);
	CHECK(strstr(buf_text(&world.answer.json), "\"id\":\"p1\"") != NULL);
	CHECK(strstr(buf_text(&world.answer.json), "\"repeated\":true") != NULL);
	CHECK(strstr(buf_text(&world.answer.json), "\"durable\":true") != NULL);
	world_deinit(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_table, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_long, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_request_id, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_reload, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_hostile, set_up, tear_down),
		cmocka_unit_test(test_request_id_survives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
