/* The wire: what the modem says and hears of it, how it is framed, lost, doubled and cut into pieces, and who else types. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modem/sim/sim_world.h"

#define NMEA_MS 1000

/* ---- hearing ---- */

/* One byte in so many is lost, one in so many comes twice. */
static void add_damaged(struct sim *sim, const struct sim_cable *cable, struct buf *to,
			struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		if (cable->lost != 0 && sim_random(sim, cable->lost) == 0)
			continue;
		buf_add_char(to, bytes.at[i]);
		if (cable->doubled != 0 && sim_random(sim, cable->doubled) == 0)
			buf_add_char(to, bytes.at[i]);
	}
}

static void add_bytes(struct sim *sim, const struct sim_cable *cable, struct buf *to,
		      struct span bytes)
{
	if (cable->lost == 0 && cable->doubled == 0)
		buf_add(to, bytes);
	else
		add_damaged(sim, cable, to, bytes);
}

static bool asleep(const struct sim_cable *cable, struct when now)
{
	return cable->sleep_ms != 0 && now.mono_ms - cable->active_ms >= cable->sleep_ms;
}

/* MODEMS.md 8, row 45: the first line after a long pause only wakes it. */
static struct span swallow(struct sim_cable *cable, struct span bytes, struct when now)
{
	if (asleep(cable, now))
		cable->swallows = true;
	cable->active_ms = now.mono_ms;
	while (cable->swallows && bytes.len > 0) {
		cable->swallows = bytes.at[0] != '\r';
		bytes = span_skip(bytes, 1);
	}
	return bytes;
}

void sim_cable_typed(struct sim *sim, struct sim_modem *m, struct span bytes, struct when now)
{
	if (!sim_modem_hears(m) || m->kind == SIM_PORT_NMEA || m->kind == SIM_PORT_MUTE)
		return;
	if (m->kind == SIM_PORT_DIAG) {
		sim_note(sim, SIM_FAULT, m->index, NULL, "is written to, and is a DIAG port", now);
		return;
	}
	add_bytes(sim, &m->cable, &m->in, swallow(&m->cable, bytes, now));
	sim_at_input(sim, m, now);
}

/* ---- saying ---- */

static void chunk_leaves(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];

	m->due += m->cable.chunk == 0 ? m->out.len : m->cable.chunk;
	if (m->due >= m->out.len)
		m->due = m->out.len;
	else
		sim_job_tied(sim, m, now.mono_ms + m->cable.chunk_ms, chunk_leaves);
}

static void leave(struct sim *sim, struct sim_modem *m, struct span bytes, struct when now)
{
	bool whole = m->due == m->out.len;

	add_bytes(sim, &m->cable, &m->out, bytes);
	if (m->out.failed) { /* nobody reads: a modem drops, too */
		buf_clear(&m->out);
		m->due = 0;
		return;
	}
	if (m->cable.chunk == 0)
		m->due = m->out.len;
	else if (whole && bytes.len > 0)
		sim_job_tied(sim, m, now.mono_ms, chunk_leaves);
}

/* Up to the next trap; behind it everything waits. */
static void pass(struct sim *sim, struct sim_modem *m, struct span bytes, struct when now)
{
	size_t n = 0;

	if (m->trap_count == 0 && !m->cable.halted) {
		leave(sim, m, bytes, now);
		return;
	}
	while (n < bytes.len && !sim_trap_reached(sim, m, now)) {
		m->cable.passed++;
		n++;
	}
	leave(sim, m, (struct span){ bytes.at, n }, now);
	buf_add(&m->cable.rest, span_skip(bytes, n));
}

/* MODEMS.md 8, rows 4, 7 and 22. */
static void frame(enum sim_framing framing, struct span bytes, struct buf *out)
{
	static const char *const ends[] = { "\r\n", "\n", "\r\r\n", "\r\n" };

	for (size_t i = 0; i < bytes.len; i++) {
		bool pair = i + 1 < bytes.len && bytes.at[i] == '\r' && bytes.at[i + 1] == '\n';

		if (!pair || (framing == SIM_FRAMED_NO_CR && i > 0)) {
			buf_add_char(out, bytes.at[i]);
			continue;
		}
		buf_add_text(out, ends[framing]);
		i++;
	}
	if (framing == SIM_FRAMED_SPACED)
		buf_add_text(out, "\r\n");
}

void sim_modem_say(struct sim *sim, struct sim_modem *m, struct span bytes, struct when now)
{
	struct buf framed = { 0 };

	if (!m->open || !m->plugged || m->booting || m->hung || bytes.len == 0)
		return;
	m->cable.active_ms = now.mono_ms;
	if (m->cable.framing == SIM_FRAMED) {
		pass(sim, m, bytes, now);
		return;
	}
	frame(m->cable.framing, bytes, &framed);
	pass(sim, m, buf_span(&framed), now);
	buf_free(&framed);
}

void sim_modem_urc(struct sim *sim, struct sim_modem *m, struct when now, const char *fmt, ...)
{
	char line[1200];
	struct buf framed = { .limit = sizeof line + 8 };
	va_list ap;

	if (m->notices == SIM_NOTICES_ELSEWHERE || m->kind != SIM_PORT_AT || asleep(&m->cable, now))
		return;
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

/* ---- noise ---- */

static void noise(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];
	char line[80];

	if (m->noise_ms == 0)
		return;
	switch ((int)sim_random(sim, 6)) {
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
	case 3:
		snprintf(line, sizeof line, "\r\n^BOOT:%d,0,0,0,6\r\n",
			 (int)sim_random(sim, 99999999));
		break;
	case 4:
		snprintf(line, sizeof line, "\r\n^DSFLOWRPT:0000%04X,00000000,00000000\r\n",
			 (unsigned)sim_random(sim, 65536));
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

/* A GNSS receiver speaks once a second to whoever listens. */
static void position(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];

	sim_modem_say(sim, m, span_of("$GPGGA,,,,,,0,,,,,,,,*66\r\n$GPRMC,,V,,,,,,,,,,N*53\r\n"),
		      now);
	sim_cable_nmea(sim, m, now);
}

void sim_cable_nmea(struct sim *sim, const struct sim_modem *m, struct when now)
{
	sim_job_add(sim, now.mono_ms + NMEA_MS, position)->modem = m->index;
}

/* ---- another program at the port ---- */

static void foreign(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];

	if (m->cable.typed_ms == 0)
		return;
	sim_cable_typed(sim, m, span_of(m->cable.typed), now);
	sim_job_add(sim, now.mono_ms + m->cable.typed_ms, foreign)->modem = m->index;
}

void sim_cable_foreign(struct sim *sim, struct sim_modem *m, struct span text, int64_t every_ms,
		       struct when now)
{
	struct buf line = { .limit = sizeof m->cable.typed };
	bool running = m->cable.typed_ms != 0;

	buf_add(&line, text);
	buf_add_char(&line, '\r');
	if (every_ms == 0) {
		sim_cable_typed(sim, m, buf_span(&line), now);
	} else {
		span_copy(buf_span(&line), m->cable.typed, sizeof m->cable.typed);
		m->cable.typed_ms = every_ms;
		if (!running)
			sim_job_add(sim, now.mono_ms, foreign)->modem = m->index;
	}
	buf_free(&line);
}
