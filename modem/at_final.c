#include "modem/at_final.h"

#include "modem/at_line.h"

/* The words of V.250 6.2 with their numbers (0 OK … 8 NO ANSWER), and what else real modems end a command with.
 * `dial`: a final of ATD only; while another command waits it is news about the call. */
static const struct word {
	const char *text;
	int number; /* with ATV0; -1 none */
	enum at_final_kind kind;
	bool whole; /* the line is exactly this */
	bool dial;
} words[] = {
	{ "OK", 0, AT_FINAL_OK, true, false },
	{ "ERROR", 4, AT_FINAL_ERROR, true, false },
	{ "CONNECT", 1, AT_FINAL_CONNECT, false, true },
	{ "NO CARRIER", 3, AT_FINAL_NO_CARRIER, true, true },
	{ "BUSY", 7, AT_FINAL_BUSY, true, true },
	{ "NO ANSWER", 8, AT_FINAL_NO_ANSWER, true, true },
	{ "NO DIALTONE", 6, AT_FINAL_NO_DIALTONE, true, true },
	{ "NO DIAL TONE", -1, AT_FINAL_NO_DIALTONE, true, true },
	{ "COMMAND NOT SUPPORT", -1, AT_FINAL_UNSUPPORTED, false, false }, /* Huawei; also "…ED" */
	{ "MODEM ERROR", -1, AT_FINAL_ERROR, false, false },
	{ "TOO MANY PARAMETERS", -1, AT_FINAL_ERROR, true, false }, /* Huawei */
	{ "NA", -1, AT_FINAL_ERROR, true, false },
	{ "ERROR+CNUM:", -1, AT_FINAL_ERROR, false,
	  false }, /* E1752, ERROR glued to an empty answer */
};

/* 27.007 9.2.1, 9.2.2 and 27.005 3.2.5 as words (+CMEE=2, and modems that never send numbers). */
static const struct reason {
	const char *text;
	int code;
} cme_words[] = {
	{ "phone failure", 0 },
	{ "no connection to phone", 1 },
	{ "phone-adaptor link reserved", 2 },
	{ "operation not allowed", 3 },
	{ "operation not supported", 4 },
	{ "PH-SIM PIN required", 5 },
	{ "SIM not inserted", 10 },
	{ "SIM PIN required", 11 },
	{ "SIM PUK required", 12 },
	{ "SIM failure", 13 },
	{ "SIM busy", 14 },
	{ "SIM wrong", 15 },
	{ "incorrect password", 16 },
	{ "SIM PIN2 required", 17 },
	{ "SIM PUK2 required", 18 },
	{ "memory full", 20 },
	{ "invalid index", 21 },
	{ "not found", 22 },
	{ "memory failure", 23 },
	{ "no network service", 30 },
	{ "network timeout", 31 },
	{ "network not allowed - emergency calls only", 32 },
	{ "emergency calls only", 32 },
	{ "unknown", 100 },
	{ "unknown error", 100 },
}, cms_words[] = {
	{ "ME failure", 300 },
	{ "SMS service of ME reserved", 301 },
	{ "operation not allowed", 302 },
	{ "operation not supported", 303 },
	{ "invalid PDU mode parameter", 304 },
	{ "invalid text mode parameter", 305 },
	{ "SIM not inserted", 310 },
	{ "SIM PIN required", 311 },
	{ "SIM failure", 313 },
	{ "SIM busy", 314 },
	{ "SIM wrong", 315 },
	{ "SIM PUK required", 316 },
	{ "memory failure", 320 },
	{ "invalid memory index", 321 },
	{ "memory full", 322 },
	{ "SMSC address unknown", 330 },
	{ "no network service", 331 },
	{ "network timeout", 332 },
	{ "unknown error", 500 },
};

static int code_of(struct span text, const struct reason *reasons, size_t count)
{
	int64_t number = -1;

	if (span_int(text, &number))
		return number >= 0 && number <= INT32_MAX ? (int)number : -1;
	for (size_t i = 0; i < count; i++)
		if (span_is_nocase(text, reasons[i].text))
			return reasons[i].code;
	return -1;
}

