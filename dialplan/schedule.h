/* schedule.h - who holds which slot of a rotation at an instant, and why.
 *
 * In this order: the newest override of the slot, the imported calendar, the first layer whose hours it is and that has somebody,
 * the rotation's own members.  When there are fewer people than slots, those below give the rest.  Handovers are civil time in the layer's zone (zone_utc).  Whoever is absent is
 * passed over for the next in turn, and nobody holds two slots while there is somebody else.
 */
#ifndef DIALPLAN_SCHEDULE_H
#define DIALPLAN_SCHEDULE_H

#include "dialplan/rota.h"

enum shift_kind { SHIFT_NOBODY, SHIFT_LAYER, SHIFT_CALENDAR, SHIFT_OVERRIDE };

struct shift {
	enum shift_kind kind;
	const struct plan_person *person;  /* NULL: nobody */
	int64_t at_utc_s;                  /* that was asked for */
	int64_t next_utc_s;                /* until then nothing changes; WHEN_NEVER */
	const struct plan_layer *layer;    /* SHIFT_LAYER */
	int64_t number;                    /* … which shift of it, … */
	int64_t begins_utc_s, ends_utc_s;  /* … from when to when by its own rule */
	const struct rota_entry *override; /* SHIFT_OVERRIDE */
	const char *absent;                /* whose turn it would be, but they are away; NULL */
};

struct shift schedule_at(const struct plan *plan, const struct plan_rotation *rotation, size_t slot,
			 int64_t utc_s);

/* Until when the same person (or nobody) holds the slot from shift->at_utc_s on; WHEN_NEVER: for over 400 days. */
int64_t schedule_until(const struct plan *plan, const struct plan_rotation *rotation, size_t slot,
		       const struct shift *shift);

/* Why, as one line for people: "shift 41 of ada, bob, cy, from Mon 2026-10-19 10:00 CEST to ... (Europe/Berlin)". */
void schedule_why(const struct plan *plan, const struct plan_rotation *rotation,
		  const struct shift *shift, struct buf *out);

/* The zone in whose time this rotation is best told. */
const struct zone *schedule_zone(const struct plan_rotation *rotation, const struct shift *shift);

/* The layer's shift at an instant, hours aside: its number, and when it begins and ends. */
int64_t layer_shift(const struct plan_layer *layer, int64_t utc_s, int64_t *begins, int64_t *ends);

/* Is it the layer's hours?  edge gets when that changes; WHEN_NEVER: it does not. */
bool layer_open(const struct plan_layer *layer, int64_t utc_s, int64_t *edge);

#endif
