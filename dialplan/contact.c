#include "dialplan/contact_parts.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

#define LATE_MS 60000 /* a call that was due so long ago waits for a path */

void notice_free(struct notice *notice)
{
	free(notice->pages);
	notice->pages = NULL;
	notice->page_count = 0;
	notice->page_cap = 0;
}

void contact_free(struct contact *contact)
{
	for (size_t i = 0; i < contact->count; i++)
		notice_free(&contact->notices[i]);
	free(contact->notices);
	contact->notices = NULL;
	contact->count = 0;
	contact->cap = 0;
}

int notice_copy(struct notice *to, const struct notice *from, struct err *err)
{
	int64_t *pages = NULL;

	if (from->page_count > 0) {
		pages = calloc(from->page_count, sizeof *pages);
		if (pages == NULL)
			return err_nomem(err);
		memcpy(pages, from->pages, from->page_count * sizeof *pages);
	}
	*to = *from;
	to->pages = pages;
	to->page_cap = from->page_count;
	return 0;
}

struct notice *contact_find(struct contact *contact, int64_t id)
{
	for (size_t i = 0; i < contact->count; i++)
		if (contact->notices[i].id == id)
			return &contact->notices[i];
	return NULL;
}

bool contact_before(const struct notice *a, const struct notice *b)
{
	return a->rank != b->rank ? a->rank < b->rank : a->id > b->id;
}

static bool holds(const struct notice *notice, int64_t page)
{
	for (size_t i = 0; i < notice->page_count; i++)
		if (notice->pages[i] == page)
			return true;
	return false;
}

static struct notice *holder(const struct contact *contact, int64_t page)
{
	for (size_t i = 0; i < contact->count; i++)
		if (contact->notices[i].state != NOTICE_CLOSED && holds(&contact->notices[i], page))
			return &contact->notices[i];
	return NULL;
}

static int add_page(struct notice *notice, const struct contact_page *page, struct err *err)
{
	if (array_grow(&notice->pages, &notice->page_cap, notice->page_count + 1,
		       sizeof *notice->pages) < 0)
		return err_nomem(err);
	notice->pages[notice->page_count++] = page->id;
	if (page->rank < notice->rank)
		notice->rank = page->rank;
	notice->owns = notice->owns || page->owns;
	return 0;
}

static struct notice *gathering(const struct contact *contact)
{
	for (size_t i = 0; i < contact->count; i++)
		if (contact->notices[i].state == NOTICE_GATHERING)
			return &contact->notices[i];
	return NULL;
}

/* Nothing has found a path yet: what comes meanwhile is told in one. */
static bool stalled(const struct contact *contact)
{
	for (size_t i = 0; i < contact->count; i++)
		if (contact->notices[i].state == NOTICE_ACTIVE && !contact->notices[i].told &&
		    contact->notices[i].sms == SMS_WANTED)
			return true;
	return false;
}

/* A later page of a burst waits for the others, unless it is more severe than all that is being told. */
static bool joins(const struct contact *contact, const struct contact_run *run, int rank)
{
	if (run->plan->times.bundle_s <= 0 || contact->window_due == WHEN_NEVER ||
	    (gathering(contact) == NULL && !stalled(contact) &&
	     run->now.mono_ms >= contact->window_due))
		return false;
	for (size_t i = 0; i < contact->count; i++)
		if (contact->notices[i].state == NOTICE_ACTIVE && contact->notices[i].rank <= rank)
			return true;
	return false;
}

/* Behind a bundle of many the next one waits for longer: a phone that buzzes all night is switched off. */
static void open_window(struct contact *contact, const struct contact_run *run,
			const struct notice *notice)
{
	int64_t bundle_ms = run->plan->times.bundle_s * 1000;

	if (bundle_ms > 0 && notice->page_count >= CONTACT_STORM)
		bundle_ms = bundle_ms > CONTACT_STORM_MS ? bundle_ms : CONTACT_STORM_MS;
	contact->window_due = bundle_ms > 0 ? run->now.mono_ms + bundle_ms : WHEN_NEVER;
}

