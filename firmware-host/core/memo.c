/* One small record: lines of "key value". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "core/rows.h"

void memo_free(struct memo *memo)
{
	if (memo == NULL)
		return;
	free(memo->text);
	free(memo);
}

struct memo *memo_copy(const struct memo *memo)
{
	struct memo *copy = malloc(sizeof *copy);

	if (copy == NULL)
		return NULL;
	*copy = *memo;
	copy->text = span_dup(span_of(memo->text));
	if (copy->text != NULL)
		return copy;
	free(copy);
	return NULL;
}

struct span memo_get(const struct memo *memo, const char *key)
{
	struct span rest = span_of(memo->text);

	while (rest.len > 0) {
		struct span value = span_cut(&rest, '\n');
		struct span name = span_cut(&value, ' ');

		if (span_is(name, key))
			return value;
	}
	return (struct span){ 0 };
}

int64_t memo_int(const struct memo *memo, const char *key)
{
	int64_t value = 0;

	return span_int(memo_get(memo, key), &value) ? value : 0;
}

bool memo_set(struct memo *memo, const char *key, const char *value)
{
	struct span rest = span_of(memo->text);
	struct buf text = { 0 };

	while (rest.len > 0) {
		struct span line = span_cut(&rest, '\n');
		struct span value_of = line;

		if (line.len > 0 && !span_is(span_cut(&value_of, ' '), key)) {
			buf_add(&text, line);
			buf_add_char(&text, '\n');
		}
	}
	if (value[0] != '\0') {
		buf_addf(&text, "%s ", key);
		for (const char *c = value; *c != '\0'; c++) {
			if (*c == '\n' || *c == '\r')
				buf_add_char(&text, ' ');
			else
				buf_add_char(&text, *c);
		}
		buf_add_char(&text, '\n');
	}
	buf_add_text(&text, ""); /* there is a text even when nothing is left */
	if (text.failed || text.at == NULL) {
		buf_free(&text);
		return false;
	}
	free(memo->text);
	memo->text = text.at;
	return true;
}

bool memo_set_int(struct memo *memo, const char *key, int64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)value);
	return memo_set(memo, key, text);
}
