#include "dialplan/escalation_parts.h"

#include <string.h>

static void start_next(struct escalation *run, struct page *page)
{
	struct ladder *ladder = escalation_ladder(run, page);

	if (ladder == NULL)
		return;
	if (page->tracks[0].waiting)
		escalation_next_round(ladder);
	else
		escalation_go_on_now(ladder, page->tracks[0].step + 1);
	escalation_ladder_free(ladder);
}

static bool others_reached(const struct page *page, const struct member *but)
{
	for (size_t i = 0; i < page->member_count; i++) {
		const struct member *member = &page->members[i];

		if (member != but && member->track == but->track && member->step >= but->step &&
		    member->state == MEMBER_REACHING)
			return true;
	}
	return false;
}

/* A target of the running step is lost: the next one now.  Behind the catch-all there is none, so it keeps its time as
 * long as somebody of it is left. */
static void replace(struct escalation *run, struct page *page, const struct member *lost)
{
	struct ladder *ladder;
	int steps;

	if (page->tracks[lost->track].kind == TRACK_BESIDE) {
		if (!others_reached(page, lost))
			page->tracks[lost->track].due = WHEN_NEVER;
		return;
	}
	if (lost->step != page->tracks[lost->track].step)
		return; /* the step that follows theirs is running already */
	ladder = escalation_ladder(run, page);
	if (ladder == NULL)
		return;
	steps = (int)ladder->chain.step_count;
	if (page->tracks[lost->track].kind == TRACK_EXTRA)
		escalation_start_extra(ladder);
	else if (page->state == PAGE_OPEN && !page->tracks[0].waiting &&
		 (lost->step < steps || !others_reached(page, lost)))
		escalation_go_on(ladder, lost->step + 1);
	escalation_ladder_free(ladder);
}

void escalation_unreachable(struct escalation *run, struct page *page, const char *person)
{
	struct member *member = page_member(page, person);
	struct member lost;

	if (page->state == PAGE_RESOLVED || member == NULL || member->state != MEMBER_REACHING)
		return;
	member->state = MEMBER_FAILED;
	lost = *member; /* the array may move */
	escalation_record(run, "reach.failed", person, "every number is refused");
	escalation_decline(run, page, person);
	replace(run, page, &lost);
}

void escalation_absent(struct escalation *run, struct page *page, const char *person)
{
	struct member *member = page_member(page, person);
	struct ladder *ladder;
	struct member lost;

	if (page->state == PAGE_RESOLVED || member == NULL ||
	    (member->state != MEMBER_REACHING && member->state != MEMBER_FAILED))
		return;
	if (member->state == MEMBER_FAILED) { /* somebody else is in their place already */
		escalation_release(run, member, MEMBER_FAILED);
		return;
	}
	escalation_release(run, member, MEMBER_FAILED);
	lost = *member; /* the array may move */
	escalation_record(run, "reach.absent", person, "absent from now on");
	if (page->state != PAGE_OPEN || lost.track != 0 || page->tracks[0].waiting ||
	    lost.step != page->tracks[0].step) {
		replace(run, page, &lost);
		return;
	}
	ladder = escalation_ladder(run, page);
	if (ladder != NULL)
		escalation_go_on(ladder, lost.step);
	escalation_ladder_free(ladder);
}

bool escalation_pass(struct escalation *run, struct page *page, const char *person)
{
	struct member *member = page_member(page, person);
	struct member lost;

	if (page_owned_by(page, person)) {
		escalation_record(run, "page.passed", person, "by its owner");
		escalation_reopen(run, page, MEMBER_PASSED, false);
		return true;
	}
	if (page->state == PAGE_RESOLVED || member == NULL || member->state != MEMBER_REACHING)
		return false;
	escalation_record(run, "page.passed", person, "while being paged");
	escalation_decline(run, page, person);
	escalation_release(run, member, MEMBER_PASSED);
	lost = *member;
	replace(run, page, &lost);
	return true;
}

static enum ack_result note_side(struct escalation *run, struct page *page, struct member *member)
{
	struct track *track = &page->tracks[member->track];

