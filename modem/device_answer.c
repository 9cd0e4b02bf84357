#include <string.h>

#include "modem/at_line.h"
#include "modem/device_int.h"

/* "+CGMM: SIM7600", "^ICCID: 89…", "Revision:…", quotes: only what stands in them. */
static struct span plain(struct span line)
{
	struct span rest = line;
	struct span head = span_cut(&rest, ':');
	bool vendors = head.len > 0 && head.at[0] != '\0' && strchr("+^#!", head.at[0]) != NULL;

	if (rest.len > 0 && (vendors || span_is_nocase(head, "Revision")))
		line = rest;
	line = span_trim(line);
	if (line.len >= 2 && line.at[0] == '"' && line.at[line.len - 1] == '"')
		line = (struct span){ line.at + 1, line.len - 2 };
	return line;
}

static void take_words(struct span line, char *to, size_t size)
{
	if (to[0] == '\0')
		span_copy(plain(line), to, size);
}

static void take_digits(struct span line, char *to, size_t size)
{
	struct span text = plain(line);
	size_t len = 0;

	while (len < text.len && text.at[len] >= '0' && text.at[len] <= '9')
		len++;
	if (len >= 6)
		span_copy((struct span){ text.at, len }, to, size);
}

/* +CPINR: SIM PIN,3,3   +QPINC: "SC",3,10   +SPIC: 3,10,0,10: the first number. */
static void take_tries(struct device *device, struct span text)
{
	struct span rest = text;
	struct at_line line;
	int64_t tries;

	span_cut(&rest, ':');
	line = at_line_of(rest);
	while (device->status.pin_tries < 0 && at_line_more(&line))
		if (at_line_int(&line, &tries) && tries >= 0 && tries <= 99)
			device->status.pin_tries = (int)tries;
}

/* +CLCC: id, dir, stat, mode: mode 0 is voice; LTE lists its data contexts too. */
static void take_call(struct device *device, struct span text)
{
	struct at_line line = at_line_of(text);
	int64_t mode = -1;

	at_line_prefix(&line, "+CLCC:");
	at_line_skip(&line, 3);
	at_line_int(&line, &mode);
	device->start.call_up = device->start.call_up || mode == 0;
}

static void take_sim(struct device *device, struct span value, struct when now)
{
	span_copy(value, device->start.sim, sizeof device->start.sim);
	at_engine_hurry(&device->engine, AT_HURRY_MS, now); /* older phones leave the OK out */
}

/* +CNMI: mode,mt,bm,ds,… */
static void take_notices(struct device_start *start, struct span value)
{
	struct at_line line = at_line_of(value);

	at_line_skip(&line, 1);
	at_line_int(&line, &start->notice_mt);
	at_line_skip(&line, 1);
	at_line_int(&line, &start->notice_ds);
}

/* +CFUN: fun   +CSMS: service,…   +CMGF: mode */
static int64_t take_int(struct span value)
{
	struct at_line line = at_line_of(value);
	int64_t n = -1;

	at_line_int(&line, &n);
	return n;
}

void device_start_line(struct device *device, struct span text, struct when now)
{
	struct device_start *start = &device->start;
	struct device_status *status = &device->status;
	struct span value = text;

	span_cut(&value, ':');
	value = span_trim(value);
	if (start->step == STEP_MAKER)
		take_words(text, status->maker, sizeof status->maker);
	else if (start->step == STEP_MODEL)
		take_words(text, status->model, sizeof status->model);
	else if (start->step == STEP_REVISION)
		take_words(text, status->revision, sizeof status->revision);
	else if (start->step == STEP_IMEI)
		take_digits(text, status->imei, sizeof status->imei);
	else if (start->step == STEP_IMSI)
		take_digits(text, status->imsi, sizeof status->imsi);
	else if (start->step == STEP_ICCID || start->step == STEP_CARD)
		take_digits(text, status->iccid, sizeof status->iccid);
	else if (start->step == STEP_CALLS)
		take_call(device, text);
	else if (start->step == STEP_PIN_TRIES)
		take_tries(device, text);
	else if (start->step == STEP_SIM || start->step == STEP_SIM_AGAIN)
		take_sim(device, value, now);
	else if (start->step == STEP_SMSC)
		device_card_centre(device, value);
	else if (start->step == STEP_RADIO)
		start->radio_off = take_int(value) != 1;
	else if (start->step == STEP_SERVICE_ASK)
		start->acknowledge = take_int(value) == 1;
	else if (start->step == STEP_PDU_ASK)
		start->text_mode = take_int(value) == 1;
	else if (start->step == STEP_NOTICES_ASK)
		take_notices(start, value);
	else if (start->step == STEP_PROFILE)
		start->shown = true; /* only what it should show is an answer here */
}
