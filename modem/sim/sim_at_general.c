/* Who the modem is, its SIM, its network, its clock: 27.007 5 to 8 and V.250. */
#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "modem/sim/sim_world.h"

#define OPERATOR   "Test Network"

#define RESTART_MS 100 /* the OK of the command leaves before */

/* What each family says of itself: MODEMS.md 1.1. */
static const struct {
	const char *maker, *model, *revision;
} families[SIM_VENDORS] = {
	[SIM_GENERIC] = { "Standard Modems", "SM-27007", "1.00" },
	[SIM_SIMCOM] = { "SIMCOM INCORPORATED", "SIMCOM_SIM7600G-H", "LE20B05SIM7600G22" },
	[SIM_QUECTEL] = { "Quectel", "EC25", "EC25EFAR02A09M4G" },
	[SIM_HUAWEI] = { "huawei", "E173", "11.126.85.00.209" },
	[SIM_UBLOX] = { "u-blox", "SARA-U201", "23.60" },
	[SIM_TELIT] = { "Telit", "LE910C4-EU", "25.20.675" },
};

int sim_at_card_error(const struct sim_modem *m)
{
	switch (m->card) {
	case SIM_CARD_READY:
		return 0;
	case SIM_CARD_PIN:
		return SIM_CME(11);
	case SIM_CARD_PUK:
		return SIM_CME(12);
	case SIM_CARD_ABSENT:
		return SIM_CME(10);
	case SIM_CARD_BUSY:
		return SIM_CME(14);
	case SIM_CARD_FAILURE:
		break;
	}
	return SIM_CME(13);
}

/* 14 digits and Luhn's (3GPP TS 23.003 B). */
static void imei_of(const struct sim_modem *m, char imei[16])
{
	int sum = 0;

	snprintf(imei, 16, "86712303%06d", ((m->body >= 0 ? m->body : m->index) + 1) % 1000000);
	for (int i = 0; i < 14; i++) {
		int digit = (imei[i] - '0') * (i % 2 + 1);

		sum += digit / 10 + digit % 10;
	}
	imei[14] = (char)('0' + (10 - sum % 10) % 10);
	imei[15] = '\0';
}

static int maker(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		 struct when now)
{
	(void)sim, (void)args, (void)now;
	if (op != SIM_OP_TEST)
		sim_at_info(m, "%s", families[m->vendor].maker);
	return SIM_OK;
}

static int model(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		 struct when now)
{
	(void)sim, (void)args, (void)now;
	if (op != SIM_OP_TEST)
		sim_at_info(m, "%s", families[m->vendor].model);
	return SIM_OK;
}

static int revision(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		    struct when now)
{
	(void)sim, (void)args, (void)now;
	if (op != SIM_OP_TEST)
		sim_at_info(m, "%s%s", m->vendor == SIM_SIMCOM ? "+CGMR: " : "",
			    families[m->vendor].revision);
	return SIM_OK;
}

static int serial(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		  struct when now)
{
	char imei[16];

	(void)sim, (void)args, (void)now;
	imei_of(m, imei);
	if (op != SIM_OP_TEST)
		sim_at_info(m, "%s", imei);
	return SIM_OK;
}

static int about(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		 struct when now)
{
	(void)sim, (void)op, (void)args, (void)now;
	sim_at_info(m, "%s", families[m->vendor].maker);
	sim_at_info(m, "%s", families[m->vendor].model);
	sim_at_info(m, "Revision: %s", families[m->vendor].revision);
	return SIM_OK;
}

static int imsi(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		struct when now)
{
	int error = sim_at_card_error(m);

	(void)sim, (void)args, (void)now;
	if (error == 0 && op == SIM_OP_EXEC)
		sim_at_info(m, "%s%010d", m->plmn, m->card_number);
	return error;
}

static int iccid(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		 struct when now)
{
	static const char *const names[SIM_VENDORS] = { "+CCID",  "+ICCID", "+QCCID",
							"^ICCID", "+CCID",  "#CCID" };

	(void)sim, (void)args, (void)now;
	if (m->card == SIM_CARD_ABSENT)
		return SIM_CME(10);
	if (op != SIM_OP_TEST)
		sim_at_info(m, "%s: 8901001%012d%s", names[m->vendor], m->card_number,
			    m->vendor == SIM_QUECTEL ? "F" : "");
	return SIM_OK;
}

