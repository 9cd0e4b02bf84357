/* profile.h - what is particular about one family of modems, as data.
 *
 * A profile is found by what +CGMI and +CGMM answer; the generic one fits everything that says 27.005 and 27.007 and nothing
 * more.  All of it is const and lives for ever.
 */
#ifndef MODEM_PROFILE_H
#define MODEM_PROFILE_H

#include "base/span.h"
#include "modem/at_final.h"

struct profile_step {
	const char *command; /* without the final CR */
	int timeout_ms;
};

/* How a family speaks text into a call.  The text is UCS-2 as hex digits, so nothing in it can end the argument. */
struct profile_speech {
	const char *prepare; /* before the dialling; NULL: nothing */
	const char *before;  /* of the hex */
	const char *after;
	const char *stop; /* NULL: cannot be cut short */
	const char *done; /* the line that says it has been spoken */
	size_t hex_max;   /* hex digits one command takes */
};

/* Why each is there stands beside its use in profiles/. */
enum profile_quirk {
	PROFILE_NO_VOICE = 1 << 0, /* never place a call with it */
};

struct profile {
	const char *name;
	const char *makers[3]; /* any of these inside +CGMI, any case; none: every maker */
	const char *models[6]; /* any of these inside +CGMM; none: every model */
	const struct profile_step *init; /* may all fail */
	size_t init_count;
	const char *dtmf;  /* switches key detection on, before every call; NULL: nothing to do */
	const char *iccid; /* asks for the SIM card's number */
	const char *pin_tries;               /* asks how many PIN tries are left */
	const char *reset;                   /* restarts the modem */
	const struct profile_speech *speech; /* NULL: cannot, or not with hex */
	enum at_codes codes;                 /* what +CMS codes of 512 and above mean */
	unsigned quirks;
};

struct profile_list {
	const struct profile *at;
	size_t count;
};

extern const struct profile_list profile_simcom, profile_quectel, profile_generic;

/* The first profile that claims them, generic at the end.  Never NULL. */
const struct profile *profile_find(struct span maker, struct span model);

#endif
