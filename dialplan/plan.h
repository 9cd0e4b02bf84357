/* plan.h - who there is and how they are reached: the checked configuration, immutable once loaded.
 *
 * Built by config/ (or by a test), owned by the gateway, read by everybody in dialplan/.  People, groups and rotations share
 * one name space; references are by name, so that an open page survives a reload.
 *
 * A target is written "ada" (person), "eng" (group), "platform" (rotation: its first slot),
 * "platform.secondary" (a slot), "target" or "target.secondary" (what was paged, or that rotation's slot).
 */
#ifndef DIALPLAN_PLAN_H
#define DIALPLAN_PLAN_H

#include "base/err.h"
#include "base/span.h"
#include "base/when.h"
#include "dialplan/zone.h"

#define PLAN_NAME     32 /* of a person, group, rotation, policy, severity */
#define PLAN_TARGET   66 /* "rotation.slot" */
#define PLAN_E164     17

#define PLAN_PIN_HASH 104
/* How every hash of a PIN begins: what it costs to try one is the same for all, and little (decision 0008). */
#define PLAN_PIN_HASH_BEGIN "$argon2id$v=19$m=1024,t=2,p=1$"

#define PLAN_NUMBERS_MAX    6
#define PLAN_SLOTS_MAX      4
#define PLAN_SHADOW         "shadow" /* the slot of those who learn */
#define PLAN_STEPS_MAX      10
#define PLAN_TARGETS_MAX    8
#define PLAN_BESIDES_MAX    4
#define PLAN_SEVERITIES_MAX 16

struct plan_number {
	char e164[PLAN_E164];
	bool sms;
	bool voice;
	char carrier[24]; /* "" unknown */
};

struct plan_person {
	char name[PLAN_NAME];                         /* key, lower case */
	char title[48];                               /* as people say it: "Ada Ash" */
	char email[80];                               /* as calendars name them; "" unknown */
	struct plan_number numbers[PLAN_NUMBERS_MAX]; /* in the order to try */
	size_t number_count;
	char pin_hash[PLAN_PIN_HASH]; /* of the PIN; "" none */
};

struct plan_group {
	char name[PLAN_NAME];
	char (*members)[PLAN_NAME]; /* people */
	size_t member_count;
};

/* Whose turn it is.  Shift n begins n lengths behind `starts`, by the clock on the wall (schedule.h); its first person is
 * members[n * stride mod count], those behind them follow. */
struct plan_layer {
	const struct zone *zone; /* NULL: UTC */
	char (*members)[PLAN_NAME];
	size_t member_count;
	size_t stride; /* members by turns: so many belong to each shift; 0 and 1: one moves up */
	int64_t starts_s;       /* local */
	int64_t shift_s;        /* of local time; 0: months */
	int64_t shift_months;   /* the day of the month is cut to the month's last */
	int64_t open_s, shut_s; /* hours of the day: its window; shut may be the next day's */
	uint32_t days;          /* on which a window opens: bit 0 Monday; 0: all */
	bool windows;           /* false: always on */
};

enum plan_handover {
	PLAN_HANDOVER_TOLD, /* both are told */
	PLAN_HANDOVER_ACK,  /* … and whoever leaves stays on until whoever comes has acked */
	PLAN_HANDOVER_NONE, /* nobody is told */
};

struct plan_rotation {
	char name[PLAN_NAME];
	char slots[PLAN_SLOTS_MAX][PLAN_NAME]; /* the first is what the bare name means */
	size_t slot_count;
	struct plan_layer *layers; /* the first that has somebody counts … */
	size_t layer_count;
	struct plan_layer base;     /* … and below them this one, if it has members */
	char (*shadows)[PLAN_NAME]; /* who learn: informed, in turn, in the slot "shadow" */
	size_t shadow_count;
	char calendar[256]; /* a file or URL whose shifts stand above the layers; "" none */
	bool gaps;          /* times without anybody are meant */
	enum plan_handover handover;
	int64_t overlap_s;      /* behind a handover both are on call for so long */
	char policy[PLAN_NAME]; /* "" : the severity's, else the default */
	int line;               /* in the configuration, for findings; 0 unknown */
};

struct plan_service {
	char name[48];
	char owner[PLAN_TARGET]; /* who is paged for it */
};

struct plan_targets {
	char at[PLAN_TARGETS_MAX][PLAN_TARGET];
	size_t count;
};

struct plan_step {
	struct plan_targets targets;
	int64_t wait_s; /* from the first attempt that the network took */
};

struct plan_beside { /* told at once beside the chain, with an ack of its own */
	struct plan_targets targets;
	uint32_t severities; /* bit per severity index */
	bool money;          /* also for any page marked --money */
};

