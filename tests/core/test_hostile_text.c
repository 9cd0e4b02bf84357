/* Alert text changes nothing in the AT byte stream but hex digits, and still arrives readable; and no number that nobody listed is
 * ever dialled or texted (DESIGN.md 5). */
#include "tests/core/gateway_bed.h"

#define SHAPES_MAX 120
#define SHAPE_MAX  100
#define RANDOM     60

static struct bed bed;

/* The commands of a stream with their hex digits blanked, each kind once. */
struct shapes {
	char at[SHAPES_MAX][SHAPE_MAX];
	size_t count;
};

static struct span hex_run(struct span text)
{
	size_t len = 0;

	while (len < text.len && strchr("0123456789ABCDEF", text.at[len]) != NULL)
		len++;
	return (struct span){ text.at, len };
}

static void shape_of(struct span command, char shape[SHAPE_MAX])
{
	static const char *const heads[] = { "AT+CMGS=", "AT+QWTTS=1,1,1,\"", "AT+CTTS=1,\"", "" };

	for (size_t i = 0; i < COUNT_OF(heads); i++) {
		struct span rest = command;
		size_t blanked;

		if (!span_starts(rest, heads[i]))
			continue;
		rest = span_skip(rest, strlen(heads[i]));
		blanked = hex_run(rest).len;
		if (heads[i][0] == '\0' && blanked < 20)
			break; /* not a unit */
		rest = span_skip(rest, blanked);
		snprintf(shape, SHAPE_MAX, "%s#%.*s", heads[i],
			 (int)(rest.len < 80 ? rest.len : 80), rest.at);
		return;
	}
	span_copy(command, shape, SHAPE_MAX);
}

static void add_shape(struct shapes *shapes, struct span command)
{
	char shape[SHAPE_MAX];

	shape_of(command, shape);
	for (size_t i = 0; i < shapes->count; i++)
		if (strcmp(shapes->at[i], shape) == 0)
			return;
	CHECK(shapes->count < SHAPES_MAX);
	memcpy(shapes->at[shapes->count++], shape, SHAPE_MAX);
}

/* Commands end with CR, units with Ctrl-Z: what stands between is one. */
static void cut_stream(struct shapes *shapes, struct span stream)
{
	while (stream.len > 0) {
		size_t len = 0;

		while (len < stream.len && stream.at[len] != '\r' && stream.at[len] != '\x1a')
			len++;
		len += len < stream.len;
		add_shape(shapes, (struct span){ stream.at, len });
		stream = span_skip(stream, len);
	}
}

/* A page's first minutes: texts to two people, calls that are answered, an update that is passed on, an ack by key. */
static void tell(const char *message, struct shapes *shapes)
{
	*shapes = (struct shapes){ .count = 0 };
	bed_init(&bed);
	bed_line(&bed, "phone ada answers after 3s");
	bed_line(&bed, "phone bob answers after 3s presses challenge");
	BED_ASK(&bed, "page", "message", message, "to", "ada", "severity", "sev-1");
	CHECK(bed.answer.status == 0);
	bed_advance(&bed, 90000);
	BED_ASK(&bed, "escalate", "id", "p1", "reason", message);
	BED_ASK(&bed, "update", "id", "p1", "text", message);
	bed_advance(&bed, 240000);
	BED_ASK(&bed, "page", "message", "again", "to", "bob", "host", message, "service", message);
	bed_advance(&bed, 90000);
	for (size_t i = 0; i < BED_MODEMS; i++)
		cut_stream(shapes, buf_span(&bed.wire[i]));
}

static bool has_shape(const struct shapes *shapes, const char *shape)
{
	for (size_t i = 0; i < shapes->count; i++)
		if (strcmp(shapes->at[i], shape) == 0)
			return true;
	return false;
}

static struct shapes harmless;

static void check_harmless(const char *row, const char *message)
{
	static struct shapes shapes;

	tell(message, &shapes);
	for (size_t i = 0; i < shapes.count; i++) {
		if (!has_shape(&harmless, shapes.at[i]))
			print_error("%s: a new command: \"%s\"\n", row, shapes.at[i]);
		CHECK_ROW(has_shape(&harmless, shapes.at[i]), row);
	}
	CHECK_ROW(bed_wrote(&bed, "AT+CMGS=") == bed_wrote(&bed, "\x1a"), row);
}

