/* world_web.h - the web that a scenario's gateway posts to and asks. */
#ifndef SCENARIO_WORLD_WEB_H
#define SCENARIO_WORLD_WEB_H

#include "scenario/world.h"

/* Whatever the gateway wants of it now; false: nothing. */
bool world_web_turn(struct world *world);

/* "fails", "works", "answers URL STATUS [VALUE]": the rest of a scenario's line.  0, or -1: ERR_INVALID. */
int world_web_line(struct world *world, struct span rest, struct err *err);

#endif
