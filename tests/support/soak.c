#include "tests/support/soak.h"

#include <dirent.h>
#include <jansson.h>
#include <malloc.h>
#include <stdlib.h>

#include "tests/host/kill_story.h"
#include "tests/support/soak_life.h"
#include "tests/support/soak_blows.h"

#define MINUTE_MS 60000
#define MINUTES   60
#define WELL_MIN  80 /* the longest rest of a chain is 30 min, its own steps 20 */
#define START_MS  5000
#define ENOUGH    20 /* pages that a life asks for */

static size_t pick(size_t count)
{
	soak_life.random = soak_life.random * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(soak_life.random >> 33) % count;
}

static void line(const char *subject, const char *name, const char *what)
{
	char text[200];
	struct err err = { 0 };

	snprintf(text, sizeof text, "%s %s%s%s", subject, name, name[0] == '\0' ? "" : " ", what);
	soak_tell(text);
	if (sim_line(soak_life.world.sim, span_of(text), soak_life.world.now, &err) < 0)
		soak_broken("%s: %s", text, err.text);
}

static void blow(const char *subject, const char *name, const struct blow *row)
{
	soak_life.cut = soak_life.cut || row->cut;
	soak_life.allowed += (size_t)row->weight;
	soak_life.faults++;
	line(subject, name, row->line);
}

/* ---- time ---- */

static void power(void)
{
	struct err err = { 0 };

	while (soak_life.world.crashed) {
		soak_tell("the power is back");
		if (world_restart(&soak_life.world, &err) < 0) {
			soak_broken("no start after a power cut: %s", err.text);
			return;
		}
	}
}

static void advance(int64_t ms)
{
	int64_t until = soak_life.world.now.mono_ms + ms;
	struct err err = { 0 };

	while (soak_life.world.now.mono_ms < until && soak_life.why[0] == '\0') {
		if (world_step(&soak_life.world, until, &err) < 0)
			soak_broken("%s", err.text);
		if (soak_life.world.store_broken &&
		    soak_life.world.now.mono_ms >= soak_life.works_due)
			soak_life.world.store_broken = false;
		soak_look();
	}
}

/* ---- what must hold at any time ---- */

/* Owned, over, or a deadline ahead. */
static void check_page(const json_t *page)
{
	const char *state = json_string_value(json_object_get(page, "state"));
	const char *owner = json_string_value(json_object_get(page, "owner"));
	const char *id = json_string_value(json_object_get(page, "id"));
	const json_t *deadline = json_object_get(page, "deadline_s");

	if (state == NULL)
		soak_broken("a page without a state");
	else if (strcmp(state, "resolved") == 0)
		return;
	else if (strcmp(state, "open") != 0 && (strcmp(state, "acked") != 0 || owner == NULL))
		soak_broken("%s is %s, and nobody's", id, state);
	else if (!json_is_integer(deadline) || json_integer_value(deadline) <= 0 ||
		 json_integer_value(deadline) > 3600)
		soak_broken("%s has no deadline ahead", id);
}

static void check_pages(void)
{
	struct request request = { .name = "list", .peer = "test" };
	char twice[40];
	json_t *json;
	const json_t *pages;

	for (int turn = 0; turn < 3 && soak_life.why[0] == '\0';
	     turn++) { /* due while there was no power */
		struct err err = { 0 };

		if (world_step(&soak_life.world, soak_life.world.now.mono_ms, &err) < 0)
			soak_broken("%s", err.text);
	}
	world_request(&soak_life.world, &request);
	if (soak_life.world.crashed) {
		power();
		return;
	}
	json = json_loads(soak_life.world.answered ? buf_text(&soak_life.world.answer.json) : "", 0,
			  NULL);
	pages = json_object_get(json, "pages");
	if (!json_is_array(pages))
		soak_broken("list is not answered");
	for (size_t i = 0; i < json_array_size(pages); i++)
		check_page(json_array_get(pages, i));
	json_decref(json);
	story_ask(soak_life.world.path,
		  "SELECT person FROM attempt WHERE kind = 2 AND state = 2 GROUP BY person HAVING"
		  " count(*) > 1",
		  twice, sizeof twice);
	if (twice[0] != '\0' && !soak_life.forgetful)
		soak_broken("two calls to %s at once", twice);
}

/* ---- what happens ---- */

