#include "config/config.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/unit.h"
#include "zoneinfo.h"

/* A leak of 64 bytes in libconfig 1.5, when an error follows a text, is not ours. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig";
}

#define HEAD                                                                                     \
	"country = \"1\"; default_rotation = \"r\"; operators = [ \"ada\" ];\n"                  \
	"modems = ( { name = \"a\"; port = \"/dev/a\"; }, { name = \"b\"; port = \"/dev/b\"; } " \
	");\n"
#define PEOPLE                                                                            \
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n" \
	"           { name = \"bob\"; numbers = ( { number = \"+15550100002\"; } ); } );\n"
#define ROTATIONS                                                         \
	"rotations = ( { name = \"r\"; members = [ \"ada\", \"bob\" ];\n" \
	"                starts = \"2026-01-05 10:00\"; } );\n"

struct parsed {
	struct config *config;
	struct buf errors;
	struct buf warnings;
	int rc;
};

static struct parsed parse(const char *text)
{
	struct parsed parsed = { 0 };

	const struct config_source source = { span_of(text), "x.cfg", zoneinfo_load };

	parsed.rc = config_parse(&parsed.config, &source, &parsed.errors, &parsed.warnings);
	/* Result or errors, never both, never neither. */
	CHECK((parsed.rc == 0) == (parsed.config != NULL));
	CHECK((parsed.rc == 0) == (parsed.errors.len == 0));
	return parsed;
}

static void parsed_free(struct parsed *parsed)
{
	config_free(parsed->config);
	buf_free(&parsed->errors);
	buf_free(&parsed->warnings);
}

static char *read_whole(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, 65536);

	assert_non_null(file);
	assert_non_null(text);
	CHECK(fread(text, 1, 65535, file) > 0);
	fclose(file);
	return text;
}

static void test_config_loads_every_example_without_errors(void **state)
{
	static const char *const names[] = { "plaza", "novalien", "tensorwasm", "zephyr", "demo" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char path[80];
		char *text;
		struct parsed parsed;

		snprintf(path, sizeof(path), "config/examples/%s.cfg", names[i]);
		text = read_whole(path);
		parsed = parse(text);
		if (parsed.errors.len > 0)
			print_error("%s", buf_text(&parsed.errors));
		CHECK_ROW(parsed.rc == 0, names[i]);
		/* Only the demonstration is allowed to be told that it is weak. */
		CHECK_ROW((parsed.warnings.len == 0) == (strcmp(names[i], "demo") != 0), names[i]);
		parsed_free(&parsed);
		free(text);
	}
}

static void test_config_gives_what_plaza_says(void **state)
{
	char *text = read_whole("config/examples/plaza.cfg");
	struct parsed parsed = parse(text);
	const struct plan *plan = parsed.config->plan;
	const struct plan_policy *policy = plan_policy(plan, span_of("plaza"));
	const struct plan_person *bob = plan_person(plan, span_of("bob"));

	(void)state;
	CHECK(plan->person_count == 4 && plan->severity_count == 4);
	CHECK(plan->default_severity == 2);
	assert_non_null(policy);
	CHECK(policy->step_count == 3 && policy->steps[1].wait_s == 300);
	assert_string_equal(policy->steps[1].targets.at[0], "oncall.secondary");
	CHECK(policy->beside_count == 1 && policy->besides[0].money);
	CHECK(policy->besides[0].severities == 1u);
	CHECK(plan->severities[1].ack_within_s == 600 && plan->severities[1].remind_s == 1800);
	CHECK(plan->rotations[0].base.starts_s == 1767607200 &&
	      plan->rotations[0].base.shift_s == 604800);
	assert_non_null(bob);
	CHECK(bob->number_count == 2 && !bob->numbers[1].sms && bob->numbers[1].voice);
	assert_string_equal(bob->title, "Bob Birch");
	CHECK(parsed.config->modem_count == 2 && parsed.config->modems[1].voice);
	parsed_free(&parsed);
	free(text);
}

