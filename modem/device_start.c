#include <stdio.h>
#include <string.h>

#include "modem/device_int.h"

#define WAKE_MS      250  /* autobauding modems want several AT close together (SIM800) */
#define WAKE_ROUNDS  4    /* of three AT each: then the ladder */
#define SILENT_TRIES 2    /* a command without an answer is said once more */
#define BUSY_MS      1000 /* SIM or message store not ready yet */
#define BUSY_TRIES   30
#define SIM_AGAIN_MS 10000 /* somebody may put the SIM in */

struct start_step {
	const char *const *commands; /* the next one when one is refused; NULL: made */
	const char *prefix;          /* of its answer; NULL: none */
	int timeout_ms;
	bool must_answer;
	bool essential;
};

static const struct start_step steps[STEPS] = {
	[STEP_WAKE] = { PROFILE_LIST("AT"), NULL, WAKE_MS, false, false },
	[STEP_ECHO] = { PROFILE_LIST("ATE0"), NULL, 2000, false, false },
	[STEP_WORDS] = { PROFILE_LIST("ATV1"), NULL, 2000, false, false },
	/* The first with an answer of its own: from here on answers and commands are in step, even if ESC had one. */
	[STEP_MAKER] = { PROFILE_LIST("AT+CGMI", "AT+GMI"), "", 5000, true, false },
	[STEP_MODEL] = { PROFILE_LIST("AT+CGMM", "AT+GMM"), "", 5000, true, false },
	[STEP_REVISION] = { PROFILE_LIST("AT+CGMR", "AT+GMR"), "", 5000, true, false },
	[STEP_IMEI] = { PROFILE_LIST("AT+CGSN", "AT+GSN"), "", 5000, true, false },
	[STEP_ERRORS] = { PROFILE_LIST("AT+CMEE=1"), NULL, 5000, false, false },
	[STEP_CALLS] = { PROFILE_LIST("AT+CLCC"), "+CLCC:", 5000, false, false },
	[STEP_HANG_UP] = { PROFILE_LIST("AT+CHUP", "ATH"), NULL, 10000, false, false },
	[STEP_RADIO] = { PROFILE_LIST("AT+CFUN?"), "+CFUN:", 5000, false, false },
	[STEP_RADIO_ON] = { PROFILE_LIST("AT+CFUN=1"), NULL, 15000, false, false },
	[STEP_SIM] = { PROFILE_LIST("AT+CPIN?"), "+CPIN:", 15000, true, false },
	[STEP_CARD] = { PROFILE_LIST("AT+CCID", "AT+ICCID"), "", 5000, false, false },
	/* 27.007 8.65. */
	[STEP_PIN_TRIES] = { PROFILE_LIST("AT+CPINR=\"SIM PIN\""), "", 5000, false, false },
	[STEP_PIN] = { NULL, NULL, 15000, false, false },
	[STEP_SIM_AGAIN] = { PROFILE_LIST("AT+CPIN?"), "+CPIN:", 15000, true, false },
	[STEP_CHARSET] = { PROFILE_LIST("AT+CSCS=\"GSM\"", "AT+CSCS=GSM", "AT+CSCS=\"IRA\""), NULL,
			   5000, false, false },
	[STEP_CREG] = { PROFILE_LIST("AT+CREG=2", "AT+CREG=1"), NULL, 5000, false, false },
	[STEP_CGREG] = { PROFILE_LIST("AT+CGREG=2", "AT+CGREG=1"), NULL, 5000, false, false },
	[STEP_CEREG] = { PROFILE_LIST("AT+CEREG=2", "AT+CEREG=1"), NULL, 5000, false, false },
	[STEP_OPERATOR] = { PROFILE_LIST("AT+COPS=3,2"), NULL, 15000, false, false },
	[STEP_PDU] = { PROFILE_LIST("AT+CMGF=0"), NULL, 5000, false, true },
	[STEP_PDU_ASK] = { PROFILE_LIST("AT+CMGF?"), "+CMGF:", 5000, false, false },
	[STEP_SERVICE] = { PROFILE_LIST("AT+CSMS=0"), "+CSMS:", 5000, false, false },
	[STEP_SERVICE_ASK] = { PROFILE_LIST("AT+CSMS?"), "+CSMS:", 5000, false, false },
	/* <mem1> read and deleted, <mem2> not used, <mem3> received into. */
	[STEP_STORES] = { PROFILE_LIST("AT+CPMS=\"ME\",\"SM\",\"ME\"",
				       "AT+CPMS=\"ME\",\"ME\",\"ME\"",
				       "AT+CPMS=\"SM\",\"SM\",\"SM\"", "AT+CPMS=\"SM\""),
			  "+CPMS:", 15000, false, false },
	/* Many modems list values that they then refuse.  Stored with a notice is safer than handed over (27.005 3.4.1
	 * <mt>=1); <bfr>=0 so that nothing waiting is thrown away. */
	[STEP_NOTICES] = { PROFILE_LIST("AT+CNMI=2,1,0,1,0", "AT+CNMI=1,1,0,1,0",
					"AT+CNMI=2,1,0,2,0", "AT+CNMI=1,1,0,2,0",
					"AT+CNMI=2,1,0,0,0", "AT+CNMI=1,1,0,0,0",
					"AT+CNMI=3,1,0,0,0"),
			   NULL, 5000, false, false },
	[STEP_NOTICES_ASK] = { PROFILE_LIST("AT+CNMI?"), "+CNMI:", 5000, false, false },
	[STEP_SMSC] = { PROFILE_LIST("AT+CSCA?"), "+CSCA:", 5000, false, false },
	[STEP_RESULTS] = { PROFILE_LIST("ATX4"), NULL, 2000, false, false },
	[STEP_CRING] = { PROFILE_LIST("AT+CRC=1"), NULL, 5000, false, false },
	[STEP_CLIP] = { PROFILE_LIST("AT+CLIP=1"), NULL, 15000, false, false },
	/* With 1 the OK of ATD waits for the answer, and nothing can be said meanwhile (27.007 7.8). */
	[STEP_COLP] = { PROFILE_LIST("AT+COLP=0"), NULL, 15000, false, false },
	[STEP_HOOK] = { PROFILE_LIST("AT+CVHU=0"), NULL, 5000, false, false },
	/* The modem's clock follows the network's, and what that says is told (27.007 8.40, 8.41). */
	[STEP_TIME] = { PROFILE_LIST("AT+CTZU=1"), NULL, 5000, false, false },
	[STEP_TIME_TOLD] = { PROFILE_LIST("AT+CTZR=1"), NULL, 5000, false, false },
	[STEP_IMSI] = { PROFILE_LIST("AT+CIMI"), "", 5000, false, false },
	[STEP_ICCID] = { PROFILE_LIST("AT+CCID", "AT+ICCID"), "", 5000, false, false },
	[STEP_PROFILE] = { NULL, NULL, 5000, false, false },
};

