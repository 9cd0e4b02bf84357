/* The simulator eats script lines, command bytes and time in any mixture; it must never say more than it can or crash.
 * Input: lines; one that begins with ">" is typed at the modem (\r for its end), "+N" lets N ms pass. */
#include "modem/sim/sim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void step(struct sim *sim, struct span line, struct when *now)
{
	struct err err = { ERR_NONE, "" };
	int64_t ms;

	if (line.len > 0 && line.at[0] == '>') {
		sim_feed(sim, 0, span_skip(line, 1), *now);
		sim_feed(sim, 0, span_of("\r"), *now);
	} else if (line.len > 0 && line.at[0] == '+' && span_int(line, &ms) && ms < 100000) {
		now->mono_ms += ms;
		now->utc_s += ms / 1000;
		sim_tick(sim, *now);
	} else if ((sim_line(sim, line, *now, &err) < 0) != (err.code != ERR_NONE)) {
		__builtin_trap(); /* a result or an error, never both, never neither */
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { (const char *)data, size };
	struct when now = { 1000, 1800000000 };
	struct sim_event event;
	struct sim *sim;
	struct err err;

	if (sim_new(&sim, 1, &err) < 0)
		return 0;
	sim_line(sim, span_of("modem alpha +15550009001 quectel"), now, &err);
	sim_line(sim, span_of("phone ada +447700900123 answers presses challenge"), now, &err);
	sim_opened(sim, 0, now);
	while (rest.len > 0) {
		step(sim, span_cut(&rest, '\n'), &now);
		sim_took(sim, 0, sim_output(sim, 0).len);
		while (sim_take(sim, &event)) {
			char line[64];

			if (sim_event_text(&event, "alpha", line, sizeof line) >= sizeof line)
				__builtin_trap();
		}
	}
	sim_free(sim);
	return 0;
}
