/* quectel.c - Quectel: EC2x, EG2x, EG9x, EM and EP (LTE), M66/M95 (2G), BG9x (data only). */
#include "modem/profile.h"

/* Both directions unmuted (1,1), mode 1: UCS-2 as hex.  543 octets of argument in the manual, 960 in one field note. */
static const struct profile_speech speech_qwtts = {
	.before = "AT+QWTTS=1,1,1,\"",
	.after = "\"",
	.stop = "AT+QWTTS=1,0,0",
	.done = "+QWTTS:", /* 0, or 4111 when a call event cut it */
	.hex_max = 540,
};

static const struct profile_step init_lte[] = {
	{ "AT+QSCLK=0", 2000 }, /* asleep, the port loses the first characters */
	{ "AT+QURCCFG=\"urcport\",\"all\"",
	  2000 },                              /* unsolicited lines here, whichever port is ours */
	{ "AT+QINDCFG=\"ccinfo\",1,0", 2000 }, /* call states come by themselves */
	{ "AT+QINDCFG=\"smsfull\",1,0", 2000 },
	{ "AT+QTONEDET=1", 2000 }, /* keys; not saved over a restart */
};

static const struct profile_step init_2g[] = {
	{ "AT+QSCLK=0", 2000 },
	{ "AT+QTONEDET=1", 2000 },
};

#define QUECTEL                                                          \
	.name = "quectel", .makers = { "Quectel" }, .iccid = "AT+QCCID", \
	.pin_tries = "AT+QPINC=\"SC\"", .reset = "AT+CFUN=1,1"

static const struct profile quectel[] = {
	{
		QUECTEL,
		.models = { "BG95", "BG96", "BG77", "BC66" },
		.quirks = PROFILE_NO_VOICE,
	},
	{
		/* Their speech is another command, and only from files: keys and calls, but no text. */
		QUECTEL,
		.models = { "M66", "M95", "M26", "MC60" },
		.init = init_2g,
		.init_count = COUNT_OF(init_2g),
		.dtmf = "AT+QTONEDET=1", /* M66 loses detection in one call of 20 to 30 */
		.codes = AT_CODES_MTK,
	},
	{
		QUECTEL,
		.init = init_lte,
		.init_count = COUNT_OF(init_lte),
		.dtmf = "AT+QTONEDET=1", /* a reset that nobody saw switches it off */
		.speech = &speech_qwtts,
	},
};

const struct profile_list profile_quectel = { quectel, COUNT_OF(quectel) };