static int own_number(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		      struct when now)
{
	int error = sim_at_card_error(m);

	(void)sim, (void)args, (void)now;
	if (error == 0 && op == SIM_OP_EXEC)
		sim_at_info(m, "+CNUM: ,\"%s\",145", m->number);
	return error;
}

/* ---- the SIM card: 27.007 8.3 ---- */

static void card_opened(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];

	sim_modem_urc(sim, m, now, "+CPIN: READY");
	sim_modem_register(sim, m, m->registration, now);
}

static int enter_pin(struct sim *sim, struct sim_modem *m, struct span args, struct when now)
{
	if (m->card != SIM_CARD_PIN)
		return m->card == SIM_CARD_READY ? SIM_CME(3) : sim_at_card_error(m);
	if (!span_is(sim_at_arg(&args), m->pin)) {
		if (--m->pin_tries > 0)
			return SIM_CME(16);
		m->card = SIM_CARD_PUK;
		return SIM_CME(12);
	}
	m->pin_tries = 3;
	m->card = SIM_CARD_READY;
	sim_job_tied(sim, m, now.mono_ms, card_opened);
	return SIM_OK;
}

static int pin(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
	       struct when now)
{
	if (op == SIM_OP_SET)
		return enter_pin(sim, m, args, now);
	if (op == SIM_OP_TEST)
		return SIM_OK;
	if (m->card == SIM_CARD_ABSENT || m->card == SIM_CARD_BUSY || m->card == SIM_CARD_FAILURE)
		return sim_at_card_error(m);
	sim_at_info(m, "+CPIN: %s",
		    m->card == SIM_CARD_PIN   ? "SIM PIN"
		    : m->card == SIM_CARD_PUK ? "SIM PUK"
					      : "READY");
	return SIM_OK;
}

/* How many tries are left; every family has its own command (MODEMS.md 7.4). */
static int tries(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		 struct when now)
{
	(void)sim, (void)args, (void)now;
	if (op == SIM_OP_TEST)
		return SIM_OK;
	if (m->vendor == SIM_QUECTEL)
		sim_at_info(m, "+QPINC: \"SC\",%d,10", m->pin_tries);
	else if (m->vendor == SIM_SIMCOM)
		sim_at_info(m, "+SPIC: %d,10,3,10", m->pin_tries);
	else if (m->vendor == SIM_HUAWEI)
		sim_at_info(m, "^CPIN: %s,%d,10,%d,10,3",
			    m->card == SIM_CARD_PIN ? "SIM PIN" : "READY", m->pin_tries,
			    m->pin_tries);
	else if (m->vendor == SIM_UBLOX)
		sim_at_info(m, "+UPINCNT: %d,3,10,10", m->pin_tries);
	else if (m->vendor == SIM_TELIT)
		sim_at_info(m, "#PCT: %d", m->pin_tries);
	else
		sim_at_info(m, "+CPINR: SIM PIN,%d,3", m->pin_tries);
	return SIM_OK;
}

/* ---- function level, character set ---- */

static void restart(struct sim *sim, const struct sim_job *job, struct when now)
{
	sim_modem_restart(sim, sim->modems[job->modem], now);
}

static void radio_changed(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];

	if (m->set.radio_off == 0)
		sim_modem_attach(sim, m, now);
	else
		sim_modem_register(sim, m, m->registration, now);
}

static int function(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		    struct when now)
{
	static const int level_of[] = { 1, 0, 4 }; /* by radio_off 0, 1 (minimum), else 4 */
	int64_t level;
	int64_t reset = 0;

	if (op == SIM_OP_READ)
		sim_at_info(m, "+CFUN: %d", level_of[m->set.radio_off == 4 ? 2 : m->set.radio_off]);
	if (op == SIM_OP_TEST)
		sim_at_info(m, "+CFUN: (0,1,4),(0,1)");
	if (op != SIM_OP_SET)
		return op == SIM_OP_EXEC ? SIM_ERROR : SIM_OK;
	if (!sim_at_number(&args, 0, 16, &level) || (level > 4 && level < 16) ||
	    (level == 16 && m->vendor != SIM_UBLOX) || level == 2 || level == 3 ||
	    (args.len > 0 && !sim_at_number(&args, 0, 1, &reset)))
		return SIM_CME(50);
	if (reset == 1 || level == 16) {
		sim_job_tied(sim, m, now.mono_ms + m->slow_ms + RESTART_MS, restart);
		return SIM_OK;
	}
	m->set.radio_off = level == 1 ? 0 : level == 0 ? 1 : 4;
	sim_job_tied(sim, m, now.mono_ms + m->slow_ms, radio_changed);
	return SIM_OK;
}

