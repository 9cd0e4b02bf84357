/* kill_story.h - one story of two pages' whole lives, told in a world whose power may go; for test_crash*.c alone. */
#ifndef TESTS_HOST_KILL_STORY_H
#define TESTS_HOST_KILL_STORY_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "scenario/world.h"

#define STORY_MONDAY_UTC_S 1767607200 /* 2026-01-05 10:00: ada is primary, bob secondary */
#define STORY_STEP_MS      300000     /* the policy's wait */
#define STORY_END_MS       1620000

static const char story_config[] =
	"gateway = \"Tocsin\"; country = \"1\"; default_rotation = \"platform\";\n"
	"operators = [ \"carol\" ]; catch_all = [ \"carol\", \"dave\" ]; proof = { every = \"0 "
	"s\"; };\n"
	"severities = ( { name = \"sev-1\"; lease = \"10 min\"; }, { name = \"sev-2\"; lease = "
	"\"10 "
	"min\"; } );\n"
	"people = ( { name = \"ada\"; numbers = ( { number = \"+15550100001\"; } ); },\n"
	"  { name = \"bob\"; numbers = ( { number = \"+15550100002\"; } ); },\n"
	"  { name = \"carol\"; numbers = ( { number = \"+15550100003\"; } ); },\n"
	"  { name = \"dave\"; numbers = ( { number = \"+15550100004\"; } ); } );\n"
	"rotations = ( { name = \"platform\"; members = [ \"ada\", \"bob\" ]; slots = [ "
	"\"primary\", "
	"\"secondary\" ]; starts = \"2026-01-05 10:00\"; } );\n"
	"policies = ( { name = \"default\"; steps = ( { to = [ \"target\" ]; wait = \"5 min\"; },\n"
	"  { to = [ \"target.secondary\" ]; wait = \"5 min\"; }, { to = [ \"carol\" ]; wait = \"5 "
	"min\"; } ); } );\n"
	"modems = ( { name = \"alpha\"; port = \"sim/alpha\"; number = \"+15550009001\"; },\n"
	"  { name = \"beta\"; port = \"sim/beta\"; number = \"+15550009002\"; } );\n";

static const char *const story_phones[] = {
	"modem alpha +15550009001 quectel",
	"modem beta +15550009002 simcom",
	"phone ada +15550100001 ignores",
	"phone bob +15550100002 answers after 6s presses challenge",
	"phone carol +15550100003 ignores",
	"phone dave +15550100004 ignores",
};

/* What happens, whatever the pager does.  {1} and {2} are the pages' codes. */
static const struct deed {
	int64_t at_ms;
	const char *line;      /* of the simulator, or NULL: a request */
	const char *words[11]; /* its name, then keys and values */
	const char *once;      /* not repeated when this counts any */
} story_deeds[] = {
	{ 5000, NULL, { "page", "request", "r1", "message", "db1 down", "severity", "sev-1" } },
	{ 60000, "phone ada texts \"STATUS\" to beta", { 0 } },
	{ 480000, NULL, { "page", "request", "r2", "message", "disk full", "to", "carol" } },
	{ 540000, "phone carol texts \"ACK {2}\" to alpha", { 0 } },
	{ 600000,
	  NULL,
	  { "update", "id", "p1", "person", "bob", "text", "looking" },
	  "SELECT count(*) FROM event WHERE name = 'page.updated'" },
	{ 660000,
	  "phone bob texts \"UPD {1} the replica stopped at three in the morning because its disk "
	  "is full, the backup of yesterday is sound, we copy it to the other machine now and will "
	  "know more in an hour\" to beta",
	  { 0 } },
	{ 720000, "phone bob texts \"PASS {1}\" to beta", { 0 } },
	{ 1100000, "phone dave texts \"ACK {1}\" to alpha", { 0 } },
	{ 1200000, "phone carol texts \"ACK {2}\" to beta", { 0 } },
	{ 1260000, "phone carol texts \"DONE {2}\" to beta", { 0 } },
	{ 1320000, NULL, { "resolve", "id", "p1" } },
};

/* Text parts that phones send: what must stand in the store at the end, each once. */
#define STORY_PARTS  8
#define STORY_MODEMS 2

struct kill { /* when the power goes: at commit `at`, and again `again` commits after the start behind it */
	uint64_t at, again;
	bool before;
	bool reboots;
	int64_t outage_ms;
};

struct told { /* how it went */
	uint64_t commits;
	size_t kills;
	size_t texts, calls;         /* that phones got */
	size_t cut_texts, cut_calls; /* of which nobody knows how they ended: in flight at a kill */
	int64_t first_ms;            /* the primary's first text */
	int64_t second_ms;           /* the secondary's first text or call */
	int64_t pages, resolved, inbound, distinct;
	char history[1200]; /* what the timeline says of both pages */
	char why[300];      /* "" unless something was broken on the way */
};