static void test_config_fills_in_every_default(void **state)
{
	struct parsed parsed = parse(HEAD PEOPLE ROTATIONS);
	const struct plan *plan;
	const struct plan_times *times;

	(void)state;
	if (parsed.rc != 0)
		print_error("%s", buf_text(&parsed.errors));
	CHECK(parsed.rc == 0);
	plan = parsed.config->plan;
	times = &plan->times;
	assert_string_equal(plan->gateway, "Tocsin");
	assert_string_equal(parsed.config->socket, "/run/tocsin/tocsin.sock");
	assert_string_equal(parsed.config->database, "/var/lib/tocsin/tocsin.db");
	CHECK(parsed.config->denied_prefix_count == 5);
	assert_string_equal(parsed.config->denied_prefixes[4], "+979");
	CHECK(parsed.config->budget_sms == 150 && parsed.config->budget_calls == 60 &&
	      parsed.config->budget_call_minutes == 90);
	CHECK(times->call_after_s == 15 && times->ring_s == 35 && times->talk_s == 50);
	CHECK(times->second_after_s == 60 && times->second_gap_s == 10);
	CHECK(times->second_within_s == 150 && times->third_after_s == 60);
	CHECK(times->bundle_s == 45 && times->no_path_s == 60 && times->key_s == 8);
	CHECK(times->repeat_s[0] == 600 && times->repeat_s[1] == 1200 &&
	      times->repeat_s[2] == 1800);
	CHECK(times->lease_warning_s == 300 && times->sms_validity_min == 15);
	CHECK(plan->severity_count == 3 && plan->default_severity == 1);
	CHECK(plan->severities[0].call_at_once && plan->severities[1].lease_s == 2700);
	CHECK(plan->policy_count == 1 && plan->policies[0].step_count == 2);
	assert_string_equal(plan->default_policy, "standard");
	CHECK(plan->catch_all.count == 1 && plan->dtmf_ack == PLAN_DTMF_CHALLENGE);
	assert_string_equal(plan->people[0].title, "ada");
	CHECK(plan->people[0].numbers[0].sms && plan->people[0].numbers[0].voice);
	CHECK(plan->rotations[0].slot_count == 2);
	parsed_free(&parsed);
}

