#include "dialplan/escalation_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAIN            0
#define DEFAULT_WAIT_S  300 /* DESIGN.md 3: 5 min unless the policy says otherwise */
#define DEFAULT_AGAIN_S 600

/* Who a list of targets means at this instant, for the timeline: "bob (platform.secondary), ops". */
struct audience {
	char text[160];
	size_t reached;
};

void escalation_ladder_free(struct ladder *ladder)
{
	if (ladder == NULL)
		return;
	free(ladder->people);
	free(ladder);
}

static void due_in_a_second(struct page *page, int64_t now)
{
	for (size_t i = 0; i < page->track_count; i++)
		if (page->tracks[i].due <= now || (i == MAIN && page->state == PAGE_OPEN))
			page->tracks[i].due = now + 1000;
}

struct ladder *escalation_ladder(struct escalation *run, struct page *page)
{
	struct ladder *ladder = calloc(1, sizeof *ladder);
	struct err ignored = { 0 };

	if (ladder != NULL)
		// NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers
		ladder->people = calloc(run->plan->person_count + 1, sizeof *ladder->people);
	if (ladder == NULL || ladder->people == NULL) {
		escalation_ladder_free(ladder);
		run->effects->failed = true;
		due_in_a_second(page, run->now.mono_ms);
		return NULL;
	}
	ladder->run = run;
	ladder->page = page;
	if (chain_read(&ladder->chain, span_of(page->chain), &ignored) < 0)
		ladder->chain = (struct chain){ 0 };
	return ladder;
}

int64_t escalation_wait_s(const struct ladder *ladder, int step)
{
	size_t count = ladder->chain.step_count;
	size_t index = step < 0 ? 0 : (size_t)step;
	int64_t wait_s = 0;

	if (count > 0)
		wait_s = ladder->chain.steps[index < count ? index : count - 1].wait_s;
	return wait_s > 0 ? wait_s : DEFAULT_WAIT_S;
}

static int64_t again_s(const struct escalation *run, int round)
{
	int64_t wait_s = run->plan->times.repeat_s[round < 0 ? 0 : round > 2 ? 2 : round];

	return wait_s > 0 ? wait_s : DEFAULT_AGAIN_S;
}

void escalation_release(struct escalation *run, struct member *member, enum member_state state)
{
	struct effect *effect;

	if (member->state == MEMBER_REACHING || member->state == MEMBER_FAILED) {
		effect = effects_add(run->effects, EFFECT_RELEASE);
		if (effect != NULL)
			escalation_name(effect, member->person);
	}
	member->state = state;
}

static struct member *add_member(struct ladder *ladder, const char *person)
{
	struct page *page = ladder->page;
	struct member *member;

	if (array_grow(&page->members, &page->member_cap, page->member_count + 1,
		       sizeof *page->members) < 0) {
		ladder->run->effects->failed = true;
		return NULL;
	}
	member = &page->members[page->member_count++];
	*member = (struct member){ .state = MEMBER_RELEASED };
	span_copy(span_of(person), member->person, sizeof member->person);
	return member;
}

bool escalation_reach(struct ladder *ladder, const char *person, int track, int step)
{
	struct page *page = ladder->page;
	struct member *member = page_member(page, person);
	struct effect *effect;

	if (page->state == PAGE_ACKED && strcmp(page->owner, person) == 0)
		return false;
	if (ladder->passer != NULL && strcmp(ladder->passer, person) == 0)
		return false;
	if (rota_absent(ladder->run->plan->rota, person, ladder->run->now.utc_s) != NULL)
		return false;
	if (member == NULL)
		member = add_member(ladder, person);
	if (member == NULL || member->state == MEMBER_PASSED || member->state == MEMBER_FAILED)
		return false;
	if (track != MAIN && member->track == MAIN && member->state == MEMBER_REACHING)
		return false; /* the main track wins, so that their ack owns */
	member->track = track;
	member->step = step;
	member->cycle = page->cycle;
	member->state = MEMBER_REACHING;
	effect = effects_add(ladder->run->effects, EFFECT_REACH);
	if (effect != NULL) {
		effect->track = page->tracks[track].kind;
		escalation_name(effect, person);
	}
	return true;
}

static size_t resolve(const struct ladder *ladder, const char *target, size_t count)
{
	const struct plan *plan = ladder->run->plan;

	return plan_resolve(plan, span_of(target), span_of(ladder->page->target),
			    ladder->run->now.utc_s, ladder->people, count, plan->person_count);
}

