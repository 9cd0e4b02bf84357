#include "dialplan/escalation_parts.h"

#include <string.h>

#define DEFAULT_LEASE_S 2700 /* DESIGN.md 3 */

const struct plan_severity *escalation_severity(const struct escalation *run,
						const struct page *page)
{
	static const struct plan_severity none = { .pages = true };
	int index = plan_severity(run->plan, span_of(page->severity));

	if (index < 0) /* its name left the configuration */
		index = run->plan->default_severity;
	if (index < 0 || (size_t)index >= run->plan->severity_count)
		return &none;
	return &run->plan->severities[index];
}

static int64_t lease_s(const struct escalation *run, const struct page *page)
{
	const struct plan_severity *severity = escalation_severity(run, page);

	if (!page->engaged && severity->engage_s > 0)
		return severity->engage_s;
	return severity->lease_s > 0 ? severity->lease_s : DEFAULT_LEASE_S;
}

/* The warning comes early enough to act on it, but never at once: half-way through a lease that is short. */
static void set_warning(const struct escalation *run, struct page *page)
{
	int64_t before_s = when_sooner(run->plan->times.lease_warning_s, lease_s(run, page) / 2);

	page->warn_due = page->warned ? WHEN_NEVER : page->lease_due - before_s * 1000;
}

static void set_reminder(const struct escalation *run, struct page *page)
{
	int64_t remind_s = escalation_severity(run, page)->remind_s;

	page->remind_due = remind_s > 0 ? run->now.mono_ms + remind_s * 1000 : WHEN_NEVER;
}

static void start_lease(const struct escalation *run, struct page *page, bool engaged)
{
	page->engaged = engaged;
	page->warned = false;
	page->lease_due = run->now.mono_ms + lease_s(run, page) * 1000;
	set_warning(run, page);
}

void escalation_start_lease(struct escalation *run, struct page *page)
{
	start_lease(run, page, false);
	set_reminder(run, page);
	escalation_start_progress(run, page);
}

void escalation_renew(struct escalation *run, struct page *page)
{
	start_lease(run, page, true);
}

const char *escalation_how(const struct ack *ack)
{
	static const struct {
		const char *how;
		const char *words;
	} ways[] = {
		{ "sms", "by text" },
		{ "key", "by key in a call" },
		{ "host", "at the gateway" },
		{ "reaction", "by a reaction" },
	};

	for (size_t i = 0; i < COUNT_OF(ways); i++)
		if (strcmp(ways[i].how, ack->how) == 0)
			return ways[i].words;
	return ack->how;
}

static void record_ack(struct escalation *run, const struct page *page, const struct ack *ack)
{
	int64_t took_s = page->acked_utc_s - page->opened_utc_s;
	int64_t within_s = escalation_severity(run, page)->ack_within_s;
	char took[SAY_TIME];
	char within[SAY_TIME];

	escalation_write_time(took, took_s);
	escalation_write_time(within, within_s);
	if (within_s <= 0)
		escalation_record(run, "page.acked", ack->person, "after %s, %s", took,
				  escalation_how(ack));
	else
		escalation_record(run, "page.acked", ack->person,
				  took_s <= within_s ? "within %s promised: %s, %s"
						     : "later than %s promised: %s, %s",
				  within, took, escalation_how(ack));
}

/* Somebody from the roster who was never paged but took it: told of its end like those who were.  The chain would go on
 * with the step that is running. */
struct member *escalation_admit(struct escalation *run, struct page *page, const char *person)
{
	struct member *member;

	if (plan_person(run->plan, span_of(person)) == NULL)
		return NULL;
	if (array_grow(&page->members, &page->member_cap, page->member_count + 1,
		       sizeof *page->members) < 0) {
		run->effects->failed = true;
		return NULL;
	}
	member = &page->members[page->member_count++];
	*member = (struct member){
		.step = page->tracks[0].step - 1,
		.cycle = page->cycle,
		.state = MEMBER_RELEASED,
	};
	span_copy(span_of(person), member->person, sizeof member->person);
	return member;
}