/* The step's commands, unless the profile knows better. */
static const char *const *commands_of(const struct device *device)
{
	const struct profile *profile = device->profile;
	unsigned step = device->start.step;
	const char *const *own = step == STEP_PIN_TRIES                    ? profile->pin_tries
				 : step == STEP_ICCID || step == STEP_CARD ? profile->iccid
				 : step == STEP_STORES                     ? profile->stores
				 : step == STEP_NOTICES                    ? profile->notices
									   : NULL;

	return own != NULL ? own : steps[step].commands;
}

/* What the profile adds, the command that is its turn; only in STEP_PROFILE. */
static const struct profile_step *addition(const struct device *device)
{
	return &device->profile->init[device->start.choice];
}

static bool wanted(const struct device *device, unsigned step)
{
	const struct device_start *start = &device->start;

	if (step == STEP_HANG_UP)
		return start->call_up;
	if (step == STEP_RADIO_ON)
		return start->radio_off;
	if (step >= STEP_CARD && step <= STEP_SIM_AGAIN)
		return strcmp(start->sim, "SIM PIN") == 0;
	if (step == STEP_SERVICE_ASK)
		return start->acknowledge;
	if (step == STEP_NOTICES_ASK)
		return start->notices;
	if (step == STEP_PROFILE)
		return start->choice < device->profile->init_count;
	return true;
}

static const char *command_text(struct device *device)
{
	struct device_start *start = &device->start;

	if (start->step == STEP_PROFILE)
		return addition(device)->command;
	if (start->step == STEP_PIN) {
		start->pin_entered = true; /* before it is written: never twice */
		snprintf(device->text, sizeof device->text, "AT+CPIN=\"%s\"", device->pin);
		return device->text;
	}
	return commands_of(device)[start->choice];
}

