/* Three people, one or two paths, and whatever the network makes of it. */
#include "dialplan/contact.h"
#include "tests/dialplan/team.h"
#include "tests/support/unit.h"

#include <stdlib.h>

#define TARGETS 3
#define ROUNDS  400

/* A path does one thing at a time. */
struct path {
	const char *name;
	int busy_with; /* index of a contact, -1 free */
	bool call;
	int64_t notice;
	int64_t ends; /* mono_ms */
};

struct rung {          /* what a phone saw */
	int64_t began; /* the last call */
	int64_t ended; /* the last one that rang */
	char path[CONTACT_PATH];
	int calls;
};

struct bed {
	struct team team;
	struct contact contacts[TARGETS];
	struct contact_run run;
	struct rung rung[TARGETS];
	struct path paths[2];
	size_t path_count;
	int64_t next_id;
	struct codes *codes;
	uint64_t seed;
	bool faulty;
	char order[64]; /* "sABC": texts and calls as they began */
	size_t order_len;
};

static uint32_t draw(struct bed *bed, uint32_t below)
{
	bed->seed = bed->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(bed->seed >> 33) % below;
}

static struct contact_run *run_for(struct bed *bed, size_t who)
{
	bed->run.person = &bed->team.people[who];
	return &bed->run;
}

static void bed_open(struct bed *bed, uint64_t seed, size_t paths)
{
	struct err err = { 0 };

	memset(bed, 0, sizeof *bed);
	bed->seed = seed;
	team_init(&bed->team);
	CHECK(codes_new(&bed->codes, seed, &err) == 0);
	bed->path_count = paths;
	bed->paths[0] = (struct path){ .name = "a", .busy_with = -1 };
	bed->paths[1] = (struct path){ .name = "b", .busy_with = -1 };
	bed->run = (struct contact_run){
		&bed->team.plan, NULL, { 1000000, 5000 }, &bed->next_id, bed->codes
	};
	for (size_t i = 0; i < TARGETS; i++) {
		span_copy(span_of(bed->team.people[i].name), bed->contacts[i].person, PLAN_NAME);
		bed->rung[i].ended = -1000000;
	}
}

static void bed_close(struct bed *bed)
{
	for (size_t i = 0; i < TARGETS; i++)
		contact_free(&bed->contacts[i]);
	codes_free(bed->codes);
}

static void reach(struct bed *bed, size_t who, int64_t id, int rank)
{
	struct contact_page page = { id, "1000", rank, true, false };
	struct err err = { 0 };

	CHECK(contact_reach(&bed->contacts[who], run_for(bed, who), &page, &err) == 0);
}

static struct path *path_for(struct bed *bed, const struct contact_wish *wish)
{
	struct path *any = NULL;

	for (size_t i = 0; i < bed->path_count; i++) {
		struct path *path = &bed->paths[i];

		if (path->busy_with >= 0 ||
		    (wish->same_path[0] != '\0' && strcmp(wish->same_path, path->name) != 0))
			continue;
		if (any == NULL || strcmp(any->name, wish->avoid_path) == 0)
			any = path;
	}
	return any;
}

static void note_order(struct bed *bed, char what)
{
	if (bed->order_len + 1 < sizeof bed->order)
		bed->order[bed->order_len++] = what;
}

static void check_call(const struct bed *bed, size_t who, const struct contact_wish *wish,
		       const struct path *path)
{
	const struct rung *rung = &bed->rung[who];
	int64_t now = bed->run.now.mono_ms;

	CHECK(wish->due <= now && now >= rung->ended + 10 * 1000);
	if (wish->same_path[0] == '\0')
		return;
	CHECK(strcmp(path->name, rung->path) == 0);
	CHECK(now <= wish->latest && now <= rung->began + 150 * 1000);
}

static bool begin_text(struct bed *bed)
{
	for (size_t i = 0; i < TARGETS; i++) {
		struct contact_wish wish;
		struct path *path;

		if (!contact_wants_sms(&bed->contacts[i], run_for(bed, i), &wish))
			continue;
		path = path_for(bed, &wish);
		if (path == NULL)
			continue;
		contact_sms_began(&bed->contacts[i], wish.notice, path->name, bed->run.now);
		*path = (struct path){ path->name, (int)i, false, wish.notice,
				       bed->run.now.mono_ms + 2000 };
		note_order(bed, 's');
		return true;
	}
	return false;
}

/* As the gateway must: whoever has a second call to be in time for, then whoever is due longest. */
static bool begin_call(struct bed *bed)
{
	struct contact_wish best = { .latest = WHEN_NEVER, .due = WHEN_NEVER };
	struct path *path = NULL;
	size_t who = 0;

	for (size_t i = 0; i < TARGETS; i++) {
		struct contact_wish wish;
		struct path *found;

		if (!contact_wants_call(&bed->contacts[i], run_for(bed, i), &wish))
			continue;
		CHECK(!bed->contacts[i].in_call);
		found = path_for(bed, &wish);
		if (found == NULL || wish.due >= best.due)
			continue;
		best = wish;
		path = found;
		who = i;
	}
	if (path == NULL)
		return false;
	check_call(bed, who, &best, path);
	bed->rung[who].began = bed->run.now.mono_ms;
	span_copy(span_of(path->name), bed->rung[who].path, CONTACT_PATH);
	bed->rung[who].calls++;
	contact_call_began(&bed->contacts[who], &bed->run, path->name);
	*path = (struct path){ path->name, (int)who, true, 0, bed->run.now.mono_ms + 20000 };
	if (bed->faulty)
		path->ends = bed->run.now.mono_ms + 1000 + draw(bed, 84) * 1000;
	note_order(bed, (char)('A' + who));
	return true;
}

