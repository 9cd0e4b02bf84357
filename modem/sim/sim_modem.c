#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modem/sim/sim_world.h"

#define INPUT_MAX  ((size_t)1 << 16)
#define OUTPUT_MAX ((size_t)1 << 20)
#define TOUCHED_MS 30000 /* how long a network remembers where it heard from it */

/* The state after power-up: V.250 (ATE1 V1 Q0), 27.007 and 27.005 defaults; nothing is remembered over it. */
void sim_modem_settings(struct sim_modem *m)
{
	m->pcm.on = m->pcm.times = 0;
	m->set = (struct sim_settings){
		.echo = 1,
		.verbose = m->numeric ? 0 : 1,
		.x = 4,
		.amp_d = 2,
		.amp_c = 1,
		.cmee = m->vendor == SIM_QUECTEL ? 1 : 0,
		.cvhu = 1,
		.ctzu = m->vendor == SIM_SIMCOM ? 1 : 0,
		.mem = { 1, 1, 1 },
	};
	if (m->vendor == SIM_GENERIC || m->vendor == SIM_HUAWEI)
		memset(m->set.mem, 0, sizeof m->set.mem);
}

static void knobs(struct sim_modem *m)
{
	m->plugged = m->sms_ready = true;
	m->body = -1;
	m->cable.chunk_ms = 1;
	m->shown[0] = m->shown[1] = m->shown[2] = -1;
	m->need_cgsms = -1;
	m->signal = 20;
	m->radio = 7;
	m->temperature = 34;
	m->credit = -1;
	m->card_number = m->index + 1;
	span_copy(span_of("00101"), m->plmn, sizeof m->plmn);
	span_copy(span_of("Your balance is 12.34.\r\nDial \"*100#\" again."), m->balance_text,
		  sizeof m->balance_text);
	memcpy(m->port, m->name, sizeof m->port);
	m->char_ms = 90; /* measured on an EC25: MODEMS.md 6.2 */
	m->boot_ms = 3000;
	m->registration = 1;
	m->pin_tries = 3;
	m->cause = -1;
	m->calls_left = -1;
	m->pcm.snr_db = -1;
	m->pcm.tone_ms = 150;
	/* Sticks of that age list <ds> 1 and refuse it: MODEMS.md 2.3. */
	m->ds_mask = m->vendor == SIM_HUAWEI ? 5 : 7;
	m->mt_mask = 15;
	m->mode_mask = 15;
	m->data_row = m->vendor == SIM_QUECTEL;
	m->stores[0] = (struct sim_store){ .name = "SM", .total = 20 };
	m->stores[1] = (struct sim_store){ .name = "ME", .total = 50 };
	m->in.limit = INPUT_MAX;
	m->out.limit = OUTPUT_MAX;
	m->line.limit = 1024;
}

struct sim_modem *sim_modem_add(struct sim *sim, struct span name, const char *number,
				enum sim_vendor vendor)
{
	struct sim_modem *m;

	if (array_grow(&sim->modems, &sim->modem_cap, sim->modem_count + 1, sizeof(void *)) < 0)
		return NULL;
	m = calloc(1, sizeof *m);
	if (m == NULL)
		return NULL;
	span_copy(name, m->name, sizeof m->name);
	span_copy(span_of(number), m->number, sizeof m->number);
	span_copy(span_of("+15550000000"), m->smsc, sizeof m->smsc);
	m->index = (int)sim->modem_count;
	m->vendor = vendor;
	knobs(m);
	sim_modem_settings(m);
	sim->modems[sim->modem_count++] = m;
	return m;
}

void sim_modem_free(struct sim_modem *m)
{
	for (size_t i = 0; i < m->trap_count; i++)
		free(m->traps[i].line);
	sim_instead_drop(m, (struct span){ "", 0 });
	free(m->traps);
	free(m->instead);
	buf_free(&m->cable.rest);
	for (size_t s = 0; s < COUNT_OF(m->stores); s++)
		for (size_t i = 0; i < SIM_SLOTS_MAX; i++)
			free(m->stores[s].slots[i].message);
	buf_free(&m->pcm.ear);
	buf_free(&m->in);
	buf_free(&m->out);
	buf_free(&m->line);
	buf_free(&m->reply);
	buf_free(&m->held);
	buf_free(&m->buffered);
	free(m);
}

/* "00" and a missing "+" are the network's to fold, so they are here. */
struct sim_modem *sim_modem_by_number(struct sim *sim, const char *number)
{
	if (strncmp(number, "00", 2) == 0)
		number += 2;
	else if (number[0] == '+')
		number++;
	for (size_t i = 0; i < sim->modem_count; i++)
		if (sim->modems[i]->body < 0 && strcmp(sim->modems[i]->number + 1, number) == 0)
			return sim->modems[i];
	return NULL;
}

/* ---- power ---- */

bool sim_modem_hears(const struct sim_modem *m)
{
	return m->plugged && !m->booting && !m->hung && !m->deaf;
}

