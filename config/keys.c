/* The whole schema, one entry a key, in the order in which a file is read: what others refer to comes first. */
#include <stddef.h>

#include "config/walk.h"

#define IN(type, field) .at = offsetof(type, field), .size = sizeof(((type *)NULL)->field)
#define EACH(type, field, counter)                                     \
	.at = offsetof(type, field), .count = offsetof(type, counter), \
	.size = sizeof(((type *)NULL)->field[0])
#define BETWEEN(least, most)     .min = (least), .max = (most)
#define NAME_WANT                "1 to 31 of a-z 0-9 - _, a letter or digit first"
#define NAMES_WANT               "a list of names: [ \"ada\", \"bob\" ]"
#define TARGETS_WANT             "a list of 1 to 8 people, groups, rotations or slots: [ \"ada\" ]"
#define SEVERITY_WANT            "a severity: \"sev-1\""
#define E164_WANT                "+, country code and number, 8 to 16 characters"
#define GROUPS_WANT(least, most) "a list of " least " to " most " groups: ( { ... }, { ... } )"
#define ZONE_WANT                "a zone of the time zone database: \"Europe/Berlin\""

/* Those of a rotation itself and of each of its layers.  The readers of turns, shift, hours and days fill in the whole layer,
 * whose first member is the zone. */
#define LAYER_KEYS(path, type, in)                                                             \
	{ path ".zone",                                                                        \
	  "zone",                                                                              \
	  ZONE_WANT,                                                                           \
	  "",                                                                                  \
	  "in whose civil time its handovers and hours are; without it, that around it",       \
	  .at = offsetof(type, in zone) },                                                     \
		{ path ".members",                                                             \
		  "list of names",                                                             \
		  NAMES_WANT,                                                                  \
		  "",                                                                          \
		  "its people, in turn",                                                       \
		  EACH(type, in members, in member_count),                                     \
		  BETWEEN(1, 1000),                                                            \
		  .heap = true,                                                                \
		  .note = CONFIG_OF_PERSON },                                                  \
		{ path ".turns",                                                               \
		  "list of turns",                                                             \
		  "a list of equally long lists of names: ( [ \"ada\", \"bob\" ], [ \"bob\", " \
		  "\"cy\" ] )",                                                                \
		  "",                                                                          \
		  "instead of members: who has the slots in each shift, shift by shift",       \
		  .at = offsetof(type, in zone),                                               \
		  BETWEEN(1, 1000),                                                            \
		  .note = CONFIG_OF_PERSON },                                                  \
		{ path ".starts",                                                              \
		  "time",                                                                      \
		  "a time: \"2026-01-05 10:00\"",                                              \
		  "",                                                                          \
		  "a handover, in its zone: from then the first member has the first slot",    \
		  IN(type, in starts_s) },                                                     \
		{ path ".shift",                                                               \
		  "shift",                                                                     \
		  "\"1 h\" to \"366 days\", or \"1 month\" to \"24 months\"",                  \
		  "\"7 days\"",                                                                \
		  "time from one handover to the next, by the clock on the wall",              \
		  .at = offsetof(type, in zone),                                               \
		  BETWEEN(3600, 31622400) },                                                   \
		{ path ".hours",                                                               \
		  "hours",                                                                     \
		  "\"08:00-17:00\"; \"22:00-06:00\" ends on the next day",                     \
		  "",                                                                          \
		  "the hours of the day in which it counts; without it, all",                  \
		  .at = offsetof(type, in zone) },                                             \
	{                                                                                      \
		path ".days", "list of days", "a list of days: [ \"mon\", \"tue\" ]", "",      \
			"the days on which its hours begin; without it, all",                  \
			.at = offsetof(type, in zone), BETWEEN(1, 7)                           \
	}

