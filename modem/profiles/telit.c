/* telit.c - Telit: HE910, LE910 and the 864 series (voice); all others for texts only.
 *
 * Their speech commands are not known for sure: a call rings and hears keys, but says nothing.
 */
#include "modem/profile.h"

static const struct profile_step init_voice[] = {
	{ "AT#SELINT=2", 2000 },   /* the newest command set: the ones below */
	{ "AT#SMSMODE=1", 2000 },  /* what it says of texts is checked as 27.005 has it */
	{ "AT#REGMODE=1", 2000 },  /* +CREG: as 27.007 has it */
	{ "AT#DIALMODE=0", 2000 }, /* ATD says OK at once, as everywhere else */
	{ "AT#ECAM=1", 2000 },     /* call states come by themselves */
	{ "AT#DTMF=1", 2000 },     /* keys; not saved over a restart */
	{ "AT#QSS=2", 2000 },      /* #QSS: when the SIM comes, goes, or has its messages ready */
	{ "AT#QSS=1", 2000, PROFILE_INSTEAD },
};

static const struct profile_step init_data[] = {
	{ "AT#SELINT=2", 2000 },
	{ "AT#SMSMODE=1", 2000 },
	{ "AT#REGMODE=1", 2000 },
	{ "AT#QSS=2", 2000 },
	{ "AT#QSS=1", 2000, PROFILE_INSTEAD },
};

#define TELIT                                                                         \
	.makers = PROFILE_LIST("Telit"), .iccid = PROFILE_LIST("AT#CCID", "AT+CCID"), \
	.pin_tries = PROFILE_LIST("AT#PCT"), .reset = "AT#REBOOT"

static const struct profile telit[] = {
	{
		.name = "he910",
		TELIT,
		.models = PROFILE_LIST("HE910", "LE910C", "LE910-", "UC864", "CC864", "GM862"),
		.init = init_voice,
		.init_count = COUNT_OF(init_voice),
		.dtmf = "AT#DTMF=1",
	},
	{
		/* ME910 (LTE-M), LE910S1 and LE910Q1 (another chip maker's), LE922, LM9x0, ... */
		.name = "telit",
		TELIT,
		.init = init_data,
		.init_count = COUNT_OF(init_data),
		.quirks = PROFILE_NO_VOICE,
	},
};

const struct profile_list profile_telit = { telit, COUNT_OF(telit) };
