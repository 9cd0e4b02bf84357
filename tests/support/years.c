#include "tests/support/years.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/host/kill_story.h"
#include "tests/support/soak.h"

#define HOUR_MS     3600000
#define WEEK_MS     (INT64_C(168) * HOUR_MS)
#define ACK_S       1200 /* a page is acked by then, whatever the fault: there is another path */
#define SPARE_BYTES 65536

/* Of one modem.  Over by the end of the week, or the gateway's own to repair. */
static const char *const faults[] = {
	"unplugged for 10m",
	"unplugged for 20h",
	"unplugged for 30s at byte 60 of +CMGS",
	"hangs for 2h",
	"hangs for 30h",
	"hangs", /* for good: it is reset */
	"hangs at byte 60 of +CMGS",
	"deaf for 5h",
	"reboots",
	"forgets settings",
	"disk for 3h",
	"port beta",
	"registration denied for 6h",
	"registration lost for 12h",
	"registration creg none for 30h",
	"unreachable for 12h",
	"storage full for 12h",
	"deletes nothing for 24h",
	"indices shift for 40h",
	"listing joined for 40h",
	"counters late 500ms for 40h",
	"notices misplaced for 24h",
	"notices elsewhere for 24h",
	"loses 30 notices",
	"loses 3 results",
	"loses 3 oks",
	"refuses 5 sends with 38",
	"sms 30s to 170s for 9h",
	"slow 1s to 4s for 10h",
	"silent on +CMGL for 5h",
	"answers +CLCC with \"ERROR\" for 9h",
	"prompt missing for 3h",
	"prompt late 4s for 9h",
	"noise every 20ms for 10m",
	"chunks 1 every 2ms for 9h",
	"lines without-cr for 20h",
	"results numeric for 3h",
	"foreign types \"ATE1\" every 60s for 5h",
	"sleeps 20s for 24h",
	"smsc lost",
	"sim busy for 2m",
	"sim failure for 30m",
	"sim swapped",
	"signal 3 for 48h",
	"voice off for 48h",
	"voice error for 48h",
	"dtmf missing for 48h",
	"calls linger 4s for 48h",
	"clock behind 5h for 72h",
	"credit 0 for 24h",
};

static const char *const networks[] = {
	"operator 00101 down for 12h", "operator 00102 rejects 80% for 10h",
	"stamps stuck for 48h",        "reports off for 72h",
	"reports false for 72h",       "delivery 20s to 200s for 24h",
	"doubles all texts for 12h",   "holds texts to ada for 3h",
	"congested 70% for 24h",       "down for 2m",
};

static struct {
	struct world world;
	uint64_t random;
	bool tell;
	char *why;
	struct years_figures *sum;
} y;

static int64_t pick(int64_t count)
{
	y.random = y.random * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)((y.random >> 33) % (uint64_t)count);
}

