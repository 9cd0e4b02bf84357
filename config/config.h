/* config.h - the configuration file: one table-driven schema over libconfig, parsing text that is handed to it.
 *
 * All errors of a well-formed file come in one run, each "file:line: what, want"; an unknown key is an error that names the nearest
 * known one.  Nothing is repaired silently.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/buf.h"
#include "base/err.h"
#include "dialplan/plan.h"

#define CONFIG_MODEMS_MAX 16

/* IMEI and SIM card must be these; port and socket are where it is, or with those, where to look first. */
struct config_modem {
	char name[24];
	char port[256];         /* a path, or a pattern of one; "" any */
	char usb[32];           /* the USB socket it is in, "1-1.2"; "" any */
	char imei[20];          /* "" any */
	char iccid[24];         /* "" any */
	char number[PLAN_E164]; /* the SIM's own; "" unknown */
	char pin[16];
	char carrier[24];      /* as people.numbers.carrier; "" unknown */
	char audio[256];       /* where its sound is: a path, or "alsa:" and a card; "" nowhere */
	int64_t expires_utc_s; /* 0 never */
	char balance_ussd[24]; /* "" not asked for */
	int64_t balance_below; /* whole units; 0 none */
	int64_t balance_every_s;
	bool sms;
	bool voice;
};

enum config_repair { /* bits */
		     CONFIG_REPAIR_RADIO = 1,
		     CONFIG_REPAIR_RESTART = 2,
		     CONFIG_REPAIR_USB = 4,
		     CONFIG_REPAIR_DETACH = 8
};

struct config {
	struct plan *plan; /* may be taken: set to NULL then */
	char socket[108];
	char database[256];
	struct config_modem modems[CONFIG_MODEMS_MAX];
	size_t modem_count;
	uint32_t repairs;     /* bits: enum config_repair */
	char power_hook[256]; /* a program; "" none */
	int64_t budget_sms, budget_calls, budget_call_minutes;
	char speech_voice[8];
	char speech_command[256]; /* "" none */
	int64_t speech_limit_s;
	char (*denied_prefixes)[PLAN_E164];
	size_t denied_prefix_count;
};

/* What is parsed.  The shell reads zone data (zoneinfo.h); without a reader there is only UTC. */
struct config_source {
	struct span text;
	const char *file;                                                  /* only for messages */
	int (*zone)(struct zone **out, const char *name, struct err *err); /* or NULL */
};

/* 0 and *out; or -1 with one line per error in `errors`, and possibly *out untouched.  Warnings
 * (weak but allowed settings) are lines in `warnings` either way. */
int config_parse(struct config **out, const struct config_source *source, struct buf *errors,
		 struct buf *warnings);
void config_free(struct config *config);

/* What a value means beyond its own line; checked when everything is read (config/check.h). */
enum config_note {
	CONFIG_NOTHING,
	CONFIG_MEMBER,      /* defines a person, group or rotation: one name space */
	CONFIG_POLICY,      /* defines */
	CONFIG_SEVERITY,    /* defines */
	CONFIG_SERVICE,     /* defines */
	CONFIG_HOOK,        /* defines a webhook */
	CONFIG_WATCH,       /* defines */
	CONFIG_MODEM,       /* defines */
	CONFIG_PORT,        /* used once only */
	CONFIG_IDENTITY,    /* digits, and used once only */
	CONFIG_OF_PERSON,   /* names a person */
	CONFIG_OF_TARGET,   /* names a target */
	CONFIG_OF_ROTATION, /* names … */
	CONFIG_OF_POLICY,
	CONFIG_OF_SEVERITY,
	CONFIG_OF_HOOK,
	CONFIG_NUMBER,  /* a phone number: one owner, no denied prefix */
	CONFIG_ELEMENT, /* a whole group of a list */
	CONFIG_VALUE    /* a plain value with a check of its own */
};

/* The schema, for man pages, docs and tests: one entry a key. */
struct config_key {
	const char *path; /* "people.numbers.sms": list elements without index */
	const char *
		kind; /* "text", "integer", "boolean", "list of text", "list of groups", "duration" … */
	const char *range;   /* "1 to 3600", "E.164", "" */
	const char *initial; /* default as written; NULL: required */
	const char *help;

	/* where it goes, for the reader (config/walk.h) */
	size_t at;    /* offset in the struct of its group */
	size_t size;  /* of the value there, or of one element of a list */
	size_t count; /* offset of the number of elements */
	bool heap;    /* a list whose memory is made for it: a pointer stands at `at` */
	int64_t min;  /* of a number or duration (s); of bytes or elements */
	int64_t max;
	enum config_note note; /* what the cross checks must know of it */
};
const struct config_key *config_keys(size_t *count);

#endif
