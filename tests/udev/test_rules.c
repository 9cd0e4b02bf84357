/* The udev rules read as udev reads them: udev(7), "Rules files". */
#include "base/span.h"
#include "tests/support/unit.h"

#include <ctype.h>
#include <string.h>

#define RULES "udev/60-tocsin.rules"

/* Keys in use, and whether they take {…}. */
static const struct {
	const char *name;
	bool attribute, match;
} keys[] = {
	{ "ACTION", false, true }, { "SUBSYSTEM", false, true }, { "ATTRS", true, true },
	{ "ATTR", true, false },   { "ENV", true, true },        { "ENV", true, false },
	{ "TEST", false, true },   { "GOTO", false, false },     { "LABEL", false, false },
	{ "GROUP", false, false }, { "MODE", false, false },     { "SYMLINK", false, false },
	{ "RUN", false, false },
};

struct term {
	struct span key, attribute, op, value;
};

static struct span head(struct span *rest, size_t len)
{
	struct span out = { rest->at, len };

	*rest = span_skip(*rest, len);
	return out;
}

static size_t run_of(struct span s, bool (*is)(char))
{
	size_t n = 0;

	while (n < s.len && is(s.at[n]))
		n++;
	return n;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_op(char c)
{
	return c == '=' || c == '!' || c == '+';
}

static bool is_attribute(char c)
{
	return c != '}' && c != '"';
}

static bool is_value(char c)
{
	return c != '"';
}

/* KEY{attribute}op"value" */
static bool take_term(struct span *rest, struct term *term)
{
	*term = (struct term){ .key = head(rest, run_of(*rest, is_upper)) };
	if (rest->len > 0 && rest->at[0] == '{') {
		*rest = span_skip(*rest, 1);
		term->attribute = head(rest, run_of(*rest, is_attribute));
		if (rest->len == 0 || rest->at[0] != '}' || term->attribute.len == 0)
			return false;
		*rest = span_skip(*rest, 1);
	}
	term->op = head(rest, run_of(*rest, is_op));
	if (rest->len == 0 || rest->at[0] != '"')
		return false;
	*rest = span_skip(*rest, 1);
	term->value = head(rest, run_of(*rest, is_value));
	if (rest->len == 0 || rest->at[0] != '"')
		return false;
	*rest = span_skip(*rest, 1);
	return true;
}

static bool known(const struct term *term)
{
	bool match = span_is(term->op, "==") || span_is(term->op, "!=");
	/* With "=" they would take away what other rules gave. */
	bool adds = span_is(term->key, "SYMLINK") || span_is(term->key, "RUN");
	bool set = span_is(term->op, adds ? "+=" : "=");

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (span_is(term->key, keys[i].name) &&
		    keys[i].attribute == (term->attribute.len > 0) && (keys[i].match ? match : set))
			return true;
	return false;
}

/* idVendor and idProduct: four digits of lower-case hex, as sysfs writes them, with | between. */
static bool id_is_well_formed(const struct term *term)
{
	struct span rest = term->value;

	if (!span_is(term->attribute, "idVendor") && !span_is(term->attribute, "idProduct"))
		return true;
	while (rest.len > 0) {
		struct span id = span_cut(&rest, '|');

		for (size_t i = 0; i < id.len; i++)
			if (!isxdigit((unsigned char)id.at[i]) || is_upper(id.at[i]))
				return false;
		if (id.len != 4)
			return false;
	}
	return true;
}

static bool rule_is_well_formed(struct span rule, char *label, size_t size)
{
	struct term term;

	label[0] = '\0';
	for (;;) {
		if (!take_term(&rule, &term) || !known(&term) || !id_is_well_formed(&term))
			return false;
		if (span_is(term.key, "GOTO") || span_is(term.key, "LABEL"))
			snprintf(label, size, "%.*s \"%.*s\"", (int)term.key.len, term.key.at,
				 (int)term.value.len, term.value.at);
		if (rule.len == 0)
			return true;
		if (!span_starts(rule, ", "))
			return false;
		rule = span_skip(rule, 2);
	}
}

static void test_rules_are_well_formed(void **state)
{
	char line[400], label[100];
	FILE *file = fopen(RULES, "r");
	int rules = 0, ended = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof line, file) != NULL) {
		struct span rule = span_trim(span_of(line));

		if (rule.len == 0 || rule.at[0] == '#')
			continue;
		rules++;
		CHECK_ROW(rule_is_well_formed(rule, label, sizeof label), line);
		/* One label, and it is the last rule: no jump goes back or astray. */
		CHECK_ROW(ended == 0, line);
		ended = strncmp(label, "LABEL", 5) == 0;
		CHECK_ROW(label[0] == '\0' || strstr(label, " \"tocsin_end\"") != NULL, line);
	}
	fclose(file);
	CHECK(rules > 40 && ended == 1);
}

static void test_rules_of_modems_name_ports_that_have_a_name(void **state)
{
	static char all[20000];
	char line[400];
	FILE *file = fopen(RULES, "r");
	size_t len;

	(void)state;
	assert_non_null(file);
	len = fread(all, 1, sizeof all - 1, file);
	all[len] = '\0';
	rewind(file);
	while (fgets(line, sizeof line, file) != NULL) {
		struct span rest = span_of(line);
		struct term term;

		while (span_starts(rest, "ATTRS{id") && take_term(&rest, &term))
			rest = span_skip(rest, 2);
		if (!span_starts(rest, "ENV{.TOCSIN}=\"") || !take_term(&rest, &term))
			continue;
		while (term.value.len > 0) {
			struct span port = span_cut(&term.value, ' ');
			char use[60];

			snprintf(use, sizeof use, "\nENV{.TOCSIN}==\"*%.*s*\"", (int)port.len,
				 port.at);
			CHECK_ROW(span_is(port, "modem") || span_is(port, "class") ||
					  strstr(all, use) != NULL,
				  line);
		}
	}
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules_are_well_formed),
		cmocka_unit_test(test_rules_of_modems_name_ports_that_have_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
