/* keys.h - the presses of one call, told of by two detectors: the modem's own and the host's, which listens to the line.
 *
 * Either may be slow, deaf, or say a key twice (MODEMS.md 5.2): whoever hears it first counts, the other one's word for the same
 * press does not.
 */
#ifndef MODEM_KEYS_H
#define MODEM_KEYS_H

#include <stdbool.h>

#include "base/when.h"

enum keys_source { KEYS_OF_MODEM, KEYS_OF_TONES, KEYS_SOURCES };

#define KEYS_REPEAT_MS 200 /* equal keys of one source no further apart are one press */
#define KEYS_MERGE_MS  600 /* a modem may tell of it so much later than the host hears it */

#define KEYS_AHEAD \
	4 /* presses that one source is ahead of the other at most: nobody keys quicker */

struct keys_told {
	char key; /* '\0': none, or the other source has told of it too */
	int64_t at;
};

struct keys { /* all zeroes at the beginning of a call */
	struct {
		struct keys_told last;
		struct keys_told first[KEYS_AHEAD]; /* told of by this source first */
		unsigned next;
	} of[KEYS_SOURCES];
};

/* Is this a press that nobody has told of yet? */
bool keys_press(struct keys *keys, enum keys_source source, char key, struct when now);

#endif