static int reset_now(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		     struct when now)
{
	(void)args;
	if (op == SIM_OP_EXEC)
		sim_job_tied(sim, m, now.mono_ms + m->slow_ms + RESTART_MS, restart);
	return SIM_OK;
}

static int charset(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now)
{
	struct span name;

	(void)sim, (void)now;
	if (op == SIM_OP_READ)
		sim_at_info(m, "+CSCS: \"%s\"", m->set.wide ? "UCS2" : "IRA");
	if (op == SIM_OP_TEST)
		sim_at_info(m, "+CSCS: (\"GSM\",\"IRA\",\"UCS2\")");
	if (op != SIM_OP_SET)
		return op == SIM_OP_EXEC ? SIM_ERROR : SIM_OK;
	name = sim_at_arg(&args);
	if (!span_is(name, "GSM") && !span_is(name, "IRA") && !span_is(name, "UCS2"))
		return SIM_CME(50);
	m->set.wide = span_is(name, "UCS2");
	return SIM_OK;
}

static int factory(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now)
{
	(void)sim, (void)op, (void)args, (void)now;
	sim_modem_settings(m);
	return SIM_OK;
}

static int accepted(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		    struct when now)
{
	(void)sim, (void)m, (void)op, (void)args, (void)now;
	return SIM_OK;
}

/* ---- the network: 27.007 7.2, 7.3, 8.5 ---- */

static int registration(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
			const char *name)
{
	int *mode = name[2] == 'R' ? &m->set.creg : name[2] == 'G' ? &m->set.cgreg : &m->set.cereg;
	int shown = m->shown[name[2] == 'R' ? 0 : name[2] == 'G' ? 1 : 2];
	int stat = shown >= 0 ? shown : sim_modem_stat(sim, m);
	int64_t n;

	if (op == SIM_OP_EXEC)
		return SIM_ERROR;
	if (op == SIM_OP_TEST)
		sim_at_info(m, "%s: (0-2)", name);
	else if (op == SIM_OP_READ && *mode == 2 && (stat == 1 || stat == 5))
		sim_at_info(m, "%s: 2,%d,\"1A2B\",\"01234567\",%d", name, stat, m->radio);
	else if (op == SIM_OP_READ)
		sim_at_info(m, "%s: %d,%d", name, *mode, stat);
	if (op != SIM_OP_SET)
		return SIM_OK;
	if (!sim_at_number(&args, 0, 2, &n))
		return SIM_CME(50);
	*mode = (int)n;
	return SIM_OK;
}

static int creg(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		struct when now)
{
	(void)now;
	return registration(sim, m, op, args, "+CREG");
}

static int cgreg(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		 struct when now)
{
	(void)now;
	return registration(sim, m, op, args, "+CGREG");
}

static int cereg(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		 struct when now)
{
	(void)now;
	return registration(sim, m, op, args, "+CEREG");
}

static int operator_name(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
			 struct when now)
{
	int64_t mode;
	int64_t format;

	if (op == SIM_OP_TEST)
		sim_at_info(m, "+COPS: (2,\"" OPERATOR "\",\"Test\",\"%s\",7),,(0-4),(0-2)",
			    m->plmn);
	else if (op == SIM_OP_READ && !sim_modem_served(sim, m))
		sim_at_info(m, "+COPS: 0");
	else if (op == SIM_OP_READ)
		sim_at_info(m, "+COPS: 0,%d,\"%s\",%d", m->set.cops,
			    m->set.cops == 2   ? m->plmn
			    : m->set.cops == 1 ? "Test"
					       : OPERATOR,
			    m->radio);
	if (op != SIM_OP_SET)
		return op == SIM_OP_EXEC ? SIM_ERROR : SIM_OK;
	if (!sim_at_number(&args, 0, 4, &mode))
		return SIM_CME(50);
	if (args.len == 0 && mode == 3)
		return SIM_CME(50);
	if (mode != 3)
		sim_job_tied(sim, m, now.mono_ms + m->slow_ms, radio_changed);
	if (args.len == 0)
		return SIM_OK;
	if (!sim_at_number(&args, 0, 2, &format))
		return SIM_CME(50);
	m->set.cops = (int)format;
	return SIM_OK;
}

