/* Changes of the rota by request: what is answered, what is stored, and that whoever is away is never paged. */
#include <jansson.h>
#include <stdlib.h>

#include "tests/core/gateway_bed.h"

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

/* The last answer is JSON and says this. */
static bool says(const char *words)
{
	json_error_t error;
	json_t *json = json_loadb(buf_text(&bed.answer.json), bed.answer.json.len,
				  JSON_REJECT_DUPLICATES, &error);
	bool good = json_is_object(json) &&
		    json_integer_value(json_object_get(json, "status")) == bed.answer.status &&
		    strstr(buf_text(&bed.answer.json), words) != NULL;

	if (!good)
		print_error("%s, not %s\n", buf_text(&bed.answer.json), words);
	json_decref(json);
	return good;
}

static const struct {
	const char *words[10];
	int status;
	const char *says;
} asked[] = {
	{ { "override" }, 0, "\"changes\":[]" },
	{ { "absent" }, 0, "\"changes\":[]" },
	{ { "override", "person", "bob", "for", "2h" }, 0, "\"id\":\"r1\"" },
	{ { "override", "person", "bob" }, 2, "until when?" },
	{ { "override", "person", "bob", "for", "2h", "until", "2030-01-01 00:00" },
	  2,
	  "until when?" },
	{ { "override", "for", "2h" }, 2, "who?" },
	{ { "override", "person", "bobb", "for", "2h" }, 2, "did you mean bob?" },
	{ { "override", "person", "bob", "for", "0h" }, 2, "want a time to come" },
	{ { "override", "person", "bob", "for", "two hours" }, 2, "--for: \\\"two hours" },
	{ { "override", "person", "bob", "for", "500d" }, 2, "at most 400 days" },
	{ { "override", "person", "bob", "until", "1999-01-01 00:00" }, 2, "want a time to come" },
	{ { "override", "person", "bob", "for", "2h", "from", "soon" }, 2, "want a time to come" },
	{ { "override", "person", "bob", "for", "2h", "slot", "third" }, 2, "no slot" },
	{ { "override", "person", "bob", "for", "2h", "rotation", "platfrom" }, 2, "did you mean" },
	{ { "override", "swap", "never" }, 2, "--swap: " },
	{ { "override", "swap", "1999-01-01 00:00" }, 2, "--swap: " },
	{ { "override", "end", "r9" }, 2, "no override" },
	{ { "override", "end", "r99999999999999999999999" }, 2, "no override" },
	{ { "absent", "person", "bob", "for", "3d" }, 0, "\"kind\":\"absence\"" },
	{ { "absent", "person", "bob", "for", "3d", "cover", "bob" }, 2, "somebody else" },
	{ { "absent", "person", "carol", "for", "3d" },
	  1,
	  "nobody would be left for the operators" },
	{ { "absent", "person", "carol", "for", "3d", "cover", "ada" }, 0, "\"cover\":\"ada\"" },
	{ { "absent", "end", "r1" }, 2, "no absence" },
	{ { "who", "why", "true" }, 0, "by turns of" },
	{ { "schedule" }, 0, "\"shifts\":[{" },
	{ { "schedule", "days", "0" }, 2, "--days" },
	{ { "schedule", "days", "401" }, 2, "--days" },
	{ { "schedule", "until", "2000-01-01 00:00" }, 2, "--until" },
	{ { "schedule", "person", "adda" }, 2, "did you mean ada?" },
	{ { "schedule", "rotation", "x" }, 2, "no rotation" },
};

static void test_rota_answers_each_request(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		struct request request = { .name = asked[i].words[0], .peer = "ops", .ticket = 1 };

		for (size_t k = 1; asked[i].words[k] != NULL; k += 2) {
			request.fields[request.count].key = asked[i].words[k];
			request.fields[request.count++].value = asked[i].words[k + 1];
		}
		bed_deinit(&bed);
		bed_init(&bed);
		gateway_request(bed.gateway, &request, bed.now);
		bed_settle(&bed);
		CHECK_ROW(says(asked[i].says), asked[i].says);
		CHECK_ROW(bed.answer.status == asked[i].status, asked[i].says);
		CHECK_ROW((bed_rows(&bed, 0, ROW_ROTA) > 0) ==
				  (bed.answer.status == 0 && asked[i].words[3] != NULL &&
				   strcmp(asked[i].words[0], "schedule") != 0),
			  asked[i].says);
	}
}

static void test_rota_refuses_a_reason_it_cannot_keep(void **state)
{
	char reason[129];

	(void)state;
	memset(reason, 'x', 128);
	reason[128] = '\0';
	BED_ASK(&bed, "override", "person", "bob", "for", "2h", "reason", reason);
	bed_settle(&bed);
	CHECK(says("more than 127 bytes"));
	reason[127] = '\0';
	BED_ASK(&bed, "override", "person", "bob", "for", "2h", "reason", reason);
	bed_settle(&bed);
	CHECK(says(reason));
	CHECK(bed_events(&bed, 0, "rota.override") == 1);
}