static const struct config_key keys[] = {
	{ "gateway", "text", "a text of 1 to 31 bytes", "\"Tocsin\"",
	  "how the gateway names itself in texts and calls", IN(struct draft, plan.gateway),
	  BETWEEN(1, 0) },
	{ "country", "text", "a calling code of 1 to 3 digits: \"1\", \"44\"", NULL,
	  "the calling code into which national numbers are folded", IN(struct draft, plan.country),
	  BETWEEN(1, 0), .note = CONFIG_VALUE },
	{ "socket", "text", "a path of 1 to 107 bytes", "\"/run/tocsin/tocsin.sock\"",
	  "where the command line meets the daemon", IN(struct draft, config.socket),
	  BETWEEN(1, 0) },
	{ "database", "text", "a path of 1 to 255 bytes", "\"/var/lib/tocsin/tocsin.db\"",
	  "where pages and their history are kept", IN(struct draft, config.database),
	  BETWEEN(1, 0) },
	{ "denied_prefixes", "list of prefixes", "a list of + and digits: [ \"+1900\" ]",
	  "[ \"+1900\", \"+1976\", \"+87\", \"+88\", \"+979\" ]",
	  "numbers that begin so are refused everywhere: premium rate and satellite",
	  EACH(struct draft, config.denied_prefixes, config.denied_prefix_count), BETWEEN(0, 100) },

	{ "severities", "list of groups", GROUPS_WANT("1", "16"),
	  "( { name = \"sev-1\"; call_at_once = true; }, { name = \"sev-2\"; },"
	  " { name = \"sev-3\"; } )",
	  "how bad a page can be, the worst first",
	  EACH(struct draft, plan.severities, plan.severity_count), BETWEEN(1, 16),
	  .note = CONFIG_ELEMENT },
	{ "severities.name", "severity", "1 to 31 letters, digits and -: \"sev-1\"", NULL,
	  "its name; \"2\", \"sev2\" and \"SEV-2\" all mean \"sev-2\"",
	  IN(struct plan_severity, name), .note = CONFIG_SEVERITY },
	{ "severities.policy", "name", "the name of a policy", "",
	  "its chain, when the rotation names none", IN(struct plan_severity, policy),
	  .note = CONFIG_OF_POLICY },
	{ "severities.pages", "boolean", "true or false", "true",
	  "false: such pages are recorded and nobody is paged", IN(struct plan_severity, pages) },
	{ "severities.call_at_once", "boolean", "true or false", "false",
	  "the first call does not wait for times.call_after",
	  IN(struct plan_severity, call_at_once) },
	{ "severities.lease", "duration", "\"1 min\" to \"7 days\"", "\"45 min\"",
	  "how long an ack holds without a sign of life", IN(struct plan_severity, lease_s),
	  BETWEEN(60, 604800) },
	{ "severities.engage", "duration", "\"1 min\" to \"7 days\"", "",
	  "how soon after the ack a sign of life is due; without it, the lease",
	  IN(struct plan_severity, engage_s), BETWEEN(60, 604800) },
	{ "severities.ack_within", "duration", "\"1 s\" to \"7 days\"", "",
	  "how soon an ack is promised; shown on the timeline",
	  IN(struct plan_severity, ack_within_s), BETWEEN(1, 604800) },
	{ "severities.remind", "duration", "\"1 min\" to \"7 days\"", "",
	  "how often the owner is asked for an update; without it, never",
	  IN(struct plan_severity, remind_s), BETWEEN(60, 604800) },

	{ "severities.join", "duration", "\"1 min\" to \"7 days\"", "",
	  "so long after the ack, unless an update says \"converging\", the next step is paged "
	  "beside "
	  "the owner; without it, never",
	  IN(struct plan_severity, join_after_s), BETWEEN(60, 604800) },
	{ "severities.offer", "duration", "\"1 min\" to \"7 days\"", "",
	  "so long without an update the owner is offered another responder; without it, never",
	  IN(struct plan_severity, offer_after_s), BETWEEN(60, 604800) },
	{ "severities.postmortem", "duration", "\"1 h\" to \"30 days\"", "",
	  "so long after its end the commander or owner is reminded that no post-mortem was filed; "
	  "without it, never",
	  IN(struct plan_severity, postmortem_s), BETWEEN(3600, 2592000) },
	{ "severities.ticket", "name", "the name of a webhook", "",
	  "each page of it is posted there as a ticket", IN(struct plan_severity, ticket),
	  .note = CONFIG_OF_HOOK },
	{ "severities.digest", "name", "the name of a webhook", "",
	  "those that page nobody are gathered and posted there in business hours",
	  IN(struct plan_severity, digest), .note = CONFIG_OF_HOOK },
	{ "severities.crowd", "integer", "2 to 1000", "",
	  "so many of it open at once bring another responder to the newest; without it, never",
	  IN(struct plan_severity, crowd), BETWEEN(2, 1000) },

	{ "people", "list of groups", GROUPS_WANT("1", "10000"), NULL,
	  "everybody who can be paged: ( { name = \"ada\"; numbers = ( ... ); } )",
	  EACH(struct draft, plan.people, plan.person_count), BETWEEN(1, 10000), .heap = true,
	  .note = CONFIG_ELEMENT },
	{ "people.name", "name", NAME_WANT, NULL, "their name in this file and on the command line",
	  IN(struct plan_person, name), .note = CONFIG_MEMBER },
	{ "people.title", "text", "a text of 1 to 47 bytes", "",
	  "their name as people say it; without it, the name", IN(struct plan_person, title),
	  BETWEEN(1, 0) },
	{ "people.email", "text", "a text of 1 to 79 bytes", "",
	  "their address in calendars: a shift with this attendee is theirs",
	  IN(struct plan_person, email), BETWEEN(1, 0) },
	{ "people.numbers", "list of groups", GROUPS_WANT("1", "6"), NULL,
	  "their phones in the order to try: ( { number = \"+15550100001\"; } )",
	  EACH(struct plan_person, numbers, number_count), BETWEEN(1, PLAN_NUMBERS_MAX) },
	{ "people.numbers.number", "number", E164_WANT, NULL, "the phone number, in E.164",
	  IN(struct plan_number, e164), BETWEEN(1, 0), .note = CONFIG_NUMBER },
	{ "people.numbers.kinds", "list of roles", "a list of \"sms\", \"voice\" or both",
	  "[ \"sms\", \"voice\" ]", "what this number takes",
	  .at = offsetof(struct plan_number, sms), .count = offsetof(struct plan_number, voice),
	  BETWEEN(1, 2) },
	{ "people.numbers.carrier", "text", "a text of 1 to 23 bytes", "",
	  "its network, if known: another one is tried by another path",
	  IN(struct plan_number, carrier), BETWEEN(1, 0) },
	{ "people.pin_hash", "text", "what `tocsin pin` prints", "",
	  "their PIN's hash: it acks when they call the gateway", IN(struct plan_person, pin_hash),
	  BETWEEN(1, 0), .note = CONFIG_VALUE },

	{ "groups", "list of groups", GROUPS_WANT("0", "1000"), "",
	  "names for several people at once", EACH(struct draft, plan.groups, plan.group_count),
	  BETWEEN(0, 1000), .heap = true },
	{ "groups.name", "name", NAME_WANT, NULL, "its name", IN(struct plan_group, name),
	  .note = CONFIG_MEMBER },
	{ "groups.members", "list of names", NAMES_WANT, NULL, "the people in it",
	  EACH(struct plan_group, members, member_count), BETWEEN(1, 1000), .heap = true,
	  .note = CONFIG_OF_PERSON },

	{ "zone", "zone", ZONE_WANT, "\"UTC\"", "the civil time of rotations that name no zone",
	  .at = offsetof(struct draft, plan.zone) },
	{ "rotations", "list of groups", GROUPS_WANT("1", "1000"), NULL,
	  "who is on call by turns: ( { name = \"platform\"; members = [ ... ]; starts = ... } )",
	  EACH(struct draft, plan.rotations, plan.rotation_count), BETWEEN(1, 1000), .heap = true,
	  .note = CONFIG_ELEMENT },
	{ "rotations.name", "name", NAME_WANT, NULL, "its name", IN(struct plan_rotation, name),
	  .note = CONFIG_MEMBER },
	{ "rotations.slots", "list of names", "a list of 1 to 4 names: [ \"primary\" ]",
	  "[ \"primary\", \"secondary\" ]",
	  "its duties: in each shift the first goes to the next member, the second to the one "
	  "after",
	  EACH(struct plan_rotation, slots, slot_count), BETWEEN(1, PLAN_SLOTS_MAX) },
	LAYER_KEYS("rotations", struct plan_rotation, base.),
	{ "rotations.layers", "list of groups", GROUPS_WANT("0", "12"), "",
	  "turns that stand above the rotation's own: the first whose hours it is counts",
	  EACH(struct plan_rotation, layers, layer_count), BETWEEN(0, 12), .heap = true,
	  .note = CONFIG_ELEMENT },
	LAYER_KEYS("rotations.layers", struct plan_layer, ),
	{ "rotations.shadows", "list of names", NAMES_WANT, "",
	  "who learn: informed of every page, in turn, without an ack; the slot \"shadow\"",
	  EACH(struct plan_rotation, shadows, shadow_count), BETWEEN(1, 1000), .heap = true,
	  .note = CONFIG_OF_PERSON },
	{ "rotations.calendar", "text", "a path, or a URL that begins with http:// or https://", "",
	  "an iCalendar file or feed whose shifts stand above the layers",
	  IN(struct plan_rotation, calendar), BETWEEN(1, 0) },
	{ "rotations.gaps", "boolean", "true or false", "false",
	  "true: times in which nobody has it are meant, and no error",
	  IN(struct plan_rotation, gaps) },
	{ "rotations.handover", "handover", "\"told\", \"ack\" or \"none\"", "\"told\"",
	  "at a change of shift both are told; with \"ack\" whoever leaves stays on call until "
	  "whoever comes has acked",
	  IN(struct plan_rotation, handover) },
	{ "rotations.overlap", "duration", "\"1 min\" to \"24 h\"", "",
	  "so long behind a change of shift both are on call; without it, only whoever comes",
	  IN(struct plan_rotation, overlap_s), BETWEEN(60, 86400) },
	{ "rotations.policy", "name", "the name of a policy", "",
	  "its chain; without it the severity's, else default_policy",
	  IN(struct plan_rotation, policy), .note = CONFIG_OF_POLICY },

	{ "services", "list of groups", GROUPS_WANT("0", "1000"), "",
	  "whose a service is: ( { name = \"checkout\"; owner = \"platform\"; } )",
	  EACH(struct draft, plan.services, plan.service_count), BETWEEN(0, 1000), .heap = true },
	{ "services.name", "text", "a text of 1 to 47 bytes", NULL, "its name, in any case",
	  IN(struct plan_service, name), BETWEEN(1, 0), .note = CONFIG_SERVICE },
	{ "services.owner", "name", "a person, group, rotation or slot", NULL,
	  "who is paged for it when a page names nobody", IN(struct plan_service, owner),
	  .note = CONFIG_OF_TARGET },

	{ "policies", "list of groups", GROUPS_WANT("1", "100"),
	  "( { name = \"standard\"; steps = ( { to = [ \"target\" ]; },"
	  " { to = [ \"target.secondary\" ]; } ); } )",
	  "whom a page reaches, and when", EACH(struct draft, plan.policies, plan.policy_count),
	  BETWEEN(1, 100), .heap = true },
	{ "policies.name", "name", NAME_WANT, NULL, "its name", IN(struct plan_policy, name),
	  .note = CONFIG_POLICY },
	{ "policies.steps", "list of groups", GROUPS_WANT("1", "10"), NULL,
	  "the chain: ( { to = [ \"target\" ]; wait = \"5 min\"; } )",
	  EACH(struct plan_policy, steps, step_count), BETWEEN(1, PLAN_STEPS_MAX) },
	{ "policies.steps.to", "list of targets", TARGETS_WANT, NULL, "who is reached in this step",
	  EACH(struct plan_step, targets.at, targets.count), BETWEEN(1, PLAN_TARGETS_MAX),
	  .note = CONFIG_OF_TARGET },
	{ "policies.steps.wait", "duration", "\"1 s\" to \"24 h\"", "\"5 min\"",
	  "how long an ack is awaited before the next step", IN(struct plan_step, wait_s),
	  BETWEEN(1, 86400), .note = CONFIG_VALUE },
	{ "policies.beside", "list of groups", GROUPS_WANT("0", "4"), "",
	  "who is told at once beside the chain, with an ack of their own",
	  EACH(struct plan_policy, besides, beside_count), BETWEEN(0, PLAN_BESIDES_MAX),
	  .note = CONFIG_ELEMENT },
	{ "policies.beside.to", "list of targets", TARGETS_WANT, NULL, "who is told",
	  EACH(struct plan_beside, targets.at, targets.count), BETWEEN(1, PLAN_TARGETS_MAX),
	  .note = CONFIG_OF_TARGET },
	{ "policies.beside.severities", "list of severities", "a list of severities: [ \"sev-1\" ]",
	  "", "for which severities", IN(struct plan_beside, severities),
	  BETWEEN(0, PLAN_SEVERITIES_MAX), .note = CONFIG_OF_SEVERITY },
	{ "policies.beside.money", "boolean", "true or false", "false",
	  "also for every page that touches customer money", IN(struct plan_beside, money) },
	{ "policies.inform", "group", "a group: { ... }", "",
	  "who gets a text for information: no code, no ack" },
	{ "policies.inform.to", "list of targets", TARGETS_WANT, "", "who is informed",
	  EACH(struct plan_policy, inform.at, inform.count), BETWEEN(1, PLAN_TARGETS_MAX),
	  .note = CONFIG_OF_TARGET },
	{ "policies.inform.severities", "list of severities", "a list of severities: [ \"sev-1\" ]",
	  "", "for which severities", IN(struct plan_policy, inform_severities),
	  BETWEEN(0, PLAN_SEVERITIES_MAX), .note = CONFIG_OF_SEVERITY },
	{ "policies.broken", "list of targets", TARGETS_WANT, "",
	  "to whom a new incident opens when the chain ends without an ack",
	  EACH(struct plan_policy, broken.at, broken.count), BETWEEN(1, PLAN_TARGETS_MAX),
	  .note = CONFIG_OF_TARGET },

	{ "default_rotation", "name", "the name of a rotation", NULL,
	  "the rotation that a page without a target goes to",
	  IN(struct draft, plan.default_rotation), .note = CONFIG_OF_ROTATION },
	{ "default_severity", "severity", SEVERITY_WANT, "\"sev-2\"", "of a page that names none",
	  IN(struct draft, default_severity), .note = CONFIG_OF_SEVERITY },
	{ "default_policy", "name", "the name of a policy", "",
	  "the chain when neither rotation nor severity names one; without it, the first policy",
	  IN(struct draft, plan.default_policy), .note = CONFIG_OF_POLICY },
	{ "operators", "list of targets", TARGETS_WANT, NULL,
	  "who runs this gateway: texted in waking hours when one modem fails, paged when none is "
	  "left, the store fails or the clock cannot be trusted",
	  EACH(struct draft, plan.operators.at, plan.operators.count), BETWEEN(1, PLAN_TARGETS_MAX),
	  .note = CONFIG_OF_TARGET },
	{ "waking_hours", "waking hours", "\"08:00-20:00\"", "\"08:00-20:00\"",
	  "when the operators are texted about what can wait, such as one modem of two, in the "
	  "civil time of zone; from a time to the same time: always",
	  IN(struct draft, plan.alarm.waking_from_s) },
	{ "last_resort_command", "text", "a text of 1 to 255 bytes", "",
	  "a shell command for a siren or relay: it runs when no path is left, the store fails or "
	  "the clock cannot be trusted",
	  IN(struct draft, plan.alarm.last_resort), BETWEEN(1, 0) },
	{ "catch_all", "list of targets", TARGETS_WANT, "",
	  "who is paged when a chain has ended; without it, the operators",
	  EACH(struct draft, plan.catch_all.at, plan.catch_all.count), BETWEEN(1, PLAN_TARGETS_MAX),
	  .note = CONFIG_OF_TARGET },
	{ "require_code", "boolean", "true or false", "false",
	  "true: an ack by text must name the page's code", IN(struct draft, plan.require_code) },
	{ "require_runbook", "boolean", "true or false", "false",
	  "true: a page without a runbook is refused", IN(struct draft, plan.require_runbook) },
	{ "reactions", "boolean", "true or false", "false",
	  "true: a thumbs-up that quotes our page and its code acks",
	  IN(struct draft, plan.reactions) },
	{ "calls_per_hour", "integer", "3 to 60", "12",
	  "to one person who gives no sign of life; more look like a robot and wake nobody",
	  IN(struct draft, plan.calls_per_hour), BETWEEN(3, 60) },
	{ "callback_ack", "boolean", "true or false", "false",
	  "true: ringing the gateway back acks the one message that waits, within times.callback",
	  IN(struct draft, plan.callback_ack), .note = CONFIG_VALUE },
	{ "dtmf_ack", "word", "\"challenge\" or \"single\"", "\"challenge\"",
	  "how a call is acked: two spoken digits, or one", IN(struct draft, plan.dtmf_ack),
	  .note = CONFIG_VALUE },

	{ "modems", "list of groups", GROUPS_WANT("1", "16"), NULL,
	  "the modems, at least one: ( { name = \"alpha\"; imei = \"867723030012345\"; } )",
	  EACH(struct draft, config.modems, config.modem_count), BETWEEN(1, CONFIG_MODEMS_MAX),
	  .note = CONFIG_ELEMENT },
	{ "modems.name", "name", "1 to 23 of a-z 0-9 - _, a letter or digit first", NULL,
	  "its name in messages", IN(struct config_modem, name), .note = CONFIG_MODEM },
	{ "modems.imei", "text", "14 to 16 digits", "",
	  "its IMEI: it is looked for on every USB port, and no other modem is ever used for it",
	  IN(struct config_modem, imei), BETWEEN(14, 0), .note = CONFIG_IDENTITY },
	{ "modems.iccid", "text", "18 to 20 digits", "",
	  "its SIM card's number (ICCID): with another card it sends nothing",
	  IN(struct config_modem, iccid), BETWEEN(18, 0), .note = CONFIG_IDENTITY },
	{ "modems.usb", "text", "a USB path of 1 to 31 bytes: \"1-1.2\"", "",
	  "the USB socket it is in, as below /sys/bus/usb/devices", IN(struct config_modem, usb),
	  BETWEEN(1, 0), .note = CONFIG_PORT },
	{ "modems.port", "text", "a path of 1 to 255 bytes, * and ? for any", "",
	  "its AT port; without it, the right one of its USB ports is found",
	  IN(struct config_modem, port), BETWEEN(1, 0), .note = CONFIG_PORT },
	{ "modems.number", "number", E164_WANT, "",
	  "its SIM's own number, for drills between modems", IN(struct config_modem, number),
	  BETWEEN(1, 0), .note = CONFIG_NUMBER },
	{ "modems.pin", "text", "4 to 8 digits, or \"\"", "",
	  "its SIM's PIN; without it, none is entered", IN(struct config_modem, pin),
	  .note = CONFIG_VALUE },
	{ "modems.carrier", "text", "a text of 1 to 23 bytes", "",
	  "its SIM's network, in the words of people.numbers.carrier: what they share fails "
	  "together, and check warns of people who have no other",
	  IN(struct config_modem, carrier), BETWEEN(1, 0) },
	{ "modems.expires", "date", "a date: \"2027-03-01\"", "",
	  "the day its SIM's contract or credit ends: the operators are reminded from 60 days "
	  "before",
	  IN(struct config_modem, expires_utc_s) },
	{ "modems.audio", "text", "a path, or alsa: and a sound card, of 1 to 255 bytes", "",
	  "where the sound of its calls is: the port that carries PCM, or \"alsa:hw:Android\"; "
	  "without it the modem's own speech is used if it has one",
	  IN(struct config_modem, audio), BETWEEN(1, 0), .note = CONFIG_PORT },
	{ "modems.balance", "group", "a group: { ... }", "",
	  "asks its carrier by a USSD code what its SIM still holds", .at = 0 },
	{ "modems.balance.ussd", "text", "a question such as \"*100#\"", "",
	  "the code; without it, nothing is asked", IN(struct config_modem, balance_ussd),
	  BETWEEN(1, 0), .note = CONFIG_VALUE },
	{ "modems.balance.below", "integer", "1 to 1000000", "",
	  "the operators are told when less than this is left, in whole units of its currency",
	  IN(struct config_modem, balance_below), BETWEEN(1, 1000000) },
	{ "modems.balance.every", "duration", "\"1 h\" to \"366 days\"", "\"1 day\"",
	  "how often it is asked for, while nobody is paged",
	  IN(struct config_modem, balance_every_s), BETWEEN(3600, 31622400) },
	{ "modems.roles", "list of roles", "a list of \"sms\", \"voice\" or both",
	  "[ \"sms\", \"voice\" ]", "what it is used for", .at = offsetof(struct config_modem, sms),
	  .count = offsetof(struct config_modem, voice), BETWEEN(1, 2) },

	{ "repairs", "list of repairs", "a list of \"radio\", \"restart\", \"usb\" and \"detach\"",
	  "[ \"radio\", \"restart\", \"usb\", \"detach\" ]",
	  "what may be done to a modem that does not answer, beside opening its port again",
	  IN(struct draft, config.repairs), BETWEEN(0, 4) },
	{ "power_hook", "text", "an absolute path of 2 to 255 bytes", "",
	  "a program that cuts a modem's power and gives it back; its argument is the modem's name",
	  IN(struct draft, config.power_hook), BETWEEN(2, 0), .note = CONFIG_VALUE },
	{ "webhooks", "list of groups", GROUPS_WANT("0", "32"), "",
	  "where news goes while there is a network; pages never wait for it",
	  EACH(struct draft, plan.hooks, plan.hook_count), BETWEEN(0, 32), .heap = true },
	{ "webhooks.name", "name", NAME_WANT, NULL, "its name", IN(struct plan_hook, name),
	  .note = CONFIG_HOOK },
	{ "webhooks.url", "url", "http:// or https:// and more, up to 255 bytes", NULL,
	  "where it is posted to, as JSON", IN(struct plan_hook, url), BETWEEN(1, 0) },
	{ "webhooks.secret", "text", "a text of 1 to 127 bytes", "",
	  "signs what is posted: X-Tocsin-Signature is sha256= and the HMAC-SHA-256 of the body",
	  IN(struct plan_hook, secret), BETWEEN(1, 0) },
	{ "webhooks.on", "list of news",
	  "a list of opened, acked, updated, escalated, reopened, deferred, resolved, handover, "
	  "postmortem",
	  "", "the news of every page that go there", IN(struct plan_hook, on), BETWEEN(1, 9) },

	{ "business", "group", "a group: { ... }", "",
	  "when business is done: deferred pages wake and digests go out",
	  .at = offsetof(struct draft, plan.business) },
	{ "business.zone", "zone", ZONE_WANT, "", "its time zone; without it, that of the file",
	  .at = offsetof(struct plan_layer, zone) },
	{ "business.hours", "hours", "\"08:00-17:00\"", "\"09:00-17:00\"", "the hours of the day",
	  .at = offsetof(struct plan_layer, zone) },
	{ "business.days", "list of days", "a list of days: [ \"mon\", \"tue\" ]",
	  "[ \"mon\", \"tue\", \"wed\", \"thu\", \"fri\" ]", "the days of the week",
	  .at = offsetof(struct plan_layer, zone), BETWEEN(1, 7) },
	{ "speech_voice", "name", "\"kal\" or \"slt\"", "\"kal\"",
	  "the built-in voice: kal is the clearest by telephone, slt is a woman's",
	  IN(struct draft, config.speech_voice), .note = CONFIG_VALUE },
	{ "speech_command", "text", "a shell command of 1 to 255 bytes", "",
	  "a voice of your own: text on its standard input, sound on its standard output (WAV, "
	  "or raw 8 kHz 16 bit); when it fails the built-in voice speaks",
	  IN(struct draft, config.speech_command), BETWEEN(1, 0) },
	{ "speech_limit", "duration", "\"1 s\" to \"20 s\"", "\"5 s\"",
	  "how long speech_command may take", IN(struct draft, config.speech_limit_s),
	  BETWEEN(1, 20) },

	{ "budget", "group", "a group: { ... }", "",
	  "what a SIM may spend in a day; the hard stop is five times this",
	  .at = offsetof(struct draft, config) },
	{ "budget.sms", "integer", "1 to 100000", "150", "texts", IN(struct config, budget_sms),
	  BETWEEN(1, 100000) },
	{ "budget.calls", "integer", "1 to 100000", "60", "calls", IN(struct config, budget_calls),
	  BETWEEN(1, 100000) },
	{ "budget.call_minutes", "integer", "1 to 100000", "90", "minutes in calls",
	  IN(struct config, budget_call_minutes), BETWEEN(1, 100000) },

	{ "times", "group", "a group: { ... }", "", "how long things take; seldom changed",
	  .at = offsetof(struct draft, plan.times) },
	{ "times.call_after", "duration", "\"0 s\" to \"10 min\"", "\"15 s\"",
	  "from a person's text to their first call", IN(struct plan_times, call_after_s),
	  BETWEEN(0, 600) },
	{ "times.ring", "duration", "\"5 s\" to \"2 min\"", "\"35 s\"", "a phone rings at most",
	  IN(struct plan_times, ring_s), BETWEEN(5, 120) },
	{ "times.talk", "duration", "\"10 s\" to \"10 min\"", "\"50 s\"",
	  "an answered call lasts at most", IN(struct plan_times, talk_s), BETWEEN(10, 600) },
	{ "times.second_after", "duration", "\"1 s\" to \"10 min\"", "\"60 s\"",
	  "from the first call's beginning to the second's", IN(struct plan_times, second_after_s),
	  BETWEEN(1, 600) },
	{ "times.second_gap", "duration", "\"1 s\" to \"10 min\"", "\"10 s\"",
	  "at least from the first call's end to the second", IN(struct plan_times, second_gap_s),
	  BETWEEN(1, 600) },
	{ "times.second_within", "duration", "\"1 s\" to \"15 min\"", "\"150 s\"",
	  "the second call begins this soon after the first: phones let it through Do Not Disturb",
	  IN(struct plan_times, second_within_s), BETWEEN(1, 900), .note = CONFIG_VALUE },
	{ "times.third_after", "duration", "\"1 s\" to \"1 h\"", "\"60 s\"",
	  "from the second call's end to the third", IN(struct plan_times, third_after_s),
	  BETWEEN(1, 3600) },
	{ "times.jitter", "duration", "\"0 s\" to \"30 s\"", "\"4 s\"",
	  "second and third calls come up to this much later, each by another time: robots are "
	  "punctual",
	  IN(struct plan_times, jitter_s), BETWEEN(0, 30) },
	{ "times.bundle", "duration", "\"0 s\" to \"10 min\"", "\"45 s\"",
	  "later pages to one person are gathered this long; 0 s: never",
	  IN(struct plan_times, bundle_s), BETWEEN(0, 600) },
	{ "times.no_path", "duration", "\"1 s\" to \"10 min\"", "\"60 s\"",
	  "a step that no network took gives way after", IN(struct plan_times, no_path_s),
	  BETWEEN(1, 600) },
	{ "times.repeat", "list of durations", "1 to 3 of \"1 s\" to \"24 h\": [ \"10 min\" ]",
	  "[ \"10 min\", \"20 min\", \"30 min\" ]",
	  "pauses before the whole chain runs again; the last one for ever",
	  IN(struct plan_times, repeat_s), BETWEEN(1, 3) },
	{ "times.lease_warning", "duration", "\"0 s\" to \"1 h\"", "\"5 min\"",
	  "the owner is warned this long before the lease ends",
	  IN(struct plan_times, lease_warning_s), BETWEEN(0, 3600) },
	{ "times.key", "duration", "\"2 s\" to \"60 s\"", "\"8 s\"",
	  "both digits of the challenge come within", IN(struct plan_times, key_s),
	  BETWEEN(2, 60) },
	{ "times.callback", "duration", "\"1 min\" to \"1 h\"", "\"10 min\"",
	  "ringing back acks this soon after the text or call; see callback_ack",
	  IN(struct plan_times, callback_s), BETWEEN(60, 3600) },
	{ "times.sms_validity", "duration in minutes", "\"5 min\" to \"24 h\"", "\"15 min\"",
	  "how long a network keeps trying to deliver a text",
	  IN(struct plan_times, sms_validity_min), BETWEEN(300, 86400) },
};

const struct config_key *config_keys(size_t *count)
{
	*count = sizeof(keys) / sizeof(keys[0]);
	return keys;
}