static void identify(struct device *device)
{
	struct device_status *status = &device->status;

	status->maker[0] = status->model[0] = status->revision[0] = '\0';
	status->imei[0] = status->imsi[0] = status->iccid[0] = status->smsc[0] = '\0';
	status->sim = DEVICE_SIM_UNKNOWN;
	device->card = (struct device_card){ .restore = false }; /* the SIM may be another one */
	device_state(device, DEVICE_IDENTIFYING, NULL);
}

void device_step(struct device *device, unsigned step)
{
	struct device_start *start = &device->start;

	start->step = step;
	start->choice = 0;
	start->tries = 0;
	if (step == STEP_MAKER)
		identify(device);
	if (step == STEP_ERRORS)
		device_state(device, DEVICE_INITIALISING, NULL);
	if (step == STEP_PIN_TRIES)
		device->status.pin_tries = -1;
}

static void finish(struct device *device, struct when now)
{
	const struct device_start *start = &device->start;

	device->status.stranger = false;
	device->ladder.well_at = now.mono_ms + DEVICE_WELL_MS;
	inbox_start(device->inbox, start->memory[0] == '\0' ? "SM" : start->memory,
		    start->other_memory, now);
	device_push(device, DEVICE_EVENT_CARD);
	device_state(device, DEVICE_REGISTERING, NULL);
	device_idle_start(device, now);
}

bool device_start_next(struct device *device, struct when now, struct at_command *command)
{
	struct device_start *start = &device->start;
	const struct start_step *step;

	if (start->not_before > now.mono_ms || start->pin_asked)
		return false;
	while (start->step < STEPS && !wanted(device, start->step))
		device_step(device, start->step + 1);
	if (start->step == STEPS) {
		finish(device, now);
		return false;
	}
	step = &steps[start->step];
	if (start->step ==
	    STEP_WAKE) /* ESC leaves a prompt that somebody left open (27.005 3.5.1) */
		at_engine_write(&device->engine, span_of("\x1b\r"));
	command->text = span_of(command_text(device));
	command->prefix = step->prefix;
	command->timeout_ms = step->timeout_ms;
	if (start->step == STEP_PROFILE) {
		command->timeout_ms = addition(device)->timeout_ms;
		command->prefix = addition(device)->shows;
	}
	command->must_answer = step->must_answer;
	command->flags = start->step <= STEP_WORDS ? AT_FINAL_NUMERIC : 0;
	return true;
}

/* ---- how a step ended -------------------------------------------------- */

void device_sim_sick(struct device *device, enum device_sim sim, const char *why, struct when now)
{
	device_step(device, STEP_SIM);
	device->start.sim[0] = '\0';
	device->start.not_before = now.mono_ms + SIM_AGAIN_MS;
	device->status.sim = sim;
	device_state(device, DEVICE_SICK, why);
}

static void sim_busy(struct device *device, struct at_final final, struct when now)
{
	struct device_start *start = &device->start;
	char why[80];

	if (start->tries++ < BUSY_TRIES) {
		start->not_before = now.mono_ms + BUSY_MS;
		return;
	}
	/* It said OK to the PIN and wants it all the same. */
	device_card_entered(device, DEVICE_REFUSED_MODEM);
	snprintf(why, sizeof why, "the SIM does not get ready (error %d)", final.code);
	device_sim_sick(device, DEVICE_SIM_BUSY, why, now);
}

/* 27.007 8.3. */
static void sim_wants_pin(struct device *device, struct at_final final, struct when now)
{
	if (device->start.step == STEP_SIM_AGAIN)
		sim_busy(device, final, now);
	else if (device->pin[0] == '\0')
		device_sim_sick(device, DEVICE_SIM_LOCKED,
				"the SIM wants its PIN and none is configured", now);
	else
		device_step(device, STEP_CARD);
}

static void sim_ready(struct device *device)
{
	device_card_entered(device, DEVICE_ACCEPTED);
	device->status.sim = DEVICE_SIM_READY;
	device_state(device, DEVICE_INITIALISING, NULL);
	device_step(device, STEP_CHARSET);
}

