#include "modem/at_line.h"
#include "modem/device_int.h"

#define IDLE_MS    60000 /* between questions, when all is well */
#define SEARCH_MS  5000  /* between rounds of questions, without a network */
#define PATIENT_MS 60000 /* after this long without a network: */
#define RARE_MS    30000

enum turn {
	TURN_CREG,
	TURN_CGREG,
	TURN_CEREG,
	TURN_OPERATOR,
	TURN_SIGNAL,
	TURN_SETTINGS, /* a restart that was not announced has forgotten them */
	TURN_CENTRE,
	TURNS
};

static const struct {
	const char *command, *prefix;
} turns[TURNS] = {
	[TURN_CREG] = { "AT+CREG?", "+CREG:" },     [TURN_CGREG] = { "AT+CGREG?", "+CGREG:" },
	[TURN_CEREG] = { "AT+CEREG?", "+CEREG:" },  [TURN_OPERATOR] = { "AT+COPS?", "+COPS:" },
	[TURN_SIGNAL] = { "AT+CSQ", "+CSQ:" },      [TURN_CENTRE] = { "AT+CSCA?", "+CSCA:" },
	[TURN_SETTINGS] = { "AT+CNMI?", "+CNMI:" },
};

void device_idle_start(struct device *device, struct when now)
{
	device->idle.turn = TURN_CREG;
	device->idle.next_at = now.mono_ms;
	device->idle.began_at = now.mono_ms;
}

/* 27.005 3.4.4.  A second one is refused with +CMS ERROR: 340, which is harmless. */
bool device_acknowledge_next(struct device *device, struct at_command *command)
{
	if (!device->idle.acknowledge)
		return false;
	device->idle.acknowledge = false;
	command->text = span_of("AT+CNMA=0");
	return true;
}

bool device_idle_next(struct device *device, struct when now, struct at_command *command)
{
	struct device_idle *idle = &device->idle;

	if (idle->next_at > now.mono_ms)
		return false;
	command->text = span_of(turns[idle->turn].command);
	command->prefix = turns[idle->turn].prefix;
	idle->turn = (idle->turn + 1) % TURNS;
	/* One round after the start or a change, then seldom; the network tells of changes by itself. */
	if (idle->turn != TURN_CREG && idle->began_at != WHEN_NEVER)
		return true;
	if (device->status.state == DEVICE_READY) {
		idle->began_at = WHEN_NEVER;
		idle->next_at = now.mono_ms + IDLE_MS;
	} else {
		bool patient = now.mono_ms - idle->began_at >= PATIENT_MS;

		idle->next_at = now.mono_ms + (patient ? RARE_MS : SEARCH_MS);
	}
	return true;
}

/* ---- registration (27.007 7.2, 10.1.20, 10.1.22) ----------------------- */

/* Home or roaming; then without a sure voice path; then texts only; the rest is no network. */
static int rank(int stat)
{
	static const int ranks[] = { 1, 9, 3, 2, 1, 9, 7, 7, 4, 8, 8, 4 };

	return stat < 0 || (size_t)stat >= COUNT_OF(ranks) ? 0 : ranks[stat];
}

static const char *why_not(int stat)
{
	if (stat == 3)
		return "the network refuses this SIM";
	if (stat == 8)
		return "emergency calls only: no network for this SIM";
	return "waiting for a network";
}

/* A change that came by itself is looked into at once: operator and signal, or the search begins. */
static void change(struct device *device, enum device_state state, const char *why, struct when now)
{
	struct device_idle *idle = &device->idle;

	if (state != device->status.state && idle->next_at > now.mono_ms) {
		idle->turn = state == DEVICE_READY ? TURN_OPERATOR : TURN_CREG;
		idle->began_at = now.mono_ms;
		idle->next_at = now.mono_ms + (state == DEVICE_READY ? 0 : SEARCH_MS);
	}
	device_state(device, state, why);
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
	if (rank(best) >= 7)
		change(device, DEVICE_READY, NULL, now);
	else
		change(device, DEVICE_REGISTERING, why_not(best), now);
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

static void on_operator(struct device *device, struct at_line *line)
{
	struct span plmn = { NULL, 0 };
	int64_t format = -1;

	at_line_skip(line, 1);
	at_line_int(line, &format);
	at_line_string(line, &plmn);
	if (format != 2 || plmn.len < 5 || plmn.len > 6)
		plmn.len = 0;
	span_copy(plmn, device->status.plmn, sizeof device->status.plmn);
}

/* 27.007 8.5: 0 to 31 in steps of 2 dB from -113; TD-SCDMA 100 to 191; 99 and 199 unknown. */
static void on_signal(struct device *device, struct at_line *line)
{
	int64_t rssi = 99;

	at_line_int(line, &rssi);
	device->status.signal_dbm = 0;
	if (rssi >= 0 && rssi <= 31)
		device->status.signal_dbm = -113 + 2 * (int)rssi;
	else if (rssi >= 100 && rssi <= 191)
		device->status.signal_dbm = (int)rssi - 216;
}

/* <mode>,<mt>,…: all our forms have <mt> 1, which no modem has by itself (27.005 3.4.1). */
static void on_settings(struct device *device, struct at_line *line, struct when now)
{
	int64_t mt = 1;

	at_line_skip(line, 1);
	if (!at_line_int(line, &mt) || mt == 1 || !device->start.notices)
		return;
	device->status.boots++;
	device_restart(device, DEVICE_WAKING, now);
}

void device_idle_line(struct device *device, struct span text, bool reply, struct when now)
{
	struct at_line line = at_line_of(text);

	for (size_t i = 0; i < COUNT_OF(device->idle.stat); i++)
		if (at_line_prefix(&line, turns[i].prefix)) {
			on_stat(device, i, &line, reply, now);
			return;
		}
	if (at_line_prefix(&line, "+COPS:"))
		on_operator(device, &line);
	else if (at_line_prefix(&line, "+CSQ:"))
		on_signal(device, &line);
	else if (reply && at_line_prefix(&line, "+CSCA:"))
		device_card_centre(device, at_line_rest(&line));
	else if (reply && at_line_prefix(&line, "+CNMI:"))
		on_settings(device, &line, now);
}