static void test_config_names_what_is_wrong_and_where(void **state)
{
	static const struct {
		const char *text;
		const char *want; /* stands in the errors */
	} rows[] = {
		{ HEAD PEOPLE ROTATIONS "gatway = \"x\";",
		  "x.cfg:7: \"gatway\" is not a key here, did you mean gateway?" },
		{ HEAD PEOPLE ROTATIONS "times = { rings = \"5 s\"; };", "did you mean ring?" },
		{ HEAD PEOPLE ROTATIONS "times = { ring = 35; };", "x.cfg:7: times.ring: want" },
		{ HEAD PEOPLE ROTATIONS "times = { ring = \"35 sec\"; };",
		  "times.ring: \"35 sec\"" },
		{ HEAD PEOPLE ROTATIONS "times = { ring = \"1 h\"; };", "\"5 s\" to \"2 min\"" },
		{ HEAD PEOPLE ROTATIONS "times = { sms_validity = \"301 s\"; };", "whole minutes" },
		{ HEAD PEOPLE ROTATIONS "times = { second_within = \"9 s\"; };",
		  "shorter than second_after" },
		{ HEAD PEOPLE ROTATIONS "reactions = 1;", "reactions: want true or false" },
		{ HEAD PEOPLE ROTATIONS "budget = { sms = 0; };", "budget.sms: want 1 to 100000" },
		{ HEAD PEOPLE ROTATIONS "budget = { sms = 3000000000; };",
		  "3000000000 does not fit" },
		{ HEAD PEOPLE ROTATIONS "budget = { sms = 0x1FFFFFFFF; };", "does not fit" },
		{ HEAD PEOPLE ROTATIONS "budget = { sms = 50L; };", "want no L" },
		{ HEAD PEOPLE ROTATIONS "budget = { sms = 0755; };", "read as decimal" },
		{ HEAD PEOPLE ROTATIONS "@include \"/etc/passwd\"", "@include is not taken" },
		{ HEAD PEOPLE ROTATIONS "/* never", "x.cfg:7: this comment never ends" },
		{ HEAD PEOPLE ROTATIONS "gateway = \"never", "x.cfg:7: this text never ends" },
		{ HEAD PEOPLE ROTATIONS "gateway = ;", "x.cfg:7: syntax error" },
		{ HEAD PEOPLE ROTATIONS "gateway = \"a\"; gateway = \"b\";", "duplicate" },
		{ HEAD PEOPLE ROTATIONS "gateway = \"\\xff\";", "gateway:" },
		{ HEAD PEOPLE ROTATIONS "dtmf_ack = \"none\";", "\"challenge\" or \"single\"" },
		{ HEAD PEOPLE ROTATIONS "default_severity = \"sev-9\";", "there is no \"sev-9\"" },
		{ HEAD PEOPLE ROTATIONS "default_policy = \"standart\";",
		  "did you mean standard?" },
		{ HEAD PEOPLE ROTATIONS "catch_all = [ \"adda\" ];", "did you mean ada?" },
		{ HEAD PEOPLE ROTATIONS "catch_all = [ \"r.third\" ];",
		  "no rotation has this slot" },
		{ HEAD PEOPLE ROTATIONS "catch_all = [ \"ada.primary\" ];", "no rotation has" },
		{ HEAD PEOPLE ROTATIONS "groups = ( { name = \"bob\"; members = [ \"ada\" ]; } );",
		  "\"bob\" stands at line 4 already" },
		{ HEAD PEOPLE ROTATIONS "groups = ( { name = \"g\"; members = [ \"r\" ]; } );",
		  "\"r\" is one of the rotations" },
		{ HEAD PEOPLE ROTATIONS
		  "groups = ( { name = \"target\"; members = [ \"ada\" ]; } );",
		  "means whatever is paged" },
		{ HEAD PEOPLE ROTATIONS "groups = ( { name = \"G\"; members = [ ]; } );",
		  "groups.members: want a list of names" },
		{ HEAD PEOPLE ROTATIONS "watches = ( { name = \"w\"; } );",
		  "wants either a url to ask or a beat" },
		{ HEAD PEOPLE ROTATIONS
		  "watches = ( { name = \"w\"; url = \"http://h/\"; beat = \"1 min\"; } );",
		  "wants either a url to ask or a beat" },
		{ HEAD PEOPLE ROTATIONS
		  "watches = ( { name = \"w\"; url = \"http://h/\"; value = \"a\"; } );",
		  "has no bounds" },
		{ HEAD PEOPLE ROTATIONS
		  "watches = ( { name = \"w\"; beat = \"1 min\"; above = 1; } );",
		  "no url that answers" },
		{ HEAD PEOPLE ROTATIONS
		  "watches = ( { name = \"w\"; url = \"http://h/\"; above = \"1\"; } );",
		  "watches.above: \"1\", want a number" },
		{ HEAD PEOPLE ROTATIONS
		  "watches = ( { name = \"w\"; url = \"http://h/\"; }, { name = \"w\"; beat = "
		  "\"1 min\"; } );",
		  "\"w\" stands at line 7 already" },
		{ HEAD PEOPLE ROTATIONS
		  "severities = ( { name = \"sev-2\"; }, { name = \"SEV2\"; } );",
		  "means the same as \"sev-2\"" },
		{ HEAD PEOPLE ROTATIONS
		  "severities = ( { name = \"sev-2\"; remind = \"40 min\"; } );",
		  "want at least 10 min more" },
		{ HEAD PEOPLE ROTATIONS
		  "severities = ( { name = \"sev-2\"; engage = \"50 min\"; } );",
		  "severities.engage" },
		{ HEAD PEOPLE ROTATIONS "policies = ( { name = \"p\"; steps = ( { to = [ \"ada\" "
					"]; wait = \"2 days\"; } ); } );",
		  "\"1 s\" to \"24 h\"" },
		{ HEAD PEOPLE ROTATIONS "policies = ( { name = \"p\"; steps = ( ); } );",
		  "policies.steps: want a list of 1 to 10 groups" },
		{ HEAD PEOPLE ROTATIONS
		  "policies = ( { name = \"p\"; steps = ( { to = [ \"ada\" ]; } );\n"
		  "beside = ( { to = [ \"bob\" ]; } ); } );",
		  "x.cfg:8: policies.beside: never used" },
		{ HEAD PEOPLE, "x.cfg:1: rotations is missing" },
		{ PEOPLE ROTATIONS, "country is missing" },
		{ PEOPLE ROTATIONS, "operators is missing" },
		{ PEOPLE ROTATIONS, "default_rotation is missing" },
		{ HEAD PEOPLE "rotations = ( { name = \"r\"; members = [ ]; starts = "
			      "\"2026-01-05 10:00\"; } );",
		  "rotations.members: want a list" },
		{ HEAD PEOPLE "rotations = ( { name = \"r\"; members = [ \"ada\" ]; starts = "
			      "\"2026-02-30 10:00\"; } );",
		  "\"2026-02-30 10:00\", want a time" },
		{ HEAD ROTATIONS "people = ( { name = \"ada\"; numbers = ( { number = "
				 "\"(555) 010-0001\"; } ); } );",
		  "\"+15550100001\"?" },
		{ HEAD ROTATIONS
		  "people = ( { name = \"ada\"; numbers = ( { number = \"911\"; } ); } );",
		  "emergency numbers are never dialled" },
		{ HEAD ROTATIONS
		  "people = ( { name = \"ada\"; numbers = ( { number = \"+19005550100\"; } ); } );",
		  "begins with +1900" },
		{ HEAD ROTATIONS
		  "people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n"
		  "{ name = \"bob\"; numbers = ( { number = \"+15550100001\"; } ); } );",
		  "\"bob\" has +15550100001, and so has \"ada\" at line 5" },
		{ PEOPLE ROTATIONS
		  "country = \"1\"; default_rotation = \"r\"; operators = [ \"ada\" ];"
		  "modems = ( { name = \"a\"; port = \"/dev/a\"; roles = [ \"voice\" ]; } );",
		  "no modem sends texts" },
		{ PEOPLE ROTATIONS
		  "country = \"x\"; default_rotation = \"r\"; operators = [ \"ada\" ];"
		  "modems = ( { name = \"a\"; port = \"/dev/a\"; pin = \"12\"; } );",
		  "modems.pin: want 4 to 8 digits" },
		{ HEAD ROTATIONS
		  "people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } );"
		  " pin_hash = \"2468\"; } );",
		  "people.pin_hash: not a PIN's hash, want what `tocsin pin` prints" },
		{ HEAD ROTATIONS
		  "people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); "
		  "pin_hash "
		  "= \"$argon2id$v=19$m=1048576,t=9,p=1$"
		  "wQ6KtxI9vf7nIw7gb/Er4Q$oh/5BQS2Yc7ak+3ydZph6K3X29EiNWzk2yCJU7/sHYg\"; } );",
		  "people.pin_hash: not a PIN's hash" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct parsed parsed = parse(rows[i].text);
		bool said = strstr(buf_text(&parsed.errors), rows[i].want) != NULL;

		if (!said)
			print_error("got: %s\n", buf_text(&parsed.errors));
		CHECK_ROW(parsed.rc == -1, rows[i].want);
		CHECK_ROW(said, rows[i].want);
		parsed_free(&parsed);
	}
}

static void test_config_tells_all_errors_in_one_run_by_line(void **state)
{
	struct parsed parsed = parse("reactions = \"yes\";\ncountry = \"1\";\n"
				     "operators = [ \"nobody\" ];\nthis = 1;\n" PEOPLE);
	const char *text = buf_text(&parsed.errors);
	const char *last = text;

	(void)state;
	static const char *const want[] = { "x.cfg:1: ", "x.cfg:3: ", "x.cfg:4: " };

	for (size_t i = 0; i < COUNT_OF(want); i++) {
		const char *at = strstr(last, want[i]);

		CHECK_ROW(at != NULL, want[i]);
		last = at;
	}
	CHECK(strstr(text, "rotations is missing") != NULL);
	CHECK(strstr(text, "modems is missing") != NULL);
	parsed_free(&parsed);
}

/* A key that is there under a wrong name is not missing too. */
static void test_config_reports_a_misspelt_key_once(void **state)
{
	struct parsed parsed = parse("contry = \"1\";\noperatrs = [ \"ada\" ];\n" PEOPLE);
	const char *text = buf_text(&parsed.errors);

	(void)state;
	CHECK(strstr(text, "did you mean country?") != NULL);
	CHECK(strstr(text, "did you mean operators?") != NULL);
	CHECK(strstr(text, "country is missing") == NULL);
	CHECK(strstr(text, "operators is missing") == NULL);
	CHECK(strstr(text, "modems is missing") != NULL);
	parsed_free(&parsed);
}

static void test_config_warns_of_what_is_allowed_but_weak(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} rows[] = {
		{ HEAD PEOPLE ROTATIONS "dtmf_ack = \"single\";", "x.cfg:7: dtmf_ack" },
		{ HEAD PEOPLE ROTATIONS "policies = ( { name = \"p\"; steps = ( { to = [ \"ada\" "
					"]; wait = \"8 s\"; } ); } );",
		  "x.cfg:7: policies.steps.wait: 8 s leaves" },
		{ HEAD PEOPLE "rotations = ( { name = \"r\"; members = [ \"ada\" ]; starts = "
			      "\"2026-01-05 10:00\"; } );",
		  "somebody holds two" },
		{ HEAD ROTATIONS "people = ( { name = \"ada\"; numbers = ( { number = "
				 "\"+15550100001\"; kinds = [ \"sms\" ]; } ); }, { name = \"bob\"; "
				 "numbers = ( { number = \"+15550100002\"; } ); } );",
		  "\"ada\" has no number that can be called" },
		{ PEOPLE ROTATIONS
		  "country = \"1\"; default_rotation = \"r\"; operators = [ \"ada\" ];"
		  "modems = ( { name = \"a\"; port = \"/dev/a\"; } );",
		  "one SIM or one network outage" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct parsed parsed = parse(rows[i].text);

		CHECK_ROW(parsed.rc == 0, rows[i].want);
		CHECK_ROW(strstr(buf_text(&parsed.warnings), rows[i].want) != NULL, rows[i].want);
		parsed_free(&parsed);
	}
}

/* A number inside a text, a name or a comment is nobody's integer. */
static void test_config_scans_integers_only_where_they_are(void **state)
{
	struct parsed parsed =
		parse(HEAD PEOPLE ROTATIONS "# 3000000000 @include\n// 0755\n"
					    "/* 30000000000000L \" */\n"
					    "gateway = \"9999999999 @ # \\\" 0755\";\n"
					    "budget = { sms = 0x10; };");

	(void)state;
	if (parsed.rc != 0)
		print_error("%s", buf_text(&parsed.errors));
	CHECK(parsed.rc == 0);
	CHECK(parsed.config->budget_sms == 16);
	parsed_free(&parsed);
}

/* Names under /dev/serial/by-id are long and differ late. */
static void test_config_compares_whole_ports(void **state)
{
	static const char by_id[] = "/dev/serial/by-id/usb-Maker_of_Modems_Incorporated_"
				    "Model_7600_G-H_0123456789ABCDEF-if0";
	char text[1200];

	(void)state;
	for (int same = 0; same < 2; same++) {
		struct parsed parsed;

		snprintf(text, sizeof(text),
			 PEOPLE ROTATIONS
			 "country = \"1\"; default_rotation = \"r\"; operators = [ \"ada\" ];"
			 "modems = ( { name = \"a\"; port = \"%s2\"; },"
			 "           { name = \"b\"; port = \"%s%d\"; } );",
			 by_id, by_id, same ? 2 : 3);
		parsed = parse(text);
		CHECK((parsed.rc == 0) == !same);
		parsed_free(&parsed);
	}
}

static void test_config_manual_explains_every_key(void **state)
{
	char *manual = read_whole("docs/tocsin.cfg.5");
	size_t count;
	const struct config_key *keys = config_keys(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		char item[80];

		snprintf(item, sizeof(item), ".It Cm %s\n", keys[i].path);
		CHECK_ROW(strstr(manual, item) != NULL, keys[i].path);
	}
	free(manual);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_config_loads_every_example_without_errors),
		cmocka_unit_test(test_config_gives_what_plaza_says),
		cmocka_unit_test(test_config_fills_in_every_default),
		cmocka_unit_test(test_config_names_what_is_wrong_and_where),
		cmocka_unit_test(test_config_tells_all_errors_in_one_run_by_line),
		cmocka_unit_test(test_config_reports_a_misspelt_key_once),
		cmocka_unit_test(test_config_warns_of_what_is_allowed_but_weak),
		cmocka_unit_test(test_config_scans_integers_only_where_they_are),
		cmocka_unit_test(test_config_compares_whole_ports),
		cmocka_unit_test(test_config_manual_explains_every_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
