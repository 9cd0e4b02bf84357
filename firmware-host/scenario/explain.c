#include "scenario/explain.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenario/world.h"
#include "zoneinfo.h"

#define MESSAGE    "explain"
#define READY_MS   INT64_C(60000)          /* for the modems to get ready, before the page */
#define LONGEST_MS (INT64_C(48) * 3600000) /* a chain is followed for so long */

struct play {
	struct world world;
	struct explain *out;
	int64_t page;   /* its id; 0 not yet */
	int64_t at_s;   /* UTC of the page */
	bool catch_all; /* the chain is through */
	bool over;      /* it begins again */
	size_t told;    /* sightings */
};

void explain_free(struct explain *explain)
{
	free(explain->entries);
	*explain = (struct explain){ 0 };
}

static struct explain_entry *add(struct play *play, enum explain_kind kind, int64_t after_s)
{
	struct explain *out = play->out;
	struct explain_entry *entry;

	if (array_grow(&out->entries, &out->cap, out->count + 1, sizeof *out->entries) < 0) {
		out->failed = true;
		return NULL;
	}
	entry = &out->entries[out->count++];
	*entry = (struct explain_entry){ .kind = kind, .after_s = after_s };
	return entry;
}

/* The first time that somebody is reached counts. */
static void reached(struct play *play, const char *person, int64_t after_s)
{
	struct explain *out = play->out;

	for (size_t i = 0; i + 1 < out->count; i++)
		if (out->entries[i].kind != EXPLAIN_STEP &&
		    strcmp(out->entries[i].person, person) == 0)
			return;
	out->all_s = after_s;
	if (!play->catch_all)
		out->chain_s = after_s;
}

static void tell_sighting(struct play *play, const struct sim_event *event)
{
	int64_t after_s = (event->mono_ms - READY_MS - 1000) / 1000;
	bool text = event->kind == SIM_TEXTED;
	char person[PLAN_NAME];
	struct explain_entry *entry;

	if ((!text && event->kind != SIM_DIALLED) || play->page == 0 || event->name[0] == '\0' ||
	    (text && strstr(event->text, MESSAGE) == NULL))
		return;
	span_copy(span_of(event->name), person, sizeof person);
	entry = add(play, text ? EXPLAIN_TEXT : EXPLAIN_CALL, after_s);
	if (entry == NULL)
		return;
	span_copy((struct span){ person, strcspn(person, "/") }, entry->person,
		  sizeof entry->person);
	plan_mask_number(event->phone, entry->number);
	if (event->modem >= 0)
		span_copy(span_of(sim_modem_name(play->world.sim, (size_t)event->modem)),
			  entry->modem, sizeof entry->modem);
	reached(play, entry->person, after_s);
}

static void tell_sightings(struct play *play)
{
	for (; play->told < play->world.sighting_count; play->told++)
		tell_sighting(play, &play->world.sightings[play->told].event);
}

