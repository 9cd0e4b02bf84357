/* The power goes at every commit of two pages' whole lives, before it is on disk and right after: nothing that was accepted is
 * lost, nothing that was decided is forgotten, and nothing is repeated but
 * what was in flight: at most one text or call a modem. */
#include "tests/host/kill_story.h"
#include "tests/support/unit.h"

#define START_MS  15000 /* a gateway's start, its modems' included, and one send */
#define OUTAGE_MS 20000
#define ROUND_MS  1000 /* the wall clock, which alone crosses a reboot, is stored in seconds */
#define DOUBLES   200

static const char history[] =
	"1 page.opened ops; 1 page.acked bob; 1 page.updated bob; 1 page.updated bob; "
	"1 page.passed bob; 1 page.reopened bob; 1 page.acked dave; 1 page.resolved ops; "
	"2 page.opened ops; 2 page.acked carol; 2 lease.lapsed carol; 2 page.reopened carol; "
	"2 page.acked carol; 2 page.resolved carol";

static struct told quiet; /* nobody pulled the plug */

static struct {
	size_t kills, lost, forgotten, late, twice;
	size_t texts, calls; /* repeated, all together */
	size_t worst_texts, worst_calls;
} sum;

static void test_undisturbed(void **state)
{
	const struct kill none = { 0 };

	(void)state;
	story_tell(&none, &quiet);
	CHECK_ROW(quiet.why[0] == '\0', quiet.why);
	CHECK_ROW(strcmp(quiet.history, history) == 0, quiet.history);
	CHECK(quiet.kills == 0 && quiet.pages == 2 && quiet.resolved == 2);
	CHECK(quiet.inbound == STORY_PARTS && quiet.distinct == STORY_PARTS);
	CHECK(quiet.second_ms >= quiet.first_ms + STORY_STEP_MS);
	CHECK(quiet.second_ms <= quiet.first_ms + STORY_STEP_MS + 5000);
}

static size_t more(size_t now, size_t before)
{
	return now > before ? now - before : 0;
}

static const char *count(size_t *kind, const char *what)
{
	++*kind;
	return what;
}

/* What was promised holds; says what does not. */
static const char *judge(const struct kill *kill, const struct told *told)
{
	int64_t early = told->first_ms + STORY_STEP_MS - (kill->reboots ? ROUND_MS : 0);
	int64_t late = quiet.second_ms + (int64_t)told->kills * (kill->outage_ms + START_MS);
	size_t texts = more(told->texts, quiet.texts);
	size_t calls = more(told->calls, quiet.calls);

	sum.kills += told->kills;
	sum.texts += texts;
	sum.calls += calls;
	sum.worst_texts = texts > sum.worst_texts ? texts : sum.worst_texts;
	sum.worst_calls = calls > sum.worst_calls ? calls : sum.worst_calls;
	if (told->why[0] != '\0')
		return told->why;
	if (told->pages != 2 || told->resolved != 2)
		return count(&sum.lost, "a page was lost, doubled or never ended");
	if (told->inbound != STORY_PARTS || told->distinct != STORY_PARTS)
		return count(&sum.lost, "an inbound text was lost or stored twice");
	if (strcmp(told->history, history) != 0)
		return count(&sum.forgotten, "the pages' history is another");
	if (told->second_ms < early || told->second_ms > late)
		return count(&sum.late, "the secondary was reached at another time");
	/* what an answer would have stopped may come due while the power is away and the answer is not read yet */
	if (texts > told->cut_texts || calls > told->cut_calls + (kill->outage_ms > 0))
		return count(&sum.twice, "more was repeated than was in flight");
	if (told->cut_texts + told->cut_calls > told->kills * STORY_MODEMS)
		return count(&sum.twice, "more was in flight than one text or call a modem");
	return NULL;
}

static bool survives(const struct kill *kill)
{
	struct told told;
	const char *bad;

	story_tell(kill, &told);
	bad = judge(kill, &told);
	if (bad != NULL)
		print_error("# kill %s commit %llu, then %llu later, %s, %lld ms: %s\n"
			    "#   texts %zu calls %zu (%zu, %zu), secondary %lld (%lld), parts "
			    "%lld: %s\n",
			    kill->before ? "before" : "behind", (unsigned long long)kill->at,
			    (unsigned long long)kill->again, kill->reboots ? "reboot" : "same boot",
			    (long long)kill->outage_ms, bad, told.texts, told.calls, quiet.texts,
			    quiet.calls, (long long)told.second_ms, (long long)quiet.second_ms,
			    (long long)told.inbound, told.history);
	return bad == NULL;
}

/* Each commit, before and behind it: as kill -9 and a start at once, and as a power cut of some seconds. */
static void test_every_commit(void **state)
{
	size_t bad = 0;

	(void)state;
	for (uint64_t at = 1; at <= quiet.commits; at++)
		for (int how = 0; how < 4; how++) {
			const struct kill kill = { .at = at,
						   .before = (how & 1) != 0,
						   .reboots = (how & 2) != 0,
						   .outage_ms = (how & 2) != 0 ? OUTAGE_MS : 0 };

			bad += !survives(&kill);
		}
	CHECK(sum.kills >= 200);
	CHECK(bad == 0);
}

static uint64_t chance(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

static void test_twice(void **state)
{
	uint64_t seed = 20260105;
	size_t bad = 0;

	(void)state;
	for (int i = 0; i < DOUBLES; i++) {
		const struct kill kill = { .at = 1 + chance(&seed) % quiet.commits,
					   .again = 1 + chance(&seed) % 12,
					   .before = chance(&seed) % 2 != 0,
					   .reboots = chance(&seed) % 2 != 0,
					   .outage_ms = (int64_t)(chance(&seed) % 3) * 5000 };

		bad += !survives(&kill);
	}
	CHECK(bad == 0);
}

static void test_sum(void **state)
{
	(void)state;
	printf("# %zu kills at %llu commits: %zu lost, %zu forgotten, %zu at the wrong time, %zu "
	       "with too many repeats; "
	       "repeated in all %zu texts and %zu calls, in one story at most %zu and %zu\n",
	       sum.kills, (unsigned long long)quiet.commits, sum.lost, sum.forgotten, sum.late,
	       sum.twice, sum.texts, sum.calls, sum.worst_texts, sum.worst_calls);
	CHECK(sum.lost + sum.forgotten + sum.late + sum.twice == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_undisturbed),
		cmocka_unit_test(test_every_commit),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_sum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
