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
	TURN_CLOCK,
	TURN_HEAT, /* the profile's */
	TURNS
};

static const struct {
	const char *command, *prefix;
} turns[TURNS] = {
	[TURN_CREG] = { "AT+CREG?", "+CREG:" },     [TURN_CGREG] = { "AT+CGREG?", "+CGREG:" },
	[TURN_CEREG] = { "AT+CEREG?", "+CEREG:" },  [TURN_OPERATOR] = { "AT+COPS?", "+COPS:" },
	[TURN_SIGNAL] = { "AT+CSQ", "+CSQ:" },      [TURN_CENTRE] = { "AT+CSCA?", "+CSCA:" },
	[TURN_SETTINGS] = { "AT+CNMI?", "+CNMI:" }, [TURN_CLOCK] = { "AT+CCLK?", "+CCLK:" },
};

/* A change that came by itself is looked into at once: operator and signal, or the search begins. */
void device_idle_look(struct device *device, bool registered, struct when now)
{
	struct device_idle *idle = &device->idle;

	if (idle->next_at <= now.mono_ms)
		return;
	idle->turn = registered ? TURN_OPERATOR : TURN_CREG;
	idle->began_at = now.mono_ms;
	idle->next_at = now.mono_ms + (registered ? 0 : SEARCH_MS);
}

void device_idle_start(struct device *device, struct when now)
{
	device->idle.turn = TURN_CREG;
	device->idle.next_at = now.mono_ms;
	device->idle.began_at = now.mono_ms;
}

/* A listing was refused: has it forgotten its settings?  In text mode AT+CMGL=4 is an error, and AT+CMGS=45 a text to 45. */
void device_idle_doubt(struct device *device, struct when now)
{
	device->idle.turn = TURN_SETTINGS;
	device->idle.next_at = now.mono_ms;
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
	if (idle->turn == TURN_HEAT) {
		command->text = span_of(device->profile->heat->command);
		command->prefix = device->profile->heat->shows;
	}
	idle->turn++;
	if (idle->turn == TURNS || (idle->turn == TURN_HEAT && device->profile->heat == NULL))
		idle->turn = TURN_CREG;
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
	if (plmn.len > 0)
		span_copy(plmn, device->status.last_plmn, sizeof device->status.last_plmn);
}

/* 27.007 8.5: 0 to 31 in steps of 2 dB from -113; TD-SCDMA 100 to 191; 99 and 199 unknown. */
static void on_signal(struct device *device, struct at_line *line, struct when now)
{
	int64_t rssi = 99;

	at_line_int(line, &rssi);
	device->status.signal_dbm = 0;
	device->status.signal_heard_ms = now.mono_ms;
	if (rssi >= 0 && rssi <= 31)
		device->status.signal_dbm = -113 + 2 * (int)rssi;
	else if (rssi >= 100 && rssi <= 191)
		device->status.signal_dbm = (int)rssi - 216;
}

/* +CPMUTEMP: 29   +QTEMP: 30,31,32   +CMTE: 1,35.0 */
static void on_heat(struct device *device, struct at_line *line, struct when now)
{
	struct span field = { NULL, 0 };
	int64_t degrees;

	at_line_skip(line, device->profile->heat->before);
	at_line_string(line, &field);
	if (!span_int(span_cut(&field, '.'), &degrees) || degrees < -60 || degrees > 150)
		return;
	device->status.temperature_c = (int)degrees;
	device->status.heat_heard_ms = now.mono_ms;
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

	if (device_network_line(device, text, reply, now))
		return;
	if (at_line_prefix(&line, "+COPS:"))
		on_operator(device, &line);
	else if (at_line_prefix(&line, "+CSQ:"))
		on_signal(device, &line, now);
	else if (device->profile->heat != NULL &&
		 at_line_prefix(&line, device->profile->heat->shows))
		on_heat(device, &line, now);
	else if (device_clock_line(device, text, now))
		return;
	else if (reply && at_line_prefix(&line, "+CSCA:"))
		device_card_centre(device, at_line_rest(&line));
	else if (reply && at_line_prefix(&line, "+CNMI:"))
		on_settings(device, &line, now);
}
