#include "scenario/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenario/world_sound.h"
#include "scenario/world_web.h"
#include "setup.h"
#include "zoneinfo.h"

#define REOPEN_MS 1000
#define STEPS_MAX 10000
#define TURNS_MAX 100000 /* at one instant: more is a fault that turns for ever */

static void remove_files(const char *path)
{
	static const char *const tails[] = { "", "-wal", "-shm", "-journal", ".reserve", ".lock" };
	char name[300];

	for (size_t i = 0; i < COUNT_OF(tails); i++) {
		snprintf(name, sizeof name, "%s%s", path, tails[i]);
		unlink(name);
	}
}

int world_init(struct world *world, const char *path, uint64_t seed, int64_t utc_s, struct err *err)
{
	*world = (struct world){ .seed = seed,
				 .family = "quectel",
				 .now = { .mono_ms = 1000, .utc_s = utc_s } };
	span_copy(span_of(path), world->path, sizeof world->path);
	span_copy(span_of("virtual"), world->boot, sizeof world->boot);
	remove_files(path);
	return sim_new(&world->sim, seed, err);
}

static void stop(struct world *world)
{
	world_sound_free(world->sound);
	gateway_free(world->gateway);
	store_close(world->store);
	world->gateway = NULL;
	world->sound = NULL;
	world->store = NULL;
}

void world_deinit(struct world *world)
{
	stop(world);
	sim_free(world->sim);
	config_free(world->config);
	free(world->config_text);
	free(world->sightings);
	buf_free(&world->answer.json);
	remove_files(world->path);
	*world = (struct world){ 0 };
}

/* Takes the plan over. */
static int new_gateway(struct world *world, struct plan *plan, struct err *err)
{
	struct gateway_modem modems[GATEWAY_MODEMS_MAX] = { 0 };
	const struct config *config = world->config;
	struct gateway_config made = { .plan = plan,
				       .modems = modems,
				       .modem_count = config->modem_count,
				       .budget = { .sms = config->budget_sms,
						   .calls = config->budget_calls,
						   .call_minutes = config->budget_call_minutes },
				       .seed = world->seed };

	setup_modems(config, modems);
	for (size_t i = 0; i < config->modem_count; i++) /* the simulated ones stand for these */
		modems[i].imei[0] = modems[i].iccid[0] = '\0';
	return gateway_new(&world->gateway, &made, err);
}

/* A port is known by the last part of its path, as the script's `port` names it. */
static struct span port_name(const struct config_modem *modem)
{
	const char *slash = strrchr(modem->port, '/');

	return span_of(slash == NULL ? modem->port : slash + 1);
}

/* Until a script says otherwise a modem's tty has the name that the configuration expects. */
static void name_port(struct world *world, size_t modem, struct span name)
{
	const char *own = sim_modem_name(world->sim, modem);

	if (name.len > 0 && span_is(span_of(own), sim_port_name(world->sim, modem)) &&
	    sim_port_find(world->sim, name) < 0)
		sim_port_call(world->sim, modem, name);
}

void world_modem_line(const struct world *world, const struct config *config, size_t i, char *line,
		      size_t size)
{
	const struct config_modem *modem = &config->modems[i];

	if (modem->number[0] != '\0')
		snprintf(line, size, "modem %s %s %s", modem->name, modem->number, world->family);
	else
		snprintf(line, size, "modem %s +99900000000%02zu %s", modem->name, i,
			 world->family);
}

static int find_modems(struct world *world, struct err *err)
{
	world->modem_count = world->config->modem_count;
	for (size_t i = 0; i < world->modem_count; i++) {
		const struct config_modem *modem = &world->config->modems[i];
		int at = sim_modem_find(world->sim, span_of(modem->name));
		char line[120];

		if (at < 0) {
			world_modem_line(world, world->config, i, line, sizeof line);
			if (sim_line(world->sim, span_of(line), world->now, err) < 0)
				return err_wrap(err, "modem %s of %s", modem->name,
						world->config_file);
			at = sim_modem_find(world->sim, span_of(modem->name));
		}
		name_port(world, (size_t)at, port_name(modem));
		world->modems[i] = (size_t)at;
		world->open_due[i] = world->now.mono_ms;
		world->open[i] = false;
	}
	return 0;
}

