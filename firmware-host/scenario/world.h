/* world.h - the whole gateway, simulated modems and a real database under a virtual clock.
 *
 * The second of the gateway's two shells (the daemon is the other).  Nothing waits: time is moved from one deadline to the next.
 */
#ifndef SCENARIO_WORLD_H
#define SCENARIO_WORLD_H

#include "config/config.h"
#include "core/gateway.h"
#include "modem/sim/sim.h"
#include "store/store.h"

struct world_sighting { /* something seen on a phone or a modem */
	struct sim_event event;
	bool expected; /* an `expect` has taken it */
};

struct world_sound; /* world_sound.h */

struct world {
	struct sim *sim;
	struct world_sound *sound; /* of its calls */
	struct gateway *gateway;
	struct store *store;
	struct config *config; /* without its plan, which the gateway has */
	char *config_text;
	char config_file[256];
	struct when now;
	uint64_t seed;
	const char *family; /* of modems that only the configuration names; lent */
	char path[256];     /* of the database */
	char boot[40];
	size_t modems[GATEWAY_MODEMS_MAX]; /* the gateway's modem -> the simulator's */
	size_t modem_count;
	bool open[GATEWAY_MODEMS_MAX];
	bool roams[GATEWAY_MODEMS_MAX]; /* its port led to another modem: the next one is tried */
	unsigned pulled[GATEWAY_MODEMS_MAX];  /* of the modem, when its port was opened */
	int64_t open_due[GATEWAY_MODEMS_MAX]; /* mono_ms of the next try to open a port */
	bool only_pages; /* nothing happens by itself: no watch, drill, proof or handover */
	bool store_broken;
	bool web_broken; /* no network: nothing is posted, nothing answers */
	struct world_page {
		char url[256]; /* "" the rest */
		int status;
		bool counted;
		double value;
	} web[8]; /* what is answered there; anything else: 200 */
	size_t web_count;
	uint64_t commits;      /* since the world began, over all crashes */
	uint64_t crash_commit; /* the power goes at this commit; 0 never */
	bool crash_before;     /* … before it is on disk, else right after */
	bool crashed;          /* the power went: world_restart is next */
	bool reboots;          /* … and took the machine with it: a restart is another boot */
	int64_t outage_ms;     /* from a crash to the start behind it; phones and network go on */
	struct world_sighting *sightings;
	size_t sighting_count, sighting_cap;
	int idle_steps; /* in a row in which no time passed */
	const struct rota
		*rota; /* lent: put beside what the database holds at a start; NULL none */
	void (*seen)(void *owner,
		     const struct event *event); /* each event that was committed; NULL none */
	void *owner;
	struct answer answer; /* of the last request; json is freed with the world */
	bool answered;
};

/* A world with a simulator and an empty database at `path` (made anew); no gateway yet. */
int world_init(struct world *world, const char *path, uint64_t seed, int64_t utc_s,
	       struct err *err);
void world_deinit(struct world *world);

/* Keeps this configuration (copied; `file` is for messages) for the next start. */
int world_configure(struct world *world, struct span config, const char *file, struct err *err);

/* The script's line that makes a simulated modem for the configured one; without a number it gets one of nobody's. */
void world_modem_line(const struct world *world, const struct config *config, size_t i, char *line,
		      size_t size);

/* Starts the gateway from the kept configuration and what the database holds.  Its modems that the simulator
 * does not have yet are made. */
int world_start(struct world *world, struct err *err);

/* A running gateway takes another configuration: SIGHUP. */
int world_reload(struct world *world, struct span config, const char *file, struct err *err);

/* kill -9 and a new start: what was not committed is gone. */
int world_restart(struct world *world, struct err *err);

/* One request; its answer is in world->answer once world->answered. */
void world_request(struct world *world, const struct request *request);

/* Goes on to the next deadline, but not past `until` (mono_ms).  -1: the store could not be opened again. */
int world_step(struct world *world, int64_t until, struct err *err);

#endif
