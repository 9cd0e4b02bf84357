#include "dialplan/contact_parts.h"

#include <string.h>

#define PAIR \
	2 /* two calls from one number, so that a phone in Do-Not-Disturb lets the second through */
#define RINGS 3

/* ---- not like a robot (FIELD F11) ---- */

#define HOUR_MS 3600000

/* Some seconds that differ from call to call, the same in each run of the same story. */
static int64_t jitter(const struct notice *notice, int64_t most)
{
	uint64_t mix = (uint64_t)notice->id * 0x9E3779B97F4A7C15u + (uint64_t)notice->rings;

	for (const char *c = notice->code; *c != '\0'; c++)
		mix = (mix ^ (uint64_t)(unsigned char)*c) * 0x100000001B3u;
	return most <= 0 ? 0 : (int64_t)((mix >> 20) % (uint64_t)most);
}

static size_t limit(const struct contact_run *run)
{
	int64_t calls = run->plan->calls_per_hour;

	return calls > 0 && calls < CONTACT_RUNG ? (size_t)calls : CONTACT_RUNG;
}

static void remember(struct contact *contact, const struct contact_run *run, int rank)
{
	if (contact->rung_count == CONTACT_RUNG)
		memmove(contact->rung, contact->rung + 1,
			--contact->rung_count * sizeof contact->rung[0]);
	contact->rung[contact->rung_count++] = (struct contact_rung){ run->now.mono_ms, rank };
	if (contact->rung_count >= limit(run))
		contact->rest_until = contact->rung[contact->rung_count - limit(run)].at + HOUR_MS;
}

void contact_heard(struct contact *contact)
{
	contact->rung_count = 0;
	contact->rest_until = 0;
}

/* This hour's calls about something at least as bad are spent.  What is worse than they were about still rings. */
static bool spent(const struct contact *contact, const struct contact_run *run, int rank)
{
	size_t count = 0;

	for (size_t i = 0; i < contact->rung_count; i++)
		count += contact->rung[i].rank <= rank &&
			 contact->rung[i].at + HOUR_MS > run->now.mono_ms;
	return count >= limit(run);
}

static void start_pair(struct notice *notice, int64_t due)
{
	notice->ring = RING_WANTED;
	notice->rings = 0;
	notice->first_ring = WHEN_NEVER;
	notice->ring_path[0] = '\0';
	notice->ring_due = due;
}

void contact_start_rings(struct notice *notice, const struct contact_run *run)
{
	const struct plan *plan = run->plan;
	size_t rank = (size_t)notice->rank;
	bool at_once = rank < plan->severity_count && plan->severities[rank].call_at_once;

	notice->ring_number = -1;
	notice->ring_tries = 0;
	notice->failed_path[0] = '\0';
	start_pair(notice, run->now.mono_ms + (at_once ? 0 : plan->times.call_after_s * 1000));
	if (contact_number(run, CONTACT_VOICE, &notice->ring_number) != NULL)
		return;
	notice->ring = RING_STATE_NONE;
	notice->ring_due = WHEN_NEVER;
}

/* What calls there are about something as bad are its calls too, and five minutes lie between two ladders. */
void contact_join_rings(const struct contact *contact, struct notice *notice,
			const struct contact_run *run)
{
	const struct notice *found = NULL;

	if (notice->ring != RING_WANTED)
		return;
	for (size_t i = 0; i < contact->count; i++) {
		const struct notice *other = &contact->notices[i];

		if (other != notice && other->state == NOTICE_ACTIVE &&
		    other->rank <= notice->rank && other->first_ring != WHEN_NEVER &&
		    run->now.mono_ms - other->first_ring < CONTACT_STORM_MS &&
		    (found == NULL || other->rings < found->rings))
			found = other;
	}
	if (found == NULL)
		return;
	if (found->ring == RING_DONE || found->ring == RING_FAILED) {
		notice->ring_due = found->first_ring + CONTACT_STORM_MS;
		return;
	}
	notice->ring = found->ring;
	notice->rings = found->rings;
	notice->ring_number = found->ring_number;
	notice->ring_due = found->ring_due;
	notice->first_ring = found->first_ring;
	notice->ring_tries = found->ring_tries;
	span_copy(span_of(found->ring_path), notice->ring_path, sizeof notice->ring_path);
	span_copy(span_of(found->failed_path), notice->failed_path, sizeof notice->failed_path);
}

