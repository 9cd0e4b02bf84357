/* A call from one modem to the other, for its sound. */
#include "tests/host/calls_bench.h"

static const char config[] =
	"gateway = \"Tocsin\"; country = \"1\"; default_rotation = \"platform\";\n"
	"operators = [ \"bob\" ];\n"
	"severities = ( { name = \"sev-1\"; call_at_once = true; } ); default_severity = "
	"\"sev-1\";\n"
	"people = ( { name = \"ada\"; numbers = ( { number = \"" CALLS_ADA "\"; } ); },\n"
	"  { name = \"bob\"; numbers = ( { number = \"+15550100002\"; } ); } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\" ]; slots = [ \"primary\" ]; "
	"starts = \"2026-01-05 10:00\"; } );\n"
	"policies = ( { name = \"default\"; steps = ( { to = [ \"target\" ]; } ); } );\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; audio = \"sim/alpha-pcm\";\n"
	"    number = \"+15550009001\"; },\n"
	"  { name = \"beta\"; port = \"sim/beta\"; audio = \"sim/beta-pcm\";\n"
	"    number = \"+15550009002\"; } );\n";

static struct world world;

static void begin(const char *alpha, const char *beta)
{
	struct err err = { 0 };
	char text[200];

	calls_path(text, sizeof text);
	CHECK(world_init(&world, text, 1, CALLS_MONDAY_UTC_S, &err) == 0);
	CHECK(world_configure(&world, span_of(config), "loop.cfg", &err) == 0);
	snprintf(text, sizeof text, "modem alpha +15550009001 %s", alpha);
	calls_line(&world, text);
	snprintf(text, sizeof text, "modem beta +15550009002 %s", beta);
	calls_line(&world, text);
	calls_line(&world, "phone ada " CALLS_ADA " answers after 4s presses challenge");
	calls_line(&world, "phone bob +15550100002 ignores");
	if (world_start(&world, &err) < 0)
		print_error("%s\n", err.text);
	CHECK(err.code == ERR_NONE);
	calls_advance(&world, 5000);
}

static void ask(const char *from, const char *to)
{
	struct request request = { .name = "loopback", .peer = "test", .count = 2 };

	request.fields[0].key = "from";
	request.fields[0].value = from;
	request.fields[1].key = "to";
	request.fields[1].value = to;
	world_request(&world, &request);
}

/* What was answered within these seconds; "" nothing. */
static const char *answer(int seconds)
{
	for (int s = 0; s < seconds && !world.answered; s++)
		calls_advance(&world, 1000);
	return world.answered ? buf_text(&world.answer.json) : "";
}

static void test_loopback_hears_both_ways(void **state)
{
	static const char *const pairs[][2] = {
		{ "quectel pcm on dtmf missing", "simcom pcm on dtmf missing" },
		{ "simcom pcm on", "huawei pcm on" },
		{ "quectel pcm on line gsm snr 15", "quectel pcm on audio late 5s" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		begin(pairs[i][0], pairs[i][1]);
		ask("alpha", "beta");
		if (strstr(answer(40), "\"ok\":true") == NULL)
			print_error("%s: %s\n", pairs[i][0], answer(0));
		CHECK_ROW(strstr(answer(0), "\"ok\":true") != NULL, pairs[i][0]);
		/* and both are free again: one more, the other way round */
		calls_advance(&world, 10000);
		ask("beta", "alpha");
		CHECK_ROW(strstr(answer(40), "\"ok\":true") != NULL, pairs[i][0]);
		world_deinit(&world);
	}
}

static void test_loopback_tells_which_way_is_dead(void **state)
{
	static const struct {
		const char *alpha, *beta, *words;
	} rows[] = {
		{ "quectel pcm on audio off dtmf missing", "quectel pcm on dtmf missing",
		  "alpha to beta: not heard, back: not heard" },
		{ "quectel pcm mute dtmf missing", "quectel pcm on dtmf missing",
		  "alpha to beta: heard, back: not heard" },
		{ "quectel pcm stalls", "quectel pcm on", "no sound came" },
		{ "quectel pcm refused", "quectel pcm on", "was refused" },
		{ "quectel pcm on voice off", "quectel pcm on", "the call ended" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		begin(rows[i].alpha, rows[i].beta);
		ask("alpha", "beta");
		if (strstr(answer(80), rows[i].words) == NULL)
			print_error("%s: %s\n", rows[i].alpha, answer(0));
		CHECK_ROW(strstr(answer(0), rows[i].words) != NULL, rows[i].alpha);
		world_deinit(&world);
	}
}

static void test_loopback_is_refused_in_words(void **state)
{
	static const struct {
		const char *from, *to, *words;
	} rows[] = {
		{ "alpha", "gamma", "which two modems" },
		{ "alpha", "alpha", "two different modems" },
		{ "alpha", "beta", "its sound does not come to the host" },
	};

	(void)state;
	begin("quectel pcm on", "quectel");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		ask(rows[i].from, rows[i].to);
		CHECK_ROW(strstr(answer(2), rows[i].words) != NULL, rows[i].words);
	}
	world_deinit(&world);
}

/* A page needs the modem: the loopback call ends, and she is called. */
static void test_loopback_gives_way_to_a_page(void **state)
{
	(void)state;
	begin("quectel pcm mute dtmf missing", "quectel pcm mute dtmf missing");
	ask("alpha", "beta");
	calls_advance(&world, 8000);
	calls_line(&world, "modem alpha pcm on");
	calls_line(&world, "modem beta pcm on");
	calls_ask(&world, "page", "message", "db1 is down");
	calls_advance(&world, 60000);
	calls_ask(&world, "show", "id", "p1");
	CHECK(strstr(buf_text(&world.answer.json), "\"state\":\"acked\"") != NULL);
	world_deinit(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loopback_hears_both_ways),
		cmocka_unit_test(test_loopback_tells_which_way_is_dead),
		cmocka_unit_test(test_loopback_is_refused_in_words),
		cmocka_unit_test(test_loopback_gives_way_to_a_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
