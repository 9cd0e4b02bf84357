#include "core/pin.h"

#include <sodium.h>

bool pin_is_one(struct span pin)
{
	if (pin.len < PIN_MIN || pin.len > PIN_MAX)
		return false;
	for (size_t i = 0; i < pin.len; i++)
		if (pin.at[i] < '0' || pin.at[i] > '9' || (i > 0 && pin.at[i] == pin.at[i - 1]))
			return false;
	return true;
}

bool pin_fits(const char *hash, struct span pin)
{
	return pin_is_one(pin) && hash[0] != '\0' &&
	       crypto_pwhash_str_verify(hash, pin.at, pin.len) == 0;
}
