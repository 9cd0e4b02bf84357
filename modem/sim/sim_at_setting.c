/* The commands that hold one integer each: set, read and test forms are all alike. */
#include <stddef.h>
#include <string.h>

#include "modem/sim/sim_world.h"

static const struct setting {
	const char *name;
	unsigned vendors;
	size_t at; /* in struct sim_settings */
	int low, high;
} settings[] = {
	{ "+CMEE", SIM_ALL, offsetof(struct sim_settings, cmee), 0, 2 },
	{ "+CMGF", SIM_ALL, offsetof(struct sim_settings, cmgf), 0, 1 },
	{ "+CSDH", SIM_ALL, offsetof(struct sim_settings, csdh), 0, 1 },
	{ "+CMMS", SIM_ALL, offsetof(struct sim_settings, cmms), 0, 2 },
	{ "+CGSMS", SIM_ALL, offsetof(struct sim_settings, cgsms), 0, 3 },
	{ "+CRC", SIM_ALL, offsetof(struct sim_settings, crc), 0, 1 },
	{ "+CVHU", SIM_ALL, offsetof(struct sim_settings, cvhu), 0, 2 },
	{ "+CTZU", SIM_ALL, offsetof(struct sim_settings, ctzu), 0, 3 },
	{ "+CTZR", SIM_ALL, offsetof(struct sim_settings, ctzr), 0, 2 },
	{ "+CSCLK", SIM_ONLY(SIM_SIMCOM), offsetof(struct sim_settings, csclk), 0, 2 },
	{ "+QSCLK", SIM_ONLY(SIM_QUECTEL), offsetof(struct sim_settings, csclk), 0, 2 },
	{ "+MORING", SIM_ONLY(SIM_SIMCOM), offsetof(struct sim_settings, moring), 0, 1 },
	{ "+CDTAM", SIM_ONLY(SIM_SIMCOM), offsetof(struct sim_settings, cdtam), 0, 1 },
	{ "+DDET", SIM_ONLY(SIM_SIMCOM), offsetof(struct sim_settings, ddet), 0, 1 },
	{ "+CNSMOD", SIM_ONLY(SIM_SIMCOM), offsetof(struct sim_settings, cnsmod), 0, 1 },
	{ "+AUTOCSQ", SIM_ONLY(SIM_SIMCOM), offsetof(struct sim_settings, autocsq), 0, 1 },
	{ "+QTONEDET", SIM_ONLY(SIM_QUECTEL), offsetof(struct sim_settings, tonedet), 0, 1 },
	{ "E", SIM_ALL, offsetof(struct sim_settings, echo), 0, 1 },
	{ "V", SIM_ALL, offsetof(struct sim_settings, verbose), 0, 1 },
	{ "Q", SIM_ALL, offsetof(struct sim_settings, quiet), 0, 1 },
	{ "X", SIM_ALL, offsetof(struct sim_settings, x), 0, 4 },
	{ "&D", SIM_ALL, offsetof(struct sim_settings, amp_d), 0, 2 },
	{ "&C", SIM_ALL, offsetof(struct sim_settings, amp_c), 0, 2 },
	{ "S0", SIM_ALL, offsetof(struct sim_settings, s0), 0, 255 },
};

/* Arguments after the first one are taken and forgotten, as in +DDET=1,0,0. */
static int set(struct sim_modem *m, const struct setting *row, int *value, struct span args)
{
	bool basic = row->name[0] != '+';
	int64_t n;

	if (!sim_at_number(&args, row->low, row->high, &n))
		return basic ? SIM_ERROR : SIM_CME(50);
	*value = (int)n;
	if (value == &m->set.cmgf)
		m->set.csdh = 0;
	return SIM_OK;
}

int sim_at_setting(struct sim_modem *m, struct span name, enum sim_op op, struct span args)
{
	for (size_t i = 0; i < COUNT_OF(settings); i++) {
		const struct setting *row = &settings[i];
		int *value = (int *)(void *)((char *)&m->set + row->at);

		if (!span_is_nocase(name, row->name) || (row->vendors & SIM_ONLY(m->vendor)) == 0)
			continue;
		if (op == SIM_OP_SET)
			return set(m, row, value, args);
		if (op == SIM_OP_EXEC)
			return SIM_ERROR;
		if (row->name[0] == 'S')
			sim_at_info(m, "%03d", *value);
		else if (op == SIM_OP_READ)
			sim_at_info(m, "%s: %d", row->name, *value);
		else
			sim_at_info(m, "%s: (%d-%d)", row->name, row->low, row->high);
		return SIM_OK;
	}
	return SIM_UNKNOWN;
}
