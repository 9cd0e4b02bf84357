#include "dialplan/effect.h"
#include "dialplan/page.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

static struct page *make_page(void)
{
	struct page *page = calloc(1, sizeof *page);
	struct err err;

	CHECK(page != NULL);
	page->id = 17;
	memcpy(page->code, "4716", 5);
	page->members = calloc(2, sizeof *page->members);
	CHECK(page->members != NULL);
	page->member_count = 2;
	page->member_cap = 2;
	memcpy(page->members[0].person, "ada", 4);
	memcpy(page->members[1].person, "bob", 4);
	page->chain = span_dup(span_of("target/300"));
	CHECK(page_set_text(page, PAGE_MESSAGE, span_of("db1"), &err) == 0);
	CHECK(page_set_text(page, PAGE_MESSAGE, span_of("db1 down"), &err) == 0);
	return page;
}

static void test_page_copy_is_deep(void **state)
{
	struct page *page = make_page();
	struct page *copy = page_copy(page);
	struct err err;

	(void)state;
	CHECK(copy != NULL);
	page->members[1].step = 3;
	CHECK(page_set_text(page, PAGE_MESSAGE, span_of("other"), &err) == 0);
	page_free(page);
	CHECK(copy->id == 17 && strcmp(copy->code, "4716") == 0);
	CHECK(strcmp(copy->text[PAGE_MESSAGE], "db1 down") == 0);
	CHECK(copy->text[PAGE_HOST] == NULL);
	CHECK(strcmp(copy->chain, "target/300") == 0);
	CHECK(page_member(copy, "bob") == &copy->members[1] && copy->members[1].step == 0);
	CHECK(page_member(copy, "cy") == NULL);
	page_free(copy);
	page_free(NULL);
}

static void test_page_state_has_a_name(void **state)
{
	(void)state;
	CHECK(strcmp(page_state_name(PAGE_OPEN), "open") == 0);
	CHECK(strcmp(page_state_name(PAGE_ACKED), "acked") == 0);
	CHECK(strcmp(page_state_name(PAGE_RESOLVED), "resolved") == 0);
}

static void test_effects_are_zeroed_when_added(void **state)
{
	struct effects effects = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct effect *effect = effects_add(&effects, EFFECT_REACH);

		CHECK(effect != NULL && effect->kind == EFFECT_REACH && effect->person[0] == '\0');
		memcpy(effect->person, "ada", 4);
	}
	CHECK(effects.count == 100);
	effects_clear(&effects);
	CHECK(effects.count == 0 && effects_add(&effects, EFFECT_TELL)->person[0] == '\0');
	effects_free(&effects);
	CHECK(effects.at == NULL && effects.cap == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page_copy_is_deep),
		cmocka_unit_test(test_page_state_has_a_name),
		cmocka_unit_test(test_effects_are_zeroed_when_added),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
