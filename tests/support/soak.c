#include "tests/support/soak.h"

#include <dirent.h>
#include <jansson.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdlib.h>

#include "tests/host/kill_story.h"
#include "tests/support/soak_blows.h"

#define MINUTE_MS   60000
#define MINUTES     60
#define WELL_MIN    80 /* the longest rest of a chain is 30 min, its own steps 20 */
#define START_MS    5000
#define ENOUGH      20 /* pages that a life asks for */
#define PAGES_MAX   120
#define REPLIES_MAX 120
#define RECENT      64
#define AGAIN_MS    240000 /* the same text to the same phone within this time is a duplicate */

struct asked { /* a page that was asked for */
	char word[8];
	int64_t at_ms;
	bool reached;
};

struct recent {
	char phone[24];
	uint64_t hash;
	int64_t at_ms;
};

static struct life {
	struct world world;
	uint64_t random;
	uint64_t seed;
	bool tell;
	struct soak_figures *sum;
	char *why; /* "" while all holds */
	bool cut;
	bool forgetful; /* the disk has failed: what ended meanwhile may stand there as if it had not */
	char live[PEOPLE][24]; /* numbers in a call, or "" */
	int64_t works_due;     /* mono_ms at which the disk works again */
	struct asked pages[PAGES_MAX];
	size_t page_count;
	bool replied[REPLIES_MAX]; /* by its mark: it went out */
	int reply_count;
	size_t allowed; /* duplicates */
	size_t duplicates, faults;
	struct recent recent[RECENT];
	size_t recent_count;
} life;

static size_t pick(size_t count)
{
	life.random = life.random * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(life.random >> 33) % count;
}