static void only_pages(struct plan *plan)
{
	plan->watch_count = 0;
	plan->drill = (struct plan_drill){ 0 };
	plan->proof = (struct plan_proof){ 0 };
	for (size_t i = 0; i < plan->rotation_count; i++)
		plan->rotations[i].handover = PLAN_HANDOVER_NONE;
}

/* Parses the kept configuration; its plan goes to the caller. */
static int parse(struct world *world, struct plan **plan, struct err *err)
{
	struct buf errors = { 0 };
	struct buf warnings = { 0 };
	struct config *config = NULL;
	const struct config_source source = { span_of(world->config_text), world->config_file,
					      zoneinfo_load };
	int result = config_parse(&config, &source, &errors, &warnings);

	if (result < 0) {
		err_set(err, ERR_INVALID, "%s", buf_text(&errors));
	} else {
		config_free(world->config);
		world->config = config;
		*plan = config->plan;
		config->plan = NULL;
		if (world->only_pages)
			only_pages(*plan);
	}
	buf_free(&errors);
	buf_free(&warnings);
	return result;
}

int world_configure(struct world *world, struct span config, const char *file, struct err *err)
{
	char *text = span_dup(config);

	if (text == NULL)
		return err_nomem(err);
	free(world->config_text);
	world->config_text = text;
	span_copy(span_of(file), world->config_file, sizeof world->config_file);
	return 0;
}

static int add_rota(const struct world *world, struct rota *rota, struct err *err)
{
	const struct rota *from = world->rota;

	for (size_t i = 0; from != NULL && i < from->entry_count; i++)
		if (rota_put(rota, &from->entries[i]) < 0)
			return err_nomem(err);
	for (size_t i = 0; from != NULL && i < from->calendar_count; i++) {
		struct rota_calendar *copy = rota_calendar_copy(&from->calendars[i]);
		int rc = copy == NULL ? -1 : rota_put_calendar(rota, copy);

		free(copy);
		if (rc < 0)
			return err_nomem(err);
	}
	return 0;
}

int world_start(struct world *world, struct err *err)
{
	struct store_clock clock = { .now = world->now, .trusted = true };
	struct snapshot snapshot = { 0 };
	struct plan *plan = NULL;
	int result = -1;

	span_copy(span_of(world->boot), clock.boot, sizeof clock.boot);
	if (parse(world, &plan, err) < 0 || new_gateway(world, plan, err) < 0 ||
	    find_modems(world, err) < 0 || world_sound_new(&world->sound, world, err) < 0)
		return -1;
	if (store_open(&world->store, world->path, err) == 0 &&
	    store_load(world->store, &clock, &snapshot, err) == 0 &&
	    add_rota(world, &snapshot.rota, err) == 0)
		result = gateway_restore(world->gateway, &snapshot, world->now, err);
	snapshot_free(&snapshot);
	return result;
}

int world_reload(struct world *world, struct span config, const char *file, struct err *err)
{
	struct plan *plan = NULL;

	if (world_configure(world, config, file, err) < 0 || parse(world, &plan, err) < 0)
		return -1;
	gateway_reload(world->gateway, plan, world->now);
	return 0;
}

static void see(struct world *world)
{
	struct sim_event event;

	while (sim_take(world->sim, &event)) {
		if (array_grow(&world->sightings, &world->sighting_cap, world->sighting_count + 1,
			       sizeof *world->sightings) < 0)
			return;
		world->sightings[world->sighting_count++] =
			(struct world_sighting){ .event = event };
	}
}