static void sim_done(struct device *device, struct at_final final, struct when now)
{
	char *sim = device->start.sim;

	if (final.kind == AT_FINAL_CME && final.code == 11)
		span_copy(span_of("SIM PIN"), sim, sizeof device->start.sim);
	if (strcmp(sim, "READY") == 0) {
		sim_ready(device);
	} else if (strcmp(sim, "SIM PIN") == 0) {
		sim_wants_pin(device, final, now);
	} else if (strstr(sim, "PUK") != NULL || (final.kind == AT_FINAL_CME && final.code == 12)) {
		device_card_entered(device, DEVICE_REFUSED_MODEM);
		device_sim_sick(device, DEVICE_SIM_LOCKED, "the SIM is locked: it wants its PUK",
				now);
	} else if (strncmp(sim, "PH-", 3) == 0) {
		device_sim_sick(device, DEVICE_SIM_LOCKED,
				"the modem is locked to another SIM or network", now);
	} else if (strcmp(sim, "NOT INSERTED") == 0 ||
		   (final.kind == AT_FINAL_CME && final.code == 10)) {
		device_sim_sick(device, DEVICE_SIM_ABSENT, "there is no SIM in the modem", now);
	} else {
		sim_busy(device, final, now);
	}
}

/* Never as the last try. */
static void pin_tries_done(struct device *device, struct when now)
{
	int tries = device->status.pin_tries;
	char why[80];

	if (tries < 0 || tries >= 2) {
		device_card_ask(device);
		return;
	}
	snprintf(why, sizeof why, "the SIM has %d PIN tries left; the last one is not risked",
		 tries);
	device_sim_sick(device, DEVICE_SIM_LOCKED, why, now);
}

/* An answer other than "wrong" may mean that it was not looked at: the next question tells. */
static void pin_done(struct device *device, const struct at_event *event, struct when now)
{
	struct at_final final = event->final;
	bool silent = event->kind != AT_EVENT_FINAL;

	if (silent || final.kind == AT_FINAL_OK ||
	    (final.kind == AT_FINAL_CME && final.code != 16 && final.code != 12)) {
		device_step(device, STEP_SIM_AGAIN);
		return;
	}
	device_card_entered(device, DEVICE_REFUSED_MODEM);
	device_sim_sick(device, DEVICE_SIM_LOCKED,
			"the SIM refused the configured PIN; it is not tried twice", now);
}

/* SIM and message store take 10 to 20 s after power-up on some modems (27.005 3.2.5, 27.007 9.2). */
static bool not_ready_yet(struct at_final final)
{
	if (final.kind == AT_FINAL_CMS)
		return final.code == 310 || final.code == 313 || final.code == 314 ||
		       final.code == 515;
	return final.kind == AT_FINAL_CME && (final.code == 14 || final.code == 515);
}

/* What both "not this memory" and "not yet" may be, so it counts only when every memory is refused with it. */
static bool perhaps_not_ready(struct at_final final)
{
	return final.kind == AT_FINAL_CMS &&
	       (final.code == 300 || final.code == 302 || final.code == 500);
}

static bool last_choice(const struct device *device)
{
	const char *const *commands = commands_of(device);

	return commands == NULL || commands[device->start.choice + 1] == NULL;
}

static bool stores_wait(const struct device *device, struct at_final final)
{
	return device->start.step == STEP_STORES && device->start.tries < BUSY_TRIES &&
	       (not_ready_yet(final) || (last_choice(device) && perhaps_not_ready(final)));
}

/* Messages go to the first memory of the command that was taken; when that is the modem's own, the card is looked into
 * as well. */
static void stores_done(struct device *device)
{
	struct device_start *start = &device->start;
	struct span text = span_of(commands_of(device)[start->choice]);
	bool card;

	span_cut(&text, '"');
	span_copy(span_cut(&text, '"'), start->memory, sizeof start->memory);
	card = strcmp(start->memory, "SM") == 0;
	span_copy(span_of(card ? "" : "SM"), start->other_memory, sizeof start->other_memory);
}

/* "AT+CNMI=mode,mt,bm,ds,bfr": does the form ask for reports? */
static bool asks_reports(const char *form)
{
	struct span text = span_of(form);

	for (int i = 0; i < 3; i++)
		span_cut(&text, ',');
	return !span_starts(text, "0");
}

