/* sim_script.h - one script line being carried out; between the script's parts only. */
#ifndef MODEM_SIM_SIM_SCRIPT_H
#define MODEM_SIM_SIM_SCRIPT_H

#include "modem/sim/sim_words.h"
#include "modem/sim/sim_world.h"

struct sim_order {
	struct sim *sim;
	struct sim_words words;
	struct when now;
	bool dry; /* only read it: it will be carried out later */
	int modem;
	struct sim_phone *phone;
};

struct sim_verb {
	const char *name;
	int (*run)(struct sim_order *, struct err *); /* reads its own words; 0 or -1 */
	const char *undo; /* what ends it after "for"; NULL: it has no end */
};

extern const struct sim_verb sim_modem_verbs[]; /* sim_fault.c; a NULL name ends each */

/* sim_fault_call.c */
int sim_fault_tells(struct sim_order *order, struct err *err);
int sim_fault_audio(struct sim_order *order, struct err *err);
int sim_fault_early(struct sim_order *order, struct err *err);
int sim_fault_holds(struct sim_order *order, struct err *err);
int sim_fault_blocked(struct sim_order *order, struct err *err);

/* The verb the next word names, the word taken; NULL with err. */
const struct sim_verb *sim_verb_next(struct sim_words *words, const struct sim_verb *verbs,
				     struct err *err);

/* sim_owner.c: what follows "phone NAME [NUMBER]". */
int sim_owner_line(struct sim_order *order, struct err *err);

/* Carries a line out later, in the name of the script. */
void sim_line_later(struct sim *sim, int64_t due, struct span line);

#endif
