/* huawei.c - Huawei: E15xx to E18xx sticks and ME909-like modules (voice where the firmware has it), E3372-like sticks (texts).
 *
 * No firmware speaks text into a call; a call rings and, on some models, hears keys.
 */
#include "modem/profile.h"

/* ^GETPORTMODE is not asked: it crashes an MU609. */
static const struct profile_step init_sms[] = {
	{ "AT^PORTSEL=0", 2000 }, /* unsolicited lines on the command port, ... */
	{ "AT^CURC=1", 2000 },    /* ... and all of them */
};

static const struct profile_step init_voice[] = {
	{ "AT^PORTSEL=0", 2000 },
	{ "AT^CURC=1", 2000 },
	/* 0: the firmware does voice.  Most sticks can, and many were sold with it locked; few modules can. */
	{ "AT^CVOICE?", 5000, PROFILE_VOICE, "^CVOICE:0" },
};

/* ^CVOICE has said that it can, or no call is placed.  The sound is on the port of bInterfaceProtocol 3 during a call. */
static const struct profile_pcm pcm_ddsetex = {
	.at = PROFILE_PCM_DIALLED,
	.open = "AT^DDSETEX=2",
};

/* The sticks' own memory is small and not always there: the card first. */
#define STORES_STICK                                                                 \
	PROFILE_LIST("AT+CPMS=\"SM\",\"SM\",\"SM\"", "AT+CPMS=\"ME\",\"SM\",\"ME\"", \
		     "AT+CPMS=\"SM\"")

#define HUAWEI                                                      \
	.makers = PROFILE_LIST("huawei"),                           \
	.iccid = PROFILE_LIST("AT^ICCID?", "AT+ICCID?", "AT+CCID"), \
	.pin_tries = PROFILE_LIST("AT^CPIN?", "AT+CPINR=\"SIM PIN\""), .reset = "AT^RESET"

static const struct profile huawei[] = {
	{
		.name = "huawei-e17xx",
		HUAWEI,
		.models = PROFILE_LIST("E15", "E16", "E17", "E18", "K3", "K4"),
		.init = init_voice,
		.init_count = COUNT_OF(init_voice),
		.stores = STORES_STICK,
		.dtmf = "AT^DDTMFCFG=0,1", /* few have it; the others refuse it */
		.pcm = &pcm_ddsetex,
	},
	{
		/* Some variants have voice: they say so themselves, as the sticks do. */
		.name = "huawei-me909",
		HUAWEI,
		.models = PROFILE_LIST("ME9", "MU5", "MU6", "MU7"),
		.init = init_voice,
		.init_count = COUNT_OF(init_voice),
		.dtmf = "AT^DDTMFCFG=0,1",
	},
	{
		/* E3372 in stick mode, E3131, E3276 and whatever else comes. */
		.name = "huawei-e3372",
		HUAWEI,
		.init = init_sms,
		.init_count = COUNT_OF(init_sms),
		.stores = STORES_STICK,
		.quirks = PROFILE_NO_VOICE,
	},
};

const struct profile_list profile_huawei = { huawei, COUNT_OF(huawei) };
