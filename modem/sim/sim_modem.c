#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modem/sim/sim_world.h"

#define INPUT_MAX  ((size_t)1 << 16)
#define OUTPUT_MAX ((size_t)1 << 20)

/* The state after power-up: V.250 (ATE1 V1 Q0), 27.007 and 27.005 defaults; nothing is remembered over it. */
void sim_modem_settings(struct sim_modem *m)
{
	m->set = (struct sim_settings){
		.echo = 1,
		.verbose = 1,
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
	m->char_ms = 90; /* measured on an EC25: MODEMS.md 6.2 */
	m->boot_ms = 3000;
	m->registration = 1;
	m->pin_tries = 3;
	m->cause = -1;
	m->calls_left = -1;
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
	for (size_t s = 0; s < COUNT_OF(m->stores); s++)
		for (size_t i = 0; i < SIM_SLOTS_MAX; i++)
			free(m->stores[s].slots[i].message);
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
		if (strcmp(sim->modems[i]->number + 1, number) == 0)
			return sim->modems[i];
	return NULL;
}

/* ---- saying ---- */

static void chunk_leaves(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];

	m->due += m->chunk == 0 ? m->out.len : m->chunk;
	if (m->due >= m->out.len)
		m->due = m->out.len;
	else
		sim_job_tied(sim, m, now.mono_ms + 1, chunk_leaves);
}

void sim_modem_say(struct sim *sim, struct sim_modem *m, struct span bytes, struct when now)
{
	bool whole = m->due == m->out.len;

	if (!m->open || !m->plugged || m->booting || m->hung)
		return;
	buf_add(&m->out, bytes);
	if (m->out.failed) { /* nobody reads: a modem drops, too */
		buf_clear(&m->out);
		m->due = 0;
		return;
	}
	if (m->chunk == 0) {
		m->due = m->out.len;
	} else if (whole && bytes.len > 0) {
		sim_job_tied(sim, m, now.mono_ms, chunk_leaves);
	}
}

void sim_modem_urc(struct sim *sim, struct sim_modem *m, struct when now, const char *fmt, ...)
{
	char line[1200];
	struct buf framed = { .limit = sizeof line + 8 };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	buf_addf(&framed, m->set.verbose ? "\r\n%s\r\n" : "%s\r\n", line);
	/* 27.005 3.4.1 <mode> 2: the link is the host's while it types a message. */
	if (m->mode == SIM_PROMPT)
		buf_add(&m->held, buf_span(&framed));
	else
		sim_modem_say(sim, m, buf_span(&framed), now);
	buf_free(&framed);
}

static void noise(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];
	char line[64];

	if (m->noise_ms == 0)
		return;
	switch ((int)sim_random(sim, 4)) {
	case 0:
		snprintf(line, sizeof line, "\r\n^RSSI:%d\r\n", (int)sim_random(sim, 32));
		break;
	case 1:
		snprintf(line, sizeof line, "\r\n+CSQ: %d,99\r\n", (int)sim_random(sim, 32));
		break;
	case 2:
		snprintf(line, sizeof line, "\r\n^HCSQ:\"LTE\",%d,52,120,24\r\n",
			 (int)sim_random(sim, 90));
		break;
	default:
		snprintf(line, sizeof line, "\r\n+STIN: 25\r\n");
		break;
	}
	/* Not sim_modem_urc: noise comes anywhere, in the middle of a message too. */
	sim_modem_say(sim, m, span_of(line), now);
	sim_job_add(sim, now.mono_ms + m->noise_ms, noise)->modem = m->index;
}

void sim_modem_noise(struct sim *sim, struct sim_modem *m, int64_t every_ms, struct when now)
{
	bool running = m->noise_ms != 0;

	m->noise_ms = every_ms;
	if (every_ms != 0 && !running)
		sim_job_add(sim, now.mono_ms, noise)->modem = m->index;
}

bool sim_modem_hears(const struct sim_modem *m)
{
	return m->plugged && !m->booting && !m->hung && !m->deaf;
}

/* ---- power ---- */

static void powered_off(struct sim *sim, struct sim_modem *m, struct when now)
{
	struct sim_call *call = sim_call_find(sim, m->call);

	if (call != NULL)
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

void sim_modem_unplug(struct sim *sim, struct sim_modem *m, struct when now)
{
	powered_off(sim, m, now);
	m->plugged = m->open = m->booting = false;
}

/* A USB modem shows its port when it has started: no wait is left. */
void sim_modem_plug(struct sim *sim, struct sim_modem *m, struct when now)
{
	m->plugged = true;
	m->hung = m->deaf = false;
	boot(sim, m, 0, now);
}

/* ---- registration ---- */

int sim_modem_stat(const struct sim *sim, const struct sim_modem *m)
{
	if (m->set.radio_off != 0 || m->card != SIM_CARD_READY)
		return 0;
	return sim->down ? 2 : m->registration;
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
	int stat = sim_modem_stat(sim, m);
	bool home = stat == 1 || stat == 5;

	if (mode == 1 || (mode == 2 && !home))
		sim_modem_urc(sim, m, now, "%s: %d", name, stat);
	else if (mode == 2)
		sim_modem_urc(sim, m, now, "%s: %d,\"1A2B\",\"01234567\",7", name, stat);
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
