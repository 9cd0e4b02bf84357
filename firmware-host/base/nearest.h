/* nearest.h - which of the names there are somebody meant who wrote another one. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include "base/span.h"

/* Remembers which of the names offered is most like `want`; only what is likely a slip of the hand. */
struct nearest {
	struct span want;
	const char *best; /* NULL: nothing is near */
	size_t distance;
};
void nearest_try(struct nearest *nearest, const char *name);

#endif
