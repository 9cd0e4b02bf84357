/* Signal and temperature of each modem, hour by hour: a fortnight in memory, more in the store.  An antenna that comes off, or
 * slowly corrodes, is told against the modem's own past, before texts get lost (FIELD.md J5). */
#include <string.h>

#include "core/inside.h"

#define HOUR_S    3600
#define NOW_HOURS 3 /* what it is now: the mean of these, the one that is being gathered included */
#define USUAL_MIN 72 /* hours without which nothing is usual */
#define SKIP      24 /* the last day is not what is usual */
#define FADED_DB  6
#define BACK_DB   4

static void gather(struct radio_range *range, int value)
{
	if (range->samples == 0 || value < range->min)
		range->min = value;
	if (range->samples == 0 || value > range->max)
		range->max = value;
	range->samples++;
	range->sum += value;
}

static void close_hour(struct gateway *g, struct path *path, struct when now)
{
	struct radio_log *log = path->radio;

	if (log->current.signal.samples + log->current.heat.samples == 0)
		return;
	if (log->count == RADIO_HOURS) {
		memmove(log->hours, log->hours + 1, (RADIO_HOURS - 1) * sizeof log->hours[0]);
		log->count--;
	}
	log->hours[log->count++] = log->current;
	ledger_row(g, (struct row){ .kind = ROW_RADIO, .of.radio = radio_copy(&log->current) },
		   now);
}

static void open_hour(struct path *path, int64_t hour)
{
	path->radio->current = (struct radio_hour){ .hour = hour };
	span_copy(span_of(path->modem.name), path->radio->current.modem,
		  sizeof path->radio->current.modem);
}

/* ---- against its own past ---- */

static bool mean(int64_t sum, int64_t samples, int *value)
{
	if (samples == 0)
		return false;
	*value = (int)((sum - samples / 2) / samples); /* of negative numbers, rounded */
	return true;
}

bool radio_now(const struct path *path, int *dbm)
{
	const struct radio_log *log = path->radio;
	int64_t sum = log->current.signal.sum;
	int64_t samples = log->current.signal.samples;

	for (size_t i = log->count; i > 0 && log->count - i < NOW_HOURS - 1; i--) {
		sum += log->hours[i - 1].signal.sum;
		samples += log->hours[i - 1].signal.samples;
	}
	return mean(sum, samples, dbm);
}

bool radio_usual(const struct path *path, int *dbm)
{
	const struct radio_log *log = path->radio;
	int64_t sum = 0;
	int64_t samples = 0;

	if (log->count < USUAL_MIN)
		return false;
	for (size_t i = 0; i + SKIP < log->count; i++) {
		sum += log->hours[i].signal.sum;
		samples += log->hours[i].signal.samples;
	}
	return mean(sum, samples, dbm);
}

static void watch(struct gateway *g, const struct path *path, struct when now)
{
	struct fault_facts facts = { 0 };
	int usual, current;

	if (!radio_usual(path, &usual) || !radio_now(path, &current))
		return;
	if (usual - current < BACK_DB)
		faults_clear(g, FAULT_SIGNAL_FADING, path->modem.name, now);
	if (usual - current < FADED_DB)
		return;
	fault_fact(&facts, "now", "%d", current);
	fault_fact(&facts, "usual", "%d", usual);
	faults_raise(g, FAULT_SIGNAL_FADING, path->modem.name, &facts, now);
}

/* ---- gathering ---- */

/* Each answer of the modem once. */
void radio_look(struct gateway *g, struct path *path, struct when now)
{
	const struct device_status *status = device_status(path->device);
	struct radio_log *log = path->radio;
	int64_t hour = now.utc_s / HOUR_S;

	if (status->signal_heard_ms == log->signal_heard_ms &&
	    status->heat_heard_ms == log->heat_heard_ms)
		return;
	if (log->current.hour != hour) {
		close_hour(g, path, now);
		open_hour(path, hour);
	}
	if (status->signal_heard_ms != log->signal_heard_ms && status->signal_dbm != 0)
		gather(&log->current.signal, status->signal_dbm);
	if (status->heat_heard_ms != log->heat_heard_ms)
		gather(&log->current.heat, status->temperature_c);
	log->signal_heard_ms = status->signal_heard_ms;
	log->heat_heard_ms = status->heat_heard_ms;
	watch(g, path, now);
}

void radio_restore(struct gateway *g, const struct radio_hour *hours, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int path = fleet_find(g, hours[i].modem);
		struct radio_log *log = path < 0 ? NULL : g->paths[path].radio;

		if (log != NULL && log->count < RADIO_HOURS)
			log->hours[log->count++] = hours[i];
	}
}
