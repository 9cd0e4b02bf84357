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
	char undo[60]; /* what a verb says ends it, when that depends on its words */
};

struct sim_verb {
	const char *name;
	int (*run)(struct sim_order *, struct err *); /* reads its own words; 0 or -1 */
	const char *undo; /* what ends it after "for"; NULL: it has no end */
};

/* A NULL name ends each. */
extern const struct sim_verb sim_modem_verbs[]; /* sim_fault.c: power, cable, dialogue */
extern const struct sim_verb
	sim_line_verbs[]; /* sim_fault_line.c: the finer faults of the dialogue */
extern const struct sim_verb sim_card_verbs[];    /* sim_fault_card.c: SIM, registration, calls */
extern const struct sim_verb sim_call_verbs[];    /* sim_fault_call.c */
extern const struct sim_verb sim_pcm_verbs[];     /* sim_fault_pcm.c */
extern const struct sim_verb sim_network_verbs[]; /* sim_fault_net.c */

int sim_words_on_off(struct sim_order *o, struct err *err); /* 1 on, 0 off, -1 */
int sim_words_phone(struct sim_order *o, struct sim_phone **phone, struct err *err);
int sim_words_modem(struct sim_order *o, int *modem, struct err *err);
/* "2s", or "2s to 40s". */
int sim_words_range(struct sim_words *words, struct sim_range *range, struct err *err);
/* "+CMGL", "+CPIN?" */
int sim_words_command(struct sim_words *words, char name[16], struct err *err);

/* sim_owner.c: what follows "phone NAME [NUMBER]". */
int sim_owner_line(struct sim_order *order, struct err *err);

/* Carries a line out, now or later, in the name of the script: what is gone by then is gone. */
void sim_line_now(struct sim *sim, struct span line, struct when now);
void sim_line_plug(struct sim *sim, int modem, struct when now); /* soon */
void sim_line_later(struct sim *sim, int64_t due, struct span line);

#endif