static void broken(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void broken(const char *fmt, ...)
{
	char what[200];
	va_list ap;

	if (life.why[0] != '\0')
		return;
	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	snprintf(life.why, SOAK_WHY, "seed %llu at %lld ms: %s", (unsigned long long)life.seed,
		 (long long)life.world.now.mono_ms, what);
}

static void tell(const char *what)
{
	int64_t s = life.world.now.mono_ms / 1000;

	if (life.tell)
		printf("%3d:%02d.%03d  %s\n", (int)(s / 60), (int)(s % 60),
		       (int)(life.world.now.mono_ms % 1000), what);
}

static void line(const char *subject, const char *name, const char *what)
{
	char text[200];
	struct err err = { 0 };

	snprintf(text, sizeof text, "%s %s%s%s", subject, name, name[0] == '\0' ? "" : " ", what);
	tell(text);
	if (sim_line(life.world.sim, span_of(text), life.world.now, &err) < 0)
		broken("%s: %s", text, err.text);
}

static void blow(const char *subject, const char *name, const struct blow *row)
{
	life.cut = life.cut || row->cut;
	life.allowed += (size_t)row->weight;
	life.faults++;
	line(subject, name, row->line);
}

/* ---- what is seen ---- */

static bool ours(const char *number)
{
	return strcmp(number, "+15550009001") == 0 || strcmp(number, "+15550009002") == 0;
}

static bool known(const char *number)
{
	return strncmp(number, "+1555010000", 11) == 0 && number[11] >= '1' && number[11] <= '4' &&
	       number[12] == '\0';
}

static void one_call(const struct sim_event *event)
{
	char *live = life.live[event->phone[11] - '1'];

	if (event->kind == SIM_DIALLED && !life.cut && live[0] != '\0')
		broken("%s is called twice at once", event->phone);
	else if (event->kind == SIM_RINGS || event->kind == SIM_ANSWERED)
		span_copy(span_of(event->phone), live, sizeof life.live[0]);
	else if (event->kind == SIM_HUNG_UP)
		live[0] = '\0';
}

static uint64_t hash_of(const char *text)
{
	uint64_t hash = 14695981039346656037u;

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211u;
	return hash;
}

/* A page's text that this phone got before: what a send in doubt costs. */
static void count_duplicate(const struct sim_event *event)
{
	struct recent new = { .hash = hash_of(event->text), .at_ms = event->mono_ms };

	if (strstr(event->text, "eply ACK ") == NULL)
		return;
	span_copy(span_of(event->phone), new.phone, sizeof new.phone);
	for (size_t i = 0; i < life.recent_count && i < RECENT; i++) {
		const struct recent *old = &life.recent[i];

		if (old->hash == new.hash && strcmp(old->phone, new.phone) == 0 &&
		    new.at_ms - old->at_ms < AGAIN_MS) {
			life.duplicates++;
			tell("^ a duplicate");
			break;
		}
	}
	life.recent[life.recent_count++ % RECENT] = new;
}

static void reach(const struct sim_event *event)
{
	for (size_t i = 0; i < life.page_count; i++) {
		struct asked *page = &life.pages[i];
		int64_t wait = event->mono_ms - page->at_ms;

		if (page->reached || strstr(event->text, page->word) == NULL)
			continue;
		page->reached = true;
		if (wait <= life.sum->worst_ms)
			continue;
		life.sum->worst_ms = wait;
		life.sum->worst_seed = life.seed;
	}
}

static void count_reply(const struct sim_event *event)
{
	const char *mark = strstr(event->text, "mark ");
	int n = mark == NULL ? -1 : atoi(mark + 5);

	if (n >= 0 && n < REPLIES_MAX)
		life.replied[n] = true;
}

static void see(const struct sim_event *event)
{
	char text[300];

	if (life.tell) {
		sim_event_text(event,
			       event->modem < 0
				       ? NULL
				       : sim_modem_name(life.world.sim, (size_t)event->modem),
			       text, sizeof text);
		tell(text);
	}
	life.sum->calls += event->kind == SIM_DIALLED;
	if ((event->kind == SIM_DIALLED || event->kind == SIM_SUBMITTED) && !known(event->phone) &&
	    !ours(event->phone))
		broken("%s is reached, a stranger", event->phone);
	if (known(event->phone))
		one_call(event);
	if (event->kind == SIM_TEXTED && known(event->phone)) {
		life.sum->texts++;
		count_duplicate(event);
	}
	if (event->kind == SIM_TEXTED || event->kind == SIM_HEARD)
		reach(event);
	else if (event->kind == SIM_REPLIED)
		count_reply(event);
}

static void look(void)
{
	for (size_t i = 0; i < life.world.sighting_count; i++)
		see(&life.world.sightings[i].event);
	life.world.sighting_count = 0;
}

/* ---- time ---- */

static void power(void)
{
	struct err err = { 0 };

	while (life.world.crashed) {
		tell("the power is back");
		if (world_restart(&life.world, &err) < 0) {
			broken("no start after a power cut: %s", err.text);
			return;
		}
	}
}

static void advance(int64_t ms)
{
	int64_t until = life.world.now.mono_ms + ms;
	struct err err = { 0 };

	while (life.world.now.mono_ms < until && life.why[0] == '\0') {
		if (world_step(&life.world, until, &err) < 0)
			broken("%s", err.text);
		if (life.world.store_broken && life.world.now.mono_ms >= life.works_due)
			life.world.store_broken = false;
		look();
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
		broken("a page without a state");
	else if (strcmp(state, "resolved") == 0)
		return;
	else if (strcmp(state, "open") != 0 && (strcmp(state, "acked") != 0 || owner == NULL))
		broken("%s is %s, and nobody's", id, state);
	else if (!json_is_integer(deadline) || json_integer_value(deadline) <= 0 ||
		 json_integer_value(deadline) > 3600)
		broken("%s has no deadline ahead", id);
}

static void check_pages(void)
{
	struct request request = { .name = "list", .peer = "test" };
	char twice[40];
	json_t *json;
	const json_t *pages;

	for (int turn = 0; turn < 3 && life.why[0] == '\0';
	     turn++) { /* due while there was no power */
		struct err err = { 0 };

		if (world_step(&life.world, life.world.now.mono_ms, &err) < 0)
			broken("%s", err.text);
	}
	world_request(&life.world, &request);
	if (life.world.crashed) {
		power();
		return;
	}
	json = json_loads(life.world.answered ? buf_text(&life.world.answer.json) : "", 0, NULL);
	pages = json_object_get(json, "pages");
	if (!json_is_array(pages))
		broken("list is not answered");
	for (size_t i = 0; i < json_array_size(pages); i++)
		check_page(json_array_get(pages, i));
	json_decref(json);
	story_ask(life.world.path,
		  "SELECT person FROM attempt WHERE kind = 2 AND state = 2 GROUP BY person HAVING"
		  " count(*) > 1",
		  twice, sizeof twice);
	if (twice[0] != '\0' && !life.forgetful)
		broken("two calls to %s at once", twice);
}

/* ---- what happens ---- */

static void ask(const char *name, const char *key, const char *value, const char *other,
		const char *more)
{
	struct request request = { .name = name, .peer = "ops", .count = 2 };
	char text[100];

	snprintf(text, sizeof text, "%s %s %s %s %s", name, key, value, other, more);
	tell(text);
	request.fields[0].key = key;
	request.fields[0].value = value;
	request.fields[1].key = other;
	request.fields[1].value = more;
	world_request(&life.world, &request);
	power();
}

/* Its message is a word of its own, by which it is known in texts and speech. */
static void open_page(void)
{
	static const char from[] = "bdfgklmnprstvz";
	struct asked *page = &life.pages[life.page_count];
	char message[40];

	if (life.page_count == ENOUGH)
		return;
	snprintf(page->word, sizeof page->word, "%ca%co%cu", from[life.page_count % 14],
		 from[life.page_count / 14], from[(life.page_count * 5 + 3) % 14]);
	page->at_ms = life.world.now.mono_ms;
	life.page_count++;
	snprintf(message, sizeof message, "%s down", page->word);
	ask("page", "message", message, "to", pick(2) == 0 ? "platform" : people[pick(PEOPLE)]);
}

static void write_text(void)
{
	char text[120];

	if (life.reply_count == REPLIES_MAX)
		return;
	snprintf(text, sizeof text, "texts \"%s\\n-- \\nmark %d\" to %s",
		 words[pick(COUNT_OF(words))], life.reply_count++, modems[pick(2)]);
	line("phone", people[pick(PEOPLE)], text);
}

static void cut_power(void)
{
	life.world.crash_commit = life.world.commits + 1 + pick(6);
	life.world.crash_before = pick(2) == 0;
	life.world.reboots = pick(2) == 0;
	life.world.outage_ms = (int64_t)pick(3) * 30000;
	life.cut = true;
	life.allowed += COUNT_OF(modems); /* what each of them was sending */
	life.faults++;
	life.sum->power_cuts++;
	tell("the power will go");
}

static void break_disk(void)
{
	life.world.store_broken = true;
	life.works_due = life.world.now.mono_ms + 20000;
	life.allowed += COUNT_OF(modems);
	life.faults++;
	life.forgetful = true;
	tell("the disk fails for 20s");
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

	life.world.store_broken = false;
	life.world.crash_commit = 0;
	tell("all is well again");
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

/* ---- what must hold in the end ---- */

/* Pages that nobody took since `utc_s`. */
static int64_t untaken(int64_t utc_s)
{
	char sql[300];

	snprintf(sql, sizeof sql,
		 "SELECT count(*) FROM page WHERE state = 1 AND NOT EXISTS (SELECT 1 FROM event "
		 "WHERE event.page = page.id AND name = 'page.acked' AND utc_s >= %lld)",
		 (long long)utc_s);
	return story_ask(life.world.path, sql, NULL, 0);
}

static void check_replies(void)
{
	for (int i = 0; i < life.reply_count; i++) {
		char sql[120];

		if (!life.replied[i])
			continue; /* her phone was off */
		life.sum->replies++;
		snprintf(sql, sizeof sql,
			 "SELECT count(*) FROM inbound WHERE text LIKE '%%mark %d'", i);
		if (story_ask(life.world.path, sql, NULL, 0) >= 1)
			continue;
		life.sum->lost++;
		broken("the text with mark %d is lost", i);
	}
}

static void check_duplicates(void)
{
	life.sum->duplicates += life.duplicates;
	if (life.duplicates > life.allowed)
		broken("%zu duplicates of page texts, but faults for %zu", life.duplicates,
		       life.allowed);
	if (life.duplicates > life.sum->worst_duplicates) {
		life.sum->worst_duplicates = life.duplicates;
		life.sum->worst_faults = life.allowed;
	}
}

/* What the gateway had to say of it, for whoever looks into a failure. */
static void tell_history(void)
{
	static const char sql[] =
		"SELECT utc_s AS at, '  ' || time(utc_s, 'unixepoch') || ' ' || name || ' ' || "
		"person"
		" || ' ' || modem || ' ' || coalesce(text, '') FROM event UNION ALL"
		" SELECT utc_s AS at, '  ' || time(utc_s, 'unixepoch') || ' inbound ' || modem || "
		"' ' ||"
		" number || ' ' || action || ': ' || replace(coalesce(text, ''), char(10), ' ') || "
		"' ' ||"
		" hex FROM inbound ORDER BY at";
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_open_v2(life.world.path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK)
		while (sqlite3_step(stmt) == SQLITE_ROW)
			printf("%s\n", (const char *)sqlite3_column_text(stmt, 1));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
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
	if (world_init(&life.world, path, life.seed, STORY_MONDAY_UTC_S, &err) < 0 ||
	    world_configure(&life.world, buf_span(&config), "soak.cfg", &err) < 0)
		broken("%s", err.text);
	buf_free(&config);
	for (size_t i = 0; i < COUNT_OF(modems) && life.why[0] == '\0'; i++) {
		char text[60];

		/* One of the two speaks: without it no key is ever pressed. */
		snprintf(text, sizeof text, "+1555000900%zu %s", i + 1,
			 families[i == 0 ? pick(2) : pick(COUNT_OF(families))]);
		line("modem", modems[i], text);
	}
	for (size_t i = 0; i < PEOPLE && life.why[0] == '\0'; i++) {
		char text[60];

		snprintf(text, sizeof text, "+1555010000%zu %s", i + 1,
			 i == 1 ? manners[3] : manners[0]);
		line("phone", people[i], text);
	}
	if (life.why[0] == '\0' && world_start(&life.world, &err) < 0)
		broken("%s", err.text);
	advance(START_MS);
}

bool soak_live(uint64_t seed, bool telling, struct soak_figures *sum, char why[SOAK_WHY])
{
	int64_t well_utc_s;

	why[0] = '\0';
	life = (struct life){
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
	well_utc_s = life.world.now.utc_s;
	for (int minute = 0;
	     minute < WELL_MIN && why[0] == '\0' && (minute < 10 || untaken(well_utc_s) > 0);
	     minute++) {
		advance(MINUTE_MS);
		check_pages();
	}
	if (why[0] == '\0' && untaken(well_utc_s) > 0)
		broken("nobody took a page though all was well");
	if (why[0] == '\0')
		check_replies();
	check_duplicates();
	sum->lives++;
	sum->faults += life.faults;
	sum->pages += life.page_count;
	if (telling)
		tell_history();
	world_deinit(&life.world);
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
