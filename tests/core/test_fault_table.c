/* Every fault has its sentence, its evidence and its next step, and says what it was told. */
#include <string.h>

#include "core/fault_table.h"
#include "tests/support/unit.h"

static bool ends_well(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && (text[len - 1] == '.' || text[len - 1] == '?');
}

static bool has_word(const char *list, struct span word)
{
	struct span rest = span_of(list);
	struct span one;

	for (one = span_word(&rest); one.len > 0; one = span_word(&rest))
		if (one.len == word.len && memcmp(one.at, word.at, one.len) == 0)
			return true;
	return false;
}

static void test_fault_table_every_row_is_whole(void **state)
{
	(void)state;
	for (int id = FAULT_NONE + 1; id < FAULTS; id++) {
		const struct fault_kind *kind = fault_kind((enum fault_id)id);

		CHECK(kind->id != NULL);
		CHECK_ROW(strchr(kind->id, '.') != NULL, kind->id);
		CHECK_ROW(kind->grade > FAULT_GRADE_NONE && kind->grade < FAULT_GRADES, kind->id);
		CHECK_ROW(kind->hold_min >= 0, kind->id);
		CHECK_ROW(ends_well(kind->sentence), kind->id);
		CHECK_ROW(ends_well(kind->next), kind->id);
		CHECK_ROW(strlen(kind->evidence) > 0, kind->id);
		CHECK_ROW(fault_find(span_of(kind->id)) == (enum fault_id)id, kind->id);
		/* one text of 160 holds it */
		CHECK_ROW(strlen(kind->sentence) <= 140, kind->id);
		CHECK_ROW(strlen(kind->next) <= 120, kind->id);
		/* one path is named, the gateway as a whole is not */
		CHECK_ROW(kind->grade != FAULT_PATH || id == FAULT_CALENDAR_OLD ||
				  strstr(kind->sentence, "{modem}") != NULL,
			  kind->id);
	}
	CHECK(fault_find(span_of("path.")) == FAULT_NONE);
	CHECK(fault_find(span_of("")) == FAULT_NONE);
}

/* A slot that nobody fills would be shown as "?". */
static void test_fault_table_evidence_wants_its_slots_and_no_others(void **state)
{
	(void)state;
	for (int id = FAULT_NONE + 1; id < FAULTS; id++) {
		const struct fault_kind *kind = fault_kind((enum fault_id)id);
		struct span rest = span_of(kind->evidence);
		struct span slots = span_of(kind->slots);
		size_t used = 0;
		size_t listed = 0;

		for (span_cut(&rest, '{'); rest.len > 0; span_cut(&rest, '{'), used++)
			CHECK_ROW(has_word(kind->slots, span_cut(&rest, '}')), kind->id);
		while (span_word(&slots).len > 0)
			listed++;
		CHECK_ROW(used == listed && listed <= FAULT_FACTS_MAX, kind->id);
	}
}

static void test_fault_table_says_what_was_seen(void **state)
{
	struct fault_facts facts = { 0 };
	struct buf text = { 0 };

	(void)state;
	fault_sentence(FAULT_SMS_REFUSED, "alpha", &text);
	CHECK(strcmp(buf_text(&text),
		     "The network refuses every text of modem alpha: SIM out of credit, suspended, "
		     "or texts barred?") == 0);
	buf_clear(&text);
	fault_fact(&facts, "cause", "cause %d (%s)", 38, "the network is out of order");
	fault_fact(&facts, "count", "%d", 3);
	fault_evidence(FAULT_SMS_REFUSED, &facts, &text);
	CHECK(strcmp(buf_text(&text),
		     "3 texts in a row, the last with cause 38 (the network is out of order)") ==
	      0);
	buf_clear(&text);
	facts.count = 1;
	fault_evidence(FAULT_SMS_REFUSED, &facts, &text);
	CHECK(strstr(buf_text(&text), "? texts in a row") != NULL);
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fault_table_every_row_is_whole),
		cmocka_unit_test(test_fault_table_evidence_wants_its_slots_and_no_others),
		cmocka_unit_test(test_fault_table_says_what_was_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