/* "+CME ERROR: 30", "+CME ERROR:30", "+CME ERROR: SIM busy", with or without quotes. */
static bool coded(struct span text, struct at_final *final)
{
	struct at_line line = at_line_of(text);
	struct span reason;

	if (at_line_prefix(&line, "+CME ERROR:")) {
		at_line_string(&line, &reason);
		*final = (struct at_final){ AT_FINAL_CME,
					    code_of(reason, cme_words, COUNT_OF(cme_words)) };
		return true;
	}
	if (at_line_prefix(&line, "+CMS ERROR:")) {
		at_line_string(&line, &reason);
		*final = (struct at_final){ AT_FINAL_CMS,
					    code_of(reason, cms_words, COUNT_OF(cms_words)) };
		return true;
	}
	return false;
}

static bool matches(const struct word *word, struct span text, unsigned flags)
{
	int64_t number = -1;

	if (word->dial && (flags & AT_FINAL_DIAL) == 0)
		return false;
	if ((flags & AT_FINAL_NUMERIC) != 0 && text.len == 1 && span_int(text, &number))
		return number == word->number;
	return word->whole ? span_is(text, word->text) : span_starts(text, word->text);
}

struct at_final at_final_of(struct span line, unsigned flags)
{
	struct at_final final = { AT_FINAL_NONE, -1 };
	struct span text = span_trim(line);

	if (coded(text, &final))
		return final;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (matches(&words[i], text, flags))
			return (struct at_final){ words[i].kind, -1 };
	return final;
}

/* One row a run of codes; the first that fits counts.  RP causes (0 to 127) are of 24.011 8.2.5.4, TP-FCS (128 to
 * 255) of 23.040 9.2.3.22, the rest of 27.005 3.2.5.  What is barred, not subscribed or a SIM matter on this SIM may
 * well work on another, so it is the modem's.  A code not listed is worth another try. */
struct range {
	int first, last;
	enum device_outcome outcome;
};

static const struct range cms_codes[] = {
	{ 1, 1, DEVICE_REFUSED_RECIPIENT }, /* unassigned number */
	{ 8, 10, DEVICE_REFUSED_MODEM },    /* barred */
	{ 28, 30,
	  DEVICE_REFUSED_MODEM }, /* unidentified or unknown subscriber, facility rejected */
	{ 50, 50, DEVICE_REFUSED_MODEM }, /* not subscribed */
	{ 69, 69, DEVICE_REFUSED_PERMANENT },
	{ 95, 97, DEVICE_REFUSED_PERMANENT },
	{ 99, 99, DEVICE_REFUSED_PERMANENT },
	{ 128, 191, DEVICE_REFUSED_PERMANENT }, /* PID, DCS, command or TPDU not supported */
	{ 193, 193, DEVICE_REFUSED_MODEM },     /* no subscription at the service centre */
	{ 195, 196, DEVICE_REFUSED_RECIPIENT }, /* invalid or barred destination */
	{ 197, 197, DEVICE_ACCEPTED },          /* duplicate: the first one is there */
	{ 198, 199, DEVICE_REFUSED_PERMANENT }, /* validity period not supported */
	{ 208, 211, DEVICE_REFUSED_MODEM },
	{ 224, 226, DEVICE_UNKNOWN }, /* CP retry exceeded, RP timer, link broken (MTK) */
	{ 300, 300, DEVICE_REFUSED_MODEM },
	{ 303, 303, DEVICE_REFUSED_MODEM }, /* the command, not the unit */
	{ 304, 305, DEVICE_REFUSED_PERMANENT },
	{ 310, 313, DEVICE_REFUSED_MODEM },
	{ 315, 330, DEVICE_REFUSED_MODEM }, /* SIM, memory, SMSC unknown */
	{ 332, 332, DEVICE_UNKNOWN },       /* network timeout */
	{ 340, 340, DEVICE_UNKNOWN },       /* about +CNMA: says nothing of the submit */
	{ 341, 342, DEVICE_REFUSED_MODEM }, /* SIMCom LTE: buffer */
	{ 500, 500, DEVICE_UNKNOWN },       /* then often found delivered */
	{ 0, 511, DEVICE_REFUSED_NETWORK },
};

