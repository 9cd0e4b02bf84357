/* Real processes: tocsind is killed at every commit point of pages' lives, and carries on.
 *
 * Each lane has its own tocsin-sim, which runs throughout, and a database that lives through all its stories.  In a
 * story ada ignores a page and bob, the next step, takes it - once, by text or by key.  The daemon dies at
 * its k-th sync, before it, after it, or with a power cut that takes back what was not synced; is started again at once;
 * and dies up to three times more.  k goes up until stories end before their first death: then every point has been hit.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "tests/support/bed.h"
#include "tests/support/unit.h"

#define LANES      20
#define KILLS_MAX  4   /* in a story */
#define KILLS_WANT 200 /* in all */
#define MOMENTS    3
#define POINTS_MAX 150
#define SWEEPS     2     /* each point once with an ack by text, once by key */
#define STORIES_S  60L   /* no story begins later */
#define STORY_MS   60000 /* so long only where the machine is busy */
#define WAIT_MS    2000  /* of the first step */
#define EARLY_MS   100
/* The daemon's way back is part of it, on a busy machine; the wait itself is looked at by the last test. */
#define LATE_MS 10000

static const char *const moments[MOMENTS] = { "before", "after", "cut" };

struct tally {      /* shared by all lanes */
	int next;   /* story */
	int points; /* the first k that stories outlived, on all its sides */
	int outlived[POINTS_MAX + 1];
	int64_t until;
	int kills, stories, pages_lost, acks_lost, texts_repeated, twice, broken, late, reordered;
	int too_often; /* lanes with more texts repeated than kills */
};

struct lane {
	struct bed bed;
	struct tally *tally;
	int story;
	int point;   /* k */
	int stories; /* of this lane: pages in its database */
	bool by_key;
	char text[40]; /* what is said at the end of the page's texts */
	size_t from;   /* first sight of the story */
	int kills;     /* before the story */
	char page[24]; /* its id */
	int64_t deadline;
	unsigned random;
};

static const char config[] =
	"country = \"1\";\n"
	"socket = \"tocsin.sock\";\n"
	"database = \"tocsin.db\";\n"
	"default_rotation = \"platform\";\n"
	"operators = [ \"dave\" ];\n"
	"people = (\n"
	"  { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n"
	"  { name = \"bob\"; numbers = ( { number = \"+15550100002\"; } ); },\n"
	"  { name = \"carol\"; numbers = ( { number = \"+15550100003\"; } ); },\n"
	"  { name = \"dave\"; numbers = ( { number = \"+15550100004\"; } ); }\n"
	");\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\", \"bob\" ];\n"
	"  starts = \"2026-01-05 10:00\"; shift = \"366 days\"; } );\n"
	"policies = ( { name = \"kill\"; steps = (\n"
	"  { to = [ \"ada\" ]; wait = \"2 s\"; },\n"
	"  { to = [ \"bob\" ]; wait = \"60 s\"; },\n"
	"  { to = [ \"carol\" ]; wait = \"60 s\"; } ); } );\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550100090\"; },\n"
	"  { name = \"beta\"; port = \"sim/beta\"; number = \"+15550100091\"; } );\n"
	"budget = { sms = 100000; calls = 100000; call_minutes = 100000; };\n"
	"times = { call_after = \"1 s\"; ring = \"5 s\"; talk = \"20 s\"; second_after = \"5 s\";\n"
	"  second_gap = \"2 s\"; second_within = \"20 s\"; third_after = \"5 s\"; bundle = \"0 "
	"s\";\n"
	"  no_path = \"30 s\"; };\n";

static const char world[] = "modem alpha +15550100090 simcom speech 1ms\n"
			    "modem beta +15550100091 quectel speech 1ms\n"
			    "network setup 100ms\n"
			    "phone ada +15550100001 ignores\n"
			    "phone bob +15550100002 ignores\n"
			    "phone carol +15550100003 ignores\n"
			    "phone dave +15550100004 ignores\n";

/* NOLINTNEXTLINE(readability-non-const-parameter): the builtin writes through it */
static void add(int *counter, int n)
{
	__atomic_add_fetch(counter, n, __ATOMIC_RELAXED);
}

static void complain(const struct lane *lane, const char *what, int *counter)
{
	fprintf(stderr, "%s, story %d (%s), page %s, %d kills: %s\n", lane->bed.name, lane->story,
		lane->by_key ? "key" : "text", lane->page, lane->bed.kills - lane->kills, what);
	add(counter, 1);
}

/* ---- deaths ---- */

