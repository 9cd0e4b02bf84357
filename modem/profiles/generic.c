/* generic.c - a modem that keeps to 27.005 and 27.007.  No standard command speaks text into a call, or hears keys. */
#include "modem/profile.h"

static const struct profile generic[] = {
	{ .name = "generic" },
};

const struct profile_list profile_generic = { generic, COUNT_OF(generic) };
