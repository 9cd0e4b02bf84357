#include "modem/profile.h"

#include <string.h>

static bool contains(struct span s, const char *what)
{
	size_t len = strlen(what);

	for (; s.len >= len; s = span_skip(s, 1))
		if (span_is_nocase((struct span){ s.at, len }, what))
			return true;
	return false;
}

static bool contains_any(struct span s, const char *const *words, size_t count)
{
	if (words[0] == NULL)
		return true;
	for (size_t i = 0; i < count && words[i] != NULL; i++)
		if (contains(s, words[i]))
			return true;
	return false;
}

const struct profile *profile_find(struct span maker, struct span model)
{
	static const struct profile_list *const lists[] = { &profile_quectel, &profile_simcom };

	for (size_t i = 0; i < COUNT_OF(lists); i++)
		for (size_t k = 0; k < lists[i]->count; k++) {
			const struct profile *p = &lists[i]->at[k];

			if (contains_any(maker, p->makers, COUNT_OF(p->makers)) &&
			    contains_any(model, p->models, COUNT_OF(p->models)))
				return p;
		}
	return &profile_generic.at[0];
}
