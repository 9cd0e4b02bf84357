#include "core/rows.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/unit.h"

static void test_rows_copy_is_deep(void **state)
{
	struct attempt attempt = { .id = 5, .kind = ATTEMPT_CALL };
	char text[] = "SEV-1 4711";
	struct attempt *copy = attempt_copy(&attempt);

	(void)state;
	assert_non_null(copy);
	CHECK(copy->id == 5 && copy->text == NULL);
	attempt_free(copy);
	attempt.text = text;
	copy = attempt_copy(&attempt);
	assert_non_null(copy);
	text[0] = 'x';
	assert_string_equal(copy->text, "SEV-1 4711");
	attempt_free(copy);
	attempt_free(NULL);
}

static void test_rows_have_a_name_each(void **state)
{
	(void)state;
	for (int i = 0; i < ATTEMPT_STATES; i++)
		for (int j = 0; j < i; j++)
			CHECK(strcmp(attempt_state_name((enum attempt_state)i),
				     attempt_state_name((enum attempt_state)j)) != 0);
	for (int i = 0; i < ATTEMPT_KINDS; i++)
		for (int j = 0; j < i; j++)
			CHECK(strcmp(attempt_kind_name((enum attempt_kind)i),
				     attempt_kind_name((enum attempt_kind)j)) != 0);
}

/* The sanitizers watch that nothing is lost and nothing freed twice. */
static void test_batch_frees_what_it_holds(void **state)
{
	struct batch batch = { .number = 3 };
	struct err err = { 0 };

	(void)state;
	for (int kind = ROW_NONE + 1; kind < ROW_KINDS; kind++) {
		struct row row = { .kind = (enum row_kind)kind };

		row.of.page = calloc(1, 4096);
		assert_int_equal(batch_add(&batch, row, &err), 0);
	}
	CHECK(batch_add(&batch, (struct row){ .kind = ROW_PAGE }, &err) < 0);
	CHECK(batch.count == ROW_KINDS - 1);
	batch_free(&batch);
	CHECK(batch.count == 0 && batch.rows == NULL && batch.number == 3);
	batch_free(&batch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_copy_is_deep),
		cmocka_unit_test(test_rows_have_a_name_each),
		cmocka_unit_test(test_batch_frees_what_it_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
