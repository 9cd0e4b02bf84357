/* daemon_start.c - puts the daemon together: the order matters, each step needs the ones before. */
#include "daemon_parts.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/prove.h"
#include "log.h"
#include "setup.h"

#define STOP_WITHIN_MS 10000

/* The results themselves are taken in the turn that follows. */
static void writer_readable(void *owner)
{
	(void)owner;
}

static void asked_to_stop(void *owner)
{
	struct daemon *daemon = owner;

	if (daemon->stop_due != WHEN_NEVER)
		return;
	log_event(LOG_LEVEL_INFO, "daemon.stopping", "batches=%zu", daemon->in_flight);
	daemon->stop_due = loop_now(daemon->loop).mono_ms + STOP_WITHIN_MS;
	watchdog_say(&daemon->watchdog, "STOPPING=1");
	control_stop(daemon->control);
}

static void asked_to_reload(void *owner)
{
	struct buf errors = { 0 };

	daemon_reload(owner, &errors);
	buf_free(&errors);
}

/* Whether the clock can be trusted is known only after a look into the store, and the waits that are loaded depend on it:
 * in the rare case that it cannot, the store is read once more. */
static int load(struct daemon *daemon, struct store *store, struct snapshot *snapshot,
		struct err *err)
{
	struct when now = loop_now(daemon->loop);
	struct store_clock clock = { .now = now, .trusted = setup_clock_trusted(now, 0) };

	if (setup_boot(clock.boot, err) < 0 || store_load(store, &clock, snapshot, err) < 0)
		return -1;
	daemon->clock_floor_s = snapshot->last_utc_s;
	if (setup_clock_trusted(now, daemon->clock_floor_s))
		return 0;
	daemon->clock_doubtful = true;
	log_event(LOG_LEVEL_WARNING, "clock.untrusted", "utc_s=%lld last_stored_s=%lld",
		  (long long)now.utc_s, (long long)daemon->clock_floor_s);
	if (!clock.trusted)
		return 0;
	clock.trusted = false;
	snapshot_free(snapshot);
	*snapshot = (struct snapshot){ 0 };
	return store_load(store, &clock, snapshot, err);
}

/* At a start a hole on the rota is only told: a pager that does not start is worse. */
static void warn_of_holes(struct daemon *daemon, const struct rota *rota)
{
	struct buf findings = { 0 };
	struct span rest;
	char quoted[LOG_QUOTED];
	char text[LOG_QUOTED];

	daemon->config->plan->rota = rota;
	if (!daemon->clock_doubtful)
		prove_coverage(daemon->config, daemon->path, loop_now(daemon->loop).utc_s,
			       &findings, &findings, NULL);
	for (rest = buf_span(&findings); rest.len > 0;) {
		span_copy(span_cut(&rest, '\n'), text, sizeof text);
		log_event(LOG_LEVEL_WARNING, "rota.hole", "what=%s", log_quote(text, quoted));
	}
	buf_free(&findings);
}

static int make_gateway(struct daemon *daemon, struct snapshot *snapshot, struct err *err)
{
	struct config *config = daemon->config;
	struct gateway_modem modems[CONFIG_MODEMS_MAX] = { 0 };
	struct gateway_config gateway = {
		.plan = config->plan,
		.modems = modems,
		.modem_count = config->modem_count,
		.budget = { config->budget_sms, config->budget_calls, config->budget_call_minutes },
	};

	setup_modems(config, modems);
	if (setup_seed(&gateway.seed, err) < 0)
		return -1;
	warn_of_holes(daemon, &snapshot->rota);
	config->plan = NULL;
	if (gateway_new(&daemon->gateway, &gateway, err) < 0)
		return -1;
	if (gateway_restore(daemon->gateway, snapshot, loop_now(daemon->loop), err) < 0)
		return -1;
	gateway_clock(daemon->gateway, !daemon->clock_doubtful, loop_now(daemon->loop));
	return 0;
}

static void log_damaged(const struct snapshot *snapshot)
{
	char what[LOG_QUOTED];
	char readable[LOG_QUOTED];

	for (size_t i = 0; i < snapshot->damaged_count; i++)
		log_event(LOG_LEVEL_ERROR, "store.damaged", "what=%s readable=%s",
			  log_quote(snapshot->damaged[i].what, what),
			  log_quote(snapshot->damaged[i].readable, readable));
}

