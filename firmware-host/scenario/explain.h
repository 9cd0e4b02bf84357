/* explain.h - what a page would do if nobody answered: the gateway itself plays it, with simulated modems that take
 * their time, under a virtual clock.
 */
#ifndef SCENARIO_EXPLAIN_H
#define SCENARIO_EXPLAIN_H

#include "base/buf.h"
#include "base/err.h"
#include "dialplan/rota.h"

#define EXPLAIN_SMS_S 3 /* a modem is taken to need so long for a text */

struct explain_what {
	struct span config;      /* its text … */
	const char *file;        /* … and name, for messages */
	const struct rota *rota; /* changes by hand; NULL none */
	const char *rotation;    /* or any target; NULL: the default one */
	const char *severity;    /* NULL: the default one */
	int64_t at_utc_s;
};

enum explain_kind { EXPLAIN_STEP, EXPLAIN_TEXT, EXPLAIN_CALL };

struct explain_entry {
	enum explain_kind kind;
	int64_t after_s; /* from the page on */
	char person[PLAN_NAME];
	char number[PLAN_E164]; /* masked */
	char modem[24];
	char text[200]; /* of a step: its words */
};

struct explain {
	struct explain_entry *entries; /* in the order of time, to the end of the first round */
	size_t count, cap;
	bool failed;     /* memory */
	int64_t chain_s; /* until the last person of the chain was first texted or called; -1: nobody */
	int64_t all_s; /* the same with the catch-all */
};

/* 0; -1: ERR_INVALID (the configuration, a name that is none), ERR_SYSTEM. */
int explain_run(const struct explain_what *what, struct explain *out, struct err *err);
void explain_free(struct explain *explain);

#endif
