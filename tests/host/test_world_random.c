/* Whatever modems, networks, phones, disks and power do: every page is owned, over, or has a deadline ahead; nobody is called twice
 * at once, no stranger is ever reached, time goes on; and once the world is well again somebody takes every page. */
#include <jansson.h>

#include "tests/host/kill_story.h"
#include "tests/support/unit.h"

#define RUNS      200
#define MINUTE_MS 60000
#define MINUTES   60
#define WELL_MIN  75 /* the longest rest of a chain is 30 min, its own steps 20 */
#define START_MS  5000
#define PEOPLE    4
#define ENOUGH    20 /* pages a run */

static const char more_config[] =
	"budget = { sms = 100000; calls = 100000; call_minutes = 100000; };\n";

static const char *const people[PEOPLE] = { "ada", "bob", "carol", "dave" };
static const char *const modems[] = { "alpha", "beta" };

static const char *const manners[] = {
	"ignores",
	"busy",
	"rejects calls",
	"answers after 5s presses challenge",
	"answers after 12s presses 1 2 3 4 5",
	"answers after 2s hangs up after 1s",
	"voicemail \"Leave a message after the tone\" with tones after 20s",
	"dnd then answers after 5s presses challenge",
	"off for 5m",
	"ignores calls replies \"ACK\" after 20s",
	"ignores calls replies \"I am driving\" after 3s",
};

static const char *const texts[] = {
	"ACK", "PASS", "DONE", "ACK ALL", "UPD looking", "STATUS",
	"WHO", "no",   "ok?",  "MORE",    "STOP",        "ack 1234",
};

/* Of a modem; the first ones may leave a call of theirs behind that the gateway knows nothing of. */
#define CUTS 5
static const char *const faults[] = {
	"unplugged for 3m",
	"reboots",
	"hangs for 4m",
	"deaf for 2m",
	"loses 2 results",
	"forgets settings",
	"loses 2 notices",
	"refuses 3 sends with 38",
	"refuses 1 sends with 1",
	"refuses 2 calls",
	"prompt missing for 2m",
	"prompt late 4s for 2m",
	"garbage",
	"noise every 5s for 2m",
	"echo on",
	"chunks 7 for 5m",
	"clock wrong for 10m",
	"registration lost for 6m",
	"registration denied for 3m",
	"storage full for 5m",
	"deletes nothing for 8m",
	"sim busy for 2m",
	"voice off for 9m",
	"voice error for 9m",
	"dtmf missing for 9m",
	"dtmf doubled",
	"sms 9s for 10m",
};

static const char *const networks[] = {
	"down for 7m", "drops 2 texts", "doubles 3 texts",
	"reports off", "reports on",    "delivery 40s for 10m",
};

static struct run {
	struct world world;
	uint64_t random;
	int seed;
	bool cut;              /* a call may be live that the gateway does not know */
	size_t looked;         /* sightings that were */
	char live[PEOPLE][24]; /* numbers in a call, or "" */
	int64_t works_due;     /* mono_ms at which the disk works again */
	int pages;
	size_t calls, texts, crashes;
} run;

static size_t pick(size_t count)
{
	run.random = run.random * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(run.random >> 33) % count;
}

static void say(const char *what)
{
	print_error("# seed %d at %lld ms: %s\n", run.seed, (long long)run.world.now.mono_ms, what);
}

