/* The sound of a call by way of the host: the families' switches for it (MODEMS.md 6.1), and what it means.  The frames themselves are the
 * shell's, which turns keys into tones and what it hears into text. */
#include <string.h>

#include "modem/sim/sim_world.h"

#define STICKS_AFTER \
	1 /* switched on so often, the next time is refused at first: MODEMS.md 8, row 27 */

static struct sim_call *active(const struct sim *sim, const struct sim_modem *m)
{
	for (size_t i = 0; m->call != 0 && i < sim->call_count; i++)
		if (sim->calls[i]->id == m->call)
			return sim->calls[i];
	return NULL;
}

/* Has the sound of its call come up? */
static bool late(const struct sim_modem *m, const struct sim_call *call, struct when now)
{
	return m->audio == SIM_AUDIO_LATE && now.mono_ms < call->answered_ms + m->audio_late_ms;
}

struct sim_sound sim_sound(const struct sim *sim, size_t modem, struct when now)
{
	const struct sim_modem *m = sim->modems[modem];
	const struct sim_pcm *pcm = &m->pcm;
	const struct sim_call *call = active(sim, m);
	struct sim_sound sound = { .there = pcm->there,
				   .peer = -1,
				   .codec = pcm->codec,
				   .snr_db = pcm->snr_db,
				   .tone_ms = pcm->tone_ms };
	bool up = call != NULL && call->state == SIM_CALL_ACTIVE;

	if (call == NULL || pcm->on == 0 || !m->plugged || m->booting)
		return sound;
	sound.flows = pcm->fault != SIM_PCM_STALLS && (up || m->vendor != SIM_SIMCOM);
	sound.blocked = pcm->fault == SIM_PCM_BLOCKED;
	sound.rings = call->state == SIM_CALL_ALERTING;
	sound.hears = up && m->audio != SIM_AUDIO_OFF && !late(m, call, now);
	sound.heard = up && pcm->fault != SIM_PCM_MUTE && !late(m, call, now);
	if (up && call->from_modem >= 0 && call->to_modem >= 0)
		sound.peer = call->from_modem == m->index ? call->to_modem : call->from_modem;
	return sound;
}

/* ---- keys, as tones ---- */

void sim_pcm_tone(struct sim_modem *m, char key)
{
	struct sim_pcm *pcm = &m->pcm;
	int times = pcm->tones == SIM_TONES_MISSING ? 0 : pcm->tones == SIM_TONES_DOUBLED ? 2 : 1;

	for (int i = 0; pcm->on != 0 && i < times; i++)
		if (pcm->key_count < sizeof pcm->keys)
			pcm->keys[pcm->key_count++] = key;
}

char sim_take_tone(struct sim *sim, size_t modem)
{
	struct sim_pcm *pcm = &sim->modems[modem]->pcm;
	char key;

	if (pcm->key_count == 0)
		return '\0';
	key = pcm->keys[0];
	memmove(pcm->keys, pcm->keys + 1, --pcm->key_count);
	return key;
}

/* ---- switches ---- */

static int switched(struct sim_modem *m, bool on)
{
	struct sim_pcm *pcm = &m->pcm;

	if (on && pcm->fault == SIM_PCM_REFUSED)
		return SIM_ERROR;
	if (on && pcm->fault == SIM_PCM_STICKS && pcm->on == 0 && pcm->times >= STICKS_AFTER) {
		pcm->times = 0;
		return SIM_ERROR;
	}
	pcm->times += on && pcm->on == 0;
	pcm->on = on;
	pcm->key_count = 0;
	return SIM_OK;
}

/* +QPCMV=<on>[,<port>]: 0 the NMEA port, 1 the UART, 2 a sound card. */
static int qpcmv(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		 struct when now)
{
	int64_t on;
	int64_t port = 0;

	(void)sim, (void)now;
	if (!m->pcm.there || op == SIM_OP_EXEC)
		return SIM_ERROR;
	if (op == SIM_OP_READ)
		sim_at_info(m, "+QPCMV: %d,0", m->pcm.on);
	if (op == SIM_OP_TEST)
		sim_at_info(m, "+QPCMV: (0,1),(0-2)");
	if (op != SIM_OP_SET)
		return SIM_OK;
	if (!sim_at_number(&args, 0, 1, &on) ||
	    (args.len > 0 && !sim_at_number(&args, 0, 2, &port)) || port == 1)
		return SIM_CME(50);
	return switched(m, on == 1);
}

/* +CPCMREG=<on>: only while a call is up. */
static int cpcmreg(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now)
{
	const struct sim_call *call = active(sim, m);
	int64_t on;

	(void)now;
	if (!m->pcm.there || op == SIM_OP_EXEC)
		return SIM_ERROR;
	if (op == SIM_OP_READ)
		sim_at_info(m, "+CPCMREG: %d", m->pcm.on);
	if (op == SIM_OP_TEST)
		sim_at_info(m, "+CPCMREG: (0-1)");
	if (op != SIM_OP_SET)
		return SIM_OK;
	if (!sim_at_number(&args, 0, 1, &on) ||
	    (on == 1 && (call == NULL || call->state != SIM_CALL_ACTIVE)))
		return SIM_ERROR;
	return switched(m, on == 1);
}

/* ^DDSETEX=2: behind ATD; ends with the call. */
static int ddsetex(struct sim *sim, struct sim_modem *m, enum sim_op op, struct span args,
		   struct when now)
{
	int64_t port;

	(void)now;
	if (!m->pcm.there || op != SIM_OP_SET || !sim_at_number(&args, 0, 2, &port) ||
	    active(sim, m) == NULL)
		return SIM_ERROR;
	return switched(m, port == 2);
}

void sim_pcm_over(struct sim_modem *m)
{
	m->pcm.key_count = 0;
	buf_clear(&m->pcm.ear);
	if (m->vendor == SIM_HUAWEI)
		m->pcm.on = 0;
}

const struct sim_command sim_pcm_commands[] = {
	{ "+QPCMV", SIM_ONLY(SIM_QUECTEL), qpcmv },
	{ "+CPCMREG", SIM_ONLY(SIM_SIMCOM), cpcmreg },
	{ "^DDSETEX", SIM_ONLY(SIM_HUAWEI), ddsetex },
};
const size_t sim_pcm_count = COUNT_OF(sim_pcm_commands);