static inline void story_broken(struct told *told, const char *what)
{
	if (told->why[0] == '\0')
		snprintf(told->why, sizeof told->why, "%s", what);
}

/* One number or text out of the database as it is on disk. */
static inline int64_t story_ask(const char *path, const char *sql, char *text, size_t size)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	int64_t value = -1;

	if (text != NULL)
		text[0] = '\0';
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW) {
		value = sqlite3_column_int64(stmt, 0);
		if (text != NULL && sqlite3_column_text(stmt, 0) != NULL)
			snprintf(text, size, "%s", (const char *)sqlite3_column_text(stmt, 0));
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return value;
}

static inline void story_show(struct world *world, int64_t id, const char **json)
{
	char name[24];
	struct request request = { .name = "show", .peer = "test", .count = 1 };

	snprintf(name, sizeof name, "p%lld", (long long)id);
	request.fields[0].key = "id";
	request.fields[0].value = name;
	world_request(world, &request);
	*json = world->answered ? buf_text(&world->answer.json) : "";
}

/* Right behind a restart: what is on disk is what the gateway says. */
static inline void story_remembers(struct world *world, struct told *told)
{
	char page[200];
	char owner[200];

	for (int64_t id = 1; id <= 2; id++) {
		const char *json;
		char sql[160];

		snprintf(
			sql, sizeof sql,
			"SELECT '\"state\":\"' || CASE state WHEN 1 THEN 'open' WHEN 2 THEN 'acked'"
			" ELSE 'resolved' END || '\"' FROM page WHERE id = %lld",
			(long long)id);
		story_ask(world->path, sql, page, sizeof page);
		if (page[0] == '\0')
			continue; /* it never came to the disk */
		snprintf(sql, sizeof sql,
			 "SELECT '\"owner\":\"' || owner || '\"' FROM page WHERE id = %lld AND "
			 "owner <> ''",
			 (long long)id);
		story_ask(world->path, sql, owner, sizeof owner);
		story_show(world, id, &json);
		if (world->crashed)
			return;
		if (strstr(json, page) == NULL)
			story_broken(told, "a stored state was forgotten");
		if (owner[0] != '\0' && strstr(json, owner) == NULL)
			story_broken(told, "an owner was forgotten");
		if (strstr(json, "\"state\":\"resolved\"") == NULL &&
		    strstr(json, "\"deadline_s\":null") != NULL)
			story_broken(told, "a page without a deadline");
	}
}

struct telling {
	struct world world;
	struct told *told;
	const struct kill *kill;
	uint64_t seed; /* of the world when last looked at: a restart changes it */
	char codes[2][8];
};

/* Right behind a restart: what was going on, what is remembered, and when the power goes again. */
static inline void story_restarted(struct telling *t)
{
	const char *path = t->world.path;

	t->seed = t->world.seed;
	t->told->kills++;
	t->told->cut_texts += (size_t)story_ask(
		path, "SELECT count(*) FROM attempt WHERE state = 2 AND kind <> 2", NULL, 0);
	t->told->cut_calls += (size_t)story_ask(
		path, "SELECT count(*) FROM attempt WHERE state = 2 AND kind = 2", NULL, 0);
	if (t->told->kills == 1 && t->kill->again > 0) {
		t->world.crash_commit = t->world.commits + t->kill->again;
		t->world.crash_before = !t->kill->before;
	}
	story_remembers(&t->world, t->told);
}

/* The power comes back, as often as it went. */
static inline void story_power(struct telling *t)
{
	struct err err = { 0 };

	while (t->world.crashed || t->seed != t->world.seed) {
		if (t->world.crashed && world_restart(&t->world, &err) < 0) {
			story_broken(t->told, err.text);
			return;
		}
		story_restarted(t);
	}
}

static inline void story_advance(struct telling *t, int64_t until)
{
	struct err err = { 0 };

	while (t->world.now.mono_ms < until && t->told->why[0] == '\0') {
		if (world_step(&t->world, until, &err) < 0)
			story_broken(t->told, err.text);
		story_power(t);
	}
}

