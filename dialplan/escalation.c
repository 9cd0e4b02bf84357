#include "dialplan/escalation_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPENED_SHOWN 100 /* octets of the message on the timeline */

void escalation_record_only(struct escalation *run, struct page *page, const char *event,
			    const char *why)
{
	page->cycle = 1;
	page->opened_utc_s = run->now.utc_s;
	escalation_forget_dues(page);
	page->state = PAGE_RESOLVED;
	page->resolved_utc_s = run->now.utc_s;
	escalation_record(run, event, page->requester, "%s", why);
}

static int take_snapshot(struct ladder *ladder, struct err *err)
{
	struct page *page = ladder->page;
	struct buf text = { 0 };
	struct err bad = { 0 };
	int severity = plan_severity(ladder->run->plan, span_of(page->severity));

	if (page->chain != NULL) /* it came with one of its own */
		return chain_read(&ladder->chain, span_of(page->chain), err);
	if (page->chain != NULL && chain_read(&ladder->chain, span_of(page->chain), &bad) == 0)
		return 0;
	if (severity < 0)
		severity = ladder->run->plan->default_severity;
	chain_choose(&ladder->chain, ladder->run->plan, span_of(page->target), severity,
		     page->money);
	chain_write(&ladder->chain, &text);
	if (text.failed) {
		buf_free(&text);
		return err_nomem(err);
	}
	page->chain = text.at;
	return 0;
}

/* For their information only: no code, no ack; not those who are paged anyway. */
static void inform(struct ladder *ladder)
{
	const struct escalation *run = ladder->run;
	const struct plan_targets *targets = &ladder->chain.inform;
	size_t count = 0;

	for (size_t i = 0; i < targets->count; i++)
		count = plan_resolve(run->plan, span_of(targets->at[i]),
				     span_of(ladder->page->target), run->now.utc_s, ladder->people,
				     count, run->plan->person_count);
	for (size_t i = 0; i < count; i++)
		if (page_member(ladder->page, ladder->people[i]->name) == NULL)
			escalation_tell(ladder->run, NOTE_INFORM, ladder->people[i]->name,
					ladder->page->requester, "");
}

static void start_main(struct page *page, int64_t now)
{
	page->track_count = 1;
	page->tracks[0] = (struct track){ .kind = TRACK_MAIN, .due = now };
}

/* How many octets of a text to show: whole characters, at most max. */
static int cut_at(const char *text, size_t max)
{
	size_t len = strlen(text);

	if (len > max)
		for (len = max; len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80; len--)
			;
	return (int)len;
}

int escalation_open(struct escalation *run, struct page *page, struct err *err)
{
	const char *message = page->text[PAGE_MESSAGE] == NULL ? "" : page->text[PAGE_MESSAGE];
	struct ladder *ladder;
	int rc;

	page->cycle = 1;
	page->opened_utc_s = run->now.utc_s;
	escalation_forget_dues(page);
	if (!escalation_severity(run, page)->pages) {
		char why[PLAN_NAME + 16];

		snprintf(why, sizeof why, "%s pages nobody", page->severity);
		escalation_record_only(run, page, "page.recorded", why);
		return 0;
	}
	page->state = PAGE_OPEN;
	start_main(page, run->now.mono_ms);
	ladder = escalation_ladder(run, page);
	if (ladder == NULL)
		return err_nomem(err);
	rc = take_snapshot(ladder, err);
	if (rc == 0) {
		escalation_record(run, "page.opened", page->requester, "%s to %s: %.*s",
				  page->severity, page->target, cut_at(message, OPENED_SHOWN),
				  message);
		escalation_go_on(ladder, 0);
		for (size_t i = 0; i < ladder->chain.beside_count; i++)
			escalation_start_beside(ladder, &ladder->chain.besides[i]);
		inform(ladder);
	}
	escalation_ladder_free(ladder);
	return rc == 0 && run->effects->failed ? err_nomem(err) : rc;
}

int64_t escalation_deadline(const struct page *page)
{
	int64_t due = WHEN_NEVER;

	if (page->state == PAGE_RESOLVED)
		return WHEN_NEVER;
	if (page_sleeps(page))
		return page->wake_due == WHEN_NEVER ? 0 : page->wake_due;
	for (size_t i = 0; i < page->track_count; i++)
		due = when_sooner(due, page->tracks[i].due);
	if (page->state == PAGE_ACKED) {
		if (page->lease_due == WHEN_NEVER)
			return 0; /* a damaged row: the next tick mends it */
		due = when_sooner(due, when_sooner(page->lease_due, page->warn_due));
		return when_sooner(due, when_sooner(page->remind_due, page->progress_due));
	}
	return page->track_count == 0 || page->tracks[0].due == WHEN_NEVER ? 0 : due;
}

