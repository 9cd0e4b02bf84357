/* Does anybody vouch for the wall clock (DESIGN.md 6)?  The shell says what the machine knows; modems say what their networks
 * say, and every text carries the time at which a message centre took it.
 *
 * One that agrees is enough to trust it, even when the machine does not.  One that disagrees is not enough to doubt it: networks
 * are set wrongly too, by an hour when the clocks change.  Two that disagree in the same way are; and so is a centre that
 * took a text more than a day ahead of now: it is later than that by all means.
 */
#include "core/inside.h"

#define NEAR_S   300
#define DAY_S    86400
#define FRESH_MS INT64_C(86400000)

enum voice { VOICE_NONE, VOICE_AGREES, VOICE_DISAGREES };

static bool near(int64_t a, int64_t b)
{
	return a - b <= NEAR_S && b - a <= NEAR_S;
}

/* What it would be now, in either reading; the nearer to the wall clock. */
static enum voice network_says(const struct path *path, struct when now, int64_t *off_s)
{
	const struct device_status *status = device_status(path->device);
	int64_t since_ms = now.mono_ms - status->network_heard_ms;
	int64_t off[2];

	if (status->network_heard_ms == 0 || since_ms > FRESH_MS)
		return VOICE_NONE;
	for (size_t i = 0; i < COUNT_OF(off); i++)
		off[i] = status->network_utc_s[i] + since_ms / 1000 - now.utc_s;
	*off_s =
		(off[0] < 0 ? -off[0] : off[0]) < (off[1] < 0 ? -off[1] : off[1]) ? off[0] : off[1];
	return near(*off_s, 0) ? VOICE_AGREES : VOICE_DISAGREES;
}

static enum voice centre_says(const struct path *path, struct when now, int64_t *off_s)
{
	int64_t since_ms = now.mono_ms - path->stamp_heard_ms;

	if (path->stamp_heard_ms == 0 || since_ms > FRESH_MS)
		return VOICE_NONE;
	*off_s = path->stamp_utc_s + since_ms / 1000 - now.utc_s;
	if (near(*off_s, 0))
		return VOICE_AGREES;
	return *off_s > 0 ? VOICE_DISAGREES : VOICE_NONE; /* an old one has waited somewhere */
}

/* The centre's stamp of a text that has just come. */
void clock_stamp(struct path *path, const struct pdu *pdu, struct when now)
{
	if (!pdu->has_timestamp || pdu->type != PDU_DELIVER)
		return;
	path->stamp_utc_s = pdu->timestamp_utc_s;
	path->stamp_heard_ms = now.mono_ms;
}

static void set(struct gateway *g, bool trusted, struct when now)
{
	if (g->clock_untrusted == !trusted)
		return;
	g->clock_untrusted = !trusted;
	handover_look(g);
	drills_look(g);
	ledger_record(g, now, trusted ? "clock.trusted" : "clock.untrusted", (struct about){ 0 },
		      trusted ? "shifts count again"
			      : "who is on call is doubtful: the catch-all is paged too");
}

void gateway_clock(struct gateway *g, bool trusted, struct when now)
{
	g->clock_doubtful = !trusted;
	gateway_tick(g, now);
}

void clock_judge(struct gateway *g, struct when now)
{
	static enum voice (*const ask[])(const struct path *, struct when,
					 int64_t *) = { network_says, centre_says };
	bool agrees = false, doubt = false, disagreed = false;
	int64_t first_s = 0;

	for (size_t i = 0; i < g->path_count * COUNT_OF(ask); i++) {
		int64_t off_s = 0;
		bool centre = ask[i % COUNT_OF(ask)] == centre_says;
		enum voice voice =
			ask[i % COUNT_OF(ask)](&g->paths[i / COUNT_OF(ask)], now, &off_s);

		agrees = agrees || voice == VOICE_AGREES;
		if (voice != VOICE_DISAGREES)
			continue;
		doubt = doubt || (centre && off_s > DAY_S) || (disagreed && near(off_s, first_s));
		first_s = disagreed ? first_s : off_s;
		disagreed = true;
	}
	g->clock_off_s = doubt && !agrees ? first_s : 0;
	set(g, agrees || (!g->clock_doubtful && !doubt), now);
}