/* The next death of this story: at one of the first syncs after the start, or never. */
static void arm_again(struct lane *lane)
{
	lane->random = lane->random * 1103515245u + 12345u;
	if (lane->bed.kills - lane->kills < KILLS_MAX)
		snprintf(lane->bed.arm, sizeof lane->bed.arm, "%u %s",
			 1 + (lane->random >> 16) % 16, moments[(lane->random >> 8) % 3]);
	else
		lane->bed.arm[0] = '\0';
}

/* Looks at the phones; a daemon that has died is started again at once. */
static void turn(struct lane *lane)
{
	bed_look(&lane->bed);
	if (bed_reap(&lane->bed) || lane->bed.daemon <= 0) {
		arm_again(lane);
		bed_start(&lane->bed);
	}
}

static bool over(const struct lane *lane)
{
	return lane->bed.broken || bed_now() > lane->deadline;
}

/* ---- the story ---- */

static void wait_for_gateway(struct lane *lane)
{
	json_t *answer = NULL;

	while (answer == NULL && !over(lane)) {
		turn(lane);
		answer = bed_ask("{\"command\":\"ping\"}");
	}
	json_decref(answer);
}

/* Runs a command until it is done; asked again only where the exit status allows it. */
static int run(struct lane *lane, const char *const *args)
{
	for (;;) {
		pid_t pid = bed_command("command.out", args);
		int status;

		while ((status = bed_exit(pid)) < 0)
			turn(lane);
		/* 3: nothing was sent; 1 and not a page: "repeating is harmless". */
		if (over(lane) || status == 0 || (status == 1 && strcmp(args[0], "page") == 0))
			return status;
		wait_for_gateway(lane);
	}
}

static bool send_page(struct lane *lane)
{
	const char *const args[] = { "page",  "--message", lane->text, "--severity",
				     "sev-2", "--runbook", "http://x", NULL };
	struct buf out = { 0 };
	struct span rest;
	int status;

	status = run(lane, args);
	bed_read("command.out", &out);
	rest = buf_span(&out);
	span_copy(span_word(&rest), lane->page, sizeof lane->page);
	buf_free(&out);
	return status == 0 && lane->page[0] == 'p';
}

static bool is_state(const struct lane *lane, const char *state)
{
	char line[80];
	json_t *answer;
	bool is;

	snprintf(line, sizeof line, "{\"command\":\"show\",\"id\":\"%s\"}", lane->page);
	answer = bed_ask(line);
	is = strcmp(bed_text(answer, "page", "state"), state) == 0;
	json_decref(answer);
	return is;
}

/* The page's own text, not a late one of an earlier story. */
static int64_t find_page(const struct lane *lane, size_t from, const char *who)
{
	for (;;) {
		int64_t at = bed_find(&lane->bed, from, who, lane->text);

		if (at < 0 || strstr(lane->bed.sights[at].text, "receives SMS: SEV-") != NULL)
			return at;
		from = (size_t)at + 1;
	}
}

/* Bob acts exactly once: an ack that is lost stays lost, and is seen. */
static bool bob_takes_it(struct lane *lane)
{
	bool replied = lane->by_key;

	bed_order(&lane->bed, lane->by_key ? "phone bob answers after 100ms presses challenge"
					   : "phone bob ignores");
	while (!over(lane)) {
		turn(lane);
		if (!replied && find_page(lane, lane->from, "(bob)") >= 0) {
			bed_order(&lane->bed, "phone bob texts \"ACK\"");
			replied = true;
		}
		if (replied && is_state(lane, "acked"))
			return true;
	}
	return false;
}

static void wait_for_quiet(struct lane *lane)
{
	size_t seen = 0;
	int64_t quiet = 0;

	while (bed_now() < quiet + 300 && !over(lane)) {
		turn(lane);
		if (seen != lane->bed.sight_count || quiet == 0)
			quiet = bed_now();
		seen = lane->bed.sight_count;
	}
}

static void story(struct lane *lane)
{
	const char *const resolve[] = { "resolve", lane->page, NULL };
	bool taken;

	wait_for_gateway(lane);
	if (!send_page(lane)) {
		complain(lane, "no page was accepted", &lane->tally->pages_lost);
		return;
	}
	lane->stories++;
	taken = bob_takes_it(lane);
	if (!taken && !is_state(lane, "open"))
		complain(lane, "an accepted page is lost", &lane->tally->pages_lost);
	else if (!taken)
		complain(lane, "bob's ack is lost", &lane->tally->acks_lost);
	if (run(lane, resolve) != 0)
		complain(lane, "it cannot be resolved", &lane->tally->pages_lost);
	wait_for_quiet(lane);
}

/* ---- what must be true ---- */

