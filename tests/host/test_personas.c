/* No persona but the human acks: seeded calls to every kind of phone, each with a fault of the modem, the line or the keys. */
#include <jansson.h>

#include "tests/host/calls_bench.h"

#define PAGE_MS 5000
#define LIFE_MS 210000 /* the text, both calls of the pair, and the third */

enum outcome { ACKED, KEYS_WRONG, NO_KEY, NOT_ANSWERED, OUTCOMES };

static const char *const outcomes[OUTCOMES] = { "acked", "wrong keys", "no key", "not answered" };

/* {a}, {s}: a number of seconds; {g}: a greeting with digits; drawn anew for each call. */
static const struct persona {
	const char *name;
	const char *line;
	bool human;
} personas[] = {
	{ "human", "answers after {a}s presses challenge", true },
	{ "human, one wrong try", "answers after {a}s presses 1 2 then challenge", true },
	{ "human in Do-Not-Disturb", "dnd then answers after {a}s presses challenge", true },
	{ "human, Do-Not-Disturb of 15 min", "dnd 15m then answers after {a}s presses challenge",
	  true },
	{ "human behind a screening robot", "screens then answers after {a}s presses challenge",
	  true },
	{ "screening robot, nobody comes", "screens then ignores" },
	{ "mailbox", "voicemail \"{g}\" after {s}s" },
	{ "mailbox whose digits sound like keys", "voicemail \"{g}\" with tones after {s}s" },
	{ "rejecter", "rejects calls" },
	{ "rejecter with announcement", "rejects with announcement" },
	{ "busy", "busy" },
	{ "answers, says nothing", "answers after {a}s" },
	{ "answers, hangs up", "answers after {a}s hangs up after {s}s" },
	{ "Do-Not-Disturb, nobody hears", "dnd then ignores" },
	{ "does not answer", "ignores" },
	{ "switched off", "off" },
};

static const char *const faults[] = {
	"",
	"dtmf doubled",
	"dtmf flaky",
	"audio late 3s",
	"audio late 5s",
	"tells polled",
	"tells nothing",
	"tells huawei",
	"early media 2s",
	"noise every 900ms",
	"chunks 5",
	"slow 60ms",
	"refuses 1 call",
	"echo on",
	"speech 60ms",
	"speech 110ms",
};

static uint64_t random_state;

static size_t pick(size_t count)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(random_state >> 33) % count;
}

/* Ten to thirty seconds of words with 0 to 12 digits anywhere among them, as mailboxes read out numbers and menus. */
static void greeting(char *text, size_t size)
{
	size_t len = 100 + pick(200);
	size_t digits = pick(13);

	memset(text, 'a', len < size ? len : size - 1);
	text[len < size ? len : size - 1] = '\0';
	for (size_t i = 0; i < digits; i++)
		text[pick(len)] = "0123456789"[pick(10)];
}

static void line_of(const struct persona *persona, char *line, size_t size)
{
	size_t len = 0;

	for (const char *c = persona->line; *c != '\0' && len + 1 < size; c++) {
		if (strncmp(c, "{g}", 3) == 0) {
			greeting(line + len, size - len);
			len += strlen(line + len);
			c += 2;
		} else if (*c == '{') {
			len += (size_t)snprintf(line + len, size - len, "%zu",
						c[1] == 'a' ? 2 + pick(10) : 5 + pick(20));
			c += 2;
		} else {
			line[len++] = *c;
		}
	}
	line[len] = '\0';
}

static bool happened(const struct world *world, enum sim_event_kind kind, const char *text)
{
	for (size_t i = 0; i < world->sighting_count; i++)
		if (world->sightings[i].event.kind == kind &&
		    strcmp(world->sightings[i].event.phone, CALLS_ADA) == 0 &&
		    strstr(world->sightings[i].event.text, text) != NULL)
			return true;
	return false;
}

/* Is the page somebody's? */
static bool acked(struct world *world)
{
	json_t *json;
	bool owned;

	calls_ask(world, "show", "id", "p1");
	json = json_loads(buf_text(&world->answer.json), 0, NULL);
	owned = strcmp(json_string_value(json_object_get(json_object_get(json, "page"), "state")),
		       "open") != 0;
	json_decref(json);
	return owned;
}

static enum outcome one_call(const struct persona *persona, uint64_t seed, char *told, size_t size)
{
	static struct world world;
	char phone[500];
	char modem[60];
	enum outcome outcome;

	random_state = seed * 2654435761u + 17;
	snprintf(modem, sizeof modem, "%s %s", pick(2) == 0 ? "quectel" : "simcom",
		 faults[pick(COUNT_OF(faults))]);
	line_of(persona, phone, sizeof phone);
	snprintf(told, size, "seed %llu, %s: %s", (unsigned long long)seed, modem, phone);
	calls_begin(&world, seed, modem, phone);
	calls_advance(&world, PAGE_MS);
	calls_ask(&world, "page", "message", "db1 down, no replica has taken over");
	calls_advance(&world, LIFE_MS);
	outcome = NOT_ANSWERED;
	if (acked(&world))
		outcome = ACKED;
	else if (happened(&world, SIM_HEARD, "That was not right") ||
		 happened(&world, SIM_HEARD, "Please reply ACK"))
		outcome = KEYS_WRONG;
	else if (happened(&world, SIM_ANSWERED, ""))
		outcome = NO_KEY;
	world_deinit(&world);
	return outcome;
}

static void show(int matrix[][OUTCOMES], int calls)
{
	printf("# figures: %d calls; %-38s%8s%12s%8s%14s\n", calls, "", outcomes[0], outcomes[1],
	       outcomes[2], outcomes[3]);
	for (size_t i = 0; i < COUNT_OF(personas); i++)
		printf("# figures: %-50s%8d%12d%8d%14d\n", personas[i].name, matrix[i][0],
		       matrix[i][1], matrix[i][2], matrix[i][3]);
}

static void test_personas_of_whom_only_the_human_acks(void **state)
{
	static int matrix[COUNT_OF(personas)][OUTCOMES];
	int calls = calls_many(10, 130) * (int)COUNT_OF(personas);
	int machines = 0, humans = 0, missed = 0;
	int first = getenv("SEED") == NULL ? 0 : atoi(getenv("SEED"));
	char told[700];

	(void)state;
	for (int i = 0; i < calls; i++) {
		size_t who = (size_t)i % COUNT_OF(personas);
		enum outcome outcome =
			one_call(&personas[who], (uint64_t)(i + first) + 1, told, sizeof told);

		matrix[who][outcome]++;
		humans += personas[who].human;
		if (personas[who].human != (outcome == ACKED))
			print_error("%s: %s\n", told, outcomes[outcome]);
		missed += personas[who].human && outcome != ACKED;
		machines += !personas[who].human && outcome == ACKED;
	}
	show(matrix, calls);
	CHECK(machines == 0);
	CHECK(missed * 50 <= humans); /* three calls reach at least 98 of 100 people */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_personas_of_whom_only_the_human_acks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
