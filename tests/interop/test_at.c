/* Real processes: somebody asks a modem by hand, idle, in the middle of a text and in a call.  Text and call go on as if
 * nobody had asked. */
#include <string.h>

#include "tests/support/bed.h"
#include "tests/support/unit.h"

#define WITHIN_MS 12000

static const char config[] =
	"country = \"1\";\n"
	"socket = \"tocsin.sock\";\n"
	"database = \"tocsin.db\";\n"
	"default_rotation = \"platform\";\n"
	"operators = [ \"ada\" ];\n"
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\" ]; slots = [ \"primary\" ];\n"
	"  starts = \"2026-01-05 10:00\"; shift = \"366 days\"; } );\n"
	"policies = ( { name = \"one\"; steps = ( { to = [ \"ada\" ]; wait = \"10 min\"; } ); } "
	");\n"
	"times = { call_after = \"1 s\"; };\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; } );\n";

static const char world[] = "modem alpha +15550100090 quectel sms 800ms speech 5ms\n"
			    "phone ada +15550100001 answers after 1s presses challenge\n";

/* `tocsin at alpha QUERY`: its exit status, and what it printed. */
static int ask(struct bed *bed, const char *query, struct buf *said)
{
	const char *const args[] = { "at", "alpha", query, NULL };
	pid_t pid = bed_command("asked", args);
	int64_t deadline = bed_now() + WITHIN_MS;
	int status;

	while ((status = bed_exit(pid)) < 0 && bed_now() < deadline)
		bed_look(bed);
	buf_clear(said);
	return bed_read("asked", said) ? status : -1;
}

static bool wait_for(struct bed *bed, const char *what)
{
	int64_t deadline = bed_now() + WITHIN_MS;

	while (bed_find(bed, 0, "", what) < 0 && bed_now() < deadline)
		bed_look(bed);
	if (bed_find(bed, 0, "", what) >= 0)
		return true;
	fprintf(stderr, "never seen: %s\n", what);
	return false;
}

static bool answers(struct bed *bed, const char *query, int status, const char *words)
{
	struct buf said = { 0 };
	int got = ask(bed, query, &said);
	bool good = got == status && strstr(buf_text(&said), words) != NULL;

	if (!good)
		fprintf(stderr, "%s: exit status %d, \"%s\"\n", query, got, buf_text(&said));
	buf_free(&said);
	return good;
}

static bool ready(struct bed *bed)
{
	int64_t deadline = bed_now() + WITHIN_MS;
	struct buf said = { 0 };

	while (ask(bed, "AT+CREG?", &said) != 0 && bed_now() < deadline)
		bed_pause(100);
	buf_free(&said);
	return bed_now() < deadline;
}

/* Taken by the keys of the call in which the modem was asked. */
static bool acked(struct bed *bed)
{
	int64_t deadline = bed_now() + WITHIN_MS;
	bool is = false;

	while (!is && bed_now() < deadline) {
		json_t *answer = bed_ask("{\"command\":\"show\",\"id\":\"p1\"}");

		is = strcmp(bed_text(answer, "page", "state"), "acked") == 0;
		json_decref(answer);
		bed_look(bed);
	}
	return is;
}

static bool play(struct bed *bed)
{
	json_t *answer;

	if (!ready(bed) || !answers(bed, "AT+CSQ", 0, "+CSQ: 20,99") ||
	    !answers(bed, "at+cops?", 0, "00101") ||
	    !answers(bed, "AT+CFUN=0", 1, "not on the list") ||
	    !answers(bed, "ATD+15550100001;", 2, "one at a time"))
		return false;
	answer = bed_ask("{\"command\":\"page\",\"message\":\"db1 is down\",\"request\":\"r1\"}");
	json_decref(answer);
	return answer != NULL && answers(bed, "AT+CSQ", 0, "+CSQ:") && /* behind the text */
	       wait_for(bed, "receives SMS: SEV-2") && wait_for(bed, "answers") &&
	       answers(bed, "AT+CLCC", 0, "+CLCC:") && answers(bed, "AT+CSQ", 0, "+CSQ:") &&
	       acked(bed);
}

static void test_at_works_beside_live_traffic(void **state)
{
	struct bed bed;
	bool good;

	(void)state;
	good = bed_open(&bed, "at", config, world) && bed_start(&bed) && play(&bed);
	good = bed_stop(&bed) && good;
	bed_close(&bed);
	CHECK(good);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_works_beside_live_traffic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