struct plan_policy {
	char name[PLAN_NAME];
	struct plan_step steps[PLAN_STEPS_MAX];
	size_t step_count;
	struct plan_beside besides[PLAN_BESIDES_MAX];
	size_t beside_count;
	struct plan_targets inform; /* for information only: no code, no verb */
	uint32_t inform_severities;
	struct plan_targets
		broken; /* chain exhausted: a new incident opens to these; count 0: none */
};

struct plan_severity {          /* index = rank, 0 the most severe */
	char name[PLAN_NAME];   /* "sev-1" */
	char policy[PLAN_NAME]; /* "" : the default */
	bool pages;             /* false: recorded, nobody is paged */
	bool call_at_once;
	int64_t lease_s;
	int64_t engage_s;     /* ack to first sign of life; 0: the lease */
	int64_t ack_within_s; /* promised; shown on the timeline; 0 none */
	int64_t remind_s;     /* update reminders to the owner; 0 none */
	int64_t join_after_s; /* after the ack, unless an update says "converging": another responder; 0 none */
	int64_t offer_after_s;  /* without an update the owner is offered one; 0 none */
	char ticket[PLAN_NAME]; /* the webhook that is posted each of them; "" none */
	char digest
		[PLAN_NAME];  /* the webhook that gets those that page nobody, gathered; "" none */
	int64_t postmortem_s; /* so long after its end somebody is reminded; 0 never */
	int64_t crowd; /* so many open at once bring another responder to the newest; 0 none */
};

enum plan_hook_event { /* bits of plan_hook.on */
		       PLAN_HOOK_OPENED = 1 << 0,
		       PLAN_HOOK_ACKED = 1 << 1,
		       PLAN_HOOK_UPDATED = 1 << 2,
		       PLAN_HOOK_ESCALATED = 1 << 3,
		       PLAN_HOOK_REOPENED = 1 << 4,
		       PLAN_HOOK_DEFERRED = 1 << 5,
		       PLAN_HOOK_RESOLVED = 1 << 6,
		       PLAN_HOOK_HANDOVER = 1 << 7,
		       PLAN_HOOK_POSTMORTEM = 1 << 8,
};

struct plan_hook { /* where news goes when there is a network; never needed for a page */
	char name[PLAN_NAME];
	char url[256];
	char secret[128]; /* signs what is posted; "" unsigned */
	uint32_t on;      /* which news of every page goes there */
};

struct plan_monthly { /* a day of every month: the second Tuesday, 10:30, in plan->zone */
	int week;     /* 1 to 4; 5 the last; 0 never */
	int weekday;  /* 0 Monday */
	int64_t at_s; /* of the day */
};

struct plan_drill {
	struct plan_monthly monthly;
	int64_t within_s; /* each rotation acks so soon */
	int64_t current_s; /* a phone that proved nothing for so long may be out of date; 0: not looked at */
};

struct plan_limit {
	bool set;
	double at;
};

struct plan_watch { /* what the gateway looks after by itself, and pages for */
	char name[PLAN_NAME];
	char target[PLAN_TARGET]; /* "" the default rotation */
	char severity[PLAN_NAME]; /* "" the default */
	char message[120];        /* what is paged; "" made of its name and url */
	char runbook[256];        /* "" none */
	char url[256];            /* what is asked; "" it is beaten */
	char value[64]; /* of the JSON that is answered: "share.offline"; "" the whole answer */
	struct plan_limit above, below; /* of the value */
	int64_t every_s;                /* between two questions */
	int64_t for_s;                  /* it must have been bad for so long */
	int64_t beat_s; /* a heartbeat is due so soon after the last; 0: it is asked */
};

struct plan_times {               /* all in seconds; the defaults are DESIGN.md 3 */
	int64_t call_after_s;     /* 15: first call after the first text */
	int64_t ring_s;           /* 35 */
	int64_t talk_s;           /* 50 */
	int64_t second_after_s;   /* 60: from the first call's beginning */
	int64_t second_gap_s;     /* 10: from its end */
	int64_t second_within_s;  /* 150: latest, from the first call's beginning */
	int64_t third_after_s;    /* 60: from the second call's end */
	int64_t jitter_s;         /* 4: second and third calls come up to this much later */
	int64_t bundle_s;         /* 45; 0: never bundle */
	int64_t no_path_s;        /* 60 */
	int64_t repeat_s[3];      /* 600 1200 1800: chain repeats, the last one for ever */
	int64_t lease_warning_s;  /* 300 */
	int64_t key_s;            /* 8: two digits of the challenge within */
	int64_t sms_validity_min; /* 15 */
	int64_t callback_s;       /* 600: ringing back acks this soon after the text or call */
};

