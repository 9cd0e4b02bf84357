#include "config/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FINDINGS_MAX 200

void findings_add(struct findings *findings, int line, const char *fmt, ...)
{
	char text[400];
	struct finding *finding;
	va_list ap;

	if (findings->count == FINDINGS_MAX ||
	    array_grow(&findings->at, &findings->cap, findings->count + 1, sizeof(*finding)) != 0) {
		findings->lost = true;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	finding = &findings->at[findings->count];
	*finding =
		(struct finding){ line < 1 ? 1 : line, findings->count, span_dup(span_of(text)) };
	findings->count++;
}

bool findings_on(const struct findings *findings, int line)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->at[i].line == line)
			return true;
	return false;
}

static int by_line(const void *a, const void *b)
{
	const struct finding *left = a;
	const struct finding *right = b;

	if (left->line != right->line)
		return left->line < right->line ? -1 : 1;
	return left->order < right->order ? -1 : 1;
}

void findings_print(struct findings *findings, const char *file, struct buf *out)
{
	if (findings->count > 0)
		qsort(findings->at, findings->count, sizeof(*findings->at), by_line);
	for (size_t i = 0; i < findings->count; i++)
		buf_addf(out, "%s:%d: %s\n", file, findings->at[i].line,
			 findings->at[i].text == NULL ? "out of memory" : findings->at[i].text);
	if (findings->lost)
		buf_addf(out, "%s: there is more: too many to list, or out of memory\n", file);
}

void findings_free(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		free(findings->at[i].text);
	free(findings->at);
	*findings = (struct findings){ 0 };
}