	if (track->acked_by[0] != '\0')
		return ACK_NOTED;
	span_copy(span_of(member->person), track->acked_by, sizeof track->acked_by);
	track->due = WHEN_NEVER;
	for (size_t i = 0; i < page->member_count; i++)
		if (page->members[i].track == member->track &&
		    page->members[i].state != MEMBER_PASSED)
			escalation_release(run, &page->members[i], MEMBER_RELEASED);
	escalation_record(run, "track.acked", member->person, "%s",
			  track->kind == TRACK_EXTRA ? "extra responder" : "beside the chain");
	return ACK_NOTED;
}

enum ack_result escalation_ack(struct escalation *run, struct page *page, const struct ack *ack)
{
	struct member *member = page_member(page, ack->person);
	bool host = strcmp(ack->how, "host") == 0;

	if (page->state == PAGE_RESOLVED)
		return ACK_RESOLVED;
	if (member == NULL && !ack->named && !host)
		return ACK_STRANGER;
	if (escalation_take_over(run, page, ack))
		return ACK_OWNS;
	if (page_sleeps(page) && page_owned_by(page, ack->person))
		escalation_wake(run, page, "answered");
	if (page->state == PAGE_ACKED && strcmp(page->owner, ack->person) == 0) {
		escalation_renew(run, page);
		escalation_record(run, "lease.renewed", ack->person, "%s", escalation_how(ack));
		return ACK_RENEWED;
	}
	if (member != NULL && member->track > 0 && !(host && page->owner[0] == '\0'))
		return note_side(run, page, member);
	if (page->owner[0] == '\0') {
		if (page_sleeps(page)) /* open for this ack, and nobody is paged */
			escalation_forget_owner(page);
		escalation_own(run, page, ack);
		return ACK_OWNS;
	}
	return ack->cycle > 0 && ack->cycle < page->cycle ? ACK_STALE : ACK_TAKEN;
}

void escalation_resolve(struct escalation *run, struct page *page, const char *by)
{
	char took[SAY_TIME];

	if (page->state == PAGE_RESOLVED)
		return;
	escalation_write_time(took, run->now.utc_s - page->opened_utc_s);
	escalation_record(run, "page.resolved", by, "%s after it opened", took);
	escalation_tell_all(run, page, NOTE_RESOLVED, by, "");
	for (size_t i = 0; i < page->member_count; i++)
		escalation_release(run, &page->members[i], MEMBER_RELEASED);
	page->state = PAGE_RESOLVED;
	page->resolved_utc_s = run->now.utc_s;
	escalation_forget_dues(page);
	for (size_t i = 0; i < page->track_count; i++) {
		page->tracks[i].due = WHEN_NEVER;
		page->tracks[i].waiting = false;
	}
}

void escalation_escalate(struct escalation *run, struct page *page, const char *by,
			 const char *reason)
{
	struct ladder *ladder;

	if (page->state == PAGE_RESOLVED)
		return;
	if (page_sleeps(page))
		escalation_wake(run, page, "escalated");
	escalation_record(run, "page.escalated", by, "%s", reason);
	if (page->state == PAGE_OPEN) {
		start_next(run, page);
		return;
	}
	ladder = escalation_ladder(run, page);
	if (ladder == NULL)
		return;
	escalation_start_extra(ladder);
	escalation_ladder_free(ladder);
}

size_t escalation_update(struct escalation *run, struct page *page, enum update_kind kind,
			 const char *by, const char *text)
{
	bool owns = page_owned_by(page, by);
	int64_t remind_s = escalation_severity(run, page)->remind_s;

	escalation_record(run, kind == UPDATE_NOTE ? "page.noted" : "page.updated", by, "%s", text);
	if (owns && !page_sleeps(page))
		escalation_renew(run, page);
	if (kind == UPDATE_NOTE || page->owner[0] == '\0' || page->state == PAGE_RESOLVED ||
	    (kind == UPDATE_TEXT && !owns))
		return 0;
	if (owns && !page_sleeps(page)) {
		page->remind_due = remind_s > 0 ? run->now.mono_ms + remind_s * 1000 : WHEN_NEVER;
		escalation_progressed(run, page, text);
	}
	return escalation_tell_all(run, page, NOTE_UPDATED, by, text);
}
