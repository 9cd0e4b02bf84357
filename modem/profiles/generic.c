/* generic.c - a modem that keeps to 27.005 and 27.007.  No standard command speaks text into a call. */
#include "modem/profile.h"

static const struct profile generic[] = {
	{
		.name = "generic",
		.iccid = "AT+CCID",
		.pin_tries = "AT+CPINR=\"SIM PIN\"", /* 27.007 8.65 */
		.reset = "AT+CFUN=1,1",              /* 27.007 8.2 */
	},
};

const struct profile_list profile_generic = { generic, COUNT_OF(generic) };
