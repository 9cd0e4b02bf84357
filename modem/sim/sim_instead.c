/* "answers +CLCC with ...", "silent on +CMGL", "slow 3s on +CPMS": one command is treated apart. */
#include <stdlib.h>
#include <string.h>

#include "modem/sim/sim_world.h"

void sim_instead_drop(struct sim_modem *m, struct span name)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->instead_count; i++) {
		if (name.len == 0 || span_is_nocase(name, m->instead[i].name))
			free(m->instead[i].text);
		else
			m->instead[kept++] = m->instead[i];
	}
	m->instead_count = kept;
}

void sim_instead_set(struct sim_modem *m, const struct sim_instead *made)
{
	sim_instead_drop(m, span_of(made->name));
	if (array_grow(&m->instead, &m->instead_cap, m->instead_count + 1, sizeof *m->instead) == 0)
		m->instead[m->instead_count++] = *made;
	else
		free(made->text);
}

static bool meant(const struct sim_instead *row, struct span name, enum sim_op op)
{
	size_t len = strlen(row->name);
	char plain[sizeof row->name];
	const char *last = len == 0 ? "" : row->name + len - 1;

	if (*last == '?' && op != SIM_OP_READ)
		return false;
	if (*last == '=' && op != SIM_OP_SET)
		return false;
	if (*last == '?' || *last == '=')
		len--;
	span_copy((struct span){ row->name, len }, plain, sizeof plain);
	return span_is_nocase(name, plain);
}

/* "\n" in the script is a line end of the modem. */
static void say_instead(struct sim_modem *m, const char *text)
{
	buf_add_text(&m->reply, "\r\n");
	for (; *text != '\0'; text++) {
		if (text[0] == '\\' && text[1] == 'n') {
			buf_add_text(&m->reply, "\r\n");
			text++;
		} else if (text[0] == '\\' && text[1] == '"') {
			buf_add_char(&m->reply, *++text);
		} else {
			buf_add_char(&m->reply, *text);
		}
	}
	buf_add_text(&m->reply, "\r\n");
}

bool sim_instead_answers(struct sim *sim, struct sim_modem *m, struct span name, enum sim_op op,
			 struct when now, int *answer)
{
	struct sim_instead *row = NULL;

	for (size_t i = 0; i < m->instead_count && row == NULL; i++)
		if (m->instead[i].times != 0 && meant(&m->instead[i], name, op))
			row = &m->instead[i];
	if (row == NULL)
		return false;
	if (row->times > 0)
		row->times--;
	if (row->late) {
		m->slow_ms = sim_pick(sim, row->wait);
		return false;
	}
	*answer = SIM_LATER;
	if (row->text == NULL) {
		m->busy = false;
		buf_clear(&m->reply);
	} else {
		say_instead(m, row->text);
		sim_at_leave(sim, m, now);
	}
	return true;
}
