/* What Huawei, u-blox and Telit modems say of a call in words of their own, and the commands that go with it: MODEMS.md 4.1, 5.1,
 * 7.4 and 9.4.
 */
#include <string.h>

#include "modem/sim/sim_world.h"

#define END (-1)

/* An outgoing call's states by +CLCC: 2 dialling, 3 alerting, 0 active; END.  Two rows for one state are two lines. */
static const struct notice {
	enum sim_vendor vendor;
	int stat;
	const char *line;
	bool asked;  /* only after the family's switch for it */
	bool number; /* the called number and its type follow */
} notices[] = {
	{ SIM_HUAWEI, 2, "^ORIG:1,0", false, false },
	{ SIM_HUAWEI, 3, "^CONF:1", false, false },
	{ SIM_HUAWEI, 0, "^CONN:1,0", false, false },
	{ SIM_UBLOX, 2, "+UCALLSTAT: 1,2", true, false },
	{ SIM_UBLOX, 3, "+UCALLSTAT: 1,3", true, false },
	{ SIM_UBLOX, 0, "+UCALLSTAT: 1,0", true, false },
	{ SIM_UBLOX, END, "+UCALLSTAT: 1,6", true, false },
	/* "Connecting" (2) is said while the network sets the call up: nothing tells when it rings. */
	{ SIM_TELIT, 2, "#ECAM: 0,1,1,,,", true, true },
	{ SIM_TELIT, 2, "#ECAM: 0,2,1,,,", true, false },
	{ SIM_TELIT, 0, "#ECAM: 0,3,1,,,", true, false },
	{ SIM_TELIT, END, "#ECAM: 0,0,1,,,", true, false },
};

static bool wanted(const struct notice *row, const struct sim_modem *m, int stat)
{
	return row->stat == stat && sim_call_words(m, row->vendor, !row->asked || m->set.callstat);
}

void sim_dialect_call(struct sim *sim, struct sim_modem *m, const struct sim_call *call, int stat,
		      struct when now)
{
	if (call->from_modem != m->index)
		return;
	for (size_t i = 0; i < COUNT_OF(notices); i++) {
		if (!wanted(&notices[i], m, stat))
			continue;
		if (notices[i].number)
			sim_modem_urc(sim, m, now, "%s\"%s\",%d", notices[i].line, call->number,
				      call->number[0] == '+' ? 145 : 129);
		else
			sim_modem_urc(sim, m, now, "%s", notices[i].line);
	}
}

void sim_dialect_over(const struct sim_modem *m, const struct sim_call *call, bool local,
		      struct when now, struct buf *line)
{
	int64_t ms = call->state == SIM_CALL_ACTIVE ? now.mono_ms - call->answered_ms : 0;

	/* ^CEND:<call>,<seconds>,<why the module ended it: 29 we, 25 the network>,<24.008 cause> */
	if (sim_call_words(m, SIM_HUAWEI, true))
		buf_addf(line, "^CEND:1,%lld,%d,%d", (long long)(ms / 1000), local ? 29 : 25,
			 m->cause);
	for (size_t i = 0; call->from_modem == m->index && i < COUNT_OF(notices); i++)
		if (wanted(&notices[i], m, END))
			buf_add_text(line, notices[i].line);
}

void sim_dialect_key(struct sim *sim, struct sim_modem *m, char key, struct when now)
{
	if (m->vendor == SIM_HUAWEI && m->set.tonedet)
		sim_modem_urc(sim, m, now, "^DDTMF:%c", key);
	else if (m->vendor == SIM_UBLOX && m->set.tonedet)
		sim_modem_urc(sim, m, now, "+UUDTMFD: %c", key);
	else if (m->vendor == SIM_TELIT && m->set.tonedet)
		sim_modem_urc(sim, m, now, "#DTMFEV: %c", key);
}

void sim_call_key(struct sim *sim, struct sim_call *call, int modem, char key, struct when now)
{
	struct sim_modem *m = sim->modems[modem];
	int times = m->dtmf == SIM_DTMF_MISSING ? 0 : m->dtmf == SIM_DTMF_DOUBLED ? 2 : 1;
	int64_t luck = m->dtmf == SIM_DTMF_FLAKY ? sim_random(sim, 5) : 1;
	char line[] = "\r\r\n+RXDTMF: ?\r\r\n";

	if (call->state != SIM_CALL_ACTIVE)
		return;
	sim_pcm_tone(m, key);
	*strchr(line, '?') = key;
	times = luck == 0 ? 0 : luck == 2 ? 2 : times;
	for (int i = 0; i < times; i++) {
		sim_dialect_key(sim, m, key, now);
		if (m->vendor == SIM_QUECTEL && m->set.tonedet)
			sim_modem_urc(sim, m, now, "+QTONEDET: %d", key);
		else if (m->vendor == SIM_SIMCOM) /* two CRs: MODEMS.md 5.1 */
			sim_modem_say(sim, m, span_of(line), now);
	}
}

/* ---- commands ---- */

static int ignored(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now)
{
	(void)sim, (void)m, (void)op, (void)args, (void)now;
	return SIM_OK;
}

static int cvoice(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		  struct when now)
{
	(void)sim, (void)args, (void)now;
	if (op == SIM_OP_READ)
		sim_at_info(m, "^CVOICE:%d,8000,16,20", m->voice == SIM_VOICE_ON ? 0 : 1);
	return SIM_OK;
}

/* ^DDTMFCFG=0,1 on, 1,0 off. */
static int ddtmfcfg(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		    struct when now)
{
	int64_t off;
	int64_t on;

	(void)sim, (void)now;
	if (op != SIM_OP_SET || !sim_at_number(&args, 0, 1, &off) ||
	    !sim_at_number(&args, 0, 1, &on))
		return SIM_ERROR;
	m->set.tonedet = off == 0 && on == 1;
	return SIM_OK;
}

const struct sim_command sim_dialect_commands[] = {
	{ "^CVOICE", SIM_ONLY(SIM_HUAWEI), cvoice },
	{ "^DDTMFCFG", SIM_ONLY(SIM_HUAWEI), ddtmfcfg },
	{ "^CURC", SIM_ONLY(SIM_HUAWEI), ignored },
	{ "^PORTSEL", SIM_ONLY(SIM_HUAWEI), ignored },
	{ "+UPSV", SIM_ONLY(SIM_UBLOX), ignored },
	{ "#SELINT", SIM_ONLY(SIM_TELIT), ignored },
	{ "#DIALMODE", SIM_ONLY(SIM_TELIT), ignored },
	{ "#QSS", SIM_ONLY(SIM_TELIT), ignored },
};
const size_t sim_dialect_count = COUNT_OF(sim_dialect_commands);