static void describe(struct audience *audience, const char *person, const char *target)
{
	size_t len = strlen(audience->text);
	const char *comma = len > 0 ? ", " : "";

	if (strcmp(person, target) == 0)
		snprintf(audience->text + len, sizeof audience->text - len, "%s%s", comma, person);
	else
		snprintf(audience->text + len, sizeof audience->text - len, "%s%s (%s)", comma,
			 person, target);
}

static struct audience reach_targets(struct ladder *ladder, const struct plan_targets *targets,
				     int track, int step)
{
	struct audience audience = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < targets->count; i++) {
		size_t found = resolve(ladder, targets->at[i], count);

		for (; count < found; count++) {
			const char *person = ladder->people[count]->name;

			if (!escalation_reach(ladder, person, track, step))
				continue;
			audience.reached++;
			describe(&audience, person, targets->at[i]);
		}
	}
	return audience;
}

/* The chain is gone through for the first time: the rotation itself is broken (once a page: the snapshot forgets it). */
static void open_broken(struct ladder *ladder)
{
	struct effect *effect;
	char targets[sizeof effect->text];
	struct buf text = { 0 };

	if (ladder->chain.broken.count == 0)
		return;
	escalation_join(&ladder->chain.broken, targets, sizeof targets);
	effect = effects_add(ladder->run->effects, EFFECT_INCIDENT);
	if (effect == NULL)
		return;
	span_copy(span_of(targets), effect->text, sizeof effect->text);
	escalation_record(ladder->run, "broken.opened", "",
			  "nobody in the chain took it: a new incident goes to %s", targets);
	ladder->chain.broken.count = 0;
	chain_write(&ladder->chain, &text);
	if (text.failed) {
		ladder->run->effects->failed = true;
		buf_free(&text);
		return;
	}
	free(ladder->page->chain);
	ladder->page->chain = text.at;
}

static bool any_reaching(const struct page *page, int track, int from_step)
{
	for (size_t i = 0; i < page->member_count; i++)
		if (page->members[i].state == MEMBER_REACHING && page->members[i].track == track &&
		    page->members[i].step >= from_step)
			return true;
	return false;
}

size_t escalation_add_catch_all(struct ladder *ladder)
{
	const struct plan_targets *targets = &ladder->run->plan->catch_all;
	struct page *page = ladder->page;
	size_t count = 0;
	size_t added = 0;

	for (size_t i = 0; i < targets->count; i++)
		count = resolve(ladder, targets->at[i], count);
	for (size_t i = 0; i < count; i++) {
		const struct member *member = page_member(page, ladder->people[i]->name);

		if (member == NULL || member->state != MEMBER_REACHING || member->track != MAIN)
			added += escalation_reach(ladder, ladder->people[i]->name, MAIN,
						  page->tracks[MAIN].step);
	}
	return added;
}

/* Nobody vouches for the clock that chose these people: whoever is always there is paged beside them. */
static size_t widen(struct ladder *ladder, const struct plan_targets *targets)
{
	struct escalation *run = ladder->run;
	bool by_shift = false;
	size_t added;

	for (size_t i = 0; run->clock_untrusted && i < targets->count; i++)
		by_shift = by_shift || plan_by_shift(run->plan, span_of(targets->at[i]),
						     span_of(ladder->page->target));
	added = by_shift ? escalation_add_catch_all(ladder) : 0;
	if (added > 0)
		escalation_record(run, "clock.untrusted", "",
				  "who is on call is doubtful: the catch-all is paged too");
	return added;
}

static bool start_step(struct ladder *ladder, int step)
{
	struct escalation *run = ladder->run;
	struct track *track = &ladder->page->tracks[MAIN];
	bool last = step >= (int)ladder->chain.step_count;
	const struct plan_targets *targets =
		last ? &run->plan->catch_all : &ladder->chain.steps[step].targets;
	int64_t no_path_s = run->plan->times.no_path_s > 0 ? run->plan->times.no_path_s : 60;
	struct audience audience;
	char name[24] = "catch-all";
	char wait[SAY_TIME];

	track->step = step;
	track->took = false;
	track->waiting = false;
	track->due = run->now.mono_ms + no_path_s * 1000;
	if (last)
		open_broken(ladder);
	else
		snprintf(name, sizeof name, "step %d", step + 1);
	audience = reach_targets(ladder, targets, MAIN, step);
	escalation_write_time(wait, escalation_wait_s(ladder, step));
	if (audience.reached == 0)
		escalation_record(run, "step.empty", "", "%s: nobody", name);
	else
		escalation_record(run, last ? "catch_all" : "step.started", "", "%s: %s, wait %s",
				  name, audience.text, wait);
	return audience.reached + widen(ladder, targets) > 0;
}