static void ask(const char *name, const char *key, const char *value, const char *other,
		const char *more)
{
	struct request request = { .name = name, .peer = "ops", .count = 2 };
	char text[100];

	snprintf(text, sizeof text, "%s %s %s %s %s", name, key, value, other, more);
	soak_tell(text);
	request.fields[0].key = key;
	request.fields[0].value = value;
	request.fields[1].key = other;
	request.fields[1].value = more;
	world_request(&soak_life.world, &request);
	power();
}

/* Its message is a word of its own, by which it is known in texts and speech. */
static void open_page(void)
{
	static const char from[] = "bdfgklmnprstvz";
	struct asked *page = &soak_life.pages[soak_life.page_count];
	char message[40];

	if (soak_life.page_count == ENOUGH)
		return;
	snprintf(page->word, sizeof page->word, "%ca%co%cu", from[soak_life.page_count % 14],
		 from[soak_life.page_count / 14], from[(soak_life.page_count * 5 + 3) % 14]);
	page->at_ms = soak_life.world.now.mono_ms;
	soak_life.page_count++;
	snprintf(message, sizeof message, "%s down", page->word);
	ask("page", "message", message, "to", pick(2) == 0 ? "platform" : people[pick(PEOPLE)]);
}

static void write_text(void)
{
	char text[120];

	if (soak_life.reply_count == REPLIES_MAX)
		return;
	snprintf(text, sizeof text, "texts \"%s\\n-- \\nmark %d\" to %s",
		 words[pick(COUNT_OF(words))], soak_life.reply_count++, modems[pick(2)]);
	line("phone", people[pick(PEOPLE)], text);
}

static void cut_power(void)
{
	soak_life.world.crash_commit = soak_life.world.commits + 1 + pick(6);
	soak_life.world.crash_before = pick(2) == 0;
	soak_life.world.reboots = pick(2) == 0;
	soak_life.world.outage_ms = (int64_t)pick(3) * 30000;
	soak_life.cut = true;
	soak_life.allowed += COUNT_OF(modems); /* what each of them was sending */
	soak_life.faults++;
	soak_life.sum->power_cuts++;
	soak_tell("the power will go");
}

static void break_disk(void)
{
	soak_life.world.store_broken = true;
	soak_life.works_due = soak_life.world.now.mono_ms + 20000;
	soak_life.allowed += COUNT_OF(modems);
	soak_life.faults++;
	soak_life.forgetful = true;
	soak_tell("the disk fails for 20s");
}

static void happens(void)
{
	char id[24];

	snprintf(id, sizeof id, "p%zu", 1 + pick(ENOUGH));
	switch (pick(18)) {
	case 0:
	case 1:
	case 2:
		open_page();
		break;
	case 3:
	case 4:
	case 5:
	case 6:
	case 7:
		blow("modem", modems[pick(2)], &faults[pick(COUNT_OF(faults))]);
		break;
	case 8:
		blow("network", "", &networks[pick(COUNT_OF(networks))]);
		break;
	case 9:
	case 10:
		line("phone", people[pick(PEOPLE)], manners[pick(COUNT_OF(manners))]);
		break;
	case 11:
	case 12:
	case 13:
		write_text();
		break;
	case 14:
		ask("resolve", "id", id, "person", "ops");
		break;
	case 15:
		ask("pass", "id", id, "person", people[pick(PEOPLE)]);
		break;
	case 16:
		cut_power();
		break;
	default:
		break_disk();
		break;
	}
}

/* All well again: everybody answers. */
static void heal(void)
{
	static const char *const cures[] = {
		"recovers",          "plugged",
		"prompt normal",     "registration home",
		"registration true", "reachable",
		"sim ready",         "voice on",
		"dtmf on",           "noise off",
		"chunks off",        "storage empty",
		"storage SM empty",  "loses 0 results",
		"loses 0 oks",       "refuses 0 sends",
		"refuses 0 calls",   "sms 1s",
		"slow 0s",           "answers normally",
		"foreign off",       "bytes whole",
		"lines normal",      "results words",
		"sleeps never",      "deletes everything",
		"indices stay",      "listing normal",
		"notices normal",    "calls normal",
		"holds nothing",     "clock right",
		"smsc +15550000000", "counters right",
	};

	soak_life.world.store_broken = false;
	soak_life.world.crash_commit = 0;
	soak_tell("all is well again");
	for (size_t m = 0; m < COUNT_OF(modems); m++)
		for (size_t i = 0; i < COUNT_OF(cures); i++)
			line("modem", modems[m], cures[i]);
	line("network", "", "up");
	line("network", "", "drops 0 texts");
	line("network", "", "doubles 0 texts");
	line("network", "", "releases texts");
	line("network", "", "takes texts");
	line("network", "", "delivery 0s");
	line("network", "", "congested 0%");
	line("network", "", "stamps right");
	for (size_t i = 0; i < PEOPLE; i++)
		line("phone", people[i],
		     "answers after 4s presses challenge and replies \"ACK {code}\" after 20s");
}