static void powered_off(struct sim *sim, struct sim_modem *m, struct when now)
{
	struct sim_call *call;

	while ((call = sim_call_find(sim, m->call)) != NULL) /* and one that waited behind it */
		sim_call_end(sim, call, m->index,
			     &(struct sim_end){ "NO CARRIER", 27, "modem lost" }, now);
	sim_jobs_drop_modem(sim, m->index);
	buf_clear(&m->in);
	buf_clear(&m->out);
	buf_clear(&m->line);
	buf_clear(&m->reply);
	buf_clear(&m->held);
	buf_clear(&m->buffered);
	m->due = 0;
	sim_trap_forget(m);
	m->cable.unheard = m->cable.autobaud;
	m->cable.swallows = false;
	m->gone[0] = '\0';
	m->mode = SIM_COMMAND;
	m->busy = m->blocked = m->sms_ready = false;
	m->unacked = 0;
	m->last[0] = '\0';
	sim_modem_settings(m);
}

static void boot_sms_ready(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];

	m->sms_ready = true;
	if (m->card == SIM_CARD_READY && m->vendor == SIM_QUECTEL) {
		sim_modem_urc(sim, m, now, "+QIND: SMS DONE");
		sim_modem_urc(sim, m, now, "+QIND: PB DONE");
	} else if (m->card == SIM_CARD_READY && m->vendor == SIM_SIMCOM) {
		sim_modem_urc(sim, m, now, "SMS DONE");
		sim_modem_urc(sim, m, now, "PB DONE");
	} else if (m->card == SIM_CARD_READY && m->vendor == SIM_UBLOX) {
		sim_modem_urc(sim, m, now, "+PBREADY");
	}
	sim_net_retry(sim, now);
}

/* The boot lines of each family: MODEMS.md 7.4. */
static void boot_done(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];

	m->booting = false;
	if (sim->network_count > 0)
		sim_modem_attach(sim, m, now);
	if (m->vendor == SIM_QUECTEL)
		sim_modem_urc(sim, m, now, "RDY");
	else if (m->vendor == SIM_SIMCOM)
		sim_modem_urc(sim, m, now, "*ATREADY: 1");
	if (m->vendor == SIM_QUECTEL)
		sim_modem_urc(sim, m, now, "+CFUN: 1");
	if ((m->vendor == SIM_QUECTEL || m->vendor == SIM_SIMCOM) && m->card != SIM_CARD_BUSY)
		sim_modem_urc(sim, m, now, "+CPIN: %s",
			      m->card == SIM_CARD_READY ? "READY"
			      : m->card == SIM_CARD_PIN ? "SIM PIN"
			      : m->card == SIM_CARD_PUK ? "SIM PUK"
							: "NOT INSERTED");
	sim_job_tied(sim, m, now.mono_ms + 1000, boot_sms_ready);
}

static void boot(struct sim *sim, struct sim_modem *m, int64_t ms, struct when now)
{
	powered_off(sim, m, now);
	m->booting = true;
	if (m->pin[0] != '\0' && m->card == SIM_CARD_READY)
		m->card = SIM_CARD_PIN;
	sim_job_tied(sim, m, now.mono_ms + ms, boot_done);
}

void sim_modem_restart(struct sim *sim, struct sim_modem *m, struct when now)
{
	boot(sim, m, m->boot_ms, now);
}

/* With all its ports. */
void sim_modem_unplug(struct sim *sim, struct sim_modem *m, struct when now)
{
	powered_off(sim, m, now);
	m->pulled += m->plugged;
	m->plugged = m->open = m->booting = false;
	for (size_t i = 0; i < sim->modem_count; i++)
		if (sim->modems[i]->body == m->index)
			sim_modem_unplug(sim, sim->modems[i], now);
}

/* A USB modem shows its port when it has started: no wait is left. */
void sim_modem_plug(struct sim *sim, struct sim_modem *m, struct when now)
{
	m->plugged = true;
	m->hung = m->deaf = m->disk = false;
	boot(sim, m, 0, now);
	for (size_t i = 0; i < sim->modem_count; i++)
		if (sim->modems[i]->body == m->index)
			sim_modem_plug(sim, sim->modems[i], now);
}

#define RESET_MS 2000

static void reset_done(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];

	if (m->plugged || m->disk)
		return;
	sim_modem_plug(sim, m, now);
	m->hung = job->n != 0;
}

void sim_reset(struct sim *sim, size_t modem, bool power, struct when now)
{
	struct sim_modem *m = sim->modems[modem];
	bool stays =
		m->hung && (m->hang == SIM_HANGS_DEAD || (m->hang == SIM_HANGS_HARD && !power));
	struct sim_job *job;

	if (!m->plugged)
		return;
	sim_note(sim, SIM_FAULT, m->index, NULL, power ? "has its power cut" : "is reset", now);
	sim_modem_unplug(sim, m, now);
	job = sim_job_add(sim, now.mono_ms + RESET_MS, reset_done);
	job->modem = m->index;
	job->n = stays;
}