static void rest(struct ladder *ladder)
{
	struct page *page = ladder->page;
	struct track *track = &page->tracks[MAIN];
	int64_t wait_s = again_s(ladder->run, track->round);
	char wait[SAY_TIME];

	track->waiting = true;
	track->due = ladder->run->now.mono_ms + wait_s * 1000;
	escalation_write_time(wait, wait_s);
	if (!any_reaching(page, MAIN, -1))
		escalation_record(ladder->run, "page.nobody", "",
				  "nobody can be paged; the chain starts again in %s", wait);
}

void escalation_go_on(struct ladder *ladder, int step)
{
	for (int at = step < 0 ? 0 : step; at <= (int)ladder->chain.step_count; at++)
		if (start_step(ladder, at))
			return;
	rest(ladder);
}

/* In a new round those who passed or could not be reached are asked again. */
void escalation_next_round(struct ladder *ladder)
{
	struct page *page = ladder->page;
	struct track *track = &page->tracks[MAIN];

	track->round++;
	for (size_t i = 0; i < page->member_count; i++) {
		struct member *member = &page->members[i];

		if (member->state == MEMBER_PASSED || member->state == MEMBER_FAILED)
			escalation_release(ladder->run, member, MEMBER_RELEASED);
	}
	escalation_record(ladder->run, "chain.repeat", "", "the chain starts again, round %d",
			  track->round + 1);
	escalation_go_on(ladder, 0);
}

void escalation_go_on_now(struct ladder *ladder, int step)
{
	if (step > (int)ladder->chain.step_count)
		escalation_next_round(ladder);
	else
		escalation_go_on(ladder, step);
}

static void start_side(struct ladder *ladder, int index, const struct plan_targets *targets)
{
	struct escalation *run = ladder->run;
	struct track *track = &ladder->page->tracks[index];
	const char *name = track->kind == TRACK_EXTRA ? "extra responder" : "beside the chain";
	struct audience audience = reach_targets(ladder, targets, index, track->step);

	track->due = run->now.mono_ms + again_s(run, 0) * 1000;
	if (audience.reached == 0)
		escalation_record(run, "step.empty", "", "%s: nobody more", name);
	else
		escalation_record(run, "step.started", "", "%s: %s", name, audience.text);
}

void escalation_start_beside(struct ladder *ladder, const struct plan_targets *targets)
{
	struct page *page = ladder->page;

	if (page->track_count == PAGE_TRACKS_MAX)
		return;
	page->tracks[page->track_count++] = (struct track){ .kind = TRACK_BESIDE };
	start_side(ladder, (int)page->track_count - 1, targets);
}

/* The extra track, made when there is none: it starts behind the owner's step. */
static int extra_track(struct page *page)
{
	const struct member *owner = page_member(page, page->owner);
	size_t last = page->track_count - 1;

	if (page->tracks[last].kind == TRACK_EXTRA)
		return (int)last;
	if (page->track_count == PAGE_TRACKS_MAX)
		return -1;
	page->tracks[page->track_count++] = (struct track){
		.kind = TRACK_EXTRA,
		.step = owner != NULL ? owner->step : page->tracks[MAIN].step,
		.due = WHEN_NEVER,
	};
	return (int)last + 1;
}

void escalation_start_extra(struct ladder *ladder)
{
	int index = extra_track(ladder->page);
	int steps = (int)ladder->chain.step_count;
	struct track *track;

	if (index < 0)
		return;
	track = &ladder->page->tracks[index];
	track->round = 0;
	track->acked_by[0] = '\0';
	while (track->step < steps) {
		track->step++;
		start_side(ladder, index,
			   track->step == steps ? &ladder->run->plan->catch_all
						: &ladder->chain.steps[track->step].targets);
		if (any_reaching(ladder->page, index, track->step))
			return;
	}
	track->due = WHEN_NEVER;
}

void escalation_repeat_beside(struct ladder *ladder, int index)
{
	struct page *page = ladder->page;
	struct track *track = &page->tracks[index];

	track->due = WHEN_NEVER;
	if (track->round++ > 0)
		return;
	for (size_t i = 0; i < page->member_count; i++) {
		const struct member *member = &page->members[i];

		if (member->track == index && member->state == MEMBER_REACHING &&
		    plan_person(ladder->run->plan, span_of(member->person)) != NULL)
			escalation_reach(ladder, member->person, index, member->step);
	}
}
