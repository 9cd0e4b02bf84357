/* asked.h - one request while it is carried out.  For requests.c, intake.c and queries.c alone; asked.c. */
#ifndef CORE_ASKED_H
#define CORE_ASKED_H

#include "core/inside.h"

#define STATUS_REFUSED 1
#define STATUS_USAGE   2

struct asked {
	struct gateway *g;
	const struct request *request;
	struct when now;
	struct buf out;
	struct jsonw
		json; /* an object is open: "ok" and "status" are put behind what the command writes */
	bool accepts;
	bool later; /* the answer comes by itself */
	struct err err;
};

const char *asked_get(const struct asked *asked, const char *key); /* NULL: not given, or empty */
/* A time, past or to come: in the configuration's zone unless it says its own.  Not given: nothing changed.  False: no time. */
bool asked_time(const struct asked *asked, const char *key, int64_t *utc_s);
bool asked_flag(const struct asked *asked, const char *key);
int asked_usage(struct asked *asked, const char *what);  /* STATUS_USAGE, with the reason */
int asked_refuse(struct asked *asked, const char *what); /* STATUS_REFUSED, with the reason */

/* The page that "id" names, as p17 or by its code; NULL, with the reason. */
struct page_slot *asked_page(struct asked *asked);
/* Who acts: "person", else whoever asks, as they are known on this host.  asked_actor_known: false when "person" names
 * nobody, with the reason. */
const char *asked_actor(const struct asked *asked);
bool asked_actor_known(struct asked *asked);
/* Writes how the page stands now, and what came of the request. */
void asked_answer(struct asked *asked, const struct page *page, const char *result);

/* STATUS_USAGE: the name is none of those that there are; the nearest is named, and all of them when they are few. */
int asked_no_person(struct asked *asked, const char *name);
int asked_no_rotation(struct asked *asked, const char *name);
int asked_no_target(struct asked *asked, const char *name);
int asked_no_severity(struct asked *asked, const char *name);
int asked_no_state(struct asked *asked, const char *name);
bool asked_state_known(const char *name); /* that of a page, or all */

/* ---- rota.c, shifts.c ---- */
/* "Mon 2026-11-30 10:00 CET" */
void asked_local_time(struct jsonw *json, const char *name, const struct zone *zone, int64_t utc_s);
int asked_who(struct asked *asked);
int asked_schedule(struct asked *asked);
int asked_override(struct asked *asked);
int asked_absent(struct asked *asked);
void asked_on_call(struct asked *asked, const char *rotation, int64_t utc_s, bool why);

/* ---- means.c, enrol.c ---- */
int asked_people(struct asked *asked);
int asked_enrol(struct asked *asked);

/* ---- intake.c ---- */
int intake_page(struct asked *asked);
int intake_incident(struct asked *asked);

/* ---- handoff.c ---- */
int asked_assign(struct asked *asked);
int asked_handoff(struct asked *asked);

/* ---- jottings.c ---- */
int asked_jot(struct asked *asked);
int asked_archive(struct asked *asked);

/* ---- silence.c, chores.c ---- */
int asked_silence(struct asked *asked);
int asked_postmortem(struct asked *asked);

/* ---- drill.c ---- */
int asked_drill(struct asked *asked);

/* ---- watch.c ---- */
int asked_beat(struct asked *asked);
int asked_watches(struct asked *asked);

/* ---- life.c ---- */
int life_defer(struct asked *asked);
int life_snooze(struct asked *asked);
int life_role(struct asked *asked);
int life_backup(struct asked *asked);

/* ---- queries.c ---- */
int queries_ask(struct asked *asked);
int loopback_ask(struct asked *asked); /* loopback.c */

#endif
