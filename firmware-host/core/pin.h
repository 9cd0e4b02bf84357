/* pin.h - does a PIN fit its hash?  The only use of cryptography in the core: a pure computation of 1 MiB and two passes, under two
 * milliseconds (PLAN_PIN_HASH_BEGIN is the only cost that the configuration takes).
 *
 * No digit of a PIN stands twice in a row: telephone lines double and swallow such keys.
 */
#ifndef CORE_PIN_H
#define CORE_PIN_H

#include <stdbool.h>

#include "base/span.h"

#define PIN_MIN 4
#define PIN_MAX 8

bool pin_is_one(struct span pin); /* 4 to 8 digits, none twice in a row */
bool pin_fits(const char *hash, struct span pin);

#endif
