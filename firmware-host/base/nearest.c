#include "base/nearest.h"

#include <stdint.h>

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
