#include "daemon_parts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "event_json.h"
#include "log.h"
#include "setup.h"

#define CHILD_OUTPUT_MAX 65536 /* nobody reads it */

static void tell_followers(struct daemon *daemon, const struct event *event)
{
	struct buf line = { 0 };
	struct jsonw json = { .out = &line };

	jsonw_object(&json, NULL);
	event_json(&json, event);
	jsonw_end_object(&json);
	if (!line.failed)
		control_broadcast(daemon->control, buf_span(&line));
	buf_free(&line);
}

static void publish(struct daemon *daemon, const struct batch *batch, struct when now)
{
	for (size_t i = 0; i < batch->count; i++) {
		if (batch->rows[i].kind != ROW_EVENT)
			continue;
		event_log(&daemon->log, batch->rows[i].of.event, now);
		tell_followers(daemon, batch->rows[i].of.event);
	}
}

static void take_results(struct daemon *daemon, struct when now)
{
	struct writer_result result;
	char quoted[LOG_QUOTED];

	while (writer_take(daemon->writer, &result)) {
		daemon->in_flight--;
		if (result.committed) {
			gateway_committed(daemon->gateway, result.batch.number, now);
			publish(daemon, &result.batch, now);
		} else {
			log_limited(&daemon->log, now, LOG_LEVEL_ERROR, "store.failed", "why=%s",
				    log_quote(result.err.text, quoted));
			gateway_failed(daemon->gateway, result.batch.number, now);
		}
		batch_free(&result.batch);
	}
}

static bool hand_over_batch(struct daemon *daemon, struct when now)
{
	struct batch batch = { 0 };
	struct err err = { 0 };
	uint64_t number;

	if (!gateway_take_batch(daemon->gateway, &batch))
		return false;
	number = batch.number;
	if (writer_put(daemon->writer, &batch, &err) == 0) {
		daemon->in_flight++;
		return true;
	}
	log_limited(&daemon->log, now, LOG_LEVEL_ERROR, "store.failed", "why=\"%s\"", err.text);
	batch_free(&batch);
	gateway_failed(daemon->gateway, number, now);
	return true;
}

static bool give_answers(struct daemon *daemon)
{
	struct answer answer = { 0 };
	bool moved = false;

	while (gateway_take_answer(daemon->gateway, &answer)) {
		if (answer.json.failed)
			control_say(daemon->control, answer.ticket, 1, "out of memory");
		else
			control_answer(daemon->control, answer.ticket, buf_span(&answer.json));
		buf_free(&answer.json);
		moved = true;
	}
	return moved;
}

static void child_ended(void *owner, const struct child_result *result)
{
	struct daemon *daemon = owner;

	gateway_child_ended(daemon->gateway, result->status == 0 ? "done" : result->why,
			    loop_now(daemon->loop));
}

static bool start_children(struct daemon *daemon, struct when now)
{
	struct gateway_child child = { 0 };
	struct err err = { 0 };

	if (!gateway_take_child(daemon->gateway, &child))
		return false;
	const char *const argv[] = { "/bin/sh", "-c", child.command, NULL };
	const char *const env[] = { child.env[0], child.env[1], child.env[2], NULL };
	const struct child_spec spec = {
		.argv = argv, .env = env, .output_max = CHILD_OUTPUT_MAX, .limit_ms = child.limit_ms
	};

	if (children_start(daemon->children, &spec, (struct child_calls){ child_ended, daemon },
			   now, &err) < 0)
		gateway_child_ended(daemon->gateway, err.text, now);
	return true;
}

static int64_t deadline_of(const struct daemon *daemon)
{
	int64_t deadline = gateway_deadline(daemon->gateway);

	deadline = when_sooner(deadline, ports_deadline(daemon->ports));
	deadline = when_sooner(deadline, children_deadline(daemon->children));
	deadline = when_sooner(deadline, voices_deadline(daemon->voices));
	deadline = when_sooner(deadline, webhooks_deadline(daemon->webhooks));
	deadline = when_sooner(deadline, probes_deadline(daemon->probes));
	deadline = when_sooner(deadline, feeds_deadline(daemon->feeds));
	deadline = when_sooner(deadline, watchdog_deadline(&daemon->watchdog));
	return when_sooner(deadline, daemon->stop_due);
}

/* Something has set the clock since the start. */
static void watch_clock(struct daemon *daemon, struct when now)
{
	if (!daemon->clock_doubtful || !setup_clock_trusted(now, daemon->clock_floor_s))
		return;
	daemon->clock_doubtful = false;
	gateway_clock(daemon->gateway, true, now);
}

/* A batch closes here, at the end of the turn that made it: everything that came in together is one transaction. */
static int64_t turn(void *owner, struct when now)
{
	struct daemon *daemon = owner;
	bool moved;

	watch_clock(daemon, now);
	take_results(daemon, now);
	children_tick(daemon->children, now);
	feeds_tick(daemon->feeds, now);
	gateway_tick(daemon->gateway, now);
	do {
		moved = hand_over_batch(daemon, now);
		moved |= ports_turn(daemon->ports, now);
		moved |= voices_turn(daemon->voices, now);
		moved |= pcm_turn(daemon->pcm, now);
		moved |= give_answers(daemon);
		moved |= start_children(daemon, now);
		moved |= webhooks_turn(daemon->webhooks, now);
		moved |= probes_turn(daemon->probes, now);
	} while (moved);
	if (watchdog_turn(&daemon->watchdog, writer_stepped(daemon->writer), now))
		writer_ask(daemon->writer);
	if (daemon->stop_due != WHEN_NEVER &&
	    (now.mono_ms >= daemon->stop_due ||
	     (daemon->in_flight == 0 && control_idle(daemon->control))))
		loop_stop(daemon->loop);
	return deadline_of(daemon);
}

int daemon_run(struct daemon *daemon, struct err *err)
{
	return loop_run(daemon->loop, turn, daemon, err);
}

void daemon_free(struct daemon *daemon)
{
	if (daemon == NULL)
		return;
	control_free(daemon->control);
	ports_free(daemon->ports);
	pcm_free(daemon->pcm);
	children_free(daemon->children);
	voices_free(daemon->voices);
	feeds_free(daemon->feeds);
	webhooks_free(daemon->webhooks);
	probes_free(daemon->probes);
	history_close(daemon->history);
	watch_free(daemon->writer_watch);
	if (daemon->writer != NULL)
		writer_free(daemon->writer);
	gateway_free(daemon->gateway);
	loop_free(daemon->loop);
	quarantine_close(daemon->quarantine);
	watchdog_deinit(&daemon->watchdog);
	if (daemon->lock >= 0)
		close(daemon->lock);
	config_free(daemon->config);
	free(daemon);
}
