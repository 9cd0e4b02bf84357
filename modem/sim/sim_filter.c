/* An operator's filter against machines on a person's SIM, with the thresholds of FIELD.md D4: what it catches is taken
 * from the modem like any other and goes nowhere. */
#include <string.h>

#include "modem/sim/sim_world.h"

#define DAY_S     86400
#define A_DAY     200   /* texts */
#define RATIO     3     /* out for one in … */
#define RATIO_MIN 30    /* … once there are enough to tell */
#define SPACE_MS  1000  /* between two texts */
#define SAME_MS   10000 /* the same text to the same number */

static unsigned hash(const struct sim_ud *ud)
{
	unsigned h = 2166136261u;

	for (size_t i = 0; i < ud->len; i++)
		h = (h ^ ud->bytes[i]) * 16777619u;
	return h;
}

static void today(struct sim_sender *sender, struct when now)
{
	if (sender->day != now.utc_s / DAY_S)
		sender->sent = sender->received = 0;
	sender->day = now.utc_s / DAY_S;
}

void sim_filter_received(struct sim_modem *m, struct when now)
{
	today(&m->sender, now);
	m->sender.received++;
}

static const char *caught(const struct sim_sender *s, const struct sim_submit *submit,
			  struct when now)
{
	if (s->sent > A_DAY)
		return "filtered: more than 200 texts a day";
	if (s->sent > RATIO_MIN && s->sent > RATIO * (s->received + 1))
		return "filtered: more than 3 texts out for one in";
	if (s->sent > 1 && now.mono_ms - s->last_ms < SPACE_MS)
		return "filtered: two texts in a second";
	if (s->sent > 1 && now.mono_ms - s->last_ms < SAME_MS &&
	    s->last_hash == hash(&submit->ud) && strcmp(s->last_to, submit->to) == 0)
		return "filtered: the same text twice in 10 s";
	return NULL;
}

bool sim_filter_drops(struct sim *sim, struct sim_modem *m, const struct sim_submit *submit,
		      struct when now)
{
	struct sim_sender *s = &m->sender;
	const char *why;

	today(s, now);
	s->sent++;
	why = caught(s, submit, now);
	s->last_ms = now.mono_ms;
	s->last_hash = hash(&submit->ud);
	span_copy(span_of(submit->to), s->last_to, sizeof s->last_to);
	if (why != NULL)
		sim_note(sim, SIM_FAULT, m->index, NULL, why, now);
	return why != NULL;
}
