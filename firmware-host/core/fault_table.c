#include "core/fault_table.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct fault_kind kinds[] = {
	[FAULT_NONE] = { "none", FAULT_GRADE_NONE, 0, "", "", "", "" },

	[FAULT_PATH_ABSENT] = { "path.absent", FAULT_PATH, 3, "why",
				"Modem {modem} is not there: unplugged, without power, or its "
				"cable or hub has failed.",
				"{why}",
				"Look at the cable, the hub and its supply; then see dmesg for "
				"the port." },
	[FAULT_PATH_SILENT] = { "path.silent", FAULT_PATH, 3, "why",
				"Modem {modem} is plugged in but does not work: it hangs, or its "
				"SIM does not get ready.",
				"{why}",
				"Tocsin restarts it step by step. If that does not help, unplug it "
				"for ten seconds." },
	[FAULT_PATH_STARTING] = { "path.starting", FAULT_PATH, 5, "why",
				  "Modem {modem} does not get through its start.", "{why}",
				  "See its line in tocsin modems; is this the port for AT "
				  "commands?" },
	[FAULT_PATH_SEARCHING] = { "path.searching", FAULT_PATH, 3, "why signal",
				   "Modem {modem} finds no network: antenna, coverage, or an "
				   "outage of its carrier?",
				   "{why}, signal {signal}",
				   "Look at the antenna; does a phone with this carrier's SIM "
				   "work beside it?" },
	[FAULT_PATH_DENIED] = { "path.denied", FAULT_PATH, 3, "why network",
				"The network refuses the SIM of modem {modem}: barred, expired or "
				"unpaid?",
				"{why}, last network {network}",
				"Ask its carrier about the contract; try the SIM in a phone." },

	[FAULT_SIGNAL_FADING] = { "signal.fading", FAULT_PATH, 60, "now usual",
				  "The signal of modem {modem} is much weaker than it used to be: "
				  "its antenna, a closed door, or the network?",
				  "{now} dBm now, {usual} dBm in the two weeks before",
				  "Look at the antenna and its plug before texts get lost." },
	[FAULT_PATH_STRANGER] = { "path.stranger", FAULT_PATH, 1, "why",
				  "Another modem or SIM is where modem {modem} should be: nothing "
				  "is sent by it.",
				  "{why}",
				  "Put the right one back, or set modems.imei and modems.iccid to "
				  "what "
				  "tocsin modems shows." },
	[FAULT_PATH_STORAGE] = { "path.storage", FAULT_PATH, 0, "why",
				 "Modem {modem} is plugged in as a disk, not as a modem.", "{why}",
				 "Install usb-modeswitch, or switch its disk off for good "
				 "(docs/hardware.md)." },
	[FAULT_PATH_NETCARD] = { "path.netcard", FAULT_PATH, 0, "why",
				 "The stick for modem {modem} is a network card: it takes no "
				 "commands.",
				 "{why}",
				 "It needs another firmware; or use another modem "
				 "(docs/hardware.md)." },
	[FAULT_POWER_SUSPECTED] = { "power.suspected", FAULT_PATH, 0, "count",
				    "Modem {modem} restarts whenever it transmits: its power is "
				    "too weak.",
				    "{count} restarts in a row, each within 10 s of sending or "
				    "dialling",
				    "Give it a powered hub, a better supply or a shorter cable." },
	[FAULT_PORT_BUSY] = { "port.busy", FAULT_PATH, 0, "why",
			      "Another program has the port of modem {modem}.", "{why}",
			      "Stop that program; for ModemManager install "
			      "udev/60-tocsin.rules." },
	[FAULT_PORT_CONTESTED] = { "port.contested", FAULT_PATH, 0, "why",
				   "ModemManager may use the port of modem {modem}: its questions "
				   "spoil texts.",
				   "{why}",
				   "Install udev/60-tocsin.rules and plug the modem in again, or "
				   "stop ModemManager." },
	[FAULT_PORT_FOREIGN] = { "port.foreign", FAULT_PATH, 0, "count",
				 "Another program writes to the port of modem {modem}: texts may "
				 "be "
				 "spoilt.",
				 "{count} answers to commands that were not sent from here",
				 "Find it with fuser on the port, and stop it." },
	[FAULT_USB_SLEEPS] = { "usb.sleeps", FAULT_PATH, 0, "why",
			       "Modem {modem} may be put to sleep by USB: notices of texts are "
			       "lost.",
			       "{why}",
			       "Install udev/60-tocsin.rules and plug the modem in again." },

	[FAULT_SIM_LOCKED] = { "sim.locked", FAULT_PATH, 1, "why",
			       "The SIM of modem {modem} is locked: its PIN is missing or wrong, "
			       "or "
			       "it wants its PUK.",
			       "{why}",
			       "Take the PIN off the SIM in a phone, or set the right modems.pin "
			       "and "
			       "restart tocsind." },
	[FAULT_SIM_ABSENT] = { "sim.absent", FAULT_PATH, 3, "why",
			       "There is no SIM in modem {modem}, or it does not touch.", "{why}",
			       "Take the SIM out, wipe it and put it in again; try another one." },
	[FAULT_SIM_EXPIRED] = { "sim.expired", FAULT_PATH, 0, "days",
				"The contract of the SIM of modem {modem} is over.",
				"modems.expires was {days} days ago",
				"Renew it or put another SIM in, then set modems.expires anew." },
	[FAULT_SIM_CREDIT] = { "sim.credit", FAULT_PATH, 0, "left below",
			       "The SIM of modem {modem} is nearly out of credit.",
			       "{left} left, less than {below}",
			       "Top it up; tocsin modems shows what its carrier last said." },
	[FAULT_SIM_CENTRE] = { "sim.centre", FAULT_REMARK, 0, "was now",
			       "The number of the message centre of modem {modem} has changed.",
			       "{now} now, {was} when a text last went out",
			       "Nothing, if the carrier changed it: the next text that goes out "
			       "proves it." },

	[FAULT_SMS_REFUSED] = { "sms.refused", FAULT_PATH, 0, "count cause",
				"The network refuses every text of modem {modem}: SIM out of "
				"credit, suspended, or texts barred?",
				"{count} texts in a row, the last with {cause}",
				"Check credit and contract; try to send a text with this SIM in "
				"a phone." },
	[FAULT_SMS_LOST] = { "sms.lost", FAULT_PATH, 0, "count",
			     "Texts of modem {modem} are accepted and never arrive: SIM out of "
			     "credit, or its sender filtered?",
			     "{count} proofs in a row were accepted and did not come",
			     "Check credit and contract; ask the carrier whether it filters this "
			     "number." },
	[FAULT_SMS_REPORTS] = { "sms.reports", FAULT_PATH, 0, "count",
				"No delivery report comes back to modem {modem}: whether its "
				"texts arrive is not known.",
				"{count} proofs in a row arrived without one",
				"Ask the carrier whether this contract has delivery reports." },
	[FAULT_SMS_DEAF] = { "sms.deaf", FAULT_PATH, 0, "count late",
			     "Modem {modem} is registered but deaf: texts to it do not come, so "
			     "acks by text are lost on it.",
			     "{count} proofs to it in a row failed or came over {late} late",
			     "Tocsin registers it anew. If that does not help, move its antenna or "
			     "change the network mode." },
	[FAULT_VOICE_DEAD] = { "voice.dead", FAULT_PATH, 0, "count why",
			       "Calls from modem {modem} do not go through: no voice on this "
			       "network (VoLTE missing?) or barred.",
			       "{count} calls in a row, the last: {why}",
			       "Call with this SIM from a phone; see docs/hardware.md about voice "
			       "on LTE." },
	[FAULT_VOICE_DEAF] = { "voice.deaf", FAULT_PATH, 0, "count",
			       "Calls to modem {modem} do not reach it.",
			       "{count} calls of other modems in a row rang, and it saw none",
			       "Call its number from a phone; is call forwarding or barring set?" },
	[FAULT_VOICE_KEYS] = { "voice.keys", FAULT_PATH, 0, "count",
			       "No keys are heard in calls of modem {modem}: acks by key do not "
			       "work on it.",
			       "{count} answered calls in a row without a key",
			       "Run a drill by hand and press the keys; check that this model "
			       "detects tones (docs/hardware.md)." },
	[FAULT_PROOF_LATE] = { "proof.late", FAULT_PATH, 0, "what age",
			       "Nothing proves that modem {modem} still works.",
			       "last success of {what}: {age}",
			       "Run tocsin proof run, then see tocsin proof." },
	[FAULT_STORAGE_HALF] = { "storage.half", FAULT_PATH, 5, "used total",
				 "The message memory of modem {modem} is half full and does not "
				 "empty: replies may stop coming.",
				 "{used} of {total} places taken",
				 "Delete old messages on its SIM in a phone, or change the SIM." },
	[FAULT_STORAGE_STUCK] = { "storage.stuck", FAULT_PATH, 0, "memory index count",
				  "Modem {modem} does not delete a message that it says it "
				  "deleted.",
				  "place {index} of {memory} came back {count} times",
				  "Delete the message on its SIM in a phone, or change the SIM." },
	[FAULT_BUDGET_HALF] = { "budget.half", FAULT_PATH, 0, "texts calls",
				"Modem {modem} has spent half of today's budget.",
				"{texts} texts and {calls} calls today",
				"See tocsin list for what pages so much; raise budget if this is "
				"wanted." },
	[FAULT_BUDGET_SPENT] = { "budget.spent", FAULT_PATH, 0, "texts calls hard",
				 "Modem {modem} has spent today's budget: drills, information and "
				 "repeats wait until midnight UTC.",
				 "{texts} texts and {calls} calls today, the hard stop is at "
				 "{hard} "
				 "texts",
				 "See tocsin list for what pages so much; raise budget if this is "
				 "wanted." },

	[FAULT_NETWORK_SAME] = { "network.same", FAULT_REMARK, 10, "network modems",
				 "All modems are on one network: its outage ends all paging.",
				 "registered on {network}: {modems}",
				 "Give one modem a SIM of a carrier with a network of its own." },
	[FAULT_CARRIER_SAME] = { "carrier.same", FAULT_REMARK, 10, "person carrier",
				 "Whoever is paged has the carrier of every modem: its outage "
				 "ends paging for them.",
				 "{person} has no number outside {carrier}",
				 "Give them a second number, or one modem another carrier." },
	[FAULT_PATHS_NONE] = { "paths.none", FAULT_NO_PATH, 2, "count",
			       "No path is left: nobody can be paged.",
			       "none of {count} modems can send",
			       "See the fault of each modem; until then watch by other means." },

	[FAULT_CALENDAR_OLD] = { "calendar.old", FAULT_PATH, 1440, "rotation why age",
				 "A calendar of the rota cannot be read: its shifts are those of "
				 "the last time.",
				 "of {rotation}: {why}; last read: {age}",
				 "See that its address still leads there; until then check who is "
				 "on call with tocsin schedule." },
	[FAULT_STORE_FAILING] = { "store.failing", FAULT_STORE, 0, "",
				  "The store cannot commit: pages go out from memory, NOT durable, "
				  "and a restart forgets them.",
				  "a commit failed, and no later one succeeded",
				  "Is the disk full, read-only or broken? See the log for the "
				  "database's words." },
	[FAULT_STORE_DAMAGED] = { "store.damaged", FAULT_STORE, 0, "count",
				  "Rows of the store are damaged: pages in them page nobody.",
				  "{count} rows could not be read at the start",
				  "See the log for what they were; page again for what still "
				  "matters; replace the card." },
	[FAULT_CLOCK_UNTRUSTED] = { "clock.untrusted", FAULT_CLOCK, 0, "why",
				    "The clock cannot be trusted, so who is on call is doubtful: "
				    "the catch-all is paged too.",
				    "{why}",
				    "Set the clock; fit a battery for it or let it follow NTP." },
};

