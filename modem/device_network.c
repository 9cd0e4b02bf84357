#include <stdio.h>
#include <string.h>

#include "modem/at_line.h"
#include "modem/device_int.h"

/* Without a network the radio is switched off and on: seldom, and each time later.  A SIM that the network refuses is not
 * helped by asking often, and being asked often is what networks bar modems for (FIELD.md C6, K1). */
#define SEARCH_MS (INT64_C(3) * 60000)
#define DENIED_MS (INT64_C(15) * 60000)
#define DEAF_MS   (INT64_C(10) * 60000)
#define LONG_MS   (INT64_C(60) * 60000)
#define CYCLE_MS  15000

enum cycle { CYCLE_NONE, CYCLE_OFF, CYCLE_ON, CYCLE_DONE };

enum cause { CAUSE_KNOWN, CAUSE_WANTED, CAUSE_ASKED };

/* ---- when to repair ----------------------------------------------------- */

/* An eighth more or less: when a network comes back, not all of its modems ask in the same second. */
static int64_t jitter(struct device *device, int64_t ms)
{
	struct device_network *network = &device->network;

	network->random = network->random * 6364136223846793005u + 1442695040888963407u;
	return ms - ms / 8 + (int64_t)((network->random >> 33) % (uint64_t)(ms / 4 + 1));
}

static void repair_later(struct device *device, struct when now)
{
	struct device_network *network = &device->network;
	int64_t ms = device->status.registration == STAT_DENIED      ? DENIED_MS
		     : device->status.network == DEVICE_NETWORK_DEAF ? DEAF_MS
								     : SEARCH_MS;

	for (unsigned i = 0; i < network->repairs && ms < LONG_MS; i++)
		ms *= 2;
	network->repair_at = now.mono_ms + jitter(device, when_sooner(ms, LONG_MS));
}

void device_deaf(struct device *device, bool deaf, struct when now)
{
	struct device_network *network = &device->network;

	if (network->deaf == deaf)
		return;
	network->deaf = deaf;
	network->repairs = 0;
	network->repair_at = WHEN_NEVER;
	if (device->status.state == DEVICE_READY) {
		device->status.network = deaf ? DEVICE_NETWORK_DEAF : network->known;
		if (deaf)
			network->repair_at = now.mono_ms;
	}
	device_tick(device, now);
}

static bool wants_cycle(const struct device *device, struct when now)
{
	const struct device_network *network = &device->network;
	bool lacks = device->status.state == DEVICE_REGISTERING || network->deaf;

	return lacks && !device->config.keep_radio && network->repair_at <= now.mono_ms &&
	       device->send == NULL && device->talk.call == NULL;
}

bool device_network_next(struct device *device, struct when now, struct at_command *command)
{
	struct device_network *network = &device->network;

	if (network->cause == CAUSE_WANTED) {
		network->cause = CAUSE_ASKED;
		command->text = span_of("AT+CEER");
		command->prefix = "+CEER:";
		return true;
	}
	if (network->cycle == CYCLE_NONE && wants_cycle(device, now)) {
		network->cycle = CYCLE_OFF;
		network->repairs++;
		repair_later(device, now);
		device_state(device, DEVICE_REGISTERING, "switching its radio off and on");
	}
	if (network->cycle != CYCLE_OFF && network->cycle != CYCLE_ON)
		return false;
	command->text = span_of(network->cycle == CYCLE_OFF ? "AT+CFUN=4" : "AT+CFUN=1");
	command->timeout_ms = CYCLE_MS;
	network->cycle++;
	return true;
}

/* A modem whose radio was off has forgotten this and that: it is set up anew. */
void device_network_done(struct device *device, struct when now)
{
	struct device_network *network = &device->network;

	if (network->cause == CAUSE_ASKED)
		network->cause = CAUSE_KNOWN;
	if (network->cycle != CYCLE_DONE)
		return;
	network->cycle = CYCLE_NONE;
	device_restart(device, DEVICE_WAKING, now);
}

bool device_network_cycling(const struct device *device)
{
	return device->network.cycle != CYCLE_NONE;
}

void device_network_restart(struct device *device)
{
	device->network.cycle = CYCLE_NONE;
	device->network.cause = CAUSE_KNOWN;
}

int64_t device_network_deadline(const struct device *device)
{
	const struct device_network *network = &device->network;

	if (device->config.keep_radio ||
	    (device->status.state != DEVICE_REGISTERING && !network->deaf))
		return WHEN_NEVER;
	return network->repair_at;
}

/* ---- registration (27.007 7.2, 10.1.20, 10.1.22) ------------------------ */

/* Home or roaming; then without a sure voice path; then texts only; the rest is no network. */
static int rank(int stat)
{
	static const int ranks[] = { 1, 9, 3, 2, 1, 9, 7, 7, 4, 8, 8, 4 };

	return stat < 0 || (size_t)stat >= COUNT_OF(ranks) ? 0 : ranks[stat];
}

static enum device_network_state state_of(int stat)
{
	static const enum device_network_state states[] = {
		[0] = DEVICE_NETWORK_SEARCHING, [1] = DEVICE_NETWORK_HOME,
		[2] = DEVICE_NETWORK_SEARCHING, [STAT_DENIED] = DEVICE_NETWORK_DENIED,
		[4] = DEVICE_NETWORK_SEARCHING, [5] = DEVICE_NETWORK_ROAMING,
		[6] = DEVICE_NETWORK_TEXTS,     [7] = DEVICE_NETWORK_TEXTS,
		[8] = DEVICE_NETWORK_EMERGENCY, [9] = DEVICE_NETWORK_HOME,
		[10] = DEVICE_NETWORK_ROAMING,  [11] = DEVICE_NETWORK_EMERGENCY,
	};