static void tick_main(struct ladder *ladder)
{
	const struct track *track = &ladder->page->tracks[0];

	if (track->waiting) {
		escalation_next_round(ladder);
		return;
	}
	if (!track->took && track->step <= (int)ladder->chain.step_count)
		escalation_record(ladder->run, "step.no_path", "",
				  "no path took anything for this step");
	escalation_go_on(ladder, track->step + 1);
}

static void tick_tracks(struct escalation *run, struct page *page)
{
	struct ladder *ladder = escalation_ladder(run, page);
	int64_t now = run->now.mono_ms;

	if (ladder == NULL)
		return;
	if (page->state == PAGE_OPEN && page->tracks[0].due <= now)
		tick_main(ladder);
	for (size_t i = 1; i < page->track_count; i++)
		if (page->tracks[i].due <= now)
			escalation_repeat_beside(ladder, (int)i);
	escalation_ladder_free(ladder);
}

void escalation_tick(struct escalation *run, struct page *page)
{
	bool due = false;

	if (page_sleeps(page) && escalation_deadline(page) <= run->now.mono_ms)
		escalation_wake(run, page, "its time has come");
	if (page->state != PAGE_OPEN && page->state != PAGE_ACKED)
		return;
	if (page->track_count == 0)
		start_main(page, page->state == PAGE_OPEN ? run->now.mono_ms : WHEN_NEVER);
	if (page->state == PAGE_OPEN && page->tracks[0].due == WHEN_NEVER)
		page->tracks[0].due = run->now.mono_ms;
	for (size_t i = 0; i < page->track_count; i++)
		due = due || page->tracks[i].due <= run->now.mono_ms;
	if (due)
		tick_tracks(run, page);
	if (page->state == PAGE_ACKED)
		escalation_tick_owner(run, page);
}

void escalation_took(struct escalation *run, struct page *page, const char *person)
{
	const struct member *member = page_member(page, person);
	struct ladder *ladder;
	struct track *track;

	if (page->state == PAGE_RESOLVED || member == NULL || member->state != MEMBER_REACHING)
		return;
	track = &page->tracks[member->track];
	if (track->took || track->waiting || member->step != track->step)
		return;
	track->took = true;
	if (member->track > 0 || page->state != PAGE_OPEN)
		return;
	ladder = escalation_ladder(run, page);
	if (ladder == NULL)
		return;
	track->due = run->now.mono_ms + escalation_wait_s(ladder, track->step) * 1000;
	escalation_ladder_free(ladder);
}

bool escalation_awaits(const struct page *page, const char *person)
{
	const struct member *member = page_member(page, person);

	return page->state != PAGE_RESOLVED && member != NULL && member->state == MEMBER_REACHING;
}

static bool targets_gone(const struct plan *plan, const struct plan_targets *targets)
{
	for (size_t i = 0; i < targets->count; i++)
		if (!plan_knows(plan, span_of(targets->at[i])))
			return true;
	return false;
}

static bool chain_gone(const struct ladder *ladder)
{
	const struct plan *plan = ladder->run->plan;

	if (!plan_knows(plan, span_of(ladder->page->target)))
		return true;
	for (size_t i = 0; i < ladder->chain.step_count; i++)
		if (targets_gone(plan, &ladder->chain.steps[i].targets))
			return true;
	return false;
}

/* Those being paged who are no longer in the plan: let go, as unreachable. */
static bool drop_gone(struct escalation *run, struct page *page)
{
	bool gone = false;

	for (size_t i = 0; i < page->member_count; i++) {
		struct member *member = &page->members[i];

		if (member->state != MEMBER_REACHING ||
		    plan_person(run->plan, span_of(member->person)) != NULL)
			continue;
		gone = true;
		escalation_release(run, member, MEMBER_FAILED);
		escalation_record(run, "plan.changed", member->person,
				  "no longer in the configuration");
	}
	return gone;
}

void escalation_revise(struct escalation *run, struct page *page)
{
	bool owner_gone = page->state == PAGE_ACKED && page_member(page, page->owner) != NULL &&
			  plan_person(run->plan, span_of(page->owner)) == NULL;
	struct ladder *ladder;
	bool gone;

	if (page->state != PAGE_OPEN && page->state != PAGE_ACKED)
		return;
	gone = drop_gone(run, page) || owner_gone;
	if (owner_gone) {
		escalation_record(run, "plan.changed", page->owner,
				  "the owner is no longer in the configuration");
		escalation_reopen(run, page, MEMBER_FAILED, false);
	}
	ladder = escalation_ladder(run, page);
	if (ladder == NULL)
		return;
	if (page->state == PAGE_OPEN && (gone || chain_gone(ladder))) {
		escalation_record(run, "plan.changed", "", "the catch-all is added");
		escalation_add_catch_all(ladder);
	}
	escalation_ladder_free(ladder);
}
