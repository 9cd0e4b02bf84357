/* means.h - what each phone of a person has proven, and the enrolment that makes it prove the rest.  Part of inside.h. */
#ifndef CORE_MEANS_H
#define CORE_MEANS_H

#include "base/buf.h"
#include "dialplan/plan.h"

struct gateway;
struct path;

#define ENROLMENTS_MAX 8

struct enrolment { /* of a person's phones; not stored */
	char person[PLAN_NAME];
	int64_t since_utc_s; /* only what is proven from then on counts */
	int64_t due;         /* mono_ms of the next step */
	int64_t until;       /* mono_ms of its end; WHEN_NEVER: it is over */
	size_t number;       /* being called */
	int calls;           /* of it */
	bool good;           /* how it ended */
};

enum means { MEANS_SMS, MEANS_REPLY, MEANS_CALL, MEANS_KEY, MEANS };
void means_proved(struct gateway *g, const struct plan_person *person, const char *number,
		  enum means what, struct when now);
int64_t means_when(struct gateway *g, const char *number, enum means what); /* 0: never */
/* Something that it is for has not been proven since then. */
bool means_lacking(struct gateway *g, const struct plan_number *number, int64_t since_utc_s);

/* ---- enrol.c ---- */
const char *enrol_state(struct gateway *g, const struct plan_person *person); /* NULL: none */
void enrol_tick(struct gateway *g, struct when now);
int64_t enrol_deadline(const struct gateway *g);
bool enrol_replied(struct gateway *g, const struct plan_person *person); /* it is under way */
void enrol_say(struct gateway *g, struct path *path, const struct plan_person *person,
	       struct buf *out);
void enrol_keyed(struct gateway *g, struct path *path, struct when now);

#endif
