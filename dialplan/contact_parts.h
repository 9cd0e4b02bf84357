/* contact_parts.h - what the contact*.c files share; nobody else includes it. */
#ifndef DIALPLAN_CONTACT_PARTS_H
#define DIALPLAN_CONTACT_PARTS_H

#include "dialplan/contact.h"

#define CONTACT_STORM 10 /* so many pages in one bundle are a storm */
#define CONTACT_STORM_MS \
	300000 /* then so long until the next bundle and the next ladder of calls */

enum contact_kind { CONTACT_SMS, CONTACT_VOICE };

/* The person's number at `index` if it is of this kind, else (the plan may have changed) their first one that is;
 * index is set to it.  NULL: none. */
const struct plan_number *contact_number(const struct contact_run *run, enum contact_kind kind,
					 int *index);

/* The next of this kind behind index; false, and *index untouched, when there is none. */
bool contact_next_number(const struct contact_run *run, enum contact_kind kind, int *index);

/* Wait before the try that follows `tries` lost ones: none at first (another path), then longer and longer. */
int64_t contact_back_off_ms(int tries);

/* The text, or the ring ladder, from its beginning. */
void contact_start_sms(struct notice *notice, const struct contact_run *run);
void contact_start_rings(struct notice *notice, const struct contact_run *run);
void contact_join_rings(const struct contact *contact, struct notice *notice,
			const struct contact_run *run);
/* A second call that found no path in time would not ring through: the next one is the first of a new pair. */
void contact_drop_late_pair(struct notice *notice, const struct contact_run *run);
void contact_recover_ring(struct notice *notice, struct when now);

struct notice *contact_find(struct contact *contact, int64_t id);

/* a is to be told before b: the more severe, then the newer. */
bool contact_before(const struct notice *a, const struct notice *b);

#endif
