/* Real processes: a modem hangs, is unplugged, or falls silent in the middle of a send; the page still goes out, in
 * the time of DESIGN.md 5 where there is a second modem, and nothing is restarted. */
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "tests/support/bed.h"
#include "tests/support/unit.h"

#define READY_MS 5000
#define SLACK_MS 1000 /* a busy machine */

struct story {
	const char *name;
	bool second;        /* there is a second modem */
	const char *before; /* of each modem, before the page */
	const char *during; /* of the modem that has begun to send */
	const char *other;  /* of the other one, first */
	/* From then until the other one, or the only one, has sent it. */
	int64_t least_ms, most_ms;
};

/* No prompt: 5 s.  Port gone: 5 s.  No final result: 20 s.  A single modem is waited for. */
static const struct story stories[] = {
	{ "unplugged", true, "sms 9s", "unplugged", "sms 0s", 0, 5000 },
	{ "no-prompt", true, "prompt missing", NULL, "prompt normal", 4000, 5000 },
	{ "no-result", true, "loses 1 results", NULL, "loses 0 results", 19000, 20000 },
	/* before or behind its prompt, as the machine goes */
	{ "hangs", true, "sms 30s", "hangs", "sms 0s", 4000, 20000 },
	{ "hangs-alone", false, "prompt late 3s", "hangs for 8s", NULL, 8000, 35000 },
	{ "unplugged-alone", false, "sms 2s", "unplugged for 3s", NULL, 2000, 12000 },
	{ "reboots-alone", false, "sms 2s", "reboots", NULL, 0, 25000 },
};

static const char people[] =
	"country = \"1\";\n"
	"socket = \"tocsin.sock\";\n"
	"database = \"tocsin.db\";\n"
	"default_rotation = \"platform\";\n"
	"operators = [ \"dave\" ];\n"
	"people = (\n"
	"  { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n"
	"  { name = \"dave\"; numbers = ( { number = \"+15550100004\"; } ); }\n"
	");\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\" ]; slots = [ \"primary\" ];\n"
	"  starts = \"2026-01-05 10:00\"; shift = \"366 days\"; } );\n"
	"policies = ( { name = \"one\"; steps = ( { to = [ \"ada\" ]; wait = \"10 min\"; } ); } "
	");\n"
	"times = { call_after = \"10 min\"; no_path = \"10 min\"; };\n";

static bool open_world(struct bed *bed, const struct story *story)
{
	struct buf config = { 0 };
	struct buf world = { 0 };
	char name[40];
	bool open;

	snprintf(name, sizeof name, "lost-%s", story->name);
	buf_addf(&config, "%smodems = ( { name = \"alpha\"; port = \"sim/alpha\"; }%s );\n", people,
		 story->second ? ", { name = \"beta\"; port = \"sim/beta\"; }" : "");
	buf_addf(&world,
		 "modem alpha +15550100090 simcom\n%s"
		 "phone ada +15550100001 ignores\nphone dave +15550100004 ignores\n",
		 story->second ? "modem beta +15550100091 quectel\n" : "");
	open = bed_open(bed, name, buf_text(&config), buf_text(&world)) && bed_start(bed);
	buf_free(&config);
	buf_free(&world);
	return open;
}

static size_t count_ready(void)
{
	json_t *answer = bed_ask("{\"command\":\"modems\"}");
	const json_t *modem;
	size_t ready = 0;
	size_t i;

	json_array_foreach(json_object_get(answer, "modems"), i, modem) ready +=
		strcmp(bed_text(modem, "state", NULL), "ready") == 0;
	json_decref(answer);
	return ready;
}

static bool wait_ready(struct bed *bed, size_t count)
{
	int64_t deadline = bed_now() + READY_MS;

	while (count_ready() < count && bed_now() < deadline)
		bed_look(bed);
	return count_ready() >= count;
}

static void order(struct bed *bed, const char *modem, const char *what)
{
	char line[100];

	snprintf(line, sizeof line, "modem %s %s", modem, what);
	bed_order(bed, line);
}

/* Whether the page's timeline has such an event; then `modem`, if it is empty yet, says where. */
static bool happened(const char *name, char modem[24])
{
	json_t *answer = bed_ask("{\"command\":\"timeline\",\"id\":\"p1\"}");
	const json_t *event;
	bool found = false;
	size_t i;

	json_array_foreach(json_object_get(answer, "events"), i, event)
	{
		const char *where = bed_text(event, "modem", NULL);

		if (strcmp(bed_text(event, "name", NULL), name) != 0)
			continue;
		if (modem[0] == '\0')
			snprintf(modem, 24, "%s", where);
		found |= strcmp(modem, where) == 0;
	}
	json_decref(answer);
	return found;
}

/* How long until it happened there; -1 never, or the daemon has ended. */
static int64_t time_until(struct bed *bed, const char *name, char modem[24], int64_t most_ms)
{
	int64_t began = bed_now();

	while (bed_now() < began + most_ms) {
		if (happened(name, modem))
			return bed_now() - began;
		bed_look(bed);
		if (bed_reap(bed))
			return -1;
	}
	return -1;
}

static int64_t play(struct bed *bed, const struct story *story)
{
	char sender[24] = "";
	char other[24] = "alpha";
	json_t *answer;
	int64_t took;

	if (!wait_ready(bed, story->second ? 2 : 1))
		return -1;
	order(bed, "alpha", story->before);
	if (story->second)
		order(bed, "beta", story->before);
	bed_pause(100);
	answer = bed_ask("{\"command\":\"page\",\"message\":\"db1 is down\",\"request\":\"r1\"}");
	json_decref(answer);
	if (answer == NULL || time_until(bed, "sms.sending", sender, READY_MS) < 0)
		return -1;
	if (story->second && strcmp(sender, "alpha") == 0)
		memcpy(other, "beta", sizeof "beta");
	if (story->other != NULL)
		order(bed, other, story->other);
	if (story->during != NULL)
		order(bed, sender, story->during);
	took = time_until(bed, "sms.accepted", other, story->most_ms + SLACK_MS);
	bed_look(bed);
	return bed_find(bed, 0, "(ada)", "receives SMS: SEV-2") >= 0 ? took : -1;
}

static bool run_lane(size_t index, void *shared)
{
	const struct story *story = &stories[index];
	struct bed bed;
	int64_t took = -1;
	pid_t daemon;
	bool good;

	(void)shared;
	if (open_world(&bed, story)) {
		daemon = bed.daemon;
		took = play(&bed, story);
		good = took >= story->least_ms && bed.daemon == daemon;
	} else {
		good = false;
	}
	printf("# figures: %s: sent after %lld ms, limit %lld\n", story->name, (long long)took,
	       (long long)story->most_ms);
	fflush(stdout);
	good = bed_stop(&bed) && good;
	bed_close(&bed);
	return good;
}

static void test_modem_lost_in_mid_send_loses_no_page(void **state)
{
	(void)state;
	CHECK(bed_lanes(COUNT_OF(stories), run_lane, NULL) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modem_lost_in_mid_send_loses_no_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