static int signal(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		  struct when now)
{
	(void)args, (void)now;
	if (op == SIM_OP_TEST)
		sim_at_info(m, "+CSQ: (0-31,99),(0-7,99)");
	else
		sim_at_info(m, "+CSQ: %d,99", sim_modem_served(sim, m) ? m->signal : 99);
	return SIM_OK;
}

static int signal_extended(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
			   struct when now)
{
	bool served = sim_modem_served(sim, m);

	(void)op, (void)args, (void)now;
	sim_at_info(m, "+CESQ: 99,99,255,255,%d,%d", served ? 20 : 255, served ? 60 : 255);
	return SIM_OK;
}

static int attached(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		    struct when now)
{
	(void)args, (void)now;
	if (op == SIM_OP_READ)
		sim_at_info(m, "+CGATT: %d", sim_modem_served(sim, m) ? 1 : 0);
	return SIM_OK;
}

/* ---- clock ---- */

static int clock_now(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		     struct when now)
{
	/* What a module says before the network told it: MODEMS.md 2.5. */
	struct civil c = civil_of(m->clock_wrong ? 315964800 : now.utc_s + m->clock_off_s);

	(void)sim, (void)args;
	if (op == SIM_OP_READ)
		sim_at_info(m, "+CCLK: \"%02d/%02d/%02d,%02d:%02d:%02d+00\"", (int)(c.year % 100),
			    c.month, c.day, c.hour, c.minute, c.second);
	return SIM_OK;
}

const struct sim_command sim_general_commands[] = {
	{ "+CGMI", SIM_ALL, maker },
	{ "+GMI", SIM_ALL, maker },
	{ "+CGMM", SIM_ALL, model },
	{ "+GMM", SIM_ALL, model },
	{ "+CGMR", SIM_ALL, revision },
	{ "+GMR", SIM_ALL, revision },
	{ "+CGSN", SIM_ALL, serial },
	{ "+GSN", SIM_ALL, serial },
	{ "I", SIM_ALL, about },
	{ "+CIMI", SIM_ALL, imsi },
	{ "+CCID", SIM_ONLY(SIM_GENERIC) | SIM_ONLY(SIM_UBLOX), iccid },
	{ "^ICCID", SIM_ONLY(SIM_HUAWEI), iccid },
	{ "#CCID", SIM_ONLY(SIM_TELIT), iccid },
	{ "+CICCID", SIM_ONLY(SIM_SIMCOM), iccid },
	{ "+QCCID", SIM_ONLY(SIM_QUECTEL), iccid },
	{ "+CNUM", SIM_ALL, own_number },
	{ "+CPIN", SIM_ALL, pin },
	{ "+CPINR", SIM_ONLY(SIM_GENERIC), tries },
	{ "^CPIN", SIM_ONLY(SIM_HUAWEI), tries },
	{ "+UPINCNT", SIM_ONLY(SIM_UBLOX), tries },
	{ "#PCT", SIM_ONLY(SIM_TELIT), tries },
	{ "+SPIC", SIM_ONLY(SIM_SIMCOM), tries },
	{ "+QPINC", SIM_ONLY(SIM_QUECTEL), tries },
	{ "+CFUN", SIM_ALL, function },
	{ "+CRESET", SIM_ONLY(SIM_SIMCOM), reset_now },
	{ "^RESET", SIM_ONLY(SIM_HUAWEI), reset_now },
	{ "#REBOOT", SIM_ONLY(SIM_TELIT), reset_now },
	{ "+CSCS", SIM_ALL, charset },
	{ "Z", SIM_ALL, factory },
	{ "&F", SIM_ALL, factory },
	{ "&W", SIM_ALL, accepted },
	{ "+IPR", SIM_ALL, accepted },
	{ "+IFC", SIM_ALL, accepted },
	{ "+CREG", SIM_ALL, creg },
	{ "+CGREG", SIM_ALL, cgreg },
	{ "+CEREG", SIM_ALL, cereg },
	{ "+COPS", SIM_ALL, operator_name },
	{ "+CSQ", SIM_ALL, signal },
	{ "+CESQ", SIM_ALL, signal_extended },
	{ "+CGATT", SIM_ALL, attached },
	{ "+CCLK", SIM_ALL, clock_now },
	{ "+CUSD", SIM_ALL, sim_at_ussd },
};
const size_t sim_general_count = COUNT_OF(sim_general_commands);
