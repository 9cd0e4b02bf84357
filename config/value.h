/* value.h - one function a kind of value: checks it and puts it where the table says. */
#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include "config/walk.h"

void value_read(const struct place *place);

#endif