static void port(struct world *world, size_t i, bool open)
{
	if (world->open[i] == open)
		return;
	world->open[i] = open;
	if (open)
		sim_opened(world->sim, world->modems[i], world->now);
	else
		sim_closed(world->sim, world->modems[i], world->now);
	gateway_sound(world->gateway, i, world_sound_found(world, i));
	gateway_port(world->gateway, i, open, world->now);
}

/* True: the port is to be closed and opened again.  A reset takes it away by itself. */
static bool wants_reopen(struct world *world, size_t i)
{
	enum device_repair repair;
	bool power;

	if (!gateway_take_repair(world->gateway, i, &repair))
		return false;
	world->roams[i] = world->roams[i] || repair == DEVICE_REPAIR_EXCHANGE;
	if (repair == DEVICE_REPAIR_REOPEN || repair == DEVICE_REPAIR_EXCHANGE ||
	    repair == DEVICE_REPAIR_SIBLING)
		return true;
	power = repair == DEVICE_REPAIR_POWER;
	sim_reset(world->sim, world->modems[i], power, world->now);
	gateway_repaired(world->gateway, i, repair, true, power ? "off and on" : "reset",
			 world->now);
	return false;
}

/* The next modem that is there and nobody has: what was behind the port was another one. */
static int another(const struct world *world, size_t i)
{
	size_t count = sim_modem_count(world->sim);

	for (size_t n = 1; n <= count; n++) {
		size_t at = (world->modems[i] + n) % count;
		bool taken = false;

		for (size_t k = 0; k < world->modem_count; k++)
			taken = taken || (k != i && world->open[k] && world->modems[k] == at);
		if (!taken && sim_plugged(world->sim, at))
			return (int)at;
	}
	return -1;
}

/* Which modem is behind the configured port now, or -1: that port is not there. */
static int behind(const struct world *world, size_t i)
{
	struct span name = port_name(&world->config->modems[i]);
	int at = name.len == 0 ? (int)world->modems[i] : sim_port_find(world->sim, name);

	if (world->roams[i])
		return another(world, i);
	return at >= 0 && sim_plugged(world->sim, (size_t)at) ? at : -1;
}

/* Opens what is due. */
static bool open_port(struct world *world, size_t i)
{
	int at = behind(world, i);

	if (world->open_due[i] > world->now.mono_ms)
		return false;
	world->open_due[i] = world->now.mono_ms + REOPEN_MS;
	if (at < 0)
		return false;
	world->modems[i] = (size_t)at;
	world->roams[i] = false;
	world->pulled[i] = sim_pulled(world->sim, (size_t)at);
	port(world, i, true);
	return true;
}

/* Closes what was pulled or is to be opened anew. */
static bool close_port(struct world *world, size_t i)
{
	bool here = sim_plugged(world->sim, world->modems[i]) &&
		    sim_pulled(world->sim, world->modems[i]) == world->pulled[i];

	if (here && !wants_reopen(world, i))
		return false;
	port(world, i, false);
	world->open_due[i] = world->now.mono_ms + REOPEN_MS;
	return true;
}

static bool ports(struct world *world)
{
	bool moved = false;

	for (size_t i = 0; i < world->modem_count; i++)
		moved = (world->open[i] ? close_port(world, i) : open_port(world, i)) || moved;
	return moved;
}

/* Bytes over every cable, once each way. */
static bool cables(struct world *world)
{
	bool moved = false;

	for (size_t i = 0; i < world->modem_count; i++) {
		struct span out = gateway_output(world->gateway, i);
		struct span in;

		if (!world->open[i])
			continue;
		if (out.len > 0) {
			sim_feed(world->sim, world->modems[i], out, world->now);
			gateway_wrote(world->gateway, i, out.len);
			moved = true;
		}
		in = sim_output(world->sim, world->modems[i]);
		if (in.len > 0) {
			gateway_feed(world->gateway, i, in, world->now);
			sim_took(world->sim, world->modems[i], in.len);
			moved = true;
		}
	}
	return moved;
}