/* Half a pair is out and the other half can still come in time. */
static bool in_pair(const struct notice *notice, const struct contact_run *run)
{
	return notice->first_ring != WHEN_NEVER && notice->rings < PAIR &&
	       run->now.mono_ms <= notice->first_ring + run->plan->times.second_within_s * 1000;
}

void contact_drop_late_pair(struct notice *notice, const struct contact_run *run)
{
	if (notice->ring != RING_WANTED || notice->rings >= PAIR || in_pair(notice, run))
		return;
	notice->rings = 0;
	notice->first_ring = WHEN_NEVER;
}

static bool wants(const struct notice *notice)
{
	return notice->state == NOTICE_ACTIVE && notice->ring == RING_WANTED;
}

static const struct notice *pick(const struct contact *contact, int64_t now)
{
	const struct notice *best = NULL;

	for (size_t i = 0; i < contact->count; i++) {
		const struct notice *notice = &contact->notices[i];

		if (wants(notice) && notice->ring_due <= now &&
		    (best == NULL || contact_before(notice, best)))
			best = notice;
	}
	return best;
}

/* The call serves every notice, so it comes from the path of the pair that it completes.  Notices of one number are always
 * half through the same pair: each call moves them all on. */
static void keep_pair(const struct contact *contact, const struct contact_run *run, int number,
		      struct contact_wish *wish)
{
	for (size_t i = 0; i < contact->count; i++) {
		const struct notice *notice = &contact->notices[i];

		if (!wants(notice) || notice->ring_number != number || !in_pair(notice, run))
			continue;
		wish->latest = notice->first_ring + run->plan->times.second_within_s * 1000;
		span_copy(span_of(notice->ring_path), wish->same_path, sizeof wish->same_path);
		wish->avoid_path[0] = '\0';
	}
}

bool contact_wants_call(const struct contact *contact, const struct contact_run *run,
			struct contact_wish *wish)
{
	const struct notice *notice;
	const struct plan_number *number;
	const char *avoid;
	int index;

	if (contact->in_call || run->now.mono_ms < contact->quiet_until)
		return false;
	notice = pick(contact, run->now.mono_ms);
	if (notice == NULL)
		return false;
	index = notice->ring_number;
	number = contact_number(run, CONTACT_VOICE, &index);
	if (number == NULL || (!in_pair(notice, run) && spent(contact, run, notice->rank)))
		return false;
	*wish = (struct contact_wish){
		.notice = notice->id,
		.rank = notice->rank,
		.number = number,
		.due = notice->ring_due,
		.latest = WHEN_NEVER,
	};
	avoid = notice->failed_path[0] == '\0' && notice->rings >= PAIR ? notice->ring_path
									: notice->failed_path;
	span_copy(span_of(avoid), wish->avoid_path, sizeof wish->avoid_path);
	keep_pair(contact, run, notice->ring_number, wish);
	return true;
}

/* A call from another path than the pair's is the first of a new pair. */
static void begin(struct notice *notice, const char *path, int number, int64_t now)
{
	bool same = strcmp(notice->ring_path, path) == 0 && notice->ring_number == number;

	if (notice->rings > 0 && notice->rings < PAIR && !same)
		notice->rings = 0;
	if (notice->rings == 0)
		notice->first_ring = now;
	notice->rings++;
	notice->ring = RING_IN_FLIGHT;
	notice->ring_number = number;
	span_copy(span_of(path), notice->ring_path, sizeof notice->ring_path);
}

static void forget_call(struct contact *contact)
{
	contact->answered = false;
	for (size_t i = 0; i < contact->count; i++)
		contact->notices[i].unsaid = false;
}

void contact_call_answered(struct contact *contact)
{
	contact->answered = contact->in_call;
}