	return stat < 0 || (size_t)stat >= COUNT_OF(states) ? DEVICE_NETWORK_SEARCHING
							    : states[stat];
}

static bool is_gone(const struct device *device, struct when now)
{
	return device->status.network == DEVICE_NETWORK_SEARCHING &&
	       device->status.last_plmn[0] != '\0' &&
	       now.mono_ms - device->network.lost_at >= SEARCH_MS;
}

static void why_not(const struct device *device, char *why, size_t size)
{
	const struct device_status *status = &device->status;

	if (status->network == DEVICE_NETWORK_DENIED && status->cause[0] != '\0')
		snprintf(why, size, "the network refuses this SIM (%s)", status->cause);
	else if (status->network == DEVICE_NETWORK_DENIED)
		snprintf(why, size, "the network refuses this SIM");
	else if (status->network == DEVICE_NETWORK_EMERGENCY)
		snprintf(why, size, "emergency calls only: no network for this SIM");
	else if (status->network == DEVICE_NETWORK_GONE)
		snprintf(why, size, "its network, %s, is gone", status->last_plmn);
	else
		snprintf(why, size, "waiting for a network");
}

static void change(struct device *device, enum device_state state, const char *why, struct when now)
{
	if (state != device->status.state)
		device_idle_look(device, state == DEVICE_READY, now);
	device_state(device, state, why);
}

static void unregistered(struct device *device, int stat, struct when now)
{
	struct device_network *network = &device->network;
	bool news = network->lost_at == WHEN_NEVER;
	char why[sizeof device->status.why];

	if (news) {
		network->lost_at = now.mono_ms;
		network->repairs = 0;
	}
	if (stat == STAT_DENIED && !network->denied)
		network->cause = CAUSE_WANTED;
	if (news || (stat == STAT_DENIED) != network->denied)
		repair_later(device, now);
	network->denied = stat == STAT_DENIED;
	device->status.network = state_of(stat);
	if (is_gone(device, now))
		device->status.network = DEVICE_NETWORK_GONE;
	why_not(device, why, sizeof why);
	change(device, DEVICE_REGISTERING, why, now);
}

static void registered(struct device *device, int stat, struct when now)
{
	struct device_network *network = &device->network;

	network->lost_at = WHEN_NEVER;
	network->denied = false;
	device->status.cause[0] = '\0';
	if (!network->deaf) {
		network->repairs = 0;
		network->repair_at = WHEN_NEVER;
	}
	network->known = state_of(stat);
	device->status.network = network->deaf ? DEVICE_NETWORK_DEAF : network->known;
	change(device, DEVICE_READY, NULL, now);
}

static void judge(struct device *device, struct when now)
{
	const int *stat = device->idle.stat;
	struct device_status *status = &device->status;
	int best = -1;
	int circuit = stat[0];

	for (size_t i = 0; i < COUNT_OF(device->idle.stat); i++)
		if (rank(stat[i]) > rank(best))
			best = stat[i];
	if (circuit < 0) /* the modem has no +CREG */
		circuit = best;
	status->registration = best;
	status->voice = rank(circuit) >= 8 && !device->start.no_voice &&
			(device->profile->quirks & PROFILE_NO_VOICE) == 0;
	if (status->state != DEVICE_READY && status->state != DEVICE_REGISTERING)
		return;
	if (device_network_cycling(device))
		return; /* of course there is none now */
	if (rank(best) >= 7)
		registered(device, best, now);
	else
		unregistered(device, best, now);
}

/* Asked: <n>,<stat>[,…].  By itself: <stat>[,"<lac>",…]. */
static void on_stat(struct device *device, size_t which, struct at_line *line, bool reply,
		    struct when now)
{
	struct span rest;
	struct at_line second = *line;
	int64_t stat = -1;

	at_line_skip(&second, 1);
	rest = at_line_rest(&second);
	if (reply && rest.len > 0 && rest.at[0] >= '0' && rest.at[0] <= '9')
		*line = second;
	if (!at_line_int(line, &stat) || stat < 0 || stat > 11)
		return;
	device->idle.stat[which] = (int)stat;
	judge(device, now);
}

bool device_network_line(struct device *device, struct span text, bool reply, struct when now)
{
	static const char *const prefixes[] = { "+CREG:", "+CGREG:", "+CEREG:" };
	struct at_line line = at_line_of(text);

	for (size_t i = 0; i < COUNT_OF(prefixes); i++)
		if (at_line_prefix(&line, prefixes[i])) {
			on_stat(device, i, &line, reply, now);
			return true;
		}
	return false;
}

/* +CEER: what the modem knows of why (27.007 6.10). */
void device_network_cause(struct device *device, struct span text, struct when now)
{
	struct at_line line = at_line_of(text);

	if (!at_line_prefix(&line, "+CEER:"))
		return;
	span_copy(span_trim(at_line_rest(&line)), device->status.cause,
		  sizeof device->status.cause);
	if (device->status.state == DEVICE_REGISTERING)
		judge(device, now);
}
