/* check.h - what only the whole file can tell: names, references, numbers, and settings that do not fit together. */
#ifndef CONFIG_CHECK_H
#define CONFIG_CHECK_H

#include "config/walk.h"

void check_all(struct walk *walk);

/* check_refs.c: names are unique, and whatever is named is there. */
void check_refs(struct walk *walk);

/* check_rota.c: an element of "rotations", of "rotations.layers". */
void check_rotation(struct walk *walk, const struct note *note);
void check_layer(struct walk *walk, const struct note *note);

#endif
