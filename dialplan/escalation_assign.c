/* A page that is handed to somebody by name: theirs once they ack. */
#include "dialplan/escalation_parts.h"

#include <string.h>

#include "dialplan/rota.h"

bool escalation_assign(struct escalation *run, struct page *page, const char *to, const char *by,
		       const char *status)
{
	struct member *member;
	struct ladder *ladder;

	if (page->state == PAGE_RESOLVED || page_owned_by(page, to) ||
	    plan_person(run->plan, span_of(to)) == NULL ||
	    rota_absent(run->plan->rota, to, run->now.utc_s) != NULL)
		return false;
	if (page_sleeps(page))
		escalation_wake(run, page, "handed over");
	span_copy(span_of(to), page->assignee, sizeof page->assignee);
	escalation_record(run, "page.assigned", to, "by %s: %s", by, status);
	escalation_tell(run, NOTE_ASSIGNED, to, by, status);
	member = page_member(page, to); /* waking may have made room for more of them */
	if (member != NULL && member->state == MEMBER_PASSED)
		member->state = MEMBER_RELEASED; /* asked anew */
	ladder = escalation_ladder(run, page);
	if (ladder == NULL)
		return true;
	escalation_reach(ladder, to, 0, page->tracks[0].step);
	escalation_ladder_free(ladder);
	return true;
}

bool escalation_take_over(struct escalation *run, struct page *page, const struct ack *ack)
{
	if (page->assignee[0] == '\0' || strcmp(page->assignee, ack->person) != 0)
		return false;
	page->assignee[0] = '\0';
	escalation_own(run, page, ack);
	return true;
}

void escalation_decline(struct escalation *run, struct page *page, const char *person)
{
	if (page->assignee[0] == '\0' || strcmp(page->assignee, person) != 0)
		return;
	page->assignee[0] = '\0';
	if (page->owner[0] != '\0')
		escalation_tell(run, NOTE_DECLINED, page->owner, person, "");
}
