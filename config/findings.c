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

/* Edit distance (Levenshtein), one row of the table at a time. */
static size_t distance_of(struct span a, struct span b)
{
	size_t row[72];

	if (b.len >= COUNT_OF(row))
		return SIZE_MAX;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 0; i < a.len; i++) {
		size_t corner = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < b.len; j++) {
			size_t best = corner + (a.at[i] == b.at[j] ? 0 : 1);

			corner = row[j + 1];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (corner + 1 < best)
				best = corner + 1;
			row[j + 1] = best;
		}
	}
	return row[b.len];
}

void nearest_try(struct nearest *nearest, const char *name)
{
	struct span s = span_of(name);
	size_t limit = nearest->want.len < 4 ? 1 : 2;
	size_t distance;

	if (nearest->want.len > 64 || s.len == 0)
		return;
	distance = distance_of(nearest->want, s);
	if (distance > limit || (nearest->best != NULL && distance >= nearest->distance))
		return;
	nearest->best = name;
	nearest->distance = distance;
}