static bool of_the_chain(const char *name)
{
	static const char *const names[] = { "step.started",  "step.empty",    "step.no_path",
					     "catch_all",     "chain.repeat",  "page.nobody",
					     "broken.opened", "page.recorded", "clock.untrusted" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void see_event(void *owner, const struct event *event)
{
	struct play *play = owner;
	struct explain_entry *entry;

	if (strcmp(event->name, "page.opened") == 0 && play->page == 0)
		play->page = event->page;
	if (play->page == 0 && strcmp(event->name, "page.recorded") == 0)
		play->page = event->page;
	if (event->page != play->page || !of_the_chain(event->name) || play->over)
		return;
	tell_sightings(play);
	play->catch_all = play->catch_all || strcmp(event->name, "catch_all") == 0;
	play->over = play->over || strcmp(event->name, "chain.repeat") == 0 ||
		     strcmp(event->name, "page.recorded") == 0;
	entry = add(play, EXPLAIN_STEP, event->utc_s - play->at_s);
	if (entry != NULL && event->text != NULL)
		span_copy(span_of(event->text), entry->text, sizeof entry->text);
}

/* ---- the stage ---- */

static int say(struct play *play, struct err *err, const char *line)
{
	return sim_line(play->world.sim, span_of(line), play->world.now, err);
}

/* Nobody answers: every number of everybody is a phone that rings in vain.  "ada/2" is her second. */
static int set_phones(struct play *play, const struct plan *plan, struct err *err)
{
	char line[120];

	for (size_t i = 0; i < plan->person_count; i++)
		for (size_t n = 0; n < plan->people[i].number_count; n++) {
			const char *name = plan->people[i].name;

			if (n == 0)
				snprintf(line, sizeof line, "phone %.24s %s ignores", name,
					 plan->people[i].numbers[n].e164);
			else
				snprintf(line, sizeof line, "phone %.24s/%zu %s ignores", name,
					 n + 1, plan->people[i].numbers[n].e164);
			if (say(play, err, line) < 0)
				return -1;
		}
	return 0;
}

static int set_modems(struct play *play, const struct config *config, struct err *err)
{
	char line[120];

	for (size_t i = 0; i < config->modem_count; i++) {
		world_modem_line(&play->world, config, i, line, sizeof line);
		if (say(play, err, line) < 0)
			return -1;
		snprintf(line, sizeof line, "modem %s sms %ds", config->modems[i].name,
			 EXPLAIN_SMS_S);
		if (say(play, err, line) < 0)
			return -1;
	}
	return 0;
}

static int set_stage(struct play *play, const struct explain_what *what, struct err *err)
{
	struct buf errors = { 0 };
	struct buf warnings = { 0 };
	struct config *config = NULL;
	const struct config_source source = { what->config, what->file, zoneinfo_load };
	int rc = config_parse(&config, &source, &errors, &warnings);

	if (rc < 0)
		err_set(err, ERR_INVALID, "%.200s", buf_text(&errors));
	if (rc == 0)
		rc = set_phones(play, config->plan, err);
	if (rc == 0)
		rc = set_modems(play, config, err);
	if (rc == 0)
		rc = world_configure(&play->world, what->config, what->file, err);
	config_free(config);
	buf_free(&errors);
	buf_free(&warnings);
	return rc;
}

/* ---- the play ---- */

static int ask(struct play *play, const struct explain_what *what, struct err *err)
{
	struct request request = { .ticket = 1, .name = "page", .peer = "explain" };

	request.fields[request.count].key = "message";
	request.fields[request.count++].value = MESSAGE;
	request.fields[request.count].key = "runbook";
	request.fields[request.count++].value = MESSAGE;
	request.fields[request.count].key = "to";
	request.fields[request.count++].value = what->rotation == NULL ? "" : what->rotation;
	request.fields[request.count].key = "severity";
	request.fields[request.count++].value = what->severity == NULL ? "" : what->severity;
	world_request(&play->world, &request);
	if (!play->world.answered || play->world.answer.status != 0) {
		json_t *answer = json_loads(buf_text(&play->world.answer.json), 0, NULL);
		const char *words = json_string_value(json_object_get(answer, "error"));

		err_set(err, ERR_INVALID, "%s", words == NULL ? "no answer" : words);
		json_decref(answer);
		return -1;
	}
	return 0;
}

static int step_until(struct play *play, int64_t until_ms, struct err *err)
{
	while (!play->over && play->world.now.mono_ms < until_ms)
		if (world_step(&play->world, until_ms, err) < 0)
			return -1;
	return 0;
}

static int run(struct play *play, const struct explain_what *what, struct err *err)
{
	int64_t begins_ms = play->world.now.mono_ms + READY_MS;

	play->world.only_pages = true;
	play->world.rota = what->rota;
	play->world.seen = see_event;
	play->world.owner = play;
	if (set_stage(play, what, err) < 0 || world_start(&play->world, err) < 0 ||
	    step_until(play, begins_ms, err) < 0 || ask(play, what, err) < 0 ||
	    step_until(play, begins_ms + LONGEST_MS, err) < 0)
		return -1;
	if (!play->over)
		tell_sightings(play);
	return play->out->failed ? err_nomem(err) : 0;
}

/* In memory where that is to be had: a play commits as often as the real thing. */
static const char *directory_of_files(void)
{
	const char *tmp = getenv("TMPDIR");

	if (tmp != NULL)
		return tmp;
	return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}

int explain_run(const struct explain_what *what, struct explain *out, struct err *err)
{
	const char *tmp = directory_of_files();
	struct play *play = calloc(1, sizeof *play);
	char directory[200];
	char database[256];
	int rc = -1;

	*out = (struct explain){ .chain_s = -1, .all_s = -1 };
	if (play == NULL)
		return err_nomem(err);
	snprintf(directory, sizeof directory, "%s/tocsin-XXXXXX", tmp);
	if (mkdtemp(directory) == NULL) {
		free(play);
		return err_set(err, ERR_SYSTEM, "%s: no temporary directory can be made",
			       directory);
	}
	snprintf(database, sizeof database, "%s/tocsin.db", directory);
	play->out = out;
	play->at_s = what->at_utc_s;
	if (world_init(&play->world, database, 1, what->at_utc_s - READY_MS / 1000, err) == 0) {
		rc = run(play, what, err);
		world_deinit(&play->world);
	}
	rmdir(directory);
	free(play);
	if (rc < 0)
		explain_free(out);
	return rc;
}
