/* While somebody works on a page: help that comes when there is no progress, sleep, roles. */
#include "dialplan/escalation_parts.h"

#include <stdio.h>
#include <string.h>

void escalation_forget_dues(struct page *page)
{
	page->lease_due = WHEN_NEVER;
	page->warn_due = WHEN_NEVER;
	page->remind_due = WHEN_NEVER;
	page->progress_due = WHEN_NEVER;
	page->wake_due = WHEN_NEVER;
}

/* ---- progress ---------------------------------------------------------- */

void escalation_start_progress(struct escalation *run, struct page *page)
{
	const struct plan_severity *severity = escalation_severity(run, page);
	int64_t after_s =
		severity->join_after_s > 0 ? severity->join_after_s : severity->offer_after_s;

	page->progress_due = after_s > 0 ? run->now.mono_ms + after_s * 1000 : WHEN_NEVER;
}

/* The word that says it all goes well, in any case, wherever it stands. */
static bool converging(const char *text)
{
	static const char word[] = "converging";
	struct span rest = span_of(text);

	for (; rest.len >= sizeof word - 1; rest = span_skip(rest, 1))
		if (span_is_nocase((struct span){ rest.at, sizeof word - 1 }, word))
			return true;
	return false;
}

void escalation_progressed(struct escalation *run, struct page *page, const char *text)
{
	if (page->progress_due == WHEN_NEVER)
		return;
	if (converging(text)) {
		page->progress_due = WHEN_NEVER;
		escalation_record(run, "progress.converging", page->owner,
				  "no other responder is brought in");
	} else if (escalation_severity(run, page)->join_after_s <= 0) {
		escalation_start_progress(run, page);
	}
}

void escalation_join_in(struct escalation *run, struct page *page, const char *why)
{
	struct ladder *ladder;

	if (page->state != PAGE_OPEN && page->state != PAGE_ACKED)
		return;
	escalation_record(run, "responder.added", "", "%s", why);
	ladder = escalation_ladder(run, page);
	if (ladder == NULL)
		return;
	escalation_start_extra(ladder);
	escalation_ladder_free(ladder);
}

void escalation_tick_progress(struct escalation *run, struct page *page)
{
	const struct plan_severity *severity = escalation_severity(run, page);
	char worked[SAY_TIME];
	char why[SAY_TIME + 32];

	if (page->state != PAGE_ACKED || page->progress_due > run->now.mono_ms)
		return;
	if (severity->join_after_s > 0) {
		page->progress_due = WHEN_NEVER;
		escalation_write_time(worked, severity->join_after_s);
		snprintf(why, sizeof why, "%s and not converging", worked);
		escalation_join_in(run, page, why);
		return;
	}
	escalation_start_progress(run, page);
	escalation_write_time(worked, severity->offer_after_s);
	escalation_record(run, "progress.none", page->owner,
			  "%s without an update: escalation is offered", worked);
	escalation_tell(run, NOTE_OFFER, page->owner, "", worked);
}

/* ---- sleep ------------------------------------------------------------- */

static void let_all_go(struct escalation *run, struct page *page)
{
	for (size_t i = 0; i < page->member_count; i++)
		if (page->members[i].state != MEMBER_PASSED)
			escalation_release(run, &page->members[i], MEMBER_RELEASED);
	for (size_t i = 0; i < page->track_count; i++) {
		page->tracks[i].due = WHEN_NEVER;
		page->tracks[i].waiting = false;
	}
}

bool escalation_sleep(struct escalation *run, struct page *page, const struct sleep *sleep)
{
	bool deferred = sleep->state == PAGE_DEFERRED;
	char time[SAY_TIME];

	if (page->state == PAGE_RESOLVED || (deferred && page->owner[0] == '\0'))
		return false;
	let_all_go(run, page);
	escalation_forget_dues(page);
	page->state = sleep->state;
	page->wake_due = sleep->wake_due;
	escalation_write_time(time, (sleep->wake_due - run->now.mono_ms) / 1000);
	escalation_record(run, deferred ? "page.deferred" : "page.snoozed", sleep->by, "for %s: %s",
			  time, sleep->reason);
	if (deferred)
		escalation_tell_all(run, page, NOTE_DEFERRED, sleep->by, sleep->reason);
	return true;
}

/* From the first step, for a new cycle: nobody had it. */
static void open_again(struct escalation *run, struct page *page)
{
	struct ladder *ladder;

	escalation_forget_owner(page);
	page->tracks[0].round = 0;
	page->tracks[0].due = run->now.mono_ms;
	ladder = escalation_ladder(run, page);
	if (ladder == NULL)
		return;
	escalation_go_on(ladder, 0);
	escalation_ladder_free(ladder);
}

void escalation_wake(struct escalation *run, struct page *page, const char *why)
{
	bool owned = plan_person(run->plan, span_of(page->owner)) != NULL;

	page->wake_due = WHEN_NEVER;
	escalation_record(run, "page.woken", page->owner, "%s", why);
	if (!owned) {
		open_again(run, page);
		return;
	}
	page->state = PAGE_ACKED;
	escalation_start_lease(run, page);
	escalation_tell(run, NOTE_WOKEN, page->owner, "", "");
}

/* ---- roles ------------------------------------------------------------- */

static struct role *role_of(struct page *page, const struct role *wanted)
{
	for (size_t i = 0; i < page->role_count; i++) {
		struct role *role = &page->roles[i];

		if (role->kind == wanted->kind &&
		    (role->kind != ROLE_INV || strcmp(role->person, wanted->person) == 0))
			return role;
	}
	return page->role_count < PAGE_ROLES_MAX ? &page->roles[page->role_count++] : NULL;
}

bool escalation_role(struct escalation *run, struct page *page, const struct role *wanted,
		     const char *by)
{
	static const char *const titles[ROLES] = {
		[ROLE_NONE] = "",
		[ROLE_IC] = "incident commander",
		[ROLE_COMMS] = "communications",
		[ROLE_INV] = "investigator",
	};
	struct role *role;

	if (page->state == PAGE_RESOLVED)
		return false;
	role = role_of(page, wanted);
	if (role == NULL)
		return false;
	*role = *wanted;
	if (page_member(page, wanted->person) == NULL)
		escalation_admit(run, page, wanted->person);
	escalation_record(run, "role.taken", wanted->person, "%s%s%s", titles[wanted->kind],
			  strcmp(by, wanted->person) == 0 ? "" : ", given by ",
			  strcmp(by, wanted->person) == 0 ? "" : by);
	if (strcmp(by, wanted->person) != 0)
		escalation_tell(run, NOTE_ROLE, wanted->person, by, titles[wanted->kind]);
	return true;
}
