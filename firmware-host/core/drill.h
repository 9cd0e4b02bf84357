/* drill.h - the readiness drill: can everybody be paged?  Part of inside.h.
 *
 * One after the other: somebody real in every slot, a drill page to every rotation that must be acked in time, every link of pages
 * and watches.  A page that is real ends it at once (FIELD I4).
 */
#ifndef CORE_DRILL_H
#define CORE_DRILL_H

#include "core/gateway.h"
#include "dialplan/page.h"

/* ---- drill.c ---- */
void drills_look(struct gateway *g); /* a page was acked or resolved */
void drills_tick(struct gateway *g, struct when now);
int64_t drills_deadline(const struct gateway *g); /* mono_ms, or WHEN_NEVER */
void drills_real(struct gateway *g, const struct page *page, struct when now); /* it is opened */
/* What was looked at, and how it is; NULL for a link that is to be asked still. */
void drills_link(struct gateway *g, const char *url, const char *wrong, struct when now);
void drills_links_done(struct gateway *g, struct when now);

/* ---- drill_checks.c ---- */
/* A line of its record; wrong: what is, "" the line says so itself, NULL nothing. */
void drill_line(struct gateway *g, struct memo *drill, const char *wrong, const char *what);
void drill_check_slots(struct gateway *g, struct memo *drill, const struct plan_rotation *rotation,
		       struct when now);
/* Numbers that may be out of date; the drill's own pages have proved some. */
void drill_check_phones(struct gateway *g, struct memo *drill, struct when now);

/* ---- links.c: those that pages and watches name ---- */
void links_saw(struct gateway *g, const struct page *page, struct when now);
void links_ask(struct gateway *g); /* all of them, one after the other */
void links_stop(struct gateway *g);
bool links_take(struct gateway *g, struct gateway_probe *probe);
bool links_probed(struct gateway *g, const struct gateway_probed *probed,
		  struct when now); /* false: it was not for them */

#endif
