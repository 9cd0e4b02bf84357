/* FIELD.md B10: a serial line that loses one byte in seven hundred.  A number that lost a digit belongs to somebody: it is hung up before it
 * rings there; no text goes to it either; and every page gets through. */
#include "tests/host/kill_story.h"
#include "tests/support/unit.h"

#define PAGES  120
#define DIGITS 11

static struct world world;
static size_t dialled, rung, texted; /* of strangers */

static bool stranger(const char *name)
{
	return strncmp(name, "stranger", 8) == 0;
}

static void look(void)
{
	for (size_t i = 0; i < world.sighting_count; i++) {
		const struct sim_event *event = &world.sightings[i].event;

		if (!stranger(event->name))
			continue;
		dialled += event->kind == SIM_DIALLED;
		rung += event->kind == SIM_RINGS;
		texted += event->kind == SIM_TEXTED;
	}
	world.sighting_count = 0;
}

static void advance(int64_t ms)
{
	int64_t until = world.now.mono_ms + ms;
	struct err err = { 0 };

	while (world.now.mono_ms < until) {
		CHECK(world_step(&world, until, &err) == 0);
		look();
	}
}

static void line(const char *text)
{
	struct err err = { 0 };

	if (sim_line(world.sim, span_of(text), world.now, &err) < 0)
		print_error("%s: %s\n", text, err.text);
	CHECK(err.code == ERR_NONE);
}

/* Whoever has her number without one of its digits; two neighbours alike give one number. */
static void add_strangers(void)
{
	static const char number[] = "+15550100001";

	for (size_t lost = 1; lost <= DIGITS; lost++) {
		char text[100];
		char without[40];

		if (number[lost] == number[lost - 1])
			continue;
		snprintf(without, sizeof without, "%.*s%s", (int)lost, number, number + lost + 1);
		snprintf(text, sizeof text, "phone stranger%zu %s answers after 1s", lost, without);
		line(text);
	}
}

static void begin(void)
{
	struct buf config = { 0 };
	struct err err = { 0 };
	char path[100];

	story_path(path, sizeof path);
	CHECK(world_init(&world, path, 3, STORY_MONDAY_UTC_S, &err) == 0);
	buf_add_text(&config, story_config);
	buf_add_text(&config, "budget = { sms = 10000; calls = 10000; call_minutes = 10000; };");
	CHECK(world_configure(&world, buf_span(&config), "lossy.cfg", &err) == 0);
	buf_free(&config);
	line("modem alpha +15550009001 simcom");
	line("modem beta +15550009002 quectel");
	line("phone ada +15550100001 answers after 5s presses challenge");
	line("phone bob +15550100002 ignores");
	add_strangers();
	CHECK(world_start(&world, &err) == 0);
	advance(20000);
	line("modem alpha bytes lost 1 in 700");
	line("modem beta bytes lost 1 in 700");
}

static void test_a_number_that_lost_a_digit_rings_nowhere(void **state)
{
	(void)state;
	begin();
	for (int i = 0; i < PAGES; i++) {
		struct request request = { .name = "page", .peer = "ops", .count = 2 };

		request.fields[0].key = "message";
		request.fields[0].value = "db1 down";
		request.fields[1].key = "to";
		request.fields[1].value = "ada";
		world_request(&world, &request);
		advance(900000);
	}
	line("modem alpha bytes whole");
	line("modem beta bytes whole");
	advance(3600000);
	printf("# figures: %d pages over a lossy line: %zu wrong numbers dialled, %zu rang, %zu "
	       "texted\n",
	       PAGES, dialled, rung, texted);
	/* Where the modem's OK and its list are damaged as well, one may ring. */
	CHECK(dialled > 0 && rung * 10 <= dialled && texted == 0);
	CHECK(story_ask(world.path, "SELECT count(*) FROM page", NULL, 0) >= PAGES);
	CHECK(story_ask(world.path,
			"SELECT count(*) FROM page WHERE NOT EXISTS (SELECT 1 FROM event"
			" WHERE event.page = page.id AND name = 'page.acked')",
			NULL, 0) == 0);
	world_deinit(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_number_that_lost_a_digit_rings_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
