/* FIELD F9: somebody rings the gateway at any moment of a page's first minute.  The page's text, its call and its ack come as if
 * nobody had, and the next page goes out at once. */
#include <sqlite3.h>

#include "tests/host/calls_bench.h"

#define PAGE_MS  10000
#define SPAN_MS  45000
#define TEXT_MS  3000 /* how much later than undisturbed at most */
#define CALL_MS  6000
#define AGAIN_MS 130000

static const char *const callers[] = { "mallory", "bob" };
static const char *const modems[] = { "quectel slow 80ms", "quectel calls wait", "simcom sms 2s",
				      "simcom slow 80ms calls wait" };

struct course { /* mono_ms since the page; -1 not at all */
	int64_t text, dialled, keyed, next;
};

static int64_t first(const struct world *world, enum sim_event_kind kind, const char *text,
		     int64_t since)
{
	for (size_t i = 0; i < world->sighting_count; i++) {
		const struct sim_event *event = &world->sightings[i].event;

		if (event->kind == kind && strcmp(event->phone, CALLS_ADA) == 0 &&
		    strstr(event->text, text) != NULL && event->mono_ms >= since)
			return event->mono_ms - since;
	}
	return -1;
}

static struct course run(const char *modem, const char *caller, int64_t at_ms)
{
	static struct world world;
	struct course course;
	int64_t paged, again;
	char line[80];

	calls_begin(&world, 1, modem, "answers after 4s presses challenge");
	calls_line(&world, "phone mallory +15550199999 ignores");
	if (caller != NULL) {
		snprintf(line, sizeof line, "phone %s calls to alpha in %lldms", caller,
			 (long long)at_ms);
		calls_line(&world, line);
	}
	calls_advance(&world, PAGE_MS);
	paged = world.now.mono_ms;
	calls_ask(&world, "page", "message", "db1 down");
	calls_advance(&world, AGAIN_MS);
	again = world.now.mono_ms;
	calls_ask(&world, "page", "message", "db2 down");
	calls_advance(&world, 10000);
	course = (struct course){ first(&world, SIM_TEXTED, "db1 down", paged),
				  first(&world, SIM_DIALLED, "", paged),
				  first(&world, SIM_HEARD, "It is yours", paged),
				  first(&world, SIM_TEXTED, "db2 down", again) };
	world_deinit(&world);
	return course;
}

static int64_t later(int64_t at, int64_t undisturbed, int64_t *most)
{
	int64_t by = at < 0 ? INT64_MAX : at - undisturbed;

	if (by > *most)
		*most = by;
	return by;
}

static void test_incoming_disturbs_nothing(void **state)
{
	int64_t step = calls_many(1300, 100);
	int64_t text = 0, dialled = 0, keyed = 0;
	size_t runs = 0;

	(void)state;
	for (size_t m = 0; m < COUNT_OF(modems); m++) {
		struct course calm = run(modems[m], NULL, 0);

		CHECK_ROW(calm.text >= 0 && calm.dialled > 0 && calm.keyed > 0, modems[m]);
		for (size_t c = 0; c < COUNT_OF(callers); c++)
			for (int64_t at = PAGE_MS - 8000; at < PAGE_MS + SPAN_MS; at += step) {
				struct course one = run(modems[m], callers[c], at);
				bool good = later(one.text, calm.text, &text) <= TEXT_MS &&
					    later(one.dialled, calm.dialled, &dialled) <= CALL_MS &&
					    later(one.keyed, calm.keyed, &keyed) <= CALL_MS &&
					    one.next >= 0 && one.next <= TEXT_MS;

				runs++;
				if (!good)
					print_error(
						"%s, %s rings at %lld ms: text %lld, call %lld, "
						"ack %lld, next %lld\n",
						modems[m], callers[c], (long long)(at - PAGE_MS),
						(long long)one.text, (long long)one.dialled,
						(long long)one.keyed, (long long)one.next);
				CHECK(good);
			}
	}
	printf("# figures: %zu incoming calls; later than undisturbed: text %lld ms, call %lld ms, "
	       "ack "
	       "%lld ms at most\n",
	       runs, (long long)text, (long long)dialled, (long long)keyed);
}

static int64_t asked(const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	int64_t value = -1;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return value;
}

/* Of our own call each second, once; of one that somebody makes to us, none. */
static void test_incoming_minutes_are_not_ours(void **state)
{
	static struct world world;
	int64_t seconds;

	(void)state;
	calls_begin(&world, 1, "quectel", "answers after 4s hangs up after 21s");
	calls_advance(&world, PAGE_MS);
	calls_line(&world, "phone bob calls to alpha");
	calls_advance(&world, PAGE_MS);
	calls_ask(&world, "page", "message", "db1 down");
	calls_advance(&world, 60000);
	seconds = asked(world.path, "SELECT sum(call_seconds) FROM spent");
	CHECK(asked(world.path, "SELECT count(*) FROM event WHERE name = 'call.incoming'") == 1);
	CHECK(seconds >= 20 && seconds <= 22);
	world_deinit(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_incoming_disturbs_nothing),
		cmocka_unit_test(test_incoming_minutes_are_not_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
