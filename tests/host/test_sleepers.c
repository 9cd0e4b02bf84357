/* FIELD G1: phones in Do-Not-Disturb let the second call from one number through.  One, three and six of them in one step, on one
 * voice path and on two, by the rules of both systems: each rings at its second call, from the SIM of the first, in time. */
#include "tests/host/calls_bench.h"

#define PAGE_MS   5000
#define WITHIN_MS 150000
#define TARGETS   6

static const char people_config[] =
	"gateway = \"Tocsin\"; country = \"1\"; default_rotation = \"platform\";\n"
	"operators = [ \"p7\" ]; catch_all = [ \"p7\" ];\n"
	"severities = ( { name = \"sev-1\"; }, { name = \"sev-2\"; } );\n"
	"people = (\n"
	"  { name = \"p1\"; numbers = ( { number = \"+15550100001\"; } ); },\n"
	"  { name = \"p2\"; numbers = ( { number = \"+15550100002\"; } ); },\n"
	"  { name = \"p3\"; numbers = ( { number = \"+15550100003\"; } ); },\n"
	"  { name = \"p4\"; numbers = ( { number = \"+15550100004\"; } ); },\n"
	"  { name = \"p5\"; numbers = ( { number = \"+15550100005\"; } ); },\n"
	"  { name = \"p6\"; numbers = ( { number = \"+15550100006\"; } ); },\n"
	"  { name = \"p7\"; numbers = ( { number = \"+15550100007\"; } ); } );\n"
	"groups = ( { name = \"g1\"; members = [ \"p1\" ]; },\n"
	"  { name = \"g3\"; members = [ \"p1\", \"p2\", \"p3\" ]; },\n"
	"  { name = \"g6\"; members = [ \"p1\", \"p2\", \"p3\", \"p4\", \"p5\", \"p6\" ]; } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"p1\" ]; slots = [ \"primary\" ]; "
	"starts = \"2026-01-05 10:00\"; } );\n"
	"policies = ( { name = \"default\"; steps = ( { to = [ \"target\" ]; wait = \"60 min\"; } "
	"); } );\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\"; }";

static struct world world;

static void begin(int paths, const char *manner)
{
	struct err err = { 0 };
	char text[4000];

	calls_path(text, sizeof text);
	CHECK(world_init(&world, text, 7, CALLS_MONDAY_UTC_S, &err) == 0);
	snprintf(text, sizeof text, "%s%s );\n", people_config,
		 paths == 2
			 ? ", { name = \"beta\"; port = \"sim/beta\"; number = \"+15550009002\"; }"
			 : "");
	CHECK(world_configure(&world, span_of(text), "sleepers.cfg", &err) == 0);
	for (int i = 1; i <= TARGETS + 1; i++) {
		snprintf(text, sizeof text, "phone p%d +1555010000%d %s", i, i, manner);
		calls_line(&world, text);
	}
	CHECK(world_start(&world, &err) == 0);
	calls_advance(&world, PAGE_MS);
}

static void page(int targets)
{
	struct request request = { .name = "page", .peer = "test", .count = 2 };
	char group[8];

	snprintf(group, sizeof group, "g%d", targets);
	request.fields[0].key = "message";
	request.fields[0].value = "db1 down";
	request.fields[1].key = "to";
	request.fields[1].value = group;
	world_request(&world, &request);
}

struct sleeper { /* of one phone's calls until it first rings */
	int dialled;
	int modem;
	int64_t first, second; /* mono_ms of the last two */
	bool woken;
};

static struct sleeper sleeper(int who)
{
	struct sleeper s = { .modem = -1 };
	char number[24];

	snprintf(number, sizeof number, "+1555010000%d", who);
	for (size_t i = 0; i < world.sighting_count && !s.woken; i++) {
		const struct sim_event *event = &world.sightings[i].event;

		if (strcmp(event->phone, number) != 0)
			continue;
		if (event->kind == SIM_DIALLED) {
			bool pair =
				event->modem == s.modem && event->mono_ms - s.second <= WITHIN_MS;

			s.dialled =
				pair ? s.dialled + 1 : 1; /* too late: the first of a new pair */
			s.modem = event->modem;
			s.first = s.second;
			s.second = event->mono_ms;
		}
		s.woken = event->kind == SIM_RINGS;
	}
	return s;
}

/* Each wakes at the second call of a pair from one SIM. */
static int64_t check_all(int targets, const char *what)
{
	int64_t last = 0;

	for (int who = 1; who <= targets; who++) {
		struct sleeper s = sleeper(who);

		if (!s.woken || s.dialled != 2 || s.second - s.first > WITHIN_MS)
			print_error("%s, target %d of %d: woken %d, call %d of this SIM, %lld ms "
				    "after the one before\n",
				    what, who, targets, s.woken, s.dialled,
				    (long long)(s.second - s.first));
		CHECK(s.woken && s.dialled == 2);
		CHECK(s.second - s.first <= WITHIN_MS);
		last = s.second > last ? s.second : last;
	}
	return (last - PAGE_MS) / 1000;
}

static void test_sleepers_wake_at_the_second_call(void **state)
{
	static const char *const manners[] = { "dnd then ignores", "dnd 15m then ignores",
					       "dnd then answers after 5s" };
	static const int counts[] = { 1, 3, 6 };
	char what[80];

	(void)state;
	for (int paths = 1; paths <= 2; paths++)
		for (size_t c = 0; c < COUNT_OF(counts); c++)
			for (size_t m = 0; m < COUNT_OF(manners); m++) {
				int64_t last;

				snprintf(what, sizeof what, "%d paths, %s", paths, manners[m]);
				begin(paths, manners[m]);
				page(counts[c]);
				calls_advance(&world, 600000);
				last = check_all(counts[c], what);
				if (m == 0)
					printf("# figures: %d in Do-Not-Disturb on %d paths: all "
					       "rung after %lld s\n",
					       counts[c], paths, (long long)last);
				world_deinit(&world);
			}
}

/* The SIM of the first call dies before the second: two calls follow from the other one, whoever waits. */
static void test_sleepers_wake_when_the_first_sim_dies(void **state)
{
	static const int counts[] = { 1, 3, 6 };

	(void)state;
	for (size_t c = 0; c < COUNT_OF(counts); c++)
		for (int64_t at = 20000; at <= 90000; at += 10000) {
			begin(2, "dnd then ignores");
			page(counts[c]);
			calls_advance(&world, at);
			calls_line(&world, "modem alpha unplugged");
			calls_advance(&world, 900000);
			check_all(counts[c], "first SIM dies");
			world_deinit(&world);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sleepers_wake_at_the_second_call),
		cmocka_unit_test(test_sleepers_wake_when_the_first_sim_dies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