void contact_call_incoming(struct contact *contact, struct when now)
{
	contact->in_call = true;
	contact->seen = now.mono_ms;
	forget_call(contact);
	for (size_t i = 0; i < contact->count; i++)
		contact->notices[i].told =
			contact->notices[i].told || contact->notices[i].state == NOTICE_ACTIVE;
}

void contact_call_began(struct contact *contact, const struct contact_run *run, const char *path)
{
	const struct notice *due = pick(contact, run->now.mono_ms);
	int number = due != NULL ? due->ring_number : -1;

	contact->in_call = true;
	forget_call(contact);
	contact->seen = run->now.mono_ms;
	remember(contact, run, due == NULL ? 0 : due->rank);
	for (size_t i = 0; i < contact->count; i++) {
		struct notice *notice = &contact->notices[i];

		if (notice->state != NOTICE_ACTIVE)
			continue;
		notice->told = true;
		notice->told_at = run->now.mono_ms;
		if (wants(notice))
			begin(notice, path, number >= 0 ? number : notice->ring_number,
			      run->now.mono_ms);
	}
}

/* Not to the second, and well before it would be too late. */
static int64_t sooner_second(const struct notice *notice, const struct contact_run *run,
			     int64_t due)
{
	int64_t room = notice->first_ring + run->plan->times.second_within_s * 1000 - due;
	int64_t most = run->plan->times.jitter_s * 1000;

	return due + jitter(notice, room / 4 < most ? room / 4 : most);
}

static void took(struct notice *notice, const struct contact_run *run)
{
	const struct plan_times *times = &run->plan->times;
	int64_t now = run->now.mono_ms;
	int64_t second = notice->first_ring + times->second_after_s * 1000;
	int64_t gap = now + times->second_gap_s * 1000;

	notice->ring = notice->rings < RINGS ? RING_WANTED : RING_DONE;
	notice->ring_tries = 0;
	notice->failed_path[0] = '\0';
	if (notice->rings < PAIR)
		notice->ring_due = sooner_second(notice, run, second > gap ? second : gap);
	else if (notice->rings < RINGS)
		notice->ring_due =
			now + times->third_after_s * 1000 + jitter(notice, times->jitter_s * 1000);
}

/* Nobody knows whether it rang: two calls follow from another path; a lost third call is made again. */
static void again(struct notice *notice, int64_t now)
{
	int64_t due = now + contact_back_off_ms(++notice->ring_tries);

	span_copy(span_of(notice->ring_path), notice->failed_path, sizeof notice->failed_path);
	if (notice->rings <= PAIR) {
		start_pair(notice, due);
		return;
	}
	notice->rings = PAIR;
	notice->ring = RING_WANTED;
	notice->ring_due = due;
}

static void refused(struct notice *notice, const struct contact_run *run)
{
	notice->ring_tries = 0;
	notice->failed_path[0] = '\0';
	start_pair(notice, run->now.mono_ms);
	if (!contact_next_number(run, CONTACT_VOICE, &notice->ring_number))
		notice->ring = RING_FAILED;
}

void contact_call_ended(struct contact *contact, const struct contact_run *run,
			enum contact_outcome outcome)
{
	contact->in_call = false;
	forget_call(contact);
	contact->seen = run->now.mono_ms;
	if (outcome == CONTACT_TOOK)
		contact->quiet_until = run->now.mono_ms + run->plan->times.second_gap_s * 1000;
	for (size_t i = 0; i < contact->count; i++) {
		struct notice *notice = &contact->notices[i];

		if (notice->ring != RING_IN_FLIGHT)
			continue;
		switch (outcome) {
		case CONTACT_TOOK:
			took(notice, run);
			break;
		case CONTACT_REFUSED:
			refused(notice, run);
			break;
		case CONTACT_NONE:
		case CONTACT_AGAIN:
		case CONTACT_OUTCOMES:
			again(notice, run->now.mono_ms);
			break;
		}
	}
}

/* The call may have rung or not: it is made again, if it can from the same path and by the instant that was promised. */
void contact_recover_ring(struct notice *notice, struct when now)
{
	notice->ring = RING_WANTED;
	notice->ring_due = now.mono_ms;
	if (notice->rings > 0)
		notice->rings--;
}
