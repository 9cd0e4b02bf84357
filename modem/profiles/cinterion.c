/* cinterion.c - Cinterion, under the names of its owners: Siemens, Gemalto, Thales.
 *
 * No key detection and no speech is known: a call only rings.
 */
#include "modem/profile.h"

/* ^SLCC: is +CLCC: coming by itself.  A module that does not know it is a data card. */
static const struct profile_step init[] = {
	{ "AT^SLCC=1", 2000, PROFILE_VOICE },
};

/* Some are said to know <bfr> 1 only; no manual was at hand.  What it throws away stands in the memory all the same, and that is swept. */
#define NOTICES                                                                     \
	PROFILE_LIST("AT+CNMI=2,1,0,1,0", "AT+CNMI=2,1,0,1,1", "AT+CNMI=2,1,0,2,1", \
		     "AT+CNMI=1,1,0,1,1", "AT+CNMI=1,1,0,2,1", "AT+CNMI=2,1,0,0,1", \
		     "AT+CNMI=1,1,0,0,1", "AT+CNMI=2,1,0,0,0")

static const struct profile cinterion[] = {
	{
		.name = "cinterion",
		.makers = PROFILE_LIST("Cinterion", "Siemens", "Gemalto", "Thales"),
		.init = init,
		.init_count = COUNT_OF(init),
		.notices = NOTICES,
		.iccid = PROFILE_LIST("AT+CCID", "AT^SCID"),
		.pin_tries = PROFILE_LIST("AT^SPIC", "AT+CPINR=\"SIM PIN\""),
		.codes = AT_CODES_SIEMENS,
	},
};

const struct profile_list profile_cinterion = { cinterion, COUNT_OF(cinterion) };
