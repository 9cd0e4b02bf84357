/* prescan.h - what libconfig would swallow without a word, found in the text before it is parsed.
 *
 * libconfig 1.5 lets integers wrap, opens files for @include, and takes an unfinished comment for the rest of the file.
 */
#ifndef CONFIG_PRESCAN_H
#define CONFIG_PRESCAN_H

#include "config/findings.h"

/* 0: may be parsed (integers that would wrap are in errors nevertheless); -1: it must not be. */
int prescan(struct span text, struct findings *errors);

#endif