static void activate(struct contact *contact, struct notice *notice, const struct contact_run *run)
{
	notice->state = NOTICE_ACTIVE;
	notice->gather_due = WHEN_NEVER;
	notice->unsaid = contact->answered;
	contact_start_sms(notice, run);
	contact_start_rings(notice, run);
	if (notice->page_count >= CONTACT_STORM)
		contact_join_rings(contact, notice, run);
	open_window(contact, run, notice);
}

static struct notice *add_notice(struct contact *contact, struct contact_run *run,
				 const struct contact_page *page, struct err *err)
{
	struct notice fresh = {
		.rank = page->rank,
		.gather_due = WHEN_NEVER,
		.sms_due = WHEN_NEVER,
		.ring_due = WHEN_NEVER,
		.first_ring = WHEN_NEVER,
	};

	if (array_grow(&contact->notices, &contact->cap, contact->count + 1,
		       sizeof *contact->notices) < 0) {
		err_nomem(err);
		return NULL;
	}
	if (add_page(&fresh, page, err) < 0)
		return NULL;
	fresh.id = ++*run->next_id;
	span_copy(span_of(contact->person), fresh.person, sizeof fresh.person);
	span_copy(span_of(page->code), fresh.code, sizeof fresh.code);
	contact->notices[contact->count] = fresh;
	return &contact->notices[contact->count++];
}

/* A call is out, or due and not late: one that no path takes, or that this hour's calls do not allow, holds nothing up. */
static bool rings(const struct notice *notice, struct when now)
{
	return notice->ring == RING_IN_FLIGHT ||
	       (notice->ring == RING_WANTED && notice->ring_due > now.mono_ms - LATE_MS);
}

/* The same page again: a means that has come to its end starts anew, one that is under way goes on. */
static void renew(struct notice *notice, const struct contact_run *run,
		  const struct contact_page *page)
{
	notice->owns = notice->owns || page->owns;
	if (notice->state != NOTICE_ACTIVE || rings(notice, run->now))
		return;
	if (notice->ring != RING_WANTED)
		contact_start_rings(notice, run);
	if (notice->sms != SMS_WANTED && notice->sms != SMS_IN_FLIGHT)
		contact_start_sms(notice, run);
}

int contact_reach(struct contact *contact, struct contact_run *run, const struct contact_page *page,
		  struct err *err)
{
	struct notice *notice = holder(contact, page->id);
	bool join = joins(contact, run, page->rank);

	contact->seen = run->now.mono_ms;
	if (notice != NULL) {
		renew(notice, run, page);
		return 0;
	}
	notice = gathering(contact);
	if (join && notice != NULL)
		return add_page(notice, page, err);
	notice = add_notice(contact, run, page, err);
	if (notice == NULL)
		return -1;
	if (join) {
		notice->state = NOTICE_GATHERING;
		notice->gather_due = contact->window_due > run->now.mono_ms ? contact->window_due
									    : run->now.mono_ms;
	} else {
		activate(contact, notice, run);
	}
	return 0;
}

bool contact_in_storm(const struct contact *contact, int64_t page)
{
	const struct notice *notice = holder(contact, page);
	bool reached = false;

	for (size_t i = 0; i < contact->count; i++)
		reached = reached || (contact->notices[i].state == NOTICE_ACTIVE &&
				      contact->notices[i].sms == SMS_TAKEN);
	return reached && notice != NULL && notice->state == NOTICE_GATHERING &&
	       notice->gather_due - contact->seen > CONTACT_STORM_MS / 5;
}

/* Nothing that was told waits any more: what was gathered beside it has nothing to wait for. */
static void hasten(struct contact *contact)
{
	struct notice *notice = gathering(contact);

	for (size_t i = 0; i < contact->count; i++)
		if (contact->notices[i].state == NOTICE_ACTIVE)
			return;
	if (notice != NULL)
		notice->gather_due = contact->seen;
}