static const struct {
	const char *row;
	const char *message;
	const char *text;   /* to be read on the phone */
	const char *speech; /* to be heard; NULL: nothing of it can be */
} rows[] = {
	{ "line ends", "db1\r\ndown\rnow\n", "db1 down", "D B 1 down" },
	{ "commands", "db1 down\r\nATD112;\r\n", "ATD112;", "ATD 112" },
	{ "end of unit", "db1 down\x1a\rAT+CFUN=0\r", "db1 down", "D B 1 down" },
	{ "escape", "db1\x1b down \x1b[31m", "db1", "D B 1" },
	{ "quotes", "db1 \"down\",\"+15550199999\",129", "\"down\"", "down" },
	{ "escape sequence", "+++ATH+++ db1", "+++ATH+++ db1", "D B 1" },
	{ "results", "OK\r\nERROR\r\n+CMTI: \"SM\",1", "OK ERROR", "ERROR" },
	{ "emoji", "\xf0\x9f\x94\xa5 db1 on fire", "db1 on fire", "D B 1 on fire" },
	{ "another script", "\xd0\xb1\xd0\xb0\xd0\xb7\xd0\xb0 db1", "db1", "D B 1" },
	{ "bad UTF-8", "\xff\xfe\xc0\x80 db1 down \xed\xa0\x80", "db1 down", "D B 1 down" },
	{ "hex", "0031000B915155100000F3 db1", "0031000B915155100000F3 db1", "D B 1" },
	{ "format", "%s%n%08x db1", "%s%n%08x db1", "D B 1" },
	{ "deletes", "\x7f\x08\x08 db1", "db1", "D B 1" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		check_harmless(rows[i].row, rows[i].message);
		if (bed_seen(&bed, SIM_TEXTED, "ada", rows[i].text) == 0 ||
		    bed_seen(&bed, SIM_HEARD, "ada", rows[i].speech) == 0)
			for (size_t k = 0; k < bed.seen_count; k++)
				print_error("%d %s %s\n", (int)bed.seen[k].kind, bed.seen[k].name,
					    bed.seen[k].text);
		CHECK_ROW(bed_seen(&bed, SIM_TEXTED, "ada", rows[i].text) > 0, rows[i].row);
		CHECK_ROW(bed_seen(&bed, SIM_HEARD, "ada", rows[i].speech) > 0, rows[i].row);
		CHECK_ROW(bed_seen(&bed, SIM_TEXTED, "ada", "reply ACK") > 0, rows[i].row);
		CHECK_ROW(bed_seen(&bed, SIM_HEARD, "bob", "yours") > 0, rows[i].row);
		bed_deinit(&bed);
	}
}

static void test_long(void **state)
{
	static char message[10241];

	(void)state;
	for (size_t i = 0; i < sizeof message - 1; i++)
		message[i] = "db1 down\r\n\x1a\x1b\"AT+CFUN=0;"[i % 22];
	message[sizeof message - 1] = '\0';
	check_harmless("10 kB", message);
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "db1 down") > 0);
	CHECK(bed_seen(&bed, SIM_TEXTED, "ada", "reply ACK") > 0);
	bed_deinit(&bed);
}

static void test_random_bytes(void **state)
{
	uint64_t seed = 4711;

	(void)state;
	for (int i = 0; i < RANDOM; i++) {
		char message[200] = "db1 ";
		char row[20];
		size_t len = 4;

		for (size_t max = (size_t)(i * 3 + 5); len < max; len++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			message[len] = (char)(1 + (seed >> 33) % 255);
		}
		message[len] = '\0';
		snprintf(row, sizeof row, "random %d", i);
		check_harmless(row, message);
		CHECK_ROW(bed_seen(&bed, SIM_TEXTED, "ada", "db1") > 0, row);
		bed_deinit(&bed);
	}
}

/* ---- numbers ---- */