static void show_events(const struct world *world, const struct batch *batch)
{
	for (size_t i = 0; world->seen != NULL && i < batch->count; i++)
		if (batch->rows[i].kind == ROW_EVENT)
			world->seen(world->owner, batch->rows[i].of.event);
}

static bool commit(struct world *world)
{
	struct batch batch;
	struct err err;
	bool good;

	if (!gateway_take_batch(world->gateway, &batch))
		return false;
	world->commits++;
	world->crashed = world->commits == world->crash_commit;
	good = !world->store_broken && !(world->crashed && world->crash_before) &&
	       store_commit(world->store, &batch, &err) == 0;
	if (!world->crashed) {
		if (good) {
			show_events(world, &batch);
			gateway_committed(world->gateway, batch.number, world->now);
		} else {
			gateway_failed(world->gateway, batch.number, world->now);
		}
	}
	batch_free(&batch);
	return true;
}

static void answers(struct world *world)
{
	struct answer answer;

	while (gateway_take_answer(world->gateway, &answer)) {
		buf_free(&world->answer.json);
		world->answer = answer;
		world->answered = true;
	}
}

/* Other programs are not run; they do well. */
static void children(struct world *world)
{
	struct gateway_child child;

	while (gateway_take_child(world->gateway, &child))
		gateway_child_ended(world->gateway, "done", world->now);
}

/* Everything that happens at this instant. */
static void settle(struct world *world)
{
	for (int turns = 0; turns < TURNS_MAX && !world->crashed; turns++) {
		bool moved = ports(world);

		moved = cables(world) || moved;
		moved = world_sound_turn(world->sound) || moved;
		moved = !world->crashed && (commit(world) || moved);
		if (world->crashed)
			return;
		answers(world);
		children(world);
		moved = world_web_turn(world) || moved;
		if (!moved)
			return;
	}
}

static void pass(struct world *world, int64_t ms)
{
	world->now.utc_s += (world->now.mono_ms % 1000 + ms) / 1000;
	world->now.mono_ms += ms;
	sim_tick(world->sim, world->now);
	if (world->sound != NULL)
		world_sound_tick(world->sound);
}

int world_restart(struct world *world, struct err *err)
{
	stop(world);
	world->crashed = false;
	world->crash_commit = 0;
	world->seed++;
	if (world->reboots)
		snprintf(world->boot, sizeof world->boot, "boot %llu",
			 (unsigned long long)world->seed);
	for (size_t i = 0; i < world->modem_count; i++)
		if (world->open[i])
			sim_closed(world->sim, world->modems[i], world->now);
	pass(world, world->outage_ms);
	return world_start(world, err);
}

void world_request(struct world *world, const struct request *request)
{
	world->answered = false;
	gateway_request(world->gateway, request, world->now);
	settle(world);
}

static int64_t next(const struct world *world, int64_t until)
{
	int64_t due = when_sooner(until, sim_deadline(world->sim));

	due = when_sooner(due, gateway_deadline(world->gateway));
	due = when_sooner(due, world_sound_deadline(world->sound));
	for (size_t i = 0; i < world->modem_count; i++)
		if (!world->open[i])
			due = when_sooner(due, world->open_due[i]);
	return due > world->now.mono_ms ? due : world->now.mono_ms;
}

int world_step(struct world *world, int64_t until, struct err *err)
{
	int64_t due = next(world, until);
	int64_t passed = due - world->now.mono_ms;

	world->idle_steps = passed > 0 ? 0 : world->idle_steps + 1;
	if (world->idle_steps > STEPS_MAX)
		return err_set(err, ERR_TIMEOUT,
			       "a deadline that is always due: time stands still");
	pass(world, passed);
	if (gateway_deadline(world->gateway) <= due)
		gateway_tick(world->gateway, world->now);
	settle(world);
	see(world);
	return world->crashed ? world_restart(world, err) : 0;
}