_Static_assert(COUNT_OF(kinds) == FAULTS, "a row for each fault");

const struct fault_kind *fault_kind(enum fault_id id)
{
	assert(id < FAULTS);
	return &kinds[id];
}

enum fault_id fault_find(struct span id)
{
	for (size_t i = 1; i < FAULTS; i++)
		if (span_is(id, kinds[i].id))
			return (enum fault_id)i;
	return FAULT_NONE;
}

const char *fault_grade_name(enum fault_grade grade)
{
	static const char *const names[] = {
		[FAULT_GRADE_NONE] = "none", [FAULT_REMARK] = "remark", [FAULT_PATH] = "path",
		[FAULT_NO_PATH] = "no path", [FAULT_STORE] = "store",   [FAULT_CLOCK] = "clock",
	};

	_Static_assert(COUNT_OF(names) == FAULT_GRADES, "a name for each grade");
	assert(grade < FAULT_GRADES);
	return names[grade];
}

void fault_fact(struct fault_facts *facts, const char *slot, const char *fmt, ...)
{
	va_list args;

	assert(facts->count < FAULT_FACTS_MAX);
	facts->at[facts->count].slot = slot;
	va_start(args, fmt);
	vsnprintf(facts->at[facts->count].value, sizeof facts->at[0].value, fmt, args);
	va_end(args);
	facts->count++;
}

static const char *value_of(const struct fault_facts *facts, struct span slot)
{
	for (size_t i = 0; i < facts->count; i++)
		if (span_is(slot, facts->at[i].slot))
			return facts->at[i].value;
	return "?";
}

static void fill(const char *words, const struct fault_facts *facts, struct buf *out)
{
	struct span rest = span_of(words);

	while (rest.len > 0) {
		const char *open = memchr(rest.at, '{', rest.len);
		size_t plain = open == NULL ? rest.len : (size_t)(open - rest.at);

		buf_add(out, (struct span){ rest.at, plain });
		rest = span_skip(rest, plain);
		if (rest.len > 0) {
			rest = span_skip(rest, 1);
			buf_add_text(out, value_of(facts, span_cut(&rest, '}')));
		}
	}
}

void fault_sentence(enum fault_id id, const char *modem, struct buf *out)
{
	struct fault_facts facts = { 0 };

	fault_fact(&facts, "modem", "%s", modem);
	fill(fault_kind(id)->sentence, &facts, out);
}

void fault_evidence(enum fault_id id, const struct fault_facts *facts, struct buf *out)
{
	fill(fault_kind(id)->evidence, facts, out);
}
