/* 27.007 6 and 7: dialling, answering, hanging up, the list of calls. */
#include <string.h>

#include "modem/sim/sim_world.h"

/* What a modem dials of a string (V.250 6.3.1, 27.007 6.2): modifiers and separators fall out. */
static void dial_digits(struct span text, char number[SIM_NUMBER_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		if (strchr("0123456789*#+ABCabc", text.at[i]) != NULL && text.at[i] != '\0' &&
		    n < SIM_NUMBER_MAX - 1)
			number[n++] = text.at[i];
	number[n] = '\0';
}

static int place(struct sim *sim, struct sim_modem *m, const char *number, struct when now)
{
	sim_note_to(sim, SIM_DIALLED, m->index, number, "", now);
	if (strchr(number, '*') != NULL || strchr(number, '#') != NULL)
		return SIM_OK; /* 22.030: a supplementary service, not a call */
	if (m->voice == SIM_VOICE_ERROR) {
		m->cause = 21;
		return SIM_ERROR;
	}
	if (!sim_modem_served(sim, m))
		return SIM_CME(30);
	if (m->call != 0)
		return SIM_CME(3);
	if (sim_call_place(sim, m, number, now) == NULL)
		return SIM_ERROR;
	if (m->set.colp == 0)
		return SIM_OK;
	m->blocked = true; /* V.250: no result before the connection */
	return SIM_LATER;
}

static int dial(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		struct when now)
{
	char number[SIM_NUMBER_MAX];
	bool voice = args.len > 0 && memchr(args.at, ';', args.len) != NULL;

	(void)op;
	dial_digits(span_cut(&args, ';'), number);
	if (number[0] == '\0')
		return m->card == SIM_CARD_READY ? SIM_CME(22) : SIM_ERROR;
	if (voice)
		return place(sim, m, number, now);
	sim_note_to(sim, SIM_DIALLED, m->index, number, "", now);
	sim_at_result(sim, m, "NO CARRIER", 3, now); /* a data call: nobody takes it */
	return SIM_LATER;
}

/* 27.007 7.13, <n> 0 and 1: the one that waits is turned away, or the one that is up ended; the rest no modem here needs. */
static int hold(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		struct when now)
{
	struct sim_call *call = sim_call_find(sim, m->waiting_call);
	int64_t n;

	if (op == SIM_OP_TEST)
		sim_at_info(m, "+CHLD: (0,1)");
	if (op != SIM_OP_SET)
		return op == SIM_OP_TEST ? SIM_OK : SIM_ERROR;
	if (!sim_at_number(&args, 0, 1, &n))
		return SIM_CME(50);
	if (n == 1)
		call = sim_call_find(sim, m->call);
	if (call == NULL)
		return SIM_CME(3);
	sim_call_end(sim, call, m->index, &(struct sim_end){ "BUSY", 17, "gateway turns it away" },
		     now);
	return SIM_OK;
}

static int hang_up(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now)
{
	struct sim_call *call = sim_call_find(sim, m->call);

	(void)args;
	if (op == SIM_OP_TEST)
		return SIM_OK;
	if (call != NULL)
		sim_call_end(sim, call, m->index,
			     &(struct sim_end){
				     call->state == SIM_CALL_ACTIVE ? "NO CARRIER" : "BUSY",
				     call->from_modem == m->index ? 16 : 21, "gateway hangs up" },
			     now);
	return SIM_OK;
}

static int hook(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		struct when now)
{
	/* 27.007 6.20: under +CVHU=1 an ATH is taken, and does nothing. */
	return m->set.cvhu == 1 ? SIM_OK : hang_up(sim, m, op, args, now);
}

static int answer(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		  struct when now)
{
	struct sim_call *call = sim_call_find(sim, m->call);

	(void)op, (void)args;
	if (call == NULL || call->to_modem != m->index || call->state != SIM_CALL_ALERTING) {
		sim_at_result(sim, m, "NO CARRIER", 3, now);
		return SIM_LATER;
	}
	sim_call_answer(sim, call, now);
	return SIM_OK;
}

static void list_calls(struct sim *sim, struct sim_modem *m)
{
	const struct sim_call *call = sim_call_find(sim, m->call);
	const char *party = call == NULL ? "" : sim_call_party(sim, call, m);

	if (m->data_row) /* a packet context, on LTE always there: MODEMS.md 0.1 */
		sim_at_info(m, "+CLCC: 1,0,0,1,0,\"\",128");
	if (call != NULL && m->tells != SIM_TELLS_NOTHING)
		sim_at_info(m, "+CLCC: %d,%d,%d,0,0,\"%s\",%d%s", sim_call_index(m),
			    call->from_modem == m->index ? 0 : 1, sim_call_stat(call, m), party,
			    party[0] == '+' ? 145 : 129, m->vendor == SIM_SIMCOM ? ",\"\"" : "");
	else if (m->gone[0] != '\0')
		sim_at_info(m, "+CLCC: %s", m->gone);
	call = sim_call_find(sim, m->waiting_call);
	if (call != NULL)
		sim_at_info(m, "+CLCC: %d,1,5,0,0,\"%s\",145", sim_call_index(m) + 1,
			    sim_call_party(sim, call, m));
}

static int list(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		struct when now)
{
	int64_t n;

	(void)sim, (void)now;
	if (op == SIM_OP_SET && m->vendor == SIM_SIMCOM) {
		if (!sim_at_number(&args, 0, 1, &n))
			return SIM_ERROR;
		m->set.clcc = (int)n;
	} else if (op == SIM_OP_READ && m->vendor == SIM_SIMCOM) {
		sim_at_info(m, "+CLCC: %d", m->set.clcc);
	} else if (op == SIM_OP_SET || op == SIM_OP_READ) {
		return SIM_ERROR;
	}
	if (op == SIM_OP_EXEC)
		list_calls(sim, m);
	return SIM_OK;
}

static const char *cause_words(int cause)
{
	static const struct {
		int cause;
		const char *words;
	} rows[] = {
		{ 1, "Unassigned number" },
		{ 16, "Normal call clearing" },
		{ 17, "User busy" },
		{ 19, "User alerting, no answer" },
		{ 21, "Call rejected" },
		{ 27, "Destination out of order" },
		{ 38, "Network out of order" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].cause == cause)
			return rows[i].words;
	return cause < 0 ? "No cause information available" : "Interworking, unspecified";
}

static int last_cause(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		      struct when now)
{
	(void)sim, (void)args, (void)now;
	if (op != SIM_OP_EXEC)
		return SIM_OK;
	if (m->vendor != SIM_QUECTEL)
		sim_at_info(m, "+CEER: %s", cause_words(m->cause));
	else if (m->voice == SIM_VOICE_ERROR) /* location 0: the module's own; 21: no service */
		sim_at_info(m, "+CEER: 0,21");
	else
		sim_at_info(m, "+CEER: %d,%d", m->cause < 0 ? 0 : 1, m->cause);
	return SIM_OK;
}

static int tone(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		struct when now)
{
	struct sim_call *call = sim_call_find(sim, m->call);
	struct span key = sim_at_arg(&args);

	if (op == SIM_OP_TEST)
		sim_at_info(m, "+VTS: (0-9,*,#,A,B,C,D)");
	if (op != SIM_OP_SET)
		return op == SIM_OP_TEST ? SIM_OK : SIM_ERROR;
	if (key.len != 1 || strchr("0123456789*#ABCD", key.at[0]) == NULL)
		return SIM_CME(50);
	if (call == NULL || call->state != SIM_CALL_ACTIVE)
		return SIM_CME(3);
	if (call->from_modem >= 0 && call->from_modem != m->index)
		sim_call_key(sim, call, call->from_modem, key.at[0], now);
	if (call->to_modem >= 0 && call->to_modem != m->index)
		sim_call_key(sim, call, call->to_modem, key.at[0], now);
	return SIM_OK;
}

static int activity(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		    struct when now)
{
	const struct sim_call *call = sim_call_find(sim, m->call);

	(void)args, (void)now;
	if (op == SIM_OP_TEST)
		sim_at_info(m, "+CPAS: (0,3,4)");
	else
		sim_at_info(m, "+CPAS: %d", call == NULL ? 0 : sim_call_stat(call, m) == 4 ? 3 : 4);
	return SIM_OK;
}

/* +CLIP and +COLP answer a read with the network's word, too (27.007 7.6, 7.8). */
static int identity(struct sim_modem *m, enum sim_op op, struct span args, const char *name,
		    int *value)
{
	int64_t n;

	if (op == SIM_OP_READ)
		sim_at_info(m, "%s: %d,1", name, *value);
	if (op == SIM_OP_TEST)
		sim_at_info(m, "%s: (0,1)", name);
	if (op != SIM_OP_SET)
		return op == SIM_OP_EXEC ? SIM_ERROR : SIM_OK;
	if (!sim_at_number(&args, 0, 1, &n))
		return SIM_CME(50);
	*value = (int)n;
	return SIM_OK;
}

static int clip(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		struct when now)
{
	(void)sim, (void)now;
	return identity(m, op, args, "+CLIP", &m->set.clip);
}

static int colp(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		struct when now)
{
	(void)sim, (void)now;
	return identity(m, op, args, "+COLP", &m->set.colp);
}

static int waiting(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now)
{
	int64_t n;

	(void)sim, (void)now;
	if (op == SIM_OP_READ)
		sim_at_info(m, "+CCWA: %d", m->set.ccwa);
	if (op == SIM_OP_SET && sim_at_number(&args, 0, 1, &n))
		m->set.ccwa = (int)n;
	return SIM_OK;
}

const struct sim_command sim_call_commands[] = {
	{ "D", SIM_ALL, dial },        { "H", SIM_ALL, hook },
	{ "A", SIM_ALL, answer },      { "+CHUP", SIM_ALL, hang_up },
	{ "+CLCC", SIM_ALL, list },    { "+CEER", SIM_ALL, last_cause },
	{ "+VTS", SIM_ALL, tone },     { "+CPAS", SIM_ALL, activity },
	{ "+CLIP", SIM_ALL, clip },    { "+COLP", SIM_ALL, colp },
	{ "+CCWA", SIM_ALL, waiting }, { "+CHLD", SIM_ALL, hold },
};
const size_t sim_call_commands_count = COUNT_OF(sim_call_commands);
