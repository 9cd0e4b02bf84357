/* simcom.c - SIMCom: SIM800 and SIM900 (2G), SIM7500/SIM7600 and A76XX (LTE); all others for texts only. */
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

/* SIM7600 manual 3.00; not before the call is up, and 100 ms behind that.  A76XX has no such command. */
static const struct profile_pcm pcm_cpcmreg = {
	.probe = "AT+CPCMREG=?",
	.at = PROFILE_PCM_ANSWERED,
	.delay_ms = 100,
	.open = "AT+CPCMREG=1",
	.close = "AT+CPCMREG=0",
};

static const struct profile_step init_sim800[] = {
	{ "AT+IPR=115200",
	  2000 }, /* while it looks for the rate by itself it does not tell of its starts */
	{ "AT+CSCLK=0", 2000 },    /* asleep, the UART loses the first characters */
	{ "AT+CEER=1", 2000 },     /* causes of 24.008 as numbers */
	{ "AT+CLTS=1", 2000 },     /* the network's time */
	{ "AT+CLCC=1", 2000 },     /* call states come by themselves */
	{ "AT+MORING=1", 2000 },   /* MO RING, MO CONNECTED */
	{ "AT+DDET=1,0,0", 2000 }, /* keys; not saved over a restart */
	{ "AT+DDET=1", 2000, PROFILE_INSTEAD },
};

static const struct profile_step init_sim900[] = {
	{ "AT+CSCLK=0", 2000 },
	{ "AT+CLCC=1", 2000 },
	{ "AT+MORING=1", 2000 },
	{ "AT+DDET=1", 2000 },
};

static const struct profile_step init_sim7600[] = {
	/* Unsolicited lines on every port: ours is not always the default one. */
	{ "AT+CATR=0", 2000 },
	{ "AT+CLCC=1", 2000 },
	{ "AT+MORING=1", 2000 },
	{ "AT+DDET=1", 2000 }, /* refused where +RXDTMF comes by itself */
};

static const struct profile_step init_a76[] = {
	{ "AT+CLCC=1", 2000 },
	{ "AT+MSTK=0,0", 2000 }, /* SIM-toolkit noise, seen on firmware B07 */
	{ "AT+DDET=1", 2000 },
};

/* SIM7600 manual 3.00 9.2.9: <ds> 1 wants <mode> 1. */
#define NOTICES_SIM7600                                                             \
	PROFILE_LIST("AT+CNMI=1,1,0,1,0", "AT+CNMI=2,1,0,1,0", "AT+CNMI=2,1,0,2,0", \
		     "AT+CNMI=1,1,0,2,0", "AT+CNMI=2,1,0,0,0", "AT+CNMI=1,1,0,0,0")

#define SIMCOM_2G                                                           \
	.makers = PROFILE_LIST("SIMCOM"), .iccid = PROFILE_LIST("AT+CCID"), \
	.pin_tries = PROFILE_LIST("AT+SPIC"), .codes = AT_CODES_MTK

static const struct profile_heat heat_lte = { "AT+CPMUTEMP", "+CPMUTEMP:", 0 };
static const struct profile_heat heat_2g = { "AT+CMTE?", "+CMTE:", 1 };

#define SIMCOM_LTE                                                                \
	.iccid = PROFILE_LIST("AT+CICCID"), .pin_tries = PROFILE_LIST("AT+SPIC"), \
	.reset = "AT+CRESET", .heat = &heat_lte

static const struct profile simcom[] = {
	{
		/* A76XX of the feature set LASE: data and texts, by what boards with it say; FASE has voice. */
		.name = "a7670-lase",
		.makers = PROFILE_LIST("INCORPORATED"),
		.models = PROFILE_LIST("LASE"),
		.init = init_a76,
		.init_count = COUNT_OF(init_a76),
		SIMCOM_LTE,
		.quirks = PROFILE_NO_VOICE,
	},
	{
		/* A7670 is seen with the maker "INCORPORATED" alone. */
		.name = "a7670",
		.makers = PROFILE_LIST("INCORPORATED"),
		.models = PROFILE_LIST("A7600", "A7602", "A7608", "A767", "A768"),
		.init = init_a76,
		.init_count = COUNT_OF(init_a76),
		SIMCOM_LTE,
		.speech = &speech_lte,
	},
	{
		/* Speech needs a firmware with it; whether it reaches the far end depends on the board. */
		.name = "sim800",
		SIMCOM_2G,
		.models = PROFILE_LIST("SIM80", "SIM84", "SIM86", "SIM_80"),
		.init = init_sim800,
		.init_count = COUNT_OF(init_sim800),
		.dtmf = "AT+DDET=1,0,0",
		.heat = &heat_2g,
		.speech = &speech_2g,
	},
	{
		/* As SIM800 before it; that any firmware speaks is not known for sure. */
		.name = "sim900",
		SIMCOM_2G,
		.models = PROFILE_LIST("SIM90", "SIM_90"),
		.init = init_sim900,
		.init_count = COUNT_OF(init_sim900),
		.dtmf = "AT+DDET=1",
	},
	{
		.name = "sim7600",
		.makers = PROFILE_LIST("SIMCOM"),
		.models = PROFILE_LIST("SIM750", "SIM760"),
		.init = init_sim7600,
		.init_count = COUNT_OF(init_sim7600),
		SIMCOM_LTE,
		.notices = NOTICES_SIM7600,
		.speech = &speech_lte,
		.pcm = &pcm_cpcmreg,
	},
	{
		/* SIM767X and SIM7070/7080/7090: their manual keeps ATD, but has no +CLCC, +CHUP, +VTS nor speech; the board
		 * vendor says no voice.  And whatever else comes. */
		.name = "simcom",
		.makers = PROFILE_LIST("SIMCOM"),
		SIMCOM_LTE,
		.quirks = PROFILE_NO_VOICE,
	},
};

const struct profile_list profile_simcom = { simcom, COUNT_OF(simcom) };