static const char *const bad_numbers[] = {
	"112",
	"911",
	"+112",
	"*21*+15550199999#",
	"##002#",
	"*#06#",
	"+15550100001;",
	"+155501;ATD112",
	"+15550100001,,9",
	"+0155501000",
	"15550100001",
	"\r\nATD112;\r",
	"+1555010000\x1a",
	"",
	"+155501000012345",
};

/* Only who stands in the roster is ever dialled or texted. */
static void check_numbers(const char *row)
{
	CHECK_ROW(bed_wrote(&bed, "ATD") ==
			  bed_wrote(&bed, "ATD+15550100002;") + bed_wrote(&bed, "ATD+15550100003;"),
		  row);
	for (size_t i = 0; i < bed.seen_count; i++) {
		const struct sim_event *event = &bed.seen[i];
		bool out = event->kind == SIM_DIALLED || event->kind == SIM_SUBMITTED;

		CHECK_ROW(!out || strcmp(event->phone, "+15550100002") == 0 ||
				  strcmp(event->phone, "+15550100003") == 0,
			  row);
	}
}

/* A configuration that no checker saw: Ada's number is no number.  She is skipped; the others are still reached. */
static void test_bad_configuration(void **state)
{
	(void)state;
	for (size_t i = 0; i + 1 < COUNT_OF(bad_numbers); i++) {
		struct plan *plan = bed_plan(bed_config);

		span_copy(span_of(bad_numbers[i]), plan->people[0].numbers[0].e164, PLAN_E164);
		bed_init_with(&bed, plan);
		BED_ASK(&bed, "page", "message", "db1 down", "severity", "sev-1");
		bed_advance(&bed, 20 * 60000);
		check_numbers(bad_numbers[i]);
		CHECK_ROW(bed_seen(&bed, SIM_TEXTED, "bob", "db1 down") > 0, bad_numbers[i]);
		CHECK_ROW(bed_seen(&bed, SIM_RINGS, "bob", "") > 0, bad_numbers[i]);
		bed_deinit(&bed);
	}
}

/* A database that somebody edited by hand: a text that waits for a number nobody listed. */
static void test_bad_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad_numbers); i++) {
		struct attempt *attempt = calloc(1, sizeof *attempt);
		struct attempt *attempts[1] = { attempt };
		struct snapshot snapshot = { .attempts = attempts,
					     .attempt_count = 1,
					     .last_attempt = 1 };
		struct err err = { 0 };

		CHECK(attempt != NULL);
		*attempt =
			(struct attempt){ .id = 1, .kind = ATTEMPT_NOTE, .state = ATTEMPT_QUEUED };
		attempt->text = span_dup(span_of("db1 down"));
		span_copy(span_of("ada"), attempt->person, sizeof attempt->person);
		span_copy(span_of(bad_numbers[i]), attempt->number, sizeof attempt->number);
		bed_init(&bed);
		CHECK(gateway_restore(bed.gateway, &snapshot, bed.now, &err) == 0);
		CHECK(attempts[0] == NULL);
		bed_advance(&bed, 20 * 60000);
		CHECK_ROW(bed_wrote(&bed, "AT+CMGS") == 0, bad_numbers[i]);
		CHECK_ROW(bed_wrote(&bed, "ATD") == 0, bad_numbers[i]);
		check_numbers(bad_numbers[i]);
		bed_deinit(&bed);
	}
}

static int tell_harmless(void **state)
{
	(void)state;
	tell("db1 is down since three", &harmless);
	CHECK(bed_seen(&bed, SIM_HEARD, "bob", "yours") > 0);
	CHECK(has_shape(&harmless, "AT+CMGS=#\r") && has_shape(&harmless, "#\x1a"));
	CHECK(has_shape(&harmless, "AT+QWTTS=1,1,1,\"#\"\r"));
	bed_deinit(&bed);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),         cmocka_unit_test(test_long),
		cmocka_unit_test(test_random_bytes), cmocka_unit_test(test_bad_configuration),
		cmocka_unit_test(test_bad_rows),
	};

	return cmocka_run_group_tests(tests, tell_harmless, NULL);
}
