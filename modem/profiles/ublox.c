/* ublox.c - u-blox: SARA-U2, LISA-U2 and LARA (voice), TOBY-L2 (voice on some variants); all others for texts only.
 *
 * Their speech commands are not known for sure: a call rings and hears keys, but says nothing.
 */
#include "modem/profile.h"

/* +UDTMFD is of the port it was said on, and must be said again after a restart. */
#define KEYS "AT+UDTMFD=1,2"

static const struct profile_step init_voice[] = {
	{ "AT+UPSV=0", 2000 },      /* asleep, the UART loses the first characters */
	{ "AT+UCALLSTAT=1", 2000 }, /* call states come by themselves */
	{ KEYS, 2000 },
};

/* A variant that knows no call states has no calls. */
static const struct profile_step init_toby[] = {
	{ "AT+UPSV=0", 2000 },
	{ "AT+UCALLSTAT=1", 2000, PROFILE_VOICE },
	{ KEYS, 2000 },
};

static const struct profile_step init_data[] = {
	{ "AT+UPSV=0", 2000 },
};

#define UBLOX                                                               \
	.makers = PROFILE_LIST("u-blox"), .iccid = PROFILE_LIST("AT+CCID"), \
	.pin_tries = PROFILE_LIST("AT+UPINCNT"), .reset = "AT+CFUN=16"

static const struct profile ublox[] = {
	{
		.name = "sara-u2",
		UBLOX,
		.models = PROFILE_LIST("SARA-U", "LISA-U", "LARA"),
		.init = init_voice,
		.init_count = COUNT_OF(init_voice),
		.dtmf = KEYS,
	},
	{
		.name = "toby-l2",
		UBLOX,
		.models = PROFILE_LIST("TOBY-L2"),
		.init = init_toby,
		.init_count = COUNT_OF(init_toby),
		.dtmf = KEYS,
	},
	{
		/* SARA-R and SARA-N (LTE-M, NB-IoT), TOBY-L4, ... */
		.name = "u-blox",
		UBLOX,
		.init = init_data,
		.init_count = COUNT_OF(init_data),
		.quirks = PROFILE_NO_VOICE,
	},
};

const struct profile_list profile_ublox = { ublox, COUNT_OF(ublox) };