static void broken(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void broken(const char *fmt, ...)
{
	char what[200];
	va_list ap;

	if (y.why[0] != '\0')
		return;
	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	snprintf(y.why, YEARS_WHY, "week %d, hour %d: %s", y.sum->weeks + 1,
		 (int)(y.world.now.mono_ms % WEEK_MS / HOUR_MS), what);
}

static void line(const char *text)
{
	struct err err = { 0 };

	if (y.tell)
		printf("%3d %3d:%02d  %s\n", y.sum->weeks + 1,
		       (int)(y.world.now.mono_ms % WEEK_MS / HOUR_MS),
		       (int)(y.world.now.mono_ms / 60000 % 60), text);
	if (sim_line(y.world.sim, span_of(text), y.world.now, &err) < 0)
		broken("%s: %s", text, err.text);
}

static void look(void)
{
	for (size_t i = 0; i < y.world.sighting_count; i++) {
		const struct sim_event *event = &y.world.sightings[i].event;
		bool person = strncmp(event->phone, "+1555010", 8) == 0;

		y.sum->texts += event->kind == SIM_TEXTED && person;
		y.sum->proofs += event->kind == SIM_TEXTED && !person;
		y.sum->calls += event->kind == SIM_DIALLED && person;
		if (event->kind == SIM_TEXTED && person && strstr(event->text, "odem ") != NULL) {
			y.sum->operator_texts++;
			if (y.tell)
				printf("%3d         %s: %s\n", y.sum->weeks + 1, event->name,
				       event->text);
		}
	}
	y.world.sighting_count = 0;
}

static void advance_to(int64_t until)
{
	struct err err = { 0 };

	while (y.world.now.mono_ms < until && y.why[0] == '\0') {
		if (world_step(&y.world, until, &err) < 0)
			broken("%s", err.text);
		look();
	}
}

/* As the command line does: when the power goes meanwhile, the same again under the same id. */
static json_t *asked(const char *name, const char *key, const char *value)
{
	struct request request = { .name = name, .peer = "ops", .count = key == NULL ? 0 : 2 };
	json_t *json = NULL;
	struct err err = { 0 };
	char id[24];

	snprintf(id, sizeof id, "w%d", y.sum->weeks);
	request.fields[0].key = key;
	request.fields[0].value = value;
	request.fields[1].key = "request";
	request.fields[1].value = id;
	if (strcmp(name, "page") != 0 && request.count > 0)
		request.count = 1;
	for (int tries = 0; json == NULL && tries < 3; tries++) {
		while (y.world.crashed && y.why[0] == '\0')
			if (world_restart(&y.world, &err) < 0)
				broken("%s", err.text);
		world_request(&y.world, &request);
		json = json_loads(y.world.answered ? buf_text(&y.world.answer.json) : "", 0, NULL);
	}
	if (json == NULL)
		broken("%s is not answered", name);
	return json;
}

/* ---- a week ---- */

static void page(void)
{
	char message[40];
	char why[80];
	char sql[120];
	json_t *json;
	int64_t id;
	int64_t opened;
	int64_t acked = 0;

	snprintf(message, sizeof message, "week %d", y.sum->weeks + 1);
	json = asked("page", "message", message);
	id = json == NULL ? 0 : atoll(json_string_value(json_object_get(json, "id")) + 1);
	json_decref(json);
	opened = y.world.now.utc_s;
	snprintf(sql, sizeof sql, "SELECT acked_utc_s FROM page WHERE id = %lld", (long long)id);
	while (y.why[0] == '\0' && y.world.now.utc_s < opened + ACK_S &&
	       (acked = story_ask(y.world.path, sql, NULL, 0)) <= 0)
		advance_to(y.world.now.mono_ms + 10000);
	if (acked <= 0)
		broken("the page is not acked in %d s", ACK_S);
	y.sum->pages++;
	if (acked - opened > y.sum->worst_ack_s) {
		y.sum->worst_ack_s = acked - opened;
		y.sum->worst_week = y.sum->weeks + 1;
	}
	snprintf(why, sizeof why, "p%lld", (long long)id);
	json_decref(asked("resolve", "id", why));
}

static void people(void)
{
	bool texts = pick(2) == 0;

	line(texts ? "phone ada replies \"ACK {code}\" after 40s and ignores calls"
		   : "phone ada answers after 6s presses challenge and replies nothing");
}

static void fault(void)
{
	char text[120];

	y.sum->faults++;
	if (pick(8) == 0) {
		y.world.crash_commit = y.world.commits + 1;
		y.world.reboots = pick(2) == 0;
		y.world.outage_ms = pick(60) * 60000;
		y.sum->power_cuts++;
	}
	if (pick(6) == 0)
		snprintf(text, sizeof text, "network %s", networks[pick(COUNT_OF(networks))]);
	else
		snprintf(text, sizeof text, "modem %s %s", pick(2) == 0 ? "alpha" : "beta",
			 faults[pick(COUNT_OF(faults))]);
	line(text);
}

/* At the week's end nothing is wrong any more. */
static void check_modems(void)
{
	json_t *json = asked("modems", NULL, NULL);
	const json_t *modems = json_object_get(json, "modems");

	if (json_array_size(modems) != 2)
		broken("there are %zu modems", json_array_size(modems));
	for (size_t i = 0; i < json_array_size(modems); i++) {
		const json_t *modem = json_array_get(modems, i);
		const char *state = json_string_value(json_object_get(modem, "state"));

		if (state == NULL || strcmp(state, "ready") != 0)
			broken("modem %s is %s", json_string_value(json_object_get(modem, "name")),
			       state);
	}
	json_decref(json);
}

static void week(void)
{
	int64_t monday = y.sum->weeks * WEEK_MS;
	int64_t fault_ms = monday + HOUR_MS + pick(60 * HOUR_MS);
	/* Every other page comes while the fault lasts, the first minutes of it. */
	int64_t page_ms = pick(2) == 0 ? fault_ms + pick(1200000) : fault_ms + pick(60 * HOUR_MS);

	people();
	advance_to(fault_ms);
	fault();
	advance_to(page_ms);
	if (y.why[0] == '\0')
		page();
	advance_to(monday + WEEK_MS);
	if (y.why[0] == '\0')
		check_modems();
}

/* ---- all of them ---- */

/* The story's, with the proofs from modem to modem that it does without. */
static void configure(struct err *err)
{
	char *text = span_dup(span_of(story_config));
	char *at = text == NULL ? NULL : strstr(text, "\"0 s\"");

	for (; at != NULL; at = strstr(at, "\"0 s\""))
		memcpy(at, "\"6 h\"", 5);
	if (text == NULL || world_configure(&y.world, span_of(text), "years.cfg", err) < 0)
		broken("no configuration: %s", err->text);
	free(text);
}

static void begin(uint64_t seed)
{
	static const char *const lines[] = {
		"modem alpha +15550009001 quectel operator 00101",
		"modem beta +15550009002 simcom operator 00102",
		"phone ada +15550100001 answers after 6s presses challenge",
		"phone bob +15550100002 answers after 10s presses challenge",
		"phone carol +15550100003 ignores",
		"phone dave +15550100004 replies \"ACK {code}\" after 60s",
		"network delivery 2s to 9s",
	};
	struct err err = { 0 };
	char path[100];

	story_path(path, sizeof path);
	if (world_init(&y.world, path, seed, STORY_MONDAY_UTC_S, &err) < 0)
		broken("%s", err.text);
	else
		configure(&err);
	for (size_t i = 0; i < COUNT_OF(lines) && y.why[0] == '\0'; i++)
		line(lines[i]);
	if (y.why[0] == '\0' && world_start(&y.world, &err) < 0)
		broken("%s", err.text);
}

bool years_live(int weeks, uint64_t seed, bool tell, struct years_figures *sum, char why[YEARS_WHY])
{
	size_t settled = 0;
	struct stat st;

	why[0] = '\0';
	memset(&y, 0, sizeof y);
	y.random = seed * 977 + 5;
	y.tell = tell;
	y.why = why;
	y.sum = sum;
	*sum = (struct years_figures){ 0 };
	begin(seed);
	while (sum->weeks < weeks && why[0] == '\0') {
		week();
		sum->weeks++;
		if (y.tell)
			printf("%3d  heap %zu\n", sum->weeks, soak_holdings().bytes);
		if (sum->weeks == weeks / 2)
			settled = soak_holdings().bytes;
	}
	if (sum->weeks == weeks)
		sum->heap_growth = (int64_t)soak_holdings().bytes - (int64_t)settled;
	if (sum->heap_growth > SPARE_BYTES)
		broken("the heap grew by %lld bytes", (long long)sum->heap_growth);
	if (stat(y.world.path, &st) == 0)
		sum->database_bytes = st.st_size;
	world_deinit(&y.world);
	return why[0] == '\0';
}

void years_print(const struct years_figures *sum, int64_t wall_ms)
{
	printf("# figures: %d weeks unattended: %zu faults, %zu power cuts, %zu pages, slowest ack "
	       "%lld s "
	       "(week %d), restarts by hand %zu\n",
	       sum->weeks, sum->faults, sum->power_cuts, sum->pages, (long long)sum->worst_ack_s,
	       sum->worst_week, sum->by_hand);
	printf("# figures: %zu texts and %zu calls to people, %zu texts about itself, %zu proofs; "
	       "heap "
	       "%+lld bytes, database %lld kB; %lld s of real time\n",
	       sum->texts, sum->calls, sum->operator_texts, sum->proofs,
	       (long long)sum->heap_growth, (long long)(sum->database_bytes / 1024),
	       (long long)(wall_ms / 1000));
}