/* ---- registration ---- */

int sim_modem_stat(const struct sim *sim, const struct sim_modem *m)
{
	if (m->set.radio_off != 0 || m->card != SIM_CARD_READY)
		return 0;
	if (sim->down || sim_network_down(sim, m->plmn))
		return 2;
	return m->rejected ? 3 : m->registration;
}

bool sim_modem_served(const struct sim *sim, const struct sim_modem *m)
{
	int stat = sim_modem_stat(sim, m);

	return m->plugged && !m->booting && (stat == 1 || stat == 5);
}

bool sim_modem_texts(const struct sim *sim, const struct sim_modem *m)
{
	return sim_modem_served(sim, m) ||
	       (m->plugged && !m->booting && sim_modem_stat(sim, m) == 6); /* "SMS only" */
}

static void registration_urc(struct sim *sim, struct sim_modem *m, const char *name, int mode,
			     struct when now)
{
	int which = name[2] == 'R' ? 0 : name[2] == 'G' ? 1 : 2;
	int stat = m->shown[which] >= 0 ? m->shown[which] : sim_modem_stat(sim, m);
	bool home = stat == 1 || stat == 5;

	if (mode == 1 || (mode == 2 && !home))
		sim_modem_urc(sim, m, now, "%s: %d", name, stat);
	else if (mode == 2)
		sim_modem_urc(sim, m, now, "%s: %d,\"1A2B\",\"01234567\",%d", name, stat, m->radio);
}

void sim_modem_register(struct sim *sim, struct sim_modem *m, int stat, struct when now)
{
	struct sim_call *call = sim_call_find(sim, m->call);

	m->registration = stat;
	registration_urc(sim, m, "+CREG", m->set.creg, now);
	registration_urc(sim, m, "+CGREG", m->set.cgreg, now);
	registration_urc(sim, m, "+CEREG", m->set.cereg, now);
	if (sim_modem_texts(sim, m))
		sim_net_retry(sim, now);
	if (!sim_modem_served(sim, m) && call != NULL)
		sim_call_end(sim, call, -1, &(struct sim_end){ "NO CARRIER", 27, "network lost" },
			     now);
}

bool sim_modem_reached(const struct sim_modem *m, struct when now)
{
	return !m->unreachable || now.mono_ms <= m->reached_ms;
}

void sim_modem_touched(struct sim *sim, struct sim_modem *m, struct when now)
{
	if (!m->unreachable)
		return;
	m->reached_ms = now.mono_ms + TOUCHED_MS;
	sim_net_retry(sim, now);
}

/* ---- operators ---- */

#define RETRY_MS 300000 /* a modem that was rejected tries again by itself */

struct sim_network *sim_network(struct sim *sim, const char *plmn)
{
	struct sim_network *network;

	for (size_t i = 0; i < sim->network_count; i++)
		if (strcmp(sim->networks[i].plmn, plmn) == 0)
			return &sim->networks[i];
	if (sim->network_count == SIM_NETWORKS_MAX)
		return NULL;
	network = &sim->networks[sim->network_count++];
	span_copy(span_of(plmn), network->plmn, sizeof network->plmn);
	return network;
}

bool sim_network_down(const struct sim *sim, const char *plmn)
{
	for (size_t i = 0; i < sim->network_count; i++)
		if (strcmp(sim->networks[i].plmn, plmn) == 0)
			return sim->networks[i].down;
	return false;
}

static void try_again(struct sim *sim, const struct sim_job *job, struct when now)
{
	if (sim->modems[job->modem]->rejected)
		sim_modem_attach(sim, sim->modems[job->modem], now);
}

void sim_modem_attach(struct sim *sim, struct sim_modem *m, struct when now)
{
	int64_t rejects = 0;

	for (size_t i = 0; i < sim->network_count; i++)
		if (strcmp(sim->networks[i].plmn, m->plmn) == 0)
			rejects = sim->networks[i].rejects;
	m->unreachable = false;
	m->rejected = rejects > 0 && sim_random(sim, 100) < rejects;
	if (m->rejected) {
		sim_note(sim, SIM_FAULT, m->index, NULL, "is rejected by the network", now);
		sim_job_tied(sim, m, now.mono_ms + RETRY_MS, try_again);
	}
	sim_modem_register(sim, m, m->registration, now);
}

void sim_network_changed(struct sim *sim, const char *plmn, struct when now)
{
	const struct sim_network *network = plmn[0] == '\0' ? NULL : sim_network(sim, plmn);

	for (size_t i = 0; i < sim->modem_count; i++) {
		struct sim_modem *m = sim->modems[i];

		if (plmn[0] != '\0' && strcmp(m->plmn, plmn) != 0)
			continue;
		if (network != NULL && network->rejects > 0 && !network->down)
			sim_modem_attach(sim, m, now);
		else
			sim_modem_register(sim, m, m->registration, now);
	}
	sim_net_retry(sim, now);
}
