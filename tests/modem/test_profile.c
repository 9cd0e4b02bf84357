#include "modem/profile.h"
#include "tests/support/unit.h"

#include <string.h>

static void test_profile_is_found_by_identity(void **state)
{
	static const struct {
		const char *maker, *model, *name;
		bool speech, voice;
	} rows[] = {
		{ "SIMCOM_Ltd", "SIMCOM_SIM800L", "simcom", true, true },
		{ "SIMCOM INCORPORATED", "SIMCOM_SIM7600G-H", "simcom", true, true },
		{ "INCORPORATED", "A7670E-FASE", "simcom", true, true },
		{ "SIMCOM INCORPORATED", "SIM7670G", "simcom", false, false },
		{ "Quectel", "EC25", "quectel", true, true },
		{ "QUECTEL", "EG25", "quectel", true, true },
		{ "Quectel_Ltd", "Quectel_M95", "quectel", false, true },
		{ "Quectel", "BG96", "quectel", false, false },
		{ "huawei", "E173", "generic", false, true },
		{ "", "", "generic", false, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct profile *p =
			profile_find(span_of(rows[i].maker), span_of(rows[i].model));

		CHECK_ROW(strcmp(p->name, rows[i].name) == 0, rows[i].model);
		CHECK_ROW((p->speech != NULL) == rows[i].speech, rows[i].model);
		CHECK_ROW(((p->quirks & PROFILE_NO_VOICE) == 0) == rows[i].voice, rows[i].model);
	}
}

static void check_list(const struct profile_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct profile *p = &list->at[i];

		CHECK(p->iccid != NULL && p->pin_tries != NULL && p->reset != NULL);
		for (size_t k = 0; k < p->init_count; k++)
			CHECK_ROW(strncmp(p->init[k].command, "AT", 2) == 0 &&
					  p->init[k].timeout_ms > 0,
				  p->init[k].command);
		if (p->speech != NULL)
			CHECK(p->speech->hex_max % 4 == 0 && p->speech->hex_max >= 256);
	}
}

static void test_profiles_are_complete(void **state)
{
	(void)state;
	check_list(&profile_generic);
	check_list(&profile_simcom);
	check_list(&profile_quectel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_profile_is_found_by_identity),
		cmocka_unit_test(test_profiles_are_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