static inline void story_request(struct telling *t, const struct deed *deed)
{
	struct request request = { .name = deed->words[0], .peer = "ops" };
	const char *code;
	bool answered;

	for (size_t i = 1; i + 1 < COUNT_OF(deed->words) && deed->words[i] != NULL; i += 2) {
		request.fields[request.count].key = deed->words[i];
		request.fields[request.count++].value = deed->words[i + 1];
	}
	world_request(&t->world, &request);
	while (t->world.crashed) {
		answered = t->world.answered;
		story_power(t);
		if (answered ||
		    (deed->once != NULL && story_ask(t->world.path, deed->once, NULL, 0) > 0))
			return;
		world_request(&t->world, &request); /* as the command line does: the same again */
	}
	if (!t->world.answered || t->world.answer.status != 0) {
		story_broken(t->told, t->world.answered ? buf_text(&t->world.answer.json)
							: "a request was not answered");
		return;
	}
	code = strstr(buf_text(&t->world.answer.json), "\"code\":\"");
	if (strcmp(deed->words[0], "page") == 0 && code != NULL)
		snprintf(t->codes[deed->words[2][1] - '1'], 8, "%.*s", (int)strcspn(code + 8, "\""),
			 code + 8);
}

static inline void story_do(struct telling *t, const struct deed *deed)
{
	const char *hole;
	char line[400];
	struct err err = { 0 };

	if (deed->line == NULL) {
		story_request(t, deed);
		return;
	}
	hole = strchr(deed->line, '{');
	if (hole == NULL)
		snprintf(line, sizeof line, "%s", deed->line);
	else
		snprintf(line, sizeof line, "%.*s%s%s", (int)(hole - deed->line), deed->line,
			 t->codes[hole[1] - '1'], hole + 3);
	if (sim_line(t->world.sim, span_of(line), t->world.now, &err) < 0 ||
	    world_step(&t->world, t->world.now.mono_ms, &err) < 0) /* it happens now */
		story_broken(t->told, err.text);
	story_power(t);
}

static inline void story_count(struct telling *t)
{
	struct told *told = t->told;
	const char *path = t->world.path;

	for (size_t i = 0; i < t->world.sighting_count; i++) {
		const struct sim_event *event = &t->world.sightings[i].event;
		bool text = event->kind == SIM_TEXTED;
		bool call = event->kind == SIM_DIALLED;

		told->texts += text;
		told->calls += call;
		if (text && strcmp(event->name, "ada") == 0 && told->first_ms == 0)
			told->first_ms = event->mono_ms;
		if ((text || call) && strcmp(event->phone, "+15550100002") == 0 &&
		    told->second_ms == 0)
			told->second_ms = event->mono_ms;
	}
	told->commits = t->world.commits;
	told->pages = story_ask(path, "SELECT count(*) FROM page", NULL, 0);
	told->resolved = story_ask(path, "SELECT count(*) FROM page WHERE state = 3", NULL, 0);
	told->inbound = story_ask(path, "SELECT count(*) FROM inbound", NULL, 0);
	told->distinct = story_ask(path, "SELECT count(DISTINCT hex) FROM inbound", NULL, 0);
	story_ask(
		path,
		"SELECT group_concat(page || ' ' || name || ' ' || person, '; ') FROM (SELECT * "
		"FROM"
		" event WHERE name IN ('page.opened', 'page.acked', 'page.passed', 'page.updated',"
		" 'page.reopened', 'lease.lapsed', 'page.resolved') ORDER BY page, id)",
		told->history, sizeof told->history);
}

/* On memory where there is some: the disk's own crash safety is SQLite's, what is tested here is ours. */
static inline void story_path(char *path, size_t size)
{
	snprintf(path, size, "%s/tocsin-kill-%ld.db",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (long)getpid());
}

static inline void story_tell(const struct kill *kill, struct told *told)
{
	static struct telling t; /* too large for a stack under sanitizers; one at a time */
	struct err err = { 0 };
	char path[100];

	*told = (struct told){ 0 };
	story_path(path, sizeof path);
	t = (struct telling){ .told = told, .kill = kill, .seed = 7 };
	if (world_init(&t.world, path, t.seed, STORY_MONDAY_UTC_S, &err) < 0 ||
	    world_configure(&t.world, span_of(story_config), "story.cfg", &err) < 0) {
		story_broken(told, err.text);
		return;
	}
	t.world.crash_commit = kill->at;
	t.world.crash_before = kill->before;
	t.world.reboots = kill->reboots;
	t.world.outage_ms = kill->outage_ms;
	for (size_t i = 0; i < COUNT_OF(story_phones); i++)
		if (sim_line(t.world.sim, span_of(story_phones[i]), t.world.now, &err) < 0)
			story_broken(told, err.text);
	if (world_start(&t.world, &err) < 0)
		story_broken(told, err.text);
	for (size_t i = 0; i < COUNT_OF(story_deeds); i++) {
		story_advance(&t, story_deeds[i].at_ms);
		if (told->why[0] == '\0')
			story_do(&t, &story_deeds[i]);
	}
	story_advance(&t, STORY_END_MS);
	story_count(&t);
	world_deinit(&t.world);
}

#endif
