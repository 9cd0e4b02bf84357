/* profile.h - what is particular about one family of modems, as data.
 *
 * A profile is found by what +CGMI and +CGMM answer; the generic one fits everything that says 27.005 and 27.007 and nothing
 * more.  All of it is const and lives for ever.
 *
 * A file modem/profiles/<maker>.c defines `const struct profile_list profile_<maker>`; the Makefile finds it there, and no
 * other code names it.  Lists of commands and words end with NULL.
 */
#ifndef MODEM_PROFILE_H
#define MODEM_PROFILE_H

#include "base/span.h"
#include "modem/at_final.h"

#define PROFILE_LIST(...)         \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

enum profile_step_flag {
	PROFILE_INSTEAD = 1 << 0, /* only when the step before failed */
	PROFILE_VOICE = 1 << 1,   /* when it fails (with all its INSTEADs) no call is placed */
};

/* One command of the initialisation, after those that every modem gets.  It fails when it is refused, not answered, or
 * does not show what it should; that alone stops nothing. */
struct profile_step {
	const char *command; /* without the final CR */
	int timeout_ms;
	unsigned flags;
	const char *
		shows; /* how a line of the answer begins, blanks aside: read back; NULL: OK will do */
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

enum profile_pcm_at {
	PROFILE_PCM_BEFORE,   /* before ATD */
	PROFILE_PCM_DIALLED,  /* once ATD was taken */
	PROFILE_PCM_ANSWERED, /* once there is somebody to hear it */
};

/* How a family hands the sound of a call to the host: 8 kHz, 16 bit, one channel, 20 ms at a time (MODEMS.md 6.1). */
struct profile_pcm {
	const char *probe; /* refused: this firmware cannot; NULL: it can if it does calls */
	enum profile_pcm_at at;
	int delay_ms;      /* from then */
	const char *open;  /* onto a port of its own */
	const char *card;  /* onto a USB sound card; NULL: cannot */
	const char *close; /* NULL: ends with the call */
};

/* How warm it is. */
struct profile_heat {
	const char *command;
	const char *shows; /* how the answer begins */
	size_t before;     /* fields before the degrees */
};

/* Why each is there stands beside its use in profiles/. */
enum profile_quirk {
	PROFILE_NO_VOICE = 1 << 0, /* never place a call with it */
};

struct profile {
	const char *name;          /* no two have the same */
	const char *const *makers; /* any of these inside +CGMI, any case; NULL: every maker */
	const char *const *models; /* any of these inside +CGMM; NULL: every model */
	const struct profile_step *init;
	size_t init_count;
	/* Each the first that is not refused.  NULL: what suits most modems. */
	const char *const *notices;   /* +CNMI */
	const char *const *stores;    /* +CPMS: its first memory is the one messages go to */
	const char *const *iccid;     /* asks for the SIM card's number */
	const char *const *pin_tries; /* asks how many PIN tries are left: the first number */
	const char *dtmf;  /* switches key detection on, before every call; NULL: nothing */
	const char *reset; /* restarts the modem; NULL: +CFUN=1,1 */
	const struct profile_speech *speech; /* NULL: cannot, or not with hex */
	const struct profile_pcm *pcm;       /* NULL: no way for the host to speak and hear */
	const struct profile_heat *heat;     /* NULL: does not tell */
	enum at_codes codes;                 /* what +CMS codes of 512 and above mean */
	unsigned quirks;
};

/* More special rows first: the first that fits counts. */
struct profile_list {
	const struct profile *at;
	size_t count;
};

/* The first profile that claims them, generic at the end.  Never NULL. */
const struct profile *profile_find(struct span maker, struct span model);

/* The n-th of all, the generic one last; NULL behind it. */
const struct profile *profile_at(size_t n);

#endif