void escalation_own(struct escalation *run, struct page *page, const struct ack *ack)
{
	struct member *owner = page_member(page, ack->person);

	if (owner == NULL)
		owner = escalation_admit(run, page, ack->person);
	if (owner != NULL)
		owner->track = 0;
	page->state = PAGE_ACKED;
	span_copy(span_of(ack->person), page->owner, sizeof page->owner);
	page->acked_utc_s = run->now.utc_s;
	escalation_start_lease(run, page);
	page->tracks[0].due = WHEN_NEVER;
	page->tracks[0].waiting = false;
	span_copy(span_of(ack->person), page->tracks[0].acked_by, sizeof page->tracks[0].acked_by);
	for (size_t i = 0; i < page->member_count; i++) {
		struct member *member = &page->members[i];

		if (member->track == 0 && member->state != MEMBER_PASSED)
			escalation_release(run, member, MEMBER_RELEASED);
	}
	if (owner != NULL)
		owner->state = MEMBER_RELEASED; /* one who had passed may change their mind */
	record_ack(run, page, ack);
	escalation_tell_all(run, page, NOTE_TAKEN, ack->person, "");
}

void escalation_forget_owner(struct page *page)
{
	page->state = PAGE_OPEN;
	page->cycle++;
	page->owner[0] = '\0';
	page->acked_utc_s = 0;
	page->engaged = false;
	page->warned = false;
	page->assignee[0] = '\0';
	escalation_forget_dues(page);
	page->tracks[0].acked_by[0] = '\0';
}

/* Nobody owns the page now, so an extra responder's ack may: they are on the main track from here. */
static void fold_extra(struct ladder *ladder)
{
	struct page *page = ladder->page;
	int extra = (int)page->track_count - 1;

	if (page->tracks[extra].kind != TRACK_EXTRA)
		return;
	page->track_count--;
	for (size_t i = 0; i < page->member_count; i++) {
		struct member *member = &page->members[i];

		if (member->track != extra)
			continue;
		member->track = 0;
		if (member->state == MEMBER_REACHING &&
		    plan_person(ladder->run->plan, span_of(member->person)) != NULL)
			escalation_reach(ladder, member->person, 0, member->step);
	}
}

static void tell_reopened(struct escalation *run, const struct page *page, const char *owner)
{
	for (size_t i = 0; i < page->member_count; i++) {
		const struct member *member = &page->members[i];
		bool told = member->state == MEMBER_RELEASED || member->state == MEMBER_PASSED;

		if (told && strcmp(member->person, owner) != 0)
			escalation_tell(run, NOTE_REOPENED, member->person, owner, "");
	}
}

void escalation_reopen(struct escalation *run, struct page *page, enum member_state state,
		       bool again)
{
	char owner[PLAN_NAME];
	struct member *member = page_member(page, page->owner);
	int step = member != NULL ? member->step : page->tracks[0].step - 1;
	struct ladder *ladder;

	span_copy(span_of(page->owner), owner, sizeof owner);
	escalation_forget_owner(page);
	if (member != NULL)
		member->state = state;
	page->tracks[0].due = run->now.mono_ms;
	escalation_record(run, "page.reopened", owner, "nobody has it; cycle %d", page->cycle);
	ladder = escalation_ladder(run, page);
	if (ladder == NULL)
		return;
	ladder->passer = again ? NULL : owner;
	fold_extra(ladder);
	if (again && plan_person(run->plan, span_of(owner)) != NULL)
		escalation_reach(ladder, owner, 0, step);
	escalation_go_on_now(ladder, step + 1);
	member = page_member(page, owner);
	if (member != NULL && !again)
		member->state = state; /* also in a new round, where all are asked anew */
	tell_reopened(run, page, owner);
	escalation_ladder_free(ladder);
}

static void lapse(struct escalation *run, struct page *page)
{
	escalation_record(run, "lease.lapsed", page->owner, "no sign of life");
	escalation_reopen(run, page, MEMBER_RELEASED, true);
}

void escalation_tick_owner(struct escalation *run, struct page *page)
{
	int64_t now = run->now.mono_ms;
	char left[SAY_TIME];

	if (page->lease_due == WHEN_NEVER)
		start_lease(run, page, page->engaged);
	set_warning(run, page);
	if (page->lease_due <= now) {
		lapse(run, page);
		return;
	}
	if (page->warn_due <= now) {
		page->warned = true;
		page->warn_due = WHEN_NEVER;
		escalation_write_time(left, (page->lease_due - now) / 1000);
		escalation_record(run, "lease.warning", page->owner, "%s left", left);
		escalation_tell(run, NOTE_LEASE_WARNING, page->owner, "", left);
	}
	if (page->remind_due <= now) {
		set_reminder(run, page);
		escalation_record(run, "page.reminded", page->owner, "an update is due");
		escalation_tell(run, NOTE_REMINDER, page->owner, "", "");
	}
	escalation_tick_progress(run, page);
}