#define LINE(from, until, rest) #from "\t" #until "\t" rest "\n"

static const char *holder(int64_t utc_s)
{
	static char name[PLAN_NAME];
	char at[32];
	const char *words;

	snprintf(at, sizeof at, "%lld", (long long)utc_s);
	BED_ASK(&bed, "who", "at", at);
	bed_settle(&bed);
	words = strstr(buf_text(&bed.answer.json), "\"person\":\"");
	words = words == NULL ? "" : words + strlen("\"person\":\"");
	span_copy((struct span){ words, strcspn(words, "\"") }, name, sizeof name);
	return name;
}

/* The bed's people have no titles and no addresses: the summary names them, as whole words. */
static void test_calendar_names_people_by_their_summary(void **state)
{
	static const char lines[] = LINE(1767607200, 1767610800, "\tOn Call - BOB - x")
		LINE(1767610800, 1767614400, "x@example.com\tbobby is no bob.by? bobs")
			LINE(1767614400, 1767618000, "\tcarol")
				LINE(1767614400, 1767618000, "\tada");

	(void)state;
	gateway_calendar(bed.gateway, "platform", span_of(lines), bed.now);
	bed_settle(&bed);
	CHECK(bed_rows(&bed, 0, ROW_CALENDAR) == 1 && bed_events(&bed, 0, "calendar.read") == 1);
	assert_string_equal(holder(1767607200), "bob");
	assert_string_equal(holder(1767610799), "bob");
	assert_string_equal(holder(1767614400), "carol");
	assert_string_equal(holder(1767618000), "ada"); /* by turns again */
}

static void test_calendar_is_stored_when_it_changed_or_is_an_hour_old(void **state)
{
	static const char lines[] = LINE(1767607200, 1767610800, "\tbob");

	(void)state;
	gateway_calendar(bed.gateway, "platform", span_of(lines), bed.now);
	bed_advance(&bed, 600000);
	gateway_calendar(bed.gateway, "platform", span_of(lines), bed.now);
	bed_settle(&bed);
	CHECK(bed_rows(&bed, 0, ROW_CALENDAR) == 1 && bed_events(&bed, 0, "calendar.read") == 1);
	bed_advance(&bed, 3600000);
	gateway_calendar(bed.gateway, "platform", span_of(lines), bed.now);
	bed_settle(&bed);
	CHECK(bed_rows(&bed, 0, ROW_CALENDAR) == 2 && bed_events(&bed, 0, "calendar.read") == 1);
	gateway_calendar(bed.gateway, "platform", span_of(""), bed.now);
	bed_settle(&bed);
	CHECK(bed_rows(&bed, 0, ROW_CALENDAR) == 3 && bed_events(&bed, 0, "calendar.read") == 2);
}

/* What was read counts on; after a day the operators hear of it, once it is read again it is over. */
static void test_calendar_that_cannot_be_read_is_told_after_a_day(void **state)
{
	static const char *const bad[] = { "hello\n", "1\t2\n", "2\t1\t\tbob\n", "1\tx\t\tbob\n" };
	static const char lines[] = LINE(1767607200, 1799999999, "\tbob");

	(void)state;
	gateway_calendar(bed.gateway, "platform", span_of(lines), bed.now);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		gateway_calendar(bed.gateway, "platform", span_of(bad[i]), bed.now);
	bed_advance(&bed, 60000);
	CHECK(bed_seen(&bed, SIM_TEXTED, "carol", "calendar") == 0);
	for (int i = 0; i < 25; i++) {
		bed_advance(&bed, 3600000);
		gateway_calendar_failed(bed.gateway, "platform", "it is gone", bed.now);
	}
	bed_advance(&bed, 3600000 * 12); /* into waking hours */
	CHECK(bed_seen(&bed, SIM_TEXTED, "carol", "calendar of the rota cannot be read") >= 1);
	assert_string_equal(holder(bed.now.utc_s), "bob");
	gateway_calendar(bed.gateway, "platform", span_of(lines), bed.now);
	bed_settle(&bed);
	BED_ASK(&bed, "faults");
	bed_settle(&bed);
	CHECK(strstr(buf_text(&bed.answer.json), "calendar.old") == NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rota_answers_each_request, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_rota_refuses_a_reason_it_cannot_keep, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_calendar_names_people_by_their_summary, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(
			test_calendar_is_stored_when_it_changed_or_is_an_hour_old, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			test_calendar_that_cannot_be_read_is_told_after_a_day, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
