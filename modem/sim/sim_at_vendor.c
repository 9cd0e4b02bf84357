/* What SIMCom and Quectel add: speech into the call, notices of their own, a thermometer.  MODEMS.md 2.2 and 6.2. */
#include "modem/sim/sim_world.h"

/* Longest text argument, in characters as typed: the manuals count the string's bytes. */
#define QWTTS_MAX 543
#define CTTS_MAX  512

/* ---- Quectel ---- */

/* +QWTTS=<uplink>,<downlink>,<mode>[,<text>]: mode 1 UCS-2 in hex, 2 plain, 0 stops. */
static int qwtts(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		 struct when now)
{
	struct sim_call *call = sim_call_find(sim, m->call);
	int64_t uplink;
	int64_t downlink;
	int64_t mode;
	struct span text;

	if (op != SIM_OP_SET)
		return op == SIM_OP_EXEC ? SIM_ERROR : SIM_OK;
	if (!sim_at_number(&args, 0, 1, &uplink) || !sim_at_number(&args, 0, 1, &downlink))
		return SIM_CME(902);
	/* The stop form is also seen short: =1,0,0. */
	if (!sim_at_number(&args, 0, 2, &mode))
		return SIM_CME(902);
	if (mode == 0) {
		if (call != NULL)
			sim_speech_stop(sim, call, now);
		return SIM_OK;
	}
	if (call == NULL || call->state != SIM_CALL_ACTIVE || (uplink == 0 && downlink == 0))
		return SIM_CME(903);
	if (call->speaker >= 0)
		return SIM_CME(904);
	text = sim_at_arg(&args);
	if (text.len > QWTTS_MAX || sim_speech_start(sim, m, text, mode == 1, uplink == 1, now) < 0)
		return SIM_CME(902);
	return SIM_OK;
}

/* Quoted name, then the value: the switches this modem has; any other is taken and forgotten. */
static int qindcfg(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now)
{
	struct span name = sim_at_arg(&args);
	const struct {
		const char *name;
		int *value;
	} rows[] = { { "ccinfo", &m->set.ccinfo },
		     { "smsfull", &m->set.smsfull },
		     { "act", &m->set.act } };
	int64_t n;

	(void)sim, (void)now;
	if (op != SIM_OP_SET)
		return op == SIM_OP_EXEC ? SIM_ERROR : SIM_OK;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (!span_is_nocase(name, rows[i].name))
			continue;
		if (args.len == 0) {
			sim_at_info(m, "+QINDCFG: \"%s\",%d", rows[i].name, *rows[i].value);
			return SIM_OK;
		}
		if (!sim_at_number(&args, 0, 1, &n))
			return SIM_CME(50);
		*rows[i].value = (int)n;
		return SIM_OK;
	}
	return SIM_CME(50);
}

static int qurccfg(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now)
{
	struct span name = sim_at_arg(&args);

	(void)sim, (void)now;
	if (op == SIM_OP_SET && !span_is_nocase(name, "urcport"))
		return SIM_CME(50);
	if (op == SIM_OP_SET && args.len == 0)
		sim_at_info(m, "+QURCCFG: \"urcport\",\"usbat\"");
	return SIM_OK;
}

static int qcfg(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		struct when now)
{
	struct span name = sim_at_arg(&args);

	(void)sim, (void)now;
	if (op == SIM_OP_SET && !span_is_nocase(name, "ims"))
		return SIM_CME(50);
	if (op == SIM_OP_SET && args.len == 0)
		sim_at_info(m, "+QCFG: \"ims\",1,%d", m->voice == SIM_VOICE_ON ? 1 : 0);
	return SIM_OK;
}

static int qtemp(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		 struct when now)
{
	(void)sim, (void)args, (void)now;
	if (op == SIM_OP_EXEC)
		sim_at_info(m, "+QTEMP: %d,31,32", m->temperature);
	return SIM_OK;
}

static int battery(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now)
{
	(void)sim, (void)args, (void)now;
	if (op == SIM_OP_EXEC && m->vendor == SIM_SIMCOM)
		sim_at_info(m, "+CBC: 3.890V");
	else if (op == SIM_OP_EXEC)
		sim_at_info(m, "+CBC: 0,85,3890");
	return SIM_OK;
}

/* ---- SIMCom ---- */

/* +CTTS=<mode>[,<text>]: 0 stops, 1 UCS-2 in hex, 2 plain; +CDTAM=1 sends it to the far end. */
static int ctts(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		struct when now)
{
	struct sim_call *call = sim_call_find(sim, m->call);
	int64_t mode;
	struct span text;

	if (op == SIM_OP_READ)
		sim_at_info(m, "+CTTS: %d", call != NULL && call->speaker == m->index ? 1 : 0);
	if (op != SIM_OP_SET)
		return op == SIM_OP_EXEC ? SIM_ERROR : SIM_OK;
	if (!sim_at_number(&args, 0, 2, &mode))
		return SIM_ERROR;
	if (mode == 0) {
		if (call != NULL)
			sim_speech_stop(sim, call, now);
		return SIM_OK;
	}
	text = sim_at_arg(&args);
	/* Not while it rings: MODEMS.md 6.2. */
	if (text.len > CTTS_MAX || (call != NULL && call->state != SIM_CALL_ACTIVE) ||
	    (call != NULL && call->speaker >= 0) ||
	    sim_speech_start(sim, m, text, mode == 1, m->set.cdtam == 1, now) < 0)
		return SIM_ERROR;
	return SIM_OK;
}

static int temperature(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		       struct when now)
{
	(void)sim, (void)args, (void)now;
	if (op == SIM_OP_EXEC)
		sim_at_info(m, "+CPMUTEMP: %d", m->temperature);
	return SIM_OK;
}

static int system_info(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		       struct when now)
{
	(void)args, (void)now;
	if (op == SIM_OP_READ)
		sim_at_info(m, sim_modem_served(sim, m) ? "+CPSI: LTE,Online,001-01,0x1A2B,19088743"
							: "+CPSI: NO SERVICE,Online");
	return SIM_OK;
}

static int ignored(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now)
{
	(void)sim, (void)m, (void)op, (void)args, (void)now;
	return SIM_OK;
}

const struct sim_command sim_vendor_commands[] = {
	{ "+QWTTS", SIM_ONLY(SIM_QUECTEL), qwtts },
	{ "+QINDCFG", SIM_ONLY(SIM_QUECTEL), qindcfg },
	{ "+QURCCFG", SIM_ONLY(SIM_QUECTEL), qurccfg },
	{ "+QCFG", SIM_ONLY(SIM_QUECTEL), qcfg },
	{ "+QTEMP", SIM_ONLY(SIM_QUECTEL), qtemp },
	{ "+CBC", SIM_ALL, battery },
	{ "+CTTS", SIM_ONLY(SIM_SIMCOM), ctts },
	{ "+CPMUTEMP", SIM_ONLY(SIM_SIMCOM), temperature },
	{ "+CPSI", SIM_ONLY(SIM_SIMCOM), system_info },
	{ "+CATR", SIM_ONLY(SIM_SIMCOM), ignored },
	{ "+MSTK", SIM_ONLY(SIM_SIMCOM), ignored },
};
const size_t sim_vendor_count = COUNT_OF(sim_vendor_commands);