struct plan_alarm { /* how the operators are told of what is wrong with the gateway itself */
	int64_t waking_from_s; /* second of the day in plan->zone: texts that can wait come from here */
	int64_t waking_to_s;   /* to here; the same: at any time */
	char last_resort[256]; /* a shell command: nobody can be paged any more; "" none */
};

struct plan_proof {      /* modem to modem, over the air */
	int64_t every_s; /* 0 never */
	int64_t calls_s; /* rounds with calls; 0 never */
};

enum plan_dtmf { PLAN_DTMF_CHALLENGE, PLAN_DTMF_SINGLE };

struct plan {
	char gateway[PLAN_NAME]; /* how it names itself: "Tocsin" */
	struct plan_person *people;
	size_t person_count;
	struct plan_group *groups;
	size_t group_count;
	struct plan_rotation *rotations;
	size_t rotation_count;
	struct plan_policy *policies;
	size_t policy_count;
	struct plan_service *services;
	size_t service_count;
	struct plan_hook *hooks;
	size_t hook_count;
	struct plan_watch *watches;
	size_t watch_count;
	struct zone **zones; /* those that the layers point to */
	size_t zone_count;
	const struct zone *zone; /* of rotations that name none */
	const struct rota *
		rota; /* what people changed by hand; NULL nothing.  The gateway's, not the plan's */
	struct plan_severity severities[PLAN_SEVERITIES_MAX];
	size_t severity_count;
	struct plan_targets operators; /* at least one */
	struct plan_targets
		catch_all; /* at least one; the operators if the configuration has none */
	char default_rotation[PLAN_NAME];
	char default_policy[PLAN_NAME];
	int default_severity;
	char country[4]; /* national numbers are folded into +country: "1", "44" */
	struct plan_times times;
	struct plan_layer business; /* its hours, days and zone: when business is done */
	struct plan_alarm alarm;
	struct plan_drill drill;
	struct plan_proof proof;
	int64_t calls_per_hour; /* 12: to one person who gives no sign of life */
	enum plan_dtmf dtmf_ack;
	bool require_code;
	bool require_runbook;
	bool reactions;
	bool callback_ack;
};

/* Frees what the plan holds, and the plan itself. */
void plan_free(struct plan *plan);

const struct plan_person *plan_person(const struct plan *plan, struct span name);
const struct plan_rotation *plan_rotation(const struct plan *plan, struct span name);
const struct plan_group *plan_group(const struct plan *plan, struct span name);
const struct plan_policy *plan_policy(const struct plan *plan, struct span name);
const struct plan_hook *plan_hook(const struct plan *plan, struct span name);
const struct plan_watch *plan_watch(const struct plan *plan, struct span name);
const struct plan_service *plan_service(const struct plan *plan, struct span name);

/* Whose phone this is; number is E.164, or a national form that plan->country folds.  NULL: a stranger. */
const struct plan_person *plan_who_has(const struct plan *plan, struct span number);

/* "2", "sev2", "sev-2", "SEV-2" are one; names without digits compare without case.  Index, or -1. */
int plan_severity(const struct plan *plan, struct span name);

/* The index of a slot by its name; "" is the first, "shadow" stands behind the last when there are any.  -1: there is none. */
int plan_slot(const struct plan_rotation *rotation, struct span name);

/* Who holds a slot at an instant; NULL when nobody does.  ends_utc_s, if not NULL, gets until when (schedule.h says more). */
const struct plan_person *plan_on_call(const struct plan *plan,
				       const struct plan_rotation *rotation, struct span slot,
				       int64_t utc_s, int64_t *ends_utc_s);

/* Is this a target that can mean anything in this plan?  ("target" forms always can.) */
bool plan_knows(const struct plan *plan, struct span target);

/* Does the clock decide whom this target means: a rotation or one of its slots?  `paged` replaces "target". */
bool plan_by_shift(const struct plan *plan, struct span target, struct span paged);

/* The people a target means now.  `paged` is what the page was sent to: it replaces "target".  Appends pointers
 * to people that are not yet there, up to max; returns the new count.  Unknown targets and empty slots
 * add nobody; for somebody who is absent their cover is added, or nobody. */
size_t plan_resolve(const struct plan *plan, struct span target, struct span paged, int64_t utc_s,
		    const struct plan_person **people, size_t count, size_t max);

/* Folds what a network or a person may write ("0171 2345678", "00491712345678", "+49 171 …") into E.164.
 * False when it cannot be one. */
bool plan_fold_number(const char *country, struct span written, char e164[PLAN_E164]);

/* "+155*****02": for logs and screens. */
void plan_mask_number(const char *e164, char masked[PLAN_E164]);

#endif
