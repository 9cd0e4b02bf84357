/* simcom.c - SIMCom: SIM800 and SIM900 (2G), SIM7500/SIM7600 and A76XX (LTE), SIM767X (data only). */
#include "modem/profile.h"

/* SIM800 manual 1.09: 956 octets of argument; UCS-2 form is mode 1. */
static const struct profile_speech speech_2g = {
	.before = "AT+CTTS=1,\"",
	.after = "\"",
	.stop = "AT+CTTS=0",
	.done = "+CTTS: 0",
	.hex_max = 956,
};

/* SIM7600 manual 3.00 and A76XX audio note 1.02: +CDTAM=1 sends the voice to the far end and must stand before ATD. */
static const struct profile_speech speech_lte = {
	.prepare = "AT+CDTAM=1",
	.before = "AT+CTTS=1,\"",
	.after = "\"",
	.stop = "AT+CTTS=0",
	.done = "+CTTS: 0",
	.hex_max = 512,
};

static const struct profile_step init_2g[] = {
	{ "AT+CSCLK=0", 2000 },    /* asleep, the UART loses the first characters */
	{ "AT+CLCC=1", 2000 },     /* call states come by themselves */
	{ "AT+MORING=1", 2000 },   /* MO RING, MO CONNECTED */
	{ "AT+DDET=1,0,0", 2000 }, /* keys; not saved over a restart */
};

static const struct profile_step init_7600[] = {
	{ "AT+CATR=0",
	  2000 }, /* unsolicited lines on every port: ours is not always the default one */
	{ "AT+CLCC=1", 2000 },
	{ "AT+MORING=1", 2000 },
	{ "AT+DDET=1", 2000 }, /* refused where +RXDTMF comes by itself */
};

static const struct profile_step init_a76[] = {
	{ "AT+CLCC=1", 2000 },
	{ "AT+MSTK=0,0", 2000 }, /* SIM-toolkit noise, seen on firmware B07 */
	{ "AT+DDET=1", 2000 },
};

#define SIMCOM_LTE .iccid = "AT+CICCID", .pin_tries = "AT+SPIC", .reset = "AT+CRESET"

static const struct profile simcom[] = {
	{
		/* Their manual keeps ATD, but has no +CLCC, +CHUP, +VTS nor speech; the board vendor says no voice. */
		.name = "simcom",
		.models = { "SIM767", "SIM7070", "SIM7080", "SIM7090" },
		SIMCOM_LTE,
		.quirks = PROFILE_NO_VOICE,
	},
	{
		/* A7670 is seen with the maker "INCORPORATED" alone. */
		.name = "simcom",
		.models = { "A7600", "A7602", "A7608", "A767", "A768" },
		.init = init_a76,
		.init_count = COUNT_OF(init_a76),
		SIMCOM_LTE,
		.speech = &speech_lte,
	},
	{
		.name = "simcom",
		.makers = { "SIMCOM" },
		.models = { "SIM8", "SIM9", "SIM_8", "SIM_9" },
		.init = init_2g,
		.init_count = COUNT_OF(init_2g),
		.dtmf = "AT+DDET=1,0,0",
		.iccid = "AT+CCID",
		.pin_tries = "AT+SPIC",
		.reset = "AT+CFUN=1,1",
		.speech = &speech_2g,
		.codes = AT_CODES_MTK,
	},
	{
		.name = "simcom",
		.makers = { "SIMCOM" },
		.init = init_7600,
		.init_count = COUNT_OF(init_7600),
		SIMCOM_LTE,
		.speech = &speech_lte,
	},
};

const struct profile_list profile_simcom = { simcom, COUNT_OF(simcom) };
