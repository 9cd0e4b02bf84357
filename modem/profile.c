#include "modem/profile.h"

#include <string.h>

/* PROFILES is PROFILE(<file>) for each file in modem/profiles but the generic one: see the Makefile. */
#define PROFILE(maker) extern const struct profile_list profile_##maker;
PROFILES PROFILE(generic)
#undef PROFILE

#define PROFILE(maker) &profile_##maker,
	static const struct profile_list *const lists[] = { PROFILES PROFILE(generic) };
#undef PROFILE

static bool contains(struct span s, const char *what)
{
	size_t len = strlen(what);

	for (; s.len >= len; s = span_skip(s, 1))
		if (span_is_nocase((struct span){ s.at, len }, what))
			return true;
	return false;
}

static bool contains_any(struct span s, const char *const *words)
{
	if (words == NULL)
		return true;
	for (; *words != NULL; words++)
		if (contains(s, *words))
			return true;
	return false;
}

const struct profile *profile_at(size_t n)
{
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		if (n < lists[i]->count)
			return &lists[i]->at[n];
		n -= lists[i]->count;
	}
	return NULL;
}

const struct profile *profile_find(struct span maker, struct span model)
{
	const struct profile *found = NULL;
	const struct profile *next;

	/* The last one, generic, claims everything. */
	for (size_t n = 0; found == NULL && (next = profile_at(n)) != NULL; n++)
		if (contains_any(maker, next->makers) && contains_any(model, next->models))
			found = next;
	return found;
}
