/* sierra.c - Sierra Wireless MC and EM cards, for texts only: data cards mostly have no voice path, and no source tells which
 * lines a call would bring. */
#include "modem/profile.h"

static const struct profile sierra[] = {
	{
		.name = "sierra",
		.makers = PROFILE_LIST("Sierra"),
		.iccid = PROFILE_LIST("AT!ICCID?", "AT+CCID"),
		.pin_tries = PROFILE_LIST("AT+CPINC?", "AT+CPINR=\"SIM PIN\""),
		.reset = "AT!RESET",
		.quirks = PROFILE_NO_VOICE,
	},
};

const struct profile_list profile_sierra = { sierra, COUNT_OF(sierra) };
