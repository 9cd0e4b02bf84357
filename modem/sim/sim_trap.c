/* "at byte 20 of +CMGS": something happens in the middle of an exchange, to the byte. */
#include <stdlib.h>
#include <string.h>

#include "modem/sim/sim_script.h"

#define LEAVES_MS 1 /* what passed before reaches the other end */

void sim_trap_set(struct sim_modem *m, struct span name, int64_t at, struct span line)
{
	struct sim_trap *trap;

	if (array_grow(&m->traps, &m->trap_cap, m->trap_count + 1, sizeof *m->traps) < 0)
		return;
	trap = &m->traps[m->trap_count++];
	*trap = (struct sim_trap){ .at = at, .line = span_dup(line) };
	span_copy(name, trap->name, sizeof trap->name);
}

/* Both ways count, from the first byte of the line that names the command to the next command. */
void sim_trap_begin(struct sim_modem *m, struct span typed)
{
	struct span name;

	m->cable.passed = 0;
	m->cable.exchange[0] = '\0';
	if (m->trap_count == 0 || typed.len < 2 ||
	    !span_is_nocase((struct span){ typed.at, 2 }, "AT"))
		return;
	name = (struct span){ typed.at + 2, 0 };
	while (name.len + 2 < typed.len && strchr("=?;\r", name.at[name.len]) == NULL)
		name.len++;
	if (name.len > 0 && (name.at[0] == 'D' || name.at[0] == 'd'))
		name.len = 1;
	span_copy(name, m->cable.exchange, sizeof m->cable.exchange);
}

static void spring(struct sim *sim, const struct sim_job *job, struct when now)
{
	struct sim_modem *m = sim->modems[job->modem];
	struct buf rest = m->cable.rest;

	m->cable.halted = false;
	m->cable.rest = (struct buf){ 0 };
	if (job->text != NULL)
		sim_line_now(sim, span_of(job->text), now);
	sim_modem_say(sim, m, buf_span(&rest), now);
	buf_free(&rest);
	if (sim_modem_hears(m))
		sim_at_input(sim, m, now);
}

bool sim_trap_reached(struct sim *sim, struct sim_modem *m, struct when now)
{
	struct sim_job *job;

	for (size_t i = 0; i < m->trap_count && !m->cable.halted; i++) {
		if (m->cable.passed < m->traps[i].at ||
		    !span_is_nocase(span_of(m->traps[i].name), m->cable.exchange))
			continue;
		m->cable.halted = true;
		job = sim_job_tied(sim, m, now.mono_ms + LEAVES_MS, spring);
		job->text = m->traps[i].line;
		m->traps[i] = m->traps[--m->trap_count];
	}
	return m->cable.halted;
}

void sim_trap_forget(struct sim_modem *m)
{
	m->cable.halted = false;
	buf_clear(&m->cable.rest);
	m->cable.exchange[0] = '\0';
	m->cable.passed = 0;
}
