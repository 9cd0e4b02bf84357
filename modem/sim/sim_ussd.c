/* +CUSD, 27.007 7.15: what an operator's balance query is answered with, in the forms that are seen (MODEMS.md 7.3). */
#include <string.h>

#include "modem/sim/sim_world.h"

#define ANSWER_MS 1000

/* "{credit}" is what is left; "\n" a line end. */
static void fill(const struct sim_modem *m, struct buf *text)
{
	for (const char *c = m->balance_text; *c != '\0'; c++) {
		if (strncmp(c, "{credit}", 8) == 0) {
			buf_addf(text, "%lld", (long long)m->credit);
			c += 7;
		} else if (c[0] == '\\' && c[1] == 'n') {
			buf_add_text(text, "\r\n");
			c++;
		} else if (c[0] == '\\' && c[1] == '"') {
			buf_add_char(text, *++c);
		} else {
			buf_add_char(text, *c);
		}
	}
}

static void add_wide(struct span text, struct buf *hex)
{
	while (text.len > 0)
		buf_addf(hex, "%04X", (unsigned)utf8_next(&text));
}

/* Septets one behind the other, as in a PDU: what old Huawei sticks hand through. */
static void add_packed(struct span text, struct buf *hex)
{
	struct sim_ud ud;

	if (sim_pdu_split(text, 0, &ud, 1) != 1)
		return;
	for (size_t i = 0; i < ud.len; i++)
		buf_addf(hex, "%02X", ud.bytes[i]);
}

static void answer(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];
	struct buf text = { .limit = 400 };
	struct buf hex = { .limit = 900 };

	fill(m, &text);
	if (m->balance == SIM_BALANCE_UNSUPPORTED)
		sim_modem_urc(sim, m, now, "+CUSD: 4");
	else if (m->balance == SIM_BALANCE_TIMEOUT)
		sim_modem_urc(sim, m, now, "+CUSD: 5");
	else if (m->balance == SIM_BALANCE_HEX)
		add_wide(buf_span(&text), &hex);
	else if (m->balance == SIM_BALANCE_PACKED)
		add_packed(buf_span(&text), &hex);
	if (m->balance == SIM_BALANCE_PLAIN)
		sim_modem_urc(sim, m, now, "+CUSD: 0,\"%s\",15", buf_text(&text));
	else if (hex.len > 0)
		sim_modem_urc(sim, m, now, "+CUSD: 0,\"%s\",%d", buf_text(&hex),
			      m->balance == SIM_BALANCE_HEX ? 72 : 15);
	buf_free(&text);
	buf_free(&hex);
}

int sim_at_ussd(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		struct when now)
{
	int64_t n;

	if (op == SIM_OP_READ)
		sim_at_info(m, "+CUSD: 0");
	if (op != SIM_OP_SET)
		return SIM_OK;
	if (!sim_at_number(&args, 0, 2, &n))
		return SIM_CME(50);
	if (m->balance == SIM_BALANCE_ERROR)
		return SIM_CME(30);
	if (args.len > 0 && n != 2 && m->balance != SIM_BALANCE_SILENT)
		sim_job_tied(sim, m, now.mono_ms + m->slow_ms + ANSWER_MS, answer);
	return SIM_OK;
}