/* Acked once in its life, by bob; forgotten acks would be followed by another one, or by carol. */
static void check_history(struct lane *lane)
{
	char line[80];
	json_t *answer;
	const json_t *event;
	size_t i;
	int acks = 0;
	int opened = 0;

	snprintf(line, sizeof line, "{\"command\":\"timeline\",\"id\":\"%s\"}", lane->page);
	answer = bed_ask(line);
	json_array_foreach(json_object_get(answer, "events"), i, event)
	{
		opened += strcmp(bed_text(event, "name", NULL), "page.opened") == 0;
		acks += strcmp(bed_text(event, "name", NULL), "page.acked") == 0 &&
			strcmp(bed_text(event, "person", NULL), "bob") == 0;
	}
	json_decref(answer);
	if (opened != 1)
		complain(lane, "its history is not there", &lane->tally->pages_lost);
	if (acks != 1)
		complain(lane, "not acked exactly once", &lane->tally->acks_lost);
	if (bed_find(&lane->bed, lane->from, "(carol)", "") >= 0)
		complain(lane, "carol was reached", &lane->tally->acks_lost);
}

/* A page command that was repeated with its request id made no second page. */
static void check_pages(struct lane *lane)
{
	json_t *answer = bed_ask("{\"command\":\"list\",\"state\":\"all\"}");
	size_t count = json_array_size(json_object_get(answer, "pages"));

	if (count > (size_t)lane->stories)
		complain(lane, "one command made two pages", &lane->tally->twice);
	else if (count < (size_t)lane->stories)
		complain(lane, "an earlier page is lost", &lane->tally->pages_lost);
	json_decref(answer);
}

static bool same_before(const struct bed *bed, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(bed->sights[i].text, bed->sights[at].text) == 0)
			return true;
	return false;
}

/* Every page has a code and a message of its own: the same text twice is one that was repeated. */
static void count_repeated(const struct lane *lane)
{
	const struct bed *bed = &lane->bed;
	int repeated = 0;

	for (size_t i = 0; i < bed->sight_count; i++)
		repeated +=
			strstr(bed->sights[i].text, "receives SMS") != NULL && same_before(bed, i);
	add(&lane->tally->texts_repeated, repeated);
	if (repeated > bed->kills)
		complain(lane, "more texts repeated than kills", &lane->tally->too_often);
}

/* The wait runs from the text that the network took and that is known: the last of ada's. */
static void check_order(struct lane *lane)
{
	const struct bed_sight *sights = lane->bed.sights;
	int64_t bob = find_page(lane, lane->from, "(bob)");
	int64_t first = find_page(lane, lane->from, "(ada)");
	int64_t last = first;
	int64_t next = first;

	if (bob < 0 || first < 0 || first > bob) {
		complain(lane, "the chain's order is not kept", &lane->tally->reordered);
		return;
	}
	for (; next >= 0 && next < bob; next = find_page(lane, (size_t)next + 1, "(ada)"))
		last = next;
	if (sights[bob].ms < sights[first].ms + WAIT_MS - EARLY_MS)
		complain(lane, "bob was reached before his time", &lane->tally->reordered);
	if (sights[bob].ms > sights[last].ms + WAIT_MS + LATE_MS)
		complain(lane, "bob was reached late", &lane->tally->late);
}

/* What a daemon says that was started after it all and is left alone. */
static void check_all(struct lane *lane)
{
	lane->bed.arm[0] = '\0';
	bed_start(&lane->bed);
	lane->deadline = bed_now() + STORY_MS;
	wait_for_gateway(lane);
	check_history(lane);
	check_pages(lane);
	check_order(lane);
	bed_stop(&lane->bed);
}

/* ---- lanes ---- */

static bool next_story(struct lane *lane)
{
	struct tally *tally = lane->tally;
	int story = __atomic_fetch_add(&tally->next, 1, __ATOMIC_RELAXED);
	int points = __atomic_load_n(&tally->points, __ATOMIC_RELAXED);
	int sweep = MOMENTS * (points == 0 ? POINTS_MAX : points);

	if (bed_now() > tally->until || story >= SWEEPS * sweep)
		return false;
	lane->story = story;
	lane->point = 1 + story % sweep / MOMENTS;
	lane->by_key = (lane->point + story / sweep) % 2 == 1;
	lane->from = lane->bed.sight_count;
	lane->kills = lane->bed.kills;
	lane->page[0] = '\0';
	lane->random = (unsigned)story;
	lane->deadline = bed_now() + STORY_MS;
	snprintf(lane->text, sizeof lane->text, "story %04d", story);
	snprintf(lane->bed.arm, sizeof lane->bed.arm, "%d %s", lane->point,
		 moments[story % MOMENTS]);
	return true;
}