bool contact_release(struct contact *contact, int64_t page)
{
	struct notice *notice = holder(contact, page);
	size_t at = 0;

	if (notice == NULL)
		return false;
	while (notice->pages[at] != page)
		at++;
	if (at == 0 && notice->state == NOTICE_GATHERING)
		notice->code[0] = '\0'; /* it was this page's own */
	notice->page_count--;
	memmove(&notice->pages[at], &notice->pages[at + 1],
		(notice->page_count - at) * sizeof *notice->pages);
	if (notice->page_count == 0)
		notice->state = NOTICE_CLOSED;
	hasten(contact);
	return true;
}

static int close_window(struct contact *contact, struct notice *notice, struct contact_run *run,
			struct err *err)
{
	bool own_code = notice->page_count == 1 && notice->code[0] != '\0';

	if (stalled(contact) && run->plan->times.bundle_s > 0) {
		notice->gather_due = run->now.mono_ms + run->plan->times.bundle_s * 1000;
		return 0;
	}
	if (!own_code && codes_take(run->codes, run->now.utc_s, notice->code, err) < 0) {
		notice->gather_due = run->now.mono_ms + 1000;
		return -1;
	}
	activate(contact, notice, run);
	return 0;
}

int contact_tick(struct contact *contact, struct contact_run *run, struct err *err)
{
	int rc = 0;

	contact->seen = run->now.mono_ms;
	for (size_t i = 0; i < contact->count; i++) {
		struct notice *notice = &contact->notices[i];

		if (notice->state == NOTICE_GATHERING && notice->gather_due <= run->now.mono_ms &&
		    close_window(contact, notice, run, err) < 0)
			rc = -1;
		contact_drop_late_pair(notice, run);
	}
	return rc;
}

/* A wish that is due already waits for a path, not for a time. */
static int64_t sooner_after(int64_t seen, int64_t best, int64_t due)
{
	return due > seen ? when_sooner(best, due) : best;
}

int64_t contact_deadline(const struct contact *contact)
{
	int64_t best = WHEN_NEVER;

	for (size_t i = 0; i < contact->count; i++) {
		const struct notice *notice = &contact->notices[i];
		int64_t ring = notice->ring_due > contact->quiet_until ? notice->ring_due
								       : contact->quiet_until;

		if (notice->state == NOTICE_GATHERING)
			best = when_sooner(best, notice->gather_due);
		if (notice->state != NOTICE_ACTIVE)
			continue;
		if (notice->sms == SMS_WANTED)
			best = sooner_after(contact->seen, best, notice->sms_due);
		if (notice->ring != RING_WANTED || contact->in_call)
			continue;
		best = sooner_after(contact->seen, best, ring);
		best = sooner_after(contact->seen, best, contact->rest_until);
	}
	return best;
}

/* No means is left that could still bring the page to them. */
bool contact_unreachable(const struct contact *contact, int64_t page)
{
	const struct notice *notice = holder(contact, page);

	if (notice == NULL || notice->state != NOTICE_ACTIVE)
		return false;
	return (notice->sms == SMS_FAILED || notice->sms == SMS_STATE_NONE) &&
	       (notice->ring == RING_FAILED || notice->ring == RING_STATE_NONE);
}

size_t contact_waiting(const struct contact *contact, const struct notice **out, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < contact->count && count < max; i++)
		if (contact->notices[i].state == NOTICE_ACTIVE && contact->notices[i].told)
			out[count++] = &contact->notices[i];
	return count;
}

const struct notice *contact_by_code(const struct contact *contact, struct span code)
{
	const struct notice *closed = NULL;

	for (size_t i = 0; i < contact->count; i++) {
		const struct notice *notice = &contact->notices[i];

		if (notice->state == NOTICE_GATHERING || !span_is(code, notice->code))
			continue;
		if (notice->state == NOTICE_ACTIVE)
			return notice;
		closed = notice;
	}
	return closed;
}

void contact_recover(struct contact *contact, struct when now)
{
	contact->in_call = false;
	contact->seen = now.mono_ms;
	for (size_t i = 0; i < contact->count; i++) {
		struct notice *notice = &contact->notices[i];

		if (notice->sms == SMS_IN_FLIGHT) {
			notice->sms = SMS_WANTED;
			notice->sms_due = now.mono_ms;
		}
		if (notice->ring == RING_IN_FLIGHT)
			contact_recover_ring(notice, now);
	}
}
