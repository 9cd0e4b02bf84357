/* quectel.c - Quectel: EC2x, EG2x, EG9x (LTE), UC20 (3G), M66/M95 (2G); all others for texts only. */
#include "modem/profile.h"

/* Both directions unmuted (1,1), mode 1: UCS-2 as hex.  543 octets of argument in the manual, 960 in one field note. */
static const struct profile_speech speech_qwtts = {
	.before = "AT+QWTTS=1,1,1,\"",
	.after = "\"",
	.stop = "AT+QWTTS=1,0,0",
	.done = "+QWTTS:", /* 0, or 4111 when a call event cut it */
	.hex_max = 540,
};

/* On the port that is NMEA otherwise, or on a sound card if +QCFG="USBCFG" has one. */
static const struct profile_pcm pcm_qpcmv = {
	.probe = "AT+QPCMV=?",
	.at = PROFILE_PCM_BEFORE,
	.open = "AT+QPCMV=1,0",
	.card = "AT+QPCMV=1,2",
	.close = "AT+QPCMV=0",
};

static const struct profile_step init_lte[] = {
	{ "AT+QSCLK=0", 2000 }, /* asleep, the port loses the first characters */
	/* Unsolicited lines here, whichever port is ours; older firmware knows one port at a time. */
	{ "AT+QURCCFG=\"urcport\",\"all\"", 2000 },
	{ "AT+QURCCFG=\"urcport\",\"usbat\"", 2000, PROFILE_INSTEAD },
	{ "AT+QINDCFG=\"ccinfo\",1,0", 2000 }, /* call states come by themselves */
	{ "AT^DSCI=1", 2000, PROFILE_INSTEAD },
	{ "AT+QINDCFG=\"smsfull\",1,0", 2000 },
	{ "AT+QTONEDET=1", 2000 }, /* keys; not saved over a restart */
};

static const struct profile_step init_3g[] = {
	{ "AT+QSCLK=0", 2000 },
	{ "AT+QURCCFG=\"urcport\",\"usbat\"", 2000 },
	{ "AT^DSCI=1", 2000 },
	{ "AT+QTONEDET=1", 2000 },
};

static const struct profile_step init_2g[] = {
	{ "AT+QSCLK=0", 2000 },
	{ "AT+QTONEDET=1", 2000 },
};

static const struct profile_step init_data[] = {
	{ "AT+QSCLK=0", 2000 },
	{ "AT+QURCCFG=\"urcport\",\"all\"", 2000 },
	{ "AT+QURCCFG=\"urcport\",\"usbat\"", 2000, PROFILE_INSTEAD },
};

static const struct profile_heat heat_qtemp = { "AT+QTEMP", "+QTEMP:", 0 };

#define QUECTEL                                                               \
	.makers = PROFILE_LIST("Quectel"), .iccid = PROFILE_LIST("AT+QCCID"), \
	.pin_tries = PROFILE_LIST("AT+QPINC=\"SC\"")

static const struct profile quectel[] = {
	{
		/* LTE-M and NB-IoT: no circuit for a voice call. */
		.name = "bg9x",
		QUECTEL,
		.models = PROFILE_LIST("BG95", "BG96", "BG77", "BC66"),
		.init = init_data,
		.init_count = COUNT_OF(init_data),
		.quirks = PROFILE_NO_VOICE,
	},
	{
		/* Another chip maker's (ASR, UNISOC) under a name like EC20's and EG91's.  Voice depends on the variant
		 * and its commands are not known for sure, so no call is placed. */
		.name = "ec200",
		QUECTEL,
		.models = PROFILE_LIST("EC200", "EG912", "EG915", "EG916"),
		.init = init_data,
		.init_count = COUNT_OF(init_data),
		.quirks = PROFILE_NO_VOICE,
	},
	{
		/* Their speech is another command, and only from files: keys and calls, but no text. */
		.name = "m95",
		QUECTEL,
		.models = PROFILE_LIST("M66", "M95", "M26", "MC60"),
		.init = init_2g,
		.init_count = COUNT_OF(init_2g),
		.dtmf = "AT+QTONEDET=1", /* M66 loses detection in one call of 20 to 30 */
		.codes = AT_CODES_MTK,
	},
	{
		/* Plays files into a call, but no text. */
		.name = "uc20",
		QUECTEL,
		.models = PROFILE_LIST("UC20", "UC15"),
		.init = init_3g,
		.init_count = COUNT_OF(init_3g),
		.dtmf = "AT+QTONEDET=1",
		.pcm = &pcm_qpcmv,
	},
	{
		/* Speech needs a firmware with it; without it the command is refused and the call is silent. */
		.name = "ec2x",
		QUECTEL,
		.models = PROFILE_LIST("EC20", "EC21", "EC25", "EG21", "EG25", "EG91", "EG95",
				       "EG06", "EP06"),
		.init = init_lte,
		.init_count = COUNT_OF(init_lte),
		.dtmf = "AT+QTONEDET=1", /* a reset that nobody saw switches it off */
		.heat = &heat_qtemp,
		.speech = &speech_qwtts,
		.pcm = &pcm_qpcmv,
	},
	{
		/* Data cards and what is new: EM05, EM060K, RM500Q, ... */
		.name = "quectel",
		QUECTEL,
		.init = init_data,
		.init_count = COUNT_OF(init_data),
		.quirks = PROFILE_NO_VOICE,
	},
};

const struct profile_list profile_quectel = { quectel, COUNT_OF(quectel) };