/* A story without a death: its point lies behind the end.  When that is so on all its sides, the sweep is done. */
static void end_story(struct lane *lane)
{
	struct tally *tally = lane->tally;
	int kills = lane->bed.kills - lane->kills;

	add(&tally->stories, 1);
	add(&tally->kills, kills);
	if (kills > 0 ||
	    __atomic_add_fetch(&tally->outlived[lane->point], 1, __ATOMIC_RELAXED) < MOMENTS)
		return;
	if (tally->points == 0)
		tally->points = lane->point;
}

static bool run_lane(size_t index, void *shared)
{
	struct lane lane = { .tally = shared };
	char name[20];
	char preload[1100];

	snprintf(name, sizeof name, "kill-%zu", index);
	if (!bed_open(&lane.bed, name, config, world) ||
	    realpath("../../tests/interop/kill_at_sync.so", preload) == NULL)
		return false;
	lane.bed.preload = preload;
	while (!lane.bed.broken && next_story(&lane)) {
		bed_start(&lane.bed);
		story(&lane);
		bed_stop(&lane.bed);
		end_story(&lane);
		check_all(&lane);
	}
	add(&lane.tally->broken, lane.bed.broken);
	count_repeated(&lane);
	bed_close(&lane.bed);
	return !lane.bed.broken;
}

static void test_kill_at_every_commit_point_loses_nothing(void **state)
{
	struct tally *tally = bed_shared(sizeof *tally);
	int failed;

	(void)state;
	CHECK(tally != NULL);
	tally->until = bed_now() + STORIES_S * 1000;
	failed = bed_lanes(LANES, run_lane, tally);
	printf("# figures: %d kills at %d commit points of %d pages' lives; lost: %d pages, %d "
	       "acks; "
	       "repeated: %d texts, %d pages\n",
	       tally->kills, tally->points, tally->stories, tally->pages_lost, tally->acks_lost,
	       tally->texts_repeated, tally->twice);
	CHECK(failed == 0 && tally->broken == 0);
	CHECK(tally->kills >= KILLS_WANT && tally->points > 0);
	CHECK(tally->pages_lost == 0 && tally->acks_lost == 0 && tally->twice == 0);
	CHECK(tally->texts_repeated <= tally->kills && tally->too_often == 0);
	CHECK(tally->reordered == 0 && tally->late == 0);
}

/* ---- the wait that was left ---- */

/* Killed long after the text and without any commit near: 2 s of 4 have passed, and still have when it is back. */
static bool run_wait(size_t index, void *shared)
{
	struct lane lane = { .tally = shared, .by_key = true, .deadline = bed_now() + STORY_MS };
	struct buf long_wait = { 0 };
	char name[20];
	int64_t took = 0;

	snprintf(name, sizeof name, "wait-%zu", index);
	snprintf(lane.text, sizeof lane.text, "wait %zu", index);
	buf_add_text(&long_wait, config);
	memcpy(strstr(long_wait.at, "2 s"), "4 s", 3);
	if (!bed_open(&lane.bed, name, buf_text(&long_wait), world) || !bed_start(&lane.bed))
		return false;
	wait_for_gateway(&lane);
	send_page(&lane);
	while (find_page(&lane, 0, "(bob)") < 0 && !over(&lane)) {
		int64_t ada = find_page(&lane, 0, "(ada)");
		int64_t now = bed_now();

		turn(&lane);
		if (took == 0 && ada >= 0)
			took = now;
		if (lane.bed.kills == 0 && ada >= 0 && now > took + 500 + 1000 * (int64_t)index &&
		    lane.bed.daemon > 0)
			kill(lane.bed.daemon, SIGKILL);
	}
	took = over(&lane) ? -1
			   : lane.bed.sights[find_page(&lane, 0, "(bob)")].ms -
				     lane.bed.sights[find_page(&lane, 0, "(ada)")].ms;
	if (took < 3900 || took > 6500)
		fprintf(stderr, "%s: bob was reached after %lld ms\n", name, (long long)took);
	bed_stop(&lane.bed);
	bed_close(&lane.bed);
	buf_free(&long_wait);
	return took >= 3900 && took <= 6500;
}

static void test_kill_keeps_the_wait_that_was_left(void **state)
{
	struct tally *tally = bed_shared(sizeof *tally);

	(void)state;
	CHECK(tally != NULL);
	CHECK(bed_lanes(4, run_wait, tally) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kill_keeps_the_wait_that_was_left),
		cmocka_unit_test(test_kill_at_every_commit_point_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