/* Read back: some modems say OK to a form and keep the old one, or all of it but the reports. */
static bool notices_kept(struct device *device)
{
	struct device_start *start = &device->start;

	if ((start->notice_mt < 0 || start->notice_mt == 1) &&
	    (start->notice_ds != 0 || !start->reports))
		return true;
	start->notices = false;
	start->notice_mt = start->notice_ds = -1;
	start->step = STEP_NOTICES;
	start->choice = start->notice_form;
	return false;
}

static void step_over(struct device *device, bool ok, struct when now)
{
	struct device_start *start = &device->start;
	struct device_status *status = &device->status;

	if (device_doubt_identity(device, start->step, now))
		return;
	if (start->step == STEP_STORES && ok)
		stores_done(device);
	if (start->step == STEP_NOTICES) {
		start->notices = ok;
		start->notice_form = start->choice;
		start->reports = ok && asks_reports(commands_of(device)[start->choice]);
	}
	if (start->step == STEP_MODEL) {
		device->profile = profile_find(span_of(status->maker), span_of(status->model));
		status->profile = device->profile->name;
		device_audio_found(device);
	}
	device_step(device, start->step + 1);
}

static bool next_choice(struct device *device)
{
	if (last_choice(device))
		return false;
	device->start.choice++;
	return true;
}

static void step_failed(struct device *device, struct at_final final, struct when now)
{
	struct device_start *start = &device->start;
	char why[80];

	if (stores_wait(device, final)) {
		start->tries++;
		start->choice = 0;
		start->not_before = now.mono_ms + BUSY_MS;
		return;
	}
	if (next_choice(device))
		return;
	if (steps[start->step].essential) {
		snprintf(why, sizeof why, "the modem refuses %s", commands_of(device)[0]);
		device_ladder_enter(device, why, now);
		return;
	}
	if (start->step == STEP_SERVICE || start->step == STEP_SERVICE_ASK)
		start->acknowledge = start->step == STEP_SERVICE;
	step_over(device, false, now);
}

static void addition_done(struct device *device, bool ok)
{
	struct device_start *start = &device->start;
	const struct profile_step *end = device->profile->init + device->profile->init_count;
	const struct profile_step *step = addition(device);
	const struct profile_step *next = step + 1;

	ok = ok && (step->shows == NULL || start->shown);
	start->shown = false;
	start->tries = 0;
	while (ok && next < end && (next->flags & PROFILE_INSTEAD) != 0)
		next++;
	if (!ok && (step->flags & PROFILE_VOICE) != 0 &&
	    (next == end || (next->flags & PROFILE_INSTEAD) == 0))
		start->no_voice = true;
	start->choice = (size_t)(next - device->profile->init);
}

/* The answer is there: does the modem do what it was told? */
static void answered(struct device *device, struct when now)
{
	unsigned step = device->start.step;

	if (step == STEP_PDU_ASK && device->start.text_mode)
		device_ladder_enter(device, "the modem stays in text mode", now);
	else if (step == STEP_NOTICES_ASK && !notices_kept(device))
		step_failed(device, (struct at_final){ AT_FINAL_NONE, -1 }, now);
	else
		step_over(device, true, now);
}

void device_start_done(struct device *device, const struct at_event *event, struct when now)
{
	struct device_start *start = &device->start;
	bool ok = event->kind == AT_EVENT_FINAL && event->final.kind == AT_FINAL_OK;
	bool sim = start->step == STEP_SIM || start->step == STEP_SIM_AGAIN;

	if (start->step == STEP_WAKE) {
		if (event->kind == AT_EVENT_FINAL)
			device_step(device, STEP_ECHO);
	} else if (sim && (event->kind == AT_EVENT_FINAL || start->sim[0] != '\0')) {
		sim_done(device, event->final, now);
	} else if (start->step == STEP_PIN) {
		pin_done(device, event, now);
	} else if (event->kind == AT_EVENT_SILENT && (sim || ++start->tries < SILENT_TRIES)) {
		return;
	} else if (start->step == STEP_PIN_TRIES) {
		if (ok || !next_choice(device))
			pin_tries_done(device, now);
	} else if (start->step == STEP_PROFILE) {
		addition_done(device, ok);
	} else if (ok) {
		answered(device, now);
	} else {
		step_failed(device, event->final, now);
	}
}

void device_start_deaf(struct device *device, struct when now)
{
	if (++device->start.rounds >= WAKE_ROUNDS)
		device_ladder_enter(device, "the modem does not answer AT", now);
}