static int open_store(struct daemon *daemon, struct err *err)
{
	const char *path = daemon->config->database;
	struct snapshot snapshot = { 0 };
	struct store *store = NULL;
	int rc = -1;

	daemon->lock = setup_lock(path, err);
	if (daemon->lock < 0 || store_open(&store, path, err) < 0)
		return -1;
	if (load(daemon, store, &snapshot, err) == 0 && make_gateway(daemon, &snapshot, err) == 0)
		rc = writer_new(&daemon->writer, store, err);
	log_damaged(&snapshot);
	if (rc < 0)
		store_close(store);
	snapshot_free(&snapshot);
	return rc < 0 ? -1 : history_open(&daemon->history, path, err);
}

/* Beside the socket, where nothing is written to a disk.  Without a place for it the daemon goes on. */
static void open_quarantine(struct daemon *daemon)
{
	char path[128];
	char text[80];
	char quoted[LOG_QUOTED];
	struct err err = { 0 };

	snprintf(path, sizeof path, "%s.eating", daemon->config->socket);
	if (quarantine_open(&daemon->quarantine, path, &err) < 0)
		log_event(LOG_LEVEL_WARNING, "quarantine.none", "why=%s",
			  log_quote(err.text, quoted));
	while (quarantine_take_new(daemon->quarantine, text))
		log_event(LOG_LEVEL_ERROR, "input.quarantined", "begins=%s",
			  log_quote(text, quoted));
}

static int open_ports(struct daemon *daemon, struct err *err)
{
	const struct config *config = daemon->config;
	struct ports_config ports = { .modems = config->modems,
				      .count = config->modem_count,
				      .children = daemon->children,
				      .quarantine = daemon->quarantine };
	const char *slash = strrchr(config->database, '/');

	memcpy(ports.root, daemon->root, sizeof ports.root);
	memcpy(ports.power_hook, config->power_hook, sizeof ports.power_hook);
	snprintf(ports.transcripts, sizeof ports.transcripts, "%.*stranscripts",
		 slash == NULL ? 0 : (int)(slash - config->database) + 1, config->database);
	return ports_new(&daemon->ports, daemon->loop, daemon->gateway, &ports, err);
}

static int open_doors(struct daemon *daemon, struct err *err)
{
	const struct config *config = daemon->config;
	struct control_calls commands = { daemon_request, daemon, daemon->quarantine };
	struct watch_calls results = { writer_readable, NULL, daemon };

	if (children_new(&daemon->children, daemon->loop, err) < 0 ||
	    webhooks_new(&daemon->webhooks, daemon->loop, daemon->gateway, err) < 0 ||
	    probes_new(&daemon->probes, daemon->loop, daemon->gateway, err) < 0 ||
	    feeds_new(&daemon->feeds, daemon->loop, daemon->children, daemon->gateway, err) < 0 ||
	    loop_watch(daemon->loop, &daemon->writer_watch, writer_fd(daemon->writer), results,
		       err) < 0 ||
	    voices_new(&daemon->voices, daemon->gateway, config->modem_count,
		       (struct voice_maker){ daemon_speak, daemon }, err) < 0 ||
	    pcm_new(&daemon->pcm, daemon->loop, daemon->voices, config->modems, config->modem_count,
		    err) < 0 ||
	    open_ports(daemon, err) < 0 ||
	    control_new(&daemon->control, daemon->loop, config->socket, commands, err) < 0)
		return -1;
	if (loop_signal(daemon->loop, SIGHUP, asked_to_reload, daemon, err) < 0 ||
	    loop_signal(daemon->loop, SIGTERM, asked_to_stop, daemon, err) < 0 ||
	    loop_signal(daemon->loop, SIGINT, asked_to_stop, daemon, err) < 0)
		return -1;
	signal(SIGPIPE, SIG_IGN);
	return 0;
}

static int assemble(struct daemon *daemon, struct err *err)
{
	if (loop_new(&daemon->loop, err) < 0 || open_store(daemon, err) < 0)
		return -1;
	open_quarantine(daemon);
	return open_doors(daemon, err);
}

int daemon_new(struct daemon **out, struct config *config, const char *path, const char *root,
	       struct err *err)
{
	struct daemon *daemon = calloc(1, sizeof *daemon);

	if (daemon == NULL) {
		config_free(config);
		return err_nomem(err);
	}
	daemon->config = config;
	daemon->lock = -1;
	watchdog_init(&daemon->watchdog);
	daemon->stop_due = WHEN_NEVER;
	snprintf(daemon->path, sizeof daemon->path, "%s", path);
	snprintf(daemon->root, sizeof daemon->root, "%s", root);
	if (assemble(daemon, err) < 0) {
		daemon_free(daemon);
		return -1;
	}
	watchdog_say(&daemon->watchdog, "READY=1");
	log_event(LOG_LEVEL_INFO, "daemon.ready", "socket=%s database=%s modems=%zu",
		  config->socket, config->database, config->modem_count);
	*out = daemon;
	return 0;
}