static enum contact_outcome outcome(struct bed *bed)
{
	uint32_t luck = draw(bed, 10);

	if (!bed->faulty || luck < 7)
		return CONTACT_TOOK;
	return luck < 9 ? CONTACT_AGAIN : CONTACT_REFUSED;
}

static void end_due(struct bed *bed)
{
	for (size_t i = 0; i < bed->path_count; i++) {
		struct path *path = &bed->paths[i];
		enum contact_outcome result;
		size_t who = (size_t)path->busy_with;

		if (path->busy_with < 0 || path->ends > bed->run.now.mono_ms)
			continue;
		result = outcome(bed);
		path->busy_with = -1;
		if (!path->call) {
			contact_sms_ended(&bed->contacts[who], run_for(bed, who), path->notice,
					  result);
			continue;
		}
		contact_call_ended(&bed->contacts[who], run_for(bed, who), result);
		if (result == CONTACT_TOOK)
			bed->rung[who].ended = bed->run.now.mono_ms;
	}
}

/* One turn of the loop; false when nothing will ever happen again. */
static bool turn(struct bed *bed)
{
	struct err err = { 0 };
	int64_t due = WHEN_NEVER;

	end_due(bed);
	for (size_t i = 0; i < TARGETS; i++)
		CHECK(contact_tick(&bed->contacts[i], run_for(bed, i), &err) == 0);
	while (begin_text(bed))
		;
	while (begin_call(bed))
		;
	for (size_t i = 0; i < TARGETS; i++) {
		int64_t wants = contact_deadline(&bed->contacts[i]);

		CHECK(wants > bed->run.now.mono_ms);
		due = when_sooner(due, wants);
	}
	for (size_t i = 0; i < bed->path_count; i++)
		if (bed->paths[i].busy_with >= 0)
			due = when_sooner(due, bed->paths[i].ends);
	if (due == WHEN_NEVER)
		return false;
	bed->run.now.utc_s += (due - bed->run.now.mono_ms) / 1000;
	bed->run.now.mono_ms = due;
	return true;
}

static void test_contact_targets_share_paths(void **state)
{
	static const struct {
		const char *name;
		size_t targets;
		size_t paths;
		const char *order;
	} rows[] = {
		{ "one target, one path", 1, 1, "sAAA" },
		{ "three targets, one path", 3, 1, "sssABCABCABC" },
		{ "three targets, two paths", 3, 2, "sssABCABCABC" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		static struct bed bed;
		int turns = 0;

		bed_open(&bed, 1, rows[i].paths);
		for (size_t who = 0; who < rows[i].targets; who++)
			reach(&bed, who, 1, SEV2);
		while (turn(&bed) && ++turns < 1000)
			;
		CHECK_ROW(strcmp(bed.order, rows[i].order) == 0, bed.order);
		bed_close(&bed);
	}
}

/* Every notice's ladder is at its end: something was taken, or nothing can be. */
static void check_ended(const struct bed *bed)
{
	for (size_t i = 0; i < TARGETS; i++) {
		for (size_t n = 0; n < bed->contacts[i].count; n++) {
			const struct notice *notice = &bed->contacts[i].notices[n];

			if (notice->state != NOTICE_ACTIVE)
				continue;
			CHECK(notice->sms == SMS_TAKEN || notice->sms == SMS_FAILED);
			CHECK(notice->ring == RING_DONE || notice->ring == RING_FAILED);
		}
		CHECK(!bed->contacts[i].in_call);
	}
}

static void test_contact_keeps_its_rules_whatever_the_network_does(void **state)
{
	static struct bed bed;
	int calls = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		int turns = 0;
		int64_t page = 0;

		bed_open(&bed, seed, 1 + seed % 2);
		bed.faulty = true;
		for (; turns < 100; turns++) {
			size_t who = draw(&bed, TARGETS);

			if (draw(&bed, 8) == 0)
				reach(&bed, who, ++page, (int)draw(&bed, 3));
			if (draw(&bed, 8) == 0 && page > 0)
				contact_release(&bed.contacts[who], 1 + draw(&bed, (uint32_t)page));
			if (!turn(&bed))
				bed.run.now.mono_ms += 1000 + draw(&bed, 60000);
		}
		while (turn(&bed) && ++turns < 5000)
			;
		CHECK(turns < 5000);
		check_ended(&bed);
		for (size_t i = 0; i < TARGETS; i++)
			calls += bed.rung[i].calls;
		bed_close(&bed);
	}
	CHECK(calls > 10 * ROUNDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contact_targets_share_paths),
		cmocka_unit_test(test_contact_keeps_its_rules_whatever_the_network_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
