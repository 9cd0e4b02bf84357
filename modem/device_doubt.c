#include <string.h>

#include "modem/at_urc.h"
#include "modem/device_int.h"

#define AGAIN_MS     10000 /* an IMEI or card number that could not be read is asked for again */
#define STRANGER_MS  60000 /* another modem or card: somebody may put the right one there */
#define WARY_MS      3600000
#define ANNOUNCED_MS 60000 /* a notice, or a start, covers the messages found within */
#define SIBLING      3     /* unannounced messages in a row: the notices go to another port */
#define IMEI_DIGITS  14    /* the rest is a check digit or the software's version (23.003 6.2) */
#define ICCID_DIGITS 18    /* the rest is a check digit that some leave out (E.118) */

/* ---- the right modem with the right SIM ---- */

static bool same_digits(const char *one, const char *other, size_t least)
{
	size_t len = strlen(one) < strlen(other) ? strlen(one) : strlen(other);

	return len >= least && strncmp(one, other, len < least ? len : least) == 0;
}

static void ask_again(struct device *device, int64_t in_ms, const char *why, struct when now)
{
	device->start.step = STEP_WAKE;
	device->start.choice = 0;
	device->start.tries = 0;
	device->start.not_before = now.mono_ms + in_ms;
	device->status.stranger = in_ms == STRANGER_MS;
	device_state(device, DEVICE_SICK, why);
	device_repair_ask(device, DEVICE_REPAIR_EXCHANGE, why);
}

bool device_doubt_identity(struct device *device, unsigned step, struct when now)
{
	const struct device_status *status = &device->status;

	if (step == STEP_IMEI && device->imei[0] != '\0') {
		if (status->imei[0] == '\0')
			ask_again(device, AGAIN_MS, "the modem does not tell its IMEI", now);
		else if (!same_digits(status->imei, device->imei, IMEI_DIGITS))
			ask_again(device, STRANGER_MS,
				  "this is another modem: its IMEI is not the configured one", now);
		else
			return false;
		return true;
	}
	if ((step != STEP_ICCID && step != STEP_CARD) || device->iccid[0] == '\0')
		return false;
	if (status->iccid[0] == '\0' && step == STEP_CARD)
		return false; /* some tell it behind the PIN only */
	if (status->iccid[0] == '\0')
		ask_again(device, AGAIN_MS, "the SIM card does not tell its number (ICCID)", now);
	else if (!same_digits(status->iccid, device->iccid, ICCID_DIGITS))
		ask_again(device, STRANGER_MS,
			  "this is another SIM card: its ICCID is not the configured one", now);
	else
		return false;
	return true;
}

/* ---- somebody else on the port ---- */

void device_doubt_stray(struct device *device, struct when now)
{
	device->status.strays++;
	device->doubt.wary_until = now.mono_ms + WARY_MS;
}

/* The echo of a command that is not ours: ours are dropped before. */
static bool is_foreign_echo(struct span line)
{
	return line.len > 2 && span_starts(line, "AT") && line.at[2] != '\0' &&
	       strchr("+&^$#*", line.at[2]) != NULL;
}

void device_doubt_line(struct device *device, struct span line, bool reply, struct when now)
{
	if (at_urc_of(line) == AT_URC_MESSAGE)
		device->doubt.announced_at = now.mono_ms;
	else if (!reply && is_foreign_echo(line))
		device_doubt_stray(device, now);
}

bool device_modes_next(struct device *device, struct when now, struct at_command *command)
{
	/* In text mode +CMGS=45 would be a text to number 45. */
	static const char *const modes[] = { "ATE0", "AT+CMEE=1", "AT+CMGF=0" };

	if (device->doubt.wary_until <= now.mono_ms || device->doubt.modes == COUNT_OF(modes))
		return false;
	command->text = span_of(modes[device->doubt.modes++]);
	return true;
}

/* ---- what is not answered, and what is not announced ---- */

void device_doubt_said(struct device *device, struct span command)
{
	size_t most = sizeof device->doubt.said - 1;

	span_copy((struct span){ command.at, command.len < most ? command.len : most },
		  device->doubt.said, sizeof device->doubt.said);
}

/* How often in a row: whichever is worse, any of the part's commands or this one between others that are answered. */
static unsigned count_silence(struct device *device, enum device_part part, bool silent)
{
	const char *said = device->doubt.said;
	bool same = strcmp(device->doubt.silent[part].said, said) == 0;

	if (!silent) {
		device->doubt.silent[part].any = 0;
		if (same)
			device->doubt.silent[part].same = 0;
		return 0;
	}
	device->doubt.silent[part].any++;
	device->doubt.silent[part].same = same ? device->doubt.silent[part].same + 1 : 1;
	span_copy(span_of(said), device->doubt.silent[part].said,
		  sizeof device->doubt.silent[part].said);
	return device->doubt.silent[part].any > device->doubt.silent[part].same
		       ? device->doubt.silent[part].any
		       : device->doubt.silent[part].same;
}

void device_doubt_done(struct device *device, enum device_part part, const struct at_event *event,
		       struct when now)
{
	static const struct {
		unsigned most;
		const char *why;
	} limits[DEVICE_PARTS] = {
		[DEVICE_PART_START] = { 6, "the modem answers AT, and nothing else" },
		[DEVICE_PART_INBOX] = { 2,
					"the modem answers AT, but not questions about messages" },
		[DEVICE_PART_IDLE] = { 3, "the modem answers AT, but not questions about the "
					  "network" },
	};
	bool silent = event->kind == AT_EVENT_SILENT;
	unsigned count = count_silence(device, part, silent);

	if (!silent || device->status.state == DEVICE_WAKING) /* it may sleep */
		return;
	device->doubt.wary_until =
		now.mono_ms + WARY_MS; /* somebody else may have had the answer */
	if (limits[part].most == 0 || device->ladder.active || count < limits[part].most)
		return;
	memset(&device->doubt.silent[part], 0, sizeof device->doubt.silent[part]);
	device_ladder_enter(device, limits[part].why, now);
}

void device_doubt_found(struct device *device, struct when now)
{
	int *unannounced = &device->status.unannounced;

	if (now.mono_ms - device->doubt.announced_at < ANNOUNCED_MS) {
		*unannounced = 0;
		return;
	}
	if (++*unannounced % SIBLING == 0)
		device_repair_ask(device, DEVICE_REPAIR_SIBLING,
				  "messages arrive, but no notice of them on this port");
}