/* ---- a life ---- */

static void begin(void)
{
	struct buf config = { 0 };
	struct err err = { 0 };
	char path[100];

	story_path(path, sizeof path);
	buf_add_text(&config, story_config);
	buf_add_text(&config, more_config);
	if (world_init(&soak_life.world, path, soak_life.seed, STORY_MONDAY_UTC_S, &err) < 0 ||
	    world_configure(&soak_life.world, buf_span(&config), "soak.cfg", &err) < 0)
		soak_broken("%s", err.text);
	buf_free(&config);
	for (size_t i = 0; i < COUNT_OF(modems) && soak_life.why[0] == '\0'; i++) {
		char text[60];

		/* One of the two speaks: without it no key is ever pressed. */
		snprintf(text, sizeof text, "+1555000900%zu %s", i + 1,
			 families[i == 0 ? pick(2) : pick(COUNT_OF(families))]);
		line("modem", modems[i], text);
	}
	for (size_t i = 0; i < PEOPLE && soak_life.why[0] == '\0'; i++) {
		char text[60];

		snprintf(text, sizeof text, "+1555010000%zu %s", i + 1,
			 i == 1 ? manners[3] : manners[0]);
		line("phone", people[i], text);
	}
	if (soak_life.why[0] == '\0' && world_start(&soak_life.world, &err) < 0)
		soak_broken("%s", err.text);
	advance(START_MS);
}

bool soak_live(uint64_t seed, bool telling, struct soak_figures *sum, char why[SOAK_WHY])
{
	int64_t well_utc_s;

	why[0] = '\0';
	soak_life = (struct life){
		.random = seed * 977 + 5, .seed = seed, .tell = telling, .sum = sum, .why = why
	};
	begin();
	for (int minute = 0; minute < MINUTES && why[0] == '\0'; minute++) {
		happens();
		advance((int64_t)pick(MINUTE_MS) + 1);
		check_pages();
	}
	if (why[0] == '\0')
		heal();
	well_utc_s = soak_life.world.now.utc_s;
	for (int minute = 0;
	     minute < WELL_MIN && why[0] == '\0' && (minute < 10 || soak_untaken(well_utc_s) > 0);
	     minute++) {
		advance(MINUTE_MS);
		check_pages();
	}
	if (why[0] == '\0' && soak_untaken(well_utc_s) > 0)
		soak_broken("nobody took a page though all was well");
	if (why[0] == '\0')
		soak_check_replies();
	soak_check_duplicates();
	sum->lives++;
	sum->faults += soak_life.faults;
	sum->pages += soak_life.page_count;
	if (telling)
		soak_tell_history();
	world_deinit(&soak_life.world);
	return why[0] == '\0';
}

/* ---- what the process holds ---- */

struct soak_holdings soak_holdings(void)
{
	struct soak_holdings now = { .bytes =
					     mallinfo2().uordblks - (size_t)sqlite3_memory_used() };
	DIR *dir = opendir("/proc/self/fd");

	while (dir != NULL && readdir(dir) != NULL)
		now.descriptors++;
	if (dir != NULL)
		closedir(dir);
	return now;
}

void soak_print(const struct soak_figures *sum, int64_t wall_ms)
{
	printf("# figures: %zu lives: %zu faults (%zu power cuts), %zu pages, %zu texts, %zu "
	       "calls, %zu "
	       "replies\n",
	       sum->lives, sum->faults, sum->power_cuts, sum->pages, sum->texts, sum->calls,
	       sum->replies);
	printf("# figures: lost: %zu; duplicates: %zu, in one life at most %zu (faults for %zu); "
	       "worst delay "
	       "%lld s (seed %llu); %lld s of real time\n",
	       sum->lost, sum->duplicates, sum->worst_duplicates, sum->worst_faults,
	       (long long)(sum->worst_ms / 1000), (unsigned long long)sum->worst_seed,
	       (long long)(wall_ms / 1000));
}