#define HOLDS(cond)                   \
	do {                          \
		bool holds_ = (cond); \
		if (!holds_)          \
			say(#cond);   \
		assert_true(holds_);  \
	} while (0)

static void line(const char *subject, const char *name, const char *what)
{
	char text[160];
	struct err err = { 0 };

	snprintf(text, sizeof text, "%s %s%s%s", subject, name, name[0] == '\0' ? "" : " ", what);
	if (sim_line(run.world.sim, span_of(text), run.world.now, &err) < 0)
		say(err.text);
	HOLDS(err.code == ERR_NONE);
}

/* ---- what must hold ---- */

static bool known(const char *number)
{
	return strncmp(number, "+1555010000", 11) == 0 && number[11] >= '1' && number[11] <= '4' &&
	       number[12] == '\0';
}

static void one_call(const struct sim_event *event)
{
	char *live = run.live[event->phone[11] - '1'];

	if (event->kind == SIM_DIALLED)
		HOLDS(run.cut || live[0] == '\0');
	else if (event->kind == SIM_RINGS || event->kind == SIM_ANSWERED)
		span_copy(span_of(event->phone), live, sizeof run.live[0]);
	else if (event->kind == SIM_HUNG_UP)
		live[0] = '\0';
}

static void look(void)
{
	for (; run.looked < run.world.sighting_count; run.looked++) {
		const struct sim_event *event = &run.world.sightings[run.looked].event;

		run.calls += event->kind == SIM_DIALLED;
		run.texts += event->kind == SIM_TEXTED;
		if (event->kind == SIM_DIALLED || event->kind == SIM_SUBMITTED)
			HOLDS(known(event->phone));
		if (known(event->phone))
			one_call(event);
	}
}

static void power(void)
{
	struct err err = { 0 };

	while (run.world.crashed)
		HOLDS(world_restart(&run.world, &err) == 0);
}

static void advance(int64_t ms)
{
	int64_t until = run.world.now.mono_ms + ms;
	struct err err = { 0 };

	while (run.world.now.mono_ms < until) {
		int done = world_step(&run.world, until, &err);

		if (done < 0)
			say(err.text);
		HOLDS(done == 0);
		if (run.world.store_broken && run.world.now.mono_ms >= run.works_due)
			run.world.store_broken = false;
		look();
	}
}

/* Owned, over, or a deadline ahead. */
static void check_page(const json_t *page)
{
	const char *state = json_string_value(json_object_get(page, "state"));
	const char *owner = json_string_value(json_object_get(page, "owner"));
	const json_t *deadline = json_object_get(page, "deadline_s");

	HOLDS(state != NULL);
	if (strcmp(state, "resolved") == 0)
		return;
	HOLDS(strcmp(state, "open") == 0 || (strcmp(state, "acked") == 0 && owner != NULL));
	HOLDS(json_is_integer(deadline) && json_integer_value(deadline) > 0);
	HOLDS(json_integer_value(deadline) <= 3600);
}

static void check_pages(void)
{
	struct request request = { .name = "list", .peer = "test" };
	json_t *json;
	const json_t *pages;
	char twice[40];
	struct err err = { 0 };

	for (int turn = 0; turn < 3; turn++) /* what came due while the power was away */
		HOLDS(world_step(&run.world, run.world.now.mono_ms, &err) == 0);
	world_request(&run.world, &request);
	if (run.world.crashed) {
		power();
		return;
	}
	HOLDS(run.world.answered && run.world.answer.status == 0);
	json = json_loads(buf_text(&run.world.answer.json), 0, NULL);
	pages = json_object_get(json, "pages");
	HOLDS(json_is_array(pages));
	for (size_t i = 0; i < json_array_size(pages); i++)
		check_page(json_array_get(pages, i));
	json_decref(json);
	story_ask(run.world.path,
		  "SELECT person FROM attempt WHERE kind = 2 AND state = 2 GROUP BY person HAVING"
		  " count(*) > 1",
		  twice, sizeof twice);
	HOLDS(twice[0] == '\0');
}

/* ---- what happens ---- */

static void ask(const char *name, const char *key, const char *value, const char *other,
		const char *more)
{
	struct request request = { .name = name, .peer = "ops", .count = 2 };

	request.fields[0].key = key;
	request.fields[0].value = value;
	request.fields[1].key = other;
	request.fields[1].value = more;
	world_request(&run.world, &request);
	power();
}

static void happens(void)
{
	char id[24];
	char text[80];

	snprintf(id, sizeof id, "p%zu", 1 + pick(ENOUGH));
	switch (pick(16)) {
	case 0:
	case 1:
	case 2:
		if (run.pages++ < ENOUGH)
			ask("page", "message", "db1 down", "to",
			    pick(2) == 0 ? "platform" : people[pick(PEOPLE)]);
		break;
	case 3:
	case 4:
	case 5: {
		size_t fault = pick(COUNT_OF(faults));

		run.cut = run.cut || fault < CUTS;
		line("modem", modems[pick(2)], faults[fault]);
		break;
	}
	case 6:
		line("network", "", networks[pick(COUNT_OF(networks))]);
		break;
	case 7:
	case 8:
		line("phone", people[pick(PEOPLE)], manners[pick(COUNT_OF(manners))]);
		break;
	case 9:
	case 10:
	case 11:
		snprintf(text, sizeof text, "texts \"%s\" to %s", texts[pick(COUNT_OF(texts))],
			 modems[pick(2)]);
		line("phone", people[pick(PEOPLE)], text);
		break;
	case 12:
		ask("resolve", "id", id, "person", "ops");
		break;
	case 13:
		ask("pass", "id", id, "person", people[pick(PEOPLE)]);
		break;
	case 14:
		run.world.crash_commit = run.world.commits + 1 + pick(6);
		run.world.crash_before = pick(2) == 0;
		run.world.reboots = pick(2) == 0;
		run.world.outage_ms = (int64_t)pick(3) * 30000;
		run.cut = true;
		run.crashes++;
		break;
	default:
		run.world.store_broken = true;
		run.works_due = run.world.now.mono_ms + 20000;
		break;
	}
}

/* All well again: everybody answers. */
static void heal(void)
{
	static const char *const cures[] = {
		"recovers",          "plugged",         "prompt normal",
		"registration home", "sim ready",       "voice on",
		"dtmf on",           "noise off",       "chunks off",
		"storage empty",     "loses 0 results", "refuses 0 sends",
		"refuses 0 calls",   "sms 1s",          "deletes everything",
		"clock right"
	};

	run.world.store_broken = false;
	run.world.crash_commit = 0;
	for (size_t i = 0; i < COUNT_OF(cures); i++)
		for (size_t m = 0; m < COUNT_OF(modems); m++)
			line("modem", modems[m], cures[i]);
	line("network", "", "up");
	line("network", "", "drops 0 texts");
	for (size_t i = 0; i < PEOPLE; i++)
		line("phone", people[i], "answers after 4s presses challenge");
}

/* Pages that nobody took since `utc_s`. */
static int64_t untaken(int64_t utc_s)
{
	char sql[300];

	snprintf(sql, sizeof sql,
		 "SELECT count(*) FROM page WHERE state = 1 AND NOT EXISTS (SELECT 1 FROM event "
		 "WHERE"
		 " event.page = page.id AND name = 'page.acked' AND utc_s >= %lld)",
		 (long long)utc_s);
	return story_ask(run.world.path, sql, NULL, 0);
}

static void begin(int seed)
{
	struct buf config = { 0 };
	struct err err = { 0 };
	char path[100];

	run = (struct run){ .seed = seed, .random = (uint64_t)seed * 977 + 5 };
	story_path(path, sizeof path);
	buf_add_text(&config, story_config);
	buf_add_text(&config, more_config);
	HOLDS(world_init(&run.world, path, (uint64_t)seed, STORY_MONDAY_UTC_S, &err) == 0);
	HOLDS(world_configure(&run.world, buf_span(&config), "random.cfg", &err) == 0);
	buf_free(&config);
	for (size_t i = 0; i < COUNT_OF(story_phones); i++)
		HOLDS(sim_line(run.world.sim, span_of(story_phones[i]), run.world.now, &err) == 0);
	HOLDS(world_start(&run.world, &err) == 0);
	advance(START_MS);
}

static void live_through(int seed)
{
	int64_t well_utc_s;

	begin(seed);
	for (int minute = 0; minute < MINUTES; minute++) {
		happens();
		advance((int64_t)pick(MINUTE_MS) + 1);
		check_pages();
	}
	heal();
	well_utc_s = run.world.now.utc_s;
	for (int minute = 0; minute < WELL_MIN && (minute < 10 || untaken(well_utc_s) > 0);
	     minute++) {
		advance(MINUTE_MS);
		check_pages();
	}
	HOLDS(untaken(well_utc_s) == 0);
	world_deinit(&run.world);
}

static void test_lives(void **state)
{
	size_t calls = 0;
	size_t sent = 0;
	size_t crashes = 0;

	(void)state;
	for (int seed = 1; seed <= RUNS; seed++) {
		live_through(seed);
		calls += run.calls;
		sent += run.texts;
		crashes += run.crashes;
	}
	printf("# %d lives of %d minutes and more: %zu texts, %zu calls, %zu power cuts\n", RUNS,
	       MINUTES, sent, calls, crashes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