/* Of 512 and above, by vendor (SIM800 manual; smstools for Siemens). */
static const struct range mtk_codes[] = {
	{ 512, 512, DEVICE_UNKNOWN },           /* "no error" */
	{ 513, 514, DEVICE_REFUSED_PERMANENT }, /* too long, bad parameter */
	{ 515, 515, DEVICE_REFUSED_MODEM },     /* storage failure */
	{ 519, 519, DEVICE_REFUSED_PERMANENT },
	{ 529, 532, DEVICE_REFUSED_MODEM }, /* MO not allowed, ME full, SIM refreshed */
	{ 516, 540, DEVICE_REFUSED_NETWORK },
}, siemens_codes[] = {
	{ 512, 514, DEVICE_REFUSED_NETWORK }, /* weak signal, lower layer, congestion */
	{ 515, 515, DEVICE_REFUSED_MODEM },   /* still starting */
};

static const struct range cme_codes[] = {
	{ 3, 3, DEVICE_REFUSED_NETWORK },   /* not allowed: now */
	{ 14, 14, DEVICE_REFUSED_NETWORK }, /* SIM busy */
	{ 30, 30, DEVICE_REFUSED_NETWORK },
	{ 31, 31, DEVICE_UNKNOWN },       /* network timeout, as +CMS 332 */
	{ 32, 32, DEVICE_REFUSED_MODEM }, /* emergency calls only: no network takes this SIM here */
	{ 100, 100, DEVICE_UNKNOWN },
	{ 256, 258, DEVICE_REFUSED_NETWORK }, /* SIMCom, Quectel: temporarily not allowed, busy */
	{ 515, 515, DEVICE_REFUSED_NETWORK }, /* Quectel: initialising */
	{ 0, INT32_MAX, DEVICE_REFUSED_MODEM },
};

static enum device_outcome look_up(const struct range *ranges, size_t count, int code)
{
	for (size_t i = 0; i < count; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return ranges[i].outcome;
	return DEVICE_UNKNOWN;
}

static enum device_outcome cms_outcome(int code, enum at_codes codes)
{
	if (code < 512)
		return look_up(cms_codes, COUNT_OF(cms_codes), code);
	switch (codes) {
	case AT_CODES_MTK:
		return look_up(mtk_codes, COUNT_OF(mtk_codes), code);
	case AT_CODES_SIEMENS:
		return look_up(siemens_codes, COUNT_OF(siemens_codes), code);
	case AT_CODES_PLAIN:
		break;
	}
	return DEVICE_UNKNOWN;
}

enum device_outcome at_final_sms(struct at_final final, enum at_codes codes)
{
	switch (final.kind) {
	case AT_FINAL_OK:
		return DEVICE_ACCEPTED;
	case AT_FINAL_ERROR:
	case AT_FINAL_UNSUPPORTED:
		return DEVICE_REFUSED_MODEM;
	case AT_FINAL_CME:
		return look_up(cme_codes, COUNT_OF(cme_codes), final.code);
	case AT_FINAL_CMS:
		return cms_outcome(final.code, codes);
	case AT_FINAL_NONE:
	case AT_FINAL_CONNECT:
	case AT_FINAL_NO_CARRIER:
	case AT_FINAL_BUSY:
	case AT_FINAL_NO_ANSWER:
	case AT_FINAL_NO_DIALTONE:
	case AT_FINAL_KINDS:
		break;
	}
	return DEVICE_UNKNOWN;
}

enum device_outcome at_final_dial(struct at_final final)
{
	enum device_outcome outcome;

	switch (final.kind) {
	case AT_FINAL_CME:
		outcome = look_up(cme_codes, COUNT_OF(cme_codes), final.code);
		/* No call was set up: nothing is unknown about that. */
		return outcome == DEVICE_UNKNOWN ? DEVICE_REFUSED_NETWORK : outcome;
	case AT_FINAL_ERROR:
	case AT_FINAL_UNSUPPORTED:
	case AT_FINAL_CMS:
		return DEVICE_REFUSED_MODEM;
	case AT_FINAL_NO_DIALTONE: /* no service, as SIM800 and EC2x say it */
		return DEVICE_REFUSED_NETWORK;
	case AT_FINAL_NONE:
		return DEVICE_UNKNOWN;
	case AT_FINAL_OK:
	case AT_FINAL_CONNECT:
	case AT_FINAL_NO_CARRIER:
	case AT_FINAL_BUSY:
	case AT_FINAL_NO_ANSWER:
	case AT_FINAL_KINDS:
		break;
	}
	return DEVICE_ACCEPTED;
}
