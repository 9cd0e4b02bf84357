#include "modem/profile.h"
#include "tests/support/unit.h"

#include <string.h>

/* What no transcript shows; each transcript begins with an identity too. */
static void test_profile_is_found_by_identity(void **state)
{
	static const struct {
		const char *maker, *model, *name;
	} rows[] = {
		{ "SIMCOM_Ltd", "SIMCOM_SIM800L", "sim800" },
		{ "SIMCOM INCORPORATED", "SIMCOM_SIM7600G-H", "sim7600" },
		{ "INCORPORATED", "A7670E-FASE", "a7670" },
		{ "SIMCOM INCORPORATED", "A7608SA-H", "a7670" },
		{ "SIMCOM INCORPORATED", "SIM7670G", "simcom" },
		{ "SIMCOM INCORPORATED", "SIM8202G-M2", "simcom" },
		{ "QUECTEL", "EG25", "ec2x" },
		{ "Quectel", "EC20F", "ec2x" },
		{ "Quectel", "EC200A", "ec200" },
		{ "Quectel", "EG916Q", "ec200" },
		{ "Quectel", "EG91", "ec2x" },
		{ "Quectel", "BG96", "bg9x" },
		{ "ACME", "EC25", "generic" },
		{ "", "", "generic" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_ROW(strcmp(profile_find(span_of(rows[i].maker), span_of(rows[i].model))->name,
				 rows[i].name) == 0,
			  rows[i].model);
}

static void check_commands(const char *const *commands)
{
	for (; commands != NULL && *commands != NULL; commands++)
		CHECK_ROW(strncmp(*commands, "AT", 2) == 0, *commands);
}

static void check_init(const struct profile *p)
{
	CHECK_ROW(p->init_count == 0 || (p->init[0].flags & PROFILE_INSTEAD) == 0, p->name);
	for (size_t k = 0; k < p->init_count; k++)
		CHECK_ROW(strncmp(p->init[k].command, "AT", 2) == 0 && p->init[k].timeout_ms > 0,
			  p->init[k].command);
}

static void test_profiles_are_complete(void **state)
{
	const struct profile *p;

	(void)state;
	for (size_t n = 0; (p = profile_at(n)) != NULL; n++) {
		check_init(p);
		check_commands(p->iccid);
		check_commands(p->pin_tries);
		check_commands(p->notices);
		check_commands(p->stores);
		CHECK_ROW(p->makers != NULL || profile_at(n + 1) == NULL, p->name);
		CHECK_ROW(p->reset == NULL || strncmp(p->reset, "AT", 2) == 0, p->name);
		for (size_t k = 0; k < n; k++)
			CHECK_ROW(strcmp(profile_at(k)->name, p->name) != 0, p->name);
		if (p->speech != NULL)
			CHECK_ROW((p->quirks & PROFILE_NO_VOICE) == 0 &&
					  p->speech->hex_max % 4 == 0 && p->speech->hex_max >= 256,
				  p->name);
	}
}

static char *text_of(const char *path)
{
	static char text[40000];
	FILE *file = fopen(path, "r");
	size_t len;

	assert_non_null(file);
	len = fread(text, 1, sizeof text - 1, file);
	fclose(file);
	assert_in_range(len, 1, sizeof text - 2);
	text[len] = '\0';
	return text;
}

static void test_profiles_have_a_row_in_the_guide(void **state)
{
	const char *guide = text_of("docs/hardware.md");
	char row[60];

	(void)state;
	for (size_t n = 0; profile_at(n) != NULL; n++) {
		snprintf(row, sizeof row, "\n| `%s` |", profile_at(n)->name);
		CHECK_ROW(strstr(guide, row) != NULL, profile_at(n)->name);
	}
}

/* Is the word in a comment? */
static bool commented(struct span rules, const char *word)
{
	while (rules.len > 0) {
		struct span line = span_cut(&rules, '\n');
		bool comment = span_starts(line, "#");

		while (comment && line.len > 0) {
			struct span next = span_word(&line);

			next.len -= next.len > 0 && next.at[next.len - 1] == ',';
			if (span_is(next, word))
				return true;
		}
	}
	return false;
}

/* generic is no modem that one could buy. */
static void test_profiles_stand_in_the_udev_rules(void **state)
{
	const char *rules = text_of("udev/60-tocsin.rules");

	(void)state;
	for (size_t n = 0; profile_at(n + 1) != NULL; n++)
		CHECK_ROW(commented(span_of(rules), profile_at(n)->name), profile_at(n)->name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_profile_is_found_by_identity),
		cmocka_unit_test(test_profiles_are_complete),
		cmocka_unit_test(test_profiles_have_a_row_in_the_guide),
		cmocka_unit_test(test_profiles_stand_in_the_udev_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
