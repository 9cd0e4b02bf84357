/* findings.h - errors and warnings with their lines, gathered in any order, printed by line. */
#ifndef CONFIG_FINDINGS_H
#define CONFIG_FINDINGS_H

#include "base/buf.h"

struct finding {
	int line;
	size_t order; /* of being found: within one line they stay in it */
	char *text;
};

struct findings {
	struct finding *at;
	size_t count;
	size_t cap;
	bool lost; /* out of memory, or more than anybody reads */
};

void findings_add(struct findings *findings, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool findings_on(const struct findings *findings, int line); /* is there one on this line? */
void findings_print(struct findings *findings, const char *file, struct buf *out);
void findings_free(struct findings *findings);

#endif
