/* tocsin people, as a table. */
#include <string.h>
#include <unistd.h>

#include "cli/print.h"
#include "tests/support/unit.h"

static const char answer[] =
	"{\"people\":[{\"name\":\"ada\",\"enrolment\":\"not proven\",\"numbers\":["
	"{\"number\":\"+155******01\",\"takes_texts\":true,\"takes_calls\":true,"
	"\"sms\":\"2000-01-01T00:00:00Z\",\"reply\":null,\"call\":null,\"key\":null},"
	"{\"number\":\"+155******02\",\"takes_texts\":false,\"takes_calls\":true,"
	"\"sms\":null,\"reply\":null,\"call\":null,\"key\":null}]},"
	"{\"name\":\"bob\",\"enrolment\":null,\"numbers\":["
	"{\"number\":\"+155******03\",\"takes_texts\":true,\"takes_calls\":false,"
	"\"sms\":null,\"reply\":null,\"call\":null,\"key\":null}]}]}";

/* What was printed meanwhile. */
static void printed(void (*print)(const json_t *), const json_t *json, char *text, size_t size)
{
	FILE *file = tmpfile();
	int out = dup(STDOUT_FILENO);
	size_t len;

	CHECK(file != NULL && out >= 0);
	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	print(json);
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	close(out);
	rewind(file);
	len = fread(text, 1, size - 1, file);
	text[len] = '\0';
	fclose(file);
}

static void test_people_says_never_and_leaves_out_what_a_number_is_not_for(void **state)
{
	json_t *json = json_loads(answer, 0, NULL);
	char text[2000];

	(void)state;
	CHECK(json != NULL);
	printed(print_people, json, text, sizeof text);
	CHECK_ROW(strstr(text, "PERSON  NUMBER        TEXT") != NULL, text);
	CHECK_ROW(strstr(text, "ada     +155******01  ") != NULL, text);
	CHECK_ROW(strstr(text, " ago  never  never  never  not proven") != NULL, text);
	CHECK_ROW(strstr(text, "-       +155******02  ") != NULL, text);
	CHECK_ROW(strstr(text, "bob     +155******03  never") != NULL, text);
	json_decref(json);
}

static void test_people_of_an_enrolment_begun(void **state)
{
	json_t *json = json_loads("{\"person\":\"ada\",\"numbers\":2}", 0, NULL);
	char text[200];

	(void)state;
	printed(print_enrol, json, text, sizeof text);
	CHECK_ROW(strcmp(text, "a text and a call go to each phone of ada; see tocsin people\n") ==
			  0,
		  text);
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_people_says_never_and_leaves_out_what_a_number_is_not_for),
		cmocka_unit_test(test_people_of_an_enrolment_begun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
