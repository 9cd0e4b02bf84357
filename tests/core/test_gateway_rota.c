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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rota_answers_each_request, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_rota_refuses_a_reason_it_cannot_keep, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
